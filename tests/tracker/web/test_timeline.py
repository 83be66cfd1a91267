"""The timeline: drawings that say what they show, ghosts of moved dates, filters, paging, nothing foreign."""

from datetime import date
from decimal import Decimal
from xml.etree.ElementTree import Element

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from tests.factories import Cast, make_cast, make_clause, make_commitment, make_milestone, make_plan
from tests.tracker.web.pages import parse, signed_in, text, with_class
from tracker.choices import Health
from tracker.models import Commitment
from tracker.web import gantt
from tracker.web.gantt import Bar, Mark

TODAY = date(2026, 11, 22)
SPAN = gantt.months(date(2024, 1, 1), date(2026, 12, 31))


def drawn(item: Bar, span: gantt.Span = SPAN) -> str:
    with translation.override("en"):
        return gantt.bar(item, span, today=TODAY)


def test_a_span_is_whole_months_and_never_longer_than_ten_years():
    assert gantt.months(date(2026, 2, 10), date(2026, 2, 11)) == gantt.Span(
        first=date(2026, 2, 1), last=date(2026, 2, 28)
    )
    assert gantt.months(date(2024, 1, 5), date(9999, 12, 31)).last == date(2033, 12, 31)
    assert gantt.months(date(9999, 11, 1), date(9999, 12, 31)).last <= date.max


def test_places_are_percent_and_days_outside_lie_on_the_edge():
    assert SPAN.at(date(2024, 1, 1)) == 0
    assert SPAN.at(date(2020, 1, 1)) == 0
    assert SPAN.at(date(2030, 1, 1)) == 100
    assert 49 < SPAN.at(date(2025, 7, 2)) < 51


def test_the_axis_names_years_months_and_today_and_keeps_the_grid_once():
    with translation.override("en"):
        axis = gantt.axis(SPAN, today=TODAY)
        later = gantt.axis(SPAN, today=date(2030, 1, 1))
    for word in (">2024<", ">2025<", ">2026<", ">4<", ">Today<"):
        assert word in axis
    assert axis.count('id="gantt-grid"') == 1
    assert "Today" not in later


def test_a_year_at_the_edge_stands_inside_it():
    with translation.override("en"):
        axis = gantt.axis(gantt.months(date(2024, 1, 1), date(2027, 2, 28)), today=TODAY)
    assert '<text class="year" x="100%" y="11" text-anchor="end">2027</text>' in axis


def test_a_bar_says_in_words_what_it_shows():
    item = Bar(
        name="NC-1 事项",
        starts_on=date(2024, 1, 1),
        ends_on=date(2026, 6, 30),
        original_ends_on=date(2025, 12, 31),
        forecast_on=date(2026, 9, 30),
        progress=Decimal("40.50"),
        late_until=TODAY,
        marks=[Mark(name="开工", on=date(2024, 5, 1))],
    )
    with translation.override("en"):
        assert gantt.words(item, today=TODAY) == (
            "NC-1 事项; 2024-01-01 – 2026-06-30; first due 2025-12-31; forecast 2026-09-30; 145 days late; "
            "40.5 % done; 1 milestone"
        )
    for part in ('class="ghost"', 'class="slip"', 'class="path"', 'class="delay"', 'class="span-done"', "step"):
        assert part in drawn(item), part


def test_a_date_that_never_moved_has_no_ghost_and_unknown_progress_no_dark_part():
    svg = drawn(Bar(name="N", starts_on=date(2024, 1, 1), ends_on=date(2026, 12, 31)))
    for part in ("ghost", "slip", "delay", "span-done"):
        assert part not in svg


def test_without_a_date_the_bar_is_an_outline_that_says_so():
    svg = drawn(Bar(name="N", starts_on=date(2024, 1, 1), ends_on=None, progress=Decimal(40)))
    assert 'class="span open"' in svg
    assert "from 2024-01-01, no date" in svg
    assert "span-done" not in svg
    assert "continuous since" in drawn(Bar(name="N", starts_on=date(2024, 1, 1), ends_on=None, is_continuous=True))


def test_a_milestone_has_the_shape_of_its_state_and_a_ghost_where_it_moved_far():
    marks = [
        Mark(name="reached", on=date(2024, 6, 1), planned_on=date(2024, 6, 2), is_reached=True),
        Mark(name="late", on=date(2026, 1, 1), planned_on=date(2025, 1, 1), is_late=True),
        Mark(name="ahead", on=date(2026, 12, 1)),
        Mark(name="beyond", on=date(2031, 1, 1)),
    ]
    svg = drawn(Bar(name="N", starts_on=date(2024, 1, 1), ends_on=date(2026, 12, 31), marks=marks))
    assert [svg.count(f"#l-{light}") for light in ("done", "off_track", "not_started")] == [1, 1, 1]
    assert svg.count("ghost") == 1
    assert "late: planned for 2025-01-01" in svg


