"""Departments side by side: off by default, for leaders and the office, every number the rows it leads to."""

import csv
import io

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import Cast, make_commitment, make_department
from tests.tracker.web.pages import PERSONAS, codes, parse, signed_in, text, with_class
from tracker.actions import settings
from tracker.choices import DepartmentKind, Health
from tracker.models import Department
from tracker.policies import SYSTEM

ADDRESS = "/departments/compare/"


@pytest.fixture
def on(world: Cast) -> Cast:
    settings.revise(values={"compares_departments": True}, reason="常务会议定", by=SYSTEM)
    return world


@pytest.mark.parametrize("name", PERSONAS)
def test_while_it_is_off_there_is_no_such_page_and_no_link_to_it(world: Cast, name: str) -> None:
    client = signed_in(getattr(world, name))
    assert client.get(ADDRESS).status_code == 404
    assert ADDRESS not in client.get("/departments/").content.decode()


@pytest.mark.parametrize(
    ("name", "may"), [("lin", False), ("zhou", False), ("chen", True), ("wu", True), ("gu", False)]
)
def test_leaders_and_the_office_see_it_and_are_led_there(on: Cast, name: str, may: bool) -> None:
    client = signed_in(getattr(on, name))
    assert client.get(ADDRESS).status_code == (200 if may else 404)
    assert (ADDRESS in client.get("/departments/").content.decode()) is may


def test_every_number_is_the_list_that_it_leads_to(on: Cast) -> None:
    client = signed_in(on.wu)
    asked = 0
    for plan in ("", "?plan=P1"):
        tree = parse(client.get(ADDRESS + plan))
        for link in tree.iter("a"):
            href, said = link.get("href", ""), text(link).strip()
            if not href.startswith("/commitments/?") or not said.isdecimal():
                continue
            assert len(codes(client, href)) == int(said), href
            asked += 1
    assert asked > 20


def test_departments_stand_in_the_order_of_the_ledger_not_of_their_figures(on: Cast) -> None:
    Department.objects.update(order=5)
    last = make_department("aaa")
    Department.objects.filter(pk=last.pk).update(order=9)
    for _number in range(9):
        make_commitment(department=last, health=Health.DONE)
    make_commitment(department=make_department("zone", kind=DepartmentKind.ZONE), health=Health.OFF_TRACK)
    tree = parse(signed_in(on.wu).get(ADDRESS))
    tables = [[text(cell).strip() for cell in table.findall("tbody/tr/th")] for table in with_class(tree, "comparison")]
    ordered = [
        list(Department.objects.filter(kind=kind, led__isnull=False).distinct().order_by("order", "code"))
        for kind in (DepartmentKind.CITY, DepartmentKind.ZONE)
    ]
    assert tables == [[one.name for one in group] for group in ordered]
    assert tables[0][-1] == last.name


def test_of_few_matters_no_share_is_computed_and_the_page_says_so(on: Cast) -> None:
    small, large = make_department("small"), make_department("large")
    for _number in range(4):
        make_commitment(department=small, health=Health.OFF_TRACK)
    for number in range(8):
        make_commitment(department=large, health=Health.OFF_TRACK if number < 2 else Health.ON_TRACK)
        make_commitment(department=large, health=Health.EXEMPT)
    rows = {
        text(head): text(row)
        for table in with_class(parse(signed_in(on.wu, language="en").get(ADDRESS)), "comparison")
        for row in table.findall("tbody/tr")
        if (head := row.find("th")) is not None
    }
    assert "%" not in rows[small.name]
    assert "too few for shares" in rows[small.name]
    assert "25 %" in rows[large.name]
    assert "75 %" in rows[large.name]


def test_a_wrong_plan_narrows_nothing_and_is_named(on: Cast) -> None:
    answer = signed_in(on.wu).get(f"{ADDRESS}?plan=NO")
    assert answer.status_code == 400
    assert "NO" in text(parse(answer))


def test_the_figures_come_as_a_file(on: Cast) -> None:
    answer = signed_in(on.wu).get(f"{ADDRESS}?format=csv&plan=P1")
    rows = list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    heads, lines = rows[1], rows[2:]
    assert {len(line) for line in lines} == {len(heads)} == {14}
    assert len(lines) == Department.objects.filter(led__plan__code="P1").distinct().count()
    for line in lines:
        assert sum(int(line[place]) for place in range(4, 14, 2)) == int(line[3]) <= int(line[2])


def test_it_asks_as_much_for_three_departments_as_for_thirty(on: Cast) -> None:
    client, counted = signed_in(on.wu), []
    for size in (3, 30):
        for number in range(size):
            make_commitment(department=make_department(f"n{size}-{number}"))
        client.get(ADDRESS)
        with CaptureQueriesContext(connection) as queries:
            client.get(ADDRESS)
        counted.append(len(queries))
        cache.clear()
    # 2 session and person; 1 what is unread; 1 revision, key of the kept status; the settings; plans; lights by lead;
    # departments.
    assert counted[0] == counted[1] <= 8
