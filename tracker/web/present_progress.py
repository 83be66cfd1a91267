"""How far a commitment is: its progress against time, today and over time; reported beside verified. No queries."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from projects.models import Reading
from tracker.choices import ProgressBasis, ReportState
from tracker.queries.detail import CommitmentView
from tracker.rules.progress import Schedule
from tracker.rules.reasons import number
from tracker.web import charts
from tracker.wording import quantity

Shown = dict[str, Any]
TENTH = Decimal("0.1")


def progress(view: CommitmentView) -> Shown:
    """What counts, beside what waits for review; `gap`: points between the two, None where nothing waits."""
    item = view.commitment
    waiting = next(
        (one for one in view.reports if one.state == ReportState.SUBMITTED and one.progress is not None), None
    )
    reported = waiting.progress if waiting else None
    return {
        "value": item.progress,
        "basis_label": ProgressBasis(item.progress_basis).label,
        "waiting": reported,
        "gap": reported - item.progress if reported is not None and item.progress is not None else None,
        "expected": view.expected,
    }


def readings(view: CommitmentView) -> list[Shown]:
    """The latest reading of each target that has one: reported and verified side by side."""
    return [_reading(one.title, one.readings[-1], one.unit) for one in view.targets if one.readings]


def _reading(title: str, one: Reading, unit: str) -> Shown:
    gap = None if one.reported is None or one.verified is None else one.reported - one.verified
    return {
        "title": title,
        "on": one.period_end,
        "reported": "" if one.reported is None else quantity(number(one.reported), unit),
        "verified": "" if one.verified is None else quantity(number(one.verified), unit),
        "gap": quantity(number(abs(gap)), unit) if gap else "",
        "is_demo": one.is_demo,
    }


def over_time(view: CommitmentView, *, today: date) -> Shown | None:
    """Accepted progress against time-proportional progress, with the figures; None before the first accepted figure
    and where there is no percentage.
    """
    schedule = view.schedule
    accepted = [one for one in reversed(view.reports) if one.state == ReportState.ACCEPTED and one.progress is not None]
    if schedule is None or not accepted:
        return None
    points = [charts.Point(on=one.period_end, value=one.progress) for one in accepted]
    return {
        "chart": charts.progress_history(
            points, today=today, expected=_path(schedule, until=max(today, view.commitment.due_on or today))
        ),
        "line": _line(view.commitment.progress, view.expected),
        "figures": {
            "caption": _("Progress accepted, and progress due by then"),
            "columns": [_("Until"), pgettext("progress", "Accepted"), _("Due by then"), _("Difference")],
            "rows": [
                [one.period_end.isoformat(), *_compared(one.progress, schedule.expected(one.period_end))]
                for one in accepted
            ],
        },
    }


def _path(schedule: Schedule, *, until: date) -> list[charts.Point]:
    """What is due by each day, as the corners of its line: a slope between two dates, or stairs at the milestones. It
    goes on to this day, so that the reader sees how long all has been due, or how much is still to come.
    """
    if not schedule.steps:
        if schedule.starts_on is None or schedule.due_on is None:
            return []
        ends = [schedule.starts_on, schedule.due_on + timedelta(days=1)]
        ends += [until] if until > ends[-1] else []
        return [charts.Point(on=day, value=schedule.expected(day)) for day in ends]
    corners = [
        charts.Point(on=day + timedelta(days=late), value=schedule.expected(day + timedelta(days=late)))
        for day, _percent in schedule.steps
        for late in (0, 1)
    ]
    if until > corners[-1].on:
        corners.append(charts.Point(on=until, value=schedule.expected(until)))
    start = schedule.starts_on or min(day for day, _percent in schedule.steps) - timedelta(days=30)
    return [charts.Point(on=min(start, corners[0].on), value=Decimal(0)), *corners]


def _line(value: Decimal | None, expected: Decimal | None) -> str:
    """What the chart says, in words."""
    if value is None or expected is None:
        return ""
    gap = (expected - value).quantize(TENTH)
    facts = {
        "value": number(value.quantize(TENTH)),
        "expected": number(expected.quantize(TENTH)),
        "gap": number(abs(gap)),
    }
    if gap > 0:
        return _("%(value)s %% done, %(expected)s %% due by today: %(gap)s points behind.") % facts
    if gap < 0:
        return _("%(value)s %% done, %(expected)s %% due by today: %(gap)s points ahead.") % facts
    return _("%(value)s %% done, as much as is due by today.") % facts


def _compared(value: Decimal | None, expected: Decimal | None) -> list[str]:
    if value is None or expected is None:
        return [_("unknown") if value is None else f"{number(value)} %", "–", "–"]
    gap = (value - expected).quantize(TENTH)
    sign = "+" if gap > 0 else "−" if gap < 0 else "±"
    return [f"{number(value)} %", f"{number(expected.quantize(TENTH))} %", f"{sign}{number(abs(gap))}"]
