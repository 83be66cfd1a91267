"""Workbooks and CSV files that no office and no program would write, from a seed: the same number, the same bytes."""

# ruff: noqa: E501 -- tables of odd values

import io
import random
import re
import zipfile
from html import escape

from tests.tracker.ledger import books

SEED = 20261128
HEADS = [
    ["序号", "重点任务", "牵头单位", "完成时限"], ["编号", "事项", "类别", "牵头单位", "责任单位", "现定期限", "计划", "进度%"],
    ["序号", "重点任务", "具体举措", "工作目标", "责任单位", "完成时限", "进展情况", "备注"],
    ["序号", "项目名称", "建设内容", "总投资(亿元)", "年度投资(万元)", "完成率", "起止年限", "责任单位", "责任领导", "联系人"],
    ["指标", "单位", "2024年目标", "2025年目标", "2026年目标", "牵头单位"], ["任务", "任务", "任务", "牵头单位", "牵头单位"],
]  # fmt: skip
SAID = [
    "", " ", "建设实验室", "市科技局", "市科技局、市财政局", "牵头单位:市科技局;责任单位:各县(市、区)", "市科技局牵头,市财政局配合", "6月底前", "2026年2月30日",
    "13月", "每季度末", "6月底前完成设计,12月底前开工", "长期坚持", "2024-2026", "46203", "12..5", "九十二", "若干", "0.45", "45%", "1.2亿", "763000万元",
    "合计", "小计", "一、", "(一)", "注:", "同上", "〃", "/", "—", "★", "、、、", "((((", "))", "=1+1", "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(1)", "\t=1",
    "1e400", "1e-400", "9" * 400, "-" * 300, "x" * 33000, "㶽", "\u202e", "\u200b", "\ufeff", "\U0001f4a3", "e\u0301" * 50, "#REF!", "NaN", "inf", "true",
    "二〇〇〇〇年", "99季度", "0月0日", "9999年12月31日", "10000年1月1日", "0000-00-00", "1900-02-29", "<b>x</b>", "&amp;", "&#0;", "_x0000_", "_x000D_", "\n", "\r\n\r\n",
    "序号", "重点任务", "2026年重点任务台账", "单位:亿元", "P-1", "L-000001", "各县(市、区)", "市一二三局", "责任单位", "第一季度", "（续表）",
]  # fmt: skip
NUMBERS = [
    "0", "-0", "1", "-1", "0.45", "46203", "1e308", "-1e308", "1e-320", "60", "2958465", "2958466", "-693594", "99999999999999999999", "45", "4.5E1", "1e15",
    "1e309", "-1e309", "NaN", "Infinity", "0x10", "1,000", "", " ", "1_000", "٣",
]  # fmt: skip
RAW = ["&#x1;", "&#xD800;", "&#xFFFF;", "&#x110000;", "&bad;", "]]>", "<![CDATA[x]]>", "<?x?>", "<!-- -->", "\x0b", "\ud800"]  # fmt: skip
KINDS = ["s", "n", "str", "inlineStr", None, "b", "e", "d", "x"]
SOUND_KINDS, SOUND_NUMBERS, SOUND_MERGES = 5, 17, 5
PLACES = ["A1", "Z1", "CV60000", "A60020", "XFD1", "A1048576", "1A", "", "$A$1", "A0"]
FORMULAS = ["A1", "SUM(A1:A9)", "", "[1]Sheet1!A1", "cmd|' /C calc'!A0"]
MERGES = [
    "A3:A5", "A4:B9", "A1:D1", "B3:C6", "A4:A8", "B5:A3", "C4:C4", "A1:XFD1048576", "A0:B1", "A1", "A1:A1048577", "XFE1:XFF2", "a3:b4", ":", "A1:B2:C3", "9:9", "A:C", "",
]  # fmt: skip
TAGS = re.compile(rb"<[^>]*>")
PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="台账" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="2"><numFmt numFmtId="170" formatCode="yyyy&quot;年&quot;m&quot;月&quot;"/><numFmt numFmtId="171" formatCode="0.0%"/></numFmts><cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/><xf numFmtId="171"/></cellXfs></styleSheet>',
}  # fmt: skip
SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="{ref}"/><sheetData>{rows}</sheetData>{merges}</worksheet>'


