"""Every admin page that a role can reach by links, one of each kind: accessible, not wider than the screen, no error.

The walk begins at the desk and follows links inside the admin. Two addresses that differ in numbers or in the values of
a query are one kind; the first one met is looked at.
"""

import re
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
from playwright.sync_api import Page

from scripts.house import House
from tests.e2e.conftest import LAPTOP, PHONE, SignIn
from tests.e2e.test_every_page import look

pytestmark = pytest.mark.e2e
# Files and scripts are not pages; signing out would end the walk.
NO_PAGES = re.compile(r"/(logout|jsi18n|download|export|autocomplete)/")
# What changes a page's kind, not only its rows.
TELLING = {"commitment", "copy", "report"}
MOST = 150


def kind(address: str) -> str:
    """What an address has in common with others of its kind."""
    parts = urlsplit(address)
    if parts.path.endswith("/history/"):
        return "history"  # one template for all
    keys = sorted({name for name, _value in parse_qsl(parts.query)} & TELLING)
    return re.sub(r"\d+", "0", parts.path) + "".join(f"?{key}" for key in keys)


def links(page: Page, home: House) -> list[str]:
    """The links of a page that stay inside the admin, without fragments, in their order."""
    found = page.eval_on_selector_all("a[href]", "nodes => nodes.map(node => node.getAttribute('href'))")
    whole = [urljoin(page.url, href).split("#")[0] for href in found if not href.startswith(("mailto:", "data:"))]
    return [url for url in whole if url.startswith(f"{home.url}/admin/") and not NO_PAGES.search(url)]


def walk(page: Page, home: House) -> tuple[list[str], list[str]]:
    """The addresses that were looked at, and what is wrong with them."""
    waiting, seen = [f"{home.url}/admin/"], {"/admin/"}
    visited: list[str] = []
    wrong: list[str] = []
    while waiting and len(visited) < MOST:
        address = waiting.pop(0)
        path = address.removeprefix(home.url)
        visited.append(path)
        wrong += look(page, home, path)
        for link in links(page, home):
            if kind(link) not in seen:
                seen.add(kind(link))
                waiting.append(link)
    return visited, wrong


@pytest.mark.parametrize("username", ["officer", "supervisor", "leader"])
@pytest.mark.parametrize(("size", "language"), [(PHONE, "zh-hans"), (LAPTOP, "en")])
def test_every_admin_page_within_reach_behaves(
    home: House, sign_in: SignIn, username: str, size: tuple[int, int], language: str
) -> None:
    visited, wrong = walk(sign_in(username, size=size, language=language), home)
    assert len(visited) >= 8, visited
    assert len(visited) < MOST, "the walk does not end: tell kinds of pages apart by less"
    assert not wrong, "\n".join(wrong)
