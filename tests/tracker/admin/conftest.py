"""The admin's stage: the cast, a browser per person, and the day on which it all happens."""

from collections.abc import Callable

import pytest
import time_machine
from django.test import Client

from tests.factories import Cast, make_cast

NOON = "2026-11-22T12:00:00+08:00"


@pytest.fixture(autouse=True)
def _on_the_day():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def browser(cast: Cast) -> Callable[[str], Client]:
    """`browser("lin")`: a client signed in as that person."""

    def sign_in(name: str) -> Client:
        client = Client()
        client.force_login(getattr(cast, name), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in
