"""Judges an uploaded workbook before it is opened: what it is, how large it would become, where its cells lie."""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator

from projects.errors import DomainError
from tracker.rules.ledger import MAX_ROWS

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # old Excel, and every workbook with a password
ENCRYPTED_PART = "EncryptedPackage".encode("utf-16-le")

END = b"PK\x05\x06"  # of an archive's directory; with two of them, two readers may see two archives
LONGEST_END = 22 + 0xFFFF
OTHER_KINDS = frozenset({"xl/workbook.bin", "content.xml", "mimetype"})  # xlsb and ods, whose cells are not judged

MAX_UNPACKED = 80 * 1024 * 1024
MAX_RATIO = 200  # a ledger unpacks to 5 to 20 times its size
MAX_PARTS = 1000
MAX_COLUMNS = 100  # A to CV
CHUNK = 1 << 18
DEFINITIONS = (b"<!DOCTYPE", b"<!ENTITY", b"<!doctype")
WIDE_XML = (b"\xff\xfe<\x00", b"\xfe\xff\x00<", b"<\x00?\x00", b"\x00<\x00?")  # UTF-16: no Excel writes it

# The reader lays out every cell between the first and the last, so one stray cell far away would fill the memory.
CELL = rb"<(?:[\w.-]+:)?c(?=[\s/>])"
UNPLACED = re.compile(CELL + rb"(?!\s+r\s*=\s*[\"'])")
TOO_WIDE = re.compile(CELL + rb"\s+r\s*=\s*[\"'](?:[A-Za-z]{3,}|[D-Zd-z][A-Za-z]|[Cc][W-Zw-z])\d")
BEYOND_60019 = rb"(?:\d{6}|[7-9]\d{4}|6[1-9]\d{3}|60[1-9]\d\d|600[2-9]\d)"
TOO_LONG = re.compile(CELL + rb"\s+r\s*=\s*[\"'][A-Za-z]+" + BEYOND_60019)


def check_workbook(data: bytes) -> None:
    """Raise DomainError unless these bytes, which begin like an archive, are an xlsx workbook that is safe to open."""
    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, struct.error):
        raise DomainError("ledger_damaged", field="import_file") from None
    _check_names(data, parts)
    _check_parts(data, parts)


def _check_names(data: bytes, parts: list[zipfile.ZipInfo]) -> None:
    """One archive with one xlsx in it: what another reader would take for another kind is not judged here."""
    names = [part.filename.replace("\\", "/").lstrip("/").lower() for part in parts]
    if not any(name.startswith("xl/") for name in names) or OTHER_KINDS.intersection(names):
        raise DomainError("ledger_not_a_workbook", field="import_file")
    if len(set(names)) < len(names) or data[-LONGEST_END:].count(END) != 1:
        raise DomainError("ledger_damaged", field="import_file")


def _check_parts(data: bytes, parts: list[zipfile.ZipInfo]) -> None:
    """First what the parts say about their size, then what they really unpack to, piece by piece."""
    declared = sum(part.file_size for part in parts)
    if len(parts) > MAX_PARTS or declared > MAX_UNPACKED or declared > MAX_RATIO * max(len(data), CHUNK):
        raise DomainError("ledger_bomb", field="import_file")
    if any(part.flag_bits & 1 for part in parts):
        raise DomainError("ledger_encrypted", field="import_file")
    left = MAX_UNPACKED
    for part in parts:
        carried, is_xml = b"", None
        for piece in _unpacked(data, part):
            left -= len(piece)
            if left < 0:
                raise DomainError("ledger_bomb", field="import_file")
            if is_xml is None:
                if piece.startswith(WIDE_XML):
                    raise DomainError("ledger_damaged", field="import_file")
                is_xml = piece.lstrip(b"\xef\xbb\xbf\r\n\t ").startswith(b"<")
            if is_xml:
                _check_definitions(carried + piece)
                carried = _check_cells(carried + piece)


def _unpacked(data: bytes, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """A part in pieces of at most `CHUNK`; its declared size is not believed."""
    start = part.header_offset
    if data[start : start + 4] != ZIP or part.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise DomainError("ledger_damaged", field="import_file")
    name_length, extra_length = struct.unpack_from("<HH", data, start + 26)
    body = memoryview(data)[start + 30 + name_length + extra_length :][: part.compress_size]
    if part.compress_type == zipfile.ZIP_STORED:
        yield bytes(body)
        return
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    rest: bytes | memoryview = body
    try:
        while piece := unpacker.decompress(rest, CHUNK):
            yield piece
            rest = unpacker.unconsumed_tail
    except zlib.error:
        raise DomainError("ledger_damaged", field="import_file") from None
    if not unpacker.eof:
        raise DomainError("ledger_damaged", field="import_file")


def _check_definitions(xml: bytes) -> None:
    """No ledger defines entities: they are the other way to become very large."""
    if any(words in xml for words in DEFINITIONS):
        raise DomainError("ledger_entities", field="import_file")


def _check_cells(xml: bytes) -> bytes:
    """Check the complete tags; returns the beginning of the one that is not complete yet."""
    last = xml.rfind(b"<")
    whole = xml if last < 0 or b">" in xml[last:] else xml[:last]
    if UNPLACED.search(whole) or len(xml) - len(whole) > CHUNK:
        raise DomainError("ledger_damaged", field="import_file")
    if TOO_WIDE.search(whole):
        raise DomainError("ledger_too_wide", field="import_file", most=MAX_COLUMNS)
    if TOO_LONG.search(whole):
        raise DomainError("ledger_too_many_rows", field="import_file", most=MAX_ROWS)
    return xml[len(whole) :]
