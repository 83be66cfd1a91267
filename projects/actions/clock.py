"""The sync clock's hand: take the next revision and write it on what changed."""

from collections.abc import Iterable

from django.db.models import F

from projects.models import Stamped, SyncClock


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


def stamp_all(changed: Iterable[Stamped]) -> int:
    """As `stamp`, for many: one UPDATE per model, whatever their number."""
    rev = tick()
    by_model: dict[type[Stamped], list[Stamped]] = {}
    for item in changed:
        by_model.setdefault(type(item), []).append(item)
    for model, rows in by_model.items():
        model._base_manager.filter(pk__in=[row.pk for row in rows]).update(revision=rev)
        for row in rows:
            row.revision = rev
    return rev
