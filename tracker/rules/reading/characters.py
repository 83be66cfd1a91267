"""The characters of a cell: full width to half width, invisible signs, spaces, Chinese numerals. No words' meanings."""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal

Cell = str | int | float | bool | date | datetime | time | timedelta | Decimal | None

HALF = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
SPACES = dict.fromkeys(map(ord, "\u00a0\u2002\u2003\u2009\u3000\t"), " ")
INVISIBLE = dict.fromkeys(
    [*range(0x00, 0x09), *range(0x0E, 0x20), 0x7F, *range(0x200B, 0x2010), *range(0x202A, 0x202F), 0x2060, 0xFEFF]
)
PLAIN: dict[int, int | str | None] = {**HALF, **SPACES, **INVISIBLE, 0x3002: "。", 0x2236: ":", 0xFE55: ":"}
UNEVEN = re.compile(r"[\s\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060\u2236\ufe55\ufeff\uff01-\uff5e]")
WHITESPACE = re.compile(r"\s+")
BREAKS = re.compile(r"\s*[\r\n\v\f\u2028\u2029]+\s*")

DIGITS = {"〇": 0, "零": 0, "○": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5}
DIGITS |= {"六": 6, "七": 7, "八": 8, "九": 9, "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5}
DIGITS |= {"陆": 6, "柒": 7, "捌": 8, "玖": 9}
TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
NUMERAL = "[〇零○一二两三四五六七八九十百千]"

# What people write where nothing is to be said.
NOTHING = frozenset(
    {"", "/", "\\", "-", "--", "—", "——", "———", "–", "――", "―", "无", "／", "N/A", "n/a", "NA", "\\\\"}
)


def plain(text: str) -> str:
    """Full-width signs and digits made half-width, invisible signs dropped, every space a simple one."""
    return text.translate(PLAIN)


def squeezed(text: str) -> str:
    """`plain` without any white space: what two people mean by the same words."""
    return WHITESPACE.sub("", text.translate(PLAIN)) if UNEVEN.search(text) else text


def one_line(text: str) -> str:
    """The text as it was written, without line breaks, invisible signs and outer spaces."""
    return text.strip() if text.isprintable() else BREAKS.sub("", text.translate(INVISIBLE)).strip()


def written(cell: Cell) -> str:
    """What a reader sees in the cell; "" for nothing."""
    if isinstance(cell, str):
        return cell.strip() if cell.isprintable() else cell.translate(INVISIBLE).strip()
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell == cell and abs(cell) < 1e15:
        return str(int(cell)) if cell.is_integer() else repr(round(cell, 10))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)


def is_nothing(text: str) -> bool:
    """Whether the cell says nothing: empty, or a dash in one of its many forms."""
    return text.strip() in NOTHING


def chinese_number(text: str) -> int | None:
    """二十三 is 23, 二〇二六 is 2026, 三千五百 is 3500; None when it is no number."""
    if not text:
        return None
    if all(sign in DIGITS for sign in text):
        return int("".join(str(DIGITS[sign]) for sign in text))
    total, digit = 0, None
    for sign in text:
        if sign in DIGITS:
            digit = DIGITS[sign]
        elif sign in TENS:
            total += (1 if digit is None else digit) * TENS[sign]
            digit = None
        else:
            return None
    return total + (digit or 0)
