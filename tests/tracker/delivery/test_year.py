"""2026 day by day over Nanchong's plan: no day off, one message a person and day, and twice is once."""

import json
import os
import statistics
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import transaction

from tests.tracker.delivery import year as scene
from tests.tracker.delivery.year import AWAY, FIRST, LATE_HOUR, SILENT, Year, at
from tracker.choices import ReminderState
from tracker.models import Message, MessageLine, Preference, Reminder, SiteSettings
from tracker.rules.workdays import STANDARD

pytestmark = [pytest.mark.django_db, pytest.mark.once]
RESULTS = "LUOSHI_YEAR_RESULTS"  # a file that gets the counts as JSON; `scripts.proof` reads it
# Departments with people: enough for every occasion, so that the suite has time for it; all of them when counted.
DEPARTMENTS = None if RESULTS in os.environ else 8
MAKE_UP_DAYS = {
    date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28), date(2026, 5, 9), date(2026, 9, 20), date(2026, 10, 10),
}  # fmt: skip


@pytest.fixture(scope="module")
def year(django_db_setup: None, django_db_blocker: Any) -> Iterator[Year]:
    """The whole year, lived once for the module in a transaction of its own."""
    with (
        django_db_blocker.unblock(),
        time_machine.travel(at(FIRST, 6), tick=False) as clock,
        transaction.atomic(),
    ):
        lived = Year(clock=clock, departments=DEPARTMENTS)
        lived.begin()
        lived.live()
        keep(lived)
        yield lived
        transaction.set_rollback(True)


def test_something_goes_out_all_year_and_everybody_is_told(year: Year) -> None:
    assert len(year.letters) > 200
    assert {letter.day.month for letter in year.letters} == set(range(1, 13))
    occasions = set(Reminder.objects.values_list("occasion", flat=True))
    assert len(occasions) >= 10, occasions


def test_nothing_goes_out_on_a_day_off_and_make_up_days_are_worked(year: Year) -> None:
    days = {letter.day for letter in year.letters}
    assert all(STANDARD.is_working_day(day) for day in days)
    assert {day for day in days if day.weekday() >= 5} <= MAKE_UP_DAYS
    assert {day for day in days if day.weekday() >= 5}, "the calendar's working weekends are days as any other"
    assert not Reminder.objects.exclude(planned_on__in=[day for day in scene.days() if STANDARD.is_working_day(day)])


def test_nobody_gets_two_messages_a_day(year: Year) -> None:
    assert max(Counter((letter.day, letter.person) for letter in year.letters).values()) == 1


def test_the_cap_holds_in_what_is_shown_and_what_is_beyond_counts_as_told(year: Year) -> None:
    most = SiteSettings().digest_lines
    assert max(letter.matters for letter in year.letters) <= most
    assert min(letter.matters for letter in year.letters) >= 1


def test_the_quiet_hours_and_a_personal_hour_hold(year: Year) -> None:
    late = Preference.objects.get(hour=LATE_HOUR).user.username
    hours: dict[bool, set[int]] = {True: set(), False: set()}
    for letter in year.letters:
        hours[letter.person == late].add(letter.hour)
    assert hours == {False: {8}, True: {LATE_HOUR}}


def test_while_somebody_is_away_the_deputy_is_told(year: Year) -> None:
    away = Preference.objects.select_related("user", "deputy").get(deputy__isnull=False)
    assert away.deputy is not None
    told = Counter(letter.person for letter in year.letters if AWAY[0] <= letter.day <= AWAY[1])
    assert told[away.user.username] == 0
    owed = Reminder.objects.filter(recipient=away.user, planned_on__range=AWAY, state=ReminderState.SENT)
    assert owed.exists()
    assert set(MessageLine.objects.filter(reminder__in=owed).values_list("message__recipient", flat=True)) == {
        away.deputy_id
    }


def test_a_week_without_sweeps_is_caught_up_once(year: Year) -> None:
    assert not [letter for letter in year.letters if SILENT[0] <= letter.day <= SILENT[1]]
    monday = SILENT[1] + scene.ONE_DAY
    missed = Reminder.objects.filter(planned_on=monday, occasion__in=["before_due", "on_due", "after_due"])
    gaps = {(row.planned_on - row.due_on).days - row.offset for row in missed}
    assert max(gaps) > 2, "reminders of the missed days are among them"
    assert max(gaps) <= (monday - SILENT[0]).days
    told = Counter(letter.person for letter in year.letters if letter.day == monday)
    assert max(told.values()) == 1


def test_every_reminder_that_was_not_taken_back_is_told_by_exactly_one_message(year: Year) -> None:
    assert not Reminder.objects.filter(state=ReminderState.PLANNED, planned_on__lt=date(2026, 12, 31)).exists()
    sent = Reminder.objects.filter(state=ReminderState.SENT)
    assert sent.count() == MessageLine.objects.count() >= sum(Message.objects.values_list("line_count", flat=True)) > 0
    assert Message.objects.filter(state="sent").count() == len(year.letters)


def test_the_same_year_a_second_time_writes_and_sends_nothing(year: Year) -> None:
    before = contents()
    assert year.again() == 0
    assert contents() == before


def contents() -> tuple[list[Any], ...]:
    return (
        list(Reminder.objects.order_by("pk").values()),
        list(Message.objects.order_by("pk").values()),
        list(MessageLine.objects.order_by("pk").values()),
    )


def keep(year: Year) -> None:
    """Write the counts down, where somebody asked for them."""
    if not (path := os.environ.get(RESULTS)):
        return
    found: dict[str, list[int]] = {}
    for person, count in year.counts().items():
        found.setdefault(person.partition("-")[0], []).append(count)
    most = Counter((letter.day, letter.person) for letter in year.letters)
    figures = {
        who: [len(counts), min(counts), statistics.median(counts), max(counts)] for who, counts in sorted(found.items())
    }
    told = {"people": figures, "messages": len(year.letters), "reminders": Reminder.objects.count(),
            "days": len({letter.day for letter in year.letters}), "most_a_day": max(most.values()),
            "most_matters": max(letter.matters for letter in year.letters)}  # fmt: skip
    Path(path).write_text(json.dumps(told), encoding="utf-8")
