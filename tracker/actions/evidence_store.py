"""Where evidence lies: outside the web root, under its own SHA-256. The same content lies there once.

Nothing here knows the database. Whoever may read a file is decided before it is opened (`policies`).
"""

import hashlib
import logging
import os
import re
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.core.files import File

from projects.errors import DomainError
from tracker.actions import evidence_inspection

logger = logging.getLogger(__name__)
DIGEST = re.compile(r"[0-9a-f]{64}")
CHUNK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A file that was judged and lies in the store. `name` is shown, never a path."""

    name: str
    size: int
    media_type: str
    sha256: str


class Lost(Exception):
    """A kept file is missing, or is not what it was: somebody must look into the store."""


def keep(upload: "File[Any]") -> Kept:
    """Judge an upload and put its bytes into the store. Call it before the transaction that records it.

    Raises:
        DomainError: the file is none that is taken, or the store cannot be written to.
    """
    name, kind = evidence_inspection.judge(upload)
    try:
        sha256, size = _write(upload, most_bytes=evidence_inspection.most_bytes())
    except OSError:
        logger.exception("evidence not stored")
        raise DomainError("evidence_not_stored", field="upload", name=name) from None
    if size != upload.size:
        raise DomainError("evidence_damaged", field="upload", name=name)
    return Kept(name=name, size=size, media_type=kind.media_type, sha256=sha256)


def opened(sha256: str) -> BinaryIO:
    """The kept bytes, checked against their digest and rewound. Raises Lost; the caller closes the file."""
    try:
        handle = _place(sha256).open("rb")
    except OSError as error:
        raise Lost("missing") from error
    try:
        digest = hashlib.file_digest(handle, "sha256").hexdigest()
        handle.seek(0)
    except OSError as error:
        handle.close()
        raise Lost("unreadable") from error
    if digest != sha256:
        handle.close()
        raise Lost("changed")
    return handle


def stored() -> Iterator[str]:
    """The digests under which something lies, in no order."""
    root = Path(settings.EVIDENCE_DIR)
    for place in root.glob("[0-9a-f][0-9a-f]/*"):
        if DIGEST.fullmatch(place.name):
            yield place.name


def remove(sha256: str, *, unless_younger_than: timedelta) -> bool:
    """Take away what lies under this digest; False: it is younger, for its row may not be committed yet, or gone."""
    place = _place(sha256)
    try:
        if time.time() - place.stat().st_mtime < unless_younger_than.total_seconds():
            return False
        place.unlink()
    except FileNotFoundError:
        return False
    return True


def _place(sha256: str) -> Path:
    """Where the bytes with this digest lie. Raises ValueError for anything that is no digest."""
    if not DIGEST.fullmatch(sha256):
        raise ValueError("not a SHA-256 digest")
    return Path(settings.EVIDENCE_DIR) / sha256[:2] / sha256


def _write(upload: "File[Any]", *, most_bytes: int) -> tuple[str, int]:
    """Copy to a file of its own, then give it its name: a reader never meets half a file."""
    root = Path(settings.EVIDENCE_DIR)
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    number, written = tempfile.mkstemp(prefix=".incoming-", dir=root)  # readable by its owner only
    try:
        with os.fdopen(number, "wb") as target:
            digest, size = _copy(upload, target, most_bytes=most_bytes)
            target.flush()
            os.fsync(target.fileno())
        place = _place(digest)
        place.parent.mkdir(mode=0o700, exist_ok=True)
        Path(written).replace(place)  # over the same content, or over content that was damaged
        for folder in (place.parent, root):
            _sync(folder)
    finally:
        Path(written).unlink(missing_ok=True)
    return digest, size


def _copy(upload: "File[Any]", target: BinaryIO, *, most_bytes: int) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    upload.seek(0)
    while piece := upload.read(CHUNK):
        size += len(piece)
        if size > most_bytes:
            raise OSError("the upload is larger than it said")
        digest.update(piece)
        target.write(piece)
    return digest.hexdigest(), size


def _sync(folder: Path) -> None:
    """Make the new name durable too."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
