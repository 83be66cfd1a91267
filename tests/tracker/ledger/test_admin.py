"""The ledger's face in the admin, from upload to confirmation, for every role."""

import re
from dataclasses import replace
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.factories import TODAY, make_cast, make_commitment, make_plan
from tests.tracker.ledger.books import read_csv, read_xlsx
from tracker.actions import commitments
from tracker.choices import Kind
from tracker.ledger import writer
from tracker.models import Commitment, Event, LedgerImport
from tracker.policies import SYSTEM
from tracker.queries import ledger

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
LIST = "/admin/tracker/commitment/"


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def browser(cast):
    def sign_in(name):
        client = Client(headers={"accept-language": "en"})
        client.force_login(getattr(cast, name), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


def exported():
    return list(ledger.rows(Commitment.objects.order_by("code")))


def upload(client, rows_or_bytes, name="台账.xlsx"):
    content = rows_or_bytes if isinstance(rows_or_bytes, bytes) else writer.workbook(rows_or_bytes)
    return client.post(f"{LIST}import/", {"import_file": SimpleUploadedFile(name, content)}, follow=True)


def confirm(client, page, **changed):
    """Press the page's own button."""
    seal = re.search(r'name="seal" value="([^"]*)"', page.content.decode())
    assert seal is not None
    address = f"/admin/tracker/ledgerimport/{LedgerImport.objects.latest('pk').pk}/change/"
    return client.post(address, {"do": "confirm", "seal": seal[1]} | changed, follow=True)


def test_upload_preview_confirm(cast, browser):
    make_plan()
    item = make_commitment("C-1", department=cast.science)
    changed = replace(exported()[0], title="改<b>名")
    rows = [changed, replace(changed, code="N-1", due_on=date(2027, 1, 1), original_due_on=None, revision="")]
    chen = browser("chen")
    page = upload(chen, rows)
    text = page.content.decode()
    assert "1 new, 1 changed, 0 unchanged, 0 refused." in text
    assert "改&lt;b&gt;名" in text
    assert "事项 C-1" in text
    item.refresh_from_db()
    assert (item.title, Event.objects.count()) == ("事项 C-1", 0)  # nothing before the confirmation
    done = confirm(chen, page)
    assert "Entered: 1 new, 1 changed, 0 unchanged." in done.content.decode()
    item.refresh_from_db()
    assert item.title == "改<b>名"
    assert Commitment.objects.filter(code="N-1").exists()
    before = Event.objects.count()
    again = confirm(chen, page).content.decode()  # it is through: a sentence, no second import
    assert "This import is “Entered” by now." in again
    assert Event.objects.count() == before


def test_a_bad_row_shows_its_sentence_and_is_not_entered(cast, browser):
    make_commitment("C-1")
    chen = browser("chen")
    page = upload(chen, [replace(exported()[0], title="改名", lead="无名局")])
    assert "Row 2: the department “无名局” under “牵头单位” is unknown." in page.content.decode()
    assert "There is no row that can be entered yet." in page.content.decode()
    confirm(chen, page)
    assert Commitment.objects.get().title == "事项 C-1"


def test_a_stale_file_is_refused(cast, browser):
    item = make_commitment("C-1")
    old = replace(exported()[0], summary="新标准")
    commitments.revise(item, values={"title": "别人改的"}, by=SYSTEM, today=TODAY)
    page = upload(browser("chen"), [old]).content.decode()
    assert "Row 2: “C-1” was changed after this file was exported." in page


def test_what_changes_between_preview_and_confirmation_is_shown_and_not_overwritten(cast, browser):
    item = make_commitment("C-1")
    chen = browser("chen")
    page = upload(chen, [replace(exported()[0], title="改名")])
    commitments.revise(item, values={"title": "别人改的"}, by=SYSTEM, today=TODAY)
    answer = confirm(chen, page).content.decode()
    assert "The ledger changed since the preview." in answer
    assert "was changed after this file was exported" in answer
    assert Commitment.objects.get().title == "别人改的"


def test_another_seal_than_the_previews_enters_nothing(cast, browser):
    make_commitment("C-1")
    chen = browser("chen")
    page = upload(chen, [replace(exported()[0], title="改名")])
    assert "The ledger changed since the preview." in confirm(chen, page, seal="x" * 64).content.decode()
    assert Commitment.objects.get().title == "事项 C-1"


def test_what_the_office_laid_aside_is_not_entered(cast, browser):
    make_commitment("C-1")
    chen = browser("chen")
    page = upload(chen, [replace(exported()[0], title="改名")])
    row = LedgerImport.objects.get()
    chen.post(f"/admin/tracker/ledgerimport/{row.pk}/change/", {"do": "drop"})
    assert "laid aside" in confirm(chen, page).content.decode().lower()
    assert Commitment.objects.get().title == "事项 C-1"


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.xlsx", b"<html></html>", "web page"),
        ("a.txt", b"hello", "This is no Excel workbook."),
        ("a.xlsx", b"", "The file is empty."),
        ("a.xlsx", b"PK\x03\x04broken", "The file is damaged or incomplete."),
        ("a.xlsx", b"PK\x03\x04" + b"0" * (10 * 2**20), "The file is larger than 10 MB."),
        ("a.csv", "编号,事项,计划,版本\n".encode(), "There are no rows below the header."),
        ("a.csv", b"a,b\n1,2\n", "Choose the plan"),
    ],
)
def test_a_file_that_cannot_be_read_gets_one_sentence(cast, browser, name, content, sentence):
    page = upload(browser("chen"), content, name)
    assert page.status_code == 200
    assert sentence in page.content.decode()
    assert not Event.objects.exists()


