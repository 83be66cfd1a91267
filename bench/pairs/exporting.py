"""P5: the ledger as a workbook of 15 columns against the fastest xlsx writer of PyPI, and its memory at 60 000 rows.

Two pairs: the same rows in memory through both writers; the whole export, from the database to a file on disk. Both
files must hold the same cells.
"""

import gc
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from python_calamine import CalamineWorkbook

from bench.floors import exporting as floor
from bench.floors.database import from_environment
from bench.timing import Pair, Result, must_equal
from tracker.ledger import writer
from tracker.models import Commitment
from tracker.queries import ledger
from tracker.rules.ledger import BY_FIELD, LedgerRow

TARGET = 2.0
COLUMNS = [BY_FIELD[name] for name in floor.FIELDS]
MANY, MANY_MEGABYTES = 60_000, 300.0


def pairs() -> Iterator[Pair]:
    """Compare, then hand out what may be timed. Raises Unequal."""
    database = from_environment()
    rows = list(ledger.rows(Commitment.objects.order_by("code")))
    with tempfile.TemporaryDirectory(prefix="luoshi-bench-xlsx-") as folder:
        least, mine = Path(folder) / "floor.xlsx", Path(folder) / "product.xlsx"
        for name, source in (("rows in memory", rows), ("from the database", None)):
            by_floor = _timed(lambda source=source: floor.write(source or floor.rows(database), least))  # type: ignore[misc]
            by_product = _timed(lambda source=source: _write(source or _rows(), mine))  # type: ignore[misc]
            by_floor()
            by_product()
            must_equal(name, _cells(least), _cells(mine))
            yield Pair(
                work="P5",
                name=f"{len(rows)} × {len(COLUMNS)} to xlsx, {name} | rustpy-xlsxwriter",
                target=TARGET,
                floor=by_floor,
                product=by_product,
                samples=3,
            )
    database.close()


def memory() -> Result:
    """The peak of a process that writes 60 000 rows and nothing else, in MB; beside it what it needed before."""
    command = [sys.executable, "-m", "bench.peak", str(MANY)]
    said = subprocess.run(command, capture_output=True, check=True, text=True, timeout=300).stdout.split()
    return Result(
        work="P5",
        name=f"peak memory, {MANY} rows of all columns to xlsx",
        engine="sqlite",
        rows=MANY,
        target=MANY_MEGABYTES,
        unit="MB",
        is_ratio=False,
        product=[float(said[1])],
        floor=[float(said[0])],
    )


def _rows() -> Iterator[LedgerRow]:
    return ledger.rows(Commitment.objects.order_by("code"), fields=floor.FIELDS)


def _write(rows: object, path: Path) -> None:
    with writer.spooled("xlsx", rows, COLUMNS) as file:  # type: ignore[arg-type]
        path.write_bytes(file.read())


def _timed(work: Callable[[], None]) -> Callable[[], float]:
    def run() -> float:
        gc.collect()
        start = time.perf_counter()
        work()
        return time.perf_counter() - start

    return run


def _cells(path: Path) -> list[list[object]]:
    return CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
