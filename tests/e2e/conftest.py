"""The house all browser tests walk through: the whole demonstration, and a real Chromium."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from scripts import house
from scripts.house import House

LAPTOP, PHONE = (1366, 768), (390, 844)
SignIn = Callable[..., Page]


@pytest.fixture(scope="session")
def home() -> Iterator[House]:
    with house.running() as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = house.chromium()
    if path is None:
        pytest.skip("no Chromium; install Debian's chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(house.CHROMIUM_ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def sign_in(home: House, browser: Browser) -> Iterator[SignIn]:
    """Opens a page for a user name, signed in."""
    contexts = []

    def enter(username: str, *, size: tuple[int, int] = LAPTOP, language: str = "zh-hans") -> Page:
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="zh-CN")
        context.add_cookies([{"name": "django_language", "value": language, "url": home.url}])
        contexts.append(context)
        page = context.new_page()
        if username:
            page.goto(f"{home.url}/accounts/login/")
            page.fill("[name=username]", username)
            page.fill("[name=password]", home.passwords[username])
            page.click("main button[type=submit]")
            page.wait_for_url(lambda url: "/accounts/login/" not in url)
        return page

    yield enter
    for context in contexts:
        context.close()
