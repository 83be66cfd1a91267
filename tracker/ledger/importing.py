"""Works on ledger files that wait: reads and judges them for the preview, enters what was confirmed, takes it back.

Small files are worked on in the request, large ones by the worker (`tasks.jobs`), both through `work`.
"""

import ctypes
import logging
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePath
from typing import Any

import orjson
from django.core.cache import cache
from django.utils import timezone
from redis.exceptions import RedisError

from projects.actions import bulk
from projects.busy import is_busy
from projects.errors import DomainError
from tracker import policies
from tracker.actions import imports as actions
from tracker.actions import ledger_revert
from tracker.import_choices import ImportState
from tracker.ledger import kept, preview, reader, workbook
from tracker.ledger.workbook import Book
from tracker.models import LedgerFile, LedgerImport, Plan
from tracker.policies import Actor
from tracker.queries import imports as queries
from tracker.queries.imports import Look, Source
from tracker.rules import ledger_choices, ledger_entry, ledger_own
from tracker.rules.ledger import LedgerRow
from tracker.rules.ledger_choices import Choices
from tracker.rules.reading import ledger
from tracker.rules.reading.entries import Entry
from tracker.rules.reading.ledger import Reading

logger = logging.getLogger(__name__)

INLINE_BYTES = 60_000  # about 2 000 rows: read within a second or two
STEPS = ("reading", "comparing", "entering")
KEPT_SECONDS = 900


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """A file as it was read. `reading` is None for a file that this site wrote; its entries became `source`."""

    source: Source
    reading: Reading | None
    row_counts: Mapping[str, int]  # of each sheet
    faults: tuple[DomainError, ...]
    remarks: tuple[str | DomainError, ...]


def is_small(row: LedgerImport) -> bool:
    """Whether the file is worked on while its sender waits."""
    return row.byte_count <= INLINE_BYTES


def work(pk: int, *, now: datetime) -> None:
    """Read and judge, enter, or take back one import that waits and nobody else is at. May be called twice or late."""
    row = actions.claim(pk, now=now)
    if row is None:
        return
    by = policies.actor_of(row.reverted_by or row.confirmed_by or row.by)
    with bulk.calm():
        try:
            if row.state == ImportState.CONFIRMED:
                _enter(row, by=by)
            elif row.state == ImportState.LEAVING:
                ledger_revert.revert(row, by=by, today=timezone.localdate())
            else:
                actions.shown(row, _look(row, by=by))
        except DomainError as problem:
            actions.refuse(row, problem)
        except Exception as fault:
            if is_busy(fault):
                actions.release(row)
                raise
            logger.exception("import failed", extra={"import": pk})
            actions.refuse(row, DomainError("import_failed"))
        finally:
            with suppress(RedisError, OSError):
                cache.delete(_key(pk))
            _give_back()


def _look(row: LedgerImport, *, by: Actor) -> actions.Found:
    """Read and judge it. What that took is free again when it is written down what was found."""
    understood = _understood(row)
    _tell(row, "comparing")
    source, faults = understood.source, understood.faults
    look = queries.look(source, plan=row.plan, choices=ledger_choices.from_json(row.choices), viewer=by)
    seal = actions.seal(look, faults)
    told = preview.build(
        look, seal=seal, reading=understood.reading, row_counts=understood.row_counts, faults=faults,
        remarks=understood.remarks,
    )  # fmt: skip
    return actions.Found(
        preview=told,
        rows=kept.pack(source, faults),
        seal=seal,
        new=len(look.judgement.new),
        changed=len(look.judgement.changed),
        unchanged=look.judgement.unchanged_count,
        refused=_refused_count(understood, look),
    )


def _enter(row: LedgerImport, *, by: Actor) -> None:
    """Enter it when it is what was confirmed, show it anew when it is not."""
    _tell(row, "entering")
    try:
        actions.enter(row, lambda: _read(row), by=by, today=timezone.localdate())
    except DomainError as problem:
        logger.info("import put off", extra={"import": row.pk, "code": problem.code})
        actions.shown(row, _look(row, by=by), problem=problem)


def _read(row: LedgerImport) -> actions.Read:
    """What was read of the file when it was shown; read once more where another version of the site did so."""
    packed = LedgerFile.objects.values_list("rows", flat=True).get(of=row)
    if packed and (found := kept.unpack(bytes(packed))):
        return found
    understood = _understood(row)
    return understood.source, understood.faults


def _refused_count(understood: Understood, look: Look) -> int:
    """How many rows cannot be entered."""
    rows = preview.refused_rows([*understood.faults, *look.judgement.faults])
    return len(rows) + (len(understood.reading.rejects) if understood.reading else 0)


