"""Reports over REST: written, corrected, handed in, reviewed; refused without leaving half of anything behind."""

import uuid
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.models import ProjectDetails
from tests.factories import Cast, make_commitment, make_initiative, make_report
from tests.tracker.api.conftest import Caller, assert_fits, assert_refused
from tracker.choices import Health, Involvement, ReportState, Stage
from tracker.models import Commitment, CommitmentDepartment, Event, ProgressReport

SignIn = Callable[[str], Caller]


@pytest.fixture
def item(cast: Cast) -> Commitment:
    return make_commitment("A", department=cast.science)


def standing() -> tuple[Any, ...]:
    """Everything a refused write could have touched."""
    return (
        Event.objects.count(),
        list(ProgressReport.objects.order_by("pk").values()),
        list(Commitment.objects.order_by("pk").values()),
    )


def test_officer_reports_reviewer_accepts_and_the_light_follows(item: Commitment, sign_in: SignIn) -> None:
    lin, chen = sign_in("lin"), sign_in("chen")
    made = lin.post("reports/", {"commitment": "A", "done": "设备到场。", "progress": 40, "submit": True})
    assert made.status_code == 201
    body = made.json()
    assert_fits(body, "ReportOutput")
    assert (body["state"], body["progress"], body["period_start"]) == ("submitted", 40, "2026-11-01")
    assert made["Location"] == body["url"]
    path = body["url"].removeprefix("/api/v1/")
    accepted = chen.post(f"{path}acceptance/", {}, If_Match=made["ETag"])
    assert (accepted.status_code, accepted.json()["state"]) == (200, "accepted")
    assert accepted.json()["reviewer"] == {"username": "chen", "name": "Chen"}
    seen = lin.get("commitments/A/").json()
    assert (seen["progress"], seen["health"]) == (40, Health.OFF_TRACK)
    assert [row["ref"] for row in seen["reports"]] == [body["ref"]]


def test_a_returned_report_is_corrected_and_handed_in_again(item: Commitment, sign_in: SignIn) -> None:
    lin, chen = sign_in("lin"), sign_in("chen")
    body = lin.post("reports/", {"commitment": "A", "done": "好", "submit": True}).json()
    path = body["url"].removeprefix("/api/v1/")
    returned = chen.post(f"{path}return/", {"reason": "请补充数据。"})
    assert (returned.json()["state"], returned.json()["return_reason"]) == ("returned", "请补充数据。")
    tag = lin.get(path)["ETag"]
    assert lin.get(path, If_None_Match=tag).status_code == 304
    revised = lin.put(path, {"done": "完成 40%。", "progress": "40.5", "value": "262"}, If_Match=tag)
    assert (revised.status_code, revised.json()["progress"], revised.json()["value"]) == (200, 40.5, "262")
    again = lin.post(f"{path}submission/", {}, If_Match=revised["ETag"])
    assert (again.status_code, again.json()["state"]) == (200, "submitted")
    assert ProgressReport.objects.count() == 1


def test_a_returned_report_of_a_closed_period_keeps_its_period(cast: Cast, item: Commitment, sign_in: SignIn) -> None:
    report = make_report(
        item, author=cast.lin, state=ReportState.RETURNED, period_start=date(2026, 9, 1), period_end=date(2026, 9, 30)
    )
    lin = sign_in("lin")
    revised = lin.put(f"reports/{report.ref}/", {"done": "九月补充。"})
    assert (revised.status_code, revised.json()["period_start"]) == (200, "2026-09-01")
    assert lin.post(f"reports/{report.ref}/submission/").json()["state"] == "submitted"


def test_a_retry_with_the_same_reference_has_one_effect(item: Commitment, sign_in: SignIn) -> None:
    lin, ref = sign_in("lin"), str(uuid.uuid4())
    sent = {"commitment": "A", "done": "第一次。", "submit": True, "client_ref": ref}
    first = lin.post("reports/", sent)
    before = standing()
    second = lin.post("reports/", sent)
    third = lin.post("reports/", sent | {"done": "另一句。"})
    assert (first.status_code, second.status_code, third.status_code) == (201, 200, 200)
    assert first.json() == second.json() == third.json()
    assert standing() == before


