"""Which column is which field, decided from headings and from what stands below them. No row becomes an entry here."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from tracker.rules.reading import deadlines, numbers, owners, quantities
from tracker.rules.reading import grid as grids
from tracker.rules.reading.characters import NOTHING, Cell, squeezed, written
from tracker.rules.reading.grid import Grid
from tracker.rules.reading.header import Head, Header, is_heading_row

SAMPLED = 400  # rows below the header that are looked at
IN_A_WORD = re.compile("是否|状态|与否")  # a column of words like 办理中, beside which another tells more
FACTS = ("lead", "support", "due", "goal", "start", "status", "progress")
MOST_PART = 2  # 1.4 among parts of one is 140 %, and refused
MARK = re.compile(r"\(?(?:[一二三四五六七八九十]+|[\dA-Z]{1,4}(?:[-.]\d+)*)[).、]?")
LONGEST_MARK = 8
FEWEST = 2  # cells of a column without heading that is worth a word
SOME_YEAR = 2026  # any year does where only the form of a date is looked at
SINGLE = ("code", "title", "parent", "goal", "kind", "lead", "leader", "contact", "start", "due", "span", "progress",
          "status", "remarks", "section", "unit", "place", "content", "attr", "stages")  # fmt: skip
UNSURE = re.compile(r"实际|调整|变更|延期|原定|上报|^(?:20\d\d年|上年|去年)(?:度|底)?(?:实际|已)?完成")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column with its final field; "" is a column that is not read."""

    index: int
    text: str
    field: str
    unit: str = ""
    year: int | None = None
    is_fraction: bool = False  # its plain numbers are parts of one: 0.45 means 45 %


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A header and what its columns are; `by_field` holds the columns of each field from left to right."""

    header: Header
    columns: tuple[Column, ...]
    by_field: Mapping[str, tuple[Column, ...]] = field(default_factory=dict)
    firsts: Mapping[str, Column] = field(default_factory=dict)
    owner_part: owners.Part = owners.Part.LEAD
    amounts: tuple[Column, ...] = ()
    stage_ends: tuple[Column, ...] = ()
    is_continued: bool = False  # an empty parent means the one above
    is_sparse: bool = False  # most tasks have nothing beside their words
    shares: frozenset[int] = frozenset()  # the columns in which a percentage may stand

    def one(self, name: str) -> Column | None:
        """The first column of a field."""
        return self.firsts.get(name)


@dataclass(slots=True, kw_only=True)
class _Samples:
    """The cells below one heading."""

    cells: list[Cell]
    merged: int
    first_row: int = 0

    def texts(self) -> list[str]:
        return [text for text in map(written, self.cells) if text not in NOTHING]

    def are_marks(self) -> bool:
        """Whether the cells are mostly numbers of an order: 1, (一), A-3."""
        texts = self.texts()
        short = [text for text in texts if len(text) <= LONGEST_MARK]  # a section's words stand among them
        marks = sum(bool(MARK.fullmatch(squeezed(text))) for text in short)
        return marks * 5 >= len(short) * 3 > 0 and marks * 3 >= len(texts)

    def numeric_share(self) -> float:
        texts = self.texts()
        plain = sum(bool(re.fullmatch(r"[≥≤<>约超]?-?[\d,.]+ ?%?(?:[万亿]?\w{0,3})", squeezed(text))) for text in texts)
        return plain / len(texts) if texts else 0.0


def resolve(header: Header, grid: Grid, *, extra_fields: Mapping[int, str] | None = None) -> Table | None:
    """The table under a header; None when no column says what is to be done.

    `extra_fields` is what a person chose in the preview: a column's index to its field, "" to leave it out.
    """
    chosen = extra_fields or {}
    samples = {head.index: _samples(grid, header, head.index) for head in header.heads}
    fields = {head.index: head.heading.field for head in header.heads}
    _by_content(header.heads, fields, samples, grid)
    _spares(header.heads, fields, samples)
    _titles(header.heads, fields, samples)
    _owners(header.heads, fields)
    _money(fields)
    _singles(header.heads, fields, samples)
    fields |= chosen
    columns = tuple(
        Column(
            index=head.index, text=head.text, field=fields[head.index], unit=head.heading.unit, year=head.heading.year,
            is_fraction=_is_fraction(samples[head.index], head, grid),
        )
        for head in header.heads
    )  # fmt: skip
    columns += _without_heading(header, grid, fields, chosen)
    by_field: dict[str, tuple[Column, ...]] = {}
    for column in columns:
        by_field[column.field] = (*by_field.get(column.field, ()), column)
    if "title" not in by_field:
        return None
    is_both = any(fields[head.index] == "lead" and head.heading.field != "lead" for head in header.heads)
    shares = ("progress", "target", "baseline")
    return Table(
        header=header,
        columns=columns,
        by_field=by_field,
        firsts={name: found[0] for name, found in by_field.items()},
        owner_part=owners.Part.BOTH if is_both else owners.Part.LEAD,
        amounts=tuple(column for column in columns if column.field.startswith("amount:")),
        stage_ends=tuple(column for column in columns if column.field.startswith("stage:")),
        is_continued="parent" in by_field,
        is_sparse=_is_sparse(fields, samples),
        shares=frozenset(column.index for column in columns if column.field in shares),
    )


def _without_heading(
    header: Header, grid: Grid, fields: Mapping[int, str], chosen: Mapping[int, str]
) -> tuple[Column, ...]:
    """Columns with cells beside the tasks and no heading: named by their letter, never dropped in silence."""
    title = next((index for index, name in fields.items() if name == "title"), None)
    headed = {head.index for head in header.heads}
    counted: Counter[int] = Counter()
    for cells in grid.rows[header.bottom + 1 : header.bottom + 1 + SAMPLED]:
        if is_heading_row(cells, {}):
            break
        if title is not None and title < len(cells) and cells[title] not in (None, ""):
            counted.update(index for index, cell in enumerate(cells) if index not in headed and written(cell))
    return tuple(
        Column(index=index, text=f"{grids.letters(index)}列(无表头)", field=chosen.get(index, ""))
        for index, count in sorted(counted.items())
        if count >= FEWEST
    )


def _is_sparse(fields: Mapping[int, str], samples: Mapping[int, _Samples]) -> bool:
    """Whether fewer than a third of the tasks have a department, a day or a goal beside them."""
    title = next((index for index, name in fields.items() if name == "title"), None)
    beside = [samples[index].cells for index, name in fields.items() if name in FACTS and index in samples]
    if title is None or title not in samples:
        return False
    rows = [row for row, cell in enumerate(samples[title].cells) if cell not in (None, "")]
    return sum(any(cells[row] not in (None, "") for cells in beside) for row in rows) * 3 < len(rows)


def _samples(grid: Grid, header: Header, index: int) -> _Samples:
    last = min(grid.height, header.bottom + 1 + SAMPLED)
    cells = [grids.cell(grid, row, index) for row in range(header.bottom + 1, last)]
    merged = sum(
        area.left == area.right == index and area.top > header.bottom and area.bottom > area.top for area in grid.merges
    )
    return _Samples(cells=cells, merged=merged, first_row=header.bottom + 1)


def _by_content(heads: Iterable[Head], fields: dict[int, str], samples: Mapping[int, _Samples], grid: Grid) -> None:
    """Headings that mean one thing over numbers and another over words."""
    names = set(fields.values())
    yearly = sum(name == "year_target" for name in fields.values())
    for head in heads:
        name, sample = fields[head.index], samples[head.index]
        share = sample.numeric_share()
        if name == "unit_or_owner":
            departments = sum(
                bool(owners.ENDS.search(squeezed(text))) and len(squeezed(text)) > 2 for text in sample.texts()
            )
            fields[head.index] = "owner" if departments * 2 > len(sample.texts()) else "unit"
        elif (
            name in {"year_target", "goal"}
            and share >= 0.6
            and (name == "year_target" or names & {"unit", "unit_or_owner"} or head.heading.unit)
        ) or (name == "year_target" and yearly > 1 and _are_counted(sample)):
            fields[head.index] = "target"
        elif name == "year_target" or (name == "target" and share < 0.4 and sample.texts()):
            fields[head.index] = "goal"
        elif name.startswith("stage:") and share >= 0.6:
            fields[head.index] = ""
        elif name == "progress" and share < 0.3 and sample.texts():
            fields[head.index] = "status"
        elif (
            name == "status" and "progress" not in names and sample.texts() and _are_percents(sample, grid, head.index)
        ):
            fields[head.index] = "progress"
        elif name == "baseline" and share < 0.2 and _are_days(sample):
            fields[head.index] = ""  # the day on which it was done
        elif name == "baseline" and sample.texts() and share < 0.2 and not any("/" in text for text in sample.texts()):
            fields[head.index] = "status" if "status" not in names and "完成" in head.text else name


def _spares(heads: Iterable[Head], fields: dict[int, str], samples: Mapping[int, _Samples]) -> None:
    """What only the end of a heading hints at counts where nothing else says it and the cells agree."""
    names = {name.partition(":")[0] for name in fields.values() if not name.endswith(":?")}
    days = {
        index
        for index, name in fields.items()
        if name == "due:?" and not names & {"due", "stages", "span"} and _are_days(samples[index])
    }
    for head in heads:
        name = fields[head.index].partition(":")[0]
        if not fields[head.index].endswith(":?"):
            continue
        texts = samples[head.index].texts()
        if name == "title":
            agrees = sum(len(text) > 3 and not text.isdecimal() for text in texts) * 2 > len(texts)
        elif name == "due":
            agrees = days == {head.index}  # of two that might be the deadline neither is taken
        else:
            agrees = (
                "lead" not in names
                and sum(bool(owners.ENDS.search(squeezed(text))) for text in texts) * 5 >= len(texts) * 4
            )
        is_taken = name in names or not texts or not agrees
        fields[head.index] = "" if is_taken else "title:2" if name == "title" else name
        names |= {name}
    if any(name in {"lead", "owner"} for name in fields.values()):
        fields |= {index: "" for index, name in fields.items() if name == "owner:2"}
    fields |= {index: "owner" for index, name in fields.items() if name == "owner:2"}


def _are_days(sample: _Samples) -> bool:
    """Whether most of the cells name a day or say that there is none."""
    found = [deadlines.read(cell, year=SOME_YEAR) for cell in sample.cells if cell not in (None, "")]
    known = sum(bool(said.day or said.recurring or deadlines.OPEN_END.search(said.text or "")) for said in found)
    return bool(found) and known * 5 >= len(found) * 3


def _are_counted(sample: _Samples) -> bool:
    """Whether most of the cells promise a number in words: “引进20名”."""
    texts = sample.texts()
    return sum(bool(quantities.read(text)) for text in texts) * 5 >= len(texts) * 3 > 0


def _are_percents(sample: _Samples, grid: Grid, index: int) -> bool:
    texts = sample.texts()
    plain = sum(bool(re.fullmatch(r"-?[\d.]+%?", squeezed(text))) for text in texts)
    return plain * 5 >= len(texts) * 4 and (
        any("%" in text or "％" in text for text in texts)
        or any(place % grids.WIDEST == index for place in grid.percents)
    )


def _titles(heads: Iterable[Head], fields: dict[int, str], samples: Mapping[int, _Samples]) -> None:
    """One title, at most one parent: the narrower column is the title when the wider one is merged over its rows."""
    found = sorted(
        (head for head in heads if fields[head.index].startswith("title:")),
        key=lambda head: (
            fields[head.index],
            "目标" in squeezed(head.text),
            bool(re.search("内容|描述|要求|清单", head.text)),
            head.index,
        ),
    )
    marks = {head.index for head in found if samples[head.index].are_marks()}
    if len(marks) < len(found):  # “(一)” under 项目 beside 任务 is a number
        fields |= dict.fromkeys(marks, "ordinal")
        found = [head for head in found if head.index not in marks]
    if not found:
        spare = next((head for head in heads if fields[head.index] == "goal"), None)
        spare = spare or next((head for head in heads if fields[head.index] == "content"), None)
        if spare:
            fields[spare.index] = "title"
        return
    twins = [head for head in found if head.path == found[0].path]
    if len(twins) > 1:  # one heading over several columns: the longest texts are the tasks, “(一)” beside them is none
        longest = max(twins, key=lambda head: (sum(map(len, samples[head.index].texts())), head.index))
        found = [longest, *(head for head in found if head not in twins)]
        fields |= {head.index: "ordinal" for head in twins if head is not longest}
    title, parent = found[0], None
    if "目标" in squeezed(title.text):  # 政策措施 with 目标任务 behind it: the goal of the measure
        title = next((head for head in found if head.index < title.index), title)
    for narrower in found:
        is_first = fields[title.index] == "title:1"  # 一级指标 beside 二级指标 is never the task
        if narrower is not title and (is_first or _is_grouped(title.index, narrower.index, samples)):
            title, parent = narrower, title
    for head in found:
        is_goal = re.search("目标|年度(?:建设|工作|主要|重点)*(?:任务|计划)", squeezed(head.text))
        spare_field = "goal" if is_goal else "content" if "内容" in head.text else ""
        fields[head.index] = spare_field if spare_field not in fields.values() else ""
    fields[title.index] = "title"
    if parent:
        fields[parent.index] = "parent"


def _is_grouped(wide: int, narrow: int, samples: Mapping[int, _Samples]) -> bool:
    """Whether the wide column holds one text for several rows of the narrow one: merged, or left empty below."""
    if samples[wide].merged > samples[narrow].merged:
        return True
    pairs = list(zip(map(written, samples[wide].cells), map(written, samples[narrow].cells), strict=True))
    continued = sum(not above and bool(below) for above, below in pairs)
    repeated = sum(bool(a[0]) and a[0] == b[0] and bool(a[1]) and a[1] != b[1] for a, b in pairwise(pairs))
    filled = sum(bool(below) for _, below in pairs)
    is_small = filled * 0.3 <= continued <= filled * 0.7
    return filled > 2 and (continued >= max(2, filled * 0.2) or is_small or repeated >= max(2, filled * 0.3))


def _owners(heads: Iterable[Head], fields: dict[int, str]) -> None:
    """A column of responsible departments supports where a lead is named, and leads where none is."""
    has_lead = "lead" in fields.values()
    for head in heads:
        if fields[head.index] == "owner":
            fields[head.index] = "support" if has_lead else "lead"
            has_lead = True
    leads = [head for head in heads if fields[head.index] == "lead"]
    for head in leads[1:]:
        fields[head.index] = "support"
    people = [head for head in heads if fields[head.index] == "person"]
    for head in people:
        fields[head.index] = "leader" if "leader" not in fields.values() else ""


def _money(fields: dict[int, str]) -> None:
    """“累计完成投资” counts from the beginning when another column has this year's share, else it is what was done."""
    names = set(fields.values())
    for index, name in fields.items():
        if name == "amount:sum_investment":
            taken = "amount:done_investment" in names
            fields[index] = "amount:cum_investment" if taken else "amount:done_investment"
    seen: set[str] = set()
    for index, name in fields.items():
        if name.startswith("amount:"):
            fields[index] = name if name not in seen else ""
            seen.add(name)


