"""The State Council's notices in their own words: every day of a year as the package has it, and what is refused."""

from datetime import date, timedelta

import pytest

from projects.errors import DomainError
from tracker.rules.workday_notice import of_text
from tracker.rules.workdays import STANDARD, Calendar

# As published, with title and number.
NOTICES = {
    2023: """国务院办公厅关于2023年部分节假日安排的通知
国办发明电〔2022〕16号
各省、自治区、直辖市人民政府，国务院各部委、各直属机构：
经国务院批准，现将2023年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。
一、元旦：2022年12月31日至2023年1月2日放假调休，共3天。
二、春节：1月21日至27日放假调休，共7天。1月28日（星期六）、1月29日（星期日）上班。
三、清明节：4月5日放假，共1天。
四、劳动节：4月29日至5月3日放假调休，共5天。4月23日（星期日）、5月6日（星期六）上班。
五、端午节：6月22日至24日放假调休，共3天。6月25日（星期日）上班。
六、中秋节、国庆节：9月29日至10月6日放假调休，共8天。10月7日（星期六）、10月8日（星期日）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫、疫情防控等工作，确保人民群众祥和平安度过节日假期。""",
    2024: """国务院办公厅关于2024年部分节假日安排的通知
国办发明电〔2023〕7号
经国务院批准，现将2024年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。
一、元旦：1月1日放假，与周末连休。
二、春节：2月10日至17日放假调休，共8天。2月4日（星期日）、2月18日（星期日）上班。鼓励各单位结合带薪年休假等制度落实，安排职工在除夕（2月9日）休息。
三、清明节：4月4日至6日放假调休，共3天。4月7日（星期日）上班。
四、劳动节：5月1日至5日放假调休，共5天。4月28日（星期日）、5月11日（星期六）上班。
五、端午节：6月10日放假，与周末连休。
六、中秋节：9月15日至17日放假调休，共3天。9月14日（星期六）上班。
七、国庆节：10月1日至7日放假调休，共7天。9月29日（星期日）、10月12日（星期六）上班。""",
    2025: """国务院办公厅关于2025年部分节假日安排的通知
国办发明电〔2024〕12号
经党中央、国务院批准，根据2024年11月修订的《全国年节及纪念日放假办法》，自2025年1月1日起，全体公民放假的假日增加2天，其中春节、劳动节各增加1天。据此对放假调休原则作进一步优化完善，除个别特殊情形外，春节自农历除夕起放假调休8天，国庆节自10月1日起放假调休7天，劳动节放假调休5天，元旦、清明节、端午节、中秋节分别放假调休或连休3天（如逢周三则只在当日放假），国庆节放假如逢中秋节则合并放假8天。
按照上述原则，现将2025年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。
一、元旦：1月1日（周三）放假1天，不调休。
二、春节：1月28日（农历除夕、周二）至2月4日（农历正月初七、周二）放假调休，共8天。1月26日（周日）、2月8日（周六）上班。
三、清明节：4月4日（周五）至6日（周日）放假，共3天。
四、劳动节：5月1日（周四）至5日（周一）放假调休，共5天。4月27日（周日）上班。
五、端午节：5月31日（周六）至6月2日（周一）放假，共3天。
六、国庆节、中秋节：10月1日（周三）至8日（周三）放假调休，共8天。9月28日（周日）、10月11日（周六）上班。""",
    2026: """国务院办公厅关于2026年部分节假日安排的通知
国办发明电〔2025〕7号
经国务院批准，现将2026年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
鼓励单位和个人结合落实带薪年休假等制度，实际形成较长假期，推动错峰出行。节假日期间，各地区、各部门要妥善安排好值班和安全、保卫、疫情防控等工作，遇有重大突发事件，要按规定及时报告并妥善处置，确保人民群众祥和平安度过节日假期。
国务院办公厅
2025年11月4日""",
}
NUMBERS = {2023: 16, 2024: 7, 2025: 12, 2026: 7}
NEW_YEAR = "1月1日(周四)至3日(周六)放假调休,共3天。1月4日(周日)上班。"
NUMBER = "国办发明电〔2025〕7号"


