"""The official layouts: title, unit and as-of line, one or two header rows, sections, merged cells; A4 landscape.

Their words are Chinese whatever language the reader uses, because offices hand them round. An unknown figure is an
empty cell, never 0.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import IO, Any

import xlsxwriter
from django.db.models import QuerySet
from django.utils import timezone

from projects.queries import clock
from tracker.choices import OfficialLayout
from tracker.ledger import looks, stream
from tracker.ledger.stream import Cell, Form, Line, Page, column
from tracker.models import Commitment
from tracker.policies import Actor
from tracker.queries import official as queries
from tracker.queries import status
from tracker.queries.official import Place, Project, Standing
from tracker.rules.ledger import HEALTH_WORDS, STAGE_WORDS, LedgerRow
from tracker.rules.ledger_forms import AS_OF, BETWEEN_CODES, REVISION, TITLES, due_cell

UNITS: Mapping[str, str] = {OfficialLayout.PROJECTS: "    单位：万元"}
IS_DEMO = "演示数据"
IS_SUGGESTED = "牵头单位系建议，尚未确认"
UNPLACED = "未列入条款的事项"
HEAD_ROW = 2  # title and as-of line stand above
MIDDLE = looks.WRAPPED | {"valign": "vcenter"}
CENTRE = looks.BODY | looks.CENTRED
FIGURE = looks.BODY | {"num_format": "#,##0.##"}
DAY = CENTRE | looks.DAY | {"text_wrap": True}


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A column: its heading, below a group's heading where it has one, its width and its cells' look."""

    heading: str
    width: int
    look: Form = field(default_factory=lambda: looks.WRAPPED)
    group: str = ""


ORDINAL = Head(heading="序号", width=6, look=CENTRE)
CODE = Head(heading="编号", width=12)
LIGHT = Head(heading="灯", width=7, look=CENTRE)
DUE = Head(heading="完成时限", width=12, look=DAY)
REMARKS = Head(heading="备注", width=14)
MONEY = "投资（万元）"
HEADS: Mapping[str, Sequence[Head]] = {
    OfficialLayout.BREAKDOWN: (
        ORDINAL, CODE, Head(heading="重点任务", width=32), Head(heading="完成标准", width=42),
        Head(heading="牵头单位", width=16, look=MIDDLE), Head(heading="责任单位", width=20),
        Head(heading="配合单位", width=20), DUE, LIGHT, REMARKS,
    ),
    OfficialLayout.PROJECTS: (
        ORDINAL, Head(heading="项目名称", width=34), Head(heading="建设地点", width=12),
        Head(heading="牵头单位", width=18), Head(heading="总投资", width=13, look=FIGURE, group=MONEY),
        Head(heading="年度计划", width=13, look=FIGURE, group=MONEY),
        Head(heading="累计完成", width=13, look=FIGURE, group=MONEY),
        Head(heading="完成率（%）", width=10, look=FIGURE, group=MONEY),
        Head(heading="形象进度（%）", width=10, look=FIGURE), DUE, LIGHT, CODE, REMARKS,
    ),
    OfficialLayout.SUPERVISION: (
        ORDINAL, CODE, Head(heading="督查事项", width=32), Head(heading="牵头单位", width=16),
        Head(heading="原定时限", width=12, look=DAY), DUE, Head(heading="阶段", width=8, look=CENTRE), LIGHT,
        Head(heading="进展情况", width=40), Head(heading="存在问题", width=30),
        Head(heading="逾期天数", width=9, look=CENTRE), Head(heading="督办单数", width=9, look=CENTRE), REMARKS,
    ),
}  # fmt: skip


def workbook(layout: str, found: QuerySet[Commitment], *, viewer: Actor, today: date) -> IO[bytes]:
    """These commitments, which the viewer may see, in an official layout; whoever takes the file closes it."""
    heads = HEADS[layout]
    merges: list[str] = []
    lines = LINES[layout](found, merges, viewer, today)
    own = [head.look for head in heads]
    last_head = HEAD_ROW + (1 if any(head.group for head in heads) else 0)
    return stream.workbook(
        Page(
            name=TITLES[layout],
            set_up=_set_up(layout, heads, last_head=last_head),
            looks=[*own, *map(looks.light, HEALTH_WORDS), looks.SECTION],
            lines=lines,
            start=last_head + 1,
            merges=merges,
        )
    )


