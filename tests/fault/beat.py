"""The site's beat on the day of the kill tests, ringing every half second: `python -m tests.fault.beat STARTED`."""

import sys

from tests.fault import travel

RINGS_EVERY = 0.5  # seconds; in production sweep rings every five minutes, deliver every minute

if __name__ == "__main__":
    travel.begin(float(sys.argv[1]))
    sys.argv = ["celery", "-A", "config.celery", "beat", "--loglevel", "WARNING"]  # config.celery looks for "beat"
    from celery.__main__ import main

    from config.celery import app

    for name in ("sweep", "deliver"):
        app.conf.beat_schedule[name]["schedule"] = RINGS_EVERY
    travel.wait_for_the_word()
    main()
