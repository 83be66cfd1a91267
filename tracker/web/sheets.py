"""Lists as files: what a page's filters choose, as CSV or as a workbook. Nothing in them is taken for a formula.

A page asks `asked(request)` first; for "csv" or "xlsx" it answers `response(sheet, kind)` with all rows, not with one
page of them. `links(request)` are the addresses for components/_export.html.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import chain, islice

import xlsxwriter
from django.core.exceptions import BadRequest
from django.http import FileResponse, HttpRequest
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tracker.choices import Health
from tracker.ledger import downloads, looks, stream
from tracker.ledger.stream import Page
from tracker.rules import ledger
from tracker.web import context
from tracker.web import links as addresses

Cell = str | int | Decimal | date | None
Row = Sequence[Cell]

ASKED_BY = "format"
NAMES = {"csv": "CSV", "xlsx": "Excel"}
HEAD_ROW = 1  # the line above says what the rows are
NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\']")
LONGEST_SHEET_NAME = 31
MEASURED = 100  # rows that decide how wide a column becomes
NARROWEST, WIDEST = 8, 48
LOOKS = (looks.WRAPPED, looks.BODY, looks.BODY | looks.DAY)
TEXT, PLAIN, DAY = range(3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What a file holds. `name`: its title and the file's name; `filters`: what narrowed the rows, in words."""

    name: str
    columns: Sequence[str]
    rows: Iterable[Row]
    filters: Sequence[str] = ()


def asked(request: HttpRequest) -> str:
    """The kind of file that the address asks for; "" for the page itself. Any other value is a bad request."""
    kind = request.GET.get(ASKED_BY, "")
    if kind and kind not in NAMES:
        raise BadRequest("no such kind of sheet")
    return kind


def links(request: HttpRequest) -> list[dict[str, str]]:
    """The addresses of the files with the rows of this page: its filters, without its place in the list."""
    query = {name: value for name, value in request.GET.items() if value and name not in {ASKED_BY, "after"}}
    return [
        {"label": label, "href": addresses.with_query(request.path, query | {ASKED_BY: kind})}
        for kind, label in NAMES.items()
    ]


def response(sheet: Sheet, kind: str) -> FileResponse:
    """The file, to be kept by the reader and by nobody in between. All rows are read before the first byte goes out."""
    file = stream.text(_text(sheet)) if kind == stream.CSV else stream.workbook(_page(sheet))
    return downloads.answer(file, name=sheet.name, kind=kind)


def head(sheet: Sheet) -> str:
    """The line above the rows: what they are, as of when, narrowed by what."""
    now = context.status_now()
    at = now.as_of
    if at is None:
        day = _("not assessed yet")
    else:
        day = _("data as of %(at)s") % {"at": formats.date_format(timezone.localtime(at), "Y-m-d H:i")}
    made_up = [_("some of it is demonstration and happened nowhere")] if now.is_demo else []
    narrowed = "; ".join(sheet.filters) if sheet.filters else pgettext("filters", "none")
    return " · ".join([sheet.name, day, _("filters: %(filters)s") % {"filters": narrowed}, *made_up])


def _text(sheet: Sheet) -> Iterator[Row]:
    yield [head(sheet)]
    yield sheet.columns
    yield from sheet.rows


def _page(sheet: Sheet) -> Page:
    """One worksheet: heading line, frozen column heads, widths by the first rows, lights in their colours."""
    rows, widths = _measured(sheet)

    def set_up(book: xlsxwriter.Workbook, page: xlsxwriter.worksheet.Worksheet) -> None:
        looks.print_well(page, first=HEAD_ROW, last=HEAD_ROW)
        form = book.add_format(dict(looks.HEAD))
        page.write_string(0, 0, stream.guarded(head(sheet)))
        for position, column in enumerate(sheet.columns):
            page.set_column(position, position, widths[position])
            page.write_string(HEAD_ROW, position, stream.guarded(column), form)

    name = NOT_IN_SHEET_NAMES.sub(" ", sheet.name)[:LONGEST_SHEET_NAME]
    lights = {str(health.label): len(LOOKS) + number for number, health in enumerate(Health)}
    places = [place for place, column in enumerate(sheet.columns) if column == _("Light")]
    lines = ((row, _looks(row, places, lights)) for row in rows)
    return Page(name=name, set_up=set_up, looks=[*LOOKS, *map(looks.light, Health)], lines=lines, start=HEAD_ROW + 1)


def _looks(row: Row, places: Sequence[int], lights: Mapping[str, int]) -> list[int]:
    found = [TEXT if isinstance(cell, str) else DAY if isinstance(cell, date) else PLAIN for cell in row]
    for place in places:
        found[place] = lights.get(str(row[place]), found[place])
    return found


def _measured(sheet: Sheet) -> tuple[Iterator[Row], list[int]]:
    """The rows, and how wide each column is for the first of them. Rows are read once."""
    rows = iter(sheet.rows)
    first = list(islice(rows, MEASURED))
    widths = [
        min(max(NARROWEST, *(_width(cell) for cell in [name, *(row[place] for row in first)])), WIDEST)
        for place, name in enumerate(sheet.columns)
    ]
    return chain(first, rows), widths


def _width(cell: Cell) -> int:
    """Characters of a cell, Chinese ones twice as wide, and a little air."""
    return sum(2 if sign > "\u2e80" else 1 for sign in ledger.text_of(cell)) + 2
