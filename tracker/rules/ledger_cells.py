"""Texts of single cells of the ledger: lists of names, numbers. Pure."""

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache
from sys import intern

BETWEEN_NAMES = re.compile(r"[、，,;；\n](?![^（(]*[）)])")


@lru_cache(maxsize=4096)
def names_in(text: str) -> tuple[str, ...]:
    """Names in their order; a separator inside brackets belongs to the name: 各县（市、区）.

    Each name is one object, however many rows name it.
    """
    return tuple(intern(name) for part in BETWEEN_NAMES.split(text) if (name := part.strip()))


def number_text(text: str) -> str:
    """A number in its shortest form, anything else as it is."""
    try:
        value = Decimal(unicodedata.normalize("NFKC", text).removesuffix("%"))
        return f"{value.normalize():f}" if abs(value) < 10**15 else text
    except ArithmeticError:
        return text
