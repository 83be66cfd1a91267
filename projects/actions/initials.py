"""Pinyin initials of a name, so that 市科技局 is found by "skjj". Written beside every name that people search."""

from functools import lru_cache

LONGEST = 120


@lru_cache(maxsize=4096)
def of(name: str) -> str:
    """The first letters of the name's syllables, lower case, with its own Latin letters and figures; "" for none."""
    from pypinyin import Style, lazy_pinyin  # 30 MB of tables: only where a name is written

    letters = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()
    return "".join(sign for sign in letters if sign.isascii() and sign.isalnum())[:LONGEST]
