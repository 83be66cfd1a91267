"""Targets in words, as a chart and as figures: the reading, the gap, what may come. No queries."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from projects.choices import Direction
from projects.models import Reading
from tracker.queries.overview import TargetView
from tracker.rules import forecast as forecasts
from tracker.rules import targets as target_rules
from tracker.rules.forecast import Forecast
from tracker.rules.reasons import number
from tracker.rules.targets import TargetFacts
from tracker.web import charts
from tracker.wording import quantity, reason_sentence

Shown = dict[str, Any]
# Reasons that speak of the reading itself; the pace and the forecast have sentences of their own.
OF_READING = {"below_path", "on_path", "target_reached", "base_missing", "reading_missing"}


# --- In words


def reading_line(reasons: Sequence[Mapping[str, object]], *, today: date) -> str:
    """What the latest reading says against what is required; the gravest reason where none speaks of a reading."""
    said = next((reason for reason in reasons if reason["code"] in OF_READING), reasons[0] if reasons else None)
    return reason_sentence(said, today=today) if said else ""


def gap(known: TargetFacts, *, today: date) -> str:
    """The gap in plain words: what every year must bring and what it has brought. "" where that cannot be said."""
    pace = target_rules.pace(known)
    if pace is None or target_rules.is_reached(known) or known.due_on is None or known.due_on < today:
        return ""
    so_far = _rate(pace.so_far_percent)
    if pace.needed_percent < 0:
        needed = _rate(-pace.needed_percent)
        return _("has to fall by %(needed)s %% a year, now %(so_far)s %%") % {"needed": needed, "so_far": so_far}
    needed = _rate(pace.needed_percent)
    return _("needs %(needed)s %% a year, now %(so_far)s %%") % {"needed": needed, "so_far": so_far}


def gap_or_why(known: TargetFacts, *, today: date) -> str:
    """The gap; else what is missing to say it."""
    if said := gap(known, today=today):
        return said
    if target_rules.is_reached(known):
        return _("the latest reading reaches the goal")
    if known.base_year is not None and known.base_value is None:
        return _("the base of %(year)d is not known, so no percentage") % {"year": known.base_year}
    if known.latest_value is None:
        return _("no reading since the base, so no pace")
    if target_rules.required_value(known) is None:
        return _("no target value, so no pace")
    if known.due_on is not None and known.due_on < today:
        return _("the due date has passed and the goal is not reached")
    return _("the pace cannot be said")


def outlook(known: TargetFacts, found: Forecast | None) -> str:
    """Where the pace of the readings leads, and by how much that misses the goal; "" where nothing can be said."""
    if found is None:
        return ""
    short = forecasts.short_of_goal(known, found.middle)
    values = {
        "middle": quantity(number(found.middle), known.unit),
        "range": f"{number(found.low)}–{number(found.high)}",
        "day": formats.date_format(found.on, pgettext("date in a sentence", "j F Y")),
    }
    if found.has_band:
        said = _("At this pace about %(middle)s (%(range)s) on %(day)s") % values
    else:
        said = _("At this pace about %(middle)s on %(day)s") % values
    if short is None:
        return _("%(outlook)s; the goal is not known.") % {"outlook": said}
    if short <= 0:
        return _("%(outlook)s: the goal would be reached.") % {"outlook": said}
    missing = quantity(number(short.quantize(forecasts.FINEST)), known.unit)
    return _("%(outlook)s: %(short)s short of the goal.") % {"outlook": said, "short": missing}


def _rate(value: Decimal) -> str:
    """A yearly rate to a tenth, a decline with a true minus: 11.0, −1.5."""
    return f"{value:.1f}".replace("-", "−")


def signed(text: str) -> str:
    """A difference with its sign; a zero has none."""
    return f"−{text[1:]}" if text.startswith("-") else text if text == "0" else f"+{text}"


# --- The chart and the figures behind it


def points(readings: Sequence[Reading]) -> list[charts.Point]:
    """The readings as marks; verified wins, what is only reported is drawn hollow."""
    return [
        charts.Point(
            on=reading.period_end,
            value=reading.verified if reading.verified is not None else reading.reported,
            is_verified=reading.verified is not None,
        )
        for reading in readings
    ]


def chart(view: TargetView, found: Forecast | None, *, today: date) -> str:
    """Readings since the base, the required path, the goal and the band of what may come."""
    band = None
    if found is not None:
        label = pgettext("forecast", "about %(value)s") % {"value": number(found.middle)}
        band = charts.Band(on=found.on, low=found.low, middle=found.middle, high=found.high, label=label)
    since = view.facts.base_year or date.min.year
    return charts.trajectory(
        points([reading for reading in view.readings if reading.period_end.year >= since]),
        name=view.title,
        unit=view.unit,
        today=today,
        required=path(view.facts),
        goal=_goal(view.facts),
        band=band,
    )


def path(known: TargetFacts) -> list[charts.Point]:
    """The required path: from the base year's end through its points to the goal."""
    if known.base_year is None or known.base_value is None or known.due_on is None:
        return []
    days = [date(known.base_year, 12, 31), *(day for day, _value in known.path), known.due_on]
    found = [(day, target_rules.required_on(known, day)) for day in days]
    return [charts.Point(on=day, value=value) for day, value in found if value is not None]


def _goal(known: TargetFacts) -> charts.Goal | None:
    value = target_rules.required_value(known)
    if value is None or known.due_on is None:
        return None
    sign = "≥" if target_rules.sense(known) == Direction.UP else "≤"
    return charts.Goal(on=known.due_on, value=value, label=f"{sign}{quantity(number(value), known.unit)}")


def figures(view: TargetView, found: Forecast | None) -> Shown:
    """What components/_figures.html prints behind the chart: each day with what was required, reported and verified."""
    read = {reading.period_end: reading for reading in view.readings}
    asked = [point.on for point in path(view.facts)]
    days = sorted({*read, *asked, *([found.on] if found else [])})
    rows = [
        [
            day.isoformat(),
            _tenths(target_rules.required_on(view.facts, day)) if asked else "–",
            _known(read[day].reported) if day in read else "–",
            _known(read[day].verified) if day in read else "–",
        ]
        for day in days
    ]
    columns = [_("Day"), _("Required"), _("Reported value"), _("Verified value")]
    if found is not None:
        columns.append(_("Forecast"))
        rows = [[*row, _expected(found) if row[0] == found.on.isoformat() else "–"] for row in rows]
    return {"caption": f"{view.title} · {view.unit}" if view.unit else view.title, "columns": columns, "rows": rows}


def _expected(found: Forecast) -> str:
    """The middle, with its band where one is known."""
    return number(found.middle) + (f" ({number(found.low)}–{number(found.high)})" if found.has_band else "")


def _known(value: Decimal | None) -> str:
    return _("unknown") if value is None else number(value)


def _tenths(value: Decimal | None) -> str:
    return "–" if value is None else number(value.quantize(target_rules.TENTH))
