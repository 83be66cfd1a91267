"""Painting promises in a text: nothing of the text is lost, and the wrong words are never painted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.painting import Span, paint

TEXT = "引育链主企业，提高配套率；建成检测中心。"

CASES: dict[str, tuple[list[Span], list[tuple[str, int | None]], list[int]]] = {
    "nothing promised": ([], [(TEXT, None)], []),
    "one in the middle": ([(7, 12)], [("引育链主企业，", None), ("提高配套率", 0), ("；建成检测中心。", None)], []),
    "two, told in another order": (
        [(13, 19), (0, 6)],
        [("引育链主企业", 1), ("，提高配套率；", None), ("建成检测中心", 0), ("。", None)],
        [],
    ),
    "side by side": ([(0, 6), (6, 12)], [("引育链主企业", 0), ("，提高配套率", 1), ("；建成检测中心。", None)], []),
    "the whole text": ([(0, 20)], [(TEXT, 0)], []),
    "one is not located": ([None, (0, 6)], [("引育链主企业", 1), (TEXT[6:], None)], [0]),
    "two overlap": ([(0, 6), (4, 12)], [("引育链主企业", 0), (TEXT[6:], None)], [1]),
    "one within another": ([(2, 4), (2, 6)], [("引育", None), ("链主企业", 1), (TEXT[6:], None)], [0]),
    "the same words twice": ([(0, 6), (0, 6)], [("引育链主企业", 0), (TEXT[6:], None)], [1]),
    "counted in another text: none is painted": ([(0, 6), (645, 666)], [(TEXT, None)], [0, 1]),
    "beyond the end by one": ([(13, 21)], [(TEXT, None)], [0]),
    "empty": ([(3, 3)], [(TEXT, None)], [0]),
}


@pytest.mark.parametrize(("spans", "pieces", "rest"), CASES.values(), ids=CASES)
def test_a_text_is_painted(spans: list[Span], pieces: list[tuple[str, int | None]], rest: list[int]) -> None:
    found, left = paint(TEXT, spans)
    assert ([(piece.text, piece.span) for piece in found], left) == (pieces, rest)


places = st.none() | st.tuples(st.integers(-2, 30), st.integers(-2, 30))


@given(text=st.text(max_size=25), spans=st.lists(places, max_size=6))
def test_no_word_is_lost_and_no_promise_forgotten(text: str, spans: list[Span]) -> None:
    pieces, rest = paint(text, spans)
    assert "".join(piece.text for piece in pieces) == text
    painted = [piece.span for piece in pieces if piece.span is not None]
    assert sorted([*painted, *rest]) == list(range(len(spans)))
    for piece in pieces:
        if piece.span is not None:
            span = spans[piece.span]
            assert span is not None
            assert piece.text == text[span[0] : span[1]]
