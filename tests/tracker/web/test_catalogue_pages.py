"""Projects, parks, platforms, programmes and indicators: open facts, guarded lights, unknown never zero."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from projects.choices import InitiativeKind
from projects.models import (
    Designation,
    Initiative,
    Jurisdiction,
    ParkDetails,
    ParkShare,
    ProjectDetails,
    Reading,
    TalentProgrammeDetails,
    TalentYear,
)
from tests.factories import (
    Cast,
    make_cast,
    make_commitment,
    make_indicator,
    make_initiative,
    make_reading,
    make_report,
    make_target,
)
from tests.tracker.web.pages import PERSONAS, parse, signed_in, text, with_class
from tracker.choices import Health, ReportState
from tracker.models import ReportVolumes

pytestmark = pytest.mark.django_db
LISTS = ("/projects/", "/parks/", "/platforms/", "/talent/", "/targets/")


@pytest.fixture
def things() -> Cast:
    """A project of the science bureau's with figures, one without any, a shared park, a programme, an indicator."""
    cast = make_cast()
    full, bare = make_initiative("P-1"), make_initiative("P-2")
    ProjectDetails.objects.create(
        initiative=full,
        stage="construction",
        plan_year=2026,
        total_investment_wan=Decimal(125000),
        year_investment_wan=Decimal(40000),
        year_invested_wan=Decimal(0),
        physical_percent=Decimal(120),
        in_statistics=False,
    )
    item = make_commitment("S-1", department=cast.science, initiative=full, health=Health.OFF_TRACK)
    part = make_commitment("S-2", department=cast.science, initiative=bare, health=Health.AT_RISK)
    park = make_initiative("K-1", kind=InitiativeKind.PARK)
    county = Jurisdiction.objects.create(code="511302", name="顺庆区", level="county")
    ParkShare.objects.create(park=ParkDetails.objects.create(initiative=park), county=county, share_percent=Decimal(60))
    Designation.objects.create(initiative=park, title="省级高新区", grade="provincial", step="applied")
    whole = make_commitment("S-3", department=cast.science, initiative=park, health=Health.ON_TRACK)
    part.parent = whole
    part.save(update_fields=["parent"])
    programme = TalentProgrammeDetails.objects.create(
        initiative=make_initiative("T-1", kind=InitiativeKind.TALENT_PROGRAMME)
    )
    TalentYear.objects.create(programme=programme, year=2025, quota=120, headcount=None)
    TalentYear.objects.create(programme=programme, year=2026, quota=150, headcount=96)
    make_initiative("F-1", kind=InitiativeKind.PLATFORM)
    indicator = make_indicator()
    make_reading(indicator, 2023, Decimal(201))
    Reading.objects.create(
        indicator=indicator,
        period_start=date(2025, 1, 1),
        period_end=date(2025, 12, 31),
        reported=Decimal(230),
        verified=Decimal(221),
    )
    make_target(make_commitment("S-4", department=cast.science, health=Health.AT_RISK), indicator)
    report = make_report(
        item, author=cast.lin, state=ReportState.ACCEPTED, reviewer=cast.chen, done="主体封顶", progress=Decimal(40)
    )
    ReportVolumes.objects.create(report=report, invested_year_wan=Decimal(12000))
    make_report(part, author=cast.lin, state=ReportState.DRAFT, done="还没有写完")
    return cast


def html(cast: Cast, name: str, path: str, language: str = "en") -> str:
    response = signed_in(getattr(cast, name), language=language).get(path)
    assert response.status_code == 200, path
    parse(response)
    return response.content.decode()


PAGES = ("/projects/P-1/", "/projects/P-2/", "/parks/K-1/", "/platforms/F-1/", "/talent/T-1/",
         "/targets/high-tech-enterprises/")  # fmt: skip


@pytest.mark.parametrize("path", [*LISTS, *PAGES])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_facts_of_things_are_open_to_everyone_who_is_signed_in(things: Cast, path: str, language: str) -> None:
    for name in PERSONAS:
        tree = parse(signed_in(getattr(things, name), language=language).get(path))
        assert not [node for node in tree.iter() if "style" in node.attrib]


@pytest.mark.parametrize("path", [*LISTS, *PAGES])
def test_no_light_report_or_target_of_a_foreign_department_leaks(things: Cast, path: str) -> None:
    page = parse(signed_in(things.zhou, language="en").get(path))
    main = next(page.iter("main"))
    assert list(with_class(main, "light")) == []
    said = "".join(main.itertext())
    for secret in ("S-1", "S-2", "S-3", "S-4", "主体封顶", "12,000", "a year, now"):
        assert secret not in said, secret
    for light in ("off_track", "at_risk"):  # nor does a filter tell
        found = parse(signed_in(things.zhou).get(f"/projects/?health={light}"))
        assert list(with_class(found, "name")) == []


