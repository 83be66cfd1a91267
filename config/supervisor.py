"""Keeps child processes alive and stops them together. Standard library only; config/demo.py says what they are.

Each child leads its own process group: Ctrl-C reaches the supervisor alone, and a child ends with all that it started.
"""

import ctypes
import os
import re
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

WORTH_SHOWING = re.compile(r"[ \[](WARNING|ERROR|CRITICAL)[ \]]")
DEATHS = 6  # this many …
WINDOW = 60.0  # … within so many seconds are a fault that restarting does not mend
LONGEST_PAUSE = 5.0
GRACE = 12.0  # seconds between asking a child to stop and killing it
LOG_LIMIT = 5 * 1024 * 1024
PR_SET_PDEATHSIG = 1


class Failure(Exception):
    """A child cannot be kept alive, or nothing became ready in time; the text says which and what to do."""


@dataclass(slots=True, kw_only=True)
class Child:
    """One program to keep alive. `stop_signal` asks it to end; `quiet` keeps its warnings off the screen."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)
    stop_signal: signal.Signals = signal.SIGTERM
    quiet: bool = False
    process: "subprocess.Popen[bytes] | None" = None
    deaths: deque[float] = field(default_factory=lambda: deque(maxlen=DEATHS))
    due: float = 0.0  # monotonic time of the next start while the child is down
    read_to: int = 0  # how far its log has been looked through


class Supervisor:
    """Starts children, restarts one that dies, shows their warnings, and stops all of them."""

    def __init__(self, *, cwd: Path, logs: Path, say: Callable[[str], None] = print) -> None:
        self.cwd, self.logs, self.say = cwd, logs, say
        self.children: list[Child] = []
        self.stopping = False
        logs.mkdir(parents=True, exist_ok=True)

    def log_of(self, child: Child) -> Path:
        """Where the child's output goes."""
        return self.logs / f"{child.name}.log"

    def add(self, child: Child) -> None:
        """Start a child and keep it alive from now on."""
        log = self.log_of(child)
        if log.exists() and log.stat().st_size > LOG_LIMIT:
            log.replace(log.with_suffix(".log.1"))
        child.read_to = log.stat().st_size if log.exists() else 0
        self.children.append(child)
        self._start(child)

    def watch(self) -> None:
        """Show new warnings, restart what died and is due. Raises Failure when a child keeps dying."""
        for child in self.children:
            if not child.quiet:
                self._show_warnings(child)
            if child.process and child.process.poll() is not None:
                self._bury(child)
            if child.process is None and time.monotonic() >= child.due:
                self._start(child)

    def wait_for(self, what: str, ready: Callable[[], bool], *, seconds: float) -> None:
        """Watch until `ready` holds or the supervisor is told to stop. Raises Failure when the time is over."""
        end = time.monotonic() + seconds
        while not self.stopping and not ready():
            if time.monotonic() > end:
                raise Failure(
                    f"{what} did not become ready within {seconds:.0f} s. Look into {self.logs} for the reason."
                )
            self.watch()
            time.sleep(0.1)

    def run(self) -> None:
        """Watch until told to stop."""
        while not self.stopping:
            self.watch()
            time.sleep(0.2)

    def stop_on_signals(self) -> None:
        """From now on Ctrl-C, SIGTERM and a closed terminal end `run` and `wait_for`."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask_to_stop)

    def stop(self) -> None:
        """End every child, politely, then by force with its group; the first, which the others use, goes last."""
        for batch in (self.children[1:], self.children[:1]):
            running = [(child, child.process) for child in batch if child.process]
            for child, process in running:
                _signal_group(process.pid, child.stop_signal)
            end = time.monotonic() + GRACE
            for child, process in running:
                try:
                    process.wait(timeout=max(0.1, end - time.monotonic()))
                except subprocess.TimeoutExpired:
                    self.say(f"{child.name} did not stop in {GRACE:.0f} s and was killed.")
                _signal_group(process.pid, signal.SIGKILL)
                process.wait()
                child.process = None

    def _ask_to_stop(self, *_: object) -> None:
        self.stopping = True

    def _start(self, child: Child) -> None:
        with self.log_of(child).open("ab") as log:
            child.process = subprocess.Popen(
                child.command,
                cwd=self.cwd,
                env={**os.environ, **child.env},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_die_with_parent,  # safe: the supervisor has one thread
            )

    def _bury(self, child: Child) -> None:
        """Note a death, end what the child left behind, set the next start. Raises Failure after too many deaths."""
        assert child.process is not None
        code, pid = child.process.returncode, child.process.pid
        _signal_group(pid, signal.SIGKILL)
        child.process = None
        now = time.monotonic()
        child.deaths.append(now)
        if len(child.deaths) == DEATHS and now - child.deaths[0] < WINDOW:
            raise Failure(
                f"{child.name} died {DEATHS} times within a minute, last with {_ending(code)}. "
                f"Its last lines are below; correct the cause and start again.\n{self._tail(child)}"
            )
        recent = sum(1 for death in child.deaths if now - death < WINDOW)
        pause = min(LONGEST_PAUSE, 0.2 * 2 ** (recent - 1))
        child.due = now + pause
        self.say(f"{child.name} ended with {_ending(code)}; it starts again in {pause:.1f} s.")

    def _show_warnings(self, child: Child) -> None:
        log = self.log_of(child)
        if log.stat().st_size <= child.read_to:
            return
        with log.open("rb") as source:
            source.seek(child.read_to)
            fresh = source.read(256 * 1024)
        whole, newline, _ = fresh.rpartition(b"\n")
        child.read_to += len(whole) + len(newline)
        for line in whole.decode("utf-8", "replace").splitlines():
            if WORTH_SHOWING.search(line):
                self.say(f"{child.name}: {line[:300]}")

    def _tail(self, child: Child) -> str:
        lines = self.log_of(child).read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(f"    {line}" for line in lines[-15:])


def _ending(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"status {code}"


def _signal_group(leader: int, number: signal.Signals) -> None:
    try:
        os.killpg(leader, number)
    except (ProcessLookupError, PermissionError):  # gone; macOS says "permission" of a group of zombies
        return


def _die_with_parent() -> None:
    """Runs in the child: on Linux the kernel ends it when the supervisor itself is killed with -9."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
