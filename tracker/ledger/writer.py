"""Writes ledger rows as an xlsx workbook or CSV that print well, run no formula and read back as the same rows."""

from collections.abc import Iterable, Iterator, Sequence
from typing import IO

import xlsxwriter

from tracker.ledger import looks, stream
from tracker.ledger.stream import CSV, XLSX, Form, Line, Page
from tracker.rules import ledger, ledger_cells
from tracker.rules.ledger import COLUMNS, HEALTH_WORDS, Column, LedgerRow, Shape

SHEET_NAME = "台账"
LIGHT = "health"


def spooled(kind: str, rows: Iterable[LedgerRow], columns: Sequence[Column] = COLUMNS) -> IO[bytes]:
    """The rows as a file, "xlsx" or "csv", in constant memory; whoever takes it closes it."""
    return _workbook(rows, columns) if kind == XLSX else _text(rows, columns)


def workbook(rows: Iterable[LedgerRow]) -> bytes:
    """A workbook with all columns."""
    with spooled(XLSX, rows) as file:
        return file.read()


def text(rows: Iterable[LedgerRow]) -> bytes:
    """CSV with all columns."""
    with spooled(CSV, rows) as file:
        return file.read()


def _workbook(rows: Iterable[LedgerRow], columns: Sequence[Column]) -> IO[bytes]:
    """An xlsx workbook of one sheet: frozen header, column widths, landscape, one page wide, header on every page."""

    def set_up(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        looks.print_well(sheet)
        for place, column in enumerate(columns):
            quiet = {} if column.is_writable else looks.READ_ONLY
            sheet.set_column(place, place, column.width)
            sheet.write_string(0, place, column.heading, book.add_format(looks.HEAD | quiet))

    own = [_look(column) for column in columns]
    lights = [looks.light(health) for health in HEALTH_WORDS]
    lines = _lines(rows, columns)
    return stream.workbook(Page(name=SHEET_NAME, set_up=set_up, looks=[*own, *lights], lines=lines, start=1))


def _text(rows: Iterable[LedgerRow], columns: Sequence[Column]) -> IO[bytes]:
    """The same as CSV."""

    def lines() -> Iterator[Sequence[ledger.Cell]]:
        yield ledger_cells.headings(columns)
        yield from map(ledger_cells.writing(columns), rows)

    return stream.text(lines())


def _look(column: Column) -> Form:
    quiet = {} if column.is_writable else looks.READ_ONLY
    day = looks.DAY if column.shape is Shape.DAY else {}
    return (looks.WRAPPED if column.shape not in NARROW else looks.BODY) | quiet | day


NARROW = frozenset({Shape.CHOICE, Shape.DAY, Shape.YES_NO, Shape.NUMBER})


def _lines(rows: Iterable[LedgerRow], columns: Sequence[Column]) -> Iterator[Line]:
    """The rows, the light in its colour."""
    plain, written = tuple(range(len(columns))), ledger_cells.writing(columns)
    place = next((place for place, column in enumerate(columns) if column.field == LIGHT), None)
    if place is None:
        yield from ((written(row), plain) for row in rows)
        return
    coloured = {
        health: (*plain[:place], len(columns) + number, *plain[place + 1 :])
        for number, health in enumerate(HEALTH_WORDS)
    }
    yield from ((written(row), coloured.get(row.health, plain)) for row in rows)
