"""P4: a ledger file of 15 columns into the ledger, against calamine, COPY and upsert. The rows must be the same.

Each sample begins with the database as it was: the copies are made by the database itself, outside of the time.
"""

import gc
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
from django.db import connection, connections
from django.utils import timezone

from bench import books
from bench.data import ANCHOR, OFFICE_ID
from bench.fill import default, plain
from bench.floors import ledger as floor
from bench.floors.database import Database, from_environment
from bench.timing import Pair, Result, Unequal, must_equal
from tracker import policies
from tracker.actions import imports
from tracker.actions import ledger as actions
from tracker.ledger import importing, reader
from tracker.models import Commitment, Event, LedgerImport, LightChange, Plan, User
from tracker.queries import chain

TARGET, AGAINST_DEFAULTS = 6.0, 25.0
FEWEST = 10_000  # rows from which the defaults are run: they take a minute
WRITTEN = """
SELECT code, plan_id, original_due_on, title, kind, clause_id, summary, lead_id, lead_is_suggested, starts_on, due_on,
       due_text, is_red_line, is_public
FROM tracker_commitment WHERE code LIKE 'L-%' ORDER BY code
"""
OWNERS = """
SELECT c.code, o.department_id, o.involvement, o."order", o.is_suggested
FROM tracker_commitmentdepartment o JOIN tracker_commitment c ON c.id = o.commitment_id
WHERE c.code LIKE 'L-%' ORDER BY 1, 2
"""


class Copies:
    """Copies of the whole database by name, and the way back to one. Nobody else may be connected."""

    def __init__(self, database: Database, var: Path) -> None:
        self.database, self.var, self.kept = database, var, dict[str, str]()
        self.name = str(connection.settings_dict["NAME"])

    def keep(self, name: str) -> None:
        """Keep the database as it is now."""
        self._leave()
        if self.database.is_postgres:
            self.kept[name] = f"{self.name}_{name}"
            self._run(f'CREATE DATABASE "{self.kept[name]}" TEMPLATE "{self.name}"')
        else:
            self.kept[name] = f"{self.var / name}.sqlite3"
            shutil.copyfile(self.name, self.kept[name])

    def back(self, name: str) -> None:
        """Make the database what it was, and have both sides connected."""
        self._leave()
        if self.database.is_postgres:
            self._run(f'DROP DATABASE "{self.name}" WITH (FORCE)')
            self._run(f'CREATE DATABASE "{self.name}" TEMPLATE "{self.kept[name]}"')
        else:
            shutil.copyfile(self.kept[name], self.name)
        self.database.rows("SELECT 1")
        connection.ensure_connection()

    def forget(self) -> None:
        """Take the copies away."""
        for name in self.kept.values() if self.database.is_postgres else ():
            self._run(f'DROP DATABASE "{name}" WITH (FORCE)')

    def _leave(self) -> None:
        if not self.database.is_postgres:
            self.database.connection().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connections.close_all()
        self.database.close()

    def _run(self, statement: str) -> None:
        with psycopg.connect(f"{self.database.url.rpartition('/')[0]}/postgres", autocommit=True) as server:
            server.execute(statement)


def pairs(var: Path, *, rows: int) -> Iterator[Pair]:
    """Compare, then hand out what may be timed. Raises Unequal."""
    database = from_environment()
    copies = Copies(database, var)
    first, changed, messy = books.tidy(rows), books.tidy(rows, changed=0.1), books.messy(rows)
    copies.keep("empty")
    try:
        _compare(copies, database, first, "empty")
        copies.keep("entered")  # by the product
        _compare(copies, database, changed, "entered")
        for name, state, content in (
            ("new rows, our own sheet", "empty", first),
            ("the same sheet again", "entered", first),
            ("a tenth of the sheet changed", "entered", changed),
        ):
            yield _pair(copies, f"{rows} {name} | calamine, COPY, upsert", state, content, database, enter)
        yield _pair(
            copies, f"{rows} new rows, our own sheet, kept as an import | the same", "empty", first, database, bring
        )
        yield _pair(
            copies, f"{rows} new rows as an office keeps them | the tidy sheet", "empty", first, database, bring, messy
        )
    finally:
        copies.back("empty")
        copies.forget()
        database.close()


