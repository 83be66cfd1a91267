"""What is taken as evidence, by content, and what a name may look like."""

from dataclasses import replace

import pytest

import tracker.errors  # noqa: F401  # words the refusals
from projects.errors import DomainError
from tracker.rules import evidence
from tracker.rules.evidence import KINDS, OLE_HEAD, ZIP_HEAD, FileFacts, Part

MB = 2**20
WORD = (Part(name="[Content_Types].xml", size=900), Part(name="word/document.xml", size=4000))
PDF = FileFacts(name="a.pdf", size=10, head=b"%PDF-1.7", guesses=frozenset({".pdf"}))
DOCX = FileFacts(name="a.docx", size=2000, head=ZIP_HEAD, guesses=frozenset({".docx", ".xlsx"}), parts=WORD)
DOC = FileFacts(
    name="a.doc", size=2000, head=OLE_HEAD, guesses=frozenset({".doc"}), streams=frozenset({"WordDocument"})
)
PICTURE = FileFacts(name="a.jpg", size=10, head=b"\xff\xd8\xff\xe1", guesses=frozenset({".jpg", ".jpeg"}))


@pytest.mark.parametrize(
    ("facts", "media_type"),
    [
        (PDF, "application/pdf"),
        (replace(PDF, name="A.PDF"), "application/pdf"),
        (PICTURE, "image/jpeg"),
        (replace(PICTURE, name="a.jpeg"), "image/jpeg"),
        (DOCX, KINDS[".docx"].media_type),
        (DOC, "application/msword"),
    ],
)
def test_what_is_what_its_ending_says_is_taken(facts: FileFacts, media_type: str) -> None:
    assert evidence.check(facts, most_bytes=MB).media_type == media_type


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (replace(PDF, size=0), "evidence_empty"),
        (replace(PDF, size=MB + 1), "evidence_too_large"),
        (replace(PDF, name="a.html"), "evidence_kind_unknown"),
        (replace(PDF, name="a.svg"), "evidence_kind_unknown"),
        (replace(PDF, name="a.exe"), "evidence_kind_unknown"),
        (replace(PDF, name="a.pdf.lnk"), "evidence_kind_unknown"),
        (replace(PDF, name="a"), "evidence_kind_unknown"),
        (replace(PDF, name=""), "evidence_kind_unknown"),
        (replace(PDF, name="a.docm"), "evidence_macros"),
        (replace(PDF, name="a.xlsb"), "evidence_macros"),
        (replace(PDF, head=b"<!DOCTYPE html>"), "evidence_disguised"),
        (replace(PDF, head=b"MZ\x90\x00"), "evidence_disguised"),
        (replace(PDF, guesses=frozenset({".html"})), "evidence_disguised"),
        (replace(PDF, guesses=frozenset()), "evidence_disguised"),
        (replace(PDF, name="a.png"), "evidence_disguised"),
        (replace(PICTURE, name="a.pdf"), "evidence_disguised"),
        (replace(DOC, name="a.docx"), "evidence_disguised"),
        (replace(DOCX, name="a.doc"), "evidence_disguised"),
        (replace(DOCX, name="a.xlsx"), "evidence_disguised"),
        (replace(DOCX, parts=(Part(name="a.txt", size=3),)), "evidence_disguised"),
        (replace(DOCX, parts=(WORD[1],)), "evidence_disguised"),
        (replace(DOCX, parts=None, is_sound=False), "evidence_damaged"),
        (replace(DOCX, is_sound=False), "evidence_damaged"),
        (replace(DOCX, parts=(*WORD, Part(name="word/vbaProject.bin", size=9))), "evidence_macros"),
        (replace(DOCX, parts=(*WORD, Part(name="WORD/VBAPROJECT.BIN", size=9))), "evidence_macros"),
        (replace(DOCX, parts=(*WORD, Part(name="x", size=9, is_encrypted=True))), "evidence_encrypted"),
        (replace(DOCX, parts=(*WORD, Part(name="word/big.xml", size=300 * MB))), "evidence_bomb"),
        (replace(DOCX, parts=(*WORD, Part(name="word/big.xml", size=9 * MB))), "evidence_bomb"),
        (replace(DOCX, parts=WORD * 3000), "evidence_bomb"),
        (replace(DOC, streams=frozenset({"EncryptedPackage"})), "evidence_encrypted"),
        (replace(DOC, name="a.docx", streams=frozenset({"EncryptedPackage"})), "evidence_encrypted"),
        (replace(DOC, streams=frozenset({"WordDocument", "Macros"})), "evidence_macros"),
        (replace(DOC, streams=frozenset({"Workbook"})), "evidence_disguised"),
        (replace(DOC, streams=frozenset()), "evidence_disguised"),
    ],
)
def test_what_is_not_taken_is_refused_in_one_sentence(facts: FileFacts, code: str) -> None:
    with pytest.raises(DomainError) as refusal:
        evidence.check(facts, most_bytes=MB)
    assert (refusal.value.code, refusal.value.field) == (code, "upload")
    assert str(refusal.value)


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("回执.pdf", "回执.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\林\\照片.jpg", "照片.jpg"),
        ("/etc/passwd", "passwd"),
        ("a\x00b\r\n\x1b[31m.pdf", "ab[31m.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("a\u200b\u2066b\ufeff.pdf", "ab.pdf"),
        ("..pdf", "pdf"),
        (" . ", ""),
        ("a\u2028b\u3000 c .pdf", "a b c.pdf"),
        ('a<b>:"|?*.pdf', "a_b______.pdf"),
        ("e\u0301.pdf", "é.pdf"),
        ("长" * 300 + ".pdf", "长" * 156 + ".pdf"),
        ("x" * 300, "x" * 160),
        ("a\ud800.pdf", "a.pdf"),
    ],
)
def test_a_name_is_shown_and_never_a_path(raw: str, clean: str) -> None:
    assert evidence.clean_name(raw) == clean
    assert evidence.clean_name(clean) == clean
    assert len(clean) <= evidence.LONGEST_NAME


def test_every_kind_says_what_its_content_shows() -> None:
    assert all(kind.head and kind.media_type and kind.ending == ending for ending, kind in KINDS.items())
    assert not {".svg", ".html", ".htm", ".xml", ".zip", ".exe", ".js"} & set(KINDS)
