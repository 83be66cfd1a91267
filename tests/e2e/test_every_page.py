"""Every page of the site and of the admin that a role can reach by links, in both languages, at four widths."""

import pytest
from playwright.sync_api import Browser

from scripts.house import House
from tests.e2e.conftest import SignIn
from tests.e2e.walk import SIZES, of_the_admin, of_the_site, walk

pytestmark = pytest.mark.e2e
LANGUAGES = ("zh-hans", "en")
# States that no link leads to: nothing found, a wrong filter, nothing there, not yours.
STATES = [
    "/",
    "/commitments/?health=off_track",
    "/commitments/?q=nothing-has-this-name",
    "/commitments/?health=wrong",
    "/commitments/NC-005/",
    "/commitments/NC-013/",
    "/commitments/no-such-code/",
    "/search/?q=gxjs",
    "/search/?q=nothing-has-this-name",
    "/departments/kjj/",
    "/timeline/?health=wrong",
    "/plans/no-such-plan/",
    "/public/",
    "/wall/",
]
ROLES = ("leader", "officer", "supervisor", "admin")
ADMIN_STATES = {
    "leader": ["/admin/"],
    "officer": ["/admin/", "/admin/tracker/progressreport/add/"],
    "supervisor": ["/admin/", "/admin/tracker/commitment/add/", "/admin/tracker/commitment/import/"],
    "admin": ["/admin/", "/admin/tracker/department/add/", "/admin/tracker/user/"],
}


def axe_size(role: int, language: int) -> tuple[int, int] | None:
    """At which width a role's pages are checked for accessibility; None: they are in the role's other language.

    Half of all walks, because the check takes four fifths of one: two roles in each language, and all four widths.
    """
    return SIZES[(role + 2 * language) % len(SIZES)] if role % 2 == language else None


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("username", ROLES)
def test_every_page_of_the_site_within_reach_behaves(
    home: House, sign_in: SignIn, username: str, language: str
) -> None:
    size = axe_size(ROLES.index(username), LANGUAGES.index(language))
    page = sign_in(username, language=language)
    visited, wrong = walk(page, home, start=STATES, within=of_the_site, axe_at=size)
    assert len(visited) >= 30, visited
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("username", ROLES)
def test_every_admin_page_within_reach_behaves(home: House, sign_in: SignIn, username: str, language: str) -> None:
    size = axe_size(ROLES.index(username), LANGUAGES.index(language))
    page = sign_in(username, language=language)
    visited, wrong = walk(page, home, start=ADMIN_STATES[username], within=of_the_admin, axe_at=size)
    assert len(visited) >= 8, visited
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
def test_what_a_visitor_sees_behaves(home: House, sign_in: SignIn, size: tuple[int, int], language: str) -> None:
    start = ["/accounts/login/", "/public/", "/no/such/page/"]
    _visited, wrong = walk(sign_in("", language=language), home, start=start, within=of_the_site, axe_at=size)
    assert not wrong, "\n".join(wrong)


def test_a_reader_can_walk_by_keyboard(home: House, sign_in: SignIn) -> None:
    page = sign_in("leader")
    page.goto(home.url + "/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#content"


def test_without_javascript_the_pages_work(home: House, sign_in: SignIn, browser: Browser) -> None:
    page = sign_in("leader")
    context = browser.new_context(java_script_enabled=False, storage_state=page.context.storage_state())
    try:
        plain = context.new_page()
        for path in ("/", "/commitments/?health=at_risk", "/commitments/NC-005/", "/departments/", "/timeline/"):
            response = plain.goto(home.url + path)
            assert response is not None
            assert response.status == 200
            assert plain.locator("h1").count() == 1
    finally:
        context.close()
