import pytest
from django.core.cache import cache

from tests.factories import Cast
from tests.tracker.web.pages import make_world


@pytest.fixture(autouse=True)
def empty_cache():
    """The kept bodies of another test are not this one's: revisions begin anew with each."""
    cache.clear()


@pytest.fixture
def world(db: None) -> Cast:
    return make_world()