def against_defaults(result: Result) -> Iterator[Result]:
    """How many times as fast as import-export's defaults; those are run once."""
    if result.rows < FEWEST or "new rows, our own sheet |" not in result.name:
        return
    from bench.floors import plain_import  # its model would be one of the product's from here on

    content = books.tidy(result.rows)
    plain_import.make()
    start = time.perf_counter()
    assert plain_import.enter(content) == result.rows
    yield Result(
        work="P4",
        name="import-export's defaults for the same file, once | the product",
        engine=result.engine,
        rows=result.rows,
        target=AGAINST_DEFAULTS,
        floor=result.product,
        product=[(time.perf_counter() - start) * 1000] * len(result.product),
        is_least=True,
    )


def _pair(
    copies: Copies,
    name: str,
    state: str,
    content: bytes,
    database: Database,
    enter: Callable[[bytes], Callable[[], None]],
    other: bytes | None = None,
) -> Pair:
    def timed_floor() -> float:
        copies.back(state)
        start = time.perf_counter()
        floor.enter(database, content, others())
        return time.perf_counter() - start

    def timed_product() -> float:
        copies.back(state)
        work = enter(other or content)
        gc.collect()
        start = time.perf_counter()
        work()
        return time.perf_counter() - start

    return Pair(work="P4", name=name, target=TARGET, floor=timed_floor, product=timed_product, samples=1)


def others() -> dict[str, object]:
    """The values of the columns that the floor's file does not say."""
    said = {"id", "code", "plan_id", "original_due_on", *floor.WRITTEN}
    return {
        str(field.column): plain(default(field))
        for field in Commitment._meta.concrete_fields
        if field.column not in said
    }


def enter(content: bytes) -> Callable[[], None]:
    """The heart of the work: read, judge, enter with events, lights and one stamp."""
    by = policies.actor_of(User.objects.get(pk=OFFICE_ID))

    def work() -> None:
        actions.apply(reader.of_file(content, name="台账.xlsx").rows, by=by, today=ANCHOR, file_name="台账.xlsx")

    return work


def bring(content: bytes) -> Callable[[], None]:
    """What happens after "confirm": read, recognise, judge and enter again, and keep what every row said."""
    by = policies.actor_of(User.objects.get(pk=OFFICE_ID))
    plan = Plan.objects.order_by("pk")[0]
    row = imports.receive(content, file_name="台账.xlsx", plan=plan, year=2026, kind="", by=by)
    importing.work(row.pk, now=timezone.now())
    row.refresh_from_db()
    imports.confirm(row, seal=row.seal, by=by)

    def work() -> None:
        importing.work(row.pk, now=timezone.now())
        done = LedgerImport.objects.get(pk=row.pk)
        assert done.done_at is not None, (done.state, done.problem)

    return work


def _compare(copies: Copies, database: Database, content: bytes, state: str) -> None:
    """Both leave the same rows and owners; the product also one event and one first light each, and a chain that holds.

    The product comes last, so that what it wrote stands.
    """
    copies.back(state)
    floor.enter(database, content, others())
    least = _rows()
    copies.back(state)
    events, lights = Event.objects.count(), LightChange.objects.count()
    enter(content)()
    must_equal(f"rows written ({state})", least, _rows())
    made = Commitment.objects.filter(code__startswith="L-").count()
    if state == "empty" and (Event.objects.count() - events <= made or LightChange.objects.count() - lights != made):
        raise Unequal("a row has no event or no light")
    if chain.verify().broken_seq is not None:
        raise Unequal("the chain of events does not hold")


def _rows() -> list[list[object]]:
    with connection.cursor() as cursor:
        found = []
        for statement in (WRITTEN, OWNERS):
            cursor.execute(statement)
            found += [list(row) for row in cursor.fetchall()]
        return found
