"""What somebody found who wrote a client by the docs alone: each was answered otherwise than the docs say."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client, override_settings
from django.urls import reverse
from knox.models import AuthToken

from projects.actions import catalogue
from projects.choices import InitiativeKind
from tests.factories import TODAY, Cast, make_commitment
from tests.tracker.api.conftest import Caller, assert_refused
from tracker.actions import commitments, devices, people
from tracker.choices import Role, Stage
from tracker.models import Commitment, Event
from tracker.policies import SYSTEM

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Caller]


def test_work_below_a_hundred_is_not_reported_done_without_a_word(cast: Cast, sign_in: SignIn) -> None:
    make_commitment("A", department=cast.science, stage=Stage.IN_PROGRESS)
    lin = sign_in("lin")

    def offer() -> bool:
        return next(
            bool(one["needs_reason"])
            for one in lin.get("commitments/A/steps/").json()["results"]
            if one["to"] == "reported_done"
        )

    assert not offer()  # unknown is not zero
    Commitment.objects.update(progress=Decimal(45), progress_basis="reported")
    assert offer()
    assert_refused(lin.post("commitments/A/completion/", {}), 400, "done_below_hundred", field="reason")
    desk = Client()
    desk.force_login(cast.lin, backend="django.contrib.auth.backends.ModelBackend")
    step = reverse(
        "admin:tracker_commitment_step", args=[Commitment.objects.get().pk, "reported_done"], urlconf="config.urls"
    )
    with override_settings(ROOT_URLCONF="config.urls"):
        assert desk.get(step).context["form"].fields["reason"].required
    assert lin.post("commitments/A/completion/", {"reason": "余下并入二期。"}).status_code == 200


def test_the_history_does_not_name_a_commitment_out_of_sight(cast: Cast, sign_in: SignIn) -> None:
    up = make_commitment("UP", department=cast.health_bureau)
    item = make_commitment("A", department=cast.science)
    commitments.revise(item, values={"parent": up}, reason="归口。", by=SYSTEM, today=TODAY)
    told = sign_in("lin").get("commitments/A/history/").content.decode()
    assert "UP" not in told
    assert "another commitment" in sign_in("lin").get("commitments/A/history/").content.decode()
    assert "UP" in sign_in("chen").get("commitments/A/history/").content.decode()


def test_a_number_is_no_reference(cast: Cast, sign_in: SignIn) -> None:
    make_commitment("A", department=cast.science, stage=Stage.IN_PROGRESS)
    body = {"commitment": "A", "done": "x", "client_ref": 5}
    assert_refused(sign_in("lin").post("reports/", body), 400, "field_invalid", field="client_ref")


def test_a_milestone_is_not_reached_on_a_day_to_come(cast: Cast, sign_in: SignIn) -> None:
    make_commitment("A", department=cast.science)
    body = {"name": "开工", "actual_on": str(TODAY + timedelta(days=400))}
    answer = sign_in("chen").put("commitments/A/milestones/", body)
    assert_refused(answer, 400, "milestone_in_the_future", field="actual_on")


def test_a_new_password_signs_the_devices_out(
    cast: Cast, sign_in: SignIn, django_capture_on_commit_callbacks: Any
) -> None:
    phone = sign_in("lin")
    assert phone.get("me/").status_code == 200
    token, _secret = AuthToken.objects.create(user=cast.lin)
    devices.signed_in(token, name="手机", by=cast.actor("lin"))
    with django_capture_on_commit_callbacks(execute=True):
        people.set_user(
            "lin", role=Role.OFFICER, department=cast.science, full_name="林", password="another-Password-1", by=SYSTEM
        )
    assert_refused(phone.get("me/"), 401, "token_invalid")
    assert not AuthToken.objects.filter(user=cast.lin).exists()
    assert Event.objects.filter(kind="device_revoked").count() == 1


@override_settings(AXES_FAILURE_LIMIT=2, AXES_ENABLED=True)
def test_a_locked_sign_in_says_when_to_try_again(cast: Cast) -> None:
    asking = Client()
    said = {"username": "lin", "password": "wrong"}
    for _attempt in range(3):
        asking.post("/api/v1/auth/login/", said, content_type="application/json")
    answer = asking.post("/api/v1/auth/login/", said, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (429, "sign_in_locked")
    assert int(answer["Retry-After"]) == 900


def test_an_upload_that_is_no_form_is_told_what_it_should_be(cast: Cast, sign_in: SignIn) -> None:
    make_commitment("A", department=cast.science, stage=Stage.IN_PROGRESS)
    answer = sign_in("lin").post("commitments/A/evidence/", {"note": "x"})
    assert_refused(answer, 415, "media_type_unknown")
    assert "multipart/form-data" in answer.json()["detail"]


def test_a_refusal_names_the_whole_path_of_its_input(cast: Cast, sign_in: SignIn) -> None:
    project = catalogue.set_initiative("P-1", name="科创中心", kind=InitiativeKind.PROJECT)
    catalogue.set_initiative("PARK", name="高新区", kind=InitiativeKind.PARK)
    make_commitment("A", department=cast.science, stage=Stage.IN_PROGRESS, initiative=project)
    make_commitment("B", department=cast.science)
    lin, chen = sign_in("lin"), sign_in("chen")
    report = {"commitment": "A", "done": "x"}
    refusals = (
        (lin.post("reports/", report | {"volumes": {"stage": "no"}}), "field_invalid", "volumes.stage"),
        (lin.post("reports/", report | {"volumes": {"stagee": ""}}), "field_unknown", "volumes.stagee"),
        (
            lin.post("reports/", report | {"volumes": {"invested_month_wan": "-1"}}),
            "volumes_negative",
            "volumes.invested_month_wan",
        ),
        (chen.patch("initiatives/P-1/", {"project": {"stands_in": "NONE"}}), "code_unknown", "project.stands_in"),
        (
            chen.patch("initiatives/P-1/", {"project": {"total_investment_wan": "-1"}}),
            "field_invalid",
            "project.total_investment_wan",
        ),
        (
            chen.patch("initiatives/PARK/", {"park": {"shares": [{"county": "511302"}, {}]}}),
            "field_missing",
            "park.shares.1.county",
        ),
        (
            chen.patch("initiatives/PARK/", {"park": {"shares": [{"county": "0"}]}}),
            "code_unknown",
            "park.shares.0.county",
        ),
        (lin.post("inbox/read/", {"ids": [1, "x"]}), "field_invalid", "ids"),
        (chen.patch("commitments/B/", {"supporting": ["kjj"], "reason": "x"}), "department_twice", "supporting"),
        (chen.patch("commitments/B/", {"supporting": ["wjw", "wjw"], "reason": "x"}), "department_twice", "supporting"),
    )
    for answer, code, field in refusals:
        assert_refused(answer, 400, code, field=field)
    batch = lin.post("reports/batch/", {"reports": [report | {"client_ref": str(uuid4()), "volumes": {"stage": 5}}]})
    assert batch.json()["results"][0]["error"]["field"] == "volumes.stage"
    assert chen.patch("commitments/B/", {"supporting": ["wjw"], "reason": "x"}).status_code == 200
    again = chen.patch("commitments/B/", {"responsible": ["wjw"], "reason": "x"})
    assert_refused(again, 400, "department_twice", field="responsible")
