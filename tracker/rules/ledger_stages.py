"""Milestones in one cell of the ledger: one a line, its day at the end. Both ways; pure."""

import re
from datetime import date

from projects.errors import DomainError

Milestones = tuple[tuple[str, date | None], ...]

LONGEST = 120  # of a milestone's name
NO_DAY = " -"  # after a name that itself ends like a day
DAY_LAST = re.compile(r"[\s(（:：]+(\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?)[)）]?$")


def joined(value: tuple[str, ...] | Milestones) -> str:
    """Names, or milestones with their days, as one cell holds them."""
    if not value or isinstance(value[0], str):
        return "、".join(map(str, value))
    return "\n".join(_line(name, day) for name, day in value)


def _line(name: str, day: date | None) -> str:
    said = name.replace("\n", " ")
    return f"{said} {day.isoformat()}" if day else said + NO_DAY * bool(DAY_LAST.search(said) or said.endswith(NO_DAY))


def split(text: str) -> list[tuple[str, str | None]]:
    """Every milestone's name and the words for its day; the name of each stands once, the last one counts.

    Raises:
        DomainError: a line without a name, or with one that is too long (`ledger_milestone_name`).
    """
    found: dict[str, str | None] = {}
    for line in text.split("\n"):
        if not (said := line.strip()):
            continue
        ends = DAY_LAST.search(said)
        name = said[: ends.start()].strip() if ends else said.removesuffix(NO_DAY)
        if not name or len(name) > LONGEST:
            raise DomainError("ledger_milestone_name", text=said[:40], longest=LONGEST)
        found[name] = ends[1] if ends else None
    return list(found.items())
