"""Arithmetic on days that stays inside the calendar: a due date of 9999-12-31 is a date too. No rules here."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta


def after(day: date, count: int = 1) -> date | None:
    """The day ``count`` days after ``day``; None when the calendar ends before it."""
    try:
        return day + timedelta(days=count)
    except OverflowError:
        return None


def earliest(days: Iterable[date | None]) -> date | None:
    """The first of the known days; None when none is known."""
    return min((day for day in days if day is not None), default=None)


def first_where(is_so: Callable[[date], bool], *, later_than: date, through: date) -> date | None:
    """The first day in (later_than, through] on which ``is_so`` holds, for a condition that stays true once it is true.

    None when it does not hold on ``through`` either, or when the range is empty. Takes log2(days) steps.
    """
    low, high = later_than.toordinal() + 1, through.toordinal()
    if low > high or not is_so(through):
        return None
    while low < high:
        middle = (low + high) // 2
        if is_so(date.fromordinal(middle)):
            high = middle
        else:
            low = middle + 1
    return date.fromordinal(low)
