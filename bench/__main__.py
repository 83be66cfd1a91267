"""`make bench`: prepares databases, runs each case in a process of its own, prints the table. See bench/README.md."""

import argparse
import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg

from bench import report
from bench.timing import Result
from scripts import postgres

ROOT = Path(__file__).resolve().parent.parent
WORKS = ("P1", "P2", "P3", "P4", "P5", "P7")
ENGINES = ("postgresql", "sqlite")
CASE_SECONDS = 3600.0
FEWEST_ROUNDS = 5
# What a person may have set for their own site and must not leak into a measurement.
OURS = ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the command line asks for."""

    rows: Sequence[int]
    engines: Sequence[str]
    only: Sequence[str]
    rounds: int


def wish(arguments: Sequence[str]) -> Wish:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--rows", default="1000,10000", help="numbers of commitments, by comma (1000,10000)")
    parser.add_argument("--rounds", type=int, default=7, help="of floor and product each (7; at least 5 count)")
    parser.add_argument("--only", default=",".join(WORKS), help=f"works, by comma ({','.join(WORKS)})")
    parser.add_argument("--engine", default=",".join(ENGINES), help=f"databases, by comma ({','.join(ENGINES)})")
    options = parser.parse_args(arguments)
    rows = sorted({int(number) for number in options.rows.split(",")})
    only, engines = options.only.split(","), options.engine.split(",")
    if unknown := [*(set(only) - set(WORKS)), *(set(engines) - set(ENGINES))]:
        parser.error(f"{', '.join(unknown)}: choose among {', '.join((*WORKS, *ENGINES))}")
    if rows[0] < 100 or options.rounds < 1:
        parser.error("at least 100 rows and 1 round")
    return Wish(rows=rows, engines=engines, only=only, rounds=options.rounds)


def cases(asked: Wish) -> Iterator[tuple[str, int, list[str]]]:
    """(engine, rows, works) of each process to run."""
    works = [work for work in asked.only if work != "P7"]
    if works:
        yield from ((engine, rows, works) for rows in asked.rows for engine in asked.engines)
    if "P7" in asked.only:
        yield "sqlite", 0, ["P7"]


def run_case(
    engine: str, rows: int, works: Sequence[str], *, rounds: int, server: str
) -> tuple[list[Result], list[str]]:
    """One process in a folder of its own; its results, and what it could not run."""
    with tempfile.TemporaryDirectory(prefix="luoshi-bench-") as folder:
        var, out = Path(folder), Path(folder) / "out.json"
        with _database(engine, var, server) as url:
            environment = {name: value for name, value in os.environ.items() if not _is_ours(name)}
            environment |= {
                "LUOSHI_VAR": folder,
                "DATABASE_URL": url,
                "DJANGO_SETTINGS_MODULE": "config.settings.dev",
                "TZ": "Asia/Shanghai",  # the floors know no Django settings; "today" must be the same day
            }
            command = [sys.executable, "-m", "bench.case", "--engine", engine, "--rows", str(rows), "--var", folder]
            command += ["--rounds", str(rounds), "--only", ",".join(works), "--out", str(out)]
            code = _run(command, environment)
        if code or not out.exists():
            return [], [f"{','.join(works)} on {engine} with {rows} commitments ended with status {code}"]
        found = json.loads(out.read_text(encoding="utf-8"))
    return [Result(**line) for line in found["results"]], found["not_run"]


def _is_ours(name: str) -> bool:
    return name in OURS or name.startswith("LUOSHI_")


def _run(command: Sequence[str], environment: dict[str, str]) -> int:
    """Run to the end; end it politely, with its servers, when the time is over or we are told to stop."""
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        return process.wait(timeout=CASE_SECONDS)
    except subprocess.TimeoutExpired:
        return 124
    except KeyboardInterrupt:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=30)  # Ctrl-C reached it too, and it is ending its servers
        raise
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(timeout=60)


@contextlib.contextmanager
def _database(engine: str, var: Path, server: str) -> Iterator[str]:
    """The URL of a fresh, empty database."""
    if engine == "sqlite":
        yield f"sqlite:///{var / 'bench.sqlite3'}"
        return
    name = f"bench_{os.getpid()}_{int(time.time() * 1000)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield f"{server.rpartition('/')[0]}/{name}"
        finally:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def run(asked: Wish, server: str) -> tuple[list[Result], list[str]]:
    """All cases, one after the other."""
    results: list[Result] = []
    not_run: list[str] = []
    for engine, rows, works in cases(asked):
        if engine == "postgresql" and not server:
            not_run.append(
                f"{','.join(works)} on PostgreSQL with {rows} commitments: no server here. Install postgresql"
            )
            continue
        print(f"{', '.join(works)} · {engine} · {report.short(rows) if rows else 'demonstration'}", flush=True)
        found, missing = run_case(engine, rows, works, rounds=asked.rounds, server=server)
        results += found
        not_run += missing
    results.sort(key=lambda one: (one.work, one.name.partition(" | ")[0][:12], one.rows, one.engine))
    return [*results, *report.growth(results)], not_run


def main() -> int:
    """The command line. Returns 0 when every run could be made, met or not; 1 otherwise."""
    asked = wish(sys.argv[1:])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    header = report.machine()
    binaries = postgres.installed() if "postgresql" in asked.engines and set(asked.only) - {"P7"} else None
    with postgres.server(binaries) if binaries else contextlib.nullcontext("") as server:
        results, not_run = run(asked, server)
    print(f"\n{header}, {asked.rounds} rounds, floor and product in turns\n")
    if results:
        print(report.table(results))
    if asked.rounds < FEWEST_ROUNDS:
        print(f"\nFewer than {FEWEST_ROUNDS} rounds: a trial, not a measurement.")
    for sentence in not_run:
        print(f"\nNOT RUN: {sentence}")
    report.write(results, not_run, header=header, command=sys.argv[1:])
    return 1 if not_run else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
