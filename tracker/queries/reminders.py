"""Who is owed which reminder, what waits to be sent, what need not be sent any more. Reads only; the pen is
`tracker.actions.reminders`. The days come from `tracker.rules.reminders`.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple, TypedDict

from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.utils import timezone

from tracker.choices import REPORTABLE_STAGES, ReminderOccasion, ReminderState, Role
from tracker.models import Commitment, Reminder, ReminderRule
from tracker.rules import reminders
from tracker.rules.reminders import ReminderRuleFacts

STAGES = sorted(REPORTABLE_STAGES)

# How long a failed message waits before the next try, by the number of tries; after the last it has failed for good.
RETRY_AFTER = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
MOST_ATTEMPTS = len(RETRY_AFTER) + 1


class Due(NamedTuple):
    """What a day's planning asks for: matters with this date, under this rule and offset."""

    rule: int
    offset: int
    due_on: date


class OwedRow(TypedDict):
    """A column of `owed`: the name after `owed_` is the reminder's field."""

    owed_commitment: int
    owed_milestone: int | None
    owed_recipient: int
    owed_due_on: date
    owed_is_demo: bool


Owed = QuerySet[Commitment, OwedRow]


def facts_of(rule: ReminderRule) -> ReminderRuleFacts:
    """The rule as the pure rules know it. Raises ValueError when its offsets are not a list of whole numbers."""
    offsets: object = rule.offsets
    if not isinstance(offsets, list) or not all(type(offset) is int for offset in offsets):
        raise ValueError(f"offsets of rule {rule.code} are not whole numbers: {offsets!r}")
    return ReminderRuleFacts(code=rule.code, occasion=ReminderOccasion(rule.occasion), offsets=tuple(offsets))


def is_sound(rule: ReminderRule) -> bool:
    """Whether the rule can be understood."""
    try:
        facts_of(rule)
    except ValueError:
        return False
    return True


def broken_rules() -> list[str]:
    """The codes of the active rules that remind nobody, because they cannot be understood."""
    return [rule.code for rule in ReminderRule.objects.filter(is_active=True).order_by("code") if not is_sound(rule)]


def dues(rules: Iterable[ReminderRule], *, today: date) -> list[Due]:
    """What these rules ask for today, missed days included; nothing on a day off. Raises as `facts_of`."""
    return [
        Due(rule.pk, offset, day)
        for rule in rules
        for offset, days in reminders.due_dates(
            facts_of(rule), reminders.fire_days(today, last_run=rule.last_run_on)
        ).items()
        for day in days
    ]


def owed(*, today: date) -> Iterator[Owed]:
    """Every (commitment or milestone, person) with its date, whatever the date: to be joined to `dues`.

    Four selects: a commitment's own date and its open milestones, each for the active officers of the lead department
    and for whoever holds the owner post today. So one person may come up twice for the same matter.
    """
    officer = Q(lead__people__role=Role.OFFICER, lead__people__is_active=True)
    holder = Q(post__holdings__starts_on__lte=today, post__holdings__holder__is_active=True) & (
        Q(post__holdings__ends_on__isnull=True) | Q(post__holdings__ends_on__gte=today)
    )
    own_date = Q(due_on__isnull=False)
    step = Q(milestones__planned_on__isnull=False, milestones__actual_on__isnull=True)
    for what, milestone, due_on in (
        (own_date, Cast(Value(None), BigIntegerField()), F("due_on")),
        (step, F("milestones__pk"), F("milestones__planned_on")),
    ):
        for who, person in ((officer, F("lead__people__pk")), (holder, F("post__holdings__holder_id"))):
            # One filter() call: conditions on the same relation must hold for the same row.
            rows = Commitment.objects.filter(what, who, stage__in=STAGES).order_by()
            yield rows.values(
                owed_commitment=F("pk"),
                owed_milestone=milestone,
                owed_recipient=person,
                owed_due_on=due_on,
                owed_is_demo=F("is_demo"),
            )


def waiting(*, now: datetime, claim_holds: timedelta) -> QuerySet[Reminder]:
    """What may be claimed now: planned and due, its last failure long enough ago, or claimed by a worker that is gone.

    A claim older than `claim_holds` counts as abandoned.
    """
    rested = Q(attempts=0)
    for attempts, pause in enumerate(RETRY_AFTER, start=1):
        rested |= Q(attempts=attempts, claimed_at__lte=now - pause)
    planned = Q(state=ReminderState.PLANNED, planned_on__lte=_day(now)) & rested
    return Reminder.objects.filter(
        planned | (abandoned(now=now, claim_holds=claim_holds) & Q(attempts__lt=MOST_ATTEMPTS))
    )


def abandoned(*, now: datetime, claim_holds: timedelta) -> Q:
    """Claims whose worker is taken to be dead."""
    return Q(state=ReminderState.CLAIMED, claimed_at__lte=now - claim_holds)


def unsent() -> QuerySet[Reminder]:
    """Everything in the outbox, whether or not it may be claimed now."""
    return Reminder.objects.filter(state__in=[ReminderState.PLANNED, ReminderState.CLAIMED])


def obsolete() -> dict[str, Q]:
    """Why a reminder need not be sent any more, by cause."""
    own = Q(milestone__isnull=True)
    standing = Commitment.objects.filter(pk=OuterRef("commitment_id"))
    return {
        "stage": Q(~Exists(standing.filter(stage__in=STAGES))),
        "date": own & Q(~Exists(standing.filter(due_on=OuterRef("due_on")))),
        "milestone": ~own & ~Q(milestone__actual_on__isnull=True, milestone__planned_on=F("due_on")),
        "recipient": Q(recipient__is_active=False),
    }


def of(ids: Collection[int]) -> list[Reminder]:
    """These reminders with what a message says of them, by person and date. One query."""
    rows = Reminder.objects.filter(pk__in=ids).select_related("commitment", "milestone", "recipient")
    return list(rows.order_by("recipient_id", "due_on", "commitment__code", "milestone__order", "pk"))


def _day(now: datetime) -> date:
    return timezone.localdate(now)
