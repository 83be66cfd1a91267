"""Reporting periods: which are open today, which were closed without a report. Pure; the days are calendar days."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Cycle(StrEnum):
    """How often a report is owed."""

    MONTH = "month"
    QUARTER = "quarter"
    NONE = "none"


MONTHS_PER_PERIOD = {Cycle.MONTH: 1, Cycle.QUARTER: 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """One reporting period, first and last day; a report is taken from ``opens_on`` through ``closes_on``."""

    start: date
    end: date
    opens_on: date
    closes_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportingFacts:
    """What is owed and what has come in.

    Args:
        tracked_since: first day from which reports are owed; the period that holds it is the first one. None: none.
        last_period_end: end of the latest period with a submitted or accepted report; None: no report yet.
    """

    cycle: Cycle = Cycle.MONTH
    grace_days: int = 5
    tracked_since: date | None = None
    last_period_end: date | None = None


def period_of(day: date, cycle: Cycle, grace_days: int) -> Period | None:
    """The period that contains the day; None when the cycle asks for no reports."""
    months = MONTHS_PER_PERIOD.get(cycle)
    if months is None:
        return None
    first_month = (day.month - 1) // months * months + 1
    start = date(day.year, first_month, 1)
    end = _month_end(day.year, first_month + months - 1)
    return Period(start=start, end=end, opens_on=start, closes_on=end + timedelta(days=grace_days))


def open_periods(today: date, *, cycle: Cycle, grace_days: int) -> tuple[Period, ...]:
    """The periods a report may be handed in for today, newest first; empty when the cycle asks for none."""
    found: list[Period] = []
    period = period_of(today, cycle, grace_days)
    while period is not None and period.closes_on >= today:
        found.append(period)
        period = period_of(period.start - timedelta(days=1), cycle, grace_days)
    return tuple(found)


def owed_periods(reporting: ReportingFacts) -> Iterator[Period]:
    """The periods without a report since reports are owed, oldest first, without end; none when none is owed."""
    if reporting.tracked_since is None:
        return
    day = reporting.tracked_since
    if reporting.last_period_end is not None:
        day = max(day, reporting.last_period_end + timedelta(days=1))
    period = period_of(day, reporting.cycle, reporting.grace_days)
    while period is not None:
        yield period
        period = period_of(period.end + timedelta(days=1), reporting.cycle, reporting.grace_days)


def missed_periods(reporting: ReportingFacts, *, today: date) -> tuple[Period, ...]:
    """The periods that closed before today without a report, oldest first (PRODUCT.md §5 counts them)."""
    missed: list[Period] = []
    for period in owed_periods(reporting):
        if period.closes_on >= today:
            break
        missed.append(period)
    return tuple(missed)


def next_closing(reporting: ReportingFacts, *, today: date) -> date | None:
    """The last day on which the next owed report can be handed in, today or later; None when none is owed."""
    return next((period.closes_on for period in owed_periods(reporting) if period.closes_on >= today), None)


def _month_end(year: int, month: int) -> date:
    if month == 12:
        return date(year, 12, 31)
    return date(year, month + 1, 1) - timedelta(days=1)
