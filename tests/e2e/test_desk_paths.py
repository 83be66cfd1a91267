"""The working day of an officer, the supervision office and a leader, walked in a browser at both sizes."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from scripts.house import House
from tests.e2e.conftest import LAPTOP, PHONE, SignIn
from tracker.management.demo_desk import pdf

pytestmark = [pytest.mark.e2e, pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])]
Size = tuple[int, int]
MATTERS = "/admin/tracker/commitment"
# Which commitments earlier paths took: each path works on one of its own.
_taken: set[str] = set()


def take(page: Page, home: House, query: str) -> str:
    """The code of a commitment that the filtered list names and no path has used yet."""
    page.goto(f"{home.url}/commitments/?{query}")
    for code in [row.inner_text() for row in page.locator("table tbody .code").all()]:
        if code not in _taken:
            _taken.add(code)
            return code
    raise AssertionError(f"the demonstration has no commitment left for {query}")


def number(page: Page, home: House, code: str) -> str:
    """A commitment's number in the admin's addresses."""
    page.goto(f"{home.url}{MATTERS}/?q={code}")
    href = page.locator("#result_list a[href*='/commitment/']").first.get_attribute("href")
    assert href
    found = re.search(r"/(\d+)/change/", href)
    assert found
    return found[1]


def in_days(days: int) -> str:
    return (date.today() + timedelta(days=days)).isoformat()


def confirm(page: Page, name: str = "") -> None:
    """Press a form's main button, or the one with a name."""
    page.locator(f"#content [name={name}]" if name else "#content .submit-row input.default").first.click()


def succeeded(page: Page) -> None:
    expect(page.locator(".messagelist .success, .messagelist .warning").first).to_be_visible()
    assert page.locator(".messagelist .error, .errornote").count() == 0


def open_question(page: Page, home: House, model: str, code: str) -> None:
    """Open the page of a commitment's newest question."""
    page.goto(f"{home.url}/admin/tracker/{model}/?q={code}")
    page.locator("#result_list a[href*='/change/']").first.click()


def choose(page: Page, field: str, typed: str, name: str) -> None:
    """Pick from an autocomplete what a person looks for by typing initials."""
    page.locator(f"select[name={field}] + .select2 .select2-selection").click()
    page.locator(".select2-search__field").last.fill(typed)
    page.locator(".select2-results__option", has_text=name).first.click()


def test_nothing_changed_takes_three_taps_from_the_sign_in(home: House, sign_in: SignIn, size: Size) -> None:
    page, taps = sign_in("", size=size), 0
    page.goto(f"{home.url}/accounts/login/")
    page.fill("[name=username]", "officer")
    page.fill("[name=password]", home.passwords["officer"])
    button = "form[action*='/unchanged/'] button"
    for selector in ("main button[type=submit]", f"{button}, header a[href='/admin/'], nav a[href='/admin/']", button):
        page.locator(f"{selector} >> visible=true").first.click()
        taps += 1
        if page.locator(".messagelist .success").count():
            break
    succeeded(page)
    assert taps <= 3


def test_a_full_report_asks_eight_fields_at_most(home: House, sign_in: SignIn, size: Size) -> None:
    page = sign_in("officer", size=size)
    code = take(page, home, "department=kjj&stage=in_progress&health=on_track&kind=action")
    page.goto(f"{home.url}/admin/tracker/progressreport/add/?commitment={code}")
    fields = (
        "#content form :is(input, textarea, select):not([type=hidden], [type=submit], [type=button]) >> visible=true"
    )
    assert 1 <= page.locator(fields).count() <= 8


def test_more_time_is_asked_for_and_granted(home: House, sign_in: SignIn, size: Size) -> None:
    officer = sign_in("officer", size=size)
    code = take(officer, home, "department=kjj&stage=in_progress&kind=action")
    officer.goto(f"{home.url}/admin/tracker/extensionrequest/add/?commitment={code}")
    officer.fill("[name=reason]", "设备到货推迟，安装顺延。")
    officer.fill("[name=wanted_on]", in_days(200))
    confirm(officer)
    succeeded(officer)
    office = sign_in("supervisor", size=size)
    open_question(office, home, "extensionrequest", code)
    confirm(office, "_grant")
    succeeded(office)
    officer.goto(f"{home.url}/commitments/{code}/")
    expect(officer.locator("main")).to_contain_text(in_days(200))
    expect(officer.locator("main")).to_contain_text("2026-12-31")  # the original date stays


