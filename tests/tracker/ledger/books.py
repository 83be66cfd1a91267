"""Workbooks for tests, written byte by byte where no library writes them: xlsx, old xls, and damaged ones."""

import io
import struct
import zipfile

import xlsxwriter

from tracker.ledger import reader

HEAD = ["序号", "重点任务", "牵头单位", "完成时限"]
ROWS = [[1, "建设实验室", "市科技局", "6月底前"], [2, "引进人才", "市委组织部", "长期坚持"]]


def xlsx(rows=ROWS, *, head=HEAD, title="2026年重点任务台账", fill=None):
    """A small ledger; `fill(book, sheet)` adds what is special."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("台账")
        sheet.write(0, 0, title)
        for number, row in enumerate([head, *rows], start=1):
            sheet.write_row(number, 0, row)
        if fill:
            fill(book, sheet)
    return stream.getvalue()


def changed(data, **parts):
    """The workbook with parts replaced or added: a function of the old bytes, or bytes. "__" stands for "/"."""
    news = {name.replace("__", "/"): part for name, part in parts.items()}
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = news.pop(name, None)
            body = old.read(name)
            new.writestr(name, body if part is None else part(body) if callable(part) else part)
        for name, part in news.items():
            new.writestr(name, part)
    return stream.getvalue()


def record(kind, body):
    return struct.pack("<HH", kind, len(body)) + body


def xls(rows=ROWS, *, head=HEAD, title="2026年重点任务台账", extra=b""):
    """An old workbook (BIFF8) of one sheet in its container."""
    cells = b""
    for number, row in enumerate([[title], head, *rows]):
        for column, cell in enumerate(row):
            place = struct.pack("<HHH", number, column, 0)
            if isinstance(cell, str):
                text = cell.encode("utf-16-le")
                cells += record(0x0204, place + struct.pack("<HB", len(cell), 1) + text)
            else:
                cells += record(0x0203, place + struct.pack("<d", cell))
    begin = record(0x0809, struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 0))
    name = "台账".encode("utf-16-le")
    first = len(begin) + 4 + 8 + len(name) + 4
    described = record(0x0085, struct.pack("<IHBB", first, 0, 2, 1) + name)
    sheet = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x10, 0, 0, 0, 0)) + cells + extra + record(0x000A, b"")
    return container(begin + described + record(0x000A, b"") + sheet)


def container(stream: bytes, name: str = "Workbook") -> bytes:
    """One stream in an OLE container."""
    size = 512
    stream += b"\0" * (max(4096, -(-len(stream) // size) * size) - len(stream))
    count = len(stream) // size
    table = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, count + 2), 0xFFFFFFFE]
    assert len(table) <= size // 4
    table += [0xFFFFFFFF] * (size // 4 - len(table))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0) + struct.pack("<I", 0)
    header = header.ljust(size, b"\xff")

    def entry(title: str, kind: int, first: int, length: int, child: int = 0xFFFFFFFF) -> bytes:
        text = title.encode("utf-16-le") + b"\0\0"
        body = text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text), kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
        return body + b"\0" * 36 + struct.pack("<IQ", first, length)

    entries = entry("Root Entry", 5, 0xFFFFFFFE, 0, 1) + entry(name, 2, 2, len(stream))
    return header + struct.pack(f"<{size // 4}I", *table) + entries.ljust(size, b"\0") + stream


def read_xlsx(data):
    """What the site reads from a workbook of its own."""
    return reader.of_file(data, name="台账.xlsx")


def read_csv(data):
    """The same from CSV."""
    return reader.of_file(data, name="台账.csv")
