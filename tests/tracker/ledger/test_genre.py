"""Whole files as offices keep them, from bytes to JSON: one file a genre, every form of the issue in one of them."""

# ruff: noqa: E501 -- tables of Chinese text, one case a line

import io
import json
from datetime import datetime
from typing import Any

import openpyxl
import xlsxwriter
from django.core.management import call_command

FORMS = {
    "month": 'yyyy"年"m"月"',
    "day": 'yyyy"年"m"月"d"日"',
    "share": "0.0%",
    "code": '"RC-2026-"000',
    "yi": '0.0"亿元"',
}


class Cell:
    """A cell with a format, and for a formula the value that the file keeps."""

    def __init__(self, value, form=None, kept=None):
        self.value, self.form, self.kept = value, form, kept


def written(**sheets):
    """A workbook: each sheet a list of rows and a list of merged ranges; a name that ends in “_” is hidden."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        forms = {name: book.add_format({"num_format": form}) for name, form in FORMS.items()}
        for name, (rows, merges) in sheets.items():
            sheet = book.add_worksheet(name.rstrip("_"))
            if name.endswith("_"):
                sheet.hide()
            for area in merges:
                sheet.merge_range(area, "")
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    put(sheet, number, column, cell, forms)
    return stream.getvalue()


def put(sheet, number, column, cell, forms):
    one = cell if isinstance(cell, Cell) else Cell(cell)
    form = forms.get(one.form)
    if isinstance(one.value, datetime):
        sheet.write_datetime(number, column, one.value, form)
    elif isinstance(one.value, str) and one.value.startswith("="):
        sheet.write_formula(number, column, one.value, form, one.kept)
    elif one.value is not None:
        sheet.write(number, column, one.value, form)


def run(tmp_path, content, name="台账.xlsx"):
    file, out = tmp_path / name, tmp_path / "out.json"
    file.write_bytes(content)
    call_command("read_ledger", str(file), out=out)
    return json.loads(out.read_text(encoding="utf-8"))


def told(answer, *fields):
    """The named fields of every row; of a deadline the day, of milestones the days, of numbers value and unit."""
    short = {
        "due": lambda due: due["date"],
        "milestones": lambda stages: [stage["date"] for stage in stages],
        "quantities": lambda numbers: [(one["value"], one["unit"], one["target_year"]) for one in numbers],
        "amounts": lambda amounts: {name: (one["value"], one["unit"]) for name, one in amounts.items()},
    }
    return [tuple(short.get(field, lambda said: said)(row[field]) for field in fields) for row in answer["rows"]]


def refused(answer):
    return [(one["excel_row"], one["reasons"]) for one in answer["rejects"]]


def unknown(answer):
    return [one["header"] for one in answer["unknown_columns"]]


def test_tasks_with_title_unit_line_merges_sections_sums_and_footers(tmp_path):
    rows = [
        ["南充市２０２６年重点任务分解表"],
        ["填报单位:市政府办", None, None, None, None, "2026年2月10日"],
        ["序号", "重点\n任务", "工作目标", "责任单位", "完成时限", "备注"],
        ["一、产业(2项)"],
        [1, "扩大工业\n投资", "技改投资增长１２％以上,实施100个项目", "牵头单位:市经信局;责任单位:市科技局、各县(市、区)", "6月底前完成设计,12月底前开工", "列入,督办"],
        [2, "建5G工厂", "建成3个", "市经信局牵头,市通信发展办配合", "长期坚持", None],
        ["小计", "2项"],
        ["序号", "重点\n任务", "工作目标", "责任单位", "完成时限", "备注"],
        ["二、民生(3项)"],
        [3, "建食堂", "新建二十个", "★市民政局、市财政局", "二〇二六年九月底", None],
        [4, None, "建成", "市民政局", "年底前", None],
        [5, "办讲座", "每年600人次", "市教体局", "2026年2月30日", None],
        [6, "办运动会", "举办1场", None, Cell(datetime(2026, 10, 1), "day"), None],
        ["注:责任单位第一位为牵头单位。"],
        ["填表人:张三", None, None, "审核人:李四"],
    ]  # fmt: skip
    answer = run(tmp_path, written(任务=(rows, ["A1:F1", "A2:D2", "A4:F4", "A9:F9", "F5:F6", "A14:F14"])))
    assert told(answer, "excel_row", "code", "section", "title", "lead", "support", "due", "milestones", "quantities", "remarks") == [
        (5, "1", "一、产业(2项)", "扩大工业投资", ["市经信局"], ["市科技局", "各县(市、区)"], "2026-12-31", ["2026-06-30", "2026-12-31"], [(12, "%", None), (100, "个", None)], "列入,督办"),
        (6, "2", "一、产业(2项)", "建5G工厂", ["市经信局"], ["市通信发展办"], None, [], [(3, "个", None)], "列入,督办"),
        (10, "3", "二、民生(3项)", "建食堂", ["市民政局"], ["市财政局"], "2026-09-30", [], [(20, "个", None)], None),
        (13, "6", "二、民生(3项)", "办运动会", [], [], "2026-10-01", [], [(1, "场", None)], None),
    ]  # fmt: skip
    assert refused(answer) == [(11, ["missing_title"]), (12, ["impossible_date"])]
    assert [(one["excel_row"], one["code"]) for one in answer["warnings"]] == [(13, "missing_lead")]


def test_projects_with_three_header_rows_two_units_and_formulas(tmp_path):
    rows = [
        ["2026年省市重点项目月报表(6月)"],
        ["单位:万元"],
        ["基本情况", None, None, None, "投资情况", None, None, None, "责任", None],
        ["序号", "项目名称", "建设年限", None, "总投资", "2026年", None, None, "责任单位", "项目业主"],
        [None, None, "开工年月", "完工年月", None, "计划投资", "1-6月完成投资", "完成占比", None, None],
        ["合计", "2个", None, None, Cell("=SUM(E7:E8)", kept=90000), None, None, None, None, None],
        [1, "汽车产业园", "2025.06", Cell(datetime(2027, 6, 1), "month"), "15.2亿", 40000, 22000, Cell("=G7/F7", "share", 0.55), "嘉陵区政府", "某公司"],
        [2, "绕城高速", "2024年", "次年底", Cell(3.5, "yi"), 60000, "约1.2万", 0.45, "市交通运输局", None],
        [3, "停车楼", "2026.3", "2026.1", 100, 1, "12..5", 1.4, "市国资委", None],
    ]  # fmt: skip
    merges = ["A1:J1", "A3:D3", "E3:H3", "I3:J3", "A4:A5", "B4:B5", "C4:D4", "E4:E5", "F4:H4", "I4:I5", "J4:J5"]
    answer = run(tmp_path, written(项目=(rows, merges)))
    assert told(answer, "title", "start", "due", "progress", "lead", "amounts") == [
        ("汽车产业园", "2025-06-01", "2027-06-30", 55, ["嘉陵区政府"], {"total_investment": (15.2, "亿元"), "year_investment": (40000, "万元"), "done_investment": (22000, "万元")}),
        ("绕城高速", "2024-01-01", "2027-12-31", 45, ["市交通运输局"], {"total_investment": (3.5, "亿元"), "year_investment": (60000, "万元"), "done_investment": (1.2, "万元")}),
    ]  # fmt: skip
    assert [(row, set(why)) for row, why in refused(answer)] == [
        (9, {"bad_number", "percent_out_of_range", "due_before_start"})
    ]
    assert unknown(answer) == ["项目业主"]


def test_targets_of_several_years_in_numbers_and_in_words(tmp_path):
    head = [
        ["2026年人才项目任务表"],
        ["编号", "人才项目", "类别", "年度目标", None, "单位", "2024年目标", "2025年目标", "牵头单位"],
        [None, None, None, 2025, 2026, None, None, None, None],
    ]  # fmt: skip
    rows = [
        [Cell(1, "code"), "引才", "人才计划", 60, "≥80", "名", "引进5名", "引进8名、培养20名", "市委组织部"],
        [Cell(2, "code"), "普及率", "指标", Cell(0.41, "share"), Cell(0.45, "share"), "%", "/", "达到40%", "市水务局"],
        [Cell(3, "code"), "覆盖率", "指标", 90, 142, "%", "/", "/", "市水务局"],
        [Cell(4, "code"), "收入", "指标", 3, "三万二", "元", "/", "/", "市统计局"],
    ]  # fmt: skip
    merges = ["A2:A3", "B2:B3", "C2:C3", "D2:E2", "F2:F3", "G2:G3", "H2:H3", "I2:I3"]
    answer = run(tmp_path, written(目标=(head + rows, merges)))
    assert told(answer, "code", "kind", "quantities") == [
        ("RC-2026-001", "talent_programme", [(60, "名", 2025), (80, "名", 2026), (5, "名", 2024), (8, "名", 2025), (20, "名", 2025)]),
        ("RC-2026-002", "target", [(41, "%", 2025), (45, "%", 2026), (40, "%", 2025)]),
    ]  # fmt: skip
    assert refused(answer) == [(6, ["percent_out_of_range"]), (7, ["bad_number"])]


COUNTIES = {
    "顺庆区": ["序号", "任务名称", "目标要求", "牵头部门", "完成时限", "进展情况"],
    "高坪区": ["编号", "工作任务", "年度目标", "责任单位", "完成时间", "工作进展"],
    "嘉陵区": ["项次", "目标任务", "工作目标", "主办单位", "办结时限", "目前进展"],
    "阆中市": ["序 号", "主要任务", "目标内容", "牵头单位", "截止日期", "落实情况"],
    "南部县": ["№", "工作内容", "预期目标", "主责单位", "完成期限", "推进情况"],
    "西充县": ["No.", "重点工作", "工作要求", "牵头责任单位", "截止时间", "最新进展"],
    "仪陇县": ["序号", "事项名称", "目标", "承办单位", "要求完成时间", "办理情况"],
    "营山县": ["序号", "工作事项", "预期成效", "第一责任单位", "计划完成时间", "完成情况"],
    "蓬安县": ["顺序号", "任务内容", "主要目标", "责任主体", "时限要求", "当前进展"],
}


def test_nine_counties_with_headings_of_their_own_beside_sheets_that_are_none(tmp_path):
    sheets: dict[str, Any] = {
        name: ([[f"{name}2026年任务"], [None], head, [1, "建水厂", "建成2座", f"{name}水务局", "9月底前", "在建"]][number % 3 and 1 :], [])
        for number, (name, head) in enumerate(COUNTIES.items())
    }  # fmt: skip
    head = ["序号", "任务名称", "牵头部门"]
    sheets |= {
        "汇总": ([head, *([number, "建水厂", "县"] for number in range(9))], []),
        "填报说明": ([["1.每月25日前报送。"]], []),
        "去年_": ([["2025年任务"], head, [1, "旧", "甲局"]], []),
    }
    answer = run(tmp_path, written(**sheets))
    assert told(answer, "sheet", "code", "title", "goal", "lead", "due", "status") == [
        (name, "1", "建水厂", "建成2座", [f"{name}水务局"], "2026-09-30", "在建") for name in COUNTIES
    ]
    assert unknown(answer) == []


def test_text_from_another_program_in_gb18030(tmp_path):
    text = (
        "2026年任务表\r\n任务ID,任务标题,任务目标,牵头单位,协办单位,截止日期,录入时间,进度\r\n"
        '="0012","治理㶽溪河,\r\n含支流",水质达标,市水务局,市生态环境局|市财政局,46203,2026-01-05 09:12:33,45%\r\n'
        "0013,建智慧交通,接入１２０个路口,市公安局,,20260930,2026-01-06 10:00:00,101%\r\n小计,2项\r\n"
    )
    answer = run(tmp_path, text.encode("gb18030"), "任务.csv")
    assert told(answer, "excel_row", "code", "title", "support", "due", "progress") == [
        (3, "0012", "治理㶽溪河,含支流", ["市生态环境局", "市财政局"], "2026-06-30", 45),
    ]  # fmt: skip
    assert (refused(answer), unknown(answer)) == ([(4, ["percent_out_of_range"])], ["录入时间"])
    assert "rare_date" in [one["code"] for one in answer["warnings"]]


def test_formulas_that_no_program_has_computed_yet(tmp_path):
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("台账")
    for row in (
        ["2026年台账"],
        ["序号", "项目名称", "年度计划投资(万元)", "完成率", "责任单位", "完成时限"],
        ["=ROW()-2", "甲", "=500*2", "=1/2", "A局", "6月底"],
        [2, '=B3&"二期"', 100, "50%", "A局", "6月底"],
        [3, "丙", 100, "50%", "A局", "=TODAY()"],
    ):
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    answer = run(tmp_path, stream.getvalue())
    assert told(answer, "title", "progress", "amounts") == [("甲", None, {})]
    assert refused(answer) == [(4, ["formula_cell"]), (5, ["formula_cell"])]
