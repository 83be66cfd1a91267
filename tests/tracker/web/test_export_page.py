"""The page on which a list's file is chosen, and the pages on which offices keep their layouts."""

import csv
import io

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from tests.factories import Cast, make_cast, make_commitment
from tests.tracker.web.pages import parse, signed_in, text, with_class
from tracker.choices import Health
from tracker.models import Event, ListLayout

pytestmark = pytest.mark.django_db
PAGE, LAYOUTS = "/commitments/export/", "/admin/tracker/listlayout/"


@pytest.fixture
def cast() -> Cast:
    found = make_cast()
    make_commitment("C-1", department=found.science, health=Health.OFF_TRACK)
    make_commitment("C-2", department=found.science, health=Health.DONE)
    make_commitment("C-3", department=found.health_bureau, health=Health.OFF_TRACK)
    return found


def layout(name: str = "月报用表", **said: object) -> ListLayout:
    columns = ["title", "code", "lead", "health"]
    return ListLayout.objects.create(**{"name": name, "columns": columns} | said)


def test_the_list_leads_to_the_page_with_its_filters_and_the_page_to_the_file(cast: Cast) -> None:
    layout(department=cast.science)
    layout("他局用表", department=cast.health_bureau)
    lin = signed_in(cast.lin, language="en")
    listed = parse(lin.get("/commitments/?health=off_track"))
    links = [a.get("href", "") for part in with_class(listed, "export") for a in part.iter("a")]
    assert f"{PAGE}?health=off_track" in links
    page = lin.get(f"{PAGE}?health=off_track").content.decode()
    assert "Light Late" in page
    assert "月报用表" in page
    assert "他局用表" not in page
    own = ListLayout.objects.get(name="月报用表")
    answer = lin.get(PAGE, {"health": "off_track", "layout": f"layout-{own.pk}", "format": "csv"})
    rows = list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    assert rows == [["事项", "编号", "牵头单位", "灯", "版本"], ["事项 C-1", "C-1", "市科技局", "红灯", "0"]]
    book = lin.get(PAGE, {"health": "off_track", "layout": "breakdown", "format": "xlsx"}).getvalue()
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert [row[1] for row in sheet[3:]] == ["C-1"]


def test_what_cannot_be_had_is_said_beside_the_choice(cast: Cast) -> None:
    foreign = layout(department=cast.health_bureau)
    gone = layout("旧表", department=cast.science, is_active=False)
    lin = signed_in(cast.lin, language="en")
    for asked, sentence in (
        ({"layout": "breakdown", "format": "csv"}, "exists as Excel only"),
        ({"layout": f"layout-{foreign.pk}", "format": "csv"}, "is not in the list"),
        ({"layout": f"layout-{gone.pk}", "format": "csv"}, "is not in the list"),
        ({"layout": "ledger", "format": "pdf"}, "is not in the list"),
        ({"layout": "ledger", "format": "csv", "health": "purple"}, "is not in the list"),
    ):
        answer = lin.get(PAGE, asked)
        assert (answer.status_code, sentence in answer.content.decode()) == (400, True), asked
    empty = lin.get(f"{PAGE}?health=exempt")
    assert "There is nothing to export." in empty.content.decode()


def test_the_page_asks_no_more_for_more_layouts_and_rows(cast: Cast) -> None:
    wu = signed_in(cast.wu)

    def asked(**query: str) -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            answer = wu.get(PAGE, query)
            assert answer.getvalue() if answer.streaming else answer.content
        return len(queries)

    own = layout(department=cast.science)
    files = [{"layout": form, "format": "xlsx"} for form in ("list", "ledger", f"layout-{own.pk}")]
    few = [asked(), *(asked(**query) for query in files)]
    for number in range(20):
        layout(f"表{number}", department=cast.science)
        make_commitment(f"M-{number}", department=cast.science)
    assert [asked(), *(asked(**query) for query in files)] == few


def test_an_office_makes_its_layout_with_numbers_and_corrects_it(cast: Cast) -> None:
    lin = signed_in(cast.lin, language="en")
    page = lin.get(f"{LAYOUTS}add/").content.decode()
    assert 'name="place_code" value="10"' in page
    assert 'name="department"' not in page
    places = {"place_title": "10", "place_code": "20", "place_due_on": "15", "place_health": "30"}
    assert lin.post(f"{LAYOUTS}add/", {"name": "月报用表", **places}).status_code == 302
    row = ListLayout.objects.get()
    assert (row.department, row.columns) == (cast.science, ["title", "due_on", "code", "health"])
    short = {"name": "月报用表", "is_active": "on", "place_title": "1", "place_lead": "2"}
    refused = lin.post(f"{LAYOUTS}{row.pk}/change/", short).content.decode()
    assert "Rows are known by 编号." in refused
    assert lin.post(f"{LAYOUTS}{row.pk}/change/", short | places).status_code == 302
    row.refresh_from_db()
    assert row.columns == ["lead", "title", "due_on", "code", "health"]
    assert Event.objects.count() == 2
    history = lin.get(f"{LAYOUTS}{row.pk}/history/").content.decode()
    assert "Layout of files revised" in history
    assert "牵头单位、事项、现定期限、编号、灯" in history
    assert "牵头单位、事项、现定期限、编号、灯" in lin.get(LAYOUTS).content.decode()


def test_who_may_not_keep_a_layout_only_reads_it(cast: Cast) -> None:
    shared = layout(department=cast.science, is_shared=True)
    zhou = signed_in(cast.zhou, language="en")
    page = zhou.get(f"{LAYOUTS}{shared.pk}/change/")
    assert (page.status_code, 'name="_save"' in page.content.decode()) == (200, False)
    assert zhou.post(f"{LAYOUTS}{shared.pk}/change/", {"name": "改名"}).status_code == 403
    heads = with_class(parse(zhou.get(PAGE)), "tick")
    assert any("月报用表" in text(head) for head in heads)
