"""What is owed in reports: by a department, to its lead, to the office. One card per initiative (PRODUCT.md §4.8)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet

from tracker import policies
from tracker.choices import DEPARTMENT_ROLES, OPEN_REPORT_STATES, REPORTABLE_STAGES, ReportState, Stage
from tracker.models import Commitment, CommitmentDepartment, Contribution, Plan, ProgressReport
from tracker.policies import Actor
from tracker.rules import periods
from tracker.rules.periods import Cycle, Period, ReportingFacts

# A report in these states was handed in: it stands for its period.
STANDING = frozenset({ReportState.SUBMITTED, ReportState.RETURNED, ReportState.ACCEPTED})
Spoken = set[tuple[int | None, int | None, date]]  # initiative, lead, last day of the period


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedCard:
    """A report that is owed: of one commitment, or of an initiative on which `served_count` of the lead's stand.

    Args:
        draft_id: the draft that lies there; None: nothing is written yet.
        is_late: the period has closed, the report is still taken, marked late.
        is_new: not taken on yet; the report does so.
        served_count: commitments that this one report serves, itself included; 1: itself alone.
        contributors_count: departments that feed this report; 0: none. `contributed_count` of them have.
        contributions_due_on: their day; None where there are none.
    """

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
    is_late: bool = False
    served_count: int = 1
    initiative: str = ""
    contributors_count: int = 0
    contributed_count: int = 0
    contributions_due_on: date | None = None

    @property
    def can_be_unchanged(self) -> bool:
        """Whether "nothing changed" is one tap: nothing is written yet, and an earlier period was reported."""
        return self.draft_id is None and self.last_period_end is not None and self.last_period_end < self.period.start


@dataclass(frozen=True, slots=True, kw_only=True)
class ContributionCard:
    """A contribution that a responsible or supporting department owes the lead for a period."""

    commitment_id: int
    code: str
    title: str
    health: str
    owner: str
    period: Period
    due_on: date
    is_late: bool
    is_demo: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NotReported:
    """What one department has not reported: commitments whose open period lacks a report, and whose last closed one."""

    department_id: int
    name: str
    open_count: int
    missed_count: int


def facts_of(item: Commitment, plan: Plan) -> ReportingFacts:
    """What is owed in reports of one commitment. Reports are owed from its hand-out, once the plan is tracked."""
    owed_from = max(plan.tracked_since, item.issued_on) if plan.tracked_since and item.issued_on else None
    return ReportingFacts(
        cycle=Cycle(plan.report_cycle),
        grace_days=plan.report_grace_days,
        opens_days=plan.report_opens_days,
        late_periods=plan.late_periods,
        tracked_since=owed_from,
        last_period_end=item.last_period_end,
    )


def period_asked(item: Commitment, plan: Plan, *, today: date) -> Period | None:
    """The period to report next of this commitment: the oldest open or late one without a report. No query."""
    since = max(filter(None, (plan.tracked_since, item.issued_on)), default=None)
    return periods.asked_for(facts_of(item, plan), today=today, since=since)


def owed(viewer: Actor, *, today: date) -> list[OwedCard]:
    """The reports the viewer's department owes today: late ones first, then the soonest closing. Four queries.

    A commitment whose report waits for review or came back is not among them, and an initiative is there once.
    """
    led = reportable_by(viewer)
    plans = _plans()
    rows = list(_with_report_facts(led.filter(plan__in=list(plans))))
    spoken = _spoken_for(rows)
    groups: dict[tuple[int, date, date], list[tuple[Commitment, Period]]] = defaultdict(list)
    for row in rows:
        period = period_asked(row, plans[row.plan_id], today=today)
        if period is None or row.is_busy or _is_spoken_for(row, period, spoken):  # type: ignore[attr-defined]  # annotated
            continue
        key = (row.initiative_id or -row.pk, period.start, period.end)
        groups[key].append((row, period))
    standing = Counter(row.initiative_id for row in rows if row.initiative_id)
    given = _given({row.pk for row in rows})
    cards = [_owed_card(group, standing, given, plans, today=today) for group in groups.values()]
    return sorted(cards, key=lambda card: (card.period.closes_on, card.draft_id is None, card.code))


def contributions_owed(viewer: Actor, *, today: date) -> list[ContributionCard]:
    """What the viewer's department owes to the leads it works with, the soonest due first. Four queries.

    Asked of departments that are confirmed as responsible or supporting, until the lead hands its report in.
    """
    if viewer.role not in DEPARTMENT_ROLES or viewer.department_id is None:
        return []
    joined = CommitmentDepartment.objects.filter(department=viewer.department_id, is_suggested=False)
    plans = _plans()
    rows = list(
        policies.visible_to(viewer)
        .filter(pk__in=joined.values("commitment"), stage__in=REPORTABLE_STAGES, plan__in=list(plans))
        .exclude(lead=None)
        .select_related("lead")
        .order_by("code")
    )
    spoken = _spoken_for(rows)
    mine = Contribution.objects.filter(department=viewer.department_id, commitment__in=[row.pk for row in rows])
    given = set(mine.values_list("commitment", "period_start"))
    cards = []
    for row in rows:
        plan = plans[row.plan_id]
        period = period_asked(row, plan, today=today)
        if period is None or (row.pk, period.start) in given or _is_spoken_for(row, period, spoken):
            continue
        cards.append(_contribution_card(row, period, plan, today=today))
    return sorted(cards, key=lambda card: (card.due_on, card.code))


def not_reported(viewer: Actor, *, today: date) -> list[NotReported]:
    """The departments that have not reported, the most missed first; for the city's roles. Two queries.

    A commitment counts once as missed when its last closed period has no report, once as open when the oldest open
    one has none.
    """
    if not policies.is_citywide(viewer):
        return []
    missing, waiting = Q(pk__in=[]), Q(pk__in=[])
    for plan in _plans().values():
        opened = periods.open_periods(
            today, cycle=Cycle(plan.report_cycle), grace_days=plan.report_grace_days, opens_days=plan.report_opens_days
        )
        if opened:
            waiting |= _without_report(plan, opened[-1])
        closed = _last_closed(plan, today=today)
        if plan.tracked_since and closed and closed.end >= plan.tracked_since:
            missing |= _without_report(plan, closed)
    counts = (
        policies.visible_to(viewer)
        .filter(stage__in=REPORTABLE_STAGES, lead__isnull=False)
        .order_by()
        .values("lead", name=F("lead__short_name"), order=F("lead__order"))
        .annotate(missed_count=Count("pk", filter=missing), open_count=Count("pk", filter=waiting))
        .filter(Q(missed_count__gt=0) | Q(open_count__gt=0))
        .order_by("-missed_count", "-open_count", "order")
    )
    return [
        NotReported(
            department_id=row["lead"],
            name=row["name"],
            open_count=row["open_count"],
            missed_count=row["missed_count"],
        )
        for row in counts
    ]


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
    """The newest report that was handed in before this one: its text helps to write the next.

    On an initiative that may be the report of another commitment of the same lead.
    """
    told = ProgressReport.objects.filter(
        _same_matter(commitment), state__in=[ReportState.ACCEPTED, ReportState.SUBMITTED]
    )
    if before is not None and before.pk:
        told = told.exclude(pk=before.pk).filter(period_start__lte=before.period_start)
    return told.select_related("volumes").order_by("-period_end", "-pk").first()


def last_accepted(commitment: Commitment, *, before: ProgressReport | None = None) -> ProgressReport | None:
    """The newest accepted report that tells of this commitment, for an earlier or the same period; None: none yet."""
    told = ProgressReport.objects.filter(_same_matter(commitment), state=ReportState.ACCEPTED)
    if before is not None and before.pk:
        told = told.exclude(pk=before.pk).filter(period_start__lte=before.period_start)
    return told.select_related("volumes").order_by("-period_end", "-pk").first()


def served_by(commitment: Commitment) -> QuerySet[Commitment]:
    """The other commitments that this one's report counts for at once: same initiative, same lead, being worked on."""
    if commitment.initiative_id is None or commitment.lead_id is None:
        return Commitment.objects.none()
    same = Commitment.objects.filter(initiative=commitment.initiative_id, lead=commitment.lead_id)
    return same.filter(stage__in=REPORTABLE_STAGES).exclude(pk=commitment.pk)


