"""Takes the pictures in docs/screenshots: each page at laptop and phone size, from a demonstration of its own."""

import sys
from pathlib import Path
from urllib.parse import urljoin

from playwright.sync_api import Browser, FloatRect, sync_playwright

from scripts import house
from scripts.house import House

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
TALLEST = 2000  # pixels of a page that a picture shows
SIZES = {"1366": (1366, 768), "390": (390, 844)}
# (file name, user name, path, language), and where the path is a list: whose first row is opened, and with which ending
SHOTS = (
    ("overview", "leader", "/", "zh-hans"),
    ("overview-en", "leader", "/", "en"),
    ("list", "leader", "/commitments/?health=at_risk", "zh-hans"),
    ("list-empty", "leader", "/commitments/?q=无此事项", "zh-hans"),
    ("commitment", "leader", "/commitments/NC-013/", "zh-hans"),
    ("department", "leader", "/departments/kjj/", "zh-hans"),
    ("not-found", "leader", "/commitments/NC-999/", "zh-hans"),
    ("sign-in", "", "/accounts/login/", "zh-hans"),
    ("desk-officer", "officer", "/admin/", "zh-hans"),
    ("report-form", "officer", "/admin/tracker/progressreport/add/?commitment=NC-004", "zh-hans"),
    ("desk-office", "supervisor", "/admin/", "zh-hans"),
    ("desk-leader", "leader", "/admin/", "zh-hans"),
    ("desk-office-en", "supervisor", "/admin/", "en"),
    ("review", "supervisor", "/admin/tracker/progressreport/?q=NC-003&state__exact=submitted", "zh-hans", "change"),
    ("verification", "supervisor", "/admin/tracker/commitment/?stage__exact=reported_done", "zh-hans", "verify"),
    ("history", "supervisor", "/admin/tracker/commitment/?q=NC-003", "zh-hans", "history"),
    ("extension", "supervisor", "/admin/tracker/extensionrequest/?state__exact=pending", "zh-hans", "change"),
    ("overview-dark", "leader", "/", "zh-hans"),
    ("overview-print", "leader", "/", "zh-hans"),
    ("decision", "leader", "/plans/NC2024/", "zh-hans"),
    ("decision-en", "leader", "/plans/NC2024/", "en"),
    ("decision-print", "leader", "/plans/NC2024/", "zh-hans"),
    ("commitment-history", "leader", "/commitments/NC-013/history/", "zh-hans"),
    ("changes", "leader", "/changes/", "zh-hans"),
    ("portfolio", "leader", "/portfolio/", "zh-hans"),
    ("targets", "leader", "/targets/", "zh-hans"),
    ("search", "leader", "/search/?q=gxjs", "zh-hans"),
    ("wall", "leader", "/wall/", "zh-hans"),
    ("projects", "leader", "/projects/", "zh-hans"),
    ("parks", "leader", "/parks/", "zh-hans"),
    ("timeline", "leader", "/timeline/", "zh-hans"),
    ("burden", "supervisor", "/burden/", "zh-hans"),
    ("admin-list", "supervisor", "/admin/tracker/commitment/", "zh-hans"),
    ("import", "supervisor", "/admin/tracker/commitment/import/", "zh-hans"),
)


# How a picture is taken whose name ends so.
MEDIA: dict[str, dict[str, str]] = {"dark": {"color_scheme": "dark"}, "print": {"media": "print"}}
PLAIN = {"color_scheme": "light", "media": "screen"}


def main() -> int:
    """Take all pictures; exit status 1 when there is no browser."""
    path = house.chromium()
    if path is None:
        print("No Chromium was found. Install Debian's chromium and run this again.", file=sys.stderr)
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    with house.running() as home, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(house.CHROMIUM_ARGUMENTS))
        for label, size in SIZES.items():
            _take(browser, home, label, size)
        browser.close()
    return 0


def _take(browser: Browser, home: House, label: str, size: tuple[int, int]) -> None:
    """All pictures of one size; one sign-in for each person."""
    for username in dict.fromkeys(shot[1] for shot in SHOTS):
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="zh-CN")
        page = context.new_page()
        if username:
            page.goto(f"{home.url}/accounts/login/")
            page.fill("[name=username]", username)
            page.fill("[name=password]", home.passwords[username])
            page.click("main button[type=submit]")
        for name, user, path, language, *ending in SHOTS:
            if user != username:
                continue
            context.add_cookies([{"name": "django_language", "value": language, "url": home.url}])
            page.emulate_media(**(PLAIN | MEDIA.get(name.rpartition("-")[2], {})))  # type: ignore[arg-type]
            page.goto(home.url + path)
            if ending:
                first = page.locator("#result_list a[href*='/change/']").first.get_attribute("href") or ""
                page.goto(urljoin(page.url, first.split("?")[0]).replace("/change/", f"/{ending[0]}/"))
            tall = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST)
            clip: FloatRect = {"x": 0, "y": 0, "width": size[0], "height": max(tall, size[1])}
            page.screenshot(path=FOLDER / f"{name}-{label}.png", full_page=True, clip=clip)
        context.close()


if __name__ == "__main__":
    sys.exit(main())
