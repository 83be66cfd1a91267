"""The ledger's face in the admin, from upload to confirmation, for every role."""

import re
from dataclasses import replace
from datetime import date

import pytest
from django.core import signing
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

from tests.factories import TODAY, make_cast, make_commitment, make_plan
from tracker.actions import commitments
from tracker.choices import Kind
from tracker.ledger import reader, writer
from tracker.ledger.forms import SALT
from tracker.ledger.storage import UploadStorage
from tracker.models import Commitment, Event
from tracker.policies import SYSTEM
from tracker.queries import ledger

pytestmark = pytest.mark.django_db
LIST = "/admin/tracker/commitment/"


@pytest.fixture(autouse=True)
def _in_english(settings):
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield
    cache.clear()


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
    return client.post(f"{LIST}import/", {"resource": "0", "import_file": SimpleUploadedFile(name, content)})


def confirm(client, page, **changed):
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.content.decode())
    return client.post(f"{LIST}process_import/", dict(hidden) | changed)


def test_upload_preview_confirm(cast, browser):
    make_plan()
    item = make_commitment("C-1", department=cast.science)
    changed = replace(exported()[0], title="改<b>名")
    rows = [changed, replace(changed, code="N-1", due_on=date(2027, 1, 1), original_due_on=None, revision="")]
    chen = browser("chen")
    page = upload(chen, rows)
    text = page.content.decode()
    assert "1 new, 1 changed, 0 unchanged, 0 to correct." in text
    assert "改&lt;b&gt;名" in text
    assert "事项 C-1" in text
    item.refresh_from_db()
    assert (item.title, Event.objects.count()) == ("事项 C-1", 0)  # nothing before the confirmation
    done = confirm(chen, page)
    assert (done.status_code, done["Location"]) == (302, LIST)
    item.refresh_from_db()
    assert item.title == "改<b>名"
    assert Commitment.objects.filter(code="N-1").exists()
    assert "The ledger was imported: 1 new, 1 changed, 0 unchanged." in chen.get(LIST).content.decode()
    assert confirm(chen, page).status_code == 302  # the upload is used up: a sentence, no second import
    assert "no longer kept" in chen.get(f"{LIST}import/").content.decode()


def test_a_bad_row_shows_its_sentence_and_cannot_be_confirmed(cast, browser):
    make_commitment("C-1")
    page = upload(browser("chen"), [replace(exported()[0], title="改名", lead="无名局")]).content.decode()
    assert "Row 2: the department “无名局” under “牵头单位” is unknown." in page
    assert "process_import" not in page
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
    answer = confirm(chen, page)
    assert answer.status_code == 409
    assert "was changed after this file was exported" in answer.content.decode()
    assert Commitment.objects.get().title == "别人改的"


@pytest.mark.parametrize("swap", ["rows", "bytes", "gone"])
def test_a_file_that_was_swapped_after_the_preview_is_not_entered(cast, browser, swap):
    make_commitment("C-1")
    chen = browser("chen")
    page = upload(chen, [replace(exported()[0], title="改名")])
    note = re.search(r'name="import_file_name" value="([^"]*)"', page.content.decode())
    assert note is not None
    key = UploadStorage.CACHE_PREFIX + signing.loads(note[1], salt=SALT)[0]
    other = {"rows": writer.workbook([replace(exported()[0], title="偷换")]), "bytes": b"PK", "gone": None}[swap]
    cache.set(key, other)
    assert confirm(chen, page).status_code in {302, 409}
    assert Commitment.objects.get().title == "事项 C-1"
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    "tampered", [{"import_file_name": "/etc/passwd"}, {"format": "7"}, {"format": "x"}, {"original_file_name": ""}]
)
def test_a_tampered_confirmation_is_refused(cast, browser, tampered):
    make_commitment("C-1")
    chen = browser("chen")
    page = upload(chen, [replace(exported()[0], title="改名")])
    answer = confirm(chen, page, **tampered)
    assert (answer.status_code, answer["Location"]) == (302, f"{LIST}import/")
    assert Commitment.objects.get().title == "事项 C-1"


def test_nobody_confirms_what_somebody_else_uploaded(cast, browser):
    make_commitment("C-1")
    page = upload(browser("chen"), [replace(exported()[0], title="改名")])
    cast.wu.role = "supervisor"
    cast.wu.save()
    assert confirm(browser("wu"), page)["Location"] == f"{LIST}import/"
    assert Commitment.objects.get().title == "事项 C-1"


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.xlsx", b"<html></html>", "This is no Excel workbook."),
        ("a.txt", b"hello", "This is no Excel workbook."),
        ("a.xlsx", b"", "The file is empty."),
        ("a.xlsx", b"PK\x03\x04broken", "The file is damaged or incomplete."),
        ("a.xlsx", b"PK\x03\x04" + b"0" * (10 * 2**20), "The file is larger than 10 MB."),
        ("a.csv", "编号,事项\n".encode(), "There are no rows below the header."),
        ("a.csv", b"a,b\n1,2\n", "No header row was found."),
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
        assert sorted(row.code for row in reader.workbook(answer.getvalue()).rows) == codes
    answer = browser("lin").post(f"{LIST}export/", {"layout": "ledger", "format": "csv"})
    assert [row.code for row in reader.text(answer.getvalue()).rows] == ["C-1"]


def test_an_export_that_comes_back_unchanged_says_so(cast, browser):
    make_commitment("C-1", department=cast.science)
    chen = browser("chen")
    page = upload(chen, chen.post(f"{LIST}export/", {"layout": "ledger", "format": "xlsx"}).getvalue())
    assert "0 new, 0 changed, 1 unchanged, 0 to correct." in page.content.decode()
    assert confirm(chen, page).status_code == 302
    assert "Nothing was changed." in chen.get(LIST).content.decode()
    assert not Event.objects.exists()
