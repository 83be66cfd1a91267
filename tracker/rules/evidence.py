"""What may be kept as evidence, decided by a file's content, and what its name may look like. Pure.

The bytes are read elsewhere (`actions.evidence_inspection`); here stand the facts they gave and the verdict on them.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from projects.errors import DomainError

LONGEST_NAME = 160  # what the column holds
MAX_PARTS = 5000
MAX_UNPACKED = 256 * 1024 * 1024
MAX_RATIO = 200  # beyond a few megabytes; workbooks with much empty formatting reach 100
SMALL = 8 * 1024 * 1024

# Whatever a browser would make of a file, it may not run, load or show anything in our name.
DOWNLOAD_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cache-Control": "private, no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
}

ZIP_HEAD = b"PK\x03\x04"
OLE_HEAD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HEAD_SIZE = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of file that is taken: its ending as `puremagic` names it, and what its content must show.

    `tag`: what stands at the ninth byte, where the head alone says too little.
    `inside`: for the packages of Office, the folder (zip) or one of the streams (OLE) that makes it this kind.
    """

    ending: str
    media_type: str
    head: bytes
    tag: bytes = b""
    inside: frozenset[str] = frozenset()
    is_image: bool = False


OOXML = "application/vnd.openxmlformats-officedocument"
KINDS: Mapping[str, Kind] = {
    kind.ending: kind
    for kind in (
        Kind(ending=".pdf", media_type="application/pdf", head=b"%PDF-"),
        Kind(ending=".png", media_type="image/png", head=b"\x89PNG\r\n\x1a\n", is_image=True),
        Kind(ending=".jpg", media_type="image/jpeg", head=b"\xff\xd8\xff", is_image=True),
        Kind(ending=".jpeg", media_type="image/jpeg", head=b"\xff\xd8\xff", is_image=True),
        Kind(ending=".webp", media_type="image/webp", head=b"RIFF", tag=b"WEBP", is_image=True),
        Kind(
            ending=".docx",
            media_type=f"{OOXML}.wordprocessingml.document",
            head=ZIP_HEAD,
            inside=frozenset({"word"}),
        ),
        Kind(ending=".xlsx", media_type=f"{OOXML}.spreadsheetml.sheet", head=ZIP_HEAD, inside=frozenset({"xl"})),
        Kind(
            ending=".pptx",
            media_type=f"{OOXML}.presentationml.presentation",
            head=ZIP_HEAD,
            inside=frozenset({"ppt"}),
        ),
        Kind(ending=".doc", media_type="application/msword", head=OLE_HEAD, inside=frozenset({"WordDocument"})),
        Kind(
            ending=".xls", media_type="application/vnd.ms-excel", head=OLE_HEAD, inside=frozenset({"Workbook", "Book"})
        ),
        Kind(
            ending=".ppt",
            media_type="application/vnd.ms-powerpoint",
            head=OLE_HEAD,
            inside=frozenset({"PowerPoint Document"}),
        ),
    )
}
MACRO_ENDINGS = frozenset({".docm", ".dotm", ".xlsm", ".xltm", ".xlam", ".xlsb", ".pptm", ".potm", ".ppsm", ".ppam"})
MACRO_STREAMS = frozenset({"_VBA_PROJECT", "_VBA_PROJECT_CUR", "VBA", "Macros"})
# Streams of OLE that decide something; the reader looks for these names.
STREAMS = frozenset({"EncryptedPackage"}) | MACRO_STREAMS | {name for kind in KINDS.values() for name in kind.inside}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One entry of a zip package, as its directory declares it."""

    name: str
    size: int
    is_encrypted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFacts:
    """What reading a file told. `parts` None: no zip, or one that cannot be opened; `is_sound`: it unpacks completely.

    `guesses` are the endings that its content may have, by the library that knows signatures; empty: none known.
    """

    name: str
    size: int
    head: bytes
    guesses: frozenset[str] = frozenset()
    parts: tuple[Part, ...] | None = None
    is_sound: bool = True
    streams: frozenset[str] = frozenset()


def clean_name(raw: str) -> str:
    """The file's name as it is shown and offered for download; never a path.

    Path parts, control and format characters (among them those that turn the reading direction) go; the ending stays.
    """
    last = raw.replace("\\", "/").rpartition("/")[2]
    shown = (" " if unicodedata.category(sign)[0] == "Z" else sign for sign in unicodedata.normalize("NFC", last))
    signs = ("_" if sign in '<>:"|?*' else sign for sign in shown if unicodedata.category(sign)[0] != "C")
    name = " ".join("".join(signs).split()).strip(". ")
    ending = PurePosixPath(name).suffix
    if not ending or len(ending) > 10:
        return name[:LONGEST_NAME]
    stem = name[: -len(ending)].rstrip(". ")
    return stem[: LONGEST_NAME - len(ending)] + ending


def ending_of(name: str) -> str:
    """The ending of a cleaned name in lower case, with its point; "" when it has none."""
    return PurePosixPath(name).suffix.lower()


def check(facts: FileFacts, *, most_bytes: int) -> Kind:
    """The kind of this file. Raises DomainError, with the sentence for its owner, when it is not taken."""
    ending = ending_of(facts.name)
    if facts.size == 0:
        raise _refusal("evidence_empty", facts)
    if facts.size > most_bytes:
        raise _refusal("evidence_too_large", facts, megabytes=most_bytes // 2**20)
    if ending in MACRO_ENDINGS:
        raise _refusal("evidence_macros", facts)
    kind = KINDS.get(ending)
    if kind is None:
        raise _refusal("evidence_kind_unknown", facts)
    if facts.head.startswith(OLE_HEAD) and "EncryptedPackage" in facts.streams:
        raise _refusal("evidence_encrypted", facts)
    is_headed = facts.head.startswith(kind.head) and facts.head[8:].startswith(kind.tag)
    if not is_headed or ending not in facts.guesses:
        raise _refusal("evidence_disguised", facts)
    if kind.head == ZIP_HEAD:
        _check_package(facts, kind)
    if kind.head == OLE_HEAD:
        _check_streams(facts, kind)
    return kind


def check_declared(parts: tuple[Part, ...], *, size: int, name: str) -> None:
    """Raise DomainError when a package says itself that it unpacks to far too much; asked before it is unpacked."""
    declared = sum(part.size for part in parts)
    is_large = declared > SMALL and declared > MAX_RATIO * size
    if len(parts) > MAX_PARTS or declared > MAX_UNPACKED or is_large:
        raise DomainError("evidence_bomb", field="upload", name=name)


def _check_package(facts: FileFacts, kind: Kind) -> None:
    if facts.parts is None:
        raise _refusal("evidence_damaged", facts)
    check_declared(facts.parts, size=facts.size, name=facts.name)
    if any(part.is_encrypted for part in facts.parts):
        raise _refusal("evidence_encrypted", facts)
    if not facts.is_sound:
        raise _refusal("evidence_damaged", facts)
    names = {part.name.lower() for part in facts.parts}
    if any(name.endswith("vbaproject.bin") for name in names):
        raise _refusal("evidence_macros", facts)
    tops = {name.partition("/")[0] for name in names if "/" in name}
    if "[content_types].xml" not in names or tops.isdisjoint(kind.inside):
        raise _refusal("evidence_disguised", facts)


def _check_streams(facts: FileFacts, kind: Kind) -> None:
    if facts.streams & MACRO_STREAMS:
        raise _refusal("evidence_macros", facts)
    if facts.streams.isdisjoint(kind.inside):
        raise _refusal("evidence_disguised", facts)


def _refusal(code: str, facts: FileFacts, **params: object) -> DomainError:
    return DomainError(code, field="upload", name=facts.name or "?", **params)
