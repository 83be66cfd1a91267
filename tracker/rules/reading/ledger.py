"""A workbook's sheets become entries, refused rows, warnings and the names of columns that nobody understood.

The one door of this package. Pure: it is given the cells (`grid`) and the year, and knows neither files nor database.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from projects.errors import DomainError
from tracker.rules.reading import around, columns, entries, header, notes, numbers, rows, side
from tracker.rules.reading import grid as grids
from tracker.rules.reading.characters import Cell, squeezed, written
from tracker.rules.reading.columns import Column, Table
from tracker.rules.reading.entries import DITTO, Context, Entry, Finding, Line
from tracker.rules.reading.grid import Grid
from tracker.rules.reading.rows import Row

DITTO_FIELDS = ("lead", "support", "due", "start", "leader", "contact", "kind", "status", "parent", "section")
LOOKED_BACK = 20  # rows above a header that may say something of it, and more


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A doubt about a row, or about a whole sheet when `row` is None."""

    sheet: str
    row: int | None
    finding: Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """A row that cannot be entered, with all reasons."""

    sheet: str
    row: int
    title: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRead:
    """What was understood of one sheet. `why` is empty for a ledger, else why it was left out."""

    name: str
    why: str = ""
    year: int | None = None
    header_rows: tuple[int, ...] = ()
    columns: tuple[Column, ...] = ()
    skipped: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """All of it. `entries` are what `keep` made of each `Entry`; `unknown_columns` are (sheet, heading)."""

    sheets: tuple[SheetRead, ...]
    entries: tuple[Any, ...]
    rejects: tuple[Reject, ...]
    remarks: tuple[Remark, ...]
    unknown_columns: tuple[tuple[str, str], ...]


@dataclass(slots=True, kw_only=True)
class _Sheet:
    """One sheet while it is read."""

    grid: Grid
    table: Table
    year: int | None
    width: int
    keep: Callable[[Entry], object]
    entries: list[object] = field(default_factory=list)
    has_days: bool = False
    rejects: list[Reject] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    skipped: dict[int, str] = field(default_factory=dict)
    seen: dict[int, int] = field(default_factory=dict)
    titles: dict[str, tuple[int, int]] = field(default_factory=dict)  # to the first row of this title, and its `_key`
    filled: dict[int, int] = field(default_factory=dict)
    covered: frozenset[int] = frozenset()  # the rows into which merged cells reach from above


def read(
    sheets: Iterable[Grid],
    *,
    year: int | None,
    this_year: int,
    file_name: str = "",
    extra: Mapping[str, str] | None = None,
    chosen: Mapping[tuple[str, int], str] | None = None,
    keep: Callable[[Entry], object] = lambda entry: entry,
) -> Reading:
    """Read a workbook.

    Args:
        year: said by a person; comes before every title. None: the titles, the file's name, then `this_year`.
        extra: headings that staff added, squeezed, to fields (as in `headings.SYNONYMS`).
        chosen: what a person chose in the preview: (sheet, column index) to a field, "" to leave it out.
        keep: what is to be kept of each entry: long files do not fit into memory as entries.
    """
    left: dict[str, SheetRead] = {}
    found: list[_Sheet] = []
    order: list[str] = []
    for sheet in sheets:
        order.append(sheet.name)
        opened = [] if sheet.is_hidden else [*_open(sheet, extra or {}, chosen or {}, keep)]
        if not opened:
            left[sheet.name] = SheetRead(name=sheet.name, why="hidden" if sheet.is_hidden else "no_header")
        found += opened
    common = year or notes.most_common_year(one.year for one in found) or notes.year([file_name])
    for one in found:
        one.year = year or one.year or common
        _read_rows(one, year=one.year or this_year, is_assumed=one.year is None, extra=extra or {})
    kept = _without_copies(found, left)
    reads = _reads(kept) | left
    return Reading(
        sheets=tuple(reads[name] for name in order),
        entries=tuple(entry for one in kept for entry in one.entries),
        rejects=tuple(reject for one in kept for reject in one.rejects),
        remarks=tuple(remark for one in kept for remark in one.remarks),
        unknown_columns=tuple(dict.fromkeys((one.grid.name, column.text) for one in kept for column in _unread(one))),
    )


