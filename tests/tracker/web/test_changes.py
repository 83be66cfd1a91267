"""The changes of lights: what came, what left, in words and as a file; wrong filters are named."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import Cast
from tests.tracker.web.pages import codes, parse, signed_in, text, with_class
from tracker.choices import Health
from tracker.models import Commitment, LightChange


@pytest.fixture
def moved(world: Cast) -> Cast:
    today = timezone.localdate()
    for code, before, after, days in (
        ("W-000", "", Health.ON_TRACK, 9),
        ("W-000", Health.ON_TRACK, Health.OFF_TRACK, 3),
        ("W-011", Health.AT_RISK, Health.OFF_TRACK, 2),
        ("W-001", Health.OFF_TRACK, Health.DONE, 1),
    ):
        item = Commitment.objects.get(code=code)
        LightChange.objects.create(
            commitment=item, plan=item.plan, on=today - timedelta(days=days), before=before, after=after
        )
    return world


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["W-001", "W-011", "W-000", "W-000"]),
        ("?light=off_track", ["W-001", "W-011", "W-000"]),
        ("?light=off_track&direction=came", ["W-011", "W-000"]),
        ("?light=off_track&direction=left", ["W-001"]),
        ("?since={week}", ["W-001", "W-011", "W-000"]),
        ("?until={week}", ["W-000"]),
        ("?plan=P2", []),
    ],
)
def test_the_filters_choose_the_changes(moved: Cast, query: str, found: list[str]) -> None:
    week = timezone.localdate() - timedelta(days=6)
    assert codes(signed_in(moved.wu), "/changes/" + query.format(week=week)) == found


def test_a_reader_sees_the_changes_of_their_own_matters_only(moved: Cast) -> None:
    assert codes(signed_in(moved.lin), "/changes/") == ["W-011", "W-000", "W-000"]
    assert codes(signed_in(moved.zhou), "/changes/") == ["W-001"]


def test_the_page_says_how_many_came_and_left_and_leads_to_them(moved: Cast) -> None:
    client = signed_in(moved.wu, language="en")
    flows = next(with_class(parse(client.get("/changes/?light=off_track")), "flows"))
    assert " ".join(text(flows).split()) == "Late +1 2 came 1 left"
    assert [len(codes(client, link.get("href", ""))) for link in flows.iter("a")] == [2, 1]


@pytest.mark.parametrize(
    "query", ["light=purple", "direction=came", "since=x", "since=2026-02-01&until=2026-01-01", "a=1"]
)
def test_a_wrong_filter_is_named(moved: Cast, query: str) -> None:
    response = signed_in(moved.wu).get(f"/changes/?{query}")
    assert response.status_code == 400
    assert list(with_class(parse(response), "errors"))


def test_the_file_holds_the_rows_that_the_filters_choose(moved: Cast) -> None:
    response = signed_in(moved.wu, language="en").get("/changes/?light=done&format=csv")
    lines = response.getvalue().decode("utf-8-sig").splitlines()
    assert "Light Done" in lines[0]
    assert len(lines) == 3
    assert "W-001" in lines[2]
    assert "Late,Done" in lines[2]
