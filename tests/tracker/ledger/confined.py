"""Runs `read_ledger` on each file of a folder, each in a process of its own that may not take more than is promised.

`python -m tests.tracker.ledger.confined FOLDER` prints a line of JSON for each.
"""

import io
import json
import os
import resource
import sys
from pathlib import Path

MEGABYTE = 2**20
SECONDS, MEGABYTES = 30, 300  # of CPU; of memory


def main() -> None:
    """Django is loaded once; what a file costs is what its own process takes."""
    import django

    django.setup()
    from tracker.ledger import reading_json, workbook  # noqa: F401 -- loaded before the processes part

    for folder in sorted(Path(sys.argv[1]).iterdir()):
        [file] = folder.iterdir()
        out, into = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(out)
            _child(file, into)
        os.close(into)
        with os.fdopen(out) as pipe:
            told = pipe.read()
        _pid, status, used = os.wait4(pid, 0)
        found = json.loads(told) if told else {"ended": status}
        print(json.dumps(found | {"number": int(folder.name), "cpu": used.ru_utime + used.ru_stime}))


def _child(file: Path, into: int) -> None:
    """Never returns."""
    from django.core.management import call_command

    out, error = file.with_suffix(".json"), io.StringIO()
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_DATA, (MEGABYTES * MEGABYTE, MEGABYTES * MEGABYTE))
    status: object = 0
    try:
        call_command("read_ledger", str(file), out=out, stderr=error)
    except SystemExit as stop:
        status = stop.code
    except BaseException as fault:
        status = repr(fault)
    told = {"status": status, "error": error.getvalue(), "has_out": out.exists(), "peak": _peak()}
    with os.fdopen(into, "w") as pipe:
        pipe.write(json.dumps(told))
    os._exit(0)


def _peak() -> float:
    """The most memory that this process held, in MB."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


if __name__ == "__main__":
    main()
