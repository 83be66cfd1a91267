"""What worker and beat leave in the cache to show that they are alive. Reads only; `config.health` leaves the marks.

No models here: beat, which loads none of them, shares the names.
"""

import time
from dataclasses import dataclass
from typing import Final

from django.core.cache import cache
from redis.exceptions import RedisError

HEARTBEAT_SECONDS: Final = 10.0  # how often beat sends the heartbeat task
LIMIT_SECONDS: Final = 35.0  # three missed heartbeats and a little
FRESH_SECONDS: Final = 12  # how long a mark of beat tells its clock: one heartbeat and a little
KEYS: Final = {"worker": "alive:worker", "beat": "alive:beat"}
# Beat's time, which Redis itself lets expire: while it stands, the mark is fresh whatever the clocks say.
FRESH: Final = "alive:beat:fresh"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """The state of Redis, worker and beat (`up`, `down`, `unknown`), and how old their marks are; None: no mark.

    `clock_seconds`: how far beat's clock is ahead of this machine's (negative: behind), to within a heartbeat; None
    while beat leaves no marks.
    """

    redis: str = "up"
    worker: str = "unknown"
    beat: str = "unknown"
    worker_seconds: int | None = None
    beat_seconds: int | None = None
    clock_seconds: int | None = None

    @property
    def parts(self) -> dict[str, str]:
        return {"redis": self.redis, "worker": self.worker, "beat": self.beat}


def pulse() -> Pulse:
    """Redis, worker and beat, in one round trip.

    The worker's heartbeat comes by way of beat and the broker, so nothing is known of a worker while either is down.
    """
    try:
        seen: dict[str, float] = cache.get_many([*KEYS.values(), FRESH])
    except (RedisError, OSError):
        return Pulse(redis="down")
    now = time.time()
    age = {part: now - seen[key] for part, key in KEYS.items() if key in seen}
    beat_lives = FRESH in seen or age.get("beat", LIMIT_SECONDS) < LIMIT_SECONDS
    worker_lives = age.get("worker", LIMIT_SECONDS) < LIMIT_SECONDS
    shown = {part: max(0, round(seconds)) for part, seconds in age.items()}
    return Pulse(
        worker="up" if worker_lives else "down" if beat_lives else "unknown",
        beat="up" if beat_lives else "down",
        worker_seconds=shown.get("worker"),
        beat_seconds=shown.get("beat"),
        clock_seconds=_ahead(now - seen[FRESH]) if FRESH in seen else None,
    )


def _ahead(age: float) -> int:
    """How far a clock is ahead whose fresh mark seems so old: nothing as long as the mark may really be that old."""
    if age < 0:
        return round(-age)
    return -round(max(0.0, age - FRESH_SECONDS))
