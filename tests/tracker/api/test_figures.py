"""The overview and the changes of lights over REST: the same figures as on the pages, at a fixed cost."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils import timezone, translation

from tests.factories import (
    TODAY,
    Cast,
    make_blocker,
    make_clause,
    make_commitment,
    make_indicator,
    make_plan,
    make_post,
    make_reading,
    make_report,
    make_target,
)
from tests.tracker.api.conftest import Caller, assert_fits, assert_refused
from tracker.actions import looks
from tracker.choices import Health, Kind
from tracker.models import Commitment, LastLook, LightChange, PostHolding
from tracker.queries import overview
from tracker.web import overview_page

SignIn = Callable[[str], Caller]
DAY = timedelta(days=1)


def change(code: str, before: str, after: str, *, days: int) -> None:
    item = Commitment.objects.get(code=code)
    LightChange.objects.create(commitment=item, plan=item.plan, on=TODAY - days * DAY, before=before, after=after)


@pytest.fixture
def figures(cast: Cast) -> Cast:
    """Plan P1 with a late matter, one at risk and a target; P2 with one of the health bureau."""
    plan, second = make_plan("P1"), make_plan("P2")
    clause = make_clause(plan, "1")
    late = make_commitment(
        "A", plan=plan, department=cast.science, clause=make_clause(plan, "1.1", parent=clause),
        health=Health.OFF_TRACK, progress=Decimal(30),
    )  # fmt: skip
    make_commitment("R", plan=plan, department=cast.science, health=Health.AT_RISK)
    target = make_commitment("T", plan=plan, department=cast.science, kind=Kind.TARGET, health=Health.ON_TRACK)
    indicator = make_indicator()
    make_reading(indicator, 2023, Decimal(200))
    make_reading(indicator, 2025, Decimal(230))
    make_target(target, indicator)
    make_commitment("Z", plan=second, department=cast.health_bureau, health=Health.ON_TRACK)
    make_report(late, author=cast.lin)
    post = make_post("mayor")
    PostHolding.objects.create(post=post, holder=cast.wu, starts_on=TODAY)
    make_blocker(late, author=cast.lin, wanted_from=post)
    change("A", "", Health.ON_TRACK, days=9)
    change("A", Health.ON_TRACK, Health.OFF_TRACK, days=3)
    change("Z", "", Health.ON_TRACK, days=1)
    return cast


def ask(phone: Caller, path: str) -> Any:
    answer = phone.get(path)
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_the_overview_of_one_plan_is_that_of_its_page(figures: Cast, sign_in: SignIn) -> None:
    body = ask(sign_in("wu"), "overview/?plan=P1")
    assert_fits(body, "OverviewOutput")
    with override_settings(ROOT_URLCONF="config.urls"), translation.override("en"):
        page = overview_page.context(figures.actor("wu"), plan_code="P1", today=TODAY)
    assert body["headline"] == "".join(piece["text"] for piece in page["headline"])
    assert (body["plan"], body["total_count"], body["days_left"]) == ("P1", 3, page["days_left"])
    for part, name in (("late", "late"), ("at_risk", "at_risk"), ("third", "waiting")):
        assert body[name]["total_count"] == page[part]["total"]
        assert [row["code"] for row in body[name]["commitments"]] == [row["code"] for row in page[part]["rows"]]
    (asked,) = body["waiting"]["commitments"]
    assert (body["waiting"]["kind"], asked["asked"]["kind"]) == ("word", "blocker")
    assert_fits(asked, "AskedLineOutput")
    (target,) = body["targets"]
    assert_fits(target, "AimOutput")
    assert (target["required"], target["latest_value"], target["latest_on"]) == ("260", "230", "2025-12-31")
    assert body["chapters"] == [{"code": "1", "heading": "产业焕新", "late_count": 1}]
    (cell,) = body["matrix"]["cells"]
    assert (cell["chapter"], cell["department"], cell["health"], cell["count"]) == ("1", "kjj", "off_track", 1)
    found = overview.of_plan(make_plan("P1"), viewer=figures.actor("wu"), today=TODAY)
    assert (body["week"], body["month"]) == (found.week, found.month)


def test_all_plans_stand_side_by_side_and_each_role_finds_what_waits_for_it(figures: Cast, sign_in: SignIn) -> None:
    for name, plans, kind, waiting in (
        ("wu", ["P1", "P2"], "word", ["A"]),
        ("chen", ["P1", "P2"], "review", ["A"]),
        ("lin", ["P1"], "silent", []),
        ("zhou", ["P2"], "silent", []),
    ):
        body = ask(sign_in(name), "overview/")
        assert_fits(body, "OverviewOutput")
        assert [one["code"] for one in body["plans"]] == plans
        assert body["total_count"] == sum(one["total_count"] for one in body["plans"])
        assert (body["waiting"]["kind"], [row["code"] for row in body["waiting"]["commitments"]]) == (kind, waiting)
        assert (body["plan"], body["targets"], body["matrix"]) == (None, [], None)
    for path in ("overview/?plan=no", "overview/?plan=P2"):
        assert_refused(sign_in("lin").get(path), 400, "filter_code", "plan")
    assert_refused(sign_in("lin").get("overview/?limit=1"), 400, "filter_unknown")


def test_what_is_new_since_the_last_visit_leads_to_exactly_these_changes(figures: Cast, sign_in: SignIn) -> None:
    wu, viewer = sign_in("wu"), figures.actor("wu")
    assert ask(wu, "overview/")["since_last_look"] is None
    LastLook.objects.all().delete()
    now = timezone.now()
    looks.look(viewer, now=now - 2 * DAY)
    change("R", Health.ON_TRACK, Health.AT_RISK, days=0)
    tag = wu.get("overview/")["ETag"]
    looks.look(viewer, now=now)
    seen = wu.get("overview/", If_None_Match=tag)
    assert seen.status_code == 200, "a visit changes what is new"
    new = seen.json()["since_last_look"]
    assert (datetime.fromisoformat(new["since"]), new["total_count"], new["came"]["at_risk"]) == (now - 2 * DAY, 1, 1)
    assert [row["commitment"]["code"] for row in ask(wu, f"changes/?newer={new['newer']}")["results"]] == ["R"]
    assert ask(wu, "overview/")["since_last_look"] == new, "the API is no visit"


def test_the_changes_are_those_of_the_page_with_its_filters(figures: Cast, sign_in: SignIn) -> None:
    wu = sign_in("wu")
    whole = ask(wu, "changes/")
    for row in whole["results"]:
        assert_fits(row, "LightChangeOutput")
    assert whole["results"][-1]["before"] is None
    assert (whole["total_count"], whole["came"]["on_track"], whole["left"]["on_track"]) == (3, 2, 1)
    for query, found in {
        "": ["Z", "A", "A"],
        "plan=P1": ["A", "A"],
        "light=off_track": ["A"],
        "light=on_track&direction=came": ["Z", "A"],
        "light=on_track&direction=left": ["A"],
        f"since={TODAY - 3 * DAY}": ["Z", "A"],
        f"until={TODAY - 4 * DAY}": ["A"],
    }.items():
        assert [row["commitment"]["code"] for row in ask(wu, f"changes/?{query}")["results"]] == found, query
    following = ask(wu, "changes/?limit=2")["next"]
    assert [row["on"] for row in ask(wu, following.removeprefix("/api/v1/"))["results"]] == [str(TODAY - 9 * DAY)]
    assert [row["commitment"]["code"] for row in ask(sign_in("zhou"), "changes/")["results"]] == ["Z"]
    for query, code, name in (
        ("direction=came", "filter_needs", "direction"),
        ("since=2026-02-01&until=2026-01-01", "filter_value", "until"),
        ("newer=-1", "filter_value", "newer"),
        ("light=purple", "filter_value", "light"),
        ("plan=no", "filter_code", "plan"),
    ):
        assert_refused(wu.get(f"changes/?{query}"), 400, code, name)


def test_figures_cost_the_same_for_few_and_many_matters(figures: Cast, sign_in: SignIn) -> None:
    plan, costs = make_plan("P1"), dict[tuple[str, str], list[int]]()
    for numbers in (range(1), range(1, 6)):
        for number in numbers:
            make_commitment(f"N-{number}", plan=plan, department=figures.science, health=Health.OFF_TRACK)
            change(f"N-{number}", "", Health.OFF_TRACK, days=2)
        for name in ("wu", "lin"):
            phone = sign_in(name)
            for path in ("overview/", "overview/?plan=P1", "changes/"):
                phone.get(path)  # fills the caches
                with CaptureQueriesContext(connection) as queries:
                    phone.get(path)
                costs.setdefault((name, path), []).append(len(queries))
    assert {key: few - many for key, (few, many) in costs.items()} == dict.fromkeys(costs, 0), costs
