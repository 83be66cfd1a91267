"""Targets 指标目标: the value required in the end, on the way, and the share of the way that is done.

A relative target computes only with its base, a path only between two known points (PRODUCT.md §4, rules 1 and 4).
Comparison is with the path on the day of the reading, never with today: what nobody has measured is not late.
"""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

from projects.choices import Direction
from projects.errors import DomainError
from tracker.choices import RELATIVE_COMPARATORS, Comparator

HUNDRED = Decimal(100)
# Units that count things: a third of an enterprise is none.
COUNTING_UNITS = frozenset("家户个人名件项座条所台套辆只张处支村次")
DAYS_PER_YEAR = Decimal("365.25")
TENTH = Decimal("0.1")
Point = tuple[date, Decimal]


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetFacts:
    """A target with its latest reading.

    Args:
        value: the absolute goal; the lower bound of a range, whose upper bound is ``value_max``.
        growth_percent: the relative goal, over ``base_value`` at the end of ``base_year``; of a decline too.
        latest_value: of the latest period; verified wins over reported, decided by the caller.
        latest_on: the day the reading speaks of, the end of its period; without it the reading cannot be placed.
        path: planned values by day, in any order.
        readings: every known value by the day it speaks of, in any order; only the forecast needs them.
    """

    comparator: Comparator = Comparator.AT_LEAST
    direction: Direction = Direction.UP
    value: Decimal | None = None
    value_max: Decimal | None = None
    growth_percent: Decimal | None = None
    base_year: int | None = None
    base_value: Decimal | None = None
    due_on: date | None = None
    latest_value: Decimal | None = None
    latest_on: date | None = None
    path: tuple[Point, ...] = ()
    unit: str = ""
    readings: tuple[Point, ...] = ()


