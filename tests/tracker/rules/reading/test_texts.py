"""Single cells as tables: deadlines, owners, quantities, money, percentages, headings, characters."""

# ruff: noqa: E501 -- tables of Chinese text, one case a line

from datetime import date, datetime
from decimal import Decimal

import pytest

from tracker.rules.reading import characters, deadlines, headings, kinds, notes, numbers, owners, quantities
from tracker.rules.reading.owners import Part

DAYS = [
    ("11月底前", "2026-11-30"), ("2026年9月底", "2026-09-30"), ("一季度", "2026-03-31"), ("三季度末", "2026-09-30"),
    ("第3季度", "2026-09-30"), ("2026年四季度末", "2026-12-31"), ("2026Q3", "2026-09-30"), ("上半年", "2026-06-30"),
    ("2026年下半年", "2026-12-31"), ("年中", "2026-06-30"), ("全年", "2026-12-31"), ("年底前", "2026-12-31"),
    ("年内", "2026-12-31"), ("今年年底", "2026-12-31"), ("2026年底前", "2026-12-31"), ("2026年", "2026-12-31"),
    ("到2027年", "2027-12-31"), ("26年6月底", "2026-06-30"), ("明年3月底前", "2027-03-31"), ("6月15日", "2026-06-15"),
    ("2026年6月30日前", "2026-06-30"), ("2026/10/31", "2026-10-31"), ("2026.06.30前", "2026-06-30"),
    ("2026-09", "2026-09-30"), ("2026.6", "2026-06-30"), ("2026年10月", "2026-10-31"), ("202606", "2026-06-30"),
    ("20260630", "2026-06-30"), ("6.30", "2026-06-30"), ("46203", "2026-06-30"), ("2026 年 6 月 底 前", "2026-06-30"),
    ("２０２６年６月底前", "2026-06-30"), ("二〇二六年六月底前", "2026-06-30"), ("十二月三十一日前", "2026-12-31"),
    ("2026年6月上旬", "2026-06-10"), ("2026年6月中旬", "2026-06-20"), ("“十五五”期末", "2030-12-31"),
    ("国庆节前", "2026-09-30"), ("2026年春节前", "2026-02-16"), ("2026-06-30 00:00:00", "2026-06-30"),
    ("2026年12月底前并长期坚持", "2026-12-31"), ("截至2026年6月底", "2026-06-30"), ("2028年2月", "2028-02-29"),
    (46203.0, "2026-06-30"), (2026.0, "2026-12-31"), (202606.0, "2026-06-30"), (date(2026, 5, 4), "2026-05-04"),
    (datetime(2026, 5, 4, 12), "2026-05-04"), ("2026年Ⅱ季度", "2026-06-30"), ("26.9.30", "2026-09-30"), ("6-30", "2026-06-30"),
    ("2026.6月", "2026-06-30"), ("2026\\6\\30", "2026-06-30"), ("20260630日", "2026-06-30"), ("2026H1", "2026-06-30"),
    ("2026三季度", "2026-09-30"), ("06/30/2026", "2026-06-30"), ("30/6/2026", "2026-06-30"), ("Jun-26", "2026-06-30"),
    ("2026年元月底", "2026-01-31"), ("2026年\n11月底", "2026-11-30"), ("2026年秋季学期前", "2026-08-31"),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "day"), DAYS)
def test_a_deadline_names_the_last_day(cell, day):
    found = deadlines.read(cell, year=2026)
    assert (str(found.day), found.is_vague, found.problem, found.stages) == (day, False, "", ())


