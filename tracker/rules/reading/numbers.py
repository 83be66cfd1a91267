"""Cells that should be numbers: money with its unit, percentages, target values. No free text: see quantities."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from math import isfinite

from tracker.rules.reading.characters import NUMERAL, Cell, chinese_number, is_nothing, squeezed, written

NUMBER = r"[-+]?(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
FIRST = re.compile(NUMBER)
MALFORMED = re.compile(
    r"\d*\.\.+\d*|\d+\.\d+\.\d+|\d[A-Za-zＯ](?=\d|\.)|(?<![\dA-Za-z])[OoIl]\.?\d|\d[oOIl](?![A-Za-z])|\d\s*\?|\d,,\d|\d,\d{1,2}(?!\d)|\d-\d{3,}-|^\d+/\d+$"
)
SPOKEN = re.compile(rf"^(?:约|近|超)?{NUMERAL}(?:{NUMERAL}|[万亿])*(?:点{NUMERAL}+)?$")
SPOKEN_WITH_UNIT = re.compile(rf"^(?:约|近|超)?({NUMERAL}+)(亿元|万元|元|亿|个|家|户|项|%)")
TWO_PARTS = re.compile(r"^(\d+(?:\.\d+)?)亿元?(\d+(?:\.\d+)?)万元?$")  # 1亿2000万元
SHARE = re.compile(rf"^百分之({NUMERAL}+|\d+(?:\.\d+)?)$|^({NUMERAL})成$")
MONEY = re.compile(r"[万亿千百]*(?:元|美元|欧元|港元)|亿|万")
# Units of money that people write and nobody calculates in.
LARGE = {
    "百万元": (100, "万元"), "千万元": (1000, "万元"), "百亿元": (100, "亿元"), "千亿元": (1000, "亿元"),
    "万亿元": (10_000, "亿元"),
}  # fmt: skip
ERRORS = re.compile(r"^#(?:REF|DIV/0|VALUE|N/A|NAME|NULL|NUM|####*|SPILL|CALC)[!?]?|^#+$", re.IGNORECASE)
UNIT = re.compile(r"[^\d\s.,+\-()~至]{1,8}")
LOOSE = frozenset({"约", "近", "超", "余", "多", "左右", "以上", "以内", "以下", "大约"})


MOST = 10**18


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """What a numeric cell says: a value with the unit in the cell, or a problem ("bad_number"), or neither."""

    value: Decimal | None = None
    unit: str = ""
    problem: str = ""
    is_error: bool = False


NONE = Number()
BAD = Number(problem="bad_number")


def read(cell: Cell) -> Number:
    """The number in a cell. Words without digits (若干, 待定) are no number and no problem."""
    if isinstance(cell, bool):
        return NONE
    if isinstance(cell, int | float | Decimal):
        return Number(value=_exact(cell)) if isfinite(cell) and -MOST < cell < MOST else BAD
    if cell is None or not isinstance(cell, str):
        return NONE if cell is None else BAD
    said = squeezed(written(cell)).lstrip("'¥￥$")
    if is_nothing(said):
        return NONE
    if ERRORS.match(said):
        return Number(is_error=True)
    return _text(said)


def _text(said: str) -> Number:
    if parts := TWO_PARTS.match(said):
        return Number(value=Decimal(parts[1]) * 10_000 + Decimal(parts[2]), unit="万元")
    if share := SHARE.match(said):
        return Number(value=_share(share[1], share[2]), unit="%")
    spoken = SPOKEN_WITH_UNIT.match(said)
    if spoken:
        return Number(value=Decimal(chinese_number(spoken[1]) or 0), unit=spoken[2])
    if SPOKEN.match(said) or MALFORMED.search(said):
        return BAD
    if re.fullmatch(r"\((?:\d[\d,.]*)\)", said):
        said = "-" + said[1:-1]
    found = FIRST.search(said)
    if not found:
        return NONE
    try:
        value = Decimal(found[0].replace(",", ""))
    except InvalidOperation:
        return BAD
    if abs(value) >= MOST:
        return BAD
    if found[0][0] in "+-" and found.start() and said[found.start() - 1].isalnum():
        value = abs(value)  # 约-3 is minus three, 1-6月 is no number below zero
    return Number(value=value, unit=_unit(said[found.end() :]))


def _share(percent: str | None, tenths: str | None) -> Decimal:
    """百分之六十 and 六成 in percent."""
    if percent is None:
        return Decimal(chinese_number(tenths or "") or 0) * 10
    return Decimal(percent) if percent[0].isdecimal() else Decimal(chinese_number(percent) or 0)


def _unit(rest: str) -> str:
    """The unit that stands right behind the number."""
    found = re.match(r"个?[万亿千百]*[^\d\s.,+\-()\[\]【】〔〕~至:;。、]{0,8}", rest)
    unit = re.sub("^个(?=[万亿])", "", found[0]) if found else ""
    for word in ("左右", "以上", "以内", "以下", "上下", "余", "多"):
        unit = unit.split(word)[0] if unit != word else ""
    return unit


def money_unit(text: str) -> str:
    """亿元, 万元 or 元 when the text begins with it (亿 means 亿元); "" otherwise."""
    found = MONEY.match(text)
    if not found:
        return ""
    return found[0] + "元" if found[0] in {"亿", "万"} else found[0]


@lru_cache(maxsize=8192)
def _exact(value: float | Decimal) -> Decimal:
    """Excel's floats carry noise behind the 12th digit."""
    return value if isinstance(value, Decimal) else Decimal(repr(round(value, 10)))


def scaled(value: Decimal) -> Decimal:
    """A fraction as a percentage, without the noise of the division."""
    shown = (value * 100).quantize(Decimal("0.0001"))
    return shown.to_integral() if shown == shown.to_integral() else shown
