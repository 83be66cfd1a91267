"""The store of evidence: what really lies in a file decides, and the same content lies there once."""

import hashlib
import io
import os
import stat
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile

from projects.errors import DomainError
from tests import evidence_files as files
from tracker.actions import evidence_inspection, evidence_store
from tracker.actions.evidence_store import Lost


@pytest.fixture(autouse=True)
def place(tmp_path: Path, settings: Any) -> Path:
    settings.EVIDENCE_DIR = tmp_path / "evidence"
    return tmp_path / "evidence"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.pdf", files.pdf()),
        ("a.png", files.png()),
        ("a.jpg", files.jpeg()),
        ("a.JPEG", files.jpeg()),
        ("a.webp", files.webp()),
        ("a.docx", files.docx()),
        ("a.xlsx", files.package("[Content_Types].xml", "xl/workbook.xml")),
        ("a.pptx", files.package("[Content_Types].xml", "ppt/presentation.xml")),
        ("a.doc", files.ole("WordDocument")),
        ("a.xls", files.ole("Workbook")),
        ("a.ppt", files.ole("PowerPoint Document")),
    ],
)
def test_each_kind_that_is_taken_is_kept_with_its_digest(name: str, data: bytes) -> None:
    kept = evidence_store.keep(files.upload(name, data))
    assert (kept.name, kept.size, kept.sha256) == (name, len(data), hashlib.sha256(data).hexdigest())
    with evidence_store.opened(kept.sha256) as handle:
        assert handle.read() == data


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.pdf", b"", "evidence_empty"),
        ("a.pdf", b"<!DOCTYPE html><script>alert(1)</script>", "evidence_disguised"),
        ("a.pdf", b"\n" + files.pdf(), "evidence_disguised"),
        ("a.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "evidence_disguised"),
        ("a.jpg", b"MZ\x90\x00" + b"\x00" * 500, "evidence_disguised"),
        ("a.webp", b"RIFF\x10\x00\x00\x00AVI LIST" + b"\x00" * 40, "evidence_disguised"),
        ("a.jpg", files.png(), "evidence_disguised"),
        ("a.svg", b"<svg/>", "evidence_kind_unknown"),
        ("a.html", b"<html>", "evidence_kind_unknown"),
        ("a.pdf.exe", files.pdf(), "evidence_kind_unknown"),
        ("a.docx", files.package("a.txt"), "evidence_disguised"),
        ("a.docx", files.package("[Content_Types].xml", "xl/workbook.xml"), "evidence_disguised"),
        ("a.docx", files.docx("word/vbaProject.bin"), "evidence_macros"),
        ("a.docx", files.docx()[:-40], "evidence_damaged"),
        ("a.docx", b"PK\x03\x04nothing", "evidence_damaged"),
        ("a.docx", files.locked_zip(), "evidence_encrypted"),
        ("a.docx", files.ole("EncryptedPackage"), "evidence_encrypted"),
        ("a.docx", files.docx(filling=b"\x00" * 2**23), "evidence_bomb"),
        ("a.doc", files.ole("WordDocument", "Macros", "VBA"), "evidence_macros"),
        ("a.xls", files.ole("Workbook", "_VBA_PROJECT_CUR"), "evidence_macros"),
        ("a.doc", files.ole("Workbook"), "evidence_disguised"),
        ("a.doc", files.ole(), "evidence_disguised"),
    ],
)  # fmt: skip
def test_what_lies_in_a_file_decides_and_nothing_refused_is_stored(
    name: str, data: bytes, code: str, place: Path
) -> None:
    with pytest.raises(DomainError) as refusal:
        evidence_store.keep(files.upload(name, data))
    assert refusal.value.code == code
    assert not place.exists()


def test_a_part_that_does_not_unpack_is_damage() -> None:
    data = bytearray(files.docx(filling=os.urandom(400)))
    data[data.find(b"word/document.xml") + 60] ^= 0xFF
    with pytest.raises(DomainError) as refusal:
        evidence_store.keep(files.upload("a.docx", bytes(data)))
    assert refusal.value.code == "evidence_damaged"


def test_a_part_that_unpacks_to_more_than_it_says_is_damage() -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("[Content_Types].xml", b"<x/>")
        target.writestr("word/document.xml", b"\x00" * 2**24)
    data = written.getvalue().replace((2**24).to_bytes(4, "little"), (100).to_bytes(4, "little"))
    with pytest.raises(DomainError) as refusal:
        evidence_store.keep(files.upload("a.docx", data))
    assert refusal.value.code == "evidence_damaged"


def test_the_name_of_a_stream_in_running_text_is_no_stream() -> None:
    text = " Macros\x00".encode("utf-16-le")
    evidence_store.keep(files.upload("a.doc", files.ole("WordDocument") + text))


def test_a_stream_that_lies_across_two_pieces_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence_inspection, "CHUNK", 100)
    with pytest.raises(DomainError) as refusal:
        evidence_store.keep(files.upload("a.doc", files.ole("WordDocument", "x", "y", "Macros")))
    assert refusal.value.code == "evidence_macros"


def test_a_file_over_the_limit_is_refused_unread(settings: Any) -> None:
    settings.EVIDENCE_MEGABYTES = 1
    with pytest.raises(DomainError) as refusal:
        evidence_store.keep(files.upload("a.pdf", files.pdf() + b" " * 2**20))
    assert (refusal.value.code, refusal.value.params["megabytes"]) == ("evidence_too_large", 1)


def test_the_same_content_lies_there_once_and_only_its_owner_reads_it(place: Path) -> None:
    first, second = (evidence_store.keep(files.upload(name)) for name in ("一.pdf", "二.pdf"))
    assert first.sha256 == second.sha256
    stored = [path for path in place.rglob("*") if path.is_file()]
    assert stored == [place / first.sha256[:2] / first.sha256]
    assert stat.S_IMODE(stored[0].stat().st_mode) == 0o600
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in (place, stored[0].parent)} == {0o700}


def test_a_damaged_file_is_noticed_and_healed_by_the_same_upload(place: Path) -> None:
    kept = evidence_store.keep(files.upload())
    stored = place / kept.sha256[:2] / kept.sha256
    stored.write_bytes(b"something else")
    with pytest.raises(Lost, match="changed"):
        evidence_store.opened(kept.sha256)
    evidence_store.keep(files.upload())
    evidence_store.opened(kept.sha256).close()
    stored.unlink()
    with pytest.raises(Lost, match="missing"):
        evidence_store.opened(kept.sha256)


@pytest.mark.parametrize("name", ["", "../secret-key", "a" * 63, "A" * 64, "a" * 64 + "\n", "/etc/passwd"])
def test_only_a_digest_names_a_place(name: str) -> None:
    with pytest.raises(ValueError, match="digest"):
        evidence_store.opened(name)


def test_a_store_that_cannot_be_written_to_is_told_and_leaves_nothing(place: Path) -> None:
    place.parent.joinpath("evidence").write_text("a file where the folder should be")
    with pytest.raises(DomainError) as refusal:
        evidence_store.keep(files.upload())
    assert refusal.value.code == "evidence_not_stored"


def test_an_upload_that_is_larger_than_it_says_is_refused(settings: Any, place: Path) -> None:
    settings.EVIDENCE_MEGABYTES = 1
    lying = ContentFile(files.pdf() + b" " * 2**21, name="a.pdf")
    lying.size = 100
    with pytest.raises(DomainError):
        evidence_store.keep(lying)
    assert [path for path in place.rglob("*") if path.is_file()] == []
