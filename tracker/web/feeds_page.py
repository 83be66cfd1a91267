"""The person's calendar addresses: make one (its secret is shown once), see which are in use, revoke."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from projects.errors import DomainError
from tracker.actions import feeds as actions
from tracker.choices import CITYWIDE_ROLES, DEPARTMENT_ROLES
from tracker.models import CalendarFeed
from tracker.policies import Actor
from tracker.queries import feeds
from tracker.web import links
from tracker.web.forms import printable
from tracker.web.viewers import viewer_of

LARGEST_KEY = 2**63 - 1


class FeedForm(forms.Form):
    """Whose days shall stand in the calendar."""

    department = forms.ChoiceField(label=gettext_lazy("Whose days"), required=False)

    def __init__(self, data: Any = None, *, viewer: Actor) -> None:
        super().__init__(data)
        mine = _("my own: what I or my department answer for")
        if viewer.role in CITYWIDE_ROLES:
            mine = _("my own: what my posts and those under them answer for")
        field = self.fields["department"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", mine), *((one.code, _label(one.name, viewer)) for one in feeds.departments_for(viewer))]
        field.error_messages["invalid_choice"] = _("“%(value)s” is not in the list. Choose one of the entries.")


class RevokeForm(forms.Form):
    feed = forms.IntegerField(min_value=1, max_value=LARGEST_KEY)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """The addresses. A new one is answered at once and nowhere kept, so the answer is not to be stored either."""
    viewer, token = viewer_of(request), ""
    posted = {"department": printable(request.POST.get("department", ""))} if request.method == "POST" else None
    form = FeedForm(posted, viewer=viewer)
    if form.is_bound and form.is_valid():
        try:
            token = actions.open_feed(form.cleaned_data["department"], by=viewer).token
        except DomainError as refusal:
            form.add_error(refusal.field or None, str(refusal))
    context = {
        "form": form if not token else FeedForm(viewer=viewer),
        "address": _address(token) if token else "",
        "feeds": [_shown(one) for one in feeds.valid_of(viewer)],
        "most": feeds.MOST_FEEDS,
        "revoke_href": reverse("inbox-calendar-revoke"),
        "inbox_href": links.inbox(),
        "settings_href": links.inbox_settings(),
        "page_href": links.feeds(),
    }
    answer = render(request, "tracker/feeds.html", context, status=400 if form.errors else 200)
    answer["Cache-Control"] = "no-store"
    return answer


@login_required
@require_POST
def revoke(request: HttpRequest) -> HttpResponse:
    """Take one address back."""
    form = RevokeForm(request.POST)
    try:
        if not form.is_valid():
            raise DomainError("feed_gone")
        actions.revoke(form.cleaned_data["feed"], by=viewer_of(request), now=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The address is revoked. Calendars that use it find nothing from now on."))
    return HttpResponseRedirect(links.feeds())


def _shown(feed: CalendarFeed) -> dict[str, Any]:
    return {
        "id": feed.pk,
        "name": feed.department.name if feed.department else _("my own"),
        "made_at": feed.created_at,
        "used_on": feed.last_used_on,
    }


def _address(token: str) -> str:
    """The whole address: calendar programs know of no host before."""
    return settings.SITE_URL.rstrip("/") + reverse("feed", args=[token])


def _label(name: str, viewer: Actor) -> str:
    """One's own department is said to be the whole of it: also what it only joins."""
    return _("%(name)s: all that it leads or joins") % {"name": name} if viewer.role in DEPARTMENT_ROLES else name
