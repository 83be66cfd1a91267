"""The pages of moved working days: list by year, one day, the import with its preview, for those who keep them."""

import html
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories import Cast, make_moved_day
from tests.tracker.ledger import books
from tracker.admin.workday_forms import SALT
from tracker.models import DayOverride, Event

LIST = "/admin/tracker/dayoverride/"
IMPORT = f"{LIST}import/"
NOTICE = "国办发明电〔2026〕7号"
HEAD = ["日期", "是否上班", "名称", "来源"]
LINES = "2027-02-14 上班 春节调休\n2027年2月5日至11日 放假 春节\n"
Browser = Callable[[str], Client]


def brought(client: Client, text: str = "", *, file: tuple[str, bytes] | None = None, notice: str = NOTICE) -> Any:
    said: dict[str, object] = {"text": text, "notice": notice}
    if file:
        said["import_file"] = SimpleUploadedFile(*file)
    return client.post(IMPORT, said)


def confirmed(client: Client, page: Any, *, reason: str = "") -> Any:
    kept = re.search(r'name="kept" value="([^"]+)"', page.content.decode())
    assert kept
    return client.post(IMPORT, {"kept": html.unescape(kept[1]), "reason": reason})


def sentences(answer: Any) -> str:
    return " ".join(str(message) for message in answer.context["messages"])


def test_pasted_lines_are_shown_first_and_then_entered(cast: Cast, browser: Browser) -> None:
    client = browser("chen")
    page = brought(client, LINES)
    assert (page.status_code, DayOverride.objects.count()) == (200, 0)
    assert "新增 8" in page.content.decode()
    answer = confirmed(client, page)
    assert (answer.status_code, answer["Location"], DayOverride.objects.count()) == (302, LIST, 8)
    assert "新增 8" in sentences(client.get(LIST))
    assert Event.objects.filter(actor=cast.chen).values("group").distinct().count() == 1


def test_the_second_import_writes_nothing(cast: Cast, browser: Browser) -> None:
    client = browser("gu")
    first = brought(client, LINES)
    confirmed(client, first)
    events = Event.objects.count()
    again = brought(client, LINES)
    assert 'name="kept"' not in again.content.decode()
    assert confirmed(client, first).status_code == 409  # the first preview sent twice: the list is another one by now
    assert (DayOverride.objects.count(), Event.objects.count()) == (8, events)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("安排.xlsx", books.xlsx([["2027-02-14", "上班", "春节调休", NOTICE]], head=HEAD, title="2027年放假安排")),
        ("安排.csv", f"日期,是否上班,名称,来源\n2027-02-14,是,春节调休,{NOTICE}\n".encode("gb18030")),
        ("安排.csv", f"\ufeff2027-02-14,上班,春节调休,{NOTICE}\r\n".encode()),
    ],
)
def test_files_are_read_as_pasted_lines_are(cast: Cast, browser: Browser, name: str, content: bytes) -> None:
    client = browser("chen")
    confirmed(client, brought(client, file=(name, content), notice=""))
    row = DayOverride.objects.get()
    assert (row.day, row.is_working, row.name, row.notice) == (date(2027, 2, 14), True, "春节调休", NOTICE)


def test_every_wrong_row_is_named_and_what_was_pasted_is_kept(cast: Cast, browser: Browser) -> None:
    text = "2027-02-14 上班 春节调休\n2027-02-30 上班 春节\n2027-01-01 上班 元旦\n"
    page = brought(browser("chen"), text)
    said = page.content.decode()
    assert [fault.params["row"] for fault in page.context["faults"]] == [2, 3]
    assert "第 2 行" in said
    assert "2027-02-14 上班 春节调休" in said
    assert 'name="kept"' not in said
    assert not DayOverride.objects.exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("安排.xlsx", b"PK\x03\x04 broken"),
        ("安排.xlsx", b"<html></html>"),
        ("安排.xlsx", books.changed(books.xlsx(), xl__big=b"0" * (90 * 2**20))),
        ("安排.xlsx", books.changed(books.xlsx(), xl__worksheets__sheet1=b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>")),
        ("安排.csv", b"\x00\xff\xfe\x00"),
        ("安排.csv", b""),
        ("安排.exe", b"MZ"),
        ("安排.xls", books.xls()),
        ("安排.csv", b"2027-01-02,off,x,y\n" * 1001),
    ],
)
def test_a_hostile_file_gets_a_sentence_beside_its_field(
    cast: Cast, browser: Browser, name: str, content: bytes
) -> None:
    page = brought(browser("chen"), file=(name, content))
    assert page.status_code == 200
    assert list(page.context["form"].errors) == ["import_file"]
    assert not DayOverride.objects.exists()


def test_neither_nothing_nor_both_is_taken(cast: Cast, browser: Browser) -> None:
    assert list(brought(browser("chen")).context["form"].errors) == ["text"]
    both = brought(browser("chen"), LINES, file=("a.csv", b"x"))
    assert list(both.context["form"].errors) == ["import_file"]
    assert "春节调休" in both.content.decode()


def test_changed_days_need_a_reason_and_nothing_is_lost_without_one(cast: Cast, browser: Browser) -> None:
    make_moved_day(date(2027, 2, 14), works=False)
    client = browser("chen")
    page = brought(client, LINES)
    refused = confirmed(client, page)
    assert refused.status_code == 409
    assert list(refused.context["confirm"].errors) == ["reason"]
    assert DayOverride.objects.count() == 1
    assert confirmed(client, refused, reason="通知更正").status_code == 302
    assert DayOverride.objects.get(day=date(2027, 2, 14)).is_working


