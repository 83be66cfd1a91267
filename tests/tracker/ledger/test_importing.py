"""A messy ledger from upload to taking back: understood, compared, entered, the same again, a later one, reverted."""

import re
from datetime import date
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from projects.errors import DomainError
from tests.factories import TODAY, make_commitment
from tests.tracker.ledger.books import xlsx
from tests.tracker.ledger.flow import HEAD, ROWS, enter, entered, known, look
from tracker.actions import chain, commitments, demo, imports, ledger_revert
from tracker.choices import Kind
from tracker.import_choices import ImportState
from tracker.ledger import importing
from tracker.models import Commitment, Department, DepartmentAlias, Event, HeadingWord, LedgerImport, LedgerLine
from tracker.policies import SYSTEM, actor_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
ADD = "/admin/tracker/commitment/import/"


def take_back(row, by):
    imports.take_back(row, reason="错误的文件", by=by)
    importing.work(row.pk, now=timezone.now())
    row.refresh_from_db()
    return row


def test_a_messy_file_is_understood_compared_and_entered(scene):
    _cast, plan, by = scene
    known("发改局", "人社局", "园区办")
    row, data = look(xlsx(ROWS, head=HEAD), plan, by)
    assert (row.state, data["unknown_columns"]) == (ImportState.READY, [["台账", "攻坚点"]])
    assert (row.new_count, row.changed_count, row.refused_count) == (3, 0, 0)
    assert not Commitment.objects.exists()  # nothing before the confirmation
    assert not Event.objects.exists()
    row = enter(row, by)
    assert (row.state, row.new_count) == (ImportState.DONE, 3)
    first, second, third = Commitment.objects.order_by("code")
    assert (first.code, first.title, first.summary, str(first.lead)) == (
        "P1-001",
        "建设实验室",
        "建成 2 个",
        "市发改局",
    )
    assert (first.due_on, first.original_due_on, first.kind) == (date(2026, 6, 30), date(2026, 6, 30), Kind.ACTION)
    assert (second.is_continuous, second.due_on, second.due_text) == (True, None, "长期坚持")
    assert third.due_on == date(2026, 12, 31)
    stages = list(third.milestones.values_list("planned_on", "weight"))
    assert stages == [(date(2026, 6, 30), None), (date(2026, 12, 31), None)]
    assert Event.objects.filter(group=row.group).count() == Event.objects.count()
    assert chain.verify(by=SYSTEM).broken_seq is None


def test_the_same_file_again_changes_nothing(scene):
    _cast, plan, by = scene
    known("发改局", "人社局", "园区办")
    entered(scene)
    before = Event.objects.count()
    row, data = look(xlsx(ROWS, head=HEAD), plan, by)
    assert (row.new_count, row.changed_count, row.unchanged_count, data["counts"]["noted"]) == (0, 0, 3, 0)
    row = enter(row, by)
    assert (row.state, row.group, Event.objects.count()) == (ImportState.DONE, None, before)
    assert LedgerLine.objects.filter(of=row).count() == 0


def test_an_import_is_taken_back_as_one_and_can_be_brought_again(scene):
    _cast, _plan, by = scene
    known("发改局", "人社局", "园区办")
    standing = make_commitment("P1-900", department=Department.objects.get(short_name="发改局"))
    commitments.revise(standing, values={"title": "建设实验室"}, reason="r", by=by, today=TODAY)
    before = list(Commitment.objects.order_by("code").values_list("code", "title", "summary", "due_on"))
    row = entered(scene)
    assert (row.new_count, row.changed_count) == (2, 1)
    assert ledger_revert.worked_on(row) == []
    assert take_back(row, by).state == ImportState.REVERTED
    after = list(Commitment.objects.order_by("code").values_list("code", "title", "summary", "due_on"))
    assert after == before
    assert Commitment.everything.filter(withdrawn_at__isnull=False).count() == 2
    assert chain.verify(by=SYSTEM).broken_seq is None
    again = entered(scene)
    assert (again.new_count, again.changed_count) == (2, 1)
    assert sorted(Commitment.objects.values_list("code", flat=True)) == ["P1-900", "P1-901", "P1-902"]


