"""One row of data becomes one entry, with what is wrong or doubtful about it. No row knows its neighbours here."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from tracker.rules.reading import deadlines, kinds, numbers, owners, quantities
from tracker.rules.reading.characters import NOTHING, Cell, one_line, squeezed, written
from tracker.rules.reading.columns import Column, Table
from tracker.rules.reading.deadlines import Deadline, Stage
from tracker.rules.reading.quantities import Quantity

FORMULA_SIGNS = frozenset("=+-@\t")
FORMULA = re.compile(r"\t?[=+\-@](?![\s.\d,%\-—]*$).{2,}", re.DOTALL)
NO_FORMULA = frozenset({"title", "lead", "support", "due", "start", "span", "goal", "parent"})
DITTO = frozenset({"同上", "〃", "″", "”", "同前", '"'})
RATE = ("率", "比重", "占比", "比例", "覆盖", "程度")
UNBOUNDED = ("增", "负债", "产销", "拨备", "达产", "流动", "倍", "完成率", "周转", "储备", "回报", "利用率", "自给")
KNOWN_VAGUE = re.compile(
    "长期|持续|常态|上级|待定|适时|每|按|逐|动态|随时|实时|即时|尽快|近期|另行|视|根据|年度|全程|立行|立即|即[办刻日]|经常|不间断|内"
)
ONE_YEAR = re.compile(r"(20\d\d)(?:\.0)?年?度?(?:全年)?")
WORDS_FIRST = re.compile(r"[\u4e00-\u9fff]{2,}[^\d]*\d")  # “引进20名、培养30名” where a number is looked for
NAMING = frozenset({"lead", "support"})
FULL = Decimal(100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something wrong or doubtful in a row: a stable code, the field, and the words or numbers it is about."""

    code: str
    field: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """Money as written; `unit` is "" when neither cell nor header nor sheet names one."""

    value: Decimal
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One task as the row says it. `row` is the number that Excel shows."""

    sheet: str
    row: int
    title: str
    code: str | None = None
    section: str | None = None
    parent: str | None = None
    goal: str | None = None
    kind_text: str | None = None
    kind: str | None = None
    lead: tuple[str, ...] = ()
    support: tuple[str, ...] = ()
    leader: str | None = None
    contact: str | None = None
    start: date | None = None
    due: Deadline = deadlines.NONE
    milestones: tuple[Stage, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    amounts: Mapping[str, Amount] = field(default_factory=dict)
    progress: Decimal | None = None
    status: str | None = None
    remarks: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What holds for every row of a table."""

    sheet: str
    year: int | None
    money_unit: str = ""
    first_leads: bool = False
    knows_formats: bool = False


@dataclass(slots=True, kw_only=True)
class Line:
    """One row while it is read. `formulas` maps the formula cells' columns to whether a value is kept."""

    number: int
    cells: Sequence[Cell]
    texts: Sequence[str]
    formulas: Mapping[int, bool]
    percents: frozenset[int] | set[int]
    section: str | None = None
    faults: list[Finding] = field(default_factory=list)
    doubts: list[Finding] = field(default_factory=list)

    def cell(self, column: Column | None) -> Cell:
        """The cell of a column; a formula whose value is not kept says nothing."""
        if column is None or column.index >= len(self.cells) or self.formulas.get(column.index) is False:
            return None
        return self.cells[column.index]

    def text(self, column: Column | None) -> str:
        """The cell's words, "" for a dash as well."""
        text = self.raw(column)
        return "" if text is None or text in NOTHING else text

    def raw(self, column: Column | None) -> str | None:
        """The cell as it was written, None when empty."""
        if column is None or column.index >= len(self.texts) or self.formulas.get(column.index) is False:
            return None
        return self.texts[column.index] or None


