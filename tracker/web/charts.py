"""Charts as SVG text. Pure: frozen values in, safe markup out; no style, no script, no library.

A chart answers one question; its caption, beside it in the page, says the answer in words. What is unknown is a gap,
never a zero, and where there is nothing to draw a calm sentence stands instead of an empty axis.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tracker.choices import Health
from tracker.rules.reasons import number

NOTHING = mark_safe("")
# A share this small is still drawn this wide (percent of the bar), so that it can be seen and hit.
LEAST_SHARE = Decimal("1.2")
# A share at least this wide carries its shape inside, for readers who do not see the colour.
LABELLED_SHARE = Decimal(8)
SHAPED = frozenset({Health.DONE, Health.ON_TRACK, Health.AT_RISK, Health.OFF_TRACK, Health.NOT_STARTED, Health.EXEMPT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """One light's part of a proportion bar and where its rows are listed."""

    health: str
    count: int
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A value on a day; None is a period without a value. A value that is only reported is drawn hollow."""

    on: date
    value: Decimal | None
    is_verified: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """What shall be reached on a day, with its worded number, e.g. "≥262"."""

    on: date
    value: Decimal
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """What may come: the range expected on a day, with its worded middle, e.g. "about 246"."""

    on: date
    low: Decimal
    high: Decimal
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A milestone. `is_late` is the rules' word, not the chart's."""

    name: str
    planned_on: date | None = None
    forecast_on: date | None = None
    actual_on: date | None = None
    is_late: bool = False

    @property
    def stands_on(self) -> date | None:
        """Where its mark goes: reached, else forecast, else planned; None: it has no date."""
        return self.actual_on or self.forecast_on or self.planned_on


# --- Bars


def proportions(shares: Sequence[Share], *, label: str = "", is_small: bool = False) -> SafeString:
    """One bar of all lights in their order; each part is a link with its name and count. Widths sum to 100 %."""
    present = [share for share in shares if share.count > 0]
    if not present:
        return _calm(_("No commitments to show."))
    parts, left = [], Decimal(0)
    for share, width in zip(present, _widths([share.count for share in present]), strict=True):
        parts.append(_part(share, left=left, width=width, is_small=is_small))
        left += width
    bar = '<svg class="proportions" role="group" aria-label="{}">{}</svg>'
    return format_html(bar, label or _("Commitments by light"), _join(parts))


def _part(share: Share, *, left: Decimal, width: Decimal, is_small: bool) -> SafeString:
    title = _("%(light)s: %(count)d") % {"light": Health(share.health).label, "count": share.count}
    inside = [format_html('<rect class="seg {}" width="100%" height="100%"/>', share.health)]
    if share.health == Health.NO_DATA:
        inside.append(mark_safe('<rect width="100%" height="100%" fill="url(#hatch)"/>'))
    if left:
        inside.append(mark_safe('<rect class="gap" width="2" height="100%"/>'))
    if width >= LABELLED_SHARE and share.health in SHAPED and not is_small:
        use = '<use class="knock {0}" href="#l-{0}" x="10" y="8" width="14" height="14"/>'
        inside.append(format_html(use, share.health))
    part = '<a href="{}"><title>{}</title><svg x="{}%" width="{}%" height="100%">{}</svg></a>'
    return format_html(part, share.href, title, _plain(left), _plain(width), _join(inside))


def _widths(counts: Sequence[int]) -> list[Decimal]:
    """Percent of the bar for each count: proportional, none narrower than LEAST_SHARE, together exactly 100."""
    total = sum(counts)
    raw = [Decimal(count * 100) / total for count in counts]
    small = sum(1 for width in raw if width < LEAST_SHARE)
    rest = sum(width for width in raw if width >= LEAST_SHARE)
    scale = (100 - small * LEAST_SHARE) / rest
    widths = [LEAST_SHARE if width < LEAST_SHARE else (width * scale).quantize(Decimal("0.001")) for width in raw]
    widest = widths.index(max(widths))
    widths[widest] += 100 - sum(widths)
    return widths


