"""The pages of channels: nothing secret is shown, a test is a real message, switching off is asked twice."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, ClassVar

import pytest
from django.core.cache import cache
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests import relays
from tests.factories import Cast, make_cast
from tests.relays import Endpoint, Mood
from tracker.actions import channels, vault
from tracker.choices import ChannelKind
from tracker.models import Channel, Event
from tracker.policies import SYSTEM

pytestmark = pytest.mark.django_db
LIST = "/admin/tracker/channel/"
SECRET = "a secret of the relay"
URL = "https://relay.example.org/luoshi"
Browser = Callable[[str], Client]


@pytest.fixture
def relay() -> Iterator[Endpoint]:
    with relays.endpoint(ChannelKind.WEBHOOK) as made:
        yield made


def hook(url: str = URL, *, code: str = "hook") -> Channel:
    return channels.create(code, name="中转", kind=ChannelKind.WEBHOOK, address=url, secret=SECRET, by=SYSTEM)


def page(row: Channel, name: str = "change") -> str:
    return f"{LIST}{row.pk}/{name}/"


def sent(**said: object) -> dict[str, object]:
    given = {"code": "new", "name": "新渠道", "kind": "webhook", "new_address": URL, "new_secret": SECRET} | said
    return {name: value for name, value in given.items() if value is not None}


def test_an_administrator_makes_one_and_it_is_off(cast: Cast, browser: Browser) -> None:
    answer = browser("gu").post(f"{LIST}add/", sent())
    row = Channel.objects.get(code="new")
    assert (answer.status_code, answer["Location"]) == (302, page(row))
    assert (row.is_active, vault.open_(row.address), vault.open_(row.secret)) == (False, URL, SECRET)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"new_address": "http://relay.example.org/"}, "new_address"),
        ({"new_address": "https://169.254.169.254/"}, "new_address"),
        ({"new_secret": "short"}, "new_secret"),
        ({"kind": "wecom", "new_address": "12345678", "new_secret": ""}, "department"),
        ({"kind": "email"}, "kind"),
        ({"name": ""}, "name"),
        ({"code": "email"}, "code"),
        ({"new_address": "env:DATABASE_URL"}, None),
    ],
)
def test_what_is_wrong_is_named_beside_its_field_and_the_rest_is_kept(
    cast: Cast, browser: Browser, said: dict[str, object], field: str | None
) -> None:
    answer = browser("gu").post(f"{LIST}add/", sent(**said))
    assert answer.status_code == 200
    form = answer.context["adminform"].form
    assert list(form.errors) == [field or "__all__"]
    assert not Channel.objects.filter(code="new").exists()
    assert str(said.get("new_address", URL)) in answer.content.decode()


@pytest.mark.parametrize("name", ["gu", "chen"])
def test_no_page_shows_an_address_or_a_secret(cast: Cast, browser: Browser, name: str) -> None:
    row, client = hook(), browser(name)
    for address in (LIST, page(row), page(row, "history"), page(row, "switch")):
        html = client.get(address).content.decode()
        assert "relay.example.org" not in html
        assert SECRET not in html
        assert row.secret not in html


def test_empty_fields_keep_what_is_stored_and_a_tick_removes_it(cast: Cast, browser: Browser) -> None:
    row, client = hook(), browser("gu")
    client.post(page(row), {"name": "改名"})
    row.refresh_from_db()
    assert (row.name, vault.open_(row.secret), vault.open_(row.address)) == ("改名", SECRET, URL)
    client.post(page(row), {"name": "改名", "clear_secret": "on", "new_address": URL + "2"})
    row.refresh_from_db()
    assert (row.secret, vault.open_(row.address)) == ("", URL + "2")
    assert Event.objects.filter(subject="channel hook").count() == 3


def test_the_office_sees_that_there_is_an_address_and_cannot_send_one(cast: Cast, browser: Browser) -> None:
    row, client = hook(), browser("chen")
    html = client.get(page(row)).content.decode()
    assert "new_address" not in html
    assert client.post(page(row), {"name": "改名", "new_address": "https://evil.example.org/"}).status_code == 302
    row.refresh_from_db()
    assert (row.name, vault.open_(row.address)) == ("改名", URL)


def test_what_was_encrypted_with_a_lost_key_is_said_and_the_page_works(
    cast: Cast, browser: Browser, settings: Any
) -> None:
    row, client = hook(), browser("gu")
    session_key = settings.SECRET_KEY
    Channel.objects.filter(pk=row.pk).update(secret="gAAAAABnonsense", address="nonsense")
    assert session_key == settings.SECRET_KEY
    assert client.get(page(row)).status_code == 200
    assert client.post(page(row, "test")).status_code == 302
    row.refresh_from_db()
    assert row.test_error


@pytest.mark.parametrize("name", ["gu", "chen"])
def test_a_test_is_one_real_message_to_whoever_asks(cast: Cast, browser: Browser, relay: Endpoint, name: str) -> None:
    row, client = hook(relay.url), browser(name)
    answer = client.post(page(row, "test"), follow=True)
    [received] = relay.received
    assert (received.json["kind"], received.json["recipient"]["username"]) == ("test", name)
    row.refresh_from_db()
    assert row.tested_at is not None
    assert row.test_error == ""
    assert any(message.tags == "success" for message in answer.context["messages"])


def test_a_test_that_was_refused_says_why_and_the_page_remembers(cast: Cast, browser: Browser, relay: Endpoint) -> None:
    relay.mood = Mood.REFUSE
    row, client = hook(relay.url), browser("gu")
    answer = client.post(page(row, "test"), follow=True)
    assert "nobody of that name" in answer.content.decode()
    row.refresh_from_db()
    assert "nobody of that name" in row.test_error
    assert row.failures == 0


def test_asking_for_the_test_s_address_sends_nothing(cast: Cast, browser: Browser, relay: Endpoint) -> None:
    row = hook(relay.url)
    assert browser("gu").get(page(row, "test")).status_code == 302
    assert relay.received == []


def test_switching_off_asks_for_a_reason_and_switching_on_for_none(cast: Cast, browser: Browser) -> None:
    row, client = hook(), browser("chen")
    assert client.get(page(row, "switch")).status_code == 200
    assert client.post(page(row, "switch")).status_code == 302
    row.refresh_from_db()
    assert row.is_active
    assert client.post(page(row, "switch"), {"reason": ""}).status_code == 200
    row.refresh_from_db()
    assert row.is_active
    assert client.post(page(row, "switch"), {"reason": "服务器检修"}).status_code == 302
    row.refresh_from_db()
    assert not row.is_active
    assert Event.objects.latest("seq").reason == "服务器检修"


def test_what_is_not_configured_is_not_switched_on_and_the_page_says_what_is_missing(
    cast: Cast, browser: Browser
) -> None:
    row = channels.create("bare", name="空", kind=ChannelKind.WEBHOOK, by=SYSTEM)
    answer = browser("gu").post(page(row, "switch"))
    assert answer.status_code == 200
    assert answer.context["refusal"]
    row.refresh_from_db()
    assert not row.is_active


def test_an_officer_and_a_leader_have_no_such_pages(cast: Cast, browser: Browser, relay: Endpoint) -> None:
    row = hook(relay.url)
    for name in ("lin", "wu"):
        for method, address in (("get", page(row)), ("post", page(row, "test")), ("post", page(row, "switch"))):
            assert getattr(browser(name), method)(address).status_code == 404
    assert relay.received == []


def test_the_list_asks_the_same_questions_for_three_and_for_thirty(cast: Cast, browser: Browser) -> None:
    client, counts = browser("gu"), []
    for count in (3, 30):
        while Channel.objects.count() < count:
            hook(code=f"hook-{Channel.objects.count()}")
        cache.clear()
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(LIST).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


class Watching(BaseEmailBackend):
    """A mail server that looks whether a transaction is open."""

    seen: ClassVar[list[bool]] = []

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        self.seen.append(transaction.get_connection().in_atomic_block)
        return len(email_messages)


@pytest.mark.django_db(transaction=True)
def test_a_test_is_sent_in_no_transaction(settings: Any) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Watching"
    Watching.seen = []
    cast, client = make_cast(), Client()
    client.force_login(cast.gu, backend="django.contrib.auth.backends.ModelBackend")
    row = Channel.objects.get_or_create(kind=ChannelKind.EMAIL, defaults={"code": "email", "name": "电子邮件"})[0]
    assert client.post(page(row, "test")).status_code == 302
    assert Watching.seen == [False]


def test_a_channel_whose_last_test_failed_is_switched_on_only_by_who_says_so(cast: Cast, browser: Browser) -> None:
    row, client = hook(), browser("chen")
    Channel.objects.update(test_error="503 Service Unavailable", tested_at=timezone.now())
    assert "503 Service Unavailable" in client.get(page(row, "switch")).content.decode()
    refused = client.post(page(row, "switch"))
    assert refused.status_code == 200
    assert set(refused.context["form"].errors) == {"confirmed"}
    assert "503 Service Unavailable" in refused.content.decode()
    row.refresh_from_db()
    assert not row.is_active
    assert client.post(page(row, "switch"), {"confirmed": "on"}).status_code == 302
    row.refresh_from_db()
    assert row.is_active
    assert Event.objects.latest("seq").changes["test_error"] == ["503 Service Unavailable"] * 2
