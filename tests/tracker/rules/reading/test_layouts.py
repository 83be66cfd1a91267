"""Whole sheets as offices keep them: one layout a test."""

# ruff: noqa: E501 -- tables of Chinese text, one case a line

import pytest

from tests.tracker.rules.reading.make import read, sheet


def rows(reading, *fields):
    return [tuple(getattr(entry, field) for field in fields) for entry in reading.entries]


def reasons(reading):
    return [(reject.row, [finding.code for finding in reject.findings]) for reject in reading.rejects]


def doubts(reading):
    return [(remark.row, remark.finding.code) for remark in reading.remarks]


def skipped(reading):
    return dict(reading.sheets[0].skipped)


def days(reading):
    return [str(entry.due.day) for entry in reading.entries]


def test_title_unit_sections_totals_repeated_header_and_footer():
    found = read(
        sheet(
            """
            2026年重点任务分解表|||||
            填报单位:市政府办||||2026年2月10日|
            序号|重点任务|工作目标|牵头单位|责任单位|完成时限
            一、扩大投资(2项)|||||
            1|任务甲|新增80户|市科技局|市财政局,市商务局|11月底前
            2|任务乙|建成投运||市商务局|长期坚持
            |||||
            序号|重点任务|工作目标|牵头单位|责任单位|完成时限
            二、科技创新|||||
            3||新增3个|市科技局|市财政局|年底前
            4|任务丁|完成1个|市科技局|市财政局|2026年2月30日
            5|任务甲|新增80户|市科技局|市财政局、市商务局|11月底前
            6|任务甲|新增60户|市水务局||11月底前
            小计|6项||||
            注:1.各单位每月25日前报送。||||||
            2.未写年份的均指2026年。|||||
            联系人:张三  电话:123|||||
            """,
            "A1:F1", "A2:C2", "D5:D6", "A4:F4", "A9:F9", "A15:F15", "A16:F16",
        )
    )  # fmt: skip
    assert rows(found, "row", "section", "title", "lead") == [
        (5, "一、扩大投资(2项)", "任务甲", ("市科技局",)),
        (6, "一、扩大投资(2项)", "任务乙", ("市科技局",)),
        (13, "二、科技创新", "任务甲", ("市水务局",)),
    ]
    assert reasons(found) == [(10, ["missing_title"]), (11, ["impossible_date"]), (12, ["duplicate_row"])]
    assert (13, "duplicate_title") in doubts(found)
    assert skipped(found) == {
        4: "section", 7: "blank", 8: "repeated_header", 9: "section", 14: "total", 15: "footer", 16: "footer", 17: "footer",
    }  # fmt: skip


def test_two_header_rows_units_and_percentages():
    found = read(
        sheet(
            """
            2026年重点项目进度表|||||||||
            单位:亿元|||||||||
            序号|项目名称|总投资|投资完成情况(万元)|||形象进度|计划开工时间|计划竣工时间|责任单位
            |||截至2025年底累计完成|2026年计划投资|完成率||||
            合计|3个|40|||||||
            (一)产业 3个|||||||||
            1|A|15.2|1|2|0.6|主体|2025-10|2026年四季度末|A县政府
            2|B|98000万元|1|2|45%|封顶|2026年9月|2026年3月|B县政府
            3|C|-1.8|约1|若干|1.4|封顶|2026年9月|2027年3月|C县政府
            """,
            "A1:J1", "A2:J2", "A3:A4", "B3:B4", "C3:C4", "D3:F3", "G3:G4", "H3:H4", "I3:I4", "J3:J4", "A6:J6",
            percents=["F7", "F9"],
        )
    )  # fmt: skip
    (one,) = found.entries
    assert {name: (str(amount.value), amount.unit) for name, amount in one.amounts.items()} == {
        "total_investment": ("15.2", "亿元"), "cum_investment": ("1.0", "万元"), "year_investment": ("2.0", "万元"),
    }  # fmt: skip
    assert (one.progress, str(one.start), str(one.due.day), one.section) == (
        60,
        "2025-10-01",
        "2026-12-31",
        "(一)产业 3个",
    )
    assert reasons(found) == [(8, ["due_before_start"]), (9, ["negative_amount", "percent_out_of_range"])]


@pytest.mark.parametrize("merges", [("A3:A5", "B3:B5"), ()])
def test_a_task_over_several_measures_is_their_parent_merged_or_not(merges):
    found = read(
        sheet(
            """
            2026年改革任务台账||||
            序号|改革任务|具体举措|责任分工|时间节点|督办等级
            1|国企改革|整合平台|牵头单位:市国资委;责任单位:市财政局、各县(市、区)|6月底前完成方案,12月底前整合|A
            ||处置资产|市国资委牵头,市财政局配合|三季度末|B
            ||完善考核|★市国资委、市委组织部|每月|
            2|医保改革|付费改革|市医保局|同上|
            """,
            *merges,
        )
    )
    assert rows(found, "code", "parent", "title") == [
        ("1", "国企改革", "整合平台"), ("1", "国企改革", "处置资产"), ("1", "国企改革", "完善考核"), ("2", "医保改革", "付费改革"),
    ]  # fmt: skip
    assert [str(stage.day) for stage in found.entries[0].milestones] == ["2026-06-30", "2026-12-31"]
    assert found.unknown_columns == (("台账", "督办等级"),)


