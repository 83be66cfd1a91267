"""The supervision office reminds people itself (催办), whatever the rules say.

It stands in the inbox at once, with the words of the office. Within the hours of messages it goes out at once too,
beside the message of the day, once a day for each person; else it goes with the next one. `ways` tells which it was.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from projects.errors import DomainError
from tracker import policies
from tracker.actions import events, health, messages
from tracker.actions.events import Entry
from tracker.choices import REPORTABLE_STAGES, ReminderOccasion, Stage
from tracker.event_kinds import EventKind
from tracker.models import Commitment, Reminder, ReminderRule, User
from tracker.policies import Actor
from tracker.queries import by_hand, reminder_people, workdays
from tracker.queries.by_hand import Ways

RULE = "by-hand"


def check(item: Commitment, *, today: date) -> list[User]:
    """Whom a reminder of this commitment would reach, by name. Raises DomainError when it would reach nobody."""
    if item.stage not in REPORTABLE_STAGES:
        raise DomainError("reminder_not_under_way", stage=Stage(item.stage).label)
    people = list(reminder_people.recipients(item, today=today))
    if not people:
        raise DomainError("reminder_reaches_nobody")
    return people


def remind(commitment: Commitment, *, reason: str, by: Actor, today: date, group: UUID | None = None) -> int:
    """`written`, as a number."""
    return len(written(commitment, reason=reason, by=by, today=today, group=group))


@transaction.atomic
def written(
    commitment: Commitment, *, reason: str, by: Actor, today: date, group: UUID | None = None
) -> Sequence[Reminder]:
    """Write one reminder a person; returns the new ones. It is told today, or on the next working day.

    A row is unique for the day and the person: whoever was reminded by hand today is not reminded twice.

    Args:
        reason: what the office says; the people read it with the reminder, and it stands in the history.

    Raises:
        DomainError: not the office, nobody works on it, nobody would be reached, or all were reminded today.
    """
    if not policies.can_supervise(by):
        raise DomainError("not_allowed")
    item = health.lock(commitment)
    people = check(item, today=today)
    rule, _created = ReminderRule.objects.get_or_create(code=RULE, defaults={"occasion": ReminderOccasion.BY_HAND})
    # What has no date is reminded of as of today; the message says that it has none.
    due_on = item.due_on or today
    standing = Reminder.objects.filter(commitment=item, rule=rule, milestone=None, due_on=due_on)
    reminded = set(standing.filter(offset=(today - due_on).days).values_list("recipient_id", flat=True))
    owed = [person for person in people if person.pk not in reminded]
    if not owed:
        raise DomainError("reminder_sent_today")
    new = Reminder.objects.bulk_create(
        Reminder(
            commitment=item,
            rule=rule,
            occasion=ReminderOccasion.BY_HAND,
            recipient=person,
            due_on=due_on,
            offset=(today - due_on).days,
            planned_on=workdays.calendar().same_or_next_working_day(today),
            note=reason.strip(),
            is_demo=item.is_demo or by.is_demo,
        )
        for person in owed
    )
    told = ", ".join(person.username for person in owed)
    entry = Entry(
        kind=EventKind.REMINDED_BY_HAND,
        commitment=item,
        changes={"recipients": ["", told]},
        reason=reason.strip(),
        is_demo=item.is_demo or by.is_demo,
    )
    events.record(entry, by=by, group=group)
    return new


@transaction.atomic
def remind_by_hand(commitments: Collection[Commitment], *, reason: str, by: Actor, today: date, group: UUID) -> int:
    """`remind` for each, all or none: the first refusal undoes the rest. Returns how many messages are new."""
    ordered = sorted(commitments, key=lambda item: item.pk)
    return sum(remind(item, reason=reason, by=by, today=today, group=group) for item in ordered)


def ways(rows: Collection[Reminder], *, today: date, now: datetime) -> Ways:
    """How these reminders reach their people: the messages of the day are made now, then looked at."""
    messages.compose(today=today, now=now)
    return by_hand.ways({row.pk for row in rows}, now=now)
