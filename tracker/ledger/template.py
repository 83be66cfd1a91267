"""An empty ledger to fill in: drop-downs, a note at every heading, an example. From the same columns as the import."""

import io
from collections.abc import Mapping, Sequence
from typing import IO, Any

import xlsxwriter
from django.db.models import QuerySet

from tracker.ledger import looks, stream
from tracker.models import Clause, Department
from tracker.policies import Actor
from tracker.queries import choices_of
from tracker.rules.ledger import BY_FIELD, COLUMNS, Column, Shape

NAME = "台账模板"
SHEET, EXAMPLE, WORDS = "台账", "示例", "词表"
HEAD_ROW = 2
ROWS = 2000  # that have drop-downs
TITLE = "承诺事项台账"
HINT = "日期写作 2026-06-30；多个单位用“、”隔开；是否类的列填“是”或“否”；留空表示没有。“示例”页不会导入。"
ASKED = tuple(column for column in COLUMNS if column.is_writable)
NOTES: Mapping[str, str] = {
    "code": "新增事项可留空，由系统编号；填写的不得重复。再次导入时按编号识别。",
    "title": "一句话说明要交付什么，不超过200字。",
    "kind": "从下拉列表中选择。",
    "clause": "对应文件条款的编号，从下拉列表中选择；没有则留空。",
    "summary": "怎样才算完成，尽量写明数量和单位，例如“新增高新技术企业30家”。",
    "lead": "只填一个单位，从下拉列表中选择。",
    "lead_is_suggested": "牵头单位只是建议、尚未确认的，填“是”。",
    "responsible": "可填多个单位，用“、”隔开。",
    "supporting": "可填多个单位，用“、”隔开。",
    "due_on": "完成的最后一天。长期坚持的事项留空，并在“持续推进”填“是”。",
    "due_text": "文件原文的说法，例如“年底前”。",
    "milestones": "一行一个节点，日期写在最后，例如“完成设计 2026-06-30”。",
    "initiative": "项目、园区、平台或人才计划的编号；没有则留空。",
    "plan": "文件的编号，从下拉列表中选择。",
}
BY_SHAPE: Mapping[Shape, str] = {
    Shape.DAY: "日期，写作 2026-06-30。",
    Shape.YES_NO: "填“是”或“否”，留空即“否”。",
}
EXAMPLES: Sequence[Mapping[str, str]] = (
    {
        "code": "示例-001",
        "title": "建成新材料中试平台",
        "kind": "平台",
        "summary": "平台通过验收，年服务企业不少于20家。",
        "lead": "市科学技术局",
        "lead_is_suggested": "否",
        "responsible": "市经济和信息化局、市财政局",
        "due_on": "2026-12-31",
        "due_text": "年底前",
    },
    {
        "code": "示例-002",
        "title": "守住耕地保护红线",
        "kind": "行动",
        "summary": "全年不发生新增违法占用耕地。",
        "lead": "市自然资源和规划局",
        "is_continuous": "是",
        "is_red_line": "是",
    },
)
Lists = Mapping[str, Sequence[str]]


def workbook(*, viewer: Actor) -> IO[bytes]:
    """The template as a file that stands at its beginning; whoever takes it closes it."""
    file = io.BytesIO()
    lists = _lists(viewer)
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet, example, words = (book.add_worksheet(name) for name in (SHEET, EXAMPLE, WORDS))
        _head(book, sheet, HINT)
        _head(book, example, "以下各行仅供参考，不会导入。")
        for number, row in enumerate(EXAMPLES, start=HEAD_ROW + 1):
            for place, column in enumerate(ASKED):
                example.write_string(number, place, row.get(column.field, ""), book.add_format(looks.WRAPPED))
        ranges = _write_lists(words, lists)
        for place, column in enumerate(ASKED):
            sheet.data_validation(HEAD_ROW + 1, place, HEAD_ROW + ROWS, place, _validation(column, ranges))
        words.hide()
    file.seek(0)
    return file


def note(column: Column) -> str:
    """What belongs into a column."""
    return NOTES.get(column.field) or BY_SHAPE.get(column.shape) or f"填写{column.heading}。"


def _lists(viewer: Actor) -> Lists:
    """What the drop-downs offer: of the plans in sight, and all departments at work. Three queries."""
    plans = choices_of.plans(viewer)
    clauses: QuerySet[Clause] = Clause.objects.filter(plan__in=plans).order_by("plan__code", "order")
    departments = Department.objects.filter(is_active=True)
    return {
        "lead": list(departments.values_list("name", flat=True)),
        "plan": [plan.code for plan in plans],
        "clause": list(dict.fromkeys(clauses.values_list("code", flat=True))),
    }


def _head(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet, hint: str) -> None:
    looks.print_well(sheet, first=HEAD_ROW, last=HEAD_ROW)
    sheet.merge_range(0, 0, 0, len(ASKED) - 1, TITLE, book.add_format(dict(looks.TITLE)))
    sheet.merge_range(1, 0, 1, len(ASKED) - 1, hint, book.add_format({"align": "left"}))
    head, day = book.add_format(dict(looks.HEAD)), book.add_format(dict(looks.DAY))
    for place, column in enumerate(ASKED):
        sheet.set_column(place, place, column.width, day if column.shape is Shape.DAY else None)
        sheet.write_string(HEAD_ROW, place, column.heading, head)
        sheet.write_comment(HEAD_ROW, place, note(column), {"author": ""})


def _write_lists(sheet: xlsxwriter.worksheet.Worksheet, lists: Lists) -> Mapping[str, str]:
    """One list a column; returns the range of each that has an entry."""
    ranges = {}
    for place, (field, words) in enumerate(lists.items()):
        sheet.write_string(0, place, BY_FIELD[field].heading)
        for number, word in enumerate(words, start=1):
            sheet.write_string(number, place, stream.guarded(word))
        if words:
            name = stream.column(place)
            ranges[field] = f"={WORDS}!${name}$2:${name}${len(words) + 1}"
    return ranges


def _validation(column: Column, ranges: Mapping[str, str]) -> dict[str, Any]:
    """The drop-down of a column, or only what is said when a cell is entered. A word that is not offered is warned of:
    a department may be new.
    """
    said: dict[str, Any] = {"input_title": column.heading, "input_message": note(column), "error_type": "warning"}
    if column.field in ranges:
        return said | {"validate": "list", "source": ranges[column.field]}
    if column.shape is Shape.CHOICE:
        return said | {"validate": "list", "source": list(column.words.values())}
    if column.shape is Shape.YES_NO:
        return said | {"validate": "list", "source": ["是", "否"]}
    return said | {"validate": "any"}
