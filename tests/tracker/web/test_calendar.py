"""The calendar: what falls on which day, China's working days, years nobody has published, nothing foreign."""

from datetime import date, timedelta
from xml.etree.ElementTree import Element

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.factories import Cast, make_cast, make_commitment, make_milestone, make_moved_day
from tests.tracker.web.pages import parse, signed_in, text, with_class
from tracker.choices import Health
from tracker.rules.workdays import STANDARD
from tracker.web import calendar_page

DUE = date(2026, 2, 27)


@pytest.fixture
def month(db: None) -> Cast:
    """February 2026: seven of the science bureau due on the 27th, one of another department, two milestones."""
    cast = make_cast()
    for number in range(7):
        light = Health.OFF_TRACK if number == 6 else Health.ON_TRACK
        make_commitment(f"S-{number}", title=f"科技事项 {number}", department=cast.science, due_on=DUE, health=light)
    other = make_commitment("Z-1", title="卫健事项", department=cast.health_bureau, due_on=date(2026, 2, 10))
    make_milestone(other, "奠基", planned_on=date(2026, 2, 11), actual_on=date(2026, 2, 12))
    make_milestone(other, "封顶", planned_on=date(2026, 2, 11))
    return cast


def cells(page: Element) -> dict[str, Element]:
    table = next(with_class(page, "month"))
    return {next(cell.iter("time")).get("datetime", ""): cell for cell in table.iter("td")}


def test_a_sheet_is_whole_weeks_from_monday():
    days = calendar_page.month_days(date(2026, 2, 1))
    assert (days[0], days[-1], len(days)) == (date(2026, 1, 26), date(2026, 3, 1), 35)
    assert len(calendar_page.month_days(date(2027, 2, 1))) == 28  # a February from Monday to Sunday


@pytest.mark.parametrize(
    ("day", "mark"),
    [
        (date(2026, 2, 17), "休"),  # Spring Festival, a Tuesday
        (date(2026, 2, 14), "班"),  # a Saturday worked in its stead
        (date(2026, 2, 28), "班"),
        (date(2026, 2, 7), ""),  # a Saturday like any other
        (date(2026, 2, 6), ""),
    ],
)
def test_days_off_and_make_up_days_are_marked(day: date, mark: str) -> None:
    found = calendar_page.day_mark(day, is_working=STANDARD.is_working_day(day))
    assert (found != "") == (mark != "")


def test_the_month_counts_its_working_days(month: Cast) -> None:
    page = parse(signed_in(month.wu, language="en").get("/calendar/?month=2026-02"))
    assert text(next(with_class(page, "count"))) == "16 working days"


def test_a_day_shows_the_gravest_first_and_says_how_many_more(month: Cast) -> None:
    cell = cells(parse(signed_in(month.wu, language="en").get("/calendar/?month=2026-02")))["2026-02-27"]
    assert [text(link) for link in cell.iter("a")][1:] == [
        "科技事项 6", "科技事项 0", "科技事项 1", "科技事项 2", "3 more",
    ]  # fmt: skip


def test_the_day_in_full_has_every_row_and_its_list_as_many(month: Cast) -> None:
    client = signed_in(month.wu, language="en")
    page = parse(client.get("/calendar/?day=2026-02-27"))
    section = next(node for node in page.iter("section") if node.get("id") == "day")
    assert "all 7" in text(section).replace("\u202f", " ")
    href = next(link.get("href", "") for link in section.iter("a") if "due_after" in link.get("href", ""))
    listed = [text(cell) for cell in with_class(parse(client.get(href)), "code") if cell.tag == "td"]
    assert listed == [f"S-{number}" for number in range(7)]


def test_milestones_stand_on_their_planned_day_the_open_one_first(month: Cast) -> None:
    cell = cells(parse(signed_in(month.wu, language="en").get("/calendar/?month=2026-02")))["2026-02-11"]
    assert [text(entry) for entry in cell.iter("li")] == ["◇封顶 · 卫健事项 overdue", "◇奠基 · 卫健事项 reached"]


def test_another_departments_dates_do_not_leak(month: Cast) -> None:
    for path in ("/calendar/?month=2026-02", "/calendar/?day=2026-02-10", "/calendar/?day=2026-02-11"):
        said = signed_in(month.lin).get(path).content.decode()
        assert "卫健事项" not in said
        assert "封顶" not in said
    assert "科技事项" not in signed_in(month.zhou).get("/calendar/?day=2026-02-27").content.decode()
    assert signed_in(month.zhou).get("/calendar/?department=kjj").status_code == 400


