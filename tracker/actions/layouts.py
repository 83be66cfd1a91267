"""Layouts of files: make, correct, withdraw and offer again. An office keeps its own, the supervision office all."""

from collections.abc import Mapping, Sequence

from django.db import transaction

from projects.actions import clock
from projects.errors import DomainError
from tracker import policies
from tracker.actions import commitments, events
from tracker.actions.events import Entry
from tracker.event_kinds import EventKind
from tracker.models import Department, ListLayout
from tracker.policies import Actor
from tracker.rules import layouts as rules

EDITABLE = frozenset({"name", "columns", "is_shared", "is_active"})


@transaction.atomic
def create(
    name: str, *, department: Department | None, columns: Sequence[str], is_shared: bool = False, by: Actor
) -> ListLayout:
    """Make a layout of a department; None: of the supervision office, for everybody.

    Raises:
        DomainError: neither of that office nor the supervision office, a name that is empty or taken, or columns by
            which rows cannot be read back.
    """
    row = ListLayout(department=department, is_shared=is_shared)
    _require(row, by=by)
    values = {"name": name, "columns": list(columns), "is_shared": is_shared}
    _assign(row, values)
    row.save()
    told = {field: [None, _told(field, getattr(row, field))] for field in values}
    _record(row, told | {"department": [None, department.name if department else None]}, by=by)
    return row


@transaction.atomic
def revise(
    layout: ListLayout, *, values: Mapping[str, object], by: Actor, expected_revision: int | None = None
) -> ListLayout:
    """Correct a layout, withdraw it (`is_active` False) or offer it again; writes nothing when nothing differs.

    Args:
        values: name, columns, is_shared, is_active.

    Raises:
        DomainError: as `create`, or somebody else changed it meanwhile (`stale`).
    """
    if unknown := values.keys() - EDITABLE:
        raise ValueError(f"not editable: {sorted(unknown)}")
    row = ListLayout.objects.select_for_update(of=("self",), no_key=True).get(pk=layout.pk)
    _require(row, by=by)
    commitments.check_revision(row, expected_revision)
    before = {field: getattr(row, field) for field in values}
    _assign(row, values)
    changes = {
        field: [_told(field, value), _told(field, getattr(row, field))]
        for field, value in before.items()
        if getattr(row, field) != value
    }
    if changes:
        row.save(update_fields=[*changes, "updated_at"])
        _record(row, changes, by=by)
    return row


def _require(row: ListLayout, *, by: Actor) -> None:
    if not policies.can_keep_layout(by, department_id=row.department_id):
        raise DomainError("layout_not_yours", field="department")


def _assign(row: ListLayout, values: Mapping[str, object]) -> None:
    for field, value in values.items():
        setattr(row, field, value)
    row.name = row.name.strip()
    if not row.name:
        raise DomainError("layout_name_missing", field="name")
    rules.check(row.columns)
    same = ListLayout.objects.filter(department=row.department, name=row.name).exclude(pk=row.pk)
    if same.exists():
        raise DomainError("layout_name_taken", field="name", name=row.name)


def _told(field: str, value: object) -> events.LogValue:
    if field == "columns" and isinstance(value, list):
        return "、".join(column.heading for column in rules.columns(value))
    return events.plain(value)


def _record(row: ListLayout, changes: events.Changes, *, by: Actor) -> None:
    events.record(Entry(kind=EventKind.LAYOUT_REVISED, subject=f"listlayout {row.pk}", changes=changes), by=by)
    clock.stamp(row)
