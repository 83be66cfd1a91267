"""P4's memory: one import of 60 000 rows in a process of its own. `python -m bench.pairs.ledger_memory --kind own`."""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from bench.timing import Result

ROWS, MOST_MEGABYTES = 60_000, 300.0
KINDS = {
    "own": "our own sheet: read, judged, entered",
    "office": "as an office keeps them: looked at, confirmed, entered, kept",
}
SECONDS = 1800.0


def limits(var: Path, *, engine: str) -> Iterator[Result]:
    """A line for each kind. Raises OSError when a child fails."""
    from bench import books

    for kind, name in KINDS.items():
        file = var / f"{kind}.xlsx"
        file.write_bytes(books.tidy(ROWS) if kind == "own" else books.messy(ROWS))
        done = subprocess.run(
            [sys.executable, "-m", "bench.pairs.ledger_memory", "--kind", kind, str(file)],
            env=os.environ, capture_output=True, text=True, timeout=SECONDS, check=False,
        )  # fmt: skip
        if done.returncode:
            raise OSError(f"the import of {ROWS} rows ended with {done.returncode}: {done.stderr[-600:]}")
        found = json.loads(done.stdout.splitlines()[-1])
        yield Result(
            work="P4",
            name=f"peak memory, {ROWS} rows, {name} ({ROWS / found['seconds']:.0f} rows/s) | at the start",
            engine=engine,
            rows=ROWS,
            target=MOST_MEGABYTES,
            unit="MB",
            is_ratio=False,
            floor=[found["before"]],
            product=[found["peak"]],
        )


def main() -> None:
    """The child: imports one file inside a transaction that is rolled back, prints what it took as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kind", choices=KINDS, required=True)
    parser.add_argument("file", type=Path)
    options = parser.parse_args()
    import django

    django.setup()
    from django.db import transaction

    from bench.pairs import ledger

    with transaction.atomic():
        before = _peak()
        prepared = ledger.enter if options.kind == "own" else ledger.bring
        work = prepared(options.file.read_bytes())
        start = time.perf_counter()
        work()
        seconds = time.perf_counter() - start
        transaction.set_rollback(True)
    print(json.dumps({"seconds": seconds, "before": before, "peak": _peak()}))


def _peak() -> float:
    """The most that this process ever held, in MB: VmHWM, because ru_maxrss remembers the process that forked us."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


if __name__ == "__main__":
    main()
