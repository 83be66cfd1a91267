"""Rows of reminders, their rules and their channels, written directly; other factories stand in `tests.factories`."""

from datetime import UTC, date, datetime, time
from itertools import count
from typing import Any

from tests.factories import TODAY
from tracker.choices import ChannelKind, ReminderOccasion, ReminderState, VersionState
from tracker.models import Channel, Commitment, Plan, Reminder, ReminderRule, ReminderRuleVersion, User

_numbers = count(1)


def make_rule(
    code: str = "before-due",
    *,
    occasion: ReminderOccasion | None = None,
    plan: Plan | None = None,
    counts_working_days: bool = False,
    ladder: dict[str, list[int]] | list[int] | None = None,
) -> ReminderRule:
    """A rule in force. `ladder`: the signed days of each audience; a list is the officers' days."""
    rungs = {"officer": ladder} if isinstance(ladder, list) else ladder or {}
    rule, _created = ReminderRule.objects.get_or_create(
        code=code, defaults={"occasion": occasion or code.replace("-", "_"), "plan": plan}
    )
    ReminderRuleVersion.objects.create(
        rule=rule,
        number=rule.versions.count() + 1,
        ladder=[{"audience": audience, "days": days} for audience, days in rungs.items()],
        counts_working_days=counts_working_days,
        state=VersionState.LIVE,
        live_from=TODAY,
    )
    return rule


def make_reminder(
    commitment: Commitment,
    recipient: User,
    *,
    occasion: ReminderOccasion = ReminderOccasion.BEFORE_DUE,
    due_on: date | None = None,
    planned_on: date = TODAY,
    **more: Any,
) -> Reminder:
    """A planned one, about the commitment unless `more` names a subject; the same call twice is another offset."""
    rule, _created = ReminderRule.objects.get_or_create(
        code=occasion.value.replace("_", "-"), defaults={"occasion": occasion}
    )
    if more.get("state") == ReminderState.CANCELLED:
        more.setdefault("settled_at", datetime.combine(planned_on, time(12), tzinfo=UTC))
    return Reminder.objects.create(
        commitment=commitment,
        recipient=recipient,
        rule=rule,
        occasion=occasion,
        due_on=due_on or commitment.due_on or planned_on,
        planned_on=planned_on,
        **({"offset": next(_numbers)} | more),
    )


def make_channel(code: str = "email", *, kind: ChannelKind = ChannelKind.EMAIL, is_default: bool = True) -> Channel:
    """A channel that is switched on."""
    channel, _created = Channel.objects.update_or_create(
        code=code, defaults={"name": code, "kind": kind, "is_active": True, "is_default": is_default}
    )
    return channel
