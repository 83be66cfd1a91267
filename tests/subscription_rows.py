"""Subscriptions for tests: Gu's, switched on, told of everything unless the test says otherwise."""

from datetime import UTC, datetime

from tests.factories import Cast
from tracker.actions import subscriptions
from tracker.models import Subscription

SECRET = "a secret of the platform"
URL = "https://platform.example.org/luoshi"
NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


def make_subscription(
    cast: Cast, url: str = URL, *, code: str = "province", on: bool = True, **values: object
) -> Subscription:
    given = {"name": "省督办平台", "address": url} | values
    row = subscriptions.create(code, values=given, secret=SECRET, by=cast.actor("gu"))
    return subscriptions.switch(row, on=True, by=cast.actor("gu"), now=NOW) if on else row