def _open(
    sheet: Grid, extra: Mapping[str, str], chosen: Mapping[tuple[str, int], str], keep: Callable[[Entry], object]
) -> Iterator[_Sheet]:
    """The sheet's table, or those that stand side by side on it; none where it is no ledger."""
    head = header.find(sheet, extra=extra)
    own = {index: name for (of, index), name in chosen.items() if of == sheet.name}
    for grid, part in side.apart(sheet, head) if head else ():
        within = {place.index for place in part.heads}
        said = {index: name for index, name in own.items() if grid is sheet or index in within}
        table = columns.resolve(part, grid, extra_fields=said)
        if table is not None:
            width = 1 + max(place.index for place in part.heads)
            yield _Sheet(
                grid=grid, table=table, year=around.year_of(sheet, part), width=width, tables=[table], keep=keep
            )


def _context(one: _Sheet, *, year: int) -> Context:
    """What the lines above the header and at the end say about all rows."""
    sheet, top = one.grid, one.table.header.top
    lines = [
        " ".join(filter(None, map(written, cells)))
        for cells in (*sheet.rows[max(0, top - 8) : top], *sheet.rows[-around.CLOSING :])
    ]
    return Context(
        sheet=sheet.name,
        year=year,
        money_unit=notes.money_unit(lines) or _money_of_headings(one.table),
        first_leads=notes.first_leads(lines),
        knows_formats=sheet.knows_formats,
    )


def _money_of_headings(table: Table) -> str:
    """The unit that one heading states holds for the others, when they state no other."""
    units = {unit for column in table.amounts if (unit := numbers.money_unit(column.unit))}
    return units.pop() if len(units) == 1 else ""


def _read_rows(one: _Sheet, *, year: int, is_assumed: bool, extra: Mapping[str, str]) -> None:
    """All rows below the header, in order; another header further down begins another table."""
    sheet, context = one.grid, _context(one, year=year)
    wide, state = grids.widths(sheet), _begin(one)
    number, is_first = one.table.header.bottom + 1, True
    section = around.section_above(sheet, one.table.header)
    last = before = Row.BLANK
    is_foreign = False  # below the heading of a table that is no ledger: sums of the tasks, a key to the signs
    above: dict[str, Cell] = {}
    while number < sheet.height:
        cells = sheet.rows[number]
        texts = [written(cell) for cell in cells[: one.width]] if any(cell not in (None, "") for cell in cells) else []
        kind = state.classify(texts, merged=wide.get(number, 1), is_covered=number in one.covered)
        if kind in {Row.DATA, Row.HEADER} and header.is_heading_row(cells, extra):
            if new := _another(one, number, extra):
                section = section if last is Row.SECTION else None
                one.table, state, number, is_first = new, _begin(one, new), new.header.bottom + 1, True
                context, is_foreign = _context(one, year=year), False
                continue
            is_foreign = is_foreign or (
                before not in {Row.DATA, Row.SECTION} and not header.begins(sheet, number, extra)
            )
        kind = Row.NOTE if is_foreign and kind is Row.DATA else kind
        if kind is Row.DATA and is_first and rows.is_column_numbers(texts):
            kind = Row.HEADER
        if kind is Row.DATA and sum(map(bool, texts)) == 1 and around.precedes_header(sheet, number, extra):
            kind = Row.TITLE
        is_first, before = is_first and kind is Row.BLANK, kind
        last = last if kind is Row.BLANK else kind
        if kind is Row.SECTION:
            section = rows.section_of(texts, code=None)
        if kind is Row.DATA:
            _enter(one, _line(one, number, texts, section, above), context)
        else:
            one.skipped[number + 1] = kind.value
        _let_go(one, number)
        number += 1
    _remark(one, year=year, is_assumed=is_assumed)
    one.grid = replace(one.grid, rows=())  # all are read


def _remark(one: _Sheet, *, year: int, is_assumed: bool) -> None:
    """What is doubtful about the whole sheet."""
    doubts = [
        Finding(code="columns_not_kept", text="、".join(column.text for column in idle))
        for table in one.tables
        if (idle := columns.unkept(table))
    ]
    if is_assumed and one.has_days:
        doubts.append(Finding(code="year_assumed", text=str(year)))
    one.remarks += [Remark(sheet=one.grid.name, row=None, finding=doubt) for doubt in doubts]


