"""The people and the mail server of the outbox's tests."""

from collections.abc import Iterator

import pytest
from django.test import override_settings

from tests.factories import Cast, make_cast
from tests.reminder_rows import make_channel
from tests.tracker.delivery.letterbox import BACKEND, Moody


@pytest.fixture
def moody() -> Iterator[type[Moody]]:
    Moody.away, Moody.broken, Moody.refused, Moody.sent, Moody.in_transaction = False, set(), set(), [], []
    with override_settings(EMAIL_BACKEND=BACKEND):
        yield Moody


@pytest.fixture
def cast() -> Cast:
    make_channel()
    return make_cast()
