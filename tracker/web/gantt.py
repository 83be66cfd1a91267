"""The timeline's drawings: an axis of months and, for each matter, its stretch of time. Pure, like `charts`.

Each row is a drawing of its own, so that titles stay text that wraps, can be read out and is printed. All of them share
one grid, drawn once with the axis. Positions are percent: words and shapes keep their size on every screen.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tracker.choices import Health
from tracker.rules import days
from tracker.rules.reasons import number

NOTHING = mark_safe("")
GRID = "gantt-grid"
# Ten years: a date of 9999-12-31 is a date too, but no reason to draw eight thousand years.
MOST_MONTHS = 120
# Percent of the width between a shape and its ghost, below which the ghost is only a blot.
GHOST_AWAY = 1.5
# Percent that a number on the axis needs to its right.
ROOM = 4
# A year has four figures: on a phone it needs this much, or it stands at the edge instead of being cut off.
ROOM_OF_YEAR = 10
# An axis of at most so many months numbers every one, every third, every sixth of them; a longer one none.
LABELLED_MONTHS = ((13, 1), (40, 3), (60, 6))


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The days that a drawing shows: from the first of a month to the last of one. Make it with `months`."""

    first: date
    last: date

    def at(self, day: date) -> float:
        """The day's place in percent; days outside lie on the edge."""
        whole = (self.last - self.first).days + 1
        return round(min(max((day - self.first).days / whole * 100, 0.0), 100.0), 2)

    def has(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A milestone where it was reached, is expected or is planned; `planned_on` shows as a ghost when it moved."""

    name: str
    on: date
    planned_on: date | None = None
    is_reached: bool = False
    is_late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One matter. `ends_on` None: it has no date. `late_until`: how far its delay has grown; the rules' word."""

    name: str
    starts_on: date
    ends_on: date | None
    original_ends_on: date | None = None
    forecast_on: date | None = None
    progress: Decimal | None = None
    is_continuous: bool = False
    late_until: date | None = None
    marks: Sequence[Mark] = ()


def months(first: date, last: date) -> Span:
    """Whole months from the first day to the last, at most MOST_MONTHS."""
    start = first.replace(day=1)
    count = (last.year - start.year) * 12 + last.month - start.month + 1
    return Span(first=start, last=_months_later(start, min(max(count, 1), MOST_MONTHS)) - timedelta(days=1))


def _months_later(day: date, count: int) -> date:
    """The first of the month so many months on; the calendar's last day where it ends before that."""
    month = day.month - 1 + count
    year = day.year + month // 12
    return date(year, month % 12 + 1, 1) if year <= date.max.year else date.max


def _starts(span: Span) -> list[date]:
    """The first days of its months."""
    found = [span.first]
    while (following := _months_later(found[-1], 1)) <= span.last and following > found[-1]:
        found.append(following)
    return found


# --- The axis


def axis(span: Span, *, today: date) -> SafeString:
    """Years, months and today, and the grid that `bar` repeats. Once on a page, before the bars."""
    starts = _starts(span)
    step = next((step for most, step in LABELLED_MONTHS if len(starts) <= most), 0)
    words: list[SafeString] = []
    for day in starts:
        if span.at(day) > 100 - ROOM and day != span.first:
            continue  # its number would be cut off at the edge
        if day.month == 1 or day == span.first:
            is_crowded = day == span.first and day.month > 10
            text = '<text class="year" x="{}%" y="11" dx="2">{}</text>'
            if span.at(day) > 100 - ROOM_OF_YEAR:
                text = '<text class="year" x="100%" y="11" text-anchor="end">{1}</text>'
            words.append(NOTHING if is_crowded else format_html(text, span.at(day), day.year))
        if step and (day.month - 1) % step == 0:
            words.append(format_html('<text x="{}%" y="26" dx="2">{}</text>', span.at(day), day.month))
    if span.has(today):
        x = span.at(today)
        anchor = "start" if x < 5 else "end" if x > 95 else "middle"
        text = '<text class="now-text" x="{}%" y="41" text-anchor="{}">{}</text>'
        words.append(format_html(text, x, anchor, _("Today")))
    label = _("From %(first)s to %(last)s") % {"first": f"{span.first:%Y-%m}", "last": f"{span.last:%Y-%m}"}
    svg = '<svg class="chart gantt-axis" width="100%" height="46" role="img" aria-label="{}"><defs>{}</defs>{}</svg>'
    return format_html(svg, label, _grid(span, starts, today=today), _join(words))


def _grid(span: Span, starts: Sequence[date], *, today: date) -> SafeString:
    line = '<line class="{}" x1="{}%" x2="{}%" y1="0" y2="100%"/>'
    shown = starts if len(starts) <= LABELLED_MONTHS[1][0] else [day for day in starts if day.month in {1, 7}]
    lines = [("grid year" if day.month == 1 else "grid", span.at(day), span.at(day)) for day in shown]
    if span.has(today):
        lines.append(("today", span.at(today), span.at(today)))
    return format_html('<g id="{}">{}</g>', GRID, format_html_join("", line, lines))


# --- The bars


def bar(item: Bar, span: Span, *, today: date) -> SafeString:
    """When does it run, how far is it, has its date moved? Only what lies outside the span is left out."""
    end = item.ends_on or span.last
    body = [
        format_html('<use href="#{}"/>', GRID),
        _slip(item, span),
        _stretch(item, span, end=end),
        _delay(item, span),
        *_marks(item, span),
        _outside(item, span, end=end),
    ]
    svg = '<svg class="chart gantt-bar" width="100%" height="34" role="img" aria-label="{}">{}</svg>'
    return format_html(svg, words(item, today=today), _join(body))


def words(item: Bar, *, today: date) -> str:
    """What the drawing says, in one line: for its name and for who cannot see it."""
    said = [item.name, _dates(item)]
    if item.original_ends_on and item.ends_on and item.original_ends_on != item.ends_on:
        said.append(_("first due %(day)s") % {"day": item.original_ends_on.isoformat()})
    if item.forecast_on and item.forecast_on != item.ends_on:
        said.append(_("forecast %(day)s") % {"day": item.forecast_on.isoformat()})
    if item.late_until and item.ends_on:
        late = (item.late_until - item.ends_on).days
        said.append(ngettext("%(days)d day late", "%(days)d days late", late) % {"days": late})
    if item.progress is not None:
        said.append(_("%(percent)s %% done") % {"percent": number(item.progress)})
    if item.marks:
        count = len(item.marks)
        said.append(ngettext("%(count)d milestone", "%(count)d milestones", count) % {"count": count})
    return _("; ").join(said)


def _dates(item: Bar) -> str:
    if item.ends_on is not None:
        return f"{item.starts_on.isoformat()} – {item.ends_on.isoformat()}"
    start = item.starts_on.isoformat()
    if item.is_continuous:
        return _("continuous since %(start)s") % {"start": start}
    return _("from %(start)s, no date") % {"start": start}


def _stretch(item: Bar, span: Span, *, end: date) -> SafeString:
    """The bar from start to end and, dark in it, what is done. Without an end it is an outline."""
    left, right = span.at(item.starts_on), span.at(days.after(end) or end)
    if right <= left:
        return NOTHING
    known = "span" if item.ends_on else "span open"
    rect = format_html('<rect class="{}" x="{}%" y="12" width="{}%" height="10"/>', known, left, round(right - left, 2))
    if not item.progress or item.ends_on is None:
        return rect
    whole = (item.ends_on - item.starts_on).days + 1
    reached = days.after(item.starts_on, int(whole * min(item.progress, Decimal(100)) / 100)) or item.ends_on
    width = round(span.at(reached) - left, 2)
    if width <= 0:
        return rect
    return format_html('{}<rect class="span-done" x="{}%" y="12" width="{}%" height="10"/>', rect, left, width)


def _slip(item: Bar, span: Span) -> SafeString:
    """The ghost: where it should have ended, and the stretch that was added or given up since."""
    was, now = item.original_ends_on, item.ends_on
    if was is None or now is None or was == now:
        return NOTHING
    left, right = sorted((span.at(days.after(was) or was), span.at(days.after(now) or now)))
    title = _("First due %(first)s, now %(now)s") % {"first": was.isoformat(), "now": now.isoformat()}
    rect = '<rect class="slip" x="{}%" y="8" width="{}%" height="18"><title>{}</title></rect>'
    ghost = '<circle class="ghost" cx="{}%" cy="17" r="6"><title>{}</title></circle>'
    drawn = format_html(rect, left, round(right - left, 2), title) if right > left else NOTHING
    return format_html("{}{}", drawn, format_html(ghost, span.at(was), title) if span.has(was) else NOTHING)


def _delay(item: Bar, span: Span) -> SafeString:
    """The thin red line of a delay, and the dashed one to the day the department expects."""
    if item.ends_on is None:
        return NOTHING
    line = '<line class="{}" x1="{}%" x2="{}%" y1="17" y2="17"><title>{}</title></line>'
    end, drawn = span.at(days.after(item.ends_on) or item.ends_on), []
    if item.forecast_on and span.at(item.forecast_on) > end:
        title = _("Forecast: %(day)s") % {"day": item.forecast_on.isoformat()}
        drawn.append(format_html(line, "path", end, span.at(item.forecast_on), title))
    if item.late_until and span.at(item.late_until) > end:
        late = (item.late_until - item.ends_on).days
        title = ngettext("%(days)d day late", "%(days)d days late", late) % {"days": late}
        drawn.append(format_html(line, "delay", end, span.at(item.late_until), title))
    return _join(drawn)


def _marks(item: Bar, span: Span) -> Iterable[SafeString]:
    ghost = '<circle class="ghost" cx="{}%" cy="17" r="5"><title>{}</title></circle>'
    shape = (
        '<svg class="step {0}" x="{1}%" y="17" overflow="visible"><title>{2}</title><circle class="gap" r="7.5"/>'
        '<use href="#l-{0}" x="-6.5" y="-6.5" width="13" height="13"/></svg>'
    )
    for mark in item.marks:
        if mark.planned_on and _is_apart(mark.planned_on, mark.on, span):
            title = _("%(name)s: planned for %(day)s") % {"name": mark.name, "day": mark.planned_on.isoformat()}
            yield format_html(ghost, span.at(mark.planned_on), title)
        if span.has(mark.on):
            light = Health.DONE if mark.is_reached else Health.OFF_TRACK if mark.is_late else Health.NOT_STARTED
            yield format_html(shape, light, span.at(mark.on), f"{mark.name} {mark.on.isoformat()}")


def _is_apart(was: date, now: date, span: Span) -> bool:
    """Whether a ghost would stand clear of the shape it belongs to."""
    return span.has(was) and abs(span.at(was) - span.at(now)) >= GHOST_AWAY


def _outside(item: Bar, span: Span, *, end: date) -> SafeString:
    """An arrow at the edge behind which all of it lies."""
    if item.starts_on > span.last:
        return mark_safe('<text class="beyond" x="100%" y="21" text-anchor="end">→</text>')
    if end < span.first:
        return mark_safe('<text class="beyond" x="0%" y="21">←</text>')
    return NOTHING


def _join(parts: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))
