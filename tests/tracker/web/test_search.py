"""Search: by code, words, initials; best first; counted; in the reader's sight only; what is typed is only text."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.choices import InitiativeKind
from projects.models import Indicator, Initiative
from tests.factories import (
    TODAY,
    Cast,
    make_cast,
    make_clause,
    make_commitment,
    make_indicator,
    make_initiative,
    make_plan,
)
from tests.tracker.web.pages import parse, signed_in, text, with_class
from tracker.models import Commitment, Department
from tracker.queries import search

pytestmark = pytest.mark.django_db


@pytest.fixture
def things() -> Cast:
    cast = make_cast()
    plan = make_plan()
    clause = make_clause(plan, "2", heading="高新产业")
    make_clause(plan, "2.1", heading="高新企业培育", parent=clause)
    make_commitment("NC-001", title="高新企业（国家级）倍增", department=cast.science, clause=clause, plan=plan)
    make_commitment("NC-0010", title="医院高新设备", department=cast.health_bureau, plan=plan)
    make_commitment("NC-002", title="100% 达标 a_b", department=cast.science, plan=plan)
    Commitment.objects.filter(code="NC-001").update(initials="gxqygjjbz")
    park = make_initiative("NCI-1", kind=InitiativeKind.PARK)
    Initiative.objects.filter(pk=park.pk).update(name="高新园区", initials="gxyq")
    Indicator.objects.filter(pk=make_indicator().pk).update(name="高新企业数", initials="gxqys")
    Department.objects.filter(code="kjj").update(initials="skjj")
    return cast


def hits(cast: Cast, name: str, query: str) -> dict[str, list[str]]:
    """The codes of each group."""
    page = parse(signed_in(getattr(cast, name), language="en").get("/search/", {"q": query}))
    return {
        text(next(section.iter("h2"))): [text(code) for code in with_class(section, "code")]
        for section in page.iter("section")
    }


def test_words_are_found_in_every_group_each_with_its_count(things: Cast) -> None:
    assert hits(things, "wu", "高新") == {
        "Commitments 2": ["NC-001", "NC-0010"],
        "Clauses 2": ["2", "2.1"],
        "Projects, parks, platforms, programmes 1": ["NCI-1"],
        "Targets and indicators 1": ["high-tech-enterprises"],
    }


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("NC-001", "NC-001"),  # the whole code before the longer one
        ("nc-0010", "NC-0010"),
        ("ＮＣ－００２", "NC-002"),  # full width, as an input method leaves it
        ("gxqy", "NC-001"),
        ("GXQY", "NC-001"),
        ("高新 倍增", "NC-001"),
        ("（国家级）", "NC-001"),
        ("100%", "NC-002"),
        ("a_b", "NC-002"),
    ],
)
def test_the_best_hit_stands_first(things: Cast, query: str, first: str) -> None:
    found = search.find(query, viewer=things.actor("wu"), today=TODAY).commitments
    assert found.hits[0].code == first


@pytest.mark.parametrize("query", ["1%0", "a%b", "N_-001", "高新 没有", "x"])
def test_every_word_has_to_be_there_and_no_sign_stands_for_others(things: Cast, query: str) -> None:
    assert search.find(query, viewer=things.actor("wu"), today=TODAY).commitments.count == 0


def test_a_department_finds_its_own_matters_and_its_own_page_only(things: Cast) -> None:
    assert hits(things, "lin", "高新")["Commitments 1"] == ["NC-001"]
    assert hits(things, "zhou", "高新")["Commitments 1"] == ["NC-0010"]
    assert hits(things, "lin", "skjj") == {"Departments 1": ["kjj"]}
    assert hits(things, "zhou", "skjj") == {}


def test_clauses_of_a_plan_out_of_sight_stay_unfound(things: Cast) -> None:
    secret = make_plan("SECRET")
    make_clause(secret, "9", heading="机密章节")
    make_commitment("S-1", plan=secret, department=things.science)
    assert search.find("机密", viewer=things.actor("lin"), today=TODAY).clauses.count == 1
    assert search.find("机密", viewer=things.actor("zhou"), today=TODAY).clauses.count == 0


def test_every_hit_leads_to_a_page_that_opens(things: Cast) -> None:
    for name in ("wu", "lin", "zhou"):
        client = signed_in(getattr(things, name))
        for query in ("高新", "skjj", "wjw"):
            page = parse(client.get("/search/", {"q": query}))
            for section in page.iter("section"):
                for link in section.iter("a"):
                    assert client.get(link.get("href", "")).status_code == 200, link.get("href")


@pytest.mark.parametrize(
    "query",
    ["\x00", "%00", "' OR 1=1 --", "\\", "%" * 100, "_" * 100, "<script>alert(1)</script>", "ﷺ" * 100, "\ud7ff\uffff",
     " ".join("abcdefghijklmnopqrstuvwxyz"), "(((((", "*", "㍿" * 50],
)  # fmt: skip
def test_hostile_input_is_only_text(things: Cast, query: str) -> None:
    response = signed_in(things.lin).get("/search/", {"q": query})
    assert response.status_code == 200
    assert b"<script>alert" not in response.content
    parse(response)


@pytest.mark.parametrize("query", ["", "   ", "\x00\x01"])
def test_nothing_asked_is_told_what_can_be_asked(things: Cast, query: str) -> None:
    page = parse(signed_in(things.wu, language="en").get("/search/", {"q": query}))
    assert "by pinyin initials" in "".join(page.itertext())
    assert not list(page.iter("section"))


def test_a_text_without_a_word_is_a_mistake_of_the_caller(things: Cast) -> None:
    with pytest.raises(ValueError, match="nothing"):
        search.find(" \x00 ", viewer=things.actor("wu"), today=TODAY)


def test_nothing_found_says_what_to_try(things: Cast) -> None:
    page = parse(signed_in(things.wu, language="en").get("/search/?q=zzzz"))
    (empty,) = with_class(page, "empty")
    assert "Take a word away" in text(empty)


@pytest.mark.parametrize("query", ["q=" + "x" * 101, "colour=red"])
def test_a_wrong_address_is_refused_with_a_sentence(things: Cast, query: str) -> None:
    response = signed_in(things.wu, language="en").get(f"/search/?{query}")
    assert response.status_code == 400
    (errors,) = with_class(parse(response), "errors")
    assert text(errors).endswith(".")


def test_more_hits_than_shown_are_counted(things: Cast) -> None:
    for number in range(30):
        make_commitment(f"M-{number:02d}", title="高新配套", department=things.science)
    found = search.find("高新", viewer=things.actor("wu"), today=TODAY).commitments
    assert (len(found.hits), found.count) == (search.ROWS, 32)
    assert "22 more" in signed_in(things.wu, language="en").get("/search/?q=高新").content.decode()


@pytest.mark.parametrize("name", ["wu", "lin"])
def test_a_search_asks_ten_questions_whatever_it_finds(name: str) -> None:
    cast = make_cast()
    client, counted = signed_in(getattr(cast, name)), []
    for size in (3, 30):
        for number in range(size):
            make_commitment(f"G-{size}-{number}", title="高新", department=cast.science)
        cache.clear()
        client.get("/calendar/")  # the site's status is kept from here on
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/search/?q=高新").status_code == 200
        counted.append(len(queries))
    # Session, person, revision, what is unread in the inbox; one for each of six groups.
    assert counted == [10, 10]
