"""What stands below one heading, and what kind of cells it is. No headings, no decision."""

import re
from dataclasses import dataclass

from tracker.rules.reading import deadlines, numbers, quantities
from tracker.rules.reading import grid as grids
from tracker.rules.reading.characters import NOTHING, Cell, squeezed, written
from tracker.rules.reading.grid import Grid
from tracker.rules.reading.header import Head, Header

SAMPLED = 400  # rows below the header that are looked at
MOST_PART = 2  # 1.4 among parts of one is 140 %, and refused
MARK = re.compile(r"\(?(?:[一二三四五六七八九十]+|[\dA-Z]{1,4}(?:[-.]\d+)*)[).、]?")
LONGEST_MARK = 8
SOME_YEAR = 2026  # any year does where only the form of a date is looked at


@dataclass(slots=True, kw_only=True)
class Samples:
    """The cells below one heading."""

    cells: list[Cell]
    merged: int
    first_row: int = 0

    def texts(self) -> list[str]:
        """What the cells say, without the empty ones and the dashes."""
        return [text for text in map(written, self.cells) if text not in NOTHING]

    def are_marks(self) -> bool:
        """Whether the cells are mostly numbers of an order: 1, (一), A-3."""
        texts = self.texts()
        short = [text for text in texts if len(text) <= LONGEST_MARK]  # a section's words stand among them
        marks = sum(bool(MARK.fullmatch(squeezed(text))) for text in short)
        return marks * 5 >= len(short) * 3 > 0 and marks * 3 >= len(texts)

    def numeric_share(self) -> float:
        """How much of what is said is numbers: 0 to 1."""
        texts = self.texts()
        plain = sum(bool(re.fullmatch(r"[≥≤<>约超]?-?[\d,.]+ ?%?(?:[万亿]?\w{0,3})", squeezed(text))) for text in texts)
        return plain / len(texts) if texts else 0.0

    def are_bare(self) -> bool:
        """Whether most of the cells are numbers and no more."""
        texts = self.texts()
        return sum(bool(re.fullmatch(r"-?[\d,.]+", squeezed(text))) for text in texts) * 5 >= len(texts) * 3 > 0

    def most(self) -> float:
        """The greatest number; 0 where there is none."""
        return max((cell for cell in self.cells if isinstance(cell, int | float)), default=0)

    def are_days(self) -> bool:
        """Whether most of the cells name a day or say that there is none."""
        found = [deadlines.read(cell, year=SOME_YEAR) for cell in self.cells if cell not in (None, "")]
        known = sum(bool(said.day or said.recurring or deadlines.OPEN_END.search(said.text or "")) for said in found)
        return bool(found) and known * 5 >= len(found) * 3

    def are_counted(self) -> bool:
        """Whether most of the cells promise a number in words: “引进20名”."""
        texts = self.texts()
        return sum(bool(quantities.read(text)) for text in texts) * 5 >= len(texts) * 3 > 0

    def are_percents(self, grid: Grid, index: int) -> bool:
        """Whether nearly all are numbers, and some are shown as percentages."""
        texts = self.texts()
        plain = sum(bool(re.fullmatch(r"-?[\d.]+%?", squeezed(text))) for text in texts)
        return plain * 5 >= len(texts) * 4 and (
            any("%" in text or "％" in text for text in texts)
            or any(place % grids.WIDEST == index for place in grid.percents)
        )

    def is_fraction(self, head: Head, grid: Grid) -> bool:
        """Whether the plain numbers are all parts of one; beside cells shown as percentages a lone 1 is too."""
        values: list[float] = []
        is_shown = False
        for row, cell in enumerate(self.cells, start=self.first_row):
            if isinstance(cell, int | float) and not isinstance(cell, bool):
                if grids.key(row, head.index) in grid.percents:
                    is_shown = True
                else:
                    values.append(cell)
        texts = [numbers.read(cell) for cell in self.cells if isinstance(cell, str) and cell.strip()]
        values += [float(text.value) for text in texts if text.value is not None and not text.unit]
        parts = sum(0 < value < 1 for value in values)
        if not values or head.heading.unit == "%" or not 0 <= min(values) <= max(values) <= MOST_PART:
            return False
        return parts * 2 >= len(values) if max(values) > 1 else is_shown or parts > 0


def of(grid: Grid, header: Header, index: int) -> Samples:
    """The cells below the heading of one column."""
    last = min(grid.height, header.bottom + 1 + SAMPLED)
    cells = [grids.cell(grid, row, index) for row in range(header.bottom + 1, last)]
    merged = sum(
        area.left == area.right == index and area.top > header.bottom and area.bottom > area.top for area in grid.merges
    )
    return Samples(cells=cells, merged=merged, first_row=header.bottom + 1)
