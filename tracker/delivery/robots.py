"""Robots of 企业微信, 钉钉 and 飞书 through apprise, which knows their payloads and signatures.

Two things apprise would not do by itself. It takes any answer of HTTP 200 from 企业微信 and 钉钉 for success and drops
the reason of every refusal; and it posts to public servers only. So its plugins post through `Door`, which sends by our
own rules (`wire`) and keeps the answer for `_judge`. apprise costs 1.5 s and 47 MB: it is imported when a robot speaks.
"""

import base64
import hashlib
import hmac
import json
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from types import FunctionType, MethodType
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.utils.translation import gettext

from projects.errors import DomainError
from tracker.actions import vault
from tracker.choices import ChannelKind
from tracker.delivery import renderings, wire
from tracker.delivery.digest import Digest
from tracker.delivery.transport import Failed, Refused, Unreachable
from tracker.delivery.wire import Answer
from tracker.models import Channel
from tracker.rules import channels

OK, TOO_MANY, BROKEN = 200, 429, 500
# Of the robot's own words in a sentence of ours.
LONGEST = 300


def _escaped(text: str) -> int:
    """The bytes of a text as apprise writes it into JSON for 钉钉: six for each Chinese character."""
    return len(json.dumps(text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How one kind of robot is spoken to, and what its answers mean.

    Args:
        plugin: apprise's module and class; `key` is the argument that takes the robot's key.
        most: how long a message may be, as `measure` counts it, with room for the frame around it.
        code, words: where in the answer's JSON the code and its words stand. 0 is success.
        busy: codes of "too often, later"; closed: codes that say the same to every message (no such robot, a wrong
            signature, an address that is not on the robot's list, a keyword that is missing).
    """

    plugin: tuple[str, str]
    key: str
    most: int
    measure: renderings.Measure
    is_marked: bool
    code: str
    words: str
    busy: frozenset[int]
    closed: frozenset[int]


DIALECTS = {
    ChannelKind.WECOM: Dialect(
        plugin=("apprise.plugins.wecombot", "NotifyWeComBot"),
        key="key",
        most=2048,
        measure=renderings.utf8,
        is_marked=False,
        code="errcode",
        words="errmsg",
        busy=frozenset({-1, 45009, 45033}),
        closed=frozenset({40001, 40013, 40014, 40056, 60020, 93000, 93004, 93008}),
    ),
    ChannelKind.DINGTALK: Dialect(
        plugin=("apprise.plugins.dingtalk", "NotifyDingTalk"),
        key="token",
        most=18_000,
        measure=_escaped,
        is_marked=True,
        code="errcode",
        words="errmsg",
        busy=frozenset({-1, 130101, 130102, 410100}),
        closed=frozenset({300001, 300005, 310000, 400013, 400101, 400102, 400105}),
    ),
    ChannelKind.FEISHU: Dialect(
        plugin=("apprise.plugins.feishu", "NotifyFeishu"),
        key="token",
        most=18_000,
        measure=renderings.utf8,
        is_marked=True,
        code="code",
        words="msg",
        busy=frozenset({9499, 11232, 11233}),
        closed=frozenset({19001, 19021, 19022, 19024, 19036}),
    ),
}


class Door:
    """Stands in apprise's plugins where they expect `requests`: posts by our rules, and remembers the answer.

    One for each robot, and so for one thread. Raises Unreachable right through the plugin, which catches only
    `RequestException`.
    """

    class codes:
        ok = 200

    class RequestException(Exception):
        """Never raised: what goes wrong on the way is Unreachable."""

    def __init__(self, *, server: str, public: str, secret: str) -> None:
        self.server, self.public, self.secret = server, public, secret
        self.answer: Answer | None = None

    def post(
        self,
        url: str,
        *,
        data: bytes | str,
        headers: Mapping[str, str],
        params: Mapping[str, str] | None = None,
        **_: Any,
    ) -> "Heard":
        """What `requests.post` would do, to the server of our own where there is one."""
        if self.server:
            url = self.server + url.removeprefix(self.public)
        if params:
            # apprise has quoted the signature already; requests would quote it once more.
            url += ("&" if "?" in url else "?") + urlencode(params, safe="%")
        body = data.encode() if isinstance(data, str) else data
        if self.secret:
            body = _feishu_signed(body, self.secret)
        self.answer = wire.post(url, body=body, headers=headers)
        return Heard(status_code=self.answer.status, content=self.answer.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """The answer as apprise wants to see it."""

    status_code: int
    content: bytes


class Robot:
    """One robot in the group of one department."""

    def __init__(self, channel: Channel) -> None:
        self.channel, self.kind = channel, ChannelKind(channel.kind)
        self.dialect = DIALECTS[self.kind]
        self.key = ""
        self.plugin: Any = None
        self.door: Door | None = None
        self.spoke_at: float | None = None

    def open(self) -> None:
        """Unlock key and secret and wake apprise; nothing is connected before a message is sent."""
        try:
            stored = vault.open_(self.channel.address)
            if not stored:
                raise DomainError("channel_without_address")
            self.key, secret = channels.robot_key(self.kind, stored), vault.open_(self.channel.secret)
        except DomainError as error:
            raise Unreachable(str(error)) from error
        is_feishu = self.kind == ChannelKind.FEISHU
        self.door = Door(
            server=self.channel.server.rstrip("/"),
            public=channels.ROBOTS[self.kind].server,
            secret=secret if is_feishu else "",
        )
        self.plugin = self._woken({} if is_feishu or not secret else {"secret": secret})

    def send(self, digest: Digest) -> None:
        if self.plugin is None or self.door is None:
            self.open()
        assert self.door is not None
        dialect, written = self.dialect, renderings.markdown if self.dialect.is_marked else renderings.text
        self._pause()
        self.door.answer = None
        self.plugin.send(
            written(digest, most=dialect.most, measure=dialect.measure),
            title=renderings.subject(digest),
            body_format="markdown" if dialect.is_marked else "text",
        )
        self._judge(self.door.answer)

    def close(self) -> None:
        self.plugin, self.door, self.key = None, None, ""

    def _woken(self, given: dict[str, str]) -> Any:
        """Apprise's plugin for this robot, posting through our door."""
        name, kind = self.dialect.plugin
        # It writes keys and whole messages into its log, at the levels debug and warning.
        logging.getLogger("apprise").disabled = True
        plugin = getattr(import_module(name), kind)
        try:
            woken = plugin(**{self.dialect.key: self.key}, **given)
        except TypeError:
            # Not chained: apprise's sentence holds the key.
            raise Unreachable(gettext("The robot’s secret is none. Copy it from the app once more.")) from None
        woken.request_rate_per_sec = 0  # its own pause is 5.5 s for every robot; ours is below
        send = FunctionType(plugin.send.__code__, {**plugin.send.__globals__, "requests": self.door}, "send")
        send.__defaults__ = plugin.send.__defaults__
        woken.send = MethodType(send, woken)
        return woken

    def _pause(self) -> None:
        """Wait until the robot may speak again: shut out for ten minutes is slower than waiting for three seconds."""
        a_minute = settings.ROBOT_MESSAGES_A_MINUTE
        if a_minute and self.spoke_at is not None:
            time.sleep(max(0.0, self.spoke_at + 60 / a_minute - time.monotonic()))
        self.spoke_at = time.monotonic()

    def _judge(self, answer: Answer | None) -> None:
        """Return for a message that was taken; raise what the answer means otherwise."""
        if answer is None:
            raise Failed(gettext("The message was not sent."))
        said = _read(answer)
        code = said.get(self.dialect.code)
        if answer.status == OK and code == 0 and type(code) is int:
            return
        words = f"{code} {said.get(self.dialect.words, '')}" if isinstance(code, int) else f"HTTP {answer.status}"
        sentence = gettext("The robot answered: %(said)s") % {"said": self._without_key(words)[:LONGEST]}
        if isinstance(code, int) and code in self.dialect.busy:
            raise Failed(sentence)
        if isinstance(code, int) and code and code not in self.dialect.closed:
            raise Refused(sentence)
        if answer.status == TOO_MANY or answer.status >= BROKEN:
            raise Failed(sentence)
        raise Unreachable(sentence)

    def _without_key(self, words: str) -> str:
        return words.replace(self.key, "…") if self.key else words


def _read(answer: Answer) -> dict[str, Any]:
    """The JSON object of an answer; empty for anything else."""
    try:
        said = json.loads(answer.body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _feishu_signed(body: bytes, secret: str) -> bytes:
    """The message with timestamp and signature, which apprise does not know for 飞书: they stand in the body."""
    timestamp = str(int(time.time()))
    digest = hmac.new(f"{timestamp}\n{secret}".encode(), b"", hashlib.sha256).digest()
    signed = {"timestamp": timestamp, "sign": base64.b64encode(digest).decode(), **json.loads(body)}
    return json.dumps(signed, ensure_ascii=False).encode()