def mutant(number: int) -> tuple[bytes, str]:
    """The bytes of a file and its name."""
    chance = random.Random(SEED * 100_003 + number)
    way = chance.randrange(16)
    if way == 0:
        return _text(chance), "a.csv"
    if way == 1:
        return _noise(chance, books.xls(_rows(chance)), most=60), "a.xls"
    parts = _workbook(chance)
    if way in {2, 3}:
        _spoil(chance, parts)
    content = _zipped(chance, parts)
    if way == 4:
        content = _noise(chance, content, most=40)
    if way == 5:
        content = content[: chance.randrange(len(content))]
    return content, chance.choice(["a.xlsx"] * 8 + ["a.xlsm", "a.xls", "a.csv", "a"])


def zipped(parts: dict[str, bytes]) -> bytes:
    """An archive of these parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            archive.writestr(name, body)
    return stream.getvalue()


def with_cells(rows: str, *, merges: str = "", ref: str = "A1:D9", strings: str = "") -> dict[str, bytes]:
    """The parts of a workbook of one sheet of raw XML."""
    parts = {name: body.encode() for name, body in PARTS.items()}
    sheet = SHEET.format(ref=ref, rows=rows, merges=f"<mergeCells>{merges}</mergeCells>" if merges else "")
    parts["xl/worksheets/sheet1.xml"] = sheet.encode("utf-8", "surrogatepass")
    parts["xl/sharedStrings.xml"] = f"<sst>{strings}</sst>".encode("utf-8", "surrogatepass")
    return parts


def _rows(chance: random.Random) -> list[list[object]]:
    return [[chance.choice(SAID)[:150] for _ in range(chance.randint(1, 8))] for _ in range(chance.randint(1, 12))]


def _workbook(chance: random.Random) -> dict[str, bytes]:
    """A ledger of raw XML: sound rows with odd cells among them. A quarter has what no reader of XML lets pass."""
    make = _Maker(chance, odd=chance.choice([0.02, 0.1, 0.4]), is_deadly=chance.random() < 0.25)
    head = list(chance.choice(HEADS))
    for _ in range(chance.choice([0, 0, 0, 1, 2])):
        head[chance.randrange(len(head))] = chance.choice([*head, *SAID[:60]])
    lines: list[list[object]] = [["2026年重点任务台账"], list(head)]
    for place in range(chance.randint(1, 25)):
        lines.append([_sound(chance, word, place) for word in head])
        if chance.random() < 0.1:
            lines.append(list(chance.choice([head, ["合计", 5], ["一、", ""], []])))
    rows = "".join(make.row(number, line) for number, line in enumerate(lines, start=1))
    merges = MERGES if make.is_deadly else MERGES[:SOUND_MERGES]
    merged = "".join(f'<mergeCell ref="{chance.choice(merges)}"/>' for _ in range(chance.choice([0, 0, 1, 2, 6])))
    texts = "".join(f"<si><t>{text}</t></si>" for text in make.strings)
    ref = chance.choice(["A1:D9", "A1", "A1:XFD1048576", "", "B9:A1"] if make.is_deadly else ["A1:D9", "A1"])
    return with_cells(rows, merges=merged, ref=ref, strings=texts)


def _sound(chance: random.Random, word: str, place: int) -> object:
    if word in {"序号", "编号"}:
        return chance.choice([place, f"L-{place}"])
    if "时限" in word or "期限" in word:
        return chance.choice(["6月底前", "2026年9月", "长期坚持", 46203])
    if "单位" in word:
        return chance.choice(["市科技局", "市财政局", "市科技局、市财政局"])
    if word in {"完成率", "进度%"} or "目标" in word or "投资" in word:
        return chance.choice([0.45, 12, "80%", "约3.9"])
    return {"类别": "行动", "计划": "P1"}.get(word, f"建设第{place}项")


class _Maker:
    """Writes the cells of one workbook; `strings` are its shared texts."""

    def __init__(self, chance: random.Random, *, odd: float, is_deadly: bool) -> None:
        self.chance, self.odd, self.is_deadly = chance, odd, is_deadly
        self.strings: list[str] = []

    def row(self, number: int, line: list[object]) -> str:
        cells = "".join(self._cell(number, column, value) for column, value in enumerate(line))
        return f'<row r="{self._maybe(["0", "-1", "x", "1048577", "1"], str(number))}">{cells}</row>'

    def _maybe(self, odd: list[str], sound: str) -> str:
        """One of the deadly values, seldom."""
        return self.chance.choice(odd) if self.is_deadly and self.chance.random() < 0.03 else sound

    def _cell(self, number: int, column: int, value: object) -> str:
        chance, is_odd = self.chance, self.chance.random() < self.odd
        place = self._maybe(PLACES, f"{chr(65 + column)}{number}")
        style = f' s="{self._maybe(["9", "-1", "x"], chance.choice("0123"))}"' if is_odd else ""
        if not is_odd and not isinstance(value, str):
            return f'<c r="{place}"><v>{value}</v></c>'
        text = self._maybe(RAW, escape(chance.choice(SAID) if is_odd else str(value)))
        kind = chance.choice(KINDS if self.is_deadly else KINDS[:SOUND_KINDS]) if is_odd else "s"
        formula = f"<f>{chance.choice(FORMULAS)}</f>" if is_odd and chance.random() < 0.2 else ""
        if kind == "s":
            self.strings.append(text)
            index = self._maybe(["-1", "999999", "x", ""], str(len(self.strings) - 1))
            return f'<c r="{place}"{style} t="s">{formula}<v>{index}</v></c>'
        if kind == "inlineStr":
            return f'<c r="{place}"{style} t="inlineStr"><is><t>{text}</t></is></c>'
        if kind in {"n", "b", "d", None}:
            text = chance.choice(NUMBERS if self.is_deadly else NUMBERS[:SOUND_NUMBERS])
            style = style if self.is_deadly else ""  # no library has days for 1e308
        typed = f' t="{kind}"' if kind else ""
        return f'<c r="{place}"{style}{typed}>{formula}<v>{text}</v></c>'


def _spoil(chance: random.Random, parts: dict[str, bytes]) -> None:
    """Damage the XML of one or two parts: tags gone, doubled, crossed, cut; a part missing or another's."""
    for _ in range(chance.randint(1, 2)):
        name = chance.choice([*parts, "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"])
        body = parts.get(name, b"")
        tags = list(TAGS.finditer(body))
        way = chance.randrange(7)
        if way == 0:
            parts.pop(name, None)
        elif way == 1:
            parts[name] = chance.choice(list(parts.values()) or [b""])
        elif way == 2 and tags:
            one = chance.choice(tags)
            parts[name] = body[: one.start()] + body[one.end() :]
        elif way == 3 and tags:
            one = chance.choice(tags)
            parts[name] = body[: one.start()] + one[0] * chance.choice([2, 3, 500]) + body[one.start() :]
        elif way == 4 and len(tags) > 1:
            one, other = sorted(chance.sample(tags, 2), key=lambda tag: tag.start())
            parts[name] = (
                body[: one.start()] + other[0] + body[one.end() : other.start()] + one[0] + body[other.end() :]
            )
        elif way == 5:
            parts[name] = body[: chance.randrange(len(body) + 1)]
        else:
            parts[name] = _noise(chance, body, most=8)


