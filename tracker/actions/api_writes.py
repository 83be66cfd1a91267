"""A creation by the API takes effect once, however often the client sends it: what came of the first is remembered."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from projects.errors import DomainError
from tracker.models import ApiWrite
from tracker.policies import Actor

KEPT = timedelta(days=90)


def begin(client_ref: UUID, *, operation: str, fingerprint: str, by: Actor) -> tuple[ApiWrite, bool]:
    """Take the reference, inside the transaction of the creation; of two at once the second waits for the first's end.

    Returns:
        The row, and whether it is new: then the caller creates and tells `finish`; else `location` says what was made.

    Raises:
        DomainError: the reference was used for something else.
    """
    if by.user is None:
        raise DomainError("not_signed_in")
    assert transaction.get_connection().in_atomic_block
    # Not get_or_create: a conflict must wait and then read, not break the transaction.
    ApiWrite.objects.bulk_create(
        [ApiWrite(author=by.user, client_ref=client_ref, operation=operation, fingerprint=fingerprint)],
        ignore_conflicts=True,
    )
    row = ApiWrite.objects.get(author=by.user, client_ref=client_ref)
    _check_same(row, operation=operation, fingerprint=fingerprint)
    return row, not row.location


def made(client_ref: UUID, *, operation: str, fingerprint: str, by: Actor) -> str:
    """Where what the reference made stands; "" while it made nothing. Raises as `begin`; takes no lock."""
    row = ApiWrite.objects.filter(author=by.user, client_ref=client_ref).first()
    if row is None:
        return ""
    _check_same(row, operation=operation, fingerprint=fingerprint)
    return row.location


def finish(row: ApiWrite, *, location: str) -> None:
    """Note what came of it; commits with the creation."""
    ApiWrite.objects.filter(pk=row.pk).update(location=location)


def _check_same(row: ApiWrite, *, operation: str, fingerprint: str) -> None:
    if (row.operation, row.fingerprint) != (operation, fingerprint):
        raise DomainError("client_ref_reused", field="client_ref")


def forget(*, now: datetime) -> int:
    """Drop what is older than KEPT; a retry after so long is a new write. Returns how many."""
    return ApiWrite.objects.filter(at__lt=now - KEPT).delete()[0]
