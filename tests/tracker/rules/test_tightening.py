"""No silent tightening: what asks more than the parent, what does not, and what cannot be compared."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from projects.choices import Direction
from tracker.choices import Comparator
from tracker.rules import tightening
from tracker.rules.tightening import Demand, EarlierDate, HigherNumber, Quantity

JUNE, DECEMBER = date(2026, 6, 30), date(2026, 12, 31)
C = Comparator
DOWN = Direction.DOWN


@pytest.mark.parametrize(
    ("child", "parent", "is_tighter"),
    [
        (JUNE, DECEMBER, True),
        (DECEMBER, DECEMBER, False),
        (DECEMBER, JUNE, False),
        (None, DECEMBER, False),
        (JUNE, None, False),
        (None, None, False),
    ],
)
def test_an_earlier_date_asks_more_and_an_unknown_one_does_not(
    child: date | None, parent: date | None, is_tighter: bool
) -> None:
    found = tightening.found(Demand(due_on=child), Demand(due_on=parent))
    assert found == ((EarlierDate(child=JUNE, parent=DECEMBER),) if is_tighter else ())


def quantity(comparator: Comparator, low: int | None, high: int | None = None, **said: Any) -> Quantity:
    value, most = (None if one is None else Decimal(one) for one in (low, high))
    if comparator in {C.GROWTH_AT_LEAST, C.DECLINE_AT_LEAST}:
        facts: dict[str, Any] = {"growth_percent": value, "base_year": 2023}
    else:
        facts = {"value": value, "value_max": most}
    return Quantity(**{"indicator": "i", "comparator": comparator, **facts, **said})


CASES: list[tuple[str, Quantity, Quantity, bool]] = [
    ("more is asked", quantity(C.AT_LEAST, 300), quantity(C.AT_LEAST, 262), True),
    ("the same", quantity(C.AT_LEAST, 262), quantity(C.AT_LEAST, 262), False),
    ("less", quantity(C.AT_LEAST, 200), quantity(C.AT_LEAST, 262), False),
    ("at most less", quantity(C.AT_MOST, 5), quantity(C.AT_MOST, 8), True),
    ("at most more", quantity(C.AT_MOST, 9), quantity(C.AT_MOST, 8), False),
    ("equal, rising", quantity(C.EQUAL, 9), quantity(C.EQUAL, 8), True),
    ("equal, lower", quantity(C.EQUAL, 7), quantity(C.EQUAL, 8), False),
    ("equal, falling", quantity(C.EQUAL, 7, direction=DOWN), quantity(C.EQUAL, 8, direction=DOWN), True),
    ("equal, falling, more", quantity(C.EQUAL, 9, direction=DOWN), quantity(C.EQUAL, 8, direction=DOWN), False),
    ("a range that starts higher", quantity(C.RANGE, 6, 10), quantity(C.RANGE, 5, 10), True),
    ("a range that ends lower", quantity(C.RANGE, 5, 9), quantity(C.RANGE, 5, 10), True),
    ("a wider range", quantity(C.RANGE, 4, 11), quantity(C.RANGE, 5, 10), False),
    ("more growth", quantity(C.GROWTH_AT_LEAST, 35), quantity(C.GROWTH_AT_LEAST, 30), True),
    ("less growth", quantity(C.GROWTH_AT_LEAST, 25), quantity(C.GROWTH_AT_LEAST, 30), False),
    ("more decline", quantity(C.DECLINE_AT_LEAST, 12), quantity(C.DECLINE_AT_LEAST, 10), True),
    ("another base", quantity(C.GROWTH_AT_LEAST, 35, base_year=2024), quantity(C.GROWTH_AT_LEAST, 30), False),
    ("another comparator", quantity(C.EQUAL, 300), quantity(C.AT_LEAST, 262), False),
    ("another indicator", quantity(C.AT_LEAST, 300, indicator="other"), quantity(C.AT_LEAST, 262), False),
    ("a number that nobody knows", quantity(C.AT_LEAST, None), quantity(C.AT_LEAST, 262), False),
]


@pytest.mark.parametrize(("ours", "their", "is_tighter"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_numbers_of_one_kind_are_compared(ours: Quantity, their: Quantity, is_tighter: bool) -> None:
    found = tightening.found(Demand(quantities=[ours]), Demand(quantities=[their]))
    assert found == ((HigherNumber(child=ours, parent=their),) if is_tighter else ())


def test_all_that_is_tighter_is_found_the_date_first() -> None:
    first, second = quantity(C.AT_LEAST, 9, indicator="a"), quantity(C.AT_MOST, 1, indicator="b")
    theirs = [quantity(C.AT_MOST, 2, indicator="b"), quantity(C.AT_LEAST, 8, indicator="a")]
    found = tightening.found(
        Demand(due_on=JUNE, quantities=[first, second]), Demand(due_on=DECEMBER, quantities=theirs)
    )
    assert found == (
        EarlierDate(child=JUNE, parent=DECEMBER),
        HigherNumber(child=first, parent=theirs[1]),
        HigherNumber(child=second, parent=theirs[0]),
    )
