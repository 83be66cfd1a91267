"""`verify_evidence` reads every file against its digest, and takes away only what belongs to nothing."""

import os
import time
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from tests import evidence_files as files
from tests.factories import TODAY, Cast, make_cast, make_commitment
from tracker.actions import evidence, evidence_store
from tracker.models import Evidence

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(tmp_path: Path, settings: Any) -> Path:
    """One file of C-1 in the store; returns where it lies."""
    settings.EVIDENCE_DIR = tmp_path
    cast: Cast = make_cast()
    item = make_commitment("C-1", department=cast.science)
    added = evidence.add(item, upload=files.upload("验收.pdf", files.pdf()), by=cast.actor("lin"), today=TODAY)
    return tmp_path / added.evidence.sha256[:2] / added.evidence.sha256


def run(*arguments: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("verify_evidence", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_sound_files_are_counted(kept: Path) -> None:
    assert run() == ("1 files in the database, 0 lost; 0 belong to nothing.\n", "")


@pytest.mark.parametrize("is_gone", [True, False])
def test_a_lost_file_is_named_with_its_commitment_and_fails(kept: Path, is_gone: bool) -> None:
    if is_gone:
        kept.unlink()
    else:
        kept.write_bytes(b"something else")
    err = StringIO()
    with pytest.raises(CommandError):
        call_command("verify_evidence", stdout=StringIO(), stderr=err)
    assert "C-1 “验收.pdf”" in err.getvalue()


def test_only_old_files_that_belong_to_nothing_are_removed_and_only_when_asked(kept: Path) -> None:
    old, young = evidence_store.keep(files.upload("a.png", files.png())), files.jpeg()
    evidence_store.keep(files.upload("b.jpg", young))
    two_days_ago = time.time() - 2 * 24 * 60 * 60
    place = kept.parent.parent / old.sha256[:2] / old.sha256
    for path in (place, kept):
        os.utime(path, (two_days_ago, two_days_ago))
    assert "2 belong to nothing" in run()[0]
    assert place.exists()
    assert "1 removed" in run("--tidy")[0]
    assert not place.exists()
    assert kept.exists()
    assert Evidence.objects.count() == 1
    assert run()[0] == "1 files in the database, 0 lost; 1 belong to nothing.\n"
