"""The phones and programs that a person is signed in on by a token: which they are, and signing them out."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from projects.errors import DomainError
from tracker.actions import devices as actions
from tracker.queries import devices, token_cache
from tracker.web import links
from tracker.web.viewers import viewer_of


class SignOutForm(forms.Form):
    """One device by its reference; none: all of them, where the person said so."""

    device = forms.UUIDField(required=False)
    all = forms.BooleanField(required=False)


@login_required
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The devices, newest first."""
    context = {
        "devices": devices.of(viewer_of(request), now=timezone.now()),
        "noted_minutes": int(actions.NOTED_EVERY.total_seconds() // 60),
        "sign_out_href": reverse("inbox-devices-sign-out"),
        "inbox_href": links.inbox(),
        "settings_href": links.inbox_settings(),
    }
    return render(request, "tracker/devices.html", context)


@login_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Take the token of one device back, or of all."""
    form = SignOutForm(request.POST)
    try:
        chosen = _chosen(form)
        token_cache.forget(actions.revoke(chosen, by=viewer_of(request)))
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        said = _("All devices are signed out.") if chosen is None else _("The device is signed out.")
        messages.success(request, said)
    return HttpResponseRedirect(links.devices())


def _chosen(form: SignOutForm) -> list[Any] | None:
    """The references named; None for all. Raises DomainError where nothing is."""
    if form.is_valid():
        if form.cleaned_data["device"]:
            return [form.cleaned_data["device"]]
        if form.cleaned_data["all"]:
            return None
    raise DomainError("not_found")
