"""Departments by the names that offices write: full, short, or shortened by rule. Pure."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

# What is left out or shortened in speech, and means the same: the longer form first.
SHORTER = (
    ("人民政府", "政府"), ("管理委员会", "管委会"), ("委员会", "委"), ("办公室", "办"), ("有限责任公司", "公司"),
    ("有限公司", "公司"),
)  # fmt: skip
NO_SIGN = re.compile(r"[\s·.,、()（）]")


def spoken(name: str, *, city: str = "") -> str:
    """A name as it is spoken: without spaces and brackets, in its shorter forms, 市 for the city's own name.

    Args:
        city: the name of the city whose departments are written with it or with 市, e.g. 南充市.
    """
    said = NO_SIGN.sub("", unicodedata.normalize("NFKC", name))
    for long, short in SHORTER:
        said = said.replace(long, short)
    if city and said.startswith(city) and len(said) > len(city) + 1:
        said = f"市{said[len(city) :]}"
    return said


def by_speech(names: Iterable[str], *, city: str = "") -> dict[str, str]:
    """Spoken forms that lead to exactly one of these full names."""
    pairs = {(spoken(name, city=city), name) for name in names}
    times = Counter(form for form, _name in pairs)
    return {form: name for form, name in pairs if times[form] == 1}
