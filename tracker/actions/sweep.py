"""The daily sweep: what the new day changes. Reassess the lights that are due, tend the roll-up, then bring the outbox
up to date.
"""

import logging
import time
from datetime import date, datetime, timedelta

from tracker.actions import health, reminders, rollup
from tracker.models import SweepRun
from tracker.queries import reminders as queries
from tracker.queries import rollup_check

logger = logging.getLogger(__name__)


def run(*, today: date, now: datetime) -> SweepRun:
    """Do the day's work and keep a record of it. Twice on a day is harmless: the second run finds nothing to do.

    A row that cannot be assessed, a rule that cannot be understood and a roll-up that was wrong are logged and counted,
    and never stop the rest.
    A record without `finished_at` is a sweep that was killed; the next one does what it left.
    """
    started = time.monotonic()
    record = SweepRun.objects.create(day=today, started_at=now)
    for ids in health.due_for_recheck(today=today):
        changed, failed = health.recheck(ids, today=today)
        record.reassessed_count += len(ids) - failed
        record.changed_count += changed
        record.failed_count += failed
    record.failed_count += _tend_rollup()
    reminders.cancel_obsolete(now=now)
    record.reminder_count = reminders.plan(today=today)
    if broken := queries.broken_rules():
        logger.error("rules not understood", extra={"rules": broken})
        record.failed_count += len(broken)
    record.finished_at = now + timedelta(seconds=time.monotonic() - started)
    record.save()
    return record


def _tend_rollup() -> int:
    """Fold the roll-up and mend it where it is wrong; 1 if it was, for then something wrote past the triggers."""
    rollup.fold()
    if not (wrong := rollup_check.differences()):
        return 0
    logger.error("the roll-up was wrong and is mended", extra={"cells": len(wrong), "first": str(wrong[0])})
    rollup.repair()
    return 1
