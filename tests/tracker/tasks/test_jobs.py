"""The tasks and the command: wiring only. Each task runs twice without harm."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command

from tests.factories import make_cast, make_commitment
from tracker.models import Reminder, ReminderRule, SweepRun
from tracker.tasks import jobs

pytestmark = pytest.mark.django_db

# 07:30 in Shanghai; in UTC it is still the day before.
MORNING = datetime(2026, 6, 8, 23, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def scene():
    with time_machine.travel(MORNING, tick=False):
        cast = make_cast()
        ReminderRule.objects.create(code="on-due", occasion="on_due")
        make_commitment("C-1", title="建园区", department=cast.science, due_on=date(2026, 6, 9))
        yield


def command(*arguments: str) -> str:
    out = StringIO()
    call_command("sweep", *arguments, stdout=out)
    return out.getvalue()


def test_the_sweep_serves_the_day_in_shanghai_and_may_run_twice() -> None:
    jobs.sweep()
    jobs.sweep()
    assert Reminder.objects.get().planned_on == date(2026, 6, 9)
    assert [run.day for run in SweepRun.objects.all()] == [date(2026, 6, 9)] * 2


def test_delivery_may_run_twice() -> None:
    jobs.sweep()
    jobs.deliver()
    jobs.deliver()
    assert len(mail.outbox) == 1


def test_the_command_sweeps_and_delivers() -> None:
    said = command()
    assert "1 reminders planned" in said
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
