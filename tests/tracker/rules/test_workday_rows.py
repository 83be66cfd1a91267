"""Moved working days as people write them: tables and lines, spans, what is wrong by row, what would be written."""

from datetime import date, datetime

import pytest

from projects.errors import DomainError
from tests.tracker.rules.make import refused
from tracker.rules import workday_rows
from tracker.rules.workday_rows import MovedDay

NOTICE = "国办发明电〔2026〕7号"
MAKE_UP = MovedDay(day=date(2027, 2, 14), is_working=True, name="春节调休", notice=NOTICE, number=1)


def codes(text: str, notice: str = NOTICE) -> list[tuple[object, str]]:
    """Row and code of each refusal."""
    found = []
    for fault in workday_rows.of_text(text, notice=notice).faults:
        said = fault.params["said"]
        assert isinstance(said, DomainError)
        assert str(fault)
        found.append((fault.params["row"], said.code))
    return found


@pytest.mark.parametrize(
    "line",
    [
        f"2027-02-14,上班,春节调休,{NOTICE}",
        f"2027-02-14\t上班\t春节调休\t{NOTICE}",
        f"2027-02-14 上班 春节调休 {NOTICE}",
        f"2027年2月14日（星期日）上班 春节调休 {NOTICE}",
        f"2027/2/14，是，春节调休，{NOTICE}",
        f"2027.02.14　補班　x　{NOTICE}".replace("補班", "补班").replace("x", "春节调休"),
        f'"2027-02-14","1","春节调休","{NOTICE}"',
        f"  2027-02-14   work   春节调休   {NOTICE}  ",
    ],
)
def test_a_day_is_read_however_it_is_written(line: str) -> None:
    assert workday_rows.of_text(line).rows == (MAKE_UP,)


def test_a_line_without_a_source_takes_the_one_for_all() -> None:
    assert workday_rows.of_text("2027-02-14 上班 春节调休", notice=NOTICE).rows == (MAKE_UP,)
    assert codes("2027-02-14 上班 春节调休", notice="") == [(1, "workday_notice_missing")]


def test_a_table_is_read_by_its_headings_in_any_order_below_a_title() -> None:
    text = f"2027年节假日安排\n\n名称,来源,日期,是否上班\n春节调休,{NOTICE},2027-02-14,是\n春节,,2027-02-15,否\n"
    found = workday_rows.of_text(text, notice="x")
    assert [(row.number, row.is_working, row.notice) for row in found.rows] == [(4, True, NOTICE), (5, False, "x")]
    assert found.faults == ()


@pytest.mark.parametrize("cell", [date(2027, 2, 14), datetime(2027, 2, 14), "46432", 46432.0, "2027-02-14 00:00:00"])
def test_a_sheet_gives_days_as_cells(cell: object) -> None:
    table = [["日期", "是否上班", "名称", "来源"], [cell, "上班", "春节调休", NOTICE]]
    found = workday_rows.of_table(table)  # type: ignore[arg-type]  # cells of every kind
    assert [row.day for row in found.rows] == [date(2027, 2, 14)]


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("2027-02-05至2027-02-11", date(2027, 2, 5), date(2027, 2, 11)),
        ("2027年2月5日至11日", date(2027, 2, 5), date(2027, 2, 11)),
        ("2027年9月30日（周四）到10月7日（周四）", date(2027, 9, 30), date(2027, 10, 7)),
        ("2027-12-30..2028-01-02", date(2027, 12, 30), date(2028, 1, 2)),
    ],
)
def test_a_span_is_every_day_of_it(said: str, first: date, last: date) -> None:
    found = workday_rows.of_text(f"{said} 放假 节日", notice=NOTICE).rows
    assert (found[0].day, found[-1].day, len(found)) == (first, last, (last - first).days + 1)
    assert {(row.is_working, row.name, row.number) for row in found} == {(False, "节日", 1)}


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("2027-02-30 上班 春节", "workday_no_date"),
        ("下周一 上班 春节", "workday_no_date"),
        ("2027-02-14（星期六）上班 春节调休", "workday_weekday"),
        ("2027年9月30日（周四）到10月7日（周五）放假 国庆", "workday_weekday"),
        ("2027-02-14 也许 春节", "workday_word_unknown"),
        ("2027-02-14", "workday_word_unknown"),
        ("2027-02-14 上班", "workday_name_missing"),
        ("2027-02-14 上班 " + "春" * 61, "workday_name_too_long"),
        ("2027-02-14 上班 春节 " + "号" * 201, "workday_notice_too_long"),
        ("1999-02-14 上班 春节", "workday_out_of_range"),
        ("2100-02-14 上班 春节", "workday_out_of_range"),
        ("2027-01-01 上班 元旦", "workday_never_worked"),
        ("2027-02-11至2027-02-05 放假 春节", "workday_span"),
        ("2027-02-05至2027-09-05 放假 春节", "workday_span"),
        ("=cmd|' /C calc'!A0 上班 春节", "workday_no_date"),
    ],
)
def test_what_is_wrong_is_named_by_its_row(line: str, code: str) -> None:
    found = codes(f"2027-02-20 上班 春节调休\n{line}\n")
    assert found == [(2, code)]


def test_a_day_that_stands_twice_is_refused_even_where_a_span_repeats_it() -> None:
    assert codes("2027-02-05至11日 放假 春节\n2027-02-07 放假 春节") == [(2, "workday_twice")]


@pytest.mark.parametrize("text", ["", "\n \n", "日期,是否上班,名称,来源\n"])
def test_nothing_at_all_is_refused(text: str) -> None:
    with refused("workdays_none"):
        workday_rows.of_text(text)


def test_more_days_than_a_notice_moves_are_refused() -> None:
    with refused("workdays_too_many"):
        workday_rows.of_text("2027-01-02 放假 元旦 x\n" * 1001)
    with refused("workdays_too_many"):
        workday_rows.of_text("".join(f"{year}-01-02至31日 放假 元旦 x\n" for year in range(2027, 2047)))


@pytest.mark.parametrize("text", ["\x00\x01", '"' * 5000, "2027-02-14," * 3000, "—" * 50_000, "2" * 90_000, "\ud800"])
def test_hostile_text_is_refused_and_never_falls(text: str) -> None:
    try:
        found = workday_rows.of_text(text)
    except DomainError:
        return
    assert (found.rows, bool(found.faults)) == ((), True)


def test_a_second_reading_of_what_stands_would_write_nothing() -> None:
    judged = workday_rows.judge([MAKE_UP], {MAKE_UP.day: MAKE_UP})
    assert (judged.written, judged.unchanged_count) == ((), 1)
    renamed = MovedDay(day=MAKE_UP.day, is_working=True, name="春节", notice=NOTICE)
    judged = workday_rows.judge([MAKE_UP], {MAKE_UP.day: renamed})
    assert [(one.row, one.before) for one in judged.changed] == [(MAKE_UP, renamed)]
