"""The daily sweep: lights and outbox together, twice harmless, one bad row or rule never stops the rest."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import override_settings

from tests.factories import make_cast, make_commitment
from tests.reminder_rows import make_channel, make_rule
from tracker.actions import sweep
from tracker.choices import Health, ReminderOccasion, Stage
from tracker.event_kinds import EventKind
from tracker.models import Commitment, Event, HealthRuleSet, Message, Reminder, SweepRun
from tracker.queries import chain

pytestmark = pytest.mark.django_db

TUESDAY = date(2026, 6, 9)
NOW = datetime(2026, 6, 8, 23, 30, tzinfo=UTC)


def counts(run: SweepRun) -> tuple[int, int, int, int]:
    return run.reassessed_count, run.changed_count, run.failed_count, run.reminder_count


def make_scene() -> Commitment:
    cast = make_cast()
    make_channel()
    make_rule("after-due", ladder=[7])
    make_commitment(department=cast.science, due_on=date(2026, 12, 31), recheck_on=date(2026, 7, 1))
    return make_commitment(department=cast.science, due_on=date(2026, 6, 2), recheck_on=TUESDAY, health=Health.ON_TRACK)


def test_a_sweep_turns_the_light_that_time_turns_writes_the_event_and_plans_the_reminder() -> None:
    item = make_scene()
    run = sweep.run(today=TUESDAY, now=NOW)
    assert counts(run) == (1, 1, 0, 1)
    assert (run.day, run.started_at) == (TUESDAY, NOW)
    assert run.finished_at is not None
    assert run.finished_at >= NOW
    item.refresh_from_db()
    assert (item.health, item.health_since) == (Health.OFF_TRACK, TUESDAY)
    event = Event.objects.get(kind=EventKind.HEALTH_CHANGED)
    assert (event.commitment, event.actor) == (item, None)
    assert chain.verify().broken_seq is None


def test_a_second_sweep_on_the_same_day_changes_nothing() -> None:
    make_scene()
    sweep.run(today=TUESDAY, now=NOW)
    before = list(Reminder.objects.values()), Event.objects.count(), list(Commitment.objects.values())
    assert counts(sweep.run(today=TUESDAY, now=NOW + timedelta(minutes=5))) == (0, 0, 0, 0)
    assert (list(Reminder.objects.values()), Event.objects.count(), list(Commitment.objects.values())) == before
    assert SweepRun.objects.count() == 2


def test_a_sweep_cancels_what_was_planned_for_work_that_was_reported() -> None:
    item = make_scene()
    sweep.run(today=TUESDAY, now=NOW)
    Commitment.objects.filter(pk=item.pk).update(stage=Stage.REPORTED_DONE)
    sweep.run(today=TUESDAY, now=NOW)
    assert Reminder.objects.get().state == "cancelled"


def test_a_bad_rule_is_counted_and_does_not_stop_the_others() -> None:
    make_scene()
    bad = make_rule("a-bad-one", occasion=ReminderOccasion.BEFORE_DUE)
    bad.versions.update(ladder="seven")
    assert counts(sweep.run(today=TUESDAY, now=NOW)) == (1, 1, 1, 1)
    bad.refresh_from_db()
    assert bad.last_run_on is None


def test_a_row_that_cannot_be_assessed_is_counted_and_does_not_stop_the_others() -> None:
    item = make_scene()
    HealthRuleSet.objects.create(version="broken", in_force_from=date(2026, 1, 1), parameters={"nonsense": True})
    run = sweep.run(today=TUESDAY, now=NOW)
    assert (run.failed_count, run.reminder_count) == (1, 1)
    item.refresh_from_db()
    assert item.recheck_on == TUESDAY + timedelta(days=1)


def test_a_sweep_makes_the_days_messages_and_counts_them() -> None:
    make_scene()
    assert sweep.run(today=TUESDAY, now=NOW).message_count == 1
    assert sweep.run(today=TUESDAY, now=NOW).message_count == 0
    assert Message.objects.get().lines.count() == 1


@override_settings(REMINDER_CLAIM_SECONDS=300)
def test_a_sweep_is_due_once_a_day_from_half_past_seven_and_again_when_it_was_killed() -> None:
    assert not sweep.is_due(now=NOW - timedelta(minutes=1))
    assert sweep.is_due(now=NOW)
    killed = SweepRun.objects.create(day=TUESDAY, started_at=NOW)
    assert not sweep.is_due(now=NOW + timedelta(minutes=4))
    assert sweep.is_due(now=NOW + timedelta(minutes=6))
    SweepRun.objects.filter(pk=killed.pk).update(finished_at=NOW)
    assert not sweep.is_due(now=NOW + timedelta(minutes=6))
    assert sweep.is_due(now=NOW + timedelta(days=1))