def test_a_retry_finds_the_web_draft_that_took_its_values(cast: Cast, item: Commitment, sign_in: SignIn) -> None:
    make_report(item, author=cast.lin, state=ReportState.DRAFT)
    lin, ref = sign_in("lin"), str(uuid.uuid4())
    sent = {"commitment": "A", "done": "手机上写的。", "submit": True, "client_ref": ref}
    first, second = lin.post("reports/", sent), lin.post("reports/", sent)
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json() == second.json()
    assert ProgressReport.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "status", "code", "field"),
    [
        ({"progress": 140}, 400, "progress_out_of_range", "progress"),
        ({"progress": -1}, 400, "progress_out_of_range", "progress"),
        ({"progress": "lots"}, 400, "field_invalid", "progress"),
        ({"progress": "NaN"}, 400, "field_invalid", "progress"),
        ({"progress": 1e300}, 400, "field_invalid", "progress"),
        ({}, 400, "report_empty", ""),
        ({"done": "x", "forecast_on": "2026-01-01"}, 400, "forecast_passed", "forecast_on"),
        ({"done": "x", "forecast_on": "01.01.2027"}, 400, "field_invalid", "forecast_on"),
        ({"done": "x", "period_start": "2026-09-01"}, 409, "period_closed", "period_start"),
        ({"done": "x", "period_start": "2027-01-01"}, 409, "period_not_open", "period_start"),
        ({"done": "x", "client_ref": "7"}, 400, "field_invalid", "client_ref"),
        ({"done": "x" * 20_001}, 400, "field_invalid", "done"),
        ({"done": "x", "progess": 40}, 400, "field_unknown", "progess"),
        ({"done": "x", "submit": "soon"}, 400, "field_invalid", "submit"),
        ({"done": "x", "commitment": "ZZZ"}, 404, "not_found", "commitment"),
        ({"done": "x", "commitment": "FOREIGN"}, 404, "not_found", "commitment"),
        ({"done": "x", "commitment": "SHARED"}, 403, "not_yours_to_report", ""),
        ({"done": "x", "commitment": "CLOSED"}, 403, "not_yours_to_report", ""),
        ({"progress": 10, "commitment": "RED"}, 400, "progress_not_asked", "progress"),
        ({"done": "x", "commitment": "WAITING"}, 409, "report_waits_for_review", ""),
        ({"done": "a\x00b"}, 400, "field_invalid", "done"),
    ],
)
def test_a_bad_report_gets_one_sentence_and_changes_nothing(
    body: dict[str, Any], status: int, code: str, field: str, cast: Cast, item: Commitment, sign_in: SignIn
) -> None:
    make_commitment("FOREIGN", department=cast.health_bureau)
    shared = make_commitment("SHARED", department=cast.health_bureau)
    CommitmentDepartment.objects.create(
        commitment=shared, department=cast.science, involvement=Involvement.SUPPORTING, order=1
    )
    make_commitment("CLOSED", department=cast.science, stage=Stage.CLOSED)
    make_commitment("RED", department=cast.science, is_red_line=True)
    make_report(make_commitment("WAITING", department=cast.science), author=cast.lin)
    before = standing()
    assert_refused(sign_in("lin").post("reports/", {"commitment": "A"} | body), status, code, field)
    assert standing() == before


@pytest.mark.parametrize("name", ["wu", "gu", "chen"])
def test_only_the_lead_department_reports(name: str, item: Commitment, sign_in: SignIn) -> None:
    before = standing()
    refused = sign_in(name).post("reports/", {"commitment": "A", "done": "x"})
    assert_refused(refused, 403, "not_yours_to_report")
    assert standing() == before


