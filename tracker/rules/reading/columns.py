"""Which column is which field, decided from headings and from what stands below them. No row becomes an entry here."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tracker.rules.reading import grid as grids
from tracker.rules.reading import owners, samples, titles
from tracker.rules.reading.characters import squeezed, written
from tracker.rules.reading.grid import Grid
from tracker.rules.reading.header import Head, Header, is_heading_row
from tracker.rules.reading.samples import Samples

IN_A_WORD = re.compile("是否|状态|与否")  # a column of words like 办理中, beside which another tells more
FACTS = ("lead", "support", "due", "goal", "start", "status", "progress")
FEWEST = 2  # cells of a column without heading that is worth a word
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


def resolve(header: Header, grid: Grid, *, extra_fields: Mapping[int, str] | None = None) -> Table | None:
    """The table under a header; None when no column says what is to be done.

    `extra_fields` is what a person chose in the preview: a column's index to its field, "" to leave it out.
    """
    chosen = extra_fields or {}
    below = {head.index: samples.of(grid, header, head.index) for head in header.heads}
    fields = {head.index: head.heading.field for head in header.heads}
    _by_content(header.heads, fields, below, grid)
    _spares(header.heads, fields, below)
    titles.choose(header.heads, fields, below)
    _owners(header.heads, fields)
    _money(fields)
    _singles(header.heads, fields, below)
    fields |= chosen
    columns = tuple(
        Column(
            index=head.index, text=head.text, field=fields[head.index], unit=head.heading.unit, year=head.heading.year,
            is_fraction=below[head.index].is_fraction(head, grid),
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
        is_sparse=_is_sparse(fields, below),
        shares=frozenset(column.index for column in columns if column.field in shares),
    )


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


def _by_content(heads: Iterable[Head], fields: dict[int, str], below: Mapping[int, Samples], grid: Grid) -> None:
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
        elif name.startswith("stage:") and share >= 0.6:
            fields[head.index] = ""
        elif name == "progress" and share < 0.3 and sample.texts():
            fields[head.index] = "status"
        elif name == "status" and "progress" not in names and sample.texts() and sample.are_percents(grid, head.index):
            fields[head.index] = "progress"
        elif name == "baseline" and share < 0.2 and sample.are_days():
            fields[head.index] = ""  # the day on which it was done
        elif name == "baseline" and sample.texts() and share < 0.2 and not any("/" in text for text in sample.texts()):
            fields[head.index] = "status" if "status" not in names and "完成" in head.text else name


def _spares(heads: Iterable[Head], fields: dict[int, str], below: Mapping[int, Samples]) -> None:
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


def _singles(heads: Iterable[Head], fields: dict[int, str], below: Mapping[int, Samples]) -> None:
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
                key=lambda head: (not below[head.index].texts(), bool(IN_A_WORD.search(head.text)), -_month(head))
            )
        for head in found[1:]:
            is_same = head.path == found[0].path
            fields[head.index] = "" if not is_same else f"{name}+"


def _month(head: Head) -> int:
    found = re.search(r"(\d{1,2})月", squeezed(head.text))
    return int(found[1]) if found else 0


def unread(table: Table) -> tuple[Column, ...]:
    """The columns that nobody understood: to be named, never dropped in silence."""
    return tuple(column for column in table.columns if not column.field)
