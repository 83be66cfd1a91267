"""A project ledger of an office: brought, one column explained, compared, entered, seen in the list, taken back."""

import io

import pytest
import xlsxwriter
from playwright.sync_api import FilePayload, Page, expect

from scripts.house import House
from tests.e2e.conftest import PHONE, SignIn

pytestmark = pytest.mark.e2e
TITLES = ("凤仪湖智能装备试验线", "北部新城充电网络二期")


def ledger(standing: str) -> bytes:
    """Two sheets with a title, a unit line, a header of two rows, sections, sums and a footer."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        for sheet_name, title in (("续建项目", standing), ("新开工项目", "")):
            sheet = book.add_worksheet(sheet_name)
            sheet.merge_range("A1:I1", "2026年市重点项目建设进度表")
            sheet.write("A2", "单位：万元")
            for column, heading in enumerate(["序号", "项目名称", "责任单位", "开工时间", "完成时限"]):
                sheet.merge_range(2, column, 3, column, heading)
            sheet.merge_range(2, 5, 2, 6, "投资")
            sheet.write_row(3, 5, ["总投资", "年度计划投资"])
            sheet.merge_range(2, 7, 3, 7, "形象进度")
            sheet.merge_range(2, 8, 3, 8, "调度意见")
            sheet.write("A5", "一、先进制造")
            rows = (
                [[1, title, "市科技局", "2026年3月", "2026年12月底", 12000, 5000, "主体施工", "加快"]] if title else []
            )
            rows += [
                [place, name, "市科技局", "2026年4月", "2027年6月底", 8000, 2000, "前期", "按期"]
                for place, name in enumerate(TITLES if not title else (), start=1)
            ]
            for number, row in enumerate(rows, start=5):
                sheet.write_row(number, 0, row)
            sheet.write(5 + len(rows), 1, "合计")
            sheet.write(6 + len(rows), 0, "填表人：某某　审核人：某某")
    return stream.getvalue()


def long_ledger(count: int) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet("台账")
        sheet.write_row(0, 0, ["序号", "重点任务", "工作目标", "牵头单位", "完成时限"])
        for number in range(1, count + 1):
            sheet.write_row(number, 0, [number, f"第{number}号河段清淤", f"清淤{number}立方米", "市水务局", "2026年底"])
    return stream.getvalue()


def send(page: Page, name: str, content: bytes) -> None:
    """Fill in and send the upload's form, where it stands open."""
    file: FilePayload = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    page.set_input_files("[name=import_file]", [file])
    page.select_option("[name=plan]", index=1)
    page.click("input[type=submit].default")


def listed(page: Page, home: House) -> tuple[str, list[str]]:
    """What the list of commitments says: how many there are, and its rows."""
    page.goto(f"{home.url}/commitments/?department=kjj")
    return page.locator("main").inner_text(), page.locator("table .title").all_inner_texts()


def test_from_a_messy_workbook_to_the_list_and_back(home: House, sign_in: SignIn) -> None:
    office = sign_in("supervisor", language="en")
    before = listed(office, home)
    standing = office.locator("table .title a").first.inner_text()

    office.goto(f"{home.url}/admin/tracker/commitment/import/")
    send(office, "2026年市重点项目建设进度表.xlsx", ledger(standing))
    expect(office.locator("tr.unknown").first).to_contain_text("not understood")
    for box in office.locator("tr.unknown select").all():
        box.select_option("remarks")
    office.click("button[value=choose]")
    expect(office.locator("tr.unknown")).to_have_count(0)

    new = office.locator(".ledger-preview").filter(has_text=TITLES[0])
    expect(new).to_contain_text(TITLES[1])
    assert listed(sign_in("leader", language="en"), home)[1] == before[1]  # nothing is written yet
    changed = office.locator(".ledger-preview").filter(has_text=standing)
    expect(changed.locator("ins").first).to_be_visible()

    office.click("button[value=confirm]")
    expect(office.locator("main, #content").first).to_contain_text("Entered: 2 new, 1 changed")
    page_of_import = office.url
    _words, titles = listed(office, home)
    assert {title for title in TITLES if any(title in one for one in titles)} == set(TITLES)

    phone = sign_in("supervisor", size=PHONE)
    phone.goto(page_of_import)
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")

    office.goto(page_of_import)
    office.click("a[href$='/revert/']")
    office.fill("[name=reason]", "传错了文件")
    office.click("input[type=submit].default")
    expect(office.locator("#content").first).to_contain_text("Taken back.")
    assert listed(office, home) == before

    chain = home.manage("verify_events")
    assert chain.returncode == 0, chain.stderr


def test_a_long_file_is_worked_on_by_the_worker_while_nobody_looks(home: House, sign_in: SignIn) -> None:
    office = sign_in("supervisor", language="en")
    office.goto(f"{home.url}/admin/tracker/commitment/import/")
    send(office, "河道.xlsx", long_ledger(6_000))
    page_of_import = office.url
    expect(office.locator("progress")).to_be_visible()
    office.context.clear_cookies()
    office.goto("about:blank")  # the browser is closed; the work goes on

    again = sign_in("supervisor", language="en")
    again.goto(page_of_import)
    expect(again.locator("#content .what").first).to_contain_text("6000 new", timeout=120_000)
    again.click("button[value=drop]")
    expect(again.locator(".messagelist")).to_contain_text("laid aside")