def test_the_department_that_leads_sees_its_lights_and_reports_and_no_draft_is_shown(things: Cast) -> None:
    page = html(things, "lin", "/projects/P-1/")
    assert "S-1" in page
    assert "主体封顶" in page
    assert "还没有写完" not in html(things, "lin", "/projects/P-2/")


def test_what_nobody_entered_is_unknown_and_a_true_zero_is_zero(things: Cast) -> None:
    page = parse(signed_in(things.wu, language="en").get("/projects/"))
    rows = {text(next(with_class(row, "code"))): row for row in page.iter("tr") if list(with_class(row, "code"))}
    bare = [text(cell) for cell in rows["P-2"].iter("td")]
    full = [text(cell) for cell in rows["P-1"].iter("td")]
    assert bare[1:] == ["unknown"] * 6
    assert full == ["Late", "Under construction", "125,000", "2026: 0 / 40,000", "120\u202f%", "unknown", "no"]


def test_the_project_says_its_investment_against_the_plan_and_the_year(things: Cast) -> None:
    page = html(things, "wu", "/projects/P-1/")
    assert "Planned for 2026: 40,000 (10 000 yuan); invested: 0, 0\u202f%;" in page
    assert "of the year is gone" in page
    unknown = html(things, "wu", "/projects/P-2/")
    assert "there is nothing to compare with" in unknown


def test_a_park_shows_its_ladder_its_counties_and_the_projects_under_its_commitments(things: Cast) -> None:
    page = parse(signed_in(things.wu, language="en").get("/parks/K-1/"))
    ladder = next(with_class(page, "ladder"))
    assert [text(step) for step in ladder.iter("li") if step.get("class") == "reached"] == ["Aimed at", "Applied for"]
    lists = [text(entry) for block in with_class(page, "plain-list") for entry in block.iter("li")]
    assert lists == ["顺庆区\u202f60\u202f%", "载体 P-2 P-2"]
    foreign = parse(signed_in(things.zhou).get("/parks/K-1/"))
    assert "P-2" not in "".join(foreign.itertext())


def test_a_programme_shows_quota_and_headcount_by_year_with_the_gap(things: Cast) -> None:
    page = parse(signed_in(things.wu, language="en").get("/talent/T-1/"))
    table = next(table for table in page.iter("table") if "after-table" in table.get("class", ""))
    cells = [[text(cell) for cell in row if cell.tag in {"th", "td"}] for row in table.iter("tr")][1:]
    assert cells == [["2026", "150", "96", "64 %"], ["2025", "120", "unknown", "–"]]
    assert "2026: quota 150, headcount 96." in html(things, "wu", "/talent/T-1/")


def test_an_indicator_shows_reported_and_verified_the_gap_and_the_pace_in_words(things: Cast) -> None:
    page = html(things, "wu", "/targets/")
    assert "needs 18.6\u202f% a year, now 4.9\u202f%" in page
    assert "gap +9 (+4.1 %)" in page.replace("\n", "")
    detail = html(things, "wu", "/targets/high-tech-enterprises/")
    for said in ("201 家", "262 家", "230 家", "221 家", "+9 (+4.1 %)", "S-4"):
        assert said in detail, said


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("q=P-2", ["P-2"]),
        ("stage=construction", ["P-1"]),
        ("stage=unknown", ["P-2"]),
        ("statistics=no", ["P-1"]),
        ("statistics=unknown", ["P-2"]),
        ("health=off_track", ["P-1"]),
        ("after=P-1", ["P-2"]),
        ("place=511302", []),
    ],
)
def test_a_filter_shows_exactly_the_things_it_names(things: Cast, query: str, codes: list[str]) -> None:
    page = parse(signed_in(things.wu).get(f"/projects/?{query}"))
    assert [text(node) for node in with_class(page, "code")] == codes


def test_a_park_is_found_in_each_county_that_shares_it(things: Cast) -> None:
    page = parse(signed_in(things.wu).get("/parks/?place=511302"))
    assert [text(node) for node in with_class(page, "code")] == ["K-1"]


