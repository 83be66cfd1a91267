"""Retries without harm: a POST that creates something takes effect once for each `client_ref`.

An endpoint writes ``@once`` over its `post`, takes an input that extends `OnceInput`, and answers 201 with a Location.
A repetition with the same reference gets, with 200, what stands at that Location now: nothing of the answer is kept,
and what has left the caller's sight meanwhile is not found. Another body or address under the same reference is
refused (409 `client_ref_reused`).
"""

import functools
from collections.abc import Callable
from hashlib import sha256
from typing import Any, TypeVar
from uuid import UUID

import orjson
from django.db import transaction
from django.urls import resolve
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from tracker.actions import api_writes
from tracker.api.endpoint import Endpoint
from tracker.api.inputs import Input

View = TypeVar("View", bound=Endpoint)
REFERENCE = "client_ref"


class OnceInput(Input):
    """A body that may carry the client's own reference."""

    client_ref = serializers.UUIDField(
        allow_null=True,
        default=None,
        help_text="Your own reference: a retry with it changes nothing and gets what the first one made.",
    )


def once(post: Callable[..., Response]) -> Callable[..., Response]:
    """Let the creation take effect once for each reference; without one it is what it was."""

    @functools.wraps(post)
    def guarded(view: Endpoint, request: Request, **kwargs: Any) -> Response:
        reference = _reference(request)
        if reference is None:
            return post(view, request, **kwargs)
        operation = f"{type(view).__name__}.post"
        with transaction.atomic():
            row, is_new = api_writes.begin(
                reference, operation=operation, fingerprint=_fingerprint(request), by=view.actor
            )
            if is_new:
                answer = post(view, request, **kwargs)
                api_writes.finish(row, location=answer["Location"])
                return answer
        return _standing(request, row.location)

    return guarded


def _reference(request: Request) -> UUID | None:
    """The body's reference; None where there is none or it cannot be read, which the input refuses."""
    try:
        return UUID(str(request.data.get(REFERENCE)))
    except ValueError:
        return None


def _fingerprint(request: Request) -> str:
    said = {name: value for name, value in request.data.items() if name != REFERENCE}
    return sha256(request.path.encode() + b"\0" + orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _standing(request: Request, location: str) -> Response:
    """What a GET of the address answers this caller."""
    found = resolve(location)
    view: Any = found.func.view_class()  # type: ignore[attr-defined]  # every address of the API is a class
    view.setup(request._request, **found.kwargs)
    view.request, view.headers = request, {}
    answer: Response = view.get(request, **found.kwargs)
    answer["Location"] = location
    return answer