def _understood(row: LedgerImport) -> Understood:
    _tell(row, "reading")
    content = bytes(LedgerFile.objects.values_list("content", flat=True).get(of=row))
    return understand(content, row, ledger_choices.from_json(row.choices))


def understand(content: bytes, row: LedgerImport, choices: Choices) -> Understood:
    """What the file says. Raises DomainError where it cannot be read, or says nothing."""
    book = workbook.open_file(content, name=row.file_name)
    _give_back()
    if book.sheets and ledger_own.is_own(book.sheets[0].rows):
        return _of_ours(book, row.plan)
    if row.plan is None:
        raise DomainError("import_needs_plan", field="plan")
    plan, sheets, remarks = row.plan.code, list(book.sheets), book.remarks
    del book
    several: list[int] = []  # rows that name more than one lead

    def keep(entry: Entry) -> tuple[LedgerRow, bytes]:
        if len(entry.lead) > 1:
            several.append(entry.row)
        return ledger_entry.row_of(entry, plan=plan, kind=row.kind), _packed(entry)

    reading = ledger.read(
        (sheets.pop(0) for _ in range(len(sheets))),  # each goes when it is read
        year=row.year,
        this_year=timezone.localdate().year,
        file_name=PurePath(row.file_name).stem,
        extra=queries.headings(),
        chosen=choices.columns,
        keep=keep,
    )
    ledger.check(reading)
    fitting, faults = _fitting(reading)
    return Understood(
        source=Source(rows=[said for said, _beside in fitting], beside=[beside for _said, beside in fitting]),
        reading=replace(reading, entries=()),
        row_counts=Counter(said.sheet for said, _beside in reading.entries),
        faults=tuple(faults),
        remarks=(*remarks, *([_of_several(several)] if several else [])),
    )


def _of_ours(book: Book, plan: Plan | None) -> Understood:
    """What a file that this site wrote says."""
    sheet = reader.of_book(book)
    rows = [_in_plan(one, plan) for one in sheet.rows]
    return Understood(
        source=Source(rows=rows, beside=[b""] * len(rows), is_own=True),
        reading=None,
        row_counts={},
        faults=sheet.faults,
        remarks=(*book.remarks, *sheet.remarks),
    )


def _in_plan(said: LedgerRow, plan: Plan | None) -> LedgerRow:
    """The row of our own sheet; one that names no plan belongs to the one that was chosen with the file."""
    return said if said.plan or plan is None else replace(said, plan=plan.code, given=said.given | {"plan"})


def _fitting(reading: Reading) -> tuple[list[tuple[LedgerRow, bytes]], list[DomainError]]:
    """The rows whose texts fit their columns, and a refusal for each of the others."""
    fitting: list[tuple[LedgerRow, bytes]] = []
    faults: list[DomainError] = []
    for said, beside in reading.entries:
        long = ledger_entry.too_long(said)
        faults += long
        if not long:
            fitting.append((said, beside))
    return fitting, faults


def _of_several(rows: Sequence[int]) -> DomainError:
    """A commitment has one lead; where a file names several, the first leads and the others support."""
    return DomainError("import_several_leads", count=len(rows), rows="、".join(map(str, rows[:10])))


def _give_back() -> None:
    """Have the C library give back what was freed: opening a long file takes 90 MB, of no use to Python's own store."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # of glibc
    if trim is not None:
        trim(0)


def _packed(entry: Entry) -> bytes:
    """What stands beside a row; a copy, because what orjson gives takes 4 kB whatever its length."""
    return bytes(memoryview(orjson.dumps(ledger_entry.beside(entry))))


def shown(row: LedgerImport) -> dict[str, Any]:
    """The kept preview; {} while there is none."""
    packed = LedgerFile.objects.values_list("preview", flat=True).filter(of=row).first()
    found: dict[str, Any] = orjson.loads(zlib.decompress(bytes(packed))) if packed else {}
    return found


def step_of(row: LedgerImport) -> int:
    """How far the work on it is: 0 waiting, 1 reading, 2 comparing, 3 entering."""
    try:
        name = cache.get(_key(row.pk))
    except (RedisError, OSError):
        return 0
    return STEPS.index(name) + 1 if name in STEPS else 0


def _tell(row: LedgerImport, step: str) -> None:
    """Say where the work is, outside of any transaction; without Redis the bar says nothing, and the work goes on."""
    with suppress(RedisError, OSError):
        cache.set(_key(row.pk), step, KEPT_SECONDS)


def _key(pk: int) -> str:
    return f"ledger-import:{pk}"
