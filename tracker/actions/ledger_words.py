"""What ledgers call departments and columns: learnt from answers in a preview, kept by the supervision office."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from projects.actions import initials
from projects.errors import DomainError
from tracker import policies
from tracker.actions import events, people
from tracker.actions.events import Entry
from tracker.choices import DepartmentKind
from tracker.event_kinds import EventKind
from tracker.import_choices import LedgerField
from tracker.models import Department, DepartmentAlias, HeadingWord, Plan
from tracker.policies import Actor

LONGEST_SHORT_NAME = 20
COUNTY_ENDS = ("县", "区", "县人民政府", "区人民政府", "市人民政府")


@transaction.atomic
def set_alias(name: str, *, departments: Sequence[Department], by: Actor, group: UUID | None = None) -> DepartmentAlias:
    """Have ledgers' words mean these departments, none of them: nobody. Twice the same changes nothing.

    Raises:
        DomainError: not the supervision office, no words, or words that are a department's own name.
    """
    _require(by)
    name = name.strip()
    if not name:
        raise DomainError("alias_empty", field="name")
    if Department.objects.filter(name=name).exists():
        raise DomainError("alias_is_a_name", field="name", name=name)
    row = DepartmentAlias.objects.select_for_update().filter(name=name).first()
    before = _codes(row) if row else None
    after = "、".join(department.code for department in departments)
    if before == after and row:
        return row
    row = row or DepartmentAlias.objects.create(name=name)
    row.departments.set(departments)
    changes = {"departments": [before, after]}
    events.record(Entry(kind=EventKind.LEDGER_WORD_LEARNT, subject=name[:80], changes=changes), by=by, group=group)
    return row


@transaction.atomic
def set_heading(heading: str, *, field: str, by: Actor, group: UUID | None = None) -> HeadingWord:
    """Have a heading of ledgers mean a field, "" for a column that is not read. Twice the same changes nothing.

    Raises:
        DomainError: not the supervision office, no heading, or a field that no column may be.
    """
    _require(by)
    heading = heading.strip()
    if not heading:
        raise DomainError("heading_empty", field="heading")
    if field and field not in LedgerField.values:
        raise DomainError("heading_field_unknown", field="field", name=field)
    row = HeadingWord.objects.select_for_update().filter(heading=heading).first()
    if row and row.field == field:
        return row
    changes = {"field": [row.field if row else None, field]}
    row = row or HeadingWord(heading=heading)
    row.field = field
    row.save()
    events.record(Entry(kind=EventKind.LEDGER_WORD_LEARNT, subject=heading[:80], changes=changes), by=by, group=group)
    return row


def create_department(name: str, *, plan: Plan, by: Actor) -> Department:
    """Enter a department that so far only a ledger names; whoever keeps people completes it later.

    Raises DomainError as `people.set_department` does.
    """
    stem = initials.of(name)[:30] or "department"
    code, number = stem, 1
    while Department.objects.filter(code=code).exists():
        number += 1
        code = f"{stem}-{number}"
    kind = DepartmentKind.COUNTY if name.endswith(COUNTY_ENDS) else DepartmentKind.CITY
    last = Department.objects.order_by("-order").values_list("order", flat=True).first() or 0
    return people.set_department(
        code, name=name, short_name=name[:LONGEST_SHORT_NAME], kind=kind, jurisdiction=plan.jurisdiction,
        order=min(last + 1, 32_767), by=by,
    )  # fmt: skip


def _codes(row: DepartmentAlias) -> str:
    return "、".join(row.departments.order_by("order", "code").values_list("code", flat=True))


def _require(by: Actor) -> None:
    if not policies.can_supervise(by):
        raise DomainError("not_allowed")
