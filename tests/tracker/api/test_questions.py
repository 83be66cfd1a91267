"""Extension requests, blockers and instructions over REST: asked, answered, taken back, and who sees which."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import (
    TODAY,
    Cast,
    make_blocker,
    make_commitment,
    make_extension,
    make_instruction,
    make_post,
    make_user,
)
from tests.tracker.api.conftest import Caller, assert_fits, assert_refused
from tracker.choices import Role
from tracker.models import Blocker, Commitment, Event, ExtensionRequest, Instruction, Post

SignIn = Callable[[str], Caller]
DAY = timedelta(days=1)
SOON = (TODAY + 10 * DAY).isoformat()


@dataclass(frozen=True, slots=True)
class Scene:
    """Lin's commitment A; Zhou's post can help; F is Zhou's own."""

    cast: Cast
    item: Commitment
    post: Post


@pytest.fixture
def scene(cast: Cast) -> Scene:
    item = make_commitment("A", title="建成科创中心", department=cast.science)
    make_commitment("F", department=cast.health_bureau)
    return Scene(cast=cast, item=item, post=make_post("wjw-head", department=cast.health_bureau))


def path_of(answer: Any) -> str:
    return str(answer.json()["url"].removeprefix("/api/v1/"))


def standing() -> tuple[Any, ...]:
    """Everything that a refused word could have touched."""
    models = (ExtensionRequest, Blocker, Instruction, Commitment)
    return Event.objects.count(), [list(model.objects.order_by("pk").values()) for model in models]


def test_an_extension_is_asked_for_and_granted_and_the_date_moves(scene: Scene, sign_in: SignIn) -> None:
    lin, chen = sign_in("lin"), sign_in("chen")
    seen = lin.get("commitments/A/")
    sent = {"commitment": "A", "wanted_on": "2027-03-31", "reason": "设备到货延期。"}
    assert_refused(lin.post("extensions/", sent, If_Match='"7"'), 412, "stale")
    asked = lin.post("extensions/", sent, If_Match=seen["ETag"])
    assert (asked.status_code, asked["Location"]) == (201, asked.json()["url"])
    assert_fits(asked.json(), "ExtensionOutput")
    assert asked.json()["commitment"] == {"code": "A", "title": "建成科创中心", "url": "/api/v1/commitments/A/"}
    decision = f"{path_of(asked)}decision/"
    assert_refused(lin.post(decision, {"is_granted": True}), 403, "not_allowed")
    assert_refused(chen.post(decision, {"is_granted": False}), 400, "extension_refusal_bare", "decision")
    assert_refused(chen.post(decision, {"is_granted": True}, If_Match='"999"'), 412, "stale")
    granted = chen.post(decision, {"is_granted": True, "granted_on": "2027-02-28"}, If_Match=asked["ETag"])
    assert (granted.json()["state"], granted.json()["granted_on"]) == ("granted", "2027-02-28")
    assert granted.json()["decided_by"] == {"username": "chen", "name": "Chen"}
    after = lin.get("commitments/A/").json()
    assert (after["due_on"], after["original_due_on"]) == ("2027-02-28", "2026-12-31")
    assert_refused(chen.post(decision, {"is_granted": True}), 409, "extension_closed")
    assert chen.get(path_of(asked), If_None_Match=granted["ETag"]).status_code == 304


def test_a_blocker_is_raised_and_the_post_that_is_asked_answers_seeing_the_title_alone(
    scene: Scene, sign_in: SignIn
) -> None:
    lin, zhou = sign_in("lin"), sign_in("zhou")
    offered = [row["code"] for row in lin.get("blockers/posts/").json()["results"]]
    assert offered == ["wjw-head"]
    assert lin.get("blockers/posts/?q=nobody").json()["results"] == []
    sent = {"commitment": "A", "category": "land", "wanted_from": "wjw-head", "wanted_by": SOON, "text": "用地未批。"}
    raised = lin.post("blockers/", sent)
    assert raised.status_code == 201
    assert_fits(raised.json(), "BlockerOutput")
    path = path_of(raised)
    told = zhou.get(path).json()
    assert_fits(told, "BlockerOutput")
    assert told["commitment"] == {"code": "", "title": "建成科创中心", "url": None}
    assert [row["commitment"]["code"] for row in zhou.get("blockers/").json()["results"]] == [""]
    # Guessing the code tells nothing either.
    assert_refused(zhou.get("blockers/?commitment=A"), 400, "filter_code", "commitment")
    assert zhou.get("blockers/?commitment=F").json()["results"] == []
    assert len(lin.get("blockers/?commitment=A&state=open&category=land").json()["results"]) == 1
    assert_refused(zhou.post(f"{path}withdrawal/"), 403, "withdrawal_not_yours")
    answered = zhou.post(f"{path}answer/", {"answer": "已批。"}, If_Match=zhou.get(path)["ETag"])
    assert (answered.json()["state"], answered.json()["answer"]) == ("answered", "已批。")
    assert_refused(zhou.post(f"{path}answer/", {"answer": "已批。"}), 409, "question_closed")
    assert_refused(lin.post(f"{path}withdrawal/", {"reason": "已解决"}), 409, "question_closed")


