"""The daily sweep: what the new day changes. Reassess the lights that are due, then bring the outbox up to date."""

import logging
import time
from datetime import date, datetime, timedelta

from tracker.actions import health, reminders
from tracker.models import SweepRun

logger = logging.getLogger(__name__)


def run(*, today: date, now: datetime) -> SweepRun:
    """Do the day's work and keep a record of it. Twice on a day is harmless: the second run finds nothing to do.

    Each batch and each rule has its own transaction: one that fails is logged and counted, and never stops the rest.
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
    for code in reminders.active_rules():
        try:
            record.reminder_count += reminders.plan_rule(code, today=today)
        except Exception:
            logger.exception("planning failed", extra={"rule": code})
            record.failed_count += 1
    record.finished_at = now + timedelta(seconds=time.monotonic() - started)
    record.save()
    return record
