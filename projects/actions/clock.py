"""The sync clock's hand: take the next revision and write it on what changed."""

from collections.abc import Iterable

from django.db.models import F

from projects.models import Stamped, SyncClock

BATCH = 20_000  # SQLite takes about 32 000 parameters


def tick(*, by: int = 1) -> int:
    """Take the next revision. Serialises all writers until their commit, so no reader can miss one.

    Call last in a transaction: the clock row stays locked until the commit. `by` more than 1 leaves some out.
    """
    if not SyncClock.objects.filter(pk=SyncClock.CLOCK_ID).update(rev=F("rev") + by):
        SyncClock.objects.create(pk=SyncClock.CLOCK_ID, rev=by)
        return by
    return SyncClock.objects.values_list("rev", flat=True).get(pk=SyncClock.CLOCK_ID)


def stamp(*changed: Stamped) -> int:
    """Give all changed objects one new revision and return it. Must run inside the changing transaction."""
    return stamp_all(changed)


def stamp_all(changed: Iterable[Stamped], *, rev: int | None = None) -> int:
    """As `stamp`, for many: one UPDATE per model and `BATCH` of rows. `rev`: taken already; None: the next."""
    rev = tick() if rev is None else rev
    by_model: dict[type[Stamped], list[Stamped]] = {}
    for item in changed:
        by_model.setdefault(type(item), []).append(item)
    for model, rows in by_model.items():
        for first in range(0, len(rows), BATCH):
            batch = [row.pk for row in rows[first : first + BATCH]]
            model._base_manager.filter(pk__in=batch).update(revision=rev)
        for row in rows:
            row.revision = rev
    return rev
