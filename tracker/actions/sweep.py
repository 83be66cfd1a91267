"""The daily sweep: what the new day changes. Reassess the lights that are due, then bring the outbox up to date."""

import logging
import time
from datetime import date, datetime, timedelta

from tracker.actions import health, reminders
from tracker.models import SweepRun
from tracker.queries import reminders as queries

logger = logging.getLogger(__name__)


def run(*, today: date, now: datetime) -> SweepRun:
    """Do the day's work and keep a record of it. Twice on a day is harmless: the second run finds nothing to do.

    A row that cannot be assessed and a rule that cannot be understood are logged and counted, and never stop the rest.
    A record without `finished_at` is a sweep that was killed; the next one does what it left.
    """
    started = time.monotonic()
    record = SweepRun.objects.create(day=today, started_at=now)
    for ids in health.due_for_recheck(today=today):
        changed, failed = health.recheck(ids, today=today)
        record.reassessed_count += len(ids) - failed
        record.changed_count += changed
        record.failed_count += failed
    reminders.cancel_obsolete(now=now)
    record.reminder_count = reminders.plan(today=today)
    if broken := queries.broken_rules():
        logger.error("rules not understood", extra={"rules": broken})
        record.failed_count += len(broken)
    record.finished_at = now + timedelta(seconds=time.monotonic() - started)
    record.save()
    return record
