"""/healthz: 200 only when every part is up, and the answer names the part that is not."""

import json

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.test import RequestFactory

from config import health


@pytest.fixture(autouse=True)
def forget() -> None:
    cache.delete_many(list(health.KEYS.values()))


def ask() -> tuple[int, dict[str, str]]:
    response = health.healthz(RequestFactory().get("/healthz"))
    body = json.loads(response.content)
    assert body["ok"] == (response.status_code == 200)
    assert "no-store" in response.headers["Cache-Control"]
    return response.status_code, body["parts"]


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
def test_it_costs_one_query(django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        ask()


def test_it_only_reads() -> None:
    assert health.healthz(RequestFactory().post("/healthz")).status_code == 405
