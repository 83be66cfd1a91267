"""A Celery worker on a working day of 2026, whatever the day is outside: `python -m tests.fault.worker STARTED`.

STARTED is the moment, in seconds since 1970, that counts as 07:30 of that day, so that time goes on over restarts.
The worker loads the project, then waits for a line on stdin before it touches queue or database: the test can have
the next one ready while the machine is idle.
"""

import sys
import time
from datetime import UTC, datetime, timedelta

import time_machine

MORNING = datetime(2026, 6, 8, 23, 30, tzinfo=UTC)  # Tuesday, 9 June, 07:30 in Shanghai

if __name__ == "__main__":
    time_machine.travel(MORNING + timedelta(seconds=time.time() - float(sys.argv[1])), tick=True).start()
    from celery.__main__ import main

    from config.celery import app

    app.loader.import_default_modules()
    if not sys.stdin.readline():  # the test has ended
        sys.exit()
    options = ["--pool", "threads", "--concurrency", "2", "--loglevel", "INFO", "--without-gossip", "--without-mingle"]
    sys.argv = ["celery", "-A", "config.celery", "worker", *options]
    main()
