"""Workers that share the outbox, die, sleep or come late: nothing is lost, nothing is undone."""

import pytest
from django.core import mail
from django.test import override_settings

from tests.factories import Cast, make_cast
from tests.reminder_rows import make_channel
from tests.tracker.delivery.letterbox import DAY, MINUTE, NOW, Moody, compose, owe
from tracker.actions import messages
from tracker.choices import MessageState
from tracker.delivery import outbox
from tracker.delivery.outbox import Delivered
from tracker.models import Channel, Message
from tracker.queries import messages as queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    """The people, and e-mail switched on."""
    make_channel()
    return make_cast()


def test_the_limit_counts_messages_and_a_batch_goes_to_one_worker_only(cast: Cast) -> None:
    owe(cast.lin)
    owe(cast.zhou)
    compose()
    channel = Channel.objects.get()
    first, second = (messages.claim(channel, 1, now=NOW) for _ in range(2))
    assert len(first) == len(second) == 1
    assert first != second
    assert messages.claim(channel, 1, now=NOW) == []
    Message.objects.update(state=MessageState.WAITING, claimed_at=None)
    assert outbox.deliver(1, now=NOW) == Delivered(sent=1)
    assert outbox.deliver(1, now=NOW) == Delivered(sent=1)


@override_settings(REMINDER_CLAIM_SECONDS=300)
def test_a_crash_before_sending_sends_it_once_later_and_the_dead_worker_may_not_begin(cast: Cast) -> None:
    owe(cast.lin)
    compose()
    messages.claim(Channel.objects.get(), 10, now=NOW)  # and the worker dies, or sleeps
    assert outbox.deliver(100, now=NOW + MINUTE) == Delivered()
    assert outbox.deliver(100, now=NOW + 6 * MINUTE) == Delivered(sent=1)
    assert not messages.begin(Message.objects.get(), claimed_at=NOW, now=NOW + 7 * MINUTE)
    assert len(mail.outbox) == 1


@override_settings(REMINDER_CLAIM_SECONDS=300)
def test_a_crash_between_sending_and_recording_repeats_it_once_with_the_same_message_id(cast: Cast) -> None:
    owe(cast.lin)
    outbox.deliver(100, now=NOW)
    Message.objects.update(state=MessageState.SENDING, sent_at=None, claimed_at=NOW)  # the worker died before recording
    assert outbox.deliver(100, now=NOW + 6 * MINUTE) == Delivered(sent=1)
    first, second = (message.extra_headers["Message-ID"] for message in mail.outbox)
    assert first == second
    assert outbox.deliver(100, now=NOW + DAY) == Delivered()


def test_a_message_that_kills_its_workers_is_given_up(cast: Cast) -> None:
    owe(cast.lin)
    compose()
    channel = Channel.objects.get()
    Message.objects.update(state=MessageState.SENDING, attempts=queries.MOST_ATTEMPTS, claimed_at=NOW - DAY)
    assert messages.claim(channel, 10, now=NOW) == []
    row = Message.objects.get()
    assert row.state == MessageState.FAILED
    assert row.error


def test_what_a_slow_worker_records_late_undoes_nothing(cast: Cast) -> None:
    owe(cast.lin)
    outbox.deliver(100, now=NOW)
    row = Message.objects.get()
    messages.record_failed(row, error="too late", now=NOW)
    messages.record_unreachable(row.channel, [row.pk], error="too late", now=NOW)
    row.refresh_from_db()
    assert (row.state, row.error) == (MessageState.SENT, "")


@pytest.mark.django_db(transaction=True)
def test_nothing_is_sent_inside_a_transaction(moody: type[Moody]) -> None:
    make_channel()
    cast = make_cast()
    owe(cast.lin)
    assert outbox.deliver(100, now=NOW) == Delivered(sent=1)
    assert moody.in_transaction == [False]
