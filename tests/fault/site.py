"""A site of its own for one kill test: database, Valkey, mail server, worker, beat. Started and killed by the test."""

import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from config import valkey
from tests.fault.mailbox import Mailbox

ROOT = Path(__file__).resolve().parent.parent.parent
CLAIM_SECONDS = 4  # longer than one message takes on a busy machine
GONE = (psycopg.OperationalError, sqlite3.OperationalError)


@dataclass(slots=True)
class Site:
    """Everything lies under `home`; `database` is a URL. Nothing outlives `stop`."""

    home: Path
    database: str
    started: float = field(default_factory=time.time)
    processes: list["subprocess.Popen[bytes]"] = field(default_factory=list)
    mailbox: Mailbox = field(default_factory=Mailbox)
    mail_port: int = 0

    @property
    def environment(self) -> dict[str, str]:
        """What the site's processes are told."""
        inherited = {key: value for key, value in os.environ.items() if key != "REDIS_URL"}
        return inherited | {
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
            "LUOSHI_VAR": str(self.home),
            "DATABASE_URL": self.database,
            "LUOSHI_EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "LUOSHI_EMAIL_HOST": "127.0.0.1",
            "LUOSHI_EMAIL_PORT": str(self.mail_port),
            "REMINDER_CLAIM_SECONDS": str(CLAIM_SECONDS),
        }

    def start_mail(self) -> None:
        """Start the mail server; before the worker, which is told its port."""
        self.mail_port = self.mailbox.start()

    def start_valkey(self) -> "subprocess.Popen[bytes]":
        """Start the queue, on the data that it left, and wait until it answers."""
        server, socket_file = valkey.binary(), self.home / "valkey.sock"
        assert server is not None
        process = self._start(valkey.command(server, socket_file=socket_file, data=self.home / "valkey"))
        wait_until(lambda: valkey.answers(socket_file), seconds=20)
        return process

    def prepare(self, what: str) -> "subprocess.Popen[bytes]":
        """Load a `worker` or the `beat` in a process group of its own; it begins when `release` says so."""
        return self._start([sys.executable, "-m", f"tests.fault.{what}", str(self.started)])

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

    def is_so(self, query: str) -> bool:
        """Whether a query that counts finds something; not while the database is away."""
        try:
            return bool(self.ask(query)[0][0])
        except GONE:
            return False

    def stop(self) -> None:
        """Kill what still runs, remove the folder."""
        for process in reversed(self.processes):
            kill(process)
        if self.mail_port:
            self.mailbox.stop()
        shutil.rmtree(self.home, ignore_errors=True)


def release(process: "subprocess.Popen[bytes]") -> None:
    """Let a prepared process begin."""
    assert process.stdin is not None
    process.stdin.write(b"begin\n")
    process.stdin.close()


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
