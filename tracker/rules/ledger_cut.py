"""Where a cell ends: a text that Excel would not keep whole is cut and marked, and known again. Pure."""

LONGEST_CELL = 32_767  # what Excel keeps in one cell; it counts an emoji as two signs
CUT = "…"


def fitting(text: str) -> str:
    """The text, or as much of it as one cell keeps, with `CUT` at its end."""
    if length(text) <= LONGEST_CELL:
        return text
    kept = text.encode("utf-16-le", "surrogatepass")[: 2 * (LONGEST_CELL - len(CUT))]
    return kept.decode("utf-16-le", "ignore") + CUT


def is_cut(text: str) -> bool:
    """Whether `fitting` left something out; half an emoji went with it."""
    return text.endswith(CUT) and length(text) >= LONGEST_CELL - 1


def length(text: str) -> int:
    """As Excel counts."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
