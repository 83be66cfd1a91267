"""The beat table and the options that the outbox rests on."""

import sys
from zoneinfo import ZoneInfo

import pytest
from celery.schedules import crontab
from django.core.cache import cache

from config import celery, health


def test_every_entry_of_the_beat_table_names_a_task_that_exists() -> None:
    celery.app.loader.import_default_modules()
    missing = {entry["task"] for entry in celery.app.conf.beat_schedule.values()} - set(celery.app.tasks)
    assert not missing


def test_the_sweep_is_rung_for_every_five_minutes_of_the_day_in_shanghai() -> None:
    schedule = celery.app.conf.beat_schedule["sweep"]["schedule"]
    assert schedule.hour == {*range(7, 24)}
    assert schedule.minute == {*range(0, 60, 5)}
    assert celery.app.timezone == ZoneInfo("Asia/Shanghai")


def test_delivery_looks_every_minute_and_drops_what_is_late() -> None:
    entry = celery.app.conf.beat_schedule["deliver"]
    assert entry["schedule"] == crontab()
    assert entry["options"]["expires"] < 60


def test_a_message_is_acknowledged_after_the_work() -> None:
    conf = celery.app.conf
    assert (conf.task_acks_late, conf.task_reject_on_worker_lost, conf.worker_prefetch_multiplier) == (True, True, 1)
    assert conf.task_ignore_result


def test_the_heartbeat_marks_the_worker() -> None:
    cache.delete(health.KEYS["worker"])
    celery.heartbeat.apply()
    assert cache.get(health.KEYS["worker"])


def test_the_whole_app_is_loaded_here_and_only_beat_does_without() -> None:
    assert "beat" not in sys.argv
    assert not celery.SENDS_ONLY


@pytest.mark.parametrize("name", ["sweep", "deliver", "heartbeat"])
def test_every_message_expires(name: str) -> None:
    assert celery.app.conf.beat_schedule[name]["options"]["expires"] > 0
