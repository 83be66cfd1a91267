"""The pages of steps: every cell for both sides, what they ask, and the list of children that ask more."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import translation

from projects.errors import DomainError
from tests.factories import make_commitment, make_department
from tracker.choices import Health, Role, Stage
from tracker.models import Commitment, Event
from tracker.rules import lifecycle

ROLES = {"lin": Role.OFFICER, "chen": Role.SUPERVISOR, "wu": Role.LEADER, "gu": Role.ADMIN}


def url(item: Commitment, to: str) -> str:
    return reverse("admin:tracker_commitment_step", args=[item.pk, to])


@pytest.mark.parametrize("name", ROLES)
def test_every_cell_is_a_page_for_its_side_and_no_page_for_anybody_else(name, cast, browser):
    client = browser(name)
    for current in Stage:
        item = make_commitment(f"C-{current}", department=cast.science, stage=current)
        for to in Stage:
            step = lifecycle.STEPS[current].get(to)
            status = client.get(url(item, to)).status_code
            if step is None or ROLES[name] not in step.roles:
                assert status == 404, (current, to)
            else:
                assert status == (302 if step.needs_verification else 200), (current, to)


@pytest.mark.parametrize("name", ["lin", "chen"])
def test_a_step_that_is_sent_all_the_same_changes_nothing_unless_the_table_allows_it(name, cast, browser):
    client = browser(name)
    for current in Stage:
        for to in Stage:
            item = make_commitment(department=cast.science, stage=current)
            step = lifecycle.STEPS[current].get(to)
            said = {"reason": "有理由", "exempt_until": "2027-01-31", "seen": item.revision}
            answer = client.post(url(item, to), said)
            is_taken = step is not None and ROLES[name] in step.roles and not step.needs_verification
            item.refresh_from_db()
            assert item.stage == (to if is_taken else current)
            assert answer.status_code == (302 if is_taken else 200)
            if not is_taken:
                assert answer.context["form"].errors


def test_a_foreign_department_has_none_of_these_pages(cast, browser):
    item = make_commitment(department=cast.science, stage=Stage.ISSUED)
    zhou = browser("zhou")
    for to in Stage:
        assert zhou.get(url(item, to)).status_code == 404
        assert zhou.post(url(item, to), {"reason": "x", "seen": item.revision}).status_code == 404


def test_a_refusal_names_the_right_owner_and_the_office_reads_it_when_it_hands_out_again(cast, browser):
    item = make_commitment("C-1", department=cast.science, stage=Stage.ISSUED)
    lin = browser("lin")
    assert "proposed_lead" in lin.get(url(item, "registered")).context["form"].fields
    assert "proposed_lead" not in lin.get(url(item, "accepted")).context["form"].fields
    wrong = lin.post(
        url(item, "registered"), {"reason": "不归我们", "proposed_lead": cast.science.pk, "seen": item.revision}
    )
    assert wrong.context["form"].errors["proposed_lead"]
    said = {"reason": "应由卫健委牵头。", "proposed_lead": cast.health_bureau.pk, "seen": item.revision}
    assert lin.post(url(item, "registered"), said).status_code == 302
    item.refresh_from_db()
    assert (item.stage, item.proposed_lead) == (Stage.REGISTERED, cast.health_bureau)
    page = browser("chen").get(url(item, "issued"))
    assert page.context["proposal"] == cast.health_bureau
    assert cast.health_bureau.name in page.content.decode()


def test_a_refusing_officer_finds_every_department_at_work_and_nowhere_else(cast, browser):
    closed = make_department("old", name="市旧局")
    type(closed).objects.filter(pk=closed.pk).update(is_active=False)
    address = reverse("admin:autocomplete")
    asked = {"app_label": "tracker", "model_name": "commitment", "field_name": "proposed_lead", "term": ""}
    found = {row["text"] for row in browser("lin").get(address, asked).json()["results"]}
    assert {cast.science.name, cast.health_bureau.name} <= found
    assert "市旧局" not in found
    asked["field_name"] = "lead"
    found = {row["text"] for row in browser("lin").get(address, asked).json()["results"]}
    assert found == {cast.science.name}
    other = reverse("admin:tracker_department_change", args=[cast.health_bureau.pk])
    assert browser("lin").get(f"{other}?field_name=proposed_lead").status_code == 404


def test_an_exemption_asks_its_last_day(cast, browser):
    item = make_commitment("C-1", department=cast.science)
    chen = browser("chen")
    for day, code in (("", "exemption_needs_end"), ("2026-11-22", "exemption_end_passed")):
        answer = chen.post(url(item, "exempt"), {"reason": "洪灾。", "exempt_until": day, "seen": item.revision})
        with translation.override("zh-hans"):
            assert answer.context["form"].errors["exempt_until"] == [str(DomainError(code))]
    said = {"reason": "洪灾。", "exempt_until": "2027-01-31", "seen": item.revision}
    assert chen.post(url(item, "exempt"), said).status_code == 302
    item.refresh_from_db()
    assert (item.stage, item.exempt_until, item.health) == (Stage.EXEMPT, date(2027, 1, 31), Health.EXEMPT)


def test_the_way_to_verify_is_its_own_page(cast, browser):
    item = make_commitment("C-1", department=cast.science, stage=Stage.REPORTED_DONE)
    chen, verify = browser("chen"), reverse("admin:tracker_commitment_verify", args=[item.pk])
    assert chen.get(url(item, "verified"))["location"] == verify
    change = chen.get(reverse("admin:tracker_commitment_change", args=[item.pk])).content.decode()
    assert f'href="{verify}"' in change
    assert url(item, "verified") not in change
    answer = chen.post(url(item, "verified"), {"reason": "x", "seen": item.revision})
    assert answer.context["form"].non_field_errors()


# --- Children that ask more


@pytest.fixture
def family(cast):
    parent = make_commitment("P", department=cast.science, due_on=date(2026, 12, 31))
    child = make_commitment("EARLY", parent=parent, department=cast.science, due_on=date(2026, 6, 30))
    told = make_commitment("TOLD", parent=parent, department=cast.science, due_on=date(2026, 7, 31))
    Commitment.objects.filter(pk=told.pk).update(tightening_reason="汛期前必须完工")
    make_commitment("LIKE", parent=parent, department=cast.science, due_on=date(2026, 12, 31))
    return child


def test_the_page_of_tightened_children_shows_both_values_and_the_reason(family, browser):
    address = reverse("admin:tracker_commitment_tightened")
    for name in ("chen", "wu", "lin"):
        text = browser(name).get(address).content.decode()
        assert "2026-06-30" in text
        assert "2026-12-31" in text
        assert "汛期前必须完工" in text
        assert "LIKE" not in text
    assert "EARLY" not in browser("zhou").get(address).content.decode()


def test_the_ledger_is_filtered_by_what_asks_more(family, browser):
    chen, address = browser("chen"), reverse("admin:tracker_commitment_changelist")
    for value, codes in (("yes", {"EARLY", "TOLD"}), ("unexplained", {"EARLY"})):
        rows = chen.get(address, {"tightened": value}).context["cl"].result_list
        assert {row.code for row in rows} == codes


def test_a_correction_that_tightens_is_asked_for_its_reason_at_its_field(family, cast, browser):
    Commitment.objects.filter(pk=family.pk).update(due_on=date(2026, 12, 31))
    family.refresh_from_db()
    said = {
        "title": family.title, "kind": family.kind, "due_basis": "", "lead": cast.science.pk,
        "parent": family.parent_id, "due_on": "2026-06-30", "reason": "改期", "tightening_reason": "",
        "seen": family.revision,
    }  # fmt: skip
    for prefix in ("involvements", "milestones", "targets"):
        said |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    address = reverse("admin:tracker_commitment_change", args=[family.pk])
    answer = browser("chen").post(address, said)
    assert answer.context["adminform"].form.errors["tightening_reason"]
    assert not Event.objects.exists()
    assert browser("chen").post(address, said | {"reason": ""}).context["adminform"].form.errors["reason"]
    answer = browser("chen").post(address, said | {"tightening_reason": "上级要求"})
    assert answer.status_code == 302