def _set_up(layout: str, heads: Sequence[Head], *, last_head: int) -> stream.SetUp:
    """Title, as-of line and header; a heading without a group stands in both header rows."""
    site, last = status.of_site(), len(heads) - 1
    said = _as_of(site.as_of, is_demo=site.is_demo) + UNITS.get(layout, "") + f"    {REVISION}{clock.revision()}"

    def set_up(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        looks.print_well(sheet, first=HEAD_ROW, last=last_head)
        sheet.set_row(0, 30)
        sheet.merge_range(0, 0, 0, last, TITLES[layout], book.add_format(dict(looks.TITLE)))
        sheet.merge_range(1, 0, 1, last, said, book.add_format({"align": "left"}))
        form = book.add_format(looks.HEAD | looks.CENTRED)
        for place, head in enumerate(heads):
            sheet.set_column(place, place, head.width)
        for group, places in groupby(range(len(heads)), key=lambda place: heads[place].group):
            _head(sheet, group, [(place, heads[place].heading) for place in places], form, last_head=last_head)

    return set_up


def _head(
    sheet: xlsxwriter.worksheet.Worksheet,
    group: str,
    columns: Sequence[tuple[int, str]],
    form: Any,
    *,
    last_head: int,
) -> None:
    if group:
        sheet.merge_range(HEAD_ROW, columns[0][0], HEAD_ROW, columns[-1][0], group, form)
    for place, heading in columns:
        if group or last_head == HEAD_ROW:
            sheet.write_string(last_head, place, heading, form)
        else:
            sheet.merge_range(HEAD_ROW, place, last_head, place, heading, form)


def _as_of(at: datetime | None, *, is_demo: bool) -> str:
    said = AS_OF + (f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else "尚未评估")
    return f"{said}    注：含演示数据，未曾实际发生" if is_demo else said


# --- Rows


def _breakdown(found: QuerySet[Commitment], merges: list[str], viewer: Actor, today: date) -> Iterator[Line]:
    """By chapter and clause; neighbouring rows of one lead share its cell."""
    heads = HEADS[OfficialLayout.BREAKDOWN]
    lead_at = next(place for place, head in enumerate(heads) if head.heading == "牵头单位")
    places = queries.places(found)
    is_one_plan = len({plan for plan, _clause in places}) == 1
    number, ordinal, above = HEAD_ROW + 2, 0, Place()
    run: tuple[str, int] = ("", number)
    for row, known in queries.standing(queries.in_text_order(found), viewer=viewer):
        place = places.get((row.plan, row.clause)) or places[row.plan, ""]
        for title in _sections(above, place, is_one_plan=is_one_plan):
            _close(merges, run, number, column(lead_at))
            run = ("", number)
            merges.append(f"A{number}:{column(len(heads) - 1)}{number}")
            yield [title, *[None] * (len(heads) - 1)], [len(heads) + len(HEALTH_WORDS)] * len(heads)
            number += 1
        above, ordinal = place, ordinal + 1
        is_same = bool(row.lead) and row.lead == run[0]
        if not is_same:
            _close(merges, run, number, column(lead_at))
            run = (row.lead, number)
        cells: list[Cell] = [
            ordinal, row.code, row.title, row.summary, None if is_same else row.lead, "、".join(row.responsible),
            "、".join(row.supporting), due_cell(row), HEALTH_WORDS[row.health], _remarks(row, known),
        ]  # fmt: skip
        yield cells, _look(heads, row.health)
        number += 1
    _close(merges, run, number, column(lead_at))


def _sections(above: Place, place: Place, *, is_one_plan: bool) -> Iterator[str]:
    """The headings that begin with this row."""
    is_plan = not is_one_plan and place.plan != above.plan
    if is_plan:
        yield place.plan
    is_new = is_plan or place.chapter != above.chapter or (not place.clause and bool(above.clause))
    if is_new and place.chapter:
        yield place.chapter
    elif is_new and not is_plan and above.chapter:
        yield UNPLACED
    if place.clause and (is_new or place.clause != above.clause):
        yield place.clause


def _close(merges: list[str], run: tuple[str, int], number: int, name: str) -> None:
    """Merge the cells of a lead that stands in more than one row, up to the row before `number`."""
    lead, first = run
    if lead and number - first > 1:
        merges.append(f"{name}{first}:{name}{number - 1}")


def _projects(found: QuerySet[Commitment], merges: list[str], viewer: Actor, today: date) -> Iterator[Line]:
    heads = HEADS[OfficialLayout.PROJECTS]
    for ordinal, one in enumerate(queries.projects(found), start=1):
        cells: list[Cell] = [
            ordinal, one.name, one.place, "、".join(one.leads), one.total, one.planned, one.invested, one.share,
            one.physical, one.due_on, HEALTH_WORDS.get(one.health, ""), BETWEEN_CODES.join(one.codes), _of_project(one),
        ]  # fmt: skip
        yield cells, _look(heads, one.health)


def _of_project(one: Project) -> str:
    year = f"{one.plan_year}年计划" if one.plan_year else ""
    return "；".join(said for said in (year, IS_DEMO if one.is_demo else "") if said)


def _supervision(found: QuerySet[Commitment], merges: list[str], viewer: Actor, today: date) -> Iterator[Line]:
    heads = HEADS[OfficialLayout.SUPERVISION]
    for ordinal, (row, known) in enumerate(queries.standing(found.order_by("code"), viewer=viewer), start=1):
        cells: list[Cell] = [
            ordinal, row.code, row.title, row.lead, row.original_due_on, due_cell(row), STAGE_WORDS[row.stage],
            HEALTH_WORDS[row.health], _told(known), known.problems,
            (today - known.late_since).days if known.late_since else None, known.slips, _remarks(row, known),
        ]  # fmt: skip
        yield cells, _look(heads, row.health)


def _told(known: Standing) -> str:
    """The latest report, under the last day of its period."""
    if known.told_on is None:
        return ""
    return f"（截至{known.told_on.isoformat()}）{known.done}" if known.done else ""


def _remarks(row: LedgerRow, known: Standing) -> str:
    said = ((IS_SUGGESTED, row.lead_is_suggested), (IS_DEMO, known.is_demo))
    return "；".join(words for words, holds in said if holds)


def _look(heads: Sequence[Head], health: str) -> Sequence[int]:
    """Each column's own look, the light in its colour."""
    light = list(HEALTH_WORDS).index(health) if health in HEALTH_WORDS else None
    return [len(heads) + light if light is not None and head is LIGHT else place for place, head in enumerate(heads)]


Writes = Callable[[QuerySet[Commitment], list[str], Actor, date], Iterable[Line]]
LINES: Mapping[str, Writes] = {
    OfficialLayout.BREAKDOWN: _breakdown,
    OfficialLayout.PROJECTS: _projects,
    OfficialLayout.SUPERVISION: _supervision,
}
