"""What all endpoints share: the actor, the day, headers, revisions as ETags."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils import timezone, translation
from rest_framework.authentication import BaseAuthentication
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from projects.errors import DomainError
from tracker import policies
from tracker.api.authentication import TokenAuthentication
from tracker.api.codec import JsonParser, JsonRenderer
from tracker.api.throttles import CallerThrottle, Quota
from tracker.models import User
from tracker.policies import Actor

_TAG = re.compile(r'(?:W/)?"(\d{1,18})[^"]*"')


class Endpoint(APIView):
    """JSON in, JSON out, by token; one person's calls are counted together."""

    authentication_classes: Sequence[type[BaseAuthentication]] = (TokenAuthentication,)
    renderer_classes = (JsonRenderer,)
    parser_classes: Sequence[type[BaseParser]] = (JsonParser,)
    throttle_classes: Sequence[type[BaseThrottle]] = (CallerThrottle,)

    @property
    def actor(self) -> Actor:
        """The person who calls."""
        user = self.request.user
        if not isinstance(user, User):
            raise DomainError("not_signed_in")
        return policies.actor_of(user, request_id=self.request.META.get("LUOSHI_REQUEST_ID", ""))

    @property
    def today(self) -> date:
        return timezone.localdate()

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "private, no-cache")
        quota: Quota | None = request.META.get("LUOSHI_QUOTA")
        if quota is not None:
            response.headers["RateLimit-Limit"] = str(quota.limit)
            response.headers["RateLimit-Remaining"] = str(quota.remaining)
            response.headers["RateLimit-Reset"] = str(quota.reset)
        return response

    def tag(self, revision: int, *seen_with: int) -> str:
        """The ETag of one object for this reader: what is seen depends on scope, language and, in sentences, day.

        `seen_with`: revisions of other objects that the answer shows a part of.
        """
        scope = policies.scope_key(self.actor)
        numbers = "-".join(str(number) for number in (revision, *seen_with))
        return f'"{numbers}-{scope}-{translation.get_language()}-{self.today:%Y%m%d}"'

    def tagged(
        self, body: dict[str, object], *, revision: int, seen_with: Sequence[int] = (), status: int = 200
    ) -> Response:
        """The body with its ETag; 304 and no body when the reader has it already."""
        tag = self.tag(revision, *seen_with)
        if self.request.method == "GET" and self.holds(tag):
            return self.unchanged(tag)
        return Response(body, status=status, headers={"ETag": tag})

    def holds(self, tag: str) -> bool:
        """Whether If-None-Match names this tag."""
        names = self.request.META.get("HTTP_IF_NONE_MATCH", "").split(",")
        return any(name.strip().removeprefix("W/") in {tag, "*"} for name in names)

    @staticmethod
    def unchanged(tag: str) -> Response:
        return Response(status=304, headers={"ETag": tag})

    def expected_revision(self, current: int) -> int | None:
        """The revision that If-Match asks for; None when it asks for nothing or for anything (``*``).

        Only the number at the head of a tag counts, so that a tag read in another language or yesterday still fits.
        Several tags: the current one if it is among them. A tag that is none of ours fits nothing.
        """
        header = self.request.META.get("HTTP_IF_MATCH", "").strip()
        if header in {"", "*"}:
            return None
        numbers = {int(number) for number in _TAG.findall(header)}
        return current if current in numbers else -1
