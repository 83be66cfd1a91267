"""The deliveries' only pen: plans from the event log what subscriptions are told, and records what became of it.

Telling is at least once: a delivery that a worker took and did not record is taken over after REMINDER_CLAIM_SECONDS
and sent with the same key. What is told of one commitment goes to one subscription in the order of events.
"""

from datetime import datetime, timedelta
from uuid import UUID, uuid4, uuid5

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, QuerySet

from projects.errors import DomainError
from tracker import policies
from tracker.actions import events
from tracker.actions.events import Entry
from tracker.choices import DeliveryState
from tracker.event_kinds import EventKind
from tracker.models import Delivery, Subscription
from tracker.policies import Actor
from tracker.queries import subscriptions as queries
from tracker.rules import subscriptions as rules

# Events looked at in one transaction.
MOST_EVENTS = 2000
BATCH = 500
ERROR_LENGTH = 500
# Keys are made of the subscription's code and the event's seal: the same event has the same key, however often planned.
KEYS = UUID("6f0c3c52-5d0e-5b5e-9a07-6a0d7d1f3c11")


@transaction.atomic
def plan(subscription: Subscription, *, now: datetime) -> bool:
    """Make a delivery of each event that came since the last time and that the subscription wants and may be told of.

    Returns whether there may be more. A fixed number of queries for up to MOST_EVENTS events; a second run writes
    nothing. While nobody answers for the subscription nothing is planned and nothing is passed over.
    """
    row = (
        Subscription.objects.select_for_update(of=("self",), no_key=True)
        .select_related("owner")
        .get(pk=subscription.pk)
    )
    if not row.is_active or row.mark is None or policies.reader_of(row) is None:
        return False
    head = queries.head()
    until = min(head, row.mark + MOST_EVENTS)
    if until <= row.mark:
        return False
    found = queries.news(row, until=until).values_list("pk", "seq", "commitment_id", "kind", "hash", "is_demo")
    made = [
        Delivery(
            subscription=row, event_id=pk, seq=seq, commitment_id=item, kind=rules.NEWS[kind], is_demo=is_demo,
            ref=uuid5(KEYS, f"{row.code} {seal}"), not_before=now, planned_at=now,
            gives_up_at=now + rules.GIVES_UP_AFTER,
        )
        for pk, seq, item, kind, seal, is_demo in found
    ]  # fmt: skip
    Delivery.objects.bulk_create(made, batch_size=BATCH, ignore_conflicts=True)
    row.mark = until
    row.save(update_fields=["mark"])
    return until < head


def claim_holds() -> timedelta:
    """For how long a worker's claim keeps others away."""
    return timedelta(seconds=settings.REMINDER_CLAIM_SECONDS)


def give_up(subscription: Subscription, *, now: datetime) -> int:
    """Let go of what was tried for too long, so that what comes after it can go out; returns how many."""
    old = Delivery.objects.filter(subscription=subscription, state__in=queries.OPEN, gives_up_at__lte=now)
    waiting, sending = old.filter(state=DeliveryState.WAITING), old.filter(claimed_at__lte=now - claim_holds())
    gone = {"state": DeliveryState.FAILED, "claim": None, "claimed_at": None}
    return waiting.update(**gone) + sending.update(**gone)


def claim(subscription: Subscription, limit: int, *, now: datetime) -> tuple[UUID, list[Delivery]]:
    """Take up to `limit` deliveries in the order of events, one of each commitment; nobody else gets them while the
    claim holds. Returns the claim and what it holds: nothing when nothing is due or another worker was faster.
    """
    token = uuid4()
    due = queries.due(subscription, now=now, claim_holds=claim_holds())
    ids = list(due.values_list("pk", flat=True)[:limit])
    if ids:
        # Asked again in the UPDATE itself: of two workers that saw the same rows, the second finds them taken.
        due.order_by().filter(pk__in=ids).update(state=DeliveryState.SENDING, claim=token, claimed_at=now)
    held = Delivery.objects.filter(pk__in=ids, claim=token).select_related("event", "commitment").order_by("seq")
    return token, list(held)


