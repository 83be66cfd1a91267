"""The official forms when they come home: known by their title and line of data, their rows by code. Pure.

Only columns whose printed form can be read back exactly are compared; what else a form has is named as not read.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from projects.errors import DomainError
from tracker.choices import OfficialLayout
from tracker.rules import ledger
from tracker.rules.ledger import BY_FIELD, Cell, Column, LedgerRow, Shape, Sheet

TITLES: Mapping[str, str] = {
    OfficialLayout.BREAKDOWN: "重点任务分解表",
    OfficialLayout.PROJECTS: "重点项目进度表",
    OfficialLayout.SUPERVISION: "督查台账",
}
AS_OF = "数据截至："
REVISION = "台账版本："  # the site's number of the last change that the form knows
CONTINUOUS = "长期坚持"
BETWEEN_CODES = "、"

CODE, DUE, LIGHT = "编号", "完成时限", "灯"
COMPARED: Mapping[str, Mapping[str, str]] = {
    OfficialLayout.BREAKDOWN: {
        CODE: "code", "重点任务": "title", "完成标准": "summary", "牵头单位": "lead", "责任单位": "responsible",
        "配合单位": "supporting", LIGHT: "health",
    },
    OfficialLayout.PROJECTS: {CODE: "code"},
    OfficialLayout.SUPERVISION: {
        CODE: "code", "督查事项": "title", "牵头单位": "lead", "原定时限": "original_due_on", "阶段": "stage",
        LIGHT: "health",
    },
}  # fmt: skip
DATED = frozenset({OfficialLayout.BREAKDOWN, OfficialLayout.SUPERVISION})  # forms of which each row has one due date


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form that was recognised; `header` is the place of its header row, `revision` "" where it names none."""

    layout: str
    header: int
    revision: str


def form_of(table: Sequence[Sequence[object]]) -> Form | None:
    """The official form that this is, None for any other sheet."""
    if len(table) < 3 or not table[0] or not table[1]:
        return None
    title, said = str(table[0][0] or "").strip(), str(table[1][0] or "")
    layout = next((layout for layout, words in TITLES.items() if words == title), None)
    header = next((place for place, cells in enumerate(table[: ledger.HEADER_SEARCH]) if CODE in cells), None)
    if layout is None or header is None or not said.startswith(AS_OF):
        return None
    found = re.search(rf"{REVISION}(\d+)", said)
    if not found and LIGHT not in table[header]:
        return None  # an office's own sheet of that name
    return Form(layout=layout, header=header, revision=found[1] if found else "")


def read(form: Form, table: Sequence[Sequence[Cell]]) -> Sheet:
    """What the form says of its commitments. Merged cells are filled down already."""
    header = [ledger.text_of(cell) for cell in table[form.header]]
    compared = COMPARED[form.layout]
    columns = {place: BY_FIELD[compared[word]] for place, word in enumerate(header) if word in compared}
    due_at = header.index(DUE) if DUE in header and form.layout in DATED else None
    unread = [word for place, word in enumerate(header) if word and place not in columns and place != due_at]
    told = DomainError("ledger_form_read", form=TITLES[form.layout], columns="、".join(unread))
    rows: list[LedgerRow] = []
    faults: list[DomainError] = []
    for number, cells in enumerate(table[form.header + 1 :], start=form.header + 2):
        try:
            rows += _rows(form, number, cells, columns, due_at)
        except DomainError as fault:
            faults.append(fault)
    if not rows and not faults:
        raise DomainError("ledger_no_rows", field="import_file")
    return Sheet(rows=tuple(rows), faults=tuple(faults), remarks=(told,))


def _rows(
    form: Form, number: int, cells: Sequence[Cell], columns: Mapping[int, Column], due_at: int | None
) -> Iterator[LedgerRow]:
    """The commitments of one row: none in a section's, several where a project serves them. Raises DomainError."""
    row, faults = ledger.row_of(number, cells, columns)
    if row is None:
        raise faults[0]
    if not row.code:
        if row.title:
            raise ledger.at(DomainError("ledger_form_new_row"), number, BY_FIELD["code"])
        return
    given = row.given | {"revision"} if form.revision else row.given
    if form.layout == OfficialLayout.BREAKDOWN and not row.lead:
        given -= {"lead"}  # who sorts the rows unmerges the cells first
    when = None if due_at is None else _when(cells[due_at] if due_at < len(cells) else None, number)
    for code in row.code.split(BETWEEN_CODES):
        yield replace(row, code=code.strip(), given=given, revision=form.revision, when=when)


def _when(cell: Cell, number: int) -> str:
    said, column = ledger.text_of(cell.date() if isinstance(cell, datetime) else cell), BY_FIELD["due_text"]
    if len(said) > column.longest:
        fault = DomainError("ledger_text_too_long", longest=column.longest, length=len(said))
        raise ledger.at(fault, number, column)
    return said


# --- The one cell of a form that stands for three columns


def due_cell(row: LedgerRow) -> Cell:
    """When, as a form prints it."""
    return row.due_on or row.due_text or (CONTINUOUS if row.is_continuous else None)


def due_said(row: LedgerRow, standing: LedgerRow) -> Mapping[str, date | str | bool | None]:
    """The due date, its words and the mark of continuous work, by which the form would print what this one says."""
    said = row.when or ""
    stands = due_cell(standing)
    if said == (ledger.tidy(stands) if isinstance(stands, str) else ledger.text_of(stands)):
        return {"due_on": standing.due_on, "due_text": standing.due_text, "is_continuous": standing.is_continuous}
    try:
        day = ledger.PARSERS[Shape.DAY](BY_FIELD["due_on"], said)
    except DomainError:
        is_open = said == CONTINUOUS
        return {"due_on": None, "due_text": "" if is_open else said, "is_continuous": is_open or standing.is_continuous}
    if day is None:
        return {"due_on": None, "due_text": "", "is_continuous": False}
    return {"due_on": day, "due_text": standing.due_text, "is_continuous": False}  # type: ignore[dict-item]  # of a day
