"""What charts are given: frozen values, already worded. No drawing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """One light's part of a proportion bar and where its rows are listed; "" where a page has no links (the wall)."""

    health: str
    count: int
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A value on a day; None is a period without a value. A value that is only reported is drawn hollow."""

    on: date
    value: Decimal | None
    is_verified: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """What shall be reached on a day, with its worded number, e.g. "≥262"."""

    on: date
    value: Decimal
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """What may come: the range expected on a day, with its worded middle, e.g. "about 246".

    `middle` None: halfway. Equal `low` and `high`: no range is known, a line alone is drawn.
    """

    on: date
    low: Decimal
    high: Decimal
    label: str = ""
    middle: Decimal | None = None

    @property
    def likely(self) -> Decimal:
        return (self.low + self.high) / 2 if self.middle is None else self.middle


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A milestone. `is_late` is the rules' word, not the chart's."""

    name: str
    planned_on: date | None = None
    forecast_on: date | None = None
    actual_on: date | None = None
    is_late: bool = False

    @property
    def stands_on(self) -> date | None:
        """Where its mark goes: reached, else forecast, else planned; None: it has no date."""
        return self.actual_on or self.forecast_on or self.planned_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One period with what it brought and what was planned for it; None is unknown."""

    label: str
    value: Decimal | None
    planned: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One of two lines in a plot, with its name."""

    name: str
    points: Sequence[Point]
