"""The desk: what a person is asked to do today. A fixed number of queries for each role."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from tracker import policies
from tracker.choices import DEPARTMENT_ROLES, OPEN_REPORT_STATES, REPORTABLE_STAGES, ReportState, Role, Stage
from tracker.models import Commitment, Plan, ProgressReport
from tracker.policies import Actor
from tracker.rules import periods
from tracker.rules.periods import Cycle, Period

SHOWN = 12  # cards of one section; the rest is counted and linked


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportCard:
    """A report on the desk: returned, a draft, or waiting for review."""

    report_id: int
    code: str
    title: str
    health: str
    owner: str
    period_start: date
    period_end: date
    reason: str
    reviewer: str
    at: datetime | None
    waited_days: int
    is_demo: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedCard:
    """A commitment whose report of an open period is owed. `draft_id` None: nothing is written yet."""

    commitment_id: int
    code: str
    title: str
    health: str
    progress: Decimal | None
    due_on: date | None
    last_period_end: date | None
    period: Period
    draft_id: int | None
    is_new: bool
    is_demo: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterCard:
    """A commitment that waits for a step."""

    commitment_id: int
    code: str
    title: str
    health: str
    owner: str
    owner_is_suggested: bool
    issued_on: date | None
    is_demo: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentDesk:
    """A department's day. Sections hold at most `SHOWN` cards beside their full count."""

    returned: Sequence[ReportCard] = ()
    to_accept: Sequence[MatterCard] = ()
    to_accept_count: int = 0
    to_report: Sequence[OwedCard] = ()
    to_report_count: int = 0
    waiting: Sequence[ReportCard] = ()
    waiting_count: int = 0
    closes_on: date | None = None

    @property
    def task_count(self) -> int:
        return len(self.returned) + self.to_accept_count + self.to_report_count


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeDesk:
    """The supervision office's day."""

    queue: Sequence[ReportCard] = ()
    queue_count: int = 0
    oldest_days: int = 0
    to_issue: Sequence[MatterCard] = ()
    stages: Mapping[str, int] = field(default_factory=dict)
    without_lead_count: int = 0
    suggested_count: int = 0


def of_department(viewer: Actor, *, today: date) -> DepartmentDesk:
    """What the viewer's department is asked for. Empty for a person without one. Five queries."""
    if viewer.role not in DEPARTMENT_ROLES or viewer.department_id is None:
        return DepartmentDesk()
    led = policies.visible_to(viewer).filter(lead=viewer.department_id)
    reports = policies.reports_visible_to(viewer).filter(commitment__lead=viewer.department_id)
    returned = reports.filter(state=ReportState.RETURNED).order_by("-reviewed_at", "pk")
    waiting = reports.filter(state=ReportState.SUBMITTED).order_by("submitted_at", "pk")
    waiting_rows = list(waiting.select_related("commitment__lead", "reviewer"))
    owed = _owed(led, today=today)
    asked = {card.commitment_id for card in owed} | {row.commitment_id for row in waiting_rows}
    issued = led.filter(stage=Stage.ISSUED).select_related("lead").order_by("issued_on", "code")
    # Handed out, and no report to take it on with.
    to_accept = [row for row in issued if row.pk not in asked]
    return DepartmentDesk(
        returned=[_card(row, today=today) for row in returned.select_related("commitment__lead", "reviewer")],
        to_accept=[_matter(row) for row in to_accept[:SHOWN]],
        to_accept_count=len(to_accept),
        to_report=owed[:SHOWN],
        to_report_count=len(owed),
        waiting=[_card(row, today=today) for row in waiting_rows[:SHOWN]],
        waiting_count=len(waiting_rows),
        closes_on=min((card.period.closes_on for card in owed), default=None),
    )


def _owed(led: QuerySet[Commitment], *, today: date) -> list[OwedCard]:
    """The department's commitments without a report for a period that is open today; the soonest closing first."""
    open_periods = _open_periods(today)
    reported = ProgressReport.objects.filter(commitment=OuterRef("pk"))
    busy = Exists(reported.filter(state__in=[ReportState.SUBMITTED, ReportState.RETURNED]))
    rows = (
        led.filter(~busy, stage__in=REPORTABLE_STAGES, plan__in=list(open_periods))
        .annotate(draft_id=Min("reports__pk", filter=Q(reports__state=ReportState.DRAFT)))
        .order_by("code")
    )
    cards = []
    for row in rows:
        period = _period_owed(row, open_periods[row.plan_id])
        if period is not None:
            cards.append(_owed_card(row, period))
    return sorted(cards, key=lambda card: (card.period.closes_on, card.draft_id is None, card.code))


