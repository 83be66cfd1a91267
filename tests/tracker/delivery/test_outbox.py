"""The outbox from settling to sending: one message a person, channel and day; no crash, refusal or outage loses one."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail

from projects.errors import DomainError
from tests.factories import Cast, make_cast
from tests.reminder_rows import make_channel
from tests.tracker.delivery.letterbox import DAY, MINUTE, NOW, TUESDAY, WEDNESDAY, Moody, compose, owe
from tracker.actions import messages
from tracker.choices import ChannelKind, MessageState, ReminderState, Stage
from tracker.delivery import outbox
from tracker.delivery.outbox import Delivered
from tracker.models import Channel, Commitment, Message, MessageLine, Preference, Reminder, SiteSettings, User
from tracker.queries import messages as queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    """The people, and e-mail switched on."""
    make_channel()
    return make_cast()


def states() -> list[tuple[str, date, str, int]]:
    rows = Message.objects.order_by("day", "recipient__username", "channel")
    return list(rows.values_list("recipient__username", "day", "state", "line_count"))


def reminder_states() -> set[str]:
    return set(Reminder.objects.values_list("state", flat=True))


def letters() -> list[str]:
    return sorted(message.to[0].partition("@")[0] for message in mail.outbox)


# --- One message a person, channel and day


def test_one_person_gets_one_message_with_a_line_for_each_matter(cast: Cast) -> None:
    owe(cast.lin, count=3)
    owe(cast.zhou)
    assert outbox.deliver(100, now=NOW) == Delivered(sent=2)
    assert letters() == ["lin", "zhou"]
    assert states() == [("lin", TUESDAY, "sent", 3), ("zhou", TUESDAY, "sent", 1)]
    assert reminder_states() == {"sent"}
    assert MessageLine.objects.count() == 4
    assert outbox.deliver(100, now=NOW + MINUTE) == Delivered()


def test_each_channel_gets_a_message_of_its_own_and_who_chose_one_gets_that_one(cast: Cast) -> None:
    hook = make_channel("relay", kind=ChannelKind.WEBHOOK)
    chosen = Preference.objects.create(user=cast.zhou, chooses_channels=True)
    chosen.channels.add(hook)
    owe(cast.lin)
    owe(cast.zhou)
    assert compose() == 3
    assert set(Message.objects.values_list("recipient__username", "channel__code")) == {
        ("lin", "email"), ("lin", "relay"), ("zhou", "relay"),
    }  # fmt: skip
    assert compose() == 0


def test_a_channel_that_is_off_not_for_everybody_or_without_an_address_reaches_nobody(cast: Cast) -> None:
    make_channel("off", kind=ChannelKind.WEBHOOK)
    Channel.objects.filter(code="off").update(is_active=False)
    make_channel("on-request", kind=ChannelKind.WEBHOOK, is_default=False)
    robot = Channel(code="robot", name="群", kind=ChannelKind.WECOM, department=cast.health_bureau)
    robot.is_active = robot.is_default = True
    robot.save()
    User.objects.filter(pk=cast.lin.pk).update(email="")
    owe(cast.lin)
    assert compose() == 0
    row = Reminder.objects.get()
    assert (row.state, row.sent_at) == (ReminderState.SENT, NOW), "the inbox has told them"


def test_what_the_office_sends_before_the_message_goes_joins_it_and_later_waits_for_the_next(cast: Cast) -> None:
    owe(cast.lin)
    assert compose() == 1
    owe(cast.lin)
    assert compose() == 0
    assert outbox.deliver(100, now=NOW) == Delivered(sent=1)
    owe(cast.lin)
    assert outbox.deliver(100, now=NOW + MINUTE) == Delivered()
    assert reminder_states() == {"sent", "planned"}
    assert outbox.deliver(100, now=NOW + DAY) == Delivered(sent=1)
    assert states() == [("lin", TUESDAY, "sent", 2), ("lin", WEDNESDAY, "sent", 1)]


def test_beyond_the_cap_the_message_says_how_many_stand_in_the_inbox_and_all_count_as_told(cast: Cast) -> None:
    SiteSettings.objects.update_or_create(pk=SiteSettings.SETTINGS_ID, defaults={"digest_lines": 5})
    owe(cast.lin, count=7)
    assert outbox.deliver(100, now=NOW) == Delivered(sent=1)
    shown = [item for item in Commitment.objects.all() if item.title in str(mail.outbox[0].body)]
    assert len(shown) == 5
    assert states() == [("lin", TUESDAY, "sent", 7)]
    assert outbox.deliver(100, now=NOW + DAY) == Delivered()


def test_while_somebody_is_away_the_deputy_is_told(cast: Cast) -> None:
    away = {"paused_from": TUESDAY, "paused_until": TUESDAY, "deputy": cast.zhou}
    Preference.objects.create(user=cast.lin, **away)
    owe(cast.lin, count=2)
    outbox.deliver(100, now=NOW)
    assert states() == [("zhou", TUESDAY, "sent", 2)]
    owe(cast.lin, planned_on=WEDNESDAY)
    outbox.deliver(100, now=NOW + DAY)
    assert letters() == ["lin", "zhou"]


# --- When


@pytest.mark.parametrize(
    ("at", "sent"),
    [
        (datetime(2026, 6, 8, 23, 59, tzinfo=UTC), 0),  # 07:59
        (datetime(2026, 6, 9, 0, 0, tzinfo=UTC), 1),  # 08:00
        (datetime(2026, 6, 9, 11, 59, tzinfo=UTC), 1),  # 19:59
        (datetime(2026, 6, 9, 12, 0, tzinfo=UTC), 0),  # 20:00
        (datetime(2026, 6, 13, 1, 0, tzinfo=UTC), 0),  # a Saturday
        (datetime(2026, 6, 19, 1, 0, tzinfo=UTC), 0),  # the Dragon Boat Festival
        (datetime(2026, 2, 14, 1, 0, tzinfo=UTC), 1),  # a Saturday that is worked
    ],
)
def test_nothing_goes_out_in_the_quiet_hours_or_on_a_day_off(cast: Cast, at: datetime, sent: int) -> None:
    owe(cast.lin, planned_on=date(2026, 2, 14))
    assert outbox.deliver(100, now=at) == Delivered(sent=sent)


def test_a_personal_hour_is_waited_for_and_an_hour_in_the_quiet_ones_becomes_the_nearest(cast: Cast) -> None:
    Preference.objects.create(user=cast.lin, hour=14)
    Preference.objects.create(user=cast.zhou, hour=23)
    owe(cast.lin)
    owe(cast.zhou)
    assert outbox.deliver(100, now=NOW) == Delivered()
    assert outbox.deliver(100, now=datetime(2026, 6, 9, 6, tzinfo=UTC)) == Delivered(sent=1)
    assert outbox.deliver(100, now=datetime(2026, 6, 9, 10, 59, tzinfo=UTC)) == Delivered()
    assert outbox.deliver(100, now=datetime(2026, 6, 9, 11, tzinfo=UTC)) == Delivered(sent=1)
    assert letters() == ["lin", "zhou"]


# --- What did not go out


def test_a_message_that_did_not_go_out_goes_out_with_the_next_working_days(cast: Cast) -> None:
    friday, monday = date(2026, 6, 12), date(2026, 6, 15)
    owe(cast.lin, planned_on=friday)
    compose(friday)
    assert compose(friday + DAY) == 0
    owe(cast.lin, planned_on=monday)
    assert outbox.deliver(100, now=datetime(2026, 6, 15, 1, tzinfo=UTC)) == Delivered(sent=1)
    assert states() == [("lin", friday, "merged", 0), ("lin", monday, "sent", 2)]
    assert reminder_states() == {"sent"}


def test_an_outage_of_two_weeks_still_ends_in_one_message(cast: Cast) -> None:
    owe(cast.lin)
    compose()
    later = TUESDAY + 14 * DAY
    owe(cast.lin, planned_on=later)
    assert outbox.deliver(100, now=NOW + 14 * DAY) == Delivered(sent=1)
    assert states() == [("lin", TUESDAY, "merged", 0), ("lin", later, "sent", 2)]


def test_what_fails_for_good_is_tried_with_the_next_days_for_a_week_and_then_stays_failed(cast: Cast) -> None:
    owe(cast.lin)
    compose()
    Message.objects.update(state=MessageState.FAILED, attempts=5)
    days = [TUESDAY + ahead * DAY for ahead in range(1, 15)]
    for day in days:
        compose(day)
        Message.objects.filter(day=day).update(state=MessageState.FAILED, attempts=5)
    assert Message.objects.latest("day").day <= TUESDAY + queries.CARRIED_DAYS * DAY
    assert MessageLine.objects.get().message.state == MessageState.FAILED


def test_a_claim_that_a_worker_left_overnight_is_merged_but_one_that_it_began_keeps_its_key(cast: Cast) -> None:
    owe(cast.lin)
    owe(cast.zhou)
    compose()
    channel, evening = Channel.objects.get(), datetime(2026, 6, 9, 11, 59, tzinfo=UTC)
    messages.claim(channel, 10, now=evening)
    begun = Message.objects.get(recipient=cast.zhou)
    assert messages.begin(begun, claimed_at=evening, now=evening)
    assert outbox.deliver(100, now=NOW + DAY) == Delivered(sent=2)
    assert states() == [
        ("lin", TUESDAY, "merged", 0), ("zhou", TUESDAY, "sent", 1), ("lin", WEDNESDAY, "sent", 1),
    ]  # fmt: skip
    assert not messages.begin(Message.objects.get(state="merged"), claimed_at=evening, now=NOW + DAY)


def test_what_was_settled_after_composing_is_not_sent_and_a_message_without_a_line_is_empty(cast: Cast) -> None:
    (first, *_), (other,) = owe(cast.lin, count=2), owe(cast.zhou)
    compose()
    Commitment.objects.filter(pk__in=[first.commitment_id, other.commitment_id]).update(stage=Stage.REPORTED_DONE)
    assert outbox.deliver(100, now=NOW) == Delivered(sent=1)
    assert states() == [("lin", TUESDAY, "sent", 1), ("zhou", TUESDAY, "empty", 0)]
    first.refresh_from_db()
    assert (first.state, first.sent_at) == (ReminderState.CANCELLED, None)
    assert not MessageLine.objects.filter(reminder=first).exists()


# --- Trouble


def test_a_person_who_is_not_taken_now_is_tried_later_and_does_not_stop_the_others(
    cast: Cast, moody: type[Moody]
) -> None:
    owe(cast.lin)
    owe(cast.zhou)
    moody.refused = {"lin@example.invalid"}
    assert outbox.deliver(100, now=NOW) == Delivered(sent=1, failed=1)
    failed = Message.objects.get(recipient=cast.lin)
    assert (failed.state, failed.attempts) == (MessageState.WAITING, 1)
    assert "mailbox busy" in failed.error
    assert "mailbox busy" in Channel.objects.get().last_error
    assert Channel.objects.get().retry_at is None
    moody.refused = set()
    assert outbox.deliver(100, now=NOW + MINUTE / 2) == Delivered()
    assert outbox.deliver(100, now=NOW + 2 * MINUTE) == Delivered(sent=1)
    assert moody.sent == ["zhou@example.invalid", "lin@example.invalid"]
    assert set(Message.objects.values_list("error", flat=True)) == {""}


def test_after_the_last_try_a_message_has_failed_and_an_administrator_may_try_it_again(
    cast: Cast, moody: type[Moody]
) -> None:
    owe(cast.lin)
    moody.refused = {"lin@example.invalid"}
    at = NOW
    for pause in (*queries.RETRY_AFTER, MINUTE):
        assert outbox.deliver(100, now=at) == Delivered(failed=1)
        at += pause + timedelta(seconds=30)
    row = Message.objects.get()
    assert (row.state, row.attempts) == (MessageState.FAILED, queries.MOST_ATTEMPTS)
    with pytest.raises(DomainError) as refusal:
        messages.retry_failed(row.channel, by=cast.actor("lin"), now=at, since=TUESDAY)
    assert refusal.value.code == "not_allowed"
    moody.refused = set()
    assert messages.retry_failed(row.channel, by=cast.actor("gu"), now=at, since=TUESDAY) == 1
    assert outbox.deliver(100, now=at + MINUTE) == Delivered(sent=1)


def test_while_the_server_is_away_the_channel_rests_longer_and_longer_and_no_try_is_used_up(
    cast: Cast, moody: type[Moody]
) -> None:
    owe(cast.lin)
    moody.away = True
    at, pauses = NOW, []
    for _ in range(len(queries.CHANNEL_PAUSES) + 1):
        assert outbox.deliver(100, now=at) == Delivered()
        row = Channel.objects.get()
        assert row.retry_at is not None
        pauses.append(round((row.retry_at - at).total_seconds() / 60))
        assert queries.open_channels(now=row.retry_at - MINUTE / 2) == []
        at = row.retry_at + timedelta(seconds=1)
    assert pauses == [1, 2, 5, 15, 30, 60, 60]
    assert (Message.objects.get().state, Message.objects.get().attempts) == (MessageState.WAITING, 0)
    moody.away = False
    assert outbox.deliver(100, now=at) == Delivered(sent=1)
    row = Channel.objects.get()
    assert (row.failures, row.retry_at) == (0, None)


def test_a_channel_that_rests_keeps_no_other_waiting(cast: Cast) -> None:
    email, relay = Channel.objects.get(), make_channel("relay", kind=ChannelKind.WEBHOOK)
    owe(cast.lin)
    compose()
    messages.record_unreachable(email, messages.claim(email, 10, now=NOW), error="away", now=NOW)
    assert queries.open_channels(now=NOW) == [relay]
    assert len(messages.claim(relay, 10, now=NOW)) == 1


def test_a_connection_that_breaks_pauses_the_channel_and_gives_back_what_was_not_begun(
    cast: Cast, moody: type[Moody]
) -> None:
    owe(cast.lin)
    owe(cast.zhou)
    compose()
    rows = Message.objects.order_by("pk")
    moody.broken = {rows[0].recipient.email}
    assert outbox.deliver(100, now=NOW) == Delivered()
    assert list(rows.values_list("state", "attempts")) == [("waiting", 1), ("waiting", 0)]
    moody.broken = set()
    assert outbox.deliver(100, now=NOW + 2 * MINUTE) == Delivered(sent=2)
