"""What is asked of each department in a month: counted from the forms as they are, once per initiative."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.test import Client

from projects.choices import InitiativeKind
from projects.models import ProjectDetails
from tests.factories import (
    Cast,
    make_cast,
    make_commitment,
    make_indicator,
    make_initiative,
    make_plan,
    make_target,
)
from tests.tracker.web.pages import signed_in
from tracker.choices import Involvement, Stage
from tracker.models import Commitment, CommitmentDepartment, Department, Plan
from tracker.queries import burden
from tracker.rules import burden as rules
from tracker.rules.burden import Asked

pytestmark = pytest.mark.django_db
NOVEMBER = date(2026, 11, 1)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def plan(cast: Cast) -> Plan:
    return make_plan("P1", tracked_since=date(2026, 1, 1))


def project(cast: Cast, code: str, *, initiative: str = "I-1") -> Commitment:
    found = ProjectDetails.objects.filter(initiative__code=initiative).first()
    thing = found.initiative if found else make_initiative(initiative, kind=InitiativeKind.PROJECT)
    ProjectDetails.objects.get_or_create(initiative=thing)
    return make_commitment(code, department=cast.science, initiative=thing)


def support(item: Commitment, department: Department, *, is_suggested: bool = False) -> None:
    CommitmentDepartment.objects.create(
        commitment=item, department=department, involvement=Involvement.SUPPORTING, is_suggested=is_suggested
    )


def asked(cast: Cast, name: str = "chen", *, month: date = NOVEMBER) -> dict[str, Asked]:
    found = burden.of_month(cast.actor(name), month=month)
    return {line.department.code: line.asked for line in found.lines}


# --- The count cannot drift from the forms


def fields_of(client: Client, address: str) -> set[str]:
    """What a person sees in a form of the admin: no hidden fields, nothing that is asked only in doubt."""
    form = client.get(address).context["adminform"].form
    return {name for name in form.fields if not form[name].is_hidden} - set(rules.WHEN_IN_DOUBT)


@time_machine.travel("2026-11-22T12:00:00+08:00", tick=False)
def test_the_count_is_that_of_the_forms_themselves(cast: Cast, plan: Plan) -> None:
    make_commitment("C-1", department=cast.science)
    make_target(make_commitment("C-2", department=cast.science), make_indicator())
    project(cast, "C-3")
    make_commitment("C-4", department=cast.science, is_red_line=True)
    counted = {
        "C-1": rules.report(takes_progress=True, has_target=False, is_project=False),
        "C-2": rules.report(takes_progress=True, has_target=True, is_project=False),
        "C-3": rules.report(takes_progress=True, has_target=False, is_project=True),
        "C-4": rules.report(takes_progress=False, has_target=False, is_project=False),
    }
    client = signed_in(cast.lin)
    for code, names in counted.items():
        assert fields_of(client, f"/admin/tracker/progressreport/add/?commitment={code}") == set(names), code
    other = make_commitment("C-5", department=cast.health_bureau)
    support(other, cast.science)
    assert fields_of(client, "/admin/tracker/contribution/add/?commitment=C-5") == set(rules.CONTRIBUTION)


@pytest.mark.parametrize(
    ("asked", "fields"),
    [
        (Asked(), 0),
        (Asked(reports=1), 6),
        (Asked(reports=1, with_progress=1), 7),
        (Asked(reports=1, with_progress=1, with_value=1), 8),
        (Asked(reports=2, with_progress=1, of_projects=1), 20),
        (Asked(contributions=3), 6),
        (Asked(reports=1) + Asked(contributions=1), 8),
    ],
)
def test_fields_are_what_each_form_asks_together(asked: Asked, fields: int) -> None:
    assert asked.total == fields


# --- Who is asked for what


def test_an_initiative_is_asked_once_however_many_commitments_stand_on_it(cast: Cast, plan: Plan) -> None:
    for code in ("C-1", "C-2", "C-3"):
        project(cast, code)
    make_commitment("C-4", department=cast.science)
    assert asked(cast)["kjj"] == Asked(reports=2, with_progress=2, of_projects=1)


def test_two_leads_on_one_initiative_are_both_asked(cast: Cast, plan: Plan) -> None:
    ours = project(cast, "C-1")
    make_commitment("C-2", department=cast.health_bureau, initiative=ours.initiative)
    assert {code: one.reports for code, one in asked(cast).items()} == {"kjj": 1, "wjw": 1}


def test_contributions_are_asked_of_confirmed_parts_only(cast: Cast, plan: Plan) -> None:
    item = make_commitment("C-1", department=cast.science)
    support(item, cast.health_bureau)
    support(make_commitment("C-2", department=cast.science), cast.health_bureau, is_suggested=True)
    assert asked(cast)["wjw"] == Asked(contributions=1)


def test_nothing_is_asked_of_what_is_not_being_worked_on(cast: Cast, plan: Plan) -> None:
    make_commitment("C-1", department=cast.science, stage=Stage.REGISTERED)
    make_commitment("C-2", department=cast.science, stage=Stage.CLOSED)
    make_commitment("C-3", department=cast.science, issued_on=date(2026, 12, 1))
    make_commitment("C-4")
    assert asked(cast) == {}


def test_a_quarter_asks_in_its_last_month(cast: Cast, plan: Plan) -> None:
    Plan.objects.update(report_cycle="quarter")
    make_commitment("C-1", department=cast.science)
    assert asked(cast, month=NOVEMBER) == {}
    assert asked(cast, month=date(2026, 12, 1))["kjj"].reports == 1


def test_a_plan_that_is_not_tracked_asks_nothing(cast: Cast) -> None:
    make_commitment("C-1", department=cast.science)
    assert asked(cast) == {}


# --- The page


def test_a_department_sees_its_own_line_and_the_city_all(cast: Cast, plan: Plan) -> None:
    make_target(make_commitment("C-1", department=cast.science), make_indicator(), value=Decimal(1))
    support(make_commitment("C-2", department=cast.health_bureau), cast.science)
    assert set(asked(cast, "lin")) == {"kjj"}
    assert asked(cast, "lin")["kjj"] == asked(cast, "chen")["kjj"]
    assert set(asked(cast, "wu")) == set(asked(cast, "gu")) == {"kjj", "wjw"}
    page = signed_in(cast.lin).get("/burden/?month=2026-11").content.decode()
    assert "市科技局" in page
    assert "市卫生健康委" not in page


def test_the_sums_are_those_of_the_lines(cast: Cast, plan: Plan) -> None:
    project(cast, "C-1")
    support(make_commitment("C-2", department=cast.health_bureau), cast.science)
    found = burden.of_month(cast.actor("chen"), month=NOVEMBER)
    assert found.sum.total == sum(line.asked.total for line in found.lines) == 14 + 2 + 7


@pytest.mark.parametrize("month", ["2026-13", "x", "0001-01", "2026-11-01"])
def test_a_month_that_is_none_is_not_found(month: str, cast: Cast) -> None:
    assert signed_in(cast.chen).get(f"/burden/?month={month}").status_code == 404


def test_an_empty_month_says_so(cast: Cast) -> None:
    page = signed_in(cast.chen).get("/burden/?month=2026-01")
    assert page.status_code == 200
    assert "<table" not in page.content.decode()
