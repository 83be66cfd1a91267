"""Counts of the lights by plan, chapter and lead: for the city's roles from the roll-up (`LightCell`), whose size does
not grow with the commitments; for a department, which sees few of them, from the commitments themselves.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce

from tracker import policies
from tracker.choices import DONE_STAGES, Health
from tracker.models import Clause, Commitment, LightCell, Plan
from tracker.policies import Actor

# From grave to calm: the light a cell of the matrix shows when its commitments differ.
GRAVITY = (
    Health.OFF_TRACK,
    Health.AT_RISK,
    Health.NO_DATA,
    Health.NOT_STARTED,
    Health.ON_TRACK,
    Health.EXEMPT,
    Health.DONE,
)
WIDTH = 8
# What can have a progress: not continuous, not a red line, not set aside.
MEASURABLE = Q(is_continuous=False, is_red_line=False) & ~Q(health=Health.EXEMPT)
IS_DONE = Q(stage__in=DONE_STAGES)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkDone:
    """Mean progress, in percent, of the `known` commitments that have one; `unknown` ones count neither way."""

    percent: Decimal | None
    known: int
    unknown: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSummary:
    """How one plan stands, as far as the viewer sees it. `counts` has every light."""

    plan: Plan
    counts: dict[Health, int]
    work: WorkDone

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Commitments of one theme under one department: the gravest light, how many, how many of each."""

    health: Health
    count: int
    lights: Mapping[Health, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """`cells` by (chapter id, department id). Columns (id, short name, code): the departments with most commitments
    that stand in a chapter; `hidden` counts the departments left out.
    """

    chapters: Sequence[Clause]
    departments: Sequence[tuple[int, str, str]]
    cells: dict[tuple[int, int], Cell]
    hidden: int


ITEMS = ("items",)


class Sums(NamedTuple):
    """What is summed, in the order of LightCell's columns."""

    items: int = 0
    done: int = 0
    known: int = 0
    progress_sum: Decimal = Decimal(0)
    unknown: int = 0

    def plus(self, other: "Sums") -> "Sums":
        return Sums(
            items=self.items + other.items,
            done=self.done + other.done,
            known=self.known + other.known,
            progress_sum=self.progress_sum + other.progress_sum,
            unknown=self.unknown + other.unknown,
        )


def plans(viewer: Actor) -> list[Plan]:
    """The plans with something in the viewer's sight, by code. One query."""
    seen = policies.visible_to(viewer).filter(plan=OuterRef("pk"))
    return list(Plan.objects.filter(Exists(seen)).select_related("jurisdiction").order_by("code"))


def summaries(viewer: Actor) -> list[PlanSummary]:
    """Every plan in the viewer's sight, by code. Two queries."""
    by_plan: dict[int, dict[Health, Sums]] = {}
    for plan_id, light, *sums in _grouped(viewer, None, "plan", "health"):
        by_plan.setdefault(plan_id, {})[Health(light)] = Sums(*sums)
    return [_summary(plan, by_plan.get(plan.pk, {})) for plan in plans(viewer)]


def of_plan(plan: Plan, *, viewer: Actor) -> PlanSummary:
    """One plan. One query."""
    return _summary(plan, {Health(light): Sums(*sums) for light, *sums in _grouped(viewer, plan, "health")})


def work_in_sight(viewer: Actor) -> WorkDone:
    """The mean progress over all plans in the viewer's sight. One query."""
    whole = Sums()
    for _light, *sums in _grouped(viewer, None, "health"):
        whole = whole.plus(Sums(*sums))
    return _work(whole)


def matrix(plan: Plan, viewer: Actor, *, width: int = WIDTH) -> Matrix:
    """Themes by departments, the widest `width` departments. Three queries."""
    named = _grouped(viewer, plan, "lead", "lead__short_name", "lead__code", is_placed=True, only=ITEMS)
    ranked = sorted((row for row in named if row[3]), key=lambda row: (-row[3], row[2]))
    departments = [(pk, name, code) for pk, name, code, _count in ranked[:width]]
    shown = [pk for pk, _name, _code in departments]
    lights: dict[tuple[int, int], Counter[Health]] = {}
    for chapter, lead, light, count in _grouped(
        viewer, plan, "chapter", "lead", "health", is_placed=True, leads=shown, only=ITEMS
    ):
        if count:
            lights.setdefault((chapter, lead), Counter())[Health(light)] += count
    return Matrix(
        chapters=list(Clause.objects.filter(plan=plan, parent__isnull=True).only("code", "heading").order_by("order")),
        departments=departments,
        cells={key: Cell(health=worst(found), count=found.total(), lights=found) for key, found in lights.items()},
        hidden=max(0, len(ranked) - width),
    )


def by_chapter(plan: Plan, viewer: Actor, light: Health) -> dict[int, int]:
    """How many commitments of each chapter (its id) show this light; chapters without one are left out. One query."""
    grouped = _grouped(viewer, plan, "chapter", light=light, only=ITEMS)
    return {chapter: count for chapter, count in grouped if chapter and count}


def by_lead(leads: Sequence[int], *, viewer: Actor) -> dict[int, dict[Health, int]]:
    """The lights of what each of these departments leads in the viewer's sight, by its id. One query."""
    found: dict[int, dict[Health, int]] = {}
    for lead, light, count in _grouped(viewer, None, "lead", "health", leads=leads, only=ITEMS):
        found.setdefault(lead, {})[Health(light)] = count
    return found


def worst(lights: Mapping[Health, int]) -> Health:
    """The gravest light that somebody shows."""
    return next(light for light in GRAVITY if lights.get(light))


def count_lights(seen: QuerySet[Commitment]) -> dict[Health, int]:
    """How many of these commitments show each light; every light is a key."""
    found = dict(seen.order_by().values_list("health").annotate(count=Count("pk")))
    return {light: found.get(light, 0) for light in Health}


def work_done(seen: QuerySet[Commitment]) -> WorkDone:
    """The mean progress of what can have one: not continuous, not a red line, not set aside; done counts 100."""
    return _work(Sums(*seen.order_by().aggregate(**_of_commitments()).values()))


def _summary(plan: Plan, lights: Mapping[Health, Sums]) -> PlanSummary:
    whole = Sums()
    for sums in lights.values():
        whole = whole.plus(sums)
    return PlanSummary(
        plan=plan, counts={light: lights[light].items if light in lights else 0 for light in Health}, work=_work(whole)
    )


def _work(sums: Sums) -> WorkDone:
    known = sums.done + sums.known
    if not known:
        return WorkDone(percent=None, known=0, unknown=sums.unknown)
    points = Decimal(100 * sums.done) + Decimal(sums.progress_sum).quantize(Decimal("0.01"))
    return WorkDone(percent=(points / known).quantize(Decimal("0.1")), known=known, unknown=sums.unknown)


def _grouped(
    viewer: Actor,
    plan: Plan | None,
    *by: str,
    is_placed: bool = False,
    leads: Sequence[int] | None = None,
    light: Health | None = None,
    only: Sequence[str] = (),
) -> Any:
    """Tuples of the group's keys and its Sums, or those named in `only`. `is_placed`: has both a chapter and a lead."""
    narrowed = Q() if plan is None else Q(plan=plan)
    if light is not None:
        narrowed &= Q(health=light)
    if leads is not None:
        narrowed &= Q(lead__in=leads)
    if policies.is_citywide(viewer):
        cells = LightCell.objects.filter(narrowed)
        if is_placed:
            cells = cells.filter(chapter__isnull=False, lead__isnull=False)
        return cells.order_by().values_list(*by).annotate(**_of_cells(only or Sums._fields))
    seen = policies.visible_to(viewer).filter(narrowed)
    if is_placed:
        seen = seen.filter(clause__chapter__isnull=False, lead__isnull=False)
    paths = ["clause__chapter" if name == "chapter" else name for name in by]
    sums = _of_commitments()
    return seen.order_by().values_list(*paths).annotate(**{name: sums[name] for name in only or Sums._fields})


def _of_cells(names: Sequence[str]) -> dict[str, Any]:
    return {f"sum_{name}": Sum(name) for name in names}


def _of_commitments() -> dict[str, Any]:
    """The truth that the roll-up keeps: the same words as in the triggers (migrations/_rollup.py)."""
    open_ones = MEASURABLE & ~IS_DONE
    return {
        "items": Count("pk"),
        "done": _count(MEASURABLE & IS_DONE),
        "known": _count(open_ones & Q(progress__isnull=False)),
        "progress_sum": Coalesce(
            Sum(Case(When(open_ones, then=F("progress")), default=Value(Decimal(0)))), Value(Decimal(0))
        ),
        "unknown": _count(open_ones & Q(progress__isnull=True)),
    }


def _count(condition: Q) -> Count:
    return Count(Case(When(condition, then=Value(1))))
