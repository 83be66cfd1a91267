"""The wall: large type, no controls, and a round of screens that never ends and never gets stuck."""

import re
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories import Cast, make_cast, make_commitment, make_plan
from tests.tracker.web.pages import PERSONAS, parse, signed_in, text, with_class
from tracker.choices import Health
from tracker.rules.wall import MOST_PAGES, ROWS

pytestmark = pytest.mark.django_db


def refresh(client: Client, address: str) -> tuple[int, str] | None:
    """After how many seconds the page goes where; None: it stands still."""
    for meta in parse(client.get(address)).iter("meta"):
        if meta.get("http-equiv") == "refresh":
            seconds, _semicolon, target = meta.get("content", "").partition("; url=")
            return int(seconds), target
    return None


def walk(client: Client, address: str, *, most: int = 40) -> list[str]:
    """The addresses of one round, from an address until it comes back to one that was seen."""
    seen: list[str] = []
    while address not in seen and len(seen) < most:
        seen.append(address)
        found = refresh(client, address)
        assert found is not None
        address = found[1]
    return seen


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def fill(late: int, risk: int = 0, *, plan: str = "P1") -> None:
    for light, count in ((Health.OFF_TRACK, late), (Health.AT_RISK, risk)):
        for _number in range(count):
            make_commitment(plan=make_plan(plan), health=light)


@pytest.mark.parametrize("name", PERSONAS)
def test_it_has_no_controls(world: Cast, name: str) -> None:
    client = signed_in(getattr(world, name))
    for address in ("/wall/", "/wall/?screen=late", "/wall/?screen=risk"):
        tree = parse(client.get(address))
        free = [node for node in tree.iter() if node.tag in {"a", "button", "input", "select", "form", "script"}]
        assert [node.tag for node in free] == []


def test_one_round_shows_every_late_matter_once(cast: Cast) -> None:
    fill(late=ROWS + 2, risk=3)
    client, shown = signed_in(cast.wu), []
    round_ = walk(client, "/wall/")
    for address in round_:
        shown += [text(title) for row in parse(client.get(address)).iter("li") if (title := row.find("p")) is not None]
    names = [name for address in round_ for name in re.findall(r"screen=(\w+)", address)]
    assert names == ["late", "late", "risk", "overview"]
    assert len(set(shown)) == len(shown) == ROWS + 5


def test_the_round_comes_back_soon_however_many_are_late(cast: Cast) -> None:
    fill(late=ROWS * (MOST_PAGES + 3))
    client = signed_in(cast.wu)
    assert len(walk(client, "/wall/?screen=overview")) == 1 + MOST_PAGES
    assert str(ROWS * (MOST_PAGES + 3)) in text(parse(client.get("/wall/?screen=late")))


def test_several_plans_take_turns_unless_one_is_asked_for(cast: Cast) -> None:
    fill(late=1, plan="P1")
    fill(late=1, plan="P2")
    client = signed_in(cast.wu)

    def heads(start: str) -> list[str]:
        return [text(next(with_class(parse(client.get(one)), "wall-plan"))) for one in walk(client, start)]

    turns = heads("/wall/?turn=P1&screen=late")
    assert ["P1" if "P1" in head else "P2" for head in turns[:4]] == ["P1", "P2", "P2", "P1"]
    assert {"P2" in head for head in heads("/wall/?plan=P2")} == {True}


@pytest.mark.parametrize(
    ("asked", "seconds"), [("", 60), ("5", 300), ("60", 3600), ("61", 3600), ("9999", 3600), ("0", None)]
)
def test_how_long_a_screen_stands_is_said_in_the_address(cast: Cast, asked: str, seconds: int | None) -> None:
    fill(late=1)
    found = refresh(signed_in(cast.wu), f"/wall/?minutes={asked}")
    assert (found and found[0]) == seconds


def test_what_was_asked_for_stays_from_screen_to_screen(cast: Cast) -> None:
    fill(late=1, risk=1)
    for address in walk(signed_in(cast.wu), "/wall/?dark=1&minutes=7&plan=P1")[1:]:
        assert "dark=1" in address
        assert "minutes=7" in address
        assert urlsplit(address).path == "/wall/"


def test_dark_is_asked_for_in_the_address(cast: Cast) -> None:
    client = signed_in(cast.wu)
    shown = {asked: parse(client.get(f"/wall/{asked}")).get("class", "") for asked in ("", "?dark=1", "?dark=0")}
    assert {asked: "dark" in name for asked, name in shown.items()} == {"": False, "?dark=1": True, "?dark=0": False}


def test_a_screen_whose_rows_are_gone_gives_way_to_the_overview(cast: Cast) -> None:
    fill(late=1)
    tree = parse(signed_in(cast.wu).get("/wall/?screen=late&page=3"))
    assert list(with_class(tree, "wall-pace"))
    assert not list(with_class(tree, "wall-rows"))


def test_nothing_late_is_said_calmly(cast: Cast) -> None:
    make_commitment(health=Health.ON_TRACK)
    assert "Nothing is late." in text(parse(signed_in(cast.wu, language="en").get("/wall/?screen=late")))


@pytest.mark.parametrize("asked", ["screen=nothing", "page=x", "minutes=-1", "minutes=１", "plan=P9", "page=99999"])
def test_what_there_is_none_of_is_not_found(cast: Cast, asked: str) -> None:
    fill(late=1)
    assert signed_in(cast.wu).get(f"/wall/?{asked}").status_code == 404


def test_a_department_sees_its_own_matters_only(cast: Cast) -> None:
    make_commitment("MINE", department=cast.science, health=Health.OFF_TRACK)
    make_commitment("THEIRS", department=cast.health_bureau, health=Health.OFF_TRACK)
    shown = text(parse(signed_in(cast.lin).get("/wall/?screen=late")))
    assert "事项 MINE" in shown
    assert "THEIRS" not in shown


def test_an_empty_site_says_so_and_stands_still(cast: Cast) -> None:
    client = signed_in(cast.wu)
    assert client.get("/wall/").status_code == 200
    assert refresh(client, "/wall/") is None


@pytest.mark.parametrize("screen", ["overview", "late", "risk"])
def test_a_screen_asks_as_much_for_three_rows_as_for_thirty(cast: Cast, screen: str) -> None:
    client, counted = signed_in(cast.wu), []
    for size in (3, 30):
        fill(late=size, risk=size)
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/wall/?screen={screen}").status_code == 200
        counted.append(len(queries))
    # 2 session and person; 1 what is unread in the inbox; 1 revision, 5 the site's status, kept until data changes;
    # counts, plans; the rows, or what changed in a week and whether the record reaches that far.
    assert counted[0] == counted[1] <= 13
