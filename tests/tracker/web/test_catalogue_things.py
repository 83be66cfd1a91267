"""Parks with their projects, projects with their money over time, programmes by year, and every list as a file."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from projects.choices import InitiativeKind
from projects.models import ParkDetails, ProjectDetails, TalentProgrammeDetails, TalentYear
from tests.factories import (
    Cast,
    make_cast,
    make_commitment,
    make_indicator,
    make_initiative,
    make_milestone,
    make_reading,
    make_report,
    make_target,
)
from tests.tracker.web.pages import parse, signed_in, text, with_class
from tracker.choices import Health, ReportState
from tracker.models import Commitment, ReportVolumes

pytestmark = pytest.mark.django_db


def english(cast: Cast, name: str = "wu") -> Client:
    return signed_in(getattr(cast, name), language="en")


def said(client: Client, path: str) -> str:
    return " ".join(text(parse(client.get(path))).split())


@pytest.fixture
def park() -> Cast:
    """A park K-1 with three projects, of which two have figures and one is late; a fourth stands in no park."""
    cast = make_cast()
    home = ParkDetails.objects.create(initiative=make_initiative("K-1", kind=InitiativeKind.PARK))
    money = {"P-1": ("1000", "400", "100"), "P-2": ("500", None, "50"), "P-3": (None, None, None)}
    for code, (total, planned, invested) in money.items():
        ProjectDetails.objects.create(
            initiative=make_initiative(code),
            park=home,
            plan_year=2026,
            total_investment_wan=total,
            year_investment_wan=planned,
            year_invested_wan=invested,
        )
    ProjectDetails.objects.create(initiative=make_initiative("P-4"), total_investment_wan=9999)
    first = ProjectDetails.objects.get(initiative__code="P-1").initiative
    make_commitment("S-1", department=cast.science, initiative=first, health=Health.OFF_TRACK)
    return cast


# --- Parks


def test_a_park_adds_up_its_projects_and_says_of_how_many_it_knows(park: Cast) -> None:
    page = said(english(park), "/parks/K-1/")
    assert "3 projects. Total investment 1,500 (10 000 yuan), known of 2 of 3." in page
    assert "This year planned 400 (of 1), invested 150 (of 2)." in page
    assert "载体 P-4" not in page


def test_the_number_of_projects_in_the_list_leads_to_exactly_these(park: Cast) -> None:
    client = english(park)
    links = [node for node in parse(client.get("/parks/")).iter("a") if "park=K-1" in (node.get("href") or "")]
    assert [text(link) for link in links] == ["3"]
    rows = with_class(parse(client.get(links[0].get("href") or "")), "code")
    assert [text(row) for row in rows] == ["P-1", "P-2", "P-3"]


def test_projects_of_no_park_are_found_too(park: Cast) -> None:
    rows = with_class(parse(english(park).get("/projects/?park=unknown")), "code")
    assert [text(row) for row in rows] == ["P-4"]
    assert english(park).get("/projects/?park=K-9").status_code == 400


def test_the_light_of_a_resident_is_shown_only_to_who_may_see_it(park: Cast) -> None:
    def lights(name: str) -> list[str]:
        return [node.get("class") or "" for node in with_class(parse(english(park, name).get("/parks/K-1/")), "light")]

    assert lights("wu") == ["light off_track"]
    assert lights("zhou") == []


def test_an_empty_park_says_who_names_it(park: Cast) -> None:
    make_initiative("K-2", kind=InitiativeKind.PARK)
    assert "The supervision office names the park" in said(english(park), "/parks/K-2/")


def test_a_project_leads_to_its_park(park: Cast) -> None:
    page = parse(english(park).get("/projects/P-1/"))
    assert "/parks/K-1/" in [link.get("href") for link in page.iter("a")]
    assert "none, or not known" in said(english(park), "/projects/P-4/")


# --- Money and quantities over time


def tell(
    item: Commitment, cast: Cast, month: int, *, invested: int | None, physical: int | None, work: int | None
) -> None:
    report = make_report(
        item, author=cast.lin, state=ReportState.ACCEPTED, reviewer=cast.chen,
        period_start=date(2026, month, 1), period_end=date(2026, month, 28),
    )  # fmt: skip
    ReportVolumes.objects.create(
        report=report, invested_year_wan=invested, physical_percent=physical, work_percent=work
    )


def test_investment_is_drawn_against_the_plan_of_the_year_with_the_figures_behind_it(park: Cast) -> None:
    item = Commitment.objects.get(code="S-1")
    tell(item, park, 3, invested=50, physical=10, work=None)
    tell(item, park, 6, invested=100, physical=20, work=15)
    page = parse(english(park).get("/projects/P-1/"))
    assert len(list(with_class(page, "plot"))) == 2
    shown = text(page)
    assert "By 2026-06-28 25 % of the year’s plan, in 49 % of the year." in " ".join(shown.split())
    (figures,) = [node for node in page.iter("details") if "figures" in (node.get("class") or "")]
    assert [text(cell) for cell in figures.iter("th")][-2:] == ["2026-03-28", "2026-06-28"]


def test_a_report_of_another_year_says_nothing_about_this_years_plan(park: Cast) -> None:
    item = Commitment.objects.get(code="S-1")
    tell(item, park, 6, invested=100, physical=20, work=15)
    ProjectDetails.objects.update(plan_year=2027)
    assert list(with_class(parse(english(park).get("/projects/P-1/")), "plot")) == []


def test_a_plan_that_is_not_known_is_not_drawn_as_a_goal(park: Cast) -> None:
    item = Commitment.objects.get(code="S-1")
    tell(item, park, 6, invested=100, physical=None, work=None)
    ProjectDetails.objects.update(year_investment_wan=None)
    page = parse(english(park).get("/projects/P-1/"))
    assert list(with_class(page, "goal")) == []
    assert "the year’s plan is not known" in text(page)


def test_a_programme_shows_its_years_as_columns_and_adds_up_only_what_is_known(park: Cast) -> None:
    one = TalentProgrammeDetails.objects.create(initiative=make_initiative("T-1", kind=InitiativeKind.TALENT_PROGRAMME))
    for year, quota, headcount in ((2024, 30, 31), (2025, 30, None), (2026, 40, 25)):
        TalentYear.objects.create(programme=one, year=year, quota=quota, headcount=headcount)
    page = parse(english(park).get("/talent/T-1/"))
    assert len(list(with_class(page, "column"))) == 3
    assert "56 of 70 places" in " ".join(text(page).split())


# --- Files


def rows_of(client: Client, path: str) -> list[dict[str, str]]:
    response = client.get(path)
    assert response.status_code == 200
    lines = list(csv.reader(io.StringIO(response.getvalue().decode("utf-8-sig"))))
    return [dict(zip(lines[1], line, strict=True)) for line in lines[2:]]


def test_a_list_of_things_as_a_file_holds_all_rows_that_pass_and_empty_cells_for_the_unknown(park: Cast) -> None:
    found = rows_of(english(park), "/projects/?park=K-1&format=csv")
    assert [row["Code"] for row in found] == ["P-1", "P-2", "P-3"]
    assert [row["Total investment (10 000 yuan)"] for row in found] == ["1000", "500", ""]
    assert [row["Light"] for row in found] == ["Late", "", ""]
    assert found[0]["Park"] == "载体 K-1"


def test_a_file_is_not_cut_at_the_end_of_a_page(park: Cast) -> None:
    for number in range(60):
        make_initiative(f"N-{number:03d}")
    assert len(rows_of(english(park), "/projects/?format=csv")) == 64


def test_a_file_shows_no_light_that_the_page_would_not(park: Cast) -> None:
    assert {row["Light"] for row in rows_of(english(park, "zhou"), "/projects/?format=csv")} == {""}


@pytest.mark.parametrize("path", ["/parks/", "/platforms/", "/talent/", "/targets/", "/timeline/", "/calendar/"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_every_list_offers_its_rows_as_a_file(park: Cast, path: str, kind: str) -> None:
    make_initiative("F-1", kind=InitiativeKind.PLATFORM)
    make_initiative("T-1", kind=InitiativeKind.TALENT_PROGRAMME)
    make_indicator("empty")
    client = english(park)
    offered = [link.get("href") for link in parse(client.get(path)).iter("a") if link.get("download") is not None]
    assert f"{path}?format={kind}" in offered
    answer = client.get(f"{path}?format={kind}")
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    assert client.get(f"{path}?format=pdf").status_code == 400


@pytest.mark.parametrize(
    "path", ["/projects/?stage=dream", "/targets/?health=purple", "/timeline/?year=soon", "/calendar/?month=13"]
)
def test_a_wrong_filter_gives_the_page_that_says_so_and_no_file(park: Cast, path: str) -> None:
    answer = english(park).get(f"{path}&format=csv")
    assert answer.status_code == 400
    assert "Content-Disposition" not in answer
    assert list(with_class(parse(answer), "errors"))


def test_targets_as_a_file_carry_the_gap_and_the_forecast(park: Cast) -> None:
    one = make_indicator()
    for year, value in ((2023, 201), (2024, 214), (2025, 229)):
        make_reading(one, year, Decimal(value))
    make_target(Commitment.objects.get(code="S-1"), one)
    make_indicator("bare")
    target, bare = sorted(rows_of(english(park), "/targets/?format=csv"), key=lambda row: -len(row["Goal"]))
    assert (target["Goal"], target["Base"], target["Verified value"]) == ("262", "201", "229")
    assert target["Needed a year (%)"] == "14.4"
    assert (bare["Goal"], bare["Forecast"], bare["Commitment"]) == ("", "", "")


def test_the_calendar_as_a_file_holds_the_month_or_the_day(park: Cast) -> None:
    item = Commitment.objects.get(code="S-1")
    make_milestone(item, "投产", planned_on=date(2026, 12, 1))
    found = rows_of(english(park), "/calendar/?month=2026-12&format=csv")
    assert [(row["Day"], row["What"]) for row in found] == [("2026-12-01", "Milestone"), ("2026-12-31", "Due")]
    assert len(rows_of(english(park), "/calendar/?day=2026-12-31&format=csv")) == 1
    assert rows_of(english(park), "/calendar/?month=2026-11&format=csv") == []


def test_the_timeline_as_a_file_tells_where_dates_moved(park: Cast) -> None:
    item = Commitment.objects.get(code="S-1")
    make_milestone(item, "开工", planned_on=date(2026, 3, 1), actual_on=date(2026, 4, 1))
    (row,) = rows_of(english(park), "/timeline/?format=csv")
    assert (row["Code"], row["Milestones"]) == ("S-1", "开工 2026-03-01 → 2026-04-01")


# --- Targets


def test_a_target_with_readings_stands_above_the_list_with_its_gap_and_outlook(park: Cast) -> None:
    one = make_indicator()
    for year, value in ((2023, 201), (2024, 214), (2025, 229)):
        make_reading(one, year, Decimal(value))
    make_target(Commitment.objects.get(code="S-1"), one)
    client = english(park)
    for path in ("/targets/", f"/targets/{one.code}/"):
        assert "needs 14.4 % a year, now 6.7 %" in said(client, path).replace("\N{NARROW NO-BREAK SPACE}", " ")
    (figure,) = with_class(parse(client.get("/targets/")), "target")
    assert f"/targets/{one.code}/" in [link.get("href") for link in figure.iter("a")]


def test_an_empty_list_of_targets_sends_only_the_office_to_enter_one(db: None) -> None:
    cast = make_cast()
    for name, is_sent in (("wu", False), ("lin", False), ("chen", True)):
        (empty,) = with_class(parse(english(cast, name).get("/targets/")), "empty")
        hrefs = [link.get("href") for link in empty.iter("a")]
        assert hrefs == (["/admin/projects/indicator/add/"] if is_sent else [])