def read(line: Line, table: Table, context: Context) -> Entry:
    """The entry of a row; its faults and doubts are added to the line."""
    one = table.one
    _formulas(line, table)
    title = one_line(_joined(line, table, "title"))
    due, start = _times(line, table, context)
    who = _owners(line, table, context)
    kind_text = line.text(one("kind")) or None
    goal = _joined(line, table, "goal") or None
    entry = Entry(
        sheet=context.sheet,
        row=line.number,
        title=title,
        code=squeezed(line.text(one("code"))) or None,
        section=line.section or one_line(line.text(one("section"))) or None,
        parent=one_line(line.text(one("parent"))) or None,
        goal=goal,
        kind_text=kind_text,
        kind=kinds.read(kind_text) if kind_text else None,
        lead=who.lead,
        support=who.support,
        leader=line.text(one("leader")) or None,
        contact=line.text(one("contact")) or "、".join(who.people) or None,
        start=start,
        due=due,
        milestones=_milestones(line, table, context, due),
        quantities=_quantities(line, table, context, goal=goal, title=title),
        amounts=_amounts(line, table, context),
        progress=_progress(line, table, context),
        status=line.raw(_latest(line, table, "status")) or _in_words(line, table),
        remarks=_joined(line, table, "remarks", raw=True) or None,
    )
    _judge(entry, line, table)
    return entry


def _joined(line: Line, table: Table, name: str, *, raw: bool = False) -> str:
    """A field's cell; when its heading spans several columns, their texts one after the other."""
    column = table.one(name)
    texts = [(line.raw(column) or "") if raw else line.text(column)]
    texts += [line.text(more) for more in table.by_field.get(f"{name}+", ())]
    return "".join(text for text in texts if text)


def _latest(line: Line, table: Table, name: str) -> Column | None:
    """The field's column, or the latest month before it that this row fills."""
    column = table.one(name)
    if column is None or line.text(column):
        return column
    return next((before for before in table.earlier.get(name, ()) if line.text(before)), column)


def _formulas(line: Line, table: Table) -> None:
    """A formula stands where a text belongs: the row is refused, unless a date was computed."""
    for column in table.columns if line.formulas else ():
        kept = line.formulas.get(column.index)
        if kept is None:
            continue
        is_day = column.field in {"due", "start"} and isinstance(line.cell(column), date)
        if column.field in NO_FORMULA and not is_day:
            line.faults.append(Finding(code="formula_cell", field=column.field, text=column.text))
        elif not kept:
            line.doubts.append(Finding(code="formula_without_value", field=column.field, text=column.text))
    for column in table.columns:
        text = line.cells[column.index] if column.index < len(line.cells) else None
        if isinstance(text, str) and text[:1] in FORMULA_SIGNS and FORMULA.match(text):
            line.doubts.append(Finding(code="formula_like_text", field=column.field, text=column.text))


def _times(line: Line, table: Table, context: Context) -> tuple[Deadline, date | None]:
    """Deadline and start, from their own columns or from one column for both."""
    found: dict[str, Deadline] = {}
    for name in ("start", "due", "span"):
        cell = line.cell(table.one(name))
        found[name] = deadlines.read(cell, year=context.year, is_start=name == "start")
        if found[name].problem:
            field_name = "due" if name == "span" else name
            line.faults.append(Finding(code=found[name].problem, field=field_name, text=written(cell)))
    due = found["due"] if found["due"].text else found["span"]
    if (year := ONE_YEAR.fullmatch(squeezed(found["span"].text or ""))) and found["span"].day:
        found["span"] = replace(found["span"], starts_on=date(int(year[1]), 1, 1))
    start = found["start"].day or found["span"].starts_on or (due.starts_on if table.one("start") is None else None)
    if due.is_rare or found["start"].is_rare:
        line.doubts.append(Finding(code="rare_date", field="due" if due.is_rare else "start", text=due.text or ""))
    if due.lacks_year and due.day is None:
        line.doubts.append(Finding(code="year_unknown", field="due", text=due.text or ""))
    begins = found["start"].text
    if begins and found["start"].day is None and not found["start"].problem:
        line.doubts.append(Finding(code="start_not_understood", field="start", text=begins))
    return due, start


def _owners(line: Line, table: Table, context: Context) -> owners.Owners:
    if "tick" not in table.firsts:
        return _written_owners(line, table, context) if NAMING & table.firsts.keys() else _headed(line, context)
    marks = [(column.text, squeezed(line.text(column))) for column in table.by_field["tick"]]
    found = owners.ticked(marks)
    if found.is_guessed:
        line.doubts.append(Finding(code="lead_guessed", field="lead", text=found.lead[0]))
    return owners.together(_written_owners(line, table, context), found)


