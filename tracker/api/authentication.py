"""Who calls: knox tokens, looked up in the cache for reads.

How a token that was taken away stops working:

- A request that changes something always asks the database: sign-out, expiry and deactivation count at once.
- A read may be answered from the cache, at most `SECONDS` after the database was asked. Sign-out deletes the entry, so
  it counts at once there too; a person who was deactivated, moved or given another role reads as before for at most
  `SECONDS`. The expiry stands in the entry and is compared on every request.
- The key is the token's digest, the entry holds neither token nor password. When the cache does not answer, the
  database does.
"""

import logging
import time
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.core.cache import cache
from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.plumbing import build_bearer_security_scheme_object
from knox.auth import TokenAuthentication as KnoxAuthentication
from knox.crypto import hash_token
from knox.models import AuthToken
from redis.exceptions import RedisError
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from tracker.actions import devices
from tracker.models import User
from tracker.queries import token_cache

logger = logging.getLogger(__name__)

SECONDS = 15
_WANTED = frozenset(
    {"id", "username", "full_name", "role", "department_id", "is_active", "is_demo", "is_staff", "is_superuser"}
)
# In the order of the table, as Model.from_db wants them; a field that is not here loads itself when it is asked for.
_FIELDS = tuple(field.attname for field in User._meta.concrete_fields if field.attname in _WANTED)


class _Entry(NamedTuple):
    expires_at: float | None
    values: tuple[object, ...]


class TokenAuthentication(KnoxAuthentication):  # type: ignore[misc]  # knox has no types
    """`Authorization: Token …`. One instance serves one request."""

    def authenticate(self, request: Request) -> tuple[User, AuthToken] | None:
        self._is_read = request.method in SAFE_METHODS
        answer: tuple[User, AuthToken] | None = super().authenticate(request)
        return answer

    def authenticate_credentials(self, token: bytes) -> tuple[User, AuthToken]:
        try:
            digest = hash_token(token.decode())
        except ValueError:
            raise AuthenticationFailed from None
        if self._is_read and (known := _remembered(digest)):
            return known
        user, auth_token = super().authenticate_credentials(token)
        _remember(user, auth_token)
        _note_use(auth_token.digest)
        return user, auth_token


class DocsSession(SessionAuthentication):
    """The sign-in of the site, for calls from the page of the docs only; nobody else's program may rest on a cookie.

    The page sends a header that no foreign page can send, and Django's token against forged requests with whatever
    changes something. Where the header is missing the session counts for nothing.
    """

    def authenticate(self, request: Request) -> Any:
        if request.META.get("HTTP_X_LUOSHI_DOCS") != "1":
            return None
        return super().authenticate(request)

    def authenticate_header(self, request: Request) -> None:
        """None: the answer to a stranger asks for a token."""
        return None


def _note_use(digest: str) -> None:
    """Let the list of devices say when this one was last at work. The cache is asked first: reads stay reads."""
    try:
        is_due = cache.add(f"{token_cache.key(digest)}:used", 1, timeout=int(devices.NOTED_EVERY.total_seconds()))
    except (RedisError, OSError):
        logger.warning("token cache down")
        return
    if is_due:
        devices.used(digest, now=timezone.now())


def _remembered(digest: str) -> tuple[User, AuthToken] | None:
    try:
        found: Any = cache.get(token_cache.key(digest))
    except (RedisError, OSError):
        logger.warning("token cache down")
        return None
    if found is None:
        return None
    entry = _Entry(*found)
    if entry.expires_at is not None and entry.expires_at <= time.time():
        return None
    user = User.from_db("default", _FIELDS, entry.values)
    expiry = None if entry.expires_at is None else datetime.fromtimestamp(entry.expires_at, tz=UTC)
    return user, AuthToken(digest=digest, user_id=user.pk, expiry=expiry)


def _remember(user: User, auth_token: AuthToken) -> None:
    expires_at = auth_token.expiry.timestamp() if auth_token.expiry else None
    values = tuple(getattr(user, name) for name in _FIELDS)
    try:
        cache.set(token_cache.key(auth_token.digest), (expires_at, values), timeout=SECONDS)
    except (RedisError, OSError):
        logger.warning("token cache down")


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # registers itself by its metaclass
    """How the token stands in the OpenAPI document."""

    target_class = "tracker.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, Any]:
        definition: dict[str, Any] = build_bearer_security_scheme_object(
            header_name="Authorization",
            token_prefix="Token",  # noqa: S106  # the name of the scheme
        )
        return definition
