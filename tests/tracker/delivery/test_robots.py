"""Robots on loopback: each dialect's success and refusals, which all come with HTTP 200; slow, gone, back again."""

import base64
import hashlib
import hmac
import logging
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from tests import relays
from tests.factories import Cast, make_commitment
from tests.relays import Endpoint, Mood
from tests.tracker.delivery.conftest import built, make_channel, remind
from tracker.actions import vault
from tracker.choices import ROBOT_KINDS, ChannelKind
from tracker.delivery import renderings, transports
from tracker.delivery.digest import Digest
from tracker.delivery.transport import Failed, Refused, Transport, Unreachable
from tracker.models import Channel

pytestmark = pytest.mark.django_db
Letter = Callable[..., Digest]
KEY = "abcdef0123456789"
KINDS = sorted(ROBOT_KINDS)


@pytest.fixture(params=KINDS)
def relay(request: pytest.FixtureRequest) -> Iterator[Endpoint]:
    with relays.endpoint(ChannelKind(request.param)) as made:
        yield made


def robot(relay: Endpoint, cast: Cast, *, secret: str = "", key: str = KEY) -> Channel:
    return make_channel(
        relay.kind, department=cast.science, address=vault.seal(key), secret=vault.seal(secret), server=relay.url
    )


def opened(channel: Channel) -> Transport:
    transport = transports.of(channel)
    transport.open()
    return transport


def words(relay: Endpoint, place: int = -1) -> str:
    """What the group reads."""
    said = relay.received[place].json
    if relay.kind == ChannelKind.WECOM:
        return str(said["text"]["content"])
    if relay.kind == ChannelKind.DINGTALK:
        return str(said["markdown"]["text"])
    return str(said["card"]["elements"][0]["text"]["content"])


def test_the_robot_s_group_reads_what_the_rows_say(relay: Endpoint, cast: Cast, letter: Letter) -> None:
    digest = letter()
    opened(robot(relay, cast)).send(digest)
    [received] = relay.received
    assert KEY in f"{received.path}?{received.query}"
    for line in digest.lines:
        title = line.title if relay.kind == ChannelKind.WECOM else line.title.translate(renderings.UNMARKED)
        assert title in words(relay)
        assert line.asked[0] in words(relay)
        assert line.url in words(relay)


@pytest.mark.parametrize(
    ("mood", "raised"),
    [
        (Mood.REFUSE, Refused),
        (Mood.BUSY, Failed),
        (Mood.CLOSED, Unreachable),
        (Mood.BREAK, Failed),
        (Mood.DROP, Unreachable),
    ],
)
def test_a_refusal_inside_http_200_is_no_success_and_keeps_its_reason(
    relay: Endpoint, cast: Cast, letter: Letter, mood: Mood, raised: type[Exception]
) -> None:
    transport = opened(robot(relay, cast))
    relay.mood = mood
    with pytest.raises(raised) as error:
        transport.send(letter())
    if mood in relays.ROBOT_ANSWERS[relay.kind]:
        said = relays.ROBOT_ANSWERS[relay.kind][mood][1]
        assert str(said.get("errmsg") or said.get("msg")) in str(error.value)
    assert KEY not in str(error.value)
    relay.mood = Mood.ACCEPT
    transport.send(letter(cast.zhou))
    assert len(relay.received) == 2


@pytest.mark.parametrize("body", [b"<html>hello</html>", b"[]", b"{}", b'{"errcode": "0"}', b"null"])
def test_a_web_server_that_is_no_robot_is_not_taken_for_one(
    relay: Endpoint, cast: Cast, letter: Letter, body: bytes
) -> None:
    relay.raw = body
    with pytest.raises(Unreachable):
        opened(robot(relay, cast)).send(letter())


@pytest.mark.parametrize(("status", "raised"), [(429, Failed), (503, Failed), (404, Unreachable), (403, Unreachable)])
def test_a_status_other_than_200_is_no_success(
    relay: Endpoint, cast: Cast, letter: Letter, status: int, raised: type[Exception]
) -> None:
    relay.status = status
    with pytest.raises(raised):
        opened(robot(relay, cast)).send(letter())


@pytest.mark.parametrize("mood", [Mood.SLOW, Mood.DRIP])
def test_a_robot_that_does_not_answer_in_time_is_unreachable(
    relay: Endpoint, cast: Cast, letter: Letter, mood: Mood, settings: Any
) -> None:
    settings.CHANNEL_TIMEOUTS = {"connect": 5, "read": 0.3, "total": 0.5}
    relay.mood = mood
    transport = opened(robot(relay, cast))
    if mood == Mood.DRIP:
        # Its status came in time; the words that follow are cut off, so nobody knows whether it was taken.
        with pytest.raises((Unreachable, Failed)):
            transport.send(letter())
        return
    with pytest.raises(Unreachable, match=r"127\.0\.0\.1"):
        transport.send(letter())


