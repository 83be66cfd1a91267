"""The clock of the kill tests' processes: a working day of 2026 in office hours, whatever the day is outside."""

import sys
import time
from datetime import UTC, datetime, timedelta

import time_machine

MORNING = datetime(2026, 6, 9, 0, 5, tzinfo=UTC)  # a Tuesday, 08:05 in Shanghai


def begin(started: float) -> None:
    """Travel. `started`: the moment, in seconds since 1970, that counts as MORNING; time goes on over restarts."""
    time_machine.travel(MORNING + timedelta(seconds=time.time() - started), tick=True).start()


def wait_for_the_word() -> None:
    """Return when the test writes a line to stdin: it can have the next process ready while the machine is idle."""
    if not sys.stdin.readline():  # the test has ended
        sys.exit()
