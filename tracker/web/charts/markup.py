"""The pieces every drawing is made of: safe markup, accessible names, numbers in words."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from tracker.rules.reasons import number
from tracker.web.charts.values import Point

NOTHING = mark_safe("")


def with_values(points: Sequence[Point]) -> list[tuple[date, Decimal]]:
    """Days with their values; days without one are left out."""
    return [(point.on, point.value) for point in points if point.value is not None]


def join(parts: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


def named(name: str) -> SafeString:
    """The attributes of a drawing that is read as one picture with this name."""
    return format_html('role="img" aria-label="{}"', name)


def calm(sentence: str) -> SafeString:
    return format_html('<p class="calm">{}</p>', sentence)


def plain(value: Decimal | int) -> str:
    return number(Decimal(value))


def with_unit(value: Decimal, unit: str) -> str:
    return f"{number(value)} {unit}".rstrip()
