"""Columns: what each year brought, a dark column, against what it should bring, a line across."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tracker.rules.reasons import number
from tracker.web.charts.markup import NOTHING, calm, join, named, with_unit
from tracker.web.charts.values import Column

LEFT, RIGHT, TOP, BOTTOM = 10, 350, 24, 126
# A column is never wider than this, and at most so many carry their number.
WIDEST, NUMBERED = 44, 12
# A number stands between its column and the line above it where there is this much room.
ROOM = 20


def columns(items: Sequence[Column], *, name: str, unit: str) -> SafeString:
    """Did each year bring what it should? In the order given; an unknown value is a dashed outline, never a zero."""
    known = [value for item in items for value in (item.value, item.planned) if value is not None]
    if not known:
        return calm(_("No figure yet, so there is nothing to draw."))
    top = max(max(known), Decimal(0)) or Decimal(1)
    place = (RIGHT - LEFT) / len(items)
    body = []
    for number_of, item in enumerate(items):
        middle = round(LEFT + place * (number_of + 0.5), 1)
        body.append(_column(item, middle=middle, width=min(place * 0.62, WIDEST), top=top, unit=unit))
        if len(items) <= NUMBERED or (len(items) - 1 - number_of) % -(-len(items) // NUMBERED) == 0:
            body.append(_words(item, middle=middle, top=top))
    axis = format_html('<path class="axis" d="M{} {}H{}"/>', LEFT, BOTTOM, RIGHT)
    svg = '<svg class="chart plot" viewBox="0 0 360 150" {}>{}{}</svg>'
    return format_html(svg, named(_("%(name)s, year by year, against the plan") % {"name": name}), join(body), axis)


def _height(value: Decimal, top: Decimal) -> float:
    return round(float(max(value, Decimal(0)) / top) * (BOTTOM - TOP), 1)


def _column(item: Column, *, middle: float, width: float, top: Decimal, unit: str) -> SafeString:
    left, title = round(middle - width / 2, 1), _title(item, unit)
    height = _height(item.planned or Decimal(0), top) if item.value is None else _height(item.value, top)
    shape = '<rect class="{}" x="{}" y="{}" width="{}" height="{}"><title>{}</title></rect>'
    kind = "column unknown" if item.value is None else "column"
    drawn = format_html(shape, kind, left, round(BOTTOM - max(height, 1), 1), round(width, 1), max(height, 1), title)
    if item.planned is None:
        return drawn
    y = round(BOTTOM - _height(item.planned, top), 1)
    line = '{}<path class="goal" d="M{} {}h{}"><title>{}</title></path>'
    return format_html(line, drawn, round(left - 4, 1), y, round(width + 8, 1), title)


def _words(item: Column, *, middle: float, top: Decimal) -> SafeString:
    """The label under the column and its number above it; an unknown one has a question mark."""
    own, line = _height(item.value or Decimal(0), top), _height(item.planned or Decimal(0), top)
    over = own if own + ROOM < line and item.value is not None else max(own, line)
    said = "?" if item.value is None else number(item.value)
    texts = [("now-text", round(BOTTOM - over - 6, 1), said), ("", 143, item.label)]
    text = '<text class="{}" x="{}" y="{}" text-anchor="middle">{}</text>'
    return format_html_join(NOTHING, text, ((kind, middle, y, words) for kind, y, words in texts))


def _title(item: Column, unit: str) -> str:
    value = _("unknown") if item.value is None else with_unit(item.value, unit)
    planned = _("unknown") if item.planned is None else with_unit(item.planned, unit)
    return _("%(label)s: %(value)s, planned %(planned)s") % {"label": item.label, "value": value, "planned": planned}
