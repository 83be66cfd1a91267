"""Lists as files: what a page's filters choose, as CSV or as a workbook. Nothing in them is taken for a formula.

A page asks `asked(request)` first; for "csv" or "xlsx" it answers `response(sheet, kind)` with all rows, not with one
page of them. `links(request)` are the addresses for components/_export.html.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import chain, islice

import xlsxwriter
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.utils import formats, timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tracker.ledger import writer
from tracker.rules import ledger
from tracker.web import context
from tracker.web import links as addresses

Cell = str | int | Decimal | date | None
Row = Sequence[Cell]

ASKED_BY = "format"
KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
NAMES = {"csv": "CSV", "xlsx": "Excel"}
HEAD_ROW = 1  # the line above says what the rows are
NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\']")
LONGEST_SHEET_NAME = 31
MEASURED = 100  # rows that decide how wide a column becomes
NARROWEST, WIDEST = 8, 48


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
    if kind and kind not in KINDS:
        raise BadRequest("no such kind of sheet")
    return kind


def links(request: HttpRequest) -> list[dict[str, str]]:
    """The addresses of the files with the rows of this page: its filters, without its place in the list."""
    query = {name: value for name, value in request.GET.items() if value and name not in {ASKED_BY, "after"}}
    return [
        {"label": label, "href": addresses.with_query(request.path, query | {ASKED_BY: kind})}
        for kind, label in NAMES.items()
    ]


def response(sheet: Sheet, kind: str) -> HttpResponse:
    """The file, to be kept by the reader and by nobody in between."""
    data = _text(sheet) if kind == "csv" else _workbook(sheet)
    name = f"{sheet.name} {timezone.localdate().isoformat()}.{kind}"
    answer = HttpResponse(data, content_type=KINDS[kind])
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    answer["Cache-Control"] = "private, no-store"
    return answer


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


def _text(sheet: Sheet) -> bytes:
    """CSV in UTF-8 with a mark by which Excel knows it."""
    stream = io.StringIO(newline="")
    lines = csv.writer(stream)
    lines.writerow([_guarded(head(sheet))])
    lines.writerow([_guarded(column) for column in sheet.columns])
    for row in sheet.rows:
        lines.writerow([_guarded(cell) if isinstance(cell, str) else ledger.text_of(cell) for cell in row])
    return stream.getvalue().encode("utf-8-sig")


def _workbook(sheet: Sheet) -> bytes:
    """One worksheet, written row by row: heading line, frozen column heads, widths by the first rows."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, writer.OPTIONS)
    page = book.add_worksheet(NOT_IN_SHEET_NAMES.sub(" ", sheet.name)[:LONGEST_SHEET_NAME])
    writer.set_up(page, head_row=HEAD_ROW)
    forms = {
        "head": book.add_format(writer.HEAD),
        "text": book.add_format(writer.BODY | {"text_wrap": True}),
        "plain": book.add_format(writer.BODY),
        "day": book.add_format(writer.BODY | {"num_format": "yyyy-mm-dd"}),
    }
    rows, widths = _measured(sheet)
    page.write_string(0, 0, _guarded(head(sheet)))
    for position, column in enumerate(sheet.columns):
        page.set_column(position, position, widths[position])
        page.write_string(HEAD_ROW, position, _guarded(column), forms["head"])
    for number, row in enumerate(rows, start=HEAD_ROW + 1):
        for position, cell in enumerate(row):
            _write(page, number, position, cell, forms)
    book.close()
    return stream.getvalue()


def _write(
    page: xlsxwriter.worksheet.Worksheet,
    number: int,
    position: int,
    cell: Cell,
    forms: dict[str, xlsxwriter.format.Format],
) -> None:
    if cell is None:
        page.write_blank(number, position, None, forms["plain"])
    elif isinstance(cell, date):
        page.write_datetime(number, position, cell, forms["day"])
    elif isinstance(cell, int | Decimal):
        page.write_number(number, position, cell, forms["plain"])
    else:
        page.write_string(number, position, _guarded(cell)[: ledger.LONGEST_CELL], forms["text"])


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


def _guarded(text: str) -> str:
    return ledger.guarded(ledger.tidy(text))
