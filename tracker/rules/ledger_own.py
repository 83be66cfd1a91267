"""Whether this site wrote a file. Pure."""

from collections.abc import Sequence

from tracker.rules import ledger, ledger_forms

FEWEST_OWN = 4  # headings that a file of ours has at least


def is_own(table: Sequence[Sequence[object]]) -> bool:
    """Whether this site wrote the sheet: an official form, or a header with our headings and hardly any other."""
    if ledger_forms.form_of(table):
        return True
    for cells in table[: ledger.HEADER_SEARCH]:
        said = [cell for cell in cells if not ledger.is_blank(cell)]
        known = {column.field for cell in said if (column := ledger.HEADINGS.get(ledger.heading_key(cell)))}
        if known.issuperset(ledger.REQUIRED) and len(known) >= FEWEST_OWN and 4 * (len(said) - len(known)) <= len(said):
            return True
    return False
