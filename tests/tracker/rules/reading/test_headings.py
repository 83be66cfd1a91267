"""Headings of real offices and what they mean, and what stands beside a task without being part of it."""

# ruff: noqa: E501 -- tables of Chinese text, one case a line

from tests.tracker.rules.reading.make import read, sheet
from tracker.rules.reading import headings

# What a column is in the end also depends on the others: "owner:2" leads only where nobody else is named, ":?" must be
# confirmed by the cells.
MEANT = {
    "ordinal": "序号 №  No. 项次 顺序号 顺号 总序号 任务序号 问题序号 项目序号 指标序号",
    "code": "编号 编码 项目编号 任务编号 督办编号 督查编号 指标编号 子项编号 流水号 项目代码 收文编号 提案号"
    " 信访编号",
    "title:2": "重点任务 任务名称 工作任务 主要任务 项目名称 事项名称 工作内容 任务内容 重点工作 督办事项 督查内容 督办标题 标题 指标"
    " 目标名称 实事名称 改革事项 工作要点 重大项目名称 工程名称 人才项目名称 平台名称 园区名称 签约项目名称 试点任务 议定事项"
    " 交办事项 批示内容 反馈问题 承诺事项 公开承诺事项 拟建项目 惠民实事 考核指标 项目(事项)名称 建议标题 案由 为民办实事项目"
    " 创建任务 培训项目 规划任务 整治任务 隐患名称 盯办事项 重要事项 目标任务 工作任务及目标 隐患情况",
    "title:3": "具体举措 工作措施 主要举措 推进措施 整改措施 子任务 具体任务 重点举措 分项任务 二级指标 细化任务 任务细化",
    "lead": "牵头单位 牵头部门 主办单位 主责单位 第一责任单位 牵头处室 牵头专班 牵头市直部门 市级牵头单位 牵头(责任)单位",
    "owner": "责任单位 责任部门 承办单位 实施单位 落实单位 责任主体 行业主管部门 责任科室 责任分工 责任单位名称 承担单位 责任专班"
    " 整改责任单位 承接单位 责任股室 责任站所 牵头单位及责任人 责任处室及责任人 责任领导及责任单位",
    "owner:2": "项目业主 建设单位 业主单位 项目法人 依托单位 申报单位 填报单位 管理单位",
    "support": "配合单位 协办单位 参与单位 协同单位 联办单位 其他责任单位 相关单位 成员单位 协调配合单位 次责单位",
    "leader": "责任领导 分管领导 市级领导 包联领导 牵头市领导 链长 挂牌领导 分管副市长 包案领导 首谈领导 包片领导",
    "person": "责任人 负责人 项目负责人 第一责任人 直接责任人 分管负责人",
    "contact": "联系人 联系人及电话 联络员 经办人 具体联系人 责任单位联系人 牵头单位联系人 工作专班联系人及电话",
    "due": "完成时限 完成时间 办结时限 办理期限 截止日期 整改时限 要求完成时间 计划竣工时间 投产时间 计划建成投用时间 时限 到期时间"
    " 销号时限 结题时间 合同终止时间 最后期限 完成年限 应完成时间 完成时限(年月日) 化解时限 办复时限 原定完成时限 调整后完成时限",
    "stages": "时间节点 节点目标 里程碑 里程碑节点 进度安排 推进计划 推进时间表 序时进度 时序进度",
    "start": "开工时间 计划开工日期 启动时间 实际开工时间 合同开始时间",
    "span": "起止年限 起止时间 建设起止年限 建设周期 实施期限 计划工期 执行期限 培养周期",
    "goal": "工作目标 目标内容 目标要求 预期成效 绩效目标 具体目标 完成标准 工作要求 整改要求 成果形式 成效目标 预期达到的目标 测评标准 完成标志 承诺标准 市定目标 目标任务及工作举措",
    "progress": "完成率 完成比例 投资完成率 进度(%) 办理进度 履约进度 占年度计划比例 完成年度计划比例 年度目标完成率",
    "status": "进展情况 形象进度 是否完成 办理状态 最新进展 截至6月底进展情况 进展成效 贯彻落实情况 已开展工作 工作进展情况(截至5月底) 化解情况 兑现情况",
    "remarks": "备注 说明 备考 补充说明 备注栏 备注(来源)",
    "kind": "类别 项目类别 任务类型 平台类型 人才类别 督查类别",
    "amount:total_investment": "总投资(亿元) 计划总投资 概算总投资 协议投资额 签约金额 拟投资额",
    "amount:cum_investment": "截至2025年底累计完成投资 开工以来累计完成投资 截至2025年底累计完成 以前年度完成投资",
    "amount:year_investment": "2026年计划投资 年度计划投资 年度投资计划 年计划投资 2026年投资目标",
    "amount:done_investment": "1-6月完成投资 本年完成投资 今年以来完成投资 年初至今完成投资 2026年1-6月完成投资",
    "amount:sum_investment": "累计完成投资 截至6月底完成投资 截至目前累计完成投资",
    "year_target": "2026年目标 2026目标 2026年工作目标",
    "baseline": "2025年完成 2023年基数 2025年实际 基期值 2025年预计完成",
    "unit": "计量单位 指标单位",
    "title:?": "存在的问题 报告原文 政府工作报告内容 风险隐患",
    "due:?": "预计签约时间 交账时间 挂牌时间 主体完工时间",
    "section": "所属领域 改革领域 工作板块",
    "status:?": "1月 3月份 一季度 第二季度 1-3月 上半年 对接进展",
    "owner:?": "投资主体 协调单位",
    "": "考核分值 权重 资金来源 下一步工作 下步打算 存在问题及建议 任务来源 文件依据 督查频次 预警等级 是否超期 是否市级重点任务"
    " 录入时间 会议日期 合同签订时间 交办时间 联系电话 投资方 用地面积 佐证材料 得分 考核部门 督办单位 统计口径 滞后原因 需协调解决的问题"
    " 审核意见 县(市、区) 领导名称 签约时间 答复时间 代表意见",
}  # fmt: skip


