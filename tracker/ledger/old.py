"""Judges a workbook of an old Excel (.xls) before it is opened: password, macros, how far its cells reach.

Knows as much of the container and of the records as the judgement needs; the cells are read elsewhere.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from projects.errors import DomainError
from tracker.ledger.guard import ENCRYPTED_PART, MAX_COLUMNS
from tracker.rules.ledger import HEADER_SEARCH, MAX_ROWS

FREE = 0xFFFFFFFA  # sector numbers from here on are marks
CELLS = frozenset(
    {
        0x0006,
        0x0201,
        0x0203,
        0x0204,
        0x0205,
        0x00FD,
        0x027E,
        0x00D6,
        0x00BD,
        0x00BE,
        0x0406,
        0x0001,
        0x0002,
        0x0003,
        0x0004,
    }
)
ENCRYPTED = 0x002F
SHARED_CELL, STRINGS, CONTINUED = 0x00FD, 0x00FC, 0x003C
MOST_SIGNS = 32 * 2**20  # that the cells may repeat


@dataclass(slots=True, kw_only=True)
class Judged:
    """What the container carries besides its cells."""

    has_macros: bool = False


def check(data: bytes) -> Judged:
    """Raise DomainError unless the bytes are an old workbook that is safe to open."""
    if ENCRYPTED_PART in data:
        raise DomainError("ledger_encrypted", field="import_file")
    try:
        streams = _streams(data)
        stream = streams.get("Workbook") or streams.get("Book")
    except (struct.error, IndexError, ValueError, UnicodeDecodeError):
        raise DomainError("ledger_damaged", field="import_file") from None
    if stream is None:
        code = "ledger_not_a_workbook" if "Root Entry" in streams else "ledger_damaged"
        raise DomainError(code, field="import_file")
    _check_records(stream)
    return Judged(has_macros=any(name.startswith("_VBA_PROJECT") for name in streams))


def _streams(data: bytes) -> dict[str, bytes]:
    """The container's large streams by name; small ones are empty."""
    shift = struct.unpack_from("<H", data, 30)[0]
    if not 7 <= shift <= 12:
        raise ValueError(shift)
    size = 1 << shift
    table = _table(data, size)
    directory = _chain(data, table, struct.unpack_from("<I", data, 48)[0], size)
    least = struct.unpack_from("<I", data, 56)[0]
    found = {}
    for start in range(0, len(directory) - 127, 128):
        length = struct.unpack_from("<H", directory, start + 64)[0]
        name = directory[start : start + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
        first, stream_size = struct.unpack_from("<II", directory, start + 116)
        is_large = directory[start + 66] == 2 and stream_size >= least
        found[name] = _chain(data, table, first, size)[:stream_size] if is_large else b""
    return found


def _table(data: bytes, size: int) -> list[int]:
    """The allocation table: which sector follows which."""
    sectors = list(struct.unpack_from("<109I", data, 76))
    following, count = struct.unpack_from("<II", data, 68)
    for _ in range(min(count, len(data) // size + 1)):
        if following >= FREE:
            break
        more = struct.unpack_from(f"<{size // 4}I", data, (following + 1) * size)
        sectors += more[:-1]
        following = more[-1]
    table: list[int] = []
    for sector in sectors:
        if sector < FREE and (sector + 2) * size <= len(data) + size:
            body = data[(sector + 1) * size : (sector + 2) * size]
            table += struct.unpack(f"<{len(body) // 4}I", body[: len(body) // 4 * 4])
    return table


def _chain(data: bytes, table: list[int], first: int, size: int) -> bytes:
    pieces, sector = [], first
    for _ in range(len(data) // size + 1):
        if sector >= FREE or sector >= len(table):
            break
        pieces.append(data[(sector + 1) * size : (sector + 2) * size])
        sector = table[sector]
    return b"".join(pieces)


def _records(stream: bytes) -> Iterator[tuple[int, int, int]]:
    """Kind, start and length of each record."""
    place = 0
    while place + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, place)
        yield kind, place + 4, length
        place += 4 + length


def _check_records(stream: bytes) -> None:
    """No password, no cell beyond what a ledger has, no text that is repeated without end."""
    uses: dict[int, int] = {}
    strings: list[tuple[int, int]] = []
    is_in_strings = False
    for kind, start, length in _records(stream):
        if kind == ENCRYPTED:
            raise DomainError("ledger_encrypted", field="import_file")
        is_in_strings = kind == STRINGS or (is_in_strings and kind == CONTINUED)
        if is_in_strings:
            strings.append((start, length))
        if kind not in CELLS or length < 4 or start + 10 > len(stream):
            continue
        row, column = struct.unpack_from("<HH", stream, start)
        if row > MAX_ROWS + HEADER_SEARCH:
            raise DomainError("ledger_too_many_rows", field="import_file", most=MAX_ROWS)
        if column >= MAX_COLUMNS:
            raise DomainError("ledger_too_wide", field="import_file", most=MAX_COLUMNS)
        if kind == SHARED_CELL:
            index = struct.unpack_from("<I", stream, start + 6)[0]
            uses[index] = uses.get(index, 0) + 1
    try:
        lengths = list(_lengths(stream, strings))
    except (struct.error, IndexError):
        raise DomainError("ledger_damaged", field="import_file") from None
    if sum(count * lengths[index] for index, count in uses.items() if index < len(lengths)) > MOST_SIGNS:
        raise DomainError("ledger_bomb", field="import_file")


def _lengths(stream: bytes, parts: list[tuple[int, int]]) -> Iterator[int]:
    """How long the shared texts are, in signs. A text may go on in the next record, which begins with its flags."""
    if not parts:
        return
    number, (place, length) = 0, parts[0]
    end, place = place + length, place + 8
    for _ in range(struct.unpack_from("<I", stream, place - 4)[0]):
        if place >= end:
            number += 1
            place, end = _bounds(parts, number)
        signs, flags = struct.unpack_from("<HB", stream, place)
        place += 3
        runs = struct.unpack_from("<H", stream, place)[0] if flags & 8 else 0
        place += 2 if flags & 8 else 0
        more = struct.unpack_from("<I", stream, place)[0] if flags & 4 else 0
        place += 4 if flags & 4 else 0
        yield signs
        left = signs
        while left > (end - place) // (1 + (flags & 1)):
            left -= max(0, end - place) // (1 + (flags & 1))
            number += 1
            place, end = _bounds(parts, number)
            flags, place = stream[place], place + 1
        place, left = place + left * (1 + (flags & 1)), runs * 4 + more
        while left > end - place:
            left -= end - place
            number += 1
            place, end = _bounds(parts, number)
        place += left


def _bounds(parts: list[tuple[int, int]], number: int) -> tuple[int, int]:
    place, length = parts[number]
    return place, place + length