def test_what_is_stuck_is_named_and_answered(home: House, sign_in: SignIn, size: Size) -> None:
    officer = sign_in("officer", size=size)
    code = take(officer, home, "department=kjj&stage=in_progress")
    officer.goto(f"{home.url}/admin/tracker/blocker/add/?commitment={code}")
    officer.select_option("[name=category]", "land")
    choose(officer, "wanted_from", "szrzyhghj", "市自然资源和规划局")
    officer.fill("[name=wanted_by]", in_days(10))
    officer.fill("[name=text]", "用地预审未办结，请协调。")
    confirm(officer)
    succeeded(officer)
    office = sign_in("supervisor", size=size)
    open_question(office, home, "blocker", code)
    office.fill("[name=answer]", "已协调，本周内批复。")
    confirm(office, "_answer")
    succeeded(office)
    officer.goto(f"{home.url}/admin/")
    expect(officer.locator("#content")).to_contain_text("本周内批复")


def test_a_leaders_word_is_answered(home: House, sign_in: SignIn, size: Size) -> None:
    leader = sign_in("leader", size=size)
    code = take(leader, home, "department=kjj&stage=in_progress")
    leader.goto(f"{home.url}/admin/tracker/instruction/add/?commitment={code}")
    leader.fill("[name=text]", "请说明原因和补救措施。")
    leader.fill("[name=answer_due_on]", in_days(7))
    confirm(leader)
    succeeded(leader)
    officer = sign_in("officer", size=size)
    expect_on_desk = officer.goto(f"{home.url}/admin/")
    assert expect_on_desk is not None
    expect(officer.locator("#content")).to_contain_text("请说明原因和补救措施")
    open_question(officer, home, "instruction", code)
    officer.fill("[name=answer]", "已加派人手，月底完成。")
    confirm(officer, "_answer")
    succeeded(officer)
    leader.goto(f"{home.url}/admin/")
    expect(leader.locator("#content")).to_contain_text("已加派人手")


def test_a_file_is_added_and_comes_back_as_an_attachment(
    home: House, sign_in: SignIn, size: Size, tmp_path: Path
) -> None:
    officer = sign_in("officer", size=size)
    code = take(officer, home, "department=kjj&stage=in_progress")
    path, page_path = tmp_path / f"批复{size[0]}.pdf", tmp_path / "批复.html"
    path.write_bytes(pdf(f"Permit {code}"))
    page_path.write_text("<script>alert(1)</script>")
    officer.goto(f"{home.url}/admin/tracker/evidence/add/?commitment={code}")
    officer.set_input_files("[name=uploads]", page_path)
    confirm(officer)
    expect(officer.locator(".errorlist, .errornote").first).to_be_visible()
    officer.set_input_files("[name=uploads]", path)
    confirm(officer)
    succeeded(officer)
    leader = sign_in("leader", size=size)
    leader.goto(f"{home.url}/commitments/{code}/")
    with leader.expect_download() as download:
        leader.locator("a[href*='/download/']").first.click()
    assert download.value.suggested_filename == path.name
    assert Path(download.value.path()).read_bytes() == path.read_bytes()


def test_a_refusal_names_the_right_owner_and_the_office_reassigns(home: House, sign_in: SignIn, size: Size) -> None:
    officer, office = sign_in("officer", size=size), sign_in("supervisor", size=size)
    # Handed over to the science bureau first, so that there is something to refuse.
    code = take(office, home, "department=fgw&stage=in_progress&health=at_risk")
    pk = number(office, home, code)
    office.goto(f"{home.url}{MATTERS}/?q={code}")
    for lead, name, words in (("skjj", "市科技局", "职责在科技局。"), ("sjjhxxhj", "市经济和信息化局", "按建议调整。")):
        office.goto(f"{home.url}{MATTERS}/?q={code}")
        office.locator("#result_list .action-select").first.check()
        office.select_option("select[name=action]", "reassign")
        office.locator("button[name=index]").first.click()
        choose(office, "lead", lead, name)
        office.fill("[name=reason]", words)
        confirm(office)
        succeeded(office)
        if lead == "skjj":
            officer.goto(f"{home.url}{MATTERS}/{pk}/step/registered/")
            officer.fill("[name=reason]", "属经信局职责。")
            choose(officer, "proposed_lead", "sjjhxxhj", "市经济和信息化局")
            confirm(officer)
            assert officer.locator(".errornote, .errorlist").count() == 0
            office.goto(f"{home.url}/admin/")
            expect(office.locator("#content")).to_contain_text("属经信局职责")
    office.goto(f"{home.url}/commitments/{code}/")
    expect(office.locator("main")).to_contain_text("市经济和信息化局")


