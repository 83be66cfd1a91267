"""Which screens the wall shows."""

import pytest

from tracker.choices import Health
from tracker.rules import wall
from tracker.rules.wall import LATE, MOST_MINUTES, MOST_PAGES, OVERVIEW, RISK, ROWS


@pytest.mark.parametrize(
    ("late", "risk", "names"),
    [
        (0, 0, [OVERVIEW]),
        (1, 0, [OVERVIEW, LATE]),
        (0, ROWS, [OVERVIEW, RISK]),
        (ROWS + 1, 1, [OVERVIEW, LATE, LATE, RISK]),
        (3000, 3000, [OVERVIEW, *[LATE] * MOST_PAGES, *[RISK] * MOST_PAGES]),
    ],
)
def test_a_list_has_as_many_screens_as_it_fills_and_not_without_end(late: int, risk: int, names: list[str]) -> None:
    found = wall.screens({Health.OFF_TRACK: late, Health.AT_RISK: risk})
    assert [screen.name for screen in found] == names


def test_the_screens_of_a_list_follow_each_other_without_a_gap() -> None:
    found = wall.screens({Health.OFF_TRACK: 3 * ROWS})
    assert [(screen.page, screen.first_row) for screen in found[1:]] == [(1, 0), (2, ROWS), (3, 2 * ROWS)]


@pytest.mark.parametrize(
    ("asked", "minutes"), [(0, 0), (1, 1), (MOST_MINUTES, MOST_MINUTES), (MOST_MINUTES + 1, MOST_MINUTES), (-3, 0)]
)
def test_a_screen_stands_no_longer_than_an_hour(asked: int, minutes: int) -> None:
    assert wall.minutes(asked) == minutes
