"""Enters a judged ledger file: all of it or nothing, in one transaction, as one group of events with one stamp."""

import hashlib
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from uuid import UUID, uuid4

import orjson
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
from tracker.actions.sight import Note, Standing
from tracker.choices import DueBasis
from tracker.event_kinds import EventKind
from tracker.models import Clause, Commitment, CommitmentDepartment, Department, Plan
from tracker.policies import Actor
from tracker.queries import ledger
from tracker.rules.ledger import LedgerRow, Value
from tracker.rules.ledger_check import Change, Judgement, written

BATCH = 2000
Row = TypeVar("Row")
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """What holds for the whole import."""

    by: Actor
    today: date
    group: UUID
    reason: str
    known: _Known


@transaction.atomic
def apply(
    rows: Sequence[LedgerRow], *, by: Actor, today: date, file_name: str = "", group: UUID | None = None
) -> Applied:
    """Register what is new and revise what differs; the same rows twice change nothing the second time.

    Args:
        rows: what a file says (`rules.ledger.read`); they are judged here, under lock.
        group: of the events, where more than this is done; None: a new one.

    Raises:
        DomainError: not the supervision office; a row that cannot be entered (`ledger_refused`); or a code that
            somebody else registers at this moment (`ledger_moved`).
    """
    with bulk.calm():
        lock([row.code for row in rows])
        judgement = ledger.judge(rows, viewer=by)
        if judgement.faults:
            raise DomainError("ledger_refused", count=len(judgement.faults), first=str(judgement.faults[0]))
        return enter(judgement, by=by, today=today, file_name=file_name, group=group)


def enter(judgement: Judgement, *, by: Actor, today: date, file_name: str = "", group: UUID | None = None) -> Applied:
    """Write what was judged; rows that were refused are left out. The caller's transaction has judged it under `lock`.

    Raises DomainError as `apply`, but for `ledger_refused`.
    """
    if not policies.can_supervise(by):
        raise DomainError("not_allowed")
    new, changed = judgement.new, judgement.changed
    if not new and not changed:
        return Applied(registered=0, revised=0, unchanged=judgement.unchanged_count, group=None, judgement=judgement)
    run = _Run(by=by, today=today, group=group or uuid4(), reason=_reason(file_name), known=_known([*new, *changed]))
    keys, told = _insert(new, run)
    _tell_registered(keys, told, run)
    before: dict[int, Standing] = {}
    notes: list[Note] = []
    for batch in _batches(changed):
        keys += _revise(batch, run, before, notes)
    _check_tightening(before)
    _record_import(file_name, len(new), len(changed), by=by, group=run.group)
    _settle([*new, *changed], keys, before, notes, run)
    return Applied(
        registered=len(new), revised=len(changed), unchanged=judgement.unchanged_count, group=run.group,
        judgement=judgement,
    )  # fmt: skip


def _settle(
    changes: Sequence[Change], keys: Sequence[int], before: sight.Sight, notes: Sequence[Note], run: _Run
) -> None:
    """Milestones, lights, the one stamp and what syncing clients are told, when all rows stand. Batch by batch, because
    sixty thousand commitments as objects would fill the memory.

    The log is held since the first event, so that taking the clock before the last one makes nobody wait in a circle.
    """
    rev = clock.tick()
    sight.write(notes, rev=rev)
    for batch, ids in zip(_batches(changes), _batches(keys), strict=True):
        standing = Commitment.objects.prefetch_related("plan").in_bulk(ids)
        items = [standing[pk] for pk in ids]
        stages = ledger_stages.write(list(zip(batch, items, strict=True)), by=run.by, group=run.group)
        health.relight(items, by=run.by, today=run.today, group=run.group)
        health.store(items, rev=rev)
        clock.stamp_all(stages, rev=rev)
        sight.tell_changes(before, items, rev=rev)


def seal(judgement: Judgement, *, also: Sequence[str] = ()) -> str:
    """A fingerprint of everything that a judgement would write: equal seals write equal changes.

    `also`: what else was shown beside it.
    """
    seal = hashlib.sha256()
    for change in judgement.changes:
        if change.is_new:
            seal.update(repr(written(change.row)).encode())
        elif change.is_change:
            told = [(one.column.field, one.before, one.after) for one in change.differences]
            seal.update(repr((change.row.code, told)).encode())
    seal.update(repr(list(also)).encode())
    return seal.hexdigest()


