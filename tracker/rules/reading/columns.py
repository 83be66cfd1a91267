"""Which column is which field, decided from headings and from what stands below them. No row becomes an entry here."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tracker.rules.reading import grid as grids
from tracker.rules.reading import headings, numbers, owners, samples, titles
from tracker.rules.reading.characters import squeezed, written
from tracker.rules.reading.grid import Grid
from tracker.rules.reading.header import Head, Header, is_heading_row
from tracker.rules.reading.samples import Samples

IN_A_WORD = re.compile("是否|状态|与否")  # a column of words like 办理中, beside which another tells more
FACTS = ("lead", "support", "due", "goal", "start", "status", "progress")
FEWEST = 2  # cells of a column without heading that is worth a word
SHARES = frozenset({"progress", "target", "baseline"})
WHOLE = 100
SINGLE = ("code", "title", "parent", "goal", "kind", "lead", "leader", "contact", "start", "due", "span", "progress",
          "status", "remarks", "section", "unit", "place", "content", "attr", "stages")  # fmt: skip
NOT_KEPT = frozenset({"place", "content", "attr", "baseline"})  # understood, and no field of a task
OFFICE = re.compile("(?:科|处|股)室?$|站所$")  # a part of a department
PART_OF_SUM = re.compile(r"本月|当月|本季|当季|本周|^(?:20\d\d年)?\d{1,2}月份?完成")
PLANNED = re.compile("计划|安排|节点|时间表|路线图|倒排")
TOLD = re.compile("进展|动态|完成|落实|调度|通报|督[查办]")
FAR = 9999  # a year that no heading names: the one of the ledger
DECEMBER = 12
LATEST = 13  # behind every month that has a name
RELATIVE = re.compile("[本上][月季周]")
PERIOD = re.compile(r"(?:\d{1,2}月?[-—~至到])?(\d{1,2})月|第?([一二三四1-4])季度|(上|下)半年")
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
    earlier: Mapping[str, tuple[Column, ...]] = field(default_factory=dict)  # months before the one that was taken
    is_continued: bool = False  # an empty parent means the one above
    is_sparse: bool = False  # most tasks have nothing beside their words
    shares: frozenset[int] = frozenset()  # the columns in which a percentage may stand

    def one(self, name: str) -> Column | None:
        """The first column of a field."""
        return self.firsts.get(name)


def resolve(header: Header, grid: Grid, *, extra_fields: Mapping[int, str] | None = None) -> Table | None:
    """The table under a header; None when no column says what is to be done.

    `extra_fields` is what a person chose in the preview: a column's index to its field, "" to leave it out.
    """
    chosen = extra_fields or {}
    below = {head.index: samples.of(grid, header, head.index) for head in header.heads}
    fields, earlier = _fields(header, below, grid)
    fields |= chosen
    columns = tuple(
        Column(
            index=head.index, text=head.text, field=fields[head.index], unit=head.heading.unit, year=head.heading.year,
            is_fraction=below[head.index].is_fraction(head, grid),
        )
        for head in header.heads
    )  # fmt: skip
    columns += _without_heading(header, grid, fields, chosen)
    by_field = _by_field(columns)
    if "title" not in by_field:
        return None
    is_both = any(fields[head.index] == "lead" and head.heading.field != "lead" for head in header.heads)
    passed = {
        name: tuple(column for index in found for column in columns if column.index == index and index not in chosen)
        for name, found in earlier.items()
    }
    return Table(
        header=header,
        columns=columns,
        by_field=by_field,
        firsts={name: found[0] for name, found in by_field.items()},
        owner_part=owners.Part.BOTH if is_both else owners.Part.LEAD,
        amounts=tuple(column for column in columns if column.field.startswith("amount:")),
        stage_ends=tuple(column for column in columns if column.field.startswith("stage:")),
        earlier=passed,
        is_continued="parent" in by_field,
        is_sparse=_is_sparse(fields, below),
        shares=frozenset(
            column.index for column in columns if column.field in SHARES or column in passed.get("progress", ())
        ),
    )


def _by_field(columns: Sequence[Column]) -> dict[str, tuple[Column, ...]]:
    """The columns of each field from left to right."""
    found: dict[str, tuple[Column, ...]] = {}
    for column in columns:
        found[column.field] = (*found.get(column.field, ()), column)
    return found


def _fields(header: Header, below: Mapping[int, Samples], grid: Grid) -> tuple[dict[int, str], dict[str, list[int]]]:
    """Each column's field, and the months before the one that was taken for a field (see `_singles`)."""
    heads = header.heads
    fields = {head.index: head.heading.field for head in heads}
    _stages(header, fields, below, grid)
    _bare_money(heads, fields, below, grid)
    _by_content(heads, fields, below, grid)
    _spares(heads, fields, below)
    fields |= {head.index: "tick" for head in heads if _is_ticked(head, fields[head.index], below[head.index])}
    titles.choose(heads, fields, below)
    _owners(heads, fields)
    _money(heads, fields, below)
    return fields, _singles(heads, fields, below)


