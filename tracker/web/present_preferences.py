"""Shapes the personal settings into what their template prints: the next message, the duties with their rules."""

from datetime import date, timedelta
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tracker import ladder_wording
from tracker.choices import ReminderOccasion
from tracker.models import Preference, User
from tracker.queries import preferences
from tracker.queries.preferences import Duty, Next
from tracker.web import links

Shown = dict[str, Any]


def next_message(found: Next, *, user: User, today: date) -> str:
    """When and by which way the next message would come, in one sentence."""
    if found.deputy is not None:
        return _("You are away then: what falls due goes to %(name)s.") % {"name": found.deputy}
    if not found.channels:
        return _("Nothing leaves the site: no way is switched on for you. All of it stands in the inbox.")
    values = {
        "day": _day(found.on, today=today),
        "hour": f"{found.hour}:00",
        "ways": pgettext("between two of a list", ", ").join(_way(one, user) for one in found.channels),
    }
    return _("Next message, if there is something to tell: %(day)s at %(hour)s by %(ways)s.") % values


def duty(found: Duty) -> Shown:
    """A rule that cannot be switched off, with its steps in words."""
    return {
        "label": ReminderOccasion(found.occasion).label,
        "plan": found.plan,
        "steps": ladder_wording.lines(found.rungs, occasion=found.occasion, counts_working_days=found.in_working_days),
    }


def stands_in(found: Preference, *, today: date) -> Shown:
    """Whose matters come to the reader, and from when until when."""
    assert found.paused_from is not None
    return {
        "name": str(found.user),
        "first": found.paused_from,
        "last": found.paused_until,
        "is_running": found.paused_from <= today,
        "href": links.inbox(),
    }


def _day(on: date, *, today: date) -> str:
    shown = formats.date_format(on, "DATE_FORMAT")
    if on == today:
        return _("today, %(day)s") % {"day": shown}
    return _("tomorrow, %(day)s") % {"day": shown} if on == today + timedelta(days=1) else shown


def _way(channel: Any, user: User) -> str:
    if not preferences.addressed_by(channel):
        return str(channel)
    if not user.email:
        return _("%(channel)s (no address is known; the administrator enters it)") % {"channel": channel}
    return _("%(channel)s to %(address)s") % {"channel": channel, "address": user.email}
