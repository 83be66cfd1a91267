"""Empties the outbox, channel by channel: claim, begin, send, record. Nothing is sent inside a transaction.

A channel that is down is left alone for a growing while and never keeps another waiting: each has a call of its own.
"""

import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone, translation

from tracker.actions import messages, reminders
from tracker.delivery import digest, transports
from tracker.delivery.transport import Failed, Refused, Transport, Unreachable
from tracker.models import Channel, Message
from tracker.queries import messages as queries
from tracker.queries import workdays
from tracker.rules.hours import Hours

logger = logging.getLogger(__name__)

# Messages a call; the next minute brings the next.
MOST_MESSAGES = 500
# How many are claimed at once: few, so that a worker that dies holds few back.
BATCH = 20
# A call ends by then, so that a slow channel gives its worker back.
MOST_SECONDS = 45.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """How many messages went out, and how many could not be sent."""

    sent: int = 0
    failed: int = 0


def tend(*, now: datetime) -> list[Channel]:
    """Settle what need not be sent, make today's messages, and return the channels that may have something to send."""
    reminders.settle(now=now, waiting_only=True)
    messages.compose(today=timezone.localdate(now), now=now)
    return queries.open_channels(now=now) if may_send(now=now) else []


def may_send(*, now: datetime) -> bool:
    """Whether anything goes out at this moment: never on a day off, never in the quiet hours."""
    local = timezone.localtime(now)
    site = queries.hours()
    hours = Hours(digest=site.digest_hour, quiet_from=site.quiet_from, quiet_until=site.quiet_until)
    return workdays.calendar().is_working_day(local.date()) and not hours.is_quiet(local)


def deliver(limit: int, *, now: datetime) -> Delivered:
    """Tend the outbox and send by every channel, one after the other; what a command does by hand."""
    done = [deliver_by(channel, limit, now=now) for channel in tend(now=now)]
    return Delivered(sent=sum(one.sent for one in done), failed=sum(one.failed for one in done))


def deliver_by(channel: Channel, limit: int, *, now: datetime) -> Delivered:
    """Send up to `limit` messages by one channel, in the site's language, for MOST_SECONDS at most.

    When the other side cannot be reached, what is claimed goes back and the channel pauses. A message that fails is
    recorded and the next one is tried.
    """
    run = _Run(channel=channel, now=now)
    if not run.has_work():
        return Delivered()
    transport = transports.of(channel)
    with translation.override(settings.LANGUAGE_CODE):
        try:
            transport.open()
            while run.sent + run.failed < limit and run.seconds < MOST_SECONDS and run.claim(limit):
                run.send_all(transport)
        except Unreachable as error:
            run.give_back(str(error))
        finally:
            transport.close()
    return Delivered(sent=run.sent, failed=run.failed)


class _Run:
    """One call for one channel: what it holds, what it has done."""

    def __init__(self, *, channel: Channel, now: datetime) -> None:
        self.channel, self.started_at, self.began = channel, now, time.monotonic()
        self.held: list[int] = []
        self.claimed_at = now
        self.sent = self.failed = 0
        self.lines = queries.hours().digest_lines

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began

    @property
    def now(self) -> datetime:
        """Claims and records need the moment at which they are made, not that of the first."""
        return self.started_at + timedelta(seconds=self.seconds)

    def has_work(self) -> bool:
        return queries.due(self.channel, now=self.now, claim_holds=messages.claim_holds()).exists()

    def claim(self, limit: int) -> bool:
        self.claimed_at = self.now
        most = min(BATCH, limit - self.sent - self.failed)
        self.held = messages.claim(self.channel, most, now=self.claimed_at)
        return bool(self.held)

    def send_all(self, transport: Transport) -> None:
        """Send what is held, one after the other. Raises Unreachable; what was not begun is then still held."""
        for message in queries.with_people(self.held):
            self.held.remove(message.pk)
            if messages.begin(message, claimed_at=self.claimed_at, now=self.now):
                self._send(message, transport)

    def give_back(self, error: str) -> None:
        """The channel is down: let go of what is held, and pause."""
        logger.warning("channel not reachable", extra={"channel": self.channel.code, "held": len(self.held)})
        messages.record_unreachable(self.channel, self.held, error=error, now=self.now)

    def _send(self, message: Message, transport: Transport) -> None:
        rows = list(queries.carried(message))
        if not rows:
            messages.record_empty(message)
            return
        matters = list(dict.fromkeys(map(digest.matter, rows)))
        shown = set(matters[: self.lines])
        letter = digest.build(
            message,
            [row for row in rows if digest.matter(row) in shown],
            left_out=len(matters) - len(shown),
            today=timezone.localdate(self.now),
        )
        try:
            transport.send(letter)
        except Unreachable as error:
            messages.record_failed(message, error=str(error), now=self.now)
            raise
        except Exception as error:
            self._failed(message, error)
            return
        messages.record_sent(message, [row.pk for row in rows], matters=len(matters), now=self.now)
        self.sent += 1

    def _failed(self, message: Message, error: Exception) -> None:
        """Record it and go on; an error that no transport announces is logged with its trace."""
        self.failed += 1
        text = str(error) or type(error).__name__
        if not isinstance(error, Refused | Failed):
            logger.exception("message failed", extra={"channel": self.channel.code, "message": message.pk})
            text = f"{type(error).__name__}: {error}"
        messages.record_failed(message, error=text, now=self.now, for_good=isinstance(error, Refused))
        messages.record_trouble(self.channel, error=text, now=self.now)
