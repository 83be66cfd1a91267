"""Retries without harm: a POST that creates something takes effect once for each `client_ref`.

An endpoint writes ``@once`` over its `post`, takes an input that extends `OnceInput`, and answers 201 with a Location.
A repetition with the same reference gets, with 200, what stands at that Location now: nothing of the answer is kept,
and what has left the caller's sight meanwhile is not found. Another body or address under the same reference is
refused (409 `client_ref_reused`).
"""

import functools
from collections.abc import Callable, Mapping
from hashlib import file_digest, sha256
from typing import Any, TypeVar
from urllib.parse import unquote
from uuid import UUID

import orjson
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.urls import resolve
from rest_framework.request import Request
from rest_framework.response import Response

from tracker.actions import api_writes
from tracker.api.endpoint import Endpoint
from tracker.api.inputs import Input, ReferenceField

Prepared = TypeVar("Prepared")
REFERENCE = "client_ref"


class OnceInput(Input):
    """A body that may carry the client's own reference."""

    client_ref = ReferenceField(
        allow_null=True,
        default=None,
        help_text="Your own reference: a retry with it changes nothing and gets what the first one made.",
    )


def once(post: Callable[..., Response]) -> Callable[..., Response]:
    """Let the creation take effect once for each reference; without one it is what it was."""

    @functools.wraps(post)
    def guarded(view: Endpoint, request: Request, **kwargs: Any) -> Response:
        return take(view, request, lambda _nothing: post(view, request, **kwargs), prepare=lambda: None)

    return guarded


def take(
    view: Endpoint, request: Request, create: Callable[[Prepared], Response], *, prepare: Callable[[], Prepared]
) -> Response:
    """What `once` does, for what has slow work to do first: files are judged and kept outside the transaction.

    Args:
        prepare: done before the transaction, and not at all for a repetition that comes after the first one's end.
        create: makes it of what was prepared; answers with a Location.
    """
    reference = _reference(view.body)
    if reference is None:
        return create(prepare())
    name, print_ = f"{type(view).__name__}.post", _fingerprint(request.path, view.body)
    location = api_writes.made(reference, operation=name, fingerprint=print_, by=view.actor)
    if not location:
        prepared = prepare()
        with transaction.atomic():
            row, is_new = api_writes.begin(reference, operation=name, fingerprint=print_, by=view.actor)
            if is_new:
                answer = create(prepared)
                api_writes.finish(row, location=answer["Location"])
                return answer
        location = row.location
    return _standing(request, location)


def _reference(body: Mapping[str, Any]) -> UUID | None:
    """The body's reference; None where there is none or it cannot be read, which the input refuses."""
    try:
        return UUID(str(body.get(REFERENCE)))
    except ValueError:
        return None


def _fingerprint(path: str, body: Mapping[str, Any]) -> str:
    said = {name: value for name, value in body.items() if name != REFERENCE}
    written = orjson.dumps(said, default=_content, option=orjson.OPT_SORT_KEYS)
    return sha256(path.encode() + b"\0" + written).hexdigest()


def _content(value: object) -> list[str]:
    """A file that was sent: its name and what is in it."""
    if not isinstance(value, UploadedFile):
        raise TypeError(f"not JSON: {type(value)}")
    value.seek(0)
    digest = file_digest(value, "sha256").hexdigest()
    value.seek(0)
    return [value.name or "", digest]


def _standing(request: Request, location: str) -> Response:
    """What a GET of the address answers this caller."""
    found = resolve(unquote(location))
    view: Any = found.func.view_class()  # type: ignore[attr-defined]  # every address of the API is a class
    view.setup(request._request, **found.kwargs)
    view.request, view.headers = request, {}
    answer: Response = view.get(request, **found.kwargs)
    answer["Location"] = location
    return answer
