"""The API by itself, signed-in callers, and the schema that answers are held against."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from knox.models import AuthToken
from openapi_schema_validator import OAS31Validator

from tests.factories import TODAY, Cast, make_cast
from tracker.models import User


class Caller:
    """A client that sends a token and JSON, and reads JSON."""

    def __init__(self, token: str = "", language: str = "en") -> None:
        self.client = Client()
        self.headers = {"Accept-Language": language}
        if token:
            self.headers["Authorization"] = f"Token {token}"

    def call(self, method: str, path: str, body: object = None, **headers: str) -> Any:
        sent = self.headers | {name.replace("_", "-"): value for name, value in headers.items()}
        content = {} if body is None else {"data": body, "content_type": "application/json"}
        return getattr(self.client, method)(f"/api/v1/{path}", headers=sent, **content)

    def get(self, path: str, **headers: str) -> Any:
        return self.call("get", path, **headers)

    def post(self, path: str, body: object = None, **headers: str) -> Any:
        return self.call("post", path, {} if body is None else body, **headers)

    def upload(self, path: str, data: dict[str, Any], **headers: str) -> Any:
        """A form with files."""
        sent = self.headers | {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post(f"/api/v1/{path}", data, headers=sent)

    def put(self, path: str, body: object, **headers: str) -> Any:
        return self.call("put", path, body, **headers)

    def patch(self, path: str, body: object, **headers: str) -> Any:
        return self.call("patch", path, body, **headers)


@pytest.fixture(autouse=True)
def api_alone(settings: Any) -> Iterator[None]:
    """A clean cache, the API's own addresses, and the day of the stories."""
    settings.ROOT_URLCONF = "tests.tracker.api.urls"
    cache.clear()
    with time_machine.travel(f"{TODAY.isoformat()}T10:00:00+08:00", tick=True):
        yield


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def sign_in(cast: Cast) -> Callable[[str], Caller]:
    """`sign_in("lin")` is Lin's phone."""

    def phone(name: str) -> Caller:
        _row, token = AuthToken.objects.create(user=User.objects.get(username=name))
        return Caller(token)

    return phone


@lru_cache(maxsize=1)
def document() -> dict[str, Any]:
    """The OpenAPI document, in English."""
    with translation.override("en"):
        made: dict[str, Any] = SchemaGenerator(urlconf="tests.tracker.api.urls").get_schema(request=None, public=True)
    return made


def assert_fits(answer: Any, component: str) -> None:
    """Hold an answer against a component of the schema, strictly: no field more, none less."""
    schemas = document()["components"]["schemas"]
    schema = {**schemas[component], "components": {"schemas": schemas}}
    OAS31Validator(schema).validate(answer)
    assert set(answer) == set(schemas[component]["properties"])


def assert_refused(response: Any, status: int, code: str, field: str | None = None) -> None:
    """One shape, one sentence that ends."""
    body = response.json()
    assert (response.status_code, body["code"]) == (status, code), body
    assert response["Content-Type"] == "application/problem+json"
    assert set(body) - {"revision", "restart"} == {"type", "title", "status", "code", "detail", "field"}
    assert (body["status"], body["type"]) == (status, f"/api/v1/problems/#{code}")
    assert body["detail"].rstrip()[-1] in ".。"
    assert "%(" not in body["detail"]
    if field is not None:
        assert body["field"] == field
