"""Takes an entered ledger file back as one: what it registered goes out again, what it changed is as it was."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.actions import clock
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
    LedgerLine,
    LightChange,
    Milestone,
    Plan,
)
from tracker.models.sync import NoteSubject
from tracker.policies import Actor
from tracker.queries import ledger as queries
from tracker.rules import ledger_merge
from tracker.rules.ledger import LedgerRow

BATCH = 500
OF_ITSELF = (EventKind.HEALTH_CHANGED,)  # what happens without anybody working


@transaction.atomic
def revert(row: LedgerImport, *, reason: str, by: Actor, today: date) -> LedgerImport:
    """Take it back: all of it, or, where somebody has gone on working with one of its rows, nothing.

    Nothing is deleted: a commitment that goes out keeps its history under another code, so that its own is free again.

    Raises:
        DomainError: not the supervision office, no reason, not entered or taken back already (`import_state`), or
            what it entered has changed since (`ledger_worked_on`, with the first codes).
    """
    if not policies.can_supervise(by):
        raise DomainError("not_allowed")
    if not reason.strip():
        raise DomainError("reason_needed", field="reason")
    row = LedgerImport.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if row.state != ImportState.DONE:
        raise DomainError("import_state", state=ImportState(row.state).label)
    group = uuid4()
    lines = list(row.lines.exclude(effect=LineEffect.NOTED).select_related("commitment").order_by("pk"))
    items = health.lock_all(line.commitment for line in lines)
    _check(lines, row)
    _restore([line for line in lines if line.effect == LineEffect.CHANGED], row, by=by, today=today, group=group)
    new = {line.commitment_id for line in lines if line.effect == LineEffect.NEW}
    _withdraw([item for item in items if item.pk in new], reason=reason.strip(), by=by, group=group)
    changes = {"registered": [row.new_count, 0], "revised": [row.changed_count, 0]}
    entry = Entry(
        kind=EventKind.LEDGER_REVERTED, subject=row.file_name[:80], changes=changes, reason=reason.strip(),
        is_demo=row.is_demo,
    )  # fmt: skip
    events.record(entry, by=by, group=group)
    row.state, row.reverted_at = ImportState.REVERTED, timezone.now()
    row.save(update_fields=["state", "reverted_at"])
    return row


def take_back_demo(*, by: Actor) -> int:
    """Take out what demonstration sign-ins imported and nobody real has touched; returns how many went.

    What they changed is taken back with their other revisions (`actions.demo`).
    """
    rows = LedgerImport.objects.filter(is_demo=True, state=ImportState.DONE)
    real = Event.objects.filter(commitment=OuterRef("pk"), is_demo=False)
    made = Commitment.objects.filter(ledger_lines__of__in=rows, ledger_lines__effect=LineEffect.NEW)
    items = health.lock_all(made.exclude(Exists(real)).only("pk"))
    _withdraw(items, reason=_("The demonstration was removed."), by=by, group=uuid4())
    rows.update(state=ImportState.REVERTED, reverted_at=timezone.now())
    return len(items)


def worked_on(row: LedgerImport) -> list[str]:
    """The codes of what the import entered and somebody has changed since, in order. Empty: it can be taken back."""
    lines = list(row.lines.exclude(effect=LineEffect.NOTED).select_related("commitment").order_by("pk"))
    return _worked_on(lines, row)


def _check(lines: Sequence[LedgerLine], row: LedgerImport) -> None:
    codes = _worked_on(lines, row)
    if codes:
        raise DomainError("ledger_worked_on", count=len(codes), codes="、".join(codes[:5]))


def _worked_on(lines: Sequence[LedgerLine], row: LedgerImport) -> list[str]:
    ids = [line.commitment_id for line in lines if line.effect == LineEffect.NEW]
    touched: set[str] = set()
    own = Q(group=row.group) if row.group else Q(pk__in=[])
    later = Event.objects.filter(commitment=OuterRef("pk")).exclude(own).exclude(kind__in=OF_ITSELF)
    joined = Commitment.everything.filter(parent=OuterRef("pk"))
    for start in range(0, len(ids), BATCH):
        found = Commitment.everything.filter(pk__in=ids[start : start + BATCH])
        touched |= set(
            found.filter(Exists(later) | Exists(joined) | ~Q(stage=Stage.REGISTERED)).values_list("code", flat=True)
        )
    changed = {line.commitment.code: line for line in lines if line.effect == LineEffect.CHANGED}
    codes = list(changed)
    for start in range(0, len(codes), BATCH):
        for stands in queries.rows(Commitment.objects.filter(code__in=codes[start : start + BATCH])):
            entered = {name: after for name, (_before, after) in changed[stands.code].before.items()}
            if any(ledger_merge.plain(getattr(stands, name)) != after for name, after in entered.items()):
                touched.add(stands.code)
    return sorted(touched)


def _restore(lines: Sequence[LedgerLine], row: LedgerImport, *, by: Actor, today: date, group: UUID) -> None:
    """What was changed is as it was before; milestones that were added go."""
    rows: list[LedgerRow] = []
    for line in lines:
        before = {name: ledger_merge.restored(name, value) for name, (value, _after) in line.before.items()}
        rows.append(LedgerRow(code=line.commitment.code, given=frozenset(before), **before))  # type: ignore[arg-type]
    _drop_milestones(lines, by=by, group=group)
    if rows:
        told = _("Taken back: %(name)s") % {"name": row.file_name}
        ledger.apply(rows, by=by, today=today, file_name=told, group=group)


def _drop_milestones(lines: Sequence[LedgerLine], *, by: Actor, group: UUID) -> None:
    """The milestones that the import added and that nobody gave a day or weight of their own since."""
    entries = []
    for line in lines:
        before, after = line.before.get("milestones", ((), ()))
        added = {name for name, _day in after} - {name for name, _day in before}
        for one in Milestone.objects.filter(commitment=line.commitment, name__in=added) if added else ():
            changes = {"planned_on": [events.plain(one.planned_on), None]}
            entries.append(
                Entry(
                    kind=EventKind.MILESTONE_WITHDRAWN, commitment=line.commitment, subject=one.name[:80],
                    changes=changes, is_demo=one.is_demo,
                )
            )  # fmt: skip
            one.delete()
    events.append(entries, by=by, group=group)


def _withdraw(items: Sequence[Commitment], *, reason: str, by: Actor, group: UUID) -> None:
    """These commitments out of every list; their rows and histories stay."""
    if not items:
        return
    before, now = sight.of(items), timezone.now()
    plans = dict(Plan.objects.filter(pk__in={item.plan_id for item in items}).values_list("pk", "code"))
    notes: list[Note] = []
    entries: list[Entry] = []
    for item in items:
        scopes = [policies.department_scope(pk) for pk in sorted(before[item.pk].departments)]
        notes += [Note(NoteSubject.PLAN, plans[item.plan_id], scope, is_leaving=True) for scope in scopes]
        scopes.append(policies.CITYWIDE)
        notes += [Note(NoteSubject.COMMITMENT, item.code, scope, is_leaving=True) for scope in scopes]
        code, free = item.code, f"{item.code[:28]}~{item.pk}"
        entries.append(
            Entry(
                kind=EventKind.COMMITMENT_WITHDRAWN, commitment=item, changes={"code": [code, free]}, reason=reason,
                is_demo=item.is_demo,
            )
        )  # fmt: skip
        item.code, item.withdrawn_at = free, now
        item.clause = item.initiative = item.lead = item.post = None
        item.lead_is_suggested, item.recheck_on = False, None
    events.append(entries, by=by, group=group)
    ids = [item.pk for item in items]
    for start in range(0, len(ids), BATCH):
        part = ids[start : start + BATCH]
        CommitmentDepartment.objects.filter(commitment__in=part).delete()
        LightChange.objects.filter(commitment__in=part).delete()
        Milestone.objects.filter(commitment__in=part).delete()
    fields = ["code", "withdrawn_at", "clause", "initiative", "lead", "post", "lead_is_suggested", "recheck_on"]
    Commitment.everything.bulk_update(items, fields, batch_size=BATCH)
    sight.write(dict.fromkeys(notes), rev=clock.stamp_all(items))
