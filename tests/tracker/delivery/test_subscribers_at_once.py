"""Several workers and writers at once, on PostgreSQL: each event is told once, and in order."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from tests import relays
from tests.factories import Cast, make_cast, make_commitment
from tests.subscription_rows import NOW, make_subscription
from tests.tracker.actions.test_concurrency import at_once
from tracker.actions import events, telling
from tracker.actions.events import Entry
from tracker.choices import ChannelKind, DeliveryState
from tracker.delivery import subscribers
from tracker.event_kinds import EventKind
from tracker.models import Commitment, Delivery
from tracker.policies import SYSTEM

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
EVENTS, WORKERS = 40, 3


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_cast()


def note(item: Commitment, number: int) -> None:
    changes = {"title": ["", str(number)]}
    events.record(Entry(kind=EventKind.COMMITMENT_REVISED, commitment=item, changes=changes), by=SYSTEM)


def someone_waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])


def test_workers_while_others_write_send_each_once_and_in_order(cast: Cast) -> None:
    items = [make_commitment(department=cast.science) for _ in range(4)]
    written = threading.Event()
    with relays.endpoint(ChannelKind.WEBHOOK) as platform:
        row = make_subscription(cast, platform.url)

        def write() -> None:
            try:
                for number in range(EVENTS):
                    note(items[number % 4], number)
            finally:
                written.set()

        def work() -> None:
            while not written.is_set():
                subscribers.tell(row, now=NOW)

        assert at_once(write, *[work] * WORKERS) == [None] * (1 + WORKERS)
        subscribers.tell(row, now=NOW + timedelta(hours=1))
        told = [received.json for received in platform.received]
    numbers = {item.code: [] for item in items}  # type: dict[str, list[int]]
    for one in told:
        numbers[one["commitment"]["code"]].append(int(one["change"]["fields"]["title"]["after"]))
    assert list(numbers.values()) == [list(range(first, EVENTS, 4)) for first in range(4)]
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.SENT}


def test_of_two_workers_that_saw_the_same_row_the_second_gets_nothing(cast: Cast) -> None:
    row = make_subscription(cast)
    note(make_commitment(department=cast.science), 1)
    telling.plan(row, now=NOW)
    found: list[list[Delivery]] = []

    def second() -> None:
        found.append(telling.claim(row, 20, now=NOW)[1])
        connection.close()

    other = threading.Thread(target=second)
    with transaction.atomic():
        _token, [held] = telling.claim(row, 20, now=NOW)
        other.start()  # it sees the row waiting, for nothing is committed yet
        assert relays.wait_for(someone_waits_for_a_lock)
    other.join(10)
    assert found == [[]]
    assert telling.begin(held, now=NOW)
