"""Tells other platforms: plan, claim, begin, send, record. Nothing is sent inside a transaction.

Each subscription has a call of its own, bounded in time: one that is slow, down or broken keeps no other waiting.
"""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import orjson
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from projects.errors import DomainError
from tracker import policies
from tracker.actions import telling, vault
from tracker.delivery import news, webhook, wire
from tracker.delivery.commitment_json import Json
from tracker.delivery.transport import Failed, Refused, Unreachable
from tracker.models import Delivery, Subscription
from tracker.queries import subscriptions as queries

logger = logging.getLogger(__name__)

# How many are claimed at once: few, so that a worker that dies holds few back.
BATCH = 20
# A call ends by then, so that a slow platform gives its worker back.
MOST_SECONDS = 30.0
# So many tellings that fail one after the other are a platform that is down.
MOST_IN_A_ROW = 5
# Answers of an address where nobody listens for us: nothing else would be taken there either.
NOT_THERE = frozenset({404, 405, 410})


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """How many tellings were taken, and how many were not."""

    sent: int = 0
    failed: int = 0


def tell(subscription: Subscription, *, now: datetime) -> Told:
    """Plan what is new for one subscription and tell it, in the site's language, for MOST_SECONDS at most.

    When the platform cannot be reached, what is claimed goes back and the subscription pauses.
    """
    run = _Run(subscription, now=now)
    while telling.plan(subscription, now=run.now) and run.seconds < MOST_SECONDS:
        pass
    telling.give_up(subscription, now=run.now)
    if policies.reader_of(subscription) is None or not run.claim():
        return Told()
    with translation.override(settings.LANGUAGE_CODE):
        try:
            run.keys = _keys(subscription, now=run.now)
            while run.held and run.seconds < MOST_SECONDS:
                run.send_all()
                run.claim()
        except Unreachable as error:
            run.note_unreachable(str(error))
        finally:
            telling.give_back(run.token)
    return Told(sent=run.sent, failed=run.failed)


def test(subscription: Subscription, *, now: datetime) -> str:
    """Send a message that tells nothing; returns why it was not taken, "" when it was. Call it in no transaction."""
    try:
        keys, key = _keys(subscription, now=now), uuid4()
        webhook.judge(_post(news.test(key, now=now), keys, key=key, kind=news.TEST))
    except (Unreachable, Refused, Failed) as error:
        return str(error)
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Keys:
    """Where it goes and what signs it: the secret in force, and the former one while both hold."""

    address: str
    secrets: tuple[str, ...]


class _Run:
    """One call for one subscription: what it holds, what it has done."""

    def __init__(self, subscription: Subscription, *, now: datetime) -> None:
        self.subscription, self.started_at, self.began = subscription, now, time.monotonic()
        self.keys = _Keys(address="", secrets=())
        self.token: UUID | None = None
        self.held: list[Delivery] = []
        self.begun: Delivery | None = None
        self.status: int | None = None
        self.took_ms = 0
        self.sent = self.failed = self.in_a_row = 0

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began

    @property
    def now(self) -> datetime:
        """Claims and records need the moment at which they are made, not that of the first."""
        return self.started_at + timedelta(seconds=self.seconds)

    def claim(self) -> bool:
        telling.give_back(self.token)
        self.token, self.held = telling.claim(self.subscription, BATCH, now=self.now)
        return bool(self.held)

    def send_all(self) -> None:
        """Send what is held, one after the other, as long as there is time. Raises Unreachable."""
        for delivery in self.held:
            if self.seconds >= MOST_SECONDS:
                return
            if telling.begin(delivery, now=self.now):
                self._send(delivery)

    def note_unreachable(self, error: str) -> None:
        """The platform is down: let go of what is held, and pause."""
        self.failed += 1
        logger.warning("subscription not reachable", extra={"subscription": self.subscription.code})
        telling.record_unreachable(
            self.subscription, claim=self.token, begun=self.begun, error=error, status=self.status,
            took_ms=self.took_ms, now=self.now,
        )  # fmt: skip

    def _send(self, delivery: Delivery) -> None:
        self.begun, self.status, self.took_ms = delivery, None, 0
        message = news.build(delivery, self.subscription, now=self.now)
        if message is None:
            telling.record_unseen(delivery)
            return
        began = time.monotonic()
        try:
            try:
                answer = _post(message, self.keys, key=delivery.ref, kind=delivery.kind)
                self.status = answer.status
            finally:
                self.took_ms = int((time.monotonic() - began) * 1000)
            _judge(answer)
        except (Failed, Refused) as error:
            self._failed(delivery, error)
            return
        telling.record_sent(delivery, status=answer.status, took_ms=self.took_ms, now=self.now)
        self.sent, self.in_a_row = self.sent + 1, 0

    def _failed(self, delivery: Delivery, error: Failed | Refused) -> None:
        """Record it and go on, unless it is one of many. Raises Unreachable then."""
        telling.record_failed(
            delivery, error=str(error), status=self.status, took_ms=self.took_ms, now=self.now,
            for_good=isinstance(error, Refused),
        )  # fmt: skip
        self.failed, self.in_a_row = self.failed + 1, self.in_a_row + 1
        if self.in_a_row >= MOST_IN_A_ROW:
            self.begun = None
            raise Unreachable(str(error))


def _keys(row: Subscription, *, now: datetime) -> _Keys:
    """Raises Unreachable when address or secret is missing or cannot be opened."""
    try:
        lacking = queries.missing_for(row)
        if lacking:
            raise DomainError(lacking)
        secrets = [vault.open_(row.secret)]
        if row.former_until is not None and row.former_until > now:
            secrets.append(vault.open_(row.former_secret))
        return _Keys(address=vault.open_(row.address), secrets=tuple(secrets))
    except DomainError as error:
        raise Unreachable(str(error)) from error


def _post(message: Json, keys: _Keys, *, key: UUID, kind: str) -> wire.Answer:
    body = orjson.dumps(message)
    headers: Mapping[str, str] = {
        **webhook.signed(body, secrets=keys.secrets),
        "Idempotency-Key": str(key),
        "Luoshi-Delivery": str(key),
        "Luoshi-Event": kind,
    }
    return wire.post(keys.address, body=body, headers=headers)


def _judge(answer: wire.Answer) -> None:
    """As for a webhook; where nobody listens for us, the platform is down and nothing is given up."""
    try:
        webhook.judge(answer)
    except Refused as error:
        if answer.status in NOT_THERE:
            raise Unreachable(gettext("Nobody listens for us at this address. %(why)s") % {"why": error}) from error
        raise
