"""The supervisor, with children that only sleep: restart, giving up, a clean stop, no orphan."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config import supervisor
from config.supervisor import Child, Failure, Supervisor

SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]
WITH_GRANDCHILD = [
    sys.executable,
    "-c",
    "import subprocess, sys, time; p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']);"
    " print('grandchild', p.pid, flush=True); time.sleep(600)",
]
DEAF = [sys.executable, "-c", "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf'); time.sleep(600)"]


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # An orphan that nobody has reaped yet is dead all the same.
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] != "Z"


def until(holds: Callable[[], bool], *, seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.02)


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def keeper(tmp_path: Path, said: list[str]) -> Iterator[Supervisor]:
    made = Supervisor(cwd=tmp_path, logs=tmp_path / "log", say=said.append)
    yield made
    made.stop()


def pid_of(child: Child) -> int:
    assert child.process is not None
    return child.process.pid


def test_a_killed_child_is_started_again(keeper: Supervisor, said: list[str]) -> None:
    child = Child(name="sleeper", command=SLEEP)
    keeper.add(child)
    first = pid_of(child)
    os.kill(first, signal.SIGKILL)

    def restarted() -> bool:
        keeper.watch()
        return child.process is not None and child.process.pid != first

    until(restarted)
    assert said == ["sleeper ended with signal SIGKILL; it starts again in 0.2 s."]
    assert not alive(first)
    assert alive(pid_of(child))


def test_stopping_ends_every_child_and_what_it_started(keeper: Supervisor) -> None:
    first, second = Child(name="first", command=SLEEP), Child(name="second", command=WITH_GRANDCHILD)
    keeper.add(first)
    keeper.add(second)
    log = keeper.log_of(second)
    until(lambda: "grandchild" in log.read_text())
    pids = [pid_of(first), pid_of(second), int(log.read_text().split()[1])]
    assert all(alive(pid) for pid in pids)

    keeper.stop()

    until(lambda: not any(alive(pid) for pid in pids))
    assert first.process is None


def test_a_killed_child_leaves_no_grandchild_behind(keeper: Supervisor) -> None:
    child = Child(name="parent", command=WITH_GRANDCHILD)
    keeper.add(child)
    log = keeper.log_of(child)
    until(lambda: log.read_text().endswith("\n"))  # the whole line, its number too
    grandchild = int(log.read_text().split()[1])
    os.kill(pid_of(child), signal.SIGKILL)

    def gone() -> bool:
        keeper.watch()
        return not alive(grandchild)

    until(gone)


def test_a_deaf_child_is_killed_when_the_grace_is_over(
    keeper: Supervisor, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "GRACE", 0.3)
    child = Child(name="deaf", command=[*DEAF[:1], "-u", *DEAF[1:]])
    keeper.add(child)
    until(lambda: "deaf" in keeper.log_of(child).read_text())
    pid = pid_of(child)
    keeper.stop()
    assert not alive(pid)
    assert said == ["deaf did not stop in 0 s and was killed."]


def test_a_child_that_keeps_dying_ends_the_supervisor_with_its_last_words(
    keeper: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "LONGEST_PAUSE", 0.01)
    keeper.add(Child(name="broken", command=[sys.executable, "-c", "raise SystemExit('no such table')"]))
    with pytest.raises(Failure, match=r"broken died 6 times within a minute, last with status 1(.|\n)*no such table"):
        keeper.wait_for("never", lambda: False, seconds=20)


def test_waiting_too_long_says_where_to_look(keeper: Supervisor) -> None:
    with pytest.raises(Failure, match=r"web did not become ready within 0 s\. Look into .*log"):
        keeper.wait_for("web", lambda: False, seconds=0.2)


def test_warnings_come_to_the_screen_and_the_rest_stays_in_the_log(keeper: Supervisor, said: list[str]) -> None:
    script = "print('2026-01-01 INFO a b'); print('2026-01-01 WARNING a c'); import time; time.sleep(600)"
    child = Child(name="chatty", command=[sys.executable, "-u", "-c", script])
    quiet = Child(name="quiet", command=[sys.executable, "-u", "-c", script], quiet=True)
    keeper.add(child)
    keeper.add(quiet)
    until(lambda: all("WARNING" in keeper.log_of(one).read_text() for one in (child, quiet)))
    keeper.watch()
    keeper.watch()
    assert said == ["chatty: 2026-01-01 WARNING a c"]
    assert "INFO" in keeper.log_of(child).read_text()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children of their parent's death")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGKILL])
def test_no_orphan_is_left_however_the_supervisor_ends(tmp_path: Path, number: signal.Signals) -> None:
    program = f"""
from pathlib import Path
from config.supervisor import Child, Supervisor
keeper = Supervisor(cwd=Path("."), logs=Path({str(tmp_path)!r}))
keeper.stop_on_signals()
child = Child(name="sleeper", command={SLEEP!r})
keeper.add(child)
print(child.process.pid, flush=True)
try:
    keeper.run()
finally:
    keeper.stop()
"""
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        child = int(process.stdout.readline())
        assert alive(child)
        process.send_signal(number)
        assert process.wait(timeout=15) == (-number if number == signal.SIGKILL else 0)
    until(lambda: not alive(child))
