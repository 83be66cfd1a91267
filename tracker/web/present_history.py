"""Words for events and reports: who, what, and each changed field with its value before and after."""

from contextlib import suppress
from datetime import date
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tracker.choices import EventKind, Involvement, ReportState
from tracker.models import (
    Blocker,
    Commitment,
    Contribution,
    Event,
    Evidence,
    ExtensionRequest,
    Instruction,
    Milestone,
    ProgressReport,
    ReportVolumes,
    Target,
    Verification,
)

Shown = dict[str, Any]
# Whose fields an event speaks of, by the first word of its kind; the commitment's, where that has none of the name.
SPOKEN_OF: dict[str, type[Model]] = {
    "report": ProgressReport,
    "milestone": Milestone,
    "target": Target,
    "extension": ExtensionRequest,
    "blocker": Blocker,
    "instruction": Instruction,
    "evidence": Evidence,
    "verification": Verification,
    "contribution": Contribution,
}


def event(item: Event) -> Shown:
    """One line of a history."""
    return {
        "at": item.at,
        "actor": str(item.actor) if item.actor else _("The site"),
        "what": EventKind(item.kind).label,
        "reason": item.reason,
        "is_demo": item.is_demo,
        "changes": [_change(item.kind, name, before, after) for name, (before, after) in item.changes.items()],
    }


def _change(kind: str, name: str, before: object, after: object) -> Shown:
    if name == "departments":
        return {"field": _("departments beside the lead"), "before": _parts(before), "after": _parts(after)}
    field = _field(kind, name)
    choices = dict(getattr(field, "flatchoices", ()))
    label = str(getattr(field, "verbose_name", name))
    return {"field": label, "before": _value(choices, before), "after": _value(choices, after)}


def _field(kind: str, name: str) -> object:
    """The field that an event's change is about; None when no table of ours has one of the name."""
    spoken_of = SPOKEN_OF.get(kind.partition("_")[0], Commitment)
    models: tuple[type[Model], ...] = (spoken_of, Commitment, *SPOKEN_OF.values(), ReportVolumes)
    for model in models:
        with suppress(FieldDoesNotExist):
            return model._meta.get_field(name)
    return None


def _value(choices: dict[object, object], value: object) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(choices.get(value, value))


def _parts(value: object) -> str:
    """The departments beside the lead in words: each with its part."""
    return "；".join(_part(entry) for entry in str(value or "").split("; ") if entry)


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
