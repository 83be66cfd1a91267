"""What the tests of importing share."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import translation

from tests.factories import make_cast, make_plan
from tracker.policies import actor_of


@pytest.fixture
def in_english(settings):
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield
    cache.clear()


@pytest.fixture
def scene():
    cast = make_cast()
    return cast, make_plan("P1"), actor_of(cast.chen)


@pytest.fixture
def chen(scene):
    client = Client(headers={"accept-language": "en"})
    client.force_login(scene[0].chen, backend="django.contrib.auth.backends.ModelBackend")
    return client
