"""What surrounds the tasks: lines above a header, examples, templates and summaries beside the real sheets."""

import re
from collections.abc import Collection, Mapping

from tracker.rules.reading import header, headings, notes, rows
from tracker.rules.reading.characters import squeezed, written
from tracker.rules.reading.columns import Table
from tracker.rules.reading.grid import Grid
from tracker.rules.reading.header import Header

NO_LEDGER = (
    "示例", "样表", "样例", "模板", "填报说明", "填表说明", "填写说明", "使用说明", "字典", "参数", "下拉", "选项",
    "目录", "封面", "作废", "旧版", "废止", "码表", "数据源",
)  # fmt: skip
SUMMARY = ("汇总", "总表", "合计", "统计")
COUNTS = re.compile(r".{0,4}(?:个数|项目数|任务数|事项数|总数|件数|数量)")
SECOND = {"一、": "二、", "(一)": "(二)", "一.": "二."}
LONGEST_SECTION = 30
COPY = re.compile(r"[(（]\d+[)）]$|副本|复件|备份")
CLOSING = 15  # rows at the end in which notes stand


def is_repeated(name: str, table: Table, titles: Collection[str], others: Collection[str]) -> bool:
    """Whether a sheet holds what other sheets hold: a copy that its name admits, or a summary of them."""
    is_copy = bool(COPY.search(name)) and bool(titles) and set(titles) <= set(others)
    return is_copy or is_summary(name, table, titles, others)


def is_example(name: str) -> bool:
    """Whether a sheet's name says that it holds no tasks."""
    return any(word in name for word in NO_LEDGER)


def is_summary(name: str, table: Table, titles: Collection[str], others: Collection[str]) -> bool:
    """Whether a sheet repeats the tasks of the others, or counts them: how many, how much, nobody's and never due."""
    copies = sum(title in others for title in titles)
    if any(word in name for word in SUMMARY) and copies * 2 > len(titles) > 0:
        return True
    counts = any(COUNTS.fullmatch(headings.stem_of(column.text)[0]) for column in table.columns)
    return counts and not any(table.by_field.get(field) for field in ("lead", "support", "due", "goal", "start"))


def precedes_header(sheet: Grid, number: int, extra: Mapping[str, str]) -> bool:
    """Whether the next row that holds anything is a header."""
    following = next((cells for cells in sheet.rows[number + 1 : number + 4] if any(map(written, cells))), ())
    return header.is_heading_row(following, extra)


def section_above(sheet: Grid, found: Header) -> str | None:
    """“一、续建项目” right above the header when “二、” comes further down, “项目:甲” when another “项目:” does."""
    above = ([text for text in map(written, cells) if text] for cells in reversed(sheet.rows[: found.top]))
    texts = next(filter(None, above), [])
    if len(texts) != 1 or len(texts[0]) > LONGEST_SECTION or texts[0].endswith(("。", ";", "；")):
        return None
    bare = squeezed(texts[0])
    rest = sheet.rows[found.bottom + 1 :]
    below = ([text for text in map(squeezed, map(written, cells)) if text] for cells in rest)
    label, colon, _ = bare.partition(":")
    if colon and not any(words.match(bare) for words in (rows.NOTE, rows.FOOTER_CELL, rows.UNIT_LINE)):
        return texts[0] if any(len(line) == 1 and line[0].startswith(f"{label}:") for line in below) else None
    second = SECOND.get(bare[:2]) or SECOND.get(bare[:3])
    return texts[0] if second and any(text.startswith(second) for line in below for text in line) else None


def year_of(sheet: Grid, head: Header) -> int | None:
    """The year that the lines above the header or at the end say, else the sheet's name."""
    above = [" ".join(filter(None, map(written, cells))) for cells in sheet.rows[: head.top]]
    closing = [written(cells[0]) for cells in sheet.rows[-CLOSING:] if cells]
    return notes.unsaid_year([*above, *closing]) or notes.year(above) or notes.year([sheet.name])
