"""Words for events and reports, shaped for the pages. No queries."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tracker.choices import AnswerState, ReportState
from tracker.models import Blocker, Evidence, ProgressReport
from tracker.queries.history import HistoryEntry
from tracker.queries.names import EMPTY
from tracker.web import links

Shown = dict[str, Any]


def event(item: HistoryEntry) -> Shown:
    """One line of a history."""
    return {
        "seq": item.seq,
        "at": item.at,
        "actor": item.who or _("The site"),
        "what": item.what,
        "about": item.about,
        "reason": item.reason,
        "others": item.others,
        "group_href": links.admin("tracker_event_changelist", group=item.group) if item.others else "",
        "seal": item.seal,
        "is_demo": item.is_demo,
        "changes": [
            {"field": change.label, "before": _filled(change.before), "after": _filled(change.after)}
            for change in item.changes
        ],
    }


def _filled(value: str) -> str:
    """A value of a change, "" for an empty one."""
    return "" if value == EMPTY else value


def thread(
    reports: Sequence[ProgressReport], blockers: Sequence[Blocker], files: Sequence[Evidence], *, unit: str
) -> list[Shown]:
    """Reports, newest first, each with the blockers that were raised in its time and the files that hang on it.

    A report's time runs from the first day of its period to that of the next report; the newest has no end, and what
    was raised before the oldest stands with none.
    """
    found = [report(one, unit=unit) | {"blockers": [], "files": []} for one in reports]
    for blocker in blockers:
        raised_on = timezone.localdate(blocker.created_at)
        place = next((number for number, one in enumerate(reports) if one.period_start <= raised_on), None)
        if place is not None:
            found[place]["blockers"].append(_blocker(blocker))
    for file in files:
        place = next((number for number, one in enumerate(reports) if one.pk == file.report_id), None)
        if place is not None:
            found[place]["files"].append({"name": file.name, "href": links.admin("tracker_evidence_download", file.pk)})
    return found


def _blocker(row: Blocker) -> Shown:
    return {
        "anchor": f"#blocker-{row.pk}",
        "category": row.get_category_display(),
        "text": row.text,
        "state_label": row.get_state_display(),
        "is_open": row.state == AnswerState.OPEN,
    }


def report(item: ProgressReport, *, unit: str) -> Shown:
    """One report of a thread."""
    value = "" if item.value is None else f"{item.value.normalize():f} {unit}".strip()
    return {
        "period": period(item.period_start, item.period_end),
        "state": item.state,
        "state_label": ReportState(item.state).label,
        "author": str(item.author),
        "department": item.author.department.short_name if item.author.department else "",
        "reviewer": str(item.reviewer) if item.reviewer else "",
        "submitted_at": item.submitted_at,
        "reviewed_at": item.reviewed_at,
        "is_no_change": item.is_no_change,
        "is_late": item.is_late,
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
