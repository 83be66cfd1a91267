"""Under which key a token of the API is kept in the cache, and how it is dropped from there."""

import logging
from collections.abc import Iterable

from django.core.cache import cache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


def key(digest: str) -> str:
    """Where the token of this digest is kept."""
    return f"api-token:{digest}"


def forget(digests: Iterable[str]) -> None:
    """Drop cached tokens: they are asked for in the database from now on."""
    try:
        cache.delete_many([key(digest) for digest in digests])
    except (RedisError, OSError):
        logger.warning("token cache down")
