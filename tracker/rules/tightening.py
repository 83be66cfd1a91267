"""No silent tightening 层层加码: where a child asks more than its parent: an earlier date, a higher number. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from projects.choices import Direction
from tracker.choices import RELATIVE_COMPARATORS, Comparator


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """What a commitment asks of one indicator; of a range ``value`` is the lower bound.

    ``name`` and ``unit`` are the indicator's, for pages; nothing is judged by them.
    """

    indicator: str
    comparator: Comparator
    direction: Direction = Direction.UP
    value: Decimal | None = None
    value_max: Decimal | None = None
    growth_percent: Decimal | None = None
    base_year: int | None = None
    name: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What a commitment asks: until when (None: no date), and how much of what."""

    due_on: date | None = None
    quantities: Sequence[Quantity] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierDate:
    """The child is due before its parent."""

    child: date
    parent: date


@dataclass(frozen=True, slots=True, kw_only=True)
class HigherNumber:
    """The child asks more of an indicator than its parent does, in the same kind of comparison."""

    child: Quantity
    parent: Quantity


Tightening = EarlierDate | HigherNumber


def found(child: Demand, parent: Demand) -> tuple[Tightening, ...]:
    """Where the child asks more than its parent: the date first, then the indicators in the child's order.

    Only what can be compared is: two dates; two quantities of one indicator with one comparator, and a growth over one
    base year. Unknown is not tighter (PRODUCT.md §4.1).
    """
    tighter: list[Tightening] = []
    if child.due_on is not None and parent.due_on is not None and child.due_on < parent.due_on:
        tighter.append(EarlierDate(child=child.due_on, parent=parent.due_on))
    theirs = {(one.indicator, one.comparator): one for one in parent.quantities}
    for ours in child.quantities:
        their = theirs.get((ours.indicator, ours.comparator))
        if their is not None and _asks_more(ours, their):
            tighter.append(HigherNumber(child=ours, parent=their))
    return tuple(tighter)


def _asks_more(ours: Quantity, their: Quantity) -> bool:
    comparator = ours.comparator
    if comparator in RELATIVE_COMPARATORS:
        return ours.base_year == their.base_year and _above(ours.growth_percent, their.growth_percent)
    if comparator == Comparator.RANGE:  # a narrower one asks more
        return _above(ours.value, their.value) or _above(their.value_max, ours.value_max)
    if comparator == Comparator.AT_MOST or (comparator == Comparator.EQUAL and ours.direction == Direction.DOWN):
        return _above(their.value, ours.value)
    return _above(ours.value, their.value)


def _above(one: Decimal | None, other: Decimal | None) -> bool:
    return one is not None and other is not None and one > other
