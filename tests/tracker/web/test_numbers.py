"""Every number on the overview is a link to exactly the rows it counts, or stands where numbers count nothing.

Generic on purpose: whatever figure is added to the page is walked here without being named.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit
from xml.etree.ElementTree import Element

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import Cast, make_blocker, make_cast, make_extension, make_plan, make_post, make_report
from tests.tracker.web.pages import codes, parse, signed_in, text, with_class
from tracker.choices import Health
from tracker.models import Commitment, LastLook, LightChange, PostHolding

READERS = ("lin", "zhou", "chen", "wu", "gu")
PATHS = ("/?plan=P1", "/?plan=P2", "/")
# Numbers that count no matters: days, dates and years; shares of time and work; readings; reasons and titles of rows.
ELSEWHERE = {"asof", "eyebrow", "pace", "target", "rows", "moves", "pace-cell", "years"}
LISTS = ("/commitments/", "/changes/")
NUMBER = re.compile(r"[+−±]?\d+")


def changed(code: str, before: str, after: str, *, days_ago: int = 0) -> None:
    item = Commitment.objects.get(code=code)
    day = timezone.localdate() - timedelta(days=days_ago)
    LightChange.objects.create(commitment=item, plan=item.plan, on=day, before=before, after=after)


@pytest.fixture
def busy(world: Cast) -> Cast:
    """The small ledger with questions that wait for a word, changes of a week and a month, and a look before them."""
    mayor = make_post("mayor", title="副市长", department=world.office)
    PostHolding.objects.create(post=mayor, holder=world.wu, starts_on=timezone.localdate())
    for code in ("RED-1", "OTHER-1"):
        make_blocker(Commitment.objects.get(code=code), author=world.lin, wanted_from=mayor)
    make_report(Commitment.objects.get(code="W-000"), author=world.lin)
    make_extension(Commitment.objects.get(code="W-011"), author=world.lin)
    lit = {row.code: row.health for row in Commitment.objects.all()}
    changed("W-000", Health.NOT_STARTED, Health.ON_TRACK, days_ago=20)
    for person in (world.lin, world.zhou, world.chen, world.wu):
        mark = LightChange.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        LastLook.objects.create(user=person, looked_at=timezone.now() - timedelta(days=3), mark=mark)
    changed("W-000", Health.ON_TRACK, Health.AT_RISK, days_ago=2)
    changed("W-000", Health.AT_RISK, lit["W-000"], days_ago=1)
    changed("W-001", "", lit["W-001"])
    for code in ("W-011", "W-012", "W-022", "OTHER-1"):
        changed(code, Health.AT_RISK if lit[code] != Health.AT_RISK else Health.NO_DATA, lit[code])
    return world


def main_of(client: Client, path: str) -> Element:
    return next(parse(client.get(path)).iter("main"))


def kind(node: Element) -> str:
    """The element's name, in a drawing as on the page."""
    return str(node.tag).rpartition("}")[2]


def figures(page: Element) -> list[tuple[str, str]]:
    """(what stands in the link, its address) of every link to a list with a number in it; the head of a row or a column
    is its name, not a figure.
    """
    names = {id(link) for head in page.iter("th") for link in head.iter("a")}
    links = [link for link in page.iter() if kind(link) == "a" and id(link) not in names]
    found = [(text(link), link.get("href", "")) for link in links]
    return [
        (words, href)
        for words, href in found
        if NUMBER.search(words) and (href[:1] == "#" or urlsplit(href).path in LISTS)
    ]


def number_in(words: str, href: str) -> int:
    """The one number of a figure, with its sign; names may hold digits, then it is the last one."""
    found = NUMBER.findall(words)
    return int(found[-1].replace("−", "-").replace("±", ""))


def bare_numbers(node: Element, inside: frozenset[str] = frozenset()) -> Iterator[tuple[str, str]]:
    """Numbers outside of links, with the classes they stand in."""
    inside |= set(node.get("class", "").split())
    if kind(node) == "a":
        return
    for words in (node.text, *(child.tail for child in node)):
        if words and any(sign.isdigit() for sign in words):
            yield words.strip(), " ".join(sorted(inside))
    for child in node:
        yield from bare_numbers(child, inside)


def rows_behind(client: Client, page: Element, href: str) -> int:
    """How many rows stand behind the address; for the net of a light, those that came to it less those that left."""
    if href.startswith("#"):
        target = next(node for node in page.iter() if node.get("id") == href[1:])
        return sum(1 for row in target.iter("tr")) - 1
    asked = parse_qs(urlsplit(href).query)
    if urlsplit(href).path == "/changes/" and "light" in asked and "direction" not in asked:
        return len(codes(client, f"{href}&direction=came")) - len(codes(client, f"{href}&direction=left"))
    found = codes(client, href)
    if urlsplit(href).path == "/commitments/":
        assert len(set(found)) == len(found), href
    return len(found)


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("path", PATHS)
def test_every_number_leads_to_exactly_the_rows_that_it_counts(busy: Cast, name: str, path: str) -> None:
    client = signed_in(getattr(busy, name))
    if client.get(path).status_code == 404:  # Zhou has nothing in the second plan
        assert (name, path) == ("zhou", "/?plan=P2")
        return
    page = main_of(client, path)
    found = figures(page)
    assert len(found) > 7
    behind = {href: rows_behind(client, page, href) for href in {href for _words, href in found}}
    for words, href in found:
        assert behind[href] == number_in(words, href), (words, href)


@pytest.mark.parametrize("path", PATHS)
def test_a_number_without_rows_counts_no_matters(busy: Cast, path: str) -> None:
    page = main_of(signed_in(busy.wu), path)
    since = next(with_class(page, "since"))
    for words, inside in bare_numbers(page):
        assert ELSEWHERE & set(inside.split()) or "since" in inside, (words, inside)
    total = next(since.iter("summary"))
    links = [text(link) for link in with_class(since, "all")]
    assert [NUMBER.findall(text(next(total.iter("b"))))] == [NUMBER.findall(words) for words in links], "one total"


def test_the_walk_finds_every_kind_of_figure(busy: Cast) -> None:
    kinds: set[str] = set()
    for path in PATHS:
        for _words, href in figures(main_of(signed_in(busy.wu), path)):
            asked = set(parse_qs(urlsplit(href).query)) - {"plan"}
            kinds.add(" ".join([urlsplit(href).path or href, *sorted(asked)]))
    assert kinds >= {
        "/commitments/",
        "/commitments/ health",
        "/commitments/ word",
        "/commitments/ progress",
        "/commitments/ chapter department",
        "/commitments/ chapter department health",
        "/changes/ light since",
        "/changes/ newer",
        "/changes/ direction light newer",
        "#plans",
    }


def test_the_office_is_led_to_what_it_owes_a_word(busy: Cast) -> None:
    found = [href for _words, href in figures(main_of(signed_in(busy.chen), "/?plan=P1")) if "review=1" in href]
    assert found
    assert sorted(codes(signed_in(busy.chen), found[0])) == ["FULL-1", "W-000", "W-011"]


def test_a_plan_without_matters_counts_nothing_and_says_what_to_do(db: None) -> None:
    cast = make_cast()
    make_plan("P1")
    page = main_of(signed_in(cast.wu), "/")
    assert figures(page) == []
    assert list(with_class(page, "empty"))
