"""The comparison of departments: shares with their denominators, never a rank."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker import policies
from tracker.choices import Health
from tracker.queries import choices_of, comparison, settings_of
from tracker.queries.comparison import Group, Line
from tracker.rules import comparison as rules
from tracker.web import charts, links, present, sheets
from tracker.web.address_form import AddressForm
from tracker.web.sheets import Sheet
from tracker.web.viewers import viewer_of

Shown = dict[str, Any]


class ComparisonForm(AddressForm):
    """Of one plan, or of all."""

    named_at = "plan"
    plan = forms.ChoiceField(label=gettext_lazy("Plan"), required=False)


def is_open(viewer: policies.Actor) -> bool:
    """Whether this viewer has the page: it is switched on, and leaders and the supervision office see it. One query."""
    return policies.can_compare(viewer) and settings_of.site_settings().compares_departments


@login_required
def page(request: HttpRequest) -> HttpResponseBase:
    """Departments side by side; for everybody else, and while it is off, there is no such page."""
    viewer = viewer_of(request)
    if not is_open(viewer):
        raise Http404
    kind = sheets.asked(request)
    form = ComparisonForm(request.GET)
    plans = choices_of.plans(viewer)
    form.offer("plan", [("", _("All plans")), *((one.code, one.short_title) for one in plans)])
    plan = form.value("plan")
    groups = comparison.by_kind(viewer, plan=plan)
    chips = form.chips(reverse("comparison"))
    if kind and not form.errors:
        return sheets.response(_sheet(groups, filters=[chip["label"] for chip in chips]), kind)
    context = {
        "form": form,
        "chips": chips,
        "clear_href": reverse("comparison"),
        "has_choice": len(plans) > 1 or bool(form.errors) or bool(chips),
        "groups": [_group(group, plan=plan) for group in groups],
        "lights": [light.value for light in rules.ASSESSED],
        "fewest": rules.FEWEST,
        "sheets": sheets.links(request),
        "departments_href": links.departments(),
    }
    return render(request, "tracker/comparison.html", context, status=400 if form.errors else 200)


def _group(group: Group, *, plan: str) -> Shown:
    return {
        "title": group.kind.label,
        "rows": [_row(line, plan=plan) for line in group.lines],
        "sum": _figures(group.sum, hrefs={}),
        "is_many": len(group.lines) > 1,
    }


def _row(line: Line, *, plan: str) -> Shown:
    code = line.department.code
    narrowed: dict[str, object] = {"department": code, "part": "lead", "plan": plan}
    hrefs = {light: links.ledger(health=light, **narrowed) for light in rules.ASSESSED}
    return _figures(line.counts, hrefs=hrefs) | {
        "name": line.department.name,
        "href": links.department(code),
        "led_href": links.ledger(**narrowed),
        "proportions": _bar(line.counts, **narrowed) if rules.assessed(line.counts) else "",
    }


def _bar(counts: dict[Health, int], **narrowed: object) -> str:
    shares = [share for share in present.shares(counts, **narrowed) if share.health in rules.ASSESSED]
    return charts.proportions([share for share in shares if share.count], is_small=True)


def _figures(counts: dict[Health, int], *, hrefs: dict[Health, str]) -> Shown:
    return {
        "led": sum(counts.values()),
        "assessed": rules.assessed(counts),
        "is_small": rules.assessed(counts) < rules.FEWEST,
        "shares": [
            {"light": light.value, "count": share.count, "percent": share.percent, "href": hrefs.get(light, "")}
            for light, share in rules.shares(counts).items()
        ],
    }


def _sheet(groups: Sequence[Group], *, filters: Sequence[str]) -> Sheet:
    """Counts and shares of every department; a share that is not computed stays empty."""
    per_light = [
        heading
        for light in rules.ASSESSED
        for heading in (str(light.label), _("%(light)s, percent") % {"light": light.label})
    ]
    return Sheet(
        name=_("Comparison of departments"),
        columns=[_("Kind"), _("Department"), _("Leads"), _("Compared"), *per_light],
        rows=_sheet_rows(groups),
        filters=filters,
    )


def _sheet_rows(groups: Sequence[Group]) -> Iterator[list[sheets.Cell]]:
    for group in groups:
        for line in group.lines:
            found = rules.shares(line.counts).values()
            head: list[sheets.Cell] = [
                str(group.kind.label),
                line.department.name,
                sum(line.counts.values()),
                rules.assessed(line.counts),
            ]
            yield [*head, *(cell for share in found for cell in (share.count, share.percent))]
