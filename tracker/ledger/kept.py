"""What was read of a file, kept between its preview and its entering, so that nobody reads it twice."""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import date
from functools import lru_cache
from operator import attrgetter
from sys import intern
from typing import Any

import orjson

from projects.errors import DomainError
from tracker.queries.imports import Source
from tracker.rules.ledger import LedgerRow

FIELDS = [one.name for one in fields(LedgerRow)]
DAYS = [FIELDS.index(name) for name in ("starts_on", "original_due_on", "due_on")]
NAMES = [FIELDS.index(name) for name in ("responsible", "supporting")]
GIVEN, MILESTONES = FIELDS.index("given"), FIELDS.index("milestones")
SHARED = ("sheet", "kind", "clause", "lead", "due_text", "initiative", "stage", "health", "plan")
OFTEN = [FIELDS.index(name) for name in SHARED]  # texts that many rows have in common are held once
PIECE = 16_384  # packed bytes that are unpacked at once
values = attrgetter(*FIELDS)


def pack(source: Source, faults: Sequence[DomainError]) -> bytes:
    """The rows, what stands beside them, and the faults of those that could not be read: a line each, compressed."""
    head = {"fields": FIELDS, "is_own": source.is_own, "faults": [fault.to_json() for fault in faults]}
    packer = zlib.compressobj(1)
    parts = [packer.compress(orjson.dumps(head))]
    for row, beside in zip(source.rows, source.beside, strict=True):
        parts.append(packer.compress(b"\n%b\n%b" % (orjson.dumps(values(row), default=sorted), beside)))
    return b"".join([*parts, packer.flush()])


def unpack(packed: bytes) -> tuple[Source, list[DomainError]] | None:
    """What `pack` was given; None where it was packed by a version of the site with other fields."""
    lines = _lines(packed)
    head = orjson.loads(next(lines))
    if head["fields"] != FIELDS:
        return None
    rows, beside = [], []
    for line in lines:
        rows.append(_row(orjson.loads(line)))
        beside.append(next(lines))
    return Source(rows=rows, beside=beside, is_own=head["is_own"]), [*map(DomainError.from_json, head["faults"])]


def _lines(packed: bytes) -> Iterator[bytes]:
    unpacker, rest = zlib.decompressobj(), b""
    for start in range(0, len(packed), PIECE):
        *whole, rest = (rest + unpacker.decompress(packed[start : start + PIECE])).split(b"\n")
        yield from whole
    yield rest


def _row(said: list[Any]) -> LedgerRow:
    for place in DAYS:
        said[place] = _day(said[place])
    for place in NAMES:
        said[place] = tuple(map(intern, said[place]))
    for place in OFTEN:
        said[place] = intern(said[place])
    said[GIVEN] = _given(tuple(said[GIVEN]))
    said[MILESTONES] = tuple((name, _day(day)) for name, day in said[MILESTONES])
    return LedgerRow(**dict(zip(FIELDS, said, strict=True)))


@lru_cache(maxsize=4096)
def _day(said: str | None) -> date | str | None:
    """A day, or the words that a column holds instead which is only compared."""
    try:
        return date.fromisoformat(said) if said else None
    except ValueError:
        return said


@lru_cache(maxsize=4096)
def _given(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(names)
