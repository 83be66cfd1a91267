"""The other side of every channel, on loopback and with real sockets: a mail server and an HTTP endpoint that record
what they receive and can be told to take it, refuse it in the dialect of each channel, be busy, be slow, drop the
connection, or break.
"""

import contextlib
import email
import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tracker.choices import ChannelKind

HOST = "127.0.0.1"


class Mood(StrEnum):
    """How an endpoint answers. CLOSED says what every message would be told: no such robot, a wrong signature."""

    ACCEPT = "accept"
    REFUSE = "refuse"
    BUSY = "busy"
    CLOSED = "closed"
    SLOW = "slow"
    DRIP = "drip"
    DROP = "drop"
    BREAK = "break"
    MOVE = "move"


# What the real servers say, by channel and mood: status, then the body as JSON.
ROBOT_ANSWERS: dict[ChannelKind, dict[Mood, tuple[int, dict[str, Any]]]] = {
    ChannelKind.WECOM: {
        Mood.ACCEPT: (200, {"errcode": 0, "errmsg": "ok"}),
        Mood.REFUSE: (200, {"errcode": 40058, "errmsg": "text.content exceed max length 2048"}),
        Mood.BUSY: (200, {"errcode": 45009, "errmsg": "api freq out of limit"}),
        Mood.CLOSED: (200, {"errcode": 93000, "errmsg": "invalid webhook url"}),
    },
    ChannelKind.DINGTALK: {
        Mood.ACCEPT: (200, {"errcode": 0, "errmsg": "ok"}),
        Mood.REFUSE: (200, {"errcode": 460101, "errmsg": "message too long"}),
        Mood.BUSY: (200, {"errcode": 130101, "errmsg": "send too fast"}),
        Mood.CLOSED: (200, {"errcode": 310000, "errmsg": "sign not match"}),
    },
    ChannelKind.FEISHU: {
        Mood.ACCEPT: (200, {"code": 0, "msg": "success", "data": {}}),
        Mood.REFUSE: (200, {"code": 11228, "msg": "card content failed"}),
        Mood.BUSY: (200, {"code": 11232, "msg": "frequency limited"}),
        Mood.CLOSED: (200, {"code": 19021, "msg": "sign match fail or timestamp is not within one hour"}),
    },
    ChannelKind.WEBHOOK: {
        Mood.ACCEPT: (202, {}),
        Mood.REFUSE: (422, {"error": "nobody of that name"}),
        Mood.BUSY: (429, {"error": "too many"}),
        Mood.CLOSED: (401, {"error": "who are you"}),
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One request as it came in."""

    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Endpoint:
    """An HTTP server on loopback that speaks for one kind of channel.

    `status`, `raw`: the next answers carry this status, this body instead of the mood's. `keys`: idempotency keys taken
    before, where `remembers` says that it answers 409 to them.
    """

    kind: ChannelKind
    mood: Mood = Mood.ACCEPT
    status: int | None = None
    raw: bytes | None = None
    remembers: bool = False
    received: list[Received] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    released: threading.Event = field(default_factory=threading.Event)
    url: str = ""

    def answer(self, request: Received) -> tuple[int, dict[str, Any]]:
        key = request.headers.get("idempotency-key", "")
        if self.remembers and key in self.keys:
            return 409, {"error": "taken before"}
        if self.mood == Mood.BREAK:
            return 500, {"error": "broken"}
        if self.mood == Mood.MOVE:
            return 302, {}
        status, said = ROBOT_ANSWERS[self.kind][self.mood if self.mood in ROBOT_ANSWERS[self.kind] else Mood.ACCEPT]
        if self.mood == Mood.ACCEPT and self.status is None:
            self.keys.add(key)
        return (self.status or status), said


def _handler(endpoint: Endpoint) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            parts = urlsplit(self.path)
            request = Received(
                path=parts.path,
                query=parse_qs(parts.query),
                headers={name.lower(): value for name, value in self.headers.items()},
                body=self.rfile.read(int(self.headers.get("Content-Length", 0))),
            )
            endpoint.received.append(request)
            if endpoint.mood == Mood.DROP:
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            if endpoint.mood == Mood.SLOW:
                endpoint.released.wait(30)
            status, said = endpoint.answer(request)
            body = json.dumps(said).encode() if endpoint.raw is None else endpoint.raw
            self.send_response(status)
            if endpoint.mood == Mood.MOVE:
                self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if endpoint.mood == Mood.DRIP:
                for letter in b"{" + b" " * 300:
                    if endpoint.released.wait(0.05):
                        return
                    self.wfile.write(bytes([letter]))
                    self.wfile.flush()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

    return Handler


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *args: Any) -> None:
        """A client that went away in the middle is what some tests are about."""


@contextlib.contextmanager
def endpoint(kind: ChannelKind, *, port: int = 0) -> Iterator[Endpoint]:
    """An endpoint that listens until the block ends. `port` 0: any free one."""
    made = Endpoint(kind=kind)
    server = _Quiet((HOST, port), _handler(made))
    made.url = f"http://{HOST}:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.released.set()
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class Mailbox:
    """A mail server on loopback. `answers`: what RCPT is told for an address, for example “550 no such person”.

    `data_answer`: what every letter is told after its last line; "" takes it.
    """

    mood: Mood = Mood.ACCEPT
    answers: dict[str, str] = field(default_factory=dict)
    sender_answer: str = ""
    data_answer: str = ""
    letters: list[EmailMessage] = field(default_factory=list)
    connections: int = 0
    released: threading.Event = field(default_factory=threading.Event)
    port: int = 0

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.sender_answer:
            return self.sender_answer
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.mood == Mood.SLOW:
            await _until(self.released)
        if self.mood == Mood.DROP:
            assert server.transport is not None
            server.transport.close()
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.data_answer:
            return self.data_answer
        content = envelope.content
        assert isinstance(content, bytes)
        message = email.message_from_bytes(content, policy=default)
        assert isinstance(message, EmailMessage)
        self.letters.append(message)
        return "250 OK"

    def of(self, address: str) -> list[EmailMessage]:
        """The letters to one address."""
        return [letter for letter in self.letters if letter["To"] == address]


async def _until(released: threading.Event) -> None:
    import asyncio

    while not released.is_set():
        await asyncio.sleep(0.02)


@contextlib.contextmanager
def mailbox(*, port: int = 0) -> Iterator[Mailbox]:
    """A mail server that listens until the block ends."""
    made = Mailbox(port=port or free_port())
    controller = Controller(made, hostname=HOST, port=made.port)
    controller.start()
    try:
        yield made
    finally:
        made.released.set()
        controller.stop()


def free_port() -> int:
    """A port on which nobody listens at this moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port


def body_of(letter: EmailMessage, kind: str = "plain") -> str:
    """The text or the HTML of a letter."""
    part = letter.get_body((kind,))
    assert part is not None
    content: str = part.get_content()
    return content


def wait_for(happened: Any, *, seconds: float = 5) -> bool:
    """Whether something became true within a while."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if happened():
            return True
        time.sleep(0.01)
    return bool(happened())
