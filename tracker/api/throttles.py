"""How often one may ask. Fixed windows, one counter each; the answer's headers say what is left."""

import logging
import time
from abc import ABC, abstractmethod
from typing import NamedTuple

from django.core.cache import cache
from django.core.cache.backends.redis import RedisCacheClient
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.settings import api_settings
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

logger = logging.getLogger(__name__)
SECONDS = {"s": 1, "min": 60, "h": 3600}


class Quota(NamedTuple):
    """What one window allows, what is left of it, and in how many seconds the next one begins."""

    limit: int
    remaining: int
    reset: int


class WindowThrottle(BaseThrottle, ABC):
    """Counts calls per window of settings' rate. A cache that does not answer lets everybody through."""

    scope = ""

    @abstractmethod
    def whom(self, request: Request) -> str:
        """Who is counted."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        limit, seconds = parse(str(api_settings.DEFAULT_THROTTLE_RATES[self.scope]))
        now = time.time()
        count = _count(f"rate:{self.scope}:{self.whom(request)}:{int(now // seconds)}", seconds)
        self._wait = seconds - now % seconds
        quota = Quota(limit, max(0, limit - count), int(self._wait) + 1)
        other: Quota | None = request.META.get("LUOSHI_QUOTA")
        # Two windows may count one call; the headers tell of the one that ends first.
        request.META["LUOSHI_QUOTA"] = quota if other is None else min(quota, other, key=lambda one: one.remaining)
        return count <= limit

    def wait(self) -> float:
        return self._wait


class CallerThrottle(WindowThrottle):
    """All calls of one person, whatever the device. For endpoints that are closed to those without a token."""

    scope = "user"

    def whom(self, request: Request) -> str:
        return str(request.user.pk)


class AddressThrottle(WindowThrottle):
    """All calls from one address, whoever calls, also with a token that is none. An office may share one address."""

    scope = "address"

    def whom(self, request: Request) -> str:
        return str(self.get_ident(request))


class SignInThrottle(WindowThrottle):
    """Attempts to sign in from one address, whatever the name."""

    scope = "signin"

    def whom(self, request: Request) -> str:
        return str(self.get_ident(request))


def parse(rate: str) -> tuple[int, int]:
    """``"60/min"`` → (60, 60 seconds). Raises ValueError or KeyError for anything else."""
    count, _slash, unit = rate.partition("/")
    return int(count), SECONDS[unit]


def _count(key: str, seconds: int) -> int:
    """How many calls this one makes; 0 when nobody counts."""
    try:
        # Django's own incr asks twice: whether the key is there, then for one more. INCR makes a key that is not.
        client = getattr(cache, "_cache", None)
        if isinstance(client, RedisCacheClient):
            redis, name = client.get_client(key, write=True), cache.make_key(key)
            count = int(redis.incr(name))
            if count == 1:
                redis.expire(name, seconds + 1)
            return count
        try:
            return cache.incr(key)
        except ValueError:  # the first call of the window
            return 1 if cache.add(key, 1, timeout=seconds + 1) else cache.incr(key)
    except (RedisError, OSError):
        logger.warning("throttle cache down")
        return 0
