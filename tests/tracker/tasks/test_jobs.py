"""The tasks and the command: wiring only. Each task runs twice without harm."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command

from config.celery import app
from tests.factories import make_cast, make_commitment
from tests.reminder_rows import make_channel, make_rule
from tracker.models import Channel, Reminder, SweepRun
from tracker.tasks import jobs

pytestmark = pytest.mark.django_db

# 07:30 in Shanghai; in UTC it is still the day before.
MORNING = datetime(2026, 6, 8, 23, 30, tzinfo=UTC)
OFFICE_HOURS = datetime(2026, 6, 9, 0, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(MORNING, tick=False) as traveller:
        make_channel()
        cast = make_cast()
        make_rule("on-due", ladder=[0])
        make_commitment("C-1", title="建园区", department=cast.science, due_on=date(2026, 6, 9))
        app.conf.task_always_eager = True
        yield traveller
        app.conf.task_always_eager = False


def command(*arguments: str) -> str:
    out = StringIO()
    call_command("sweep", *arguments, stdout=out)
    return out.getvalue()


def test_the_sweep_serves_the_day_in_shanghai_and_a_second_ring_finds_it_done() -> None:
    jobs.sweep()
    jobs.sweep()
    assert Reminder.objects.get().planned_on == date(2026, 6, 9)
    assert [run.day for run in SweepRun.objects.all()] == [date(2026, 6, 9)]


def test_delivery_waits_for_the_hour_and_may_run_twice(clock) -> None:
    jobs.sweep()
    jobs.deliver()
    assert not mail.outbox
    clock.move_to(OFFICE_HOURS)
    jobs.deliver()
    jobs.deliver()
    assert len(mail.outbox) == 1


def test_a_ring_that_comes_late_looks_at_the_hour_and_the_channel_again(clock) -> None:
    jobs.sweep()
    channel = Channel.objects.get()
    jobs.deliver_by(channel.pk)
    clock.move_to(OFFICE_HOURS)
    Channel.objects.update(retry_at=datetime(2026, 6, 9, 0, 5, tzinfo=UTC))
    jobs.deliver_by(channel.pk)
    Channel.objects.update(retry_at=None, is_active=False)
    jobs.deliver_by(channel.pk)
    assert not mail.outbox
    Channel.objects.update(is_active=True)
    jobs.deliver_by(channel.pk)
    assert len(mail.outbox) == 1


def test_the_command_sweeps_and_delivers(clock) -> None:
    clock.move_to(OFFICE_HOURS)
    said = command()
    assert "1 reminders planned, 1 messages made" in said
    assert "1 messages sent, 0 failed" in said
    assert len(mail.outbox) == 1


def test_the_command_can_leave_delivery_to_the_worker() -> None:
    assert "Delivery" not in command("--no-deliver")
    assert Reminder.objects.get().state == "planned"


def test_the_dry_run_lists_who_would_get_what_and_writes_nothing() -> None:
    said = command("--dry-run")
    assert "Lin <lin@example.invalid>: C-1 建园区, due 2026-06-09 (on-due +0)" in said
    assert "1 reminders to 1 people" in said
    assert not Reminder.objects.exists()
    assert not SweepRun.objects.exists()
    assert not mail.outbox


def test_a_missed_sweep_is_logged_once_a_day_and_changes_nothing(caplog) -> None:
    cache.clear()
    SweepRun.objects.create(day=date(2026, 6, 8), started_at=MORNING - timedelta(days=1))
    with time_machine.travel(MORNING + timedelta(hours=2), tick=False):
        for _ in range(3):
            jobs.watch()
    assert [(record.levelname, record.message) for record in caplog.records] == [("ERROR", "sweep missed")]
    assert SweepRun.objects.count() == 1
