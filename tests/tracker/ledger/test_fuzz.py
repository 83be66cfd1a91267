"""Two thousand files that nobody would write: each is read or refused with a sentence, and none is entered in part.

A file that takes ten seconds ends its process, in whatever library it is.
"""

import io
import json
import os
import signal
from collections import Counter

import pytest
from django.utils import timezone

from projects.errors import DomainError
from tests.factories import make_department, make_plan, make_user
from tests.tracker.ledger.books import read_csv, read_xlsx
from tests.tracker.ledger.mutants import mutant
from tracker import policies
from tracker.actions import imports
from tracker.choices import Role
from tracker.ledger import importing, reading_json, workbook
from tracker.models import (
    Commitment,
    CommitmentDepartment,
    Event,
    LedgerImport,
    LedgerLine,
    LightChange,
    Milestone,
)
from tracker.queries import chain
from tracker.rules.ledger_choices import Choices
from tracker.rules.reading import ledger

FILES, PARTS, SECONDS = 2000, 4, 10
ENTERED = range(0, FILES, 50)
KEPT = (Commitment, CommitmentDepartment, Milestone, LightChange, Event, LedgerLine)


def in_child(work):
    """What `work(tell)` told, a line each, run in a process of its own; its last line when it was ended."""
    out, into = os.pipe()
    pid = os.fork()
    if pid == 0:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # the cell reader's Rust code reports there what it met
        status = 1
        try:
            with os.fdopen(into, "w") as pipe:
                work(lambda line: _tell(pipe, line))
            status = 0
        finally:
            os._exit(status)
    os.close(into)
    with os.fdopen(out) as pipe:
        lines = [json.loads(line) for line in pipe]
    _pid, status = os.waitpid(pid, 0)
    return lines, status


def _tell(pipe, line):
    signal.alarm(SECONDS)
    pipe.write(json.dumps(line) + "\n")
    pipe.flush()


def read_all(numbers):
    """Reads these files in both forms; tells each number before and what came of it after."""

    def work(tell):
        for number in numbers:
            tell([number, "begun"])
            content, name = mutant(number)
            for form, read in (("office", _as_an_office_keeps_it), ("own", _as_we_write_it)):
                try:
                    tell([number, form, read(content, name)])
                except DomainError as refusal:
                    tell([number, form, refusal.code, str(refusal)])
                except BaseException as error:
                    tell([number, form, f"{type(error).__name__}: {error}"[:300], None])

    return work


def _as_an_office_keeps_it(content, name):
    book = workbook.open_file(content, name=name)
    reading = ledger.read(book.sheets, year=None, this_year=2026)
    reading_json.write(io.BytesIO(), reading, remarks=book.remarks)
    return "read" if reading.entries or reading.rejects else "nothing"


def _as_we_write_it(content, name):
    read_csv(content) if name == "a.csv" else read_xlsx(content)
    return "read"


@pytest.mark.parametrize("part", range(PARTS))
def test_two_thousand_mutated_files_are_read_or_refused(part):
    numbers = range(part, FILES, PARTS)
    lines, status = in_child(read_all(numbers))
    assert status == 0, f"ended by {status} at {lines[-1:]}"
    ended = [line for line in lines if line[1] != "begun"]
    assert len(ended) == 2 * len(numbers)
    broken = [line for line in ended if len(line) == 4 and line[2] not in DomainError.sentences]
    assert not broken, broken[:5]
    assert all(line[3].endswith((".", "。", "!", "！")) for line in ended if len(line) == 4)
    told = Counter((line[1], line[2]) for line in ended)
    assert told["office", "read"] > len(numbers) / 3, "so many are still ledgers: the reader is tried, not its door"
    assert len(told) > 10


@pytest.mark.django_db
def test_what_is_read_of_them_is_entered_whole_or_not_at_all():
    office = make_department("office", name="市政府督查室")
    for code, name in (("kj", "市科技局"), ("cz", "市财政局")):
        make_department(code, name=name)
    by = policies.actor_of(make_user("office", role=Role.SUPERVISOR, department=office))
    plan = make_plan("P1")
    done: Counter[str] = Counter()
    for number in ENTERED:
        content, name = mutant(number)
        before = {model: model._base_manager.count() for model in KEPT}
        row = _worked_on(content, name, plan=plan, by=by)
        after = {model: model._base_manager.count() for model in KEPT}
        done[row.state if row else "refused"] += 1
        if row is None or row.state != "done":
            assert after == before, number
            continue
        assert after[Commitment] - before[Commitment] == row.new_count
        assert after[LightChange] - before[LightChange] >= row.new_count
        assert after[Event] - before[Event] >= row.new_count + row.changed_count
    assert done["done"] > 5, done
    assert chain.verify().broken_seq is None


def _worked_on(content, name, *, plan, by):
    """The import after everything a person can do with it; None when the file was refused at once."""
    try:
        row = imports.receive(content, file_name=name, plan=plan, year=2026, kind="", by=by)
    except DomainError:
        return None
    importing.work(row.pk, now=timezone.now())
    row.refresh_from_db()
    assert row.problem.get("code") != "import_failed"
    if row.state != "ready":
        return row
    row = imports.choose(row, choices=Choices(only_good=True), plan=plan, year=2026, kind="", by=by)
    importing.work(row.pk, now=timezone.now())
    row.refresh_from_db()
    imports.confirm(row, seal=row.seal, by=by)
    importing.work(row.pk, now=timezone.now())
    return LedgerImport.objects.get(pk=row.pk)
