"""The supervision office's desk: read, decide, chase, verify, close, mend. A fixed number of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.utils.functional import Promise

from tracker import policies
from tracker.choices import ReportState, Role, Stage
from tracker.event_kinds import EventKind
from tracker.models import Commitment, Event, Plan
from tracker.policies import Actor
from tracker.queries import desk, quality, questions, reporting, slips, tightening, workdays
from tracker.queries.desk import NO_CARDS, NO_MATTERS, NO_REPORTS, SHOWN, MatterCard, Matters, Reports
from tracker.queries.questions import Cards
from tracker.queries.reporting import NotReported
from tracker.queries.slips import NO_SLIPS, SlipCards
from tracker.rules import periods
from tracker.rules.periods import Cycle
from tracker.rules.workdays import Calendar

FEW = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class UnacceptedCard:
    """A commitment that was handed out and not taken on for so many working days; None: since when is not known.

    `is_provisional`: they lie in a year whose working days are not announced.
    """

    matter: MatterCard
    working_days: int | None
    is_provisional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LookbackCard:
    """A look-back sample in which so many of its picks wait for somebody to look."""

    lookback_id: int
    ref: UUID
    drawn_on: date
    open_count: int
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeDesk:
    """The office's day. Sections hold at most `SHOWN` cards beside their full count.

    Args:
        queue: reports that wait for review, oldest first; `oldest_days`: how long the first has waited.
        slip_drafts: to be issued or dropped; `slips_late`: issued, and the day for the answer has passed.
        refused: given back, with whom the department named instead.
        lacking: how many commitments lack what (`quality.CONDITIONS`); `tightened_count` ask more than their parent.
        stages: how many commitments are in each stage; a stage without any is no key.
        closed_days: days since a reporting window closed last; None: none has.
    """

    queue: Reports = NO_REPORTS
    extensions: Cards = NO_CARDS
    slip_drafts: SlipCards = NO_SLIPS
    slips_late: SlipCards = NO_SLIPS
    refused: Matters = NO_MATTERS
    unaccepted: Sequence[UnacceptedCard] = ()
    unaccepted_count: int = 0
    to_verify: Matters = NO_MATTERS
    to_close: Matters = NO_MATTERS
    lookbacks: Sequence[LookbackCard] = ()
    not_reported: Sequence[NotReported] = ()
    closed_days: int | None = None
    blockers: Cards = NO_CARDS
    lacking: Mapping[str, int] = field(default_factory=dict)
    tightened_count: int = 0
    to_issue: Matters = NO_MATTERS
    stages: Mapping[str, int] = field(default_factory=dict)
    without_lead_count: int = 0
    suggested_count: int = 0

    @property
    def oldest_days(self) -> int:
        return self.queue.rows[0].waited_days if self.queue.rows else 0

    @property
    def silent(self) -> Sequence[NotReported]:
        """The departments that let a window close without a report."""
        return [one for one in self.not_reported if one.missed_count]

    @property
    def silent_shown(self) -> Sequence[NotReported]:
        return self.silent[:SHOWN]

    @property
    def open_count(self) -> int:
        """Commitments whose report for the running window has not come in yet."""
        return sum(one.open_count for one in self.not_reported)

    @property
    def lacking_lines(self) -> Sequence[tuple[str, str | Promise, int]]:
        """What the ledger lacks: the condition's name, its label, how many; without the empty ones."""
        return [(name, quality.LABELS[name], count) for name, count in self.lacking.items() if count]


