"""Files that mean harm or were saved wrong: (name, bytes, the code of the sentence or "read"), made when asked for."""

# ruff: noqa: E501 -- a table, one case a line

import io
import random
import re
import struct
import warnings
import zipfile

from tests.tracker.ledger import books
from tests.tracker.ledger.mutants import with_cells, zipped

MEGABYTE = 2**20
SHEET, STRINGS, BOOK = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"
LAUGHS = (
    b"<!DOCTYPE x ["
    + b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10 if n else b"ha") for n in range(10))
    + b"]>"
)
TABLE = '<row r="1"><c r="A1" t="inlineStr"><is><t>序号</t></is></c><c r="B1" t="inlineStr"><is><t>重点任务</t></is></c><c r="C1" t="inlineStr"><is><t>牵头单位</t></is></c></row><row r="2"><c r="A2"><v>1</v></c><c r="B2" t="inlineStr"><is><t>建设实验室</t></is></c><c r="C2" t="inlineStr"><is><t>市科技局</t></is></c></row>'
TEXT = "序号,重点任务,牵头单位\n1,建设实验室,市科技局\n"


def sheet(cells="", **more):
    """A workbook of a sound table with raw XML behind it."""
    return zipped(with_cells(TABLE + cells, **more))


def parts(**news):
    return zipped({**with_cells(TABLE), **news})


def replaced(**changes):
    return books.changed(books.xlsx(), **changes)


def long(count, columns=4):
    """So many rows below the header."""
    cells = "".join(f'<c r="{chr(65 + column)}%d"><v>7</v></c>' for column in range(columns - 1))
    title = f'<c r="{chr(64 + columns)}%d" t="s"><v>0</v></c>'
    line = f'<row r="%d">{cells}{title}</row>'
    head = "".join(
        f'<c r="{chr(65 + n)}1" t="inlineStr"><is><t>{word}</t></is></c>'
        for n, word in enumerate(["序号", "完成率", "总投资(亿元)", "重点任务"])
    )
    rows = "".join(line % ((number,) * (columns + 1)) for number in range(2, count + 2))
    return zipped(with_cells(f'<row r="1">{head}</row>{rows}', strings="<si><t>建设一座平台</t></si>"))


def archive(fill):
    stream = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        warnings.simplefilter("ignore")
        fill(new)
    return stream.getvalue()


def overlapping():
    """Every part of the directory points at one and the same body of 4 MB: the declared sizes lie."""
    body = bytearray(
        archive(
            lambda new: [
                new.writestr(SHEET if not n else f"xl/{n:03d}.xml", b" " * 4 * MEGABYTE if not n else b" ")
                for n in range(60)
            ]
        )
    )
    place = body.find(b"PK\x01\x02")
    packed = body[place + 20 : place + 24]
    while (place := body.find(b"PK\x01\x02", place)) >= 0:
        body[place + 20 : place + 24], body[place + 42 : place + 46] = packed, b"\0\0\0\0"
        place += 4
    return bytes(body)


def encrypted():
    body = bytearray(books.xlsx())
    for sign, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := body.find(sign, at + 1)) >= 0:
            body[at + place] |= 1
    return bytes(body)


def zip64():
    """The directory says that a part has 2^60 bytes."""
    body = books.xlsx()
    at = body.find(b"PK\x01\x02")
    name, extra = struct.unpack_from("<HH", body, at + 28)
    lie = struct.pack("<HHQ", 1, 8, 2**60)
    end = at + 46 + name
    lied = (
        body[: at + 24]
        + b"\xff" * 4
        + body[at + 28 : at + 30]
        + struct.pack("<H", extra + len(lie))
        + body[at + 32 : end]
        + lie
        + body[end:]
    )
    last = lied.rfind(b"PK\x05\x06")
    size = struct.unpack_from("<I", lied, last + 12)[0]
    return lied[: last + 12] + struct.pack("<I", size + len(lie)) + lied[last + 16 :]


