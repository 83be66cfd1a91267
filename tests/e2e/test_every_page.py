"""Every page at laptop and phone size, in both languages: no sideways scroll, no error, no stranger, accessible."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page

from scripts.house import House
from tests.e2e.conftest import LAPTOP, PHONE, SignIn

pytestmark = pytest.mark.e2e

PAGES = {
    "": ["/accounts/login/"],
    "leader": [
        "/",
        "/commitments/",
        "/commitments/?health=off_track",
        "/commitments/?q=nothing-has-this-name",
        "/commitments/?health=wrong",
        "/commitments/NC-005/",
        "/commitments/NC-013/",
        "/commitments/no-such-code/",
        "/departments/",
        "/departments/kjj/",
        "/admin/",
    ],
    "officer": [
        "/",
        "/admin/",
        "/admin/tracker/commitment/",
        "/admin/tracker/progressreport/",
        "/admin/tracker/progressreport/add/",
    ],
    "supervisor": [
        "/admin/",
        "/admin/tracker/progressreport/",
        "/admin/tracker/commitment/",
        "/admin/tracker/commitment/add/",
        "/admin/tracker/commitment/import/",
        "/admin/tracker/event/",
    ],
    "admin": ["/admin/tracker/user/", "/admin/tracker/department/add/", "/admin/projects/initiative/"],
}
# Rules of WCAG 2.2 AA and below; best practices are not laws.
# Without preload, because axe would otherwise fetch style sheets again by addresses of its own making.
AXE = {"preload": False, "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}


def look(page: Page, home: House, path: str) -> list[str]:
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
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if wide > 0:
        wrong.append(f"{wide} px too wide")
    page.remove_listener("console", note)  # what axe does to a page is not the page's doing
    found = Axe().run(page, options=AXE)
    wrong.extend(
        f"axe {violation['id']}: {violation['nodes'][0]['html'][:160]}" for violation in found.response["violations"]
    )
    return [f"{path}: {text}" for text in wrong]


@pytest.mark.parametrize("username", PAGES)
@pytest.mark.parametrize(("size", "language"), [(LAPTOP, "zh-hans"), (PHONE, "zh-hans"), (LAPTOP, "en"), (PHONE, "en")])
def test_pages_behave(home: House, sign_in: SignIn, username: str, size: tuple[int, int], language: str) -> None:
    page = sign_in(username, size=size, language=language)
    wrong = []
    for path in PAGES[username]:
        fresh = page.context.new_page()
        wrong += look(fresh, home, path)
        fresh.close()
    assert not wrong, "\n".join(wrong)


def test_a_reader_can_walk_by_keyboard(home: House, sign_in: SignIn) -> None:
    page = sign_in("leader")
    page.goto(home.url + "/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#content"


def test_without_javascript_the_pages_work(home: House, sign_in: SignIn, browser: object) -> None:
    page = sign_in("leader")
    state = page.context.storage_state()
    context = page.context.browser.new_context(java_script_enabled=False, storage_state=state)  # type: ignore[union-attr]
    try:
        plain = context.new_page()
        for path in ("/", "/commitments/?health=at_risk", "/commitments/NC-005/", "/departments/"):
            response = plain.goto(home.url + path)
            assert response is not None
            assert response.status == 200
            assert plain.locator("h1").count() == 1
    finally:
        context.close()
