"""Who looked at the overview, and up to which change of a light: so that a page can say what is new to its reader."""

from datetime import datetime, timedelta

from django.db import transaction

from tracker.models import LastLook
from tracker.policies import Actor
from tracker.queries import light_changes

# Looks within this time are one visit.
VISIT = timedelta(minutes=30)


@transaction.atomic
def look(viewer: Actor, *, now: datetime) -> LastLook | None:
    """Move the viewer's mark: what was newest at the last visit becomes the mark before, the newest now the mark.

    A second look within `VISIT` moves nothing, so that reloading a page does not empty its news. Leaves no event: it
    changes nothing but what this person is told is new. None for the site itself.
    """
    if viewer.user is None:
        return None
    found = LastLook.objects.filter(user=viewer.user_id).first()
    if found is not None and now - found.looked_at < VISIT:
        return found
    mark = light_changes.newest_mark()
    if found is None:
        return LastLook.objects.get_or_create(user=viewer.user, defaults={"looked_at": now, "mark": mark})[0]
    moved = {"looked_at": now, "mark": mark, "before_at": found.looked_at, "before_mark": found.mark}
    # Two tabs at once: only the one that still finds the old mark moves it.
    LastLook.objects.filter(pk=found.pk, looked_at=found.looked_at).update(**moved)
    return LastLook.objects.get(pk=found.pk)
