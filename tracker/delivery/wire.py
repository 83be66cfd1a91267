"""One bounded HTTP POST to an address that an administrator entered: no redirects, no proxies, no surprises inside.

The name is looked up once, every number it stands for is judged, and the connection goes to that very number.
"""

import contextlib
import http.client
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from ipaddress import ip_address

from django.conf import settings
from django.utils.translation import gettext

from projects.errors import DomainError
from tracker.delivery.transport import Unreachable
from tracker.rules import channels
from tracker.rules.channels import Target

# Of an answer; what is longer is no answer of a relay.
MOST_BYTES = 64 * 1024
CONNECTIONS_TRIED = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the other side said."""

    status: int
    body: bytes


def post(url: str, *, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Post and return the answer, whatever its status.

    Raises:
        Unreachable: an address that must not be posted to, a name that nobody knows, no connection, a certificate that
            does not fit, no answer in time, or no HTTP. The sentence names the host, never the address or its keys.
    """
    try:
        where = channels.target(url)
        with _connected(where) as (raw, talk):
            return _exchange(raw, talk, where, body=body, headers=headers)
    except DomainError as error:
        raise Unreachable(str(error)) from error


def _exchange(
    raw: socket.socket, talk: http.client.HTTPConnection, where: Target, *, body: bytes, headers: Mapping[str, str]
) -> Answer:
    """Send and read, for at most the total time: a server that drips its answer is cut off."""
    late = threading.Event()
    cut = threading.Timer(settings.CHANNEL_TIMEOUTS["total"], _cut, [raw, late])
    cut.daemon = True
    cut.start()
    try:
        raw.settimeout(settings.CHANNEL_TIMEOUTS["read"])
        talk.request("POST", where.path, body=body, headers=dict(headers))
        answer = talk.getresponse()
        return Answer(status=answer.status, body=answer.read(MOST_BYTES))
    except TimeoutError as error:
        raise Unreachable(_sentence(where, gettext("It does not answer in time."))) from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        said = gettext("It does not answer in time.") if late.is_set() else gettext("It broke off without an answer.")
        raise Unreachable(_sentence(where, said)) from error
    finally:
        cut.cancel()


def _cut(raw: socket.socket, late: threading.Event) -> None:
    late.set()
    with contextlib.suppress(OSError):
        socket.socket.shutdown(raw, socket.SHUT_RDWR)


@contextlib.contextmanager
def _connected(where: Target) -> Iterator[tuple[socket.socket, http.client.HTTPConnection]]:
    """A connection to one of the numbers that the host's name stands for."""
    raw = _open(where)
    kind = http.client.HTTPSConnection if where.scheme == "https" else http.client.HTTPConnection
    talk = kind(where.host, where.port)
    talk.sock = raw
    try:
        yield raw, talk
    finally:
        talk.close()
        raw.close()


def _open(where: Target) -> socket.socket:
    last: OSError | None = None
    for number in _numbers(where)[:CONNECTIONS_TRIED]:
        try:
            raw = socket.create_connection((number, where.port), timeout=settings.CHANNEL_TIMEOUTS["connect"])
        except OSError as error:
            last = error
            continue
        return _secured(raw, where) if where.scheme == "https" else raw
    said = (
        gettext("It does not answer in time.") if isinstance(last, TimeoutError) else gettext("Nobody listens there.")
    )
    raise Unreachable(_sentence(where, said)) from last


def _secured(raw: socket.socket, where: Target) -> socket.socket:
    try:
        return _trust().wrap_socket(raw, server_hostname=where.host)
    except TimeoutError as error:
        raw.close()
        raise Unreachable(_sentence(where, gettext("It does not answer in time."))) from error
    except OSError as error:
        raw.close()
        raise Unreachable(_sentence(where, gettext("Its certificate is not trusted, or it is no https."))) from error


@cache
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()


def _numbers(where: Target) -> list[str]:
    """The numbers of the host, each judged. Raises DomainError when any of them is forbidden."""
    try:
        found = socket.getaddrinfo(where.host, where.port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise Unreachable(_sentence(where, gettext("Its name is not known."))) from error
    numbers = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    for number in numbers:
        address = ip_address(number)
        channels.check_reachable(address)
        if where.scheme == "http" and not address.is_loopback:
            raise DomainError("channel_address_needs_https")
    return numbers


def _sentence(where: Target, said: str) -> str:
    return gettext("%(host)s cannot be reached. %(why)s") % {"host": where.host, "why": said}
