"""Tags of supervision slips: their colour and their number. No queries, no rules."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tracker import wording
from tracker.choices import SlipLevel

register = template.Library()

_MARK = (
    '<span class="light {1}"><svg width="16" height="16" aria-hidden="true"><use href="#s-{0}"/></svg><b>{2}</b></span>'
)
# Slips borrow the ink of the lights: the same three colours, with shapes of their own.
_INK = {SlipLevel.BLUE: "done", SlipLevel.YELLOW: "at_risk", SlipLevel.RED: "off_track"}


@register.simple_tag
def slip_mark(level: str) -> SafeString:
    """Shape, word and colour of a slip: a sheet with one, two or three lines."""
    return format_html(_MARK, level, _INK[SlipLevel(level)], SlipLevel(level).label)


@register.simple_tag
def slip_number(year: int | None, number: int | None) -> str:
    """What the slip is called."""
    return wording.slip_number(year, number)
