"""The plot that lines and columns stand in: days to x, values to y, the axis of time and today."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tracker.web.charts.markup import NOTHING, join, named


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
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


def frame_of(days: Sequence[date], values: Sequence[Decimal]) -> Frame:
    low, high = min(values), max(values)
    margin = (high - low) * Decimal("0.08") or abs(high) * Decimal("0.1") or Decimal(1)
    return Frame(first=min(days), last=later(min(days), max(days)), low=low - margin, high=high + margin)


def later(first: date, last: date) -> date:
    return last if last > first else first + timedelta(days=30)


def today_line(frame: Frame, today: date) -> SafeString:
    if not frame.first < today < frame.last:
        return NOTHING
    line = '<path class="axis" d="M{0} 12V{1}"/><text x="{0}" y="9" text-anchor="middle">{2}</text>'
    return format_html(line, frame.x(today), frame.BOTTOM, _("Today"))


def ticks(frame: Frame) -> SafeString:
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


def plot(label: str, body: Sequence[SafeString]) -> SafeString:
    return format_html('<svg class="chart plot" viewBox="0 0 360 150" {}>{}</svg>', named(label), join(body))
