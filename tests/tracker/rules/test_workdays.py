"""Chinese working days, against the State Council's notice for 2026."""

from datetime import date, timedelta

import pytest

from tracker.rules import workdays

MAKE_UP_DAYS = [
    date(2026, 1, 4),
    date(2026, 2, 14),
    date(2026, 2, 28),
    date(2026, 5, 9),
    date(2026, 9, 20),
    date(2026, 10, 10),
]
DAYS_OFF = [
    (date(2026, 1, 1), date(2026, 1, 3)),
    (date(2026, 2, 15), date(2026, 2, 23)),
    (date(2026, 4, 4), date(2026, 4, 6)),
    (date(2026, 5, 1), date(2026, 5, 5)),
    (date(2026, 6, 19), date(2026, 6, 21)),
    (date(2026, 9, 25), date(2026, 9, 27)),
    (date(2026, 10, 1), date(2026, 10, 7)),
]


@pytest.mark.parametrize("day", MAKE_UP_DAYS)
def test_offices_work_on_make_up_days(day: date) -> None:
    assert day.weekday() >= 5
    assert workdays.is_working_day(day)


@pytest.mark.parametrize(("first", "last"), DAYS_OFF)
def test_offices_are_closed_on_holidays_and_work_on_the_days_around_them(first: date, last: date) -> None:
    for offset in range((last - first).days + 1):
        assert not workdays.is_working_day(first + timedelta(days=offset))
    assert workdays.is_working_day(last + timedelta(days=1))


def test_the_year_2026_has_as_many_working_days_as_the_notice_leaves() -> None:
    # 261 weekdays, less 19 holidays on weekdays, plus 6 make-up days.
    assert workdays.working_days_between(date(2025, 12, 31), date(2026, 12, 31)) == 248


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [
        (date(2026, 6, 8), date(2026, 6, 8), 0),
        (date(2026, 6, 9), date(2026, 6, 8), 0),
        (date(2026, 6, 8), date(2026, 6, 9), 1),
        (date(2026, 6, 12), date(2026, 6, 15), 1),
        (date(2026, 9, 30), date(2026, 10, 10), 3),
    ],
)
def test_working_days_between_count_the_end_but_not_the_start(start: date, end: date, count: int) -> None:
    assert workdays.working_days_between(start, end) == count


def test_adding_and_stepping_back_skip_days_off() -> None:
    assert workdays.add_working_days(date(2026, 9, 30), 3) == date(2026, 10, 10)
    assert workdays.add_working_days(date(2026, 10, 3), 0) == date(2026, 10, 3)
    assert workdays.previous_working_day(date(2026, 10, 8)) == date(2026, 9, 30)
    assert workdays.previous_working_day(date(2026, 10, 12)) == date(2026, 10, 10)


@pytest.mark.parametrize(
    ("year", "official"), [(2006, False), (2007, True), (2020, True), (2025, True), (2026, True), (2040, False)]
)
def test_a_calendar_is_official_only_when_a_notice_is_in_the_data(year: int, official: bool) -> None:
    assert workdays.is_calendar_official(year) is official
