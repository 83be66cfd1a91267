"""Addresses that may be posted to, keys of robots, names in the environment."""

from ipaddress import ip_address

import pytest

from projects.errors import DomainError
from tracker.choices import ChannelKind
from tracker.rules import channels


@pytest.mark.parametrize(
    ("url", "scheme", "host", "port", "path"),
    [
        ("https://relay.example.org", "https", "relay.example.org", 443, "/"),
        ("https://relay.example.org:8443/a/b?c=d#e", "https", "relay.example.org", 8443, "/a/b?c=d"),
        ("http://127.0.0.1:8000/x", "http", "127.0.0.1", 8000, "/x"),
        ("http://localhost/", "http", "localhost", 80, "/"),
        ("https://10.1.2.3/in/the/house", "https", "10.1.2.3", 443, "/in/the/house"),
        ("https://[2001:db8::1]/", "https", "2001:db8::1", 443, "/"),
    ],
)
def test_an_address_is_taken_apart(url: str, scheme: str, host: str, port: int, path: str) -> None:
    found = channels.target(url)
    assert (found.scheme, found.host, found.port, found.path) == (scheme, host, port, path)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("", "channel_address_unclear"),
        ("relay.example.org", "channel_address_unclear"),
        ("ftp://relay.example.org/", "channel_address_unclear"),
        ("javascript:alert(1)", "channel_address_unclear"),
        ("https://relay.example.org/a b", "channel_address_unclear"),
        ("https://relay.example.org/a\r\nHost: x", "channel_address_unclear"),
        ("https://relay.example.org:0x50/", "channel_address_unclear"),
        ("https://[::1", "channel_address_unclear"),
        ("https://中转.example/", "channel_address_unclear"),
        ("https://relay.example.org/" + "a" * 2000, "channel_address_unclear"),
        ("https://user@relay.example.org/", "channel_address_has_password"),
        ("https://:word@relay.example.org/", "channel_address_has_password"),
        ("http://relay.example.org/", "channel_address_needs_https"),
        ("http://10.1.2.3/", "channel_address_needs_https"),
        ("https://169.254.169.254/", "channel_address_forbidden"),
        ("https://[fe80::1]/", "channel_address_forbidden"),
        ("https://[::ffff:169.254.1.1]/", "channel_address_forbidden"),
        ("https://0.0.0.0/", "channel_address_forbidden"),
        ("https://224.0.0.1/", "channel_address_forbidden"),
    ],
)
def test_an_address_that_may_not_be_posted_to_is_refused(url: str, code: str) -> None:
    with pytest.raises(DomainError) as refused:
        channels.target(url, field="server")
    assert (refused.value.code, refused.value.field) == (code, "server")
    assert str(refused.value)


def test_loopback_is_this_machine_and_nothing_else_is() -> None:
    assert channels.is_this_machine("127.0.0.5")
    assert channels.is_this_machine("::1")
    assert not channels.is_this_machine("localhost.example.org")
    channels.check_reachable(ip_address("192.168.1.1"))


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (ChannelKind.WECOM, "693axxx6-7aoc-4bc4-97a0-0ec2sifa5aaa"),
        (
            ChannelKind.WECOM,
            "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693axxx6-7aoc-4bc4-97a0-0ec2sifa5aaa",
        ),
        (ChannelKind.DINGTALK, "https://oapi.dingtalk.com/robot/send?access_token=66f0aa11bb22cc33"),
        (ChannelKind.FEISHU, "https://open.feishu.cn/open-apis/bot/v2/hook/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"),
        (ChannelKind.FEISHU, "https://open.feishu.cn/open-apis/bot/v2/hook/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0/"),
    ],
)
def test_the_key_is_found_in_what_the_app_shows(kind: ChannelKind, said: str) -> None:
    key = channels.robot_key(kind, f" {said} ")
    assert key in said
    assert "/" not in key


@pytest.mark.parametrize(
    ("kind", "said", "code"),
    [
        (ChannelKind.WECOM, "", "channel_key_unclear"),
        (ChannelKind.WECOM, "a b c d e f g h", "channel_key_unclear"),
        (ChannelKind.DINGTALK, "https://oapi.dingtalk.com/robot/send", "channel_key_unclear"),
        (ChannelKind.DINGTALK, "66f0aa11/../../bb22", "channel_key_unclear"),
        (ChannelKind.WECOM, "https://relay.example.org/send?key=12345678", "channel_address_of_another_server"),
        (
            ChannelKind.WECOM,
            "http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=123",
            "channel_address_of_another_server",
        ),
        (
            ChannelKind.FEISHU,
            "https://oapi.dingtalk.com/robot/send?access_token=1",
            "channel_address_of_another_server",
        ),
    ],
)
def test_what_is_no_key_is_refused(kind: ChannelKind, said: str, code: str) -> None:
    with pytest.raises(DomainError) as refused:
        channels.robot_key(kind, said)
    assert refused.value.code == code


def test_only_variables_of_channels_are_read() -> None:
    assert channels.environment_name("env:LUOSHI_CHANNEL_WECOM") == "LUOSHI_CHANNEL_WECOM"
    assert channels.environment_name("https://relay.example.org") == ""
    names = ("LUOSHI_SECRET_KEY", "DATABASE_URL", "LUOSHI_CHANNEL_", "", "LUOSHI_CHANNEL_KEY", "LUOSHI_CHANNEL_KEY_OLD")
    for name in names:
        with pytest.raises(DomainError):
            channels.environment_name(f"env:{name}")
