"""A file against what stands and what files said before: nothing newer is overwritten or renamed in silence."""

import re
from datetime import date
from html import unescape

import pytest
from django.utils import timezone

from projects.errors import DomainError
from tests.factories import TODAY, make_commitment
from tests.tracker.ledger.books import xlsx
from tests.tracker.ledger.flow import HEAD, ROWS, enter, entered, known, look
from tracker.actions import commitments, imports
from tracker.import_choices import LineEffect
from tracker.ledger import importing
from tracker.models import Commitment, Department, LedgerFile, LedgerLine
from tracker.rules import layouts, ledger_choices

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def test_next_months_file_updates_by_title_and_lead_and_tells_guesses(scene):
    _cast, plan, by = scene
    known("发改局", "人社局", "园区办")
    entered(scene)
    later = [
        [1, "建设　实验室", "建成 3 个", "发改局", "人社局", "2026年6月底前", "难", "乙"],  # the same, other words
        [2, "引进人才", "引进 80 人", "发改局", "", "长期坚持", "", ""],  # another lead
        [3, "改造老旧园区", "", "园区办", "发改局", "6月底前完成设计,12月底前开工", "", ""],  # nearly the same
        [4, "全新事项", "", "园区办", "", "年底", "", ""],
    ]
    _row, data = look(xlsx(later, head=HEAD), plan, by)
    guesses = {one["code"]: (one["how"], one["percent"], one["is_same"]) for one in data["guesses"]}
    assert guesses["P1-002"] == ("title", 90, True)
    assert guesses["P1-003"][1] < 85
    assert guesses["P1-003"][2] is False
    assert data["counts"]["new"] == 2
    changed = {one["code"]: [name for name, _before, _after in one["differences"]] for one in data["changed"]}
    assert changed == {"P1-001": ["summary"], "P1-002": ["lead"]}  # other spaces are no change


def test_what_was_changed_on_the_site_is_not_overwritten_in_silence(scene):
    _cast, plan, by = scene
    known("发改局", "人社局", "园区办")
    entered(scene)
    item = Commitment.objects.get(code="P1-001")
    commitments.revise(item, values={"summary": "建成 5 个"}, reason="r", by=by, today=TODAY)
    row, data = look(xlsx(ROWS, head=HEAD), plan, by, name="again.xlsx")
    assert [(one["code"], one["field"], one["why"]) for one in data["held"]] == [("P1-001", "summary", "changed_here")]
    assert row.changed_count == 0
    said = {"plan": plan, "year": None, "kind": ""}
    choices = ledger_choices.from_json({"taken": {"P1-001": ["summary"]}})
    row = imports.choose(row, choices=choices, by=by, **said)
    importing.work(row.pk, now=timezone.now())
    row.refresh_from_db()
    assert row.changed_count == 1
    enter(row, by)
    item.refresh_from_db()
    assert item.summary == "建成 2 个"


def test_what_the_last_file_left_empty_and_the_site_filled_is_newer_too(scene):
    known("发改局", "人社局", "园区办")
    bare = [[1, "建设实验室", "", "发改局", "", "2026年6月底前", "", ""]]
    entered(scene, bare)
    item = Commitment.objects.get(code="P1-001")
    commitments.revise(item, values={"summary": "办 12 件"}, reason="r", by=scene[2], today=TODAY)
    said = [[1, "建设实验室", "办 10 件", "发改局", "", "2026年6月底前", "", ""]]
    row, data = look(xlsx(said, head=HEAD), scene[1], scene[2], name="next.xlsx")
    assert [(one["field"], one["why"]) for one in data["held"]] == [("summary", "both")]
    assert row.changed_count == 0


