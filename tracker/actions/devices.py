"""The devices of a person: noted at sign-in, signed out one by one or all at once."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from knox.models import AuthToken

from projects.errors import DomainError
from tracker.actions import events
from tracker.actions.events import Entry
from tracker.event_kinds import EventKind
from tracker.models import Device, User
from tracker.policies import Actor
from tracker.queries import token_cache

LONGEST_NAME = 60
# `last_used_at` is as exact as this; a write for every read would cost more than it tells.
NOTED_EVERY = timedelta(minutes=5)


@transaction.atomic
def signed_in(token: AuthToken, *, name: str, by: Actor) -> Device:
    """Note the device that got this token.

    Args:
        name: what the person or the program calls it; cut to LONGEST_NAME characters.
    """
    if by.user is None:
        raise DomainError("not_signed_in")
    device = Device.objects.create(token=token, owner=by.user, name=name[:LONGEST_NAME] or "API")
    _tell(EventKind.DEVICE_SIGNED_IN, device, by=by)
    return device


@transaction.atomic
def revoke(refs: Iterable[UUID] | None, *, by: Actor) -> list[str]:
    """Sign these devices of the person out, or with None all of them, also tokens that no device is known of.

    Returns:
        The digests of the tokens that are gone, for those who keep them in a cache.

    Raises:
        DomainError: no such device of this person.
    """
    if by.user is None:
        raise DomainError("not_signed_in")
    mine = Device.objects.filter(owner=by.user).select_for_update(of=("self",)).order_by("pk")
    if refs is not None:
        mine = mine.filter(ref__in=list(refs))
    devices = list(mine)
    if refs is not None and not devices:
        raise DomainError("not_found")
    tokens = AuthToken.objects.filter(user=by.user)
    if refs is not None:
        tokens = tokens.filter(device__in=devices)
    digests = list(tokens.values_list("digest", flat=True))
    for device in devices:
        _tell(EventKind.DEVICE_REVOKED, device, by=by)
    AuthToken.objects.filter(digest__in=digests).delete()
    return digests


def end_all(user: User, *, by: Actor) -> None:
    """Sign every device of a person out, because their password changed. Their sessions end by themselves.

    For actions only: the caller has asked the policy. No token works on from a cache once this is committed.
    """
    digests = list(AuthToken.objects.filter(user=user).values_list("digest", flat=True))
    for device in Device.objects.filter(owner=user).select_for_update(of=("self",)).order_by("pk"):
        _tell(EventKind.DEVICE_REVOKED, device, by=by)
    AuthToken.objects.filter(user=user).delete()
    transaction.on_commit(lambda: token_cache.forget(digests))


def used(digest: str, *, now: datetime) -> None:
    """Note that the device was at work; no event, and one UPDATE at most in NOTED_EVERY."""
    stale = Q(last_used_at__isnull=True) | Q(last_used_at__lt=now - NOTED_EVERY)
    Device.objects.filter(stale, token=digest).update(last_used_at=now)


def _tell(kind: EventKind, device: Device, *, by: Actor) -> None:
    named = ["", device.name] if kind == EventKind.DEVICE_SIGNED_IN else [device.name, ""]
    changes: events.Changes = {"name": named}
    events.record(Entry(kind=kind, subject=f"device {device.ref}", changes=changes, is_demo=by.is_demo), by=by)
