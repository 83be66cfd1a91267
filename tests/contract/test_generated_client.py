"""A client that nobody here wrote, generated from the committed description, does what a phone does."""

import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from django.conf import settings
from django.core.cache import cache

from config.wsgi import application
from tests import evidence_files
from tests.factories import PASSWORD, Cast, make_cast, make_commitment
from tracker.models import Evidence, ProgressReport

pytestmark = [pytest.mark.django_db, pytest.mark.once]
NAME = "luoshi_client"


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name of the package, importable while the module runs."""
    folder = tmp_path_factory.mktemp("client")
    command = [str(Path(sys.executable).with_name("openapi-python-client")), "generate", "--meta", "none"]
    command += ["--path", str(Path(settings.BASE_DIR) / "docs" / "openapi.yaml"), "--output-path", str(folder / NAME)]
    said = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "ERROR" not in said.stdout, said.stdout
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        yield NAME


class Phone:
    """The generated package, called by the names of the description's operations."""

    def __init__(self, package: str, token: str = "") -> None:
        self.package = package
        module: Any = importlib.import_module(f"{package}.client")
        network = {
            "httpx_args": {"transport": httpx.WSGITransport(app=application)},
            "raise_on_unexpected_status": True,
        }
        self.client = (
            module.AuthenticatedClient(base_url="http://testserver", token=token, prefix="Token", **network)
            if token
            else module.Client(base_url="http://testserver", **network)
        )

    def model(self, name: str) -> Any:
        return getattr(importlib.import_module(f"{self.package}.models"), name)

    def call(self, operation: str, *path: str, **arguments: Any) -> Any:
        """The answer, read by the package; `operation` is ``tag.operation``."""
        return importlib.import_module(f"{self.package}.api.{operation}").sync_detailed(
            *path, client=self.client, **arguments
        )


@pytest.fixture
def cast() -> Cast:
    cache.clear()
    cast = make_cast()
    make_commitment("A", title="建成科创中心", department=cast.science)
    make_commitment("F", department=cast.health_bureau)
    return cast


@pytest.fixture
def phone(cast: Cast, generated: str) -> Phone:
    """Lin's, signed in by the client itself."""
    stranger = Phone(generated)
    body = stranger.model("SignInInput")(username="lin", password=PASSWORD, device="林的手机")
    return Phone(generated, stranger.call("sign_in.sign_in", body=body).parsed.token)


def test_it_signs_in_lists_and_reads(phone: Phone) -> None:
    assert phone.call("sign_in.me").parsed.username == "lin"
    (device,) = phone.call("sign_in.list_devices").parsed.results
    assert (device.name, device.is_this) == ("林的手机", True)
    (row,) = phone.call("commitments.list_commitments").parsed.results
    assert (row.code, row.title) == ("A", "建成科创中心")
    whole = phone.call("commitments.get_commitment", "A")
    assert whole.parsed.title == row.title
    unchanged = phone.call("commitments.get_commitment", "A", if_none_match=whole.headers["ETag"])
    assert (int(unchanged.status_code), unchanged.parsed) == (304, None)


def test_a_refusal_is_read_as_one(phone: Phone) -> None:
    refused = phone.call("commitments.get_commitment", "F")
    assert (int(refused.status_code), refused.parsed.code) == (404, "not_found")
    assert refused.parsed.type_ == "/api/v1/problems/#not_found"


def test_it_syncs_reports_offline_twice_with_one_effect_and_syncs_again(phone: Phone) -> None:
    first = phone.call("sync.sync").parsed
    assert [row.code for row in first.commitments] == ["A"]
    assert not first.more
    one = phone.model("BatchedReportInput")(
        commitment="A", client_ref=uuid4(), done="完成可研。", progress=40, submit=True
    )
    batch = phone.model("BatchInput")(reports=[one])
    answers = [phone.call("reports.create_reports", body=batch).parsed.results[0] for _time in range(2)]
    assert [answer.status for answer in answers] == [201, 200]
    assert answers[0].report == answers[1].report
    assert ProgressReport.objects.count() == 1
    second = phone.call("sync.sync", cursor=first.cursor).parsed
    assert [row.ref for row in second.reports] == [answers[0].report.ref]
    again = phone.call("sync.sync", cursor=second.cursor).parsed
    assert (again.reports, again.commitments, again.removed) == ([], [], [])


def test_it_uploads_evidence_and_gets_the_same_bytes_back(phone: Phone) -> None:
    upload = evidence_files.upload()
    content = upload.read()
    types: Any = importlib.import_module(f"{phone.package}.types")
    reference = uuid4()

    def send() -> Any:
        from io import BytesIO

        file = types.File(payload=BytesIO(content), file_name=upload.name, mime_type="application/pdf")
        body = phone.model("UploadInput")(upload=file, note="可研批复", client_ref=reference)
        return phone.call("evidence.add_commitment_evidence", "A", body=body)

    first, again = send(), send()
    assert (int(first.status_code), int(again.status_code)) == (201, 200)
    assert Evidence.objects.count() == 1
    back = phone.call("evidence.download_evidence", first.parsed.ref)
    assert back.content == content
