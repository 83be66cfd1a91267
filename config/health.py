"""/healthz: are all parts up? And the heartbeats of worker and beat that the answer rests on."""

import time
from typing import Final

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

HEARTBEAT_SECONDS: Final = 10.0  # how often beat sends the heartbeat task
LIMIT_SECONDS: Final = 35.0  # three missed heartbeats and a little
KEYS: Final = {"worker": "alive:worker", "beat": "alive:beat"}


def mark(part: str) -> None:
    """Note that a part is alive now. Called by beat on each tick, and by a worker that runs the heartbeat task."""
    cache.set(KEYS[part], time.time(), timeout=int(LIMIT_SECONDS * 2))


def database() -> str:
    """`up` when the database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "down"
    return "up"


def services() -> dict[str, str]:
    """The state of Redis, worker and beat, in one round trip.

    The worker's heartbeat comes by way of beat and the broker, so nothing is known of a worker while either is down.
    """
    try:
        seen: dict[str, float] = cache.get_many(list(KEYS.values()))
    except (RedisError, OSError):
        return {"redis": "down", "worker": "unknown", "beat": "unknown"}
    now = time.time()
    alive = {part: now - seen.get(key, 0.0) < LIMIT_SECONDS for part, key in KEYS.items()}
    worker = "up" if alive["worker"] else "down" if alive["beat"] else "unknown"
    return {"redis": "up", "worker": worker, "beat": "up" if alive["beat"] else "down"}


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when database, Redis, worker and beat are all up; 503 otherwise, with the state of each."""
    parts = {"database": database(), **services()}
    ok = all(state == "up" for state in parts.values())
    response = JsonResponse({"ok": ok, "parts": parts}, status=200 if ok else 503)
    # A 503 is an answer here, not an error: whoever asks every second while parts start shall not fill the log.
    response._has_been_logged = True  # type: ignore[attr-defined]  # the mark that django.utils.log.log_response looks for
    return response