def test_indicators_with_units_and_years_and_shares():
    found = read(
        sheet(
            """
            2026年主要指标||||||
            序号|指标名称|计量单位|2025年完成|2026年目标||责任单位
            ||||||
            1|研发强度|%|1.05|1.2||市科技局
            2|森林覆盖率|%|41|0.43||市林业局
            3|高企数|家|288|≥320||市科技局
            4|普及率|%|90|142||市水务局
            5|自来水普及率|%|90|九十二||市水务局
            """,
            "A2:A3", "B2:B3", "C2:C3", "D2:D3", "E2:E3", "G2:G3", percents=["E5"],
        )
    )  # fmt: skip
    assert [[(str(q.value), q.unit, q.comparator, q.target_year) for q in entry.quantities] for entry in found.entries] == [
        [("1.2", "%", "=", 2026)], [("43", "%", ">=", 2026)], [("320", "家", ">=", 2026)],
    ]  # fmt: skip
    assert reasons(found) == [(7, ["percent_out_of_range"]), (8, ["bad_number"])]


def test_without_formats_a_share_is_seen_from_the_other_years():
    text = "指标|单位|2025年完成|2026年目标|责任单位\n覆盖率|%|41|0.43|A局\n强度|%|0.9|0.95|B局"
    found = read(sheet(text, knows_formats=False), year=2026)
    assert [str(entry.quantities[0].value) for entry in found.entries] == ["43", "0.95"]


def test_columns_named_after_quarters_are_milestones():
    found = read(
        sheet(
            """
            2026年推进计划||||||
            重点工作|年度目标|推进计划||||牵头单位
            ||一季度|二季度|三季度|四季度|
            旧改|改造186个|立项|开工|完工60%|完工|市住建局
            """,
            "C2:F2",
        )
    )
    assert [str(stage.day)[5:7] for stage in found.entries[0].milestones] == ["03", "06", "09", "12"]


def test_sheets_with_different_headings_hidden_ones_and_copies():
    found = read(
        sheet(
            "2026年甲县项目表||||\n项目编号|工程名称|责任部门|概算总投资(亿元)|进度\nJ-1|D|教体局|3.2|45%", name="甲县"
        ),
        sheet("序号|建设项目名称|业主单位|总投资(万元)|完工日期\n1|E|城投公司|320|6月底前", name="乙县"),
        sheet("序号|任务|牵头单位\n1|D|教体局\n2|E|城投公司", name="汇总"),
        sheet("序号|任务|牵头单位\n1|样例|A局", name="填报示例"),
        sheet("序号|任务|牵头单位\n9|旧|A局", name="旧", is_hidden=True),
        sheet("类别|个数|投资\n甲|1|2", name="统计"),
        sheet("序号|任务|牵头单位", name="空表"),
    )
    assert rows(found, "sheet", "code", "title", "lead", "progress") == [
        ("甲县", "J-1", "D", ("教体局",), 45), ("乙县", "1", "E", ("城投公司",), None),
    ]  # fmt: skip
    assert str(found.entries[1].due.day) == "2026-06-30"  # the other sheet names the year
    assert [one.why for one in found.sheets] == ["", "", "copy", "copy", "hidden", "no_header", "no_rows"]


def test_a_second_table_below_the_first():
    found = read(
        sheet(
            """
            2026年工作台账||||
            序号|任务|牵头单位|完成时限|备注
            1|甲|市科技局|6月底前|
            合计|1项|||
            二、重点项目||||
            序号|项目名称|总投资(万元)|责任单位|竣工时间
            1|丙|500|市水务局|2026年10月
            """
        )
    )
    assert rows(found, "title", "lead") == [("甲", ("市科技局",)), ("丙", ("市水务局",))]
    assert str(found.entries[1].amounts["total_investment"].value) == "500.0"


def test_a_section_with_its_sums_keeps_its_name():
    text = "2026年项目表|||\n序号|项目名称|总投资(万元)|责任单位\n一、产业|2个|40|\n1|甲|30|A局\n2|乙|10|B局\n二、民生|1个|45|\n3|丙|45|C局"
    assert rows(read(sheet(text)), "section", "title") == [("一、产业", "甲"), ("一、产业", "乙"), ("二、民生", "丙")]


