"""What the page of a reminder by hand says: before it, when messages go out; after it, who is told when, and why."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tracker.actions import reminders_by_hand
from tracker.delivery import asking
from tracker.models import Reminder
from tracker.queries import by_hand, operations
from tracker.queries.by_hand import Later, Why


def asked(count: int) -> str:
    """What will happen, for so many commitments, were it done at this moment."""
    said = ngettext(
        "The officers, the post holder and the deputy of %(count)d commitment are reminded.",
        "The officers, the post holders and the deputies of %(count)d commitments are reminded.",
        count,
    )
    values = {"what": said % {"count": count}, "when": _upcoming(now=timezone.now())}
    return _("%(what)s %(when)s") % values


def told(results: Sequence[Sequence[Reminder]]) -> list[str]:
    """When and by which way those who were just reminded are told."""
    now = timezone.now()
    rows = [row for result in results for row in result]
    found = reminders_by_hand.ways(rows, today=timezone.localdate(now), now=now)
    said = []
    if found.at_once:
        said.append(
            ngettext("%(count)d person gets a message now.", "%(count)d people get a message now.", found.at_once)
            % {"count": found.at_once}
        )
    said += [_later(one) for one in found.later]
    if found.inbox_only:
        only = ngettext(
            "%(count)d person reads it in the inbox only: no channel reaches them.",
            "%(count)d people read it in the inbox only: no channel reaches them.",
            found.inbox_only,
        )
        said.append(only % {"count": found.inbox_only})
    return said


def _upcoming(*, now: datetime) -> str:
    """Whether messages go out at this moment, and when they next do."""
    if not operations.has_channel():
        return _("It stands in their inboxes at once. No channel is switched on, so no message goes out.")
    why = by_hand.reason_to_wait(now=now)
    if why is None:
        return _("It stands in their inboxes at once, and a message goes out now; a second one on the same day waits.")
    values = {"at": _moment(by_hand.next_message(now=now)), "why": _because(why)}
    return _("It stands in their inboxes at once; the message goes out %(at)s, because %(why)s.") % values


def _later(one: Later) -> str:
    said = ngettext(
        "%(count)d person gets it %(at)s with the message of the day, because %(why)s.",
        "%(count)d people get it %(at)s with the message of the day, because %(why)s.",
        one.count,
    )
    return said % {"count": one.count, "at": _moment(one.at), "why": _because(one.why)}


def _because(why: Why) -> str:
    if why == Why.DAY_OFF:
        return _("today is a day off")
    if why == Why.QUIET:
        return _("these are the quiet hours")
    return _("a message beside that of the day has gone to them today")


def _moment(at: datetime) -> str:
    """The day and the time, in words where the day is near."""
    local, today = timezone.localtime(at), timezone.localdate()
    clock = formats.time_format(local, "H:i")
    ahead = (local.date() - today).days
    if ahead == 0:
        return _("today %(time)s") % {"time": clock}
    if ahead == 1:
        return _("tomorrow %(time)s") % {"time": clock}
    return _("%(day)s %(time)s") % {"day": asking.in_words(local.date()), "time": clock}