def check_quantity(
    comparator: Comparator,
    *,
    value: Decimal | None,
    value_max: Decimal | None,
    growth_percent: Decimal | None,
    base_year: int | None,
) -> None:
    """Raise unless these numbers make a target of this kind.

    Codes: ``target_growth_missing``, ``target_value_missing``, ``target_range_order``.
    """
    if comparator in RELATIVE_COMPARATORS:
        if growth_percent is None or base_year is None:
            raise DomainError(
                "target_growth_missing", field="growth_percent" if growth_percent is None else "base_year"
            )
        return
    if value is None:
        raise DomainError("target_value_missing", field="value")
    if comparator == Comparator.RANGE and (value_max is None or value_max < value):
        raise DomainError("target_range_order", field="value_max")


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetProgress:
    """(actual - base) / (goal - base) in percent: ``raw`` as computed, ``capped`` to 0 and 100 for display."""

    raw: Decimal
    capped: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Growth in percent a year, to a tenth: what the rest of the way needs, and what there has been since the base."""

    needed_percent: Decimal
    so_far_percent: Decimal


def sense(target: TargetFacts) -> Direction:
    """The direction in which the target improves: by its comparator where that says it, else by its indicator."""
    if target.comparator in {Comparator.AT_LEAST, Comparator.GROWTH_AT_LEAST}:
        return Direction.UP
    if target.comparator in {Comparator.AT_MOST, Comparator.DECLINE_AT_LEAST}:
        return Direction.DOWN
    if target.comparator == Comparator.RANGE:
        return Direction.DOWN if _is_above_range(target) else Direction.UP
    return target.direction


def required_value(target: TargetFacts) -> Decimal | None:
    """The goal: 201 and 30 % make 261.3, in a counting unit 262. None while the base or the value is unknown.

    Of a range it is the bound the base lies nearest to; an equal value counts as reached when it is passed.
    """
    if target.comparator in RELATIVE_COMPARATORS:
        if target.base_value is None or target.growth_percent is None:
            return None
        change = abs(target.base_value) * target.growth_percent / HUNDRED
        up = target.comparator == Comparator.GROWTH_AT_LEAST
        return _whole(target, target.base_value + change if up else target.base_value - change)
    if target.comparator == Comparator.RANGE and _is_above_range(target):
        return target.value_max
    return target.value


def required_on(target: TargetFacts, day: date) -> Decimal | None:
    """The value the path asks for on a day: linear between its points, the last one from then on.

    The points are the planned path, before it the base at the end of its year, after it the goal on the due date.
    None before the first point, and when there is no path: one point alone is a goal, not a path, until its day.
    In a counting unit a fraction on the way is dropped in favour of the one who reports.
    """
    points = _points(target)
    earlier = [point for point in points if point[0] <= day]
    later = [point for point in points if point[0] > day]
    if not earlier:
        return None
    if not later:
        return earlier[-1][1] if _reaches_goal(target, points) else None
    (from_day, from_value), (to_day, to_value) = earlier[-1], later[0]
    if from_day == day:
        return from_value
    on_line = from_value + (to_value - from_value) * (day - from_day).days / (to_day - from_day).days
    return _lenient(target, on_line)


def is_reached(target: TargetFacts) -> bool | None:
    """Whether the latest reading satisfies the goal; None when either is unknown."""
    goal = required_value(target)
    if goal is None or target.latest_value is None:
        return None
    if target.comparator == Comparator.RANGE:
        return _in_range(target, target.latest_value)
    if sense(target) == Direction.UP:
        return target.latest_value >= goal
    return target.latest_value <= goal


def asked_of_reading(target: TargetFacts) -> Decimal | None:
    """The value the latest reading is held against: the path on its day, or the far bound of a range it has left."""
    if target.latest_on is None:
        return None
    if _passes_far_bound(target):
        return target.value if _is_above_range(target) else target.value_max
    return required_on(target, target.latest_on)


def achieved_percent(target: TargetFacts, required: Decimal) -> Decimal | None:
    """The latest value as percent of the required one, 100 or more when it is good enough.

    For a target that should fall it is required / latest. None when a zero or negative number makes a share
    meaningless and the value is not good enough, or when there is no reading.
    """
    latest = target.latest_value
    if latest is None:
        return None
    up = (sense(target) == Direction.UP) != _passes_far_bound(target)
    good, bad = (latest, required) if up else (required, latest)
    if bad > 0:
        return good * HUNDRED / bad
    return HUNDRED if good >= bad else None


def target_progress(target: TargetFacts) -> TargetProgress | None:
    """The share of the way from base to goal; None without base, goal or reading, or when goal and base are equal."""
    goal = required_value(target)
    if goal is None or target.base_value is None or target.latest_value is None or goal == target.base_value:
        return None
    raw = (target.latest_value - target.base_value) * HUNDRED / (goal - target.base_value)
    return TargetProgress(raw=raw, capped=min(max(raw, Decimal(0)), HUNDRED))


def pace(target: TargetFacts) -> Pace | None:
    """Yearly growth needed from the latest reading to the goal, and yearly growth since the base.

    None when a value or a day is unknown, a value is not positive, or a stretch has no days.
    """
    goal = required_value(target)
    if goal is None or target.base_value is None or target.latest_value is None:
        return None
    if target.base_year is None or target.due_on is None or target.latest_on is None:
        return None
    needed = _yearly(target.latest_value, goal, (target.due_on - target.latest_on).days)
    so_far = _yearly(target.base_value, target.latest_value, (target.latest_on - date(target.base_year, 12, 31)).days)
    if needed is None or so_far is None:
        return None
    return Pace(needed_percent=needed, so_far_percent=so_far)


def _yearly(start: Decimal, end: Decimal, days: int) -> Decimal | None:
    if start <= 0 or end <= 0 or days <= 0:
        return None
    factor = (end / start) ** (DAYS_PER_YEAR / days)
    return ((factor - 1) * HUNDRED).quantize(TENTH, rounding=ROUND_HALF_UP)


def _points(target: TargetFacts) -> list[Point]:
    """The path from base to goal by day; a planned point wins over base and goal on or beyond its day."""
    planned = sorted(target.path)
    points = list(planned)
    if target.base_value is not None and target.base_year is not None:
        base_on = date(target.base_year, 12, 31)
        if not planned or base_on < planned[0][0]:
            points.insert(0, (base_on, target.base_value))
    goal = required_value(target)
    if goal is not None and target.due_on is not None and (not points or target.due_on > points[-1][0]):
        points.append((target.due_on, goal))
    return points


def _reaches_goal(target: TargetFacts, points: list[Point]) -> bool:
    """Whether the last point is planned or the goal; a base alone asks for nothing."""
    return bool(target.path) or (target.due_on is not None and points[-1][0] == target.due_on)


def _whole(target: TargetFacts, value: Decimal) -> Decimal:
    """In a counting unit the nearest whole number that satisfies the target."""
    if target.unit not in COUNTING_UNITS:
        return value
    return value.to_integral_value(ROUND_CEILING if sense(target) == Direction.UP else ROUND_FLOOR)


def _lenient(target: TargetFacts, value: Decimal) -> Decimal:
    if target.unit not in COUNTING_UNITS:
        return value
    return value.to_integral_value(ROUND_FLOOR if sense(target) == Direction.UP else ROUND_CEILING)


def _is_above_range(target: TargetFacts) -> bool:
    """Whether a range is approached from above: its base lies over the upper bound."""
    return target.value_max is not None and target.base_value is not None and target.base_value > target.value_max


def _in_range(target: TargetFacts, value: Decimal) -> bool:
    above = target.value is None or value >= target.value
    return above and (target.value_max is None or value <= target.value_max)


def _passes_far_bound(target: TargetFacts) -> bool:
    """Whether the latest reading left a range on the side away from the base."""
    if target.comparator != Comparator.RANGE or target.latest_value is None:
        return False
    if _is_above_range(target):
        return target.value is not None and target.latest_value < target.value
    return target.value_max is not None and target.latest_value > target.value_max
