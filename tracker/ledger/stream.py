"""Writes one worksheet row by row in constant memory (ADR 0025), or the same rows as CSV. Both into a spooled file.

XlsxWriter makes the shell: looks, widths, head, print set-up. The rows below the head are XML of our own, put into the
shell's sheet as they come.
"""

import csv
import io
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import IO

import xlsxwriter

from tracker.rules import ledger, ledger_cut

Cell = ledger.Cell
Form = Mapping[str, object]  # properties of a cell, in XlsxWriter's words
Line = tuple[Sequence[Cell], Sequence[int]]  # the cells of a row, and the look of each
SetUp = Callable[[xlsxwriter.Workbook, xlsxwriter.worksheet.Worksheet], None]

XLSX, CSV = "xlsx", "csv"
BATCH = 500  # rows that are written at once
KEPT_IN_MEMORY = 512 * 1024  # bytes; a larger file lies on disk until it is sent
MARK = "\ufeff"  # by which Excel knows UTF-8
EPOCH = date(1899, 12, 30).toordinal()
SHEET = "xl/worksheets/sheet1.xml"
SHARED = "xl/sharedStrings.xml"
MOST_SHARED = 500  # different texts that a column keeps once
LONGEST_SHARED = 100  # signs

# What a text may not have to be written as it is: something to guard or to tidy, or a sign that XML or Excel reads.
CARE = re.compile(r"^[\s'=+\-@]|\s$|[&<>\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]|_x")
NO_XML = re.compile("[\ufffe\uffff]")
CODED = re.compile("_(?=x[0-9a-fA-F]{4}_)")  # Excel reads _x000D_ as a line break
ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A worksheet. `set_up` writes what stands above row `start` (from 0); `merges` may grow while the rows are read.

    `looks` are named in the lines by their place.
    """

    name: str
    set_up: SetUp
    looks: Sequence[Form]
    lines: Iterable[Line]
    start: int
    merges: list[str] = field(default_factory=list)


def workbook(page: Page) -> IO[bytes]:
    """The workbook as a file that stands at its beginning; whoever takes it closes it."""
    shell, pattern = _shell(page)
    file = _spooled()
    with zipfile.ZipFile(shell) as parts, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        for part in parts.infolist():
            if part.filename not in {SHEET, SHARED}:
                book.writestr(part, parts.read(part), zipfile.ZIP_DEFLATED)
        before, after = pattern.before, pattern.after
        shared = _Shared(parts.read(SHARED).decode())
        with book.open(_part(SHEET), "w") as sheet:
            sheet.write(before.encode())
            for piece in _pieces(page, pattern.styles, shared):
                sheet.write(piece.encode())
            sheet.write(_with_merges(after, page.merges).encode())
        book.writestr(_part(SHARED), shared.xml().encode())
    file.seek(0)
    return file


def text(rows: Iterable[Sequence[Cell]]) -> IO[bytes]:
    """CSV in UTF-8 with a mark, as a file that stands at its beginning; whoever takes it closes it."""
    file = _spooled()
    rows = iter(rows)
    mark = MARK
    while batch := list(islice(rows, BATCH)):
        stream = io.StringIO(mark, newline="")
        stream.seek(0, io.SEEK_END)
        csv.writer(stream).writerows([_said(cell) for cell in row] for row in batch)
        file.write(stream.getvalue().encode())
        mark = ""
    file.seek(0)
    return file


def _said(cell: Cell) -> str:
    if isinstance(cell, str):
        return guarded(cell) if CARE.search(cell) else cell
    return ledger.text_of(cell)


def guarded(words: str) -> str:
    """Text as it is kept, and as no spreadsheet takes it for a formula."""
    return ledger.guarded(ledger.tidy(words))


def _spooled() -> IO[bytes]:
    return tempfile.SpooledTemporaryFile(max_size=KEPT_IN_MEMORY)


def _part(name: str) -> zipfile.ZipInfo:
    part = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    part.compress_type = zipfile.ZIP_DEFLATED
    return part


# --- The shell


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pattern:
    """The shell's sheet, cut where the rows go, and the number by which it knows each look."""

    before: str
    after: str
    styles: Sequence[str]