def test_a_day_and_its_words_are_held_back_together_and_a_stage_that_moves_keeps_its_name(scene):
    known("发改局", "人社局", "园区办")
    entered(scene)
    item = Commitment.objects.get(code="P1-003")
    assert list(item.milestones.values_list("name", flat=True)) == ["完成设计", "开工"]
    later = [[3, "改造园区", "", "园区办", "发改局", "6月底前完成设计,11月底前开工", "", ""]]
    row, _data = look(xlsx(later, head=HEAD), scene[1], scene[2], name="later.xlsx")
    enter(row, scene[2])
    assert list(item.milestones.values_list("name", "planned_on"))[1] == ("开工", date(2026, 11, 30))
    commitments.revise(item, values={"due_on": date(2026, 12, 25)}, reason="r", by=scene[2], today=TODAY)
    moved = [[3, "改造园区", "", "园区办", "发改局", "6月底前完成设计,10月底前开工", "", ""]]
    row, data = look(xlsx(moved, head=HEAD), scene[1], scene[2], name="moved.xlsx")
    assert {(one["field"], one["why"]) for one in data["held"]} == {("due_on", "both"), ("due_text", "both")}
    said = {"plan": scene[1], "year": None, "kind": ""}
    choices = ledger_choices.from_json({"taken": {"P1-003": ["due_on"]}})
    row = imports.choose(row, choices=choices, by=scene[2], **said)
    importing.work(row.pk, now=timezone.now())
    row.refresh_from_db()
    enter(row, scene[2])
    item.refresh_from_db()
    assert (item.due_on, item.due_text) == (date(2026, 10, 31), "6月底前完成设计,10月底前开工")


def test_an_older_file_is_known_for_one(scene):
    known("发改局", "人社局", "园区办")
    entered(scene)
    newer = [[1, "建设实验室", "建成 9 个", "发改局", "人社局", "2026年6月底前", "难", "甲"]]
    entered(scene, newer, name="newer.xlsx")
    assert Commitment.objects.get(code="P1-001").summary == "建成 9 个"
    row, data = look(xlsx(ROWS, head=HEAD), scene[1], scene[2], name="older.xlsx")
    assert [(one["code"], one["field"], one["why"]) for one in data["held"]] == [("P1-001", "summary", "older")]
    enter(row, scene[2])
    assert Commitment.objects.get(code="P1-001").summary == "建成 9 个"
    assert not LedgerLine.objects.filter(of=row).exists()  # its word is not the last one
    _row, data = look(xlsx(ROWS, head=HEAD), scene[1], scene[2], name="older again.xlsx")
    assert [one["why"] for one in data["held"]] == ["older"]


def test_what_an_older_file_says_beside_the_facts_is_held_back_too(scene, chen):
    """Unless a person takes it: a remark may well return to what it was."""
    known("发改局", "人社局", "园区办")
    entered(scene)
    entered(scene, [[*row[:7], "新备注"] for row in ROWS[:1]], name="newer.xlsx")
    row, data = look(xlsx(ROWS, head=HEAD), scene[1], scene[2], name="older.xlsx")
    assert [(one["code"], one["field"], one["words"]) for one in data["held"]] == [
        ("P1-001", "beside", [["remarks", "新备注", "甲"]])
    ]
    assert data["counts"]["noted"] == 0
    address = f"/admin/tracker/ledgerimport/{row.pk}/change/"
    page = unescape(chen.get(address).content.decode())
    assert "To enter it all the same" in page
    assert re.search(r"<th scope=\"row\">P1-001 建设实验室</th>.*Remarks 新备注.*Remarks 甲", page)
    chen.post(address, {"do": "choose", "plan": scene[1].pk, "take-0": "on"})
    row.refresh_from_db()
    assert importing.shown(row)["counts"]["noted"] == 1
    enter(row, scene[2])
    assert LedgerLine.objects.get(of=row).beside["remarks"] == "甲"


def test_rows_noted_beside_are_shown_and_kept_and_change_no_fact(scene, chen):
    _cast, plan, by = scene
    known("发改局", "人社局", "园区办")
    entered(scene)
    rows = [[*row[:7], "新备注"] for row in ROWS[:3]]
    row, data = look(xlsx(rows, head=HEAD), plan, by)
    assert (row.changed_count, data["counts"]["noted"]) == (0, 3)
    assert [one["beside"] for one in data["noted"]] == [[["remarks", old, "新备注"]] for old in ("甲", "", "")]
    page = chen.get(f"/admin/tracker/ledgerimport/{row.pk}/change/").content.decode()
    assert page.count("<ins>新备注</ins>") == 3
    LedgerFile.objects.update(rows=None)  # as a version of the site left it that kept no rows
    row = enter(row, by)
    assert set(LedgerLine.objects.filter(of=row).values_list("effect", flat=True)) == {LineEffect.NOTED}


