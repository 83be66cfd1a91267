"""What the pages show of plans, histories, milestones and indicators, over REST: shape, sight, order, cost."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.models import Indicator
from tests.factories import (
    TODAY,
    Cast,
    make_blocker,
    make_clause,
    make_commitment,
    make_extension,
    make_indicator,
    make_milestone,
    make_plan,
    make_post,
    make_reading,
    make_report,
    make_target,
)
from tests.tracker.api.conftest import Caller, assert_fits, assert_refused
from tracker.actions import extensions
from tracker.choices import Comparator, Health, Involvement, Kind
from tracker.models import Clause, Commitment, CommitmentDepartment, PostHolding

SignIn = Callable[[str], Caller]
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Scene:
    """Plan P: chapter 1 with 1.1, which holds A of science and F of health, and 1.2, judged; chapter 2, a gap."""

    cast: Cast
    item: Commitment
    foreign: Commitment


@pytest.fixture
def scene(cast: Cast) -> Scene:
    plan = make_plan("P")
    first = make_clause(plan, "1")
    held = make_clause(plan, "1.1", heading="科创", parent=first)
    judged = make_clause(plan, "1.2", heading="形势", parent=first)
    make_clause(plan, "2", heading="开放")
    Clause.objects.filter(pk=held.pk).update(verbatim="建成科创中心，引进高企。")
    Clause.objects.filter(pk=judged.pk).update(needs_no_commitment=True, no_commitment_reason="只作判断。")
    item = make_commitment(
        "A", title="建成科创中心", plan=plan, clause=held, department=cast.science, health=Health.OFF_TRACK
    )
    Commitment.objects.filter(pk=item.pk).update(span_start=0, span_end=6)
    foreign = make_commitment("F", plan=plan, clause=held, department=cast.health_bureau, health=Health.ON_TRACK)
    return Scene(cast=cast, item=item, foreign=foreign)


def keys(response: Any, name: str = "code") -> list[Any]:
    assert response.status_code == 200, response.content
    return [row[name] for row in response.json()["results"]]


def read(phone: Caller, path: str) -> list[Any]:
    """All rows of a list, page by page."""
    rows: list[Any] = []
    following: str | None = path
    while following:
        page = phone.get(following).json()
        rows += page["results"]
        following = page["next"].removeprefix("/api/v1/") if page["next"] else None
    return rows


def test_a_plan_has_its_figures_as_far_as_the_reader_sees_them(scene: Scene, sign_in: SignIn) -> None:
    whole, own = (sign_in(name).get("plans/P/") for name in ("chen", "lin"))
    assert_fits(whole.json(), "PlanDetailOutput")
    assert [(one["code"], one["late_count"]) for one in whole.json()["chapters"]] == [("1", 1), ("2", 0)]
    assert (whole.json()["total_count"], whole.json()["lights"]["on_track"]) == (2, 1)
    counted = whole.json()["coverage"]
    assert (counted["covered_count"], counted["judged_count"], counted["uncommitted_count"]) == (1, 1, 1)
    assert (own.json()["total_count"], own.json()["lights"]["on_track"]) == (1, 0)
    counted = own.json()["coverage"]
    assert (counted["covered_count"], counted["judged_count"], counted["uncommitted_count"]) == (1, None, None)
    assert sign_in("chen").get("plans/P/", If_None_Match=whole["ETag"]).status_code == 304
    make_plan("NOTHING-IN-SIGHT")
    for path in ("plans/NOTHING-IN-SIGHT/", "plans/NOTHING-IN-SIGHT/clauses/", "plans/NO/", "plans/P/clauses/9/"):
        assert_refused(sign_in("lin").get(path), 404, "not_found")


def test_clauses_stand_in_the_order_of_the_text_with_what_was_promised_in_them(scene: Scene, sign_in: SignIn) -> None:
    chen, lin = sign_in("chen"), sign_in("lin")
    rows = read(chen, "plans/P/clauses/?limit=1")
    assert [row["code"] for row in rows] == ["1", "1.1", "1.2", "2"]
    assert [(row["depth"], row["parent"]) for row in rows] == [(0, None), (1, "1"), (1, "1"), (0, None)]
    assert [row["coverage"] for row in rows] == [None, "covered", "judged", "uncommitted"]
    for row in rows:
        assert_fits(row, "ClauseOutput")
        alone = chen.get(row["url"].removeprefix("/api/v1/"))
        assert alone.json() == row
        assert chen.get(row["url"].removeprefix("/api/v1/"), If_None_Match=alone["ETag"]).status_code == 304
    first = rows[1]["commitments"][0]
    assert rows[1]["verbatim"][first["span_start"] : first["span_end"]] == first["title"]
    assert [one["code"] for one in rows[1]["commitments"]] == ["A", "F"]
    own = {row["code"]: row for row in read(lin, "plans/P/clauses/")}
    assert [one["code"] for one in own["1.1"]["commitments"]] == ["A"]
    assert (own["1.2"]["coverage"], own["2"]["coverage"]) == (None, None)
    asked = {
        "chapter=2": ["2"],
        "health=off_track": ["1", "1.1"],
        "health=at_risk": [],
        "show=uncommitted": ["2"],
        "show=judged": ["1", "1.2"],
        "show=covered": ["1", "1.1"],
        "show=unowned": [],
    }
    assert {query: keys(chen.get(f"plans/P/clauses/?{query}")) for query in asked} == asked
    only = chen.get("plans/P/clauses/?health=off_track").json()["results"][1]["commitments"]
    assert [one["code"] for one in only] == ["A"]
    assert_refused(lin.get("plans/P/clauses/?show=uncommitted"), 400, "filter_value", "show")
    assert_refused(chen.get("plans/P/clauses/?chapter=1.1"), 400, "filter_code", "chapter")


def test_a_history_tells_what_happened_a_page_at_a_time_with_its_proof(scene: Scene, sign_in: SignIn) -> None:
    for number in (1, 2):
        asked = extensions.request(
            scene.item, wanted_on=date(2027, 3, number), reason="设备延期。", by=scene.cast.actor("lin"), today=TODAY
        )
        extensions.withdraw(asked, reason="不再需要。", by=scene.cast.actor("lin"), today=TODAY)
    lin = sign_in("lin")
    page = lin.get("commitments/A/history/?limit=3")
    assert_fits(page.json(), "HistoryPageOutput")
    assert page.json()["proof"] == {"event_count": 3, "broken_seq": None}
    rows = read(lin, "commitments/A/history/?limit=3")
    assert [row["kind"] for row in rows] == ["extension_withdrawn", "extension_requested"] * 2
    assert [row["seq"] for row in rows] == sorted((row["seq"] for row in rows), reverse=True)
    assert rows[0]["reason"] == "不再需要。"
    assert_refused(sign_in("zhou").get("commitments/A/history/"), 404, "not_found")
    assert_refused(lin.get("commitments/A/history/?kind=x"), 400, "filter_unknown", "kind")


def test_milestones_stand_by_their_day_and_only_those_of_commitments_in_sight(scene: Scene, sign_in: SignIn) -> None:
    make_milestone(scene.item, "undated")
    make_milestone(scene.item, "ahead", planned_on=TODAY + DAY, weight=Decimal(2))
    make_milestone(scene.item, "late", planned_on=TODAY - DAY)
    make_milestone(scene.item, "met", planned_on=TODAY - DAY, actual_on=TODAY)
    make_milestone(scene.foreign, "foreign", planned_on=TODAY)
    lin, chen = sign_in("lin"), sign_in("chen")
    rows = read(chen, "milestones/?limit=2")
    assert [row["name"] for row in rows] == ["late", "met", "foreign", "ahead", "undated"]
    assert [row["is_overdue"] for row in rows] == [True, False, False, False, False]
    for row in rows:
        assert_fits(row, "DatedMilestoneOutput")
    own = ["late", "met", "ahead", "undated"]
    asked = {
        "milestones/": own,
        "commitments/A/milestones/": own,
        "milestones/?state=overdue": ["late"],
        "milestones/?state=open": ["late", "ahead", "undated"],
        "commitments/A/milestones/?state=reached": ["met"],
        f"milestones/?due_after={TODAY}": ["ahead"],
        f"milestones/?due_before={TODAY}&commitment=A": ["late", "met"],
        "milestones/?plan=P&department=kjj&state=reached": ["met"],
    }
    assert {path: keys(lin.get(path), "name") for path in asked} == asked
    assert_refused(lin.get("milestones/?commitment=F"), 400, "filter_code", "commitment")
    assert_refused(lin.get("commitments/F/milestones/"), 404, "not_found")
    assert_refused(lin.get("commitments/A/milestones/?plan=P"), 400, "filter_unknown", "plan")


def test_an_indicator_has_its_readings_and_the_targets_in_sight(scene: Scene, sign_in: SignIn) -> None:
    aimed, bare = make_indicator("aimed"), make_indicator("bare")
    for year, value in ((2023, 200), (2024, 220), (2025, 240)):
        make_reading(aimed, year, Decimal(value))
    make_target(scene.item, aimed)
    make_target(scene.foreign, aimed, comparator=Comparator.AT_LEAST, value=Decimal(300), growth_percent=None)
    lin, chen = sign_in("lin"), sign_in("chen")
    page = lin.get("indicators/")
    assert_fits(page.json(), "IndicatorPageOutput")
    assert keys(page) == ["aimed", "bare"]
    assert [row["code"] for row in read(lin, "indicators/?limit=1")] == ["aimed", "bare"]
    whole = chen.get("indicators/aimed/").json()
    assert_fits(whole, "IndicatorDetailOutput")
    assert [one["verified"] for one in whole["readings"]] == ["240", "220", "200"]
    assert [one["commitment"]["code"] for one in whole["targets"]] == ["A", "F"]
    own = lin.get("indicators/aimed/").json()
    assert [one["commitment"]["code"] for one in own["targets"]] == ["A"]
    assert [one["code"] for one in own["commitments"]] == ["A"]
    (target,) = own["targets"]
    assert (target["required"], target["latest_value"], target["is_reached"]) == ("260", "240", False)
    assert target["forecast"]["on"] == "2026-12-31"
    assert keys(lin.get("commitments/A/targets/"), "required") == ["260"]
    assert_fits(lin.get("commitments/A/targets/").json(), "AimListOutput")
    asked = {"has_target=true": ["aimed"], "has_target=false": ["bare"], "health=on_track": [], "q=bar": ["bare"]}
    assert {query: keys(lin.get(f"indicators/?{query}")) for query in asked} == asked
    assert lin.get(f"indicators/{bare.code}/").json()["latest"] is None
    assert_refused(lin.get("commitments/F/targets/"), 404, "not_found")
    assert_refused(lin.get("commitments/A/targets/?limit=5"), 400, "filter_unknown")
    assert_refused(lin.get("indicators/none/"), 404, "not_found")


def test_the_list_takes_every_filter_of_its_page(scene: Scene, sign_in: SignIn) -> None:
    post = make_post("kjj-head", department=scene.cast.science)
    PostHolding.objects.create(post=post, holder=scene.cast.lin, starts_on=TODAY)
    Commitment.objects.filter(code="A").update(post=post)
    done = make_commitment("D", department=scene.cast.science, health=Health.DONE, progress=Decimal(100))
    make_commitment("P", department=scene.cast.science, kind=Kind.PROJECT)
    CommitmentDepartment.objects.create(
        commitment=done, department=scene.cast.health_bureau, involvement=Involvement.SUPPORTING, order=1
    )
    make_report(scene.item, author=scene.cast.lin)
    make_extension(scene.foreign, author=scene.cast.zhou)
    make_blocker(scene.foreign, author=scene.cast.zhou, wanted_from=post)
    lin, chen = sign_in("lin"), sign_in("chen")
    asked = {
        "health=open": ["A", "F", "P"],
        "department=wjw": ["F"],
        "department=wjw&part=lead": ["F"],
        "department=wjw&part=supporting": ["D"],
        "department=wjw&part=responsible": [],
        "progress=unknown&kind=project": ["P"],
        "waits_for=review": ["A", "F"],
        "waits_for=me": ["F"],
        "post=kjj-head": ["A"],
        "post=kjj-head&health=done": [],
        "portfolio=mine": [],
    }
    assert {query: keys(chen.get(f"commitments/?{query}")) for query in asked} == asked
    assert keys(lin.get("commitments/?portfolio=mine")) == ["A"]
    assert keys(lin.get("commitments/?waits_for=me")) == []  # the blocker asks them of what they do not see
    assert_refused(lin.get("commitments/?part=supporting"), 400, "filter_needs", "part")
    assert_refused(lin.get("commitments/?post=nobody"), 400, "filter_code", "post")
    assert_refused(lin.get("commitments/?department=nobody&part=supporting"), 400, "filter_code", "department")


def test_each_costs_the_same_for_few_and_many_rows(scene: Scene, sign_in: SignIn) -> None:
    paths = (
        "plans/P/", "plans/P/clauses/?limit=200", "plans/P/clauses/1.1/", "commitments/A/history/", "milestones/",
        "commitments/A/milestones/", "commitments/A/targets/", "indicators/", "indicators/i0/",
    )  # fmt: skip
    phone, costs = sign_in("lin"), dict[str, list[int]]()
    clause = Clause.objects.get(code="1.1")
    for numbers in (range(2), range(2, 6)):
        for number in numbers:
            indicator = make_indicator(f"i{number}")
            make_reading(indicator, 2023, Decimal(1))
            item = make_commitment(f"N-{number}", plan=clause.plan, clause=clause, department=scene.cast.science)
            make_clause(clause.plan, f"1.1.{number}", parent=clause)
            for aiming in {item, scene.item}:
                make_target(aiming, indicator)
                make_milestone(aiming, f"M{number}", planned_on=TODAY)
            if number:
                make_target(item, Indicator.objects.get(code="i0"))
            asked = extensions.request(
                scene.item, wanted_on=date(2027, 3, 1), reason="延期。", by=scene.cast.actor("lin"), today=TODAY
            )
            extensions.withdraw(asked, reason="不用。", by=scene.cast.actor("lin"), today=TODAY)
        for path in paths:
            phone.get(path)  # fills the caches
            with CaptureQueriesContext(connection) as queries:
                assert phone.get(path).status_code == 200
            costs.setdefault(path, []).append(len(queries))
    assert {path: few - many for path, (few, many) in costs.items()} == dict.fromkeys(paths, 0), costs