def link(new):
    for name, body in with_cells(TABLE).items():
        new.writestr(name, body)
    info = zipfile.ZipInfo("xl/media/x")
    info.external_attr = 0o120777 << 16
    new.writestr(info, "/etc/passwd")


def doubled(new):
    for name, body in [*with_cells(TABLE).items(), (SHEET, with_cells("")[SHEET])]:
        new.writestr(name, body)


def again():
    """One sheet of 4 MB that five hundred names point at."""
    names = "".join(f'<sheet name="s{n}" sheetId="{n}" r:id="rId1"/>' for n in range(1, 500))
    return parts(
        **{
            SHEET: with_cells(TABLE + "<!-- -->" * 300_000)[SHEET],
            BOOK: re.sub(rb"<sheet .*/>", names.encode(), with_cells("")[BOOK]),
        }
    )


def hidden(count):
    def fill(book, _sheet):
        for number in range(count):
            book.add_worksheet(f"h{number}").hide()

    return books.xlsx(fill=fill)


def strict():
    """Strict Open XML: other namespaces for the same parts."""
    return zipped(
        {
            name: body.replace(
                b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
                b"http://purl.oclc.org/ooxml/spreadsheetml/main",
            ).replace(
                b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
                b"http://purl.oclc.org/ooxml/officeDocument/relationships",
            )
            for name, body in with_cells(TABLE).items()
        }
    )


def texts(count):
    """Very many shared texts that no cell shows: 50 MB of XML."""
    chance = random.Random(1)
    return sheet(strings="".join(f"<si><t>{chance.getrandbits(64):x}{'长' * 70}</t></si>" for _ in range(count)))


