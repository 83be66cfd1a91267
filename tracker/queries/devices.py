"""The devices that a person is signed in on."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q

from tracker.models import Device
from tracker.policies import Actor


class SignedIn(NamedTuple):
    """One device; `expires_at` None: its token has no end."""

    ref: UUID
    name: str
    signed_in_at: datetime
    last_used_at: datetime | None
    expires_at: datetime | None
    digest: str


def of(viewer: Actor, *, now: datetime) -> list[SignedIn]:
    """The person's own devices whose token is still good, newest first."""
    rows = Device.objects.filter(Q(token__expiry__isnull=True) | Q(token__expiry__gt=now), owner_id=viewer.user_id)
    columns = ("ref", "name", "signed_in_at", "last_used_at", "token__expiry", "token")
    return [SignedIn(*row) for row in rows.values_list(*columns)]