def pace_bar(percent: Decimal | int | None, *, name: str, is_time: bool = False) -> SafeString:
    """A bar of 0 to 100 %, capped for display; None is a dashed outline that says so."""
    if percent is None:
        title = _("%(name)s: not known") % {"name": name}
        body = mark_safe('<rect class="unknown" width="100" height="4" vector-effect="non-scaling-stroke"/>')
    else:
        title = _("%(name)s: %(percent)s %%") % {"name": name, "percent": _plain(percent)}
        rects = '<rect class="track" width="100" height="4"/><rect class="{}" width="{}" height="4"/>'
        body = format_html(rects, "spent" if is_time else "fill", _plain(min(max(percent, 0), 100)))
    svg = '<svg class="meter" viewBox="0 0 100 4" preserveAspectRatio="none" {}>{}</svg>'
    return format_html(svg, _named(title), body)


# --- Lines over time


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    """The plot inside a viewBox of 360 × 150: days to x, values to y. Right of it is room for the goal's number."""

    first: date
    last: date
    low: Decimal
    high: Decimal

    LEFT, RIGHT, TOP, BOTTOM = 10, 278, 24, 126

    def x(self, day: date) -> float:
        days = (self.last - self.first).days or 1
        return round(self.LEFT + (self.RIGHT - self.LEFT) * (day - self.first).days / days, 1)

    def y(self, value: Decimal) -> float:
        share = float((value - self.low) / (self.high - self.low))
        return round(self.BOTTOM - (self.BOTTOM - self.TOP) * share, 1)


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
    known, ideal = _known(points), _known(required)
    if not known:
        return _calm(_("No reading yet, so there is nothing to draw."))
    all_points = [*known, *ideal]
    if goal:
        all_points.append((goal.on, goal.value))
    if band:
        all_points += [(band.on, band.low), (band.on, band.high)]
    frame = _frame([day for day, _value in all_points], [value for _day, value in all_points])
    body = [_today(frame, today), _band(frame, max(known), band), _required(frame, ideal)]
    body += [_happened(frame, points, ideal, unit=unit), _goal(frame, goal, band=band), _ticks(frame)]
    return _plot(_("%(name)s: readings and the path they should take") % {"name": name}, body)


def progress_history(points: Sequence[Point], *, today: date, expected: Sequence[Point] = ()) -> SafeString:
    """Does the work keep pace? Reported progress against time-proportional progress, on an axis from 0 to 100 %."""
    known, ideal = _known(points), _known(expected)
    if not known:
        return _calm(_("No progress reported yet."))
    days = [day for day, _value in [*known, *ideal]]
    frame = _Frame(first=min(days), last=_after(min(days), max(days)), low=Decimal(0), high=Decimal(100))
    full = Goal(on=frame.last, value=Decimal(100), label="100 %")
    body = [_today(frame, today), _required(frame, ideal), _happened(frame, points, ideal, unit="%")]
    body += [_goal(frame, full, band=None), _ticks(frame)]
    return _plot(_("Progress reported, and progress due by the day"), body)


def _frame(days: Sequence[date], values: Sequence[Decimal]) -> _Frame:
    low, high = min(values), max(values)
    margin = (high - low) * Decimal("0.08") or abs(high) * Decimal("0.1") or Decimal(1)
    return _Frame(first=min(days), last=_after(min(days), max(days)), low=low - margin, high=high + margin)


def _after(first: date, last: date) -> date:
    return last if last > first else first + timedelta(days=30)


def _happened(
    frame: _Frame, points: Sequence[Point], ideal: Sequence[tuple[date, Decimal]], *, unit: str
) -> SafeString:
    lines = format_html_join("", '<polyline class="real" points="{}"/>', ((run,) for run in _runs(frame, points)))
    dots, last = [], NOTHING
    for point in sorted(points, key=lambda item: item.on):
        if point.value is None:
            continue
        x, y, worded = frame.x(point.on), frame.y(point.value), _with_unit(point.value, unit)
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


def _runs(frame: _Frame, points: Sequence[Point]) -> Iterable[str]:
    """The polylines of what happened: a missing value ends one, so that the gap is seen."""
    run: list[str] = []
    for point in [*sorted(points, key=lambda item: item.on), None]:
        if point is not None and point.value is not None:
            run.append(f"{frame.x(point.on)},{frame.y(point.value)}")
            continue
        if len(run) > 1:
            yield " ".join(run)
        run = []