def test_a_share_among_words_is_told_as_it_is_shown_and_a_name_may_end_with_its_unit():
    words = "2026年任务|||\n任务|全年目标|上半年目标|牵头单位\n增速|0.07|0.065|A局\n修渠|3公里|动工|B局"
    found = read(sheet(words, percents=["B3", "C3"]))
    assert [(one.goal, one.milestones[0].text) for one in found.entries] == [("7%", "6.5%"), ("3公里", "动工")]
    (one,) = read(sheet("2026年指标||\n指标名称|目标值|责任单位\n粮食产量(万吨)|310|A局")).entries
    assert [(str(number.value), number.unit) for number in one.quantities] == [("310.0", "万吨")]


def test_metadata_above_signatures_below_and_rows_numbered_beforehand():
    found = read(
        sheet(
            """
            填报单位|市科技局|联系人|张三|联系电话|123
            2026年度承诺事项清单(第二批)|||||
            序号|承诺事项|工作要求|责任单位|责任人|完成期限
            1|建设实验室|建成|市科技局|李四|2026年6月30日前
            2|||||
            3|||||
            填报人:张三||审核人:李四||2026年3月1日|
            """,
            "A2:F2",
        )
    )
    assert rows(found, "row", "title", "leader") == [(4, "建设实验室", "李四")]
    assert found.rejects == ()


def test_formulas_by_their_kept_value_and_never_as_words():
    found = read(
        sheet(
            "2026年台账|||||\n序号|事项|牵头单位|完成时限|完成率|备注\n1|甲|A局|6月底|0.5|\n2||A局|7月底||\n3|丙|A局||5|\n4|丁|A局|8月底||=1",
            formulas={"A3": True, "E3": True, "B4": False, "D5": False, "E6": False}, percents=["E3"],
        )
    )  # fmt: skip
    assert rows(found, "title", "progress") == [("甲", 50), ("丁", None)]
    assert reasons(found) == [(4, ["formula_cell"]), (5, ["formula_cell"])]
    assert doubts(found) == [(6, "formula_without_value")]


def test_text_that_looks_like_a_formula_is_text():
    found = read(sheet("任务|牵头单位\n+cmd|市科技局\n@SUM(1)|市科技局\n-2|A局".replace("-2|", "-2+3+cmd|")))
    assert rows(found, "title") == [("+cmd",), ("@SUM(1)",), ("-2+3+cmd",)]
    assert {code for _, code in doubts(found)} == {"formula_like_text"}


@pytest.mark.parametrize(
    ("values", "progress"),
    [(["0.45", "0.6", "1"], [45, 60, 100]), (["45%", "0.6", "100"], [45, 60, 100]), (["45", "60", "1"], [45, 60, 1])],
)
def test_progress_as_part_of_one_and_as_percentage(values, progress):
    lines = "\n".join(f"{number}|任务{number}|A局|{value}" for number, value in enumerate(values))
    found = read(sheet("序号|任务|牵头单位|进度\n" + lines, knows_formats=False))
    assert [entry.progress for entry in found.entries] == progress


def test_groups_above_the_header_ditto_and_column_numbers():
    found = read(
        sheet(
            """
            2026年目标任务||||||
            基本情况||责任情况||时间安排||进展
            序号|任务名称|牵头单位|配合单位|开始|完成|完成率
            1|2|3|4|5|6|7
            1|建产业园|市经信局|市财政局|2026年3月|11月底前|40
            2|引才|市委组织部|同上|2026-05|年底前|120
            3|考核|市统计局|〃|—|—|
            """,
            "A2:B2", "C2:D2", "E2:F2",
        )
    )  # fmt: skip
    assert rows(found, "title", "support") == [("建产业园", ("市财政局",)), ("考核", ("市财政局",))]
    assert reasons(found) == [(6, ["percent_out_of_range"])]


def test_a_year_said_by_a_person_comes_first_and_a_guess_is_said():
    text = "序号|任务|牵头单位|时限\n1|甲|A局|6月底"
    assert days(read(sheet("2025年台账|||\n" + text), year=2026)) == ["2026-06-30"]
    assert days(read(sheet(text), file_name="2027年台账")) == ["2027-06-30"]
    guessed = read(sheet(text), this_year=2028)
    assert (days(guessed), doubts(guessed)) == (["2028-06-30"], [(None, "year_assumed")])


def test_what_a_person_chose_for_a_column_holds():
    text = "2026年台账||\n序号|任务|攻坚点|牵头单位\n1|甲|乙|A局"
    assert read(sheet(text)).unknown_columns == (("台账", "攻坚点"),)
    assert read(sheet(text), chosen={("台账", 2): "goal"}).entries[0].goal == "乙"
    assert read(sheet(text), extra={"攻坚点": "goal"}).entries[0].goal == "乙"


@pytest.mark.parametrize("text", ["a|b\n1|2", "只有一列\n甲", "|\n|", "县|任务数|完成数\n甲|1|2"])
def test_what_is_no_ledger_has_no_header(text):
    assert [one.why for one in read(sheet(text)).sheets] == ["no_header"]
