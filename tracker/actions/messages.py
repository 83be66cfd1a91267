"""The messages' only pen: composes the day's messages, hands them to workers, records what became of them.

Sending is at least once. A message that a worker took (`claimed`) and never began has surely not gone out; one that it
began (`sending`) and did not record may have. Both are taken over after REMINDER_CLAIM_SECONDS and sent with the same
key, so that a message goes out at most once more, and never silently not at all.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from projects.errors import DomainError
from tracker import policies
from tracker.actions import composing, events
from tracker.actions.events import Entry
from tracker.choices import OPEN_MESSAGE_STATES, MessageState, ReminderState
from tracker.event_kinds import EventKind
from tracker.models import Channel, Message, MessageLine, Reminder
from tracker.policies import Actor
from tracker.queries import messages as queries
from tracker.queries import workdays

ERROR_LENGTH = 500


@transaction.atomic
def compose(*, today: date, now: datetime) -> int:
    """Make the day's messages of what waits: one a person and channel; returns how many are new.

    Nothing on a day off, nothing twice. A message of an earlier day that did not go out goes out with this one. Who is
    reached by no channel is told by the inbox alone.
    """
    holds = claim_holds()
    if not composing.is_needed(today=today, now=now, claim_holds=holds):
        return 0
    if not workdays.calendar().is_working_day(today):
        return 0
    return composing.write(today=today, now=now, claim_holds=holds, hours=queries.hours())


@transaction.atomic
def claim(channel: Channel, limit: int, *, now: datetime) -> list[int]:
    """Take up to `limit` messages of the channel, oldest first; nobody else gets them while the claim holds.

    Empty when nothing is due, or when another worker was faster.
    """
    _give_up(channel, now=now)
    due = queries.due(channel, now=now, claim_holds=claim_holds())
    locked = due.select_for_update(skip_locked=True, of=("self",), no_key=True)
    ids = list(locked.order_by("not_before", "pk").values_list("pk", flat=True)[:limit])
    due.filter(pk__in=ids).update(state=MessageState.CLAIMED, claimed_at=now)
    return ids


def begin(message: Message, *, claimed_at: datetime, now: datetime) -> bool:
    """Note that a claimed message is about to be sent, which counts as a try; False: it was taken over meanwhile."""
    mine = Message.objects.filter(pk=message.pk, state=MessageState.CLAIMED, claimed_at=claimed_at)
    return bool(mine.update(state=MessageState.SENDING, attempts=F("attempts") + 1, claimed_at=now))


@transaction.atomic
def record_sent(message: Message, told: Collection[int], *, matters: int, now: datetime) -> None:
    """Note that the message went out with these reminders, which are about so many matters; what it did not carry waits
    for the next one.
    """
    sent = Message.objects.filter(pk=message.pk)
    sent.update(state=MessageState.SENT, sent_at=now, claimed_at=None, error="", line_count=matters)
    Reminder.objects.filter(pk__in=told).update(state=ReminderState.SENT, sent_at=Coalesce("sent_at", Value(now)))
    MessageLine.objects.filter(message=message).exclude(reminder__in=told).delete()
    Channel.objects.filter(pk=message.channel_id).update(failures=0, retry_at=None, last_ok_at=now)


def record_empty(message: Message) -> None:
    """Note that nothing was left to say: everything was settled before the message went out."""
    Message.objects.filter(pk=message.pk).update(state=MessageState.EMPTY, claimed_at=None, line_count=0)


def record_failed(message: Message, *, error: str, now: datetime, for_good: bool = False) -> None:
    """Note why the message did not go out. It is tried again after a growing pause (`queries.RETRY_AFTER`), unless that
    was the last try or another try cannot help (`for_good`).
    """
    pauses = [
        When(attempts__lte=number, then=Value(now + pause)) for number, pause in enumerate(queries.RETRY_AFTER, 1)
    ]
    last = Q(attempts__gte=0 if for_good else queries.MOST_ATTEMPTS)
    Message.objects.filter(pk=message.pk, state__in=sorted(OPEN_MESSAGE_STATES)).update(
        state=Case(When(last, then=Value(MessageState.FAILED)), default=Value(MessageState.WAITING)),
        not_before=Case(*pauses, default=F("not_before")),
        claimed_at=None,
        error=error[:ERROR_LENGTH],
    )


@transaction.atomic
def record_unreachable(channel: Channel, ids: Collection[int], *, error: str, now: datetime) -> None:
    """Note that the channel is down: it is left alone for a growing while; its claimed messages wait."""
    Message.objects.filter(pk__in=ids, state=MessageState.CLAIMED).update(state=MessageState.WAITING, claimed_at=None)
    pause = queries.CHANNEL_PAUSES[min(channel.failures, len(queries.CHANNEL_PAUSES) - 1)]
    Channel.objects.filter(pk=channel.pk).update(
        failures=F("failures") + 1, retry_at=now + pause, last_error=error[:ERROR_LENGTH], last_error_at=now
    )


def record_trouble(channel: Channel, *, error: str, now: datetime) -> None:
    """Note on the channel what one of its messages met; the channel itself goes on."""
    Channel.objects.filter(pk=channel.pk).update(last_error=error[:ERROR_LENGTH], last_error_at=now)


@transaction.atomic
def retry_failed(channel: Channel, *, by: Actor, now: datetime, since: date) -> int:
    """Let the channel's failed messages since this day be tried again, at once; returns how many.

    Raises:
        DomainError: neither the supervision office nor an administrator.
    """
    if not policies.can_administer(by):
        raise DomainError("not_allowed")
    failed: QuerySet[Message] = Message.objects.filter(channel=channel, state=MessageState.FAILED, day__gte=since)
    count = failed.update(state=MessageState.WAITING, attempts=0, not_before=now, error="")
    Channel.objects.filter(pk=channel.pk).update(failures=0, retry_at=None)
    if count:
        entry = Entry(
            kind=EventKind.MESSAGES_RETRIED, subject=f"channel {channel.code}", changes={"messages": [0, count]}
        )
        events.record(entry, by=by)
    return count


def _give_up(channel: Channel, *, now: datetime) -> None:
    """What broke off as often as may be tried has failed: a message that kills workers must not go round for ever."""
    lapsed = queries.abandoned(now=now, claim_holds=claim_holds()) & Q(attempts__gte=queries.MOST_ATTEMPTS)
    error = str(DomainError("sending_broke_off", attempts=queries.MOST_ATTEMPTS))
    Message.objects.filter(lapsed, channel=channel).update(state=MessageState.FAILED, claimed_at=None, error=error)


def claim_holds() -> timedelta:
    """How long a claim protects against a second worker; longer than the slowest sending of one message."""
    return timedelta(seconds=settings.REMINDER_CLAIM_SECONDS)