def begin(delivery: Delivery, *, now: datetime) -> bool:
    """Note that a claimed delivery is about to be sent, which counts as a try.

    False: it was taken over meanwhile, or the subscription was switched off.
    """
    is_on = Exists(Subscription.objects.filter(pk=OuterRef("subscription_id"), is_active=True))
    return bool(_mine(delivery).filter(is_on).update(attempts=F("attempts") + 1, claimed_at=now))


@transaction.atomic
def record_sent(delivery: Delivery, *, status: int, took_ms: int, now: datetime) -> None:
    """Note that the other side took it. Whoever lost the claim meanwhile records nothing."""
    values = {"state": DeliveryState.SENT, "sent_at": now, "status": status, "took_ms": took_ms, "error": ""}
    _mine(delivery).update(**values, claim=None, claimed_at=None)
    Subscription.objects.filter(pk=delivery.subscription_id).update(failures=0, retry_at=None, last_ok_at=now)


def record_unseen(delivery: Delivery) -> None:
    """Note that the commitment left the subscription's sight before it was told."""
    _mine(delivery).update(state=DeliveryState.UNSEEN, claim=None, claimed_at=None)


@transaction.atomic
def record_failed(
    delivery: Delivery,
    *,
    error: str,
    status: int | None,
    took_ms: int,
    now: datetime,
    for_good: bool = False,
) -> None:
    """Note why it was not taken. It is tried again after a growing pause, or never (`for_good`)."""
    _mine(delivery).update(
        state=DeliveryState.FAILED if for_good else DeliveryState.WAITING,
        not_before=now + rules.retry_after(delivery.attempts + 1),
        status=status,
        took_ms=took_ms,
        error=error[:ERROR_LENGTH],
        claim=None,
        claimed_at=None,
    )
    trouble = {"last_error": error[:ERROR_LENGTH], "last_error_at": now}
    Subscription.objects.filter(pk=delivery.subscription_id).update(**trouble)


@transaction.atomic
def record_unreachable(
    subscription: Subscription,
    *,
    claim: UUID | None,
    begun: Delivery | None,
    error: str,
    status: int | None,
    took_ms: int | None,
    now: datetime,
) -> None:
    """Note that the platform is down: it is left alone for a growing while, and what is claimed goes back as it was.

    Args:
        begun: the delivery that met it, which keeps what it met; None when not even one was begun.
    """
    said = error[:ERROR_LENGTH]
    if begun is not None:
        _mine(begun).update(error=said, status=status, took_ms=took_ms)
    give_back(claim)
    row = Subscription.objects.select_for_update(of=("self",), no_key=True).get(pk=subscription.pk)
    row.retry_at, row.failures = now + rules.pause(row.failures), row.failures + 1
    row.last_error, row.last_error_at = said, now
    row.save(update_fields=["retry_at", "failures", "last_error", "last_error_at"])


def give_back(claim: UUID | None) -> None:
    """Let go of what a worker still holds."""
    held = Delivery.objects.filter(claim=claim, state=DeliveryState.SENDING) if claim else Delivery.objects.none()
    held.update(state=DeliveryState.WAITING, claim=None, claimed_at=None)


@transaction.atomic
def retry(deliveries: QuerySet[Delivery], *, by: Actor, now: datetime) -> int:
    """Let what was given up or waits be tried at once, for as long again; returns how many.

    Raises:
        DomainError: neither the supervision office nor an administrator.
    """
    if not policies.can_administer(by):
        raise DomainError("not_allowed")
    wanted = deliveries.filter(state__in=[DeliveryState.FAILED, DeliveryState.WAITING]).order_by()
    counts = dict(wanted.values_list("subscription__code").annotate(Count("pk")))
    wanted.update(state=DeliveryState.WAITING, attempts=0, not_before=now, gives_up_at=now + rules.GIVES_UP_AFTER)
    Subscription.objects.filter(code__in=counts).update(failures=0, retry_at=None)
    entries = [
        Entry(kind=EventKind.MESSAGES_RETRIED, subject=f"subscription {code}", changes={"messages": [0, count]})
        for code, count in sorted(counts.items())
    ]
    events.append(entries, by=by)
    return sum(counts.values())


def _mine(delivery: Delivery) -> QuerySet[Delivery]:
    return Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.SENDING, claim=delivery.claim)
