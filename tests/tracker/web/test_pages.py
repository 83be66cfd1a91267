"""Each page for each persona: who may open it, whether it is sound HTML, whether it keeps to itself."""

import re

import pytest
from django.test import Client

from tests.factories import Cast, make_commitment, make_department, make_report
from tests.tracker.web.pages import PERSONAS, parse, signed_in, text, with_class
from tracker.choices import Health, ReportState
from tracker.models import Commitment, ProgressReport

STATUSES = {  # address: who gets what; a visitor is always sent to the sign-in
    "/": {"lin": 200, "zhou": 200, "chen": 200, "wu": 200, "gu": 200},
    "/?plan=P2": {"lin": 200, "zhou": 404, "chen": 200, "wu": 200, "gu": 200},
    "/?plan=nothing": dict.fromkeys(PERSONAS, 404),
    "/changes/": dict.fromkeys(PERSONAS, 200),
    "/changes/?light=nothing": dict.fromkeys(PERSONAS, 400),
    "/commitments/": dict.fromkeys(PERSONAS, 200),
    "/commitments/FULL-1/": {"lin": 200, "zhou": 404, "chen": 200, "wu": 200, "gu": 200},
    "/commitments/ODD-1/": dict.fromkeys(PERSONAS, 200),
    "/commitments/W-000/": {"lin": 200, "zhou": 404, "chen": 200, "wu": 200, "gu": 200},
    "/commitments/W-001/": {"lin": 404, "zhou": 200, "chen": 200, "wu": 200, "gu": 200},
    "/commitments/RED-1/": {"lin": 200, "zhou": 404, "chen": 200, "wu": 200, "gu": 200},
    "/commitments/unknown/": dict.fromkeys(PERSONAS, 404),
    "/commitments/%00/": dict.fromkeys(PERSONAS, 404),
    "/departments/": dict.fromkeys(PERSONAS, 200),
    "/departments/compare/": dict.fromkeys(PERSONAS, 404),
    "/wall/": dict.fromkeys(PERSONAS, 200),
    "/wall/?screen=late": dict.fromkeys(PERSONAS, 200),
    "/wall/?plan=P2&dark=1": {"lin": 200, "zhou": 404, "chen": 200, "wu": 200, "gu": 200},
    "/departments/kjj/": {"lin": 200, "zhou": 404, "chen": 200, "wu": 200, "gu": 200},
    "/departments/wjw/": {"lin": 404, "zhou": 200, "chen": 200, "wu": 200, "gu": 200},
    "/departments/unknown/": dict.fromkeys(PERSONAS, 404),
    "/commitments/FULL-1/history/": {"lin": 200, "zhou": 404, "chen": 200, "wu": 200, "gu": 200},
    "/commitments/FULL-1/history/?before=1": {"lin": 200, "zhou": 404, "chen": 200, "wu": 200, "gu": 200},
    "/commitments/FULL-1/history/?before=x": dict.fromkeys(PERSONAS, 404),
    "/commitments/unknown/history/": dict.fromkeys(PERSONAS, 404),
    "/posts/kjj-head/": {"lin": 200, "zhou": 404, "chen": 200, "wu": 200, "gu": 200},
    "/posts/unknown/": dict.fromkeys(PERSONAS, 404),
    "/portfolio/": dict.fromkeys(PERSONAS, 200),
    "/commitments/?portfolio=1": dict.fromkeys(PERSONAS, 200),
    "/commitments/?post=kjj-head": {"lin": 200, "zhou": 400, "chen": 200, "wu": 200, "gu": 200},
    "/plans/": dict.fromkeys(PERSONAS, 200),
    "/plans/P1/": dict.fromkeys(PERSONAS, 200),
    "/plans/P1/?show=suggested&chapter=1": dict.fromkeys(PERSONAS, 200),
    "/plans/P2/": {"lin": 200, "zhou": 404, "chen": 200, "wu": 200, "gu": 200},
    "/plans/unknown/": dict.fromkeys(PERSONAS, 404),
}
OPEN_TO_ALL = ("/accounts/login/",)
ATTRIBUTES = {"href", "src", "action", "formaction", "srcset", "poster", "data"}


def test_each_page_answers_each_persona_as_the_table_says(world: Cast) -> None:
    found = {
        path: {name: signed_in(getattr(world, name)).get(path).status_code for name in PERSONAS} for path in STATUSES
    }
    assert found == STATUSES


@pytest.mark.parametrize("path", STATUSES)
def test_a_visitor_is_sent_to_the_sign_in_and_learns_nothing(db, path: str) -> None:
    response = Client().get(path)
    assert (response.status_code, response["Location"].split("?")[0]) == (302, "/accounts/login/")


def test_a_person_who_was_switched_off_sees_nothing(world: Cast) -> None:
    client = signed_in(world.lin)
    world.lin.is_active = False
    world.lin.save(update_fields=["is_active"])
    assert client.get("/commitments/").status_code == 302


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", PERSONAS)
def test_every_page_is_strict_html_of_our_own_without_inline_code(world: Cast, name: str, language: str) -> None:
    client = signed_in(getattr(world, name), language=language)
    for path, statuses in STATUSES.items():
        response = client.get(path)
        assert response.status_code == statuses[name]
        tree = parse(response)
        assert tree.get("lang") == ("en" if language == "en" else "zh-Hans"), path
        for node in tree.iter():
            assert "style" not in node.attrib, (path, node.tag)
            assert not [key for key in node.attrib if key.startswith("on")], (path, node.attrib)
            assert node.tag not in {"style", "iframe", "object"}, path
            assert node.tag != "script" or (node.get("src") and not text(node)), path
            for key in ATTRIBUTES & node.attrib.keys():
                assert not re.match(r"\s*([a-z]+:|//)", node.attrib[key], re.I), (path, node.attrib[key])


