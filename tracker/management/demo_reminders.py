"""The reminders of a demonstration: what the sweeps of the last two weeks would have told. Rows in the inboxes only."""

from datetime import date, timedelta

from django.utils import timezone

from tracker.actions import reminders
from tracker.queries import workdays

REMINDED_DAYS = 14


def remind(*, today: date) -> int:
    """Plan as the sweeps of these days would have, then settle what need not stand any more; how many were planned."""
    calendar = workdays.calendar()
    days = [today - timedelta(days=before) for before in range(REMINDED_DAYS, -1, -1)]
    count = sum(reminders.plan(today=day) for day in days if calendar.is_working_day(day))
    reminders.settle(now=timezone.now())
    return count
