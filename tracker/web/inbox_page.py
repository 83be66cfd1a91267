"""The inbox: what the reader was reminded of, by what is asked; and the button that marks it as read."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from tracker.actions import inbox as actions
from tracker.queries import inbox
from tracker.queries.inbox import Show
from tracker.web import links, present_inbox
from tracker.web.address_form import AddressForm
from tracker.web.viewers import viewer_of

LARGEST_KEY = 2**63 - 1


class InboxForm(AddressForm):
    """Which lines to show."""

    named_at = "show"

    show = forms.ChoiceField(label=gettext_lazy("Show"), required=False, choices=[("", ""), *Show.choices])


class ReadForm(forms.Form):
    """One line by the key of its reminder, or all up to the newest that was shown. `back`: the lines to return to."""

    id = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_KEY)
    up_to = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_KEY)
    back = forms.ChoiceField(required=False, choices=[(show.value, show.value) for show in Show])


@login_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The lines, or why the address is wrong."""
    viewer, today = viewer_of(request), timezone.localdate()
    form = InboxForm(request.GET)
    show = Show(form.value("show") or Show.ALL)
    found = inbox.page(viewer, today=today, show=show, after=form.value("after"))
    query = {} if show == Show.ALL else {"show": show.value}
    context = {
        "errors": [error for errors in form.errors.values() for error in errors],
        "show": show.value,
        "tabs": [
            {
                "href": links.inbox(show="" if one == Show.ALL else one.value),
                "label": one.label,
                "is_current": one == show,
            }
            for one in Show
        ],
        "groups": [] if show == Show.SETTLED else present_inbox.groups(found.lines, today=today),
        "settled": [present_inbox.line(one, today=today) for one in found.lines] if show == Show.SETTLED else [],
        "has_unread": any(one.is_unread for one in found.lines),
        "newest": found.newest,
        "settled_days": inbox.SETTLED_DAYS,
        "settings_href": links.inbox_settings(),
        "feeds_href": links.feeds(),
        "all_href": links.inbox(),
        "first_href": links.inbox(**query) if form.value("after") else "",
        "next_href": links.inbox(**query, after=found.next_after) if found.next_after else "",
    }
    return render(request, "tracker/inbox.html", context, status=400 if form.errors else 200)


@login_required
@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Mark one line, or all that were shown, and return to the lines. Without a line nothing is marked."""
    form = ReadForm(request.POST)
    form.is_valid()
    given = form.cleaned_data
    viewer, today, now = viewer_of(request), timezone.localdate(), timezone.now()
    if given.get("id"):
        actions.read([given["id"]], by=viewer, today=today, now=now)
    elif given.get("up_to"):
        count = actions.read_all(by=viewer, today=today, now=now, up_to=given["up_to"])
        said = ngettext("%(count)d reminder marked as read.", "%(count)d reminders marked as read.", count)
        messages.success(request, said % {"count": count})
    else:
        messages.error(request, _("Nothing was marked: the line is missing. Load the page again."))
    back = str(given.get("back") or "")
    return HttpResponseRedirect(links.inbox(show="" if back == Show.ALL else back))
