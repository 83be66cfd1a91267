"""The context of the page that counts what is asked of each department."""

from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from tracker.policies import Actor
from tracker.queries import burden
from tracker.rules import burden as rules
from tracker.rules.burden import Asked
from tracker.web import links

Shown = dict[str, Any]
YEARS = range(2000, 2101)


def month_of(text: str, *, today: date) -> date:
    """The first day of the month that an address names, this month's for "". Raises LookupError for anything else."""
    if not text:
        return today.replace(day=1)
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        raise LookupError(text) from None
    if found.year not in YEARS:
        raise LookupError(text)
    return found


def context(viewer: Actor, *, month: date) -> Shown:
    """What templates/tracker/burden.html prints."""
    found = burden.of_month(viewer, month=month)
    after = (month + timedelta(days=31)).replace(day=1)
    return {
        "month": month,
        "rows": [
            {"name": line.department.name, "href": links.department(line.department.code), **_figures(line.asked)}
            for line in found.lines
        ],
        "sum": _figures(found.sum),
        "before_href": _href(month - timedelta(days=1)),
        "after_href": _href(after),
        "kinds": _kinds(),
    }


def _href(day: date) -> str:
    return f"{reverse('burden')}?month={day:%Y-%m}"


def _figures(asked: Asked) -> Shown:
    return {
        "reports": asked.reports,
        "report_fields": asked.report_fields,
        "contributions": asked.contributions,
        "contribution_fields": asked.contribution_fields,
        "total": asked.total,
    }


def _kinds() -> list[tuple[str, int]]:
    """What one of each asks, so that the sums can be checked with a pencil."""

    def count(*, progress: bool = True, target: bool = False, project: bool = False) -> int:
        return len(rules.report(takes_progress=progress, has_target=target, is_project=project))

    return [
        (_("a report"), count()),
        (_("a report of a target"), count(target=True)),
        (_("a report of a project"), count(project=True)),
        (_("a report of a red line"), count(progress=False)),
        (_("a contribution"), len(rules.CONTRIBUTION)),
    ]
