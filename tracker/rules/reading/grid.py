"""A sheet as it lies: cells, merged areas, which cells are formulas or percentages. No header, no meaning."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tracker.rules.reading.characters import Cell, written

WIDEST = 16_384  # columns in Excel: the factor of a cell's key


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A merged area; rows and columns count from 0, both ends belong to it."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """One sheet from A1 on. `formulas` says for a cell's key whether the file keeps the formula's value."""

    name: str
    rows: Sequence[Sequence[Cell]]
    merges: tuple[Area, ...] = ()
    is_hidden: bool = False
    formulas: Mapping[int, bool] = field(default_factory=dict)
    percents: frozenset[int] = frozenset()
    knows_formats: bool = False

    @property
    def height(self) -> int:
        return len(self.rows)


def key(row: int, column: int) -> int:
    """The cell's place as one number."""
    return row * WIDEST + column


def letters(column: int) -> str:
    """The column's name in Excel: 0 is A, 27 is AB."""
    name = ""
    while column >= 0:
        name = chr(65 + column % 26) + name
        column = column // 26 - 1
    return name


def cell(grid: Grid, row: int, column: int) -> Cell:
    """The cell, None outside of the sheet."""
    cells = grid.rows[row] if 0 <= row < len(grid.rows) else ()
    return cells[column] if 0 <= column < len(cells) else None


def text(grid: Grid, row: int, column: int) -> str:
    """What a reader sees in the cell."""
    return written(cell(grid, row, column))


def fillings(merges: Iterable[Area], *, first_row: int, height: int, width: int) -> dict[int, int]:
    """For each cell that a vertical merge covers, the key of the cell that holds the value; data rows only.

    An area that is one row high, or that spans half of the sheet or more, is a line of text and fills nothing.
    """
    sources: dict[int, int] = {}
    for area in merges:
        bottom, right = min(area.bottom, height - 1), min(area.right, width - 1)
        if area.top < first_row or bottom <= area.top or (right - area.left + 1) * 2 >= max(width, 4):
            continue
        source = key(area.top, area.left)
        for row in range(area.top + 1, bottom + 1):
            sources[key(row, area.left)] = source
    return sources


def widths(sheet: Grid) -> dict[int, int]:
    """For each row how many columns its merged line spans."""
    wide = {area.top: area.right - area.left + 1 for area in sheet.merges if area.top == area.bottom}
    return wide | {area.top: area.right - area.left + 1 for area in sheet.merges if area.right > area.left + 3}