def test_done_is_verified_closed_and_looked_at_again(home: House, sign_in: SignIn, size: Size) -> None:
    office = sign_in("supervisor", size=size)
    code = take(office, home, "stage=reported_done")
    pk = number(office, home, code)
    office.goto(f"{home.url}{MATTERS}/{pk}/verify/")
    office.locator("[name=method]").first.check()
    office.locator("[name=finding][value=confirmed]").check()
    office.fill("[name=note]", "现场核对，属实。")
    confirm(office)
    succeeded(office)
    office.goto(f"{home.url}{MATTERS}/{pk}/step/closed/")
    confirm(office)
    succeeded(office)
    office.goto(f"{home.url}/admin/tracker/lookback/add/")
    office.fill("[name=closed_from]", in_days(-60))
    office.fill("[name=closed_until]", in_days(0))
    office.fill("[name=size]", "2")
    confirm(office)
    expect(office.locator("#content")).to_contain_text("2 项")
    office.locator("#content a[href*='/verify/']").first.click()
    reopened = re.search(r"/(\d+)/verify/", office.url)
    assert reopened
    office.locator("[name=method]").first.check()
    office.locator("[name=finding][value=not_confirmed]").check()
    office.fill("[name=note]", "回头看：设备停用。")
    confirm(office)
    office.goto(f"{home.url}{MATTERS}/{reopened[1]}/history/")
    expect(office.locator("#content")).to_contain_text("设备停用")


def test_many_are_reminded_with_one_reason(home: House, sign_in: SignIn, size: Size) -> None:
    office = sign_in("supervisor", size=size)
    office.goto(f"{home.url}{MATTERS}/?stage__exact=in_progress")
    boxes = office.locator("#result_list .action-select")
    first = 0 if size == LAPTOP else 3
    for place in range(first, first + 3):
        boxes.nth(place).check()
    office.select_option("select[name=action]", "remind")
    office.locator("button[name=index]").first.click()
    office.fill("[name=reason]", "季度督查前请更新进展。")
    confirm(office)
    succeeded(office)


def test_the_second_of_two_editors_sees_both_versions(home: House, sign_in: SignIn, size: Size) -> None:
    one, two = sign_in("supervisor", size=size), sign_in("supervisor", size=size)
    code = take(one, home, "stage=in_progress&department=scj")
    pk = number(one, home, code)
    for page in (one, two):
        page.goto(f"{home.url}{MATTERS}/{pk}/change/")
    one.fill("[name=summary]", "甲的说法。")
    one.click("[name=_save]")
    succeeded(one)
    two.fill("[name=summary]", "乙的说法。")
    two.click("[name=_save]")
    for words in ("甲的说法。", "乙的说法。"):
        expect(two.locator("#content")).to_contain_text(words)
    two.click("[name=_save]")
    succeeded(two)


def test_a_handover_list_is_confirmed_by_the_successor(home: House, sign_in: SignIn, size: Size) -> None:
    office, head = sign_in("supervisor", size=size), sign_in("head", size=size)
    office.goto(f"{home.url}/admin/tracker/postholding/")
    office.locator("#result_list a[href*='/change/']").first.click()
    expect(office.locator("#content")).to_contain_text("任职")
    head.goto(f"{home.url}/admin/")
    links = head.locator("a[href*='/handover/']")
    if links.count():
        links.first.click()
        confirm(head)
        succeeded(head)
    else:
        assert size == PHONE  # the laptop's path has confirmed it
