"""How the ledger's preview names a column and shows a value."""

from django import template
from django.utils import translation

from tracker.rules import ledger_check
from tracker.rules.ledger import Column, Value

register = template.Library()


@register.simple_tag
def heading(column: Column) -> str:
    """The column's name in the reader's language: the official word in Chinese."""
    return column.name if translation.get_language() == "en" else column.heading


@register.simple_tag
def shown(column: Column, value: Value) -> str:
    """A cell's value as text; a dash for nothing."""
    return ledger_check.shown(column, value) or "—"
