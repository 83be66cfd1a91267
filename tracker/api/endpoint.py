"""What all endpoints share: the actor, the day, headers, revisions as ETags."""

import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from django.utils import timezone, translation
from rest_framework.authentication import BaseAuthentication
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from projects.errors import DomainError
from projects.queries import clock
from tracker import policies
from tracker.api import compression
from tracker.api.authentication import DocsSession, TokenAuthentication
from tracker.api.codec import JsonParser, JsonRenderer
from tracker.api.throttles import AddressThrottle, CallerThrottle, Quota, WindowThrottle
from tracker.models import User
from tracker.policies import Actor

_TAG = re.compile(r'(?:W/)?"(\d{1,18})[^"]*"')


class Endpoint(APIView):
    """JSON in, JSON out, by token; one person's calls are counted together."""

    authentication_classes: Sequence[type[BaseAuthentication]] = (TokenAuthentication,)
    renderer_classes = (JsonRenderer,)
    parser_classes: Sequence[type[BaseParser]] = (JsonParser,)
    throttle_classes: Sequence[type[BaseThrottle]] = (CallerThrottle,)
    # Inputs that stand within another one, by the name that actions know them by: their path.
    nested: ClassVar[Mapping[str, str]] = {}

    def get_authenticators(self) -> list[BaseAuthentication]:
        """Tokens; besides, for the page of the docs, its session, which the description does not offer to clients."""
        found = super().get_authenticators()
        has_page = self.authentication_classes == Endpoint.authentication_classes
        return [*found, DocsSession()] if has_page and not getattr(self, "swagger_fake_view", False) else found

    def handle_exception(self, exc: Exception) -> Response:
        return super().handle_exception(self.placed(exc))

    def placed(self, exc: Exception) -> Exception:
        """A refusal with the whole path of its input."""
        if isinstance(exc, DomainError):
            exc.field = self.nested.get(exc.field, exc.field)
        return exc

    def perform_authentication(self, request: Request) -> None:
        """Count the address before anybody is looked up, so that guessing tokens is counted too."""
        self.throttled_by(AddressThrottle(), request)
        super().perform_authentication(request)

    def throttled_by(self, throttle: WindowThrottle, request: Request) -> None:
        """Refuse the call when this window is full."""
        if not throttle.allow_request(request, self):
            self.throttled(request, throttle.wait())

    @property
    def body(self) -> dict[str, Any]:
        """What came in; the parsers take nothing but one object."""
        assert isinstance(self.request.data, dict)
        return self.request.data

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
        if isinstance(response, Response):
            compression.offer(request, response)
        return response

    def tag(self, revision: int, *seen_with: int) -> str:
        """An ETag for this reader: what is seen depends on scope, language and, in sentences, day.

        `seen_with`: what else the answer depends on.
        """
        scope = policies.scope_key(self.actor)
        numbers = "-".join(str(number) for number in (revision, *seen_with))
        return f'"{numbers}-{scope}-{translation.get_language()}-{self.today:%Y%m%d}"'

    def whole_tag(self, revision: int, *, seen_at: int) -> str:
        """The ETag of one thing: its own revision, for `If-Match`, then the clock's and the person.

        An answer shows names of other things, and a renaming stamps none of those that show the name.
        `seen_at`: what the clock showed before the rows were read; the tag may be too old, never too new.
        """
        return self.tag(revision, seen_at, self.actor.user_id or 0)

    def list_tag(self) -> str:
        """The ETag of a list: it stands while nothing that anybody sees changes, for this person and this question.

        Ask for it before the rows: what changes in between makes the tag too old, never too new.
        """
        asked = zlib.crc32(self.request.get_full_path().encode())
        return self.tag(clock.revision(), self.actor.user_id or 0, asked)

    def listing(self, make: Callable[[], dict[str, object]]) -> Response:
        """A list with its tag; a bare 304 before its rows are read, when the reader has it already."""
        tag = self.list_tag()
        return self.unchanged(tag) if self.holds(tag) else Response(make(), headers={"ETag": tag})

    def tagged(
        self, body: dict[str, object], *, revision: int, seen_at: int | None = None, status: int = 200
    ) -> Response:
        """The body with its ETag; 304 and no body when the reader has it already. `seen_at` None: a bare number."""
        tag = self.tag(revision) if seen_at is None else self.whole_tag(revision, seen_at=seen_at)
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