def _required(frame: _Frame, ideal: Sequence[tuple[date, Decimal]]) -> SafeString:
    if len(ideal) < 2:
        return NOTHING
    line = " ".join(f"{frame.x(day)},{frame.y(value)}" for day, value in sorted(ideal))
    return format_html('<polyline class="path" points="{}"><title>{}</title></polyline>', line, _("What is required"))


def _band(frame: _Frame, last: tuple[date, Decimal], band: Band | None) -> SafeString:
    if band is None or band.on <= last[0]:
        return NOTHING
    start, end = f"{frame.x(last[0])},{frame.y(last[1])}", frame.x(band.on)
    corners = f"M{start}L{end},{frame.y(band.high)}V{frame.y(band.low)}Z"
    return format_html(
        '<path class="band" d="{}"><title>{}</title></path>', corners, _("What may come at the present pace")
    )


def _goal(frame: _Frame, goal: Goal | None, *, band: Band | None) -> SafeString:
    """The goal's tick and number, and the band's number kept clear of it."""
    marks, goal_y = [], None
    if goal is not None:
        x, goal_y = frame.x(goal.on), frame.y(goal.value)
        title = _("Goal: %(goal)s") % {"goal": goal.label}
        marks.append(format_html('<path class="goal" d="M{} {}h14"><title>{}</title></path>', x - 7, goal_y, title))
        marks.append(format_html('<text class="goal-text" x="{}" y="{}">{}</text>', x + 11, goal_y + 4, goal.label))
    if band is not None and band.label:
        y = frame.y((band.low + band.high) / 2)
        if goal_y is not None and abs(y - goal_y) < 15:
            y = goal_y + 15 if y >= goal_y else goal_y - 15
        marks.append(format_html('<text x="{}" y="{}">{}</text>', frame.x(band.on) + 11, y + 4, band.label))
    return _join(marks)


def _today(frame: _Frame, today: date) -> SafeString:
    if not frame.first < today < frame.last:
        return NOTHING
    line = '<path class="axis" d="M{0} 12V{1}"/><text x="{0}" y="9" text-anchor="middle">{2}</text>'
    return format_html(line, frame.x(today), frame.BOTTOM, _("Today"))