def test_an_instruction_is_given_in_a_leaders_name_and_the_lead_department_answers(
    scene: Scene, sign_in: SignIn
) -> None:
    lin, chen, wu = sign_in("lin"), sign_in("chen"), sign_in("wu")
    make_user("ma", role=Role.LEADER)
    assert [row["username"] for row in chen.get("instructions/givers/").json()["results"]] == ["ma", "wu"]
    assert [row["username"] for row in wu.get("instructions/givers/").json()["results"]] == ["wu"]
    sent = {"commitment": "A", "text": "请抓紧推进。", "answer_due_on": SOON}
    own = wu.post("instructions/", sent)
    entered = chen.post("instructions/", sent | {"given_by": "ma"})
    for answer in (own, entered):
        assert answer.status_code == 201
        assert_fits(answer.json(), "InstructionOutput")
    assert (own.json()["given_by"]["username"], own.json()["author"]["username"]) == ("wu", "wu")
    assert (entered.json()["given_by"]["username"], entered.json()["author"]["username"]) == ("ma", "chen")
    assert own.json()["asked_of"] == {"code": "kjj", "name": "市科技局"}
    path = path_of(own)
    assert_refused(chen.post(f"{path}answer/", {"answer": "好"}), 403, "instruction_not_yours_to_answer")
    tag = lin.get(path)["ETag"]
    answered = lin.post(f"{path}answer/", {"answer": "已落实。"}, If_Match=tag)
    assert (answered.status_code, answered.json()["state"]) == (200, "answered")
    assert_refused(lin.post(f"{path}answer/", {"answer": "再答"}, If_Match=tag), 409, "question_closed")
    other = path_of(entered)
    assert_refused(wu.post(f"{other}withdrawal/", {"reason": "x"}), 403, "withdrawal_not_yours")
    assert_refused(chen.post(f"{other}withdrawal/", {"reason": "x"}, If_Match='"999"'), 412, "stale")
    assert chen.post(f"{other}withdrawal/", {"reason": "重复录入"}).json()["state"] == "withdrawn"
    assert [row["state"] for row in lin.get("instructions/").json()["results"]] == ["withdrawn", "answered"]


REFUSED: list[tuple[str, str, dict[str, Any], int, str, str]] = [
    ("zhou", "extensions/", {"commitment": "A"}, 404, "not_found", "commitment"),
    ("zhou", "extensions/", {"commitment": "ZZZ"}, 404, "not_found", "commitment"),
    ("chen", "extensions/", {}, 403, "extension_not_yours", ""),
    ("lin", "extensions/", {"wanted_on": "2026-12-01"}, 400, "extension_not_later", "wanted_on"),
    ("lin", "extensions/", {"wanted_on": "31.12.2027"}, 400, "field_invalid", "wanted_on"),
    ("lin", "extensions/", {"reason": " "}, 400, "field_invalid", "reason"),
    ("lin", "extensions/", {"reason": "x" * 1001}, 400, "field_invalid", "reason"),
    ("lin", "extensions/", {"due_on": "2027-01-01"}, 400, "field_unknown", "due_on"),
    ("zhou", "blockers/", {"commitment": "A"}, 404, "not_found", "commitment"),
    ("chen", "blockers/", {}, 403, "blocker_not_yours", ""),
    ("wu", "blockers/", {"wanted_from": "nobody"}, 403, "blocker_not_yours", ""),
    ("lin", "blockers/", {"wanted_from": "nobody"}, 400, "post_unknown", "wanted_from"),
    ("lin", "blockers/", {"wanted_by": "2026-11-21"}, 400, "question_day_passed", "wanted_by"),
    ("lin", "blockers/", {"category": "luck"}, 400, "field_invalid", "category"),
    ("lin", "blockers/", {"commitment": "NEW"}, 409, "question_too_early", ""),
    ("lin", "instructions/", {}, 403, "not_allowed", ""),
    ("gu", "instructions/", {}, 403, "not_allowed", ""),
    ("zhou", "instructions/", {"commitment": "A"}, 404, "not_found", "commitment"),
    ("wu", "instructions/", {"given_by": "chen"}, 403, "instruction_not_in_your_name", "given_by"),
    ("wu", "instructions/", {"given_by": "no such"}, 403, "instruction_not_in_your_name", "given_by"),
    ("chen", "instructions/", {"given_by": "lin"}, 400, "giver_not_a_leader", "given_by"),
    ("chen", "instructions/", {"given_by": None}, 400, "giver_not_a_leader", "given_by"),
    ("wu", "instructions/", {"commitment": "NOBODY"}, 409, "instruction_without_lead", ""),
]


