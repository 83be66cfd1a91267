"""Plain factories of reminders, as `tests.factories` has them of everything else."""

from datetime import date
from itertools import count
from typing import Any

from tests.factories import TODAY
from tracker.choices import ReminderOccasion
from tracker.models import Commitment, Reminder, ReminderRule, User

_numbers = count(1)


def make_rule(occasion: ReminderOccasion = ReminderOccasion.BEFORE_DUE) -> ReminderRule:
    """The rule of this occasion for every plan, without a version."""
    rule, _created = ReminderRule.objects.get_or_create(
        code=occasion.value.replace("_", "-"), defaults={"occasion": occasion}
    )
    return rule


def make_reminder(
    commitment: Commitment,
    *,
    recipient: User,
    occasion: ReminderOccasion = ReminderOccasion.BEFORE_DUE,
    due_on: date = date(2026, 12, 1),
    planned_on: date = TODAY,
    **more: Any,
) -> Reminder:
    """One row, about the commitment unless `more` names a subject; the same call twice is another offset."""
    return Reminder.objects.create(
        commitment=commitment,
        recipient=recipient,
        rule=make_rule(occasion),
        occasion=occasion,
        due_on=due_on,
        planned_on=planned_on,
        **({"offset": next(_numbers)} | more),
    )