def test_what_lies_outside_the_span_is_an_arrow():
    year = gantt.months(date(2025, 1, 1), date(2025, 12, 31))
    assert "→" in drawn(Bar(name="N", starts_on=date(2026, 1, 1), ends_on=date(2026, 6, 1)), year)
    assert "←" in drawn(Bar(name="N", starts_on=date(2024, 1, 1), ends_on=date(2024, 6, 1)), year)
    assert gantt.bar(Bar(name="N", starts_on=date(2024, 1, 1), ends_on=date.max), SPAN, today=TODAY)


def test_names_are_escaped():
    assert "<b>" not in drawn(Bar(name="<b>", starts_on=date(2024, 1, 1), ends_on=None))


# --- The page


@pytest.fixture
def moved(world: Cast) -> Cast:
    Commitment.objects.filter(code="FULL-1").update(due_on=date(2027, 6, 30))
    return world


def codes(page: Element) -> list[str]:
    return [text(node) for table in with_class(page, "gantt") for node in with_class(table, "code")]


def test_the_page_draws_every_commitment_in_sight_and_nothing_else(moved: Cast) -> None:
    for name, count in (("wu", 40), ("zhou", 7)):
        page = parse(signed_in(getattr(moved, name), language="en").get("/timeline/"))
        seen = codes(page)
        assert len(seen) == count
        assert all(not code.startswith(("FULL", "RED", "OTHER")) for code in seen) or name == "wu"
        assert len(list(with_class(page, "gantt-bar"))) == count


def test_a_moved_date_is_told_in_the_drawing_and_in_the_table(moved: Cast) -> None:
    html = signed_in(moved.lin, language="en").get("/timeline/?department=kjj").content.decode()
    assert "First due 2026-12-31, now 2027-06-30" in html
    assert "投产 &lt;b&gt;" in html
    assert ">2027-06-30<" in html


def test_pages_visit_every_row_once(moved: Cast) -> None:
    client, href, found = signed_in(moved.wu), "/timeline/", []
    while href:
        page = parse(client.get(href))
        found += codes(page)
        href = next((link.get("href", "") for link in page.iter("a") if link.get("rel") == "next"), "")
    assert found == sorted(Commitment.objects.values_list("code", flat=True))


@pytest.mark.parametrize("query", ["chapter=P1-1", "department=kjj", "health=off_track", "health=open", "year=2026"])
def test_a_filter_narrows(moved: Cast, query: str) -> None:
    response = signed_in(moved.wu).get(f"/timeline/?{query}")
    assert response.status_code == 200
    assert codes(parse(response))


@pytest.mark.parametrize("query", ["department=x", "chapter=P1-9", "health=x", "year=1", "year=soon", "colour=red"])
def test_a_wrong_filter_is_named_beside_its_field(moved: Cast, query: str) -> None:
    response = signed_in(moved.wu, language="en").get(f"/timeline/?{query}")
    assert response.status_code == 400
    (errors,) = with_class(parse(response), "errors")
    assert text(errors).endswith(".")


def test_a_department_may_not_ask_for_another_ones_rows(moved: Cast) -> None:
    assert signed_in(moved.zhou).get("/timeline/?department=d1").status_code == 400


def test_without_commitments_it_says_so(db: None) -> None:
    page = parse(signed_in(make_cast().wu).get("/timeline/"))
    assert len(list(with_class(page, "empty"))) == 1


# 8 as every page; departments and chapters of the filters; rows, milestones, bounds, matched, total.
BUDGET = 9 + 7


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["wu", "lin"])
def test_the_page_asks_as_much_for_three_rows_as_for_thirty(name: str) -> None:
    counted = {}
    for size in (3, 30):
        with transaction.atomic():
            cast, plan = make_cast(), make_plan()
            for number in range(size):
                item = make_commitment(
                    department=cast.science, plan=plan, clause=make_clause(plan, f"c{number}"), health=Health.AT_RISK
                )
                make_milestone(item, planned_on=date(2026, 1, 1))
            client = signed_in(getattr(cast, name))
            cache.clear()
            with CaptureQueriesContext(connection) as queries:
                assert client.get("/timeline/").status_code == 200
            counted[size] = len(queries)
            transaction.set_rollback(True)
    assert counted[3] == counted[30] <= BUDGET
