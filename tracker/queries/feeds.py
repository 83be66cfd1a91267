"""The calendar feed: which address is whose, and the days that stand in it. Read by programs that do not sign in."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from django.db.models import Case, Count, F, IntegerField, Min, Model, Q, QuerySet, Value, When

from tracker import policies
from tracker.choices import (
    CITYWIDE_ROLES,
    DEPARTMENT_ROLES,
    DONE_STAGES,
    EXEMPT_STAGES,
    REPORTABLE_STAGES,
    AnswerState,
    FeedKind,
    SlipState,
)
from tracker.models import CalendarFeed, Commitment, Department, Instruction, Milestone, Plan, Post, Slip
from tracker.policies import Actor
from tracker.queries import posts
from tracker.rules import periods
from tracker.rules.periods import Cycle, Period

BACK, AHEAD = timedelta(days=60), timedelta(days=400)
MOST_EVENTS = 2000
MOST_FEEDS = 10
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One day of the calendar.

    Args:
        uid: the same for the same thing, however often it moves.
        name: a milestone's name, "" otherwise.
        code: the commitment's; "" for the last day of a reporting window, which has its plan's title and `count`.
        revision: higher after every change.
    """

    uid: str
    kind: FeedKind
    on: date
    title: str
    revision: int
    changed_at: datetime
    name: str = ""
    code: str = ""
    lead: str = ""
    count: int = 0
    is_done: bool = False
    is_demo: bool = False


def by_digest(digest: str) -> CalendarFeed | None:
    """The valid address with this digest, of somebody in office; None for any other. One query."""
    found = CalendarFeed.objects.filter(digest=digest, revoked_at__isnull=True, owner__is_active=True)
    return found.select_related("owner", "department").first()


def valid_of(viewer: Actor) -> QuerySet[CalendarFeed]:
    """The person's own valid addresses, newest first."""
    own = CalendarFeed.objects.filter(owner=viewer.user_id, revoked_at__isnull=True)
    return own.select_related("department").order_by("-created_at", "-pk")


def departments_for(viewer: Actor) -> QuerySet[Department]:
    """The departments whose calendar the person may have: one's own, or any for the city's roles."""
    if viewer.user is None:
        return Department.objects.none()
    return policies.departments_visible_to(viewer).filter(is_active=True).order_by("order", "code")


def entries(feed: CalendarFeed, *, today: date) -> list[Entry]:
    """The days of this address in its owner's sight today, in order; at most MOST_EVENTS, those to come before those
    past. Eight queries at most.
    """
    viewer = policies.actor_of(feed.owner)
    scope = _scope(feed, viewer, today=today)
    found = [
        *_dues(scope, today=today),
        *_milestones(scope, today=today),
        *_windows(scope, today=today),
        *_instructions(scope, today=today),
        *_slips(scope, today=today),
    ]
    found.sort(key=lambda one: (one.on < today, abs((one.on - today).days), one.uid))
    return sorted(found[:MOST_EVENTS], key=lambda one: (one.on, one.uid))


def _scope(feed: CalendarFeed, viewer: Actor, *, today: date) -> QuerySet[Commitment]:
    """In the owner's sight: what the department leads or joins, or what own posts and department answer for."""
    seen = policies.visible_to(viewer)
    if feed.department_id is not None:
        # As keys: the departments that join would make a row appear twice.
        joined = Commitment.objects.filter(involvements__department=feed.department_id).values("pk")
        return seen.filter(Q(lead=feed.department_id) | Q(pk__in=joined))
    held = Post.objects.filter(pk__in=posts.depths(viewer, today=today)) if viewer.role in CITYWIDE_ROLES else (
        policies.posts_held_by(viewer, today=today)
    )  # fmt: skip
    mine = posts.answered_for(held)
    if viewer.role in DEPARTMENT_ROLES and viewer.department_id is not None:
        mine |= Q(lead=viewer.department_id)
    return seen.filter(mine)


def _nearest(rows: QuerySet[Row], field: str, *, today: date) -> Iterable[Row]:
    """Those of the span, the nearest to come first, then what is past, latest first; at most MOST_EVENTS."""
    near = rows.filter(**{f"{field}__range": (today - BACK, today + AHEAD)})
    is_past = Case(When(**{f"{field}__lt": today}, then=Value(1)), default=Value(0), output_field=IntegerField())
    past_day = Case(When(**{f"{field}__lt": today}, then=F(field)))
    return near.annotate(is_past=is_past).order_by("is_past", past_day.desc(), field, "pk")[:MOST_EVENTS]


