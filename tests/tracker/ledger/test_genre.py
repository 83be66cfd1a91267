"""Whole files as offices keep them, from bytes to JSON: one file a genre, every form of the issue in one of them."""

# ruff: noqa: E501 -- tables of Chinese text, one case a line

import io
import json
import re
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


# One sheet an office: its lines, its merged cells, the fields that count, what they say row by row, what is named.
OFFICES: dict[str, Any] = {
    "举措": (
        """
        2026年目标任务分解表
        序号|重点任务|具体举措|目标任务|责任单位|完成时限
        1|做强工业|培育企业|新增企业80户|市经信局|12月底前
        ||实施技改|投资增长12%|市经信局|9月底前
        2|扩大开放|开行班列|开行100列|市商务局|全年
        """,
        ["A3:A4", "B3:B4"], ("code", "parent", "title", "goal"),
        [("1", "做强工业", "培育企业", "新增企业80户"), ("1", "做强工业", "实施技改", "投资增长12%"), ("2", "扩大开放", "开行班列", "开行100列")], [],
    ),
    "三级": (
        """
        2026年营商环境任务清单
        一级指标|二级指标|改革任务|目标任务|成果形式|责任单位
        开办企业|办理环节|压减环节|减到1个|系统上线|市场监管局
        ||压减时间|减到1天|方案印发|市场监管局
        获得电力|接电时间|零上门|全覆盖|接电|供电公司
        """,
        ["A3:A4", "B3:B4"], ("section", "parent", "title", "goal"),
        [("开办企业", "办理环节", "压减环节", "系统上线"), ("开办企业", "办理环节", "压减时间", "方案印发"), ("获得电力", "接电时间", "零上门", "接电")], ["目标任务"],
    ),
    "测评": (
        """
        2026年创建任务
        测评项目|测评内容|测评标准|牵头单位
        信念教育|开展宣讲|每年12场|市委宣传部
        |阵地建设|建成率100%|市委宣传部
        志愿服务|注册志愿者|占比13%|团市委
        """,
        ["A3:A4"], ("parent", "title", "goal"),
        [("信念教育", "开展宣讲", "每年12场"), ("信念教育", "阵地建设", "建成率100%"), ("志愿服务", "注册志愿者", "占比13%")], [],
    ),
    "节点": (
        """
        2026年重点项目表
        序号|项目名称|总投资|时间节点||责任单位
        ||(万元)|启动|完成|
        1|绕城高速|50000|2026年3月|2026年11月|市交通局
        2|水厂|8000|即日起|2026年6月|市水务局
        """,
        ["A2:A3", "B2:B3", "D2:E2", "F2:F3"], ("title", "start", "due", "amounts"),
        [("绕城高速", "2026-03-01", "2026-11-30", {"total_investment": (50000, "万元")}), ("水厂", None, "2026-06-30", {"total_investment": (8000, "万元")})], [],
    ),
    "空列": (
        """
        2026年任务表
        序号|任务名称||起止时间|||责任分工||备注
        |||开始|结束||牵头单位|配合单位|
        1|建厂||3月|6月底||市科技局|市财政局|急
        """,
        [], ("title", "start", "due", "lead", "support", "remarks"),
        [("建厂", "2026-03-01", "2026-06-30", ["市科技局"], ["市财政局"], "急")], [],
    ),
    "半个表头": (
        """
        2026年任务清单
        序号|主要任务|牵头部门|完成|预算
        |||时间|(万元)
        1|修路|县交通局|11月底|120
        """,
        [], ("title", "due", "amounts"), [("修路", "2026-11-30", {"funds": (120, "万元")})], [],
    ),
    "科室": (
        """
        2026年工作台账
        工作任务|责任处室|责任单位|具体责任人|联系人|联系电话|时限
        建中台|规划处|市大数据局|张三|王五|2223344|6月底
        """,
        [], ("lead", "support", "contact"), [(["市大数据局"], [], "王五")], ["责任处室", "具体责任人", "联系电话"],
    ),
    "分工": (
        """
        2026年工作台账
        工作任务|责任单位及责任人|时限
        甲|第一责任单位:市科技局⏎责任单位:市财政局、市人社局⏎配合单位:市统计局|6月底
        乙|牵头:市商务局;配合:市税务局|6月底
        丙|市公安局 张三|6月底
        丁|市财政局(李四 13800001111)|6月底
        """,
        [], ("lead", "support", "contact"),
        [
            (["市科技局"], ["市财政局", "市人社局", "市统计局"], None), (["市商务局"], ["市税务局"], None),
            (["市公安局"], [], "张三"), (["市财政局"], [], "李四 13800001111"),
        ], [],
    ),
    "投资": (
        """
        2026年项目投资完成情况
        单位:万元
        项目名称|总投资|2026年计划|本月完成|1-6月完成|累计完成|完成率|责任单位
        高速|50000|10000|300|5200|23000|52%|市交通局
        """,
        [], ("amounts", "progress"),
        [({"total_investment": (50000, "万元"), "year_investment": (10000, "万元"), "done_investment": (5200, "万元"), "cum_investment": (23000, "万元")}, 52)], ["本月完成"],
    ),
    "季度": (
        """
        2026年重点工作
        工作任务|责任单位|一季度进展|二季度进展|三季度进展
        甲|市科技局|立项|招标|
        乙|市水务局|选址||
        """,
        [], ("title", "status"), [("甲", "招标"), ("乙", "选址")], ["一季度进展", "三季度进展"],
    ),
    "月份": (
        """
        2026年工作调度表
        工作任务|责任单位|完成率||进展情况|
        ||1月|2月|1月|2月
        甲|市科技局|20%|45%|立项|招标
        乙|市水务局|10%||选址|
        """,
        [], ("progress", "status"), [(45, "招标"), (10, "选址")], ["1月"],
    ),
    "路线图": (
        """
        重点工作时间表(2026年)
        工作事项|责任单位|1-6月|7-12月
        旧改|市住建局|开工|竣工
        """,
        [], ("title", "milestones"), [("旧改", ["2026-06-30", "2026-12-31"])], [],
    ),
    "批示": (
        """
        2026年领导批示件办理台账
        收文编号|文件名称|批示领导|批示意见|承办单位|承办人|要求办结日期
        2026-015|水质报告|王某|请环保局办理|市环境局|张三|2026/4/20
        """,
        [], ("code", "title", "lead", "contact", "due"), [("2026-015", "请环保局办理", ["市环境局"], "张三", "2026-04-20")], ["文件名称", "批示领导"],
    ),
}  # fmt: skip


