"""Lists as files: all rows of the filters, as a spreadsheet reads them, with nothing in them that it would run."""

import csv
import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from tests.factories import Cast, make_cast, make_commitment, make_department
from tests.tracker.web.pages import parse, signed_in, text, with_class
from tracker.choices import Health
from tracker.web import sheets
from tracker.web.sheets import Sheet

pytestmark = pytest.mark.django_db
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def cast() -> Cast:
    found = make_cast()
    for number in range(120):
        make_commitment(
            f"N-{number:03d}",
            department=found.science if number % 2 else found.health_bureau,
            health=Health.OFF_TRACK if number % 3 else Health.DONE,
        )
    make_commitment("N-999", title="=HYPERLINK(1)", department=found.science, progress=Decimal("12.5"))
    return found


def lines(response: Any) -> list[list[str]]:
    content = response.getvalue()
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def cells(response: Any) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(response.getvalue())).get_sheet_by_index(0).to_python()


def test_a_file_holds_all_rows_of_the_filters_and_not_one_page(cast: Cast) -> None:
    client = signed_in(cast.wu, language="en")
    page = parse(client.get("/commitments/?health=off_track"))
    (link, _other) = [
        link for part in with_class(page, "export") for link in part.iter("a") if link.get("download") == ""
    ]
    head, columns, *rows = lines(client.get(link.get("href", "")))
    assert [row[0] for row in rows] == [f"N-{number:03d}" for number in range(120) if number % 3]
    assert columns[:3] == ["Code", "Commitment", "Light"]
    assert "filters: Light Late" in head[0]


def test_the_workbook_says_the_same_as_the_text(cast: Cast) -> None:
    client = signed_in(cast.wu)
    written = client.get("/commitments/?format=csv&health=off_track")
    book = client.get("/commitments/?format=xlsx&health=off_track")
    assert book["Content-Type"] == XLSX
    assert [row[:3] for row in cells(book)[1:]] == [row[:3] for row in lines(written)[1:]]


def test_a_reader_finds_in_the_file_only_what_the_page_would_show(cast: Cast) -> None:
    mine = lines(signed_in(cast.zhou).get("/commitments/?format=csv"))[2:]
    assert [row[0] for row in mine] == [f"N-{number:03d}" for number in range(0, 120, 2)]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_file_asks_no_more_than_its_page(cast: Cast, kind: str) -> None:
    """2 who looks; 1 revision, 5 the site's status; 3 what the filters offer; the rows."""
    client = signed_in(cast.wu)
    cache.clear()
    with CaptureQueriesContext(connection) as queries:
        client.get("/commitments/", {"format": kind})
    assert len(queries) <= 12, [query["sql"] for query in queries]


def test_no_cell_is_taken_for_a_formula(cast: Cast) -> None:
    client = signed_in(cast.wu)
    by_text = {row[0]: row[1] for row in lines(client.get("/commitments/?format=csv"))[2:]}
    by_book = {row[0]: row[1] for row in cells(client.get("/commitments/?format=xlsx"))[2:]}
    assert by_text["N-999"] == by_book["N-999"] == "'=HYPERLINK(1)"


@pytest.mark.parametrize("path", ["/commitments/?format=pdf", "/departments/?format=exe", "/departments/?format=CSV"])
def test_another_kind_of_file_is_a_bad_request(cast: Cast, path: str) -> None:
    assert signed_in(cast.wu).get(path).status_code == 400


def test_a_wrong_filter_gives_the_page_with_its_sentence_and_no_file(cast: Cast) -> None:
    response = signed_in(cast.wu, language="en").get("/commitments/?format=csv&health=purple")
    assert response.status_code == 400
    assert [text(one) for one in with_class(parse(response), "errors")]


def test_the_address_of_the_file_does_not_become_a_filter_of_the_page(cast: Cast) -> None:
    page = parse(signed_in(cast.wu).get("/commitments/?health=done"))
    links = [link.get("href", "") for part in with_class(page, "chips") for link in part.iter("a")]
    assert links
    assert not [href for href in links if "format" in href]


def test_departments_come_with_their_lights(cast: Cast) -> None:
    make_department("empty")
    _head, columns, *rows = lines(signed_in(cast.wu, language="en").get("/departments/?format=csv"))
    found = {row[0]: dict(zip(columns, row, strict=True)) for row in rows}
    assert set(found) == {"市科技局", "市卫生健康委"}
    assert found["市卫生健康委"]["Leads"] == "60"
    assert sum(int(found["市卫生健康委"][str(light.label)]) for light in Health) == 60


def test_a_sheet_keeps_dates_numbers_and_gaps_apart() -> None:
    sheet = Sheet(
        name="试/表*",
        columns=["甲", "乙", "丙", "丁"],
        rows=iter([["a\nb", date(2026, 12, 31), Decimal("1.50"), None]]),
        filters=["灯 误期"],
    )
    (line,) = cells(sheets.response(sheet, "xlsx"))[2:]
    assert line == ["a\nb", date(2026, 12, 31), 1.5, ""]
    answer = sheets.response(
        Sheet(name="表", columns=["甲", "乙"], rows=[["-1+2", Decimal("-1.5")], [date(2026, 1, 2), None]]), "csv"
    )
    assert lines(answer)[1:] == [["甲", "乙"], ["'-1+2", "-1.5"], ["2026-01-02", ""]]
    assert "no-store" in answer["Cache-Control"]
    assert "attachment" in answer["Content-Disposition"]
