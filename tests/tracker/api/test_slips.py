"""Supervision slips over REST: the list and its filters, one slip as a paper, who sees drafts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import Cast, make_commitment
from tests.slip_rows import make_slip
from tests.tracker.api.conftest import Caller, assert_fits, assert_refused
from tracker.choices import SlipLevel, SlipState
from tracker.models import Commitment, Slip

SignIn = Callable[[str], Caller]


@dataclass(frozen=True, slots=True)
class Scene:
    """On Lin's A a blue slip that was not answered and the yellow one that followed it; a draft on B, dropped on C."""

    cast: Cast
    item: Commitment
    blue: Slip
    yellow: Slip
    draft: Slip


@pytest.fixture
def scene(cast: Cast) -> Scene:
    item = make_commitment("A", department=cast.science, due_on=date(2026, 10, 31))
    blue = make_slip(item, number=1, issued_by=cast.chen)
    yellow = make_slip(item, level=SlipLevel.YELLOW, cites=blue, number=2, answer_due_on=date(2026, 11, 20))
    draft = make_slip(make_commitment("B", department=cast.science), state=SlipState.DRAFT, text="")
    make_slip(make_commitment("C", department=cast.science), state=SlipState.DROPPED)
    make_slip(make_commitment("F", department=cast.health_bureau), state=SlipState.ANSWERED, number=3)
    return Scene(cast=cast, item=item, blue=blue, yellow=yellow, draft=draft)


def matters(answer: Any) -> list[tuple[str, int | None]]:
    assert answer.status_code == 200, answer.content
    return [(row["commitment"]["code"], row["number"]) for row in answer.json()["results"]]


def test_the_list_is_that_of_the_page_with_its_filters(scene: Scene, sign_in: SignIn) -> None:
    chen = sign_in("chen")
    rows = chen.get("slips/").json()["results"]
    for row in rows:
        assert_fits(row, "SlipLineOutput")
    assert {row["number"]: (row["is_late"], row["is_followed"]) for row in rows if row["number"]} == {
        3: (False, False), 2: (True, False), 1: (False, True),
    }  # fmt: skip
    for query, found in {
        "": [("B", None), ("F", 3), ("A", 2), ("A", 1)],
        "state=dropped": [("C", None)],
        "state=late": [("A", 2)],
        "state=answered": [("F", 3)],
        "level=yellow": [("A", 2)],
        "year=2026&number=1": [("A", 1)],
        "year=2025": [],
        "department=wjw": [("F", 3)],
        "commitment=A": [("A", 2), ("A", 1)],
    }.items():
        assert matters(chen.get(f"slips/?{query}")) == found, query
    first = chen.get("slips/?limit=2")
    assert matters(chen.get(first.json()["next"].removeprefix("/api/v1/"))) == [("A", 2), ("A", 1)]
    for query, code, name in (
        ("number=0", "filter_value", "number"),
        ("year=x", "filter_value", "year"),
        ("department=no", "filter_code", "department"),
        ("commitment=no", "filter_code", "commitment"),
        ("colour=red", "filter_unknown", "colour"),
    ):
        assert_refused(chen.get(f"slips/?{query}"), 400, code, name)


def test_a_department_sees_what_has_a_number_on_its_own_matters(scene: Scene, sign_in: SignIn) -> None:
    assert matters(sign_in("lin").get("slips/")) == [("A", 2), ("A", 1)]
    assert matters(sign_in("lin").get("slips/?state=draft")) == []
    assert matters(sign_in("zhou").get("slips/")) == [("F", 3)]
    assert_refused(sign_in("lin").get(f"slips/{scene.draft.ref}/"), 404, "not_found")
    assert_refused(sign_in("zhou").get(f"slips/{scene.blue.ref}/"), 404, "not_found")


def test_a_paper_says_what_is_asked_what_it_cites_and_what_the_reader_may_do(scene: Scene, sign_in: SignIn) -> None:
    able: dict[tuple[str, str], list[str]] = {}
    slips = {"blue": scene.blue, "yellow": scene.yellow, "draft": scene.draft}
    for name in ("lin", "chen", "wu"):
        for which, slip in slips.items():
            answer = sign_in(name).get(f"slips/{slip.ref}/")
            if answer.status_code == 200:
                assert_fits(answer.json(), "SlipOutput")
                able[name, which] = [what for what in ("issue", "answer", "withdraw") if answer.json()[f"can_{what}"]]
    assert able == {
        ("lin", "blue"): [], ("lin", "yellow"): ["answer"],
        ("chen", "blue"): [], ("chen", "yellow"): ["withdraw"], ("chen", "draft"): ["issue"],
        ("wu", "blue"): [], ("wu", "yellow"): [], ("wu", "draft"): [],
    }  # fmt: skip
    yellow, blue = (sign_in("wu").get(f"slips/{slips[which].ref}/").json() for which in ("yellow", "blue"))
    assert [one["number"] for one in yellow["earlier"]] == [1]
    assert (blue["later"]["number"], blue["is_waiting"], yellow["is_late"]) == (2, False, True)
    assert (yellow["office"], yellow["asked_of"]["code"]) == ("市委市政府督查室", "kjj")
    assert (blue["issued_by"]["username"], blue["name"]) == ("chen", "Slip 2026-1")
    assert (len(blue["sentences"]), blue["grounds"][0]["code"]) == (1, "overdue")
    assert sign_in("wu").get(f"slips/{scene.draft.ref}/").json()["text"]  # suggested, nobody has written it
    answered = Slip.objects.get(state=SlipState.ANSWERED)
    assert sign_in("zhou").get(f"slips/{answered.ref}/").json()["answer"] == {
        "text": "已倒排工期。",
        "promised_on": "2026-11-20",
        "answered_by": None,
        "answered_at": "2026-11-10T10:00:00+08:00",
    }
    seen = sign_in("chen").get(f"slips/{scene.yellow.ref}/")
    assert seen["ETag"].startswith(f'"{seen.json()["revision"]}-')
    assert sign_in("chen").get(f"slips/{scene.yellow.ref}/", If_None_Match=seen["ETag"]).status_code == 304


def test_slips_cost_the_same_for_few_and_many(scene: Scene, sign_in: SignIn) -> None:
    chen, costs = sign_in("chen"), []
    for numbers in (range(10, 11), range(11, 16)):
        for number in numbers:
            make_slip(make_commitment(f"N-{number}", department=scene.cast.science), number=number)
        chen.get("slips/")  # fills the caches
        with CaptureQueriesContext(connection) as queries:
            chen.get("slips/")
        costs.append(len(queries))
    assert costs[0] == costs[1]
