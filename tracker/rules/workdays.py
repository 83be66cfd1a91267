"""Chinese working days: weekends, holidays and make-up days 调休, as `holidays` has them from the notices.

For a year without a published notice only weekends and statutory holidays are known; `is_calendar_official` says so.
"""

from datetime import date, timedelta
from functools import lru_cache

import holidays

ONE_DAY = timedelta(days=1)
SATURDAY = 5
# Every notice since this year moves working days to weekends; before it the data has gaps.
OFFICIAL_FROM = 2007


def is_working_day(day: date) -> bool:
    """Whether offices work on the day; make-up days at weekends count, days off in their stead do not."""
    days_off, make_up_days = _calendar(day.year)
    if day in make_up_days:
        return True
    return day.weekday() < SATURDAY and day not in days_off


def working_days_between(start: date, end: date) -> int:
    """How many working days lie after ``start`` and up to and including ``end``; 0 when ``end`` is not later."""
    return sum(is_working_day(start + timedelta(days=offset)) for offset in range(1, (end - start).days + 1))


def add_working_days(day: date, count: int) -> date:
    """The ``count``-th working day after the day; the day itself for 0."""
    while count > 0:
        day += ONE_DAY
        count -= is_working_day(day)
    return day


def previous_working_day(day: date) -> date:
    """The last working day before the day."""
    day -= ONE_DAY
    while not is_working_day(day):
        day -= ONE_DAY
    return day


def is_calendar_official(year: int) -> bool:
    """Whether the year's notice is in the data.

    Every notice since 2007 names make-up days, and `holidays` knows make-up days from notices only; a year without
    one is computed, not published (in holidays 0.109 that is 2027 and later). An upgrade of the package is enough.
    """
    return year >= OFFICIAL_FROM and bool(_calendar(year)[1])


@lru_cache(maxsize=64)
def _calendar(year: int) -> tuple[frozenset[date], frozenset[date]]:
    """Days off and make-up days of one year."""
    china = holidays.country_holidays("CN", years=year)
    return frozenset(china), frozenset(day for day in china.weekend_workdays if day.year == year)
