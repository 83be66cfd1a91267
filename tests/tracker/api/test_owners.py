"""Departments and posts over REST: who answers, for what, in whose sight."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories import TODAY, Cast, make_blocker, make_commitment, make_post, make_user
from tests.tracker.api.conftest import Caller, assert_fits, assert_refused
from tracker.actions import people
from tracker.choices import AnswerState, Health, Involvement, Role
from tracker.models import Blocker, CommitmentDepartment, Deputy, Post, PostHolding

SignIn = Callable[[str], Caller]


@pytest.fixture
def held(cast: Cast) -> Cast:
    """Lin heads the science bureau since June, after Tang; Wu stands in; the health bureau supports A and asks."""
    post = make_post("kjj-head", title="局长", department=cast.science)
    Post.objects.filter(pk=post.pk).update(is_head=True, overseen_by=make_post("mayor", title="副市长"))
    tang = make_user("tang", department=cast.science)
    PostHolding.objects.create(post=post, holder=tang, starts_on=date(2025, 1, 1), ends_on=date(2026, 5, 31))
    PostHolding.objects.create(post=post, holder=cast.lin, starts_on=date(2026, 6, 1))
    Deputy.objects.create(post=post, deputy=cast.wu, starts_on=TODAY, ends_on=TODAY, reason="学习")
    item = make_commitment("A", department=cast.science, health=Health.OFF_TRACK)
    CommitmentDepartment.objects.create(
        commitment=item, department=cast.health_bureau, involvement=Involvement.SUPPORTING, order=1
    )
    make_blocker(item, author=cast.lin, wanted_from=post)
    foreign = make_commitment("F", title="机密", department=cast.health_bureau)
    make_blocker(foreign, author=cast.zhou, wanted_from=post, wanted_by=TODAY + timedelta(days=30))
    Blocker.objects.filter(commitment=foreign).update(
        state=AnswerState.ANSWERED, answer="已办。", answered_by=cast.lin, answered_at=timezone.now()
    )
    return cast


def test_a_department_tells_its_people_its_lights_and_what_it_is_asked(held: Cast, sign_in: SignIn) -> None:
    body = sign_in("lin").get("departments/kjj/").json()
    assert_fits(body, "DepartmentDetailOutput")
    assert (body["headline"], body["lights"]["off_track"]) == ("1 commitment, late.", 1)
    assert [(group["part"], group["total_count"]) for group in body["groups"]] == [("lead", 1)]
    assert [row["code"] for row in body["groups"][0]["commitments"]] == ["A"]
    (post,) = body["posts"]
    assert_fits(post, "HeldPostOutput")
    assert (post["holder"]["username"], post["held_since"]) == ("lin", "2026-06-01")
    assert [(one["username"], one["reason"]) for one in post["deputies"]] == [("wu", "学习")]
    assert [(one["username"], one["ends_on"]) for one in post["earlier"]] == [("tang", "2026-05-31")]
    assert (body["asked"]["total_count"], body["asked"]["open_count"]) == (2, 1)
    own, foreign = body["asked"]["blockers"]
    for row in (own, foreign):
        assert_fits(row, "BlockerOutput")
        assert row == sign_in("lin").get(row["url"].removeprefix("/api/v1/")).json()
    assert own["commitment"]["code"] == "A"
    assert foreign["commitment"] == {"code": "", "title": "机密", "url": None}
    health = sign_in("zhou").get("departments/wjw/").json()
    assert [(group["part"], group["total_count"]) for group in health["groups"]] == [("lead", 1), ("supporting", 1)]
    for name, path in (("zhou", "departments/kjj/"), ("wu", "departments/no/"), ("zhou", "posts/kjj-head/")):
        assert_refused(sign_in(name).get(path), 404, "not_found")


def test_posts_are_listed_with_their_people_and_one_with_what_it_answers_for(held: Cast, sign_in: SignIn) -> None:
    wu = sign_in("wu")
    rows = wu.get("posts/").json()["results"]
    assert [row["code"] for row in rows] == ["kjj-head", "mayor"]
    assert (rows[0]["department"]["code"], rows[0]["is_head"], rows[1]["holder"]) == ("kjj", True, None)
    for query, found in {"is_head=true": ["kjj-head"], "department=fgw": ["mayor"], "department=dcs": []}.items():
        assert [row["code"] for row in wu.get(f"posts/?{query}").json()["results"]] == found, query
    assert_refused(wu.get("posts/?department=no"), 400, "filter_code", "department")
    following = wu.get("posts/?limit=1").json()["next"]
    assert [row["code"] for row in wu.get(following.removeprefix("/api/v1/")).json()["results"]] == ["mayor"]
    assert [row["code"] for row in sign_in("lin").get("posts/").json()["results"]] == ["kjj-head"]
    assert sign_in("zhou").get("posts/").json()["results"] == []
    body = wu.get("posts/kjj-head/").json()
    assert_fits(body, "PostDetailOutput")
    assert body["overseen_by"] == {"code": "mayor", "title": "副市长"}
    assert ([row["code"] for row in body["commitments"]], body["lights"]["off_track"]) == (["A"], 1)
    assert [row["commitment"]["code"] for row in body["asked"]["blockers"]] == ["A", "F"]
    assert [row["code"] for row in wu.get("posts/mayor/").json()["oversees"]] == ["kjj-head"]


def test_a_portfolio_holds_ones_posts_and_those_under_them(held: Cast, sign_in: SignIn) -> None:
    PostHolding.objects.create(post=Post.objects.get(code="mayor"), holder=held.wu, starts_on=TODAY)
    Deputy.objects.all().delete()
    body = sign_in("wu").get("portfolio/").json()
    assert_fits(body, "PortfolioOutput")
    for row in body["posts"]:
        assert_fits(row, "PortfolioLineOutput")
    lines = [(row["code"], row["depth"], row["total_count"], row["open_blocker_count"]) for row in body["posts"]]
    assert lines == [("mayor", 0, 0, 0), ("kjj-head", 1, 1, 1)]
    assert (body["total_count"], body["lights"]["off_track"], body["word_wanted_count"]) == (1, 1, 0)
    assert sign_in("lin").get("portfolio/").json()["word_wanted_count"] == 1
    assert sign_in("chen").get("portfolio/").json()["posts"] == []
    assert_refused(sign_in("wu").get("portfolio/?limit=1"), 400, "filter_unknown")


def test_the_list_of_departments_shows_the_lights_of_what_each_leads(held: Cast, sign_in: SignIn) -> None:
    rows = {row["code"]: row for row in sign_in("wu").get("departments/").json()["results"]}
    for row in rows.values():
        assert_fits(row, "DepartmentLineOutput")
    assert {code: sum(row["lights"].values()) for code, row in rows.items()} == {"dcs": 0, "fgw": 0, "kjj": 1, "wjw": 1}
    (own,) = sign_in("lin").get("departments/").json()["results"]
    assert (own["code"], own["lights"]["off_track"]) == ("kjj", 1)


def test_a_hand_over_is_read_and_confirmed_by_who_took_the_post(held: Cast, sign_in: SignIn) -> None:
    new = make_user("han", department=held.science, role=Role.HEAD)
    people.hand_over(Post.objects.get(code="kjj-head"), to=new, on=TODAY, by=held.actor("gu"))
    han, wu = sign_in("han"), sign_in("wu")
    body = han.get("posts/kjj-head/handover/").json()
    assert_fits(body, "HandoverOutput")
    assert (body["before"]["username"], body["received_on"], body["can_receive"]) == ("lin", None, True)
    assert {(line["kind"], (line["commitment"] or {}).get("code")) for line in body["lines"]} == {
        ("commitment", "A"), ("blocker", "A"),
    }  # fmt: skip
    received = wu.get("posts/kjj-head/handover/").json()
    assert received["can_receive"] is True  # who stands in today
    for _time in range(2):  # twice is once
        told = han.post("posts/kjj-head/handover/receipt/").json()
        assert (told["received_on"], told["can_receive"]) == (TODAY.isoformat(), False)
    assert_refused(wu.post("posts/kjj-head/handover/receipt/"), 403, "handover_not_yours")
    for path in ("posts/kjj-head/handover/", "posts/mayor/handover/", "posts/no/handover/"):
        assert_refused(sign_in("zhou").get(path), 404, "not_found")


def test_owners_cost_the_same_for_few_and_many_matters(held: Cast, sign_in: SignIn) -> None:
    lin, wu = sign_in("lin"), sign_in("wu")
    asked = {"departments/kjj/": lin, "posts/": wu, "posts/kjj-head/": wu, "portfolio/": wu, "departments/": wu}
    costs: dict[str, list[int]] = {path: [] for path in asked}
    head = Post.objects.get(code="kjj-head")
    PostHolding.objects.create(post=Post.objects.get(code="mayor"), holder=held.wu, starts_on=TODAY)
    for numbers in (range(1), range(1, 5)):
        for number in numbers:
            item = make_commitment(f"N-{number}", department=held.science)
            make_blocker(item, author=held.lin, wanted_from=head)
            more = make_post(f"more-{number}", department=held.science)
            Post.objects.filter(pk=more.pk).update(overseen_by=head)
            PostHolding.objects.create(post=more, holder=held.lin, starts_on=TODAY)
        for path, phone in asked.items():
            phone.get(path)  # fills the caches
            with CaptureQueriesContext(connection) as queries:
                phone.get(path)
            costs[path].append(len(queries))
    assert {path: few - many for path, (few, many) in costs.items()} == dict.fromkeys(costs, 0), costs
