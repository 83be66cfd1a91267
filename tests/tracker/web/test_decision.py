"""The living decision: each clause in its order, each promise with its light, gaps by their names, true numbers."""

import csv
import io
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from django.test import Client

from tests.factories import Cast, make_cast, make_clause, make_commitment, make_department, make_plan
from tests.tracker.web.pages import figure, parse, signed_in, text, with_class
from tracker.actions import plans
from tracker.choices import Health
from tracker.models import Clause, Commitment
from tracker.queries import decision

VERBATIM = "引育链主企业三户，提高本地配套率；建成检测中心。"


@pytest.fixture
def cast(db: None) -> Cast:
    """Chapter 1 with 1.1 (three promises in its own words), 1.2 (nobody), 1.3 (judged); chapter 2 with 2.1 and 2.2."""
    cast = make_cast()
    plan = make_plan("P1")
    one = make_clause(plan, "1", heading="产业焕新")
    own = make_clause(plan, "1.1", heading="整车", parent=one)
    Clause.objects.filter(pk=own.pk).update(verbatim=VERBATIM)
    make_clause(plan, "1.2", heading="低空", parent=one)
    judged = make_clause(plan, "1.3", heading="依据", parent=one)
    plans.judge_clause(judged, needs_none=True, reason="只说明依据。", by=cast.actor("chen"))
    two = make_clause(plan, "2", heading="创新驱动")
    ours = make_clause(plan, "2.1", heading="平台", parent=two)
    Clause.objects.filter(pk=ours.pk).update(summary="建设平台。")
    make_clause(plan, "2.2", heading="人才", parent=two)
    promise("A-1", own, cast, span=(0, 8), health=Health.ON_TRACK)
    promise("A-2", own, cast, span=(9, 16), health=Health.OFF_TRACK, is_suggested=True)
    promise("A-3", own, cast, health=Health.DONE)
    make_commitment("B-1", title="挂牌中试平台", plan=plan, clause=ours, health=Health.AT_RISK)
    promise("B-2", ours, cast, health=Health.OFF_TRACK, is_suggested=True)
    make_commitment("X-1", title="条文之外", plan=plan, department=cast.science, health=Health.OFF_TRACK)
    return cast


def promise(
    code: str, clause: Clause, cast: Cast, *, health: Health, span: tuple[int, int] | None = None,
    is_suggested: bool = False,
) -> Commitment:  # fmt: skip
    item = make_commitment(code, plan=clause.plan, clause=clause, department=cast.science, health=health)
    item.span_start, item.span_end = span or (None, None)
    item.lead_is_suggested = is_suggested
    item.save()
    return item


def page(client: Client, address: str = "/plans/P1/") -> Element:
    return parse(client.get(address))


def clauses(tree: Element) -> dict[str, Element]:
    """The clauses on a page by their number; headings have none in here."""
    return {node.get("id", "")[2:]: node for node in with_class(tree, "clause") if node.get("id")}


def promised(node: Element) -> list[tuple[str, str]]:
    """The promises in a piece of the page: their code and their light."""
    return [
        (link.get("title", "").split(" ")[0], link.get("class", "").split(" ")[1])
        for link in with_class(node, "promise")
    ]


def test_clauses_stand_in_the_order_of_the_text_and_promises_in_that_of_their_words(cast: Cast) -> None:
    found = clauses(page(signed_in(cast.wu)))
    assert {code: promised(node) for code, node in found.items()} == {
        "1.1": [("A-1", "on_track"), ("A-2", "off_track"), ("A-3", "done")],
        "1.2": [],
        "1.3": [],
        "2.1": [("B-1", "at_risk"), ("B-2", "off_track")],
        "2.2": [],
    }
    assert list(found) == ["1.1", "1.2", "1.3", "2.1", "2.2"]


def test_a_promise_is_painted_where_its_words_stand_and_named_after_the_text_otherwise(cast: Cast) -> None:
    own = clauses(page(signed_in(cast.wu)))["1.1"]
    words = next(own.iter("p"))
    painted = [text(next(span for span in link if span.get("class") is None)) for link in with_class(words, "promise")]
    assert painted == ["引育链主企业三户", "提高本地配套率"]
    between = [(node.tail or "").strip("\u2060\n ") for node in words.iter() if node.tail]
    assert [part for part in between if part] == ["，", "；建成检测中心。"]
    (listed,) = with_class(own, "promises")
    assert [code for code, _light in promised(listed)] == ["A-3"]


def test_words_that_were_counted_in_another_text_are_not_painted(cast: Cast) -> None:
    Commitment.objects.filter(code="A-1").update(span_start=645, span_end=666)
    own = clauses(page(signed_in(cast.wu)))["1.1"]
    (listed,) = with_class(own, "promises")
    assert sorted(code for code, _light in promised(listed)) == ["A-1", "A-2", "A-3"]
    assert VERBATIM in text(next(own.iter("p")))


