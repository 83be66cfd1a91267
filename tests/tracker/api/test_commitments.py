"""The list and the whole of one: what is shown, to whom, at what cost."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import orjson
import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.actions import clock
from tests.factories import (
    Cast,
    make_clause,
    make_commitment,
    make_indicator,
    make_milestone,
    make_plan,
    make_reading,
    make_report,
    make_target,
)
from tests.tracker.api.conftest import Caller, assert_fits, assert_refused
from tracker.actions import people
from tracker.api.serializers import CommitmentOutput
from tracker.choices import Health, Involvement, Kind, ReportState
from tracker.models import Commitment, CommitmentDepartment
from tracker.policies import SYSTEM

SignIn = Callable[[str], Caller]


def codes(response: Any) -> list[str]:
    assert response.status_code == 200, response.content
    return [row["code"] for row in response.json()["results"]]


@pytest.fixture
def three(cast: Cast) -> None:
    """One of science, one of science that health supports, one of health."""
    plan = make_plan("P1")
    clause = make_clause(plan, "1.1", parent=make_clause(plan, "1"))
    make_commitment("A", department=cast.science, health=Health.OFF_TRACK, clause=clause)
    shared = make_commitment("B", department=cast.science, kind=Kind.PROJECT, is_continuous=True, title="高铁站")
    CommitmentDepartment.objects.create(
        commitment=shared, department=cast.health_bureau, involvement=Involvement.SUPPORTING, order=1
    )
    make_commitment("C", department=cast.health_bureau, plan=make_plan("P2"), due_on=date(2026, 6, 30))


@pytest.mark.parametrize(
    ("name", "seen"), [("lin", "AB"), ("zhou", "BC"), ("chen", "ABC"), ("wu", "ABC"), ("gu", "ABC")]
)
def test_each_persona_lists_what_is_in_sight(name: str, seen: str, three: None, sign_in: SignIn) -> None:
    phone = sign_in(name)
    assert codes(phone.get("commitments/")) == list(seen)
    for code in "ABC":
        response = phone.get(f"commitments/{code}/")
        if code in seen:
            assert response.status_code == 200
            assert_fits(response.json(), "CommitmentDetailOutput")
        else:
            assert_refused(response, 404, "not_found")


def test_a_foreign_commitment_and_an_unknown_one_answer_alike(three: None, sign_in: SignIn) -> None:
    phone = sign_in("lin")
    assert phone.get("commitments/C/").content == phone.get("commitments/ZZZ/").content


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("health=off_track", "A"),
        ("kind=project", "B"),
        ("stage=in_progress", "ABC"),
        ("department=kjj", "AB"),
        ("department=wjw&health=off_track", ""),
        ("plan=P2", "C"),
        ("chapter=1", "A"),
        ("q=高铁", "B"),
        ("q=c", "C"),
        ("due_before=2026-06-30", "C"),
        ("due_after=2026-07-01", "A"),
        ("is_continuous=true", "B"),
        ("is_continuous=false&plan=P1", "A"),
    ],
)
def test_filters_narrow(query: str, found: str, three: None, sign_in: SignIn) -> None:
    assert codes(sign_in("wu").get(f"commitments/?{query}")) == list(found)


@pytest.mark.parametrize(
    ("query", "code", "field"),
    [
        ("colour=red", "filter_unknown", "colour"),
        ("health=purple", "filter_value", "health"),
        ("kind=Projekt", "filter_value", "kind"),
        ("due_before=31.12.2026", "filter_value", "due_before"),
        ("due_after=2026-02-30", "filter_value", "due_after"),
        ("is_continuous=maybe", "filter_value", "is_continuous"),
        ("health=", "filter_empty", "health"),
        ("health=done&health=at_risk", "filter_twice", "health"),
        ("q=" + "x" * 101, "filter_value", "q"),
        ("q=%00", "filter_value", "q"),
        ("department=nobody", "filter_code", "department"),
        ("department=wjw", "filter_code", "department"),
        ("plan=P2", "filter_code", "plan"),
        ("chapter=9", "filter_code", "chapter"),
        ("limit=0", "limit_out_of_range", "limit"),
        ("limit=201", "limit_out_of_range", "limit"),
        ("limit=ten", "limit_out_of_range", "limit"),
        ("cursor=abc", "cursor_unknown", "cursor"),
        ("cursor=WyJBIl0:abc", "cursor_unknown", "cursor"),
    ],
)
def test_a_bad_filter_says_what_is_allowed(query: str, code: str, field: str, cast: Cast, sign_in: SignIn) -> None:
    make_commitment("A", department=cast.science)
    make_commitment("C", department=cast.health_bureau, plan=make_plan("P2"))
    assert_refused(sign_in("lin").get(f"commitments/?{query}"), 400, code, field)


def test_pages_follow_each_other_without_gap_or_repeat(cast: Cast, sign_in: SignIn) -> None:
    for number in range(7):
        make_commitment(f"N-{number}", department=cast.science, health=Health.AT_RISK)
    phone, seen, path = sign_in("lin"), [], "commitments/?limit=3&health=at_risk"
    while path:
        response = phone.get(path)
        seen += codes(response)
        following = response.json()["next"]
        path = following.removeprefix("/api/v1/") if following else ""
    assert seen == [f"N-{number}" for number in range(7)]


def test_a_cursor_of_another_list_is_refused(three: None, sign_in: SignIn) -> None:
    phone = sign_in("wu")
    cursor = phone.get("commitments/?limit=1").json()["next"].split("cursor=")[1].split("&")[0]
    assert_refused(phone.get(f"plans/?cursor={cursor}"), 400, "cursor_unknown")


@pytest.mark.parametrize("path", ["commitments/?limit=200", "commitments/?limit=200&health=no_data&department=kjj"])
def test_a_list_costs_one_query_whatever_its_rows(path: str, cast: Cast, sign_in: SignIn) -> None:
    phone, counts = sign_in("lin"), []
    for rows in (3, 30):
        for number in range(Commitment.objects.count(), rows):
            make_commitment(f"N-{number:02}", department=cast.science)
        phone.get(path)  # fills the token cache
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert len(codes(phone.get(path))) == rows
        counts.append(len(queries))
    assert counts == [2, 2]  # the revision of the tag, the rows; the token comes from the cache
    cache.clear()
    with CaptureQueriesContext(connection) as queries:
        phone.get(path)
    assert len(queries) == 5  # the token with its person, the person's other tokens (knox tidies), its use; as above


def test_the_page_of_one_commitment_costs_the_same_for_3_and_30_parts(cast: Cast, sign_in: SignIn) -> None:
    phone, counts = sign_in("lin"), []
    item = make_commitment("A", department=cast.science)
    for parts in (3, 30):
        for number in range(item.milestones.count(), parts):
            make_milestone(item, f"M{number}")
            make_reading(make_indicator(f"i{number}"), 2023, Decimal(1))
            make_target(item, item_indicator(number))
            make_report(item, author=cast.lin, state=ReportState.ACCEPTED, reviewer=cast.chen)
        phone.get("commitments/A/")
        with CaptureQueriesContext(connection) as queries:
            assert len(phone.get("commitments/A/").json()["milestones"]) == parts
        counts.append(len(queries))
    assert counts == [8, 8]  # the clock, itself, departments, milestones, targets, readings, paths, reports


def item_indicator(number: int) -> Any:
    from projects.models import Indicator

    return Indicator.objects.get(code=f"i{number}")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_list_rows_equal_the_output_serializer(language: str, three: None, sign_in: SignIn) -> None:
    from django.utils import translation

    Commitment.objects.filter(code="A").update(
        progress=Decimal("12.50"),
        progress_basis="reported",
        forecast_on=date(2027, 1, 3),
        health_reasons=[
            {"code": "overdue", "params": {"due_on": "2026-11-10"}},
            {"code": "reports_missed", "params": {"count": 2}},
        ],
    )
    make_commitment("D")  # no lead, no clause
    phone = sign_in("wu")
    phone.headers["Accept-Language"] = language
    items = Commitment.objects.select_related("plan", "lead", "clause__chapter").order_by("code")
    with translation.override(language):
        expected = orjson.loads(orjson.dumps(CommitmentOutput(items, many=True).data))
    rows = phone.get("commitments/").json()["results"]
    assert rows == expected
    assert [list(row) for row in rows] == [list(row) for row in expected]
    for row in rows:
        assert_fits(row, "CommitmentOutput")
    assert ("逾期" in rows[0]["sentence"]) == (language == "zh-hans") or "12" in rows[0]["sentence"]


def test_a_commitment_shows_its_parts(cast: Cast, sign_in: SignIn) -> None:
    parent = make_commitment("P", department=cast.health_bureau)
    item = make_commitment("A", department=cast.science, parent=parent, due_on=date(2026, 12, 31))
    indicator = make_indicator()
    make_reading(indicator, 2023, Decimal(201))
    make_target(item, indicator)
    make_milestone(item, "开工", planned_on=date(2026, 5, 1), weight=Decimal("40.00"))
    make_report(item, author=cast.lin, state=ReportState.DRAFT)
    body = sign_in("lin").get("commitments/A/").json()
    assert_fits(body, "CommitmentDetailOutput")
    assert body["targets"][0]["required"] == "262"
    assert body["targets"][0]["readings"][0]["verified"] == "201"
    assert body["milestones"][0]["weight"] == 40
    assert [report["state"] for report in body["reports"]] == ["draft"]
    assert body["parent"] is None  # a foreign parent's code is not told
    seen_by_chen = sign_in("chen").get("commitments/A/").json()
    assert (seen_by_chen["parent"], seen_by_chen["reports"]) == ("P", [])  # drafts stay in their department


def test_an_unchanged_commitment_answers_304_and_a_changed_one_does_not(cast: Cast, sign_in: SignIn) -> None:
    item = make_commitment("A", department=cast.science)
    clock.stamp(item)
    phone = sign_in("lin")
    tag = phone.get("commitments/A/")["ETag"]
    again = phone.get("commitments/A/", If_None_Match=tag)
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    assert phone.get("commitments/A/", If_None_Match=f"W/{tag}").status_code == 304
    assert sign_in("wu").get("commitments/A/", If_None_Match=tag).status_code == 200  # another scope
    chinese = phone.get("commitments/A/", If_None_Match=tag, Accept_Language="zh-hans")
    assert chinese.status_code == 200
    clock.stamp(make_report(item, author=cast.lin, state=ReportState.DRAFT))
    assert phone.get("commitments/A/", If_None_Match=tag).status_code == 200


def test_overview_plans_and_departments_show_what_is_in_sight(three: None, sign_in: SignIn) -> None:
    lin, wu = sign_in("lin"), sign_in("wu")
    assert [row["code"] for row in lin.get("plans/").json()["results"]] == ["P1"]
    assert [row["code"] for row in wu.get("plans/").json()["results"]] == ["P1", "P2"]
    assert wu.get("plans/").json()["results"][0]["chapters"] == [{"code": "1", "heading": "产业焕新"}]
    assert [row["code"] for row in lin.get("departments/").json()["results"]] == ["kjj"]
    assert [row["code"] for row in wu.get("departments/").json()["results"]] == ["dcs", "kjj", "wjw"]
    assert lin.get("overview/").json()["total_count"] == 2
    body = wu.get("overview/?plan=P1").json()
    assert (body["total_count"], body["lights"]["off_track"], body["plan"]) == (2, 1, "P1")
    assert_fits(body, "OverviewOutput")
    assert_fits(wu.get("plans/").json()["results"][0], "PlanOutput")
    assert_fits(wu.get("departments/").json()["results"][0], "DepartmentLineOutput")
    assert_refused(lin.get("overview/?plan=P2"), 400, "filter_code", "plan")
    assert_refused(lin.get("departments/?kind=city"), 400, "filter_unknown", "kind")


def test_a_deactivated_person_writes_nothing_at_once_and_reads_nothing_after_seconds(
    cast: Cast, sign_in: SignIn
) -> None:
    make_commitment("A", department=cast.science)
    phone = sign_in("lin")
    assert codes(phone.get("commitments/")) == ["A"]
    people.deactivate_user(cast.lin, by=SYSTEM)
    assert_refused(phone.post("reports/", {"commitment": "A", "is_no_change": True}), 401, "token_invalid")
    cache.clear()  # what fifteen seconds do
    assert_refused(phone.get("commitments/"), 401, "token_invalid")
