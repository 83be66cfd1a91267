"""Shares that departments can be compared by: always with their denominator, none where it is small. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from tracker.choices import Health

# The lights that say how something goes. Not started and exempt say nothing about a department's work.
ASSESSED = (Health.DONE, Health.ON_TRACK, Health.AT_RISK, Health.OFF_TRACK, Health.NO_DATA)
# Of fewer than this no share is computed: one matter more would move it by a quarter and more.
FEWEST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """`count` of `whole`, in whole percent; None where the whole is too small for a share."""

    count: int
    whole: int
    percent: int | None


def assessed(counts: Mapping[Health, int]) -> int:
    """The denominator: what was handed out and is not set aside."""
    return sum(counts.get(light, 0) for light in ASSESSED)


def share(count: int, *, whole: int) -> Share:
    """A part of a whole; halves are rounded up."""
    if whole < FEWEST:
        return Share(count=count, whole=whole, percent=None)
    percent = (Decimal(100 * count) / whole).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return Share(count=count, whole=whole, percent=int(percent))


def shares(counts: Mapping[Health, int]) -> dict[Health, Share]:
    """The share of each assessed light, in their order."""
    whole = assessed(counts)
    return {light: share(counts.get(light, 0), whole=whole) for light in ASSESSED}
