"""The command `read_ledger` from file to JSON: what it opens, what it refuses, and that it survives whatever comes."""

# ruff: noqa: E501 -- tables of Chinese text, one case a line

import io
import json
import random
import re
import struct
import zipfile

import pytest
from django.core.management import call_command
from django.utils import translation

from projects.errors import DomainError
from tests.tracker.ledger import books
from tracker.ledger import workbook
from tracker.rules.ledger import MAX_ROWS
from tracker.rules.reading import ledger

TEXT = "2026年重点任务台账,,,\n序号,重点任务,牵头单位,完成时限\n1,治理㶽溪河,市水务局,6月底前\n2,,市财政局,年底前\n"
DOCTYPE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
FAR = struct.pack("<HHH", 0, 0, 0)


def run(tmp_path, name, content, **options):
    """The JSON, or the sentence on standard error when the file is refused."""
    file, out, error = tmp_path / name, tmp_path / "out.json", io.StringIO()
    file.write_bytes(content)
    try:
        call_command("read_ledger", str(file), out=out, stderr=error, **options)
    except SystemExit as stop:
        assert stop.code == 1  # noqa: PT017 -- both outcomes are checked
        assert not out.exists()
        assert sorted(path.name for path in tmp_path.iterdir()) == [name]
        return error.getvalue()
    return json.loads(out.read_text(encoding="utf-8"))


def sentence(code, **params):
    with translation.override("zh-hans"):
        return str(DomainError(code, **params)) + "\n"


def titles(answer):
    return [(row["excel_row"], row["title"], row["lead"], row["due"]["date"]) for row in answer["rows"]]


SAID = [(3, "建设实验室", ["市科技局"], "2026-06-30"), (4, "引进人才", ["市委组织部"], None)]


@pytest.mark.parametrize(
    ("name", "content"), [("a.xlsx", books.xlsx()), ("a.xlsm", books.xlsx()), ("a.xls", books.xls())]
)
def test_workbooks_new_and_old(tmp_path, name, content):
    assert titles(run(tmp_path, name, content)) == SAID


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_text_in_every_encoding(tmp_path, encoding, separator):
    answer = run(tmp_path, "任务.csv", TEXT.replace(",", separator).encode(encoding))
    assert titles(answer) == [(3, "治理㶽溪河", ["市水务局"], "2026-06-30")]
    assert [(reject["sheet"], reject["excel_row"], reject["reasons"]) for reject in answer["rejects"]] == [
        ("csv", 4, ["missing_title"])
    ]


def test_the_whole_form_of_the_answer(tmp_path):
    def fill(book, sheet):
        share = book.add_format({"num_format": "0.0%"})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(1, 4, ["完成率", "总投资(万元)", "开工时间", "督办等级"])
        sheet.write_formula(2, 4, "=1/2", share, 0.5)
        sheet.write_row(2, 5, ["1.2亿元", "2026-03", "A"])
        sheet.write_datetime(3, 6, __import__("datetime").datetime(2026, 5, 4), day)
        sheet.merge_range(2, 2, 3, 2, "市科技局")

    answer = run(tmp_path, "a.xlsx", books.xlsx(fill=fill))
    first, second = answer["rows"]
    assert list(first) == [
        "sheet", "excel_row", "code", "section", "parent", "title", "goal", "kind", "kind_text", "lead", "support",
        "leader", "contact", "start", "due", "milestones", "quantities", "amounts", "progress", "status", "remarks",
    ]  # fmt: skip
    assert (first["progress"], first["amounts"], first["start"]) == (
        50, {"total_investment": {"value": 1.2, "unit": "亿元"}}, "2026-03-01",
    )  # fmt: skip
    assert first["due"] == {"text": "6月底前", "date": "2026-06-30", "vague": False}
    assert (second["start"], second["lead"], second["due"]["vague"]) == ("2026-05-04", ["市科技局"], True)
    assert answer["unknown_columns"] == [{"sheet": "台账", "header": "督办等级"}]


def test_the_year_can_be_said(tmp_path):
    assert titles(run(tmp_path, "a.xlsx", books.xlsx(), year=2027))[0][3] == "2027-06-30"


