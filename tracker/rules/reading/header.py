"""Where the header lies and what its cells say together: one to three rows, merged or not. No data below it is read.

What a column is in the end also depends on its cells: that is decided in `columns`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tracker.rules.reading import grid as grids
from tracker.rules.reading import headings
from tracker.rules.reading.characters import squeezed, written
from tracker.rules.reading.grid import Grid
from tracker.rules.reading.headings import Heading

SEARCHED = 60  # rows from the top in which a header may begin
DEEPEST = 3  # rows of one header
LONGEST_CELL = 60
LONGEST_HEADING = 20  # of a header that begins in the middle of the data
GENERIC = frozenset(
    re.findall(
        r"\w+",
        "目标 计划 任务 完成 实际 基数 单位 部门 时间 日期 名称 内容 类别 情况 编号 投资"
        " 数量 时限 要求 金额 姓名 负责人 预期 现状",
    )
)
GROUP = re.compile(r".{0,8}(?:情况|信息|时间|安排|投资|资金|责任|分工|目标|任务|进度|进展|计划|要求)")
TIMES = re.compile("时间|时限|期限|工期|节点|起止|日期")
EVENT = re.compile(
    "(?:计划|实际|预计|拟)?(?:启动|开始|开工|动工|起|止|完成|结束|终止|截止|竣工|完工|建成|投产|投用|办结|验收)"
)
A_YEAR = re.compile(r"(20\d\d)年?(?:度)?(?:\(.*\))?")
WHOLE = frozenset({"全市", "全县", "全区", "合计", "总计", "总量", "小计"})  # of a target that is divided beside it
SURE = 2
FEWEST_TOLD = 3  # fields of a header, and cells of a task below it
TITLES = ("title:1", "title:2", "title:3")
VAGUE = frozenset({"ordinal", "code", "unit", "unit_or_owner", "remarks", "kind", "section"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """One column's heading: `text` is the lowest cell, `path` all of them from the top down."""

    index: int
    text: str
    path: tuple[str, ...]
    heading: Heading


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The rows `top` to `bottom` (from 0, both belong to it) and their columns."""

    top: int
    bottom: int
    heads: tuple[Head, ...]

    @property
    def fields(self) -> frozenset[str]:
        """The known fields, without those that only the end of a heading hints at."""
        return frozenset(
            head.heading.field for head in self.heads if head.heading.field and not head.heading.field.endswith(":?")
        )

    @property
    def hints(self) -> frozenset[str]:
        """The fields that only the end of a heading hints at."""
        return frozenset(head.heading.field for head in self.heads if head.heading.field.endswith(":?"))


def find(grid: Grid, *, start: int = 0, extra: Mapping[str, str], searched: int = SEARCHED) -> Header | None:
    """The best header between `start` and `start + searched`; None when no row names a task and one thing about it."""
    best: Header | None = None
    spare: Header | None = None
    ledgers: list[Header] = []
    for top in range(start, min(start + searched, grid.height)):
        if not _may_begin(grid.rows[top]):
            continue
        found = _block(grid, top, _bottom(grid, top), extra)
        if is_ledger(found.fields):
            ledgers.append(found)
            best = found if best is None or len(found.fields) > len(best.fields) else best
        elif best is None and _may_be_ledger(found):
            spare = found if spare is None or len(found.fields) > len(spare.fields) else spare
    best = next((one for one in ledgers if best and _is_first(grid, one, best)), best or spare)
    return _with_groups(grid, best, extra) if best else None


def _is_first(grid: Grid, one: Header, best: Header) -> bool:
    """Whether a header above the best one has tasks of its own below it."""
    if one is best:
        return True
    if len(one.fields) < FEWEST_TOLD or one.bottom + 1 >= best.top:
        return False
    indexes = [head.index for head in one.heads]
    return any(
        sum(bool(grids.text(grid, row, index)) for index in indexes) >= FEWEST_TOLD
        and not is_heading_row(grid.rows[row], {})
        for row in range(one.bottom + 1, best.top)
    )


def is_ledger(fields: frozenset[str]) -> bool:
    """Whether these fields make a list of tasks: what, and at least one of who, when, how much, how far."""
    others = fields - {*TITLES, "ordinal", "unit", "remarks", "kind", "section"}
    has_title = bool(fields & {*TITLES, "goal", "content"})
    return has_title and len(others - ({"goal"} if not fields & set(TITLES) else set())) >= 1 and len(fields) >= 2


def _may_be_ledger(found: Header) -> bool:
    """Whether a heading ends like a task's, and others say or hint at two things about it."""
    told, hints = found.fields - VAGUE, found.hints - {"title:?"}
    return "title:?" in found.hints and len(told) + (len(hints) if found.fields else 0) >= 2


