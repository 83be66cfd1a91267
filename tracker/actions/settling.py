"""What an act settles, at once: the inbox of who just answered does not ask again."""

from collections.abc import Iterable
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Case, Value, When
from django.utils import timezone

from tracker.choices import ReminderState
from tracker.models import Commitment, Reminder
from tracker.queries import reminders as queries


def settle_of(commitments: Iterable[Commitment]) -> int:
    """Settle what the reminders of these commitments need not ask any more. Returns how many.

    Call it in the act's own transaction, before it stamps. Two queries and one UPDATE, whatever the number. A line that
    somebody else is writing at this moment is passed over instead of waited for, so that no two acts wait for each
    other; the sweep and the clock of delivery settle all that stands (`reminders.settle`).
    """
    standing = queries.unsettled().filter(commitment__in=[item.pk for item in commitments])
    causes = [*queries.settled().values(), *queries.reported_windows(standing)]
    over = standing.filter(reduce(or_, causes)).select_for_update(of=("self",), skip_locked=True)
    ids = list(over.order_by("pk").values_list("pk", flat=True))
    return Reminder.objects.filter(pk__in=ids).update(**ended(timezone.now())) if ids else 0


def ended(now: datetime) -> dict[str, object]:
    """What a settled line becomes: cancelled where no message had carried it yet; what was sent stays sent."""
    cancelled = When(state=ReminderState.PLANNED, then=Value(ReminderState.CANCELLED))
    return {"settled_at": now, "state": Case(cancelled, default="state")}
