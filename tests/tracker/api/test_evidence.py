"""Evidence over REST: judged by content, kept once, handed out as an attachment to those who may see it, withdrawn."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import evidence_files
from tests.factories import Cast, make_commitment, make_report, make_verification
from tests.tracker.api.conftest import Caller, assert_fits, assert_refused
from tracker.choices import Involvement, ReportState, Stage
from tracker.models import Commitment, CommitmentDepartment, Event, Evidence

SignIn = Callable[[str], Caller]


@pytest.fixture
def item(cast: Cast) -> Commitment:
    return make_commitment("A", department=cast.science)


def sent(phone: Caller, place: str, name: str = "回执.pdf", data: bytes | None = None, **more: Any) -> Any:
    return phone.upload(f"{place}evidence/", {"upload": evidence_files.upload(name, data), **more})


def path_of(answer: Any) -> str:
    return str(answer.json()["url"].removeprefix("/api/v1/"))


def read(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def test_a_file_goes_up_once_and_comes_down_as_an_attachment_that_nothing_runs(
    item: Commitment, sign_in: SignIn
) -> None:
    lin, wu = sign_in("lin"), sign_in("wu")
    first = sent(lin, "commitments/A/", "../../<验收> 回执.PDF", note="验收回执")
    assert (first.status_code, first["Location"]) == (201, first.json()["url"])
    assert_fits(first.json(), "EvidenceDetailOutput")
    assert first.json()["name"] == "_验收_ 回执.PDF"
    assert first.json()["sha256"] == sha256(evidence_files.pdf()).hexdigest()
    again = sent(lin, "commitments/A/")
    assert (again.status_code, again.json()["ref"]) == (200, first.json()["ref"])
    (row,) = wu.get("commitments/A/evidence/").json()["results"]
    assert_fits(row, "EvidenceOutput")
    for query, count in (("回执", 1), (row["sha256"].upper(), 1), (row["sha256"][:9], 0), ("别的", 0)):
        assert len(wu.get(f"evidence/?q={query}").json()["results"]) == count
    file = wu.get(row["file_url"].removeprefix("/api/v1/"), Accept="text/html")
    assert (file.status_code, read(file)) == (200, evidence_files.pdf())
    assert file["Content-Type"] == "application/octet-stream"
    assert file["Content-Disposition"].startswith("attachment; filename")
    assert file["X-Content-Type-Options"] == "nosniff"
    assert file["Content-Security-Policy"].startswith("sandbox")
    assert "no-store" in file["Cache-Control"]
    assert file["ETag"] == f'"{row["sha256"]}"'
    held = wu.get(row["file_url"].removeprefix("/api/v1/"), If_None_Match=file["ETag"])
    assert (held.status_code, held.content) == (304, b"")
    assert lin.get(path_of(first), If_None_Match=first["ETag"]).status_code == 304


def test_a_file_hangs_on_the_open_report_of_its_own_department_alone(
    cast: Cast, item: Commitment, sign_in: SignIn
) -> None:
    CommitmentDepartment.objects.create(
        commitment=item, department=cast.health_bureau, involvement=Involvement.SUPPORTING
    )
    draft = make_report(item, author=cast.lin, state=ReportState.DRAFT)
    place = f"reports/{draft.ref}/"
    lin, zhou, chen = sign_in("lin"), sign_in("zhou"), sign_in("chen")
    added = sent(lin, place)
    assert (added.status_code, added.json()["report"]) == (201, str(draft.ref))
    assert len(lin.get(f"{place}evidence/").json()["results"]) == 1
    for other in (zhou, chen):  # a draft is its department's own, its files too
        assert_refused(sent(other, place), 404, "not_found")
        assert_refused(other.get(path_of(added)), 404, "not_found")
        assert_refused(other.get(f"{path_of(added)}file/"), 404, "not_found")
        assert other.get("evidence/?commitment=A").json()["results"] == []
    lin.post(f"{place}submission/")
    assert_refused(sent(lin, place, data=evidence_files.pdf("2")), 409, "report_not_open")
    assert_refused(sent(chen, place), 403, "evidence_not_yours")
    assert zhou.get(path_of(added)).status_code == 200
    assert_refused(lin.post(f"{path_of(added)}withdrawal/", {"reason": "错"}), 403, "evidence_not_yours")


def test_a_verification_takes_files_of_the_office_alone(cast: Cast, sign_in: SignIn) -> None:
    closed = make_commitment("V", department=cast.science, stage=Stage.CLOSED)
    place = f"verifications/{make_verification(closed, verifier=cast.chen).ref}/"
    assert_refused(sent(sign_in("lin"), place), 403, "evidence_not_yours")
    assert sent(sign_in("chen"), place).status_code == 201
    assert len(sign_in("lin").get(f"{place}evidence/").json()["results"]) == 1


REFUSED: list[tuple[str, bytes, int, str]] = [
    ("空.pdf", b"", 400, "evidence_empty"),
    ("大.pdf", evidence_files.pdf("x" * 2**20), 413, "evidence_too_large"),
    ("页面.html", b"<script>", 400, "evidence_kind_unknown"),
    ("图.svg", b"<svg/>", 400, "evidence_kind_unknown"),
    ("假.pdf", b"MZ" + b"\x00" * 90, 400, "evidence_disguised"),
    ("宏.docm", evidence_files.docx("word/vbaProject.bin"), 400, "evidence_macros"),
    ("锁.docx", evidence_files.locked_zip(), 400, "evidence_encrypted"),
]


def test_a_hostile_file_is_refused_by_what_it_is_and_nothing_of_it_stays(
    item: Commitment, sign_in: SignIn, settings: Any, tmp_path: Path
) -> None:
    settings.EVIDENCE_MEGABYTES, settings.EVIDENCE_DIR = 1, tmp_path
    lin = sign_in("lin")
    for name, data, status, code in REFUSED:
        assert_refused(sent(lin, "commitments/A/", name, data), status, code, "upload")
    two = {"upload": [SimpleUploadedFile("1.pdf", b"1"), SimpleUploadedFile("2.pdf", b"2")]}
    assert_refused(lin.upload("commitments/A/evidence/", two), 400, "evidence_too_many", "upload")
    assert_refused(lin.upload("commitments/A/evidence/", {"upload": "words"}), 400, "field_invalid", "upload")
    assert_refused(lin.upload("commitments/A/evidence/", {}), 400, "field_missing", "upload")
    assert_refused(lin.upload("commitments/A/evidence/", {"x": "1"}), 400, "field_unknown", "x")
    assert_refused(lin.post("commitments/A/evidence/", {"upload": "x"}), 415, "media_type_unknown")
    many = {f"f{number}": SimpleUploadedFile("1.pdf", b"1") for number in range(11)}
    assert_refused(lin.upload("commitments/A/evidence/", many), 400, "body_malformed")
    assert not Evidence.objects.exists()
    assert not list(tmp_path.rglob("*"))


def test_a_withdrawn_file_keeps_its_line_and_is_not_handed_out(item: Commitment, sign_in: SignIn) -> None:
    lin, chen = sign_in("lin"), sign_in("chen")
    path = path_of(sent(lin, "commitments/A/"))
    assert_refused(lin.post(f"{path}withdrawal/", {"reason": ""}), 400, "field_invalid", "reason")
    assert_refused(sign_in("wu").post(f"{path}withdrawal/", {"reason": "x"}), 403, "evidence_not_yours")
    assert_refused(chen.post(f"{path}withdrawal/", {"reason": "x"}, If_Match='"999"'), 412, "stale")
    done = lin.post(f"{path}withdrawal/", {"reason": "传错"}, If_Match=lin.get(path)["ETag"])
    assert (done.status_code, done.json()["file_url"]) == (200, None)
    assert_refused(chen.get(f"{path}file/"), 404, "not_found")
    assert_refused(chen.get(f"{path}file/", If_None_Match="*"), 404, "not_found")
    assert chen.get("commitments/A/evidence/").json()["results"] == []
    assert len(chen.get("evidence/?is_withdrawn=true").json()["results"]) == 1
    assert chen.get("evidence/?is_withdrawn=false").json()["results"] == []
    assert_refused(lin.post(f"{path}withdrawal/", {"reason": "再"}), 409, "evidence_withdrawn")


def test_a_retry_with_the_same_reference_uploads_once_even_after_the_file_was_withdrawn(
    item: Commitment, sign_in: SignIn
) -> None:
    lin, reference = sign_in("lin"), str(uuid4())
    first = sent(lin, "commitments/A/", client_ref=reference)
    again = sent(lin, "commitments/A/", client_ref=reference)
    assert (first.status_code, again.status_code) == (201, 200)
    assert (first.json(), first["Location"]) == (again.json(), again["Location"])
    lin.post(f"{path_of(first)}withdrawal/", {"reason": "传错"})
    late = sent(lin, "commitments/A/", client_ref=reference)
    assert (late.status_code, late.json()["ref"], late.json()["file_url"]) == (200, first.json()["ref"], None)
    other = sent(lin, "commitments/A/", data=evidence_files.pdf("2"), client_ref=reference)
    assert_refused(other, 409, "client_ref_reused", "client_ref")
    assert_refused(sent(lin, "commitments/A/", client_ref="7"), 400, "field_invalid", "client_ref")
    assert Evidence.objects.count() == 1


def test_a_file_that_was_changed_in_the_store_is_not_handed_out(
    item: Commitment, sign_in: SignIn, settings: Any, tmp_path: Path
) -> None:
    settings.EVIDENCE_DIR, lin = tmp_path, sign_in("lin")
    path = path_of(sent(lin, "commitments/A/"))
    (kept,) = tmp_path.glob("??/*")
    kept.write_bytes(b"another one")
    assert_refused(lin.get(f"{path}file/"), 500, "evidence_lost")


def test_a_foreign_file_and_none_at_all_answer_alike_and_its_codes_stay_hidden(
    cast: Cast, item: Commitment, sign_in: SignIn
) -> None:
    make_commitment("F", department=cast.health_bureau)
    lin, zhou = sign_in("lin"), sign_in("zhou")
    path, none = path_of(sent(lin, "commitments/A/")), f"evidence/{uuid4()}/"
    same = sent(zhou, "commitments/F/").json()
    assert (same["also_proves"], same["also_unseen_count"]) == ([], 1)
    assert sign_in("chen").get(path).json()["also_proves"] == ["F"]
    before = Event.objects.count()
    assert zhou.get(path).content == zhou.get(none).content
    assert zhou.get(f"{path}file/").content == zhou.get(f"{none}file/").content
    assert_refused(zhou.post(f"{path}withdrawal/", {"reason": "x"}), 404, "not_found")
    assert_refused(sent(zhou, "commitments/A/"), 404, "not_found")
    assert_refused(zhou.get("commitments/A/evidence/"), 404, "not_found")
    assert_refused(zhou.get("evidence/?commitment=A"), 400, "filter_code", "commitment")
    assert [row["commitment"]["code"] for row in zhou.get("evidence/").json()["results"]] == ["F"]
    assert Event.objects.count() == before


def test_a_list_costs_the_same_for_2_and_9_files(item: Commitment, sign_in: SignIn) -> None:
    lin, costs = sign_in("lin"), []
    for rows in (2, 9):
        for number in range(Evidence.objects.count(), rows):
            sent(lin, "commitments/A/", data=evidence_files.pdf(str(number)))
        lin.get("me/")  # fills the token cache
        with CaptureQueriesContext(connection) as queries:
            assert len(lin.get("evidence/").json()["results"]) == rows
        costs.append(len(queries))
    assert costs == [2, 2]