def _noise(chance: random.Random, content: bytes, *, most: int) -> bytes:
    """Some bytes replaced, taken out or put in."""
    noisy = bytearray(content)
    for _ in range(chance.randint(1, most)):
        place = chance.randrange(len(noisy) + 1)
        way = chance.randrange(4)
        if way < 2 and place < len(noisy):
            noisy[place] = chance.randrange(256)
        elif way == 2:
            del noisy[place : place + chance.randint(1, 9)]
        else:
            noisy[place:place] = chance.randbytes(chance.randint(1, 9))
    return bytes(noisy)


def _zipped(chance: random.Random, parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, body in parts.items():
            archive.writestr(
                name, body, chance.choice([zipfile.ZIP_DEFLATED, zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])
            )
    return stream.getvalue()


def _text(chance: random.Random) -> bytes:
    """A CSV file: quotes that stay open, other separators, NULs, other encodings, cut in the middle of a sign."""
    sign = chance.choice(",,,;\t|")
    head = chance.choice(HEADS)
    lines = [
        ["2026年台账"],
        head,
        *([chance.choice([*SAID, '"', '""', "\x00"]) for _ in head] for _ in range(chance.randint(1, 15))),
    ]
    text = chance.choice(["\n", "\r\n", "\r"]).join(sign.join(line) for line in lines)
    content = text.encode(
        chance.choice(["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-32"]),
        "surrogatepass" if "\ud800" in text else "strict",
    )
    return _noise(chance, content, most=20) if chance.random() < 0.4 else content
