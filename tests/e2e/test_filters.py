"""Filters and tabs with and without JavaScript: rows are exchanged, the address tells, “back” goes back."""

import pytest
from playwright.sync_api import Page, expect

from scripts.house import House
from tests.e2e.conftest import SignIn

pytestmark = pytest.mark.e2e
LIGHT = "#id_health"


def loads(page: Page) -> list[str]:
    """What the page asks for from now on."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.resource_type))
    return asked


def test_a_filter_exchanges_the_rows_keeps_the_focus_and_goes_back(home: House, sign_in: SignIn) -> None:
    page = sign_in("leader", language="en")
    page.goto(f"{home.url}/commitments/")
    everything = page.inner_text("#count")
    asked = loads(page)
    page.focus(LIGHT)
    page.select_option(LIGHT, "off_track")
    expect(page.locator("#chosen a")).to_have_count(2)
    assert page.url == f"{home.url}/commitments/?health=off_track"
    assert "document" not in asked
    assert page.evaluate("document.activeElement.id") == "id_health"
    assert "chosen" in page.inner_text("#count")
    page.locator("#chosen a").first.click()
    expect(page.locator("#count")).to_have_text(everything)
    assert page.input_value(LIGHT) == ""
    assert page.evaluate("document.activeElement.id") == "results"
    page.go_back()
    expect(page.locator(LIGHT)).to_have_value("off_track")


def test_a_tab_exchanges_the_page_and_a_refusal_is_loaded_as_one(home: House, sign_in: SignIn) -> None:
    page = sign_in("leader", language="en")
    page.goto(f"{home.url}/projects/")
    asked = loads(page)
    page.locator(".tabs a").nth(1).click()
    expect(page.locator("h1")).to_have_text("Parks")
    assert (page.url, "document" in asked) == (f"{home.url}/parks/", False)
    page.goto(f"{home.url}/commitments/")
    page.evaluate("document.querySelector('#id_health').append(new Option('purple', 'purple'))")
    page.select_option(LIGHT, "purple")
    expect(page.locator(".errors")).to_contain_text("not in the list")


def test_who_is_signed_out_meanwhile_comes_to_the_sign_in(home: House, sign_in: SignIn) -> None:
    page = sign_in("leader")
    page.goto(f"{home.url}/commitments/")
    page.context.clear_cookies()
    page.select_option(LIGHT, "off_track")
    page.wait_for_url(lambda url: "/accounts/login/?next=" in url)
    expect(page.locator("[name=username]")).to_be_visible()


def test_the_list_is_filtered_without_javascript(home: House, sign_in: SignIn) -> None:
    signed = sign_in("leader", language="en")
    browser = signed.context.browser
    assert browser is not None
    plain = browser.new_context(java_script_enabled=False, storage_state=signed.context.storage_state())
    page = plain.new_page()
    page.goto(f"{home.url}/commitments/")
    page.select_option(LIGHT, "off_track")
    page.click("#filters button")
    expect(page.locator("#count")).to_contain_text("chosen")
    plain.close()