def _headed(line: Line, context: Context) -> owners.Owners:
    """No column names a department: the section or the sheet may."""
    name = owners.headed(line.section or "") or owners.headed(context.sheet)
    if not name:
        return owners.NOBODY
    line.doubts.append(Finding(code="lead_of_heading", field="lead", text=name))
    return owners.Owners(lead=(name,))


def _written_owners(line: Line, table: Table, context: Context) -> owners.Owners:
    part = table.owner_part
    own, others = table.by_field.get("lead", ()), table.by_field.get("support", ())
    if len(own) == 1 and len(others) <= 1:
        led = owners.read(line.text(own[0]), part=part, first_leads=context.first_leads)
        helped = owners.read(line.text(others[0]), part=owners.Part.SUPPORT) if others else owners.NOBODY
        if led.is_guessed:
            line.doubts.append(Finding(code="lead_guessed", field="lead", text=led.lead[0]))
        return owners.together(led, helped)
    lead: list[str] = []
    support: list[str] = []
    people: list[str] = []
    for column in table.by_field.get("lead", ()):
        found = owners.read(line.text(column), part=part, first_leads=context.first_leads)
        lead += found.lead
        support += found.support
        people += found.people
        if found.is_guessed:
            line.doubts.append(Finding(code="lead_guessed", field="lead", text=found.lead[0]))
    for column in table.by_field.get("support", ()):
        found = owners.read(line.text(column), part=owners.Part.SUPPORT)
        (support if lead else lead).extend(found.lead)
        support += found.support
        people += found.people
    leads = tuple(dict.fromkeys(lead))
    helping = tuple(name for name in dict.fromkeys(support) if name not in leads)
    return owners.Owners(lead=leads, support=helping, people=tuple(people))


def _milestones(line: Line, table: Table, context: Context, due: Deadline) -> tuple[Stage, ...]:
    """The stages of the deadline, of a column of stages, and of columns named after a quarter or month."""
    if "stages" not in table.firsts and not table.stage_ends:
        return due.stages
    found = list(due.stages)
    for column in table.by_field.get("stages", ()):
        said = deadlines.read(line.text(column), year=context.year)
        found += said.stages or ((Stage(text=said.text or "", day=said.day),) if said.day else ())
    for column in table.stage_ends:
        text = line.text(column)
        if text and context.year:
            day = deadlines.read(f"{context.year}年{column.field[6:]}月底", year=context.year).day
            found.append(Stage(text=one_line(text), day=day))
    return tuple(found)


def _quantities(line: Line, table: Table, context: Context, *, goal: str | None, title: str) -> tuple[Quantity, ...]:
    """From the goal's words, and from columns of target values with their unit."""
    if "target" not in table.firsts:
        return quantities.read(goal) if goal else ()
    found = list(quantities.read(goal)) if goal else []
    for column in table.by_field.get("target", ()):
        text = line.text(column)
        promised = quantities.read(text) if WORDS_FIRST.match(text) else ()
        if promised:
            year = column.year or context.year
            found += [replace(one, target_year=one.target_year or year) for one in promised]
        elif quantity := _target(line, table, column, context, title=title):
            found.append(quantity)
    return tuple(found)


def _target(line: Line, table: Table, column: Column, context: Context, *, title: str) -> Quantity | None:
    number = numbers.read(line.cell(column))
    if number.problem:
        line.faults.append(Finding(code=number.problem, field="target", text=written(line.cell(column))))
    if number.value is None:
        words = quantities.read(line.text(column))
        return words[0] if words else None
    unit = number.unit or squeezed(line.text(table.one("unit"))) or column.unit or quantities.unit_behind(title)
    unit = "" if unit in NOTHING else unit.replace("％", "%")
    value = number.value
    if unit == "%" and not number.unit and _is_part(line, table, column, context, value):
        value = numbers.scaled(value)
    if (
        unit == "%"
        and (value > FULL or value < 0)
        and any(w in title for w in RATE)
        and not any(w in title for w in UNBOUNDED)
    ):
        line.faults.append(Finding(code="percent_out_of_range", field="target", text=f"{value}%"))
    year = column.year or (context.year if not number.unit or column.year else None)
    before = title + re.split(r"[\d-]", line.text(column), maxsplit=1)[0]
    return Quantity(value=value, unit=unit, comparator=quantities.comparator(before, unit), target_year=year)