def test_what_may_not_be_asked_is_refused_and_leaves_nothing_behind(scene: Scene, sign_in: SignIn) -> None:
    make_commitment("NEW", department=scene.cast.science, stage="registered")  # type: ignore[arg-type]  # its value
    make_commitment("NOBODY")
    sound: dict[str, dict[str, Any]] = {
        "extensions/": {"commitment": "A", "wanted_on": "2027-03-31", "reason": "延期"},
        "blockers/": {
            "commitment": "A", "category": "land", "wanted_from": "wjw-head", "wanted_by": SOON, "text": "堵",
        },
        "instructions/": {"commitment": "A", "text": "抓紧", "answer_due_on": SOON},
    }  # fmt: skip
    phones, before = {name: sign_in(name) for name in ("lin", "zhou", "chen", "wu", "gu")}, standing()
    for name, address, change, status, code, field in REFUSED:
        assert_refused(phones[name].post(address, sound[address] | change), status, code, field)
    assert standing() == before
    assert_refused(phones["lin"].get("instructions/givers/"), 403, "not_allowed")


def test_what_is_foreign_answers_like_what_does_not_exist(scene: Scene, sign_in: SignIn) -> None:
    post = make_post("kjj-head", department=scene.cast.science)
    rows: dict[str, Any] = {
        "extensions": make_extension(scene.item, author=scene.cast.lin),
        "blockers": make_blocker(scene.item, author=scene.cast.lin, wanted_from=post),
        "instructions": make_instruction(scene.item, given_by=scene.cast.wu),
    }
    verbs = {
        "extensions": ("decision", "withdrawal"),
        "blockers": ("answer", "withdrawal"),
        "instructions": ("answer", "withdrawal"),
    }
    zhou, wu, before = sign_in("zhou"), sign_in("wu"), standing()
    body = {"is_granted": True, "answer": "x", "reason": "x"}
    for name, row in rows.items():
        none = f"{name}/{uuid4()}/"
        assert wu.get(f"{name}/{row.ref}/").status_code == 200
        assert zhou.get(f"{name}/{row.ref}/").content == zhou.get(none).content
        assert zhou.get(f"{name}/").json()["results"] == []
        assert_refused(zhou.get(f"{name}/?commitment=A"), 400, "filter_code", "commitment")
        for verb in verbs[name]:
            foreign, unknown = (zhou.post(f"{at}{verb}/", body) for at in (f"{name}/{row.ref}/", none))
            assert_refused(foreign, 404, "not_found")
            assert foreign.content == unknown.content
    assert standing() == before


def test_lists_follow_page_by_page_at_the_same_cost_however_many_rows_there_are(scene: Scene, sign_in: SignIn) -> None:
    wu, lin, lists = sign_in("wu"), sign_in("lin"), ("extensions/", "blockers/", "instructions/")
    costs: dict[str, list[int]] = {}
    for rows in (2, 9):
        for number in range(Instruction.objects.count(), rows):
            item = make_commitment(f"N-{number}", department=scene.cast.science)
            make_extension(item, author=scene.cast.lin)
            make_blocker(item, author=scene.cast.lin, wanted_from=scene.post)
            make_instruction(item, given_by=scene.cast.wu)
        for phone in (wu, lin):
            phone.get("me/")  # fills the token cache
            for address in lists:
                with CaptureQueriesContext(connection) as queries:
                    assert len(phone.get(address).json()["results"]) == rows
                costs.setdefault(address, []).append(len(queries))
    assert costs == {address: [2] * 4 for address in lists}
    for address in lists:
        seen, at = [], f"{address}?limit=4"
        while at:
            page = lin.get(at).json()
            seen += [row["ref"] for row in page["results"]]
            at = (page["next"] or "").removeprefix("/api/v1/")
        assert len(seen) == len(set(seen)) == 9
