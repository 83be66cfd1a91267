"""A supervision slip is printed as an office would send it: one sheet of A4, and nothing else of the site."""

import pytest

from scripts.house import House
from tests.e2e.conftest import PHONE, SignIn
from tests.e2e.test_print import LANGUAGES, assert_fits, assert_sheets, bare, holds, printed

pytestmark = pytest.mark.e2e

# The longest words that a form takes, in both places; the page of a chain's end.
FILL = """words => { for (const one of document.querySelectorAll('.asked, .answer')) one.textContent = words;
  document.querySelector('.paper').classList.add('long') }"""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("query", ["level=red", "state=answered", "state=draft", "state=withdrawn"])
def test_every_slip_is_one_sheet_without_the_site(home: House, sign_in: SignIn, language: str, query: str) -> None:
    page = sign_in("supervisor", language=language)
    page.goto(f"{home.url}/slips/?{query}")
    page.locator(".slips th a").first.click()
    page.wait_for_selector(".paper")
    title = page.locator(".paper-facts b").first.inner_text()
    marks = page.locator(".paper .marks span").all_inner_texts()
    assert_fits(page)
    pages = printed(page)
    assert_sheets(pages, most=1)
    text = bare(pages[0].extract_text())
    assert all(holds(text, words) for words in [title, *marks])
    assert len(marks) == (2 if query in {"state=draft", "state=withdrawn"} else 1)
    assert not holds(text, page.locator(".mast nav a").first.inner_text())


@pytest.mark.parametrize("size", [PHONE])
def test_the_longest_words_still_fit_one_sheet(home: House, sign_in: SignIn, size: tuple[int, int]) -> None:
    page = sign_in("supervisor", size=size)
    page.goto(f"{home.url}/slips/?level=red")
    page.locator(".slips th a").first.click()
    page.wait_for_selector(".paper")
    page.evaluate(FILL, "督" * 400)
    assert_sheets(printed(page), most=1)