def test_unknown_departments_are_asked_and_the_answers_remembered(scene, chen):
    _cast, plan, _by = scene
    known("人社局")
    content = xlsx([[1, "建设实验室", "", "科学技术局", "人社局", "年底", "", ""], *ROWS[1:2],
                    [3, "改造园区", "", "园区办", "相关部门", "年底", "", ""]], head=HEAD)  # fmt: skip
    page = chen.post(ADD, {"import_file": SimpleUploadedFile("台账.xlsx", content), "plan": plan.pk}, follow=True)
    row = LedgerImport.objects.get()
    asked = re.findall(r'<label for="department-\d+">([^<]+)</label>', page.content.decode())
    assert sorted(asked) == ["园区办", "相关部门", "科学技术局"]
    answers = {"科学技术局": "kjj", "园区办": "create", "相关部门": "nobody"}
    said = {f"department-{place}": answers[name] for place, name in enumerate(asked)}
    address = f"/admin/tracker/ledgerimport/{row.pk}/change/"
    page = chen.post(address, {"do": "confirm", "plan": plan.pk, "seal": row.seal, **said}, follow=True)
    assert "You changed answers" in page.content.decode()
    assert not Commitment.objects.exists()  # first the new preview
    assert not Department.objects.filter(name="园区办").exists()
    row.refresh_from_db()
    chen.post(address, {"do": "confirm", "plan": plan.pk, "seal": row.seal})
    row.refresh_from_db()
    assert (row.state, row.new_count) == (ImportState.DONE, 3)
    assert str(Commitment.objects.get(title="建设实验室").lead) == "市科技局"
    assert str(Commitment.objects.get(title="改造园区").lead) == "园区办"
    assert DepartmentAlias.objects.get(name="科学技术局").departments.get().code == "kjj"
    assert not DepartmentAlias.objects.get(name="相关部门").departments.exists()
    second, data = look(content, plan, scene[2])
    assert (data["departments"], second.new_count) == ([], 0)


def test_an_unknown_column_is_named_chosen_and_remembered(scene, chen):
    _cast, plan, by = scene
    known("发改局", "人社局", "园区办")
    head = ["序号", "攻坚点", "责任单位", "完成时限", "来文字号"]
    rows = [[1, "建设实验室", "发改局", "年底", "甲1号"], [2, "引进人才", "人社局", "年底", "甲2号"]]
    content = xlsx([[*row] for row in rows], head=["序号", "重点任务", "责任单位", "完成时限", "来文字号"])
    row, data = look(content, plan, by)
    assert data["unknown_columns"] == [["台账", "来文字号"]]
    page = unescape(chen.get(f"/admin/tracker/ledgerimport/{row.pk}/change/").content.decode())
    assert "not understood" in page
    said = {"do": "choose", "plan": plan.pk, "column-0-4": "remarks", "column-0-4-keep": "on"}
    chen.post(f"/admin/tracker/ledgerimport/{row.pk}/change/", said)
    row.refresh_from_db()
    assert importing.shown(row)["unknown_columns"] == []
    row = enter(row, by)
    assert LedgerLine.objects.get(of=row, commitment__title="建设实验室").beside["remarks"] == "甲1号"
    assert HeadingWord.objects.get().field == "remarks"
    _row, data = look(content, plan, by)
    assert data["unknown_columns"] == []
    assert head


def test_refused_rows_are_named_and_only_the_good_ones_are_entered_when_asked(scene, chen):
    _cast, plan, by = scene
    known("发改局", "人社局", "园区办")
    bad = [[4, "坏日期", "", "发改局", "", "2026年2月30日", "", ""], [5, "", "有目标", "发改局", "", "年底", "", ""]]
    row, data = look(xlsx(ROWS[:3] + bad, head=HEAD), plan, by)
    assert row.refused_count == 2
    assert [one["row"] for one in data["refused"]] == [6, 7]
    imports.confirm(row, seal=row.seal, by=by)
    importing.work(row.pk, now=timezone.now())
    row.refresh_from_db()
    assert (row.state, row.problem["code"]) == (ImportState.READY, "import_has_refused_rows")
    assert not Commitment.objects.exists()
    chen.post(f"/admin/tracker/ledgerimport/{row.pk}/change/", {"do": "choose", "plan": plan.pk, "only_good": "on"})
    row.refresh_from_db()
    row = enter(row, by)
    assert (row.state, Commitment.objects.count()) == (ImportState.DONE, 3)
    page = unescape(chen.get(f"/admin/tracker/ledgerimport/{row.pk}/change/").content.decode())
    assert "坏日期" in page  # what was refused is still told
    assert "?import=" in page
    listed = chen.get(f"/admin/tracker/commitment/?import={row.pk}").content.decode()
    assert listed.count('class="field-title_shown"') == 3


