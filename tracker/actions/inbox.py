"""Looking at the inbox. Leaves no event: to read is no change of a commitment."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction

from projects.errors import DomainError
from tracker.models import Reminder
from tracker.policies import Actor
from tracker.queries import inbox


@transaction.atomic
def read(ids: Collection[int], *, by: Actor, today: date, now: datetime) -> int:
    """Mark the lines of these reminders as read; returns how many reminders were unread until now.

    A line is read with all its reminders, by the person or by who stands in. The first time stays. What is not in this
    person's inbox is passed over, as is what does not exist.
    """
    if by.user is None:
        raise DomainError("not_allowed")
    return _mark(inbox.unread_with(by, ids, today=today), now=now)


@transaction.atomic
def read_all(*, by: Actor, today: date, now: datetime, up_to: int | None = None) -> int:
    """Mark all that stands as read, up to this key (None: all): what comes after a page is shown stays unread."""
    if by.user is None:
        raise DomainError("not_allowed")
    unread = inbox.standing(by, today=today).filter(read_at__isnull=True)
    if up_to is not None:
        unread = unread.filter(pk__lte=up_to)
    return _mark(list(unread.values_list("pk", flat=True)), now=now)


def _mark(ids: Collection[int], *, now: datetime) -> int:
    """Write the time where there is none: two who read at once leave the first one's."""
    return Reminder.objects.filter(pk__in=ids, read_at__isnull=True).update(read_at=now)
