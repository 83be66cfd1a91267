"""Words for events and reports: who, what, and each changed field with its value before and after."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tracker.choices import Comparator, DueBasis, EventKind, Health, Involvement, Kind, ReportState, Stage
from tracker.models import Commitment, Event, Milestone, ProgressReport, Target

Shown = dict[str, Any]
WORDS: dict[str, Callable[[str], object]] = {
    "departments": lambda value: "；".join(_part(entry) for entry in value.split("; ")),
    "kind": lambda value: Kind(value).label,
    "comparator": lambda value: Comparator(value).label,
    "due_basis": lambda value: DueBasis(value).label,
    "health": lambda value: Health(value).label if value else "",
    "override_health": lambda value: Health(value).label if value else "",
    "stage": lambda value: Stage(value).label,
    "state": lambda value: ReportState(value).label,
}


def event(item: Event) -> Shown:
    """One line of a history."""
    return {
        "at": item.at,
        "actor": str(item.actor) if item.actor else _("The site"),
        "what": EventKind(item.kind).label,
        "reason": item.reason,
        "is_demo": item.is_demo,
        "changes": [
            {"field": _field(name), "before": _value(name, before), "after": _value(name, after)}
            for name, (before, after) in item.changes.items()
        ],
    }


def _field(name: str) -> str:
    for model in (Commitment, ProgressReport, Milestone, Target):
        try:
            field = model._meta.get_field(name)
        except FieldDoesNotExist:
            continue
        return str(getattr(field, "verbose_name", name))
    return name


def _value(name: str, value: object) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(WORDS[name](str(value))) if name in WORDS else str(value)


def _part(entry: str) -> str:
    """An entry such as `responsible:kjj` in words."""
    part, _colon, code = entry.partition(":")
    return f"{Involvement(part).label} {code}" if code else entry


def report(item: ProgressReport, *, unit: str) -> Shown:
    """One report of a thread."""
    value = "" if item.value is None else f"{item.value.normalize():f} {unit}".strip()
    return {
        "period": period(item.period_start, item.period_end),
        "state": item.state,
        "state_label": ReportState(item.state).label,
        "author": str(item.author),
        "reviewer": str(item.reviewer) if item.reviewer else "",
        "submitted_at": item.submitted_at,
        "reviewed_at": item.reviewed_at,
        "is_no_change": item.is_no_change,
        "done": item.done,
        "problems": item.problems,
        "next_steps": item.next_steps,
        "return_reason": item.return_reason,
        "progress": item.progress,
        "value": value,
        "forecast_on": item.forecast_on,
        "is_demo": item.is_demo,
    }


def period(start: date, end: date) -> str:
    """A period in words: a month by its name, anything longer by its two ends."""
    if (start.year, start.month) == (end.year, end.month):
        return date_format(start, pgettext("month in a heading", "F Y"))
    return _("%(start)s to %(end)s") % {"start": start.isoformat(), "end": end.isoformat()}
