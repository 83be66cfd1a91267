"""The daily sweep: what the new day changes. Reassess the lights that are due, tend the roll-up, then bring reminders
and messages up to date.
"""

import logging
import time
from datetime import date, datetime, timedelta
from datetime import time as dt_time

from django.db.models import Q
from django.utils import timezone

from tracker.actions import health, messages, reminders, rollup, slips, workdays
from tracker.models import SweepRun
from tracker.queries import reminders as queries
from tracker.queries import rollup_check

logger = logging.getLogger(__name__)

# Wall-clock time of the site's zone: before the office opens, and before the first messages go out.
BEGINS_AT = dt_time(7, 30)


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
    workdays.announce(today=today)
    slips.drop_moot(today=today)
    record.slip_count = slips.draft_due(today=today)
    reminders.settle(now=now)
    record.reminder_count = reminders.plan(today=today)
    record.message_count = messages.compose(today=today, now=now)
    if broken := queries.broken_rules():
        logger.error("rules not understood", extra={"rules": broken})
        record.failed_count += len(broken)
    record.finished_at = now + timedelta(seconds=time.monotonic() - started)
    record.save()
    return record


def is_due(*, now: datetime) -> bool:
    """Whether today's sweep has still to run: it is time, none has ended today, and none is likely to be at work.

    One that began longer ago than a claim holds and has not ended was killed.
    """
    local = timezone.localtime(now)
    if local.time() < BEGINS_AT:
        return False
    runs = SweepRun.objects.filter(day=local.date())
    at_work = Q(finished_at__isnull=True, started_at__gt=now - messages.claim_holds())
    return not runs.filter(Q(finished_at__isnull=False) | at_work).exists()


def _tend_rollup() -> int:
    """Fold the roll-up and mend it where it is wrong; 1 if it was, for then something wrote past the triggers."""
    rollup.fold()
    if not (wrong := rollup_check.differences()):
        return 0
    logger.error("the roll-up was wrong and is mended", extra={"cells": len(wrong), "first": str(wrong[0])})
    rollup.repair()
    return 1
