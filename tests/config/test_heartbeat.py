"""A real worker and a real beat on a real Valkey: their heartbeats arrive, and stop when they do."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from config import health
from config.supervisor import Child, Supervisor

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 60  # generous: two Djangos start on two busy cores

pytestmark = pytest.mark.worker


@pytest.fixture
def keeper(tmp_path: Path) -> Iterator[Supervisor]:
    made = Supervisor(cwd=ROOT, logs=tmp_path / "log", say=lambda _: None)
    yield made
    made.stop()


def test_heartbeats_arrive_and_a_killed_worker_comes_back(keeper: Supervisor, redis_url: str, tmp_path: Path) -> None:
    environment = {
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "REDIS_URL": redis_url,
        "LUOSHI_VAR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'luoshi.sqlite3'}",
    }
    celery = [sys.executable, "-m", "celery", "-A", "config.celery"]
    worker = Child(
        name="worker", command=[*celery, "worker", "--pool", "threads", "--concurrency", "1"], env=environment
    )
    beat = Child(name="beat", command=[*celery, "beat"], env=environment)
    with redis.Redis.from_url(redis_url) as client:
        client.flushdb()

        def seen(part: str) -> bool:
            return bool(client.exists(f"luoshi:1:{health.KEYS[part]}"))

        keeper.add(worker)
        keeper.add(beat)
        keeper.wait_for("both heartbeats", lambda: seen("worker") and seen("beat"), seconds=SECONDS)

        assert worker.process is not None
        os.kill(worker.process.pid, signal.SIGKILL)
        time.sleep(0.5)  # what it was doing is over
        client.delete(f"luoshi:1:{health.KEYS['worker']}")
        keeper.wait_for("the new worker's heartbeat", lambda: seen("worker"), seconds=SECONDS)
