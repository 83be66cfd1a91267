"""Small files for tests of evidence: real enough for their signatures, and the disguises that must be refused."""

import io
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile

OLE_HEAD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def pdf(text: str = "") -> bytes:
    """A PDF of one page; the text makes its content another one."""
    return b"%PDF-1.4\n1 0 obj <</Type /Catalog>> endobj\n% " + text.encode() + b"\ntrailer <</Root 1 0 R>>\n%%EOF\n"


def png() -> bytes:
    return bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000002000001e221bc33"
        "0000000049454e44ae426082"
    )


def jpeg() -> bytes:
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00" + b"\x00" * 40 + b"\xff\xd9"


def webp() -> bytes:
    return b"RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f" + b"\x00" * 12


def package(*names: str, filling: bytes = b"<x/>") -> bytes:
    """A zip with these parts."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target:
        for name in names:
            target.writestr(name, filling)
    return written.getvalue()


def docx(*more: str, filling: bytes = b"<x/>") -> bytes:
    return package("[Content_Types].xml", "_rels/.rels", "word/document.xml", *more, filling=filling)


def ole(*streams: str) -> bytes:
    """A compound file whose directory names these streams."""
    entries = b"".join(name.encode("utf-16-le").ljust(128, b"\x00") for name in ("Root Entry", *streams))
    return OLE_HEAD.ljust(512, b"\x00") + entries + b"\x00" * 512


def locked_zip() -> bytes:
    """A docx whose parts say that they are encrypted."""
    data = bytearray(docx())
    for sign, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(sign)
        while place >= 0:
            data[place + offset] |= 1
            place = data.find(sign, place + 1)
    return bytes(data)


def upload(name: str = "回执.pdf", data: bytes | None = None) -> SimpleUploadedFile:
    """A file as a form receives it."""
    return SimpleUploadedFile(name, pdf() if data is None else data)
