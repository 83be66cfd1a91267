"""Sheets written down as text: one line a row, cells between bars. Ranges such as "A1:C1" are merged."""

import re
from collections.abc import Iterable

from tracker.rules.reading import grid as grids
from tracker.rules.reading import ledger
from tracker.rules.reading.grid import Area, Grid


def place(name):
    letters, digits = re.findall(r"[A-Z]+|\d+", name)
    column = 0
    for sign in letters:
        column = column * 26 + ord(sign) - 64
    return int(digits) - 1, column - 1


def area(name):
    (top, left), (bottom, right) = map(place, name.split(":"))
    return Area(top=top, left=left, bottom=bottom, right=right)


def value(text):
    said = text.strip().replace("\\n", "\n")
    return float(said) if re.fullmatch(r"-?\d+(\.\d+)?", said) else said


def sheet(text, *merges, name="台账", percents: Iterable[str] = (), formulas=None, knows_formats=True, **more):
    rows = [[value(cell) for cell in line.split("|")] for line in text.strip().split("\n")]
    width = max(map(len, rows))
    return Grid(
        name=name,
        rows=[tuple(row + [""] * (width - len(row))) for row in rows],
        merges=tuple(map(area, merges)),
        percents=frozenset(grids.key(*place(cell)) for cell in percents),
        formulas={grids.key(*place(cell)): kept for cell, kept in (formulas or {}).items()},
        knows_formats=knows_formats,
        **more,
    )


def read(*sheets, year=None, this_year=2026, **more):
    return ledger.read(sheets, year=year, this_year=this_year, **more)
