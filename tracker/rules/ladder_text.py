"""The days of a ladder as people write them: "-30, -14, 0, 7". Pure."""

import re
from collections.abc import Sequence

from tracker.rules.ladder import LONGEST_OFFSET, MOST_DAYS

BETWEEN = re.compile(r"[\s,，、;；]+")
# Other signs that people type for minus and plus.
SIGNS = str.maketrans({"−": "-", "－": "-", "–": "-", "＋": "+"})


def read(text: str) -> tuple[int, ...]:
    """The days, in order, each once. Raises ValueError with the piece that is no day."""
    found = set()
    for piece in BETWEEN.split(text.translate(SIGNS).strip()):
        if not piece:
            continue
        # Also what is written with full-width digits.
        if not re.fullmatch(r"[+-]?\d{1,3}", piece) or abs(int(piece)) > LONGEST_OFFSET:
            raise ValueError(piece)
        found.add(int(piece))
    if len(found) > MOST_DAYS:
        raise ValueError(str(len(found)))
    return tuple(sorted(found))


def written(days: Sequence[int]) -> str:
    """The days as `read` takes them."""
    return ", ".join(str(day) for day in days)
