"""The list: each filter narrows as it says, a wrong value is named beside its field, paging loses no row."""

from datetime import date

import pytest

from tests.factories import Cast, make_commitment, make_plan
from tests.tracker.web.pages import codes, parse, signed_in, text, with_class
from tracker.choices import Health, Kind, Stage
from tracker.models import Commitment, Department

C = Commitment.objects
FILTERS = {
    "q=w-01": lambda: C.filter(code__startswith="W-01"),
    "q=OTHER": lambda: C.filter(code="OTHER-1"),
    "health=off_track": lambda: C.filter(health=Health.OFF_TRACK),
    "health=open": lambda: C.exclude(health__in=[Health.DONE, Health.EXEMPT]),
    "department=kjj": lambda: C.filter(lead__code="kjj"),
    "department=kjj&part=lead": lambda: C.filter(lead__code="kjj"),
    "department=wjw&part=supporting": lambda: C.filter(code="ODD-1"),
    "department=wjw&part=responsible": lambda: C.none(),
    "kind=reform": lambda: C.filter(kind=Kind.REFORM),
    "plan=P2": lambda: C.filter(plan__code="P2"),
    "chapter=P1-2": lambda: C.filter(clause__code="2.1"),
    "stage=issued": lambda: C.filter(stage=Stage.ISSUED),
    "due_after=2026-12-31": lambda: C.filter(due_on__gte=date(2026, 12, 31)),
    "due_before=2026-12-30": lambda: C.none(),
    "due_after=2026-12-31&due_before=2026-12-31": lambda: C.filter(due_on=date(2026, 12, 31)),
    "review=1": lambda: C.filter(code="FULL-1"),
    "health=off_track&kind=target&department=kjj": lambda: C.filter(
        lead__code="kjj", kind="target", health="off_track"
    ),
    "health=&q=": lambda: C.all(),
    "after=W-050": lambda: C.filter(code__gt="W-050"),
}
WRONG = {  # a wrong query: the id of the sentence beside its field; "" for a hidden field
    "health=purple": "id_health_error",
    "department=nothing": "id_department_error",
    "kind=dream": "id_kind_error",
    "chapter=P1-99": "id_chapter_error",
    "stage=limbo": "id_stage_error",
    "due_after=gestern": "id_due_after_error",
    "due_before=2026-02-30": "id_due_before_error",
    "due_after=2026-06-01&due_before=2026-05-01": "id_due_before_error",
    "colour=red": "id_q_error",
    "q=" + "x" * 101: "id_q_error",
    "part=boss": "",
    "plan=nothing": "",
}


@pytest.mark.parametrize("query", FILTERS)
def test_a_filter_shows_exactly_the_rows_it_names(world: Cast, query: str) -> None:
    assert codes(signed_in(world.wu), f"/commitments/?{query}") == sorted(one.code for one in FILTERS[query]())


@pytest.mark.parametrize("query", WRONG)
@pytest.mark.parametrize("language", ["", "en"])
def test_a_wrong_value_is_refused_with_a_sentence_beside_its_field(world: Cast, query: str, language: str) -> None:
    response = signed_in(world.wu, language=language).get(f"/commitments/?{query}")
    assert response.status_code == 400
    errors = list(with_class(parse(response), "errors"))
    assert [one.get("id", "") for one in errors] == [WRONG[query]]
    assert text(errors[0])[-1] in ".。"


def test_a_wrong_value_narrows_nothing_and_the_right_ones_beside_it_still_do(world: Cast) -> None:
    page = parse(signed_in(world.wu).get("/commitments/?health=purple&plan=P2"))
    assert [text(cell) for cell in with_class(page, "code") if cell.tag == "td"] == ["OTHER-1"]


@pytest.mark.parametrize("name", ["lin", "zhou", "chen", "wu", "gu"])
def test_paging_visits_every_visible_row_once_in_order(world: Cast, name: str) -> None:
    from tracker import policies

    for number in range(120):
        make_commitment(f"A-{number:03d}", department=world.science if number % 2 else world.health_bureau)
    found = codes(signed_in(getattr(world, name)), "/commitments/")
    expected = sorted(policies.visible_to(world.actor(name)).values_list("code", flat=True))
    assert found == expected
    assert len(found) > 60


def test_paging_keeps_the_filters_and_the_count(world: Cast) -> None:
    for number in range(120):
        make_commitment(f"A-{number:03d}", department=world.science, health=Health.AT_RISK, title="对 & 错")
    client = signed_in(world.wu)
    found = codes(client, "/commitments/?q=%26&health=at_risk")
    assert found == [f"A-{number:03d}" for number in range(120)]
    count = next(with_class(parse(client.get("/commitments/?q=%26&health=at_risk")), "count"))
    assert "120" in text(count)


def test_a_row_that_arrives_while_someone_pages_moves_nothing(world: Cast) -> None:
    for number in range(60):
        make_commitment(f"A-{number:03d}", department=world.science)
    client = signed_in(world.lin)
    first = parse(client.get("/commitments/"))
    shown = [text(cell) for cell in with_class(first, "code") if cell.tag == "td"]
    make_commitment("A-000-new", department=world.science)
    following = next(link.get("href", "") for link in first.iter("a") if link.get("rel") == "next")
    assert not set(shown) & set(codes(client, following))


def test_each_filter_in_use_is_named_and_can_be_taken_away_alone(world: Cast) -> None:
    client = signed_in(world.wu)
    query = "q=w&health=off_track&department=kjj&part=lead&kind=target&plan=P1&chapter=P1-1&stage=in_progress&review=1"
    page = parse(client.get(f"/commitments/?{query}&due_after=2026-01-01&due_before=2026-12-31"))
    chips = [link for link in next(with_class(page, "chips")).iter("a") if "clear" not in link.get("class", "")]
    assert len(chips) == 11
    for chip in chips:
        assert text(chip).replace("(remove)", "").strip(), chip.get("href")
        assert "lead" not in text(chip)
        assert client.get(chip.get("href", "")).status_code == 200


def test_a_department_is_offered_no_filter_that_names_foreign_work(world: Cast) -> None:
    page = parse(signed_in(world.zhou).get("/commitments/"))
    select = next(node for node in page.iter("select") if node.get("name") == "department")
    assert {option.get("value") for option in select.iter("option")} == {"", "wjw", "kjj"}
    assert signed_in(world.zhou).get("/commitments/?department=d1").status_code == 400


def test_a_department_that_was_switched_off_can_still_be_looked_up(world: Cast) -> None:
    Department.objects.filter(code="d1").update(is_active=False)
    client = signed_in(world.wu)
    assert len(codes(client, "/commitments/?department=d1")) == 6


def test_a_plan_out_of_sight_is_as_unknown_as_one_that_does_not_exist(world: Cast) -> None:
    secret = make_plan("SECRET")
    make_commitment("S-1", plan=secret, department=world.science)
    assert signed_in(world.zhou).get("/commitments/?plan=SECRET").status_code == 400
    assert signed_in(world.lin).get("/commitments/?plan=SECRET").status_code == 200


@pytest.mark.parametrize("query", ["q=%00", "q=FULL%01-1", "after=%00", "health=%1F"])
def test_control_characters_are_no_search_and_never_reach_the_page(world: Cast, query: str) -> None:
    response = signed_in(world.wu).get(f"/commitments/?{query}")
    assert response.status_code == 200
    parse(response)
