"""Shares of departments: each with its denominator, none where it is small."""

import pytest

from tracker.choices import Health
from tracker.rules import comparison
from tracker.rules.comparison import FEWEST, Share


@pytest.mark.parametrize(
    ("count", "whole", "percent"),
    [
        (0, 0, None),
        (1, FEWEST - 1, None),
        (0, FEWEST, 0),
        (1, FEWEST, 20),
        (1, 8, 13),  # 12.5 is rounded up
        (1, 3000, 0),
        (7, 7, 100),
    ],
)
def test_a_share_is_in_whole_percent_and_only_of_enough(count: int, whole: int, percent: int | None) -> None:
    assert comparison.share(count, whole=whole) == Share(count=count, whole=whole, percent=percent)


def test_what_has_not_started_or_is_exempt_counts_neither_way() -> None:
    counts = {Health.DONE: 3, Health.OFF_TRACK: 2, Health.NOT_STARTED: 90, Health.EXEMPT: 5}
    found = comparison.shares(counts)
    assert comparison.assessed(counts) == 5
    assert {light: (share.count, share.percent) for light, share in found.items() if share.count} == {
        Health.DONE: (3, 60),
        Health.OFF_TRACK: (2, 40),
    }
    assert Health.NOT_STARTED not in found
    assert Health.EXEMPT not in found


def test_the_shares_count_everything_that_is_compared() -> None:
    counts = {light: number for number, light in enumerate(Health, start=1)}
    found = comparison.shares(counts)
    assert sum(share.count for share in found.values()) == comparison.assessed(counts)
