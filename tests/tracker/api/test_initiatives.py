"""The catalogue over REST: facts for everyone, what stands on a thing as far as the reader sees it."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.actions import clock
from projects.choices import DesignationStep, Grade, InitiativeKind, ProjectStage
from projects.models import (
    Designation,
    Initiative,
    ParkDetails,
    ParkShare,
    PlatformDetails,
    ProjectDetails,
    TalentProgrammeDetails,
    TalentYear,
)
from tests.factories import Cast, make_commitment, make_initiative, make_jurisdiction, make_report
from tests.tracker.api.conftest import Caller, assert_fits, assert_refused
from tracker.choices import Health, ReportState
from tracker.models import Commitment, ReportVolumes

SignIn = Callable[[str], Caller]


def codes(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [row["code"] for row in answer.json()["results"]]


@pytest.fixture
def things(cast: Cast) -> Cast:
    """A project in a park, the park, a platform, a programme, a project of which nothing is known."""
    county = make_jurisdiction(code="511302", name="顺庆区")
    park = ParkDetails.objects.create(
        initiative=make_initiative("PARK", kind=InitiativeKind.PARK), grade=Grade.PROVINCIAL
    )
    ParkShare.objects.create(park=park, county=county, share_percent=Decimal("12.50"))
    project = make_initiative("P-1")
    Initiative.objects.filter(pk=project.pk).update(jurisdiction=county, host="某公司")
    ProjectDetails.objects.create(
        initiative=project, park=park, stage=ProjectStage.CONSTRUCTION, total_investment_wan=Decimal(50000),
        plan_year=2026, year_investment_wan=Decimal(20000), physical_percent=Decimal(40), in_statistics=True,
        in_statistics_on=date(2026, 3, 1),
    )  # fmt: skip
    make_initiative("P-2")
    platform = make_initiative("PLAT", kind=InitiativeKind.PLATFORM)
    PlatformDetails.objects.create(initiative=platform, field="新材料")
    Designation.objects.create(
        initiative=platform, title="重点实验室", grade=Grade.NATIONAL, step=DesignationStep.APPLIED
    )
    programme = TalentProgrammeDetails.objects.create(
        initiative=make_initiative("TAL", kind=InitiativeKind.TALENT_PROGRAMME), audience="博士"
    )
    TalentYear.objects.create(programme=programme, year=2026, quota=30, headcount=None)
    item = make_commitment("A", department=cast.science, health=Health.OFF_TRACK)
    other = make_commitment("B", department=cast.health_bureau)
    Commitment.objects.filter(pk__in=[item.pk, other.pk]).update(initiative=project)
    report = make_report(item, author=cast.lin, state=ReportState.ACCEPTED)
    ReportVolumes.objects.create(report=report, invested_year_wan=Decimal(12000))
    make_report(item, author=cast.lin, state=ReportState.DRAFT, period_start=date(2026, 10, 1))
    return cast


def test_each_kind_tells_what_is_its_own(things: Cast, sign_in: SignIn) -> None:
    wu = sign_in("wu")
    rows = {row["code"]: row for row in wu.get("initiatives/").json()["results"]}
    for row in rows.values():
        assert_fits(row, "InitiativeLineOutput")
    assert list(rows) == ["P-1", "P-2", "PARK", "PLAT", "TAL"]
    project = rows["P-1"]["project"]
    assert (project["total_investment_wan"], project["year_invested_wan"]) == ("50000", None)
    assert project["park"] == {"code": "PARK", "name": "载体 PARK"}
    assert (rows["P-2"]["project"], rows["P-2"]["health"]) == (None, None)
    assert rows["PARK"]["park"] == {
        "grade": "provincial",
        "shares": [{"county": {"code": "511302", "name": "顺庆区"}, "share_percent": "12.5"}],
        "residents": {
            "count": 1,
            "total_investment": {"wan": "50000", "known_count": 1},
            "year_investment": {"wan": "20000", "known_count": 1},
            "year_invested": {"wan": None, "known_count": 0},
        },
    }
    assert rows["PLAT"]["platform"] == {"grade": "", "field": "新材料"}
    assert rows["PLAT"]["designations"][0]["step"] == "applied"
    assert rows["TAL"]["talent_programme"] == {
        "audience": "博士", "years": [{"year": 2026, "quota": 30, "headcount": None}],
    }  # fmt: skip
    park = wu.get("initiatives/PARK/").json()
    assert [(row["code"], row["health"]) for row in park["residents"]] == [("P-1", "off_track")]


def test_the_filters_are_those_of_the_pages_and_pages_follow_each_other(things: Cast, sign_in: SignIn) -> None:
    wu = sign_in("wu")
    for query, found in {
        "kind=project": ["P-1", "P-2"],
        "kind=park&place=511302": ["PARK"],
        "place=511302": ["P-1", "PARK"],
        "q=某公司": ["P-1"],
        "kind=project&stage=unknown": ["P-2"],
        "stage=construction": ["P-1"],
        "kind=platform&grade=unknown": ["PLAT"],
        "statistics=yes": ["P-1"],
        "park=PARK": ["P-1"],
        "kind=project&park=unknown": ["P-2"],
        "health=off_track": ["P-1"],
    }.items():
        assert codes(wu.get(f"initiatives/?{query}")) == found, query
    for query, code, name in (
        ("place=1", "filter_code", "place"),
        ("park=P-1", "filter_code", "park"),
        ("kind=x", "filter_value", "kind"),
        ("sort=x", "filter_unknown", "sort"),
    ):
        assert_refused(wu.get(f"initiatives/?{query}"), 400, code, name)
    first = wu.get("initiatives/?limit=2&q=载体")
    second = wu.get(first.json()["next"].removeprefix("/api/v1/"))
    assert (codes(first), codes(second)) == (["P-1", "P-2"], ["PARK", "PLAT"])
    assert_refused(wu.get("initiatives/NO/"), 404, "not_found")


def test_what_stands_on_a_thing_is_read_in_ones_sight(things: Cast, sign_in: SignIn) -> None:
    for name, seen, light, told in (
        ("wu", ["A", "B"], "off_track", 1),
        ("lin", ["A"], "off_track", 1),
        ("zhou", ["B"], "no_data", 0),
    ):
        body = sign_in(name).get("initiatives/P-1/").json()
        assert_fits(body, "InitiativeDetailOutput")
        assert [row["code"] for row in body["commitments"]] == seen
        assert (body["health"], sum(body["lights"].values())) == (light, len(seen))
        assert [len(body[part]) for part in ("reports", "volumes")] == [told, told], name  # a draft is nobody's yet
    assert codes(sign_in("zhou").get("initiatives/?health=off_track")) == []


def test_its_tag_names_its_revision_and_ends_with_any_change(things: Cast, sign_in: SignIn) -> None:
    wu = sign_in("wu")
    seen = wu.get("initiatives/P-1/")
    assert seen["ETag"].startswith(f'"{seen.json()["revision"]}-')
    assert wu.get("initiatives/P-1/", If_None_Match=seen["ETag"]).status_code == 304
    clock.stamp(Initiative.objects.get(code="P-1"))
    assert wu.get("initiatives/P-1/", If_None_Match=seen["ETag"]).status_code == 200


def test_a_page_costs_the_same_for_few_and_many_things(things: Cast, sign_in: SignIn) -> None:
    wu, park = sign_in("wu"), ParkDetails.objects.get()
    costs: dict[str, list[int]] = {"initiatives/": [], "initiatives/PARK/": [], "initiatives/P-1/": []}
    for numbers in (range(1), range(1, 6)):
        for number in numbers:
            one = make_initiative(f"R-{number}")
            ProjectDetails.objects.create(initiative=one, park=park)
            item = make_commitment(f"R-{number}", department=things.science)
            Commitment.objects.filter(pk=item.pk).update(initiative=Initiative.objects.get(code="P-1"))
            report = make_report(item, author=things.lin, state=ReportState.ACCEPTED)
            ReportVolumes.objects.create(report=report, invested_year_wan=Decimal(number))
        for path, found in costs.items():
            wu.get(path)  # fills the caches
            with CaptureQueriesContext(connection) as queries:
                wu.get(path)
            found.append(len(queries))
    assert {path: few - many for path, (few, many) in costs.items()} == dict.fromkeys(costs, 0), costs
