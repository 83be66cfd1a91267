"""P3: planning a day's reminders against one INSERT … SELECT … ON CONFLICT. The rows written must be the same."""

import time
from collections.abc import Callable, Iterator

from django.db import connection

from bench.data import ANCHOR, LAST_RUN, RULES
from bench.floors import reminders as floor
from bench.floors.database import Database, from_environment
from bench.timing import Pair, Result, Unequal, must_equal
from tracker.actions import reminders

TARGET = 2.0
MILLION, MILLION_SECONDS = 1_000_000, 10.0
DAYS = 3  # a Friday's sweep serves Saturday and Sunday too
RUNGS = [
    (number, occasion.value, rung.audience.value, rung.offsets)
    for number, (_code, occasion, _counts, rungs) in enumerate(RULES, start=1)
    for rung in rungs
]
ROWS = """
SELECT commitment_id, milestone_id, rule_id, version_id, occasion, recipient_id, due_on, "offset", planned_on, state,
       is_demo
FROM tracker_reminder ORDER BY 1, 2, 3, 6, 7, 8
"""


def pairs() -> Iterator[Pair]:
    """Compare, then hand out what may be timed. Raises Unequal."""
    database = from_environment()
    written = _compare(database)
    yield Pair(
        work="P3",
        name=f"planning {written} reminders | one INSERT … SELECT",
        target=TARGET,
        floor=_timed(lambda: _floor(database)),
        product=_timed(_product),
        samples=3,
    )
    database.close()


def limits(result: Result) -> Iterator[Result]:
    """The absolute limit at a million commitments, from the same figures."""
    if result.rows >= MILLION:
        yield Result(
            work="P3",
            name="planning at a million commitments, seconds",
            engine=result.engine,
            rows=result.rows,
            target=MILLION_SECONDS,
            unit="s",
            is_ratio=False,
            product=[milliseconds / 1000 for milliseconds in result.product],
        )


def _compare(database: Database) -> int:
    """Both write the same rows, and a second run of the product writes none. Returns how many rows."""
    _reset()
    count = _floor(database)
    least = _rows()
    _reset()
    mine = _product()
    must_equal("reminders written", [count, *least], [mine, *_rows()])
    if again := _product():
        raise Unequal(f"a second run of the product wrote {again} rows")
    if not count:
        raise Unequal("nobody is owed anything, so there is nothing to time")
    return count


def _timed(work: Callable[[], int]) -> Callable[[], float]:
    def run() -> float:
        _reset()
        start = time.perf_counter()
        work()
        return time.perf_counter() - start

    return run


def _product() -> int:
    return reminders.plan(today=ANCHOR)


def _floor(database: Database) -> int:
    return floor.plan(database, RUNGS, today=ANCHOR, days=DAYS)


def _reset() -> None:
    """An empty outbox, and rules that ran last on the day before."""
    with connection.cursor() as cursor:
        is_postgres = connection.vendor == "postgresql"
        cursor.execute("TRUNCATE tracker_reminder CASCADE" if is_postgres else "DELETE FROM tracker_reminder")
        cursor.execute("UPDATE tracker_reminderrule SET last_run_on = %s", [LAST_RUN.isoformat()])


def _rows() -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(ROWS)
        return list(cursor.fetchall())