def test_what_headings_mean():
    missed = {
        heading: (field, found)
        for field, words in MEANT.items()
        for heading in words.split()
        if (found := headings.look_up(heading).field) != field
    }
    assert missed == {}


def test_a_heading_that_nobody_listed_is_understood_by_its_end_and_its_cells():
    found = read(
        sheet(
            "2026年台账||||\n序号|揭榜挂帅事项|专班包干单位|预计签约时间|洽谈时间记载\n1|锂电池项目落地|市商务局|8月底|反复"
        )
    )
    (one,) = found.entries
    assert (one.title, one.lead, str(one.due.day)) == ("锂电池项目落地", ("市商务局",), "2026-08-31")
    assert found.unknown_columns == (("台账", "洽谈时间记载"),)


def test_the_deadline_that_holds_is_the_adjusted_one():
    found = read(sheet("2026年台账|||\n任务|责任单位|原定完成时限|调整后完成时限\n甲|A局|3月底|6月底"))
    assert (str(found.entries[0].due.day), found.unknown_columns) == ("2026-06-30", (("台账", "原定完成时限"),))


def test_a_planned_progress_is_no_deadline_and_a_month_alone_no_sum():
    text = "2026年台账||||\n项目|责任单位|序时进度|累计完成投资(万元)|5月完成投资(万元)|1-5月完成投资(万元)\n甲|A局|50%|12|3|6"
    (one,) = read(sheet(text)).entries
    assert (one.due.text, {name: int(amount.value) for name, amount in one.amounts.items()}) == (
        None, {"done_investment": 6, "cum_investment": 12},
    )  # fmt: skip


def test_of_two_headings_that_might_mean_the_deadline_neither_is_taken():
    found = read(sheet("2026年台账|||\n项目|责任单位|预计签约时间|揭牌时间\n甲项目|A局|8月底|9月底"))
    assert (found.entries[0].due.day, len(found.unknown_columns)) == (None, 2)


def test_an_owner_of_the_works_leads_only_where_no_department_is_responsible():
    text = "2026年台账|||\n项目名称|项目业主|责任单位|竣工时间\n甲|某公司|市水务局|6月底"
    found = read(sheet(text))
    assert (found.entries[0].lead, found.unknown_columns) == (("市水务局",), (("台账", "项目业主"),))
    assert read(sheet(text.replace("责任单位", "建设条件"))).entries[0].lead == ("某公司",)