def begins(grid: Grid, number: int, extra: Mapping[str, str]) -> bool:
    """Whether a header of a ledger begins in this row."""
    return find(grid, start=number, extra=extra, searched=1) is not None


def is_heading_row(cells: Sequence[object], extra: Mapping[str, str]) -> bool:
    """Whether a row in the middle of the data looks like another header: all words, most of them known."""
    texts: list[str] = []
    for cell in cells:
        if cell is None or cell == "":
            continue
        if not isinstance(cell, str) or len(cell) > LONGEST_HEADING:
            return False
        texts.append(written(cell))
    if len(texts) < 3 or (len(texts) > 3 and not any(headings.known(text, extra).field for text in texts[:3])):
        return False
    fields = [headings.known(text, extra).field for text in texts]
    known = sum(bool(field) for field in fields)
    count = sum(bool(field) and not field.endswith(":?") for field in fields)
    return count >= 3 and (known * 3 >= len(texts) * 2 or (count >= 4 and known * 2 >= len(texts)))


def _may_begin(cells: Sequence[object]) -> bool:
    texts = [cell for cell in cells if cell not in (None, "")]
    words = [cell for cell in texts if isinstance(cell, str) and 0 < len(cell.strip()) <= LONGEST_CELL]
    return len(words) >= 2 and len(words) * 3 >= len(texts) * 2


def _bottom(grid: Grid, top: int) -> int:
    """The header's last row, from its merges or from what lies under its gaps."""
    ends = [area.bottom for area in grid.merges if area.top == top < area.bottom < top + DEEPEST and _says(grid, area)]
    if ends:
        return min(max(ends), grid.height - 1)
    bottom = top
    while bottom + 1 < min(grid.height, top + DEEPEST) and (_is_under(grid, bottom) or _is_continued(grid, bottom)):
        bottom += 1
    return bottom


def _says(grid: Grid, area: grids.Area) -> bool:
    return bool(grids.text(grid, area.top, area.left)) and len(grids.text(grid, area.top, area.left)) <= LONGEST_CELL


def _is_under(grid: Grid, row: int) -> bool:
    """Whether the next row holds sub-headings: words only, each under a heading that spans gaps, none under others."""
    above, below = grid.rows[row], grid.rows[row + 1]
    under = [index for index, cell in enumerate(below) if cell not in (None, "")]
    if len(under) < 2 or len(under) == len(below) or not all(
        isinstance(below[index], str) and len(str(below[index]).strip()) <= 20 for index in under
    ):  # fmt: skip
        return False
    first = next((index for index, cell in enumerate(above) if cell not in (None, "")), None)
    if first is None or first in under:
        return False
    runs = _runs(above)
    covered = [index for start, end in runs if end > start for index in range(start, end + 1)]
    told = {
        index
        for index in under
        if headings.look_up(squeezed(str(below[index]))).field
        or _goes_on(grids.text(grid, row, index), str(below[index]))
    }
    gaps = any(above[index] in (None, "") if index < len(above) else True for index in under)
    return gaps and told.issuperset({*under} - {*covered}) and (bool(told) or len(under) <= len(covered))


def _is_continued(grid: Grid, row: int) -> bool:
    """Whether the next row only goes on with the headings above it: units in brackets, 时间 below 完成."""
    under = [(index, text) for index, text in enumerate(map(written, grid.rows[row + 1])) if text]
    return bool(under) and all(_goes_on(grids.text(grid, row, index), text) for index, text in under)


def _goes_on(above: str, text: str) -> bool:
    stem, hints = headings.stem_of(text)
    is_half = stem in GENERIC and headings.look_up(above).field != headings.look_up(above + text).field != ""
    return bool(above) and (is_half or (not stem and any(map(headings.MEASURE.match, hints))))


def _runs(cells: Sequence[object]) -> list[tuple[int, int]]:
    """Each heading with the empty cells that follow it."""
    starts = [index for index, cell in enumerate(cells) if cell not in (None, "")]
    return list(zip(starts, [*(start - 1 for start in starts[1:]), len(cells) - 1], strict=True))


def _with_groups(grid: Grid, found: Header, extra: Mapping[str, str]) -> Header:
    """The header together with a row of group headings above it (“基本情况 | 投资情况 | 责任情况”), if there is one."""
    above = found.top - 1
    if above < 0 or found.bottom - above >= DEEPEST:
        return found
    wide = {
        area.left: area.right for area in grid.merges if area.top <= above <= area.bottom and area.right > area.left
    }
    filled = [index for index, cell in enumerate(grid.rows[above]) if cell not in (None, "")]
    texts = [grids.text(grid, above, index) for index in filled]
    is_group = len(filled) >= 2 and all(len(text) <= 20 and not re.search(r"[::]|\d日", text) for text in texts)
    is_wide = sum(index in wide for index in filled) * 2 >= len(filled)
    is_said = len(filled) < len(found.heads) and all(GROUP.fullmatch(squeezed(text)) for text in texts)
    if not is_group or not (is_wide or is_said):
        return found
    return _block(grid, above, found.bottom, extra)


