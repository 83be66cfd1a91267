"""Tables that stand side by side on one sheet under the same headings, to save a page. Pure."""

from collections.abc import Iterator
from dataclasses import replace

from tracker.rules.reading.characters import Cell, squeezed
from tracker.rules.reading.grid import Grid
from tracker.rules.reading.header import Header, is_ledger

MOST = 4  # tables beside each other
NARROWEST = 3  # headings of one


def apart(sheet: Grid, head: Header) -> Iterator[tuple[Grid, Header]]:
    """Each table with the cells of its own columns; the sheet as it is where it holds one table."""
    count = _count(head)
    size = len(head.heads) // count
    for place in range(count):
        heads = head.heads[place * size : (place + 1) * size]
        own = replace(head, heads=heads)
        yield (sheet if count == 1 else _only(sheet, head, heads[0].index, heads[-1].index)), own


def _count(head: Header) -> int:
    """How often the headings repeat, each time all of them in the same order."""
    texts = [squeezed("".join(one.path)) for one in head.heads]
    for count in range(2, MOST + 1):
        size, rest = divmod(len(texts), count)
        if not rest and size >= NARROWEST and texts == texts[:size] * count:
            fields = frozenset(one.heading.field for one in head.heads[:size])
            return count if is_ledger(fields) else 1
    return 1


def _only(sheet: Grid, head: Header, first: int, last: int) -> Grid:
    """The sheet with these columns; what stands above the header belongs to all tables."""

    def of(number: int, cells: list[Cell]) -> list[Cell]:
        return cells if number < head.top else [None] * first + cells[first : last + 1]

    rows = [of(number, list(cells)) for number, cells in enumerate(sheet.rows)]
    merges = tuple(area for area in sheet.merges if area.top < head.top or (first <= area.left and area.right <= last))
    return replace(sheet, rows=rows, merges=merges)