def _without_heading(
    header: Header, grid: Grid, fields: Mapping[int, str], chosen: Mapping[int, str]
) -> tuple[Column, ...]:
    """Columns with cells beside the tasks and no heading: named by their letter, never dropped in silence."""
    title = next((index for index, name in fields.items() if name == "title"), None)
    headed = {head.index for head in header.heads}
    counted: Counter[int] = Counter()
    for cells in grid.rows[header.bottom + 1 : header.bottom + 1 + samples.SAMPLED]:
        if is_heading_row(cells, {}):
            break
        if title is not None and title < len(cells) and cells[title] not in (None, ""):
            counted.update(index for index, cell in enumerate(cells) if index not in headed and written(cell))
    return tuple(
        Column(index=index, text=f"{grids.letters(index)}列(无表头)", field=chosen.get(index, ""))
        for index, count in sorted(counted.items())
        if count >= FEWEST
    )


def _is_sparse(fields: Mapping[int, str], below: Mapping[int, Samples]) -> bool:
    """Whether fewer than a third of the tasks have a department, a day or a goal beside them."""
    title = next((index for index, name in fields.items() if name == "title"), None)
    beside = [below[index].cells for index, name in fields.items() if name in FACTS and index in below]
    if title is None or title not in below:
        return False
    rows = [row for row, cell in enumerate(below[title].cells) if cell not in (None, "")]
    return sum(any(cells[row] not in (None, "") for cells in beside) for row in rows) * 3 < len(rows)


def _by_content(heads: Sequence[Head], fields: dict[int, str], below: Mapping[int, Samples], grid: Grid) -> None:
    """Headings that mean one thing over numbers and another over words."""
    names = set(fields.values())
    yearly = sum(name == "year_target" for name in fields.values())
    for head in heads:
        name, sample = fields[head.index], below[head.index]
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
        ) or (name == "year_target" and yearly > 1 and sample.are_counted()):
            fields[head.index] = "target"
        elif name == "year_target" or (name == "target" and share < 0.4 and sample.texts()):
            fields[head.index] = "goal"
        elif (name.startswith("stage:") and sample.are_bare()) or (
            name == "stages" and share >= 0.6 and not sample.are_days()
        ):
            fields[head.index] = ""
        elif name == "progress" and share < 0.3 and sample.texts():
            fields[head.index] = "status"
        elif name == "status" and "progress" not in names and sample.texts() and sample.are_percents(grid, head.index):
            fields[head.index] = "progress"
        elif name == "baseline" and share < 0.2 and sample.are_days():
            fields[head.index] = ""  # the day on which it was done
        elif name == "baseline" and sample.texts() and share < 0.2 and not any("/" in text for text in sample.texts()):
            fields[head.index] = "status" if "status" not in names and "完成" in head.text else name


def _spares(heads: Sequence[Head], fields: dict[int, str], below: Mapping[int, Samples]) -> None:
    """What only the end of a heading hints at counts where nothing else says it and the cells agree."""
    names = {name.partition(":")[0] for name in fields.values() if not name.endswith(":?")}
    days = {
        index
        for index, name in fields.items()
        if name == "due:?" and not names & {"due", "stages", "span"} and below[index].are_days()
    }
    for head in heads:
        name = fields[head.index].partition(":")[0]
        if not fields[head.index].endswith(":?"):
            continue
        texts = below[head.index].texts()
        if name == "title":
            agrees = sum(len(text) > 3 and not text.isdecimal() for text in texts) * 2 > len(texts)
        elif name == "due":
            agrees = days == {head.index}  # of two that might be the deadline neither is taken
        elif name == "status":  # words, and no ticks below the months
            agrees = below[head.index].numeric_share() < 0.3 and sum(len(text) > 1 for text in texts) * 2 > len(texts)
        else:
            agrees = (
                "lead" not in names
                and sum(bool(owners.ENDS.search(squeezed(text))) for text in texts) * 5 >= len(texts) * 4
            )
        is_taken = (name in names and name != "title") or not texts or not agrees
        fields[head.index] = "" if is_taken else "title:?" if name == "title" else name
        names |= {name} - {"status"}  # of several months each may be the last
    if any(name in {"lead", "owner"} for name in fields.values()):
        fields |= {index: "" for index, name in fields.items() if name == "owner:2"}
    fields |= {index: "owner" for index, name in fields.items() if name == "owner:2"}


def _owners(heads: Sequence[Head], fields: dict[int, str]) -> None:
    """A column of responsible departments supports where a lead is named, and leads where none is."""
    owning = [head for head in heads if fields[head.index] in {"lead", "owner", "support"}]
    offices = [head for head in owning if OFFICE.search(headings.stem_of(head.text)[0])]
    if any(fields[head.index] != "support" for head in owning if head not in offices):
        fields |= {head.index: "" for head in offices}  # 责任科室 beside 责任单位
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


