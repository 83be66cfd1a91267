"""What the OpenAPI document says of every operation alike: refusals, filters, pages, preconditions."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django_filters import ChoiceFilter, DateFilter, FilterSet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.serializers import Serializer

from tracker.api import paging
from tracker.api.document import lines
from tracker.api.errors import MEDIA_TYPE
from tracker.api.filters import WholeFilter
from tracker.api.serializers import ErrorOutput

View = TypeVar("View", bound=Callable[..., Any])
MEANING = {
    304: "Not changed since the tag in If-None-Match.",
    400: "The input is refused.",
    401: "Not signed in.",
    403: "The role does not allow it.",
    404: "Nothing here that the reader may see.",
    406: "JSON only.",
    409: "The state of things does not allow it now.",
    410: "The cursor is of no use any more; `restart` says where to begin again.",
    412: "Changed meanwhile; `revision` is the one that stands.",
    413: "The body is too large.",
    415: "JSON only.",
    429: "Too many requests.",
    500: "The file is lost or was changed in the store; the administrator is told.",
    503: "The file could not be stored; try again.",
}
LIMIT = {"type": "integer", "minimum": 1, "maximum": paging.LARGEST, "default": paging.DEFAULT}
BODY = (400, 413, 415)
BYTES = "application/octet-stream"
IF_MATCH = OpenApiParameter(
    "If-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, description="The ETag read before; 412 when it changed."
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, description="The ETag read before; 304 when it stands."
)


def operation(
    operation_id: str,
    *,
    tag: str,
    answers: Mapping[int, type[Serializer[Any]] | OpenApiTypes | None],
    refusals: tuple[int, ...] = (),
    takes: type[Serializer[Any]] | None = None,
    parameters: tuple[OpenApiParameter, ...] = (),
    is_open: bool = False,
) -> Callable[[View], View]:
    """Describe one operation; `is_open` ones need no token. Answers of OpenApiTypes.BINARY are files."""
    responses: dict[Any, Any] = {
        (status, BYTES) if shape is OpenApiTypes.BINARY else status: OpenApiResponse(
            shape, description="" if shape else MEANING.get(status, "Done.")
        )
        for status, shape in answers.items()
    }
    always = (406, 429) if is_open else (401, 406, 429)
    for status in sorted({*always, *refusals}):
        responses[status, MEDIA_TYPE] = OpenApiResponse(ErrorOutput, description=MEANING[status])
    decorated: Callable[[View], View] = extend_schema(
        operation_id=operation_id,
        tags=[tag],
        request=takes,
        responses=responses,
        parameters=list(parameters),
        auth=[] if is_open else None,
    )
    return decorated


def filtered(by: type[FilterSet]) -> tuple[OpenApiParameter, ...]:
    """The parameters of a list: its filters, its window."""
    return (
        *(_parameter(name, chosen) for name, chosen in by.base_filters.items()),
        OpenApiParameter("cursor", OpenApiTypes.STR, description="From the `next` of the page before."),
        OpenApiParameter(
            "limit", {"type": "integer", "minimum": 1, "maximum": paging.LARGEST, "default": paging.DEFAULT}
        ),
    )


def _parameter(name: str, chosen: Any) -> OpenApiParameter:
    text = str(chosen.extra.get("help_text", ""))
    if isinstance(chosen, ChoiceFilter):
        values = [value for value, _label in chosen.extra["choices"]]
        if values == ["true", "false"]:
            return OpenApiParameter(name, OpenApiTypes.BOOL, description=text)
        told = "\n\n".join(part for part in (text, lines(chosen.extra["choices"])) if part)
        return OpenApiParameter(name, {"type": "string", "enum": values}, description=told)
    if isinstance(chosen, WholeFilter):
        bounds = {"minimum": chosen.extra["min_value"], "maximum": chosen.extra["max_value"]}
        return OpenApiParameter(name, {"type": "integer", **bounds}, description=text)
    return OpenApiParameter(
        name, OpenApiTypes.DATE if isinstance(chosen, DateFilter) else OpenApiTypes.STR, description=text
    )
