"""A department's desk: what is asked of it today, what it waits for, where it stands. A fixed number of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Count, QuerySet

from tracker import policies
from tracker.choices import DEPARTMENT_ROLES, REPORTABLE_STAGES, Health, ReportState, Stage
from tracker.models import Commitment, PostHolding
from tracker.policies import Actor
from tracker.queries import desk, questions, reporting, rollup, slips, workdays
from tracker.queries.desk import NEWS_DAYS, NO_CARDS, NO_MATTERS, NO_REPORTS, SHOWN, Matters, Reports
from tracker.queries.questions import Cards, OpenBlockers
from tracker.queries.reporting import ContributionCard, OwedCard
from tracker.queries.slips import NO_SLIPS, SlipCards

WEEK = timedelta(days=6)
NO_BLOCKERS = OpenBlockers(asked_of_us=NO_CARDS, raised_by_us=NO_CARDS, elsewhere=NO_CARDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverCard:
    """A post that changed hands to the viewer, whose list of open matters is not confirmed yet."""

    holding_id: int
    post: str
    since: date
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentDesk:
    """A department's day. Sections hold at most `SHOWN` cards beside their full count.

    Args:
        slips: supervision slips that wait for an answer, the earliest due first.
        returned: reports that came back, with the reviewer's words.
        to_accept: handed out and not taken on; what a draft was begun for stands among `to_report` instead.
        to_report: late ones first, then the soonest closing; all of them, `to_report_shown` has the first.
        closes_on: when the next window closes that is still open; None: none is. `working_days_left` up to that day;
            `is_provisional`: that counts days of a year whose working days are not announced.
    """

    slips: SlipCards = NO_SLIPS
    returned: Reports = NO_REPORTS
    instructions: Cards = NO_CARDS
    to_accept: Matters = NO_MATTERS
    to_report: Sequence[OwedCard] = ()
    to_contribute: Sequence[ContributionCard] = ()
    due_soon: Matters = NO_MATTERS
    overdue: Matters = NO_MATTERS
    waiting: Reports = NO_REPORTS
    blockers: OpenBlockers = NO_BLOCKERS
    answers: Cards = NO_CARDS
    extensions: Cards = NO_CARDS
    decisions: Cards = NO_CARDS
    handovers: Sequence[HandoverCard] = ()
    lights: Mapping[Health, int] = field(default_factory=dict)
    closes_on: date | None = None
    working_days_left: int = 0
    is_provisional: bool = False

    @property
    def led_count(self) -> int:
        return sum(self.lights.values())

    @property
    def to_report_shown(self) -> Sequence[OwedCard]:
        return self.to_report[:SHOWN]

    @property
    def to_contribute_shown(self) -> Sequence[ContributionCard]:
        return self.to_contribute[:SHOWN]

    @property
    def unwritten(self) -> Sequence[OwedCard]:
        """What can be reported as unchanged in one go: reported before, and nothing is written on it yet."""
        return [card for card in self.to_report if card.can_be_unchanged]

    @property
    def late_count(self) -> int:
        return sum(card.is_late for card in self.to_report)

    @property
    def task_count(self) -> int:
        """How many things somebody here has to do."""
        totals = (self.slips, self.returned, self.instructions, self.to_accept, self.blockers.asked_of_us)
        lists = (self.to_report, self.to_contribute, self.handovers)
        return sum(part.total for part in totals) + sum(len(part) for part in lists)


def of_department(viewer: Actor, *, today: date) -> DepartmentDesk:
    """The desk of the viewer's department; empty for a person without one."""
    if viewer.role not in DEPARTMENT_ROLES or viewer.department_id is None:
        return DepartmentDesk()
    led = policies.visible_to(viewer).filter(lead=viewer.department_id)
    told = policies.reports_visible_to(viewer).filter(commitment__lead=viewer.department_id)
    since = today - timedelta(days=NEWS_DAYS)
    owed = [card for card in reporting.owed(viewer, today=today) if not _only_to_accept(card)]
    closes_on = min((card.period.closes_on for card in owed if not card.is_late), default=None)
    returned = told.filter(state=ReportState.RETURNED).order_by("-reviewed_at", "pk")
    waiting = told.filter(state=ReportState.SUBMITTED).order_by("submitted_at", "pk")
    calendar = workdays.calendar()
    begun = [card.commitment_id for card in owed]
    issued = led.filter(stage=Stage.ISSUED).exclude(pk__in=begun).order_by("issued_on", "code")
    return DepartmentDesk(
        slips=slips.to_answer(viewer, today=today),
        returned=desk.named_reports(returned, today=today),
        instructions=questions.instructions_open(viewer, today=today),
        to_accept=desk.named_matters(issued, today=today),
        to_report=owed,
        to_contribute=reporting.contributions_owed(viewer, today=today),
        due_soon=desk.matters(due_soon(led, today=today), today=today),
        overdue=desk.matters(overdue(led, today=today), today=today),
        waiting=desk.named_reports(waiting, today=today),
        blockers=questions.blockers_open(viewer, today=today),
        answers=questions.answers_to_me(viewer, since=since, today=today),
        extensions=questions.extensions_waiting(viewer, today=today),
        decisions=questions.extensions_decided(viewer, since=since, today=today),
        handovers=handovers(viewer),
        lights=rollup.count_lights(led),
        closes_on=closes_on,
        working_days_left=calendar.working_days_between(today, closes_on) if closes_on else 0,
        is_provisional=bool(closes_on and not calendar.is_settled(today, closes_on)),
    )


def due_soon(led: QuerySet[Commitment], *, today: date) -> QuerySet[Commitment]:
    """What is being worked on and due within seven days, today included."""
    within = led.filter(stage__in=REPORTABLE_STAGES, due_on__gte=today, due_on__lte=today + WEEK)
    return within.order_by("due_on", "code")


def overdue(led: QuerySet[Commitment], *, today: date) -> QuerySet[Commitment]:
    """What is being worked on and past its date, the longest first. What has no date never is."""
    return led.filter(stage__in=REPORTABLE_STAGES, due_on__lt=today).order_by("due_on", "code")


def handovers(viewer: Actor) -> list[HandoverCard]:
    """The hand-over lists that the viewer has not confirmed. One query."""
    rows = PostHolding.objects.filter(holder=viewer.user, received_on__isnull=True, handover__isnull=False)
    rows = rows.select_related("post").annotate(items=Count("handover")).order_by("starts_on", "pk")
    return [HandoverCard(holding_id=row.pk, post=row.post.title, since=row.starts_on, count=row.items) for row in rows]


def _only_to_accept(card: OwedCard) -> bool:
    """It was handed out, nothing is written, and it stands alone: first it is taken on or given back."""
    return card.is_new and card.draft_id is None and card.served_count == 1
