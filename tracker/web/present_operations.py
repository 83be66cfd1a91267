"""Shapes for the operations page: sentences about what is wrong, spans of time, the sweep, its last runs."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from tracker.actions.sweep import BEGINS_AT
from tracker.choices import ChannelKind
from tracker.models import SweepRun
from tracker.queries import channels, messages, operations
from tracker.queries.heartbeat import Pulse
from tracker.queries.operations import Operations
from tracker.rules.hours import Hours
from tracker.rules.workdays import Calendar

Shown = dict[str, Any]
# Beat's clock may be so many seconds off before it is said.
CLOCK_SECONDS = 30
DECEMBER = 12


def problems(found: Operations, pulse: Pulse, *, now: datetime) -> list[str]:
    """What is wrong, one sentence each, the gravest first; empty when all is well."""
    return [
        *_of_parts(pulse),
        *_of_the_sweep(found, now=now),
        *_of_delivery(found, now=now),
        *_of_subscriptions(found, now),
        *_of_records(found, now),
    ]


def _of_parts(pulse: Pulse) -> Iterator[str]:
    if pulse.redis != "up":
        yield _("Redis does not answer. Nothing is swept or sent until it does; nothing is lost meanwhile.")
    if pulse.beat == "down":
        yield _("Beat does not tick. Nothing is swept or sent; start it again.")
    if pulse.worker == "down":
        yield _("No worker is at work. Nothing is swept or sent; start one.")
    if (ahead := pulse.clock_seconds) is not None and abs(ahead) > CLOCK_SECONDS:
        said = (
            ngettext(
                "Beat’s clock is %(seconds)d second ahead. Set the clocks of the machines by one time server.",
                "Beat’s clock is %(seconds)d seconds ahead. Set the clocks of the machines by one time server.",
                ahead,
            )
            if ahead > 0
            else ngettext(
                "Beat’s clock is %(seconds)d second behind. Set the clocks of the machines by one time server.",
                "Beat’s clock is %(seconds)d seconds behind. Set the clocks of the machines by one time server.",
                -ahead,
            )
        )
        yield said % {"seconds": abs(ahead)}


def _of_the_sweep(found: Operations, *, now: datetime) -> Iterator[str]:
    today = timezone.localdate(now)
    if found.work.sweep == operations.MISSED:
        yield _(
            "Today’s sweep has not ended, and it is past 08:30: lights may be of yesterday, and today’s reminders are "
            "not planned. It is tried every five minutes and makes up for what was missed."
        )
    failed = next((one.failed_count for one in found.runs if one.day == today and one.finished_at), 0)
    if failed:
        said = ngettext(
            "Today’s sweep could not deal with %(count)d row; the log names it.",
            "Today’s sweep could not deal with %(count)d rows; the log names them.",
            failed,
        )
        yield said % {"count": failed}
    for code in found.broken_rules:
        yield _("The reminder rule “%(code)s” cannot be understood and tells nobody. Draft a new version.") % {
            "code": code
        }


def _of_delivery(found: Operations, *, now: datetime) -> Iterator[str]:
    if found.work.delivery == operations.STUCK:
        yield _("Messages do not go out: the oldest that is due has waited %(span)s.") % {
            "span": span(found.work.waited(now=now))
        }
    for one in found.channels:
        channel = one.channel
        if channel.is_active and channel.failures:
            said = ngettext(
                "“%(name)s” cannot be reached, %(count)d failure in a row.",
                "“%(name)s” cannot be reached, %(count)d failures in a row.",
                channel.failures,
            )
            yield said % {"name": channel.name, "count": channel.failures}
        if channel.is_active and channel.kind == ChannelKind.EMAIL and channels.only_writes_letters():
            yield _("“%(name)s” writes letters into a folder of the server and sends none: no mail server is set.") % {
                "name": channel.name
            }
        if one.failed:
            said = ngettext(
                "“%(name)s”: %(count)d message of the last days could not be sent.",
                "“%(name)s”: %(count)d messages of the last days could not be sent.",
                one.failed,
            )
            yield said % {"name": channel.name, "count": one.failed}


def _of_subscriptions(found: Operations, now: datetime) -> Iterator[str]:
    for one in found.subscriptions:
        row, name = one.subscription, one.subscription.name
        if one.is_orphaned:
            yield _("“%(name)s” is told nothing: %(owner)s may no longer answer for it. Switch it off and on.") % {
                "name": name,
                "owner": row.owner,
            }
        elif row.is_active and row.failures:
            said = ngettext(
                "“%(name)s” cannot be reached, %(count)d failure in a row.",
                "“%(name)s” cannot be reached, %(count)d failures in a row.",
                row.failures,
            )
            yield said % {"name": name, "count": row.failures}
        elif row.is_active and one.oldest_at is not None and now - one.oldest_at > operations.STUCK_AFTER:
            yield _("“%(name)s”: what it is to be told waits for %(span)s.") % {
                "name": name,
                "span": span(now - one.oldest_at),
            }
        if one.failed:
            said = ngettext(
                "“%(name)s”: %(count)d delivery of the last days was given up.",
                "“%(name)s”: %(count)d deliveries of the last days were given up.",
                one.failed,
            )
            yield said % {"name": name, "count": one.failed}


def _of_records(found: Operations, now: datetime) -> Iterator[str]:
    if found.check is not None and found.check.broken_seq is not None:
        yield _("The chain of events breaks at event %(seq)d.") % {"seq": found.check.broken_seq}
    today = timezone.localdate(now)
    wanted = [today.year, today.year + 1] if today.month == DECEMBER else [today.year]
    for year in wanted:
        if not found.calendar.is_official(year):
            yield _(
                "The State Council’s calendar of %(year)d has not been entered. Working days are Monday to Friday "
                "without the statutory holidays, and provisional."
            ) % {"year": year}


def parts(pulse: Pulse) -> list[Shown]:
    """Web and database answered, or there would be no page; the others with the age of their last sign."""
    names = {"web": _("Web"), "database": _("Database"), "redis": "Redis", "worker": "Worker", "beat": "Beat"}
    states = {"web": "up", "database": "up", **pulse.parts}
    words = {"up": _("at work"), "down": _("silent"), "unknown": _("not known")}
    ages = {"worker": pulse.worker_seconds, "beat": pulse.beat_seconds}
    return [
        {
            "name": name,
            "state": states[part],
            "word": words[states[part]],
            "age": ages.get(part),
            "clock": clock(pulse.clock_seconds) if part == "beat" else "",
            "is_off": part == "beat" and abs(pulse.clock_seconds or 0) > CLOCK_SECONDS,
        }
        for part, name in names.items()
    ]


def clock(seconds: int | None) -> str:
    """How beat's clock stands against ours; "" while nobody knows."""
    if seconds is None:
        return ""
    if seconds == 0:
        return _("its clock agrees")
    said = _("its clock is %(seconds)d s ahead") if seconds > 0 else _("its clock is %(seconds)d s behind")
    return said % {"seconds": abs(seconds)}


