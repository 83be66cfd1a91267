"""Walking the site as a reader does, by its links, and what is asked of each page on the way.

Every page is asked, at four widths from a phone to a projector: no sideways scroll. In one of the two languages and at
one of the widths, which change with the role so that together they cover all: no violation of WCAG 2.2 AA. And always:
nothing in the console (where the browser reports violations of the content security policy), no request that leaves the
site, no error 500.
"""

import re
from collections.abc import Callable
from urllib.parse import parse_qsl, urljoin, urlsplit

from axe_playwright_python.sync_playwright import Axe
from django.urls import Resolver404, resolve
from playwright.sync_api import ConsoleMessage, Page

from scripts.house import House

SIZES = ((390, 844), (768, 1024), (1366, 768), (1920, 1080))
# Rules of WCAG 2.2 AA and below; best practices are not laws.
# Without preload, because axe would otherwise fetch style sheets again by addresses of its own making.
# Only what is violated is asked in full: describing what passes takes longer than finding what does not.
AXE = {
    "preload": False,
    "resultTypes": ["violations"],
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
}
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Files and scripts are not pages; signing out would end the walk.
NO_PAGES = re.compile(r"/(logout|jsi18n|download|export|template|autocomplete)/|[?&]format=|\.(json|docx)(\?|$)")
# What changes a page's kind, not only its rows.
# What axe objects to and we mean: the wall has nobody in front of it who could press a button, so it turns by itself;
# the address says how often, and minutes=0 stops it (docs/pages.md).
MEANT = {("/wall/", "meta-refresh")}
TELLING = {"commitment", "copy", "report", "screen", "after", "plan", "year", "tone"}
MOST = 200
Within = Callable[[str], bool]


def of_the_site(path: str) -> bool:
    """Whether an address is a page of the site itself."""
    return not path.startswith(("/admin/", "/api/", "/static/", "/i18n/"))


def of_the_admin(path: str) -> bool:
    """Whether an address is a page of the admin."""
    return path.startswith("/admin/")


def look(page: Page, home: House, path: str, *, axe_at: tuple[int, int] | None) -> list[str]:
    """What is wrong with one page, in words."""
    wrong: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            wrong.append(f"console: {message.text}")

    page.on("console", note)
    page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
    page.on(
        "request",
        lambda request: (
            None if request.url.startswith((home.url, "data:")) else wrong.append(f"leaves the site: {request.url}")
        ),
    )
    response = page.goto(home.url + path)
    assert response is not None
    if response.status >= 400:  # the browser itself notes the status of an error page
        wrong[:] = [text for text in wrong if "the server responded with a status of" not in text]
    if response.status >= 500:
        wrong.append(f"status {response.status}")
    for width, height in [*(size for size in SIZES if size != axe_at), *([axe_at] if axe_at else [])]:
        page.set_viewport_size({"width": width, "height": height})
        wide = page.evaluate(WIDER)
        if wide > 0:
            wrong.append(f"{wide} px too wide at {width}")
    page.remove_listener("console", note)  # what axe does to a page is not the page's doing
    if axe_at is not None:
        wrong.extend(
            f"axe {violation['id']} at {axe_at[0]}: {violation['nodes'][0]['html'][:160]}"
            for violation in Axe().run(page, options=AXE).response["violations"]
            if (urlsplit(path).path, violation["id"]) not in MEANT
        )
    return [f"{path}: {text}" for text in wrong]


def walk(
    page: Page, home: House, *, start: list[str], within: Within, axe_at: tuple[int, int] | None
) -> tuple[list[str], list[str]]:
    """The addresses that were looked at, and what is wrong with them: the start, and one page of each kind it leads to.

    Each page is opened in a tab of its own, so that what one does cannot be laid at another's door.
    """
    waiting, seen = [home.url + path for path in start], {kind(home.url + path) for path in start}
    visited: list[str] = []
    wrong: list[str] = []
    while waiting and len(visited) < MOST:
        address = waiting.pop(0)
        path = address.removeprefix(home.url)
        visited.append(path)
        tab = page.context.new_page()
        wrong += look(tab, home, path, axe_at=axe_at)
        for link in _links(tab, home, within):
            if kind(link) not in seen:
                seen.add(kind(link))
                waiting.append(link)
        tab.close()
    assert len(visited) < MOST, "the walk does not end: tell kinds of pages apart by less"
    return visited, wrong


def kind(address: str) -> str:
    """What an address has in common with others of its kind: the pattern it matches and what its query tells."""
    parts = urlsplit(address)
    keys = sorted({name for name, _value in parse_qsl(parts.query)} & TELLING)
    if parts.path.endswith("/history/") and of_the_admin(parts.path):
        return "history"  # one template for all
    try:
        found = resolve(parts.path)
        name = f"{found.route}:{found.url_name}"
    except Resolver404:
        name = parts.path
    return name + "".join(f"?{key}" for key in keys)


def _links(page: Page, home: House, within: Within) -> list[str]:
    """The links of a page that stay inside, without fragments, in their order."""
    found = page.eval_on_selector_all("a[href]", "nodes => nodes.map(node => node.getAttribute('href'))")
    whole = [urljoin(page.url, href).split("#")[0] for href in found if not href.startswith(("mailto:", "data:"))]
    inside = [url for url in whole if url.startswith(f"{home.url}/") and not NO_PAGES.search(url)]
    return [url for url in inside if within(url.removeprefix(home.url))]
