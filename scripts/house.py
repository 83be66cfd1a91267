"""Starts the whole demonstration in a folder of its own and stops it again; for browser tests and pictures."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scripts.postgres import free_port

ROOT = Path(__file__).resolve().parent.parent
READY_SECONDS = 240
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
# No sandbox, because CI runs as root in a container; the rest keeps Chromium from calling home.
CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """A running demonstration: its address, its folder, and the passwords by user name."""

    url: str
    var: Path
    passwords: dict[str, str]

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a management command on its data; the caller looks at the exit status."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=_environment(self.var),
            capture_output=True,
            text=True,
            check=False,
        )


@contextlib.contextmanager
def running() -> Iterator[House]:
    """The demonstration on a free loopback port, ready; stopped with everything it started at the end.

    Raises:
        RuntimeError: it ended or was not ready in time; the message holds what it printed.
    """
    with tempfile.TemporaryDirectory(prefix="luoshi-") as folder:
        var, port = Path(folder) / "var", free_port()
        var.mkdir()
        log = var / "house.log"
        with log.open("w", encoding="utf-8") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "config.demo", "--port", str(port)],
                cwd=ROOT,
                env=_environment(var),
                stdout=output,
                stderr=subprocess.STDOUT,
            )
            try:
                _wait(process, var / "demo.json", log)
                told = json.loads((var / "demo.json").read_text("utf-8"))
                yield House(
                    url=told["url"],
                    var=var,
                    passwords={account["username"]: account["password"] for account in told["accounts"]},
                )
            finally:
                process.send_signal(signal.SIGTERM)
                process.wait(timeout=60)


def chromium() -> str | None:
    """Where Chromium is, or None."""
    return next((path for name in CHROMIUM if (path := shutil.which(name))), None)


def _environment(var: Path) -> dict[str, str]:
    """This process's, without what names another database, broker or settings module."""
    foreign = {"DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE"}
    return {key: value for key, value in os.environ.items() if key not in foreign} | {"LUOSHI_VAR": str(var)}


def _wait(process: subprocess.Popen[bytes], ready: Path, log: Path) -> None:
    end = time.monotonic() + READY_SECONDS
    while not ready.exists():
        if process.poll() is not None or time.monotonic() > end:
            raise RuntimeError(f"The demonstration did not start:\n{log.read_text('utf-8')[-4000:]}")
        time.sleep(0.2)
