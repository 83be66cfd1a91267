"""Bad rows of reminders, channels and slips, for the table in test_models: each names what refuses it."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import models
from django.utils import timezone

from tests.factories import make_blocker, make_extension, make_instruction
from tests.subscription_rows import make_delivery
from tracker.actions import events
from tracker.actions.events import Entry
from tracker.event_kinds import EventKind
from tracker.models import (
    Channel,
    Message,
    MessageLine,
    Preference,
    Reminder,
    ReminderRuleVersion,
    SiteSettings,
    Slip,
    Subscription,
)
from tracker.policies import SYSTEM

DAY, EARLIER, LATER = date(2026, 6, 1), date(2026, 5, 1), date(2026, 7, 1)
# The rows of test_models: `cast`, `item`, `post`, `rule`, `report` … Any, or the two modules would import each other.
Spoil = Callable[[Any], object]


def reminder(rows: Any, **values: object) -> Reminder:
    facts = {
        "commitment": rows.item, "rule": rows.rule, "occasion": "on_due", "recipient": rows.cast.lin, "due_on": DAY,
        "offset": 0, "planned_on": DAY,
    }  # fmt: skip
    return Reminder.objects.create(**(facts | values))


def _twice(rows: Any, **values: object) -> None:
    reminder(rows, **values)
    reminder(rows, **values)


def _version(rows: Any, **values: object) -> ReminderRuleVersion:
    return ReminderRuleVersion.objects.create(**({"rule": rows.rule, "number": 1} | values))


def _channel(code: str = "hook", **values: object) -> Channel:
    return Channel.objects.create(**({"code": code, "name": code, "kind": "webhook"} | values))


def _message(rows: Any, channel: Channel, **values: object) -> Message:
    facts = {"recipient": rows.cast.lin, "channel": channel, "day": DAY, "not_before": timezone.now()}
    return Message.objects.create(**(facts | values))


def _two_messages(rows: Any) -> None:
    channel = _channel()
    _message(rows, channel)
    _message(rows, channel)


def _told_twice(rows: Any) -> None:
    channel, row = _channel(), reminder(rows)
    for day in (DAY, LATER):
        MessageLine.objects.create(message=_message(rows, channel, day=day), reminder=row, channel=channel)


def _subscription(rows: Any, **values: object) -> Subscription:
    return Subscription.objects.create(**({"code": "province", "name": "平台", "owner": rows.cast.gu} | values))


def _delivery(rows: Any, *, times: int = 1, **values: object) -> None:
    event = events.record(Entry(kind=EventKind.COMMITMENT_REVISED, commitment=rows.item), by=SYSTEM)
    row = _subscription(rows)
    for _ in range(times):
        make_delivery(row, event, **values)


def _settings(**values: object) -> None:
    SiteSettings.objects.get_or_create(pk=1)
    SiteSettings.objects.filter(pk=1).update(**values)


def _slip(rows: Any, **values: object) -> Slip:
    return Slip.objects.create(**({"commitment": rows.item, "level": "blue", "drafted_on": DAY} | values))


ISSUED: dict[str, object] = {
    "state": "issued", "year": 2026, "number": 1, "issued_on": DAY, "answer_due_on": LATER,
}  # fmt: skip


def _same_number(rows: Any) -> None:
    _slip(rows, **ISSUED)
    _slip(rows, **ISSUED)


def _put(row: models.Model, **values: object) -> None:
    type(row)._default_manager.filter(pk=row.pk).update(**values)


# Nobody types these rows: no sentence tells a person what to correct.
SILENT = {
    "reminder_once_for_commitment", "reminder_once_for_milestone", "reminder_once_for_report",
    "reminder_once_for_extension", "reminder_once_for_blocker", "reminder_once_for_instruction",
    "reminder_once_for_slip", "reminderversion_number_once", "reminderversion_one_live_per_rule", "message_one_a_day",
    "messageline_once_by_channel", "slip_number_once", "subscription_former_secret_ends",
    "delivery_once_by_subscription", "delivery_state_known", "delivery_kind_known",
}  # fmt: skip
BAD: list[tuple[str, Spoil]] = [
    ("reminder_state_known", lambda r: reminder(r, state="lost")),
    ("reminder_occasion_known", lambda r: reminder(r, occasion="full_moon")),
    ("reminder_occasion_known", lambda r: reminder(r, audience="mayor")),
    ("reminder_once_for_commitment", lambda r: _twice(r)),
    ("reminder_once_for_milestone", lambda r: _twice(r, milestone=r.milestone)),
    ("reminder_once_for_report", lambda r: _twice(r, report=r.report)),
    ("reminder_once_for_extension", lambda r: _twice(r, extension=make_extension(r.item, author=r.cast.lin))),
    (
        "reminder_once_for_blocker",
        lambda r: _twice(r, blocker=make_blocker(r.item, author=r.cast.lin, wanted_from=r.post)),
    ),
    ("reminder_once_for_instruction", lambda r: _twice(r, instruction=make_instruction(r.item, given_by=r.cast.wu))),
    ("reminder_once_for_slip", lambda r: _twice(r, slip=_slip(r))),
    ("reminderversion_number_once", lambda r: [_version(r), _version(r)]),
    (
        "reminderversion_one_live_per_rule",
        lambda r: [_version(r, number=number, state="live") for number in (1, 2)],
    ),
    ("reminderversion_state_known", lambda r: _version(r, state="asleep")),
    ("channel_kind_known", lambda r: _channel(kind="pigeon")),
    ("channel_robot_has_a_department", lambda r: _channel(kind="wecom")),
    ("channel_one_email", lambda r: [_channel(code, kind="email") for code in ("one", "two")]),
    ("preference_pause_is_whole", lambda r: Preference.objects.create(user=r.cast.lin, paused_from=DAY)),
    (
        "preference_pause_is_whole",
        lambda r: Preference.objects.create(user=r.cast.lin, paused_from=DAY, paused_until=EARLIER, deputy=r.cast.zhou),
    ),
    ("preference_hour_is_one", lambda r: Preference.objects.create(user=r.cast.lin, hour=24)),
    ("message_one_a_day", _two_messages),
    ("message_state_known", lambda r: _message(r, _channel(), state="lost")),
    ("message_state_known", lambda r: _message(r, _channel(), kind="pigeon")),
    ("messageline_once_by_channel", _told_twice),
    (
        "subscription_wants_something",
        lambda r: _subscription(r, wants_changes=False, wants_reports=False, wants_lights=False),
    ),
    ("subscription_former_secret_ends", lambda r: _subscription(r, former_secret="x")),
    ("delivery_once_by_subscription", lambda r: _delivery(r, times=2)),
    ("delivery_state_known", lambda r: _delivery(r, state="lost")),
    ("delivery_kind_known", lambda r: _delivery(r, kind="rumour")),
    ("sitesettings_quiet_hours_leave_a_day", lambda r: _settings(quiet_from=7, quiet_until=7)),
    ("slip_level_known", lambda r: _slip(r, level="green", cites=_slip(r, **ISSUED))),
    ("slip_state_known", lambda r: _slip(r, state="burnt")),
    ("slip_number_once", _same_number),
    ("slip_numbered_when_issued", lambda r: _slip(r, state="issued")),
    ("slip_numbered_when_issued", lambda r: _slip(r, **(ISSUED | {"state": "draft"}))),
    ("slip_blue_cites_nothing", lambda r: _slip(r, level="yellow")),
    ("slip_blue_cites_nothing", lambda r: _slip(r, cites=_slip(r, **ISSUED))),
    ("slip_answer_is_complete", lambda r: _slip(r, **(ISSUED | {"answer": "好。"}))),
    ("slip_answer_is_complete", lambda r: _slip(r, **(ISSUED | {"state": "answered"}))),
    ("slip_one_draft_per_commitment", lambda r: [_slip(r), _slip(r)]),
]
