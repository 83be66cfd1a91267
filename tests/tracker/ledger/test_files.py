"""Files in and out: what is written reads back, and every hostile file gets one sentence."""

import io
import struct
import zipfile
from dataclasses import replace
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projects.errors import DomainError
from tests.tracker.ledger.books import read_csv, read_xlsx
from tracker.ledger import guard, writer
from tracker.rules import ledger, ledger_cells
from tracker.rules.ledger import LedgerRow

ROW = LedgerRow(
    number=2, code="C-1", title="=HYPERLINK(1)", kind="target", summary="第一行\n第二行", lead="市科技局",
    responsible=("市经信局", "各县（市、区）"), starts_on=date(2024, 1, 1), original_due_on=date(2026, 6, 30),
    due_on=date(2026, 12, 31), stage="in_progress", health="off_track", progress="40.5", plan="P1", revision="12",
)  # fmt: skip


def zipped(**parts):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return stream.getvalue()


def with_sheet(xml):
    """A real workbook whose sheet's XML is replaced."""
    source, stream = zipfile.ZipFile(io.BytesIO(writer.workbook([ROW]))), io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            archive.writestr(name, xml if name == "xl/worksheets/sheet1.xml" else source.read(name))
    return stream.getvalue()


def sheet_of(cells):
    return (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        f"{cells}</sheetData></worksheet>"
    )


def understated(data):
    """The same archive, whose parts claim to be tiny."""
    position = 0
    while (position := data.find(b"PK\x01\x02", position)) >= 0:
        data = data[: position + 24] + struct.pack("<I", 10) + data[position + 28 :]
        position += 46
    return data


def test_a_row_survives_the_way_through_excel_and_through_csv():
    assert read_xlsx(writer.workbook([ROW])).rows == (ROW,)
    assert read_csv(writer.text([ROW])).rows == (ROW,)


def test_as_many_rows_as_we_read_fit_into_a_sheet_of_ours_that_the_guard_lets_through():
    """With all columns, and 160 signs of texts that no other row has."""
    row = replace(ROW, supporting=("市财政局",), due_text="年底前", milestones=(("开工", date(2026, 3, 1)),))
    count = 2000
    data = writer.workbook(
        replace(row, code=f"NC-{number:05d}", title=f"{number:04d}" + "题" * 30, summary=f"{number:04d}" + "标" * 122)
        for number in range(count)
    )
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        size = sum(part.file_size for part in parts.infolist())
    assert size * ledger.MAX_ROWS / count < guard.MAX_UNPACKED


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(codec="utf-8"), max_size=30))
def test_any_text_survives_both_ways(text):
    row = LedgerRow(number=2, code="C-1", title=text, kind="target", summary=f"x{text}")
    tidy = (ledger.tidy(row.title), ledger.tidy(row.summary))
    for read in (read_xlsx(writer.workbook([row])), read_csv(writer.text([row]))):
        assert (read.rows[0].title, read.rows[0].summary) == tidy


def test_the_workbook_has_real_dates_runs_no_formula_and_prints_well():
    sheet = openpyxl.load_workbook(io.BytesIO(writer.workbook([ROW]))).active
    assert sheet is not None
    headings = [cell.value for cell in sheet[1]]
    due = sheet.cell(2, headings.index("现定期限") + 1)
    title = sheet.cell(2, headings.index("事项") + 1)
    assert headings == ledger_cells.headings()
    assert (due.value, due.number_format) == (datetime(2026, 12, 31), "yyyy-mm-dd")
    assert (title.data_type, title.value) == ("s", "'=HYPERLINK(1)")
    assert sheet.freeze_panes == "C2"
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.cell(2, headings.index("进度%") + 1).value == 40.5


def test_csv_may_be_gb18030_and_separated_by_semicolons():
    assert read_csv("编号;事项\nC-1;建成实验室\n".encode("gb18030")).rows[0].title == "建成实验室"


def test_other_sheets_are_named_as_not_read():
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["编号", "事项"])
    book.active.append(["C-1", "题"])
    book.create_sheet("说明")
    stream = io.BytesIO()
    book.save(stream)
    [remark] = read_xlsx(stream.getvalue()).remarks
    assert (remark.code, remark.params["sheets"]) == ("ledger_sheet_unread", "说明")


GOOD = writer.workbook([ROW])
FAR = sheet_of('<row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>1</v></c></row>')
DEEP = sheet_of('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>1</v></c></row>')
LOOSE = sheet_of("<row>" + "<c><v>1</v></c>" * 16384 + "</row>" + "<row><c><v>1</v></c></row>" * 1000)
LONG = "\n".join(["编号,事项", *(f"C-{number},题" for number in range(60_020))]).encode()
BOMB = zipped(**{"xl__workbook.xml": b"<a>" + b" " * 90_000_000})


@pytest.mark.parametrize(
    ("read", "data", "code"),
    [
        (read_xlsx, b"", "ledger_empty_file"),
        (read_csv, b"", "ledger_empty_file"),
        (read_xlsx, b"<html><table></table></html>", "ledger_web_page"),
        (read_xlsx, b"just text", "ledger_not_a_workbook"),
        (read_xlsx, zipped(**{"readme.txt": "hello"}), "ledger_not_a_workbook"),
        (read_xlsx, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "ledger_damaged"),
        (
            read_xlsx,
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "ledger_encrypted",
        ),
        (read_xlsx, GOOD[: len(GOOD) // 2], "ledger_damaged"),
        (read_xlsx, GOOD[:-30], "ledger_damaged"),
        (read_xlsx, GOOD[:200] + b"\x00" * 400 + GOOD[600:], "ledger_damaged"),
        (read_xlsx, zipped(**{"xl__workbook.xml": "<broken"}), "ledger_damaged"),
        (read_xlsx, with_sheet("<worksheet><sheetData><row"), "ledger_damaged"),
        (read_xlsx, with_sheet(LOOSE), "ledger_damaged"),
        (read_xlsx, b"PK\x03\x04" + b"\0" * (11 * 2**20), "ledger_too_large"),
        (read_xlsx, BOMB, "ledger_bomb"),
        (read_xlsx, understated(BOMB), "ledger_bomb"),
        (read_xlsx, with_sheet(FAR), "ledger_too_wide"),
        (read_xlsx, with_sheet(DEEP), "ledger_too_many_rows"),
        (read_csv, LONG, "ledger_too_many_rows"),
        (read_xlsx, writer.workbook([]), "ledger_no_rows"),
        (read_csv, writer.text([]), "ledger_no_rows"),
        (read_csv, b"\xff\xfe\x00\x01\x80", "ledger_not_text"),
        (read_csv, b"<html></html>", "ledger_web_page"),
    ],
)
def test_a_hostile_file_gets_one_sentence(read, data, code):
    with pytest.raises(DomainError) as refused:
        read(data)
    assert refused.value.code == code
    assert str(refused.value).endswith((".", "。"))


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(GOOD) - 1), st.binary(min_size=1, max_size=40))
def test_a_mutated_workbook_is_read_or_refused_and_never_breaks(place, noise):
    try:
        read_xlsx(GOOD[:place] + noise + GOOD[place + len(noise) :])
    except DomainError as refused:
        assert str(refused)  # noqa: PT017  # either way is right