@pytest.mark.parametrize(
    ("text", "recurring"),
    [
        ("长期坚持", ""), ("持续推进", ""), ("常态化推进", ""), ("按上级要求", ""), ("待定", ""), ("立行立改", ""),
        ("每季度末", "quarter"), ("2026年每季度末", "quarter"), ("每月10日前", "month"), ("每年12月底前", "year"),
        ("每年6月、12月", "year"), ("按季度推进", "quarter"), ("每周", "week"), ("每半年", "half_year"),
        ("3月启动,持续推进", ""), ("2026年6月起", ""), ("2026年中秋前", ""), ("2026年夏季", ""), ("6/7/2026", ""), ("6-9", ""),
        ("3个月内", ""), ("收到后30日内", ""), ("5年内", ""), ("全年持续推进", ""),
    ],
)  # fmt: skip
def test_a_deadline_without_a_day_is_vague(text, recurring):
    found = deadlines.read(text, year=2026)
    assert (found.day, found.is_vague, found.recurring) == (None, True, recurring)


@pytest.mark.parametrize(
    "text",
    ["2026年2月30日", "2026年13月", "13月底前", "2026-13-01", "2026年6月31日", "五季度", "206年6月底", "20260230",
     "2026年2月29日", "2026年0月", "6月31日前"],
)  # fmt: skip
def test_a_day_of_no_calendar_is_refused(text):
    assert deadlines.read(text, year=2026).problem == "impossible_date"


@pytest.mark.parametrize("text", [None, "", "/", "—", "无", "  "])
def test_nothing_is_no_deadline(text):
    assert deadlines.read(text, year=2026) == deadlines.NONE


def test_without_a_year_no_day_is_invented():
    found = deadlines.read("6月底前", year=None)
    assert (found.day, found.is_vague, found.lacks_year) == (None, False, True)


@pytest.mark.parametrize(
    ("text", "stages"),
    [
        ("6月底前完成设计,12月底前开工", [("6月底前完成设计", "2026-06-30"), ("12月底前开工", "2026-12-31")]),
        ("1.6月底前设计；2.12月底前完工", [("6月底前设计", "2026-06-30"), ("12月底前完工", "2026-12-31")]),
        ("6月底完成招标12月底前开工", [("6月底完成招标", "2026-06-30"), ("12月底前开工", "2026-12-31")]),
        (
            "2026年10月底前开工,次年6月底前竣工",
            [("2026年10月底前开工", "2026-10-31"), ("次年6月底前竣工", "2027-06-30")],
        ),
        ("2025年底前立项，2026年一季度开工", [("2025年底前立项", "2025-12-31"), ("2026年1季度开工", "2026-03-31")]),
        ("6月底前完成设计\n12月底前开工", [("6月底前完成设计", "2026-06-30"), ("12月底前开工", "2026-12-31")]),
    ],
)
def test_several_stages_become_milestones_and_the_last_is_due(text, stages):
    found = deadlines.read(text, year=2026)
    assert [(stage.text, str(stage.day)) for stage in found.stages] == stages
    assert str(found.day) == stages[-1][1]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024-2026", "2024-01-01", "2026-12-31"), ("2024—2026年", "2024-01-01", "2026-12-31"),
        ("2025年3月至2026年12月", "2025-03-01", "2026-12-31"), ("2025.3-2026.12", "2025-03-01", "2026-12-31"),
        ("3-10月", "2026-03-01", "2026-10-31"), ("2026年1月1日至12月31日", "2026-01-01", "2026-12-31"),
        ("11-3月", "2026-11-01", "2027-03-31"), ("2026年1-6月", "2026-01-01", "2026-06-30"),
        ("2026.1-6", "2026-01-01", "2026-06-30"), ("2026年3月起至12月", "2026-03-01", "2026-12-31"),
    ],
)  # fmt: skip
def test_a_span_has_both_ends(text, first, last):
    found = deadlines.read(text, year=2026)
    assert (str(found.starts_on), str(found.day), found.stages) == (first, last, ())


@pytest.mark.parametrize(
    ("text", "day"),
    [("2026年3月", "2026-03-01"), ("2026-03", "2026-03-01"), ("2025.4.15", "2025-04-15"), ("一季度", "2026-01-01"),
     ("2026年", "2026-01-01"), ("2026年3月底", "2026-03-31"), ("下半年", "2026-07-01")],
)  # fmt: skip
def test_a_start_is_the_first_day(text, day):
    assert str(deadlines.read(text, year=2026, is_start=True).day) == day


