"""A target in words: the gap, what may come, and why nothing can be said."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from tests.tracker.rules.make import ENTERPRISES
from tracker.choices import Comparator
from tracker.rules.forecast import forecast
from tracker.rules.targets import TargetFacts
from tracker.web import present_targets

TODAY = date(2026, 11, 22)
READ = replace(
    ENTERPRISES,
    latest_on=date(2025, 12, 31),
    latest_value=Decimal(229),
    readings=((date(2024, 12, 31), Decimal(214)), (date(2025, 12, 31), Decimal(229))),
)
FALL = replace(READ, comparator=Comparator.AT_MOST, value=Decimal(150), growth_percent=None)


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("known", "today", "said"),
    [
        (READ, TODAY, "needs 14.4 % a year, now 6.7 %"),
        (FALL, TODAY, "has to fall by 34.5 % a year, now 6.7 %"),
        (replace(READ, latest_value=Decimal(190)), TODAY, "needs 37.9 % a year, now −2.8 %"),
        (replace(READ, latest_value=Decimal(262)), TODAY, "the latest reading reaches the goal"),
        (replace(READ, base_value=None), TODAY, "the base of 2023 is not known, so no percentage"),
        (ENTERPRISES, TODAY, "no reading since the base, so no pace"),
        (replace(READ, growth_percent=None), TODAY, "no target value, so no pace"),
        (READ, date(2027, 1, 1), "the due date has passed and the goal is not reached"),
        (replace(READ, base_year=None), TODAY, "the pace cannot be said"),
    ],
)
def test_the_gap_is_said_in_plain_words_or_why_it_cannot_be(known: TargetFacts, today: date, said: str) -> None:
    assert present_targets.gap_or_why(known, today=today) == said


@pytest.mark.parametrize("today", [date(2027, 1, 1)])
def test_after_the_due_date_no_pace_is_asked_for(today: date) -> None:
    assert present_targets.gap(READ, today=today) == ""


def test_the_outlook_names_the_middle_its_band_and_what_is_missing():
    found = forecast(READ, today=TODAY)
    said = "At this pace about 244 户 (244–245) on 31 December 2026: 18 户 short of the goal."
    assert present_targets.outlook(READ, found) == said


def test_the_outlook_says_when_the_goal_would_be_reached():
    easy = replace(READ, growth_percent=Decimal(10))
    assert present_targets.outlook(easy, forecast(easy, today=TODAY)).endswith(": the goal would be reached.")


def test_without_a_forecast_nothing_is_said():
    assert present_targets.outlook(ENTERPRISES, None) == ""
