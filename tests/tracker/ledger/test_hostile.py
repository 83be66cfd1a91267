"""Files that mean harm: a Chinese sentence each, within ten seconds and 300 MB, no fault of ours, nothing written."""

import json
import os
import subprocess
import sys

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from projects.errors import DomainError
from tests.factories import make_department, make_plan, make_user
from tests.tracker.ledger.confined import MEGABYTES
from tests.tracker.ledger.hostile import CASES
from tracker.choices import Role
from tracker.ledger import importing
from tracker.models import Commitment, Department, Event, LedgerImport

NAMES = list(CASES)
SECONDS = 10
MOST_UPLOADED = 200_000  # bytes; what is larger waits for the worker and is tried by the command here


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    """What the command said of each file, by its name."""
    folder = tmp_path_factory.mktemp("hostile")
    for number, (name, make, _code) in enumerate(CASES.values()):
        place = folder / f"{number:03d}"
        place.mkdir()
        (place / name).write_bytes(make())
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings.test", "LANGUAGE": "en"}
    command = [sys.executable, "-m", "tests.tracker.ledger.confined", str(folder)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=300)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return {NAMES[line["number"]]: line for line in lines}


@pytest.mark.parametrize("case", NAMES)
def test_the_command_refuses_or_reads_it_within_its_bounds(outcomes, case):
    code, told = CASES[case][2], outcomes[case]
    assert "ended" not in told, f"it took more than it may: {told}"
    assert told["peak"] < MEGABYTES
    assert told["cpu"] < SECONDS or case == "60 000 rows", "twenty times what the slowest of them takes"
    if code == "read":
        assert (told["status"], told["error"], told["has_out"]) == (0, "", True)
        return
    assert (told["status"], told["has_out"]) == (1, False)
    assert told["error"] in _sentences(code)
    assert told["error"].count("\n") == 1


def _sentences(code):
    """The Chinese sentence with whatever figures the file gives it."""
    figures = [{"megabytes": 10}, {"most": 60_000}, {"most": 100}, {"said": "CSV", "found": "xlsx"}]
    figures += [{"said": "xlsx", "found": "xls"}, {}]
    from django.utils import translation

    found = set()
    with translation.override("zh-hans"):
        for params in figures:
            try:
                found.add(f"{DomainError(code, **params)}\n")
            except KeyError:
                continue
    return found


@pytest.mark.django_db
def test_the_upload_shows_the_sentence_and_writes_nothing(client):
    office = make_department("office", name="市政府督查室")
    make_plan("P1")
    client.force_login(make_user("office", role=Role.SUPERVISOR, department=office))
    for case, (name, make, code) in CASES.items():
        content = make()
        if len(content) > MOST_UPLOADED:
            continue
        before = LedgerImport.objects.count()
        file = SimpleUploadedFile(name, content)
        page = client.post("/admin/tracker/commitment/import/", {"import_file": file, "plan": "1"}, follow=True)
        assert page.status_code == 200, case
        brought = LedgerImport.objects.order_by("pk")[before:].first()
        if brought is not None and brought.state == "waiting":
            importing.work(brought.pk, now=timezone.now())
            brought.refresh_from_db()
        text = page.content.decode()
        problem = brought.problem.get("code", "") if brought is not None else ""
        assert problem in {"", code, "ledger_no_table", "import_needs_plan"}, case
        if code != "read" and not problem:
            assert "errorlist" in text or "errornote" in text, case
    assert (Commitment.objects.count(), Department.objects.count()) == (0, 1)
    assert not Event.objects.exists()