@pytest.mark.parametrize("name", ["lin", "zhou", "wu", "gu"])
def test_only_the_supervision_office_imports(cast, browser, name):
    make_commitment("C-1", department=cast.science)
    client = browser(name)
    page = client.get(LIST).content.decode()
    assert f"{LIST}import/" not in page
    assert f"{LIST}export/" in page
    assert client.get(f"{LIST}import/").status_code == 403
    assert upload(client, exported()).status_code == 403
    assert client.post(f"{LIST}process_import/", {}).status_code == 403
    assert f"{LIST}import/" in browser("chen").get(LIST).content.decode()


def test_everybody_exports_what_their_list_shows(cast, browser):
    make_commitment("C-1", department=cast.science)
    make_commitment("C-2", department=cast.health_bureau, kind=Kind.REFORM)
    make_commitment("C-3", department=cast.health_bureau)
    for name, query, codes in [
        ("lin", "", ["C-1"]),
        ("zhou", "", ["C-2", "C-3"]),
        ("wu", "", ["C-1", "C-2", "C-3"]),
        ("wu", "?kind__exact=reform", ["C-2"]),
    ]:
        client = browser(name)
        assert client.get(f"{LIST}export/{query}").status_code == 200
        answer = client.post(f"{LIST}export/{query}", {"layout": "ledger", "format": "xlsx"})
        assert answer["Content-Disposition"].endswith(".xlsx")
        assert sorted(row.code for row in read_xlsx(answer.getvalue()).rows) == codes
    answer = browser("lin").post(f"{LIST}export/", {"layout": "ledger", "format": "csv"})
    assert [row.code for row in read_csv(answer.getvalue()).rows] == ["C-1"]


def test_an_export_that_comes_back_unchanged_says_so(cast, browser):
    make_commitment("C-1", department=cast.science)
    chen = browser("chen")
    page = upload(chen, chen.post(f"{LIST}export/", {"layout": "ledger", "format": "xlsx"}).getvalue())
    assert "0 new, 0 changed, 1 unchanged, 0 refused." in page.content.decode()
    assert "there is nothing to enter" in page.content.decode()
    assert not Event.objects.exists()
