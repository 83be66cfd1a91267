"""/healthz: 200 only when every part is up, and the answer names the part that is not."""

import json
import time
from datetime import date
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.test import RequestFactory

from config import health
from tracker.models import SweepRun
from tracker.queries import heartbeat


@pytest.fixture(autouse=True)
def forget() -> None:
    cache.delete_many([*health.KEYS.values(), heartbeat.FRESH])


def asked(address: str) -> tuple[int, dict[str, Any]]:
    response = health.healthz(RequestFactory().get(address))
    body = json.loads(response.content)
    assert body["ok"] == (response.status_code == 200)
    assert "no-store" in response.headers["Cache-Control"]
    return response.status_code, body


def ask() -> tuple[int, dict[str, str]]:
    status, body = asked("/healthz")
    return status, body["parts"]


@pytest.mark.django_db
def test_all_parts_up() -> None:
    health.mark("worker")
    health.mark("beat")
    assert ask() == (200, {"database": "up", "redis": "up", "worker": "up", "beat": "up"})


@pytest.mark.django_db
def test_nothing_is_known_of_a_worker_while_beat_is_down() -> None:
    assert ask() == (503, {"database": "up", "redis": "up", "worker": "unknown", "beat": "down"})


@pytest.mark.django_db
def test_a_worker_that_stopped_working_is_named() -> None:
    cache.set(health.KEYS["worker"], 0.0)
    health.mark("beat")
    assert ask() == (503, {"database": "up", "redis": "up", "worker": "down", "beat": "up"})


@pytest.mark.django_db
def test_a_silent_redis_is_named(settings) -> None:
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "unix:///nonexistent/valkey.sock?db=1",
        }
    }
    assert ask() == (503, {"database": "up", "redis": "down", "worker": "unknown", "beat": "unknown"})


@pytest.mark.django_db
def test_a_silent_database_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise DatabaseError

    health.mark("worker")
    health.mark("beat")
    monkeypatch.setattr(connection, "cursor", refuse)
    assert ask() == (503, {"database": "down", "redis": "up", "worker": "up", "beat": "up"})


@pytest.mark.django_db
def test_it_costs_five_queries_and_one_for_the_parts_alone(django_assert_num_queries) -> None:
    # is it there; the last sweep; the queue; the last message sent; what other platforms are still to be told. After
    # 08:30 without a sweep: was there ever one?
    with time_machine.travel("2026-11-23T00:00Z"), django_assert_num_queries(5):
        ask()
    with django_assert_num_queries(1):
        assert set(asked("/healthz?only=parts")[1]) == {"ok", "parts"}


@pytest.mark.django_db
def test_the_days_work_is_told_without_names() -> None:
    health.mark("worker")
    health.mark("beat")
    status, body = asked("/healthz")
    assert (status, body["sweep"], body["delivery"], body["beat_clock_seconds"]) == (200, "due", "ok", 0)
    assert body["queue"] == {"waiting": 0, "due": 0, "oldest_seconds": None}
    assert body["subscriptions"] == {"waiting": 0, "oldest_seconds": None}
    assert (body["last_sweep"], body["last_delivery"]) == (None, None)


@pytest.mark.django_db
def test_a_missed_sweep_is_an_alarm_but_no_part_that_is_down() -> None:
    health.mark("worker")
    health.mark("beat")
    with time_machine.travel("2026-11-23T01:00Z", tick=False):  # 09:00 in Shanghai
        health.mark("worker")
        health.mark("beat")
        SweepRun.objects.create(day=date(2026, 11, 22), started_at="2026-11-22T00:00Z", finished_at="2026-11-22T00:01Z")
        status, body = asked("/healthz")
        assert (status, body["ok"], body["sweep"]) == (503, False, "missed")
        assert asked("/healthz?only=parts") == (200, {"ok": True, "parts": body["parts"]})


@pytest.mark.parametrize(("ahead", "told"), [(0, 0), (300, 300), (-8, 0), (-300, -288)])
def test_the_clock_of_beat_is_compared_with_ours_and_beat_is_not_called_dead(ahead: int, told: int) -> None:
    with time_machine.travel("2026-11-23T01:00Z", tick=False):
        cache.set(health.KEYS["beat"], time.time() + ahead, timeout=70)
        cache.set(heartbeat.FRESH, time.time() + ahead, timeout=12)
        found = heartbeat.pulse()
    assert (found.beat, found.clock_seconds) == ("up", told)


def test_a_beat_that_fell_silent_tells_no_time() -> None:
    cache.set(health.KEYS["beat"], time.time() - 20)
    found = heartbeat.pulse()
    assert (found.beat, found.clock_seconds) == ("up", None)


def test_it_only_reads() -> None:
    assert health.healthz(RequestFactory().post("/healthz")).status_code == 405
