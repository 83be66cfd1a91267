"""The Celery app and the beat table. Celery carries only "go and look"; what is to be done stands in rows."""

import contextlib
import logging
import os
import sys
from typing import Any

from celery import Celery
from celery.beat import PersistentScheduler
from celery.schedules import crontab
from django.conf import settings
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

from config import env, health

# Beat only sends: it needs the settings, not the models. Leaving Django's set-up out saves 35 MB and half a second.
SENDS_ONLY = "beat" in sys.argv
AWAY = (RedisError, OperationalError, OSError)  # what is raised while queue and cache cannot be reached
for chatty in (
    "celery.worker.strategy",
    "celery.app.trace",
):  # two lines for each heartbeat; failures still come through
    logging.getLogger(chatty).setLevel(logging.WARNING)

app = Celery("luoshi", fixups=[] if SENDS_ONLY else None)
app.conf.update(
    broker_url=settings.BROKER_URL,
    broker_connection_retry_on_startup=True,
    # A message whose worker was killed comes back after visibility_timeout. Every task may run twice without harm.
    broker_transport_options={
        "visibility_timeout": env.number("LUOSHI_VISIBILITY_TIMEOUT", default=60),
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
    },
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    task_default_queue="luoshi",
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,  # settings.LOGGING holds for the worker too
    worker_redirect_stdouts=False,  # the console mail back end prints letters; they are not warnings
    timezone=settings.TIME_ZONE,
    enable_utc=True,
    beat_scheduler="config.celery:Scheduler",
    beat_schedule_filename=str(settings.VAR_DIR / "beat-schedule"),
    beat_max_loop_interval=int(health.HEARTBEAT_SECONDS),
)
if not SENDS_ONLY:
    app.autodiscover_tasks(["tracker.tasks"], related_name="jobs")

app.conf.beat_schedule = {
    # From 07:30 Asia/Shanghai, every five minutes: before the office opens, reassess what the new day changes, plan the
    # day's reminders and make its messages. Once done, the rest of the day's rings find nothing to do; a sweep that was
    # missed or killed is made up for by the next ring.
    "sweep": {
        "task": "tracker.tasks.sweep",
        "schedule": crontab(hour="7-23", minute="*/5"),
        "options": {"expires": 290},
    },
    # 02:10 Asia/Shanghai: walk the whole event chain while nobody waits; pages tell when it was last done.
    "verify-chain": {
        "task": "tracker.tasks.verify_chain",
        "schedule": crontab(hour=2, minute=10),
        "options": {"expires": 4 * 3600},
    },
    # 02:40 Asia/Shanghai: forget the references of writes that no client repeats any more.
    "forget-writes": {
        "task": "tracker.tasks.forget_writes",
        "schedule": crontab(hour=2, minute=40),
        "options": {"expires": 4 * 3600},
    },
    # 02:50 Asia/Shanghai: forget what devices that were offline for months would have to be told.
    "forget-notes": {
        "task": "tracker.tasks.forget_notes",
        "schedule": crontab(hour=2, minute=50),
        "options": {"expires": 4 * 3600},
    },
    # Every minute: send the messages that are due. A late run finds the same rows, so old rings are dropped.
    "deliver": {"task": "tracker.tasks.deliver", "schedule": crontab(), "options": {"expires": 55}},
    # Every minute: tell other platforms what happened, whatever the hour. Machines read it, not people.
    "tell": {"task": "tracker.tasks.tell", "schedule": crontab(), "options": {"expires": 55}},
    # Every five seconds: read or enter the ledger files that wait; somebody looks at a progress bar.
    "import-ledgers": {"task": "tracker.tasks.import_ledgers", "schedule": 5.0, "options": {"expires": 5}},
    # Every ten minutes: log it loudly when the day's sweep was missed or messages do not go out. Changes nothing.
    "watch": {"task": "tracker.tasks.watch", "schedule": crontab(minute="*/10"), "options": {"expires": 500}},
    # Every ten seconds: proves to /healthz that beat sends, the broker carries and a worker works.
    "heartbeat": {
        "task": "luoshi.heartbeat",
        "schedule": health.HEARTBEAT_SECONDS,
        "options": {"expires": health.HEARTBEAT_SECONDS * 2},
    },
}


@app.task(name="luoshi.heartbeat")
def heartbeat() -> None:
    """Run by a worker: note that one is at work."""
    health.mark("worker")


class Scheduler(PersistentScheduler):
    """Celery's scheduler, which also leaves a heartbeat of its own, so that /healthz can tell beat from worker."""

    def setup_schedule(self) -> None:
        """Open the schedule, and send one heartbeat at once: a start need not wait for the first interval."""
        super().setup_schedule()
        with contextlib.suppress(*AWAY):
            heartbeat.apply_async(expires=health.LIMIT_SECONDS)

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """One iteration, at least every ten seconds. Returns the seconds until the next.

        While the queue is away beat goes on, and rings again when it is back.
        """
        with contextlib.suppress(*AWAY):
            health.mark("beat")
        return super().tick(*args, **kwargs)