def _shell(page: Page) -> tuple[io.BytesIO, _Pattern]:
    """The workbook without its rows. A row with one cell of each look shows how the looks are numbered."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_numbers": False})
    sheet = book.add_worksheet(page.name)
    page.set_up(book, sheet)
    for place, look in enumerate(page.looks):
        sheet.write_blank(page.start, place, None, book.add_format(dict(look)))
    book.close()
    with zipfile.ZipFile(stream) as parts:
        xml = parts.read(SHEET).decode()
    found = re.search(rf'<row r="{page.start + 1}"[^>]*>(.*?)</row>', xml, re.DOTALL)
    if found is None:
        raise AssertionError("the shell has lost its pattern row")
    styles = re.findall(r'<c r="[A-Z]+\d+" s="(\d+)"', found[1])
    before = re.sub(r"<dimension [^>]*/>", "", xml[: found.start()])  # it names the pattern row as the last
    return stream, _Pattern(before=before, after=xml[found.end() :], styles=styles)


def _with_merges(xml: str, merges: Sequence[str]) -> str:
    """The end of the sheet with these merged ranges beside its own."""
    if not merges:
        return xml
    cells = "".join(f'<mergeCell ref="{area}"/>' for area in merges)
    found = re.search(r'<mergeCells count="(\d+)">', xml)
    if found:
        count = int(found[1]) + len(merges)
        return f'{xml[: found.start()]}<mergeCells count="{count}">{cells}{xml[found.end() :]}'
    head, end, rest = xml.partition("</sheetData>")
    return f'{head}{end}<mergeCells count="{len(merges)}">{cells}</mergeCells>{rest}'


# --- Rows


class _Shared:
    """The texts that cells name by a number. A column's first different ones are kept so: what it repeats costs the
    sheet less than half, and memory does not grow with the rows.
    """

    def __init__(self, xml: str) -> None:
        """Go on from the texts of the shell."""
        self.head, self.tail = re.sub(r' (?:count|uniqueCount)="\d+"', "", xml).split("</sst>")
        self.texts: list[str] = []
        self.first = xml.count("<si>")
        self.by_column: dict[str, dict[str, int]] = {}

    def of(self, name: str) -> dict[str, int]:
        """The numbers of a column's texts."""
        return self.by_column.setdefault(name, {})

    def add(self, known: dict[str, int], words: str) -> int | None:
        """A new text's number; None when it is too long, or the column has too many."""
        if len(known) >= MOST_SHARED or not 0 < len(words) <= LONGEST_SHARED:
            return None
        said = _escaped(words)
        if not said:
            return None
        known[words] = number = self.first + len(self.texts)
        self.texts.append(f"<si><t>{said}</t></si>")
        return number

    def xml(self) -> str:
        return f"{self.head}{''.join(self.texts)}</sst>{self.tail}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opening:
    """What stands before the row's number in a cell of a column; after it for a text, a shared one, a number, a gap."""

    name: str
    words: str
    shared: str
    figure: str
    gap: str
    known: dict[str, int]


def _pieces(page: Page, styles: Sequence[str], shared: _Shared) -> Iterator[str]:
    """The rows as XML, so many at a time."""
    kept: dict[tuple[int, ...], list[_Opening]] = {}
    lines = enumerate(page.lines, start=page.start + 1)
    while batch := list(islice(lines, BATCH)):
        parts: list[str] = []
        for number, (cells, looks) in batch:
            key = tuple(looks)
            if key not in kept:
                kept[key] = [_opening(place, styles[look], shared) for place, look in enumerate(key)]
            _row(parts, number, cells, kept[key], shared)
        yield "".join(parts)


def _opening(place: int, style: str, shared: _Shared) -> _Opening:
    return _Opening(
        name=f'<c r="{column(place)}',
        words=f'" s="{style}" t="inlineStr"><is><t>',
        shared=f'" s="{style}" t="s"><v>',
        figure=f'" s="{style}"><v>',
        gap=f'" s="{style}"/>',
        known=shared.of(column(place)),
    )


def column(place: int) -> str:
    """A column's letters; the first is 0."""
    return (column(place // 26 - 1) if place >= 26 else "") + chr(65 + place % 26)


def _row(parts: list[str], number: int, cells: Sequence[Cell], openings: Sequence[_Opening], shared: _Shared) -> None:
    parts.append(f'<row r="{number}">')
    for opening, cell in zip(openings, cells, strict=True):
        start = f"{opening.name}{number}"
        if isinstance(cell, str):
            at = opening.known.get(cell)
            if at is None:
                at = shared.add(opening.known, cell)
            if at is not None:
                parts.append(f"{start}{opening.shared}{at}</v></c>")
                continue
            said = _escaped(cell) if CARE.search(cell) or len(cell) > ledger_cut.LONGEST_CELL // 2 else cell
            parts.append(f"{start}{opening.words}{said}</t></is></c>" if said else f"{start}{opening.gap}")
        elif cell is None:
            parts.append(f"{start}{opening.gap}")
        elif isinstance(cell, date):
            parts.append(f"{start}{opening.figure}{cell.toordinal() - EPOCH}</v></c>")
        else:
            parts.append(f"{start}{opening.figure}{cell}</v></c>")
    parts.append("</row>")


def _escaped(words: str) -> str:
    """A text in XML: guarded, tidied, cut to what a cell holds, with nothing that Excel would decode."""
    said = ledger_cut.fitting(NO_XML.sub("", guarded(words)))
    return CODED.sub("_x005F_", said.translate(ESCAPES))