def _singles(heads: Iterable[Head], fields: dict[int, str], samples: Mapping[int, _Samples]) -> None:
    """One column a field; the others keep their cells but are named as not read."""
    if "due" not in fields.values():
        for index, name in fields.items():
            if name == "stages" and "due" not in fields.values():
                fields[index] = "due"
    if "code" not in fields.values():
        for index, name in fields.items():
            if name == "ordinal" and "code" not in fields.values():
                fields[index] = "code"
    for name in SINGLE:
        found = [head for head in heads if fields[head.index] == name]
        found.sort(key=lambda head: bool(UNSURE.search(head.text)))
        if name == "status":  # of the months the last one that says anything, and words before 是 and 否
            found.sort(
                key=lambda head: (not samples[head.index].texts(), bool(IN_A_WORD.search(head.text)), -_month(head))
            )
        for head in found[1:]:
            is_same = head.path == found[0].path
            fields[head.index] = "" if not is_same else f"{name}+"


def _month(head: Head) -> int:
    found = re.search(r"(\d{1,2})月", squeezed(head.text))
    return int(found[1]) if found else 0


def _is_fraction(sample: _Samples, head: Head, grid: Grid) -> bool:
    """Whether the plain numbers of a column are all parts of one; beside cells shown as percentages a lone 1 is too."""
    values: list[float] = []
    is_shown = False
    for row, cell in enumerate(sample.cells, start=sample.first_row):
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            if grids.key(row, head.index) in grid.percents:
                is_shown = True
            else:
                values.append(cell)
    texts = [numbers.read(cell) for cell in sample.cells if isinstance(cell, str) and cell.strip()]
    values += [float(text.value) for text in texts if text.value is not None and not text.unit]
    parts = sum(0 < value < 1 for value in values)
    if not values or head.heading.unit == "%" or not 0 <= min(values) <= max(values) <= MOST_PART:
        return False
    return parts * 2 >= len(values) if max(values) > 1 else is_shown or parts > 0


def unread(table: Table) -> tuple[Column, ...]:
    """The columns that nobody understood: to be named, never dropped in silence."""
    return tuple(column for column in table.columns if not column.field)
