"""Rows that are no task in every dress, and tasks that sound like them: a table of one line a form."""

# ruff: noqa: E501 -- tables of Chinese text, one case a line

from tests.tracker.rules.reading.make import read, sheet

TABLES = {
    "with numbers": (
        "序号|重点任务|工作目标|牵头单位|责任单位|完成时限|备注",
        "{n}|任务{n}|新增{n}户|市科技局|市财政局|6月底前|",
    ),
    "without numbers": (
        "重点任务|工作目标|牵头单位|责任单位|完成时限|备注",
        "任务{n}|新增{n}户|市科技局|市财政局|6月底前|",
    ),
    "with money": (
        "序号|项目名称|总投资(万元)|完成率|责任单位|竣工时间|备注",
        "{n}|任务{n}|100|50%|市水务局|2026年6月|",
    ),
    "departments first": ("牵头单位|序号|重点任务|责任单位|完成时限|备注", "市科技局|{n}|任务{n}|市财政局|6月底前|"),
    "behind an empty column": ("|序号|重点任务|牵头单位|完成时限|备注", "|{n}|任务{n}|市科技局|6月底前|"),
}
SECTIONS = [
    "一、产业发展",
    "(一)项目建设",
    "（二）项目建设（3项）",
    "第一部分总体要求",
    "第二类:民生",
    "Ⅰ、工业",
    "★重点项目",
    "A类项目",
    "续建项目",
    "工业",
]
NOTES = [
    "注:1.按月报送", "备注:以上为快报数", "说明:★为牵头单位", "预警说明:绿为正常", "资料来源:市统计局", "填报人:张三 审核人:李四",
    "单位负责人(签字):", "领导签字:", "制表:市发改委", "(此件公开发布)", "—  3  —", "第3页 共5页", "3/5", "(单位:万元)", "单位:万元", "附件2", "附:联系方式",
    "抄送:市委办公室", "南充市人民政府办公室 2026年2月10日印发", "本表一式两份", "★为省级重点项目", "“★”表示省重点项目", "带*为约束性指标",
    "以下空白", "(以下无正文)", "无", "……", "2026年3月1日", "打印时间:2026-03-01", "联系单位:市政府办 电话:123", "监督电话:12345",
    "请各责任单位高度重视,认真抓好落实。", "1.数据截至6月底;2.完成率=完成/计划。", "续表", "2026年重点任务分解表(续一)",
    "小计", "合计:12项", "总计(12个)", "产业项目小计", "全市合计", "以上合计12项", "共3项,涉及资金1.2亿元", "累计",
]  # fmt: skip
SUMS = [
    "合计|||||||200|50%|", "|合计||||||200||", "合计|2个|||||||", "合计|2项|||市科技局等5个部门||年底|200||", "|小  计|||||—|200|50%|",
    "总计|——|——|——|——|——|——|200|50%|", "||合计|||||200||", "|产业类小计(2个)||||||200||", "全市|合计||||||200||",
    "|共2个项目||||||200||", "||||||合计:|200||", "一|产业项目(2个)||||||200||", "|产业项目2个||||||200||", "一、产业项目|2个||||||200|50%|",
    "一、产业类||||市科技局||||", "|12个||||||200||",
]  # fmt: skip
TASKS = [
    "合计发放稳岗补贴",
    "总计划编制",
    "累计培训1万人次",
    "平均处理时间压缩",
    "汇总全市数据",
    "小计量器具检定",
    "共计建设12个充电站",
    "注册企业帮扶",
    "备注册登记改革",
    "表彰大会",
    "联系人大代表工作",
    "电话热线整合",
    "负责人培训",
    "第一书记选派",
    "一件事一次办",
    "一是推进改革",
    "一网通办",
    "单位GDP能耗降低",
    "日期管理",
    "附件管理系统建设",
    "填报系统升级",
    "统计改革",
    "注:改革",
]


def between(table, line, *, merged, below):
    """What is read when the line stands between two tasks, or below them."""
    head, row = TABLES[table]
    lines = ["2026年重点任务分解表" + "|" * head.count("|"), head, row.format(n=1), row.format(n=2)]
    place = 5 if below else 4
    lines.insert(place - 1, line + "|" * head.count("|"))
    return read(sheet("\n".join(lines), *([f"A{place}:{chr(65 + head.count('|'))}{place}"] if merged else [])))


def test_sections_and_notes_are_no_tasks_merged_or_not_wherever_they_stand():
    wrong = []
    for line in [*SECTIONS, *NOTES]:
        for table in TABLES:
            for merged in (True, False):
                for below in (True, False):
                    found = between(table, line, merged=merged, below=below)
                    sections = {entry.section for entry in found.entries[1:]} - {None}
                    expected = {line} if line in SECTIONS and not below else set()
                    if (
                        [entry.title for entry in found.entries] != ["任务1", "任务2"]
                        or found.rejects
                        or sections != expected
                    ):
                        wrong.append((line, table, merged, below))
    assert wrong == []


def test_sums_are_no_tasks():
    head = "序号|重点任务|类别|工作目标|牵头单位|责任单位|完成时限|总投资(万元)|完成率|备注"
    rows = [f"{n}|任务{n}|项目|新增{n}户|市科技局|市财政局|6月底前|100|50%|" for n in (1, 2)]
    wrong = []
    for line in SUMS:
        for lines in ([rows[0], line, rows[1]], [*rows, line]):
            found = read(sheet("\n".join(["2026年台账", head, *lines])))
            if [entry.title for entry in found.entries] != ["任务1", "任务2"] or found.rejects:
                wrong.append((line, [entry.title for entry in found.entries]))
    assert wrong == []


