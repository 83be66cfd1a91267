"""kill -9 of the worker in the middle of a sweep and in the middle of a delivery: nothing is lost, nothing doubled
but the message that was in flight. Real Valkey, real worker, a database in a file or a server.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from config import valkey
from tests.fault.site import ROOT, Site, kill, release, wait_until
from tests.fault.stage import MESSAGES, REMINDERS

pytestmark = [
    pytest.mark.fault,
    pytest.mark.worker,
    pytest.mark.skipif(valkey.binary() is None, reason="no embedded Valkey for this platform"),
]
SERVER = os.environ.get("DATABASE_URL", "") if os.environ.get("DATABASE_URL", "").startswith("postgres") else ""
IN_FLIGHT = 2  # threads of the worker
UNSENT = "state IN ('planned', 'claimed')"

# Five on Valkey beside SQLite; PostgreSQL, which waits longer for its locks, is killed beside twice.
RUNS = 2 if SERVER else 5


def database_of(name: str, home: Path) -> str:
    return f"{SERVER.rpartition('/')[0]}/{name}" if SERVER else f"sqlite:///{home / name}.sqlite3"


def on_server(statement: str) -> None:
    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(statement.encode())


@pytest.fixture(scope="module")
def stage() -> Iterator[Site]:
    """The scene, written once; each run gets a copy."""
    home, name = Path(tempfile.mkdtemp(prefix="lk-")), f"stage_{os.getpid()}"
    if SERVER:
        on_server(f"CREATE DATABASE {name}")
    site = Site(home=home, database=database_of(name, home))
    try:
        command = [sys.executable, "-m", "tests.fault.stage"]
        subprocess.run(command, cwd=ROOT, env=site.environment, check=True)
        yield site
    finally:
        site.stop()
        if SERVER:
            on_server(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def site(stage: Site) -> Iterator[Site]:
    home, name = Path(tempfile.mkdtemp(prefix="lk-")), f"run_{os.getpid()}_{time.monotonic_ns()}"
    if SERVER:
        on_server(f"CREATE DATABASE {name} TEMPLATE {stage.database.rpartition('/')[2]}")
    else:
        shutil.copy(stage.database.removeprefix("sqlite:///"), home / f"{name}.sqlite3")
    own = Site(home=home, database=database_of(name, home))
    try:
        own.start_valkey()
        yield own
    finally:
        own.stop()
        if SERVER:
            on_server(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.parametrize("run", range(RUNS))
def test_every_reminder_stands_once_and_is_delivered_when_the_worker_is_killed(site: Site, run: int) -> None:
    first, second, third = (site.prepare_worker() for _ in range(3))
    release(first)
    site.send("tracker.tasks.sweep")
    wait_until(lambda: site.count("tracker_sweeprun") > 0, seconds=60)
    kill(first)

    release(second)
    site.send("tracker.tasks.sweep")
    wait_until(lambda: site.count("tracker_sweeprun", "finished_at IS NOT NULL") > 0, seconds=60)
    assert site.count("tracker_reminder") == REMINDERS
    for _ in range(IN_FLIGHT):
        site.send("tracker.tasks.deliver")
    before_the_kill = 10 + 10 * run
    wait_until(lambda: site.messages()[0].total() >= before_the_kill, seconds=60)
    kill(second)
    assert site.messages()[0].total() < MESSAGES, "the worker was killed too late to prove anything"
    assert site.count("tracker_reminder", UNSENT) > 0

    release(third)
    end = time.monotonic() + 60
    while site.count("tracker_reminder", UNSENT):  # as beat does, only faster
        assert time.monotonic() < end, "the outbox did not become empty"
        site.send("tracker.tasks.deliver")
        time.sleep(0.5)

    assert site.count("tracker_reminder") == REMINDERS
    assert site.count("tracker_reminder", "state = 'sent' AND sent_at IS NOT NULL AND error = ''") == REMINDERS
    by_person, by_message = site.messages()
    assert len(by_person) == len(by_message) == MESSAGES
    assert max(by_person.values()) <= 2
    assert by_person.total() - MESSAGES <= IN_FLIGHT
    assert max(by_message.values()) == max(by_person.values()), "a repetition must carry the same Message-ID"
