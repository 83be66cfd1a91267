"""Evidence in the admin: choosing files, the page of one, and how its bytes leave the site."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests import evidence_files as files
from tests.factories import TODAY, Cast, make_commitment, make_report
from tracker.actions import evidence
from tracker.choices import ReportState
from tracker.models import Commitment, Evidence

ADD = "/admin/tracker/evidence/add/"


@pytest.fixture
def item(cast: Cast) -> Commitment:
    return make_commitment("C-1", department=cast.science, title="建设中试平台")


@pytest.fixture
def row(cast: Cast, item: Commitment) -> Evidence:
    return evidence.add(
        item, upload=files.upload("验收 报告“终”.pdf"), note="验收单", by=cast.actor("lin"), today=TODAY
    ).evidence


def url(row: Evidence, view: str = "change") -> str:
    return reverse(f"admin:tracker_evidence_{view}", args=[row.pk])


def page(answer: object) -> str:
    return str(answer.content.decode())  # type: ignore[attr-defined]  # a response


def test_several_files_are_added_in_one_go_and_lead_back(cast, browser, item):
    lin = browser("lin")
    assert 'enctype="multipart/form-data"' in page(lin.get(f"{ADD}?commitment=C-1"))
    said = {"uploads": [files.upload("a.pdf"), files.upload("b.png", files.png())], "note": "现场照片"}
    answer = lin.post(f"{ADD}?commitment=C-1", said, follow=True)
    assert answer.redirect_chain == [(f"/admin/tracker/commitment/{item.pk}/change/", 302)]
    assert {(one.name, one.note) for one in Evidence.objects.all()} == {("a.pdf", "现场照片"), ("b.png", "现场照片")}


def test_without_a_commitment_the_page_asks_for_it_first(cast, browser, item):
    lin = browser("lin")
    assert 'name="commitment"' in page(lin.get(ADD))
    assert lin.post(ADD, {"commitment": item.pk})["Location"] == f"{ADD}?commitment=C-1"
    foreign = make_commitment("C-9", department=cast.health_bureau)
    assert lin.post(ADD, {"commitment": foreign.pk}).status_code == 200
    assert [lin.get(f"{ADD}?commitment={code}").status_code for code in ("C-9", "nothing", "%00")] == [404] * 3


def test_each_refusal_stands_at_its_field_and_nothing_is_added(cast, browser, item):
    bad = [files.upload("a.pdf", b"<html>"), files.upload("b.svg", b"<svg/>"), files.upload("c.pdf")]
    answer = browser("lin").post(f"{ADD}?commitment=C-1", {"uploads": bad, "note": ""})
    errors = answer.context["form"].errors["uploads"]
    assert len(errors) == 2
    assert errors[0].startswith("“a.pdf”")
    assert not Evidence.objects.exists()
    answer = browser("lin").post(f"{ADD}?commitment=C-1", {"note": ""})
    assert "uploads" in answer.context["form"].errors


def test_a_file_larger_than_the_limit_is_refused_in_words(cast, browser, item, settings):
    settings.EVIDENCE_MEGABYTES = 1
    settings.UPLOAD_MAX_BYTES = 2**20
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1000
    large = SimpleUploadedFile("a.pdf", files.pdf() + b" " * 3 * 2**20)
    answer = browser("lin").post(f"{ADD}?commitment=C-1", {"uploads": [large], "note": ""})
    assert "1 MB" in answer.context["form"].errors["uploads"][0]


def test_a_file_is_hung_on_an_open_report_of_ones_own(cast, browser, item):
    draft = make_report(item, author=cast.lin, state=ReportState.DRAFT)
    address = f"{ADD}?commitment=C-1&report={draft.pk}"
    answer = browser("lin").post(address, {"uploads": [files.upload()], "note": ""})
    assert answer["Location"] == f"/admin/tracker/progressreport/{draft.pk}/change/"
    assert Evidence.objects.get().report == draft
    assert browser("chen").get(address).status_code == 404
    for named in ("x", "0", "99999999999999999999", ""):
        assert browser("lin").get(f"{ADD}?commitment=C-1&report={named}").status_code == 404
    draft.state = ReportState.SUBMITTED
    draft.save()
    assert browser("lin").get(address).status_code == 403
    assert browser("chen").get(address).status_code == 403


def test_the_same_file_elsewhere_is_a_warning(cast, browser, item, row):
    make_commitment("C-2", department=cast.science)
    answer = browser("lin").post(
        f"{ADD}?commitment=C-2", {"uploads": [files.upload("同一份.pdf")], "note": ""}, follow=True
    )
    told = [str(message) for message in answer.context["messages"]]
    assert any("C-1" in one and "同一份.pdf" in one for one in told)
    assert "C-1" in page(browser("lin").get(url(Evidence.objects.get(commitment__code="C-2"))))


def test_the_page_of_a_file_tells_what_is_known(cast, browser, item, row):
    text = page(browser("wu").get(url(row)))
    for fact in (row.sha256, "验收单", "application/pdf", "Lin", "C-1", "建设中试平台"):
        assert fact in text
    assert 'name="reason"' not in text
    assert 'name="reason"' in page(browser("lin").get(url(row)))
    for words in (row.sha256[:12], "终", "C-1", "中试"):
        assert row.name in page(browser("chen").get("/admin/tracker/evidence/", {"q": words})).replace("&quot;", '"')


def test_a_file_leaves_as_an_attachment_that_can_do_nothing(cast, browser, row):
    answer = browser("lin").get(url(row, "download"))
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content) == files.pdf()
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''%E9%AA%8C")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["Cache-Control"].startswith("private, no-store")
    assert answer["Content-Length"] == str(row.size)


def test_a_foreign_or_withdrawn_file_does_not_exist(cast, browser, item, row):
    for view in ("change", "download", "history"):
        assert browser("zhou").get(url(row, view)).status_code == 404
    assert browser("lin").post(url(row), {"reason": ""}).status_code == 200
    assert browser("lin").post(url(row), {"reason": "传错了"}).status_code == 302
    assert browser("lin").get(url(row, "download")).status_code == 404
    assert browser("lin").get(url(row)).status_code == 200
    listed = [browser("chen").get("/admin/tracker/evidence/", {"withdrawn": one}).context["cl"] for one in "01"]
    assert [len(one.result_list) for one in listed] == [0, 1]


def test_leaders_and_administrators_read_and_change_nothing(cast, browser, row):
    for name in ("wu", "gu"):
        assert browser(name).get(url(row, "download")).status_code == 200
        assert browser(name).post(url(row), {"reason": "x"}).status_code == 403
        assert browser(name).get(f"{ADD}?commitment=C-1").status_code == 403


def test_a_lost_or_changed_file_is_told_honestly(cast, browser, row, settings, caplog):
    stored = Path(settings.EVIDENCE_DIR) / row.sha256[:2] / row.sha256
    stored.write_bytes(b"<script>alert(1)</script>")
    answer = browser("chen").get(url(row, "download"))
    assert answer.status_code == 500
    assert "<script>alert" not in page(answer)
    stored.unlink()
    assert browser("chen").get(url(row, "download")).status_code == 500
    assert [one.message for one in caplog.records if one.name == "tracker.admin.evidence"] == ["evidence lost"] * 2
    browser("lin").post(f"{ADD}?commitment=C-1", {"uploads": [files.upload()], "note": ""})
    assert browser("chen").get(url(row, "download")).status_code == 200