def _let_go(one: _Sheet, number: int) -> None:
    """Drop the cells of a row that nobody looks back at: cells and entries of a very long sheet do not fit together."""
    old = number - LOOKED_BACK
    if not one.filled and old > one.tables[0].header.bottom and isinstance(one.grid.rows, list):
        one.grid.rows[old] = ()


def _begin(one: _Sheet, table: Table | None = None) -> rows.Classifier:
    """The classifier of a table, and its merged cells."""
    first_row = (table or one.table).header.bottom + 1
    one.filled = grids.fillings(one.grid.merges, first_row=first_row, height=one.grid.height, width=one.width)
    one.covered = frozenset(place // grids.WIDEST for place in one.filled)
    titles = [text for cells in one.grid.rows[: one.tables[0].header.top] for text in map(written, cells) if text]
    return rows.Classifier(table or one.table, titles=titles, width=one.width)


def _another(one: _Sheet, number: int, extra: Mapping[str, str]) -> Table | None:
    """The table whose header begins here, None when it is the same header once more or no header."""
    head = header.find(one.grid, start=number, extra=extra, searched=1)
    if head is None:
        return None
    same = {squeezed(piece) for old in one.table.header.heads for piece in old.path}
    new = [squeezed(piece) for old in head.heads for piece in old.path]
    if sum(piece in same for piece in new) * 4 >= len(new) * 3:
        return None
    table = columns.resolve(head, one.grid)
    if table is not None:
        one.tables.append(table)
        one.width = max(one.width, 1 + max(found.index for found in head.heads))
    return table


def _line(one: _Sheet, number: int, texts: list[str], section: str | None, above: dict[str, Cell]) -> Line:
    """The row with its merged cells filled in and “同上” resolved. `texts` are the words of its own cells."""
    sheet = one.grid
    cells: list[Cell] = list(sheet.rows[number])
    places = {}
    for index in range(one.width) if one.filled else ():
        source = one.filled.get(grids.key(number, index))
        if source is not None:
            places[index] = source
            cells += [None] * (index + 1 - len(cells))
            texts += [""] * (index + 1 - len(texts))
            cells[index] = grids.cell(sheet, source // grids.WIDEST, source % grids.WIDEST)
            texts[index] = written(cells[index])
    for name in DITTO_FIELDS:
        column = one.table.one(name)
        if column is None or column.index >= len(texts):
            continue
        if texts[column.index] in DITTO:
            cells[column.index] = above.get(name)
            texts[column.index] = written(cells[column.index])
        elif texts[column.index]:
            above[name] = cells[column.index]
    _continue(one.table, cells, texts, above)
    formulas = {
        index: sheet.formulas[place]
        for index in range(len(cells) if sheet.formulas else 0)
        if (place := places.get(index, grids.key(number, index))) in sheet.formulas
    }
    percents = frozenset(
        index
        for index in (one.table.shares if sheet.percents else ())
        if places.get(index, grids.key(number, index)) in sheet.percents
    )
    for index in range(len(texts) if sheet.percents else 0):
        if index not in one.table.shares and places.get(index, grids.key(number, index)) in sheet.percents:
            texts[index] = _shown(cells[index], texts[index])
    return Line(number=number + 1, cells=cells, texts=texts, formulas=formulas, percents=percents, section=section)


def _shown(cell: Cell, text: str) -> str:
    """A percentage as the sheet shows it: 0.065 is 6.5%."""
    found = numbers.read(cell)
    return text if found.value is None or found.unit else f"{numbers.scaled(found.value).normalize():f}%"


def _continue(table: Table, cells: list[Cell], texts: list[str], above: dict[str, Cell]) -> None:
    """Where a parent was written once for several rows without a merge, the rows below it belong to it and its code."""
    parent, title, code = table.one("parent"), table.one("title"), table.one("code")
    if parent is None or title is None or parent.index >= len(texts):
        return
    if texts[parent.index]:
        above["code"] = cells[code.index] if code is not None and code.index < len(cells) else None
    elif title.index < len(texts) and texts[title.index]:
        for column, name in ((parent, "parent"), (code, "code")):
            if column is not None and column.index < len(texts) and not texts[column.index]:
                cells[column.index] = above.get(name)
                texts[column.index] = written(cells[column.index])


def _enter(one: _Sheet, line: Line, context: Context) -> None:
    """Read one row, compare it with the rows before, and keep it where it belongs."""
    entry = entries.read(line, one.table, context)
    title = squeezed(entry.title)
    first = one.titles.get(title) if title else None
    if first is not None:
        _compare(one, line, entry, first)
    if line.faults:
        one.rejects.append(Reject(sheet=entry.sheet, row=entry.row, title=entry.title, findings=tuple(line.faults)))
        return
    one.titles.setdefault(title, (entry.row, _key(entry)))
    one.entries.append(one.keep(entry))
    one.has_days = one.has_days or entry.due.day is not None
    if line.doubts:
        one.remarks.extend(Remark(sheet=entry.sheet, row=entry.row, finding=finding) for finding in line.doubts)


def _compare(one: _Sheet, line: Line, entry: Entry, first: tuple[int, int]) -> None:
    """A row whose title was there before: the same once more, or another one of the same name."""
    (first_row, key), own = first, _key(entry)
    row = first_row if key == own else one.seen.get(own)
    if row is not None and not line.faults:
        line.faults.append(Finding(code="duplicate_row", field="title", text=str(row)))
        return
    line.doubts.append(Finding(code="duplicate_title", field="title", text=str(first_row)))
    if not line.faults:
        one.seen[own] = entry.row


def _key(entry: Entry) -> int:
    """By what two rows are the same: title, parent, lead and deadline, as one number."""
    told = squeezed(entry.title), squeezed(entry.parent or ""), frozenset(entry.lead), entry.due.day or entry.due.text
    return hash(told)


def _without_copies(found: list[_Sheet], left: dict[str, SheetRead]) -> list[_Sheet]:
    """Leave out examples and templates beside real sheets, and summaries of the others."""
    kept = [one for one in found if not around.is_example(one.grid.name)] or found
    kept = [one for one in kept if one.entries or one.rejects] or kept
    result = []
    for one in kept:
        others = {title for other in kept if other is not one for title in other.titles}
        if not others or not around.is_repeated(one.grid.name, one.table, one.titles.keys(), others):
            result.append(one)
    for one in found:
        if one not in result:
            why = "no_rows" if not one.entries and not one.rejects else "copy"
            left[one.grid.name] = SheetRead(name=one.grid.name, why=why)
    return result


def _unread(one: _Sheet) -> Iterator[Column]:
    for table in one.tables:
        yield from columns.unread(table)


def _reads(found: list[_Sheet]) -> dict[str, SheetRead]:
    """What was understood of each sheet by its name; tables side by side are one."""
    reads: dict[str, SheetRead] = {}
    for one in found:
        read, first = _read_of(one), reads.get(one.grid.name)
        if first is not None:
            skipped = {row: why for row, why in first.skipped.items() if row in read.skipped}
            read = replace(first, columns=first.columns + read.columns, skipped=skipped)
        reads[one.grid.name] = read
    return reads


def _read_of(one: _Sheet) -> SheetRead:
    head = one.tables[0].header
    return SheetRead(
        name=one.grid.name,
        year=one.year,
        header_rows=tuple(range(head.top + 1, head.bottom + 2)),
        columns=one.tables[0].columns,
        skipped=one.skipped,
    )


def check(reading: Reading) -> None:
    """Raise DomainError unless a sheet looked like a ledger (`ledger_no_table`, `ledger_hidden` where one may be) and
    has a row (`ledger_no_rows`).
    """
    if all(sheet.why in {"no_header", "hidden"} for sheet in reading.sheets):
        if hidden := [sheet.name for sheet in reading.sheets if sheet.why == "hidden"]:
            raise DomainError("ledger_hidden", sheets="、".join(hidden))
        raise DomainError("ledger_no_table")
    if not reading.entries and not reading.rejects:
        raise DomainError("ledger_no_rows")
