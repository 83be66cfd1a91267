"""The office enters commitments and corrects them; nobody else does, and every answer is the whole commitment."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from tests.factories import (
    Cast,
    make_clause,
    make_commitment,
    make_department,
    make_indicator,
    make_plan,
    make_post,
    make_report,
)
from tests.tracker.api.conftest import Caller, assert_fits, assert_refused
from tracker.choices import Involvement, ReportState, Stage
from tracker.event_kinds import EventKind
from tracker.models import Commitment, Event

SignIn = Callable[[str], Caller]


def new(code: str = "N-1", **said: object) -> dict[str, Any]:
    return {"code": code, "plan": "P1", "title": "建成中试平台", "kind": "action", "lead": "kjj"} | said


def test_the_office_registers_with_everything_that_its_form_has(cast: Cast, sign_in: SignIn) -> None:
    plan, chen = make_plan(), sign_in("chen")
    make_clause(plan, "3")
    make_post("kjj-head", department=cast.science)
    for code in ("cz", "fg", "tj"):
        make_department(code)
    said = new(
        summary="平台验收。", post="kjj-head", responsible=["fg", "cz"], supporting=["tj"], starts_on="2026-01-01",
        due_on="2026-12-31", due_text="2026年底前", due_basis="stated", clause="3", is_public=True,
        client_ref=str(uuid4()),
    )  # fmt: skip
    made = chen.post("commitments/", said)
    body = made.json()
    assert (made.status_code, made["Location"]) == (201, "/api/v1/commitments/N-1/"), body
    assert_fits(body, "CommitmentDetailOutput")
    row = Commitment.objects.get(code="N-1")
    assert (row.stage, row.lead, row.original_due_on, row.clause.code) == (  # type: ignore[union-attr]
        Stage.REGISTERED, cast.science, date(2026, 12, 31), "3",
    )  # fmt: skip
    parts = [(one.involvement, one.department.code) for one in row.involvements.order_by("involvement", "order")]
    responsible, supporting = Involvement.RESPONSIBLE, Involvement.SUPPORTING
    assert parts == [(responsible, "fg"), (responsible, "cz"), (supporting, "tj")]
    again = chen.post("commitments/", said)
    assert (again.status_code, again.json()) == (200, body)
    assert Commitment.objects.count() == 1


def test_what_cannot_be_registered_names_its_field(cast: Cast, sign_in: SignIn) -> None:
    plan, chen = make_plan(), sign_in("chen")
    make_clause(make_plan("P2"), "9")
    make_commitment("N-0", plan=plan)
    for said, status, code, field in (
        (new("N-0"), 409, "code_taken", "code"),
        (new("a/b"), 400, "field_invalid", "code"),
        (new(plan="P9"), 400, "code_unknown", "plan"),
        (new(lead="xx"), 400, "code_unknown", "lead"),
        (new(clause="9"), 400, "code_unknown", "clause"),
        (new(parent="N-9"), 400, "code_unknown", "parent"),
        (new(supporting=["xx"]), 400, "code_unknown", "supporting"),
        (new(supporting=["kjj"]), 400, "department_twice", "supporting"),
        (new(title=" "), 400, "field_invalid", "title"),
        (new(due_on="0001-01-01"), 400, "field_invalid", "due_on"),
        (new(due_on="2026-12-31", is_continuous=True), 400, "continuous_has_no_date", "due_on"),
        (new(red_line_broken_on="2026-12-31"), 400, "not_a_red_line", "red_line_broken_on"),
        (new(stage="closed"), 400, "field_unknown", "stage"),
    ):
        assert_refused(chen.post("commitments/", said), status, code, field)
    for name in ("lin", "wu", "gu"):
        assert_refused(sign_in(name).post("commitments/", new()), 403, "not_allowed")
    assert Commitment.objects.count() == 1


def test_a_correction_changes_what_it_names_and_nothing_else(cast: Cast, sign_in: SignIn) -> None:
    item, chen = make_commitment("A", department=cast.science), sign_in("chen")
    tag = chen.get("commitments/A/")["ETag"]
    done = chen.patch("commitments/A/", {"title": "新题目", "responsible": ["wjw"]}, If_Match=tag)
    assert done.status_code == 200, done.json()
    assert_fits(done.json(), "CommitmentDetailOutput")
    assert (done.json()["title"], done.json()["due_on"], done["ETag"] == tag) == ("新题目", "2026-12-31", False)
    assert_refused(chen.patch("commitments/A/", {"title": "旧页"}, If_Match=tag), 412, "stale")
    revision = done.json()["revision"]
    for body, code, field in (
        ({"due_on": "2027-01-31"}, "reason_needed", "reason"),
        ({"lead": "wjw"}, "reason_needed", "reason"),
        ({"code": "B"}, "field_unknown", "code"),
        ({"client_ref": str(uuid4())}, "field_unknown", "client_ref"),
        ({"parent": "A"}, "own_parent", "parent"),
    ):
        assert_refused(chen.patch("commitments/A/", body), 400, code, field)
    assert chen.patch("commitments/A/", {"title": "新题目"}).json()["revision"] == revision
    # Another lead takes the work on anew, and has no part beside itself any more.
    moved = chen.patch("commitments/A/", {"lead": "wjw", "reason": "职责调整。"}, If_Match=done["ETag"]).json()
    assert (moved["stage"], moved["lead"]["code"]) == ("issued", "wjw")
    item.refresh_from_db()
    assert (item.lead, item.involvements.count()) == (cast.health_bureau, 0)
    for name, status, refusal in (("lin", 404, "not_found"), ("zhou", 403, "not_allowed"), ("wu", 403, "not_allowed")):
        assert_refused(sign_in(name).patch("commitments/A/", {"title": "x"}), status, refusal)


def test_a_lead_is_confirmed_or_replaced(cast: Cast, sign_in: SignIn) -> None:
    item, chen = make_commitment("A", department=cast.science, stage=Stage.REGISTERED), sign_in("chen")
    make_commitment("NOBODY")
    assert_refused(chen.post("commitments/NOBODY/lead-confirmation/"), 409, "lead_missing", "lead")
    assert_refused(chen.post("commitments/A/lead-confirmation/"), 409, "lead_stands")
    Commitment.objects.filter(pk=item.pk).update(lead_is_suggested=True)
    assert chen.post("commitments/A/lead-confirmation/", {"reason": "已核对。"}).status_code == 200
    item.refresh_from_db()
    assert not item.lead_is_suggested
    path, said = "commitments/A/reassignment/", {"lead": "wjw", "reason": "职责调整。"}
    for change, status, code in (
        ({"reason": " "}, 400, "reason_needed"),
        ({"lead": "kjj"}, 400, "reassign_same_lead"),
        ({"lead": "xx"}, 400, "code_unknown"),
    ):
        assert_refused(chen.post(path, said | change), status, code)
    assert chen.post(path, said).json()["lead"]["code"] == "wjw"
    waiting = make_commitment("W", department=cast.science)
    make_report(waiting, author=cast.lin, state=ReportState.SUBMITTED)
    assert_refused(chen.post("commitments/W/reassignment/", said), 409, "reassign_report_waits")


def test_milestones_and_targets_are_set_by_their_names(cast: Cast, sign_in: SignIn) -> None:
    item, chen = make_commitment("A", department=cast.science), sign_in("chen")
    indicator = make_indicator()
    path = "commitments/A/milestones/"
    tag = chen.get("commitments/A/")["ETag"]
    made = chen.put(path, {"name": "开工", "planned_on": "2026-06-30", "weight": "40", "order": 1}, If_Match=tag)
    assert made.status_code == 200, made.json()
    assert_fits(made.json(), "CommitmentDetailOutput")
    assert_refused(chen.put(path, {"name": "开工", "order": 2}, If_Match=tag), 412, "stale")
    reached = chen.put(path, {"name": "开工", "actual_on": "2026-07-01"}).json()
    assert chen.put(path, {"name": "开工", "actual_on": "2026-07-01"}).json()["revision"] == reached["revision"]
    row = item.milestones.get()
    assert (row.planned_on, row.actual_on, row.weight, row.order) == (
        date(2026, 6, 30), date(2026, 7, 1), Decimal(40), 1,
    )  # fmt: skip
    for body, code, field in (
        ({"name": "开工", "planned_on": None}, "weight_without_date", "planned_on"),
        ({"name": "开工", "weight": "0"}, "weight_not_positive", "weight"),
        ({"planned_on": "2026-06-30"}, "field_missing", "name"),
    ):
        assert_refused(chen.put(path, body), 400, code, field)

    path, said = "commitments/A/targets/", {"indicator": indicator.code}
    for body, code, field in (
        (said, "target_comparator_missing", "comparator"),
        (said | {"comparator": "at_least"}, "target_value_missing", "value"),
        (said | {"comparator": "growth_at_least", "growth_percent": "10"}, "target_growth_missing", "base_year"),
        (said | {"comparator": "range", "value": "9", "value_max": "8"}, "target_range_order", "value_max"),
        ({"indicator": "none"}, "code_unknown", "indicator"),
    ):
        assert_refused(chen.put(path, body), 400, code, field)
    assert chen.put(path, said | {"comparator": "at_least", "value": "262"}).status_code == 200
    assert chen.put(path, said | {"note": "高企"}).json()["targets"][0]["value"] == "262"
    assert item.targets.get().note == "高企"
    for name in ("lin", "wu", "gu"):
        for place in ("milestones", "targets"):
            assert_refused(sign_in(name).put(f"commitments/A/{place}/", {}), 403, "not_allowed")
    kinds = Event.objects.filter(commitment=item).order_by("seq").values_list("kind", flat=True)
    assert list(kinds).count(EventKind.TARGET_SET) == 2