# What each persona gets for Lin's report in a state: (read, put, submission, acceptance, return).
ROWS: list[tuple[str, str, tuple[int, ...]]] = [
    ("lin", "draft", (200, 200, 200, 403, 403)),
    ("lin", "submitted", (200, 409, 409, 403, 403)),
    ("lin", "returned", (200, 200, 200, 403, 403)),
    ("lin", "accepted", (200, 409, 409, 403, 403)),
    ("zhou", "draft", (404, 404, 404, 404, 404)),
    ("zhou", "submitted", (404, 404, 404, 404, 404)),
    ("chen", "draft", (404, 404, 404, 404, 404)),
    ("chen", "submitted", (200, 403, 403, 200, 200)),
    ("chen", "returned", (200, 403, 403, 409, 409)),
    ("chen", "accepted", (200, 403, 403, 409, 409)),
    ("wu", "draft", (404, 404, 404, 404, 404)),
    ("wu", "submitted", (200, 403, 403, 403, 403)),
    ("gu", "submitted", (200, 403, 403, 403, 403)),
]


@pytest.mark.parametrize(("name", "state", "statuses"), ROWS)
def test_each_persona_on_one_report(
    name: str, state: str, statuses: tuple[int, ...], cast: Cast, item: Commitment, sign_in: SignIn
) -> None:
    phone = sign_in(name)
    calls: list[tuple[str, str, Any]] = [
        ("get", "", None),
        ("put", "", {"done": "改。"}),
        ("post", "submission/", {}),
        ("post", "acceptance/", {}),
        ("post", "return/", {"reason": "再写。"}),
    ]
    for (method, path, body), status in zip(calls, statuses, strict=True):
        ProgressReport.objects.all().delete()
        reviewer = cast.gu if state == "accepted" else None
        report = make_report(item, author=cast.lin, state=ReportState(state), reviewer=reviewer)
        before = standing()
        response = phone.call(method, f"reports/{report.ref}/{path}", body)
        assert response.status_code == status, (method, path, response.content)
        if status >= 400:
            assert_refused(response, status, response.json()["code"])
            assert standing() == before
        unknown = phone.call(method, f"reports/{uuid.uuid4()}/{path}", body)
        assert_refused(unknown, 404, "not_found")


@pytest.mark.parametrize("tag", ['"999999999"', '"0"', '"abc"', "nonsense", '"999-all", "998"'])
def test_a_stale_tag_is_refused_with_the_revision_that_stands(
    tag: str, cast: Cast, item: Commitment, sign_in: SignIn
) -> None:
    lin, chen = sign_in("lin"), sign_in("chen")
    body = lin.post("reports/", {"commitment": "A", "done": "一"}).json()
    path = body["url"].removeprefix("/api/v1/")
    before = standing()
    refusals = [
        lin.put(path, {"done": "二"}, If_Match=tag),
        lin.post(f"{path}submission/", {}, If_Match=tag),
        lin.post("reports/", {"commitment": "A", "done": "二"}, If_Match=tag),
    ]
    for refused in refusals:
        assert_refused(refused, 412, "stale")
        assert refused.json()["revision"] == body["revision"]
    assert standing() == before
    make_commitment("B", department=cast.science)
    assert_refused(lin.post("reports/", {"commitment": "B", "done": "二"}, If_Match=tag), 412, "stale")
    lin.post(f"{path}submission/")
    for verb, said in (("acceptance", {}), ("return", {"reason": "x"})):
        assert_refused(chen.post(f"{path}{verb}/", said, If_Match=tag), 412, "stale")


@pytest.mark.parametrize("form", ['"{0}"', 'W/"{0}-d1-zh-hans-20261121"', '"1", "{0}-all"', "*"])
def test_a_fitting_tag_lets_the_write_through(form: str, item: Commitment, sign_in: SignIn) -> None:
    lin = sign_in("lin")
    body = lin.post("reports/", {"commitment": "A", "done": "一"}).json()
    path = body["url"].removeprefix("/api/v1/")
    assert lin.put(path, {"done": "二"}, If_Match=form.format(body["revision"])).status_code == 200


