"""Whether this site wrote a file. Pure."""

import re
from collections.abc import Sequence

from tracker.rules import ledger, ledger_forms

FEWEST_OWN = 4  # headings that a file of ours has at least
LIST_HEAD = re.compile(r".+ · .+ · (?:筛选条件：|filters: )")  # as `web.sheets` writes it


def is_own(table: Sequence[Sequence[object]]) -> bool:
    """Whether this site wrote the sheet: a list, an official form, or our headings and hardly any other."""
    if is_list(table) or ledger_forms.form_of(table):
        return True
    for cells in table[: ledger.HEADER_SEARCH]:
        said = [cell for cell in cells if not ledger.is_blank(cell)]
        known = {column.field for cell in said if (column := ledger.HEADINGS.get(ledger.heading_key(cell)))}
        if known.issuperset(ledger.REQUIRED) and len(known) >= FEWEST_OWN and 4 * (len(said) - len(known)) <= len(said):
            return True
    return False


def is_list(table: Sequence[Sequence[object]]) -> bool:
    """Whether it is what a page shows, as a file. Such a list has words for the reader and does not come back."""
    return bool(table and table[0] and isinstance(table[0][0], str) and LIST_HEAD.match(table[0][0]))
