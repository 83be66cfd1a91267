"""What is off until somebody switches it on: the public pages and the comparison of departments, walked when on."""

import pytest
from playwright.sync_api import Page, expect

from scripts.house import House
from tests.e2e.conftest import SignIn
from tests.e2e.walk import SIZES, look, of_the_site, walk

pytestmark = pytest.mark.e2e
SETTINGS = "/admin/tracker/sitesettings/"
COMPARISON = "/departments/compare/"


def switch(page: Page, home: House, *, on: bool) -> None:
    """Set both switches, and every field and no delay for the public, with a reason."""
    page.goto(home.url + SETTINGS)
    for name in ("compares_departments", "shows_public_pages"):
        page.locator(f"[name={name}]").set_checked(on)
    page.fill("[name=public_delay_days]", "0")
    for box in page.locator("[name=public_fields]").all():
        box.set_checked(True)
    page.fill("[name=reason]", "演示：向社会公开。")
    page.locator("#content [type=submit]").first.click()
    expect(page.locator(".messagelist .success")).to_be_visible()


def test_the_public_and_the_comparison_behave_when_they_are_on_and_are_gone_when_off(
    home: House, sign_in: SignIn
) -> None:
    office = sign_in("supervisor")
    switch(office, home, on=True)
    wrong: list[str] = []
    try:
        for number, language in enumerate(("zh-hans", "en")):
            size = SIZES[number * 2]
            visitor = sign_in("", language=language)
            visited, found = walk(
                visitor, home, start=[f"/public/?language={language}"], within=of_the_site, axe_at=size
            )
            assert len(visited) >= 3, visited
            leader = sign_in("leader", language=language)
            wrong += found + look(leader, home, COMPARISON, axe_at=size)
            assert leader.locator("tbody tr").count() > 10
    finally:
        switch(office, home, on=False)
    assert not wrong, "\n".join(wrong)
    for path in ("/public/", "/public.json"):
        assert office.request.get(home.url + path).status == 404
    assert office.request.get(home.url + COMPARISON).status == 404
