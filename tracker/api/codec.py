"""JSON in and out, by orjson. A body is measured before it is read."""

from collections.abc import Mapping
from decimal import Decimal
from typing import IO, Any

import orjson
from django.conf import settings
from django.utils.functional import Promise
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer

from projects.errors import DomainError


class JsonRenderer(BaseRenderer):
    """Bytes of UTF-8. Only what orjson cannot write takes the slow way: translated text and decimals."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> bytes:
        return b"" if data is None else orjson.dumps(data, default=_plain)


class JsonParser(BaseParser):
    """One JSON object of at most settings.API_MAX_BYTES; anything longer is refused before it is read."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        body = stream.read(settings.API_MAX_BYTES + 1)
        if len(body) > settings.API_MAX_BYTES:
            raise DomainError("body_too_large", kilobytes=settings.API_MAX_BYTES // 1024)
        try:
            data = orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise ParseError from error
        if not isinstance(data, dict):
            raise ParseError
        return data


def _plain(value: object) -> str:
    if isinstance(value, Promise | Decimal):
        return str(value)
    raise TypeError(f"not JSON: {type(value)}")