def sweep(found: Operations, *, next_on: date) -> Shown:
    """Today's sweep and the last one that ended."""
    words = {
        operations.DONE: _("done"), operations.DUE: _("still to come"), operations.MISSED: _("missed"),
    }  # fmt: skip
    last = next((run(one) for one in found.runs if one.finished_at), None)
    return {
        "state": found.work.sweep,
        "word": words[found.work.sweep],
        "last": last,
        "next_on": next_on,
        "next_at": BEGINS_AT,
    }


def run(one: SweepRun) -> Shown:
    """One run as a row: when, how long, what it did."""
    return {
        "day": one.day,
        "started_at": one.started_at,
        "finished_at": one.finished_at,
        "seconds": max(0, round((one.finished_at - one.started_at).total_seconds())) if one.finished_at else None,
        "reassessed": one.reassessed_count,
        "changed": one.changed_count,
        "reminders": one.reminder_count,
        "messages": one.message_count,
        "slips": one.slip_count,
        "failed": one.failed_count,
    }


def span(waited: timedelta | None) -> str:
    """A span in the largest unit that tells it: minutes, hours or days; "" for None."""
    if waited is None:
        return ""
    minutes = max(0, int(waited.total_seconds() // 60))
    if minutes < 120:
        return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
    if (hours := minutes // 60) < 48:
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    return ngettext("%(count)d day", "%(count)d days", hours // 24) % {"count": hours // 24}


def sends_now(*, now: datetime, calendar: Calendar) -> str:
    """Whether messages go out at this moment, in words."""
    local, site = timezone.localtime(now), messages.hours()
    hours = Hours(digest=site.digest_hour, quiet_from=site.quiet_from, quiet_until=site.quiet_until)
    if not calendar.is_working_day(local.date()):
        return _("Today is a day off: nothing is sent.")
    if hours.is_quiet(local):
        ends = date_format(datetime.combine(local.date(), time(site.quiet_until)), "H:i")
        return _("Quiet hours: nothing is sent before %(time)s.") % {"time": ends}
    return _("Messages go out now.")


def years(calendar: Calendar, *, today: date) -> Sequence[tuple[int, bool, str]]:
    """This year and the next: whether the calendar of working days is official."""
    official, provisional = pgettext("calendar", "official"), pgettext("calendar", "provisional")
    return [
        (year, is_official, official if is_official else provisional)
        for year in (today.year, today.year + 1)
        for is_official in [calendar.is_official(year)]
    ]
