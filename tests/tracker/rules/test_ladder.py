"""The ladder: which days an audience is told on, and what is not a ladder."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.choices import Audience
from tracker.rules import ladder
from tracker.rules.ladder import Rung


@pytest.mark.parametrize(
    ("rung", "offsets"),
    [
        (Rung(audience=Audience.OFFICER), ()),
        (Rung(audience=Audience.OFFICER, days=(-1, -30, -7)), (-30, -7, -1)),
        (Rung(audience=Audience.OFFICER, days=(7,), every=7, most=3), (7, 14, 21, 28)),
        # The gap grows: 7, then half as long again, each time rounded to a day.
        (Rung(audience=Audience.HEAD, days=(7,), every=4, most=3, growth=150), (7, 11, 17, 26)),
        (Rung(audience=Audience.HEAD, days=(1,), every=2, most=3, growth=200), (1, 3, 7, 15)),
        # Repetition goes on from the last of the days, and not without one.
        (Rung(audience=Audience.HEAD, days=(-3, 0), every=2, most=2), (-3, 0, 2, 4)),
        (Rung(audience=Audience.HEAD, every=2, most=2), ()),
        (Rung(audience=Audience.HEAD, days=(700,), every=100, most=2), (700,)),
    ],
)
def test_a_rung_names_its_days_and_goes_on_as_often_as_it_may(rung: Rung, offsets: tuple[int, ...]) -> None:
    assert rung.offsets == offsets


@pytest.mark.parametrize(
    "stored",
    [
        None, {}, "7", [7], [{}], [{"audience": "mayor", "days": []}], [{"audience": "officer"}],
        [{"audience": "officer", "days": [1.5]}], [{"audience": "officer", "days": [9999]}],
        [{"audience": "officer", "days": list(range(61))}], [{"audience": "officer", "days": [1], "most": 61}],
        [{"audience": "officer", "days": [1], "growth": 99}], [{"audience": "officer", "days": [1], "every": "2"}],
        [{"audience": "officer", "days": [1]}] * 2,
    ],
)  # fmt: skip
def test_what_is_no_ladder_is_refused_with_what_is_wrong(stored: object) -> None:
    with pytest.raises(ValueError, match=r"ladder|rung|audience"):
        ladder.read(stored)


rungs = st.builds(
    Rung,
    audience=st.sampled_from(list(Audience)),
    days=st.lists(st.integers(-730, 730), max_size=8, unique=True).map(lambda days: tuple(sorted(days))),
    every=st.integers(0, 60),
    most=st.integers(0, 60),
    growth=st.integers(100, 1000),
)


@given(st.lists(rungs, max_size=3, unique_by=lambda rung: rung.audience))
def test_what_is_stored_is_read_again_as_it_was(given_rungs: list[Rung]) -> None:
    assert ladder.read(ladder.stored(given_rungs)) == tuple(given_rungs)


@given(rungs)
def test_no_rung_tells_anybody_more_often_than_its_days_and_its_cap(rung: Rung) -> None:
    assert len(rung.offsets) <= len(rung.days) + rung.most
    assert list(rung.offsets) == sorted(set(rung.offsets))