def test_a_return_needs_a_reason(cast: Cast, item: Commitment, sign_in: SignIn) -> None:
    report = make_report(item, author=cast.lin)
    chen = sign_in("chen")
    before = standing()
    assert_refused(chen.post(f"reports/{report.ref}/return/"), 400, "field_missing", "reason")
    assert_refused(chen.post(f"reports/{report.ref}/return/", {"reason": " "}), 400, "field_invalid", "reason")
    assert standing() == before


def test_reports_are_listed_newest_first_in_pages_and_by_filter(cast: Cast, sign_in: SignIn) -> None:
    made = []
    for number in range(5):
        item = make_commitment(f"N-{number}", department=cast.science)
        made.append(str(make_report(item, author=cast.lin, progress=Decimal(number)).ref))
    make_report(make_commitment("F", department=cast.health_bureau), author=cast.zhou)
    lin, seen, path = sign_in("lin"), [], "reports/?limit=2"
    while path:
        body = lin.get(path).json()
        seen += [row["ref"] for row in body["results"]]
        for row in body["results"]:
            assert_fits(row, "ReportOutput")
        path = (body["next"] or "").removeprefix("/api/v1/")
    assert seen == made[::-1]
    assert [row["ref"] for row in lin.get("reports/?commitment=N-3").json()["results"]] == [made[3]]
    assert len(lin.get("reports/?state=submitted").json()["results"]) == 5
    assert_refused(lin.get("reports/?commitment=F"), 400, "filter_code", "commitment")
    assert_refused(lin.get("reports/?state=lost"), 400, "filter_value", "state")
    assert len(sign_in("chen").get("reports/").json()["results"]) == 6
    with CaptureQueriesContext(connection) as queries:
        lin.get("reports/")
    assert len(queries) == 2, "the revision of the tag, the rows"


def test_a_projects_quantities_and_the_answer_to_a_doubt_travel_both_ways(cast: Cast, sign_in: SignIn) -> None:
    thing = make_initiative("NC-PRJ")
    ProjectDetails.objects.create(initiative=thing, plan_year=2026, year_investment_wan=Decimal(1000))
    make_commitment("P", department=cast.science, initiative=thing)
    make_commitment("Q", department=cast.science, initiative=thing)
    volumes = {
        "invested_month_wan": "200", "invested_year_wan": "1200.5", "physical_percent": "60", "work_percent": None,
        "stage": "construction", "in_statistics": True, "in_statistics_on": "2026-03-01",
    }  # fmt: skip
    lin, body = sign_in("lin"), {"commitment": "P", "done": "x", "volumes": volumes, "submit": True}
    refused = lin.post("reports/", body)
    assert_refused(refused, 400, "doubts_unanswered", "doubts_answer")
    assert "1200.5" in refused.json()["detail"]
    answer = lin.post("reports/", body | {"doubts_answer": "含上年结转。"}).json()
    assert_fits(answer, "ReportOutput")
    assert answer["volumes"] == volumes
    assert [doubt["code"] for doubt in answer["doubts"]] == ["invested_over_plan"]
    assert (answer["doubts_answer"], answer["is_late"]) == ("含上年结转。", False)
    assert_refused(lin.post("reports/", {"commitment": "Q", "done": "x"}), 409, "initiative_reported", "period_start")
    wrong = {"commitment": "P", "done": "x", "volumes": {"invested": 1}}
    assert_refused(lin.post("reports/", wrong), 400, "field_unknown")


def test_only_a_project_takes_quantities(item: Commitment, sign_in: SignIn) -> None:
    body = {"commitment": "A", "done": "x", "volumes": {"work_percent": "5"}}
    assert_refused(sign_in("lin").post("reports/", body), 400, "volumes_not_asked", "volumes")
    assert sign_in("lin").post("reports/", {"commitment": "A", "done": "x"}).json()["volumes"] is None
