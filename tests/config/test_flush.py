"""Transactional tests on the append-only log: a flush passes the triggers and leaves the guarded tables usable."""

import pytest
from django.db import DatabaseError, connection, transaction

from projects.models import SyncClock
from tests.conftest import LAID, rows_of_the_migrations
from tracker.event_kinds import EventKind
from tracker.models import Channel, Event, EventChain


def add_event() -> None:
    Event.objects.create(seq=1, at="2026-01-01T00:00:00Z", kind=EventKind.values[0], previous_hash="0", hash="1")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", ["first", "second"])
def test_each_transactional_test_starts_from_an_empty_guarded_log(turn: str) -> None:
    assert rows_of_the_migrations() == LAID[-1], (
        "what every site has from its migrations: clock, chain, settings, channel"
    )
    assert Event.objects.count() == 0
    assert (SyncClock.objects.get().rev, EventChain.objects.get().length) == (0, 0)
    add_event()
    SyncClock.objects.update(rev=7)
    Channel.objects.all().delete()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Event.objects.update(reason="changed")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Event.objects.all()._raw_delete(connection.alias)
