"""The rules of reminding as everybody may read them: whom, when, when next, and how often it told somebody lately."""

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from tracker import ladder_wording, policies
from tracker.choices import ReminderOccasion
from tracker.policies import Actor
from tracker.queries import messages, reminder_overview
from tracker.queries.reminder_overview import RuleLine
from tracker.rules import ladder
from tracker.web import links
from tracker.web.viewers import viewer_of

Shown = dict[str, Any]


@login_required
def page(request: HttpRequest) -> HttpResponse:
    """Open to everybody who signs in: who is reminded may know of what, when and why."""
    viewer, today = viewer_of(request), timezone.localdate()
    return render(request, "tracker/reminders.html", context(viewer, today=today))


def context(viewer: Actor, *, today: date) -> Shown:
    """What templates/tracker/reminders.html prints."""
    found = reminder_overview.overview(viewer, today=today)
    lines = [_line(line, may_keep=policies.can_administer(viewer)) for line in found.lines]
    hours = messages.hours()
    return {
        "rule_count": sum(line["reminds"] and not line["is_by_hand"] for line in lines),
        "in_force": [line for line in lines if line["reminds"]],
        "resting": [line for line in lines if not line["reminds"]],
        "is_of_all": found.is_of_all,
        "days": reminder_overview.COUNTED_DAYS,
        "next_on": found.next_on,
        "is_today": found.next_on == today,
        "digest_hour": hours.digest_hour,
        "quiet_from": hours.quiet_from,
        "quiet_until": hours.quiet_until,
        "most_lines": hours.digest_lines,
        "rules_href": links.admin("tracker_reminderrule_changelist") if policies.can_administer(viewer) else "",
        "operations_href": links.operations() if policies.can_watch(viewer) else "",
    }


def _line(line: RuleLine, *, may_keep: bool) -> Shown:
    rule, version = line.rule, line.version
    is_by_hand = rule.occasion == ReminderOccasion.BY_HAND
    return {
        "name": rule.get_occasion_display(),
        "plan": rule.plan.short_title if rule.plan else "",
        "href": links.admin("tracker_reminderrule_change", rule.pk) if may_keep else "",
        "reminds": rule.is_active and (is_by_hand or version is not None),
        "is_sound": line.is_sound,
        "words": _words(line),
        "version": version.number if version else None,
        "since": version.live_from if version else None,
        "last_run": rule.last_run_on,
        "is_by_hand": is_by_hand,
        "counts": line.counts,
    }


def _words(line: RuleLine) -> list[str]:
    version = line.version
    if line.rule.occasion == ReminderOccasion.BY_HAND:
        return [str(ladder_wording.BY_HAND)]
    if version is None:
        return [_("No version is in force.")]
    if not line.is_sound:
        return []
    rungs = ladder.read(version.ladder)
    return ladder_wording.lines(rungs, occasion=line.rule.occasion, counts_working_days=version.counts_working_days)
