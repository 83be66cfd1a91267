"""Shapes the inbox into what its template prints. The sentences are in `wording`; no queries here."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tracker import inbox_wording
from tracker.choices import Ask, Audience, MessageState, ReminderOccasion
from tracker.delivery import asking
from tracker.models import Reminder
from tracker.queries.inbox import Carried, Line
from tracker.web import links, present

Shown = dict[str, Any]


def groups(lines: Iterable[Line], *, today: date) -> list[Shown]:
    """The lines under what they ask, in the order given."""
    return [
        {"key": ask.value, "label": ask.label, "lines": [line(one, today=today) for one in found]}
        for ask, found in groupby(lines, key=lambda one: one.ask)
    ]


def line(found: Line, *, today: date) -> Shown:
    """One line. Nothing of a matter that is out of sight: no title, no sentence, no link."""
    row, item = found.row, found.matter
    shown: Shown = {
        "id": row.pk,
        "is_unread": found.is_unread,
        "on_behalf": str(found.on_behalf) if found.on_behalf else "",
        "told_as": "" if row.audience == Audience.OFFICER else Audience(row.audience).label,
        "told_on": told_on(row),
        "carried": [carried(one) for one in found.carried],
        "is_hidden": item is None,
        "is_demo": row.is_demo,
    }
    if item is None:
        return shown
    return shown | {
        "title": item.title,
        "href": href(found),
        "subject": row.milestone.name if row.milestone else "",
        "ask": found.ask.label,
        "asked": sentence(found, today=today),
        "note": row.note,
        "code": item.code if found.is_whole else "",
        "health": item.health if found.is_whole else "",
        "reason": present.sentence(item.health_reasons, today=today) if found.is_whole else "",
        "owner": item.lead.name if item.lead and found.is_whole else "",
    }


def told_on(row: Reminder) -> date:
    """Since when it stands here: what was sent by hand on a day off is planned for the message of a later day."""
    is_by_hand = row.occasion == ReminderOccasion.BY_HAND
    return min(row.planned_on, timezone.localdate(row.created_at)) if is_by_hand else row.planned_on


def sentence(found: Line, *, today: date) -> str:
    """What is wanted of the reader."""
    row = found.row
    if found.audience != Audience.OFFICER:  # who is told, and does not do it: how it stands, not what to do
        return asking.sentence(row, today=today) + pgettext("sentence end", ".")
    outcome = row.extension.get_state_display() if row.extension else ""
    return inbox_wording.asked(found.worded_as, day=asking.due(row), today=today, outcome=outcome)


def href(found: Line) -> str:
    """Where the answer is given: the form of the question, or the commitment's page."""
    row = found.row
    ways: Iterator[tuple[str, int | None]] = iter(
        (
            ("tracker_blocker_change", row.blocker_id),
            ("tracker_instruction_change", row.instruction_id),
            ("tracker_slip_change", row.slip_id),
            ("tracker_progressreport_change", row.report_id if found.ask == Ask.RETURNED else None),
        )
    )
    form = next((links.admin(name, pk) for name, pk in ways if pk is not None), "")
    return form or (links.commitment(row.commitment.code) if found.is_whole else "")


def carried(one: Carried) -> str:
    """One message in words: the channel, and when it went out or that it did not yet."""
    if one.sent_at is not None:
        at = formats.date_format(timezone.localtime(one.sent_at), "DATETIME_FORMAT")
        return _("%(channel)s %(at)s") % {"channel": one.channel, "at": at}
    if one.state == MessageState.FAILED:
        return _("%(channel)s: could not be sent") % {"channel": one.channel}
    return _("%(channel)s: waits to be sent") % {"channel": one.channel}