def test_a_list_that_changed_since_the_preview_is_shown_anew(cast: Cast, browser: Browser) -> None:
    client = browser("chen")
    page = brought(client, LINES)
    make_moved_day(date(2027, 2, 14), works=False)
    again = confirmed(client, page, reason="通知")
    assert (again.status_code, DayOverride.objects.count()) == (409, 1)
    assert confirmed(client, again, reason="通知").status_code == 302


@pytest.mark.parametrize("salt", ["", "other", SALT])
def test_a_preview_that_is_not_ones_own_is_not_entered(cast: Cast, browser: Browser, salt: str) -> None:
    kept = signing.dumps([0, "", []], salt=salt) if salt else "x"
    answer = browser("chen").post(IMPORT, {"kept": kept}, follow=True)
    assert answer.redirect_chain[-1][0] == IMPORT
    assert sentences(answer)
    assert not DayOverride.objects.exists()


def test_one_day_is_added_changed_with_a_reason_and_removed_with_one(cast: Cast, browser: Browser) -> None:
    client = browser("chen")
    said = {"day": "2027-02-14", "is_working": "on", "name": "春节", "notice": NOTICE}
    assert client.post(f"{LIST}add/", said).status_code == 302
    row = DayOverride.objects.get()
    twice = client.post(f"{LIST}add/", said)
    assert list(twice.context["adminform"].form.errors) == ["day"]
    page = f"{LIST}{row.pk}/change/"
    refused = client.post(page, {"name": "春节调休", "is_working": "on", "notice": NOTICE})
    assert list(refused.context["adminform"].form.errors) == ["reason"]
    changed = {"name": "春节调休", "is_working": "on", "notice": NOTICE, "reason": "写全"}
    assert client.post(page, changed).status_code == 302
    assert DayOverride.objects.get().name == "春节调休"
    remove = f"{LIST}{row.pk}/remove/"
    assert remove in client.get(page).content.decode()
    assert list(client.post(remove, {}).context["form"].errors) == ["reason"]
    assert client.post(remove, {"reason": "录错"}).status_code == 302
    assert not DayOverride.objects.exists()
    assert Event.objects.filter(subject="dayoverride 2027-02-14").count() == 3


def test_a_statutory_holiday_is_refused_beside_its_tick(cast: Cast, browser: Browser) -> None:
    said = {"day": "2027-01-01", "is_working": "on", "name": "元旦", "notice": NOTICE}
    answer = browser("chen").post(f"{LIST}add/", said)
    assert list(answer.context["adminform"].form.errors) == ["is_working"]


def test_somebody_who_was_faster_is_noticed(cast: Cast, browser: Browser) -> None:
    row = make_moved_day()
    client = browser("chen")
    page = f"{LIST}{row.pk}/change/"
    seen = client.get(page).context["adminform"].form["seen"].value()
    DayOverride.objects.filter(pk=row.pk).update(name="别的")
    answer = client.post(page, {"seen": seen, "name": "我的", "notice": NOTICE, "reason": "改"})
    assert (answer.status_code, DayOverride.objects.get().name) == (200, "别的")
    assert answer.context["conflict"].differences


def test_the_list_is_filtered_by_year_and_says_what_each_year_rests_on(cast: Cast, browser: Browser) -> None:
    make_moved_day(date(2026, 12, 31), works=False)
    make_moved_day(date(2027, 2, 8), works=False)
    page = browser("wu").get(f"{LIST}?year=2027")
    assert [row.day.year for row in page.context["cl"].result_list] == [2027]
    said = page.content.decode()
    assert "暂定" in said
    assert IMPORT not in said
    assert IMPORT in browser("gu").get(LIST).content.decode()
    wrong = browser("wu").get(f"{LIST}?year=1999", follow=True)
    assert (wrong.status_code, len(wrong.context["cl"].result_list)) == (200, 2)
    assert "1999" in sentences(wrong)


@pytest.mark.parametrize("path", [LIST, IMPORT])
def test_the_pages_ask_as_much_for_three_days_as_for_thirty(path: str, browser: Browser) -> None:
    counted = {}
    for size in (3, 30):
        with transaction.atomic():
            for number in range(size):
                make_moved_day(date(2027, 3, 1 + number), works=False)
            client = browser("chen")
            with CaptureQueriesContext(connection) as queries:
                page = client.get(path) if path == LIST else brought(client, LINES)
            assert page.status_code == 200
            counted[size] = len(queries)
            transaction.set_rollback(True)
    assert counted[3] == counted[30]


def test_the_notice_itself_is_pasted_shown_and_entered(cast: Cast, browser: Browser) -> None:
    client = browser("chen")
    page = brought(
        client,
        "国务院办公厅关于2026年部分节假日安排的通知\n国办发明电〔2025〕7号\n"
        "一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。",
        notice="",
    )
    assert "新增 4" in page.content.decode()
    assert confirmed(client, page).status_code == 302
    day = DayOverride.objects.get(day="2026-01-04")
    assert (day.is_working, day.name, day.notice) == (True, "元旦调休", "国办发明电〔2025〕7号")
    wrong = brought(client, "元旦：1月1日（周三）放假1天。", notice="国务院通知")
    assert "通知没有写明年份" in wrong.content.decode()
