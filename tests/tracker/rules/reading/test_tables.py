"""Several tables on a sheet, and departments that are headings: of columns, of sections."""

from decimal import Decimal

from tests.tracker.rules.reading.make import read, sheet
from tests.tracker.rules.reading.test_layouts import doubts, rows


def test_tables_side_by_side_are_read_one_after_the_other():
    found = read(
        sheet(
            """
            2026年专项行动任务表||||||||
            编号|任务内容|主责单位|时限||编号|任务内容|主责单位|时限
            A1|任务甲|市公安局|7月底||A3|任务丙|市教育局|8月底
            A2|任务乙|市信访局|9月底||A4|任务丁|市公安局|长期坚持
            """,
            "A1:I1",
        )
    )
    assert rows(found, "row", "code", "title", "lead", "support") == [
        (3, "A1", "任务甲", ("市公安局",), ()),
        (4, "A2", "任务乙", ("市信访局",), ()),
        (3, "A3", "任务丙", ("市教育局",), ()),
        (4, "A4", "任务丁", ("市公安局",), ()),
    ]
    assert (found.unknown_columns, [column.index for column in found.sheets[0].columns]) == (
        (),
        [0, 1, 2, 3, 5, 6, 7, 8],
    )


def test_departments_that_are_headings_lead_and_support_by_their_marks():
    found = read(
        sheet(
            """
            序号|整治任务|责任部门(●牵头 ○配合)|||完成时限
            ||市应急管理局|市教育局|市公安局|
            1|任务甲|○|●|○|6月底
            2|任务乙|●|||全年
            """,
            "A1:A2", "B1:B2", "C1:E1", "F1:F2",
        )
    )  # fmt: skip
    assert rows(found, "title", "lead", "support") == [
        ("任务甲", ("市教育局",), ("市应急管理局", "市公安局")),
        ("任务乙", ("市应急管理局",), ()),
    ]
    assert found.unknown_columns == ()


def test_a_target_of_the_whole_city_a_meeting_and_a_part_of_a_sum():
    divided = read(
        sheet(
            """
            序号|指标名称|计量单位|2026年目标任务||牵头单位
            |||全市|顺庆区|
            1|高新技术企业数|家|360|120|市科技局
            其中:续建|||12||
            """,
            "A1:A2", "B1:B2", "C1:C2", "D1:E1", "F1:F2",
        )
    )  # fmt: skip
    assert [(int(one.quantities[0].value), one.quantities[0].target_year) for one in divided.entries] == [(360, 2026)]
    assert divided.unknown_columns == (("台账", "顺庆区"),)
    meeting = read(
        sheet(
            "议题|议定事项|责任单位|完成时限\n听取汇报|开展整治|市安委办|6月底\n听取汇报|购置消防车|市消防救援支队|9月底"
        )
    )
    assert rows(meeting, "parent", "title") == [("听取汇报", "开展整治"), ("听取汇报", "购置消防车")]


def test_tables_below_each_other_and_departments_above_their_tasks():
    found = read(
        sheet(
            """
            一、本周新增事项|||
            事项|责任单位|时限|
            任务甲|市应急管理局|7月底|
            |||
            二、已办结事项|||
            事项|责任单位|时限|完成情况
            任务乙|市农业农村局|6月底|已发放
            """,
            "A1:D1", "A5:D5",
        )
    )  # fmt: skip
    assert rows(found, "row", "section", "title") == [
        (3, "一、本周新增事项", "任务甲"),
        (7, "二、已办结事项", "任务乙"),
    ]
    headed = read(
        sheet(
            """
            序号|工作任务|完成时限|完成进度
            市科技局(1项)|||
            1|任务甲|6月底|已完成
            市水务局(1项)|||
            2|任务乙|年底|45%
            """,
            "A2:D2", "A4:D4",
        )
    )  # fmt: skip
    assert rows(headed, "lead", "progress", "status") == [
        (("市科技局",), None, "已完成"),
        (("市水务局",), Decimal(45), None),
    ]
    assert doubts(headed) == [(3, "lead_of_heading"), (5, "lead_of_heading"), (None, "year_assumed")]


def test_a_poorer_table_above_a_richer_one_and_a_copied_sheet():
    found = read(
        sheet(
            """
            序号|工作事项|责任单位|完成时限||||
            1|任务甲|市应急管理局|7月底||||
            2|任务乙|市气象局|8月底||||
            附:重点项目|||||||
            序号|项目名称|建设内容|总投资(万元)|年度投资(万元)|责任单位|开工时间|竣工时间
            1|项目丙|新建厂房|500|200|市经信局|2026年3月|2026年12月
            """,
            "A4:H4",
        )
    )  # fmt: skip
    assert rows(found, "row", "title") == [(2, "任务甲"), (3, "任务乙"), (6, "项目丙")]
    table = "序号|任务|责任单位|时限\n1|任务甲|市科技局|7月底\n2|任务乙|市水务局|8月底"
    copied = read(sheet(table, name="任务清单"), sheet(table, name="任务清单 (2)"))
    assert [(one.name, one.why) for one in copied.sheets] == [("任务清单", ""), ("任务清单 (2)", "copy")]