def _block(grid: Grid, top: int, bottom: int, extra: Mapping[str, str]) -> Header:
    """The columns of the header rows `top` to `bottom`."""
    width = max((len(grid.rows[row]) for row in range(top, bottom + 1)), default=0)
    lines = [_line(grid, row, width, is_last=row == bottom) for row in range(top, bottom + 1)]
    heads = []
    for index in range(width):
        pieces: list[str] = []
        for line in lines:
            if line[index] and line[index] not in pieces:
                pieces.append(line[index])
        if pieces:
            if len(pieces) > 1 and not headings.stem_of(pieces[-1])[0]:
                pieces[-2:] = ["".join(pieces[-2:])]  # a unit in brackets below its heading
            heading = _meaning(tuple(pieces), extra)
            heads.append(Head(index=index, text=pieces[-1], path=tuple(pieces), heading=heading))
    return Header(top=top, bottom=bottom, heads=tuple(heads))


def _line(grid: Grid, row: int, width: int, *, is_last: bool) -> list[str]:
    """One header row with its merges filled; above the last row a heading also covers the gaps to its right."""
    texts = [" ".join(grids.text(grid, row, index).split()) for index in range(width)]
    held: set[int] = set()
    for area in grid.merges:
        if area.top <= row <= area.bottom and area.bottom - area.top < DEEPEST:
            for index in range(area.left, min(area.right, width - 1) + 1):
                texts[index] = " ".join(grids.text(grid, area.top, area.left).split())
                held.add(index)
    if not is_last:
        for index in range(1, width):
            below = grids.text(grid, row + 1, index)
            if not texts[index] and index not in held and below and grids.text(grid, row + 1, index - 1):
                texts[index] = texts[index - 1] if index - 1 not in held else ""
    return texts


def _meaning(pieces: tuple[str, ...], extra: Mapping[str, str]) -> Heading:
    """What the pieces mean together: the lowest alone if that says enough, else with its groups."""
    child, group = pieces[-1], squeezed("".join(pieces[:-1]))
    own = headings.known(child, extra)
    if not group:
        return own
    above = headings.known(group, extra)
    stem, _ = headings.stem_of(child)
    joined = list(dict.fromkeys([*_joined(stem, group), *_joined(stem, squeezed(pieces[-2]))]))
    is_money = bool(re.search("投资|资金", group)) and own.field in {"title:2", "baseline", "goal", "year_target"}
    tries = joined if stem in GENERIC or _certainty(own) < SURE or is_money else []
    found = max((headings.known(words, extra) for words in tries), key=_certainty, default=own)
    found = found if found.field else own
    if A_YEAR.fullmatch(squeezed(child)):
        found = _year_column(squeezed(child), above, found)
    elif stem in WHOLE and above.field in {"goal", "target", "year_target", "title:2"}:
        found = Heading(field="year_target", year=above.year)  # 全市 under 2026年目标任务
    elif own.unit and found.field in {"", *TITLES} and above.field in {"goal", "target", "year_target"}:
        found = Heading(field="year_target")  # 营业收入(亿元) under 年度目标
    return Heading(field=found.field, unit=own.unit or above.unit or found.unit, year=own.year or found.year)


def _certainty(heading: Heading) -> int:
    """0 for no field, 1 for a hint, `SURE` for a field."""
    return 1 if heading.field.endswith(":?") else SURE if heading.field else 0


def _joined(stem: str, group: str) -> list[str]:
    """The sub-heading with its group, and with the noun that this leaves to it: 计划 under 投资(亿元) is 计划投资."""
    if TIMES.search(group) and EVENT.fullmatch(stem):
        return [f"{stem}时间"]
    if stem in {"全年", "年底"} and re.search("进度|节点|序时|时间", group):
        return ["四季度目标"]
    nouns: tuple[tuple[str, str], ...] = (
        ("计划|安排|节点|推进|序时|阶段|目标|要求", "目标"),
        ("投资", "投资"),
        ("资金", "资金"),
        ("单位|部门|责任|分工", "单位"),
        ("时间|时限|工期|日期|周期|进度", "时间"),
    )
    nouns = nouns[1:] if re.search("投资|资金", group) else nouns
    left = [stem + noun for words, noun in nouns if re.search(words, group) and not stem.endswith(noun)]
    return [group + stem, *left, stem + group]


def _year_column(child: str, above: Heading, found: Heading) -> Heading:
    year = int(child[:4])
    if above.field in {"goal", "target", "year_target", "title:2"}:
        return Heading(field="year_target", year=year)
    return Heading(field="baseline" if above.field in {"baseline", "status"} else found.field, year=year)
