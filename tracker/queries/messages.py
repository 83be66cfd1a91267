"""What a channel may send now, what a message still carries, what stands in the way. Reads only; the pen is
`tracker.actions.messages`.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet

from tracker.choices import MessageState, ReminderState
from tracker.models import Channel, Message, Reminder, SiteSettings
from tracker.models.reminders import SUBJECTS

# How long a failed message waits before the next try, by the number of tries; after the last it has failed for good.
RETRY_AFTER = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
MOST_ATTEMPTS = len(RETRY_AFTER) + 1
# How long a channel that cannot be reached is left alone, by the failures in a row; the last one holds from then on.
CHANNEL_PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30, 60))
# A message that failed goes out with a later one for so many days; then it stays failed.
CARRIED_DAYS = 7
# A deputy who is away too has one as well: how far messages follow.
DEPUTY_STEPS = 3


def due(channel: Channel, *, now: datetime, claim_holds: timedelta) -> QuerySet[Message]:
    """What the channel may send now: waiting and due, or taken by a worker that is gone.

    A claim older than `claim_holds` counts as abandoned.
    """
    waiting = Q(state=MessageState.WAITING, not_before__lte=now)
    lapsed = abandoned(now=now, claim_holds=claim_holds) & Q(attempts__lt=MOST_ATTEMPTS)
    return Message.objects.filter(waiting | lapsed, channel=channel)


def abandoned(*, now: datetime, claim_holds: timedelta) -> Q:
    """Messages whose worker is taken to be dead."""
    return Q(state__in=[MessageState.CLAIMED, MessageState.SENDING], claimed_at__lte=now - claim_holds)


def open_channels(*, now: datetime) -> list[Channel]:
    """The channels that are switched on and not paused after failures."""
    rested = Q(retry_at__isnull=True) | Q(retry_at__lte=now)
    return list(Channel.objects.filter(rested, is_active=True).order_by("pk"))


def carried(message: Message) -> QuerySet[Reminder]:
    """The reminders that the message tells of: those of its lines that still stand and wait, the most urgent first."""
    lines = Reminder.objects.filter(lines__message=message, settled_at__isnull=True)
    rows = lines.exclude(state=ReminderState.CANCELLED).select_related("commitment", "recipient", "version", *SUBJECTS)
    return rows.order_by("due_on", "commitment__code", "milestone__order", "pk")


def with_people(ids: Collection[int]) -> list[Message]:
    """These messages with recipient and channel, in the order in which they are due."""
    rows = Message.objects.filter(pk__in=ids).select_related("recipient", "channel")
    return list(rows.order_by(F("not_before"), "pk"))


def hours() -> SiteSettings:
    """The site's hour of the daily message, its quiet hours and the cap; the defaults where nobody set them."""
    return SiteSettings.objects.filter(pk=SiteSettings.SETTINGS_ID).first() or SiteSettings()
