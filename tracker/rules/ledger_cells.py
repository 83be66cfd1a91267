"""The ledger's rows as the cells of a file: the way out of `rules.ledger`. Pure."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from operator import attrgetter
from typing import Any

from tracker.rules import ledger_stages as stages
from tracker.rules.ledger import COLUMNS, Cell, Column, LedgerRow, Shape, Value


def headings(columns: Sequence[Column] = COLUMNS) -> list[str]:
    """The header row of a written file."""
    return [column.heading for column in columns]


def cells_of(row: LedgerRow, columns: Sequence[Column] = COLUMNS) -> list[Cell]:
    """The row's cells in the order of the columns; dates and numbers stay what they are, text is not guarded yet."""
    return [_way(column)(getattr(row, column.field)) for column in columns]


def writing(columns: Sequence[Column]) -> Callable[[LedgerRow], list[Cell]]:
    """`cells_of` for many rows of the same columns, of which there are at least two."""
    values = attrgetter(*(column.field for column in columns))
    ways = [_way(column) for column in columns]
    return lambda row: [way(value) for way, value in zip(ways, values(row), strict=True)]


def _way(column: Column) -> Callable[[Any], Cell]:
    """How a value of the column is written."""
    if column.shape is Shape.CHOICE:
        words = column.words
        return lambda value: words.get(value, value)
    return WAYS.get(column.shape, _plain)


def _plain(value: Value) -> Cell:
    return (stages.joined(value) or None) if isinstance(value, tuple) else (value or None)


WAYS: Mapping[Shape, Callable[[Any], Cell]] = {
    Shape.YES_NO: lambda value: "是" if value else "否",
    Shape.NUMBER: lambda value: Decimal(value) if value else None,
}
