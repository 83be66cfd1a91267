"""Subscriptions for tests: Gu's, switched on, told of everything unless the test says otherwise."""

from datetime import UTC, datetime
from uuid import uuid4

from tests.factories import Cast
from tracker.actions import subscriptions
from tracker.models import Delivery, Event, Subscription

SECRET = "a secret of the platform"
URL = "https://platform.example.org/luoshi"
NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


def make_subscription(
    cast: Cast, url: str = URL, *, code: str = "province", on: bool = True, **values: object
) -> Subscription:
    given = {"name": "省督办平台", "address": url} | values
    row = subscriptions.create(code, values=given, secret=SECRET, by=cast.actor("gu"))
    return subscriptions.switch(row, on=True, by=cast.actor("gu"), now=NOW) if on else row


def make_delivery(row: Subscription, event: Event, **values: object) -> Delivery:
    given: dict[str, object] = {
        "subscription": row, "event": event, "seq": event.seq, "commitment": event.commitment, "ref": uuid4(),
        "kind": "commitment.changed", "not_before": NOW, "gives_up_at": NOW, "planned_at": NOW,
    }  # fmt: skip
    return Delivery.objects.create(**(given | values))
