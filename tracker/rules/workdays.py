"""Chinese working days: weekends, holidays and make-up days 调休, as the notices and then `holidays` have them. Pure.

For a year without a published notice only weekends and statutory holidays are known; `Calendar.is_official` says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

import holidays

ONE_DAY = timedelta(days=1)
SATURDAY = 5
# Every notice since this year moves working days to weekends; before it the data has gaps.
OFFICIAL_FROM = 2007
# A holiday's days off lie around the day that the law names.
NEAR_DAYS = 3
FIRST_YEAR, LAST_YEAR = 2000, 2099  # those of the calendar's page
# Month and day of statutory holidays that no notice has ever moved.
NEVER_WORKED = frozenset({(1, 1), (5, 1), (10, 1), (10, 2), (10, 3)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """The working days of China.

    Args:
        moved: what the office has entered from the State Council's notices: day → whether offices work on it. It comes
            before what the package `holidays` knows.
    """

    moved: Mapping[date, bool] = field(default_factory=lambda: MappingProxyType({}))

    def is_working_day(self, day: date) -> bool:
        """Whether offices work on the day; make-up days at weekends count, days off in their stead do not."""
        entered = self.moved.get(day)
        if entered is not None:
            return entered
        days_off, make_up_days = _package(day.year)
        if day in make_up_days:
            return True
        return day.weekday() < SATURDAY and day not in days_off

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days lie after ``start`` and up to and including ``end``; 0 when ``end`` is not later."""
        return sum(self.is_working_day(start + timedelta(days=ahead)) for ahead in range(1, (end - start).days + 1))

    def add_working_days(self, day: date, count: int) -> date:
        """The ``count``-th working day after the day; before it for a negative count; the day itself for 0."""
        step = ONE_DAY if count > 0 else -ONE_DAY
        left = abs(count)
        while left > 0:
            day += step
            left -= self.is_working_day(day)
        return day

    def previous_working_day(self, day: date) -> date:
        """The last working day before the day."""
        return self.add_working_days(day, -1)

    def same_or_next_working_day(self, day: date) -> date:
        """The day, or the first working day after it."""
        return day if self.is_working_day(day) else self.add_working_days(day, 1)

    def is_official(self, year: int) -> bool:
        """Whether the year rests on a notice: the office entered all of it, or `holidays` knows its make-up days.

        All of it: a make-up day, and days off at every statutory holiday. A notice that is entered half is none.

        Every notice since 2007 names make-up days, and `holidays` knows make-up days from notices only; a year without
        one is computed, not published (in holidays 0.109 that is 2027 and later).
        """
        return self._is_entered(year) or (year >= OFFICIAL_FROM and bool(_package(year)[1]))

    def _is_entered(self, year: int) -> bool:
        if not any(works and day.year == year for day, works in self.moved.items()):
            return False
        off = {day for day, works in self.moved.items() if not works}
        near = range(-NEAR_DAYS, NEAR_DAYS + 1)
        return all(any(day + ahead * ONE_DAY in off for ahead in near) for day in _package(year)[0])

    def is_settled(self, first: date, last: date) -> bool:
        """Whether every year from the one day to the other is official."""
        return all(self.is_official(year) for year in range(first.year, last.year + 1))


def is_never_worked(day: date) -> bool:
    """Whether the day is a fixed statutory holiday, on which no notice lets offices work."""
    return (day.month, day.day) in NEVER_WORKED


# What the package knows, with nothing entered by the office.
STANDARD = Calendar()


@lru_cache(maxsize=64)
def _package(year: int) -> tuple[frozenset[date], frozenset[date]]:
    """Days off and make-up days of one year, as the package has them."""
    china = holidays.country_holidays("CN", years=year)
    return frozenset(china), frozenset(day for day in china.weekend_workdays if day.year == year)
