"""P1: the leader's overview against its floors. The page's figures are read from its links and compared first."""

from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson
from django.db import connection

from bench import servers
from bench.client import Client
from bench.data import MAIN_PLAN
from bench.servers import Server
from bench.timing import Pair, must_equal

TARGET = 3.0
LISTS = ("off_track", "at_risk", "no_data")
PATH = f"/?plan={MAIN_PLAN}"
PLACES = {
    "tally": "tally",
    "rows": "rows",
    "section-head": "total",
    "pace": "pace",
    "target": "target",
    "heat": "cell",
    "after-table": "more",
}
VOID = frozenset({"meta", "link", "input", "br", "img", "hr"})


def pairs(product: Server, floor: Server, *, session: str) -> Iterator[Pair]:
    """Compare, then hand out what may be timed. Raises Unequal or Failure."""
    cookie = {"Cookie": f"sessionid={session}"}
    servers.warm(product.port, PATH, **cookie)
    for name, path, is_fresh in (
        ("overview, unchanged data | figures from a roll-up", "/overview/rollup", False),
        ("overview, first after a change | figures from the raw tables", "/overview/live", True),
    ):
        servers.warm(floor.port, path, **cookie)
        mine, least = Client(product.port, **cookie), Client(floor.port, **cookie)
        must_equal(path, of_floor(least.get(path).body), of_page(mine.get(PATH).body))
        yield Pair(
            work="P1",
            name=name,
            target=TARGET,
            floor=_asking(least, path, is_fresh=is_fresh),
            product=_asking(mine, PATH, is_fresh=is_fresh),
            samples=15 if is_fresh else 60,
        )
        mine.close()
        least.close()


def _asking(client: Client, path: str, *, is_fresh: bool) -> Any:
    def ask() -> float:
        if is_fresh:  # somebody changed something: whatever was kept for the last revision is out of date
            with connection.cursor() as cursor:
                cursor.execute("UPDATE projects_syncclock SET rev = rev + 1")
        answer = client.get(path)
        assert answer.status == 200, answer
        return answer.seconds

    return ask


def of_floor(body: bytes) -> dict[str, Any]:
    """The floor's figures, as far as the page shows them as figures."""
    found = orjson.loads(body)
    assert found["plan"][0] == MAIN_PLAN
    return {
        "lights": found["lights"],
        "lists": {
            light: {"codes": [row["code"] for row in rows["rows"]], "total": rows["total"]}
            for light, rows in found["lists"].items()
        },
        "percents": [found["elapsed"], found["done"]],
        "targets": sorted([target["code"], target["health"]] for target in found["targets"]),
        "matrix": found["matrix"],
        "has_more": found["hidden"] > 0,
        "changes": found["changes"],
        "latest": _latest(found["late"]),
    }


def of_page(body: bytes) -> dict[str, Any]:
    """The same figures as the page's links and texts show them."""
    page = Page()
    page.feed(body.decode())
    targets = [link for link in page.links if link.place == "target"]
    tally = [link for link in page.links if link.place == "tally"]
    lights = {_query(link.href, "health"): _number(link.text) for link in tally if _query(link.href, "health")}
    days = sorted({_query(link.href, "since") for link in tally} - {""}, reverse=True)
    late = [link for link in page.links if link.place == "pace" and _query(link.href, "chapter")]
    totals = {_query(link.href, "health"): _number(link.text) for link in page.links if link.place == "total"}
    codes = [(link.light, _code(link.href)) for link in page.links if link.place == "rows"]
    cells = [link for link in page.links if link.place == "cell" and _query(link.href, "department")]
    return {
        "lights": lights,
        "lists": {
            light: {"codes": [code for lamp, code in codes if lamp == light], "total": totals.get(light, 0)}
            for light in LISTS
        },
        "percents": [_number(text) for text in page.percents],
        "targets": sorted([_code(link.href), light] for link, light in zip(targets, page.target_lights, strict=True)),
        "matrix": _cells(cells),
        "has_more": any(link.place == "more" for link in page.links),
        "changes": {
            name: {
                _query(link.href, "light"): _signed(link.text) for link in tally if _query(link.href, "since") == day
            }
            for name, day in zip(("week", "month"), days, strict=True)
        },
        "latest": _number(late[0].text.rpartition("（")[2].rpartition("(")[2]) if late else None,
    }


def _cells(links: "list[Link]") -> dict[str, list[object]]:
    """By chapter and department: the gravest light, which the first link of a cell names, and the last one's count."""
    found: dict[str, list[object]] = {}
    for link in links:
        chapter = _query(link.href, "chapter").removeprefix(MAIN_PLAN + "-")
        cell = found.setdefault(f"{chapter}|{_query(link.href, 'department')}", [_query(link.href, "health"), 0])
        cell[1] = _number(link.text)
    return found


def _latest(late: Iterable[int]) -> int | None:
    """How much is late in the theme with most; None when two have equally much, or nothing is late."""
    first, second = sorted([*late, 0, 0], reverse=True)[:2]
    return first if first > second else None


def _signed(text: str) -> int:
    """A change as the page prints it: +3, −3, ±0."""
    return (_number(text) or 0) * (-1 if "−" in text or "-" in text else 1)


class Link:
    """A link of the page: where it leads, where it stands, the light before or in it, its text."""

    def __init__(self, href: str, place: str, light: str) -> None:
        self.href, self.place, self.light, self.text = href, place, light, ""


class Page(HTMLParser):
    """Collects the links of the page's parts with their lights, and the few figures that are no links."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[Link] = []
        self.percents: list[str] = []
        self.target_lights: list[str] = []
        self._open: list[tuple[str, str]] = []  # (tag, class) of the elements around
        self._light = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self._open.append((tag, own.get("class", "")))
        if tag == "li":
            self._light = ""
        if tag == "span" and own.get("class", "").startswith("light "):
            self._light = own["class"].split()[1]
            if self._inside("target"):
                self.target_lights.append(self._light)
            elif self.links and ("a", "") in self._open:
                self.links[-1].light = self._light
        if tag == "a":
            self.links.append(Link(own.get("href", ""), self._place(), self._light))
        if tag == "b" and self._inside("pace"):
            self.percents.append("")

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        tags = [tag for tag, _class in self._open]
        if "a" in tags and "title" not in tags and self.links:
            self.links[-1].text += data
        if tags and tags[-1] == "b" and self._inside("pace"):
            self.percents[-1] += data

    def _inside(self, name: str) -> bool:
        return any(name in classes.split() for _tag, classes in self._open)

    def _place(self) -> str:
        return next((place for name, place in PLACES.items() if self._inside(name)), "")


def _query(href: str, name: str) -> str:
    return parse_qs(urlsplit(href).query).get(name, [""])[0]


def _code(href: str) -> str:
    return urlsplit(href).path.rstrip("/").rpartition("/")[2]


def _number(text: str) -> int | None:
    digits = "".join(character for character in text if character.isdigit())
    return int(digits) if digits else None
