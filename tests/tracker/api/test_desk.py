"""The desk over REST: the same tasks as on the page, for each role its own, at a fixed cost."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import (
    TODAY,
    Cast,
    make_blocker,
    make_commitment,
    make_extension,
    make_instruction,
    make_lookback,
    make_plan,
    make_post,
    make_report,
)
from tests.slip_rows import make_slip
from tests.tracker.api.conftest import Caller, assert_fits, assert_refused, document
from tracker.choices import ReportState, SlipState, Stage
from tracker.models import Post, PostHolding
from tracker.queries import desk_department

SignIn = Callable[[str], Caller]


def fill(cast: Cast, number: int) -> None:
    """One of everything that stands on a desk."""
    plan = make_plan("T", tracked_since=date(2026, 10, 1))
    item = make_commitment(f"A-{number}", title="机密", department=cast.science, plan=plan, due_on=TODAY)
    make_report(item, author=cast.lin, state=ReportState.RETURNED)
    post = Post.objects.filter(code="wjw-head").first() or make_post("wjw-head", department=cast.health_bureau)
    make_blocker(item, author=cast.lin, wanted_from=post, wanted_by=TODAY - timedelta(days=1))
    make_instruction(item, given_by=cast.wu)
    make_slip(item, number=number)
    late = make_commitment(f"B-{number}", department=cast.science, plan=plan, due_on=date(2026, 11, 1))
    make_report(late, author=cast.lin)
    make_extension(late, author=cast.lin)
    make_slip(late, state=SlipState.DRAFT)
    for stage in (Stage.REGISTERED, Stage.ISSUED, Stage.REPORTED_DONE, Stage.VERIFIED, Stage.CLOSED):
        make_commitment(f"{stage}-{number}", department=cast.science, plan=plan, stage=stage)
    make_commitment(f"O-{number}", department=cast.science, plan=plan)  # a report is owed


def parts(phone: Caller) -> dict[str, Any]:
    """The sections by name; each line is held against the schema."""
    answer = phone.get("desk/")
    assert answer.status_code == 200, answer.content
    body = answer.json()
    assert_fits(body, "DeskOutput")
    for section in body["sections"]:
        assert set(section) == set(document()["components"]["schemas"]["DeskSectionOutput"]["properties"])
        for line in section["items"]:
            assert_fits(line, "DeskItemOutput")
    return {section["name"]: section for section in body["sections"]} | {"": body}


def test_each_role_finds_its_own_desk(cast: Cast, sign_in: SignIn) -> None:
    fill(cast, 1)
    make_lookback(make_commitment("L", department=cast.science, stage=Stage.CLOSED), drawn_by=cast.chen)
    lin = parts(sign_in("lin"))
    filled = {name for name, section in lin.items() if name and section["count"]}
    assert filled >= {
        "slips", "returned", "instructions", "to_accept", "to_report", "overdue", "due_soon", "waiting", "extensions",
        "blockers_raised",
    }  # fmt: skip
    work = desk_department.of_department(cast.actor("lin"), today=TODAY)
    assert (lin[""]["audience"], lin[""]["task_count"]) == ("department", work.task_count)
    assert sum(lin[""]["lights"].values()) == work.led_count > 0
    assert lin["returned"]["items"][0]["text"] == "请补充数据来源。"
    chen = parts(sign_in("chen"))
    assert {name for name, section in chen.items() if name and section["count"]} >= {
        "queue", "extensions", "slip_drafts", "to_verify", "to_close", "lookbacks", "unaccepted", "blockers_overdue",
        "slips_late",
    }  # fmt: skip
    assert chen[""]["stages"]["issued"] == 1
    wu = parts(sign_in("wu"))
    assert [name for name, section in wu.items() if name and section["count"]] == ["instructions", "extensions"]
    assert parts(sign_in("gu"))[""] == {
        "audience": "keeper", "task_count": 0, "sections": [], "lights": {}, "stages": {}, "lacking": {},
        "closes_on": None, "working_days_left": None, "is_provisional": False,
    }  # fmt: skip
    assert_refused(sign_in("lin").get("desk/?cursor=x"), 400, "filter_unknown", "cursor")


def test_who_is_asked_by_a_foreign_blocker_finds_the_title_alone(cast: Cast, sign_in: SignIn) -> None:
    fill(cast, 1)
    zhou = parts(sign_in("zhou"))
    assert [name for name, section in zhou.items() if name and section["count"]] == ["blockers_asked"]
    (line,) = zhou["blockers_asked"]["items"]
    assert (line["code"], line["title"], line["health"], line["kind"]) == ("", "机密", None, "blocker")
    assert line["url"] == f"/api/v1/blockers/{line['ref']}/"
    assert sign_in("zhou").get(line["url"].removeprefix("/api/v1/")).status_code == 200


def test_a_desk_costs_the_same_for_few_and_many_matters(cast: Cast, sign_in: SignIn) -> None:
    holding = make_post("kjj-head", department=cast.science)
    PostHolding.objects.create(post=holding, holder=cast.lin, starts_on=TODAY)
    costs: dict[str, list[int]] = {}
    for numbers in (range(1, 3), range(3, 8)):
        for number in numbers:
            fill(cast, number)
        for name in ("lin", "zhou", "chen", "wu"):
            phone = sign_in(name)
            phone.get("desk/")  # fills the caches
            with CaptureQueriesContext(connection) as queries:
                phone.get("desk/")
            costs.setdefault(name, []).append(len(queries))
    assert {name: few - many for name, (few, many) in costs.items()} == dict.fromkeys(costs, 0)
