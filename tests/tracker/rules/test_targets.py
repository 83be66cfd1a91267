"""Targets: goals, paths, shares and pace, each only from what is known."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from projects.choices import Direction
from tests.tracker.rules.make import ENTERPRISES, reading
from tracker.choices import Comparator
from tracker.rules import targets
from tracker.rules.targets import Pace, TargetFacts, TargetProgress

YEAR_END = date(2026, 12, 31)
DECLINE = TargetFacts(
    comparator=Comparator.DECLINE_AT_LEAST,
    growth_percent=Decimal("13.5"),
    base_year=2023,
    base_value=Decimal(50),
    due_on=YEAR_END,
    unit="吨标准煤",
)
BAND = TargetFacts(comparator=Comparator.RANGE, value=Decimal(10), value_max=Decimal(20), due_on=YEAR_END)


@pytest.mark.parametrize(
    ("target", "goal"),
    [
        (ENTERPRISES, "262"),
        (replace(ENTERPRISES, unit="亿元"), "261.3"),
        (replace(ENTERPRISES, base_value=Decimal(200)), "260"),
        (replace(ENTERPRISES, base_value=None), None),
        (replace(ENTERPRISES, growth_percent=None), None),
        (replace(ENTERPRISES, base_value=Decimal(-10), unit="亿元"), "-7"),
        (DECLINE, "43.25"),
        (replace(DECLINE, unit="家"), "43"),
        (TargetFacts(value=Decimal(130)), "130"),
        (TargetFacts(), None),
        (BAND, "10"),
        (replace(BAND, base_value=Decimal(30)), "20"),
    ],
)
def test_the_goal_is_computed_only_from_a_known_base(target: TargetFacts, goal: str | None) -> None:
    assert targets.required_value(target) == (None if goal is None else Decimal(goal))


@pytest.mark.parametrize(
    ("day", "value"),
    [
        (date(2023, 12, 30), None),
        (date(2023, 12, 31), "201"),
        (date(2024, 12, 31), "221"),
        (date(2025, 12, 31), "241"),
        (YEAR_END, "262"),
        (date(2027, 6, 1), "262"),
    ],
)
def test_without_points_the_path_is_a_line_from_the_base_to_the_goal(day: date, value: str | None) -> None:
    assert targets.required_on(ENTERPRISES, day) == (None if value is None else Decimal(value))


def test_planned_points_shape_the_path_between_base_and_goal() -> None:
    shaped = replace(ENTERPRISES, path=((date(2025, 12, 31), Decimal(210)),))
    assert targets.required_on(shaped, date(2024, 12, 31)) == 205
    assert targets.required_on(shaped, date(2025, 12, 31)) == 210
    assert targets.required_on(shaped, YEAR_END) == 262


def test_a_path_needs_no_base_and_a_base_alone_is_no_path() -> None:
    path_only = TargetFacts(path=((date(2025, 12, 31), Decimal(10)), (date(2024, 12, 31), Decimal(5))))
    assert targets.required_on(path_only, date(2024, 6, 30)) is None
    assert targets.required_on(path_only, date(2026, 6, 30)) == 10
    base_only = TargetFacts(base_year=2023, base_value=Decimal(5))
    assert targets.required_on(base_only, YEAR_END) is None


def test_a_falling_path_in_whole_numbers_rounds_in_favour_of_the_reporter() -> None:
    falling = replace(DECLINE, unit="件", base_value=Decimal(100))
    assert targets.required_on(falling, date(2024, 12, 31)) == 96


@pytest.mark.parametrize(
    ("target", "value", "reached"),
    [
        (ENTERPRISES, "261", False),
        (ENTERPRISES, "262", True),
        (DECLINE, "43.3", False),
        (DECLINE, "43.25", True),
        (BAND, "9", False),
        (BAND, "20", True),
        (BAND, "21", False),
        (TargetFacts(comparator=Comparator.EQUAL, value=Decimal(100)), "100", True),
        (TargetFacts(comparator=Comparator.EQUAL, value=Decimal(100)), "99", False),
        (TargetFacts(comparator=Comparator.EQUAL, value=Decimal(3), direction=Direction.DOWN), "2", True),
        (TargetFacts(comparator=Comparator.AT_MOST, value=Decimal(3)), "3", True),
    ],
)
def test_a_reading_reaches_its_goal_in_the_targets_direction(target: TargetFacts, value: str, reached: bool) -> None:
    assert targets.is_reached(reading(value, YEAR_END, target=target)) is reached


def test_whether_a_goal_is_reached_is_unknown_without_goal_or_reading() -> None:
    assert targets.is_reached(ENTERPRISES) is None
    assert targets.is_reached(reading("5", YEAR_END, target=TargetFacts())) is None


@pytest.mark.parametrize(
    ("target", "value", "raw", "capped"),
    [
        (ENTERPRISES, "201", Decimal(0), Decimal(0)),
        (replace(ENTERPRISES, base_value=Decimal(200)), "230", Decimal(50), Decimal(50)),
        (replace(ENTERPRISES, base_value=Decimal(200)), "290", Decimal(150), Decimal(100)),
        (replace(ENTERPRISES, base_value=Decimal(200)), "170", Decimal(-50), Decimal(0)),
        (replace(DECLINE, growth_percent=Decimal(20)), "45", Decimal(50), Decimal(50)),
        (replace(DECLINE, growth_percent=Decimal(20)), "55", Decimal(-50), Decimal(0)),
    ],
)
def test_progress_is_the_way_done_raw_and_capped(
    target: TargetFacts, value: str, raw: Decimal, capped: Decimal
) -> None:
    done = targets.target_progress(reading(value, YEAR_END, target=target))
    assert done is not None
    assert done == TargetProgress(raw=raw, capped=capped)


@pytest.mark.parametrize(
    "target",
    [
        ENTERPRISES,
        reading("210", YEAR_END, target=replace(ENTERPRISES, base_value=None)),
        reading("210", YEAR_END, target=replace(ENTERPRISES, growth_percent=Decimal(0))),
        reading("210", YEAR_END, target=TargetFacts(base_value=Decimal(1))),
    ],
)
def test_without_base_goal_or_reading_there_is_no_percentage(target: TargetFacts) -> None:
    assert targets.target_progress(target) is None


def test_pace_is_yearly_growth_needed_and_yearly_growth_so_far() -> None:
    halfway = reading("230", date(2025, 12, 31))
    assert targets.pace(halfway) == Pace(needed_percent=Decimal("13.9"), so_far_percent=Decimal("7.0"))


@pytest.mark.parametrize(
    "target",
    [
        ENTERPRISES,
        reading("230", YEAR_END),
        reading("-1", date(2025, 12, 31)),
        replace(reading("230", date(2025, 12, 31)), base_year=None),
        replace(reading("230", date(2025, 12, 31)), due_on=None),
        reading("230", date(2023, 12, 31)),
    ],
)
def test_pace_is_unknown_without_all_its_values_and_days(target: TargetFacts) -> None:
    assert targets.pace(target) is None


@pytest.mark.parametrize(
    ("value", "required", "percent"), [("90", "100", 90), ("100", "100", 100), ("1", "0", 100), ("-1", "0", None)]
)
def test_what_is_achieved_is_a_share_of_what_is_required(value: str, required: str, percent: int | None) -> None:
    target = reading(value, YEAR_END, target=TargetFacts())
    assert targets.achieved_percent(target, Decimal(required)) == percent


def test_below_a_path_of_zero_is_yellow_because_a_share_of_zero_means_nothing() -> None:
    assert targets.achieved_percent(TargetFacts(), Decimal(5)) is None
