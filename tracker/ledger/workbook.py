"""Opens a file of any permitted kind as sheets of cells with their merges, or says in one sentence why not.

Judged before it is opened: xlsx by `guard`, xls by `old`. What the cells mean is told by `tracker.rules.reading`.
"""

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath

from django.conf import settings
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from projects.errors import DomainError
from tracker.ledger import guard, marks, old
from tracker.ledger.marks import NO_MARKS, Marks
from tracker.rules.ledger import HEADER_SEARCH, MAX_ROWS
from tracker.rules.reading import grid as grids
from tracker.rules.reading.characters import Cell, written
from tracker.rules.reading.grid import Area, Grid

CSV_SHEET = "csv"
ENCODINGS = ("utf-8-sig", "gb18030")
SEPARATORS = ",\t;|"
SNIFFED = 20  # lines that show which separator a CSV file has
MOST_MERGES = 200_000
MOST_CELLS = 3_000_000  # laid out by the reader, empty ones too
MARKUP = (
    b"<html",
    b"<!doctype",
    b"<table",
    b"<head",
    b"<?xml",
    b"<meta",
    b"<style",
    b"<body",
    b"<script",
    b"<div",
    b"mime-version",
)
BINARY = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"\x7fELF",
    b"MZ",
    b"{\\rtf",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """The sheets in their order, and what the file carries that is never run or followed: codes of sentences."""

    sheets: tuple[Grid, ...]
    remarks: tuple[str, ...] = ()


def open_file(data: bytes | None, *, name: str) -> Book:
    """The sheets of an xlsx, xls or CSV file. Raises DomainError."""
    content = _kept(data)
    suffix = PurePath(name).suffix.lower()
    if content.startswith(guard.ZIP):
        if suffix == ".csv":
            raise DomainError("ledger_name_misleads", field="import_file", said="CSV", found="xlsx")
        guard.check_workbook(content)
        return _new(content)
    if content.startswith(guard.OLE):
        judged = old.check(content)
        if suffix in {".xlsx", ".xlsm", ".csv"}:
            raise DomainError("ledger_name_misleads", field="import_file", said=suffix[1:], found="xls")
        remarks = ("ledger_macros_ignored",) if judged.has_macros else ()
        return Book(sheets=tuple(_sheets(content, {}, knows_formats=False)), remarks=remarks)
    _check_is_text(content, suffix)
    return Book(sheets=(_text(content),))


def words_of(data: bytes | None) -> str:
    """The text of a file of characters. Raises DomainError."""
    return _decoded(_kept(data))


def _kept(data: bytes | None) -> bytes:
    if not data:
        raise DomainError("ledger_empty_file", field="import_file")
    if len(data) > settings.LEDGER_MAX_BYTES:
        raise DomainError("ledger_too_large", field="import_file", megabytes=settings.LEDGER_MAX_BYTES // 2**20)
    if not data.strip(b"\xef\xbb\xbf \t\r\n,;\x00"):
        raise DomainError("ledger_empty_file", field="import_file")
    return data


def _check_is_text(content: bytes, suffix: str) -> None:
    """A web page or a picture with the name of a workbook is none; text under such a name is damaged at best."""
    start = content[:400].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(MARKUP):
        raise DomainError("ledger_web_page", field="import_file")
    if content.startswith(BINARY) or suffix in {".xlsx", ".xlsm", ".xls"}:
        raise DomainError("ledger_not_a_workbook", field="import_file")


def _new(content: bytes) -> Book:
    remarks = []
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            if marks.has_macros(parts):
                remarks.append("ledger_macros_ignored")
            if marks.has_links(parts):
                remarks.append("ledger_links_ignored")
            marked = marks.read(parts)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError, RuntimeError):
        raise DomainError("ledger_damaged", field="import_file") from None
    return Book(sheets=tuple(_sheets(content, marked, knows_formats=True)), remarks=tuple(remarks))


