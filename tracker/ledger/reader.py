"""Reads an uploaded file into a sheet of ledger rows. Every file that cannot be read gets one sentence."""

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from django.conf import settings
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum

from projects.errors import DomainError
from tracker.ledger import guard
from tracker.ledger.workbook import Book, rows_of
from tracker.rules import ledger
from tracker.rules.ledger import HEADER_SEARCH, MAX_ROWS, Cell, Sheet

ENCODINGS = ("utf-8-sig", "gb18030")
SEPARATORS = ",;\t"


def workbook(data: bytes | None) -> Sheet:
    """The first sheet of an xlsx workbook. Raises DomainError."""
    table, remarks = table_of(data)
    sheet = ledger.read(table)
    return replace(sheet, remarks=(*remarks, *sheet.remarks))


def of_book(book: Book) -> Sheet:
    """The first sheet of a file that is open already. Raises DomainError."""
    first, *others = book.sheets
    sheet = ledger.read(_limited([_plain(row) for row in first.rows]))
    return replace(sheet, remarks=(*_unread([first.name, *(one.name for one in others)]), *sheet.remarks))


def table_of(data: bytes | None) -> tuple[Sequence[Sequence[Cell]], list[DomainError]]:
    """The cells of a workbook's first sheet, and what is told of the others. Raises DomainError."""
    content = _kept(data)
    guard.check_workbook(content)
    table, remarks = _first_table(content)
    return _limited(table), remarks


def words_of(data: bytes | None) -> str:
    """The text of a file in UTF-8 or GB18030. Raises DomainError."""
    return _decoded(_kept(data))


def text(data: bytes | None) -> Sheet:
    """A CSV file in UTF-8 or GB18030, separated by commas, semicolons or tabs. Raises DomainError."""
    content = words_of(data)
    first = content.split("\n", 1)[0]
    separator = max(SEPARATORS, key=first.count)
    try:
        table = list(csv.reader(io.StringIO(content, newline=""), delimiter=separator))
    except csv.Error:
        raise DomainError("ledger_not_text", field="import_file") from None
    return ledger.read(_limited(table))


def _kept(data: bytes | None) -> bytes:
    if data is None:
        raise DomainError("ledger_upload_gone", field="import_file")
    if not data:
        raise DomainError("ledger_empty_file", field="import_file")
    if len(data) > settings.LEDGER_MAX_BYTES:
        raise DomainError("ledger_too_large", field="import_file", megabytes=settings.LEDGER_MAX_BYTES // 2**20)
    return data


def _first_table(content: bytes) -> tuple[Sequence[Sequence[Cell]], list[DomainError]]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = [sheet.name for sheet in book.sheets_metadata if sheet.typ is SheetTypeEnum.WorkSheet]
        table = _cells(book.get_sheet_by_name(names[0])) if names else []
    except (CalamineError, OSError, ValueError, KeyError, IndexError):
        raise DomainError("ledger_damaged", field="import_file") from None
    except BaseException as error:
        # What the reader's Rust code did not foresee arrives as a PanicException, which is no Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise DomainError("ledger_damaged", field="import_file") from None
    return table, _unread(names)


def _unread(names: Sequence[str]) -> list[DomainError]:
    return [DomainError("ledger_sheet_unread", read=names[0], sheets="、".join(names[1:]))] if names[1:] else []


def _cells(sheet: CalamineSheet) -> Sequence[Sequence[Cell]]:
    """The cells from A1 on, so that positions are the row numbers that Excel shows."""
    return [_plain(row) for row in rows_of(sheet, {})]


def _plain(row: Sequence[object]) -> Sequence[Cell]:
    if all(isinstance(cell, ledger.CELL_TYPES) for cell in row):
        return cast("Sequence[Cell]", row)
    return [cell if isinstance(cell, ledger.CELL_TYPES) else "" if cell is None else str(cell) for cell in row]


def _limited(table: Sequence[Sequence[Cell]]) -> Sequence[Sequence[Cell]]:
    if len(table) > MAX_ROWS + HEADER_SEARCH:
        raise DomainError("ledger_too_many_rows", field="import_file", most=MAX_ROWS)
    return table


def _decoded(content: bytes) -> str:
    for encoding in ENCODINGS:
        try:
            decoded = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in decoded:
            return decoded
    raise DomainError("ledger_not_text", field="import_file")