def standing_report(
    commitment: Commitment, *, period_start: date, period_end: date, but: ProgressReport | None = None
) -> ProgressReport | None:
    """The report of another commitment that speaks for this one's initiative in the period; None: none yet.

    It is the same lead's, written or handed in; or another lead's that was accepted, since that served all.
    """
    if commitment.initiative_id is None:
        return None
    found = ProgressReport.objects.filter(
        Q(commitment__lead=commitment.lead_id, commitment__lead__isnull=False) | Q(state=ReportState.ACCEPTED),
        commitment__initiative=commitment.initiative_id,
        period_start=period_start,
        period_end=period_end,
    ).exclude(commitment=commitment.pk)
    if but is not None and but.pk:
        found = found.exclude(pk=but.pk)
    return found.select_related("commitment").order_by("pk").first()


def is_handed_in(commitment: Commitment, *, period_start: date, period_end: date) -> bool:
    """Whether the lead has reported this period, with its own report or with one on the same initiative."""
    own = commitment.reports.filter(period_start=period_start, state__in=STANDING)
    if own.exists():
        return True
    standing = standing_report(commitment, period_start=period_start, period_end=period_end)
    return standing is not None and standing.state in STANDING


def contributions_to(commitment: Commitment, *, period_start: date, viewer: Actor) -> Sequence[Contribution]:
    """What other departments gave for one period, in the order of their parts; empty where the viewer may see none."""
    seen = policies.contributions_visible_to(viewer).filter(commitment=commitment, period_start=period_start)
    return list(seen.select_related("department", "author").order_by("department__order", "pk"))