def _sheets(content: bytes, marked: dict[str, Marks], *, knows_formats: bool) -> Iterator[Grid]:
    """The worksheets. Whatever the reader does not survive is a damaged file."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        kept: dict[Cell, Cell] = {}
        left = MAX_ROWS + HEADER_SEARCH
        for described in book.sheets_metadata:
            if described.typ is not SheetTypeEnum.WorkSheet:
                continue
            if described.visible is not SheetVisibleEnum.Visible:
                yield Grid(name=described.name, rows=[], is_hidden=True)
                continue
            mark = marked.get(described.name, NO_MARKS)
            grid = _grid(book.get_sheet_by_name(described.name), mark, kept, knows_formats=knows_formats)
            left -= grid.height
            if left < 0:
                raise DomainError("ledger_too_many_rows", field="import_file", most=MAX_ROWS)
            yield grid
    except (CalamineError, OSError, ValueError, KeyError, IndexError, OverflowError):
        raise DomainError("ledger_damaged", field="import_file") from None
    except BaseException as error:
        # What the reader's Rust code did not foresee arrives as a PanicException, which is no Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise DomainError("ledger_damaged", field="import_file") from None


def _grid(sheet: CalamineSheet, mark: Marks, kept: dict[Cell, Cell], *, knows_formats: bool) -> Grid:
    """One sheet from A1 on. Equal texts are kept once."""
    if sheet.total_height * sheet.total_width > MOST_CELLS:
        raise DomainError("ledger_stray_cells", field="import_file")
    merges = sheet.merged_cell_ranges or []
    if len(merges) > MOST_MERGES:
        raise DomainError("ledger_damaged", field="import_file")
    rows = [] if sheet.start is None else rows_of(sheet, kept)
    _show(rows, mark)
    return Grid(
        name=sheet.name,
        rows=rows,
        merges=tuple(Area(top=top, left=left, bottom=bottom, right=right) for (top, left), (bottom, right) in merges),
        formulas=mark.formulas,
        percents=mark.percents,
        knows_formats=knows_formats,
    )


def rows_of(sheet: CalamineSheet, kept: dict[Cell, Cell]) -> list[tuple[Cell, ...]]:
    """The rows from row 1 and column A on. The reader begins at the first column that is used."""
    first_row, first_column = sheet.start or (0, 0)
    before = ("",) * first_column
    rows = [
        (*before, *(kept.setdefault(cell, cell) if isinstance(cell, str) else cell for cell in row))
        for row in sheet.iter_rows()
    ]
    missing = first_row + sheet.height - len(rows)
    return [()] * missing + rows if missing > 0 else rows


def _show(rows: list[tuple[Cell, ...]], mark: Marks) -> None:
    """Cells whose format says more than their value become the words that are seen: 2026年6月, RC-001, 15万元."""
    changed: dict[int, list[Cell]] = {}
    for key in (*mark.months, *mark.counted):
        number, index = divmod(key, grids.WIDEST)
        cell = rows[number][index] if number < len(rows) and index < len(rows[number]) else None
        if key in mark.counted and isinstance(cell, int | float) and not isinstance(cell, bool):
            before, digits, behind = mark.counted[key]
            value = written(cell)
            shown = f"{before}{value.zfill(digits)}{behind}" if value.isdecimal() else f"{value}{behind}"
        elif key in mark.months and isinstance(cell, date) and cell.day == 1:
            shown = f"{cell.year}年{cell.month}月"
        else:
            continue
        if number not in changed:
            changed[number] = list(rows[number])
        changed[number][index] = shown
    for number, row in changed.items():
        rows[number] = tuple(row)


def _text(content: bytes) -> Grid:
    """A CSV file: one record a row, as Excel counts them."""
    decoded = _decoded(content)
    lines = decoded.split("\n", SNIFFED)[:SNIFFED]
    separator = max(SEPARATORS, key=lambda sign: sum(line.count(sign) for line in lines))
    rows: list[tuple[Cell, ...]] = []
    kept: dict[str, str] = {}
    try:
        for record in csv.reader(io.StringIO(decoded, newline=""), delimiter=separator):
            record = [cell[2:-1] if cell.startswith('="') and cell.endswith('"') else cell for cell in record]
            rows.append(tuple(kept.setdefault(cell, cell) for cell in record))
            if len(record) > guard.MAX_COLUMNS:
                raise DomainError("ledger_too_wide", field="import_file", most=guard.MAX_COLUMNS)
            if len(rows) > MAX_ROWS + HEADER_SEARCH:
                raise DomainError("ledger_too_many_rows", field="import_file", most=MAX_ROWS)
    except csv.Error:
        raise DomainError("ledger_not_text", field="import_file") from None
    return Grid(name=CSV_SHEET, rows=rows)


def _decoded(content: bytes) -> str:
    encodings = ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ENCODINGS
    for encoding in encodings:
        try:
            decoded = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in decoded:
            return decoded
    raise DomainError("ledger_not_text", field="import_file")