def _ticks(frame: _Frame) -> SafeString:
    """The axis: the end of each year, or the first and last month of a shorter time."""
    ends = [date(year, 12, 31) for year in range(frame.first.year, frame.last.year + 1)]
    shown = [(day, str(day.year)) for day in ends if frame.first <= day <= frame.last]
    if len(shown) < 2:
        shown = [(frame.first, f"{frame.first:%Y-%m}"), (frame.last, f"{frame.last:%Y-%m}")]
    every = -(-len(shown) // 6)
    anchors = {day: "start" if frame.x(day) < frame.LEFT + 12 else "middle" for day, _text in shown}
    marks = [(frame.x(day), anchors[day], text) for day, text in shown[::-1][::every]]
    texts = format_html_join("", '<text x="{}" y="143" text-anchor="{}">{}</text>', marks)
    return format_html('<path class="axis" d="M{} {}H{}"/>{}', frame.LEFT, frame.BOTTOM, frame.RIGHT, texts)


def _plot(label: str, body: Sequence[SafeString]) -> SafeString:
    return format_html('<svg class="chart plot" viewBox="0 0 360 150" {}>{}</svg>', _named(label), _join(body))


# --- The line of milestones. Positions are percent, so that words keep their size on every screen.


def milestone_line(steps: Sequence[Step], *, starts_on: date | None, ends_on: date | None, today: date) -> SafeString:
    """Where does the work stand? Each milestone where it was reached or is expected, and where it was planned."""
    dated = [(step.stands_on, step) for step in steps if step.stands_on is not None]
    if not dated:
        return _calm(_("No milestone has a date yet.")) if steps else NOTHING
    days = [day for day, _step in dated] + [step.planned_on for step in steps if step.planned_on]
    first, last = min([*days, starts_on or days[0]]), max([*days, ends_on or days[0]])
    span = (last - first).days or 1

    def at(day: date) -> float:
        return round(3 + 94 * (day - first).days / span, 2)

    reached = max((step.actual_on for step in steps if step.actual_on), default=first)
    years = [date(year, 1, 1) for year in range(first.year, last.year + 1)]
    line = '<line class="axis" x1="{0}%" x2="{0}%" y1="38" y2="66"/><text x="{0}%" y="100" dx="-1">{1}</text>'
    body = [format_html(line, at(day), day.year) for day in years if first <= day <= last]
    spine = '<line class="spine{}" x1="3%" x2="{}%" y1="52" y2="52"/>'
    body += [format_html(spine, "", 97), format_html(spine, " past", at(reached)), _ghosts(steps, at)]
    if first <= today <= last:
        line = '<line class="today" x1="{0}%" x2="{0}%" y1="36" y2="88"/>'
        word = '<text class="now-text" x="{0}%" y="100">{1}</text>'
        body.append(format_html(line + word, at(today), _("Today")))
    body += _marks(sorted(dated, key=lambda pair: pair[0]), at)
    svg = '<svg class="chart timeline" width="100%" height="106" {}>{}</svg>'
    return format_html(svg, _named(_("Milestones over time")), _join(body))


def _ghosts(steps: Sequence[Step], at: Callable[[date], float]) -> SafeString:
    moved = [(step.planned_on, step) for step in steps if step.planned_on and step.planned_on != step.stands_on]
    title = _("%(name)s: planned for %(day)s")
    circles = [(at(day), title % {"name": step.name, "day": day.isoformat()}) for day, step in moved]
    return format_html_join("", '<circle class="ghost" cx="{}%" cy="52" r="5.5"><title>{}</title></circle>', circles)


def _marks(dated: Sequence[tuple[date, Step]], at: Callable[[date], float]) -> Iterable[SafeString]:
    """Shapes with their names in three lanes; a name that fits in none is left to the table below."""
    free = {32: -1.0, 80: -1.0, 14: -1.0}
    shape = (
        '<svg class="step {0}" x="{1}%" y="52" overflow="visible"><title>{2}</title><circle class="gap" r="9"/>'
        '<use href="#l-{0}" x="-8" y="-8" width="16" height="16"/></svg>'
    )
    for day, step in dated:
        x, name = at(day), step.name + _delay(step)
        light = Health.DONE if step.actual_on else Health.OFF_TRACK if step.is_late else Health.NOT_STARTED
        yield format_html(shape, light, x, f"{name} {day.isoformat()}")
        half = (len(name) * 12 + 10) / 760 * 50
        lane = next((y for y, end in free.items() if max(x - half, 0.0) > end), None)
        if lane is not None:
            free[lane] = max(x + half, 2 * half)
            anchor, edge = ("start", 0.0) if x < half else ("end", 100.0) if x + half > 100 else ("middle", x)
            yield format_html('<text class="name" x="{}%" y="{}" text-anchor="{}">{}</text>', edge, lane, anchor, name)


def _delay(step: Step) -> str:
    """How late it was reached, or is expected: " +34 days"; empty when on time or not known."""
    later = step.actual_on or step.forecast_on
    if step.planned_on is None or later is None or later <= step.planned_on:
        return ""
    days = (later - step.planned_on).days
    return " " + ngettext("+%(days)d day", "+%(days)d days", days) % {"days": days}


# --- Words and numbers


def _known(points: Sequence[Point]) -> list[tuple[date, Decimal]]:
    """Days with their values; days without one are left out."""
    return [(point.on, point.value) for point in points if point.value is not None]


def _join(parts: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


def _named(name: str) -> SafeString:
    """The attributes of a drawing that is read as one picture with this name."""
    return format_html('role="img" aria-label="{}"', name)


def _calm(sentence: str) -> SafeString:
    return format_html('<p class="calm">{}</p>', sentence)


def _plain(value: Decimal | int) -> str:
    return number(Decimal(value))


def _with_unit(value: Decimal, unit: str) -> str:
    return f"{number(value)} {unit}".rstrip()
