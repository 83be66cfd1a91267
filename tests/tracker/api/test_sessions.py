"""Signing in and out; what happens to those who are not signed in, ask too often or ask for nonsense."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone
from knox.models import AuthToken
from redis.exceptions import ConnectionError as RedisDown

from tests.factories import PASSWORD, TODAY, Cast, make_commitment
from tests.tracker.api.conftest import Caller, assert_fits, assert_refused
from tracker.models import ProgressReport

SignIn = Callable[[str], Caller]


def test_name_and_password_make_a_token_that_lists(cast: Cast) -> None:
    make_commitment("A", department=cast.science)
    response = Caller().post("auth/login/", {"username": "lin", "password": PASSWORD})
    body = response.json()
    assert response.status_code == 200
    assert_fits(body, "TokenOutput")
    lasts = datetime.fromisoformat(body["expiry"]) - timezone.now()
    assert timedelta(days=29) < lasts <= timedelta(days=30)
    assert response["Cache-Control"] == "no-store"
    assert len(Caller(body["token"]).get("commitments/").json()["results"]) == 1
    assert AuthToken.objects.filter(digest__contains=body["token"]).count() == 0  # digests only


def test_wrong_credentials_are_refused_in_one_sentence_whoever_exists(cast: Cast) -> None:
    cast.zhou.is_active = False
    cast.zhou.save()
    answers = set()
    for name, password in (("lin", "wrong"), ("nobody", "wrong"), ("zhou", PASSWORD)):
        response = Caller().post("auth/login/", {"username": name, "password": password})
        assert_refused(response, 401, "sign_in_failed")
        assert response["WWW-Authenticate"] == "Token"
        answers.add(response.content)
    assert len(answers) == 1
    assert AuthToken.objects.count() == 0


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({"username": "lin"}, "field_missing", "password"),
        ({"username": "", "password": "x"}, "field_invalid", "username"),
        ({"username": ["lin"], "password": "x"}, "field_invalid", "username"),
        ({"username": "lin", "password": "x", "otp": "1"}, "field_unknown", "otp"),
        ({"username": "li\x00n", "password": "x"}, "field_invalid", "username"),
    ],
)
def test_a_sign_in_that_cannot_be_read_is_refused(body: Any, code: str, field: str, cast: Cast) -> None:
    assert_refused(Caller().post("auth/login/", body), 400, code, field)


def test_too_many_failures_lock_in_our_shape(cast: Cast, settings: Any) -> None:
    settings.AXES_ENABLED, settings.AXES_FAILURE_LIMIT = True, 3
    wrong = {"username": "lin", "password": "wrong"}
    answers = [Caller().post("auth/login/", wrong) for _attempt in range(3)]
    assert_refused(answers[0], 401, "sign_in_failed")
    assert_refused(answers[-1], 429, "sign_in_locked")
    right = Caller().post("auth/login/", {"username": "lin", "password": PASSWORD})
    assert_refused(right, 429, "sign_in_locked")
    assert Caller().post("auth/login/", {"username": "chen", "password": PASSWORD}).status_code == 200


def test_sign_in_is_counted_by_address(cast: Cast, settings: Any) -> None:
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {
        "DEFAULT_THROTTLE_RATES": {"user": "60000/min", "address": "60000/min", "signin": "2/min"}
    }
    wrong = {"username": "nobody", "password": "wrong"}
    first = Caller().post("auth/login/", wrong)
    assert (first["RateLimit-Limit"], first["RateLimit-Remaining"]) == ("2", "1")
    Caller().post("auth/login/", wrong, X_Forwarded_For="203.0.113.1")  # a header changes nothing
    third = Caller().post("auth/login/", {"username": "lin", "password": PASSWORD})
    assert_refused(third, 429, "too_many_requests")
    assert 1 <= int(third["Retry-After"]) <= 60


def test_calls_are_counted_by_person(sign_in: SignIn, settings: Any) -> None:
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {
        "DEFAULT_THROTTLE_RATES": {"user": "2/min", "address": "60000/min", "signin": "60/min"}
    }
    lin, also_lin, wu = sign_in("lin"), sign_in("lin"), sign_in("wu")
    assert lin.get("me/")["RateLimit-Remaining"] == "1"
    assert also_lin.get("me/")["RateLimit-Remaining"] == "0"
    refused = lin.get("me/")
    assert_refused(refused, 429, "too_many_requests")
    assert int(refused["Retry-After"]) <= int(refused["RateLimit-Reset"]) <= 61
    assert wu.get("me/").status_code == 200


@pytest.mark.parametrize(
    "header", ["Token nonsense", "Token", "Token a b", "Token \xff\xfe", "Bearer abc", "Basic bGluOng=", ""]
)
def test_without_a_good_token_nothing_is_told(header: str, cast: Cast) -> None:
    caller = Caller()
    if header:
        caller.headers["Authorization"] = header
    for path in ("me/", "commitments/", "commitments/A/", "reports/", "plans/", "departments/", "overview/"):
        response = caller.get(path)
        assert response.status_code == 401
        assert response.json()["code"] in {"token_invalid", "not_signed_in"}
        assert response["WWW-Authenticate"] == "Token"


def test_an_expired_token_ends_at_once_even_when_it_is_cached(cast: Cast, sign_in: SignIn) -> None:
    phone = sign_in("lin")
    AuthToken.objects.update(expiry=timezone.now() + timedelta(seconds=0.4))
    assert phone.get("me/").status_code == 200
    time.sleep(0.5)
    assert_refused(phone.get("me/"), 401, "token_invalid")
    assert AuthToken.objects.count() == 0


def test_signing_out_ends_this_token_at_once(sign_in: SignIn) -> None:
    phone, other = sign_in("lin"), sign_in("lin")
    assert phone.get("me/").status_code == 200
    assert phone.post("auth/logout/").status_code == 204
    assert_refused(phone.get("me/"), 401, "token_invalid")
    assert other.get("me/").status_code == 200


def test_signing_out_everywhere_ends_all_of_ones_tokens(sign_in: SignIn) -> None:
    phone, other, wu = sign_in("lin"), sign_in("lin"), sign_in("wu")
    for caller in (phone, other, wu):
        assert caller.get("me/").status_code == 200
    assert phone.post("auth/logoutall/").status_code == 204
    for caller in (phone, other):
        assert_refused(caller.get("me/"), 401, "token_invalid")
    assert wu.get("me/").status_code == 200


def test_the_oldest_token_makes_room(cast: Cast, settings: Any) -> None:
    settings.TOKENS_PER_PERSON = 2
    tokens = [
        Caller().post("auth/login/", {"username": "lin", "password": PASSWORD}).json()["token"] for _device in range(3)
    ]
    assert [Caller(token).get("me/").status_code for token in tokens] == [401, 200, 200]


def test_the_cache_holds_no_token_and_lives_shortly(cast: Cast, sign_in: SignIn, monkeypatch: Any) -> None:
    kept: dict[str, Any] = {}
    monkeypatch.setattr(cache, "set", lambda key, value, timeout: kept.update({key: (value, timeout)}), raising=False)
    phone = sign_in("lin")
    phone.get("me/")
    ((key, (value, timeout)),) = kept.items()
    secret = phone.headers["Authorization"].removeprefix("Token ")
    assert secret not in key
    assert secret not in repr(value)
    assert "md5" not in repr(value)
    assert timeout <= 15


def test_without_a_cache_the_database_answers(cast: Cast, sign_in: SignIn, monkeypatch: Any) -> None:
    def down(*args: Any, **kwargs: Any) -> Any:
        raise RedisDown

    for name in ("get", "set", "incr", "add", "delete_many"):
        monkeypatch.setattr(type(cache._connections["default"]), name, down)  # type: ignore[attr-defined]
    phone = sign_in("lin")
    assert phone.get("me/").status_code == 200
    assert phone.post("auth/logout/").status_code == 204
    assert phone.get("me/").status_code == 401


@pytest.mark.parametrize(
    ("name", "role", "department"),
    [("lin", "officer", "kjj"), ("chen", "supervisor", "dcs"), ("wu", "leader", None), ("gu", "admin", None)],
)
def test_me_says_who_calls(name: str, role: str, department: str | None, sign_in: SignIn) -> None:
    body = sign_in(name).get("me/").json()
    assert_fits(body, "MeOutput")
    assert (body["username"], body["role"]) == (name, role)
    assert (body["department"] or {}).get("code") == department


def test_what_is_not_there_or_not_json_is_refused_in_our_shape(sign_in: SignIn) -> None:
    phone = sign_in("lin")
    for path in ("nothing/", "commitments", "", "commitments/A/extra/", "commitments/%00/", "reports/1/"):
        for method in ("get", "post", "delete", "put", "patch"):
            assert_refused(phone.call(method, path), 404, "not_found")
    refused = phone.call("delete", "commitments/")
    assert_refused(refused, 405, "method_not_allowed")
    assert refused["Allow"] == "GET, POST, HEAD, OPTIONS"
    assert_refused(phone.get("me/", Accept="text/html"), 406, "not_acceptable")
    post = phone.client.post
    token = {"Authorization": phone.headers["Authorization"], "Accept-Language": "en"}
    url = "/api/v1/reports/"
    assert_refused(post(url, {"a": 1}, headers=token), 415, "media_type_unknown")
    for text in ("{", "[1]", "NaN", " ", "null", '{"a": ' * 2000):
        assert_refused(post(url, text, content_type="application/json", headers=token), 400, "body_malformed")
    big = b'{"done": "' + b"x" * (1024 * 1024) + b'"}'
    assert_refused(post(url, big, content_type="application/json", headers=token), 413, "body_too_large")
    assert ProgressReport.objects.count() == 0
    assert TODAY.year == 2026


def test_the_answer_to_a_refusal_is_in_the_language_asked_for(cast: Cast) -> None:
    english = Caller(language="en").get("me/").json()
    other = Caller(language="zh-hans").get("me/").json()
    assert english["code"] == other["code"] == "not_signed_in"
    assert english["detail"].startswith("Sign in first")
