"""What may be told now, what waits, what was given up. Reads only; the pen is `tracker.actions.telling`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet

from tracker import policies
from tracker.choices import DeliveryState
from tracker.models import Delivery, Event, EventChain, Subscription
from tracker.rules import subscriptions as rules

OPEN = (DeliveryState.WAITING, DeliveryState.SENDING)


def head() -> int:
    """Number of the newest event. Numbers have no gaps and stand in the order of commits: all up to it are there."""
    return EventChain.objects.values_list("length", flat=True).get(pk=EventChain.CHAIN_ID)


def last_before(moment: datetime) -> int:
    """Number of the newest event older than this; 0: none is."""
    found = Event.objects.filter(at__lt=moment).order_by("-seq").values_list("seq", flat=True).first()
    return found or 0


def open_subscriptions(*, now: datetime) -> list[Subscription]:
    """Those that are switched on and not paused after failures, with their owners."""
    rested = Q(retry_at__isnull=True) | Q(retry_at__lte=now)
    return list(Subscription.objects.filter(rested, is_active=True).select_related("owner").order_by("pk"))


def news(row: Subscription, *, until: int) -> QuerySet[Event]:
    """The events after the subscription's mark, up to a number, that it wants and may be told of, in their order."""
    kinds = rules.kinds(changes=row.wants_changes, reports=row.wants_reports, lights=row.wants_lights)
    found = Event.objects.filter(seq__gt=row.mark, seq__lte=until, kind__in=kinds)
    return found.filter(commitment__in=policies.told_to(row)).order_by("seq")


def due(row: Subscription, *, now: datetime, claim_holds: timedelta) -> QuerySet[Delivery]:
    """What may be told now, in the order of events: waiting and due, or taken by a worker that is gone, and nothing
    earlier of the same commitment is still under way. Nothing while it is switched off.
    """
    waiting = Q(state=DeliveryState.WAITING, not_before__lte=now)
    lapsed = Q(state=DeliveryState.SENDING, claimed_at__lte=now - claim_holds)
    earlier = Delivery.objects.filter(
        subscription=OuterRef("subscription"),
        commitment=OuterRef("commitment"),
        seq__lt=OuterRef("seq"),
        state__in=OPEN,
    )
    is_on = Exists(Subscription.objects.filter(pk=OuterRef("subscription_id"), is_active=True))
    return Delivery.objects.filter(waiting | lapsed, ~Exists(earlier), is_on, subscription=row).order_by("seq")


def missing_for(row: Subscription) -> str:
    """The code of what the subscription lacks before it can be switched on; "" when it is complete. No query."""
    if not row.address:
        return "subscription_without_address"
    return "" if row.secret else "subscription_without_secret"


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionState:
    """A subscription, how many tellings wait and since when, how many were given up in the last days."""

    subscription: Subscription
    waiting: int
    oldest_at: datetime | None
    failed: int

    @property
    def is_orphaned(self) -> bool:
        """Switched on, but whoever answers for it may no longer do so: nothing is told."""
        return self.subscription.is_active and policies.reader_of(self.subscription) is None


def states(*, failed_since: datetime) -> Sequence[SubscriptionState]:
    """Every subscription, those that are on first. Two queries."""
    rows = Subscription.objects.select_related("owner", "department", "plan").order_by("-is_active", "code")
    failed = Q(state=DeliveryState.FAILED, planned_at__gte=failed_since)
    counted = {
        found["subscription"]: found
        for found in Delivery.objects.filter(Q(state__in=OPEN) | failed)
        .order_by()
        .values("subscription")
        .annotate(
            waiting=Count("pk", filter=Q(state__in=OPEN)),
            oldest_at=Min("planned_at", filter=Q(state__in=OPEN)),
            failed=Count("pk", filter=failed),
        )
    }
    return [_state(row, counted.get(row.pk, {})) for row in rows]


def _state(row: Subscription, counted: Mapping[str, Any]) -> SubscriptionState:
    return SubscriptionState(
        subscription=row,
        waiting=counted.get("waiting", 0),
        oldest_at=counted.get("oldest_at"),
        failed=counted.get("failed", 0),
    )


def given_up(row: Subscription) -> QuerySet[Delivery]:
    """What was given up, however long ago."""
    return Delivery.objects.filter(subscription=row, state=DeliveryState.FAILED)


def waiting(row: Subscription) -> int:
    """How many tellings wait. One query."""
    return Delivery.objects.filter(subscription=row, state__in=OPEN).count()


class Waiting(NamedTuple):
    """How many tellings wait, and since when the oldest does (None: none)."""

    number: int
    oldest_at: datetime | None


def waiting_in_all() -> Waiting:
    """What the subscriptions that are on have still to be told. One query."""
    found = Delivery.objects.filter(state__in=OPEN, subscription__is_active=True)
    return Waiting(**found.aggregate(number=Count("pk"), oldest_at=Min("planned_at")))