def cells(text):
    """Lines with bars as the rows of a sheet: numbers are numbers, 45% is one with a format."""

    def cell(said):
        share = re.fullmatch(r"(\d+)%", said)
        if share:
            return Cell(int(share[1]) / 100, "share")
        return float(said) if re.fullmatch(r"\d+", said) else said.replace("⏎", "\n") or None

    return [[cell(said) for said in line.strip().split("|")] for line in text.strip().split("\n")]


def test_one_workbook_with_the_sheets_of_many_offices(tmp_path):
    answer = run(tmp_path, written(**{name: (cells(text), merges) for name, (text, merges, *_) in OFFICES.items()}))
    for name, (_, _, fields, expected, named) in OFFICES.items():
        own = {part: [one for one in answer[part] if one["sheet"] == name] for part in ("rows", "unknown_columns")}
        assert (name, told(own, *fields), unknown(own)) == (name, expected, named)
    assert answer["rejects"] == []
    assert [(one["sheet"], one["excel_row"], one["code"]) for one in answer["warnings"]] == [
        ("节点", 5, "start_not_understood")
    ]


def test_what_is_understood_and_not_kept_is_named_once_a_table(tmp_path):
    head = ["项目名称", "建设地点", "建设内容", "工作指标", "指标属性", "责任单位"]
    rows = [["2026年项目表"], head, ["水厂", "高坪区", "日供水5万吨", "供水率98%", "约束性", "市水务局"]]
    answer = run(tmp_path, written(项目=(rows, [])))
    assert told(answer, "title", "goal") == [("水厂", "供水率98%")]
    assert [(one["code"], one["excel_row"]) for one in answer["warnings"]] == [("columns_not_kept", None)]
    assert "建设地点、建设内容、指标属性" in answer["warnings"][0]["message"]
