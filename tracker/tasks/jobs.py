"""The tasks of the beat table: read the clock, call an action, log the counts. Each may run twice or late."""

import logging

from celery import shared_task
from django.utils import timezone

from tracker.actions import chain
from tracker.actions import sweep as sweeping
from tracker.delivery import outbox
from tracker.policies import SYSTEM

logger = logging.getLogger(__name__)


@shared_task(name="tracker.tasks.sweep")
def sweep() -> None:
    """The daily sweep."""
    now = timezone.now()
    run = sweeping.run(today=timezone.localdate(now), now=now)
    facts = {"reassessed": run.reassessed_count, "changed": run.changed_count, "reminders": run.reminder_count}
    logger.info("sweep done", extra={**facts, "failed": run.failed_count})


@shared_task(name="tracker.tasks.deliver")
def deliver() -> None:
    """Send what waits in the outbox."""
    done = outbox.deliver(outbox.MOST_MESSAGES, now=timezone.now())
    if done.sent or done.failed:
        logger.info("delivery done", extra={"sent": done.sent, "failed": done.failed})


@shared_task(name="tracker.tasks.verify_chain")
def verify_chain() -> None:
    """Walk the event chain, and say so loudly where it does not hold."""
    check = chain.verify(by=SYSTEM)
    if check.broken_seq is not None:
        logger.error("chain broken", extra={"seq": check.broken_seq, "problem": check.problem})
    logger.info("chain verified", extra={"events": check.event_count})