def test_cells_without_a_heading_are_named_and_can_be_given_one():
    text = "2026年台账||||\n序号|任务|牵头单位||完成时限\n1|甲|A局|先行|6月底\n2|乙|A局|后续|7月底\n注:略|||见上|"
    assert read(sheet(text)).unknown_columns == (("台账", "D列(无表头)"),)
    assert read(sheet(text), chosen={("台账", 3): "remarks"}).entries[1].remarks == "后续"
    assert read(sheet(text.replace("后续", ""))).unknown_columns == ()


def test_what_tells_more_is_the_progress_in_words():
    found = read(sheet("2026年台账|||\n任务|是否完成|责任单位|进展情况\n甲|否|A局|正在招标"))
    assert (found.entries[0].status, found.unknown_columns) == ("正在招标", (("台账", "是否完成"),))


def test_which_of_several_headings_is_the_task():
    lines = {
        "项目|整治任务|责任单位|时限\n(一)|制定方案|A局|4月底\n(二)|排查隐患|A局|5月底": ("制定方案", "(一)", None),
        "类别|政策措施|目标任务|主办|完成期限\n降本|降物流费|降低5%|A局|年底\n融资|扩信用贷|50亿元|B局|年底": ("降物流费", None, "降低5%"),
        "序号|目标任务|工作措施|责任单位\n1|稳就业|办招聘会|A局\n2|稳外贸|拓市场|B局": ("稳就业", "1", None),
        "序号|实事名称|年度任务|责任单位\n1|建食堂|新建20个|A局\n2|改老旧小区|改126个|B局": ("建食堂", "1", "新建20个"),
        "任务ID|任务名称|年度建设任务|主责部门|实际完成\n7|数据确权|办法印发|A局|2026-06-01\n8|开放|上线|A局|2026-07-01": ("数据确权", "7", "办法印发"),
    }  # fmt: skip
    for text, expected in lines.items():
        first = read(sheet("2026年任务\n" + text)).entries[0]
        assert (text, first.title, first.code, first.goal) == (text, *expected)


def test_of_several_months_the_last_one_that_says_anything_is_the_progress():
    text = "2026年台账|||||\n任务|责任单位|5月进展|6月进展|7月进展|实际完成\n甲|A局|立项|招标||2026-06-01\n乙|A局|选址|开工||2026-07-01"
    found = read(sheet(text))
    assert [entry.status for entry in found.entries] == ["招标", "开工"]
    assert [heading for _, heading in found.unknown_columns] == ["5月进展", "7月进展", "实际完成"]


def test_one_column_for_the_lead_and_the_others_has_the_lead_first():
    (one,) = read(sheet("2026年台账||\n任务|牵头单位及责任单位|时限\n甲|A局;B局、C局|6月底")).entries
    assert (one.lead, one.support) == (("A局",), ("B局", "C局"))


def test_in_a_short_table_too_the_first_level_is_the_parent():
    measures = "改革任务|改革举措|牵头部门|时限\n国企改革|公司制改制|A局|6月底\n|剥离职能|A局|9月底\n医保改革|付费改革|B局|年底"
    targets = "一级指标|二级指标|单位|2026年目标|责任单位\n质量|合格率|%|96|A局\n品牌|品牌数|个|18|A局"
    assert [(one.parent, one.title) for one in read(sheet("2026年台账\n" + measures)).entries] == [
        ("国企改革", "公司制改制"), ("国企改革", "剥离职能"), ("医保改革", "付费改革"),
    ]  # fmt: skip
    assert [(one.parent, one.title) for one in read(sheet("2026年台账\n" + targets)).entries] == [
        ("质量", "合格率"), ("品牌", "品牌数"),
    ]  # fmt: skip


def test_measures_that_several_tasks_share_are_no_parent_and_words_in_brackets_below_a_header_are_a_section():
    shared = "2026年台账|||\n序号|任务|工作措施|牵头单位\n(产业类)|||\n1|甲|开会|A局\n2|乙||A局\n3|丙|调研|A局"
    found = read(sheet(shared, "C4:C5"))
    assert [(one.section, one.parent, one.title) for one in found.entries] == [
        ("(产业类)", None, "甲"), ("(产业类)", None, "乙"), ("(产业类)", None, "丙"),
    ]  # fmt: skip