def _open_periods(today: date) -> dict[int, tuple[date | None, tuple[Period, ...]]]:
    """For each plan that asks for reports: since when, and the periods open today, oldest first."""
    found = {}
    for plan in Plan.objects.exclude(report_cycle=Cycle.NONE):
        opened = periods.open_periods(today, cycle=Cycle(plan.report_cycle), grace_days=plan.report_grace_days)
        found[plan.pk] = (plan.tracked_since, tuple(reversed(opened)))
    return found


def _period_owed(row: Commitment, known: tuple[date | None, tuple[Period, ...]]) -> Period | None:
    tracked_since, opened = known
    owed_from = max(filter(None, (tracked_since, row.issued_on)), default=None)
    for period in opened:
        if row.last_period_end is not None and period.end <= row.last_period_end:
            continue
        if owed_from is None or period.end >= owed_from:
            return period
    return None


def of_office(viewer: Actor, *, today: date) -> OfficeDesk:
    """The supervision office's queue, oldest first, and what waits to be handed out. Four queries."""
    if viewer.role != Role.SUPERVISOR:
        return OfficeDesk()
    submitted = policies.reports_visible_to(viewer).filter(state=ReportState.SUBMITTED)
    totals = submitted.aggregate(count=Count("pk"), oldest=Min("submitted_at"))
    queue = submitted.select_related("commitment__lead", "reviewer").order_by(
        F("submitted_at").asc(nulls_first=True), "pk"
    )
    matters = policies.visible_to(viewer)
    counts = matters.order_by().values("stage").annotate(count=Count("pk"))
    stages = {row["stage"]: row["count"] for row in counts}
    registered = matters.filter(stage=Stage.REGISTERED)
    owners = registered.aggregate(
        nobody=Count("pk", filter=Q(lead__isnull=True)), suggested=Count("pk", filter=Q(lead_is_suggested=True))
    )
    to_issue = registered.filter(lead__isnull=False).select_related("lead").order_by("lead_is_suggested", "code")
    return OfficeDesk(
        queue=[_card(row, today=today) for row in queue[:SHOWN]],
        queue_count=totals["count"],
        oldest_days=_days_since(totals["oldest"], today=today),
        to_issue=[_matter(row) for row in to_issue[:5]],
        stages=stages,
        without_lead_count=owners["nobody"],
        suggested_count=owners["suggested"],
    )


def reportable_by(viewer: Actor) -> QuerySet[Commitment]:
    """The commitments the viewer's department reports on now. None for the city's roles: they report nothing."""
    if viewer.role not in DEPARTMENT_ROLES or viewer.department_id is None:
        return Commitment.objects.none()
    return policies.visible_to(viewer).filter(lead=viewer.department_id, stage__in=REPORTABLE_STAGES)


def open_report(commitment: Commitment) -> ProgressReport | None:
    """The draft, returned or waiting report of a commitment; there is at most one."""
    states = [*OPEN_REPORT_STATES, ReportState.SUBMITTED]
    return ProgressReport.objects.filter(commitment=commitment, state__in=states).first()


def previous_report(commitment: Commitment, *, before: ProgressReport | None = None) -> ProgressReport | None:
    """The newest report that was handed in before this one: its text helps to write the next."""
    told = ProgressReport.objects.filter(commitment=commitment, state__in=[ReportState.ACCEPTED, ReportState.SUBMITTED])
    if before is not None and before.pk:
        told = told.exclude(pk=before.pk).filter(period_start__lte=before.period_start)
    return told.order_by("-period_end", "-pk").first()


def _days_since(moment: datetime | None, *, today: date) -> int:
    return (today - timezone.localdate(moment)).days if moment else 0


def _card(row: ProgressReport, *, today: date) -> ReportCard:
    item = row.commitment
    at = row.reviewed_at if row.state == ReportState.RETURNED else row.submitted_at
    return ReportCard(
        report_id=row.pk,
        code=item.code,
        title=item.title,
        health=item.health,
        owner=item.lead.short_name if item.lead else "",
        period_start=row.period_start,
        period_end=row.period_end,
        reason=row.return_reason,
        reviewer=str(row.reviewer) if row.reviewer else "",
        at=at,
        waited_days=_days_since(at, today=today),
        is_demo=row.is_demo,
    )


def _owed_card(row: Commitment, period: Period) -> OwedCard:
    return OwedCard(
        commitment_id=row.pk,
        code=row.code,
        title=row.title,
        health=row.health,
        progress=row.progress,
        due_on=row.due_on,
        last_period_end=row.last_period_end,
        period=period,
        draft_id=getattr(row, "draft_id", None),
        is_new=row.stage == Stage.ISSUED,
        is_demo=row.is_demo,
    )


def _matter(row: Commitment) -> MatterCard:
    return MatterCard(
        commitment_id=row.pk,
        code=row.code,
        title=row.title,
        health=row.health,
        owner=row.lead.short_name if row.lead else "",
        owner_is_suggested=row.lead_is_suggested,
        issued_on=row.issued_on,
        is_demo=row.is_demo,
    )
