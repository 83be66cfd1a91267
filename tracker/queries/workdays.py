"""The working days as the office has entered them, and which years rest on a notice. One query each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.models import DayOverride
from tracker.rules.workday_rows import Judgement, MovedDay, judge
from tracker.rules.workdays import STANDARD, Calendar

# So far ahead the sweep and the pages look for a year that nobody has announced.
AHEAD = timedelta(days=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class YearStanding:
    """What one year's working days rest on.

    Args:
        is_official: they rest on a notice; False: only weekends and statutory holidays are known, all is provisional.
        is_in_package: the package `holidays` knows the notice, with or without the office.
        moved_count: how many days the office has entered; `notices`: the sources it named, without repetition.
    """

    year: int
    is_official: bool
    is_in_package: bool = False
    moved_count: int = 0
    notices: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """This year and the next. `soon`: the years of today and of the next 60 days that are provisional."""

    years: Sequence[YearStanding]
    soon: tuple[int, ...] = ()


def calendar() -> Calendar:
    """The calendar that holds today: what the office entered comes before what the package knows."""
    return Calendar(moved=dict(DayOverride.objects.values_list("day", "is_working")))


def standing(today: date) -> Standing:
    """What the working days of this year and the next rest on."""
    rows = list(DayOverride.objects.order_by("day").values_list("day", "is_working", "notice"))
    days = Calendar(moved={day: works for day, works, _notice in rows})
    found = []
    for year in (today.year, today.year + 1):
        notices = [notice for day, _works, notice in rows if day.year == year]
        found.append(
            YearStanding(
                year=year,
                is_official=days.is_official(year),
                is_in_package=STANDARD.is_official(year),
                moved_count=len(notices),
                notices=tuple(dict.fromkeys(notices)),
            )
        )
    return Standing(years=tuple(found), soon=provisional(days, years=(today.year, (today + AHEAD).year)))


def provisional(days: Calendar, *, years: Iterable[int]) -> tuple[int, ...]:
    """Those of the years that rest on no notice, in order, once each."""
    return tuple(year for year in sorted(set(years)) if not days.is_official(year))


def stored(days: Iterable[date]) -> Mapping[date, MovedDay]:
    """What is entered of these days."""
    rows = DayOverride.objects.filter(day__in=list(days))
    return {row.day: MovedDay(day=row.day, is_working=row.is_working, name=row.name, notice=row.notice) for row in rows}


def preview(rows: Sequence[MovedDay]) -> Judgement:
    """What entering the days would do."""
    return judge(rows, stored(row.day for row in rows))
