"""When and by which way reminders by hand reach their people, once the messages of the day were made. Reads only."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db.models import Min
from django.utils import timezone

from tracker.choices import OPEN_MESSAGE_STATES, MessageState, ReminderState
from tracker.models import MessageLine, Preference, Reminder
from tracker.queries import messages, operations, workdays
from tracker.rules.hours import Hours


class Why(StrEnum):
    """Why a reminder waits for a message of the day."""

    DAY_OFF = "day_off"
    QUIET = "quiet"
    TOLD = "told"  # the one message beside that of the day has gone today


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """So many people are told by the message of a day, which goes out at this local moment."""

    count: int
    at: datetime
    why: Why


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """How many people are told at once, later, or by their inbox alone."""

    at_once: int
    later: Sequence[Later]
    inbox_only: int


def reason_to_wait(*, now: datetime) -> Why | None:
    """Why nothing goes out at this moment; None when it does. Two queries."""
    local = timezone.localtime(now)
    if not workdays.calendar().is_working_day(local.date()):
        return Why.DAY_OFF
    return Why.QUIET if _hours().is_quiet(local) else None


def next_message(*, now: datetime, hour: int | None = None) -> datetime:
    """When the next message of a day goes out to who wants it at this hour; None: at the site's. Two queries."""
    local, hours, calendar = timezone.localtime(now), _hours(), workdays.calendar()
    day = calendar.same_or_next_working_day(local.date())
    at = hours.moment(day, hour=hour, zone=timezone.get_current_timezone())
    if at <= local:
        at = hours.moment(calendar.add_working_days(day, 1), hour=hour, zone=timezone.get_current_timezone())
    return at


def ways(ids: Collection[int], *, now: datetime) -> Ways:
    """How these reminders reach their people, each counted once, by the first way. The messages of the day are made."""
    rows = list(Reminder.objects.filter(pk__in=ids).order_by("pk"))
    carried, waits = _carried(ids), reason_to_wait(now=now)
    own = dict(Preference.objects.filter(user__in={row.recipient_id for row in rows}).values_list("user", "hour"))
    unreached = _unreached({row.recipient_id for row in rows}, today=timezone.localdate(now))
    upcoming = {hour: next_message(now=now, hour=hour) for hour in {None, *own.values()}}
    first: dict[int, datetime | None] = {}
    for row in rows:
        at = carried.get(row.pk)
        if at is None and (row.state == ReminderState.SENT or row.recipient_id in unreached):
            first.setdefault(row.recipient_id, None)
            continue
        if at is None or (waits and at <= now):
            at = upcoming[own.get(row.recipient_id)]
        before = first.get(row.recipient_id)
        first[row.recipient_id] = at if before is None else min(at, before)
    told = [at for at in first.values() if at is not None]
    late = Counter(timezone.localtime(at) for at in told if at > now)
    return Ways(
        at_once=len(told) - late.total(),
        later=[Later(count=count, at=at, why=waits or Why.TOLD) for at, count in sorted(late.items())],
        inbox_only=len(first) - len(told),
    )


def _carried(ids: Collection[int]) -> dict[int, datetime]:
    """By reminder, the first moment at which a message that carries it goes out, or went. One query."""
    told = MessageLine.objects.filter(reminder__in=ids, message__state__in=[MessageState.SENT, *OPEN_MESSAGE_STATES])
    return dict(told.order_by().values_list("reminder").annotate(at=Min("message__not_before")))


def _unreached(people: Collection[int], *, today: date) -> set[int]:
    """Whom no channel reaches; who is away is reached by the deputy. One query."""
    away = Preference.objects.filter(paused_from__lte=today, paused_until__gte=today).values("user")
    found = operations.inbox_only().order_by().filter(pk__in=people).exclude(pk__in=away)
    return set(found.values_list("pk", flat=True))


def _hours() -> Hours:
    site = messages.hours()
    return Hours(digest=site.digest_hour, quiet_from=site.quiet_from, quiet_until=site.quiet_until)
