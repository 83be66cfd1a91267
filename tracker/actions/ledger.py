"""Enters a judged ledger file: all of it or nothing, in one transaction, as one group of events with one stamp."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.actions import bulk, clock
from projects.errors import DomainError
from projects.models import Initiative
from tracker import policies
from tracker.actions import commitments, drafts, events, health, ledger_stages, sight
from tracker.actions.commitments import Owners
from tracker.actions.events import Entry
from tracker.actions.sight import Note
from tracker.choices import DueBasis
from tracker.event_kinds import EventKind
from tracker.models import Clause, Commitment, CommitmentDepartment, Department, Plan
from tracker.policies import Actor
from tracker.queries import ledger
from tracker.rules.ledger import LedgerRow, Value
from tracker.rules.ledger_check import Change, Judgement

BATCH = 500
OWNERS = frozenset({"responsible", "supporting"})
RELATED = frozenset({"clause", "lead", "initiative"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What an import did; `group` is on every event it wrote, None when it wrote none."""

    registered: int
    revised: int
    unchanged: int
    group: UUID | None
    judgement: Judgement


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """Related rows by what a ledger row calls them."""

    plans: Mapping[str, Plan]
    clauses: Mapping[tuple[str, str], Clause]
    initiatives: Mapping[str, Initiative]
    departments: Mapping[str, Department]


@transaction.atomic
def apply(
    rows: Sequence[LedgerRow],
    *,
    by: Actor,
    today: date,
    file_name: str = "",
    fingerprint: str | None = None,
    group: UUID | None = None,
) -> Applied:
    """Register what is new and revise what differs; the same rows twice change nothing the second time.

    Args:
        rows: what a file says (`rules.ledger.read`); they are judged again here, under lock.
        fingerprint: of the judgement that a person confirmed; None: nobody was shown one.
        group: of the events, where more than this is done; None: a new one.

    Raises:
        DomainError: not the supervision office; a row that cannot be entered (`ledger_refused`); or the ledger changed
            since the judgement was shown (`ledger_moved`).
    """
    if not policies.can_supervise(by):
        raise DomainError("not_allowed")
    with bulk.calm():
        return _apply(rows, by=by, today=today, file_name=file_name, fingerprint=fingerprint, group=group)


def _apply(
    rows: Sequence[LedgerRow],
    *,
    by: Actor,
    today: date,
    file_name: str,
    fingerprint: str | None,
    group: UUID | None,
) -> Applied:
    _lock([row.code for row in rows])
    judgement = ledger.judge(rows, viewer=by)
    if judgement.faults:
        raise DomainError("ledger_refused", count=len(judgement.faults), first=str(judgement.faults[0]))
    if fingerprint is not None and fingerprint != seal(judgement):
        raise DomainError("ledger_moved")
    new, changed = judgement.new, judgement.changed
    if not new and not changed:
        return Applied(registered=0, revised=0, unchanged=len(rows), group=None, judgement=judgement)
    group, known, notes = group or uuid4(), _known([*new, *changed]), list[Note]()
    standing = _standing(changed)
    before = sight.of(standing.values())
    try:
        with transaction.atomic():
            made = _register(new, known, by=by, today=today, group=group)
    except IntegrityError:
        raise DomainError("ledger_moved") from None  # somebody else registered one of the codes meanwhile
    revised = _revise(changed, known, standing, notes, reason=_reason(file_name), by=by, today=today, group=group)
    _record_import(file_name, len(made), len(revised), by=by, group=group)
    items = [*made, *revised]
    stages = ledger_stages.write(list(zip([*new, *changed], items, strict=True)), by=by, group=group)
    for start in range(0, len(items), BATCH):
        health.relight(items[start : start + BATCH], by=by, today=today, group=group)
    rev = clock.tick()
    health.store(items, rev=rev)
    clock.stamp_all(stages, rev=rev)
    sight.write(notes, rev=rev)
    sight.tell_changes(before, items, rev=rev)
    return Applied(
        registered=len(made), revised=len(revised), unchanged=judgement.unchanged_count, group=group,
        judgement=judgement,
    )  # fmt: skip


def seal(judgement: Judgement, *, also: Sequence[str] = ()) -> str:
    """A fingerprint of everything that a judgement would write: equal seals write equal changes.

    `also`: what else was shown beside it.
    """
    told = [
        (change.row.code, change.is_new, [(d.column.field, repr(d.before), repr(d.after)) for d in change.differences])
        for change in judgement.changes
        if change.is_new or change.is_change
    ]
    return hashlib.sha256(repr([told, *also] if also else told).encode()).hexdigest()


def _lock(codes: Sequence[str]) -> None:
    """Lock the commitments of these codes until the commit, in the order of their keys as far as a batch goes."""
    rows = Commitment.objects.select_for_update(no_key=True).order_by("pk").values_list("pk")
    wanted = sorted(set(codes))
    for start in range(0, len(wanted), ledger.BATCH):
        list(rows.filter(code__in=wanted[start : start + ledger.BATCH]))


def _standing(changes: Sequence[Change]) -> dict[str, Commitment]:
    """The commitments of these changes by code, locked before, with what they point at."""
    rows = Commitment.objects.select_related("plan", "clause", "initiative", "lead")
    codes = [change.row.code for change in changes]
    batches = [codes[start : start + ledger.BATCH] for start in range(0, len(codes), ledger.BATCH)]
    return {item.code: item for batch in batches for item in rows.filter(code__in=batch)}


