"""Times floor and product in turns, A B A B …, and judges the ratio. Knows nothing of what is timed."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median

BLOCK_SECONDS = 10.0  # a block ends after this time, however many samples it still lacks
Timed = Callable[[], float]  # does the work once, returns the seconds that count


class Unequal(Exception):
    """Floor and product give different answers, so their times say nothing; the text names the first difference."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two ways to the same answer. `samples` per round and side; the round's figure is their median."""

    work: str
    name: str
    target: float
    floor: Timed
    product: Timed
    samples: int


@dataclass(slots=True, kw_only=True)
class Result:
    """One line of the table, in `unit` by round. Where the target is absolute, `floor` is for comparison or empty."""

    work: str
    name: str
    engine: str
    rows: int
    target: float
    unit: str = "ms"
    is_ratio: bool = True
    is_least: bool = False  # the target is the least, not the most: `product` is a peer that is to be left behind
    floor: list[float] = field(default_factory=list)
    product: list[float] = field(default_factory=list)
    note: str = ""

    @property
    def ratios(self) -> list[float]:
        """Product / floor, round by round."""
        return [mine / least for mine, least in zip(self.product, self.floor, strict=True)] if self.floor else []

    @property
    def value(self) -> float:
        """What is held against the target."""
        return median(self.ratios) if self.is_ratio else median(self.product)

    @property
    def is_met(self) -> bool:
        return self.value >= self.target if self.is_least else self.value <= self.target


def interleave(pair: Pair, *, engine: str, rows: int, rounds: int) -> Result:
    """So many rounds of a block of the floor, then one of the product. Only after the answers were compared."""
    result = Result(work=pair.work, name=pair.name, engine=engine, rows=rows, target=pair.target)
    for _ in range(rounds):
        result.floor.append(_block(pair.floor, pair.samples))
        result.product.append(_block(pair.product, pair.samples))
    return result


def _block(timed: Timed, samples: int) -> float:
    """The median of the samples, in milliseconds."""
    end = time.monotonic() + BLOCK_SECONDS
    seconds = [timed()]
    while len(seconds) < samples and time.monotonic() < end:
        seconds.append(timed())
    return median(seconds) * 1000


def must_equal(what: str, floor: object, product: object) -> None:
    """Raise Unequal unless the two are the same; walks into dictionaries and lists to name the place."""
    if isinstance(floor, dict) and isinstance(product, dict) and floor.keys() == product.keys():
        for key in floor:
            must_equal(f"{what}.{key}", floor[key], product[key])
    elif isinstance(floor, list) and isinstance(product, list) and len(floor) == len(product):
        for place, (least, mine) in enumerate(zip(floor, product, strict=True)):
            must_equal(f"{what}[{place}]", least, mine)
    elif floor != product:
        raise Unequal(f"{what}: floor {str(floor)[:300]}, product {str(product)[:300]}")
