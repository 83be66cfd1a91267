"""Which headers the answers carry, as the OpenAPI document says it, in both languages."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tracker.api.described import BYTES, IF_MATCH
from tracker.api.document import in_language

TEXT = "string"
WHOLE = "integer"
HEADERS: Mapping[str, tuple[str, Promise]] = {
    "X-Request-ID": (TEXT, _("Names this call in the site’s log.")),
    "RateLimit-Limit": (WHOLE, _("How many calls the window allows that ends first.")),
    "RateLimit-Remaining": (WHOLE, _("How many calls are left in it.")),
    "RateLimit-Reset": (WHOLE, _("In how many seconds the next window begins.")),
    "Retry-After": (WHOLE, _("In how many seconds to try again.")),
    "ETag": (TEXT, _("What was read, for If-None-Match and If-Match.")),
    "Location": (TEXT, _("Where what was made stands, from the root of the host.")),
    "Content-Disposition": (TEXT, _("Under which name to keep the file.")),
}
WINDOW = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")


def with_headers(result: dict[str, Any], **_told: Any) -> dict[str, Any]:
    """A hook of drf-spectacular: every answer names its headers, each described once."""
    result["components"]["headers"] = {
        name: {
            "description": " · ".join(in_language(language, text) for language in ("en", "zh-hans")),
            "schema": {"type": kind},
        }
        for name, (kind, text) in HEADERS.items()
    }
    for operations in result["paths"].values():
        for operation in operations.values():
            for status, told in operation["responses"].items():
                told["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in _names(status, operation)}
    return result


def _names(status: str, operation: Mapping[str, Any]) -> Iterator[str]:
    """The headers of one operation's answer of this status."""
    answers = operation["responses"]
    yield "X-Request-ID"
    if status != "406":  # refused before anybody counts
        yield from WINDOW
    if status == "429":
        yield "Retry-After"
    takes_tag = any(one["name"] == IF_MATCH.name for one in operation.get("parameters", ()))
    if status == "304" or (status in {"200", "201"} and ("304" in answers or "201" in answers or takes_tag)):
        yield "ETag"
    if status == "201" or (status == "200" and "201" in answers):
        yield "Location"
    if BYTES in answers[status].get("content", {}):
        yield "Content-Disposition"
