"""What a report must be to be handed in, and who may review it."""

from datetime import date
from decimal import Decimal

import pytest

from tests.tracker.rules.make import refused
from tracker.choices import ReportState, Stage
from tracker.rules import periods, reporting
from tracker.rules.periods import Cycle
from tracker.rules.reporting import ReportValues

TODAY = date(2026, 6, 15)
MAY = periods.period_of(date(2026, 5, 1), Cycle.MONTH, 5)
assert MAY is not None


@pytest.mark.parametrize(
    ("state", "today", "stage", "code"),
    [
        (ReportState.DRAFT, date(2026, 5, 1), Stage.IN_PROGRESS, None),
        (ReportState.DRAFT, date(2026, 6, 5), Stage.ISSUED, None),
        (ReportState.DRAFT, date(2026, 6, 5), Stage.ACCEPTED, None),
        (ReportState.RETURNED, date(2026, 6, 20), Stage.IN_PROGRESS, None),
        (ReportState.DRAFT, date(2026, 4, 30), Stage.IN_PROGRESS, "period_not_open"),
        (ReportState.DRAFT, date(2026, 6, 6), Stage.IN_PROGRESS, "period_closed"),
        (ReportState.SUBMITTED, date(2026, 6, 1), Stage.IN_PROGRESS, "report_not_open"),
        (ReportState.ACCEPTED, date(2026, 6, 1), Stage.IN_PROGRESS, "report_not_open"),
        (ReportState.DRAFT, date(2026, 6, 1), Stage.REGISTERED, "stage_not_reportable"),
        (ReportState.DRAFT, date(2026, 6, 1), Stage.CLOSED, "stage_not_reportable"),
        (ReportState.DRAFT, date(2026, 6, 1), Stage.SUSPENDED, "stage_not_reportable"),
    ],
)
def test_a_report_is_taken_in_its_window_and_a_returned_one_also_later(
    state: ReportState, today: date, stage: Stage, code: str | None
) -> None:
    assert MAY is not None
    if code is None:
        reporting.check_submit(state, period=MAY, today=today, stage=stage)
        return
    with refused(code):
        reporting.check_submit(state, period=MAY, today=today, stage=stage)


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        (ReportValues(), "report_empty", ""),
        (ReportValues(done=" \n"), "report_empty", ""),
        (ReportValues(is_no_change=True, progress=Decimal(50)), "no_change_with_figures", "is_no_change"),
        (ReportValues(is_no_change=True, value=Decimal(238)), "no_change_with_figures", "is_no_change"),
        (ReportValues(progress=Decimal("-0.01")), "progress_out_of_range", "progress"),
        (ReportValues(progress=Decimal("100.01")), "progress_out_of_range", "progress"),
        (ReportValues(forecast_on=date(2026, 6, 14)), "forecast_passed", "forecast_on"),
    ],
)
def test_a_report_that_says_nothing_or_the_impossible_is_refused(values: ReportValues, code: str, field: str) -> None:
    with refused(code, field=field):
        reporting.check_values(values, today=TODAY)


@pytest.mark.parametrize(
    "values",
    [
        ReportValues(is_no_change=True),
        ReportValues(is_no_change=True, problems="用地指标"),
        ReportValues(done="已开工"),
        ReportValues(problems="用地指标"),
        ReportValues(next_steps="送审"),
        ReportValues(progress=Decimal(0)),
        ReportValues(progress=Decimal(100)),
        ReportValues(value=Decimal(0)),
        ReportValues(forecast_on=TODAY),
    ],
)
def test_one_word_one_figure_or_nothing_changed_is_enough(values: ReportValues) -> None:
    reporting.check_values(values, today=TODAY)


def test_a_red_line_takes_no_percentage() -> None:
    with refused("progress_not_asked"):
        reporting.check_values(ReportValues(progress=Decimal(50)), today=TODAY, takes_progress=False)


def test_nobody_reviews_their_own_report_and_only_submitted_ones_wait() -> None:
    reporting.check_review(ReportState.SUBMITTED, author_id=1, reviewer_id=2)
    reporting.check_review(ReportState.SUBMITTED, author_id=1, reviewer_id=None)
    with refused("own_report"):
        reporting.check_review(ReportState.SUBMITTED, author_id=1, reviewer_id=1)
    for state in set(ReportState) - {ReportState.SUBMITTED}:
        with refused("report_not_submitted"):
            reporting.check_review(state, author_id=1, reviewer_id=2)


def test_a_return_says_why() -> None:
    reporting.check_return(ReportState.SUBMITTED, author_id=1, reviewer_id=2, reason="缺佐证材料")
    with refused("reason_needed"):
        reporting.check_return(ReportState.SUBMITTED, author_id=1, reviewer_id=2, reason=" ")


@pytest.mark.parametrize(
    ("value", "previous", "jump"),
    [
        ("12000000", "1200", True),
        ("0.12", "1200", True),
        ("2400", "1200", False),
        ("5", None, False),
        ("5", "0", False),
    ],
)
def test_a_jump_of_ten_thousand_questions_the_unit(value: str, previous: str | None, jump: bool) -> None:
    before = None if previous is None else Decimal(previous)
    assert reporting.is_unit_jump(Decimal(value), previous=before) is jump
