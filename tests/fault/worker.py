"""A Celery worker on the day of the kill tests, waiting for the word: `python -m tests.fault.worker STARTED`."""

import sys

from tests.fault import travel

OPTIONS = ["--pool", "threads", "--concurrency", "2", "--loglevel", "INFO", "--without-gossip", "--without-mingle"]

if __name__ == "__main__":
    travel.begin(float(sys.argv[1]))
    from celery.__main__ import main

    from config.celery import app

    app.loader.import_default_modules()
    travel.wait_for_the_word()
    sys.argv = ["celery", "-A", "config.celery", "worker", *OPTIONS]
    main()