def test_a_robot_that_is_gone_is_unreachable_and_found_again_when_it_is_back(cast: Cast, letter: Letter) -> None:
    port = relays.free_port()
    channel = make_channel(
        ChannelKind.WECOM, department=cast.science, address=vault.seal(KEY), server=f"http://127.0.0.1:{port}"
    )
    transport = opened(channel)
    with pytest.raises(Unreachable):
        transport.send(letter())
    with relays.endpoint(ChannelKind.WECOM, port=port) as relay:
        transport.send(letter(cast.zhou))
        assert len(relay.received) == 1


def test_redirects_are_not_followed(relay: Endpoint, cast: Cast, letter: Letter) -> None:
    relay.mood = Mood.MOVE
    with pytest.raises(Unreachable):
        opened(robot(relay, cast)).send(letter())
    assert len(relay.received) == 1


def test_dingtalk_is_signed_as_its_manual_says(cast: Cast, letter: Letter) -> None:
    secret = "SEC" + "a1" * 16
    with relays.endpoint(ChannelKind.DINGTALK) as relay:
        opened(robot(relay, cast, secret=secret)).send(letter())
    query = relay.received[0].query
    timestamp, sign = query["timestamp"][0], query["sign"][0]
    expected = hmac.new(secret.encode(), f"{timestamp}\n{secret}".encode(), hashlib.sha256).digest()
    assert sign == base64.b64encode(expected).decode()
    assert unquote(sign) == sign  # quoted once, not twice as apprise and requests would between them


def test_feishu_is_signed_as_its_manual_says(cast: Cast, letter: Letter) -> None:
    with relays.endpoint(ChannelKind.FEISHU) as relay:
        opened(robot(relay, cast, secret="geheimes-wort-123")).send(letter())
    said = relay.received[0].json
    expected = hmac.new(f"{said['timestamp']}\ngeheimes-wort-123".encode(), b"", hashlib.sha256).digest()
    assert said["sign"] == base64.b64encode(expected).decode()


def test_a_long_message_is_cut_at_a_matter_and_says_how_many_more_there_are(relay: Endpoint, cast: Cast) -> None:
    rows = [
        remind(make_commitment(title=f"第{number}项" + "很长的事项名称" * 8, department=cast.science), cast.lin)
        for number in range(120)
    ]
    digest = built(cast.lin, rows, left_out=7)
    opened(robot(relay, cast)).send(digest)
    text = words(relay)
    told = sum(line.title in text for line in digest.lines)
    assert 0 < told < 120
    assert renderings.rest(127 - told) in text
    if relay.kind == ChannelKind.WECOM:
        assert len(text.encode()) <= 2048
    else:
        assert len(relay.received[0].body) <= 20_000


def test_neither_key_nor_words_reach_the_log(
    relay: Endpoint, cast: Cast, letter: Letter, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    relay.mood = Mood.CLOSED
    digest = letter()
    with pytest.raises(Unreachable):
        opened(robot(relay, cast)).send(digest)
    assert KEY not in caplog.text
    assert digest.lines[0].title not in caplog.text


@pytest.mark.parametrize("stored", ["", "gAAAAABnot-a-token", "env:LUOSHI_CHANNEL_NOBODY_SET_THIS"])
def test_a_key_that_cannot_be_had_is_the_channel_s_error_and_no_crash(relay: Endpoint, cast: Cast, stored: str) -> None:
    channel = robot(relay, cast)
    channel.address = stored
    with pytest.raises(Unreachable):
        transports.of(channel).open()


def test_the_key_may_stand_in_the_environment(
    relay: Endpoint, cast: Cast, letter: Letter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LUOSHI_CHANNEL_ROBOT", KEY)
    channel = robot(relay, cast)
    channel.address = "env:LUOSHI_CHANNEL_ROBOT"
    opened(channel).send(letter())
    assert KEY in f"{relay.received[0].path}?{relay.received[0].query}"


def test_apprise_is_imported_by_nobody_who_does_not_speak_through_a_robot() -> None:
    asked = (
        "import django; django.setup()\n"
        "import config.urls, config.wsgi, config.celery, sys\n"
        "import tracker.delivery.transports, tracker.admin.channels\n"
        "print('apprise' in sys.modules, 'requests' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[3]
    )
    assert done.stdout.split()[0] == "False"


def test_the_year_is_not_cut_out_of_a_date(cast: Cast) -> None:
    """The sentence of a late matter names its day whole, whatever the robot."""
    item = make_commitment(title="事项", department=cast.science)
    digest = built(cast.lin, [remind(item, cast.lin, due_on=date(2026, 5, 28))])
    assert "2026" in renderings.markdown(digest, most=18_000)