def ods(columns):
    cells = f'<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"><office:body><office:spreadsheet><table:table table:name="a"><table:table-row table:number-rows-repeated="1000000"><table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="{columns}"/></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>'
    return {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": cells.encode()}


FAR = "%s<row r='%d'><c r='%s%d'><v>1</v></c></row>"
CASES = {
    # Bombs
    "one part of 79 MB": ("a.xlsx", lambda: parts(**{SHEET: b" " * 79 * MEGABYTE}), "ledger_bomb"),
    "one part of 90 MB": ("a.xlsx", lambda: parts(**{SHEET: b" " * 90 * MEGABYTE}), "ledger_bomb"),
    "a part that understates itself": ("a.xlsx", lambda: _understated(90), "ledger_bomb"),
    "a thousand and one parts": ("a.xlsx", lambda: parts(**{f"xl/{n}.xml": b"<x/>" for n in range(1001)}), "ledger_bomb"),
    "parts that lie over each other": ("a.xlsx", overlapping, "ledger_bomb"),
    "an archive in an archive": ("a.xlsx", lambda: parts(**{"xl/embeddings/a.zip": parts(**{"b.zip": b" " * 9 * MEGABYTE})}), "read"),
    "one long text in very many cells": ("a.xlsx", lambda: sheet("".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(3, 9000)), strings=f"<si><t>{'长' * 30000}</t></si>"), "ledger_bomb"),
    "one part under five hundred names": ("a.xlsx", again, "ledger_bomb"),
    "50 MB of shared texts": ("a.xlsx", lambda: texts(200_000), "read"),
    "a dimension that covers everything": ("a.xlsx", lambda: sheet(ref="A1:XFD1048576"), "read"),
    "a cell at XFD1048576": ("a.xlsx", lambda: sheet(FAR % ("", 1048576, "XFD", 1048576)), "ledger_too_wide"),
    "a cell at A1048576": ("a.xlsx", lambda: sheet(FAR % ("", 1048576, "A", 1048576)), "ledger_too_many_rows"),
    "a cell at CV60009": ("a.xlsx", lambda: sheet(FAR % ("", 60009, "CV", 60009)), "ledger_stray_cells"),
    "cells that say no place": ("a.xlsx", lambda: sheet("<row>" + "<c><v>1</v></c>" * 16384 + "</row>"), "ledger_damaged"),
    "16 384 columns": ("a.xlsx", lambda: books.xlsx(fill=lambda _book, page: page.write_row(1, 0, range(16384))), "ledger_too_wide"),
    "60 001 rows": ("a.xlsx", lambda: long(60_020), "ledger_too_many_rows"),
    "60 000 rows": ("a.xlsx", lambda: long(60_000), "read"),
    "60 001 records": ("a.csv", lambda: b"1,2\n" * 60_020, "ledger_too_many_rows"),
    "one record of 9 MB": ("a.csv", lambda: TEXT.encode() + b"1," + b"x" * 9 * MEGABYTE, "ledger_not_text"),
    "a quote that stays open for 9 MB": ("a.csv", lambda: TEXT.encode() + b'1,"' + b"x\n" * 4 * MEGABYTE, "ledger_not_text"),
    "9 MB of commas": ("a.csv", lambda: b"," * 9 * MEGABYTE, "ledger_empty_file"),
    "9 MB of lines": ("a.csv", lambda: TEXT.encode() + b"1\n" * 4 * MEGABYTE, "ledger_too_many_rows"),
    "100 000 merges": ("a.xlsx", lambda: sheet(merges='<mergeCell ref="A2:B9"/>' * 100_000), "read"),
    "300 000 merges": ("a.xlsx", lambda: sheet(merges='<mergeCell ref="A2:B9"/>' * 300_000), "ledger_damaged"),
    # XML
    "a billion laughs": ("a.xlsx", lambda: replaced(**{STRINGS: lambda body: LAUGHS + body}), "ledger_entities"),
    "an external DTD": ("a.xlsx", lambda: replaced(**{BOOK: lambda body: b'<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd">' + body}), "ledger_entities"),
    "entities behind 300 KB of blanks": ("a.xlsx", lambda: replaced(**{SHEET: lambda body: b"<?xml version='1.0'?>" + b" " * (2**18 - 25) + LAUGHS + body}), "ledger_entities"),
    "entities in UTF-16": ("a.xlsx", lambda: replaced(**{STRINGS: lambda body: b"\xff\xfe" + ("<?xml version='1.0' encoding='UTF-16'?>" + LAUGHS.decode()).encode("utf-16-le")}), "ledger_damaged"),
    # Archives
    "a password": ("a.xlsx", lambda: books.container(b"x", "EncryptedPackage"), "ledger_encrypted"),
    "a password on the archive": ("a.xlsx", encrypted, "ledger_encrypted"),
    "cut in the middle": ("a.xlsx", lambda: books.xlsx()[:2500], "ledger_damaged"),
    "without its last bytes": ("a.xlsx", lambda: books.xlsx()[:-9], "ledger_damaged"),
    "a way out of the folder": ("a.xlsx", lambda: parts(**{"../../../etc/passwd": b"x"}), "read"),
    "a part that is a link": ("a.xlsx", lambda: archive(link), "read"),
    "a part that stands twice": ("a.xlsx", lambda: archive(doubled), "ledger_damaged"),
    "a part of 2^60 bytes": ("a.xlsx", zip64, "ledger_bomb"),
    "two archives in one": ("a.xlsx", lambda: books.xlsx() + parts(), "ledger_damaged"),
    "an archive without a workbook": ("a.xlsx", lambda: zipped({"a.txt": b"x"}), "ledger_not_a_workbook"),
    # Other kinds of file
    "xlsb": ("a.xlsb", lambda: zipped({"xl/workbook.bin": b"\x83\x01\0", "xl/worksheets/sheet1.bin": b"x"}), "ledger_not_a_workbook"),
    "xlsb in an xlsx": ("a.xlsx", lambda: parts(**{"XL\\Workbook.bin": b"x"}), "ledger_not_a_workbook"),
    "ods": ("a.ods", lambda: zipped(ods(9)), "ledger_not_a_workbook"),
    "an ods bomb in an xlsx": ("a.xlsx", lambda: zipped({**ods(16384), "xl/a": b"x"}), "ledger_not_a_workbook"),
    "xls called xlsx": ("a.xlsx", books.xls, "ledger_name_misleads"),
    "xlsx called xls": ("a.xls", books.xlsx, "read"),
    "xlsx called csv": ("a.csv", books.xlsx, "ledger_name_misleads"),
    "a web page called xls": ("a.xls", lambda: b"<html><table><tr><td>1", "ledger_web_page"),
    "MHTML called xls": ("a.xls", lambda: b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "ledger_web_page"),
    "Excel's XML of 2003": ("a.xls", lambda: b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>', "ledger_web_page"),
    "a picture called csv": ("a.csv", lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 900, "ledger_not_a_workbook"),
    "a PDF called xlsx": ("a.xlsx", lambda: b"%PDF-1.7\n%", "ledger_not_a_workbook"),
    "Word's old container": ("a.xls", lambda: books.container(b"x", "WordDocument"), "ledger_not_a_workbook"),
    "text called xlsx": ("a.xlsx", TEXT.encode, "ledger_not_a_workbook"),
    "strict Open XML": ("a.xlsx", strict, "read"),
    # Sound files with something that is never run
    "macros": ("a.xlsm", lambda: parts(**{"xl/vbaProject.bin": b"x"}), "read"),
    "links to other files": ("a.xlsx", lambda: parts(**{"xl/externalLinks/externalLink1.xml": b"<x/>"}), "read"),
    "DDE in a formula": ("a.xlsx", lambda: sheet("<row r='3'><c r='B3' t='str'><f>cmd|' /C calc'!A0</f><v>1</v></c><c r='C3'><v>2</v></c></row>"), "read"),
    "DDE in a text": ("a.csv", lambda: (TEXT + "2,=cmd|' /C calc'!A0,市科技局\n").encode(), "read"),
    "a hundred hidden sheets": ("a.xlsx", lambda: hidden(100), "read"),
    # Nothing in it, or not to be read
    "zero bytes": ("a.xlsx", bytes, "ledger_empty_file"),
    "only blanks": ("a.csv", lambda: b"\xef\xbb\xbf  \r\n , ;\r\n", "ledger_empty_file"),
    "only NULs": ("a.csv", lambda: b"\0" * 5000, "ledger_empty_file"),
    "only a header": ("a.xlsx", lambda: books.xlsx([]), "ledger_no_rows"),
    "no header": ("a.xlsx", lambda: books.xlsx(head=["a", "b", "c", "d"]), "ledger_no_table"),
    "UTF-16": ("a.csv", lambda: TEXT.encode("utf-16"), "read"),
    "UTF-16 without its mark": ("a.csv", lambda: TEXT.encode("utf-16-le"), "ledger_not_text"),
    "UTF-32": ("a.csv", lambda: TEXT.encode("utf-32"), "ledger_not_text"),
    "EBCDIC": ("a.csv", lambda: "Code,Title\n1,a\n".encode("cp037"), "ledger_not_text"),
    "Shift JIS": ("a.csv", lambda: "番号,タスク\n1,ア\n".encode("shift-jis"), "ledger_no_table"),
    "half a sign at the end": ("a.csv", lambda: TEXT.encode()[:-2], "ledger_not_text"),
    "more than 10 MB": ("a.xlsx", lambda: b"PK\x03\x04" + b"0" * 10 * MEGABYTE, "ledger_too_large"),
}  # fmt: skip


def _understated(megabytes):
    """The directory says that the part has 100 bytes."""
    body = bytearray(parts(**{SHEET: b" " * megabytes * MEGABYTE}))
    at = body.find(b"PK\x01\x02", body.rfind(SHEET.encode()) - 60)
    body[at + 24 : at + 28] = struct.pack("<I", 100)
    return bytes(body)
