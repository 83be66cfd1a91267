"""Reporting periods: open from their first day until the grace days after their end."""

from dataclasses import replace
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


@pytest.mark.parametrize(
    ("today", "opens_days", "grace_days", "starts"),
    [
        (date(2026, 6, 24), 5, 5, []),
        (date(2026, 6, 25), 5, 5, [date(2026, 6, 1)]),
        (date(2026, 6, 30), 0, 0, [date(2026, 6, 1)]),
        (date(2026, 7, 5), 5, 5, [date(2026, 6, 1)]),
        (date(2026, 7, 6), 5, 5, []),
        (date(2026, 6, 1), 92, 5, [date(2026, 6, 1), date(2026, 5, 1)]),
        (date(2026, 6, 27), 5, 30, [date(2026, 6, 1), date(2026, 5, 1)]),
    ],
)
def test_a_window_opens_so_many_days_before_the_period_ends(
    today: date, opens_days: int, grace_days: int, starts: list[date]
) -> None:
    found = periods.open_periods(today, cycle=Cycle.MONTH, grace_days=grace_days, opens_days=opens_days)
    assert [period.start for period in found] == starts


def test_a_period_never_opens_before_it_starts() -> None:
    period = periods.period_of(date(2026, 2, 3), Cycle.MONTH, 5, opens_days=40)
    assert period is not None
    assert period.opens_on == date(2026, 2, 1)


# Today is 15 June 2026; May closed on 5 June, April on 5 May.
@pytest.mark.parametrize(
    ("since", "last", "late_periods", "starts"),
    [
        (date(2026, 1, 1), None, 0, []),
        (date(2026, 1, 1), None, 1, [date(2026, 5, 1)]),
        (date(2026, 1, 1), None, 2, [date(2026, 4, 1), date(2026, 5, 1)]),
        (date(2026, 5, 20), None, 2, [date(2026, 5, 1)]),
        (date(2026, 6, 2), None, 2, []),
        (date(2026, 1, 1), date(2026, 4, 30), 2, [date(2026, 5, 1)]),
        (date(2026, 1, 1), date(2026, 5, 31), 2, []),
        (None, None, 2, []),
    ],
)
def test_the_last_missed_periods_may_still_be_reported_late(
    since: date | None, last: date | None, late_periods: int, starts: list[date]
) -> None:
    facts = ReportingFacts(tracked_since=since, last_period_end=last, late_periods=late_periods)
    found = periods.late_periods(facts, today=date(2026, 6, 15))
    assert [period.start for period in found] == starts
    assert all(period.is_late(date(2026, 6, 15)) for period in found)
    taken = periods.takeable(facts, today=date(2026, 6, 15))
    assert [period.start for period in taken] == [date(2026, 6, 1), *reversed(starts)]


@pytest.mark.parametrize(
    ("facts", "since", "asked"),
    [
        (monthly(date(2026, 1, 1)), None, date(2026, 6, 1)),
        (replace(monthly(date(2026, 1, 1)), late_periods=1), None, date(2026, 5, 1)),
        (replace(monthly(date(2026, 1, 1)), late_periods=2), None, date(2026, 4, 1)),
        (replace(monthly(date(2026, 1, 1), last=date(2026, 5, 31)), late_periods=2), None, date(2026, 6, 1)),
        (monthly(date(2026, 1, 1), last=date(2026, 6, 30)), None, None),
        (ReportingFacts(), None, date(2026, 6, 1)),
        (ReportingFacts(), date(2026, 7, 1), None),
        (ReportingFacts(cycle=Cycle.NONE), None, None),
        (replace(monthly(date(2026, 6, 1)), opens_days=5), None, None),
        (replace(monthly(date(2026, 1, 1)), opens_days=5, late_periods=1), None, date(2026, 5, 1)),
    ],
)
def test_the_oldest_period_without_a_report_is_asked_first(
    facts: ReportingFacts, since: date | None, asked: date | None
) -> None:
    found = periods.asked_for(facts, today=date(2026, 6, 15), since=since)
    assert (found and found.start) == asked


def test_a_late_report_ends_the_miss_as_one_in_time_does() -> None:
    before = monthly(date(2026, 4, 1))
    assert len(periods.missed_periods(before, today=date(2026, 6, 15))) == 2
    after = monthly(date(2026, 4, 1), last=date(2026, 5, 31))
    assert periods.missed_periods(after, today=date(2026, 6, 15)) == ()


@pytest.mark.parametrize(
    ("support_days", "opens_days", "due_on"),
    [(3, None, date(2026, 6, 2)), (0, None, date(2026, 6, 5)), (30, 5, date(2026, 5, 26))],
)
def test_contributions_are_due_so_many_days_before_reports_close(
    support_days: int, opens_days: int | None, due_on: date
) -> None:
    period = periods.period_of(date(2026, 5, 1), Cycle.MONTH, 5, opens_days=opens_days)
    assert period is not None
    assert periods.contributions_due_on(period, support_days=support_days) == due_on