def test_tasks_that_sound_like_sums_or_notes_are_tasks():
    rows = [f"{n}|{task}|新增3户|市科技局|年底" for n, task in enumerate(TASKS)]
    rows += [f"{n}|{task}之二||市科技局|" for n, task in enumerate(TASKS)]
    found = read(sheet("\n".join(["2026年台账", "序号|重点任务|工作目标|牵头单位|完成时限", *rows])))
    assert [entry.title for entry in found.entries] == [*TASKS, *(f"{task}之二" for task in TASKS)]


def test_one_cell_of_its_own_below_merged_ones_is_a_task():
    text = """
    2026年任务表||||
    序号|重点任务|具体举措|牵头单位|完成时限
    1|优环境|简审批|市A局|年底
    ||（二）减材料||
    ||强监管||
    小计|3项|||
    2|稳增长|扩投资|市B局|年底
    ||促消费||
    """
    found = read(sheet(text, "A3:A5", "B3:B5", "D3:D5", "E3:E5", "A7:A8", "B7:B8", "D7:D8", "E7:E8"))
    assert [(entry.code, entry.parent, entry.title, entry.lead) for entry in found.entries] == [
        ("1", "优环境", "简审批", ("市A局",)), ("1", "优环境", "（二）减材料", ("市A局",)), ("1", "优环境", "强监管", ("市A局",)),
        ("2", "稳增长", "扩投资", ("市B局",)), ("2", "稳增长", "促消费", ("市B局",)),
    ]  # fmt: skip


def test_a_bare_list_of_tasks_has_no_sections():
    found = read(sheet("2026年清单|\n任务|牵头单位\n甲|\n乙|\n丙|\n丁|A局"))
    assert [entry.title for entry in found.entries] == ["甲", "乙", "丙", "丁"]


def test_sections_above_a_header_and_the_next_header_below_them():
    head = "序号|任务|牵头单位|完成时限"
    text = f"2026年任务|||\n一、治污|||\n{head}\n1|治水|A局|6月底\n|||\n二、转型|||\n{head}\n1|绿园区|B局|年底"
    assert [entry.section for entry in read(sheet(text)).entries] == ["一、治污", "二、转型"]
    other = (
        text.replace(f"二、转型|||\n{head}", "二、转型|||\n项目名称|责任单位|竣工时间|投资方")
        .replace("1|绿", "绿")
        .replace("|B局|年底", "|B局|年底|C")
    )
    found = read(sheet(other))
    assert [(entry.title, entry.section) for entry in found.entries] == [("治水", "一、治污"), ("绿园区", "二、转型")]
    assert found.unknown_columns == (("台账", "投资方"),)


def test_the_name_of_a_project_above_the_header_is_its_section_and_a_numbered_one_may_end_with_a_stop():
    head = "序号|任务|牵头单位|完成时限"
    text = f"2026年清单|||\n项目名称:甲|||\n{head}\n1|可研|A局|6月底\n项目名称:乙|||\n1|初设|B局|年底\n(二)收尾。|||\n2|验收|B局|年底"
    assert [entry.section for entry in read(sheet(text)).entries] == ["项目名称:甲", "项目名称:乙", "(二)收尾。"]


def test_column_numbers_below_the_header_in_letters_and_digits():
    for marks in ("甲|乙|1|丙", "1|2|3|4", "|||\n甲|乙|丙|丁", "A|B|1|C"):
        found = read(sheet(f"2026年目标|||\n序号|任务|2026年目标值|牵头单位\n{marks}\n1|工业产值|2600|A局"))
        assert [entry.title for entry in found.entries] == ["工业产值"]


def test_an_error_in_a_row_is_never_taken_for_a_section():
    found = read(
        sheet("2026年台账||||\n编号|事项|类别|责任单位|完成时限\n(一)-1|甲|改革|A局|6月底\n(一)-2||改革|A局|6月底")
    )
    assert [(reject.row, reject.findings[0].code) for reject in found.rejects] == [(4, "missing_title")]


def test_circled_numbers_are_codes():
    found = read(sheet("编号|事项|责任单位|完成时限\n①|甲|A局|②\n②|乙|A局|6月底", name="2026年"))
    assert [entry.code for entry in found.entries] == ["①", "②"]


def test_a_table_of_sums_below_or_beside_the_tasks_is_none_of_them():
    tasks = "2026年台账||||\n序号|任务|牵头单位|完成时限|总投资(万元)\n1|甲|A局|6月底|5\n2|乙|A局|7月底|6"
    sums = "类别|个数|计划投资(万元)|完成投资(万元)|\n产业类|2|11|3|\n民生类|1|5|1|"
    below = read(sheet(f"{tasks}\n||||\n{sums}"))
    assert ([entry.title for entry in below.entries], below.rejects) == (["甲", "乙"], ())
    again = read(sheet(f"{tasks}\n||||\n{sums}\n||||\n序号|项目名称|责任单位|竣工时间|备注\n1|丙|B局|8月底|"))
    assert [entry.title for entry in again.entries] == ["甲", "乙", "丙"]
    beside = read(
        sheet(tasks), sheet("园区名称|项目个数|总投资(万元)|完成率\n甲园|2|11|30%\n乙园|1|5|20%", name="Sheet2")
    )
    assert [entry.title for entry in beside.entries] == ["甲", "乙"]
    assert [one.why for one in beside.sheets] == ["", "copy"]