@pytest.mark.parametrize("path", OPEN_TO_ALL)
def test_what_a_visitor_sees_is_strict_html(db, path: str) -> None:
    assert parse(Client().get(path)).get("lang") == "zh-Hans"


@pytest.mark.parametrize("path", ["/", "/commitments/", "/commitments/FULL-1/", "/departments/", "/departments/kjj/"])
def test_the_english_page_has_no_chinese_words_of_our_own_and_the_other_way_round(world: Cast, path: str) -> None:
    english = signed_in(world.wu, language="en").get(path).content.decode()
    chinese = signed_in(world.wu).get(path).content.decode()
    assert ">Overview<" in english
    assert ">Overview<" not in chinese
    for word in ("总览", "逾期", "牵头"):
        assert word not in english, word
    for word in ("Lead department", "Departments<", "Commitments<", ">Late<", "No data", "Sign out"):
        assert word not in chinese, word


def test_pages_are_chinese_whatever_the_browser_asks_for_until_the_reader_switches(world: Cast) -> None:
    client = signed_in(world.wu)
    assert 'lang="zh-Hans"' in client.get("/", headers={"accept-language": "en"}).content.decode()
    client.post("/i18n/setlang/", {"language": "en", "next": "/"})
    assert 'lang="en"' in client.get("/", headers={"accept-language": "zh"}).content.decode()


def test_the_api_speaks_the_language_that_its_caller_asks_for(db: None) -> None:
    for language, said in (("en", "en"), ("zh-CN", "zh-hans"), ("", "zh-hans")):
        response = Client().get("/api/v1/me/", headers={"accept-language": language})
        assert (response.status_code, response["Content-Language"]) == (401, said)


def test_what_people_write_is_shown_as_text_never_as_markup(world: Cast) -> None:
    html = signed_in(world.wu).get("/commitments/FULL-1/").content.decode()
    assert "<script>alert(1)" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_a_reader_of_the_office_sees_no_draft_and_its_department_does(world: Cast) -> None:
    item = Commitment.objects.get(code="RED-1")
    make_report(item, author=world.lin, state=ReportState.DRAFT, done="还没有写完")
    shown = {
        name: "还没有写完" in signed_in(getattr(world, name)).get("/commitments/RED-1/").content.decode()
        for name in ("lin", "chen", "wu", "gu")
    }
    assert shown == {"lin": True, "chen": False, "wu": False, "gu": False}


def test_only_those_who_may_act_are_offered_the_action(world: Cast) -> None:
    ProgressReport.objects.filter(state=ReportState.ACCEPTED).delete()
    offered = {}
    for name in ("lin", "chen", "wu"):
        page = parse(signed_in(getattr(world, name)).get("/commitments/FULL-1/"))
        offered[name] = sorted(
            "/".join(link.get("href", "").split("?")[0].split("/")[3:5])
            for block in with_class(page, "actions")
            for link in block.iter("a")
        )
    review = ProgressReport.objects.get(state=ReportState.SUBMITTED, commitment__code="FULL-1").pk
    assert offered == {
        "lin": ["blocker/add", "extensionrequest/add", "progressreport/add"],
        "chen": ["instruction/add", f"progressreport/{review}"],
        "wu": ["instruction/add"],
    }


def test_links_to_departments_lead_only_where_the_reader_may_go(world: Cast) -> None:
    for name in PERSONAS:
        client = signed_in(getattr(world, name))
        found: set[str] = set()
        for path in ("/", "/commitments/ODD-1/", "/commitments/?after=RED", "/departments/"):
            found |= {link.get("href", "") for link in parse(client.get(path)).iter("a")}
        # One of each shape: the path's beginning and the filters' names.
        shapes = {re.sub(r"=[^&]*", "", re.sub(r"^(/\w+/)[^?]+", r"\1", href)): href for href in sorted(found)}
        for href in shapes.values():
            if href.startswith(("/commitments/", "/departments/", "/?", "?plan")):
                address = f"/{href}" if href.startswith("?") else href
                assert client.get(address).status_code == 200, (name, href)


def test_an_empty_site_says_what_to_do(db) -> None:
    from tests.factories import make_cast

    cast = make_cast()
    for name in PERSONAS:
        client = signed_in(getattr(cast, name))
        for path in ("/", "/commitments/", "/departments/"):
            assert list(with_class(parse(client.get(path)), "empty")), (name, path)
    make_department("lonely")
    assert list(with_class(parse(signed_in(cast.wu).get("/departments/lonely/")), "empty"))


def test_an_override_is_shown_beside_the_light_of_the_rules(world: Cast) -> None:
    from datetime import timedelta

    from django.utils import timezone

    from tracker.actions import health

    today = timezone.localdate()
    item = make_commitment("BOTH-1", department=world.science, progress=None)
    health.override(
        item,
        to=Health.ON_TRACK,
        reason="现场核实过",
        until=today + timedelta(days=9),
        by=world.actor("chen"),
        today=today,
    )
    page = parse(signed_in(world.wu).get("/commitments/BOTH-1/"))
    why = next(with_class(page, "why"))
    lights = [node.get("class", "") for node in with_class(why, "light")]
    assert lights == ["light no_data", "light on_track"]
    assert "现场核实过" in text(why)
