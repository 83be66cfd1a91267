"""Reporting periods: open from their first day until the grace days after their end."""

from datetime import date

import pytest

from tests.tracker.rules.make import monthly
from tracker.rules import periods
from tracker.rules.periods import Cycle, Period, ReportingFacts


@pytest.mark.parametrize(
    ("day", "cycle", "start", "end", "closes_on"),
    [
        (date(2026, 2, 28), Cycle.MONTH, date(2026, 2, 1), date(2026, 2, 28), date(2026, 3, 5)),
        (date(2028, 2, 1), Cycle.MONTH, date(2028, 2, 1), date(2028, 2, 29), date(2028, 3, 5)),
        (date(2026, 12, 31), Cycle.MONTH, date(2026, 12, 1), date(2026, 12, 31), date(2027, 1, 5)),
        (date(2026, 5, 7), Cycle.QUARTER, date(2026, 4, 1), date(2026, 6, 30), date(2026, 7, 5)),
        (date(2026, 12, 1), Cycle.QUARTER, date(2026, 10, 1), date(2026, 12, 31), date(2027, 1, 5)),
    ],
)
def test_a_day_lies_in_its_month_or_quarter(day: date, cycle: Cycle, start: date, end: date, closes_on: date) -> None:
    assert periods.period_of(day, cycle, 5) == Period(start=start, end=end, opens_on=start, closes_on=closes_on)


def test_without_a_cycle_there_is_no_period() -> None:
    assert periods.period_of(date(2026, 5, 7), Cycle.NONE, 5) is None
    assert periods.open_periods(date(2026, 5, 7), cycle=Cycle.NONE, grace_days=5) == ()
    facts = ReportingFacts(cycle=Cycle.NONE, tracked_since=date(2020, 1, 1))
    assert periods.missed_periods(facts, today=date(2026, 1, 1)) == ()


@pytest.mark.parametrize(
    ("today", "grace_days", "starts"),
    [
        (date(2026, 6, 5), 5, [date(2026, 6, 1), date(2026, 5, 1)]),
        (date(2026, 6, 6), 5, [date(2026, 6, 1)]),
        (date(2026, 6, 6), 0, [date(2026, 6, 1)]),
        (date(2026, 6, 6), 40, [date(2026, 6, 1), date(2026, 5, 1), date(2026, 4, 1)]),
    ],
)
def test_open_periods_are_the_running_one_and_those_in_their_grace(
    today: date, grace_days: int, starts: list[date]
) -> None:
    found = periods.open_periods(today, cycle=Cycle.MONTH, grace_days=grace_days)
    assert [period.start for period in found] == starts


@pytest.mark.parametrize(
    ("reporting", "missed"),
    [
        (ReportingFacts(), 0),
        (ReportingFacts(last_period_end=date(2026, 1, 31)), 0),
        (monthly(date(2026, 7, 1)), 0),
        (monthly(date(2026, 5, 31)), 1),
        (monthly(date(2026, 1, 1)), 5),
        (monthly(date(2026, 1, 1), last=date(2026, 3, 31)), 2),
        (monthly(date(2026, 1, 1), last=date(2026, 6, 30)), 0),
        (monthly(date(2026, 5, 1), last=date(2025, 1, 31)), 1),
        (ReportingFacts(cycle=Cycle.QUARTER, tracked_since=date(2025, 12, 1)), 2),
    ],
)
def test_missed_are_the_closed_periods_since_tracking_began_and_after_the_last_report(
    reporting: ReportingFacts, missed: int
) -> None:
    assert len(periods.missed_periods(reporting, today=date(2026, 6, 15))) == missed


@pytest.mark.parametrize(
    ("reporting", "closing"),
    [
        (ReportingFacts(), None),
        (monthly(date(2026, 1, 1)), date(2026, 7, 5)),
        (monthly(date(2026, 1, 1), last=date(2026, 6, 30)), date(2026, 8, 5)),
        (monthly(date(2026, 9, 9)), date(2026, 10, 5)),
    ],
)
def test_the_next_closing_is_that_of_the_first_period_still_owed(
    reporting: ReportingFacts, closing: date | None
) -> None:
    assert periods.next_closing(reporting, today=date(2026, 6, 15)) == closing