def _dues(scope: QuerySet[Commitment], *, today: date) -> Iterator[Entry]:
    standing = scope.exclude(stage__in=sorted(EXEMPT_STAGES)).select_related("lead")
    for row in _nearest(standing, "due_on", today=today):
        if row.due_on is not None:
            yield _entry(FeedKind.DUE, f"due-{row.pk}", row.due_on, row, row, is_done=row.stage in DONE_STAGES)


def _milestones(scope: QuerySet[Commitment], *, today: date) -> Iterator[Entry]:
    standing = Milestone.objects.filter(commitment__in=scope.exclude(stage__in=sorted(EXEMPT_STAGES)))
    for row in _nearest(standing.select_related("commitment__lead"), "planned_on", today=today):
        if row.planned_on is not None:
            is_done = row.actual_on is not None or row.commitment.stage in DONE_STAGES
            key, item = f"milestone-{row.pk}", row.commitment
            yield _entry(FeedKind.MILESTONE, key, row.planned_on, item, row, name=row.name, is_done=is_done)


def _instructions(scope: QuerySet[Commitment], *, today: date) -> Iterator[Entry]:
    standing = Instruction.objects.filter(commitment__in=scope).exclude(state=AnswerState.WITHDRAWN)
    for row in _nearest(standing.select_related("commitment__lead"), "answer_due_on", today=today):
        is_done, key = row.state == AnswerState.ANSWERED, f"instruction-{row.ref}"
        yield _entry(FeedKind.INSTRUCTION, key, row.answer_due_on, row.commitment, row, is_done=is_done)


def _slips(scope: QuerySet[Commitment], *, today: date) -> Iterator[Entry]:
    standing = Slip.objects.filter(commitment__in=scope, state__in=[SlipState.ISSUED, SlipState.ANSWERED])
    for row in _nearest(standing.select_related("commitment__lead"), "answer_due_on", today=today):
        if row.answer_due_on is not None:
            is_done, key = row.state == SlipState.ANSWERED, f"slip-{row.ref}"
            yield _entry(FeedKind.SLIP, key, row.answer_due_on, row.commitment, row, is_done=is_done)


def _entry(
    kind: FeedKind,
    uid: str,
    on: date,
    item: Commitment,
    row: Commitment | Milestone | Instruction | Slip,
    *,
    name: str = "",
    is_done: bool = False,
) -> Entry:
    return Entry(
        uid=uid,
        kind=kind,
        on=on,
        title=item.title,
        revision=row.revision,
        changed_at=row.updated_at,
        name=name,
        code=item.code,
        lead=item.lead.name if item.lead else "",
        is_done=is_done,
        is_demo=row.is_demo or item.is_demo,
    )


def _windows(scope: QuerySet[Commitment], *, today: date) -> Iterator[Entry]:
    """The last days of the reporting windows to come, one a plan and period; not when all has been reported."""
    owed = scope.filter(stage__in=sorted(REPORTABLE_STAGES)).order_by().values("plan")
    silent = Count("pk", filter=Q(last_period_end__isnull=True), distinct=True)
    counted = {
        row["plan"]: (row["total"], None if row["silent"] else row["oldest"])
        for row in owed.annotate(total=Count("pk", distinct=True), silent=silent, oldest=Min("last_period_end"))
    }
    for plan in Plan.objects.filter(pk__in=counted).order_by("pk"):
        total, reported_to = counted[plan.pk]
        for period in _periods(plan, today=today):
            if reported_to is None or reported_to < period.end:
                yield Entry(
                    uid=f"window-{plan.code}-{period.end}",
                    kind=FeedKind.WINDOW,
                    on=period.closes_on,
                    title=plan.short_title,
                    revision=plan.revision,
                    changed_at=plan.updated_at,
                    count=total,
                )


def _periods(plan: Plan, *, today: date) -> Sequence[Period]:
    """The periods of the plan whose last day to report lies ahead, within the span and the plan's own time."""
    cycle, found = Cycle(plan.report_cycle), []
    period = periods.period_of(today - BACK, cycle, plan.report_grace_days)
    while period is not None and period.closes_on <= today + AHEAD and period.start <= plan.horizon_ends_on:
        is_owed = plan.tracked_since is None or period.end >= plan.tracked_since
        if period.closes_on >= today and period.end >= plan.horizon_starts_on and is_owed:
            found.append(period)
        period = periods.period_of(period.end + timedelta(days=1), cycle, plan.report_grace_days)
    return found
