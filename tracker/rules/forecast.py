"""Where a target is heading: its value on the due date if the paces of its own readings go on. Pure.

Nothing is guessed that the readings do not say: the middle goes on as since the base, the band reaches from the slowest
to the fastest stretch of about a year. A line through one stretch has no band, and readings that lie too close together
have no pace. It is a forecast of what has been, not an opinion on what will be done.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from projects.choices import Direction
from tracker.rules import targets
from tracker.rules.targets import COUNTING_UNITS, DAYS_PER_YEAR, Point, TargetFacts

# A stretch shorter than this has no yearly pace: a month's growth times twelve is no year's.
LEAST_DAYS = 300
PERCENT = "%"
FULL = Decimal(100)
# Nor does the past tell more than so many times its own length.
FARTHEST = 3
# What is forecast is never said more exactly than this, and never so great that no reading could hold it.
FINEST, GREATEST = Decimal("0.01"), Decimal(10) ** 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """The value expected on a day; `low` and `high` are numbers, low ≤ middle ≤ high. Equal: no band is known."""

    on: date
    low: Decimal
    middle: Decimal
    high: Decimal

    @property
    def has_band(self) -> bool:
        return self.low < self.high


def forecast(facts: TargetFacts, *, today: date) -> Forecast | None:
    """The value on the due date; None when there is nothing to go by.

    That is: no due date, or it has passed, or the latest reading is of that day or later; less than two known values;
    all of them within LEAST_DAYS; a due date more than FARTHEST times as far ahead as they reach back. Growth is
    compound, as in `targets.pace`; linear where a value is not positive.
    """
    known = series(facts)
    if facts.due_on is None or facts.due_on < today or len(known) < 2 or known[-1][0] >= facts.due_on:
        return None
    stretches, ahead, back = _stretches(known), facts.due_on - known[-1][0], known[-1][0] - known[0][0]
    if not stretches or ahead > FARTHEST * back:
        return None
    years = Decimal(ahead.days) / DAYS_PER_YEAR
    is_compound = all(value > 0 for _day, value in known)
    middle = _carried(known[-1][1], (known[0], known[-1]), years=years, is_compound=is_compound)
    ends = [_carried(known[-1][1], one, years=years, is_compound=is_compound) for one in stretches]
    if max(abs(value) for value in [*ends, middle]) > GREATEST:
        return None
    low, middle, high = (_shaped(value, facts, known) for value in (min(*ends, middle), middle, max(*ends, middle)))
    return Forecast(on=facts.due_on, low=low, middle=middle, high=high)


def series(facts: TargetFacts) -> list[Point]:
    """The known values by day: the base at the end of its year, then what was read after it."""
    found = {day: value for day, value in facts.readings if facts.base_year is None or day.year > facts.base_year}
    if facts.base_year is not None and facts.base_value is not None:
        found[date(facts.base_year, 12, 31)] = facts.base_value
    if facts.latest_on is not None and facts.latest_value is not None:
        found[facts.latest_on] = facts.latest_value
    return sorted(found.items())


def short_of_goal(facts: TargetFacts, value: Decimal) -> Decimal | None:
    """How much the value misses the goal by; 0 or less: it is reached. None while the goal is unknown."""
    goal = targets.required_value(facts)
    if goal is None:
        return None
    return goal - value if targets.sense(facts) == Direction.UP else value - goal


def _stretches(known: Sequence[Point]) -> list[tuple[Point, Point]]:
    """From each value back to the last one that lies LEAST_DAYS before it: about a year where it is read more often."""
    found = []
    for place, end in enumerate(known):
        earlier = [start for start in known[:place] if (end[0] - start[0]).days >= LEAST_DAYS]
        if earlier:
            found.append((earlier[-1], end))
    return found


def _carried(value: Decimal, stretch: tuple[Point, Point], *, years: Decimal, is_compound: bool) -> Decimal:
    """The value so many years later, at the pace of a stretch."""
    (start_on, start), (end_on, end) = stretch
    length = Decimal((end_on - start_on).days) / DAYS_PER_YEAR
    if is_compound:
        return value * (end / start) ** (years / length)
    return value + (end - start) * years / length


def _shaped(value: Decimal, facts: TargetFacts, known: Sequence[Point]) -> Decimal:
    """Whole in a counting unit, else as exact as the readings are; a share of a whole stays between 0 and 100."""
    if facts.unit == PERCENT and all(0 <= one <= FULL for _day, one in known):
        value = min(max(value, Decimal(0)), FULL)
    exact = Decimal(1) if facts.unit in COUNTING_UNITS else max(FINEST, min(_place(one) for _day, one in known))
    return value.quantize(exact, rounding=ROUND_HALF_UP)


def _place(value: Decimal) -> Decimal:
    """The last place that the value names: 1 for 12, 0.1 for 12.50."""
    exponent = value.normalize().as_tuple().exponent
    return Decimal(1).scaleb(min(exponent, 0)) if isinstance(exponent, int) else FINEST