def _stages(header: Header, fields: dict[int, str], below: Mapping[int, Samples], grid: Grid) -> None:
    """Columns that are named 1月, 2月 and no more are stages where the title says plan, or the whole year is filled."""
    bare = [head for head in header.heads if fields[head.index] == "status:?" and not TOLD.search(head.text)]
    titles = "".join(squeezed(written(cell)) for cells in grid.rows[: header.top] for cell in cells)
    is_full = any(_period(head) % 100 == DECEMBER and below[head.index].texts() for head in bare)
    if (is_full or PLANNED.search(titles)) and not TOLD.search(titles):
        fields |= {head.index: f"stage:{_period(head) % 100}" for head in bare}


def _is_ticked(head: Head, name: str, sample: Samples) -> bool:
    """Whether a department is the heading and its cells are marks: ● for who leads, ○ for who supports."""
    is_department = name in {"", "title:?", "owner:?", "owner"} and owners.ENDS.search(headings.stem_of(head.text)[0])
    return bool(is_department) and bool(sample.texts()) and owners.TICKS.issuperset(map(squeezed, sample.texts()))


def _bare_money(heads: Sequence[Head], fields: dict[int, str], below: Mapping[int, Samples], grid: Grid) -> None:
    """Beside 总投资 the numbers below 2026年计划, 1-6月完成 and 累计完成 are money."""
    names = set(fields.values())
    is_money = "amount:total_investment" in names and not names & {"unit", "unit_or_owner"}
    for head in heads:
        name, sample, unit = fields[head.index], below[head.index], head.heading.unit
        stem = headings.stem_of(head.text)[0]
        if name == "progress" and numbers.money_unit(unit) and sample.most() > WHOLE:
            stem = "完成"  # 投资进度(万元)
        elif (
            not is_money or name.startswith("amount:") or name == "progress" or (unit and not numbers.money_unit(unit))
        ):
            continue
        meant = headings.look_up(f"{stem}投资").field
        if meant.startswith("amount:") and sample.numeric_share() >= 0.6 and not sample.are_percents(grid, head.index):
            fields[head.index] = meant


def _money(heads: Sequence[Head], fields: dict[int, str], below: Mapping[int, Samples]) -> None:
    """“累计完成投资” counts from the beginning when another column has this year's share, else it is what was done.

    Of several months the last one that says anything counts, and a sum before what one month added to it.
    """
    names = set(fields.values())
    for index, name in fields.items():
        if name == "amount:sum_investment":
            taken = "amount:done_investment" in names
            fields[index] = "amount:cum_investment" if taken else "amount:done_investment"
    for name in {name for name in fields.values() if name.startswith("amount:")}:
        found = [head for head in heads if fields[head.index] == name]
        found.sort(
            key=lambda head: (not below[head.index].texts(), bool(PART_OF_SUM.search(head.text)), -_period(head))
        )
        fields |= {head.index: "" for head in found[1:]}


def _singles(heads: Sequence[Head], fields: dict[int, str], below: Mapping[int, Samples]) -> dict[str, list[int]]:
    """One column a field; the others keep their cells but are named as not read.

    Returns:
        For a field of which the last month was taken the columns of the months before, the latest first.
    """
    for name, spare in (("due", "stages"), ("code", "ordinal")):
        if name not in fields.values():
            fields |= dict.fromkeys([index for index, said in fields.items() if said == spare][:1], name)
    earlier: dict[str, list[int]] = {}
    for name in SINGLE:
        found = [head for head in heads if fields[head.index] == name]
        found.sort(
            key=lambda head: (
                bool(UNSURE.search(head.text)),
                "原" in head.text,
                name == "contact" and "联" not in head.text,
            )
        )
        if name in {"status", "progress"}:  # the last month that says anything, and words before 是 and 否
            found.sort(
                key=lambda head: (not below[head.index].texts(), bool(IN_A_WORD.search(head.text)), -_period(head))
            )
            if found and (last := _period(found[0])):
                earlier[name] = [head.index for head in found if 0 < _period(head) < last]
        for head in found[1:]:
            is_same = head.path == found[0].path
            fields[head.index] = "" if not is_same else f"{name}+"
    return earlier


def _period(head: Head) -> int:
    """The last month that a heading names, counted with its year; 0 for none."""
    text = squeezed(head.text)
    found, relative = PERIOD.search(text), RELATIVE.search(text)
    if not found:
        return 0 if relative is None else FAR * 100 + (LATEST if relative[0][0] == "本" else 0)
    if found[1]:
        month = int(found[1])
    elif found[2]:
        month = ("一二三四1234".index(found[2]) % 4 + 1) * 3
    else:
        month = 6 if found[3] == "上" else 12
    return (head.heading.year or FAR) * 100 + month


def unread(table: Table) -> tuple[Column, ...]:
    """The columns that nobody understood: to be named, never dropped in silence."""
    return tuple(column for column in table.columns if not column.field)


def unkept(table: Table) -> tuple[Column, ...]:
    """The columns that were understood, and of which nothing is kept."""
    idle = NOT_KEPT if "target" in table.firsts else NOT_KEPT | {"unit"}
    idle = idle | {"span"} if table.firsts.keys() >= {"start", "due"} else idle
    return tuple(column for column in table.columns if column.field in idle)
