"""Changes of lights: which commitments came to a light and which left it, filtered, page by page."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from tracker.choices import Health
from tracker.models import Plan
from tracker.policies import Actor
from tracker.queries import choices_of, light_changes
from tracker.queries.light_changes import CAME, LEFT, ChangeRow, ChangesPage
from tracker.web import links, present_overview, sheets
from tracker.web.address_form import AddressForm
from tracker.web.forms import ALL
from tracker.web.sheets import Row, Sheet
from tracker.web.viewers import viewer_of

Shown = dict[str, Any]


class ChangesForm(AddressForm):
    """The filters. `newer`: only what is newer than this mark, which the overview sets at each visit."""

    named_at = "light"

    plan = forms.ChoiceField(label=gettext_lazy("Decision"), required=False)
    light = forms.ChoiceField(label=gettext_lazy("Light"), required=False, choices=[ALL, *Health.choices])
    direction = forms.ChoiceField(
        label=pgettext_lazy("of a change of a light", "Direction"),
        required=False,
        choices=[ALL, (CAME, gettext_lazy("came to it")), (LEFT, gettext_lazy("left it"))],
    )
    since = forms.DateField(
        label=pgettext_lazy("first day", "Since"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=pgettext_lazy("last day", "Until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    newer = forms.IntegerField(
        label=gettext_lazy("Since your last look"), required=False, min_value=0, widget=forms.HiddenInput
    )

    def __init__(self, data: Mapping[str, str], *, plans: Iterable[Plan]) -> None:
        super().__init__(data)
        self.offer("plan", [ALL, *((one.code, one.short_title) for one in plans)])

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        first, last = cleaned.get("since"), cleaned.get("until")
        if first and last and str(first) > str(last):
            self.add_error("until", _("The last day lies before the first. Correct one of the two dates."))
        if cleaned.get("direction") and not cleaned.get("light"):
            self.add_error("direction", _("Choose the light that it came to or left."))
        return cleaned

    def narrowed(self) -> dict[str, Any]:
        """What to narrow by, as `light_changes.page` takes it; a field with an error does not narrow."""
        self.is_valid()
        given = self.cleaned_data
        return {
            "plan_code": self.value("plan"),
            "since": given.get("since"),
            "until": given.get("until"),
            "light": self.value("light"),
            "direction": self.value("direction"),
            "newer_than": given.get("newer"),
        }

    def _worded(self, name: str) -> str:
        return "" if name == "newer" else super()._worded(name)


@login_required
def page(request: HttpRequest) -> HttpResponseBase:
    """The changes, or why a filter is wrong."""
    viewer = viewer_of(request)
    form = ChangesForm(request.GET, plans=choices_of.plans(viewer))
    address, query = links.changes(), form.query()
    chips = form.chips(address)
    if (kind := sheets.asked(request)) and not form.errors:
        return sheets.response(_sheet(viewer, form, [chip["label"] for chip in chips]), kind)
    found = light_changes.page(viewer, **form.narrowed(), after=form.value("after"))
    context = {
        "form": form,
        "chips": chips,
        "clear_href": address,
        "total": found.total,
        "is_filtered": bool(form.in_use()),
        "flows": _flows(found, query, light=form.value("light")),
        "rows": [present_overview.change_row(row) for row in found.rows],
        "first_href": links.with_query(address, query) if form.value("after") else "",
        "next_href": links.with_query(address, query | {"after": found.next_after}) if found.next_after else "",
        "sheets": sheets.links(request) if found.rows else [],
    }
    return render(request, "tracker/changes.html", context, status=400 if form.errors else 200)


def _flows(found: ChangesPage, query: dict[str, str], *, light: str) -> list[Shown]:
    """How many changes led to each light and away from it, each with its rows; of the light asked for, or of all."""
    kept = {name: value for name, value in query.items() if name not in {"light", "direction"}}

    def address(one: Health, direction: str) -> str:
        return links.with_query(links.changes(), kept | {"light": one.value, "direction": direction})

    return [
        {
            "health": one,
            "came": found.came[one],
            "came_href": address(one, CAME),
            "left": found.left[one],
            "left_href": address(one, LEFT),
            "net": found.came[one] - found.left[one],
        }
        for one in Health
        if (one == light if light else found.came[one] or found.left[one])
    ]


def _sheet(viewer: Actor, form: ChangesForm, filters: list[str]) -> Sheet:
    """What the list shows, as a file."""
    columns = [_("Day"), _("Code"), _("Commitment"), _("Light before"), _("Light after"), _("Lead"), _("Demonstration")]
    rows = light_changes.all_rows(viewer, **form.narrowed())
    return Sheet(name=_("Changes of lights"), columns=columns, rows=(_cells(row) for row in rows), filters=filters)


def _cells(row: ChangeRow) -> Row:
    before = str(Health(row.before).label) if row.before else ""
    yes = pgettext("in a sheet", "yes") if row.is_demo else ""
    day: date = row.on
    return [day, row.code, row.title, before, str(Health(row.after).label), row.owner, yes]
