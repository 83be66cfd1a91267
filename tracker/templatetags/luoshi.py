"""Tags and filters of the pages: lights, small meters, figures and dates in sentences. No queries, no rules."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TypeVar

from django import template
from django.utils import formats
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, pgettext

from tracker.choices import Health
from tracker.rules.reasons import number

register = template.Library()
Item = TypeVar("Item")

_WORDED = (
    '<span class="light {0}"><svg width="16" height="16" aria-hidden="true"><use href="#l-{0}"/></svg><b>{1}</b></span>'
)
_NAMED = (
    '<span class="light {0}"><svg width="16" height="16" role="img" aria-label="{1}">'
    '<title>{1}</title><use href="#l-{0}"/></svg></span>'
)
_METER = '<svg class="meter small" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">{}{}</svg>'
_FILLED = '<rect class="track" width="100" height="6"/><rect class="fill" width="{}" height="6"/>'
_UNKNOWN = mark_safe('<rect class="unknown" width="100" height="6" vector-effect="non-scaling-stroke"/>')
_TICK = '<path class="mark-line" d="M{} -3V9" vector-effect="non-scaling-stroke"/>'

THIN = "\N{NARROW NO-BREAK SPACE}"
# Between a figure and Han, with a space or without one, and before a percent sign.
_HAN = "[\u4e00-\u9fff]"
_FIGURE_EDGE = re.compile(rf"(?<=[0-9%]) ?(?={_HAN})|(?<={_HAN}) ?(?=[≥≤+−-]?[0-9])|(?<=[0-9]) (?=%)")


@register.simple_tag
def light(health: str, *, word: bool = True) -> SafeString:
    """Shape, word and colour of one light. Without the word, the shape carries the name for screen readers."""
    return format_html(_WORDED if word else _NAMED, health, Health(health).label)


@register.simple_tag
def meter(progress: Decimal | int | None, expected: Decimal | int | None = None) -> SafeString:
    """A small bar of progress (percent) with a tick at what is expected; an unknown progress is a dashed outline."""
    tick = "" if expected is None else format_html(_TICK, number(Decimal(expected)))
    body = _UNKNOWN if progress is None else format_html(_FILLED, number(Decimal(progress)))
    return format_html(_METER, body, tick)


@register.filter(is_safe=True)
def figures(text: object) -> str:
    """The text with thin, unbreakable spaces between figures and Han, so that a figure never parts from its unit, and
    without a space behind a full-width stop.
    """
    return _FIGURE_EDGE.sub(THIN, str(text).replace("。 ", "。"))


@register.filter
def at(items: Sequence[Item], index: int) -> Item | None:
    """The item at this place; None beyond the end."""
    return items[index] if index < len(items) else None


@register.filter
def signed(number: int) -> str:
    """A change with its sign: +4, −2, ±0."""
    if number == 0:
        return "±0"
    return f"+{number}" if number > 0 else f"−{-number}"


@register.filter
def in_words(day: date | None) -> str:
    """A date as it stands in a sentence: 2026 年 12 月 31 日, 31 December 2026. Empty for an unknown one."""
    if day is None:
        return gettext("an unknown date")
    return formats.date_format(day, pgettext("date in a sentence", "j F Y"))
