"""Files that mean harm: a Chinese sentence each, within ten seconds and 300 MB, no fault of ours, nothing written."""

import json
import os
import subprocess
import sys
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone, translation

from projects.errors import DomainError
from tests.factories import make_department, make_plan, make_user
from tests.tracker.ledger.confined import MEGABYTES
from tests.tracker.ledger.hostile import CASES
from tracker.choices import Role
from tracker.ledger import importing
from tracker.models import Commitment, Department, Event, LedgerImport

NAMES = list(CASES)
SECONDS = 10  # of CPU, twenty times what the slowest refusal takes
MOST_UPLOADED = 200_000  # bytes; what is larger waits for the worker and is tried by the command here


def test_the_command_reads_or_refuses_each_within_its_bounds(tmp_path):
    outcomes = _outcomes(tmp_path)
    assert outcomes.keys() == CASES.keys()
    wrong = [(case, told) for case, told in outcomes.items() if not _is_right(case, told)]
    assert not wrong


def _outcomes(folder):
    """What the command said of each file, by the case's name."""
    for number, (name, make, _code) in enumerate(CASES.values()):
        place = folder / f"{number:03d}"
        place.mkdir()
        (place / name).write_bytes(make())
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings.test"}
    command = [sys.executable, "-m", "tests.tracker.ledger.confined", str(folder)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=300)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return {NAMES[line["number"]]: line for line in lines}


def _is_right(case, told):
    """One sentence, status 1 and no OUT, or OUT and not a word; and it took no more than is promised."""
    if "ended" in told or told["peak"] >= MEGABYTES or (told["cpu"] >= SECONDS and case != "60 000 rows"):
        return False
    if CASES[case][2] == "read":
        return (told["status"], told["error"], told["has_out"]) == (0, "", True)
    return (told["status"], told["has_out"]) == (1, False) and told["error"] in _sentences(CASES[case][2])


def _sentences(code):
    """The Chinese sentence with whatever figures the file gives it."""
    figures: list[dict[str, Any]] = [
        {"megabytes": 10},
        {"most": 60_000},
        {"most": 100},
        {"said": "CSV", "found": "xlsx"},
    ]
    figures += [{"said": "xlsx", "found": "xls"}, {}]
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
    plan = make_plan("P1")
    client.force_login(make_user("office", role=Role.SUPERVISOR, department=office))
    for case, (name, make, code) in CASES.items():
        content = make()
        if len(content) > MOST_UPLOADED:
            continue
        before = LedgerImport.objects.count()
        file = SimpleUploadedFile(name, content)
        page = client.post(
            "/admin/tracker/commitment/import/", {"import_file": file, "plan": str(plan.pk)}, follow=True
        )
        assert page.status_code == 200, case
        brought = LedgerImport.objects.order_by("pk").last() if LedgerImport.objects.count() > before else None
        if brought is not None and brought.state == "waiting":
            importing.work(brought.pk, now=timezone.now())
            brought.refresh_from_db()
            page = client.get(f"/admin/tracker/ledgerimport/{brought.pk}/change/")
        text = unescape(page.content.decode())
        if code != "read":
            assert any(sentence.strip() in text for sentence in _sentences(code)), case
            assert brought is None or brought.problem["code"] == code, case
    assert (Commitment.objects.count(), Department.objects.count()) == (0, 1)
    assert not Event.objects.exists()