@pytest.mark.parametrize(
    "path",
    [
        "/projects/?stage=dream",
        "/projects/?grade=national",
        "/projects/?colour=red",
        "/parks/?stage=planning",
        "/platforms/?grade=cosmic",
        "/talent/?place=nowhere",
        "/targets/?health=purple",
        "/targets/?wanted=perhaps",
        "/projects/?q=" + "x" * 101,
    ],
)
def test_a_wrong_value_is_refused_with_a_sentence_beside_its_field(things: Cast, path: str) -> None:
    response = signed_in(things.wu, language="en").get(path)
    assert response.status_code == 400
    (errors,) = with_class(parse(response), "errors")
    assert text(errors).endswith(".")


@pytest.mark.parametrize("path", ["/projects/K-1/", "/parks/P-1/", "/projects/none/", "/projects/%00/", "/targets/no/"])
def test_a_thing_of_another_kind_or_of_none_is_not_found(things: Cast, path: str) -> None:
    assert signed_in(things.wu).get(path).status_code == 404


@pytest.mark.parametrize("path", LISTS)
def test_an_empty_list_says_what_to_do(db: None, path: str) -> None:
    page = parse(signed_in(make_cast().wu, language="en").get(path))
    (empty,) = with_class(page, "empty")
    assert "supervision office" in text(empty)
    assert not list(page.iter("table"))


def test_pages_of_a_long_list_visit_each_thing_once(db: None) -> None:
    cast = make_cast()
    for number in range(120):
        make_initiative(f"N-{number:03d}")
    client, href, found = signed_in(cast.wu), "/projects/", []
    while href:
        page = parse(client.get(href))
        found += [text(node) for node in with_class(page, "code")]
        href = next((link.get("href", "") for link in page.iter("a") if link.get("rel") == "next"), "")
    assert found == sorted(set(found))
    assert len(found) == 120


def grow(cast: Cast, size: int) -> None:
    for number in range(size):
        for kind in InitiativeKind:
            one = make_initiative(f"{kind}-{number}", kind=kind)
            make_commitment(department=cast.science, initiative=one)
        park = ParkDetails.objects.create(initiative=Initiative.objects.get(code=f"park-{number}"))
        first = ParkDetails.objects.get(initiative__code="park-0")
        ProjectDetails.objects.create(initiative=Initiative.objects.get(code=f"project-{number}"), park=first)
        county, _made = Jurisdiction.objects.get_or_create(
            code="511302", defaults={"name": "顺庆区", "level": "county"}
        )
        ParkShare.objects.create(park=park, county=county)
        talent = TalentProgrammeDetails.objects.create(
            initiative=Initiative.objects.get(code=f"talent_programme-{number}")
        )
        TalentYear.objects.create(programme=talent, year=2026, quota=1)
        indicator = make_indicator(f"i-{number}")
        make_reading(indicator, 2023, Decimal(100))
        item = make_commitment(department=cast.science, initiative=Initiative.objects.get(code="project-0"))
        make_target(item, indicator)
        make_target(item, Reading.objects.get(indicator__code="i-0").indicator) if number else None
        report = make_report(item, author=cast.lin, state=ReportState.ACCEPTED, reviewer=cast.chen)
        ReportVolumes.objects.create(report=report, physical_percent=Decimal(number))


# Every page: 2 session and person, 6 the site's status (see test_growth). Lists: places, total, matched, rows, lights,
# designations, and shares or years; projects: the parks of the filter; parks: the sums of the projects in them.
# A thing: the thing, its lights, designations, commitments, reports, volumes, parts; a park: shares, the sums of its
# projects, these, their lights.
# Indicators: matched, rows, readings, targets, paths, total; one: itself, readings, targets with two, commitments.
BUDGETS = {
    "/projects/": 9 + 7,
    "/parks/": 9 + 8,
    "/platforms/": 9 + 6,
    "/talent/": 9 + 7,
    "/targets/": 9 + 6,
    "/projects/project-0/": 9 + 7,
    "/parks/park-0/": 9 + 11,
    "/targets/i-0/": 9 + 6,
}


@pytest.mark.parametrize("path", BUDGETS)
@pytest.mark.parametrize("name", ["wu", "lin"])
def test_a_page_asks_as_much_for_three_rows_as_for_thirty(path: str, name: str) -> None:
    counted = {}
    for size in (3, 30):
        with transaction.atomic():
            cast = make_cast()
            grow(cast, size)
            client = signed_in(getattr(cast, name))
            cache.clear()
            with CaptureQueriesContext(connection) as queries:
                assert client.get(path).status_code == 200
            counted[size] = [query["sql"] for query in queries]
            transaction.set_rollback(True)
    assert len(counted[3]) == len(counted[30])
    assert len(counted[30]) <= BUDGETS[path], "\n".join(counted[30])