OWNERS = [
    ("牵头单位:市经信局;责任单位:市科技局、各县(市、区)", "市经信局", "市科技局 各县(市、区)"),
    ("牵头单位：市经信局　责任单位：市科技局、各县（市、区）", "市经信局", "市科技局 各县(市、区)"),
    ("牵头:市经信局\n配合:市科技局、市财政局", "市经信局", "市科技局 市财政局"),
    ("主办：市教育体育局；协办：市财政局", "市教育体育局", "市财政局"),
    ("责任单位:市科技局;配合单位:市财政局", "市科技局", "市财政局"),
    ("市经信局牵头,市科技局、市财政局配合", "市经信局", "市科技局 市财政局"),
    ("市经信局、市科技局牵头，各县(市、区)人民政府配合", "市经信局 市科技局", "各县(市、区)人民政府"),
    ("由市委组织部牵头负责,市科技局参与", "市委组织部", "市科技局"),
    ("市经信局牵头市科技局配合", "市经信局", "市科技局"),
    ("市发展改革委会同市财政局", "市发展改革委", "市财政局"),
    ("市经信局(牵头)、市科技局", "市经信局", "市科技局"),
    ("市科技局、市经信局（牵头单位）、市财政局（配合单位）", "市经信局", "市科技局 市财政局"),
    ("★市经信局、市科技局", "市经信局", "市科技局"), ("市科技局、市经信局★", "市经信局", "市科技局"),
    ("市商务局", "市商务局", ""), ("市人力资源和社会保障局", "市人力资源和社会保障局", ""),
    ("市财政局\n市自然资源规划局", "市财政局", "市自然资源规划局"), ("南充临江新\n区管委会", "南充临江新区管委会", ""),
    ("市科技局 市财政局", "市科技局", "市财政局"), ("市委\n办公室", "市委办公室", ""),
    ("市科技局和市财政局", "市科技局", "市财政局"), ("1.市科技局 2.市财政局", "市科技局", "市财政局"),
    ("市科技局、市财政局等部门", "市科技局", "市财政局"), ("市科技局/市财政局", "市科技局", "市财政局"),
    ("市科技局,市财政局;市商务局", "市科技局", "市财政局 市商务局"), ("/", "", ""), ("", "", ""),
    ("市水务局★ 市林业局", "市水务局", "市林业局"), ("【牵头单位】市民政局【责任单位】市财政局、市残联", "市民政局", "市财政局 市残联"),
    ("1.牵头单位:市统计局 2.责任单位:市财政局", "市统计局", "市财政局"), ("由市林业局牵头,会同市财政局办理", "市林业局", "市财政局"),
    ("第一责任单位:市科技局 其他责任单位:市财政局 协助单位:市残联", "市科技局", "市财政局 市残联"),
    ("市科技局(主)、市财政局(协)", "市科技局", "市财政局"),
    ("市科技局(牵头)市财政局(配合)", "市科技局", "市财政局"), ("市科技局【牵头】、市财政局", "市科技局", "市财政局"),
    ("市科技局为牵头单位,市财政局为责任单位", "市科技局", "市财政局"), ("市科技局(★)、市财政局", "市科技局", "市财政局"),
    ("市政府办公室负责,各部门配合", "市政府办公室", "各部门"), ("市科技局.市财政局+市审计局", "市科技局", "市财政局 市审计局"), ("待定", "", ""),
    ("市档案馆\n市财政局", "市档案馆", "市财政局"), ("市科技局、市财政局按职责分工负责", "市科技局", "市财政局"), ("市科技局、市科技局", "市科技局", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "lead", "support"), OWNERS)
def test_one_column_names_who_leads_and_who_supports(text, lead, support):
    found = owners.read(text, part=Part.BOTH)
    assert (" ".join(found.lead), " ".join(found.support)) == (lead, support)


