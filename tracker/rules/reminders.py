"""Reminder planning. Pure: give it a rule and a day, get back the anchors to remind of.

A reminder that falls on a day off goes out on the working day before it (PRODUCT.md §6). Days on which no sweep ran are
caught up by the next one. Asking twice is harmless: the rows that come of it are unique.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.choices import Audience, ReminderOccasion
from tracker.rules.ladder import Rung
from tracker.rules.workdays import Calendar

ONE_DAY = timedelta(days=1)
# A longer silence is not caught up: a reminder more than a month old helps nobody.
CATCH_UP_DAYS = 31


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFacts:
    """A rule as its version in force says it.

    Args:
        counts_working_days: the days of the ladder are working days. So it must be where the anchor is the day of
            something that happened: nothing can be sent on a working day before it.
    """

    code: str
    occasion: ReminderOccasion
    ladder: tuple[Rung, ...] = ()
    counts_working_days: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What a day asks of a rule: tell this audience about matters whose anchor is one of these days."""

    audience: Audience
    offset: int
    anchors: tuple[date, ...]


def fire_days(today: date, *, last_run: date | None, calendar: Calendar) -> tuple[date, ...]:
    """The calendar days that today's sweep serves, in order; none on a day off.

    Today, the days off that follow at once, and what was not served since ``last_run``, the last day a sweep ran
    (None: never). A run on a day off served nothing, so the working day before it is served again.
    """
    if not calendar.is_working_day(today):
        return ()
    first = today
    if last_run is not None and last_run < today:
        served_to = _last_served(last_run, calendar)
        first = min(today, max(served_to + ONE_DAY, today - timedelta(days=CATCH_UP_DAYS)))
    last = _last_served(today, calendar)
    return tuple(first + timedelta(days=ahead) for ahead in range((last - first).days + 1))


def asks(rule: RuleFacts, *, today: date, last_run: date | None, calendar: Calendar) -> Iterator[Ask]:
    """What today's sweep asks of the rule, missed days included; nothing on a day off.

    Nothing is asked for what the office sends by hand.
    """
    days = fire_days(today, last_run=last_run, calendar=calendar)
    if rule.occasion == ReminderOccasion.BY_HAND or not days:
        return
    if rule.counts_working_days:
        days = tuple(day for day in days if day <= today and calendar.is_working_day(day))
    for rung in rule.ladder:
        for offset in rung.offsets:
            anchors = [anchor for day in days for anchor in _anchors(rule, day, offset, calendar)]
            yield Ask(audience=rung.audience, offset=offset, anchors=tuple(anchors))


def next_fire_day(rule: RuleFacts, *, anchor: date, today: date, calendar: Calendar) -> date | None:
    """The next working day, today or later, on which the rule reminds of this anchor; None when it no longer does."""
    offsets = [offset for rung in rule.ladder for offset in rung.offsets]
    if rule.counts_working_days:
        sent = [calendar.add_working_days(anchor, offset) for offset in offsets]
    else:
        days = [anchor + timedelta(days=offset) for offset in offsets]
        sent = [day if calendar.is_working_day(day) else calendar.previous_working_day(day) for day in days]
    return min((day for day in sent if day >= today), default=None)


def _anchors(rule: RuleFacts, day: date, offset: int, calendar: Calendar) -> Iterator[date]:
    """The anchors from which the day is ``offset`` days away, as the rule counts."""
    if not rule.counts_working_days:
        yield day - timedelta(days=offset)
        return
    # Several anchors have the same n-th working day after (or before) them: a working day and the days off beside it.
    anchor = calendar.add_working_days(day, -offset)
    step = ONE_DAY if offset > 0 else -ONE_DAY
    while True:
        yield anchor
        anchor += step
        if calendar.is_working_day(anchor):
            return


def _last_served(run_on: date, calendar: Calendar) -> date:
    """The last day that a sweep on this day serves: itself and the days off after it, or nothing on a day off."""
    if not calendar.is_working_day(run_on):
        return calendar.previous_working_day(run_on) - ONE_DAY
    day = run_on
    while not calendar.is_working_day(day + ONE_DAY):
        day += ONE_DAY
    return day
