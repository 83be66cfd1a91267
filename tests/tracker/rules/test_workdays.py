"""Chinese working days, against the State Council's notice for 2026; what the office enters comes first."""

from datetime import date, timedelta

import pytest

from tracker.rules import workdays
from tracker.rules.workdays import STANDARD, Calendar

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
MONDAY_OFF, SATURDAY_ON = date(2026, 11, 23), date(2026, 11, 28)


@pytest.mark.parametrize("day", MAKE_UP_DAYS)
def test_offices_work_on_make_up_days(day: date) -> None:
    assert day.weekday() >= 5
    assert STANDARD.is_working_day(day)


@pytest.mark.parametrize(("first", "last"), DAYS_OFF)
def test_offices_are_closed_on_holidays_and_work_on_the_days_around_them(first: date, last: date) -> None:
    for offset in range((last - first).days + 1):
        assert not STANDARD.is_working_day(first + timedelta(days=offset))
    assert STANDARD.is_working_day(last + timedelta(days=1))


def test_the_year_2026_has_as_many_working_days_as_the_notice_leaves() -> None:
    # 261 weekdays, less 19 holidays on weekdays, plus 6 make-up days.
    assert STANDARD.working_days_between(date(2025, 12, 31), date(2026, 12, 31)) == 248


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
    assert STANDARD.working_days_between(start, end) == count


def test_adding_and_stepping_back_skip_days_off() -> None:
    assert STANDARD.add_working_days(date(2026, 9, 30), 3) == date(2026, 10, 10)
    assert STANDARD.add_working_days(date(2026, 10, 3), 0) == date(2026, 10, 3)
    assert STANDARD.previous_working_day(date(2026, 10, 8)) == date(2026, 9, 30)
    assert STANDARD.previous_working_day(date(2026, 10, 12)) == date(2026, 10, 10)
    assert STANDARD.same_or_next_working_day(date(2026, 10, 3)) == date(2026, 10, 8)
    assert STANDARD.same_or_next_working_day(date(2026, 10, 8)) == date(2026, 10, 8)


@pytest.mark.parametrize(
    ("year", "official"), [(2006, False), (2007, True), (2020, True), (2025, True), (2026, True), (2040, False)]
)
def test_a_calendar_is_official_only_when_a_notice_is_in_the_data(year: int, official: bool) -> None:
    assert STANDARD.is_official(year) is official


def test_what_the_office_entered_turns_a_monday_off_and_a_saturday_on() -> None:
    entered = Calendar(moved={MONDAY_OFF: False, SATURDAY_ON: True})
    assert (STANDARD.is_working_day(MONDAY_OFF), STANDARD.is_working_day(SATURDAY_ON)) == (True, False)
    assert (entered.is_working_day(MONDAY_OFF), entered.is_working_day(SATURDAY_ON)) == (False, True)
    assert STANDARD.add_working_days(date(2026, 11, 20), 1) == MONDAY_OFF
    assert entered.add_working_days(date(2026, 11, 20), 1) == date(2026, 11, 24)
    assert entered.add_working_days(date(2026, 11, 27), 1) == SATURDAY_ON
    assert entered.working_days_between(date(2026, 11, 20), date(2026, 11, 29)) == 5


def days_of(year: int) -> list[date]:
    return [date(year, 1, 1) + timedelta(days=number) for number in range(366 if year % 4 == 0 else 365)]


def test_what_the_office_entered_wins_over_the_package() -> None:
    spring = date(2026, 2, 14)  # a make-up day of the notice that the package knows
    assert STANDARD.is_working_day(spring)
    assert not Calendar(moved={spring: False}).is_working_day(spring)


def test_a_year_is_official_once_all_of_its_notice_is_entered_and_not_before() -> None:
    off = dict.fromkeys((day for day in days_of(2040) if not STANDARD.is_working_day(day) and day.weekday() < 5), False)
    assert len(off) > 5
    make_up = {date(2040, 2, 18): True}
    assert not Calendar(moved=off).is_official(2040)
    assert not Calendar(moved=make_up).is_official(2040)
    assert not Calendar(moved=make_up | {date(2040, 10, 1): False}).is_official(2040)
    entered = Calendar(moved=off | make_up)
    assert entered.is_official(2040)
    assert not entered.is_official(2041)
    assert entered.is_settled(date(2026, 12, 1), date(2026, 12, 31))
    assert not entered.is_settled(date(2040, 12, 1), date(2041, 1, 31))


@pytest.mark.parametrize("year", range(2007, 2100))
def test_nobody_works_on_new_years_day_whatever_is_known_of_the_year(year: int) -> None:
    day = date(year, 1, 1)
    assert not STANDARD.is_working_day(day)
    assert workdays.is_never_worked(day)


def test_a_year_without_a_notice_has_its_weekdays_less_the_statutory_holidays() -> None:
    for day in (date(2040, 1, 7), date(2040, 1, 8)):  # a Saturday and a Sunday
        assert not STANDARD.is_working_day(day)
    assert STANDARD.is_working_day(date(2040, 1, 9))
    assert not STANDARD.is_working_day(date(2040, 10, 1))
    assert not STANDARD.is_working_day(date(2040, 5, 1))
