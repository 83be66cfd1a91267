"""The ledger's pages: entered, corrected, moved, many at once; refusals in words, nothing half-written."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from tests.factories import make_commitment, make_department, make_indicator, make_milestone, make_plan
from tracker.choices import Health, Involvement, Kind, Stage
from tracker.models import Commitment, Event, Milestone, Target

LIST = "/admin/tracker/commitment/"
ADD = "/admin/tracker/commitment/add/"


def url(item: Commitment, view: str = "change") -> str:
    return reverse(f"admin:tracker_commitment_{view}", args=[item.pk])


def page(item: Commitment | None = None, **said: object) -> dict[str, object]:
    """What the form of a commitment sends, without inline rows unless they are given."""
    empty: dict[str, object] = {"title": "事项", "kind": Kind.ACTION, "due_basis": "", "reason": "", "seen": ""}
    if item is not None:
        empty |= {"title": item.title, "lead": item.lead_id or "", "seen": item.revision}
        empty |= {"due_on": item.due_on or ""}
    for prefix in ("involvements", "milestones", "targets"):
        empty |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    return empty | said


def errors(answer) -> dict[str, list[str]]:
    return dict(answer.context["adminform"].form.errors)


def test_a_supervisor_enters_a_commitment_with_its_departments_milestone_and_target(cast, browser):
    plan, indicator = make_plan(), make_indicator()
    supporting = make_department("sjj")
    said = page(
        code="X-1", plan=plan.pk, title="建成实验室", lead=cast.science.pk, starts_on="2026-01-01", due_on="2026-12-31",
        **{
            "involvements-TOTAL_FORMS": 2, "milestones-TOTAL_FORMS": 1, "targets-TOTAL_FORMS": 1,
            "involvements-0-department": supporting.pk, "involvements-0-involvement": "supporting",
            "involvements-0-order": 2,
            "involvements-1-department": cast.health_bureau.pk, "involvements-1-involvement": "supporting",
            "involvements-1-order": 1,
            "milestones-0-name": "开工", "milestones-0-planned_on": "2026-03-01", "milestones-0-weight": "1",
            "milestones-0-order": 1,
            "targets-0-indicator": indicator.pk, "targets-0-comparator": "at_least", "targets-0-value": "262",
        },
    )  # fmt: skip
    answer = browser("chen").post(ADD, said)
    assert answer.status_code == 302, errors(answer)
    item = Commitment.objects.get(code="X-1")
    assert (item.title, item.lead, item.original_due_on, item.health) == (
        "建成实验室",
        cast.science,
        date(2026, 12, 31),
        Health.NOT_STARTED,
    )
    parts = item.involvements.filter(involvement=Involvement.SUPPORTING).order_by("order")
    assert [row.department for row in parts] == [cast.health_bureau, supporting]
    assert Milestone.objects.get().weight == 1
    assert Target.objects.get().value == Decimal(262)
    assert item.revision > 0


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"code": "X-1", "starts_on": "2026-12-31", "due_on": "2026-01-01"}, "due_on"),
        ({"code": "X-1", "due_on": "2026-12-31", "is_continuous": "on"}, "due_on"),
        ({"code": "C-1"}, "code"),
        ({"code": "X-1", "title": " "}, "title"),
        ({"code": "X-1", "red_line_broken_on": "2026-01-01"}, "red_line_broken_on"),
    ],
)
def test_facts_that_contradict_each_other_are_told_at_their_field(said, field, cast, browser):
    make_commitment("C-1")
    answer = browser("chen").post(ADD, page(plan=make_plan().pk, **said))
    assert answer.status_code == 200
    assert field in errors(answer) or "red" in field
    assert errors(answer)
    assert Commitment.objects.count() == 1
    assert not Event.objects.exists()


def test_a_correction_carries_its_reason_and_confirms_the_lead(cast, browser):
    item = make_commitment("C-1", department=cast.science)
    Commitment.objects.update(lead_is_suggested=True)
    said = page(item, title="新的名称", lead=cast.health_bureau.pk, reason="原名有误。")
    answer = browser("chen").post(url(item), said)
    assert answer.status_code == 302, errors(answer)
    item.refresh_from_db()
    assert (item.title, item.lead, item.lead_is_suggested) == ("新的名称", cast.health_bureau, False)
    entries = browser("lin").get(url(item, "history"))
    assert entries.status_code == 404  # the matter went to another department
    newest = browser("chen").get(url(item, "history")).context["entries"]
    assert any(entry.reason == "原名有误。" and entry.who == "Chen" for entry in newest)


def test_a_refused_inline_undoes_the_facts_too(cast, browser):
    item = make_commitment("C-1", department=cast.science)
    said = page(
        item, title="新", **{"milestones-TOTAL_FORMS": 1, "milestones-0-name": "开工", "milestones-0-weight": "-1"}
    )
    answer = browser("chen").post(url(item), said)
    assert answer.status_code == 200
    item.refresh_from_db()
    assert item.title != "新"
    assert not Milestone.objects.exists()


def test_a_standing_milestone_is_corrected_by_its_name(cast, browser):
    item = make_commitment("C-1", department=cast.science)
    milestone = make_milestone(item, "开工")
    said = page(
        item,
        **{
            "milestones-TOTAL_FORMS": 1,
            "milestones-INITIAL_FORMS": 1,
            "milestones-0-id": milestone.pk,
            "milestones-0-commitment": item.pk,
            "milestones-0-name": "改名",
            "milestones-0-actual_on": "2026-05-01",
            "milestones-0-order": 0,
        },
    )
    answer = browser("chen").post(url(item), said)
    assert answer.status_code == 302, errors(answer)
    standing = Milestone.objects.get()
    assert (standing.name, standing.actual_on) == ("开工", date(2026, 5, 1))


def test_steps_are_offered_to_the_side_that_may_take_them(cast, browser):
    item = make_commitment("C-1", department=cast.science, stage=Stage.ISSUED)
    offered = {
        name: {stage for stage, _label in browser(name).get(url(item)).context["steps"]}
        for name in ("lin", "chen", "wu")
    }
    assert offered["lin"] == {Stage.ACCEPTED, Stage.REGISTERED}
    assert offered["chen"] == {Stage.SUSPENDED, Stage.CANCELLED, Stage.EXEMPT}
    assert offered["wu"] == set()


def test_a_step_is_taken_with_its_reason_only(cast, browser):
    item = make_commitment("C-1", department=cast.science, stage=Stage.ISSUED)
    lin = browser("lin")
    step = reverse("admin:tracker_commitment_step", args=[item.pk, "registered"])
    answer = lin.post(step, {"reason": "", "seen": item.revision})
    assert answer.context["form"].errors["reason"]
    lin.post(step, {"reason": "应由卫健委牵头。", "seen": item.revision})
    item.refresh_from_db()
    assert item.stage == Stage.REGISTERED
    assert Event.objects.filter(reason="应由卫健委牵头。").exists()


def test_an_impossible_step_is_no_page_and_changes_nothing(cast, browser):
    item = make_commitment("C-1", department=cast.science, stage=Stage.ISSUED)
    chen = browser("chen")
    for to in ("closed", "nonsense"):
        assert chen.get(reverse("admin:tracker_commitment_step", args=[item.pk, to])).status_code == 404
    answer = chen.post(reverse("admin:tracker_commitment_step", args=[item.pk, "closed"]), {"seen": item.revision})
    assert answer.context["form"].errors
    item.refresh_from_db()
    assert item.stage == Stage.ISSUED


def test_an_exemption_has_a_last_day(cast, browser):
    item = make_commitment("C-1", department=cast.science)
    step = reverse("admin:tracker_commitment_step", args=[item.pk, "exempt"])
    browser("chen").post(step, {"reason": "洪灾。", "exempt_until": "2027-01-31", "seen": item.revision})
    item.refresh_from_db()
    assert (item.stage, item.exempt_until, item.health) == (Stage.EXEMPT, date(2027, 1, 31), Health.EXEMPT)


@pytest.mark.parametrize("name", ["lin", "wu", "gu"])
def test_only_the_supervision_office_has_bulk_actions_and_a_form(name, cast, browser):
    item = make_commitment("C-1", department=cast.science, stage=Stage.REGISTERED)
    client = browser(name)
    client.post(LIST, {"action": "hand_out", "_selected_action": [item.pk]})
    assert client.post(url(item), page(item, title="x")).status_code == 403
    item.refresh_from_db()
    assert (item.stage, item.title) == (Stage.REGISTERED, "事项 C-1")


def test_the_list_shows_light_and_owner_in_words(cast, browser):
    make_commitment("C-1", department=cast.science, health=Health.AT_RISK, progress=Decimal("37.50"))
    text = browser("wu").get(LIST).content.decode()
    assert 'class="light at_risk"' in text
    assert "37.5 %" in text


def test_an_unknown_id_is_no_error_of_ours(cast, browser):
    chen = browser("chen")
    assert chen.get(f"{LIST}999999/change/").status_code == 404
    assert chen.get(f"{LIST}abc/history/").status_code == 404
