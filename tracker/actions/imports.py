"""A ledger file on its way in, and out again. Every step locks the import and asks its state; the queue only rings."""

import hashlib
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from projects.actions import bulk
from projects.errors import DomainError
from tracker import policies
from tracker.actions import ledger, ledger_words
from tracker.actions.ledger import Applied
from tracker.import_choices import AT_WORK, ImportState, LineEffect
from tracker.models import Commitment, Department, LedgerFile, LedgerImport, LedgerLine, Plan
from tracker.policies import Actor
from tracker.queries import imports as queries
from tracker.queries import ledger_said
from tracker.queries.imports import Line, Look, Source
from tracker.rules import ledger_beside, ledger_choices, ledger_merge
from tracker.rules.ledger_beside import NOTHING
from tracker.rules.ledger_check import Change
from tracker.rules.ledger_choices import Choices

BATCH = 2000
CLAIM = timedelta(minutes=10)  # a worker that was killed loses its claim after this
LONGEST_NAME = 200
OPEN = frozenset({ImportState.WAITING, ImportState.READY, ImportState.REFUSED})
Read = tuple[Source, Sequence[DomainError]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a look at a file found: what is shown of it, what entering needs of it, and how many rows of each kind."""

    preview: bytes
    rows: bytes
    seal: str
    new: int
    changed: int
    unchanged: int
    refused: int


@transaction.atomic
def receive(
    content: bytes, *, file_name: str, plan: Plan | None, year: int | None = None, kind: str = "", by: Actor
) -> LedgerImport:
    """Keep a file that is to be looked at; nothing of it is read yet.

    Raises DomainError: not the supervision office, an empty file, or one over the limit.
    """
    user = _require(by)
    if not content:
        raise DomainError("ledger_empty_file", field="import_file")
    if len(content) > settings.LEDGER_MAX_BYTES:
        raise DomainError("ledger_too_large", field="import_file", megabytes=settings.LEDGER_MAX_BYTES // 2**20)
    row = LedgerImport.objects.create(
        by_id=user,
        file_name=file_name[-LONGEST_NAME:],
        sha256=hashlib.sha256(content).hexdigest(),
        byte_count=len(content),
        plan=plan,
        year=year,
        kind=kind,
        is_demo=by.is_demo,
    )
    LedgerFile.objects.create(of=row, content=content)
    return row


@transaction.atomic
def choose(
    row: LedgerImport, *, choices: Choices, plan: Plan | None, year: int | None, kind: str, by: Actor
) -> LedgerImport:
    """Change how the file is to be taken; it is looked at again. Raises DomainError unless it is still open."""
    _require(by)
    row = _lock(row, OPEN)
    row.choices, row.plan, row.year, row.kind = choices.to_json(), plan, year, kind
    return _hand_over(row, ImportState.WAITING)


@transaction.atomic
def confirm(row: LedgerImport, *, seal: str, by: Actor, only_good: bool | None = None) -> LedgerImport:
    """Say that what was shown may be entered. Raises DomainError unless it is what stands in the preview now.

    `only_good`: whether rows that are refused are left out; None: as it was chosen before.
    """
    user = _require(by)
    row = _lock(row, {ImportState.READY})
    if seal != row.seal:
        raise DomainError("ledger_moved")
    row.confirmed_by_id = user
    if only_good is not None:
        row.choices = {**row.choices, "only_good": only_good}
    return _hand_over(row, ImportState.CONFIRMED)


@transaction.atomic
def take_back(row: LedgerImport, *, reason: str, by: Actor) -> LedgerImport:
    """Say that an entered import is to be taken back, and why; `ledger_revert.revert` does it.

    Raises DomainError: not the supervision office, no reason, not entered or taken back already.
    """
    user = _require(by)
    if not reason.strip():
        raise DomainError("reason_needed", field="reason")
    row = _lock(row, {ImportState.DONE})
    row.revert_reason, row.reverted_by_id = reason.strip(), user
    return _hand_over(row, ImportState.LEAVING)


@transaction.atomic
def drop(row: LedgerImport, *, by: Actor) -> LedgerImport:
    """Lay a file aside that is not to be entered. Raises DomainError once it is confirmed."""
    _require(by)
    row = _lock(row, OPEN)
    row.state = ImportState.DROPPED
    row.save(update_fields=["state"])
    return row


def claim(pk: int, *, now: datetime) -> LedgerImport | None:
    """The import, if it waits for work that nobody is doing; it is then this caller's for ten minutes."""
    free = Q(claimed_at__isnull=True) | Q(claimed_at__lt=now - CLAIM)
    waiting = LedgerImport.objects.filter(free, pk=pk, state__in=AT_WORK)
    if not waiting.update(claimed_at=now):
        return None
    return LedgerImport.objects.select_related("plan__jurisdiction", "by", "confirmed_by", "reverted_by").get(pk=pk)


def release(row: LedgerImport) -> None:
    """Give the work back: the next ring takes it up."""
    LedgerImport.objects.filter(pk=row.pk, state__in=AT_WORK).update(claimed_at=None)


@transaction.atomic
def shown(row: LedgerImport, found: Found, *, problem: DomainError | None = None) -> None:
    """Keep what a look at the file found; it then waits for a person. `problem`: why its entering was put off."""
    row = _lock(row, {ImportState.WAITING, ImportState.CONFIRMED})
    row.state, row.seal, row.claimed_at, row.problem = (
        ImportState.READY,
        found.seal,
        None,
        problem.to_json() if problem else {},
    )
    row.new_count, row.changed_count = found.new, found.changed
    row.unchanged_count, row.refused_count = found.unchanged, found.refused
    row.save()
    LedgerFile.objects.filter(of=row).update(preview=zlib.compress(found.preview, 1), rows=found.rows)


@transaction.atomic
def refuse(row: LedgerImport, problem: DomainError) -> None:
    """Keep why the file cannot be read, or not be taken back; nothing where it is at work no longer."""
    locked = LedgerImport.objects.select_for_update().filter(pk=row.pk, state__in=AT_WORK).first()
    if locked is None:
        return
    locked.state = ImportState.DONE if locked.state == ImportState.LEAVING else ImportState.REFUSED
    locked.problem, locked.claimed_at = problem.to_json(), None
    locked.save(update_fields=["state", "problem", "claimed_at"])


@transaction.atomic
def enter(row: LedgerImport, read: Callable[[], Read], *, by: Actor, today: date) -> Applied:
    """Enter what was confirmed: departments and words first, then the rows, then what each row said. All or nothing.

    The ledger is locked and then looked at, so that what is judged is what is written.

    Args:
        read: gives what was read of the file, and what could not be; asked once, so that nobody else holds it.

    Raises:
        DomainError: not confirmed, what `ledger.enter` refuses, rows that cannot be entered and were not given up
            (`import_has_refused_rows`); `ledger_moved` when the preview shows something else by now.
    """
    _require(by)
    row = _lock(row, {ImportState.CONFIRMED})
    choices = ledger_choices.from_json(row.choices)
    if row.refused_count and not choices.only_good:
        raise DomainError("import_has_refused_rows", count=row.refused_count)
    source, faults = read()
    ledger.lock([said.code for said in source.rows] if source.is_own else (), plan=row.plan)
    look = queries.look(source, plan=row.plan, choices=choices, viewer=by)
    del source
    if seal(look, faults) != row.seal:
        raise DomainError("ledger_moved")
    group = uuid4()
    if row.plan is not None:
        _learn(choices, plan=row.plan, by=by, group=group)
    applied = ledger.enter(look.judgement, by=by, today=today, file_name=row.file_name, group=group)
    _keep_lines(row, look)
    LedgerFile.objects.filter(of=row).update(rows=None)
    row.state, row.done_at, row.group, row.claimed_at = ImportState.DONE, timezone.now(), applied.group, None
    row.new_count, row.changed_count, row.unchanged_count = applied.registered, applied.revised, applied.unchanged
    row.save()
    return applied


def seal(look: Look, faults: Sequence[DomainError]) -> str:
    """A fingerprint of what would be written and of what would be left out; `faults` are those of the reading."""
    refused = [fault.code for fault in [*faults, *look.judgement.faults]]
    return ledger.seal(look.judgement, also=[*refused, str(len(look.noted))])


def _learn(choices: Choices, *, plan: Plan, by: Actor, group: UUID) -> None:
    """Departments to be created, and the answers that later files need not ask for again."""
    codes = {row.code: row for row in Department.objects.filter(code__in=set(choices.departments.values()))}
    for word, answer in sorted(choices.departments.items()):
        if answer == ledger_choices.CREATE:
            if not Department.objects.filter(name=word).exists():
                ledger_words.create_department(word, plan=plan, by=by)
        elif answer == ledger_choices.NOBODY:
            ledger_words.set_alias(word, departments=[], by=by, group=group)
        elif answer == ledger_choices.COUNTIES:
            ledger_words.set_alias(word, departments=list(queries.counties()), by=by, group=group)
        elif answer in codes:
            ledger_words.set_alias(word, departments=[codes[answer]], by=by, group=group)
    for heading, field in sorted(choices.remembered.items()):
        ledger_words.set_heading(heading, field=field, by=by, group=group)


def _keep_lines(row: LedgerImport, look: Look) -> None:
    """What each row said of its commitment, where that is new."""
    changes = look.judgement.changes
    told = [change for change in changes if change.is_new or change.is_change or _line(look, change).is_news]
    for start in range(0, len(told), BATCH):
        batch = told[start : start + BATCH]
        codes = [change.row.code for change in batch]
        ids = dict(Commitment.objects.filter(code__in=codes).values_list("code", "pk"))
        lines = [(change, ids[change.row.code], _line(look, change)) for change in batch]
        last = ledger_said.last_lines([change.row.code for change in batch if not change.is_new])
        bulk.insert_values(
            LedgerLine,
            ("of_id", "commitment_id", "sheet", "row", "effect", "facts", "beside", "before", "digest"),
            (
                (
                    row.pk,
                    pk,
                    line.row.sheet[:60],
                    line.row.number,
                    _effect(change),
                    ledger_merge.facts(line.row),
                    ledger_beside.merged(last.get(change.row.code, NOTHING)[1], line.beside),
                    _before(change),
                    line.digest,
                )
                for change, pk, line in lines
            ),
        )


def _line(look: Look, change: Change) -> Line:
    return look.lines[change.row.code]


def _effect(change: Change) -> LineEffect:
    if change.is_new:
        return LineEffect.NEW
    return LineEffect.CHANGED if change.is_change else LineEffect.NOTED


def _before(change: Change) -> dict[str, object]:
    """The changed facts as they stood, and as they were entered: what taking back needs."""
    if change.before is None:
        return {}
    return {
        one.column.field: [ledger_merge.plain(one.before), ledger_merge.plain(one.after)] for one in change.differences
    }


def _hand_over(row: LedgerImport, state: ImportState) -> LedgerImport:
    """Have it wait for somebody who does the work that this state names."""
    row.state, row.waits_since, row.claimed_at, row.problem = state, timezone.now(), None, {}
    row.save()
    return row


def _lock(row: LedgerImport, states: frozenset[ImportState] | set[ImportState]) -> LedgerImport:
    """The import, fresh and locked. Raises DomainError `import_state` where it is in none of these states."""
    locked = LedgerImport.objects.select_for_update(of=("self",)).select_related("plan__jurisdiction").get(pk=row.pk)
    if locked.state not in states:
        raise DomainError("import_state", state=ImportState(locked.state).label)
    return locked


def _require(by: Actor) -> int:
    if not policies.can_supervise(by) or by.user_id is None:
        raise DomainError("not_allowed")
    return by.user_id
