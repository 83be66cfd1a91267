"""Secret addresses for calendar programs: made, revoked, never changed. The secret is told once and not stored."""

import secrets
from datetime import date, datetime
from hashlib import sha256
from typing import NamedTuple

from django.db import transaction

from projects.errors import DomainError
from tracker.actions import events
from tracker.actions.events import Entry
from tracker.event_kinds import EventKind
from tracker.models import CalendarFeed, User
from tracker.policies import Actor
from tracker.queries import feeds

SECRET_BYTES = 32


class Opened(NamedTuple):
    """A new address and its secret, which nobody can read again."""

    feed: CalendarFeed
    token: str


def digest(token: str) -> str:
    """What is stored of a secret. It has 256 random bits: no salt, no slow hash is needed."""
    return sha256(token.encode()).hexdigest()


@transaction.atomic
def open_feed(department: str = "", *, by: Actor) -> Opened:
    """Make an address for the person's own matters, or for those of a department (its code).

    Raises:
        DomainError: a department that is not open to the person, or too many valid addresses.
    """
    if by.user is None:
        raise DomainError("not_allowed")
    of_department = feeds.departments_for(by).filter(code=department).first() if department else None
    if department and of_department is None:
        raise DomainError("feed_department_foreign", field="department")
    # Two windows at once must not make an eleventh.
    User.objects.select_for_update(of=("self",)).get(pk=by.user.pk)
    if feeds.valid_of(by).count() >= feeds.MOST_FEEDS:
        raise DomainError("feed_too_many", most=feeds.MOST_FEEDS)
    token = secrets.token_urlsafe(SECRET_BYTES)
    feed = CalendarFeed.objects.create(owner=by.user, department=of_department, digest=digest(token))
    _tell(EventKind.FEED_OPENED, feed, by=by)
    return Opened(feed, token)


@transaction.atomic
def revoke(feed_id: int, *, by: Actor, now: datetime) -> None:
    """Take an address of one's own back; from this moment it is unknown.

    Raises:
        DomainError: no valid address of this person.
    """
    feed = feeds.valid_of(by).select_related(None).select_for_update(of=("self",)).filter(pk=feed_id).first()
    if by.user is None or feed is None:
        raise DomainError("feed_gone")
    feed.revoked_at = now
    feed.save(update_fields=["revoked_at"])
    _tell(EventKind.FEED_REVOKED, feed, by=by)


def use(token: str, *, today: date) -> CalendarFeed | None:
    """The address with this secret, None when there is none that is valid. Notes the day, once a day; no event."""
    feed = feeds.by_digest(digest(token))
    if feed is not None and feed.last_used_on != today:
        CalendarFeed.objects.filter(pk=feed.pk).update(last_used_on=today)
    return feed


def _tell(kind: EventKind, feed: CalendarFeed, *, by: Actor) -> None:
    code = feed.department.code if feed.department else ""
    changes: events.Changes = {"department": ["", code] if kind == EventKind.FEED_OPENED else [code, ""]}
    is_demo = by.is_demo
    events.record(Entry(kind=kind, subject=f"feed {feed.pk}", changes=changes, is_demo=is_demo), by=by)
