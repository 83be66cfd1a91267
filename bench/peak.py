"""A process that writes a long ledger and nothing else: prints its memory before and at the peak, in MB."""

import sys
from pathlib import Path

import django

django.setup()

from bench.floors import exporting  # noqa: E402  # models need Django to be set up
from tracker.ledger import writer  # noqa: E402


def megabytes() -> float:
    """This program's peak. `getrusage` would still tell that of the process which started it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


if __name__ == "__main__":
    before = megabytes()
    writer.spooled("xlsx", (exporting.made_up(number) for number in range(int(sys.argv[1])))).close()
    print(before, megabytes())
