"""The full history of a commitment: in names, a page at a time, proved, and told only to who may read it."""

from xml.etree.ElementTree import Element

import pytest

from tests.conftest import drop_event_triggers
from tests.factories import TODAY, Cast, make_cast, make_commitment, make_indicator
from tests.tracker.web.pages import parse, signed_in, text, with_class
from tracker.actions import chain, events, reassign, reports
from tracker.actions.events import Entry
from tracker.event_kinds import EventKind
from tracker.models import Commitment, Event
from tracker.policies import SYSTEM
from tracker.rules.reporting import ReportValues

pytestmark = pytest.mark.django_db
ADDRESS = "/commitments/C-1/history/"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def item(cast: Cast) -> Commitment:
    return make_commitment("C-1", department=cast.science)


def tell(item: Commitment, cast: Cast, count: int) -> None:
    entries = [
        Entry(kind=EventKind.COMMITMENT_REVISED, commitment=item, reason=f"第{number}次") for number in range(count)
    ]
    events.append(entries, by=cast.actor("chen"))


def look(cast: Cast, address: str = ADDRESS, name: str = "wu") -> Element:
    response = signed_in(getattr(cast, name), language="en").get(address)
    assert response.status_code == 200
    return parse(response)


def numbers(tree: Element) -> list[int]:
    return [int(text(cell)) for cell in with_class(tree, "seq")]


def test_every_event_stands_on_exactly_one_page(cast: Cast, item: Commitment) -> None:
    tell(item, cast, 120)
    found, address = [], ADDRESS
    while address:
        tree = look(cast, address)
        found += numbers(tree)
        address = next((link.get("href", "") for link in tree.iter("a") if link.get("rel") == "next"), "")
    assert found == list(Event.objects.filter(commitment=item).order_by("-seq").values_list("seq", flat=True))
    assert "120 events" in text(look(cast))


def test_the_commitment_page_shows_the_latest_and_leads_to_all(cast: Cast, item: Commitment) -> None:
    tell(item, cast, 20)
    tree = look(cast, "/commitments/C-1/")
    assert len(numbers(tree)) == 8
    link = next(one for one in tree.iter("a") if one.get("href") == ADDRESS)
    assert "20" in text(link)


def test_codes_are_told_as_names_and_fields_with_their_labels(cast: Cast, item: Commitment) -> None:
    reassign.reassign(item, lead=cast.health_bureau, reason="职能调整", by=cast.actor("chen"), today=TODAY)
    shown = text(look(cast))
    assert "市卫生健康委" in shown
    assert "lead department" in shown
    assert "wjw" not in shown


def test_the_page_says_what_was_proved_and_when_the_whole_chain_was(cast: Cast, item: Commitment) -> None:
    tell(item, cast, 3)
    shown = text(look(cast))
    assert "3 events shown" in shown
    assert "has not been verified yet" in shown
    chain.verify(by=cast.actor("chen"))
    shown = text(look(cast))
    assert "up to event 3" in shown
    assert "Chen" in shown
    chain.verify(by=SYSTEM)
    assert "by the site itself" in text(look(cast))


def test_a_rewritten_event_is_named_on_its_page(cast: Cast, item: Commitment) -> None:
    tell(item, cast, 3)
    drop_event_triggers()
    Event.objects.filter(seq=2).update(reason="改写")
    tree = look(cast)
    assert "event 2 does not fit" in text(tree)
    assert any("bad" in node.get("class", "") for node in with_class(tree, "proof"))
    chain.verify(by=SYSTEM)
    assert "it breaks at event 2" in text(look(cast, "/commitments/C-1/history/?before=2"))


def test_drafts_are_told_to_their_own_department_only(cast: Cast, item: Commitment) -> None:
    reports.save_draft(item, values=ReportValues(done="还没有写完"), by=cast.actor("lin"), today=TODAY)
    told = {name: "还没有写完" in text(look(cast, name=name)) for name in ("lin", "chen", "wu", "gu")}
    assert told == {"lin": True, "chen": False, "wu": False, "gu": False}


def test_the_seal_stands_beside_each_event(cast: Cast, item: Commitment) -> None:
    tell(item, cast, 2)
    shown = [text(cell) for cell in with_class(look(cast), "seal")]
    assert shown == [one.hash[:12] for one in Event.objects.order_by("-seq")]


def test_what_a_target_is_about_is_told_by_name(cast: Cast, item: Commitment) -> None:
    indicator = make_indicator("gdp")
    entry = Entry(kind=EventKind.TARGET_SET, commitment=item, subject="gdp", changes={"value": [None, "5"]})
    events.record(entry, by=cast.actor("chen"))
    assert indicator.name in text(look(cast))
