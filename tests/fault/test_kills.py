"""kill -9 of the worker, of beat, of the broker, and an immediate stop of the database, in the middle of 2 000
reminders: every row stands once, every message goes out, at most those in flight once more, nothing stays unsent.

Real Valkey, real workers, real beat (which rings more often than in production), real SMTP; a database in a file or a
private server.
"""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from config import valkey
from scripts import postgres
from scripts.postgres import Private
from tests import database_template
from tests.fault.site import ROOT, Site, kill, release, wait_until
from tests.fault.stage import COMMITMENTS, MESSAGES, REMINDERS

Process = subprocess.Popen[bytes]
pytestmark = [
    pytest.mark.fault,
    pytest.mark.worker,
    pytest.mark.skipif(valkey.binary() is None, reason="no embedded Valkey for this platform"),
]
ON_POSTGRES = os.environ.get("DATABASE_URL", "").startswith("postgres")
IN_FLIGHT = 2  # threads of the worker
SECONDS = 120.0
DOWN = 1.5  # seconds between the blow and the restart: long enough for all others to notice
RESULTS = "LUOSHI_FAULT_RESULTS"  # a file that gets one line of JSON for each run; `scripts.fault_table` reads it

# When the blow falls: a query that finds something by then, or how many messages the mail server has taken.
MOMENTS: dict[str, str | int] = {
    "sweep begun": "SELECT count(*) FROM tracker_sweeprun",
    "rows planned": "SELECT count(*) FROM tracker_reminder",
    "40 sent": 40,
    "160 sent": 160,
    "280 sent": 280,
}
# Five runs of each; beside SQLite the three that do not concern the database are repeated twice on PostgreSQL.
RUNS = (
    [(victim, moment) for victim in ("worker", "beat", "broker") for moment in ("rows planned", "160 sent")]
    + [("database", moment) for moment in MOMENTS]
    if ON_POSTGRES
    else [(victim, moment) for victim in ("worker", "beat", "broker") for moment in MOMENTS]
)
ALL_SENT = f"SELECT count(*) = {MESSAGES} FROM tracker_message WHERE state = 'sent'"


@dataclass(frozen=True, slots=True)
class Stage:
    """The scene, written once; each run gets a copy. `server` is None on SQLite."""

    site: Site
    server: Private | None


def database_of(server: Private | None, name: str, home: Path) -> str:
    return f"{server.url.rpartition('/')[0]}/{name}" if server else f"sqlite:///{home / name}.sqlite3"


def on_server(server: Private, statement: str) -> None:
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(statement.encode())


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    binaries = postgres.installed() if ON_POSTGRES else None
    if ON_POSTGRES and binaries is None:
        pytest.skip("no PostgreSQL of our own to stop: install postgresql")
    home = Path(tempfile.mkdtemp(prefix="lk-"))
    with postgres.private(binaries, postgres.SURVIVES) if binaries else contextlib.nullcontext() as server:
        if server:
            on_server(server, "CREATE DATABASE stage")
        site = Site(home=home, database=database_of(server, "stage", home))
        if not server:
            shutil.copy(database_template.sqlite_template(), site.database.removeprefix("sqlite:///"))
        try:
            subprocess.run([sys.executable, "-m", "tests.fault.stage"], cwd=ROOT, env=site.environment, check=True)
            yield Stage(site=site, server=server)
        finally:
            site.stop()


@pytest.fixture
def site(stage: Stage) -> Iterator[Site]:
    home, name = Path(tempfile.mkdtemp(prefix="lk-")), f"run_{time.monotonic_ns()}"
    if stage.server:
        on_server(stage.server, f"CREATE DATABASE {name} TEMPLATE stage")
    else:
        shutil.copy(stage.site.database.removeprefix("sqlite:///"), home / f"{name}.sqlite3")
    own = Site(home=home, database=database_of(stage.server, name, home))
    try:
        own.start_mail()
        yield own
    finally:
        own.stop()
        if stage.server:
            on_server(stage.server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.parametrize(("victim", "moment"), RUNS)
def test_every_row_stands_once_and_every_message_goes_out(site: Site, stage: Stage, victim: str, moment: str) -> None:
    strike, others = begin(site, stage, victim)
    when = MOMENTS[moment]
    if isinstance(when, str):
        wait_until(lambda: site.is_so(when), seconds=SECONDS)
    else:
        wait_until(lambda: site.mailbox.arrived.total() >= when, seconds=SECONDS)
    before = site.mailbox.arrived.total()
    assert before < MESSAGES, "the blow came too late to prove anything"
    struck = time.monotonic()
    strike()
    wait_until(lambda: site.is_so(ALL_SENT), seconds=SECONDS)
    seconds = time.monotonic() - struck
    assert [name for name, process in others.items() if process.poll() is not None] == [], "these ended by themselves"
    twice = check(site)
    keep(victim=victim, moment=moment, sent_before=before, sent_twice=twice, seconds=round(seconds, 1))


def begin(site: Site, stage: Stage, victim: str) -> tuple[Callable[[], None], dict[str, Process]]:
    """Start the whole site; returns the blow, which also brings back what it struck, and the processes that go on."""
    spare = site.prepare(victim) if victim in {"worker", "beat"} else None
    running = {"worker": site.prepare("worker"), "beat": site.prepare("beat"), "broker": site.start_valkey()}
    release(running["worker"])
    release(running["beat"])

    def strike() -> None:
        if victim == "database":
            assert stage.server is not None
            stage.server.stop(immediately=True)
            time.sleep(DOWN)
            stage.server.start()
            return
        kill(running[victim])
        time.sleep(DOWN)
        if spare is not None:
            release(spare)
        else:
            site.start_valkey()

    return strike, {name: process for name, process in running.items() if name != victim}


def check(site: Site) -> int:
    """What must hold after recovery, however it was struck; returns how many messages went out twice."""
    key = 'commitment_id, occasion, "offset", due_on, recipient_id'
    unique = f"SELECT count(*) FROM (SELECT DISTINCT {key} FROM tracker_reminder) AS one"
    assert site.count("tracker_reminder") == site.ask(unique)[0][0] == REMINDERS
    assert site.count("tracker_reminder", "state = 'sent' AND sent_at IS NOT NULL") == REMINDERS
    assert site.count("tracker_message") == MESSAGES
    assert (
        site.count("tracker_message", f"line_count = {COMMITMENTS} AND sent_at IS NOT NULL AND error = ''") == MESSAGES
    )
    assert site.count("tracker_messageline") == REMINDERS
    assert site.ask("SELECT count(DISTINCT reminder_id) FROM tracker_messageline")[0][0] == REMINDERS
    by_person: Counter[str] = Counter()
    for (recipient, _), times in site.mailbox.arrived.items():
        by_person[recipient] += times
    assert len(by_person) == MESSAGES
    assert len(site.mailbox.arrived) == MESSAGES, "a repetition must carry the same Message-ID"
    assert max(by_person.values()) <= 2
    twice = by_person.total() - MESSAGES
    assert twice <= IN_FLIGHT
    return twice


def keep(**found: object) -> None:
    """Write down what a run found, where somebody asked for it."""
    row = {"database": "PostgreSQL" if ON_POSTGRES else "SQLite", "reminders": REMINDERS, "messages": MESSAGES, **found}
    print(json.dumps(row))
    if path := os.environ.get(RESULTS):
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")
