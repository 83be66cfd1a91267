"""What the cell reader does not tell of an xlsx: which cells are formulas or percentages, how much text they repeat.

Reads the XML of a workbook that `guard` has let through, with patterns: no parser, no entities, no expansion.
"""

import posixpath
import re
import zipfile
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
MOST_SHEETS = 255
MOST_TEXT = 128 * 2**20  # bytes of repeated text that the cells of one sheet may hold


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """The marks of one sheet; keys as in `grid.key`."""

    formulas: dict[int, bool] = field(default_factory=dict)
    percents: frozenset[int] = frozenset()


NO_MARKS = Marks()


def read(book: zipfile.ZipFile) -> dict[str, Marks]:
    """Marks by sheet name. A part that is missing has none."""
    percent_styles = _percent_styles(_part(book, "xl/styles.xml"))
    lengths = [len(found[1]) for found in STRING.finditer(_part(book, "xl/sharedStrings.xml"))]
    paths = _paths(book)
    return {name: _marks(_part(book, path), percent_styles, lengths) for name, path in paths.items()}


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
    found = [(said["name"], relations.get(said.get("id", ""), "")) for said in sheets if "name" in said]
    named = [path for _name, path in found if path]
    if len(found) > MOST_SHEETS or len(set(named)) < len(named):
        raise DomainError("ledger_bomb", field="import_file")  # one part read again and again
    return dict(found)


def _percent_styles(styles: bytes) -> frozenset[int]:
    """The numbers of the cell styles that show a percentage."""
    formats = set(PERCENT_FORMATS)
    for found in FORMAT.finditer(styles):
        said = _attributes(found[1])
        if "%" in re.sub(r"\"[^\"]*\"|\\.", "", said.get("formatCode", "")) and said.get("numFmtId", "").isdigit():
            formats.add(int(said["numFmtId"]))
    block = CELL_FORMATS.search(styles)
    numbers = [_attributes(found[1]).get("numFmtId", "0") for found in STYLE.finditer(block[0])] if block else []
    return frozenset(index for index, number in enumerate(numbers) if number.isdigit() and int(number) in formats)


def _marks(xml: bytes, percent_styles: frozenset[int], lengths: list[int]) -> Marks:
    _check_text(xml, lengths)
    formulas = {}
    for found in FORMULA.finditer(xml):
        place = PLACE.search(found[1])
        if place:
            formulas[_key(place)] = found[2] is not None
    percents: list[int] = []
    if percent_styles:
        styles = b"|".join(str(style).encode() for style in percent_styles)
        shown = re.compile(P + rb"c\s(?=[^>]*\bs=[\"'](?:" + styles + rb")[\"'])([^>]*)>")
        percents = [_key(place) for found in shown.finditer(xml) if (place := PLACE.search(found[1]))]
    return Marks(formulas=formulas, percents=frozenset(percents))


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
