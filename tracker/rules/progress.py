"""Time-proportional progress 序时进度: how much of the work should be done by a day. Percent from 0 to 100, as Decimal.

Only what is over counts: a day, a month, a milestone's date is expected from the day after it (PRODUCT.md §5).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Self

from tracker.rules.reasons import number
from tracker.rules.ruleset import Mode

ALL = Decimal(100)
# Behind is rounded to this, so that 30 of an expected 100/3 is exactly 10 percent behind and not 9.99….
PRECISION = Decimal("0.000001")
# Steps travel in reasons as text; two digits are what a reader can check.
STEP_PRECISION = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneFacts:
    """A milestone 节点; without a weight it informs and never judges. Any ``actual_on`` means reached."""

    name: str = ""
    planned_on: date | None = None
    forecast_on: date | None = None
    actual_on: date | None = None
    weight: Decimal | None = None

    @property
    def is_weighted(self) -> bool:
        """Whether the milestone counts in progress and lights."""
        return self.weight is not None and self.weight > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class InvestmentFacts:
    """One year's investment, planned and done, in 万元; None is unknown, not zero."""

    year: int
    planned_wan: Decimal | None = None
    done_wan: Decimal | None = None

    @property
    def done_percent(self) -> Decimal | None:
        """The share of the year's plan that is done; None without a plan or a figure."""
        if self.planned_wan is None or self.planned_wan <= 0 or self.done_wan is None:
            return None
        return self.done_wan * ALL / self.planned_wan


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """What a commitment's expected progress is computed from, small enough to travel inside a reason.

    ``steps`` are dates with the cumulative percent expected from the day after; when there are any, the two dates
    do not count. ``year`` is for annual quantities and counts last.
    """

    steps: tuple[tuple[date, Decimal], ...] = ()
    starts_on: date | None = None
    due_on: date | None = None
    year: int | None = None

    @classmethod
    def of(cls, milestones: Iterable[MilestoneFacts], *, starts_on: date | None, due_on: date | None) -> Self:
        """The schedule of a commitment: planned weights where there are any, else its two dates."""
        steps = _steps(milestones)
        return cls(steps=steps) if steps else cls(starts_on=starts_on, due_on=due_on)

    @classmethod
    def from_params(cls, params: Mapping[str, str | int]) -> Self:
        """Read what `to_params` wrote into a reason; other parameters are ignored."""
        pairs = (pair.split("=") for pair in str(params.get("steps", "")).split(",") if pair)
        return cls(
            steps=tuple((date.fromisoformat(day), Decimal(percent)) for day, percent in pairs),
            starts_on=_day(params.get("starts_on")),
            due_on=_day(params.get("due_on")),
            year=int(params["year"]) if "year" in params else None,
        )

    def to_params(self) -> dict[str, str | int]:
        """Parameters of a reason: ``starts_on`` and ``due_on``, or ``steps`` as ``2026-03-31=40,2026-12-31=100``."""
        if self.steps:
            return {"steps": ",".join(f"{day.isoformat()}={number(percent)}" for day, percent in self.steps)}
        days = {"starts_on": self.starts_on, "due_on": self.due_on}
        params: dict[str, str | int] = {name: day.isoformat() for name, day in days.items() if day is not None}
        return params if self.year is None else {**params, "year": self.year}

    def expected(self, today: date) -> Decimal | None:
        """The percent that should be done by today; None when the schedule says nothing. Never falls as days pass."""
        if self.steps:
            return max((percent for day, percent in self.steps if day < today), default=Decimal(0))
        if self.starts_on is not None and self.due_on is not None:
            return share_elapsed(self.starts_on, self.due_on, today=today)
        return None if self.year is None else months_elapsed(self.year, today=today)

    @property
    def last_day(self) -> date | None:
        """The day after which nothing more is expected; None when nothing ever is."""
        if self.steps:
            return max(day for day, _percent in self.steps)
        if self.starts_on is not None and self.due_on is not None:
            return max(self.starts_on, self.due_on)
        return None if self.year is None else date(self.year, 12, 31)


def expected(
    milestones: Iterable[MilestoneFacts] = (),
    *,
    starts_on: date | None = None,
    due_on: date | None = None,
    year: int | None = None,
    today: date,
) -> Decimal | None:
    """Planned weights of milestones if any, else days elapsed / days planned, else months elapsed / 12 of ``year``.

    None when none of the three is known.
    """
    by_plan = Schedule.of(milestones, starts_on=starts_on, due_on=due_on).expected(today)
    return by_plan if by_plan is not None else Schedule(year=year).expected(today)


def behind(progress: Decimal | None, expected: Decimal | None, *, mode: Mode = "points") -> Decimal | None:
    """How far progress lies behind: points, or percent of the expected. Negative is ahead, None is unknown."""
    if progress is None or expected is None:
        return None
    gap = expected - progress
    if mode == "ratio":
        if expected == 0:
            return Decimal(0)
        gap = gap * ALL / expected
    return gap.quantize(PRECISION)


def from_milestones(milestones: Iterable[MilestoneFacts]) -> Decimal | None:
    """The share of the weights that is reached.

    None without weights, and None while none is reached: that may also mean that nobody has reported.
    """
    weighted = [milestone for milestone in milestones if milestone.is_weighted]
    reached = [milestone for milestone in weighted if milestone.actual_on is not None]
    if not reached:
        return None
    return _weight(reached) * ALL / _weight(weighted)


def share_elapsed(start: date, end: date, *, today: date) -> Decimal:
    """Days that are over / days planned, both ends counted: 0 on the first day, 100 from the day after the last."""
    planned = max((end - start).days + 1, 1)
    over = min(max((today - start).days, 0), planned)
    return Decimal(over) * ALL / planned


def months_elapsed(year: int, *, today: date) -> Decimal:
    """Months of the year that are over / 12: 0 until the end of January, 100 from the next New Year's Day."""
    over = min(max((today.year - year) * 12 + today.month - 1, 0), 12)
    return Decimal(over) * ALL / 12


def _steps(milestones: Iterable[MilestoneFacts]) -> tuple[tuple[date, Decimal], ...]:
    """Cumulative percent by planned day; a weight without a date is never expected, yet part of the whole."""
    weighted = [milestone for milestone in milestones if milestone.is_weighted]
    planned = sorted({item.planned_on for item in weighted if item.planned_on is not None})
    whole = _weight(weighted)
    return tuple((day, (_weight(_planned_by(day, weighted)) * ALL / whole).quantize(STEP_PRECISION)) for day in planned)


def _planned_by(day: date, milestones: Iterable[MilestoneFacts]) -> list[MilestoneFacts]:
    return [item for item in milestones if item.planned_on is not None and item.planned_on <= day]


def _weight(milestones: Iterable[MilestoneFacts]) -> Decimal:
    return sum((item.weight for item in milestones if item.weight is not None), start=Decimal(0))


def _day(value: str | int | None) -> date | None:
    return None if value is None else date.fromisoformat(str(value))
