"""The pages of subscriptions and of what they were told: kept by administrators, nothing secret is ever shown."""

from collections.abc import Callable, Iterator

import pytest
from django.core.management import call_command
from django.test import Client, override_settings

from tests import relays
from tests.factories import Cast, make_commitment
from tests.relays import Endpoint, Mood
from tests.subscription_rows import NOW, SECRET, URL, make_delivery, make_subscription
from tracker.actions import events, subscriptions, vault
from tracker.actions.events import Entry
from tracker.choices import ChannelKind, DeliveryState
from tracker.event_kinds import EventKind
from tracker.models import Delivery, Event, Subscription
from tracker.policies import SYSTEM

pytestmark = pytest.mark.django_db
LIST, LOG = "/admin/tracker/subscription/", "/admin/tracker/delivery/"
OTHER = "another secret entirely"
Browser = Callable[[str], Client]


@pytest.fixture
def platform() -> Iterator[Endpoint]:
    with relays.endpoint(ChannelKind.WEBHOOK) as made:
        yield made


def page(row: Subscription | Delivery, name: str = "change") -> str:
    return f"{LIST if isinstance(row, Subscription) else LOG}{row.pk}/{name}/"


def sent(**said: object) -> dict[str, object]:
    given = {"code": "new", "name": "省平台", "wants_lights": "on", "new_address": URL, "new_secret": SECRET} | said
    return {name: value for name, value in given.items() if value is not None}


def told(cast: Cast, row: Subscription, **values: object) -> Delivery:
    item = make_commitment("C-1", department=cast.science)
    return make_delivery(
        row, events.record(Entry(kind=EventKind.COMMITMENT_REVISED, commitment=item), by=SYSTEM), **values
    )


def test_an_administrator_makes_one_switches_it_on_and_answers_for_it(cast: Cast, browser: Browser) -> None:
    gu = browser("gu")
    answer = gu.post(f"{LIST}add/", sent(department=cast.science.pk))
    row = Subscription.objects.get(code="new")
    assert (answer.status_code, answer["Location"]) == (302, page(row))
    assert (row.is_active, row.owner, row.mark, row.department) == (False, cast.gu, None, cast.science)
    assert (row.wants_changes, row.wants_reports, row.wants_lights) == (False, False, True)
    assert (vault.open_(row.address), vault.open_(row.secret)) == (URL, SECRET)
    gu.post(page(row, "switch"))
    row.refresh_from_db()
    assert (row.is_active, row.mark) == (True, 1)  # what was before its own registration is not told
    gu.post(page(row, "switch"), {"reason": ""})
    row.refresh_from_db()
    assert row.is_active
    gu.post(page(row, "switch"), {"reason": "换平台"})
    row.refresh_from_db()
    assert not row.is_active
    assert [event.reason for event in Event.objects.filter(subject="subscription new").order_by("seq")] == [
        "",
        "",
        "换平台",
    ]


def test_what_is_wrong_is_named_beside_its_field(cast: Cast, browser: Browser) -> None:
    make_subscription(cast, code="taken", on=False)
    wrong: list[tuple[dict[str, object], str]] = [
        ({"new_address": "http://platform.example.org/"}, "new_address"),
        ({"new_address": "https://169.254.169.254/"}, "new_address"),
        ({"new_secret": "short"}, "new_secret"),
        ({"wants_lights": None}, "wants_changes"),
        ({"name": ""}, "name"),
        ({"code": "taken"}, "code"),
    ]
    gu = browser("gu")
    for said, field in wrong:
        answer = gu.post(f"{LIST}add/", sent(**said))
        assert answer.status_code == 200, said
        assert list(answer.context["adminform"].form.errors) == [field], said
    assert not Subscription.objects.filter(code="new").exists()


def test_no_page_shows_an_address_or_a_secret(cast: Cast, browser: Browser) -> None:
    row = make_subscription(cast)
    subscriptions.rotate(row, secret=OTHER, overlap=24, by=cast.actor("gu"), now=NOW)
    row.refresh_from_db()
    pages = [LIST, page(row), page(row, "history"), page(row, "switch"), page(row, "secret"), LOG]
    for name, seen in (("gu", pages), ("chen", [LIST, page(row), page(row, "history"), LOG])):
        for address in seen:
            answer = browser(name).get(address)
            html = answer.content.decode()
            assert answer.status_code == 200, (name, address)
            for hidden in (SECRET, OTHER, "platform.example.org", row.secret, row.former_secret, row.address):
                assert hidden not in html, (name, address)


def test_the_office_reads_and_cannot_change_or_send(cast: Cast, browser: Browser, platform: Endpoint) -> None:
    row, chen = make_subscription(cast, platform.url), browser("chen")
    assert "new_address" not in chen.get(page(row)).content.decode()
    assert chen.post(page(row), {"name": "改名"}).status_code == 403
    for name in ("test", "switch", "secret"):
        assert chen.post(page(row, name), {"reason": "x", "secret": OTHER, "overlap": 1}).status_code == 404
    row.refresh_from_db()
    assert (row.name, row.is_active, platform.received) == ("省督办平台", True, [])


