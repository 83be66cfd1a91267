"""Was the day's work done? The sweep, the queue of messages, the channels, whom no channel reaches. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet
from django.db.models.functions import Greatest
from django.utils import timezone

from tracker.choices import OPEN_MESSAGE_STATES, ChannelKind, MessageState
from tracker.models import ChainCheck, Channel, Message, Preference, SweepRun, User
from tracker.queries import chain, messages, reminders, subscriptions, workdays
from tracker.queries.subscriptions import SubscriptionState
from tracker.rules.hours import Hours
from tracker.rules.workdays import Calendar

# Wall-clock time of the site's zone: by then the day's sweep has ended, or it is missed.
ENDS_BY = time(8, 30)
STUCK_AFTER = timedelta(minutes=30)
RUNS = 14
FAILED_DAYS = 7
DONE, DUE, MISSED = "done", "due", "missed"
OK, STUCK = "ok", "stuck"


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """Messages that somebody has to send: `waiting` in all, of them `due`, not yet due (`later`) and `under_way`.

    `oldest_at`: since when the oldest of those that are due could have gone out; None when none is due.
    """

    waiting: int = 0
    due: int = 0
    later: int = 0
    under_way: int = 0
    oldest_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """The day's work. `sweep`: done, due or missed today. `delivery`: ok, or stuck.

    `sends_from`: since when messages go out today; None in the quiet hours and on days off.
    """

    sweep: str
    last_sweep_at: datetime | None
    queue: Queue
    sends_from: datetime | None
    delivery: str
    last_sent_at: datetime | None

    def waited(self, *, now: datetime) -> timedelta | None:
        """How long the oldest message that is due waits, quiet hours of the night before left out; None: none is."""
        return _waited(self.queue, self.sends_from, now=now)


def work(*, now: datetime) -> Work:
    """The day's work in a few small queries: three, and two more while a message is due."""
    last = SweepRun.objects.filter(finished_at__isnull=False).order_by("-day", "-started_at").first()
    queue = _queue(now=now)
    sends_from = _sends_from(now=now) if queue.oldest_at is not None else None
    waited = _waited(queue, sends_from, now=now) if sends_from else None
    return Work(
        sweep=_sweep(last, now=now),
        last_sweep_at=last.finished_at if last else None,
        queue=queue,
        sends_from=sends_from,
        delivery=STUCK if waited is not None and waited > STUCK_AFTER else OK,
        last_sent_at=Channel.objects.aggregate(at=Max("last_ok_at"))["at"],
    )


def _sweep(last: SweepRun | None, *, now: datetime) -> str:
    """Today's sweep. A site that is just being set up has missed nothing: it is due until the first one broke off."""
    local = timezone.localtime(now)
    if last is not None and last.day >= local.date():
        return DONE
    if local.time() < ENDS_BY:
        return DUE
    settled = now - timedelta(seconds=settings.REMINDER_CLAIM_SECONDS)
    return MISSED if SweepRun.objects.filter(started_at__lte=settled).exists() else DUE


def _queue(*, now: datetime) -> Queue:
    """What the channels that are on have to send. One query."""
    to_send = Message.objects.filter(state__in=sorted(OPEN_MESSAGE_STATES), channel__is_active=True)
    waits, is_due = Q(state=MessageState.WAITING), Q(not_before__lte=now)
    return Queue(
        **to_send.aggregate(
            waiting=Count("pk"),
            due=Count("pk", filter=waits & is_due),
            later=Count("pk", filter=waits & ~is_due),
            under_way=Count("pk", filter=~waits),
            oldest_at=Min(Greatest("not_before", "created_at"), filter=is_due),
        )
    )


def _sends_from(*, now: datetime) -> datetime | None:
    local, site = timezone.localtime(now), messages.hours()
    hours = Hours(digest=site.digest_hour, quiet_from=site.quiet_from, quiet_until=site.quiet_until)
    if hours.is_quiet(local) or not workdays.calendar().is_working_day(local.date()):
        return None
    return datetime.combine(local.date(), time(site.quiet_until), tzinfo=local.tzinfo)


def _waited(queue: Queue, sends_from: datetime | None, *, now: datetime) -> timedelta | None:
    if queue.oldest_at is None:
        return None
    return now - (max(queue.oldest_at, sends_from) if sends_from else queue.oldest_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelState:
    """A channel, how many of its messages failed in the last days, and why the latest of them did."""

    channel: Channel
    failed: int
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Operations:
    """Everything that the operations page tells."""

    work: Work
    runs: Sequence[SweepRun]
    channels: Sequence[ChannelState]
    subscriptions: Sequence[SubscriptionState]
    inbox_only: int
    broken_rules: Sequence[str]
    check: ChainCheck | None
    calendar: Calendar


def everything(*, now: datetime) -> Operations:
    """What the operations page tells; the same number of queries whatever there is."""
    today = timezone.localdate(now)
    return Operations(
        work=work(now=now),
        runs=list(SweepRun.objects.order_by("-day", "-started_at")[:RUNS]),
        channels=_channels(since=failed_since(today)),
        subscriptions=subscriptions.states(failed_since=now - timedelta(days=FAILED_DAYS)),
        inbox_only=inbox_only().count(),
        broken_rules=reminders.broken_rules(),
        check=chain.last_check(),
        calendar=workdays.calendar(),
    )


def failed_since(today: date) -> date:
    """The first of the days whose failed messages the page counts and sends again."""
    return today - timedelta(days=FAILED_DAYS - 1)


def _channels(*, since: date) -> list[ChannelState]:
    failed = Message.objects.filter(state=MessageState.FAILED, day__gte=since).order_by()
    counted = {
        channel: (count, last)
        for channel, count, last in failed.values_list("channel").annotate(Count("pk"), Max("pk"))
    }
    errors = dict(Message.objects.filter(pk__in=[last for _, last in counted.values()]).values_list("channel", "error"))
    return [
        ChannelState(channel=one, failed=counted.get(one.pk, (0, 0))[0], error=errors.get(one.pk, ""))
        for one in Channel.objects.select_related("department").order_by("-is_active", "code")
    ]


def inbox_only() -> QuerySet[User]:
    """The active people whom no channel reaches: none is on for them, or only e-mail is, and they have no address.

    The same ways as `actions.composing` takes.
    """
    open_to = Q(department__isnull=True) | Q(department=OuterRef("department"))
    on = Channel.objects.filter(open_to, is_active=True)
    own = Preference.channels.through.objects.filter(preference=OuterRef("pk"), channel__is_active=True).filter(
        Q(channel__department__isnull=True) | Q(channel__department=OuterRef("department"))
    )
    chooses = Exists(Preference.objects.filter(user=OuterRef("pk"), chooses_channels=True))
    has_address = ~Q(email="")
    site = Exists(on.filter(is_default=True).exclude(kind=ChannelKind.EMAIL)) | (
        Exists(on.filter(is_default=True, kind=ChannelKind.EMAIL)) & has_address
    )
    chosen = Exists(own.exclude(channel__kind=ChannelKind.EMAIL)) | (
        Exists(own.filter(channel__kind=ChannelKind.EMAIL)) & has_address
    )
    reached = (Q(chooses) & Q(chosen)) | (~Q(chooses) & Q(site))
    people = User.objects.filter(~reached, is_active=True).select_related("department")
    return people.order_by("department__order", "full_name", "username")


def has_channel() -> bool:
    """Whether any channel is switched on."""
    return Channel.objects.filter(is_active=True).exists()
