"""Reporting periods: which are open today, which may still be reported late, which were missed. Pure; calendar days.

A period is missed from the day after it closes until a report arrives, in time or late. A report on a later period
settles the gap before it: what it says is newer.
"""

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

    def is_open(self, today: date) -> bool:
        """Whether a report handed in today is in time."""
        return self.opens_on <= today <= self.closes_on

    def is_late(self, today: date) -> bool:
        """Whether a report handed in today is late."""
        return today > self.closes_on


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportingFacts:
    """What is owed and what has come in.

    Args:
        opens_days: a period opens this many days before its end; None: on its first day.
        late_periods: so many of the last closed periods may still be reported, marked late.
        tracked_since: first day from which reports are owed; the period that holds it is the first one. None: none.
        last_period_end: end of the latest period with a submitted or accepted report; None: no report yet.
    """

    cycle: Cycle = Cycle.MONTH
    grace_days: int = 5
    opens_days: int | None = None
    late_periods: int = 0
    tracked_since: date | None = None
    last_period_end: date | None = None


def period_of(day: date, cycle: Cycle, grace_days: int, *, opens_days: int | None = None) -> Period | None:
    """The period that contains the day; None when the cycle asks for no reports. It never opens before it starts."""
    months = MONTHS_PER_PERIOD.get(cycle)
    if months is None:
        return None
    first_month = (day.month - 1) // months * months + 1
    start = date(day.year, first_month, 1)
    end = _month_end(day.year, first_month + months - 1)
    opens_on = start if opens_days is None else max(start, end - timedelta(days=opens_days))
    return Period(start=start, end=end, opens_on=opens_on, closes_on=end + timedelta(days=grace_days))


def period_before(period: Period, cycle: Cycle, grace_days: int, *, opens_days: int | None = None) -> Period | None:
    """The period before this one."""
    return period_of(period.start - timedelta(days=1), cycle, grace_days, opens_days=opens_days)


def open_periods(today: date, *, cycle: Cycle, grace_days: int, opens_days: int | None = None) -> tuple[Period, ...]:
    """The periods in whose window today lies, newest first; empty between two windows and without a cycle."""
    found: list[Period] = []
    period = period_of(today, cycle, grace_days, opens_days=opens_days)
    while period is not None and period.closes_on >= today:
        if period.is_open(today):
            found.append(period)
        period = period_before(period, cycle, grace_days, opens_days=opens_days)
    return tuple(found)


def late_periods(reporting: ReportingFacts, *, today: date) -> tuple[Period, ...]:
    """The missed periods that may still be reported, marked late, oldest first: the last ones, as many as allowed."""
    if reporting.late_periods <= 0:
        return ()
    return missed_periods(reporting, today=today)[-reporting.late_periods :]


def takeable(reporting: ReportingFacts, *, today: date) -> tuple[Period, ...]:
    """Every period that a report may be handed in for today, late ones too, newest first."""
    in_time = open_periods(
        today, cycle=reporting.cycle, grace_days=reporting.grace_days, opens_days=reporting.opens_days
    )
    return in_time + tuple(reversed(late_periods(reporting, today=today)))


def asked_for(reporting: ReportingFacts, *, today: date, since: date | None = None) -> Period | None:
    """The period to report next: the oldest one, late or open, that has no report; None when none is to be asked for.

    Nothing that ended before ``since`` is asked for. Unlike a miss, an open period is asked for where nobody fixed
    since when reports are owed.
    """
    since, last = since or reporting.tracked_since, reporting.last_period_end
    for period in reversed(takeable(reporting, today=today)):
        is_reported = last is not None and period.end <= last
        if not is_reported and (since is None or period.end >= since):
            return period
    return None


def contributions_due_on(period: Period, *, support_days: int) -> date:
    """The last day on which a supporting department's contribution is in time, never before the period opens."""
    return max(period.opens_on, period.closes_on - timedelta(days=support_days))


def owed_periods(reporting: ReportingFacts) -> Iterator[Period]:
    """The periods without a report since reports are owed, oldest first, without end; none when none is owed."""
    if reporting.tracked_since is None:
        return
    day = reporting.tracked_since
    if reporting.last_period_end is not None:
        day = max(day, reporting.last_period_end + timedelta(days=1))
    period = _next(reporting, day)
    while period is not None:
        yield period
        period = _next(reporting, period.end + timedelta(days=1))


def missed_periods(reporting: ReportingFacts, *, today: date) -> tuple[Period, ...]:
    """The periods that closed before today without a report, oldest first (PRODUCT.md §5 counts them)."""
    missed: list[Period] = []
    for period in owed_periods(reporting):
        if period.closes_on >= today:
            break
        missed.append(period)
    return tuple(missed)


def next_closing(reporting: ReportingFacts, *, today: date) -> date | None:
    """The last day on which the next owed report can be handed in in time; None when none is owed."""
    return next((period.closes_on for period in owed_periods(reporting) if period.closes_on >= today), None)


def _next(reporting: ReportingFacts, day: date) -> Period | None:
    return period_of(day, reporting.cycle, reporting.grace_days, opens_days=reporting.opens_days)


def _month_end(year: int, month: int) -> date:
    if month == 12:
        return date(year, 12, 31)
    return date(year, month + 1, 1) - timedelta(days=1)
