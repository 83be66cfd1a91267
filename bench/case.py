"""One run in a process of its own: one engine and one number of commitments, or the start of the demonstration.

`bench.__main__` sets the environment (database, folder) before; this process writes its results as JSON.
"""

import argparse
import json
import logging
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

from bench import servers
from bench.timing import Pair, Result, Unequal, interleave
from config.supervisor import Failure

FLOOR = "bench.floors.app:application"
Source = Callable[[], Iterator[Pair]]


class Report:
    """What this run found: results, and sentences about what could not be run."""

    def __init__(self, engine: str, rows: int) -> None:
        self.engine, self.rows = engine, rows
        self.where = f"{engine} with {rows} commitments" if rows else "the demonstration"
        self.results: list[Result] = []
        self.not_run: list[str] = []

    def collect(self, work: str, results: Iterator[Result]) -> None:
        """Take what comes; a pair that is unequal or a server that fails ends this work, not the others."""
        try:
            for result in results:
                self.results.append(result)
                print(f"  {work} on {self.where}: {result.name}: {result.value:.2f}", flush=True)
        except (Unequal, Failure, OSError, AssertionError) as error:
            self.not_run.append(f"{work} on {self.where}: {error}")

    def write(self, path: Path) -> None:
        """As JSON."""
        found = {"results": [asdict(result) for result in self.results], "not_run": self.not_run}
        path.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")


def measure(report: Report, var: Path, *, rounds: int, only: set[str]) -> None:
    """Fill the database, start both servers, run the pairs that were asked for."""
    import django

    django.setup()
    logging.getLogger().setLevel(logging.WARNING)
    from bench import fill
    from bench.pairs import exporting, ledger, ledger_memory, listing, overview, reminders, syncing

    def timed(pairs: Iterator[Pair]) -> Iterator[Result]:
        return (interleave(pair, engine=report.engine, rows=report.rows, rounds=rounds) for pair in pairs)

    fill.fill(report.rows)
    session, token = fill.sign_in()
    if only & {"P1", "P2"}:
        with (
            servers.cache(var),
            servers.serving(var, ready="/alive", application=FLOOR) as floor,
            servers.serving(var, ready="/accounts/login/") as product,
        ):
            if "P1" in only:
                report.collect("P1", timed(overview.pairs(product, floor, session=session)))
            if "P2" in only:
                report.collect("P2", timed(listing.pairs(product, floor, token=token, rows=report.rows)))
                report.collect("P2", timed(syncing.pairs(product, floor, token=token, rows=report.rows)))
    if "P3" in only:
        report.collect("P3", timed(reminders.pairs()))
        report.collect("P3", (more for result in list(report.results) for more in reminders.limits(result)))
    if "P4" in only:
        with servers.cache(var):
            report.collect("P4", timed(ledger.pairs(var, rows=report.rows)))
            report.collect("P4", (more for result in list(report.results) for more in ledger.against_defaults(result)))
            if report.rows >= ledger.FEWEST:
                report.collect("P4", ledger_memory.limits(var, engine=report.engine))
    if "P5" in only:
        report.collect("P5", timed(exporting.pairs()))
        if report.engine == "sqlite":
            report.collect("P5", iter([exporting.memory()]))


def main() -> int:
    """The command line that `bench.__main__` uses. Returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", required=True)
    parser.add_argument("--rows", type=int, required=True)
    parser.add_argument("--rounds", type=int, required=True)
    parser.add_argument("--only", required=True)
    parser.add_argument("--var", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what we started ends with us
    report, only = Report(options.engine, options.rows), set(options.only.split(","))
    try:
        if "P7" in only:
            from bench.pairs import start

            report.collect("P7", start.results(options.var, rounds=options.rounds))
        else:
            measure(report, options.var, rounds=options.rounds, only=only)
    except Failure as failure:
        report.not_run.append(f"{options.only} on {report.where}: {failure}")
    except KeyboardInterrupt:
        return 130
    report.write(options.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
