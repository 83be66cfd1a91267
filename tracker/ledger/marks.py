"""What the cell reader does not tell of an xlsx: which cells are formulas or percentages, how much text they repeat.

Reads the XML of a workbook that `guard` has let through, with patterns: no parser, no entities, no expansion.
"""

import posixpath
import re
import zipfile
from collections.abc import Collection
from dataclasses import dataclass, field
from html import unescape

from projects.errors import DomainError
from tracker.rules.reading import grid as grids

P = rb"<(?:[\w.-]+:)?"
SHEET = re.compile(P + rb"sheet\s([^>]*)>")
RELATION = re.compile(P + rb"Relationship\s([^>]*)>")
FORMULA = re.compile(P + rb"c\s([^>]*)>\s*" + P + rb"f(?=[\s>/])[^>]*(?:/>|>[^<]*</[^>]*>)\s*(" + P + rb"v>[^<]+)?")
PLACE = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]+)(\d+)")
FORMAT = re.compile(P + rb"numFmt\s([^>]*)>")
CELL_FORMATS = re.compile(P + rb"cellXfs\b.*?</(?:[\w.-]+:)?cellXfs>", re.DOTALL)
STYLE = re.compile(P + rb"xf(?=[\s/>])([^>]*)>")
STRING = re.compile(P + rb"si>(.*?)</(?:[\w.-]+:)?si>", re.DOTALL)
SHARED = re.compile(P + rb"c\s[^>]*t=[\"']s[\"'][^>]*>\s*" + P + rb"v>(\d+)<")
PERCENT_FORMATS = frozenset({9, 10})  # 0% and 0.00%, built in
MONTH_FORMATS = frozenset({17, 27, 36, 50, 52, 57})  # mmm-yy, and yyyy"年"m"月" in Chinese books, built in
MONTH = re.compile(r"(?=.*y)(?=.*m)[ym./年月 -]+(?:;@)?")
COUNTED = re.compile(r'(?:"([^"]{0,20})")?(0{1,20})(?:\.0{1,20})?(?:"([^"]{0,20})")?')
MOST_SHEETS = 255
MOST_TEXT = 128 * 2**20  # bytes of repeated text that the cells of one sheet may hold


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """The marks of one sheet; keys as in `grid.key`."""

    formulas: dict[int, bool] = field(default_factory=dict)
    percents: frozenset[int] = frozenset()
    months: frozenset[int] = frozenset()
    counted: dict[int, tuple[str, int, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Styles:
    """The numbers of the cell styles that show a percentage, a month without a day, or a number between words.

    `counted` gives what stands before the number, its least digits, and what stands behind it: RC-001, 15万元.
    """

    percents: frozenset[int] = frozenset()
    months: frozenset[int] = frozenset()
    counted: dict[int, tuple[str, int, str]] = field(default_factory=dict)


NO_MARKS = Marks()


def read(book: zipfile.ZipFile) -> dict[str, Marks]:
    """Marks by sheet name. A part that is missing has none."""
    styles = _styles(_part(book, "xl/styles.xml"))
    lengths = [len(found[1]) for found in STRING.finditer(_part(book, "xl/sharedStrings.xml"))]
    paths = _paths(book)
    return {name: _marks(_part(book, path), styles, lengths) for name, path in paths.items()}


def has_macros(book: zipfile.ZipFile) -> bool:
    """Whether the workbook carries macros or controls. They are never run."""
    return any(re.search(r"vbaProject\.bin|/activeX/|macrosheets/", name) for name in book.namelist())


def has_links(book: zipfile.ZipFile) -> bool:
    """Whether the workbook points to other files or connections. They are never followed."""
    return any(re.search(r"externalLinks/|connections\.xml|/queryTables/|ddeLink", name) for name in book.namelist())


def _part(book: zipfile.ZipFile, path: str) -> bytes:
    try:
        return book.read(path)
    except KeyError:
        return b""


def _attributes(tag: bytes) -> dict[str, str]:
    pairs = re.findall(r"([\w:.-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", tag.decode("utf-8", "replace"))
    return {name.rsplit(":", 1)[-1] if name.endswith(":id") else name: unescape(one or two) for name, one, two in pairs}


def _paths(book: zipfile.ZipFile) -> dict[str, str]:
    """The part of each sheet by the sheet's name."""
    relations = {}
    for found in RELATION.finditer(_part(book, "xl/_rels/workbook.xml.rels")):
        said = _attributes(found[1])
        target = said.get("Target", "")
        relations[said.get("Id", "")] = (
            target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
        )
    sheets = [_attributes(found[1]) for found in SHEET.finditer(_part(book, "xl/workbook.xml"))]
    listed = [(said["name"], relations.get(said.get("id", ""), "")) for said in sheets if "name" in said]
    named = [path for _name, path in listed if path]
    if len(listed) > MOST_SHEETS or len(set(named)) < len(named):
        raise DomainError("ledger_bomb", field="import_file")  # one part read again and again
    return dict(listed)


def _styles(xml: bytes) -> Styles:
    percents, months = set(PERCENT_FORMATS), set(MONTH_FORMATS)
    counted: dict[int, tuple[str, int, str]] = {}
    for found in FORMAT.finditer(xml):
        said = _attributes(found[1])
        number, code = said.get("numFmtId", ""), said.get("formatCode", "")
        if not number.isdigit():
            continue
        if "%" in re.sub(r"\"[^\"]*\"|\\.", "", code):
            percents.add(int(number))
        elif MONTH.fullmatch(re.sub(r"\[[^\]]*\]|[\"\\]", "", code).lower()):
            months.add(int(number))
        elif (shown := COUNTED.fullmatch(code)) and (shown[1] or shown[3] or len(shown[2]) > 1):
            counted[int(number)] = shown[1] or "", len(shown[2]), shown[3] or ""
    block = CELL_FORMATS.search(xml)
    numbers = [_attributes(found[1]).get("numFmtId", "0") for found in STYLE.finditer(block[0])] if block else []
    used = {index: int(number) for index, number in enumerate(numbers) if number.isdigit()}
    return Styles(
        percents=frozenset(index for index, number in used.items() if number in percents),
        months=frozenset(index for index, number in used.items() if number in months),
        counted={index: counted[number] for index, number in used.items() if number in counted},
    )


def _marks(xml: bytes, styles: Styles, lengths: list[int]) -> Marks:
    _check_text(xml, lengths)
    formulas = {}
    for found in FORMULA.finditer(xml):
        place = PLACE.search(found[1])
        if place:
            formulas[_key(place)] = found[2] is not None
    return Marks(
        formulas=formulas,
        percents=frozenset(_styled(xml, styles.percents)),
        months=frozenset(_styled(xml, styles.months)),
        counted={key: styles.counted[style] for key, style in _styled(xml, styles.counted).items()},
    )


def _styled(xml: bytes, styles: Collection[int]) -> dict[int, int]:
    """The cells that have one of these styles, and which."""
    if not styles:
        return {}
    names = b"|".join(str(style).encode() for style in styles)
    shown = re.compile(P + rb"c\s(?=[^>]*\bs=[\"'](" + names + rb")[\"'])([^>]*)>")
    return {_key(place): int(found[1]) for found in shown.finditer(xml) if (place := PLACE.search(found[2]))}


def _key(place: re.Match[bytes]) -> int:
    column = 0
    for sign in place[1].upper():
        column = column * 26 + sign - 64
    return grids.key(int(place[2]) - 1, column - 1)


def _check_text(xml: bytes, lengths: list[int]) -> None:
    """One long shared text in very many cells is a bomb that no ratio shows."""
    longest = max(lengths, default=0)
    if longest * xml.count(b't="s"') + longest * xml.count(b"t='s'") <= MOST_TEXT:
        return
    total = 0
    for found in SHARED.finditer(xml):
        index = int(found[1])
        total += lengths[index] if index < len(lengths) else 0
        if total > MOST_TEXT:
            raise DomainError("ledger_bomb", field="import_file")