def test_rows_whose_department_nobody_knows_use_up_no_number_and_codes_are_as_the_plans(scene):
    known("发改局")
    make_commitment("甲—07", department=Department.objects.get(short_name="发改局"))
    rows = [["", "不明单位的事", "", "某某站", "", "年底", "", ""], ["", "新的事", "", "发改局", "", "年底", "", ""]]
    _row, data = look(xlsx(rows, head=HEAD), scene[1], scene[2])
    assert [one["code"] for one in data["new"]] == ["甲—08"]
    assert "say above which department" in str(DomainError.from_json(data["refused"][0]["findings"][0]))


def test_our_own_sheet_without_versions_and_a_title_that_stands_are_pointed_at(scene):
    """Who cut the column off, or mistyped a code, learns it before anything is entered."""
    item = make_commitment("P1-005", department=known("发改局")[0])
    head = ["编号", "事项", "类别", "完成标准", "计划"]
    rows: list[list[object]] = [["P1-005", item.title, "行动", "新标准", "P1"], ["P1-05", item.title, "行动", "", "P1"]]
    row, data = look(xlsx(rows, head=head), None, scene[2])
    told = [str(DomainError.from_json(one["fault"])) for one in data["warnings"]]
    assert (row.new_count, row.changed_count) == (1, 1)
    assert any("no “版本” for 1 of the rows" in sentence for sentence in told)
    assert any("P1-05 would be new, but P1-005 has the same title" in sentence for sentence in told)


def test_a_layout_always_carries_the_version():
    assert [column.field for column in layouts.exported(["title", "code", "lead", "due_on"])][-1] == "revision"
    assert layouts.exported(["revision", "title", "code", "lead"])[0].field == "revision"


def test_what_a_later_file_has_no_column_for_stays(scene):
    """A short file that moves one deadline takes no remark away, and is compared with all that files said before."""
    known("发改局", "人社局", "园区办")
    entered(scene)
    short = xlsx([["建设实验室", "发改局", "2026年9月底"]], head=["重点任务", "牵头单位", "完成时限"])
    row, data = look(short, scene[1], scene[2], name="短表.xlsx")
    assert [[name for name, _old, _new in one["differences"]] for one in data["changed"]] == [["due_on", "due_text"]]
    assert data["changed"][0]["beside"] == []
    enter(row, scene[2])
    assert LedgerLine.objects.get(of=row).beside["remarks"] == "甲"
    later = [[1, "建设实验室", "建成 4 个", "发改局", "人社局", "2026年9月底", "难", "甲"]]
    _row, data = look(xlsx(later, head=HEAD), scene[1], scene[2], name="later.xlsx")
    assert [name for name, _old, _new in data["changed"][0]["differences"]] == ["summary"]
    assert data["held"] == []


def test_a_file_that_numbers_its_tasks_anew_renames_no_commitment(scene, chen):
    known("发改局", "人社局", "园区办")
    head = ["编号", "重点任务", "牵头单位", "完成时限"]
    rows = [
        ["GG-01", "首席数据官", "发改局", "年底"],
        ["GG-02", "水价改革", "人社局", "年底"],
        ["GG-03", "林权改革", "园区办", "年底"],
    ]
    row, _data = look(xlsx(rows, head=head), scene[1], scene[2])
    enter(row, scene[2])
    anew = [
        ["GG-01", "水价改革", "人社局", "年底"],
        ["GG-02", "林权改革", "园区办", "年底"],
        ["GG-03", "全新的事", "发改局", "年底"],
    ]
    row, data = look(xlsx(anew, head=head), scene[1], scene[2])
    assert data["changed"] == []
    assert (row.new_count, row.changed_count) == (1, 0)
    asked = [(one["title"], one["code"], one["how"], one["is_same"]) for one in data["guesses"]]
    assert asked[:2] == [("水价改革", "GG-02", "renumbered", True), ("林权改革", "GG-03", "renumbered", True)]
    told = [DomainError.from_json(one["fault"]).code for one in data["warnings"] if "fault" in one]
    assert "import_code_taken" in told
    assert chen.get(f"/admin/tracker/ledgerimport/{row.pk}/change/").status_code == 200
