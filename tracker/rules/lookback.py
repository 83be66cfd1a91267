"""The random sample of a look-back 回头看: a draw that anybody can repeat with a pencil and a hash. Pure."""

import hashlib
from collections.abc import Iterable


def rank(code: str, *, seed: str) -> str:
    """Where a commitment stands in the draw: the SHA-256 of "seed:code" in UTF-8, as 64 hexadecimal digits."""
    return hashlib.sha256(f"{seed}:{code}".encode()).hexdigest()


def draw(codes: Iterable[str], *, seed: str, size: int) -> tuple[str, ...]:
    """The sample in the order of the draw: the codes sorted by `rank`, the first ``size`` of them.

    The order of ``codes`` does not matter, and a code that is given twice counts once. Fewer codes than ``size`` are
    all drawn. The page of a sample shows the same recipe for a shell.
    """
    return tuple(sorted(set(codes), key=lambda code: (rank(code, seed=seed), code))[:size])
