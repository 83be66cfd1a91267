"""The ledger files of P4, from a fixed seed: as our own export writes them, and as an office keeps them. Pure bytes."""

import io
import random
from collections.abc import Iterator
from datetime import date, timedelta

import xlsxwriter

from bench.data import CHAPTERS, CLAUSES_PER_CHAPTER, DEPARTMENTS, SEED

FIRST_DAY, DAYS = date(2026, 1, 5), 700
KINDS = ("项目", "行动", "改革", "平台", "园区")
TIDY = (
    "编号", "事项", "类别", "条款", "完成标准", "牵头单位", "建议", "责任单位", "配合单位", "开始", "现定期限",
    "期限说明", "红线", "公开", "计划",
)  # fmt: skip
MESSY = (
    "序号", "重点任务", "工作目标", "类别", "牵头单位", "责任单位", "责任领导", "联系人", "开始时间", "完成时限",
    "总投资（亿元）", "年度投资（万元）", "完成率", "进展情况", "备注",
)  # fmt: skip
Cell = str | int | float | date | None


def tidy(count: int, *, changed: float = 0.0) -> bytes:
    """A sheet of 15 of the export's columns; `changed`: the share of rows whose title, date and owners differ."""
    return _written([TIDY, *(_tidy_row(number, changed=changed) for number in range(1, count + 1))])


def messy(count: int, *, changed: float = 0.0) -> bytes:
    """A sheet of 15 columns below a title and a unit line; owners, dates, money and percentages in words."""
    title = ("2026年重点任务分解台账", *[None] * 14)
    line = ("单位：亿元", *[None] * 14)
    return _written([title, line, MESSY, *(_messy_row(number, changed=changed) for number in range(1, count + 1))])


def code(number: int) -> str:
    """The code of the row of this number, in both files."""
    return f"L-{number:06d}"


def _written(rows: list[tuple[Cell, ...]]) -> bytes:
    stream = io.BytesIO()
    options = {"constant_memory": False, "strings_to_urls": False, "strings_to_formulas": False}
    with xlsxwriter.Workbook(stream, options) as book:
        sheet = book.add_worksheet("台账")
        day, part = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "0.0%"})
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(number, column, cell, day)
                elif isinstance(cell, float):
                    sheet.write_number(number, column, cell, part)
                elif cell is not None:
                    sheet.write(number, column, cell)
    return stream.getvalue()


def _pick(number: int) -> random.Random:
    return random.Random(SEED * 1_000_003 + number)


def _departments(pick: random.Random) -> Iterator[str]:
    return (f"市第 {number} 局" for number in pick.sample(range(1, DEPARTMENTS + 1), 4))


def _tidy_row(number: int, *, changed: float) -> tuple[Cell, ...]:
    pick = _pick(number)
    lead, first, second, third = _departments(pick)
    start = FIRST_DAY + timedelta(days=pick.randrange(DAYS))
    due = start + timedelta(days=pick.randrange(30, DAYS))
    clause = f"{pick.randrange(1, CHAPTERS + 1)}.{pick.randrange(1, CLAUSES_PER_CHAPTER + 1)}"
    mark, is_other = "", pick.random() < changed
    if is_other:
        mark, due, third = "（调整）", due + timedelta(days=31), ""
    return (
        code(number), f"建成第 {number} 个产业公共服务平台并投入运行{mark}", pick.choice(KINDS), clause,
        f"建成面积 {pick.randrange(2000, 90000)} 平方米，服务企业 {pick.randrange(20, 900)} 户，通过验收。",
        lead, "否", first, "、".join(filter(None, (second, third))), start, due, "", "否",
        "是" if number % 3 else "否", f"bench-{1 + number % 5}",
    )  # fmt: skip


def _messy_row(number: int, *, changed: float) -> tuple[Cell, ...]:
    pick = _pick(number)
    lead, first, second, third = _departments(pick)
    month, total = pick.randrange(1, 12), pick.randrange(10, 900)
    is_other = pick.random() < changed
    title = f"建成第 {number} 个产业公共服务平台并投入运行{'（调整）' if is_other else ''}"
    due = pick.choice((f"{month + 1}月底前", "年底", f"2026年{month + 1}月", f"{month}月底前完成设计,12月底前开工"))
    return (
        code(number), title, f"建成面积{pick.randrange(2000, 90000)}平方米以上，服务企业{pick.randrange(20, 900)}户",
        pick.choice(KINDS), lead, f"{first}、{second}、{third}", "张三", "李四 13800000000", f"2026年{month}月", due,
        total, pick.randrange(100, 90000), pick.randrange(1000) / 1000, f"已完成前期手续第 {number % 97} 项", None,
    )  # fmt: skip
