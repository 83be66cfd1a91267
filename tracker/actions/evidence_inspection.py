"""Reads an uploaded file's bytes for the facts that `rules.evidence` judges. Keeps nothing, changes nothing."""

import contextlib
import re
import struct
import zipfile
import zlib
from typing import Any

import puremagic
from django.conf import settings
from django.core.files import File

from tracker.rules import evidence
from tracker.rules.evidence import FileFacts, Kind, Part

CHUNK = 1 << 18
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    ValueError,
    NotImplementedError,
    EOFError,
    struct.error,
    OSError,
    RuntimeError,
)
# An entry of the OLE directory: 128 bytes that begin with the stream's name in UTF-16, filled up with zeros.
ENTRY = 128
STREAM_NAMES = {name.encode("utf-16-le") + b"\x00\x00": name for name in evidence.STREAMS}
STREAM = re.compile(b"|".join(re.escape(name) for name in STREAM_NAMES))


def most_bytes() -> int:
    """How large a file may be, by the setting."""
    return int(settings.EVIDENCE_MEGABYTES) * 2**20


def judge(upload: "File[Any]") -> tuple[str, Kind]:
    """The clean name and the kind of an upload that may be kept. Raises DomainError with the sentence otherwise."""
    name, size = evidence.clean_name(upload.name or ""), upload.size
    facts = FileFacts(name=name, size=size, head=b"")
    if 0 < size <= most_bytes():  # what is refused for its size is not read
        facts = _facts(upload, name=name, size=size)
    return name, evidence.check(facts, most_bytes=most_bytes())


def _facts(upload: "File[Any]", *, name: str, size: int) -> FileFacts:
    upload.seek(0)
    head = upload.read(evidence.HEAD_SIZE)
    guesses = _guesses(upload)
    parts, is_sound = _parts(upload, name=name, size=size) if head.startswith(evidence.ZIP_HEAD) else (None, True)
    streams = _streams(upload) if head.startswith(evidence.OLE_HEAD) else frozenset[str]()
    upload.seek(0)
    return FileFacts(name=name, size=size, head=head, guesses=guesses, parts=parts, is_sound=is_sound, streams=streams)


def _guesses(upload: "File[Any]") -> frozenset[str]:
    upload.seek(0)
    try:
        return frozenset(guess.extension.lower() for guess in puremagic.magic_stream(upload))
    except (puremagic.PureError, ValueError):
        return frozenset()


def _parts(upload: "File[Any]", *, name: str, size: int) -> tuple[tuple[Part, ...] | None, bool]:
    """The package's directory, and whether everything in it unpacks to what the directory says."""
    upload.seek(0)
    try:
        package = zipfile.ZipFile(upload)
    except BROKEN:
        return None, False
    with package:
        parts = tuple(
            Part(name=one.filename, size=one.file_size, is_encrypted=bool(one.flag_bits & 1))
            for one in package.infolist()
        )
        evidence.check_declared(parts, size=size, name=name)  # a bomb is not unpacked to see it
        if any(part.is_encrypted for part in parts):
            return parts, True
        with contextlib.suppress(*BROKEN):
            return parts, package.testzip() is None
        return parts, False


def _streams(upload: "File[Any]") -> frozenset[str]:
    """Which of the deciding streams the OLE directory names; found by their place in its grid, not by its chains."""
    upload.seek(0)
    found: set[str] = set()
    before, start = b"", 0
    while piece := upload.read(CHUNK):
        window = before + piece
        for match in STREAM.finditer(window):
            if (start + match.start()) % ENTRY == 0:
                found.add(STREAM_NAMES[match.group()])
        keep = ENTRY if len(window) > ENTRY else len(window)
        start += len(window) - keep
        before = window[-keep:]
    return frozenset(found)