def test_a_year_without_a_published_notice_is_announced(month: Cast) -> None:
    client = signed_in(month.wu, language="en")
    assert "working days are provisional" in client.get("/calendar/?month=2027-05").content.decode()
    assert "provisional" not in client.get("/calendar/?month=2026-05").content.decode()


def test_what_the_office_entered_is_marked_and_settles_its_year(month: Cast) -> None:
    make_moved_day(date(2027, 2, 14), works=True)
    make_moved_day(date(2027, 2, 12), works=False)
    client = signed_in(month.wu, language="en")
    assert "provisional" in client.get("/calendar/?month=2027-02").content.decode(), "a notice that is entered half"
    for day in (date(2027, 1, 1) + timedelta(days=number) for number in range(365)):
        if not STANDARD.is_working_day(day) and day.weekday() < 5 and day != date(2027, 2, 12):
            make_moved_day(day, works=False)
    page = parse(client.get("/calendar/?month=2027-02"))
    found = cells(page)
    assert [text(mark) for mark in with_class(found["2027-02-14"], "mark-word")] == ["at work"]
    assert [text(mark) for mark in with_class(found["2027-02-12"], "mark-word")] == ["off"]
    assert "provisional" not in "".join(page.itertext())


def test_those_who_may_enter_the_notice_are_led_there(month: Cast) -> None:
    for name, leads in (("chen", True), ("gu", True), ("wu", False), ("lin", False)):
        said = signed_in(getattr(month, name), language="en").get("/calendar/?month=2027-05").content.decode()
        assert ("/admin/tracker/dayoverride/import/" in said) is leads, name
        assert "working days are provisional" in said


def test_a_month_is_not_called_provisional_for_the_days_of_its_neighbour(month: Cast) -> None:
    """The sheet of December 2026 ends in January 2027, whose holidays are not announced."""
    client = signed_in(month.wu, language="en")
    assert "provisional" not in client.get("/calendar/?month=2026-12").content.decode()
    assert "20 working days, provisional" in client.get("/calendar/?month=2027-01").content.decode()


def test_an_empty_month_says_so_and_leads_on(month: Cast) -> None:
    page = parse(signed_in(month.wu, language="en").get("/calendar/?month=2026-07"))
    assert "Nothing is due in this month" in "".join(page.itertext())
    around = {link.get("rel"): link.get("href") for link in page.iter("a") if link.get("rel")}
    assert around == {"prev": "/calendar/?month=2026-06", "next": "/calendar/?month=2026-08"}


def test_a_department_narrows_the_month_and_stays_on_the_way(month: Cast) -> None:
    page = parse(signed_in(month.wu).get("/calendar/?month=2026-02&department=wjw"))
    assert "科技事项" not in "".join(page.itertext())
    assert any("month=2026-03&department=wjw" in link.get("href", "") for link in page.iter("a"))


@pytest.mark.parametrize("edge", ["2000-01", "2099-12"])
def test_the_calendar_ends_without_a_fall(month: Cast, edge: str) -> None:
    assert signed_in(month.wu).get(f"/calendar/?month={edge}").status_code == 200


@pytest.mark.parametrize(
    "query", ["month=soon", "month=2026-13", "month=1999-12", "month=9999-12", "day=x", "department=x", "colour=red"]
)
def test_a_wrong_value_is_refused_with_a_sentence(month: Cast, query: str) -> None:
    response = signed_in(month.wu, language="en").get(f"/calendar/?{query}")
    assert response.status_code == 400
    (errors,) = with_class(parse(response), "errors")
    assert text(errors).endswith(".")


# 8 as every page; the departments of the filter; the moved working days; due dates; milestones.
BUDGET = 9 + 4


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["wu", "lin"])
def test_the_page_asks_as_much_for_three_rows_as_for_thirty(name: str) -> None:
    counted = {}
    for size in (3, 30):
        with transaction.atomic():
            cast = make_cast()
            for number in range(size):
                item = make_commitment(department=cast.science, due_on=date(2026, 2, 1 + number % 28))
                make_milestone(item, planned_on=date(2026, 2, 1 + number % 28))
                make_moved_day(date(2026, 3, 1 + number))
            client = signed_in(getattr(cast, name))
            cache.clear()
            with CaptureQueriesContext(connection) as queries:
                assert client.get("/calendar/?month=2026-02").status_code == 200
            counted[size] = len(queries)
            transaction.set_rollback(True)
    assert counted[3] == counted[30] <= BUDGET
