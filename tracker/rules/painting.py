"""Where promises stand in a text: cut it into plain and painted pieces. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

# Half-open places of characters, counted from the text's first one; None: not located.
Span = tuple[int, int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A piece of the text; `span` is the number of the span that it lies in, None between them."""

    text: str
    span: int | None = None


def paint(text: str, spans: Sequence[Span]) -> tuple[list[Piece], list[int]]:
    """The text in pieces, and the numbers of the spans that are not in them, in their order.

    Left over is what is not located, and what overlaps one that begins before it (of two that begin together the
    longer one is painted). Where one span lies outside of the text, the numbers were counted in another text: then
    none is painted, for painting the wrong words would be a lie.
    """
    located = sorted((span[0], -span[1], number) for number, span in enumerate(spans) if span is not None)
    if any(start < 0 or start >= -end or -end > len(text) for start, end, _number in located):
        located = []
    pieces, place = [], 0
    for start, negative_end, number in located:
        if start < place:
            continue
        pieces += [Piece(text=text[place:start]), Piece(text=text[start:-negative_end], span=number)]
        place = -negative_end
    pieces.append(Piece(text=text[place:]))
    painted = {piece.span for piece in pieces}
    return [piece for piece in pieces if piece.text], [number for number in range(len(spans)) if number not in painted]