def test_what_is_told_elsewhere_needs_a_reason_and_an_empty_address_is_kept(cast: Cast, browser: Browser) -> None:
    row, gu = make_subscription(cast), browser("gu")
    changed = {"name": "省平台", "wants_changes": "on", "new_address": ""}
    assert gu.post(page(row), changed).status_code == 200
    assert gu.post(page(row), changed | {"reason": "只要事项"}).status_code == 302
    row.refresh_from_db()
    assert (row.wants_lights, row.name, vault.open_(row.address)) == (False, "省平台", URL)


def test_a_test_is_a_message_that_tells_nothing(cast: Cast, browser: Browser, platform: Endpoint) -> None:
    row, gu = make_subscription(cast, platform.url, on=False), browser("gu")
    assert gu.get(page(row, "test")).status_code == 302
    assert platform.received == []
    gu.post(page(row, "test"))
    [received] = platform.received
    assert (received.json["type"], received.json["commitment"], received.json["change"]) == ("test", None, None)
    row.refresh_from_db()
    assert row.tested_at is not None
    assert row.test_error == ""
    platform.mood = Mood.REFUSE
    assert "nobody of that name" in gu.post(page(row, "test"), follow=True).content.decode()
    row.refresh_from_db()
    assert "nobody of that name" in row.test_error
    assert (row.failures, Delivery.objects.count()) == (0, 0)


def test_the_secret_is_changed_on_a_page_of_its_own(cast: Cast, browser: Browser) -> None:
    row, gu = make_subscription(cast), browser("gu")
    wrong: list[tuple[str, object, str]] = [("short", 24, "secret"), (SECRET, 24, "secret"), (OTHER, 169, "overlap")]
    for secret, overlap, field in wrong:
        answer = gu.post(page(row, "secret"), {"secret": secret, "overlap": overlap})
        assert list(answer.context["form"].errors) == [field]
        assert secret not in answer.content.decode()
    assert gu.post(page(row, "secret"), {"secret": OTHER, "overlap": 24}).status_code == 302
    row.refresh_from_db()
    assert (vault.open_(row.secret), vault.open_(row.former_secret)) == (OTHER, SECRET)
    assert gu.post(page(row, "secret"), {"secret": "a third secret entirely", "overlap": 0}).status_code == 302
    row.refresh_from_db()
    assert (row.former_secret, row.former_until) == ("", None)
    told = gu.get(page(row, "history")).content.decode()
    assert "已更换" in told
    assert OTHER not in str(list(Event.objects.values_list("changes", flat=True)))


@pytest.mark.parametrize("name", ["gu", "chen"])
def test_one_that_was_given_up_is_tried_again_from_its_page(cast: Cast, browser: Browser, name: str) -> None:
    row, client = make_subscription(cast), browser(name)
    failed = told(cast, row, state=DeliveryState.FAILED, attempts=9, error="500 broken", status=500)
    assert "500 broken" in client.get(LOG).content.decode()
    assert f'action="{page(failed, "retry")}"' in client.get(page(failed)).content.decode()
    client.get(page(failed, "retry"))
    failed.refresh_from_db()
    assert failed.state == DeliveryState.FAILED
    client.post(page(failed, "retry"))
    failed.refresh_from_db()
    assert (failed.state, failed.attempts) == (DeliveryState.WAITING, 0)
    assert failed.gives_up_at > NOW
    assert Event.objects.latest("seq").kind == EventKind.MESSAGES_RETRIED
    Delivery.objects.update(state=DeliveryState.FAILED)
    client.post(page(row, "retry"))
    failed.refresh_from_db()
    assert failed.state == DeliveryState.WAITING
    Delivery.objects.update(state=DeliveryState.SENT)
    assert "retry/" not in client.get(page(failed)).content.decode()
    client.post(page(failed, "retry"))
    assert Delivery.objects.get().state == DeliveryState.SENT


def test_resealing_takes_subscriptions_along(cast: Cast) -> None:
    with override_settings(CHANNEL_KEY="the former key"):
        row = make_subscription(cast)
        subscriptions.rotate(row, secret=OTHER, overlap=24, by=cast.actor("gu"), now=NOW)
    with override_settings(CHANNEL_KEY="the new key", CHANNEL_KEY_OLD="the former key"):
        call_command("reseal_channels")
    with override_settings(CHANNEL_KEY="the new key", CHANNEL_KEY_OLD=""):
        row.refresh_from_db()
        assert [vault.open_(stored) for stored in (row.address, row.secret, row.former_secret)] == [URL, OTHER, SECRET]
