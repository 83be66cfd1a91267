"""How the public pages answer: page by page, in both languages, to caches and to machines without patience."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories import (
    make_cast,
)
from tests.tracker.web.pages import parse
from tests.tracker.web.public import (
    BESIDE,
    DELAY,
    EVERY,
    PAGES,
    as_of,
    full,
    make_public,
    read,
    switch_on,
    today,
)
from tracker.actions import commitments
from tracker.models import Commitment
from tracker.policies import SYSTEM
from tracker.queries import public
from tracker.web import public_page

pytestmark = pytest.mark.django_db


def test_a_long_plan_is_turned_page_by_page_without_a_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public, "PAGE", 2)
    for number in range(5):
        make_public(f"M-{number}")
    switch_on(*EVERY)
    address, seen = "/public/P1.json", []
    while address:
        page = read(address)
        seen += [one["code"] for one in page["matters"]]
        assert page["plan"]["matter_count"] == sum(page["lights"].values()) == 5
        address = page["next"] or ""
    assert seen == [f"M-{number}" for number in range(5)]
    links = [one.get("href") for one in parse(Client().get("/public/P1/")).iter("a")]
    assert "/public/P1/?after=M-1" in links


@pytest.mark.parametrize("address", PAGES)
def test_the_language_stands_in_the_address(address: str) -> None:
    make_public()
    switch_on(*EVERY)
    english, chinese = (parse(Client().get(address, asked)) for asked in ({"language": "en"}, {"language": "xx"}))
    assert (english.get("lang"), chinese.get("lang")) == ("en", "zh-Hans")
    inner = [one.get("href", "") for one in english.iter("a") if "/public/" in one.get("href", "")]
    assert [href for href in inner if ".json" not in href and "language=en" not in href] == [address]


@pytest.mark.parametrize("address", PAGES)
def test_a_page_names_no_door_and_no_other_host(address: str) -> None:
    make_public()
    switch_on(*EVERY)
    tree = parse(Client().get(address))
    assert not list(tree.iter("form"))
    assert not list(tree.iter("script"))
    for node in tree.iter():
        for key in ("href", "src"):
            assert node.get(key, "/").startswith(("/", "#")), node.get(key)
    assert not [one for one in tree.iter("a") if one.get("href", "").startswith(("/accounts", "/commitments"))]


def test_who_has_the_answer_already_is_told_so_until_something_changes() -> None:
    item = make_public()
    switch_on(*EVERY)
    mark = Client().get("/public/P1.json")["ETag"]
    assert Client().get("/public/P1.json", headers={"if-none-match": mark}).status_code == 304
    commitments.revise(item, values={"title": "改名"}, by=SYSTEM, today=today())
    answer = Client().get("/public/P1.json", headers={"if-none-match": mark})
    assert (answer.status_code, json.loads(answer.content)["matters"][0]["title"]) == (200, "改名")


def test_an_answer_that_is_kept_costs_two_questions() -> None:
    make_public()
    switch_on(*EVERY)
    Client().get("/public/P1/")
    with CaptureQueriesContext(connection) as queries:
        Client().get("/public/P1/")
    assert len(queries) == 2  # the settings; the site's revision


@pytest.mark.parametrize("address", [*PAGES, *BESIDE])
def test_a_public_page_asks_as_much_for_three_matters_as_for_thirty(address: str) -> None:
    cast = make_cast()
    full(cast)
    counted = []
    for delay, size in ((DELAY, 3), (DELAY - 1, 30)):
        for number in range(size):
            make_public(f"N-{size}-{number}", department=cast.science)
        switch_on(*EVERY, public_delay_days=delay)
        Commitment.objects.update(published_on=as_of() - timedelta(days=99))
        with CaptureQueriesContext(connection) as queries:
            assert Client().get(address).status_code == 200
        counted.append(len(queries))
    # settings; revision; plans; rows; lights; due dates; progress; targets, their verified values.
    assert counted[0] == counted[1] <= 9


def test_a_machine_that_asks_without_end_is_asked_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public_page, "PER_MINUTE", 3)
    make_public()
    switch_on(*EVERY)
    found = [Client().get("/public.json", REMOTE_ADDR="10.0.0.1") for _number in range(8)]
    assert found[0].status_code == 200
    assert found[-1].status_code == 429
    assert found[-1]["Retry-After"]
    assert Client().get("/public.json", REMOTE_ADDR="10.0.0.2").status_code == 200


def test_machines_are_told_where_they_may_go() -> None:
    closed = Client().get("/robots.txt").content.decode()
    switch_on(*EVERY)
    opened = Client().get("/robots.txt").content.decode()
    assert "Allow" not in closed
    assert "Allow: /public" in opened
    assert "Disallow: /\n" in closed
    assert "Disallow: /\n" in opened


def test_where_nothing_is_public_yet_the_page_says_so() -> None:
    switch_on(*EVERY)
    assert Client().get("/public/").status_code == 200
    assert read("/public.json")["plans"] == []