def test_three_sorts_of_gaps_are_told_apart(cast: Cast) -> None:
    found = clauses(page(signed_in(cast.wu)))
    claims = {code: len(list(with_class(node, "claim"))) for code, node in found.items()}
    assert claims == {"1.1": 0, "1.2": 1, "1.3": 0, "2.1": 0, "2.2": 1}
    assert text(next(with_class(found["1.3"], "judged"))).endswith("只说明依据。")
    assert len(list(with_class(found["2.1"], "nobody"))) == 1
    assert len(list(with_class(found["2.1"], "suggested"))) == 1
    assert not list(with_class(found["1.1"], "nobody"))


def test_the_margin_says_why_of_the_exceptions_only(cast: Cast) -> None:
    Commitment.objects.filter(code="A-2").update(
        health_reasons=[{"code": "overdue", "params": {"due_on": "2026-10-01"}}]
    )
    (notes,) = with_class(clauses(page(signed_in(cast.wu)))["1.1"], "margin")
    (note,) = notes.iter("li")
    assert text(note).startswith("误期事项")  # the shape says its name to who does not see it
    assert "A-2" in text(note)
    assert "已逾期" in text(note)


FIGURES = {  # what is counted: clauses and commitments that the page behind the number shows
    "": (5, 5),
    "covered": (2, 5),
    "judged": (1, 0),
    "uncommitted": (2, 0),
    "confirmed": (1, 2),
    "suggested": (2, 2),
    "unowned": (1, 1),
    "unplaced": (0, 1),
}


def shown(tree: Element) -> tuple[int, int]:
    return len(clauses(tree)), len(list(with_class(tree, "promise")))


@pytest.mark.parametrize("show", FIGURES)
def test_each_choice_shows_what_it_says(cast: Cast, show: str) -> None:
    found = shown(page(signed_in(cast.wu), f"/plans/P1/?show={show}"))
    assert found == (FIGURES[show] if show else (5, 6))


@pytest.mark.parametrize("address", ["/plans/P1/", "/plans/"])
def test_each_number_leads_to_exactly_what_it_counts(cast: Cast, address: str) -> None:
    client, seen = signed_in(cast.wu), 0
    tree = page(client, address)
    first, second = with_class(tree, "covered")
    keys = [link for line in with_class(tree, "keys") for link in line.iter("a")]
    for place, links in ((0, first.iter("a")), (1, [*second.iter("a"), *keys])):
        for link in links:
            href, count = link.get("href", ""), figure(link)
            if count:
                assert shown(page(client, href))[place] == count, href
                seen += 1
    assert seen >= 7


def test_the_coverage_adds_up(cast: Cast) -> None:
    plan = make_plan("P1")
    found = decision.coverage(cast.actor("wu"), [plan])[plan.pk]
    assert found.clauses == found.covered + found.judged + found.uncommitted == 5
    assert found.commitments == found.confirmed + found.suggested + found.unowned == 5
    assert sum(found.lights.values()) == found.commitments + found.unplaced == 6


@pytest.mark.parametrize(
    ("query", "codes", "promises"),
    [
        ("health=off_track", ["1.1", "2.1"], ["A-2", "B-2", "X-1"]),
        ("chapter=1", ["1.1", "1.2", "1.3"], ["A-1", "A-2", "A-3"]),
        ("chapter=2&health=off_track", ["2.1"], ["B-2"]),
        ("chapter=2&show=uncommitted", ["2.2"], []),
        ("health=exempt", [], []),
    ],
)
def test_filters_narrow_and_stand_in_the_address(cast: Cast, query: str, codes: list[str], promises: list[str]) -> None:
    tree = page(signed_in(cast.wu), f"/plans/P1/?{query}")
    assert list(clauses(tree)) == codes
    assert [code for code, _light in promised(tree)] == promises
    assert bool(list(with_class(tree, "empty"))) == (not codes)


@pytest.mark.parametrize("query", ["health=wrong", "chapter=9", "show=all", "colour=red"])
def test_a_wrong_value_is_refused_with_a_sentence_and_narrows_nothing(cast: Cast, query: str) -> None:
    response = signed_in(cast.wu, language="en").get(f"/plans/P1/?{query}")
    assert response.status_code == 400
    tree = parse(response)
    assert next(with_class(tree, "errors"))
    assert shown(tree) == (5, 6)


