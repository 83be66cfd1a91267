"""The webhook on loopback: signed, recognisable when repeated, judged by its status, bounded in time and in reach."""

import hashlib
import hmac
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests import relays
from tests.relays import Endpoint, Mood
from tests.tracker.delivery.conftest import make_channel
from tracker.actions import vault
from tracker.choices import ChannelKind
from tracker.delivery import renderings, transports
from tracker.delivery.digest import Digest
from tracker.delivery.transport import Failed, Refused, Transport, Unreachable
from tracker.models import Channel

pytestmark = pytest.mark.django_db
Letter = Callable[..., Digest]
SECRET = "a secret of the relay"


@pytest.fixture
def relay() -> Iterator[Endpoint]:
    with relays.endpoint(ChannelKind.WEBHOOK) as made:
        yield made


def hook(url: str) -> Channel:
    return make_channel(address=vault.seal(url), secret=vault.seal(SECRET))


def opened(url: str) -> Transport:
    transport = transports.of(hook(url))
    transport.open()
    return transport


def test_the_relay_gets_everything_the_rows_say(relay: Endpoint, letter: Letter) -> None:
    digest = letter()
    opened(f"{relay.url}/luoshi?tenant=1").send(digest)
    [received] = relay.received
    assert (received.path, received.query) == ("/luoshi", {"tenant": ["1"]})
    assert received.json == renderings.as_json(digest)
    [group] = received.json["groups"]
    assert [line["title"] for line in group["lines"]] == [line.title for line in digest.lines]
    assert received.json["recipient"]["username"] == "lin"


def test_a_relay_can_verify_the_signature_as_the_docs_say(relay: Endpoint, letter: Letter) -> None:
    digest = letter()
    opened(relay.url).send(digest)
    [received] = relay.received
    signed = received.headers["x-luoshi-timestamp"].encode() + b"." + received.body
    expected = "sha256=" + hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    assert hmac.compare_digest(received.headers["x-luoshi-signature"], expected)
    assert received.headers["idempotency-key"] == digest.key


def test_a_repetition_carries_the_same_key_and_409_says_it_was_taken(relay: Endpoint, letter: Letter) -> None:
    relay.remembers = True
    digest = letter()
    transport = opened(relay.url)
    transport.send(digest)
    transport.send(digest)
    assert len({received.headers["idempotency-key"] for received in relay.received}) == 1


@pytest.mark.parametrize(
    ("status", "raised"),
    [
        (200, None),
        (204, None),
        (409, None),
        (400, Refused),
        (404, Refused),
        (410, Refused),
        (413, Refused),
        (422, Refused),
        (401, Unreachable),
        (403, Unreachable),
        (408, Failed),
        (429, Failed),
        (500, Failed),
        (503, Failed),
        (301, Unreachable),
    ],
)
def test_the_status_says_what_became_of_it(
    relay: Endpoint, letter: Letter, status: int, raised: type[Exception] | None
) -> None:
    relay.status = status
    transport = opened(relay.url)
    if raised is None:
        transport.send(letter())
        return
    with pytest.raises(raised):
        transport.send(letter())


def test_the_relay_s_own_words_are_kept(relay: Endpoint, letter: Letter) -> None:
    relay.mood = Mood.REFUSE
    with pytest.raises(Refused, match="nobody of that name"):
        opened(relay.url).send(letter())


def test_redirects_are_not_followed(relay: Endpoint, letter: Letter) -> None:
    relay.mood = Mood.MOVE
    with pytest.raises(Unreachable):
        opened(relay.url).send(letter())
    assert [received.path for received in relay.received] == ["/"]


@pytest.mark.parametrize(
    ("mood", "timeouts"),
    [
        (Mood.SLOW, {"connect": 5, "read": 0.3, "total": 5}),
        (Mood.SLOW, {"connect": 5, "read": 5, "total": 0.3}),
        (Mood.DROP, {"connect": 5, "read": 5, "total": 5}),
    ],
)
def test_a_relay_that_is_slow_or_breaks_off_is_unreachable(
    relay: Endpoint, letter: Letter, settings: Any, mood: Mood, timeouts: dict[str, float]
) -> None:
    settings.CHANNEL_TIMEOUTS = timeouts
    relay.mood = mood
    with pytest.raises(Unreachable) as error:
        opened(f"{relay.url}/secret-path").send(letter())
    assert "127.0.0.1" in str(error.value)
    assert "secret-path" not in str(error.value)


def test_a_relay_that_is_gone_is_unreachable_and_found_again_when_it_is_back(letter: Letter) -> None:
    port = relays.free_port()
    transport = opened(f"http://127.0.0.1:{port}/")
    digest = letter()
    with pytest.raises(Unreachable):
        transport.send(digest)
    with relays.endpoint(ChannelKind.WEBHOOK, port=port) as relay:
        transport.send(digest)
        assert relay.received[0].json["key"] == digest.key


@pytest.mark.parametrize(
    "url",
    [
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "http://relay.example.org/",
        "http://169.254.169.254/latest/meta-data/",
        "https://169.254.169.254/",
        "https://[fe80::1]/",
        "https://[::ffff:169.254.169.254]/",
        "https://0.0.0.0/",
        "https://user:word@127.0.0.1/",
        "https://",
        "relay",
        "http://127.0.0.1:99999/",
        "https://relay.invalid/",
    ],
)
def test_an_address_that_must_not_be_posted_to_is_not(letter: Letter, url: str) -> None:
    with pytest.raises(Unreachable):
        opened(url).send(letter())


def test_what_speaks_no_https_is_not_spoken_to(relay: Endpoint, letter: Letter) -> None:
    with pytest.raises(Unreachable):
        opened(relay.url.replace("http://", "https://")).send(letter())
    assert relay.received == []


@pytest.mark.parametrize("missing", ["address", "secret"])
def test_without_address_or_secret_nothing_is_sent(relay: Endpoint, missing: str) -> None:
    channel = hook(relay.url)
    setattr(channel, missing, "")
    with pytest.raises(Unreachable):
        transports.of(channel).open()
