"""Contributions over REST: a supporting department hands its part to the lead; no third one reads it."""

from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest

from tests.factories import Cast, make_commitment, make_department, make_plan, make_report, make_user
from tests.tracker.api.conftest import Caller, assert_fits, assert_refused
from tracker.choices import Involvement
from tracker.models import Commitment, CommitmentDepartment, Contribution

SignIn = Callable[[str], Caller]


@pytest.fixture
def item(cast: Cast) -> Commitment:
    """Lin's; Zhou's department supports it, and so does that of Tang."""
    found = make_commitment("K-1", department=cast.science, plan=make_plan("T", tracked_since=date(2026, 11, 1)))
    make_user("tang", department=make_department("tj"))
    for department in (cast.health_bureau, make_department("tj")):
        CommitmentDepartment.objects.create(commitment=found, department=department, involvement=Involvement.SUPPORTING)
    return found


def test_a_department_hands_in_its_part_and_may_change_it_until_the_lead_reports(
    cast: Cast, item: Commitment, sign_in: SignIn
) -> None:
    zhou, lin = sign_in("zhou"), sign_in("lin")
    given = zhou.post("contributions/", {"commitment": "K-1", "text": "提供床位数据。"})
    assert (given.status_code, given["Location"]) == (201, given.json()["url"])
    assert_fits(given.json(), "ContributionOutput")
    assert given.json()["department"] == {"code": "wjw", "name": "市卫生健康委"}
    again = zhou.post("contributions/", {"commitment": "K-1", "text": "床位 300 张。"})
    assert (again.status_code, again.json()["ref"]) == (200, given.json()["ref"])
    path = again.json()["url"].removeprefix("/api/v1/")
    assert_refused(zhou.put(path, {"text": "x"}, If_Match=given["ETag"]), 412, "stale")
    changed = zhou.put(path, {"is_no_change": True}, If_Match=again["ETag"])
    assert (changed.status_code, changed.json()["is_no_change"], changed.json()["text"]) == (200, True, "")
    assert lin.get(path).json() == changed.json()
    assert len(lin.get("contributions/?commitment=K-1&is_no_change=true&is_late=false").json()["results"]) == 1
    make_report(item, author=cast.lin)
    assert_refused(zhou.put(path, {"text": "x"}), 409, "contribution_closed")


def test_a_late_retry_does_not_write_over_newer_words(cast: Cast, item: Commitment, sign_in: SignIn) -> None:
    zhou, body = sign_in("zhou"), {"commitment": "K-1", "text": "第一次。", "client_ref": str(uuid4())}
    first = zhou.post("contributions/", body)
    zhou.put(first.json()["url"].removeprefix("/api/v1/"), {"text": "更正。"})
    late = zhou.post("contributions/", body)
    assert (late.status_code, late.json()["text"], late["Location"]) == (200, "更正。", first["Location"])
    second = zhou.post("contributions/", {"commitment": "K-1", "text": "再更正。", "client_ref": str(uuid4())})
    assert (second.status_code, second["Location"]) == (200, first["Location"])
    assert Contribution.objects.get().text == "再更正。"


def test_who_has_no_part_gives_none_and_a_foreign_one_is_not_found(
    cast: Cast, item: Commitment, sign_in: SignIn
) -> None:
    phones = {name: sign_in(name) for name in ("lin", "zhou", "chen", "wu")}
    path = phones["zhou"].post("contributions/", {"commitment": "K-1", "text": "好"}).json()["url"]
    path, before = path.removeprefix("/api/v1/"), list(Contribution.objects.values())
    make_commitment("OWN", department=cast.science)
    for name, body, status, code in (
        ("lin", {"commitment": "K-1"}, 403, "contribution_not_yours"),
        ("chen", {"commitment": "K-1"}, 403, "contribution_not_yours"),
        ("zhou", {"commitment": "OWN"}, 404, "not_found"),
        ("zhou", {"commitment": "ZZZ"}, 404, "not_found"),
        ("zhou", {"commitment": "K-1", "text": ""}, 400, "contribution_empty"),
        ("zhou", {"commitment": "K-1", "period_start": "2026-08-01"}, 409, "period_closed"),
        ("zhou", {"commitment": "K-1", "period": "2026-11-01"}, 400, "field_unknown"),
    ):
        assert_refused(phones[name].post("contributions/", {"text": "x"} | body), status, code)
    assert_refused(phones["lin"].put(path, {"text": "x"}), 403, "contribution_not_yours")
    tang = sign_in("tang")
    assert tang.get(path).content == tang.get(f"contributions/{uuid4()}/").content
    assert_refused(tang.put(path, {"text": "x"}), 404, "not_found")
    assert tang.get("contributions/?commitment=K-1").json()["results"] == []
    assert list(Contribution.objects.values()) == before
