"""htmx spares a reload and nothing else: where it stands, what it may do, and that its places are on the page."""

import json
import re
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from tests.factories import Cast
from tests.tracker.web.pages import make_world, parse, signed_in

TEMPLATES = Path(settings.BASE_DIR) / "templates"
STATIC = Path(settings.BASE_DIR) / "static"
USES = {"components/_hx_form.html", "components/_chips.html", "components/_tabs.html"}
LISTS = ("/commitments/", "/changes/", "/projects/", "/parks/", "/platforms/", "/talent/", "/targets/", "/timeline/")


@pytest.fixture
def cast(db: None) -> Cast:
    return make_world()


def places(tree: Element) -> dict[str, Element]:
    return {node.get("id", ""): node for node in tree.iter() if node.get("id")}


@pytest.mark.parametrize("query", ["", "?health=done", "?health=exempt&q=nothing-has-this-name", "?plan=P1"])
@pytest.mark.parametrize("path", LISTS)
def test_each_list_has_the_places_that_are_exchanged_beside_each_other(cast: Cast, path: str, query: str) -> None:
    response = signed_in(cast.wu).get(path + query)
    found = places(parse(response))
    assert response.status_code in {200, 400}
    if "filters" not in found:  # an empty catalogue has nothing to narrow
        assert "chosen" not in found
        return
    for name in ("filters", "results", "count", "chosen"):
        inside = {node.get("id") for node in found[name].iter()} - {name}
        assert not inside & {"filters", "results", "count", "chosen"}, name


def test_htmx_stands_in_three_components_only() -> None:
    used = {
        str(path.relative_to(TEMPLATES))
        for path in TEMPLATES.rglob("*.html")
        if re.search(r"\bhx-", path.read_text(encoding="utf-8"))
    }
    assert used == USES


def test_htmx_evaluates_nothing_keeps_nothing_and_asks_this_site_only(cast: Cast) -> None:
    tree = parse(signed_in(cast.wu).get("/"))
    (said,) = (node.get("content", "") for node in tree.iter("meta") if node.get("name") == "htmx-config")
    config = json.loads(said)
    wanted = {
        "allowEval": False,
        "allowScriptTags": False,
        "includeIndicatorStyles": False,
        "selfRequestsOnly": True,
        "historyCacheSize": 0,
        "refreshOnHistoryMiss": True,
    }
    assert {name: config[name] for name in wanted} == wanted


def test_the_scripts_of_a_page_are_files_of_this_site(cast: Cast) -> None:
    tree = parse(signed_in(cast.wu).get("/"))
    sources = [node.get("src", "") for node in tree.iter("script")]
    assert len(sources) == 2
    for source in sources:
        assert finders.find(source.removeprefix(settings.STATIC_URL)), source


def test_a_visitor_gets_no_script(db: None) -> None:
    assert not list(parse(Client().get("/accounts/login/")).iter("script"))


def test_no_file_of_ours_names_another_host() -> None:
    named = {
        path.name
        for path in [*STATIC.rglob("*.css"), *STATIC.rglob("*.js")]
        if re.search(r"(url\(|import|fetch|[\"'])\s*[\"']?(https?:)?//", path.read_text(encoding="utf-8"))
    }
    assert named == set()