@pytest.mark.parametrize("year", NOTICES)
def test_a_notice_says_of_every_day_what_the_package_says(year: int) -> None:
    found = of_text(NOTICES[year])
    assert found.faults == ()
    moved = {row.day: row.is_working for row in found.rows}
    entered = Calendar(moved=moved)
    days = [date(year, 1, 1) + timedelta(days=ahead) for ahead in range(365)]
    assert [day for day in days if entered.is_working_day(day) != STANDARD.is_working_day(day)] == []
    # What the notice leaves out is no moved day: without the package the notice alone explains its make-up days.
    off = {day for day in days if day.weekday() < 5 and not STANDARD.is_working_day(day)}
    on = {day for day in days if day.weekday() >= 5 and STANDARD.is_working_day(day)}
    assert off == {day for day, works in moved.items() if not works and day.weekday() < 5 and day.year == year}
    assert on == {day for day, works in moved.items() if works and day.year == year}
    assert {row.notice for row in found.rows} == {f"国办发明电〔{year - 1}〕{NUMBERS[year]}号"}


def test_the_names_are_those_of_the_notice_and_both_years_of_a_new_year_stand() -> None:
    rows = {row.day: row for row in of_text(NOTICES[2023]).rows}
    assert rows[date(2022, 12, 31)].name == "元旦"
    assert (rows[date(2023, 10, 1)].name, rows[date(2023, 10, 7)].name) == ("中秋节、国庆节", "中秋节、国庆节调休")
    assert rows[date(2023, 5, 6)].number == 8


@pytest.mark.parametrize(
    "text",
    [
        NEW_YEAR,
        "元旦:１月１日（周四）至３日（周六）放假调休，共３天。１月４日（周日）上班。",
        "一、元旦: 1月1日(周四)—3日(周六) 放假调休, 共3天; 1月4日 (星期日) 上班",
        "元旦：1月1日至3日放假调休，1月4日（星期天）上班。",
        "元旦：1 月 1 日至 1 月 3 日放假，\n共3天。\n1 月 4 日上班。",
    ],
)
def test_a_piece_of_it_is_enough_however_it_is_typed(text: str) -> None:
    found = of_text(text, notice=NUMBER)
    assert found.faults == ()
    said = [(row.day.isoformat(), row.is_working) for row in found.rows]
    assert said == [("2026-01-01", False), ("2026-01-02", False), ("2026-01-03", False), ("2026-01-04", True)]
    assert {row.notice for row in found.rows} == {NUMBER}


def test_days_before_new_year_are_of_the_year_before() -> None:
    text = "元旦：12月30日至1月1日放假调休，共3天。12月29日（星期六）上班。"
    found = of_text(text, notice="国办发明电〔2018〕15号")
    assert [row.day.isoformat() for row in found.rows] == ["2018-12-30", "2018-12-31", "2019-01-01", "2018-12-29"]


@pytest.mark.parametrize(
    ("text", "notice", "code"),
    [
        (NEW_YEAR, "", "workdays_year_unknown"),
        (NEW_YEAR, "国务院通知", "workdays_year_unknown"),
        ("现将2026年元旦安排通知如下。" + NEW_YEAR, "", "workday_notice_missing"),
        ("国庆节：各单位按规定放假。", NUMBER, "workdays_none"),
    ],
)
def test_what_cannot_be_read_at_all_is_one_refusal(text: str, notice: str, code: str) -> None:
    with pytest.raises(DomainError) as refusal:
        of_text(text, notice=notice)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("元旦：1月1日（周三）放假1天，不调休。", "workday_weekday"),
        ("国庆节：10月1日（周四）至7日（周三）放假调休，共8天。", "workday_count"),
        ("春节：2月30日放假，共1天。", "workday_no_date"),
        ("春节：2月15日至3月23日放假调休。", "workday_span"),
        ("国庆节：10月1日（周四）上班。", "workday_never_worked"),
    ],
)
def test_what_contradicts_itself_is_named_by_line(text: str, code: str) -> None:
    found = of_text(f"劳动节：5月9日（周六）上班。\n{text}", notice=NUMBER)
    assert [(row.day.isoformat(), row.is_working) for row in found.rows] == [("2026-05-09", True)]
    assert [(fault.code, fault.params["row"]) for fault in found.faults] == [("workday_row", 2)]
    said = found.faults[0].params["said"]
    assert isinstance(said, DomainError)
    assert said.code == code


@pytest.mark.parametrize(
    "text",
    [
        "2027年2月5日至11日 放假 春节\n2027年2月14日（星期日）上班 春节调休",
        "日期,是否上班,名称,来源\n2027-02-14,上班,春节调休,通知",
        "2027年1月31日至2月2日 放假 春节",
    ],
)
def test_lists_of_days_are_read_as_before(text: str) -> None:
    found = of_text(text, notice=NUMBER)
    assert found.faults == ()
    assert {row.day.year for row in found.rows} == {2027}
