"""Personal settings: by which way and at which hour, who stands in, which information is not wanted."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from projects.errors import DomainError
from tracker.actions import preferences as actions
from tracker.actions.preferences import Wishes
from tracker.choices import INFORMATION_OCCASIONS, ReminderOccasion
from tracker.models import User
from tracker.queries import preferences
from tracker.queries.preferences import SettingsView
from tracker.web import links, present_preferences
from tracker.web.forms import printable
from tracker.web.viewers import viewer_of

OWN, SITE = "own", "site"


class PreferencesForm(forms.Form):
    """Reads the wishes; what is allowed the action says."""

    choice = forms.ChoiceField(
        label=gettext_lazy("Who chooses the ways"),
        choices=[(SITE, gettext_lazy("The site chooses")), (OWN, gettext_lazy("I choose"))],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say whether the site chooses or you.")},
    )
    channels = forms.MultipleChoiceField(
        label=gettext_lazy("Ways that I choose"), required=False, widget=forms.CheckboxSelectMultiple
    )
    hour = forms.TypedChoiceField(
        label=gettext_lazy("Hour of the daily message"), required=False, coerce=int, empty_value=None
    )
    paused_from = forms.DateField(
        label=gettext_lazy("Away from"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    paused_until = forms.DateField(
        label=gettext_lazy("Away until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    deputy = forms.ChoiceField(label=gettext_lazy("Stands in for me"), required=False)
    muted = forms.MultipleChoiceField(
        label=gettext_lazy("Information that I do not want"),
        required=False,
        choices=[(one.value, one.label) for one in ReminderOccasion if one in INFORMATION_OCCASIONS],
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: Any = None, *, view: SettingsView) -> None:
        super().__init__(data, initial=_initial(view))
        hours = [(hour, f"{hour}:00") for hour in preferences.hours(view.site)]
        nobody = ("", _("nobody"))
        self._offer("channels", [(one.code, one.name) for one in view.channels])
        self._offer("hour", [("", _("as the site: %(hour)s") % {"hour": f"{view.site.digest_hour}:00"}), *hours])
        self._offer("deputy", [nobody, *((one.username, str(one)) for one in view.deputies)])
        for field in self.fields.values():
            field.error_messages["invalid_choice"] = _("“%(value)s” is not in the list. Choose one of the entries.")
            if isinstance(field, forms.DateField):
                field.error_messages["invalid"] = _("This is no date. Write it like 2026-06-30.")

    def _offer(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def wishes(self) -> Wishes:
        """What the person asks for; call it when the form is valid."""
        given = self.cleaned_data
        return Wishes(
            chooses_channels=given["choice"] == OWN,
            channels=given["channels"],
            hour=given["hour"],
            muted=given["muted"],
            paused_from=given["paused_from"],
            paused_until=given["paused_until"],
            deputy=given["deputy"],
        )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """The settings; a refusal stands beside its field, and nothing that was typed is lost."""
    viewer, now = viewer_of(request), timezone.localtime()
    view = preferences.of(viewer, now=now)
    form = PreferencesForm(_clean(request) if request.method == "POST" else None, view=view)
    if form.is_bound and form.is_valid():
        try:
            actions.revise(form.wishes(), by=viewer, today=now.date())
        except DomainError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("Your settings are saved."))
            return HttpResponseRedirect(links.inbox_settings())
    assert viewer.user is not None
    return render(
        request,
        "tracker/preferences.html",
        {"form": form} | _context(view, viewer.user),
        status=400 if form.errors else 200,
    )


def _context(view: SettingsView, user: User) -> dict[str, Any]:
    today = timezone.localdate()
    return {
        "next_message": present_preferences.next_message(view.next, user=user, today=today),
        "has_channels": bool(view.channels),
        "site_ways": [one.name for one in view.channels if one.is_default],
        "duties": [present_preferences.duty(one) for one in view.duties],
        "stands_in": [present_preferences.stands_in(one, today=today) for one in view.stands_in_for],
        "inbox_href": links.inbox(),
        "feeds_href": links.feeds(),
        "devices_href": links.devices(),
    }


def _initial(view: SettingsView) -> dict[str, Any]:
    row = view.preference
    return {
        "choice": OWN if row.chooses_channels else SITE,
        "channels": list(view.chosen),
        "hour": "" if row.hour is None else row.hour,
        "paused_from": row.paused_from,
        "paused_until": row.paused_until,
        "deputy": row.deputy.username if row.deputy else "",
        "muted": list(row.muted),
    }


def _clean(request: HttpRequest) -> Any:
    """What was posted without characters that no database takes."""
    data = request.POST.copy()
    for name in data:
        data.setlist(name, [printable(value) for value in data.getlist(name)])
    return data
