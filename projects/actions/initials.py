"""Pinyin initials of a name, so that 市科技局 is found by "skjj". Written beside every name that people search."""

import re
from functools import lru_cache

LONGEST = 120
# The signs that have a reading, as pypinyin cuts a text before it looks words up.
READ = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f\ue815-\ue864"
RUNS = re.compile(f"[{READ}]+|[^{READ}]+")


@lru_cache(maxsize=4096)
def of(name: str) -> str:
    """The first letters of the name's syllables, lower case, with its own Latin letters and figures; "" for none."""
    from pypinyin.seg import mmseg  # 30 MB of tables: only where a name is written

    # The same few hundred words make up thousands of titles: each is looked up once.
    words = (word for run in RUNS.findall(name) for word in ((run,) if run.isascii() else mmseg.seg.cut(run)))
    letters = "".join(word if word.isascii() else _of_word(word) for word in words).lower()
    return "".join(sign for sign in letters if sign.isascii() and sign.isalnum())[:LONGEST]


@lru_cache(maxsize=16_384)
def _of_word(word: str) -> str:
    from pypinyin import Style, lazy_pinyin

    return "".join(lazy_pinyin(word, style=Style.FIRST_LETTER))
