"""How indicators, readings and targets become JSON."""

from collections.abc import Sequence
from datetime import date

from projects import facts
from projects.models import Indicator, Reading
from tracker.api.lines import lines, percent
from tracker.api.rows import Json, matter
from tracker.api.shapes import ROOT, quantity, sentence
from tracker.queries.indicators import IndicatorRow, IndicatorView
from tracker.queries.overview import TargetView
from tracker.rules import forecast as forecasts
from tracker.rules import targets as rules
from tracker.rules.targets import TENTH, TargetFacts


def indicator(row: IndicatorRow, *, today: date) -> Json:
    """A line of the list."""
    return _indicator(row.indicator, row.readings, row.targets, today=today)


def whole(view: IndicatorView, *, today: date) -> Json:
    """One indicator with all its readings."""
    return _indicator(view.indicator, view.readings, view.targets, today=today) | {
        "readings": [_reading(one) for one in reversed(view.readings)],
        "commitments": lines(view.commitments, today=today),
    }


def _indicator(one: Indicator, readings: Sequence[Reading], targets: Sequence[TargetView], *, today: date) -> Json:
    return {
        "code": one.code,
        "name": one.name,
        "unit": one.unit,
        "definition": one.definition,
        "direction": one.direction,
        "frequency": one.frequency,
        "source": one.source,
        "latest": _reading(readings[-1]) if readings else None,
        "targets": [target(view, today=today) for view in targets],
        "revision": one.revision,
        "url": f"{ROOT}/indicators/{one.code}/",
    }


def _reading(one: Reading) -> Json:
    gap = facts.gap(reported=one.reported, verified=one.verified)
    return {
        "period_start": one.period_start,
        "period_end": one.period_end,
        "reported": quantity(one.reported),
        "verified": quantity(one.verified),
        "source": one.source,
        "is_demo": one.is_demo,
        "gap": None if gap is None else {"absolute": quantity(gap.absolute), "percent": quantity(gap.percent)},
    }


def target(view: TargetView, *, today: date) -> Json:
    """One target as it stands today."""
    known = view.facts
    done, pace, asked = rules.target_progress(known), rules.pace(known), rules.asked_of_reading(known)
    return {
        "indicator": {"code": view.indicator_code, "name": view.title, "unit": view.unit},
        "commitment": matter(view.commitment_code, view.commitment_title),
        "health": view.health,
        "sentence": sentence(view.reasons, today=today),
        "note": view.note,
        "comparator": known.comparator,
        "value": quantity(known.value),
        "value_max": quantity(known.value_max),
        "growth_percent": quantity(known.growth_percent),
        "base_year": known.base_year,
        "base_value": quantity(known.base_value),
        "due_on": known.due_on,
        "required": quantity(rules.required_value(known)),
        "latest_value": quantity(known.latest_value),
        "latest_on": known.latest_on,
        "asked": None if asked is None else quantity(asked.quantize(TENTH)),
        "is_reached": rules.is_reached(known),
        "progress": None if done is None else percent(done.capped),
        "pace": None
        if pace is None
        else {"needed_percent": quantity(pace.needed_percent), "so_far_percent": quantity(pace.so_far_percent)},
        "forecast": _forecast(known, today=today),
        "path": [{"on": day, "value": quantity(value)} for day, value in sorted(known.path)],
    }


def _forecast(known: TargetFacts, *, today: date) -> Json | None:
    found = forecasts.forecast(known, today=today)
    if found is None:
        return None
    short = forecasts.short_of_goal(known, found.middle)
    return {
        "on": found.on,
        "low": quantity(found.low),
        "middle": quantity(found.middle),
        "high": quantity(found.high),
        "has_band": found.has_band,
        "short_of_goal": None if short is None else quantity(short.quantize(forecasts.FINEST)),
    }
