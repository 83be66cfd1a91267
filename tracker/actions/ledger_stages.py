"""The milestones that a ledger file names: entered or moved, never taken away. For `actions.ledger` only."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from projects.actions import bulk
from tracker.actions import events
from tracker.actions.events import Entry
from tracker.event_kinds import EventKind
from tracker.models import Commitment, Milestone
from tracker.policies import Actor
from tracker.rules.ledger_check import Change

BATCH = 500


def write(pairs: Sequence[tuple[Change, Commitment]], *, by: Actor, group: UUID) -> list[Milestone]:
    """Enter new milestones and set the planned day of those that stand; what else is known of these stays.

    Returns those that were written. The caller holds the commitments' locks, and stamps.
    """
    wanted = [(change, item) for change, item in pairs if "milestones" in change.fields]
    if not wanted:
        return []
    standing: dict[tuple[int, str], Milestone] = {}
    ids = [item.pk for _change, item in wanted]
    for start in range(0, len(ids), BATCH):
        for one in Milestone.objects.filter(commitment__in=ids[start : start + BATCH]):
            standing[one.commitment_id, one.name] = one
    new: list[Milestone] = []
    moved: list[Milestone] = []
    entries: list[Entry] = []
    for change, item in wanted:
        for order, (name, day) in enumerate(change.row.milestones, start=1):
            row = standing.get((item.pk, name))
            if row is None:
                new.append(Milestone(commitment=item, name=name, order=order, planned_on=day, is_demo=item.is_demo))
                entries.append(_entry(item, name, None, day))
            elif row.planned_on != day:
                entries.append(_entry(item, name, row.planned_on, day))
                row.planned_on = day
                moved.append(row)
    bulk.insert(new)
    bulk.update(moved, ["planned_on"])
    events.append(entries, by=by, group=group)
    return [*new, *moved]


def _entry(item: Commitment, name: str, before: date | None, after: date | None) -> Entry:
    changes = {"planned_on": [events.plain(before), events.plain(after)]}
    return Entry(
        kind=EventKind.MILESTONE_SET, commitment=item, subject=name[:80], changes=changes, is_demo=item.is_demo
    )