def contributors_of(commitment: Commitment) -> Sequence[CommitmentDepartment]:
    """The confirmed responsible and supporting departments, in the order of the document. One query."""
    joined = commitment.involvements.filter(is_suggested=False).exclude(department=commitment.lead_id)
    return list(joined.select_related("department").order_by("order", "pk"))


def _same_matter(commitment: Commitment) -> Q:
    own = Q(commitment=commitment)
    if commitment.initiative_id is None or commitment.lead_id is None:
        return own
    return own | Q(commitment__initiative=commitment.initiative_id, commitment__lead=commitment.lead_id)


def _plans() -> dict[int, Plan]:
    return {plan.pk: plan for plan in Plan.objects.exclude(report_cycle=Cycle.NONE)}


def _with_report_facts(led: QuerySet[Commitment]) -> QuerySet[Commitment]:
    reported = ProgressReport.objects.filter(commitment=OuterRef("pk"))
    parts = Q(involvements__is_suggested=False) & ~Q(involvements__department=F("lead"))
    return (
        led.annotate(
            is_busy=Exists(reported.filter(state__in=[ReportState.SUBMITTED, ReportState.RETURNED])),
            draft_id=Min("reports__pk", filter=Q(reports__state=ReportState.DRAFT)),
            contributors_count=Count("involvements", filter=parts, distinct=True),
        )
        .select_related("initiative")
        .order_by("code")
    )


def _spoken_for(rows: Iterable[Commitment]) -> Spoken:
    """What was handed in on the initiatives of these commitments; lead None: accepted, so that it served every lead."""
    initiatives = {row.initiative_id for row in rows if row.initiative_id}
    told = ProgressReport.objects.filter(commitment__initiative__in=initiatives, state__in=STANDING)
    found: Spoken = set()
    for initiative, lead, state, end in told.values_list(
        "commitment__initiative", "commitment__lead", "state", "period_end"
    ):
        found.add((initiative, None if state == ReportState.ACCEPTED else lead, end))
    return found


def _is_spoken_for(row: Commitment, period: Period, spoken: Spoken) -> bool:
    keys: Spoken = {(row.initiative_id, None, period.end), (row.initiative_id, row.lead_id, period.end)}
    return bool(keys & spoken)


def _given(commitment_ids: Iterable[int]) -> Counter[tuple[int, date]]:
    told = Contribution.objects.filter(commitment__in=commitment_ids)
    return Counter(told.values_list("commitment", "period_start"))


def _without_report(plan: Plan, period: Period) -> Q:
    unreported = Q(last_period_end__isnull=True) | Q(last_period_end__lt=period.end)
    return Q(plan=plan.pk, issued_on__lte=period.end) & unreported


def _last_closed(plan: Plan, *, today: date) -> Period | None:
    cycle = Cycle(plan.report_cycle)
    period = periods.period_of(today, cycle, plan.report_grace_days)
    while period is not None and period.closes_on >= today:
        period = periods.period_before(period, cycle, plan.report_grace_days)
    return period


def _owed_card(
    group: Sequence[tuple[Commitment, Period]],
    standing: Counter[int],
    given: Counter[tuple[int, date]],
    plans: dict[int, Plan],
    *,
    today: date,
) -> OwedCard:
    """One card of the commitments that one report serves; the one whose draft lies there stands for them."""
    row, period = min(group, key=lambda pair: (pair[0].draft_id is None, pair[0].code))  # type: ignore[attr-defined]
    contributors = row.contributors_count  # type: ignore[attr-defined]  # annotated
    due_on = periods.contributions_due_on(period, support_days=plans[row.plan_id].support_days)
    return OwedCard(
        commitment_id=row.pk,
        code=row.code,
        title=row.title,
        health=row.health,
        progress=row.progress,
        due_on=row.due_on,
        last_period_end=row.last_period_end,
        period=period,
        draft_id=row.draft_id,  # type: ignore[attr-defined]  # annotated
        is_new=row.stage == Stage.ISSUED,
        is_demo=row.is_demo,
        is_late=period.is_late(today),
        served_count=standing[row.initiative_id] if row.initiative_id else 1,
        initiative=row.initiative.name if row.initiative else "",
        contributors_count=contributors,
        contributed_count=given[row.pk, period.start],
        contributions_due_on=due_on if contributors else None,
    )


def _contribution_card(row: Commitment, period: Period, plan: Plan, *, today: date) -> ContributionCard:
    due_on = periods.contributions_due_on(period, support_days=plan.support_days)
    return ContributionCard(
        commitment_id=row.pk,
        code=row.code,
        title=row.title,
        health=row.health,
        owner=row.lead.short_name if row.lead else "",
        period=period,
        due_on=due_on,
        is_late=today > due_on,
        is_demo=row.is_demo,
    )