def of_office(viewer: Actor, *, today: date) -> OfficeDesk:
    """The supervision office's desk; empty for everybody else."""
    if viewer.role != Role.SUPERVISOR:
        return OfficeDesk()
    seen = policies.visible_to(viewer)
    submitted = policies.reports_visible_to(viewer).filter(state=ReportState.SUBMITTED)
    registered = seen.filter(stage=Stage.REGISTERED)
    owners = registered.aggregate(
        nobody=Count("pk", filter=Q(lead__isnull=True)), suggested=Count("pk", filter=Q(lead_is_suggested=True))
    )
    issued = desk.matters(
        seen.filter(stage=Stage.ISSUED).order_by(F("issued_on").asc(nulls_last=True), "code"), today=today
    )
    days = workdays.calendar()
    counts = seen.order_by().values_list("stage").annotate(count=Count("pk"))
    to_issue = registered.filter(lead__isnull=False, issued_on__isnull=True)
    return OfficeDesk(
        queue=desk.reports(submitted.order_by(F("submitted_at").asc(nulls_first=True), "pk"), today=today),
        extensions=questions.extensions_waiting(viewer, today=today),
        slip_drafts=slips.to_issue(viewer, today=today),
        slips_late=slips.overdue(viewer, today=today),
        refused=desk.matters(_refused(registered), today=today),
        unaccepted=[_unaccepted(card, calendar=days, today=today) for card in issued.rows],
        unaccepted_count=issued.total,
        to_verify=desk.matters(_in_stage(seen, Stage.REPORTED_DONE), today=today),
        to_close=desk.matters(_in_stage(seen, Stage.VERIFIED), today=today),
        lookbacks=_lookbacks(viewer),
        not_reported=reporting.not_reported(viewer, today=today),
        closed_days=_days_since_closing(today),
        blockers=questions.blockers_overdue(viewer, today=today),
        lacking=quality.counts(viewer),
        tightened_count=len(tightening.ids(viewer)),
        to_issue=desk.matters(to_issue.order_by("lead_is_suggested", "code"), today=today, size=FEW),
        stages=dict(counts),
        without_lead_count=owners["nobody"],
        suggested_count=owners["suggested"],
    )


def _refused(registered: QuerySet[Commitment]) -> QuerySet[Commitment]:
    """What was handed out and came back, with the words of whoever gave it back."""
    steps = Event.objects.filter(commitment=OuterRef("pk"), kind=EventKind.COMMITMENT_MOVED).order_by("-seq")
    return (
        registered.filter(issued_on__isnull=False).annotate(why=Subquery(steps.values("reason")[:1])).order_by("code")
    )


def _in_stage(seen: QuerySet[Commitment], stage: Stage) -> QuerySet[Commitment]:
    """Those that nothing has happened to for longest come first."""
    return seen.filter(stage=stage).order_by("updated_at", "code")


def _unaccepted(card: MatterCard, *, calendar: Calendar, today: date) -> UnacceptedCard:
    if card.issued_on is None:
        return UnacceptedCard(matter=card, working_days=None)
    return UnacceptedCard(
        matter=card,
        working_days=calendar.working_days_between(card.issued_on, today),
        is_provisional=not calendar.is_settled(card.issued_on, today),
    )


def _lookbacks(viewer: Actor) -> list[LookbackCard]:
    """The samples with picks nobody has looked at, the oldest first. One query."""
    rows = (
        policies.lookbacks_visible_to(viewer)
        .annotate(open_count=Count("picks", filter=Q(picks__verification__isnull=True)))
        .filter(open_count__gt=0)
        .order_by("drawn_on", "pk")
    )
    return [
        LookbackCard(lookback_id=row.pk, ref=row.ref, drawn_on=row.drawn_on, open_count=row.open_count, size=row.size)
        for row in rows[:SHOWN]
    ]


def _days_since_closing(today: date) -> int | None:
    """Days since a plan's reporting window closed last; None without a plan whose reports are owed. One query."""
    closings = []
    for plan in Plan.objects.exclude(report_cycle=Cycle.NONE).exclude(tracked_since=None):
        cycle, grace = Cycle(plan.report_cycle), plan.report_grace_days
        period = periods.period_of(today, cycle, grace)
        while period is not None and period.closes_on >= today:
            period = periods.period_before(period, cycle, grace)
        if period is not None and plan.tracked_since and period.end >= plan.tracked_since:
            closings.append(period.closes_on)
    return (today - max(closings)).days if closings else None