def test_macros_and_links_are_left_alone_and_named(tmp_path):
    content = books.changed(
        books.xlsx(),
        xl__vbaProject_bin=b"",
        **{"xl/vbaProject.bin": b"x", "xl/externalLinks/externalLink1.xml": b"<x/>"},
    )
    answer = run(tmp_path, "a.xlsm", content)
    assert [warning["code"] for warning in answer["warnings"] if warning["sheet"] is None] == [
        "macros_ignored",
        "links_ignored",
    ]
    assert titles(answer) == SAID


def bomb(size):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/workbook.xml", b"<x/>")
        parts.writestr("xl/worksheets/sheet1.xml", b" " * size)
    return stream.getvalue()


def shared(body):
    """A long shared text in very many cells."""
    cells = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (n, n) for n in range(1, 9000))
    return re.sub(rb"<sheetData>.*</sheetData>", b"<sheetData>" + cells + b"</sheetData>", body, flags=re.DOTALL)


REFUSED = [
    ("a.xlsx", b"", "ledger_empty_file", {}), ("a.csv", b"\xef\xbb\xbf \r\n", "ledger_empty_file", {}),
    ("a.xlsx", b"<html><table>", "ledger_web_page", {}), ("a.xls", b"\n<!DOCTYPE html>", "ledger_web_page", {}),
    ("a.xlsx", TEXT.encode(), "ledger_not_a_workbook", {}), ("a.csv", b"\x89PNG\r\n", "ledger_not_a_workbook", {}),
    ("a.csv", b"a,\x00\xff\xfe\x80,b", "ledger_not_text", {}), ("a.xlsx", books.xlsx()[:900], "ledger_damaged", {}),
    ("a.xls", books.xls()[:700], "ledger_damaged", {}), ("a.xlsx", b"PK\x03\x04" + b"x" * 99, "ledger_damaged", {}),
    ("a.xlsx", bomb(90 * 2**20), "ledger_bomb", {}), ("a.xlsx", books.xls(), "ledger_name_misleads", {"said": "xlsx", "found": "xls"}),
    ("a.csv", books.xlsx(), "ledger_name_misleads", {"said": "CSV", "found": "xlsx"}),
    ("a.xlsx", books.container(b"x", "EncryptedPackage"), "ledger_encrypted", {}),
    ("a.xls", books.xls(extra=books.record(0x2F, b"\0" * 6)), "ledger_encrypted", {}),
    ("a.xls", books.container(b"x", "WordDocument"), "ledger_not_a_workbook", {}),
    ("a.xls", books.xls(extra=books.record(0x0203, struct.pack("<HHHd", 65000, 0, 0, 1))), "ledger_too_many_rows", {"most": MAX_ROWS}),
    ("a.xls", books.xls(extra=books.record(0x0203, struct.pack("<HHHd", 1, 200, 0, 1))), "ledger_too_wide", {"most": 100}),
    ("a.xlsx", books.changed(books.xlsx(), **{"xl/sharedStrings.xml": lambda body: DOCTYPE + body}), "ledger_entities", {}),
    ("a.xlsx", books.changed(books.xlsx(), **{"xl/sharedStrings.xml": lambda body: body.replace("序号".encode(), "长".encode() * 30000, 1).replace(b"2026", b"x" * 30000, 1), "xl/worksheets/sheet1.xml": shared}), "ledger_bomb", {}),
    ("a.xlsx", books.xlsx(fill=lambda book, sheet: sheet.write(60010, 90, "x")), "ledger_stray_cells", {}),
    ("a.xlsx", books.xlsx([]), "ledger_no_rows", {}), ("a.csv", "序号,任务,牵头单位\n".encode(), "ledger_no_rows", {}),
    ("a.xlsx", books.xlsx(head=["a", "b", "c", "d"]), "ledger_no_table", {}), ("a.csv", b"a,b\n1,2\n", "ledger_no_table", {}),
    ("a.csv", b"x," * 300, "ledger_too_wide", {"most": 100}),
    ("a.csv", b"1,2\n" * (MAX_ROWS + 20), "ledger_too_many_rows", {"most": MAX_ROWS}),
    ("a.xlsx", b"PK\x03\x04" + b"0" * (10 * 2**20), "ledger_too_large", {"megabytes": 10}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "content", "code", "params"), REFUSED, ids=[f"{one[2]}-{n}" for n, one in enumerate(REFUSED)]
)
def test_hostile_files_get_one_sentence_and_leave_nothing(tmp_path, name, content, code, params):
    assert run(tmp_path, name, content) == sentence(code, **params)


