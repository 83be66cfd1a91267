"""Devices: noted at sign-in, listed to their owner only, signed out one by one or all at once."""

from collections.abc import Callable
from uuid import uuid4

from django.test import Client
from knox.models import AuthToken

from tests.factories import PASSWORD, Cast
from tests.tracker.api.conftest import Caller, assert_fits, assert_refused
from tracker.models import Device, Event

SignIn = Callable[[str], Caller]


def signed_in(name: str, device: str = "", **headers: str) -> Caller:
    body = {"username": name, "password": PASSWORD} | ({"device": device} if device else {})
    return Caller(Caller().post("auth/login/", body, **headers).json()["token"])


def test_a_device_is_listed_with_its_name_and_when_it_was_last_at_work(cast: Cast) -> None:
    phone = signed_in("lin", "林的手机")
    signed_in("lin", User_Agent="LuoshiApp/2.1 (Android 14)")
    signed_in("zhou", "别人的手机")
    answer = phone.get("me/devices/")
    assert_fits(answer.json(), "DevicesOutput")
    rows = answer.json()["results"]
    assert [(row["name"], row["is_this"]) for row in rows] == [("LuoshiApp", False), ("林的手机", True)]
    assert (rows[0]["last_used_at"], rows[1]["last_used_at"] is None) == (None, False)
    assert "digest" not in answer.content.decode()


def test_one_device_is_signed_out_and_the_others_stay(cast: Cast) -> None:
    phone, tablet = signed_in("lin", "手机"), signed_in("lin", "平板")
    lost = next(row["ref"] for row in phone.get("me/devices/").json()["results"] if row["name"] == "平板")
    assert tablet.get("me/").status_code == 200  # also in the cache of tokens
    assert phone.call("delete", f"me/devices/{lost}/").status_code == 204
    assert_refused(tablet.get("me/"), 401, "token_invalid")
    assert phone.get("me/").status_code == 200
    assert_refused(phone.call("delete", f"me/devices/{lost}/"), 404, "not_found")
    told = list(Event.objects.filter(kind__startswith="device_").order_by("seq").values_list("kind", "changes"))
    assert [kind for kind, _changes in told] == ["device_signed_in", "device_signed_in", "device_revoked"]
    assert told[-1][1] == {"name": ["平板", ""]}


def test_nobody_signs_out_a_foreign_device(cast: Cast) -> None:
    phone = signed_in("lin", "手机")
    ref = Device.objects.get().ref
    zhou = signed_in("zhou")
    assert_refused(zhou.call("delete", f"me/devices/{ref}/"), 404, "not_found")
    assert_refused(zhou.call("delete", f"me/devices/{uuid4()}/"), 404, "not_found")
    assert phone.get("me/").status_code == 200


def test_signing_out_everywhere_takes_every_device(cast: Cast) -> None:
    phone, tablet = signed_in("lin", "手机"), signed_in("lin", "平板")
    assert phone.post("auth/logoutall/").status_code == 204
    for one in (phone, tablet):
        assert_refused(one.get("me/"), 401, "token_invalid")
    assert not AuthToken.objects.exists()
    assert Event.objects.filter(kind="device_revoked").count() == 2


def test_the_session_of_the_site_counts_on_the_page_of_the_docs_only(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.lin, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/api/v1/me/").status_code == 401
    docs = {"X-Luoshi-Docs": "1"}
    assert client.get("/api/v1/me/", headers=docs).json()["username"] == "lin"
    refused = client.post("/api/v1/inbox/read/", data="{}", content_type="application/json", headers=docs)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    client.get("/api/v1/docs/?script=")
    sent = docs | {"X-CSRFToken": client.cookies["csrftoken"].value}
    read = client.post("/api/v1/inbox/read/", data='{"all": true}', content_type="application/json", headers=sent)
    assert read.status_code == 200
    out = client.post("/api/v1/auth/logout/", data="{}", content_type="application/json", headers=sent)
    assert out.status_code == 401, "a session has no token to take back"


def test_calls_are_counted_by_address_also_without_a_good_token(cast: Cast, settings: object) -> None:
    rates = {"user": "60000/min", "address": "3/min", "signin": "60/min"}
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"DEFAULT_THROTTLE_RATES": rates}  # type: ignore[attr-defined]
    guesser = Caller("nonsense")
    answers = [guesser.get("me/") for _guess in range(4)]
    assert [answer.status_code for answer in answers] == [401, 401, 401, 429]
    assert answers[0]["RateLimit-Remaining"] == "2"
    assert 1 <= int(answers[-1]["Retry-After"]) <= 60
