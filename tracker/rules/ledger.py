"""The ledger's table: columns, cells, rows, both ways. Pure: no files, no database. `ledger_check` judges the rows.

One column table serves export, import and preview. A row that `ledger_cells` wrote is read back by `read` as the
same row.
"""

import dataclasses
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from sys import intern

from projects.errors import DomainError
from tracker.choices import Health, Kind, Stage
from tracker.rules import ledger_cut
from tracker.rules import ledger_stages as stages
from tracker.rules.ledger_stages import Milestones

Cell = str | int | float | bool | date | datetime | Decimal | None
CELL_TYPES = (str, int, float, bool, date)
Value = str | bool | date | tuple[str, ...] | Milestones | int | None

MAX_ROWS = 60_000
LONGEST_TEXT = 131_072  # signs: what a field of a CSV file holds
HEADER_SEARCH = 10  # rows above the data in which the header may stand


class Shape(Enum):
    """How the cells of a column are read and written."""

    TEXT = "text"
    CHOICE = "choice"
    NAMES = "names"
    DAY = "day"
    YES_NO = "yes_no"
    NUMBER = "number"
    STAGES = "stages"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column. `heading` is the official word, which files carry; `name` is its English name, read as well."""

    field: str
    heading: str
    name: str
    shape: Shape = Shape.TEXT
    width: int = 12
    is_writable: bool = True
    words: Mapping[str, str] = dataclasses.field(default_factory=dict)
    longest: int = LONGEST_TEXT


KIND_WORDS: dict[str, str] = {
    Kind.TARGET: "指标目标", Kind.PROJECT: "项目", Kind.PARK: "园区", Kind.PLATFORM: "平台",
    Kind.TALENT_PROGRAMME: "人才计划", Kind.REFORM: "改革", Kind.ACTION: "行动",
}  # fmt: skip
STAGE_WORDS: dict[str, str] = {
    Stage.REGISTERED: "立项", Stage.ISSUED: "交办", Stage.ACCEPTED: "签收", Stage.IN_PROGRESS: "承办",
    Stage.REPORTED_DONE: "报办结", Stage.VERIFIED: "核查", Stage.CLOSED: "销号", Stage.ARCHIVED: "归档",
    Stage.SUSPENDED: "中止", Stage.CANCELLED: "撤销", Stage.EXEMPT: "免责",
}  # fmt: skip
HEALTH_WORDS: dict[str, str] = {
    Health.DONE: "蓝灯", Health.ON_TRACK: "绿灯", Health.AT_RISK: "黄灯", Health.OFF_TRACK: "红灯",
    Health.NOT_STARTED: "白灯", Health.NO_DATA: "灰灯", Health.EXEMPT: "免责",
}  # fmt: skip

COLUMNS: tuple[Column, ...] = (
    Column(field="code", heading="编号", name="Code", longest=40),
    Column(field="title", heading="事项", name="Title", width=40, longest=200),
    Column(field="kind", heading="类别", name="Kind", shape=Shape.CHOICE, width=10, words=KIND_WORDS),
    Column(field="clause", heading="条款", name="Clause", width=8, longest=20),
    Column(field="summary", heading="完成标准", name="What counts as done", width=50),
    Column(field="lead", heading="牵头单位", name="Lead department", width=18),
    Column(field="lead_is_suggested", heading="建议", name="Suggested", shape=Shape.YES_NO, width=6),
    Column(field="responsible", heading="责任单位", name="Responsible departments", shape=Shape.NAMES, width=26),
    Column(field="supporting", heading="配合单位", name="Supporting departments", shape=Shape.NAMES, width=26),
    Column(field="starts_on", heading="开始", name="Starts on", shape=Shape.DAY),
    Column(field="original_due_on", heading="原定期限", name="Original due date", shape=Shape.DAY, is_writable=False),
    Column(field="due_on", heading="现定期限", name="Due date", shape=Shape.DAY),
    Column(field="due_text", heading="期限说明", name="Due date in words", width=14, longest=80),
    Column(field="is_continuous", heading="持续推进", name="Continuous work", shape=Shape.YES_NO, width=9),
    Column(field="is_red_line", heading="红线", name="Red line", shape=Shape.YES_NO, width=6),
    Column(field="is_public", heading="公开", name="Public", shape=Shape.YES_NO, width=6),
    Column(field="milestones", heading="节点", name="Milestones", shape=Shape.STAGES, width=30),
    Column(field="initiative", heading="载体", name="Initiative", width=20),
    Column(field="stage", heading="阶段", name="Stage", shape=Shape.CHOICE, is_writable=False, words=STAGE_WORDS),
    Column(field="health", heading="灯", name="Light", shape=Shape.CHOICE, is_writable=False, words=HEALTH_WORDS),
    Column(field="progress", heading="进度%", name="Progress %", shape=Shape.NUMBER, width=8, is_writable=False),
    Column(field="plan", heading="计划", name="Plan", width=14, longest=40),
    Column(field="revision", heading="版本", name="Revision", shape=Shape.NUMBER, width=8, is_writable=False),
)
BY_FIELD: Mapping[str, Column] = {column.field: column for column in COLUMNS}
OFFICIAL = {(column.field, word): str(value) for column in COLUMNS for value, word in column.words.items()}
OFFICIAL["stage", "办结"] = Stage.REPORTED_DONE.value  # as older files call it
REQUIRED = ("code", "title")  # the headings by which a header row is known


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """One commitment as the ledger shows it, flat: related rows by their code, departments by their full name.

    `number` is the row's number in Excel (0: it comes from the database), `sheet` its sheet's name where several are
    read. `given` names the columns that the file has; a column that is missing leaves its field as it is, an empty cell
    empties it; but milestones that a file does not name stay. Read-only fields are text, as shown. `when` is what an
    official form says instead of the three columns of the due date (`ledger_forms`), None where there are columns.
    """

    number: int = 0
    sheet: str = ""
    given: frozenset[str] = frozenset(BY_FIELD)
    code: str = ""
    title: str = ""
    kind: str = ""
    clause: str = ""
    summary: str = ""
    lead: str = ""
    lead_is_suggested: bool = False
    responsible: tuple[str, ...] = ()
    supporting: tuple[str, ...] = ()
    starts_on: date | None = None
    original_due_on: date | None = None
    due_on: date | None = None
    due_text: str = ""
    is_continuous: bool = False
    is_red_line: bool = False
    is_public: bool = False
    milestones: Milestones = ()
    initiative: str = ""
    stage: str = Stage.REGISTERED.value
    health: str = Health.NOT_STARTED.value
    progress: str = ""
    plan: str = ""
    revision: str = ""
    is_broken: bool = False  # no column: whether the red line was broken
    when: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What a file says: its readable rows, one refusal per unreadable cell, and what is told but not refused."""

    rows: tuple[LedgerRow, ...]
    faults: tuple[DomainError, ...] = ()
    remarks: tuple[DomainError, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is anything to look at."""
        return bool(self.rows or self.faults)


# --- The guard against formulas


def guarded(text: str) -> str:
    """Text that no spreadsheet takes for a formula. `unguarded` restores it."""
    return f"'{text}" if DANGEROUS.match(text) else text


def unguarded(text: str) -> str:
    """The text before `guarded`."""
    return text[1:] if text.startswith("'") and DANGEROUS.match(text) else text


DANGEROUS = re.compile(r"'*[=+\-@\t\r]")


# --- Reading


def read(table: Sequence[Sequence[Cell]]) -> Sheet:
    """Read a sheet whose first rows may be a title. Raises DomainError when no header or no row can be found."""
    position = _find_header(table)
    columns, unknown = _columns(table[position])
    remarks = [] if not unknown else [DomainError("ledger_column_unknown", columns="、".join(unknown))]
    rows: list[LedgerRow] = []
    faults: list[DomainError] = []
    for number, cells in enumerate(table[position + 1 :], start=position + 2):
        if any(not is_blank(cell) for cell in cells):
            row, wrong = row_of(number, cells, columns)
            faults += wrong
            if row is not None:
                rows.append(row)
    if not rows and not faults:
        raise DomainError("ledger_no_rows", field="import_file")
    return Sheet(rows=tuple(rows), faults=tuple(faults), remarks=tuple(remarks))


def _find_header(table: Sequence[Sequence[Cell]]) -> int:
    for position, cells in enumerate(table[:HEADER_SEARCH]):
        found = {column.field for cell in cells if (column := HEADINGS.get(heading_key(cell)))}
        if found.issuperset(REQUIRED):
            return position
    wanted = "、".join(BY_FIELD[name].heading for name in REQUIRED)
    raise DomainError("ledger_no_header", field="import_file", headings=wanted)


def _columns(header: Sequence[Cell]) -> tuple[dict[int, Column], list[str]]:
    """The columns by position, and the headings that mean nothing here."""
    columns: dict[int, Column] = {}
    unknown: list[str] = []
    for position, cell in enumerate(header):
        column = HEADINGS.get(heading_key(cell))
        if column in columns.values() and column is not None:
            raise DomainError("ledger_heading_twice", field="import_file", heading=column.heading)
        if column is not None:
            columns[position] = column
        elif not is_blank(cell):
            unknown.append(text_of(cell))
    return columns, unknown


def row_of(
    number: int, cells: Sequence[Cell], columns: Mapping[int, Column]
) -> tuple[LedgerRow | None, list[DomainError]]:
    """A row of a file; None when a cell cannot be read. A cell that was cut says nothing."""
    values: dict[str, Value] = {}
    faults: list[DomainError] = []
    for position, column in columns.items():
        cell = cells[position] if position < len(cells) else None
        if isinstance(cell, str) and ledger_cut.is_cut(cell):
            continue
        try:
            values[column.field] = _parse(column, cell)
        except DomainError as fault:
            faults.append(at(fault, number, column))
    if faults:
        return None, faults
    return LedgerRow(number=number, given=_given(tuple(values)), **values), []  # type: ignore[arg-type]  # each parser returns its field's type


@lru_cache(maxsize=256)
def _given(fields: tuple[str, ...]) -> frozenset[str]:
    """One object for each set of columns: a file has few."""
    return frozenset(fields)


def at(fault: DomainError, number: int, column: Column) -> DomainError:
    """The same refusal, with the place it stands in."""
    fault.field = column.field
    fault.params |= {"row": number, "heading": column.heading}
    return fault


def _parse(column: Column, cell: Cell) -> Value:
    if not column.is_writable:
        return _read_only(column, cell)
    return PARSERS[column.shape](column, cell)


def text_of(cell: Cell) -> str:
    """A cell as text: trimmed, without control characters, whole numbers without a fraction, dates in ISO form."""
    if isinstance(cell, str):
        return clean(cell)
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else cell.isoformat(sep=" ")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float):
        return f"{cell:.15g}"
    return clean(str(cell))


def clean(text: str) -> str:
    """The text of a cell, without the guard that an export put before it."""
    return tidy(unguarded(text))


def tidy(text: str) -> str:
    """Text as it is kept and compared: one kind of line break, nothing invisible, trimmed."""
    if text.isprintable():
        return text.strip()
    return INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _text(column: Column, cell: Cell) -> str:
    text = text_of(cell)
    if len(text) > column.longest:
        raise DomainError("ledger_text_too_long", longest=column.longest, length=len(text))
    return text


def _choice(column: Column, cell: Cell) -> str:
    text = text_of(cell)
    if not text:
        return ""
    if found := OFFICIAL.get((column.field, text)):
        return found
    for value in column.words:
        if text == value or text.casefold() == str(getattr(value, "label", value)).casefold():
            return str(value)
    raise DomainError("ledger_word_unknown", word=text, words="、".join(column.words.values()))


def _names(column: Column, cell: Cell) -> tuple[str, ...]:
    """Names in their order; a separator inside brackets belongs to the name: 各县（市、区）."""
    return _split(text_of(cell))


@lru_cache(maxsize=4096)
def _split(text: str) -> tuple[str, ...]:
    """Each name is one object, however many rows name it."""
    return tuple(intern(name) for part in BETWEEN_NAMES.split(text) if (name := part.strip()))


def _stages(column: Column, cell: Cell) -> Milestones:
    return tuple((intern(name), _day(column, day) if day else None) for name, day in stages.split(text_of(cell)))


def _day(column: Column, cell: Cell) -> date | None:
    if isinstance(cell, date):
        return _once(cell.date() if isinstance(cell, datetime) else cell)
    text = unicodedata.normalize("NFKC", text_of(cell))
    if not text:
        return None
    if not isinstance(cell, bool) and SERIAL.fullmatch(text):
        return _once(date(1899, 12, 30) + timedelta(days=int(text)))
    found = DAY.fullmatch(text)
    try:
        return _once(date(int(found[1]), int(found[2]), int(found[3])) if found else date.fromisoformat(text))
    except ValueError:
        code = "ledger_date_open" if OPEN_END.search(text) else "ledger_date_impossible"
        raise DomainError(code, text=text) from None


@lru_cache(maxsize=4096)
def _once(day: date) -> date:
    """Each day is one object, however many rows name it."""
    return day


def _yes_no(column: Column, cell: Cell) -> bool:
    text = unicodedata.normalize("NFKC", text_of(cell)).casefold()
    if text not in YES | NO:
        raise DomainError("ledger_not_yes_no", text=text)
    return text in YES


def _read_only(column: Column, cell: Cell) -> Value:
    """A read-only cell is compared and never written, so nothing in it is an error."""
    if column.shape is Shape.DAY:
        try:
            return _day(column, cell)
        except DomainError:
            return text_of(cell)
    if column.shape is Shape.CHOICE:
        try:
            return _choice(column, cell)
        except DomainError:
            return text_of(cell)
    return number_text(text_of(cell))


def number_text(text: str) -> str:
    """A number in its shortest form, anything else as it is."""
    try:
        value = Decimal(unicodedata.normalize("NFKC", text).removesuffix("%"))
        return f"{value.normalize():f}" if abs(value) < 10**15 else text
    except ArithmeticError:
        return text


def is_blank(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def heading_key(cell: object) -> str:
    return re.sub(r"[\s()_]", "", unicodedata.normalize("NFKC", str(cell or ""))).casefold()


YES = frozenset({"是", "yes", "y", "true", "1", "√", "✓"})
NO = frozenset({"", "否", "no", "n", "false", "0", "×"})
DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?: 00:00:00)?")
BETWEEN_NAMES = re.compile(r"[、，,;；\n](?![^（(]*[）)])")
INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
OPEN_END = re.compile("长期|持续|常态|全年|经常")
SERIAL = re.compile(r"[2-7]\d{4}")  # days since 1899-12-30, from 1954 to 2119
HEADINGS: Mapping[str, Column] = {
    heading_key(word): column for column in COLUMNS for word in (column.heading, column.name, column.field)
}
PARSERS: Mapping[Shape, Callable[[Column, Cell], Value]] = {
    Shape.TEXT: _text,
    Shape.CHOICE: _choice,
    Shape.NAMES: _names,
    Shape.DAY: _day,
    Shape.YES_NO: _yes_no,
    Shape.STAGES: _stages,
}
