"""Which columns a layout may have. Pure."""

from collections.abc import Sequence

from projects.errors import DomainError
from tracker.rules.ledger import BY_FIELD, REQUIRED, Column

VERSION = "revision"  # by it a row that was changed since on the site is known, when the file comes back
FEWEST = 4  # with fewer headings a file that comes back is not known for ours


def check(fields: Sequence[str]) -> None:
    """Raise DomainError unless these are columns of the ledger, once each, by which its rows can be read back."""
    if unknown := next((name for name in fields if name not in BY_FIELD), None):
        raise DomainError("layout_column_unknown", field="columns", column=unknown)
    if twice := next((name for name in fields if fields.count(name) > 1), None):
        raise DomainError("layout_column_twice", field="columns", column=BY_FIELD[twice].heading)
    if lacking := [BY_FIELD[name].heading for name in REQUIRED if name not in fields]:
        raise DomainError("layout_column_needed", field="columns", columns="、".join(lacking))
    if len(fields) < FEWEST:
        raise DomainError("layout_too_few", field="columns", fewest=FEWEST)


def columns(fields: Sequence[str]) -> list[Column]:
    """The columns in their order. One that the ledger no longer has is left out."""
    return [BY_FIELD[name] for name in fields if name in BY_FIELD]


def exported(fields: Sequence[str]) -> list[Column]:
    """The columns of a file in this layout: those that were chosen, and the version at their end if it was not."""
    return columns([*dict.fromkeys([*fields, VERSION])])
