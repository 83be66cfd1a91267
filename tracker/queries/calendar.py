"""What falls on which day: due dates and milestones of the commitments in sight. Two queries for any span of days."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Count, F, IntegerField, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber

from tracker import policies
from tracker.models import Commitment, Milestone
from tracker.policies import Actor
from tracker.queries.rollup import GRAVITY


@dataclass(frozen=True, slots=True, kw_only=True)
class DueEntry:
    """A commitment on its due date."""

    on: date
    code: str
    title: str
    health: str
    lead_name: str
    is_demo: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneEntry:
    """A milestone on the day it was planned for. `actual_on` None: not reached."""

    on: date
    name: str
    code: str
    title: str
    lead_name: str
    forecast_on: date | None
    actual_on: date | None
    is_demo: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """The first entries of a day, gravest first, and how many there are of each sort."""

    due: Sequence[DueEntry] = ()
    due_count: int = 0
    milestones: Sequence[MilestoneEntry] = ()
    milestone_count: int = 0


def days(viewer: Actor, *, first: date, last: date, department: str = "", limit: int) -> dict[date, Day]:
    """The days from first to last that have something, each with its first `limit` entries of each sort."""
    seen = policies.visible_to(viewer)
    if department:
        seen = seen.filter(lead__code=department)
    due, due_counts = _due(seen.filter(due_on__range=(first, last)), limit=limit)
    steps, step_counts = _milestones(
        Milestone.objects.filter(commitment__in=seen, planned_on__range=(first, last)), limit=limit
    )
    return {
        day: Day(due=due[day], due_count=due_counts[day], milestones=steps[day], milestone_count=step_counts[day])
        for day in sorted(due_counts.keys() | step_counts.keys())
    }


def _due(rows: QuerySet[Commitment], *, limit: int) -> tuple[dict[date, list[DueEntry]], dict[date, int]]:
    gravity = Case(
        *(When(health=light, then=Value(place)) for place, light in enumerate(GRAVITY)), output_field=IntegerField()
    )
    ranked = rows.annotate(
        place=Window(RowNumber(), partition_by=F("due_on"), order_by=[gravity, F("code")]),
        of_day=Window(Count("pk"), partition_by=F("due_on")),
    ).filter(place__lte=limit)
    found: dict[date, list[DueEntry]] = defaultdict(list)
    counts: dict[date, int] = defaultdict(int)
    columns = ("due_on", "code", "title", "health", "lead__short_name", "is_demo", "of_day")
    for on, code, title, health, lead, is_demo, count in ranked.order_by("due_on", "place").values_list(*columns):
        found[on].append(DueEntry(on=on, code=code, title=title, health=health, lead_name=lead or "", is_demo=is_demo))
        counts[on] = count
    return found, counts


def _milestones(rows: QuerySet[Milestone], *, limit: int) -> tuple[dict[date, list[MilestoneEntry]], dict[date, int]]:
    """Open ones first, then those reached."""
    is_reached = Case(When(actual_on__isnull=False, then=Value(1)), default=Value(0), output_field=IntegerField())
    ranked = rows.annotate(
        place=Window(
            RowNumber(), partition_by=F("planned_on"), order_by=[is_reached, F("commitment__code"), F("order"), F("pk")]
        ),
        of_day=Window(Count("pk"), partition_by=F("planned_on")),
    ).filter(place__lte=limit)
    found: dict[date, list[MilestoneEntry]] = defaultdict(list)
    counts: dict[date, int] = defaultdict(int)
    columns = (
        "planned_on",
        "name",
        "commitment__code",
        "commitment__title",
        "commitment__lead__short_name",
        "forecast_on",
        "actual_on",
        "is_demo",
        "of_day",
    )
    for row in ranked.order_by("planned_on", "place").values_list(*columns):
        on, name, code, title, lead, forecast_on, actual_on, is_demo, count = row
        found[on].append(
            MilestoneEntry(
                on=on,
                name=name,
                code=code,
                title=title,
                lead_name=lead or "",
                forecast_on=forecast_on,
                actual_on=actual_on,
                is_demo=is_demo,
            )
        )
        counts[on] = count
    return found, counts
