"""Time-proportional progress: only what is over is expected."""

from datetime import date
from decimal import Decimal

import pytest

from tests.tracker.rules.make import milestone
from tracker.rules import progress
from tracker.rules.progress import Schedule

NEW_YEAR, YEAR_END = date(2026, 1, 1), date(2026, 12, 31)


@pytest.mark.parametrize(
    ("today", "percent"),
    [
        (date(2025, 12, 1), "0"),
        (NEW_YEAR, "0"),
        (date(2026, 3, 15), "20"),
        (YEAR_END, "99.73"),
        (date(2027, 1, 1), "100"),
        (date(2030, 1, 1), "100"),
    ],
)
def test_days_that_are_over_are_the_share_of_the_days_planned(today: date, percent: str) -> None:
    share = progress.share_elapsed(NEW_YEAR, YEAR_END, today=today)
    assert share.quantize(Decimal("0.01")) == Decimal(percent)


def test_a_schedule_of_one_day_or_in_the_wrong_order_is_over_after_it() -> None:
    assert progress.share_elapsed(NEW_YEAR, NEW_YEAR, today=NEW_YEAR) == 0
    assert progress.share_elapsed(NEW_YEAR, NEW_YEAR, today=date(2026, 1, 2)) == 100
    assert progress.share_elapsed(YEAR_END, NEW_YEAR, today=YEAR_END) == 0


@pytest.mark.parametrize(
    ("today", "months"),
    [(date(2025, 12, 31), 0), (date(2026, 1, 31), 0), (date(2026, 2, 1), 1), (YEAR_END, 11), (date(2027, 1, 1), 12)],
)
def test_annual_quantities_count_months_that_are_over(today: date, months: int) -> None:
    assert progress.expected(year=2026, today=today) == Decimal(months) * 100 / 12


def test_a_milestone_is_expected_from_the_day_after_its_date_by_its_weight() -> None:
    plan = (milestone(date(2026, 6, 30), weight=10), milestone(date(2026, 3, 31), weight=30))
    for today, percent in [(date(2026, 3, 31), 0), (date(2026, 4, 1), 75), (date(2026, 7, 1), 100)]:
        assert progress.expected(plan, starts_on=NEW_YEAR, due_on=YEAR_END, today=today) == percent


def test_milestones_without_weight_or_date_do_not_replace_the_days() -> None:
    unplanned = (milestone(date(2026, 3, 31), weight=None), milestone(None))
    assert progress.expected(unplanned, starts_on=NEW_YEAR, due_on=YEAR_END, today=date(2026, 3, 15)) == 20


def test_without_dates_nothing_is_expected() -> None:
    assert progress.expected(today=NEW_YEAR) is None
    assert progress.expected(due_on=YEAR_END, today=NEW_YEAR) is None


@pytest.mark.parametrize(
    ("done", "expected", "points", "ratio"),
    [("40", "65", "25", "38.461538"), ("50", "40", "-10", "-25"), ("0", "0", "0", "0"), ("5", "0", "-5", "0")],
)
def test_behind_is_counted_in_points_or_as_a_share_of_what_is_expected(
    done: str, expected: str, points: str, ratio: str
) -> None:
    assert progress.behind(Decimal(done), Decimal(expected)) == Decimal(points)
    assert progress.behind(Decimal(done), Decimal(expected), mode="ratio") == Decimal(ratio)


def test_unknown_progress_is_not_behind() -> None:
    assert progress.behind(None, Decimal(50)) is None
    assert progress.behind(Decimal(50), None) is None


def test_reached_weights_are_progress_and_none_reached_is_unknown() -> None:
    reached, waiting = milestone(actual_on=NEW_YEAR, weight=30), milestone(YEAR_END, weight=10)
    assert progress.from_milestones((reached, waiting)) == 75
    assert progress.from_milestones((waiting,)) is None
    assert progress.from_milestones((milestone(actual_on=NEW_YEAR, weight=None),)) is None


@pytest.mark.parametrize(
    "plan",
    [
        Schedule(),
        Schedule(starts_on=NEW_YEAR, due_on=YEAR_END),
        Schedule(year=2026),
        Schedule(steps=((NEW_YEAR, Decimal("33.33")), (YEAR_END, Decimal(100)))),
    ],
)
def test_a_schedule_survives_its_way_through_a_reason(plan: Schedule) -> None:
    assert Schedule.from_params(plan.to_params()) == plan
