"""Writes the tables of what was tried, from real runs: `python -m scripts.proof faults` and `… proof year`.

`faults` runs the kill tests on SQLite and on PostgreSQL and writes docs/faults.md; `year` runs the simulated year and
writes docs/reminders-year.md. Both take minutes, and write nothing when a run fails. `--from FILE` takes what a
run left (LUOSHI_FAULT_RESULTS, LUOSHI_YEAR_RESULTS) instead of running.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from scripts import postgres

ROOT = Path(__file__).resolve().parent.parent
FAULTS, YEAR = ROOT / "docs" / "faults.md", ROOT / "docs" / "reminders-year.md"
NAMES = {
    "worker": "kill -9 of the worker",
    "beat": "kill -9 of beat",
    "broker": "kill -9 of the broker (Valkey)",
    "database": "immediate stop of PostgreSQL",
}
WHO = {"officer": "officers", "head": "heads of departments", "vice": "the vice mayor above them"}


FAULTS_TEXT = """\
# What a crash leaves: the kill tests

{made} `python -m scripts.proof faults` makes it anew; the tests stand in `tests/fault/` and run with `make test`.

Each run is a site of its own: a real worker (two threads), real beat (ringing every half second), real Valkey, a real
SMTP server on loopback, and 2 000 reminders that go out in 400 messages. In the middle of it something is killed and
started again: when the sweep has begun, when the rows are planned, after 40, 160 and 280 messages.

Asserted each time: every reminder stands exactly once; every person got the message, and at most once more; a
repetition carries the same Message-ID; every line stands with its message; nothing is unsent.

| database | what | runs | reminders | messages | sent when struck, by run | sent twice, by run | seconds to recovery |
| --- | --- | --- | --- | --- | --- | --- | --- |
{table}

- **Sent twice**: a worker that dies after the mail server has said yes and before it has written so leaves the message
  as “being sent”. Whoever takes over cannot know, and sends it again under the same Message-ID. At most one for each
  thread.
- **Beat or broker down**: what a worker has begun goes on. Rows say what is to be done; the queue only rings.
- **Seconds**: a claim lapses after four seconds here (300 in production), a sweep that was killed is begun anew after
  the same time. What takes over was loaded before, so the start of a process is not counted.
"""
YEAR_TEXT = """\
# A year of reminders

{made} `python -m scripts.proof year` makes it anew; the test is `tests/tracker/delivery/test_year.py`.

2026 day by day, with its real calendar, over the 204 commitments of Nanchong’s plan, with the rules that come with the
software. Every lead department has an officer and a head, all heads one vice mayor above. Monthly reports are owed,
and most come in time; two steps for every second commitment are reached or missed; blockers, instructions, returns,
extensions and reminders by hand happen by a fixed seed; a week in April has no sweep.

{reminders} reminders went out in {messages} messages on {days} of 365 days: at most {most_a_day} message a person and
day, at most {most_matters} matters shown in one. The same year a second time wrote and sent nothing.

| messages in the year to | people | fewest | median | most |
| --- | --- | --- | --- | --- |
{table}
"""


def run(test: str, variable: str, results: Path, *, database: str = "") -> int:
    """One pytest run that leaves its rows in the file; returns its exit status."""
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    environment[variable] = str(results)
    if database:
        environment["DATABASE_URL"] = database
    command = [sys.executable, "-m", "pytest", "-q", test]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def faults_rows(results: Path) -> int:
    """The kill tests on both databases, rows into the file; returns the exit status."""
    if status := run("tests/fault", "LUOSHI_FAULT_RESULTS", results):
        return status
    binaries = postgres.installed()
    if binaries is None:
        print("NOT RUN: the kill tests on PostgreSQL. Install postgresql.")
        return 1
    with postgres.server(binaries) as url:
        return run("tests/fault", "LUOSHI_FAULT_RESULTS", results, database=url)


def faults(rows: Sequence[dict[str, Any]]) -> str:
    """docs/faults.md."""
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault((row["database"], row["victim"]), []).append(row)
    return FAULTS_TEXT.format(made=_made(), table="\n".join(_line(*key, groups[key]) for key in sorted(groups)))


def _line(database: str, victim: str, group: Sequence[dict[str, Any]]) -> str:
    """The line of one kind of blow."""
    seconds = [row["seconds"] for row in group]
    before, twice = (", ".join(str(row[name]) for row in group) for name in ("sent_before", "sent_twice"))
    size = f"{group[0]['reminders']} | {group[0]['messages']}"
    shortest = f"{min(seconds)}–{max(seconds)}"
    return f"| {database} | {NAMES[victim]} | {len(group)} | {size} | {before} | {twice} | {shortest} |"


def year(told: dict[str, Any]) -> str:
    """docs/reminders-year.md."""
    people = told["people"]
    lines = [f"| {WHO[who]} | {' | '.join(f'{n:g}' for n in people[who])} |" for who in WHO if who in people]
    return YEAR_TEXT.format(made=_made(), table="\n".join(lines), **told)


def _made() -> str:
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.strip()
    cores = os.cpu_count()
    return f"Made on {date.today().isoformat()} at {commit}, {cores} cores, Python {platform.python_version()}."


def main() -> int:
    """The command line. Returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["faults", "year"])
    parser.add_argument("--from", dest="source", type=Path, help="rows of a run that was made already")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="luoshi-proof-") as folder:
        results = options.source or Path(folder) / "results"
        if options.source is None:
            test = "tests/tracker/delivery/test_year.py"
            is_faults = options.what == "faults"
            if status := faults_rows(results) if is_faults else run(test, "LUOSHI_YEAR_RESULTS", results):
                return status
        text = results.read_text(encoding="utf-8")
    if options.what == "faults":
        FAULTS.write_text(faults([json.loads(line) for line in text.splitlines()]), encoding="utf-8")
    else:
        YEAR.write_text(year(json.loads(text)), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
