"""Keyset pages: after a key, never by number, never counted. Any depth costs the same."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

from django.core import signing
from rest_framework.request import Request

from projects.errors import DomainError

DEFAULT, LARGEST = 50, 200
PARAMETERS = frozenset({"cursor", "limit"})
Row = TypeVar("Row")


class Window(NamedTuple):
    """What the caller wants: the rows after this key (None: from the first), at most so many."""

    after: str | None
    limit: int


def window(request: Request) -> Window:
    """Read `cursor` and `limit`. A cursor is signed and belongs to the list that gave it.

    Raises:
        DomainError: a limit that is no number from 1 to 200, a cursor that we did not write or that was cut.
    """
    limit = limit_of(request, default=DEFAULT, largest=LARGEST)
    cursor = request.query_params.get("cursor")
    if cursor is None:
        return Window(None, limit)
    try:
        return Window(_signer(request).unsign_object(cursor)[0], limit)
    except (signing.BadSignature, ValueError):
        raise DomainError("cursor_unknown", field="cursor") from None


def limit_of(request: Request, *, default: int, largest: int) -> int:
    """How many rows a page may have. Raises DomainError for what is no number from 1 to the largest."""
    raw = request.query_params.get("limit")
    limit = default if raw is None else int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 4 else 0
    if not 1 <= limit <= largest:
        raise DomainError("limit_out_of_range", field="limit", largest=largest)
    return limit


def page(
    request: Request,
    at: Window,
    rows: Sequence[Row],
    *,
    shape: Callable[[Row], dict[str, object]],
    key: Callable[[Row], str],
) -> dict[str, object]:
    """One page. `rows` holds one row more than the window when there is a next page."""
    shown = rows[: at.limit]
    more = len(rows) > at.limit
    return {
        "results": [shape(row) for row in shown],
        "next": _next(request, key(shown[-1])) if more else None,
    }


def following(request: Request, key: str | None) -> str | None:
    """Where the page after this key stands; None after the last one. For queries that find the key by themselves."""
    return _next(request, key) if key else None


def _next(request: Request, key: str) -> str:
    params = request.query_params.copy()
    params["cursor"] = _signer(request).sign_object([key])
    return f"{request.path}?{params.urlencode()}"


def _signer(request: Request) -> signing.Signer:
    return signing.Signer(salt=f"luoshi.api.cursor:{request.path}")
