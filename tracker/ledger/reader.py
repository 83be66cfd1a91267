"""Reads a file that this site wrote, or that is laid out like one: its first sheet. `workbook` opens it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from projects.errors import DomainError
from tracker.ledger import workbook
from tracker.ledger.workbook import Book
from tracker.rules import ledger, ledger_forms, ledger_own
from tracker.rules.ledger import HEADER_SEARCH, MAX_ROWS, Cell, Sheet
from tracker.rules.reading.grid import Area


def of_file(data: bytes | None, *, name: str) -> Sheet:
    """The ledger rows of a file. Raises DomainError."""
    return of_book(workbook.open_file(data, name=name))


def of_book(book: Book) -> Sheet:
    """The ledger rows of a file that is open already. Raises DomainError."""
    table = _first_of(book)
    first, *others = [sheet.name for sheet in book.sheets]
    if ledger_own.is_list(table):
        raise DomainError("ledger_is_a_list", field="import_file")
    if form := ledger_forms.form_of(table):
        sheet = ledger_forms.read(form, _filled(table, book.sheets[0].merges, below=form.header))
    else:
        sheet = ledger.read(table)
    unread = [DomainError("ledger_sheet_unread", read=first, sheets="、".join(others))] if others else []
    return replace(sheet, remarks=(*unread, *sheet.remarks))


def table_of(data: bytes | None, *, name: str) -> Sequence[Sequence[Cell]]:
    """The cells of a file's first sheet from A1 on: positions are the numbers that Excel shows. Raises DomainError."""
    return _first_of(workbook.open_file(data, name=name))


def _first_of(book: Book) -> Sequence[Sequence[Cell]]:
    if not book.sheets:
        raise DomainError("ledger_damaged", field="import_file")
    rows = book.sheets[0].rows
    if len(rows) > MAX_ROWS + HEADER_SEARCH:
        raise DomainError("ledger_too_many_rows", field="import_file", most=MAX_ROWS)
    return [_plain(row) for row in rows]


def _filled(table: Sequence[Sequence[Cell]], merges: Sequence[Area], *, below: int) -> Sequence[Sequence[Cell]]:
    """Merged cells of a column all say what the first one says."""
    rows = [list(cells) for cells in table]
    for area in merges:
        if below < area.top < len(rows) and area.left == area.right and area.left < len(rows[area.top]):
            for row in rows[area.top + 1 : area.bottom + 1]:
                row[area.left : area.left + 1] = [rows[area.top][area.left]]
    return rows


def _plain(row: Sequence[object]) -> Sequence[Cell]:
    if all(isinstance(cell, ledger.CELL_TYPES) for cell in row):
        return cast("Sequence[Cell]", row)
    return [cell if isinstance(cell, ledger.CELL_TYPES) else "" if cell is None else str(cell) for cell in row]