def test_people_beside_departments_are_no_departments():
    cells = {
        "市科技局 张三": (("市科技局",), ("张三",)),
        "市财政局(李四 13812345678)": (("市财政局",), ("李四 13812345678",)),
        "市科技局:张三": (("市科技局",), ("张三",)),
        "张三 市科技局": (("市科技局",), ("张三",)),
        "市科技局\n张三\n13812345678": (("市科技局",), ("张三 13812345678",)),
        "市科技局(张三)、市财政局(李四)": (("市科技局", "市财政局"), ("张三", "李四")),
        "市科技局(联系人:张三,电话:2223344)": (("市科技局",), ("张三,电话:2223344",)),
        "市科技局 王建国副局长": (("市科技局",), ("王建国副局长",)),
        "责任单位:市科技局\n责任人:张三": (("市科技局",), ("张三",)),
        "牵头领导:张三;牵头单位:市公安局": (("市公安局",), ("张三",)),
        "市水务局 林业局": (("市水务局", "林业局"), ()),
        "市自然资源局(林业)": (("市自然资源局(林业)",), ()),
        "市教体局 高新区管委会": (("市教体局", "高新区管委会"), ()),
        "市政府办(金融科)": (("市政府办(金融科)",), ()),
        "张三": (("张三",), ()),
    }
    found = {cell: owners.read(cell, part=Part.LEAD) for cell in cells}
    assert {cell: (one.lead, one.people) for cell, one in found.items()} == cells


def test_a_column_of_leads_has_only_leads_and_a_guess_is_said():
    assert owners.read("市科技局、市财政局", part=Part.LEAD).lead == ("市科技局", "市财政局")
    assert owners.read("市科技局、市财政局", part=Part.SUPPORT).support == ("市科技局", "市财政局")
    assert owners.read("市科技局、市财政局", part=Part.BOTH).is_guessed
    assert not owners.read("市科技局、市财政局", part=Part.BOTH, first_leads=True).is_guessed


