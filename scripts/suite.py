"""Runs the test suite: on SQLite, then on PostgreSQL; by itself what kills processes or loads the machine.

`--only fast` is SQLite without processes and browser, `--only e2e` the browser, `--all` everything.
What cannot run is said at the end ("NOT RUN: …"), and where CI is set it is a failure.
"""

import argparse
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from scripts import postgres

ROOT = Path(__file__).resolve().parent.parent
PARALLEL = "not e2e and not fault and not worker"
ALONE = "(fault or worker) and not e2e"
# A file stays on one process, so that what is made for a module is made once.
BY_FILE = ("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder")
NO_TESTS = 5  # pytest's exit status when nothing was selected


@dataclass(slots=True)
class Outcome:
    """What has happened so far: names of failed runs, sentences about runs that could not be made."""

    failed: list[str] = field(default_factory=list)
    not_run: list[str] = field(default_factory=list)

    def status(self) -> int:
        """The exit status: a run that failed, or, in CI, one that could not be made."""
        return 1 if self.failed or (self.not_run and os.environ.get("CI")) else 0


def pytest(outcome: Outcome, name: str, options: Sequence[str], *, database: str) -> None:
    """One pytest run, on the database that the URL names; "" is SQLite in memory."""
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    if database:
        environment["DATABASE_URL"] = database
    print(f"\n=== {name} ===", flush=True)
    start = time.monotonic()
    code = subprocess.run([sys.executable, "-m", "pytest", *options], cwd=ROOT, env=environment, check=False).returncode
    print(f"=== {name}: {time.monotonic() - start:.0f} s ===", flush=True)
    if code == NO_TESTS:
        outcome.not_run.append(f"{name}, because no test was selected.")
    elif code:
        outcome.failed.append(name)


def suite(outcome: Outcome, label: str, arguments: Sequence[str], *, database: str, alone: bool = True) -> None:
    """Both runs on one database. Tests marked `postgres` are left out on SQLite; on PostgreSQL, the second database,
    those that ask no database, and those marked `once`.
    """
    besides = " and not once" if database else " and not postgres"
    again = ["--only-with-database"] if database else []
    pytest(
        outcome,
        f"suite on {label}",
        [*BY_FILE, *again, "-m", PARALLEL + besides, *arguments],
        database=database,
    )
    if alone:
        options = ["-n", "2", *again, "-m", ALONE + besides, *arguments]
        pytest(outcome, f"processes on {label}", options, database=database)


def on_postgres(outcome: Outcome, arguments: Sequence[str]) -> None:
    """The suite on the server of DATABASE_URL, else on a private one."""
    url = os.environ.get("DATABASE_URL", "")
    if url.startswith("postgres"):
        suite(outcome, "PostgreSQL", arguments, database=url)
        return
    binaries = postgres.installed()
    if binaries is None:
        outcome.not_run.append("the suite on PostgreSQL. Install postgresql, or set DATABASE_URL to a server.")
        return
    with postgres.server(binaries) as private:
        suite(outcome, "PostgreSQL", arguments, database=private)


def run(only: str, *, everything: bool, arguments: Sequence[str]) -> Outcome:
    """The parts that were asked for, in order; a failed part does not keep the next from running."""
    outcome = Outcome()
    if only == "fast":
        suite(outcome, "SQLite", arguments, database="", alone=False)
        return outcome
    if only != "e2e":
        suite(outcome, "SQLite", arguments, database="")
        on_postgres(outcome, arguments)
    if everything or only == "e2e":
        pytest(outcome, "browser", ["-n", "2", "-m", "e2e", *arguments], database="")
    return outcome


def main() -> int:
    """The command line; what follows `--` goes to pytest. Returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=["fast", "e2e"], default="")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("arguments", nargs="*")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that a private server ends with us
    with contextlib.suppress(KeyboardInterrupt):
        outcome = run(options.only, everything=options.all, arguments=options.arguments)
        print()
        for sentence in outcome.not_run:
            print(f"NOT RUN: {sentence}")
        for name in outcome.failed:
            print(f"FAILED: {name}")
        return outcome.status()
    return 130


if __name__ == "__main__":
    sys.exit(main())
