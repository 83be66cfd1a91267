"""The pages of verifying and looking back: who sees them, what they ask, what they show, how a draw is repeated."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.factories import TODAY, make_commitment, make_lookback, make_report, make_verification
from tracker.choices import ReportState, Stage
from tracker.models import Commitment, Evidence, Lookback, Verification

SAID = {"method": "site_visit", "finding": "confirmed", "note": "现场看过，设备在运行。"}
DRAW = "/admin/tracker/lookback/add/"


def verify(item: Commitment, lookback: Lookback | None = None) -> str:
    address = reverse("admin:tracker_commitment_verify", args=[item.pk])
    return f"{address}?lookback={lookback.pk}" if lookback else address


@pytest.fixture
def done(cast):
    item = make_commitment("C-1", department=cast.science, stage=Stage.REPORTED_DONE)
    make_report(item, author=cast.lin, state=ReportState.ACCEPTED, reviewer=cast.chen)
    return item


@pytest.fixture
def closed(cast):
    items = [make_commitment(code, department=cast.science, stage=Stage.CLOSED) for code in ("K-1", "K-2", "K-3")]
    Commitment.objects.filter(pk__in=[item.pk for item in items]).update(closed_on=TODAY - timedelta(days=9))
    return items


def test_the_office_verifies_on_one_page_that_shows_the_report_and_the_evidence(done, cast, browser):
    chen = browser("chen")
    page = chen.get(verify(done))
    assert "完成设备调试。" in page.content.decode()
    answer = chen.post(verify(done), SAID | {"seen": done.revision})
    assert answer.status_code == 302, answer.context["form"].errors
    done.refresh_from_db()
    assert done.stage == Stage.VERIFIED
    assert Verification.objects.get().verifier == cast.chen


def test_what_is_missing_is_told_at_its_field_and_nothing_is_recorded(done, browser):
    answer = browser("chen").post(verify(done), {"note": " ", "seen": done.revision})
    assert set(answer.context["form"].errors) == {"method", "finding", "note"}
    answer = browser("chen").post(verify(done), SAID | {"seen": done.revision + 1})
    assert answer.context["form"].non_field_errors()
    assert not Verification.objects.exists()


def test_a_file_is_recorded_with_the_verification_or_neither_is(done, browser):
    chen = browser("chen")
    bad = SimpleUploadedFile("page.html", b"<script>alert(1)</script>", content_type="text/html")
    answer = chen.post(verify(done), SAID | {"seen": done.revision, "uploads": bad})
    assert answer.context["form"].errors["uploads"]
    assert not Verification.objects.exists()
    good = SimpleUploadedFile("scene.pdf", b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n")
    answer = chen.post(verify(done), SAID | {"seen": done.revision, "uploads": good})
    assert answer.status_code == 302, answer.context["form"].errors
    assert Evidence.objects.get().verification == Verification.objects.get()
    shown = chen.get(reverse("admin:tracker_verification_change", args=[Verification.objects.get().pk]))
    assert "scene.pdf" in shown.content.decode()


@pytest.mark.parametrize("name", ["lin", "zhou", "wu", "gu"])
def test_nobody_else_has_the_page(name, done, browser):
    client = browser(name)
    assert client.get(verify(done)).status_code == 404
    assert client.post(verify(done), SAID | {"seen": done.revision}).status_code == 404
    assert not Verification.objects.exists()


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage != Stage.REPORTED_DONE])
def test_what_is_not_reported_done_has_no_such_page(stage, cast, browser):
    item = make_commitment("C-1", department=cast.science, stage=stage)
    chen = browser("chen")
    assert chen.get(verify(item)).status_code == 404
    assert chen.post(verify(item), SAID | {"seen": item.revision}).context["form"].errors
    assert not Verification.objects.exists()


def test_one_who_reported_it_is_told_to_ask_a_colleague(done, cast, browser):
    Commitment.objects.filter(pk=done.pk).update(reported_done_by=cast.chen)
    chen = browser("chen")
    page = chen.get(verify(done))
    assert page.context["is_own"]
    assert "<textarea" not in page.content.decode()
    assert chen.post(verify(done), SAID | {"seen": done.revision}).context["form"].non_field_errors()


def test_verifications_are_read_by_whoever_sees_the_commitment(done, cast, browser):
    row = make_verification(done, verifier=cast.chen)
    address = reverse("admin:tracker_verification_change", args=[row.pk])
    for name in ("lin", "chen", "wu", "gu"):
        client = browser(name)
        assert "与台账一致。" in client.get(address).content.decode()
        assert "C-1" in client.get("/admin/tracker/verification/").content.decode()
    assert browser("zhou").get(address).status_code == 404
    assert "C-1" not in browser("zhou").get("/admin/tracker/verification/").content.decode()


# --- Look-back


def test_a_sample_is_drawn_shown_and_can_be_drawn_again(closed, browser):
    chen = browser("chen")
    said = {"closed_from": "2026-11-01", "closed_until": "2026-11-22", "size": 2, "seed": "2026年11月"}
    answer = chen.post(DRAW, said, follow=True)
    row = Lookback.objects.get()
    assert (row.seed, row.size, row.population) == ("2026年11月", 2, ["K-1", "K-2", "K-3"])
    text = answer.content.decode()
    assert "2026年11月" in text
    assert answer.context["sample"].is_as_drawn
    picked = [pick.commitment for pick in answer.context["sample"].picks]
    assert all(verify(item, row) in text for item in picked)
    assert "/ 2" in chen.get("/admin/tracker/lookback/").content.decode()
    reader = browser("wu").get(f"/admin/tracker/lookback/{row.pk}/change/").content.decode()
    assert all(verify(item, row) not in reader for item in picked)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"size": 4}, "size"),
        ({"size": 0}, "size"),
        ({"closed_from": "2026-11-23"}, "closed_until"),
        ({"closed_until": "2026-11-23"}, "closed_until"),
        ({"closed_from": "2020-01-01", "closed_until": "2020-02-01"}, "closed_from"),
        ({"closed_from": "soon"}, "closed_from"),
        ({"seed": "x" * 65}, "seed"),
    ],
)
def test_a_draw_that_makes_no_sense_is_told_at_its_field(wrong, field, closed, browser):
    said = {"closed_from": "2026-11-01", "closed_until": "2026-11-22", "size": 2, "seed": ""}
    answer = browser("chen").post(DRAW, said | wrong)
    assert field in answer.context["form"].errors
    assert not Lookback.objects.exists()


def test_a_sample_that_was_changed_behind_the_sites_back_says_so(closed, cast, browser):
    row = make_lookback(*closed, drawn_by=cast.chen)
    address = f"/admin/tracker/lookback/{row.pk}/change/"
    assert browser("wu").get(address).context["sample"].is_as_drawn
    Lookback.objects.filter(pk=row.pk).update(seed="another")
    answer = browser("wu").get(address)
    assert not answer.context["sample"].is_as_drawn
    assert 'role="alert"' in answer.content.decode()


def test_looking_at_a_drawn_commitment_fills_its_place_and_may_open_it_again(closed, cast, browser):
    row, chen = make_lookback(*closed[:2], drawn_by=cast.chen), browser("chen")
    kept, opened = closed[:2]
    answer = chen.post(verify(kept, row), SAID | {"seen": kept.revision})
    assert answer["location"] == f"/admin/tracker/lookback/{row.pk}/change/"
    chen.post(verify(opened, row), SAID | {"finding": "not_confirmed", "note": "已停用。", "seen": opened.revision})
    kept.refresh_from_db()
    opened.refresh_from_db()
    assert (kept.stage, opened.stage) == (Stage.CLOSED, Stage.IN_PROGRESS)
    assert chen.get(verify(kept, row)).status_code == 404
    assert chen.get(f"/admin/tracker/lookback/{row.pk}/change/").context["sample"].is_as_drawn


def test_what_is_in_no_sample_cannot_be_looked_at_as_if_it_were(closed, cast, browser):
    row, chen = make_lookback(closed[0], drawn_by=cast.chen), browser("chen")
    for item, lookback in ((closed[1], row.pk), (closed[0], 999), (closed[0], "x"), (closed[0], "²")):
        address = f"{verify(item)}?lookback={lookback}"
        assert chen.get(address).status_code == 404
        assert chen.post(address, SAID | {"seen": item.revision}).status_code == 404


@pytest.mark.parametrize("name", ["lin", "zhou"])
def test_a_department_learns_nothing_of_samples(name, closed, cast, browser):
    row = make_lookback(*closed, drawn_by=cast.chen)
    client = browser(name)
    assert client.get("/admin/tracker/lookback/").status_code == 403
    assert client.get(f"/admin/tracker/lookback/{row.pk}/change/").status_code == 404
    assert client.get(verify(closed[0], row)).status_code == 404


def test_a_sample_is_never_changed_and_only_the_office_draws(closed, cast, browser):
    row = make_lookback(*closed, drawn_by=cast.chen)
    assert browser("chen").post(f"/admin/tracker/lookback/{row.pk}/change/", {"seed": "x"}).status_code == 403
    for name in ("wu", "gu", "lin"):
        assert browser(name).get(DRAW).status_code == 403
        assert browser(name).post(DRAW, {}).status_code == 403
