"""/healthz: are all parts up, was the day's work done? And the heartbeats of worker and beat."""

import time
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tracker.queries import heartbeat
from tracker.queries.heartbeat import FRESH, FRESH_SECONDS, HEARTBEAT_SECONDS, KEYS, LIMIT_SECONDS

__all__ = ["HEARTBEAT_SECONDS", "KEYS", "LIMIT_SECONDS", "database", "healthz", "mark"]

# What stands for the day's work while the database does not answer.
UNKNOWN = {
    "sweep": "unknown", "last_sweep": None, "delivery": "unknown", "last_delivery": None, "queue": None,
    "subscriptions": None,
}  # fmt: skip


def mark(part: str) -> None:
    """Note that a part is alive now. Called by beat on each tick, and by a worker that runs the heartbeat task."""
    now = time.time()
    cache.set(KEYS[part], now, timeout=int(LIMIT_SECONDS * 2))
    if part == "beat":
        cache.set(FRESH, now, timeout=FRESH_SECONDS)


def database() -> str:
    """`up` when the database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "down"
    return "up"


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when database, Redis, worker and beat are up, the sweep was not missed and messages go out; 503 otherwise.

    `?only=parts` leaves the day's work out: that is what a start waits for.
    """
    pulse = heartbeat.pulse()
    parts = {"database": database(), **pulse.parts}
    ok = all(state == "up" for state in parts.values())
    answer: dict[str, Any] = {"ok": ok, "parts": parts}
    if request.GET.get("only") != "parts":
        work = _work() if parts["database"] == "up" else UNKNOWN
        late = work["sweep"] == "missed" or work["delivery"] == "stuck"
        answer |= {"ok": ok and not late, **work, "beat_clock_seconds": pulse.clock_seconds}
    response = JsonResponse(answer, status=200 if answer["ok"] else 503)
    # A 503 is an answer here, not an error: whoever asks every second while parts start shall not fill the log.
    response._has_been_logged = True  # type: ignore[attr-defined]  # the mark that django.utils.log.log_response looks for
    return response


def _work() -> dict[str, Any]:
    """The day's work, without names or addresses."""
    from tracker.queries import operations, subscriptions  # not above: beat shares this module and loads no models

    now = timezone.now()
    try:
        found = operations.work(now=now)
        told = subscriptions.waiting_in_all()
    except DatabaseError:
        return UNKNOWN
    queue, waited = found.queue, found.waited(now=now)
    return {
        "sweep": found.sweep,
        "last_sweep": _local(found.last_sweep_at),
        "delivery": found.delivery,
        "last_delivery": _local(found.last_sent_at),
        "queue": {
            "waiting": queue.waiting,
            "due": queue.due,
            "oldest_seconds": None if waited is None else int(waited.total_seconds()),
        },
        "subscriptions": {
            "waiting": told.number,
            "oldest_seconds": int((now - told.oldest_at).total_seconds()) if told.oldest_at else None,
        },
    }


def _local(moment: datetime | None) -> datetime | None:
    return timezone.localtime(moment) if moment else None