QUANTITIES = [
    ("新增规上工业企业80户、产值突破2000亿元", [("80", "户", "="), ("2000", "亿元", ">=")]),
    ("工业投资增长12%以上", [("12", "%", "growth>=")]), ("能耗下降4%", [("4", "%", "decline>=")]),
    ("失业率控制在5.5%以内", [("5.5", "%", "<=")]), ("不少于1,200人次", [("1200", "人次", ">=")]),
    ("开通2-3条航线", [("2", "条", "range")]), ("覆盖率达到100%", [("100", "%", ">=")]),
    ("签约10亿元以上项目5个", [("5", "个", "=")]), ("签约亿元以上项目120个", [("120", "个", "=")]),
    ("PM2.5浓度控制在32微克/立方米以内", [("32", "微克/立方米", "<=")]), ("建设5G基站500个", [("500", "个", "=")]),
    ("“1+4+N”体系、“355”工程", []), ("2026年6月底前建成", []), ("第3批、川府〔2026〕5号", []), ("建成投用", []), ("打造15分钟生活圈10个", [("10", "个", "=")]),
    ("新建三座水厂", [("3", "座", "=")]), ("推进三项制度改革", []), ("百分之四十五", [("45", "%", "=")]),
    ("粮食产量310万吨左右", [("310", "万吨", "=")]), ("新增２０家", [("20", "家", "=")]),
    ("压缩至1个工作日以内", [("1", "个工作日", "<=")]), ("3个月内建成2个", [("2", "个", "=")]),
    ("每年600个以上", [("600", "个", ">=")]), ("研发强度提高0.2个百分点", [("0.2", "个百分点", "growth>=")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "found"), QUANTITIES)
def test_the_promised_numbers_of_a_goal(text, found):
    assert [(str(one.value), one.unit, one.comparator) for one in quantities.read(text)] == found


def test_years_belong_to_their_numbers():
    one = quantities.read("较2023年增长30%,到2027年达到500亿元")
    assert [(quantity.baseline_year, quantity.target_year) for quantity in one] == [(2023, None), (2023, 2027)]
    assert quantities.read("每年培训2万人次")[0].per == "year"


@pytest.mark.parametrize(
    ("cell", "value", "unit", "problem"),
    [
        (15.2, "15.2", "", ""), ("763000万元", "763000", "万元", ""), ("约3.9", "3.9", "", ""), ("15.2亿", "15.2", "亿元", ""),
        ("1,200", "1200", "", ""), ("¥500万", "500", "万元", ""), ("五千万元", "5000", "万元", ""), ("（1.8）", "-1.8", "", ""),
        ("12..5", None, "", "bad_number"), ("3.6.2", None, "", "bad_number"), ("1O.5", None, "", "bad_number"),
        ("九十二", None, "", "bad_number"), ("三万二", None, "", "bad_number"), ("3/5", None, "", "bad_number"), ("[18]", "18", "", ""), ("若干", None, "", ""), ("待定", None, "", ""), ("—", None, "", ""),
        ("#DIV/0!", None, "", ""), (None, None, "", ""), (True, None, "", ""), (float("inf"), None, "", "bad_number"),
        ("１５．２亿元", "15.2", "亿元", ""), ("2亿元(含征地)", "2", "亿元", ""),
    ],
)  # fmt: skip
def test_cells_that_should_be_numbers(cell, value, unit, problem):
    found = numbers.read(cell)
    assert (found.value, numbers.money_unit(found.unit), found.problem) == (value and Decimal(value), unit, problem)


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("序 号", "ordinal"), ("项目编号", "code"), ("重点任务", "title:2"), ("具体举措", "title:3"), ("一级指标", "title:1"),
        ("工作目标", "goal"), ("2026年目标", "year_target"), ("牵头单位", "lead"), ("牵头单位及责任单位", "owner"),
        ("责任单位", "owner"), ("配合单位", "support"), ("协办部门", "support"), ("完成\n时限", "due"), ("计划竣工时间", "due"),
        ("计划开工时间", "start"), ("起止年限", "span"), ("时间节点", "stages"), ("三季度目标", "stage:9"), ("总投资(亿元)", "amount:total_investment"),
        ("2026年计划投资", "amount:year_investment"), ("1-6月完成投资", "amount:done_investment"), ("★备注", "remarks"),
        ("截至2025年底累计完成投资", "amount:cum_investment"), ("完成率", "progress"), ("进度(%)", "progress"), ("形象进度", "status"),
        ("进展情况", "status"), ("是否完成", "status"), ("责任领导", "leader"), ("联系人及电话", "contact"), ("类别", "kind"),
        ("是否市级重点任务", ""), ("任务来源", ""), ("责任单位联系电话", ""), ("督办等级", ""), ("权重", ""), ("县(市、区)", ""),
    ],
)  # fmt: skip
def test_headings(heading, field):
    assert headings.look_up(heading).field == field


def test_staff_extend_the_headings():
    assert headings.known("攻坚点", {"攻坚点": "title:2"}).field == "title:2"
    assert headings.look_up("总投资（万元）").unit == "万元"


def test_characters_numbers_and_notes():
    assert characters.chinese_number("二十三") == 23
    assert characters.chinese_number("三千五百") == 3500
    assert characters.chinese_number("二〇二六") == 2026
    assert characters.squeezed("Ａ１（ 甲\u200b） ") == "A1(甲)"
    assert notes.year(["填报日期:2026年2月10日", "二〇二七年度重点任务"]) == 2027
    assert notes.year(["2025年完成情况及2026年工作计划"]) == 2026
    assert notes.money_unit(["金额单位：万元"]) == "万元"
    assert notes.first_leads(["注:责任单位列第一位的为牵头单位"])
    assert [kinds.read(text) for text in ("指标目标", "人才计划", "产业园区", "改革", "其他")] == [
        "target", "talent_programme", "park", "reform", None,
    ]  # fmt: skip
