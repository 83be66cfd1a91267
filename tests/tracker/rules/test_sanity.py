"""Which figures are questioned. A question asks for a reason; it refuses nothing."""

from decimal import Decimal

import pytest

from tests.tracker.rules.make import refused
from tests.tracker.rules.test_reporting import TODAY
from tracker import wording
from tracker.rules import reporting, sanity
from tracker.rules.reporting import ReportValues, VolumeValues
from tracker.rules.sanity import Known, Question

D = Decimal


def asked(said: ReportValues, known: Known = Known()) -> list[tuple[str, str]]:  # noqa: B008  # frozen
    return [(question.code, question.field) for question in sanity.questions(said, known)]


@pytest.mark.parametrize(
    ("said", "known", "expected"),
    [
        (ReportValues(progress=D(40)), Known(progress=D(50)), [("progress_falls", "progress")]),
        (ReportValues(progress=D(50)), Known(progress=D(50)), []),
        (ReportValues(progress=D(40)), Known(), []),
        (ReportValues(value=D(2380000)), Known(value=D(238)), [("unit_jump", "value")]),
        (ReportValues(value=D("0.0238")), Known(value=D(238)), [("unit_jump", "value")]),
        (ReportValues(value=D(476)), Known(value=D(238)), []),
        (ReportValues(value=D(476)), Known(), []),
        (ReportValues(is_no_change=True), Known(progress=D(50), value=D(5)), []),
    ],
)
def test_progress_that_falls_and_values_that_jump_are_questioned(
    said: ReportValues, known: Known, expected: list[tuple[str, str]]
) -> None:
    assert asked(said, known) == expected


@pytest.mark.parametrize(
    ("volumes", "before", "planned", "expected"),
    [
        (VolumeValues(physical_percent=D(101)), None, None, [("share_over_all", "physical_percent")]),
        (VolumeValues(work_percent=D("100.01")), None, None, [("share_over_all", "work_percent")]),
        (VolumeValues(physical_percent=D(100), work_percent=D(100)), None, None, []),
        (VolumeValues(physical_percent=D(30)), {"physical_percent": D(40)}, None,
         [("share_falls", "physical_percent")]),
        (VolumeValues(invested_year_wan=D(5001)), None, D(5000), [("invested_over_plan", "invested_year_wan")]),
        (VolumeValues(invested_year_wan=D(5000)), None, D(5000), []),
        (VolumeValues(invested_year_wan=D(5000)), None, D(0), []),
        (VolumeValues(invested_year_wan=D(900)), {"invested_year_wan": D(1000)}, None,
         [("invested_falls", "invested_year_wan")]),
        (VolumeValues(invested_month_wan=D(12), invested_year_wan=D(10)), None, None,
         [("month_over_year", "invested_month_wan")]),
        (VolumeValues(invested_month_wan=D(3000000)), {"invested_month_wan": D(300)}, None,
         [("money_jump", "invested_month_wan")]),
        (VolumeValues(invested_year_wan=D("0.1")), {"invested_year_wan": D(1000)}, None,
         [("money_jump", "invested_year_wan")]),
    ],
)  # fmt: skip
def test_money_and_shares_that_cannot_well_be_are_questioned(
    volumes: VolumeValues, before: dict[str, Decimal] | None, planned: Decimal | None, expected: list[tuple[str, str]]
) -> None:
    last = VolumeValues(**before) if before else None  # type: ignore[arg-type]  # decimals by name
    known = Known(volumes=last, volumes_are_of_this_year=True, planned_wan=planned)
    assert asked(ReportValues(volumes=volumes), known) == expected


def test_a_new_year_begins_its_sum_anew() -> None:
    known = Known(volumes=VolumeValues(invested_year_wan=D(9000)), volumes_are_of_this_year=False)
    assert asked(ReportValues(volumes=VolumeValues(invested_year_wan=D(100))), known) == []


def test_every_question_has_a_sentence_with_its_figures_and_survives_json() -> None:
    everything = [
        *sanity.questions(ReportValues(progress=D(1), value=D(1)), Known(progress=D(2), value=D(10000))),
        *sanity.questions(
            ReportValues(
                volumes=VolumeValues(
                    invested_month_wan=D(90000), invested_year_wan=D(80), physical_percent=D(120), work_percent=D(1)
                )
            ),
            Known(
                volumes=VolumeValues(invested_month_wan=D(9), invested_year_wan=D(100), work_percent=D(2)),
                volumes_are_of_this_year=True,
                planned_wan=D(50),
            ),
        ),
    ]
    assert {question.code for question in everything} == wording.QUESTIONS.keys()
    for question in everything:
        sentence = wording.question_sentence(question)
        assert all(figure in sentence for _name, figure in question.params), sentence
        assert Question.from_json(question.to_json()) == question


@pytest.mark.parametrize("data", [{}, {"code": 1, "field": "x"}, {"code": "x", "field": "y", "params": 3}])
def test_a_row_of_another_shape_is_no_question(data: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="not a question"):
        Question.from_json(data)


@pytest.mark.parametrize(
    ("volumes", "code", "field"),
    [
        (VolumeValues(physical_percent=D("-1")), "volumes_negative", "physical_percent"),
        (VolumeValues(in_statistics_on=TODAY), "statistics_without_yes", "in_statistics_on"),
        (VolumeValues(in_statistics=False, in_statistics_on=TODAY), "statistics_without_yes", "in_statistics_on"),
        (VolumeValues(in_statistics=True, in_statistics_on=TODAY.replace(year=2027)), "statistics_in_the_future", ""),
    ],
)
def test_impossible_quantities_are_refused(volumes: VolumeValues, code: str, field: str) -> None:
    with refused(code, field=field):
        reporting.check_values(ReportValues(volumes=volumes), today=TODAY, takes_volumes=True)


def test_only_a_project_gives_quantities_and_unchanged_gives_none() -> None:
    said = ReportValues(done="x", volumes=VolumeValues(work_percent=D(5)))
    reporting.check_values(said, today=TODAY, takes_volumes=True)
    reporting.check_values(ReportValues(done="x", volumes=VolumeValues()), today=TODAY)
    with refused("volumes_not_asked"):
        reporting.check_values(said, today=TODAY)
    with refused("no_change_with_figures"):
        reporting.check_values(ReportValues(is_no_change=True, volumes=said.volumes), today=TODAY, takes_volumes=True)


def test_a_contribution_says_something_before_the_lead_reports() -> None:
    reporting.check_contribution(text="", is_no_change=True, is_handed_in=False)
    with refused("contribution_empty", field="text"):
        reporting.check_contribution(text=" ", is_no_change=False, is_handed_in=False)
    with refused("contribution_closed"):
        reporting.check_contribution(text="x", is_no_change=False, is_handed_in=True)
