"""The heartbeat as a page: what is wrong first, in plain sentences; then parts, sweep, messages and channels."""

from typing import Any

from django.contrib import messages as told
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from projects.errors import DomainError
from tracker import policies
from tracker.actions import messages
from tracker.models import Channel
from tracker.queries import heartbeat, operations, reminder_overview
from tracker.queries.operations import ChannelState
from tracker.queries.subscriptions import SubscriptionState
from tracker.web import links, present_operations
from tracker.web.viewers import viewer_of

Shown = dict[str, Any]
# People on the list of those whom no channel reaches; the count is of all.
MOST_PEOPLE = 500


@login_required
def page(request: HttpRequest) -> HttpResponse:
    """For the supervision office and the administrators; leaders read it. There is no such page for anybody else."""
    viewer, now = viewer_of(request), timezone.now()
    if not policies.can_watch(viewer):
        raise Http404
    today = timezone.localdate(now)
    found, pulse = operations.everything(now=now), heartbeat.pulse()
    may_act = policies.can_administer(viewer)
    work = found.work
    context = {
        "problems": present_operations.problems(found, pulse, now=now),
        "now": now,
        "parts": present_operations.parts(pulse),
        "sweep": present_operations.sweep(found, next_on=reminder_overview.next_sweep_on(today=today)),
        "queue": work.queue,
        "waited": present_operations.span(work.waited(now=now)),
        "last_sent_at": work.last_sent_at,
        "sends_now": present_operations.sends_now(now=now, calendar=found.calendar),
        "channels": [_channel(one, may_act=may_act) for one in found.channels],
        "has_channel": any(one.channel.is_active for one in found.channels),
        "subscriptions": [_subscription(one, may_act=may_act) for one in found.subscriptions],
        "days": operations.FAILED_DAYS,
        "inbox_only": found.inbox_only,
        "inbox_only_href": reverse("operations-inbox-only"),
        "check": found.check,
        "years": present_operations.years(found.calendar, today=today),
        "runs": [present_operations.run(one) for one in found.runs],
        "rules_href": links.reminders(),
    }
    return render(request, "tracker/operations.html", context)


@login_required
def inbox_only(request: HttpRequest) -> HttpResponse:
    """Whom no channel reaches: they find their reminders in the inbox alone."""
    viewer = viewer_of(request)
    if not policies.can_watch(viewer):
        raise Http404
    people = operations.inbox_only()
    may_keep = policies.can_administer(viewer)
    rows = [
        {
            "name": str(one),
            "href": links.admin("tracker_user_change", one.pk) if may_keep else "",
            "department": str(one.department or ""),
            "role": one.get_role_display(),
            "has_address": bool(one.email),
        }
        for one in people[:MOST_PEOPLE]
    ]
    total = people.count()
    context = {
        "people": rows, "total": total, "left": total - len(rows), "has_channel": operations.has_channel(),
        "operations_href": links.operations(),
    }  # fmt: skip
    return render(request, "tracker/inbox_only.html", context)


@login_required
@require_POST
def retry(request: HttpRequest, code: str) -> HttpResponse:
    """Send the channel's failed messages of the last days again."""
    viewer, now = viewer_of(request), timezone.now()
    if not policies.can_watch(viewer):
        raise Http404
    channel = get_object_or_404(Channel, code=code)
    try:
        since = operations.failed_since(timezone.localdate(now))
        count = messages.retry_failed(channel, by=viewer, now=now, since=since)
    except DomainError as refusal:
        if refusal.code == "not_allowed":
            raise PermissionDenied from None
        told.error(request, str(refusal))
    else:
        said = ngettext(
            "%(count)d message is tried again within minutes.",
            "%(count)d messages are tried again within minutes.",
            count,
        )
        told.success(request, said % {"count": count} if count else _("No failed message was left."))
    return HttpResponseRedirect(links.operations())


def _channel(one: ChannelState, *, may_act: bool) -> Shown:
    channel = one.channel
    return {
        "name": channel.name,
        "kind": channel.get_kind_display(),
        "department": str(channel.department or ""),
        "href": links.admin("tracker_channel_change", channel.pk) if may_act else "",
        "is_on": channel.is_active,
        "failures": channel.failures,
        "retry_at": channel.retry_at,
        "last_ok_at": channel.last_ok_at,
        "last_error": channel.last_error if channel.failures else one.error or channel.last_error,
        "last_error_at": channel.last_error_at,
        "failed": one.failed,
        "retry_href": reverse("operations-retry", args=[channel.code]) if may_act and one.failed else "",
        "failed_href": links.admin(
            "tracker_message_changelist", state__exact="failed", channel__id__exact=channel.pk
        ) if one.failed else "",
    }  # fmt: skip


def _subscription(one: SubscriptionState, *, may_act: bool) -> Shown:
    row = one.subscription
    log = {"subscription__id__exact": row.pk, "state__exact": "failed"}
    return {
        "name": row.name,
        "plan": row.plan.short_title if row.plan else "",
        "department": str(row.department or ""),
        "href": links.admin("tracker_subscription_change", row.pk) if may_act else "",
        "is_on": row.is_active,
        "is_orphaned": one.is_orphaned,
        "failures": row.failures,
        "retry_at": row.retry_at,
        "last_ok_at": row.last_ok_at,
        "waiting": one.waiting,
        "failed": one.failed,
        "failed_href": links.admin("tracker_delivery_changelist", **log) if may_act and one.failed else "",
        "last_error": row.last_error,
        "last_error_at": row.last_error_at,
    }
