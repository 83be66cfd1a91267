"""The lights: every row of the default rule set on both sides of each threshold, and the truth rules of PRODUCT.md."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from projects.choices import Direction
from tests.tracker.rules.make import (
    ENTERPRISES,
    HUNDRED_DAYS,
    TODAY,
    light,
    look,
    milestone,
    monthly,
    reading,
    recheck,
    target_commitment,
)
from tracker.choices import Comparator, Kind, Stage
from tracker.rules import health
from tracker.rules.health import CommitmentFacts, InvestmentFacts, Reason, TargetFacts


def day(offset: int) -> date:
    return TODAY + timedelta(days=offset)


# --- Past the date


@pytest.mark.parametrize(
    ("due_in", "expected"), [(1, "no_data"), (0, "no_data"), (-1, "off_track"), (-300, "off_track")]
)
def test_past_the_date_is_red_from_the_first_day(due_in: int, expected: str) -> None:
    assert light(CommitmentFacts(due_on=day(due_in))) == expected


def test_overdue_is_rechecked_on_the_day_after_the_due_date_and_then_never() -> None:
    assert recheck(CommitmentFacts(due_on=TODAY)) == day(1)
    assert recheck(CommitmentFacts(due_on=day(-1))) is None


def test_without_a_date_nothing_is_ever_overdue() -> None:
    facts = CommitmentFacts(progress=Decimal(5))
    assert look(facts, today=date(2099, 1, 1)) == ("on_track", ["progress_known"])
    assert recheck(facts) is None


def test_the_last_day_of_the_calendar_is_a_due_date_like_any_other() -> None:
    facts = CommitmentFacts(starts_on=date(2026, 1, 1), due_on=date.max, forecast_on=date.max, progress=Decimal(1))
    assert light(facts) == "on_track"


def test_a_stored_reason_keeps_the_date_and_not_the_days() -> None:
    assessment = health.assess(CommitmentFacts(due_on=day(-12)), rule_set=health.DEFAULT, today=TODAY)
    assert assessment.reasons == (Reason(code="overdue", params=(("due_on", "2026-06-03"),)),)


# --- Behind time-proportional progress


@pytest.mark.parametrize(
    ("points_behind", "expected"),
    [
        ("-20", "on_track"),
        ("0", "on_track"),
        ("9.99", "on_track"),
        ("10", "at_risk"),
        ("30", "at_risk"),
        ("30.01", "off_track"),
    ],
)
def test_behind_the_schedule_is_yellow_from_ten_points_and_red_above_thirty(points_behind: str, expected: str) -> None:
    half_time = HUNDRED_DAYS["starts_on"] + timedelta(days=50)
    facts = CommitmentFacts(**HUNDRED_DAYS, progress=50 - Decimal(points_behind))
    assert light(facts, today=half_time) == expected


@pytest.mark.parametrize(
    ("progress", "expected"), [("46", "on_track"), ("45", "at_risk"), ("35", "at_risk"), ("34.9", "off_track")]
)
def test_in_ratio_mode_behind_is_percent_of_what_is_expected(progress: str, expected: str) -> None:
    half_time = HUNDRED_DAYS["starts_on"] + timedelta(days=50)
    facts = CommitmentFacts(**HUNDRED_DAYS, progress=Decimal(progress))
    assert light(facts, today=half_time, mode="ratio") == expected


def test_in_ratio_mode_a_third_expected_is_compared_exactly() -> None:
    facts = CommitmentFacts(starts_on=TODAY, due_on=day(2), progress=Decimal(30))
    assert light(facts, today=day(1), mode="ratio") == "at_risk"


def test_the_light_turns_on_the_very_day_the_schedule_runs_ahead() -> None:
    facts = CommitmentFacts(**HUNDRED_DAYS, progress=Decimal(20))
    start = HUNDRED_DAYS["starts_on"]
    assert recheck(facts, today=start) == start + timedelta(days=30)
    assert recheck(facts, today=start + timedelta(days=30)) == start + timedelta(days=51)
    assert light(facts, today=start + timedelta(days=29)) == "on_track"


def test_planned_milestones_replace_the_days_as_the_measure_of_what_is_expected() -> None:
    facts = CommitmentFacts(
        **HUNDRED_DAYS, milestones=(milestone(day(60), weight=90), milestone(day(90), weight=10)), progress=Decimal(0)
    )
    assert look(facts, today=date(2026, 6, 1)) == ("on_track", ["progress_on_time"])


def test_without_a_report_reached_weights_are_the_progress() -> None:
    facts = CommitmentFacts(milestones=(milestone(day(-30), actual_on=day(-31)), milestone(day(30))))
    assessment = health.assess(facts, rule_set=health.DEFAULT, today=TODAY)
    assert assessment.reasons[0].values()["progress"] == "50"


# --- Milestones


@pytest.mark.parametrize(
    ("days_late", "expected"), [(0, "no_data"), (1, "at_risk"), (7, "at_risk"), (8, "off_track"), (400, "off_track")]
)
def test_a_weighted_milestone_past_its_date_is_yellow_for_a_week_then_red(days_late: int, expected: str) -> None:
    assert light(CommitmentFacts(milestones=(milestone(day(-days_late)),))) == expected


def test_a_milestone_is_rechecked_when_it_passes_and_when_it_turns_red() -> None:
    facts = CommitmentFacts(milestones=(milestone(day(3)),))
    assert recheck(facts) == day(4)
    assert recheck(facts, today=day(4)) == day(11)
    assert recheck(facts, today=day(11)) is None


@pytest.mark.parametrize("weight", [None, 0])
def test_a_milestone_without_weight_is_told_but_never_reddens(weight: int | None) -> None:
    facts = CommitmentFacts(milestones=(milestone(day(-100), weight=weight),))
    assert look(facts) == ("no_data", ["milestone_passed"])


def test_a_reached_or_undated_milestone_is_never_late() -> None:
    reached, undated = milestone(day(-100), actual_on=day(-1)), milestone(None)
    assert light(CommitmentFacts(milestones=(reached, undated))) == "on_track"


# --- Forecast


@pytest.mark.parametrize(
    ("late", "expected"), [(-5, "no_data"), (0, "no_data"), (1, "at_risk"), (30, "at_risk"), (31, "off_track")]
)
def test_a_forecast_after_the_date_is_yellow_for_thirty_days_then_red(late: int, expected: str) -> None:
    assert light(CommitmentFacts(due_on=day(100), forecast_on=day(100 + late))) == expected


def test_a_forecast_without_a_due_date_says_nothing() -> None:
    assert light(CommitmentFacts(forecast_on=day(500))) == "no_data"


# --- Reports


@pytest.mark.parametrize(
    ("since", "expected"),
    [
        (date(2026, 6, 1), ("no_data", ["no_report"])),
        (date(2026, 5, 31), ("at_risk", ["reports_missed"])),
        (date(2026, 4, 1), ("at_risk", ["reports_missed"])),
        (date(2026, 3, 1), ("off_track", ["reports_missed"])),
    ],
)
def test_one_period_without_a_report_is_yellow_and_three_are_red(since: date, expected: tuple[str, list[str]]) -> None:
    assert look(CommitmentFacts(reporting=monthly(since))) == expected


def test_a_period_is_missed_on_the_day_after_its_window_closes() -> None:
    facts = CommitmentFacts(reporting=monthly(date(2026, 5, 1)))
    assert light(facts, today=date(2026, 6, 5)) == "no_data"
    assert recheck(facts, today=date(2026, 6, 5)) == date(2026, 6, 6)
    assert light(facts, today=date(2026, 6, 6)) == "at_risk"


def test_the_count_of_missed_periods_is_rechecked_at_every_closing() -> None:
    facts = CommitmentFacts(reporting=monthly(date(2020, 1, 1)))
    assert recheck(facts, today=date(2026, 6, 6)) == date(2026, 7, 6)


def test_a_report_on_time_without_any_figure_is_green() -> None:
    facts = CommitmentFacts(due_on=day(100), reporting=monthly(date(2026, 1, 1), last=date(2026, 5, 31)))
    assert look(facts) == ("on_track", ["reported_on_time"])


def test_a_miss_the_rule_set_bears_is_told_without_a_light() -> None:
    facts = CommitmentFacts(reporting=monthly(date(2026, 1, 1), last=date(2026, 4, 30)))
    assert look(facts, missed_at_risk=2) == ("on_track", ["last_report", "reports_missed"])


# --- Targets


@pytest.mark.parametrize(
    ("value", "expected"),
    [("243", "on_track"), ("242", "on_track"), ("241", "at_risk"), ("218", "at_risk"), ("217", "off_track")],
)
def test_a_reading_below_its_path_is_yellow_and_below_nine_tenths_red(value: str, expected: str) -> None:
    # 201 at the end of 2023, 262 at the end of 2026: 242.6 on 2026-01-15, of which 242 are asked.
    # Nine tenths of 242 are 217.8.
    facts = target_commitment(reading(value, date(2026, 1, 15)))
    assert light(facts) == expected


def test_a_target_at_its_goal_is_green_before_its_time() -> None:
    assert look(target_commitment(reading("262", date(2026, 1, 31)))) == ("on_track", ["target_reached"])


def test_a_relative_target_without_its_base_has_no_light_and_no_percentage() -> None:
    target = TargetFacts(
        comparator=Comparator.GROWTH_AT_LEAST, growth_percent=Decimal(30), latest_value=Decimal(5), latest_on=TODAY
    )
    assert look(target_commitment(target)) == ("no_data", ["base_missing"])


def test_a_target_without_a_reading_has_no_light() -> None:
    assert look(target_commitment(ENTERPRISES)) == ("no_data", ["reading_missing"])


def test_a_target_without_a_value_or_without_a_row_says_so() -> None:
    assert look(target_commitment(TargetFacts())) == ("no_data", ["goal_missing"])
    assert look(target_commitment()) == ("no_data", ["goal_missing"])


def test_an_absolute_target_without_base_or_path_cannot_be_judged_before_its_day() -> None:
    target = TargetFacts(value=Decimal(130), due_on=date(2026, 12, 31), latest_value=Decimal(122), latest_on=TODAY)
    assert look(target_commitment(target)) == ("no_data", ["base_missing"])


def test_a_targets_light_comes_from_its_readings_and_not_from_reported_progress() -> None:
    reported = monthly(date(2026, 1, 1), last=date(2026, 5, 31))
    facts = target_commitment(ENTERPRISES, progress=Decimal(100), reporting=reported)
    assert look(facts) == ("no_data", ["reading_missing"])
    behind = target_commitment(reading("262", TODAY), progress=Decimal(0), starts_on=day(-90), due_on=day(10))
    assert look(behind) == ("on_track", ["target_reached"])


def test_a_target_that_should_fall_is_late_above_its_path() -> None:
    ceiling = TargetFacts(
        comparator=Comparator.AT_MOST, direction=Direction.DOWN, value=Decimal(90), path=((day(-1), Decimal(100)),)
    )
    for value, expected in [("100", "on_track"), ("101", "at_risk"), ("111", "at_risk"), ("112", "off_track")]:
        assert light(target_commitment(reading(value, TODAY, target=ceiling))) == expected


def test_a_range_is_left_on_either_side() -> None:
    band = TargetFacts(comparator=Comparator.RANGE, value=Decimal(100), value_max=Decimal(110), due_on=day(-1))
    for value, expected in [
        ("89", "off_track"),
        ("95", "at_risk"),
        ("100", "on_track"),
        ("110", "on_track"),
        ("115", "at_risk"),
    ]:
        assert light(target_commitment(reading(value, TODAY, target=band))) == expected
    assert light(target_commitment(reading("123", TODAY, target=band))) == "off_track"


# --- Investment


@pytest.mark.parametrize(
    ("done", "expected"), [("3167", "on_track"), ("3166", "at_risk"), ("1167", "at_risk"), ("1166", "off_track")]
)
def test_investment_behind_the_months_is_yellow_from_ten_points_and_red_above_thirty(done: str, expected: str) -> None:
    # In June five months are over: 41.67 % of the year.
    money = InvestmentFacts(year=2026, planned_wan=Decimal(10000), done_wan=Decimal(done))
    assert light(CommitmentFacts(investment=money)) == expected


def test_investment_is_rechecked_at_the_turn_of_a_month() -> None:
    money = InvestmentFacts(year=2026, planned_wan=Decimal(100), done_wan=Decimal(45))
    assert recheck(CommitmentFacts(investment=money)) == date(2026, 8, 1)


@pytest.mark.parametrize(
    "money",
    [
        InvestmentFacts(year=2026),
        InvestmentFacts(year=2026, planned_wan=Decimal(0), done_wan=Decimal(0)),
        InvestmentFacts(year=2026, planned_wan=Decimal(100)),
        InvestmentFacts(year=2026, done_wan=Decimal(100)),
    ],
)
def test_unknown_investment_is_not_zero(money: InvestmentFacts) -> None:
    assert look(CommitmentFacts(investment=money)) == ("no_data", ["no_report"])


# --- Issued but not accepted. 2026-06-08 is a Monday; the 19th is a holiday, the Dragon Boat Festival.


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 6, 8), "not_started"),
        (date(2026, 6, 11), "not_started"),
        (date(2026, 6, 12), "at_risk"),
        (date(2026, 6, 17), "at_risk"),
        (date(2026, 6, 18), "off_track"),
    ],
)
def test_three_working_days_without_acceptance_are_yellow_and_seven_red(today: date, expected: str) -> None:
    facts = CommitmentFacts(stage=Stage.ISSUED, issued_on=date(2026, 6, 8))
    assert light(facts, today=today) == expected


def test_acceptance_is_rechecked_when_the_days_are_over() -> None:
    facts = CommitmentFacts(stage=Stage.ISSUED, issued_on=date(2026, 6, 8))
    assert recheck(facts, today=date(2026, 6, 8)) == date(2026, 6, 12)
    assert recheck(facts, today=date(2026, 6, 12)) == date(2026, 6, 18)


def test_make_up_days_count_as_days_to_accept() -> None:
    # Issued on Friday 2026-05-08; Saturday the 9th makes up for Labour Day.
    facts = CommitmentFacts(stage=Stage.ISSUED, issued_on=date(2026, 5, 8))
    assert light(facts, today=date(2026, 5, 12)) == "not_started"
    assert light(facts, today=date(2026, 5, 13)) == "at_risk"


def test_issued_on_an_unknown_day_waits_without_a_clock() -> None:
    assert look(CommitmentFacts(stage=Stage.ISSUED)) == ("not_started", ["awaiting_acceptance"])


def test_issued_and_past_its_date_is_overdue() -> None:
    assert light(CommitmentFacts(stage=Stage.ISSUED, due_on=day(-1))) == "off_track"


# --- Stages


@pytest.mark.parametrize(
    ("stage", "expected"),
    [
        (Stage.REGISTERED, ("not_started", ["not_issued"])),
        (Stage.ACCEPTED, ("off_track", ["overdue"])),
        (Stage.IN_PROGRESS, ("off_track", ["overdue"])),
        (Stage.REPORTED_DONE, ("on_track", ["awaiting_verification"])),
        (Stage.VERIFIED, ("done", ["done"])),
        (Stage.CLOSED, ("done", ["done"])),
        (Stage.ARCHIVED, ("done", ["done"])),
        (Stage.SUSPENDED, ("exempt", ["suspended"])),
        (Stage.CANCELLED, ("exempt", ["cancelled"])),
        (Stage.EXEMPT, ("exempt", ["exempt"])),
    ],
)
def test_what_a_stage_makes_of_a_passed_date(stage: Stage, expected: tuple[str, list[str]]) -> None:
    assert look(CommitmentFacts(stage=stage, due_on=day(-1))) == expected


def test_a_stage_read_from_the_database_is_a_plain_word() -> None:
    assert light(CommitmentFacts(stage="suspended", kind="action")) == "exempt"  # type: ignore[arg-type]  # as stored


def test_an_exemption_ends_the_day_after_its_last_day() -> None:
    facts = CommitmentFacts(stage=Stage.EXEMPT, exempt_until=TODAY, due_on=day(-30))
    assert look(facts) == ("exempt", ["exempt"])
    assert recheck(facts) == day(1)
    assert look(facts, today=day(1)) == ("off_track", ["overdue", "exemption_ended"])


def test_what_starts_later_has_not_started_until_that_day() -> None:
    facts = CommitmentFacts(starts_on=day(5), due_on=day(50), reporting=monthly(date(2020, 1, 1)))
    assert look(facts) == ("not_started", ["starts_later"])
    assert recheck(facts) == day(5)


# --- Truth rules


@pytest.mark.parametrize("kind", list(Kind))
def test_of_what_nothing_is_known_the_light_is_grey(kind: Kind) -> None:
    assert light(CommitmentFacts(kind=kind, starts_on=day(-100), due_on=day(1))) == "no_data"


@pytest.mark.parametrize("standing", [{"is_continuous": True}, {"is_red_line": True}])
def test_continuous_work_and_red_lines_ask_only_for_reports(standing: dict[str, Any]) -> None:
    blamed: dict[str, Any] = {
        "due_on": day(-100),
        "starts_on": day(-200),
        "progress": Decimal(0),
        "milestones": (milestone(day(-50)),),
    }
    for since, last, expected in [
        (None, None, "no_data"),
        (date(2026, 6, 1), None, "no_data"),
        (date(2026, 1, 1), date(2026, 5, 31), "on_track"),
        (date(2026, 1, 1), date(2026, 4, 30), "at_risk"),
        (date(2026, 1, 1), date(2026, 2, 28), "off_track"),
    ]:
        reporting = health.ReportingFacts(tracked_since=since, last_period_end=last)
        assert light(CommitmentFacts(**standing, **blamed, reporting=reporting)) == expected


def test_a_broken_red_line_is_red_from_its_day_whatever_is_reported() -> None:
    reported = monthly(date(2026, 1, 1), last=date(2026, 5, 31))
    facts = CommitmentFacts(is_red_line=True, red_line_broken_on=TODAY, reporting=reported)
    assert look(facts, today=day(-1)) == ("on_track", ["reported_on_time"])
    assert recheck(facts, today=day(-1)) == TODAY
    assert look(facts) == ("off_track", ["red_line_broken"])


def test_all_reasons_are_told_the_worst_first() -> None:
    facts = CommitmentFacts(
        due_on=day(100),
        forecast_on=day(200),
        milestones=(milestone(day(-2)), milestone(day(-1), weight=None)),
        reporting=monthly(date(2026, 5, 1)),
    )
    assert look(facts) == ("off_track", ["forecast_late", "milestone_overdue", "reports_missed", "milestone_passed"])


def test_a_reason_survives_a_round_trip_through_json_with_its_keys_in_any_order() -> None:
    reason = Reason.of("progress_behind", progress=Decimal("40.50"), due_on=TODAY, starts_on=day(-9))
    shuffled = {"params": dict(reversed(reason.params)), "code": reason.code}
    assert Reason.from_json(shuffled) == reason
    assert reason.to_json() == {
        "code": "progress_behind",
        "params": {"due_on": "2026-06-15", "progress": "40.5", "starts_on": "2026-06-06"},
    }


@pytest.mark.parametrize("data", [{}, {"code": 3}, {"code": "a", "params": []}, {"code": "a", "params": {"n": 1.5}}])
def test_what_is_not_a_reason_is_refused(data: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="reason"):
        Reason.from_json(data)