def _is_part(line: Line, table: Table, column: Column, context: Context, value: Decimal) -> bool:
    """Whether a share is written as a part of one: by the cell's format, else by the other years' values."""
    if column.index in line.percents:
        return True
    if context.knows_formats or not 0 < abs(value) <= 1:
        return False
    others = [
        numbers.read(line.cell(other)).value
        for name in ("baseline", "target")
        for other in table.by_field.get(name, ())
        if other != column
    ]
    return any(other is not None and abs(other) >= 20 * abs(value) for other in others)


def _amounts(line: Line, table: Table, context: Context) -> dict[str, Amount]:
    found: dict[str, Amount] = {}
    for column in table.amounts:
        name = column.field[7:]
        number = numbers.read(line.cell(column))
        if number.problem:
            line.faults.append(Finding(code=number.problem, field=name, text=written(line.cell(column))))
        if number.is_error:
            line.doubts.append(Finding(code="formula_without_value", field=name, text=column.text))
        if number.value is None:
            continue
        if number.value < 0:
            line.faults.append(Finding(code="negative_amount", field=name, text=written(line.cell(column))))
        unit = numbers.money_unit(number.unit) or numbers.money_unit(column.unit) or context.money_unit
        factor, unit = numbers.LARGE.get(unit, (1, unit))
        found[name] = Amount(value=number.value * factor, unit=unit)
    return found


def _progress(line: Line, table: Table, context: Context) -> Decimal | None:
    column = _latest(line, table, "progress")
    cell = line.cell(column)
    number = numbers.read(cell)
    if column is None or cell is None:
        return None
    if number.problem:
        line.faults.append(Finding(code=number.problem, field="progress", text=written(cell)))
    if number.is_error:
        line.doubts.append(Finding(code="formula_without_value", field="progress", text=column.text))
    if number.value is None:
        return None
    value = number.value
    is_plain = number.unit not in {"%", "％", "‰"}
    value = value / 10 if number.unit == "‰" else value
    if is_plain and (column.index in line.percents or column.is_fraction):
        value = numbers.scaled(value)
    elif is_plain and 0 < value < 1:
        value = numbers.scaled(value)
        line.doubts.append(Finding(code="percent_guessed", field="progress", text=written(cell)))
    if not 0 <= value <= FULL:
        line.faults.append(Finding(code="percent_out_of_range", field="progress", text=f"{value.normalize():f}%"))
    return value


def _in_words(line: Line, table: Table) -> str | None:
    """What a column of percentages says in words: 已完成, 过半."""
    column = _latest(line, table, "progress")
    return line.raw(column) if column and numbers.read(line.cell(column)) == numbers.NONE else None


def _judge(entry: Entry, line: Line, table: Table) -> None:
    """What can be said about one row alone."""
    codes = {(fault.code, fault.field) for fault in line.faults}
    if not entry.title and ("formula_cell", "title") not in codes:
        line.faults.append(Finding(code="missing_title", field="title"))
    if (
        entry.start
        and entry.due.day
        and entry.due.day < entry.start
        and not any(code == "impossible_date" for code, _ in codes)
    ):
        line.faults.append(Finding(code="due_before_start", field="due", text=entry.due.day.isoformat()))
    if not entry.lead and not table.firsts.keys().isdisjoint({"lead", "tick"}):
        line.doubts.append(Finding(code="missing_lead", field="lead"))
    if entry.due.is_vague and not entry.due.day and not _is_known_vague(entry.due):
        line.doubts.append(Finding(code="due_not_understood", field="due", text=entry.due.text or ""))


def _is_known_vague(due: Deadline) -> bool:
    return bool(due.recurring or KNOWN_VAGUE.search(due.text or ""))
