"""Lines over time: a target's readings on the way to its goal, and progress against time."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tracker.web.charts.frame import Frame, frame_of, later, plot, ticks, today_line
from tracker.web.charts.markup import NOTHING, calm, join, with_unit, with_values
from tracker.web.charts.values import Band, Goal, Point, Series

# What a line of words needs in height.
LINE = 15


def trajectory(
    points: Sequence[Point],
    *,
    name: str,
    unit: str,
    today: date,
    required: Sequence[Point] = (),
    goal: Goal | None = None,
    band: Band | None = None,
) -> SafeString:
    """Is the target being reached? Dark: what happened; dashes: required; grey: what may come; a tick: the goal."""
    known, ideal = with_values(points), with_values(required)
    if not known:
        return calm(_("No reading yet, so there is nothing to draw."))
    all_points = [*known, *ideal]
    if goal:
        all_points.append((goal.on, goal.value))
    if band:
        all_points += [(band.on, band.low), (band.on, band.high)]
    frame = frame_of([day for day, _value in all_points], [value for _day, value in all_points])
    body = [today_line(frame, today), _band(frame, max(known), band), _required(frame, ideal)]
    body += [_happened(frame, points, ideal, unit=unit), _goal(frame, goal, band=band), ticks(frame)]
    return plot(_("%(name)s: readings and the path they should take") % {"name": name}, body)


def progress_history(points: Sequence[Point], *, today: date, expected: Sequence[Point] = ()) -> SafeString:
    """Does the work keep pace? Reported progress against time-proportional progress, on an axis from 0 to 100 %."""
    known, ideal = with_values(points), with_values(expected)
    if not known:
        return calm(_("No progress reported yet."))
    days = [day for day, _value in [*known, *ideal]]
    frame = Frame(first=min(days), last=later(min(days), max(days)), low=Decimal(0), high=Decimal(100))
    full = Goal(on=frame.last, value=Decimal(100), label="100 %")
    body = [today_line(frame, today), _required(frame, ideal), _happened(frame, points, ideal, unit="%")]
    body += [_goal(frame, full, band=None), ticks(frame)]
    return plot(_("Progress reported, and progress due by the day"), body)


def pair(first: Series, second: Series, *, name: str, today: date) -> SafeString:
    """How far are the two, in percent? The first with discs, the second with squares; the latest values beside."""
    both = [(series, with_values(series.points)) for series in (first, second)]
    known = [value for _series, values in both for value in values]
    if not known:
        return calm(_("No progress reported yet."))
    days, top = [day for day, _value in known], max(value for _day, value in known)
    frame = Frame(first=min(days), last=later(min(days), max(days)), low=Decimal(0), high=max(top, Decimal(100)))
    body = [today_line(frame, today)]
    body += [_marked(frame, series, values, is_square=place == 1) for place, (series, values) in enumerate(both)]
    return plot(name, [*body, _latest(frame, [max(values) for _series, values in both if values]), ticks(frame)])


def _marked(frame: Frame, series: Series, known: Sequence[tuple[date, Decimal]], *, is_square: bool) -> SafeString:
    """A line with its marks, each titled with its name, day and value."""
    line = '<polyline class="real{}" points="{}"/>'
    drawn = format_html_join("", line, ((" second" if is_square else "", run) for run in runs(frame, series.points)))
    mark = '<circle class="dot" cx="{}" cy="{}" r="3.2"><title>{}</title></circle>'
    if is_square:
        mark = '<rect class="dot" x="{}" y="{}" width="6" height="6"><title>{}</title></rect>'
    away = 3 if is_square else 0
    marks = [
        (
            round(frame.x(day) - away, 1),
            round(frame.y(value) - away, 1),
            f"{series.name}, {day}: {with_unit(value, '%')}",
        )
        for day, value in known
    ]
    return format_html("{}{}", drawn, format_html_join("", mark, marks))


def _latest(frame: Frame, ends: Sequence[tuple[date, Decimal]]) -> SafeString:
    """The latest values right of their marks, never over one another."""
    texts, taken = [], float(frame.TOP - LINE)
    for day, value in sorted(ends, key=lambda end: -end[1]):
        taken = max(frame.y(value) + 4, taken + LINE)
        texts.append((frame.x(day) + 8, taken, with_unit(value, "%")))
    return format_html_join("", '<text class="now-text" x="{}" y="{}">{}</text>', texts)


def _happened(frame: Frame, points: Sequence[Point], ideal: Sequence[tuple[date, Decimal]], *, unit: str) -> SafeString:
    lines = format_html_join("", '<polyline class="real" points="{}"/>', ((run,) for run in runs(frame, points)))
    dots, last = [], NOTHING
    for point in sorted(points, key=lambda item: item.on):
        if point.value is None:
            continue
        x, y, worded = frame.x(point.on), frame.y(point.value), with_unit(point.value, unit)
        title = f"{point.on.isoformat()}: {worded}"
        if not point.is_verified:
            title = _("%(day)s: %(value)s, reported and not verified") % {"day": point.on.isoformat(), "value": worded}
        dots.append((NOTHING if point.is_verified else " reported", x, y, title))
        anchor = "end" if x > frame.RIGHT - 30 else "start" if x < frame.LEFT + 30 else "middle"
        word_y = y + 18 if _is_below(point.on, point.value, ideal) else y - 9
        last = format_html('<text class="now-text" x="{}" y="{}" text-anchor="{}">{}</text>', x, word_y, anchor, worded)
    circles = format_html_join("", '<circle class="dot{}" cx="{}" cy="{}" r="3.4"><title>{}</title></circle>', dots)
    return format_html("{}{}{}", lines, circles, last)


def _is_below(day: date, value: Decimal, ideal: Sequence[tuple[date, Decimal]]) -> bool:
    """Whether the value lies under the required line, so that its number stands clear of the dashes."""
    for (start, low), (end, high) in pairwise(sorted(ideal)):
        if start <= day <= end and start < end:
            return value < low + (high - low) * (day - start).days / (end - start).days
    return False


def runs(frame: Frame, points: Sequence[Point]) -> Iterable[str]:
    """The polylines of what happened: a missing value ends one, so that the gap is seen."""
    run: list[str] = []
    for point in [*sorted(points, key=lambda item: item.on), None]:
        if point is not None and point.value is not None:
            run.append(f"{frame.x(point.on)},{frame.y(point.value)}")
            continue
        if len(run) > 1:
            yield " ".join(run)
        run = []


def _required(frame: Frame, ideal: Sequence[tuple[date, Decimal]]) -> SafeString:
    if len(ideal) < 2:
        return NOTHING
    line = " ".join(f"{frame.x(day)},{frame.y(value)}" for day, value in sorted(ideal))
    return format_html('<polyline class="path" points="{}"><title>{}</title></polyline>', line, _("What is required"))


def _band(frame: Frame, last: tuple[date, Decimal], band: Band | None) -> SafeString:
    """The band from the latest value to the day it speaks of, and the line along its likely values."""
    if band is None or band.on <= last[0]:
        return NOTHING
    title = _("What may come at the present pace")
    start, end = f"{frame.x(last[0])},{frame.y(last[1])}", frame.x(band.on)
    corners = f"M{start}L{end},{frame.y(band.high)}V{frame.y(band.low)}Z"
    area = format_html('<path class="band" d="{}"><title>{}</title></path>', corners, title)
    line = '{}<path class="likely" d="M{}L{},{}"><title>{}</title></path>'
    return format_html(line, area if band.low < band.high else NOTHING, start, end, frame.y(band.likely), title)


def _goal(frame: Frame, goal: Goal | None, *, band: Band | None) -> SafeString:
    """The goal's tick and number, and the band's number kept clear of it."""
    marks, goal_y = [], None
    if goal is not None:
        x, goal_y = frame.x(goal.on), frame.y(goal.value)
        title = _("Goal: %(goal)s") % {"goal": goal.label}
        marks.append(format_html('<path class="goal" d="M{} {}h14"><title>{}</title></path>', x - 7, goal_y, title))
        marks.append(format_html('<text class="goal-text" x="{}" y="{}">{}</text>', x + 11, goal_y + 4, goal.label))
    if band is not None and band.label:
        y = frame.y(band.likely)
        if goal_y is not None and abs(y - goal_y) < 15:
            y = goal_y + 15 if y >= goal_y else goal_y - 15
        marks.append(format_html('<text x="{}" y="{}">{}</text>', frame.x(band.on) + 11, y + 4, band.label))
    return join(marks)