def _known(changes: Sequence[Change]) -> _Known:
    plans = {plan.code: plan for plan in Plan.objects.filter(code__in={change.row.plan for change in changes})}
    clauses = Clause.objects.filter(plan__in=plans.values()).select_related("plan")
    return _Known(
        plans=plans,
        clauses={(clause.plan.code, clause.code): clause for clause in clauses},
        initiatives={initiative.code: initiative for initiative in Initiative.objects.all()},
        departments={department.name: department for department in Department.objects.all()},
    )


def _register(changes: Sequence[Change], known: _Known, *, by: Actor, today: date, group: UUID) -> list[Commitment]:
    items: list[Commitment] = []
    entries: list[Entry] = []
    make = bulk.maker(Commitment, is_demo=by.is_demo)
    for change in changes:
        item = make()
        item.code, item.plan = change.row.code, known.plans[change.row.plan]
        differing = commitments.assign(item, _values(change, known), today=today)
        differing |= _owners_change(change, known)
        items.append(item)
        entries.append(_entry(EventKind.COMMITMENT_REGISTERED, item, differing))
    bulk.insert(items)
    _write_owners(changes, items, known)
    events.append(entries, by=by, group=group)
    return items


def _revise(
    changes: Sequence[Change],
    known: _Known,
    standing: Mapping[str, Commitment],
    notes: list[Note],
    *,
    reason: str,
    by: Actor,
    today: date,
    group: UUID,
) -> list[Commitment]:
    """Write what differs; `notes` takes what syncing clients have to be told of drafts that went."""
    items: list[Commitment] = []
    entries: list[Entry] = []
    touched = {"updated_at", "original_due_on", "initials", "published_on"}
    for change in changes:
        item, values = standing[change.row.code], _values(change, known)
        differing = commitments.assign(item, values, today=today)
        differing |= _owners_change(change, known)
        if "lead" in differing:
            aside = drafts.set_aside(item, reason=reason, by=by, group=group)
            differing |= aside.changes
            notes += aside.notes
        item.updated_at = timezone.now()
        touched |= values.keys()
        items.append(item)
        entries.append(_entry(EventKind.COMMITMENT_REVISED, item, differing, reason=reason))
    bulk.update(items, sorted(touched))
    _check_tightening(items)
    _write_owners(changes, items, known)
    events.append(entries, by=by, group=group)
    return items


def _check_tightening(items: Sequence[Commitment]) -> None:
    """A sheet has no column to say why a child is due before its parent: such a date is entered on the page.

    Asked when all rows are written, because the parent's date may stand in the same sheet.
    """
    children = Commitment.objects.filter(pk__in=[item.pk for item in items if item.parent_id], tightening_reason="")
    for child in children.filter(due_on__lt=F("parent__due_on")).select_related("parent"):
        commitments.check_tightening(child)


def _reason(file_name: str) -> str:
    """Why a correction was made, and a date moved, by an import."""
    return _("Imported from “%(name)s”.") % {"name": file_name} if file_name else _("Imported from a ledger file.")


def _entry(kind: EventKind, item: Commitment, differing: events.Changes, *, reason: str = "") -> Entry:
    return Entry(kind=kind, commitment=item, changes=differing, reason=reason, is_demo=item.is_demo)


def _values(change: Change, known: _Known) -> dict[str, object]:
    """What `commitments.assign` takes for a row. A date that a person wrote into the ledger was assigned by them."""
    row = change.row
    values = {name: _value(row, name, known) for name in change.fields - OWNERS - {"code", "plan", "milestones"}}
    if "due_on" in change.fields:
        values["due_basis"] = DueBasis.ASSIGNED if row.due_on else DueBasis.NONE
    return values


def _value(row: LedgerRow, name: str, known: _Known) -> object:
    said: Value = getattr(row, name)
    if name not in RELATED:
        return said
    if not said:
        return None
    if name == "clause":
        return known.clauses[row.plan, row.clause]
    return known.initiatives[row.initiative] if name == "initiative" else known.departments[row.lead]


def _owners(row: LedgerRow, known: _Known) -> Owners:
    return Owners(
        responsible=[known.departments[name] for name in row.responsible],
        supporting=[known.departments[name] for name in row.supporting],
        are_suggested=row.lead_is_suggested,
    )


def _owners_change(change: Change, known: _Known) -> dict[str, list[events.LogValue]]:
    if not change.fields & OWNERS:
        return {}
    before, after = change.before or LedgerRow(), change.row
    return {"departments": [_listing(before, known), _listing(after, known)]}


def _listing(row: LedgerRow, known: _Known) -> str:
    owners = _owners(row, known)
    return commitments.listing(
        [(part, order, department.code, owners.are_suggested) for department, part, order in commitments.parts(owners)]
    )


def _write_owners(changes: Sequence[Change], items: Sequence[Commitment], known: _Known) -> None:
    """Replace the departments of those commitments whose list differs."""
    differing = [(change, item) for change, item in zip(changes, items, strict=True) if change.fields & OWNERS]
    standing = [item.pk for change, item in differing if change.before]
    CommitmentDepartment.objects.filter(commitment__in=standing).delete()
    bulk.insert_values(
        CommitmentDepartment,
        ("commitment_id", "department_id", "involvement", "order", "is_suggested"),
        (
            (item.pk, department.pk, part, order, change.row.lead_is_suggested)
            for change, item in differing
            for department, part, order in commitments.parts(_owners(change.row, known))
        ),
    )


def _record_import(file_name: str, registered: int, revised: int, *, by: Actor, group: UUID) -> None:
    counts = {"registered": [None, registered], "revised": [None, revised]}
    entry = Entry(kind=EventKind.LEDGER_IMPORTED, subject=file_name[:80], changes=counts, is_demo=by.is_demo)
    events.record(entry, by=by, group=group)