def test_nothing_else_than_what_was_shown_is_entered(scene):
    _cast, plan, by = scene
    known("发改局", "人社局", "园区办")
    row, _data = look(xlsx(ROWS, head=HEAD), plan, by)
    make_commitment("P1-007", department=Department.objects.get(short_name="发改局"))
    imports.confirm(row, seal=row.seal, by=by)
    importing.work(row.pk, now=timezone.now())
    row.refresh_from_db()
    assert (row.state, row.problem["code"]) == (ImportState.READY, "ledger_moved")  # its codes would be others now
    assert Commitment.objects.count() == 1
    enter(row, by)
    assert Commitment.objects.count() == 4


def test_a_file_without_rows_is_refused_with_a_sentence_and_read_again_another_way(scene, chen):
    _cast, plan, by = scene
    row, _data = look(xlsx([], head=HEAD), plan, by)
    assert (row.state, row.problem["code"]) == (ImportState.REFUSED, "ledger_no_rows")
    page = chen.get(f"/admin/tracker/ledgerimport/{row.pk}/change/").content.decode()
    assert "There are no rows below the header" in page
    row, _data = look(xlsx(ROWS, head=HEAD), None, by)
    assert row.problem["code"] == "import_needs_plan"


def test_what_a_demonstration_sign_in_imported_goes_with_the_demonstration(scene):
    cast, _plan, _by = scene
    known("发改局", "人社局", "园区办")
    cast.chen.is_demo = True
    cast.chen.save()
    row = entered((cast, scene[1], actor_of(cast.chen)))
    assert row.is_demo
    demo.remove(by=SYSTEM, today=TODAY)
    row.refresh_from_db()
    assert (row.state, Commitment.objects.count()) == (ImportState.REVERTED, 0)
    assert chain.verify(by=SYSTEM).broken_seq is None


def test_the_commitments_page_tells_the_office_what_the_file_says_beside(scene, chen):
    cast, _plan, _by = scene
    known("发改局", "人社局", "园区办")
    row = entered(scene)
    item = Commitment.objects.get(code="P1-001")
    page = chen.get(f"/admin/tracker/commitment/{item.pk}/change/").content.decode()
    assert "What the last ledger file says beside" in page
    assert f"/admin/tracker/ledgerimport/{row.pk}/change/" in page
    item.lead = cast.science
    item.save()
    officer = Client(headers={"accept-language": "en"})
    officer.force_login(cast.lin, backend="django.contrib.auth.backends.ModelBackend")
    theirs = officer.get(f"/admin/tracker/commitment/{item.pk}/change/")
    assert theirs.status_code == 200
    assert "What the last ledger file says beside" not in theirs.content.decode()


def test_the_list_of_imports_says_what_it_is_for_while_it_is_empty(scene, chen):
    page = chen.get("/admin/tracker/ledgerimport/").content.decode()
    assert "No ledger has been brought yet." in page
    assert ADD in page
    entered_nothing, _data = look(xlsx(ROWS, head=HEAD), scene[1], scene[2])
    page = chen.get("/admin/tracker/ledgerimport/").content.decode()
    assert str(entered_nothing) in page
    assert "No ledger has been brought yet." not in page


@pytest.mark.parametrize("name", ["lin", "zhou", "wu", "gu"])
def test_nobody_but_the_office_receives_confirms_or_takes_back(scene, name):
    cast, plan, by = scene
    known("发改局", "人社局", "园区办")
    stranger = actor_of(getattr(cast, name))
    row, _data = look(xlsx(ROWS, head=HEAD), plan, by)
    with pytest.raises(DomainError, match="does not allow"):
        imports.receive(b"x", file_name="x.csv", plan=plan, by=stranger)
    with pytest.raises(DomainError, match="does not allow"):
        imports.confirm(row, seal=row.seal, by=stranger)
    row = enter(row, by)
    with pytest.raises(DomainError, match="does not allow"):
        imports.take_back(row, reason="x", by=stranger)
    assert Commitment.objects.count() == 3
