"""Who is owed which reminder, what waits to be sent, what need not be sent any more. Reads only; the pen is
`tracker.actions.reminders`. The days come from `tracker.rules.reminders`.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import BigIntegerField, Exists, F, Model, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.utils import timezone

from tracker.choices import REPORTABLE_STAGES, ReminderOccasion, ReminderState, Role
from tracker.models import Commitment, Deputy, Milestone, PostHolding, Reminder, ReminderRule, User
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


def matters() -> list[QuerySet[Model, object]]:
    """What one can be reminded of, whatever its date: open commitments with a due date, and their open milestones.

    Columns: commitment, milestone, its date, mark of a demonstration, and to whom it belongs (department, post).
    """
    own = Commitment.objects.filter(stage__in=STAGES, due_on__isnull=False).order_by()
    steps = Milestone.objects.filter(commitment__stage__in=STAGES, planned_on__isnull=False, actual_on__isnull=True)
    return [
        own.values(
            owed_commitment=F("pk"),
            owed_milestone=Cast(Value(None), BigIntegerField()),
            owed_due_on=F("due_on"),
            owed_is_demo=F("is_demo"),
            owed_lead=F("lead_id"),
            owed_post=F("post_id"),
        ),
        steps.order_by().values(
            owed_commitment=F("commitment_id"),
            owed_milestone=F("pk"),
            owed_due_on=F("planned_on"),
            owed_is_demo=F("commitment__is_demo"),
            owed_lead=F("commitment__lead_id"),
            owed_post=F("commitment__post_id"),
        ),
    ]


def people(*, today: date) -> list[tuple[str, QuerySet[Model, object]]]:
    """Whom a matter's `owed_lead` and `owed_post` mean today: the active officers of the department, the post's holder
    and whoever stands in for the holder.

    One person may be all of them.
    """
    officers = _officers().order_by()
    holders = _holdings(today).order_by()
    deputies = _deputies(today).order_by()
    return [
        ("owed_lead", officers.values(owed_recipient=F("pk"), owed_place=F("department_id"))),
        ("owed_post", holders.values(owed_recipient=F("holder_id"), owed_place=F("post_id"))),
        ("owed_post", deputies.values(owed_recipient=F("deputy_id"), owed_place=F("post_id"))),
    ]


def recipients(item: Commitment, *, today: date) -> QuerySet[User]:
    """The same people for one commitment, each once, by name."""
    found = Q(pk__in=_officers().filter(department=item.lead_id).values("pk")) if item.lead_id else Q(pk__in=[])
    if item.post_id:
        found |= Q(pk__in=_holdings(today).filter(post=item.post_id).values("holder"))
        found |= Q(pk__in=_deputies(today).filter(post=item.post_id).values("deputy"))
    return User.objects.filter(found).order_by("full_name", "username")


def _officers() -> QuerySet[User]:
    return User.objects.filter(role=Role.OFFICER, is_active=True, department__isnull=False)


def _holdings(today: date) -> QuerySet[PostHolding]:
    in_office = Q(ends_on__isnull=True) | Q(ends_on__gte=today)
    return PostHolding.objects.filter(in_office, starts_on__lte=today, holder__is_active=True)


def _deputies(today: date) -> QuerySet[Deputy]:
    return Deputy.objects.filter(starts_on__lte=today, ends_on__gte=today, deputy__is_active=True)


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
    """Why a reminder need not be sent any more, by cause. A moved date takes nothing back that was sent by hand."""
    own = Q(milestone__isnull=True)
    by_rule = ~Q(rule__occasion=ReminderOccasion.BY_HAND)
    standing = Commitment.objects.filter(pk=OuterRef("commitment_id"))
    return {
        "stage": Q(~Exists(standing.filter(stage__in=STAGES))),
        "date": own & by_rule & Q(~Exists(standing.filter(due_on=OuterRef("due_on")))),
        "milestone": ~own & ~Q(milestone__actual_on__isnull=True, milestone__planned_on=F("due_on")),
        "recipient": Q(recipient__is_active=False),
    }


def of(ids: Collection[int]) -> list[Reminder]:
    """These reminders with what a message says of them, by person and date. One query."""
    rows = Reminder.objects.filter(pk__in=ids).select_related("commitment", "milestone", "recipient")
    return list(rows.order_by("recipient_id", "due_on", "commitment__code", "milestone__order", "pk"))


def _day(now: datetime) -> date:
    return timezone.localdate(now)
