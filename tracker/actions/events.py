"""The audit log's only pen. An event is written in the transaction of the change that it tells of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from uuid import UUID

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from projects.actions import bulk
from tracker.event_kinds import EventKind
from tracker.models import Blocker, Commitment, Event, EventChain, Instruction
from tracker.models.history import GENESIS
from tracker.policies import Actor

LogValue = str | int | bool | None
Changes = Mapping[str, Sequence[LogValue]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One event to be written. `changes` maps a field to [before, after]: text, whole numbers, bools or None."""

    kind: EventKind
    commitment: Commitment | None = None
    commitment_id: int | None = None  # instead of the commitment, where nobody has it as an object
    subject: str = ""
    changes: Changes = field(default_factory=dict)
    reason: str = ""
    is_demo: bool = False


def plain(value: object) -> LogValue:
    """A value as it stands in the log: dates as ISO text, decimals without trailing zeros, anything else as text."""
    if value is None or isinstance(value, (bool, int)) or type(value) is str:
        return value
    if isinstance(value, Decimal):
        return f"{value.normalize():f}" if value else "0"
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value)


def hold() -> EventChain:
    """Lock the chain's head until the commit, and return it.

    Call it before what takes the sync clock and still has an event to write: the log comes before the clock, or two
    writers wait for each other in a circle.
    """
    return EventChain.objects.select_for_update().get(pk=EventChain.CHAIN_ID)


@transaction.atomic
def append(entries: Sequence[Entry], *, by: Actor, group: UUID | None = None) -> list[Event]:
    """Write events at the end of the chain, in the order given.

    Locks the chain's head until the commit: numbers have no gaps and the order of the log is the order of commits.
    """
    if not entries:
        return []
    head = hold()
    previous, now, events = head.head_hash or GENESIS, timezone.now(), []
    actor_id = by.user.pk if by.user else None
    for number, entry in enumerate(entries, start=head.length + 1):
        event = Event(
            seq=number,
            at=now,
            kind=entry.kind,
            actor_id=actor_id,
            commitment_id=entry.commitment.pk if entry.commitment else entry.commitment_id,
            subject=entry.subject,
            changes={name: [plain(value) for value in pair] for name, pair in entry.changes.items()},
            reason=entry.reason,
            group=group,
            request_id=by.request_id,
            is_demo=entry.is_demo or by.is_demo,
            previous_hash=previous,
        )
        previous = event.hash = event.seal()
        events.append(event)
    bulk.insert(events)
    head.length, head.head_hash = events[-1].seq, previous
    head.save(update_fields=["length", "head_hash"])
    return events


def record(entry: Entry, *, by: Actor, group: UUID | None = None) -> Event:
    """Write one event."""
    return append([entry], by=by, group=group)[0]


def tell(
    kind: EventKind,
    row: Blocker | Instruction,
    item: Commitment,
    *,
    by: Actor,
    changes: Changes,
    reason: str,
) -> Event:
    """Write one event about a question on a commitment, under the question's own reference."""
    subject, is_demo = str(row.ref), row.is_demo
    entry = Entry(kind=kind, commitment=item, subject=subject, changes=changes, reason=reason, is_demo=is_demo)
    return record(entry, by=by)


def differences(before: Model, after: Mapping[str, object]) -> dict[str, list[LogValue]]:
    """What would change: {field: [old, new]} where the value differs. Related rows show their public code."""
    return {
        name: [shown(before, name), plain(getattr(value, "code", value))]
        for name, value in after.items()
        if _stored(before, name) != (value.pk if isinstance(value, Model) else value)
    }


def _stored(row: Model, name: str) -> object:
    return getattr(row, _attribute(type(row), name))


@lru_cache(maxsize=1024)
def _attribute(model: type[Model], name: str) -> str:
    return str(getattr(model._meta.get_field(name), "attname", name))


def shown(row: Model, name: str) -> LogValue:
    """A field's value as the log tells it; a related row by its public code."""
    if _stored(row, name) is None:
        return None
    value = getattr(row, name)
    return plain(getattr(value, "code", value))
