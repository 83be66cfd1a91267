"""The pages of targets and indicators: the base, what is required on the way, what was read, in words and figures."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from projects import facts as catalogue_facts
from projects.choices import Direction, Frequency
from projects.models import Indicator, Reading
from tracker import policies
from tracker.choices import Health
from tracker.queries import indicators
from tracker.queries.indicators import IndicatorRow, IndicatorView, TargetLine
from tracker.rules import targets as target_rules
from tracker.rules.reasons import number
from tracker.rules.targets import TargetFacts
from tracker.web import catalogue_page, charts, links, present
from tracker.web.catalogue_forms import IndicatorForm
from tracker.web.viewers import viewer_of
from tracker.wording import quantity

Shown = dict[str, Any]


@login_required
def targets(request: HttpRequest) -> HttpResponse:
    """The indicators and the targets in sight, with filters."""
    viewer = viewer_of(request)
    form = IndicatorForm(request.GET)
    page = indicators.page(viewer, form.filters(), after=form.value("after"))
    address = links.indicators()
    context = catalogue_page.listing(form, page, address) | {
        "tabs": catalogue_page.tabs(address),
        "rows": [_row(row) for row in page.rows],
    }
    return render(request, "tracker/indicator_list.html", context, status=400 if form.errors else 200)


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
            present.target(line, today=today) | {"figures": _figures(line.facts), "code": line.commitment_code}
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


def _row(row: IndicatorRow) -> Shown:
    """A line of the list: the latest reading with its gap, and each target in words."""
    one, latest = row.indicator, row.readings[-1] if row.readings else None
    return {
        "href": links.indicator(one.code),
        "code": one.code,
        "name": one.name,
        "unit": one.unit,
        "has_definition": bool(one.definition),
        "latest": _reading(latest, one.unit) if latest else None,
        "targets": [_target(line) for line in row.targets],
    }


def _target(line: TargetLine) -> Shown:
    return {
        "health": Health(line.health),
        "code": line.commitment_code,
        "href": links.commitment(line.commitment_code),
        "title": line.commitment_title,
        "pace": pace_words(line.facts),
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


def pace_words(known: TargetFacts) -> str:
    """What every year must bring and what it has brought; what is missing where that cannot be said."""
    pace = target_rules.pace(known)
    if target_rules.is_reached(known):
        return _("the latest reading reaches the goal")
    if pace is not None:
        rates = {"needed": number(abs(pace.needed_percent)), "so_far": _signed(number(pace.so_far_percent))}
        if pace.needed_percent < 0:
            return _("has to fall by %(needed)s %% a year, now %(so_far)s %%") % rates
        rates["so_far"] = rates["so_far"].removeprefix("+")
        return _("needs %(needed)s %% a year, now %(so_far)s %%") % rates
    if known.base_year is not None and known.base_value is None:
        return _("the base of %(year)d is not known, so no percentage") % {"year": known.base_year}
    if known.latest_value is None:
        return _("no reading since the base, so no pace")
    if target_rules.required_value(known) is None:
        return _("no target value, so no pace")
    return _("the pace cannot be said")


def _reading(one: Reading, unit: str) -> Shown:
    """Reported and verified side by side, and how far apart they lie."""
    gap = catalogue_facts.gap(reported=one.reported, verified=one.verified)
    return {
        "period": _period(one),
        "reported": "" if one.reported is None else quantity(number(one.reported), unit),
        "verified": "" if one.verified is None else quantity(number(one.verified), unit),
        "gap": "" if gap is None else _signed(number(gap.absolute)),
        "gap_percent": "" if gap is None or gap.percent is None else _signed(number(gap.percent)),
        "is_off": gap is not None and bool(gap.absolute),
        "source": one.source,
        "is_demo": one.is_demo,
    }


def _signed(text: str) -> str:
    return f"−{text[1:]}" if text.startswith("-") else text if text == "0" else f"+{text}"


def _period(one: Reading) -> str:
    if one.period_start == date(one.period_start.year, 1, 1) and one.period_end == date(one.period_start.year, 12, 31):
        return str(one.period_start.year)
    return f"{one.period_start:%Y-%m-%d} – {one.period_end:%Y-%m-%d}"


def _chart(one: Indicator, readings: Sequence[Reading], *, today: date) -> str:
    """The readings alone, where no target in sight brings its path."""
    points = [
        charts.Point(
            on=reading.period_end,
            value=reading.verified if reading.verified is not None else reading.reported,
            is_verified=reading.verified is not None,
        )
        for reading in readings
    ]
    return charts.trajectory(points, name=one.name, unit=one.unit, today=today)
