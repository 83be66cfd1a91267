"""A batch of reports written without a network: one result each, and a repetition of all of it changes nothing."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from tests.factories import Cast, make_commitment
from tests.tracker.api.conftest import Caller, assert_fits, assert_refused
from tracker.models import Event, ProgressReport

SignIn = Callable[[str], Caller]


def said(code: str, **more: object) -> dict[str, object]:
    return {"commitment": code, "done": "完成可研。", "progress": 40, "client_ref": str(uuid4())} | more


@pytest.fixture
def lin(cast: Cast, sign_in: SignIn) -> Caller:
    for code in ("A", "B"):
        make_commitment(code, department=cast.science)
    make_commitment("F", department=cast.health_bureau)
    return sign_in("lin")


def test_each_report_is_accepted_or_refused_by_itself(lin: Caller) -> None:
    batch = [said("A", submit=True), said("F"), said("B", progress=140), {"commitment": "B"}, "nonsense", said("B")]
    answer = lin.post("reports/batch/", {"reports": batch})
    assert answer.status_code == 200
    assert_fits(answer.json(), "BatchOutput")
    results = answer.json()["results"]
    assert [one["status"] for one in results] == [201, 404, 400, 400, 400, 201]
    assert [one["error"] and one["error"]["code"] for one in results] == [
        None, "not_found", "progress_out_of_range", "field_missing", "body_malformed", None,
    ]  # fmt: skip
    assert [one["report"] and one["report"]["state"] for one in results][::5] == ["submitted", "draft"]
    assert [one["client_ref"] for one in results[:3]] == [one["client_ref"] for one in batch[:3]]  # type: ignore[index]


def test_a_repetition_of_the_whole_batch_has_no_effect(lin: Caller) -> None:
    """Two notes on the same commitment: the repetition of the first must not bring its old words back."""
    batch = {"reports": [said("A", done="第一稿。"), said("A", done="第二稿。"), said("B", submit=True)]}
    first = lin.post("reports/batch/", batch).json()["results"]
    events = Event.objects.count()
    again = lin.post("reports/batch/", batch).json()["results"]
    assert [one["status"] for one in first] == [201, 200, 201]
    assert [one["status"] for one in again] == [200, 200, 200]
    assert Event.objects.count() == events
    assert ProgressReport.objects.get(commitment__code="A").done == "第二稿。"
    assert ProgressReport.objects.count() == 2


def test_a_report_that_somebody_changed_meanwhile_is_not_overwritten(lin: Caller) -> None:
    read = lin.post("reports/", said("A")).json()["revision"]
    lin.post("reports/", said("A", done="同事补充。"))
    stale = said("A", done="旧稿。", expected_revision=read)
    (result,) = lin.post("reports/batch/", {"reports": [stale]}).json()["results"]
    assert (result["status"], result["error"]["code"]) == (412, "stale")
    assert result["error"]["revision"] > read
    assert ProgressReport.objects.get().done == "同事补充。"


@pytest.mark.parametrize("reports", [None, [], "x", [{}] * 51])
def test_a_batch_of_no_or_too_many_reports_is_refused(reports: object, lin: Caller) -> None:
    assert_refused(lin.post("reports/batch/", {"reports": reports}), 400, "batch_size", "reports")


def test_a_batch_takes_nothing_else(lin: Caller) -> None:
    body = {"reports": [said("A")], "atomic": True}
    assert_refused(lin.post("reports/batch/", body), 400, "field_unknown", "atomic")
    assert not ProgressReport.objects.exists()


def test_a_repetition_is_harmless_also_when_what_it_had_read_was_accepted_meanwhile(
    lin: Caller, sign_in: SignIn
) -> None:
    read = lin.post("reports/", said("A"))
    sent = said("A", submit=True, expected_revision=read.json()["revision"])
    ref = lin.post("reports/batch/", {"reports": [sent]}).json()["results"][0]["report"]["ref"]
    assert sign_in("chen").post(f"reports/{ref}/acceptance/").status_code == 200
    (again,) = lin.post("reports/batch/", {"reports": [sent]}).json()["results"]
    assert (again["status"], again["report"]["state"]) == (200, "accepted")
    late = said("A", expected_revision=read.json()["revision"])
    (refused,) = lin.post("reports/batch/", {"reports": [late]}).json()["results"]
    assert (refused["status"], refused["error"]["code"]) == (412, "stale")
