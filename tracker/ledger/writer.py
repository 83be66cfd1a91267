"""Writes ledger rows as an xlsx workbook or CSV that print well, run no formula and read back as the same rows."""

import csv
import io
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import xlsxwriter

from tracker.rules import ledger
from tracker.rules.ledger import COLUMNS, LONGEST_CELL, Cell, LedgerRow, Shape

SHEET_NAME = "台账"
A4 = 9
FROZEN_COLUMNS = 2
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd",
}
HEAD = {"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1, "border_color": "#BFBFBF"}
HEAD |= {"bg_color": "#EDEDED"}
READ_ONLY = {"font_color": "#7F7F7F"}
BODY = {"valign": "top", "border": 1, "border_color": "#D9D9D9"}


def workbook(rows: Iterable[LedgerRow]) -> bytes:
    """An xlsx workbook of one sheet: frozen header, column widths, landscape, one page wide, header on every page."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, OPTIONS)
    sheet = book.add_worksheet(SHEET_NAME)
    set_up(sheet)
    formats = []
    for position, column in enumerate(COLUMNS):
        quiet = {} if column.is_writable else READ_ONLY
        day = {"num_format": "yyyy-mm-dd"} if column.shape is Shape.DAY else {}
        wrap = {"text_wrap": True} if column.shape in {Shape.TEXT, Shape.NAMES} else {}
        sheet.set_column(position, position, column.width)
        sheet.write_string(0, position, column.heading, book.add_format(HEAD | quiet))
        formats.append(book.add_format(BODY | quiet | day | wrap))
    for number, row in enumerate(rows, start=1):
        for position, cell in enumerate(ledger.cells_of(row)):
            _write(sheet, number, position, cell, formats[position])
    book.close()
    return stream.getvalue()


def text(rows: Iterable[LedgerRow]) -> bytes:
    """CSV in UTF-8 with a mark by which Excel knows it."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(ledger.headings())
    for row in rows:
        writer.writerow([_guarded(cell) for cell in ledger.cells_of(row)])
    return stream.getvalue().encode("utf-8-sig")


def set_up(sheet: xlsxwriter.worksheet.Worksheet, *, head_row: int = 0) -> None:
    """Landscape A4, one page wide; the head stays in sight and stands on every page."""
    sheet.freeze_panes(head_row + 1, FROZEN_COLUMNS)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(head_row)
    sheet.set_footer("&C&P / &N")


def _write(
    sheet: xlsxwriter.worksheet.Worksheet,
    number: int,
    position: int,
    cell: Cell,
    form: xlsxwriter.format.Format,
) -> None:
    if cell is None:
        sheet.write_blank(number, position, None, form)
    elif isinstance(cell, date):
        sheet.write_datetime(number, position, cell, form)
    elif isinstance(cell, Decimal):
        sheet.write_number(number, position, cell, form)
    else:
        sheet.write_string(number, position, _guarded(cell)[:LONGEST_CELL], form)


def _guarded(cell: Cell) -> str:
    return ledger.guarded(ledger.tidy(cell)) if isinstance(cell, str) else ledger.text_of(cell)
