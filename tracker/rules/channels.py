"""Which addresses a channel may have, and what in a robot's address is its key. Pure: no names are looked up here."""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import parse_qs, urlsplit

from projects.errors import DomainError
from tracker.choices import ChannelKind

# An address or secret that stands in the environment of the worker instead of the database.
FROM_ENVIRONMENT = "env:"
ENVIRONMENT_PREFIX = "LUOSHI_CHANNEL_"
# Names of the site's own keys; no channel may send them to its other side.
OWN_KEYS = frozenset({"LUOSHI_CHANNEL_KEY", "LUOSHI_CHANNEL_KEY_OLD"})
LONGEST = 2000

IPAddress = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Robot:
    """Where a robot of this kind listens: its public server, the path there, and how the path's key looks."""

    server: str
    path: str
    query: str
    key: re.Pattern[str]


ROBOTS = {
    ChannelKind.WECOM: Robot(
        server="https://qyapi.weixin.qq.com",
        path="/cgi-bin/webhook/send",
        query="key",
        key=re.compile(r"[A-Za-z0-9_-]{8,100}"),
    ),
    ChannelKind.DINGTALK: Robot(
        server="https://oapi.dingtalk.com",
        path="/robot/send",
        query="access_token",
        key=re.compile(r"[A-Za-z0-9]{8,100}"),
    ),
    ChannelKind.FEISHU: Robot(
        server="https://open.feishu.cn",
        path="/open-apis/bot/v2/hook/",
        query="",
        key=re.compile(r"[A-Za-z0-9_-]{8,100}"),
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """An address to post to, in its parts."""

    scheme: str
    host: str
    port: int
    path: str


def target(url: str, *, field: str = "address") -> Target:
    """The parts of an address that may be posted to.

    Raises:
        DomainError: no address of http(s), a name and password in it, http where others could read along, or an
            address of the machine's own network card (169.254.…, fe80::…), where clouds keep their secrets.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        raise DomainError("channel_address_unclear", field=field) from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or len(url) > LONGEST or not url.isascii():
        raise DomainError("channel_address_unclear", field=field)
    if parts.username is not None or parts.password is not None:
        raise DomainError("channel_address_has_password", field=field)
    if re.search(r"[\s\x00-\x1f\x7f\\]", url.strip()):
        raise DomainError("channel_address_unclear", field=field)
    numeric = numbered(parts.hostname)
    if numeric is not None:
        check_reachable(numeric, field=field)
    if parts.scheme == "http" and not is_this_machine(parts.hostname):
        raise DomainError("channel_address_needs_https", field=field)
    return Target(
        scheme=parts.scheme,
        host=parts.hostname,
        port=port or {"http": 80, "https": 443}[parts.scheme],
        path=(parts.path or "/") + (f"?{parts.query}" if parts.query else ""),
    )


def numbered(host: str) -> IPAddress | None:
    """The host as a number, None when it is a name."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def check_reachable(address: IPAddress, *, field: str = "address") -> None:
    """Raise ``channel_address_forbidden`` for what no relay can have: link-local, multicast, unspecified."""
    plain = address.ipv4_mapped if isinstance(address, IPv6Address) and address.ipv4_mapped else address
    if plain.is_link_local or plain.is_multicast or plain.is_unspecified:
        raise DomainError("channel_address_forbidden", field=field, address=str(plain))


def is_this_machine(host: str) -> bool:
    """Whether the host is the loopback: nobody can read along there."""
    numeric = numbered(host)
    return host == "localhost" if numeric is None else numeric.is_loopback


def robot_key(kind: ChannelKind, said: str) -> str:
    """The key of a robot, from the key itself or from the whole address as the app shows it.

    Raises:
        DomainError: neither of the two, or the address of another server (that one belongs into its own field).
    """
    robot, text = ROBOTS[kind], said.strip()
    if "://" in text:
        parts = urlsplit(text)
        own = urlsplit(robot.server)
        if parts.scheme != "https" or parts.hostname != own.hostname or not parts.path.startswith(robot.path):
            raise DomainError("channel_address_of_another_server", field="address", server=own.hostname)
        found = parse_qs(parts.query).get(robot.query, [""]) if robot.query else [parts.path[len(robot.path) :]]
        text = found[0].strip("/")
    if not robot.key.fullmatch(text):
        raise DomainError("channel_key_unclear", field="address")
    return text


def environment_name(said: str) -> str:
    """The variable that ``env:NAME`` points at, "" for anything else.

    Raises:
        DomainError: a variable that does not belong to channels.
    """
    if not said.startswith(FROM_ENVIRONMENT):
        return ""
    name = said.removeprefix(FROM_ENVIRONMENT)
    if not re.fullmatch(ENVIRONMENT_PREFIX + r"[A-Z0-9_]{1,60}", name) or name in OWN_KEYS:
        raise DomainError("channel_environment_name", prefix=ENVIRONMENT_PREFIX)
    return name