def test_a_missing_file_and_an_unwritable_answer(tmp_path):
    error = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("read_ledger", str(tmp_path / "none.xlsx"), out=tmp_path / "o.json", stderr=error)
    assert error.getvalue() == sentence("ledger_file_missing")
    file = tmp_path / "a.xlsx"
    file.write_bytes(books.xlsx())
    with pytest.raises(SystemExit):
        call_command("read_ledger", str(file), out=tmp_path / "no" / "o.json", stderr=error)


WORDS = [
    "", "/", "合计", "小计", "一、", "(一)", "第一部分", "注:", "说明", "序号", "重点任务", "牵头单位:A;责任单位:", "★", "A牵头", "、、、", "((((", "))",
    "2026年", "13月", "每季度末", "6月底前,", "至", "2024-2026", "12..5", "九十二", "亿元", "-1", "100%", "1e400", "＝", "\u202e", "\ud7ff", "㶽",
    "同上", "〃", "#REF!", "=1", "\t=1", "x" * 400, "0" * 40, "，；。", "Q9", "99季度", "0月0日", "每", "(续表)", "NaN", "inf", "二〇〇〇〇年",
]  # fmt: skip
ODD = [0, -1, 1, 0.45, 46203, 2026, 1e18, -1e-9, True, 99999999]


def mutated(chance):
    """A workbook in which cells, headings, merges or bytes were changed at random."""
    rows = [list(row) for row in books.ROWS] * chance.randint(1, 4)
    head = [
        *books.HEAD,
        *chance.sample(
            ["总投资(亿元)", "完成率", "类别", "备注", "工作目标", "具体举措", "起止年限", "单位", "2026年目标"], 3
        ),
    ]
    rows = [[*row, *chance.choices([*WORDS, *ODD], k=3)] for row in rows]
    for _ in range(chance.randint(1, 12)):
        row = chance.choice([*rows, head])
        row[chance.randrange(len(row))] = chance.choice([*WORDS, *ODD, *head])

    def fill(book, sheet):
        for left in chance.sample(range(0, 14, 2), chance.randint(0, 3)):
            top = chance.randint(0, 5)
            sheet.merge_range(top, left, top + chance.randint(0, 4), left + 1, chance.choice(WORDS))
        sheet.write_formula(chance.randint(0, 6), chance.randint(0, 8), "=A1", None, chance.choice(["", 1, "x"]))

    content = bytearray(books.xlsx(rows, head=head, title=chance.choice(WORDS), fill=fill))
    for _ in range(chance.choice([0, 0, 0, 1, 3, 40])):
        content[chance.randrange(len(content))] = chance.randrange(256)
    return bytes(content[: chance.choice([len(content)] * 5 + [chance.randrange(len(content))])])


def test_three_hundred_mutated_workbooks_are_read_or_refused():
    chance = random.Random(20260630)
    read, refused = 0, set()
    for _ in range(300):
        try:
            book = workbook.open_file(mutated(chance), name="a.xlsx")
        except DomainError as refusal:
            refused.add(refusal.code)
            continue
        reading = ledger.read(book.sheets, year=None, this_year=2026)
        read += bool(reading.entries or reading.rejects)
    assert read > 100
    assert refused <= DomainError.sentences.keys()


def test_mutated_text_is_read_or_refused():
    chance = random.Random(8)
    for _ in range(100):
        lines = [[chance.choice([*WORDS, *books.HEAD]) for _ in range(chance.randint(1, 7))] for _ in range(12)]
        content = "\n".join(",".join(line) for line in [["2026年台账"], books.HEAD, *lines])
        book = workbook.open_file(content.encode(chance.choice(["utf-8", "gb18030"])), name="a.csv")
        ledger.read(book.sheets, year=chance.choice([None, 2026]), this_year=2026)