def lock(codes: Sequence[str] = (), *, plan: Plan | None = None) -> None:
    """Lock the commitments of these codes until the commit, in the order of their keys as far as a batch goes.

    `plan`: all of its commitments, because nobody knows yet which of them are meant.
    """
    rows = Commitment.objects.select_for_update(no_key=True).order_by("pk").values_list("pk")
    if plan is not None:
        list(rows.filter(plan=plan))
    wanted = sorted(set(codes))
    for start in range(0, len(wanted), ledger.BATCH):
        list(rows.filter(code__in=wanted[start : start + ledger.BATCH]))


def _batches(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    return (rows[start : start + BATCH] for start in range(0, len(rows), BATCH))


def _known(changes: Sequence[Change]) -> _Known:
    plans = {plan.code: plan for plan in Plan.objects.filter(code__in={change.row.plan for change in changes})}
    clauses = Clause.objects.filter(plan__in=plans.values()).select_related("plan")
    return _Known(
        plans=plans,
        clauses={(clause.plan.code, clause.code): clause for clause in clauses},
        initiatives={initiative.code: initiative for initiative in Initiative.objects.all()},
        departments={department.name: department for department in Department.objects.all()},
    )


def _insert(changes: Sequence[Change], run: _Run) -> tuple[list[int], list[bytes]]:
    """Store the new commitments with their owners; returns their keys, and what the log is to tell of each batch.

    All of them before the first event: whoever registers one of the codes at this moment may wait for the log.
    """
    keys: list[int] = []
    told: list[bytes] = []  # packed, a batch each
    make = bulk.maker(Commitment, is_demo=run.by.is_demo)
    for batch in _batches(changes):
        items, said = [], []
        for change in batch:
            item = make()
            item.code, item.plan = change.row.code, run.known.plans[change.row.plan]
            differing = commitments.assign(item, _values(change, run.known), today=run.today)
            said.append(differing | _owners_change(change, run.known))
            items.append(item)
        try:
            with transaction.atomic():
                bulk.insert(items)
        except IntegrityError:
            raise DomainError("ledger_moved") from None  # somebody else registered one of the codes meanwhile
        keys += [item.pk for item in items]
        told.append(zlib.compress(orjson.dumps(said), 1))
        _write_owners(batch, items, run.known)
    return keys, told


def _tell_registered(keys: Sequence[int], told: Sequence[bytes], run: _Run) -> None:
    kind, is_demo = EventKind.COMMITMENT_REGISTERED, run.by.is_demo
    for ids, packed in zip(_batches(keys), told, strict=True):
        entries = [
            Entry(kind=kind, commitment_id=pk, changes=changes, is_demo=is_demo)
            for pk, changes in zip(ids, orjson.loads(zlib.decompress(packed)), strict=True)
        ]
        events.append(entries, by=run.by, group=run.group)


def _revise(changes: Sequence[Change], run: _Run, before: dict[int, Standing], notes: list[Note]) -> list[int]:
    """Write what differs; returns the keys. `before` takes how the commitments stood, `notes` what syncing clients have
    to be told of drafts that went.
    """
    rows = Commitment.objects.select_related("plan", "clause", "initiative", "lead")
    standing = {item.code: item for item in rows.filter(code__in=[change.row.code for change in changes])}
    items = [standing[change.row.code] for change in changes]
    before |= sight.of(items)
    entries: list[Entry] = []
    touched = {"updated_at", "original_due_on", "initials", "published_on"}
    for change, item in zip(changes, items, strict=True):
        values = _values(change, run.known)
        differing = commitments.assign(item, values, today=run.today)
        differing |= _owners_change(change, run.known)
        if "lead" in differing:
            aside = drafts.set_aside(item, reason=run.reason, by=run.by, group=run.group)
            differing |= aside.changes
            notes += aside.notes
        item.updated_at = timezone.now()
        touched |= values.keys()
        kind = EventKind.COMMITMENT_REVISED
        entries.append(Entry(kind=kind, commitment=item, changes=differing, reason=run.reason, is_demo=item.is_demo))
    bulk.update(items, sorted(touched))
    _write_owners(changes, items, run.known)
    events.append(entries, by=run.by, group=run.group)
    return [item.pk for item in items]


def _check_tightening(ids: Iterable[int]) -> None:
    """A sheet has no column to say why a child is due before its parent: such a date is entered on the page.

    Asked when all rows are written, because the parent's date may stand in the same sheet.
    """
    for batch in _batches(list(ids)):
        children = Commitment.objects.filter(pk__in=batch, parent__isnull=False, tightening_reason="")
        for child in children.filter(due_on__lt=F("parent__due_on")).select_related("parent"):
            commitments.check_tightening(child)


def _reason(file_name: str) -> str:
    """Why a correction was made, and a date moved, by an import."""
    return _("Imported from “%(name)s”.") % {"name": file_name} if file_name else _("Imported from a ledger file.")


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
