"""The sign-in page: what it says before anybody is known."""

import pytest
from django.core.cache import cache
from django.test import Client

from tests import factories
from tracker.models import User

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("is_demo", [True, False])
def test_the_demonstrations_banner_stands_on_the_sign_in_page_too(client: Client, is_demo: bool) -> None:
    cache.clear()
    person = factories.make_cast().lin
    User.objects.filter(pk=person.pk).update(is_demo=is_demo)
    page = client.get("/accounts/login/").content.decode()
    assert ('class="demo" role="note"' in page) is is_demo
