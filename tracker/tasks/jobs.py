"""The tasks of the beat table: read the clock, call an action, log the counts. Each may run twice or late."""

import logging

from celery import shared_task
from django.core.cache import cache
from django.utils import timezone

from tracker.actions import api_writes, chain, reminders, sight
from tracker.actions import sweep as sweeping
from tracker.delivery import outbox, subscribers
from tracker.ledger import importing
from tracker.policies import SYSTEM
from tracker.queries import imports, operations, subscriptions
from tracker.queries import messages as queries

logger = logging.getLogger(__name__)

EXPIRES = 55  # seconds; the next minute rings again
ONE_DAY = 24 * 3600


@shared_task(name="tracker.tasks.sweep")
def sweep() -> None:
    """The daily sweep, if today's has still to run. The doorbell rings often; between two sweeps inboxes are tidied."""
    now = timezone.now()
    if not sweeping.is_due(now=now):
        reminders.settle(now=now)
        return
    run = sweeping.run(today=timezone.localdate(now), now=now)
    facts = {"reassessed": run.reassessed_count, "changed": run.changed_count, "reminders": run.reminder_count}
    logger.info("sweep done", extra={**facts, "messages": run.message_count, "failed": run.failed_count})


@shared_task(name="tracker.tasks.deliver")
def deliver() -> None:
    """Make what is to be sent ready, then ring once for each channel: none waits for another."""
    for channel in outbox.tend(now=timezone.now()):
        deliver_by.apply_async(args=(channel.pk,), expires=EXPIRES)


@shared_task(name="tracker.tasks.deliver_by")
def deliver_by(channel_id: int) -> None:
    """Send what waits by one channel. The ring may come late: the hours and the channel's pause are looked at again."""
    now = timezone.now()
    channel = next((one for one in queries.open_channels(now=now) if one.pk == channel_id), None)
    if channel is None or not outbox.may_send(now=now):
        return
    done = outbox.deliver_by(channel, outbox.MOST_MESSAGES, now=now)
    if done.sent or done.failed:
        logger.info("delivery done", extra={"channel": channel.code, "sent": done.sent, "failed": done.failed})


@shared_task(name="tracker.tasks.tell")
def tell() -> None:
    """Ring once for each subscription that is on and not paused: none waits for another."""
    for row in subscriptions.open_subscriptions(now=timezone.now()):
        tell_by.apply_async(args=(row.pk,), expires=EXPIRES)


@shared_task(name="tracker.tasks.tell_by")
def tell_by(subscription_id: int) -> None:
    """Plan and send what one subscription is to be told. The ring may come late: its pause is looked at again."""
    now = timezone.now()
    row = next((one for one in subscriptions.open_subscriptions(now=now) if one.pk == subscription_id), None)
    if row is None:
        return
    done = subscribers.tell(row, now=now)
    if done.sent or done.failed:
        logger.info("telling done", extra={"subscription": row.code, "sent": done.sent, "failed": done.failed})


@shared_task(name="tracker.tasks.import_ledgers")
def import_ledgers() -> None:
    """Work on the ledger files that wait. The ring comes often; what another worker has claimed is left to it."""
    for pk in imports.waiting():
        importing.work(pk, now=timezone.now())


@shared_task(name="tracker.tasks.verify_chain")
def verify_chain() -> None:
    """Walk the event chain, and say so loudly where it does not hold."""
    check = chain.verify(by=SYSTEM)
    if check.broken_seq is not None:
        logger.error("chain broken", extra={"seq": check.broken_seq, "problem": check.problem})
    logger.info("chain verified", extra={"events": check.event_count})


@shared_task(name="tracker.tasks.watch")
def watch() -> None:
    """Say loudly, once a day for each, that today's sweep was missed or that messages do not go out."""
    now = timezone.now()
    found = operations.work(now=now)
    day = timezone.localdate(now)
    if found.sweep == operations.MISSED and cache.add(f"alarm:sweep:{day}", True, timeout=ONE_DAY):
        logger.error("sweep missed", extra={"last": found.last_sweep_at})
    if found.delivery == operations.STUCK and cache.add(f"alarm:delivery:{day}", True, timeout=ONE_DAY):
        logger.error("delivery stuck", extra={"due": found.queue.due, "oldest": found.queue.oldest_at})


@shared_task(name="tracker.tasks.forget_writes")
def forget_writes() -> None:
    """Drop what the API remembers of old writes."""
    logger.info("writes forgotten", extra={"count": api_writes.forget(now=timezone.now())})


@shared_task(name="tracker.tasks.forget_notes")
def forget_notes() -> None:
    """Drop old notes for syncing devices; who was away for so long begins anew."""
    logger.info("notes forgotten", extra={"count": sight.forget(now=timezone.now())})
