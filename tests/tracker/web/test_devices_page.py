"""The page of signed-in devices: whose they are, signing out one or all, and what counts at once."""

import pytest
from django.core.cache import cache
from django.test import Client
from knox.models import AuthToken

from tests.factories import Cast, make_cast
from tests.tracker.web.pages import parse, signed_in, text, with_class
from tracker.actions import devices
from tracker.event_kinds import EventKind
from tracker.models import Device, Event, User

pytestmark = pytest.mark.django_db
PAGE, SIGN_OUT = "/inbox/devices/", "/inbox/devices/sign-out/"


@pytest.fixture
def cast() -> Cast:
    cache.clear()
    return make_cast()


def phone(cast: Cast, name: str, called: str) -> tuple[Device, str]:
    """A device that a person has signed in on, and its token."""
    row, token = AuthToken.objects.create(user=User.objects.get(username=name))
    return devices.signed_in(row, name=called, by=cast.actor(name)), token


def status(token: str) -> int:
    return Client().get("/api/v1/me/", headers={"Authorization": f"Token {token}"}).status_code


def test_a_device_is_signed_out_and_reads_nothing_more(cast: Cast) -> None:
    (lost, token), (kept, other) = phone(cast, "lin", "丢失的手机"), phone(cast, "lin", "平板")
    assert status(token) == 200  # and stands in the cache from now on
    client = signed_in(cast.lin)
    page = text(parse(client.get(PAGE)))
    assert "丢失的手机" in page
    assert "平板" in page
    answer = client.post(SIGN_OUT, {"device": lost.ref}, follow=True)
    assert "该设备已退出登录" in answer.content.decode()
    assert (status(token), status(other)) == (401, 200)
    assert list(Device.objects.all()) == [kept]
    assert Event.objects.filter(kind=EventKind.DEVICE_REVOKED).count() == 1


def test_all_devices_of_the_person_are_signed_out_and_nobody_elses(cast: Cast) -> None:
    tokens = [phone(cast, "lin", "手机")[1], phone(cast, "lin", "平板")[1]]
    _device, others = phone(cast, "chen", "督查室手机")
    client = signed_in(cast.lin)
    assert "督查室手机" not in client.get(PAGE).content.decode()
    answer = client.post(SIGN_OUT, {"all": "1"}, follow=True)
    assert "没有手机或程序登录" in answer.content.decode()
    assert [status(token) for token in (*tokens, others)] == [401, 401, 200]


def test_a_foreign_an_unknown_and_no_device_are_refused_alike(cast: Cast) -> None:
    foreign, token = phone(cast, "chen", "督查室手机")
    client = signed_in(cast.lin)
    refusals = {
        text(next(with_class(parse(client.post(SIGN_OUT, posted, follow=True)), "notice")))
        for posted in ({"device": foreign.ref}, {"device": "0b7f1c0e-54c1-4f0e-8a43-2c9c11d1c001"}, {"device": "x"}, {})
    }
    assert len(refusals) == 1
    assert status(token) == 200
