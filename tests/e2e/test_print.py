"""Leaders print: overview and living decision on A4, pages counted, nothing lost, cut or wider than the paper."""

import io
import re
import unicodedata
from collections.abc import Iterable
from typing import Any

import pytest
from playwright.sync_api import Page
from pypdf import PdfReader

from scripts.house import House
from tests.e2e.conftest import SignIn

pytestmark = pytest.mark.e2e

LANGUAGES = ("zh-hans", "en")
A4 = (595, 842)  # points
OPENING = "（“‘《「『【"
MARGIN = 14 / 25.4 * 72  # points, left and right, as static/luoshi/print.css says
# Between the margins, in pixels of CSS: what a line of print may take.
PAPER = (int((210 - 2 * 14) / 25.4 * 96), 1000)
RADICALS = "".join(map(chr, range(0x2E80, 0x2FE0)))
CLAUSES = """() => [...document.querySelectorAll('.doc .clause')].map(one => ({
  code: one.id.replace(/^c-/, ''),
  heading: one.querySelector('.run-in')?.textContent ?? '',
  titles: [...one.querySelectorAll('.promise > span:last-child')].map(title => title.textContent),
}))"""
WIDEST = """() => Math.max(...[...document.querySelectorAll('body *')]
  .filter(one => one.checkVisibility() && !one.closest('.visually-hidden, .sprite'))
  .map(one => one.getBoundingClientRect().right))"""


def printed(page: Page) -> list[Any]:
    """The page as Chromium prints it."""
    return list(PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages)


def bare(text: str) -> str:
    """The text without white space and joiners, in half-width forms; signs of radicals stay as they are."""
    kept = "".join(one if one in RADICALS else unicodedata.normalize("NFKC", one) for one in text)
    return re.sub(r"[\s\u2060]", "", kept)


def holds(text: str, words: str) -> bool:
    """Whether the words stand in a text that was read back from a PDF, where 页, 见 or 户 may be signs of radicals."""
    pattern = "".join(f"[{re.escape(sign)}{RADICALS[0]}-{RADICALS[-1]}]" for sign in bare(words))
    return re.search(pattern, text) is not None


def assert_sheets(pages: list[Any], *, most: int) -> None:
    """A4, not too many, each with its number, and no word begins beyond a margin."""
    assert 1 <= len(pages) <= most
    for number, sheet in enumerate(pages, start=1):
        assert tuple(round(float(side)) for side in sheet.mediabox[2:]) == A4
        begins = _begins(sheet)
        assert begins, f"page {number} is empty"
        assert min(begins) >= MARGIN - 2, number
        assert max(begins) <= A4[0] - MARGIN, number
        assert holds(bare(sheet.extract_text()), f"{number}/{len(pages)}"), number


def _begins(sheet: Any) -> list[float]:
    """Where each piece of text begins, in points from the left edge. An opening mark may hang: half of it is empty."""
    found: list[float] = []

    def note(text: str, cm: list[float], tm: list[float], _font: object, _size: object) -> None:
        if text.strip() and text.strip()[0] not in OPENING:
            found.append(tm[4] * cm[0] + cm[4])

    sheet.extract_text(visitor_text=note)
    return found


def assert_fits(page: Page) -> None:
    """Laid out for paper, nothing reaches beyond it. Leaves the page without a forced medium."""
    page.emulate_media(media="print")
    page.set_viewport_size({"width": PAPER[0], "height": PAPER[1]})
    assert page.evaluate(WIDEST) <= PAPER[0] + 1
    page.emulate_media(media="null")  # a forced medium would be printed, too


def missing(text: str, words: Iterable[str]) -> list[str]:
    return [one for one in words if not holds(text, one)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_living_decision_is_printed_whole(home: House, sign_in: SignIn, language: str) -> None:
    page = sign_in("leader", language=language)
    page.goto(f"{home.url}/plans/NC2024/")
    clauses = page.evaluate(CLAUSES)
    assert len(clauses) >= 67
    assert sum(len(one["titles"]) for one in clauses) == 204
    assert_fits(page)
    pages = printed(page)
    assert_sheets(pages, most=14)
    texts = [bare(sheet.extract_text()) for sheet in pages]
    assert missing("".join(texts), [one["code"] + one["heading"] for one in clauses if one["heading"]]) == []
    torn = [
        one["code"] for one in clauses if not any(not missing(text, [one["heading"], *one["titles"]]) for text in texts)
    ]
    assert torn == [], "a clause begins on one page and ends on the next"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_overview_is_printed_whole(home: House, sign_in: SignIn, language: str) -> None:
    page = sign_in("leader", language=language)
    page.goto(f"{home.url}/")
    titles = page.locator(".rows li a:first-of-type, .target h3, .heat thead th, .heat tbody th").all_inner_texts()
    headline = page.locator("h1").inner_text()
    assert len(titles) > 10
    assert_fits(page)
    pages = printed(page)
    assert_sheets(pages, most=3)
    assert missing("".join(bare(sheet.extract_text()) for sheet in pages), [headline, *titles]) == []


@pytest.mark.parametrize("path", ["/plans/", "/commitments/NC-005/", "/departments/kjj/"])
def test_other_pages_fit_the_paper(home: House, sign_in: SignIn, path: str) -> None:
    page = sign_in("leader")
    page.goto(home.url + path)
    assert_fits(page)
    assert_sheets(printed(page), most=6)
