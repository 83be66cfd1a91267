"""Reminders: on working days only, a day off is served before it, a missed day once later."""

from datetime import date, timedelta

import pytest

from tracker.choices import ReminderOccasion
from tracker.rules import reminders, workdays
from tracker.rules.reminders import ReminderRuleFacts

BEFORE = ReminderRuleFacts(code="before", occasion=ReminderOccasion.BEFORE_DUE, offsets=(30, 14, 7, 3, 1))
ON = ReminderRuleFacts(code="on", occasion=ReminderOccasion.ON_DUE)
AFTER = ReminderRuleFacts(code="after", occasion=ReminderOccasion.AFTER_DUE, offsets=(7, 14, 21, 28))


def span(first: date, last: date) -> tuple[date, ...]:
    return tuple(first + timedelta(days=offset) for offset in range((last - first).days + 1))


@pytest.mark.parametrize(
    ("today", "last_run", "first", "last"),
    [
        # Tuesday; Friday serves its weekend; before National Day the whole week off.
        (date(2026, 6, 9), None, date(2026, 6, 9), date(2026, 6, 9)),
        (date(2026, 6, 9), date(2026, 6, 8), date(2026, 6, 9), date(2026, 6, 9)),
        (date(2026, 6, 12), date(2026, 6, 11), date(2026, 6, 12), date(2026, 6, 14)),
        (date(2026, 9, 30), date(2026, 9, 29), date(2026, 9, 30), date(2026, 10, 7)),
        # A Friday before a make-up Saturday serves only itself.
        (date(2026, 5, 8), date(2026, 5, 7), date(2026, 5, 8), date(2026, 5, 8)),
        # The weekend was served on Friday; Monday does not serve it again.
        (date(2026, 6, 15), date(2026, 6, 12), date(2026, 6, 15), date(2026, 6, 15)),
        # Two days without a sweep are caught up.
        (date(2026, 6, 11), date(2026, 6, 8), date(2026, 6, 9), date(2026, 6, 11)),
        # The same day again is the same answer.
        (date(2026, 6, 11), date(2026, 6, 11), date(2026, 6, 11), date(2026, 6, 11)),
        # A run on Saturday served nothing: Friday may have been missed.
        (date(2026, 6, 15), date(2026, 6, 13), date(2026, 6, 12), date(2026, 6, 15)),
        # A long silence is not caught up beyond a month.
        (date(2026, 6, 11), date(2025, 6, 11), date(2026, 5, 11), date(2026, 6, 11)),
    ],
)
def test_a_sweep_serves_today_the_days_off_after_it_and_what_was_missed(
    today: date, last_run: date | None, first: date, last: date
) -> None:
    assert reminders.fire_days(today, last_run=last_run) == span(first, last)


@pytest.mark.parametrize("today", [date(2026, 6, 13), date(2026, 10, 1)])
def test_nothing_goes_out_on_a_day_off(today: date) -> None:
    assert reminders.fire_days(today, last_run=date(2026, 1, 1)) == ()


def test_daily_sweeps_serve_every_day_of_the_year_exactly_once() -> None:
    served: list[date] = []
    last_run = date(2025, 12, 31)
    for today in span(date(2026, 1, 1), date(2026, 12, 31)):
        days = reminders.fire_days(today, last_run=last_run)
        served += days
        last_run = today if days else last_run
    assert served == list(span(date(2026, 1, 4), served[-1]))


def test_the_due_dates_of_a_rule_are_keyed_by_the_signed_offset() -> None:
    friday = reminders.fire_days(date(2026, 6, 12), last_run=date(2026, 6, 11))
    assert reminders.due_dates(BEFORE, friday)[-7] == span(date(2026, 6, 19), date(2026, 6, 21))
    assert list(reminders.due_dates(BEFORE, friday)) == [-30, -14, -7, -3, -1]
    assert reminders.due_dates(ON, friday) == {0: span(date(2026, 6, 12), date(2026, 6, 14))}
    assert reminders.due_dates(AFTER, friday)[7] == span(date(2026, 6, 5), date(2026, 6, 7))


def test_a_due_date_at_a_weekend_is_reminded_of_on_friday() -> None:
    friday = reminders.fire_days(date(2026, 6, 12), last_run=date(2026, 6, 11))
    assert reminders.is_due(ON, due_on=date(2026, 6, 14), fire_days=friday)
    assert not reminders.is_due(ON, due_on=date(2026, 6, 15), fire_days=friday)


@pytest.mark.parametrize(
    ("rule", "due_on", "fires_on"),
    [
        (ON, date(2026, 6, 14), date(2026, 6, 12)),
        (BEFORE, date(2026, 6, 30), date(2026, 6, 16)),
        (AFTER, date(2026, 6, 1), date(2026, 6, 15)),
        (AFTER, date(2026, 1, 1), None),
    ],
)
def test_the_next_run_of_a_rule_is_a_working_day(rule: ReminderRuleFacts, due_on: date, fires_on: date | None) -> None:
    found = reminders.next_fire_day(rule, due_on=due_on, today=date(2026, 6, 10))
    assert found == fires_on
    assert found is None or workdays.is_working_day(found)
