"""Reminders: on working days only, a day off is served before it, a missed day once later."""

from datetime import date, timedelta

import pytest

from tracker.choices import Audience, ReminderOccasion
from tracker.rules import reminders
from tracker.rules.ladder import Rung
from tracker.rules.reminders import Ask, RuleFacts
from tracker.rules.workdays import STANDARD, Calendar

OFFICER = Audience.OFFICER


def rule(occasion: ReminderOccasion, *days: int, working: bool = False) -> RuleFacts:
    ladder = (Rung(audience=OFFICER, days=days),)
    return RuleFacts(code=occasion, occasion=occasion, ladder=ladder, counts_working_days=working)


BEFORE = rule(ReminderOccasion.BEFORE_DUE, -30, -14, -7, -3, -1)
ON = rule(ReminderOccasion.ON_DUE, 0)
AFTER = rule(ReminderOccasion.AFTER_DUE, 7, 14, 21, 28)


def asked(facts: RuleFacts, today: date, last_run: date | None, calendar: Calendar = STANDARD) -> list[Ask]:
    return list(reminders.asks(facts, today=today, last_run=last_run, calendar=calendar))


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
    assert reminders.fire_days(today, last_run=last_run, calendar=STANDARD) == span(first, last)


@pytest.mark.parametrize("today", [date(2026, 6, 13), date(2026, 10, 1)])
def test_nothing_goes_out_on_a_day_off(today: date) -> None:
    assert reminders.fire_days(today, last_run=date(2026, 1, 1), calendar=STANDARD) == ()


def test_daily_sweeps_serve_every_day_of_the_year_exactly_once() -> None:
    served: list[date] = []
    last_run = date(2025, 12, 31)
    for today in span(date(2026, 1, 1), date(2026, 12, 31)):
        days = reminders.fire_days(today, last_run=last_run, calendar=STANDARD)
        served += days
        last_run = today if days else last_run
    assert served == list(span(date(2026, 1, 4), served[-1]))


def test_friday_asks_for_what_saturday_and_sunday_would() -> None:
    friday, thursday = date(2026, 6, 12), date(2026, 6, 11)
    before = {ask.offset: ask.anchors for ask in asked(BEFORE, friday, thursday)}
    assert list(before) == [-30, -14, -7, -3, -1]
    assert before[-7] == span(date(2026, 6, 19), date(2026, 6, 21))
    assert asked(ON, friday, thursday) == [
        Ask(audience=OFFICER, offset=0, anchors=span(date(2026, 6, 12), date(2026, 6, 14)))
    ]
    assert asked(AFTER, friday, thursday)[0].anchors == span(date(2026, 6, 5), date(2026, 6, 7))


def test_what_the_office_sends_by_hand_no_day_asks_for() -> None:
    assert asked(rule(ReminderOccasion.BY_HAND, 0), date(2026, 6, 12), None) == []


@pytest.mark.parametrize(
    ("today", "offset", "anchors"),
    [
        # Monday is the first working day after Friday, and after the weekend's days too.
        (date(2026, 6, 15), 1, span(date(2026, 6, 12), date(2026, 6, 14))),
        (date(2026, 6, 16), 1, span(date(2026, 6, 15), date(2026, 6, 15))),
        (date(2026, 6, 16), 2, span(date(2026, 6, 12), date(2026, 6, 14))),
        # Before a date, the same the other way round: Friday is the last working day before Saturday to Monday.
        (date(2026, 6, 12), -1, span(date(2026, 6, 13), date(2026, 6, 15))),
        # On the day: Monday speaks for the weekend before it.
        (date(2026, 6, 15), 0, span(date(2026, 6, 13), date(2026, 6, 15))),
        # The first working day after National Day answers for the whole week off.
        (date(2026, 10, 8), 1, span(date(2026, 9, 30), date(2026, 10, 7))),
    ],
)
def test_working_days_are_counted_as_an_office_counts_them(today: date, offset: int, anchors: tuple[date, ...]) -> None:
    handout = rule(ReminderOccasion.HANDOUT_OPEN, offset, working=True)
    (found,) = asked(handout, today, STANDARD.previous_working_day(today))
    assert sorted(found.anchors) == list(anchors)


@pytest.mark.parametrize("offset", [-7, -1, 0, 1, 3, 7])
def test_each_day_of_the_year_is_the_anchor_of_exactly_one_working_day(offset: int) -> None:
    """Nothing that happens on a day off is forgotten, and nothing is told twice."""
    handout = rule(ReminderOccasion.HANDOUT_OPEN, offset, working=True)
    seen: list[date] = []
    last_run = date(2025, 12, 31)
    for today in span(date(2026, 1, 1), date(2026, 12, 31)):
        for ask in asked(handout, today, last_run):
            seen += ask.anchors
            last_run = today
    assert len(seen) == len(set(seen))
    assert set(span(date(2026, 1, 20), date(2026, 12, 15))) <= set(seen)


def test_a_day_that_the_office_made_a_day_off_is_served_before_it() -> None:
    calendar = Calendar(moved={date(2026, 6, 10): False, date(2026, 6, 13): True})
    assert asked(ON, date(2026, 6, 10), date(2026, 6, 9), calendar) == []
    tuesday, friday = (
        asked(ON, date(2026, 6, 9), date(2026, 6, 8), calendar),
        asked(ON, date(2026, 6, 12), None, calendar),
    )
    assert tuesday[0].anchors == span(date(2026, 6, 9), date(2026, 6, 10))
    assert friday[0].anchors == (date(2026, 6, 12),)


@pytest.mark.parametrize(
    ("facts", "anchor", "fires_on"),
    [
        (ON, date(2026, 6, 14), date(2026, 6, 12)),
        (BEFORE, date(2026, 6, 30), date(2026, 6, 16)),
        (AFTER, date(2026, 6, 1), date(2026, 6, 15)),
        (AFTER, date(2026, 1, 1), None),
        (rule(ReminderOccasion.HANDOUT_OPEN, 3, working=True), date(2026, 6, 9), date(2026, 6, 12)),
    ],
)
def test_the_next_run_of_a_rule_is_a_working_day(facts: RuleFacts, anchor: date, fires_on: date | None) -> None:
    found = reminders.next_fire_day(facts, anchor=anchor, today=date(2026, 6, 10), calendar=STANDARD)
    assert found == fires_on
    assert found is None or STANDARD.is_working_day(found)
