"""A process that writes a long ledger and nothing else: prints its memory before and at the peak, in MB."""

import resource
import sys

import django

django.setup()

from bench.floors import exporting  # noqa: E402  # models need Django to be set up
from tracker.ledger import writer  # noqa: E402


def megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    before = megabytes()
    writer.spooled("xlsx", (exporting.made_up(number) for number in range(int(sys.argv[1])))).close()
    print(before, megabytes())
