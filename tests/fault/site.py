"""A site of its own for one kill test: database, Valkey, mail folder, worker. Started and killed by the test."""

import contextlib
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from celery import Celery

from config import valkey

ROOT = Path(__file__).resolve().parent.parent.parent
RECIPIENT = re.compile(r"^To: (\S+)", re.MULTILINE)
MESSAGE_ID = re.compile(r"^Message-ID: (\S+)", re.MULTILINE)


@dataclass(slots=True)
class Site:
    """Everything lies under `home`; `database` is a URL. Nothing outlives `stop`."""

    home: Path
    database: str
    started: float = field(default_factory=time.time)
    processes: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        """What the site's processes are told."""
        inherited = {key: value for key, value in os.environ.items() if key != "REDIS_URL"}
        return inherited | {
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
            "LUOSHI_VAR": str(self.home),
            "DATABASE_URL": self.database,
            "LUOSHI_EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "REMINDER_CLAIM_SECONDS": "3",
        }

    def start_valkey(self) -> None:
        """Start the queue and wait until it answers."""
        server, socket_file = valkey.binary(), self.home / "valkey.sock"
        assert server is not None
        self._start(valkey.command(server, socket_file=socket_file, data=self.home / "valkey"))
        wait_until(lambda: valkey.answers(socket_file), seconds=20)

    def prepare_worker(self) -> "subprocess.Popen[bytes]":
        """Load a worker in a process group of its own; it takes messages when `release` says so."""
        return self._start([sys.executable, "-m", "tests.fault.worker", str(self.started)])

    def _start(self, command: list[str]) -> "subprocess.Popen[bytes]":
        with (self.home / "log").open("ab") as log:
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.processes.append(process)
        return process

    def send(self, task: str) -> None:
        """Put a message into the queue, as beat does."""
        broker = f"redis+socket://{self.home / 'valkey.sock'}?virtual_host=0"
        with Celery(broker=broker, set_as_current=False) as client:
            client.send_task(task, queue="luoshi", ignore_result=True)

    def ask(self, query: str) -> list[tuple[int, ...]]:
        """The rows of a query, read beside Django."""
        if self.database.startswith("sqlite"):
            with contextlib.closing(
                sqlite3.connect(self.database.removeprefix("sqlite:///"), timeout=20)
            ) as connection:
                return connection.execute(query).fetchall()
        with psycopg.connect(self.database) as connection:
            return connection.execute(query.encode()).fetchall()

    def count(self, table: str, where: str = "1 = 1") -> int:
        """How many rows of a table there are."""
        return self.ask(f"SELECT count(*) FROM {table} WHERE {where}")[0][0]

    def messages(self) -> "tuple[Counter[str], Counter[str]]":
        """What was sent so far: by recipient, and by Message-ID."""
        # A worker may be in the middle of a letter: what is cut inside a character is counted at the next look.
        letters = "".join(file.read_bytes().decode(errors="ignore") for file in (self.home / "mail").glob("*.log"))
        return Counter(RECIPIENT.findall(letters)), Counter(MESSAGE_ID.findall(letters))

    def stop(self) -> None:
        """Kill what still runs, remove the folder."""
        for process in reversed(self.processes):
            kill(process)
        shutil.rmtree(self.home, ignore_errors=True)


def release(worker: "subprocess.Popen[bytes]") -> None:
    """Let a prepared worker begin."""
    assert worker.stdin is not None
    worker.stdin.write(b"begin\n")
    worker.stdin.close()


def kill(process: "subprocess.Popen[bytes]") -> None:
    """Kill -9 of the process and its whole group, which `_start` made its own."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def wait_until(done: Callable[[], bool], *, seconds: float, pause: float = 0.03) -> None:
    """Return as soon as it is so. Raises TimeoutError when it never is."""
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            raise TimeoutError(f"not so within {seconds} s")
        time.sleep(pause)
