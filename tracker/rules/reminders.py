"""Reminder planning. Pure: give it a rule and a day, get back the due dates to remind of.

A reminder that falls on a day off goes out on the working day before it (PRODUCT.md §6). Days on which no sweep ran are
caught up by the next one. Asking twice is harmless: the rows that come of it are unique.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.choices import ReminderOccasion
from tracker.rules import workdays

ONE_DAY = timedelta(days=1)
# A longer silence is not caught up: a reminder more than a month old helps nobody.
CATCH_UP_DAYS = 31


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderRuleFacts:
    """When to remind. Offsets are whole days, without sign; on the due date they do not count."""

    code: str
    occasion: ReminderOccasion
    offsets: tuple[int, ...] = ()

    @property
    def signed_offsets(self) -> tuple[int, ...]:
        """Days from the due date to the reminder: negative before it, 0 on it, positive after it. Sorted, each once.

        Empty for what the office sends by hand: no day owes it.
        """
        if self.occasion == ReminderOccasion.BY_HAND:
            return ()
        if self.occasion == ReminderOccasion.ON_DUE:
            return (0,)
        sign = -1 if self.occasion == ReminderOccasion.BEFORE_DUE else 1
        return tuple(sorted({sign * abs(offset) for offset in self.offsets}))


def fire_days(today: date, *, last_run: date | None) -> tuple[date, ...]:
    """The calendar days that today's sweep serves, in order; none on a day off.

    Today, the days off that follow at once, and what was not served since ``last_run``, the last day a sweep ran
    (None: never). A run on a day off served nothing, so the working day before it is served again.
    """
    if not workdays.is_working_day(today):
        return ()
    first = today
    if last_run is not None and last_run < today:
        served_to = _last_served(last_run)
        first = min(today, max(served_to + ONE_DAY, today - timedelta(days=CATCH_UP_DAYS)))
    last = _last_served(today)
    return tuple(first + timedelta(days=offset) for offset in range((last - first).days + 1))


def due_dates(rule: ReminderRuleFacts, fire_days: Iterable[date]) -> dict[int, tuple[date, ...]]:
    """The due dates that the rule reminds of on these days, by signed offset as the reminder's row stores it."""
    days = tuple(fire_days)
    return {offset: tuple(day - timedelta(days=offset) for day in days) for offset in rule.signed_offsets}


def is_due(rule: ReminderRuleFacts, *, due_on: date, fire_days: Iterable[date]) -> bool:
    """Whether the rule reminds of this due date on one of these days."""
    return any(due_on in dates for dates in due_dates(rule, fire_days).values())


def next_fire_day(rule: ReminderRuleFacts, *, due_on: date, today: date) -> date | None:
    """The next working day, today or later, on which the rule reminds of this due date; None when it no longer does."""
    days = (due_on + timedelta(days=offset) for offset in rule.signed_offsets)
    sent = (day if workdays.is_working_day(day) else workdays.previous_working_day(day) for day in days)
    return min((day for day in sent if day >= today), default=None)


def _last_served(run_on: date) -> date:
    """The last day that a sweep on this day serves: itself and the days off after it, or nothing on a day off."""
    if not workdays.is_working_day(run_on):
        return workdays.previous_working_day(run_on) - ONE_DAY
    day = run_on
    while not workdays.is_working_day(day + ONE_DAY):
        day += ONE_DAY
    return day
