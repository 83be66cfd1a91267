"""The pages of targets and indicators: the base, what is required on the way, what was read, in words and figures."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from projects import facts as catalogue_facts
from projects.choices import Direction, Frequency
from projects.models import Indicator, Reading
from tracker import policies
from tracker.choices import Health
from tracker.queries import indicators
from tracker.queries.indicators import IndicatorRow, IndicatorView
from tracker.queries.overview import TargetView
from tracker.rules import targets as target_rules
from tracker.rules.reasons import number
from tracker.rules.targets import TargetFacts
from tracker.web import catalogue_page, catalogue_sheets, charts, links, present, present_targets, sheets
from tracker.web.catalogue_forms import IndicatorForm
from tracker.web.viewers import viewer_of
from tracker.wording import quantity

Shown = dict[str, Any]


@login_required
def targets(request: HttpRequest) -> HttpResponseBase:
    """The indicators and the targets in sight, with filters."""
    viewer, today = viewer_of(request), timezone.localdate()
    form, name = IndicatorForm(request.GET), _("Targets and indicators")
    if (wanted := sheets.asked(request)) and form.is_valid():
        found, words = indicators.everything(viewer, form.filters()), catalogue_page.filter_words(form)
        sheet = catalogue_sheets.indicators(found, name=name, filters=words, today=today)
        return sheets.response(sheet, wanted)
    page = indicators.page(viewer, form.filters(), after=form.value("after"))
    address = links.indicators()
    context = catalogue_page.listing(form, page, address) | {
        "tabs": catalogue_page.tabs(address),
        "rows": [_row(row, viewer=viewer, today=today) for row in page.rows],
        "charts": [_small(row, view, today=today) for row in page.rows for view in row.targets if view.readings],
        "empty": _nothing(viewer),
        "sheets": sheets.links(request),
    }
    return render(request, "tracker/indicator_list.html", context, status=400 if form.errors else 200)


def _small(row: IndicatorRow, view: TargetView, *, today: date) -> Shown:
    """A target of the list, whose name leads to its indicator."""
    return present.target(view, today=today) | {"href": links.indicator(row.indicator.code)}


def _nothing(viewer: policies.Actor) -> Shown:
    """What an empty list says, and to whom: who can enter indicators is told where, everyone else who does."""
    href = links.admin("projects_indicator_add") if policies.can_supervise(viewer) else ""
    if href:
        text = _("Enter the first indicator with its unit and its definition, then its readings.")
        return {"text": text, "href": href, "label": _("Enter an indicator")}
    text = _(
        "No plan in force has set a figure yet. When the supervision office has entered indicators and their "
        "readings, each of them stands here with its goal and its gap."
    )
    return {"text": text, "href": "", "label": ""}


@login_required
def target(request: HttpRequest, code: str) -> HttpResponse:
    """One indicator, or 404 when there is none."""
    viewer, today = viewer_of(request), timezone.localdate()
    view = indicators.indicator(code, viewer=viewer)
    if view is None:
        raise Http404
    return render(request, "tracker/indicator_detail.html", context(view, viewer=viewer, today=today))


def context(view: IndicatorView, *, viewer: policies.Actor, today: date) -> Shown:
    """What templates/tracker/indicator_detail.html prints."""
    one = view.indicator
    return {
        "crumbs": [
            {"text": _("Targets and indicators"), "href": links.indicators()},
            {"text": one.code, "href": ""},
        ],
        "indicator": {"name": one.name, "code": one.code, "definition": one.definition, "unit": one.unit},
        "facts": _facts(one),
        "targets": [
            present.target(line, today=today) | {"known": _figures(line.facts), "code": line.commitment_code}
            for line in view.targets
        ],
        "chart": "" if view.targets else _chart(one, view.readings, today=today),
        "readings": [_reading(reading, one.unit) for reading in reversed(view.readings)],
        "commitments": [present.ledger_row(row, today=today) for row in view.commitments],
        "is_narrowed": not policies.is_citywide(viewer),
    }


def _facts(one: Indicator) -> list[Shown]:
    return [
        catalogue_page.cell(_("Definition"), one.definition),
        catalogue_page.cell(_("Unit"), one.unit),
        catalogue_page.cell(_("Direction"), str(Direction(one.direction).label)),
        catalogue_page.cell(_("How often it is read"), str(Frequency(one.frequency).label)),
        catalogue_page.cell(_("Source"), one.source),
    ]


def _row(row: IndicatorRow, *, viewer: policies.Actor, today: date) -> Shown:
    """A line of the list: the latest reading with its gap, and each target in words."""
    one, latest = row.indicator, row.readings[-1] if row.readings else None
    return {
        "href": links.indicator(one.code),
        "code": one.code,
        "name": one.name,
        "unit": one.unit,
        "has_definition": bool(one.definition),
        "latest": _reading(latest, one.unit) if latest else None,
        "targets": [_target(line, today=today) for line in row.targets],
        "no_target": _("no target set") if policies.is_citywide(viewer) else _("no target in sight"),
    }


def _target(line: TargetView, *, today: date) -> Shown:
    return {
        "health": Health(line.health),
        "code": line.commitment_code,
        "href": links.commitment(line.commitment_code),
        "pace": present_targets.gap_or_why(line.facts, today=today),
        **_figures(line.facts),
    }


def _figures(known: TargetFacts) -> Shown:
    """Base, goal, and what the path asks for on the day of the latest reading; "" where that cannot be said."""
    goal, asked = target_rules.required_value(known), target_rules.asked_of_reading(known)
    return {
        "base": "" if known.base_value is None else quantity(number(known.base_value), known.unit),
        "base_year": known.base_year,
        "goal": "" if goal is None else quantity(number(goal), known.unit),
        "growth": "" if known.growth_percent is None else number(known.growth_percent),
        "due_on": known.due_on,
        "asked": "" if asked is None else quantity(number(asked.quantize(target_rules.TENTH)), known.unit),
    }


def _reading(one: Reading, unit: str) -> Shown:
    """Reported and verified side by side, and how far apart they lie."""
    gap = catalogue_facts.gap(reported=one.reported, verified=one.verified)
    return {
        "period": _period(one),
        "reported": "" if one.reported is None else quantity(number(one.reported), unit),
        "verified": "" if one.verified is None else quantity(number(one.verified), unit),
        "gap": "" if gap is None else present_targets.signed(number(gap.absolute)),
        "gap_percent": "" if gap is None or gap.percent is None else present_targets.signed(number(gap.percent)),
        "is_off": gap is not None and bool(gap.absolute),
        "source": one.source,
        "is_demo": one.is_demo,
    }


def _period(one: Reading) -> str:
    if one.period_start == date(one.period_start.year, 1, 1) and one.period_end == date(one.period_start.year, 12, 31):
        return str(one.period_start.year)
    return f"{one.period_start:%Y-%m-%d} – {one.period_end:%Y-%m-%d}"


def _chart(one: Indicator, readings: Sequence[Reading], *, today: date) -> str:
    """The readings alone, where no target in sight brings its path."""
    points = present_targets.points(readings)
    return charts.trajectory(points, name=one.name, unit=one.unit, today=today)
