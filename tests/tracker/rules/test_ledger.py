"""Cells, headers, rows and their judgement, without files or a database."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tracker.errors  # noqa: F401  # words the refusals
from projects.errors import DomainError
from tracker.rules import ledger, ledger_cells, ledger_check
from tracker.rules.ledger import LedgerRow
from tracker.rules.ledger_check import References

KNOWN = References(
    departments={"市科技局": "市科技局", "科技": "市科技局", "kjj": "市科技局", "市卫健委": "市卫健委"},
    clauses=frozenset({("P1", "1.1")}),
    initiatives=frozenset({"I-1"}),
    plans=frozenset({"P1", "P2"}),
)
STANDING = LedgerRow(code="C-1", title="建成实验室", kind="platform", lead="市科技局", plan="P1", revision="7")


def read(*cells, headings=("编号", "事项", "类别", "计划")):
    return ledger.read([list(headings), list(cells)])


def judge(**changes):
    row = replace(STANDING, number=5, **changes)
    return ledger_check.judge([row], standing={"C-1": STANDING}, references=KNOWN)


def codes(judgement):
    return [fault.code for fault in judgement.faults]


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2026-06-30", date(2026, 6, 30)),
        ("2026/6/30", date(2026, 6, 30)),
        ("2026.6.30", date(2026, 6, 30)),
        ("2026年6月30日", date(2026, 6, 30)),
        ("２０２６-０６-３０", date(2026, 6, 30)),
        (datetime(2026, 6, 30), date(2026, 6, 30)),
        (date(2026, 6, 30), date(2026, 6, 30)),
        (46203.0, date(2026, 6, 30)),
        ("", None),
        (None, None),
    ],
)
def test_a_date_is_read_in_its_usual_forms(cell, day):
    sheet = read("C-1", "题", cell, headings=("编号", "事项", "现定期限"))
    assert sheet.faults == ()
    assert sheet.rows[0].due_on == day


@pytest.mark.parametrize("cell", ["2026-02-30", "2026年13月1日", "6月底前", "26-6-30", 1, "待定", True])
def test_what_is_no_date_is_named_with_its_row(cell):
    sheet = read("C-1", "题", cell, headings=("编号", "事项", "现定期限"))
    assert [fault.code for fault in sheet.faults] == ["ledger_date_impossible"]
    assert sheet.faults[0].params["row"] == 2
    assert "2" in str(sheet.faults[0])


@pytest.mark.parametrize(
    ("cell", "said"), [("是", True), ("√", True), (True, True), (1.0, True), ("否", False), (None, False), ("N", False)]
)
def test_yes_and_no(cell, said):
    assert read("C-1", "题", cell, headings=("编号", "事项", "公开")).rows[0].is_public is said


@pytest.mark.parametrize(
    ("heading", "cell", "code"),
    [
        ("公开", "也许", "ledger_not_yes_no"),
        ("类别", "杂项", "ledger_word_unknown"),
        ("期限说明", "长" * 81, "ledger_text_too_long"),
    ],
)
def test_a_cell_that_cannot_be_read_refuses_its_row(heading, cell, code):
    sheet = read("C-1", "题", cell, headings=("编号", "事项", heading))
    assert ([fault.code for fault in sheet.faults], sheet.rows) == ([code], ())
    assert str(sheet.faults[0])


def test_the_old_word_for_a_stage_is_still_understood():
    assert ledger.STAGE_WORDS["reported_done"] == "报办结"
    said = [read("C-1", "题", word, headings=("编号", "事项", "阶段")).rows[0].stage for word in ("办结", "报办结")]
    assert said == ["reported_done", "reported_done"]


def test_names_keep_their_order_and_their_brackets():
    sheet = read("C-1", "题", "市科技局、各县（市、区）；市卫健委", headings=("编号", "事项", "责任单位"))
    assert sheet.rows[0].responsible == ("市科技局", "各县（市、区）", "市卫健委")


def test_a_title_above_the_header_and_empty_rows_are_passed_over_and_numbers_stay_those_of_excel():
    sheet = ledger.read([["任务台账"], [], ["编 号", "Title", "备注"], [], ["C-1", "题", "x"]])
    assert sheet.rows[0].number == 5
    assert [(remark.code, remark.params["columns"]) for remark in sheet.remarks] == [("ledger_column_unknown", "备注")]


@pytest.mark.parametrize(
    ("table", "code"),
    [
        ([], "ledger_no_header"),
        ([["甲", "乙"], ["1", "2"]], "ledger_no_header"),
        ([["编号", "事项"]], "ledger_no_rows"),
        ([["编号", "事项"], ["", "  "]], "ledger_no_rows"),
        ([["编号", "事项", "Code"], ["C-1", "题", "C-2"]], "ledger_heading_twice"),
    ],
)
def test_a_sheet_without_a_ledger_gets_one_sentence(table, code):
    with pytest.raises(DomainError) as refused:
        ledger.read(table)
    assert refused.value.code == code
    assert str(refused.value)


@given(text=st.text())
def test_the_formula_guard_is_undone_by_reading(text):
    written = ledger.guarded(text)
    assert ledger.unguarded(written) == text
    assert written[:1] not in set("=+-@\t\r")


texts = st.text(st.characters(codec="utf-8"), max_size=40).map(ledger.tidy)
names = st.lists(st.sampled_from(["市科技局", "市卫健委", "各县（市、区）"]), unique=True).map(tuple)
days = st.none() | st.dates(date(1990, 1, 1), date(2100, 1, 1))


@given(
    row=st.builds(
        LedgerRow, number=st.just(2), code=texts.filter(bool), title=texts,
        kind=st.sampled_from(list(ledger.KIND_WORDS)),
        summary=texts, lead=texts, lead_is_suggested=st.booleans(), responsible=names, supporting=names, starts_on=days,
        due_on=days, original_due_on=days, due_text=texts, is_continuous=st.booleans(), is_red_line=st.booleans(),
        stage=st.sampled_from(list(ledger.STAGE_WORDS)), health=st.sampled_from(list(ledger.HEALTH_WORDS)),
        progress=st.sampled_from(["", "0", "12.5", "100"]), plan=texts, revision=st.integers(0, 10**9).map(str),
    )
)  # fmt: skip
def test_what_is_written_is_read_back_as_the_same_row(row):
    cells = [ledger.guarded(cell) if isinstance(cell, str) else cell for cell in ledger_cells.cells_of(row)]
    sheet = ledger.read([ledger_cells.headings(), cells])
    assert sheet.faults == ()
    assert sheet.rows == (row,)


def test_an_unchanged_row_changes_nothing():
    judgement = judge()
    assert (judgement.faults, judgement.remarks, judgement.unchanged_count) == ((), (), 1)


def test_a_change_is_told_field_by_field():
    [change] = judge(title="建成重点实验室", due_on=date(2026, 12, 31)).changed
    assert [(d.column.field, d.before, d.after) for d in change.differences] == [
        ("title", "建成实验室", "建成重点实验室"),
        ("due_on", None, date(2026, 12, 31)),
    ]


def test_a_missing_column_leaves_its_field_and_an_empty_cell_empties_it():
    assert not judge(lead="", given=frozenset({"code", "title"})).changed
    assert judge(lead="").changed[0].fields == {"lead"}


def test_a_department_may_be_named_by_its_short_name_or_code():
    assert judge(lead="科技").unchanged_count == 1
    assert judge(lead="kjj").unchanged_count == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"title": ""}, "ledger_title_missing"),
        ({"lead": "无名局"}, "ledger_department_unknown"),
        ({"responsible": ("市卫健委", "市卫健委")}, "ledger_department_twice"),
        ({"supporting": ("科技",)}, "ledger_department_twice"),
        ({"clause": "9.9"}, "ledger_clause_unknown"),
        ({"initiative": "I-9"}, "ledger_initiative_unknown"),
        ({"plan": "P9"}, "ledger_plan_unknown"),
        ({"plan": "P2"}, "ledger_plan_fixed"),
        ({"plan": ""}, "ledger_plan_missing"),
        ({"starts_on": date(2026, 7, 1), "due_on": date(2026, 6, 30)}, "ledger_ends_before_start"),
        ({"is_continuous": True, "due_on": date(2026, 6, 30)}, "ledger_continuous_has_date"),
        ({"lead": "", "lead_is_suggested": True}, "ledger_suggestion_without_lead"),
        ({"title": "新", "revision": "6"}, "ledger_stale"),
        ({"title": "新", "revision": "x"}, "ledger_stale"),
        ({"code": ""}, "ledger_code_missing"),
        ({"code": "a/b"}, "ledger_code_format"),
    ],
)
def test_a_bad_row_is_refused_with_its_number(changes, code):
    judgement = judge(**changes)
    assert codes(judgement) == [code]
    assert judgement.changes == ()
    assert "5" in str(judgement.faults[0])


def test_an_old_file_that_changes_nothing_is_no_conflict():
    assert judge(revision="3").unchanged_count == 1


def test_a_code_that_stands_twice_is_refused_with_both_rows():
    rows = [replace(STANDING, number=2), replace(STANDING, number=9)]
    [fault] = ledger_check.judge(rows, standing={"C-1": STANDING}, references=KNOWN).faults
    assert (fault.code, fault.params["first"], fault.params["row"]) == ("ledger_code_twice", 2, 9)


def test_a_changed_read_only_cell_is_named_and_never_imported():
    judgement = judge(stage="closed", progress="80")
    assert [(r.code, r.params["heading"]) for r in judgement.remarks] == [
        ("ledger_not_imported", "阶段"),
        ("ledger_not_imported", "进度%"),
    ]
    assert judgement.unchanged_count == 1
    assert "销号" in str(judgement.remarks[0])


def test_the_columns_and_their_words_are_unambiguous():
    assert len(ledger.HEADINGS) >= 2 * len(ledger.COLUMNS)
    assert {column.field for column in ledger.HEADINGS.values()} == {column.field for column in ledger.COLUMNS}
    assert ledger.number_text("40.00") == "40"
    assert Decimal(ledger.number_text("0.50")) == Decimal("0.5")
