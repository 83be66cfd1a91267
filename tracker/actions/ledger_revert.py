"""Takes an entered ledger file back as one: what it registered goes out again, what it changed is as it was."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.actions import bulk, clock
from projects.errors import DomainError
from tracker import policies
from tracker.actions import events, health, ledger, sight
from tracker.actions.events import Entry
from tracker.actions.sight import Note
from tracker.choices import Stage
from tracker.event_kinds import EventKind
from tracker.import_choices import ImportState, LineEffect
from tracker.models import (
    Commitment,
    CommitmentDepartment,
    Event,
    LedgerImport,
    LightChange,
    Milestone,
    Plan,
)
from tracker.models.sync import NoteSubject
from tracker.policies import Actor
from tracker.queries import ledger as queries
from tracker.rules import ledger_merge
from tracker.rules.ledger import LedgerRow

BATCH = 2000
OF_ITSELF = (EventKind.HEALTH_CHANGED,)  # what happens without anybody working
GOING = (
    "code", "withdrawn_at", "clause", "initiative", "lead", "post", "lead_is_suggested", "recheck_on", "revision",
)  # fmt: skip
KNOWN = ("code", "plan", "lead", "title", "is_demo")


@transaction.atomic
def revert(row: LedgerImport, *, by: Actor, today: date) -> LedgerImport:
    """Take it back: all of it, or, where somebody has gone on working with one of its rows, nothing.

    Nothing is deleted: a commitment that goes out keeps its history under another code, so that its own is free again.

    Raises:
        DomainError: not the supervision office, nobody asked for it (`import_state`), or what it entered has changed
            since (`ledger_worked_on`, with the first codes).
    """
    if not policies.can_supervise(by):
        raise DomainError("not_allowed")
    row = LedgerImport.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if row.state != ImportState.LEAVING:
        raise DomainError("import_state", state=ImportState(row.state).label)
    _lock_commitments(row)
    if codes := worked_on(row):
        raise DomainError("ledger_worked_on", count=len(codes), codes="、".join(codes[:5]))
    group = uuid4()
    _restore(row, by=by, today=today, group=group)
    new = row.lines.filter(effect=LineEffect.NEW).order_by("commitment")
    _withdraw(list(new.values_list("commitment", flat=True)), reason=row.revert_reason, by=by, group=group)
    changes = {"registered": [row.new_count, 0], "revised": [row.changed_count, 0]}
    entry = Entry(
        kind=EventKind.LEDGER_REVERTED, subject=row.file_name[:80], changes=changes, reason=row.revert_reason,
        is_demo=row.is_demo,
    )  # fmt: skip
    events.record(entry, by=by, group=group)
    row.state, row.reverted_at, row.claimed_at = ImportState.REVERTED, timezone.now(), None
    row.save(update_fields=["state", "reverted_at", "claimed_at"])
    return row


def take_back_demo(*, by: Actor) -> int:
    """Take out what demonstration sign-ins imported and nobody real has touched; returns how many went.

    What they changed is taken back with their other revisions (`actions.demo`).
    """
    rows = LedgerImport.objects.filter(is_demo=True, state__in=[ImportState.DONE, ImportState.LEAVING])
    real = Event.objects.filter(commitment=OuterRef("pk"), is_demo=False)
    made = Commitment.objects.filter(ledger_lines__of__in=rows, ledger_lines__effect=LineEffect.NEW)
    items = health.lock_all(made.exclude(Exists(real)).only("pk"))
    reason = _("The demonstration was removed.")
    _withdraw([item.pk for item in items], reason=reason, by=by, group=uuid4())
    rows.update(state=ImportState.REVERTED, reverted_at=timezone.now())
    return len(items)


def worked_on(row: LedgerImport) -> list[str]:
    """The codes of what the import entered and somebody has changed since, in order. Empty: it can be taken back."""
    own = Q(group=row.group) if row.group else Q(pk__in=[])
    later = Event.objects.filter(commitment=OuterRef("pk")).exclude(own).exclude(kind__in=OF_ITSELF)
    joined = Commitment.everything.filter(parent=OuterRef("pk"))
    new = Commitment.everything.filter(ledger_lines__of=row, ledger_lines__effect=LineEffect.NEW)
    touched = set(
        new.filter(Exists(later) | Exists(joined) | ~Q(stage=Stage.REGISTERED)).values_list("code", flat=True)
    )
    entered = dict(row.lines.filter(effect=LineEffect.CHANGED).values_list("commitment__code", "before"))
    changed = Commitment.objects.filter(ledger_lines__of=row, ledger_lines__effect=LineEffect.CHANGED).order_by("pk")
    for stands in queries.rows(changed):
        after = entered[stands.code].items()
        if any(ledger_merge.plain(getattr(stands, name)) != value for name, (_before, value) in after):
            touched.add(stands.code)
    return sorted(touched)


def _lock_commitments(row: LedgerImport) -> None:
    """Everything that the import entered, in the order of the keys."""
    entered = row.lines.exclude(effect=LineEffect.NOTED).values("commitment")
    rows = Commitment.everything.select_for_update(no_key=True).filter(pk__in=entered).order_by("pk")
    list(rows.values_list("pk"))


def _restore(row: LedgerImport, *, by: Actor, today: date, group: UUID) -> None:
    """What was changed is as it was before; milestones that were added go."""
    changed = row.lines.filter(effect=LineEffect.CHANGED).order_by("pk")
    lines = list(changed.values_list("commitment", "commitment__code", "before"))
    if not lines:
        return
    _drop_milestones({pk: before for pk, _code, before in lines}, by=by, group=group)
    rows = []
    for _pk, code, facts in lines:
        before = {name: ledger_merge.restored(name, value) for name, (value, _after) in facts.items()}
        rows.append(LedgerRow(code=code, given=frozenset(before), **before))  # type: ignore[arg-type]
    told = _("Taken back: %(name)s") % {"name": row.file_name}
    ledger.apply(rows, by=by, today=today, file_name=told, group=group)


def _drop_milestones(changed: Mapping[int, Mapping[str, Any]], *, by: Actor, group: UUID) -> None:
    """The milestones that the import added, of commitments by their keys, and what it changed of each."""
    added = set()
    for pk, facts in changed.items():
        before, after = facts.get("milestones", ((), ()))
        stood = {name for name, _day in before}
        added |= {(pk, name) for name, _day in after if name not in stood}
    ids = sorted({pk for pk, _name in added})
    for start in range(0, len(ids), BATCH):
        rows = Milestone.objects.filter(commitment__in=ids[start : start + BATCH]).order_by("commitment", "order")
        going = [one for one in rows if (one.commitment_id, one.name) in added]
        entries = [
            Entry(
                kind=EventKind.MILESTONE_WITHDRAWN, commitment_id=one.commitment_id, subject=one.name[:80],
                changes={"planned_on": [events.plain(one.planned_on), None]}, is_demo=one.is_demo,
            )
            for one in going
        ]  # fmt: skip
        events.append(entries, by=by, group=group)
        Milestone.objects.filter(pk__in=[one.pk for one in going]).delete()


def _withdraw(ids: Sequence[int], *, reason: str, by: Actor, group: UUID) -> None:
    """These commitments out of every list; their rows and histories stay.

    The log is held before the clock is taken, so that both can be written batch by batch.
    """
    if not ids:
        return
    events.hold()
    rev = clock.tick()
    plans = dict(Plan.objects.values_list("pk", "code"))
    told: set[Note] = set()  # of plans, which are the same in many batches
    for start in range(0, len(ids), BATCH):
        part = ids[start : start + BATCH]
        items = list(Commitment.everything.filter(pk__in=part).only(*KNOWN).order_by("pk"))
        notes = _farewell(items, plans) - told
        told |= {note for note in notes if note.subject == NoteSubject.PLAN}
        _let_go(items, reason=reason, by=by, group=group, rev=rev)
        sight.write(sorted(notes), rev=rev)


def _farewell(items: Sequence[Commitment], plans: Mapping[int, str]) -> set[Note]:
    """What the departments that saw these commitments, and the city's roles, are told."""
    seen = sight.of(items)
    notes: set[Note] = set()
    for item in items:
        scopes = [policies.department_scope(pk) for pk in seen[item.pk].departments]
        notes |= {Note(NoteSubject.PLAN, plans[item.plan_id], scope, is_leaving=True) for scope in scopes}
        scopes.append(policies.CITYWIDE)
        notes |= {Note(NoteSubject.COMMITMENT, item.code, scope, is_leaving=True) for scope in scopes}
    return notes


def _let_go(items: Sequence[Commitment], *, reason: str, by: Actor, group: UUID, rev: int) -> None:
    now = timezone.now()
    entries: list[Entry] = []
    for item in items:
        code, free = item.code, f"{item.code[:28]}~{item.pk}"
        entries.append(
            Entry(
                kind=EventKind.COMMITMENT_WITHDRAWN, commitment_id=item.pk, changes={"code": [code, free]},
                reason=reason, is_demo=item.is_demo,
            )
        )  # fmt: skip
        item.code, item.withdrawn_at, item.revision = free, now, rev
        item.clause_id = item.initiative_id = item.lead_id = item.post_id = None
        item.lead_is_suggested, item.recheck_on = False, None
    events.append(entries, by=by, group=group)
    for model in (CommitmentDepartment, LightChange, Milestone):
        model._base_manager.filter(commitment__in=[item.pk for item in items]).delete()
    bulk.update(items, GOING)
