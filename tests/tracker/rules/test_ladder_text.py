"""Days as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules import ladder_text
from tracker.rules.ladder import LONGEST_OFFSET, MOST_DAYS


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("-30, -14, -7", (-30, -14, -7)),
        ("−30，−14、0；7", (-30, -14, 0, 7)),
        ("７ +14  7", (7, 14)),
        ("", ()),
        ("  ", ()),
    ],
)
def test_days_are_read_whatever_separates_them(text: str, days: tuple[int, ...]) -> None:
    assert ladder_text.read(text) == days


@pytest.mark.parametrize(
    ("text", "piece"), [("7, seven", "seven"), ("1.5", "1.5"), ("731", "731"), ("7天", "7天"), ("8 --7", "--7")]
)
def test_what_is_no_day_is_named(text: str, piece: str) -> None:
    with pytest.raises(ValueError, match=f"^{piece}$"):
        ladder_text.read(text)


@given(st.sets(st.integers(-LONGEST_OFFSET, LONGEST_OFFSET), max_size=MOST_DAYS))
def test_what_is_written_is_read_again(days: set[int]) -> None:
    assert ladder_text.read(ladder_text.written(sorted(days))) == tuple(sorted(days))
