"""The ledger's rows as the cells of a file: the way out of `rules.ledger`. Pure."""

from collections.abc import Sequence
from decimal import Decimal

from tracker.rules import ledger_stages as stages
from tracker.rules.ledger import COLUMNS, Cell, Column, LedgerRow, Shape, Value


def headings(columns: Sequence[Column] = COLUMNS) -> list[str]:
    """The header row of a written file."""
    return [column.heading for column in columns]


def cells_of(row: LedgerRow, columns: Sequence[Column] = COLUMNS) -> list[Cell]:
    """The row's cells in the order of the columns; dates and numbers stay what they are, text is not guarded yet."""
    return [_written(column, getattr(row, column.field)) for column in columns]


def _written(column: Column, value: Value) -> Cell:
    if column.shape is Shape.YES_NO:
        return "是" if value else "否"
    if column.shape is Shape.CHOICE:
        return column.words.get(str(value), str(value))
    if column.shape is Shape.NUMBER:
        return Decimal(str(value)) if value else None
    if isinstance(value, tuple):
        return stages.joined(value) or None
    return value or None