def test_a_department_sees_its_own_promises_and_is_told_of_no_gap(cast: Cast) -> None:
    make_commitment("Z-1", plan=make_plan("P1"), clause=Clause.objects.get(code="1.2"), department=cast.health_bureau)
    tree = page(signed_in(cast.zhou))
    assert [code for code, _light in promised(tree)] == ["Z-1"]
    assert not list(with_class(tree, "claim"))
    assert "整车" in "".join(tree.itertext())  # the text itself is open
    assert signed_in(cast.zhou).get("/plans/P1/?show=uncommitted").status_code == 400
    for address in ("/plans/P1/", "/plans/P1/?format=csv", "/plans/", "/plans/?format=csv"):
        said = signed_in(cast.zhou).get(address).getvalue().decode()
        assert "挂牌中试平台" not in said
        assert "无人认领" not in said
        assert "nobody took" not in said


def test_a_plan_without_commitments_is_read_by_the_city_and_by_no_department(cast: Cast) -> None:
    make_clause(make_plan("P9"), "1", heading="总则")
    names = ("wu", "chen", "gu", "lin")
    found = [signed_in(getattr(cast, name)).get("/plans/P9/").status_code for name in names]
    assert found == [200, 200, 200, 404]
    assert len(list(with_class(page(signed_in(cast.wu), "/plans/P9/"), "claim"))) == 1


def test_empty_states_say_what_to_do(db: None) -> None:
    cast = make_cast()
    assert list(with_class(page(signed_in(cast.wu), "/plans/"), "empty"))
    make_plan("P1")
    for name, has_button in (("wu", False), ("chen", True)):
        (empty,) = with_class(page(signed_in(getattr(cast, name))), "empty")
        assert bool(list(empty.iter("a"))) == has_button


def test_only_the_office_is_led_to_the_judgement(cast: Cast) -> None:
    def offered(name: str) -> int:
        return sum("/clause/" in link.get("href", "") for link in page(signed_in(getattr(cast, name))).iter("a"))

    assert {name: offered(name) for name in ("chen", "wu", "gu", "lin")} == {"chen": 3, "wu": 0, "gu": 0, "lin": 0}


def test_clauses_below_clauses_are_headings_and_a_circle_loses_nothing(cast: Cast) -> None:
    plan = make_plan("P1")
    middle = Clause.objects.get(code="2.2")
    make_clause(plan, "2.2.1", heading="引才", parent=middle)
    assert "2.2" not in clauses(page(signed_in(cast.wu)))
    assert "2.2.1" in clauses(page(signed_in(cast.wu)))
    one, other = make_clause(plan, "8", heading="甲"), make_clause(plan, "9", heading="乙")
    Clause.objects.filter(pk=one.pk).update(parent=other)
    Clause.objects.filter(pk=other.pk).update(parent=one)
    said = "".join(page(signed_in(cast.wu)).itertext())
    assert "甲" in said
    assert "乙" in said


def test_a_long_decision_stops_and_says_so(cast: Cast, monkeypatch: Any) -> None:
    monkeypatch.setattr(decision, "MOST", 3)
    response = signed_in(cast.wu, language="en").get("/plans/P1/")
    assert len(list(with_class(parse(response), "promise"))) == 3
    assert "The page stops here" in response.content.decode()


def test_what_people_write_is_text(cast: Cast) -> None:
    Clause.objects.filter(code="1.1").update(verbatim="<script>x</script>" + VERBATIM, heading="<b>")
    Commitment.objects.filter(code="B-1").update(title="<i>挂牌</i>")
    html = signed_in(cast.wu).get("/plans/P1/").content.decode()
    assert "<script>x" not in html
    assert "<i>挂牌" not in html


def test_the_file_has_a_row_for_each_promise_and_for_each_clause_without_any(cast: Cast) -> None:
    response = signed_in(cast.wu, language="en").get("/plans/P1/?format=csv")
    rows = list(csv.reader(io.StringIO(response.getvalue().decode("utf-8-sig"))))[2:]
    assert [(row[0], row[4]) for row in rows if row[0] not in {"1", "2"}] == [
        ("1.1", "A-1"), ("1.1", "A-2"), ("1.1", "A-3"), ("1.2", ""), ("1.3", ""), ("2.1", "B-1"), ("2.1", "B-2"),
        ("2.2", ""), ("", "X-1"),
    ]  # fmt: skip
    assert signed_in(cast.wu).get("/plans/P1/?format=xlsx").status_code == 200
    make_department("unused")
    plans_file = signed_in(cast.wu).get("/plans/?format=csv").getvalue().decode("utf-8-sig")
    assert len(plans_file.strip().splitlines()) == 3


def test_every_clause_can_be_linked_to(cast: Cast) -> None:
    from tracker.web import links

    make_clause(make_plan("P1"), "第 3 条", heading="新")
    tree = page(signed_in(cast.wu))
    ids = {node.get("id") for node in tree.iter()}
    for code in ("1", "1.1", "2.2", "第 3 条"):
        assert links.clause_anchor(code) in ids
    assert links.decision("P1", "2.2").endswith("/plans/P1/#c-2.2")
