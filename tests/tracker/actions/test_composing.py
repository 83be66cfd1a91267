"""The day's messages: one a person and channel, whoever is away is stood in for, nothing is told twice or lost."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.factories import Cast, make_cast, make_commitment, make_department, make_user
from tests.reminder_rows import make_channel, make_reminder
from tracker.actions import messages
from tracker.choices import ChannelKind, MessageState, Role
from tracker.models import Channel, Message, MessageLine, Preference, Reminder, SiteSettings, User
from tracker.queries import messages as queries

pytestmark = pytest.mark.django_db

TUESDAY, WEDNESDAY, SATURDAY = date(2026, 6, 9), date(2026, 6, 10), date(2026, 6, 13)
EIGHT = datetime(2026, 6, 9, 0, tzinfo=UTC)  # 08:00 in Shanghai


@pytest.fixture
def cast() -> Cast:
    make_channel()
    return make_cast()


def remind(cast: Cast, *people: User, day: date = TUESDAY) -> list[Reminder]:
    item = make_commitment(department=cast.science)
    return [make_reminder(item, person, planned_on=day) for person in people]


def told() -> set[tuple[str, str, date, int]]:
    """Who gets a message by which channel on which day, with how many lines."""
    return {
        (row.recipient.username, row.channel.code, row.day, row.lines.count())
        for row in Message.objects.select_related("recipient", "channel").exclude(state=MessageState.MERGED)
    }


def states() -> list[str]:
    return list(Reminder.objects.order_by("pk").values_list("state", flat=True))


def test_each_person_gets_one_message_a_channel_with_a_line_for_each_reminder(cast: Cast) -> None:
    make_channel("hook", kind=ChannelKind.WEBHOOK)
    for _ in range(3):
        remind(cast, cast.lin, cast.zhou)
    assert messages.compose(today=TUESDAY, now=EIGHT) == 4
    assert told() == {(name, way, TUESDAY, 3) for name in ("lin", "zhou") for way in ("email", "hook")}
    assert set(Message.objects.values_list("state", "not_before")) == {("waiting", EIGHT)}


def test_the_second_time_nothing_is_written(cast: Cast) -> None:
    remind(cast, cast.lin)
    messages.compose(today=TUESDAY, now=EIGHT)
    before = list(Message.objects.values()), list(MessageLine.objects.values())
    assert messages.compose(today=TUESDAY, now=EIGHT) == 0
    assert (list(Message.objects.values()), list(MessageLine.objects.values())) == before


@pytest.mark.parametrize("day_off", [SATURDAY, date(2026, 6, 19), date(2026, 10, 1)])
def test_on_a_day_off_nothing_is_made(cast: Cast, day_off: date) -> None:
    remind(cast, cast.lin)
    assert messages.compose(today=day_off, now=EIGHT) == 0


def test_what_is_planned_for_later_waits(cast: Cast) -> None:
    remind(cast, cast.lin, day=WEDNESDAY)
    assert messages.compose(today=TUESDAY, now=EIGHT) == 0
    assert messages.compose(today=WEDNESDAY, now=EIGHT) == 1


def test_what_comes_before_the_message_went_out_goes_with_it_and_what_comes_after_with_the_next(cast: Cast) -> None:
    remind(cast, cast.lin)
    messages.compose(today=TUESDAY, now=EIGHT)
    remind(cast, cast.lin)
    assert messages.compose(today=TUESDAY, now=EIGHT) == 0
    assert told() == {("lin", "email", TUESDAY, 2)}
    Message.objects.update(state=MessageState.SENT)
    Reminder.objects.update(state="sent")
    remind(cast, cast.lin)
    assert messages.compose(today=TUESDAY, now=EIGHT) == 0
    assert told() == {("lin", "email", TUESDAY, 2)}
    assert messages.compose(today=WEDNESDAY, now=EIGHT) == 1
    assert told() == {("lin", "email", TUESDAY, 2), ("lin", "email", WEDNESDAY, 1)}


@pytest.mark.parametrize("state", [MessageState.WAITING, MessageState.FAILED])
def test_a_message_that_did_not_go_out_goes_out_with_the_next_days(cast: Cast, state: MessageState) -> None:
    remind(cast, cast.lin)
    messages.compose(today=TUESDAY, now=EIGHT)
    Message.objects.update(state=state)
    remind(cast, cast.lin, day=WEDNESDAY)
    assert messages.compose(today=WEDNESDAY, now=EIGHT) == 1
    assert told() == {("lin", "email", WEDNESDAY, 2)}
    assert Message.objects.get(day=TUESDAY).state == MessageState.MERGED


def test_a_failed_message_is_tried_on_the_next_days_though_nothing_is_new_and_then_stays_failed(cast: Cast) -> None:
    remind(cast, cast.lin)
    messages.compose(today=TUESDAY, now=EIGHT)
    Message.objects.update(state=MessageState.FAILED)
    assert messages.compose(today=WEDNESDAY, now=EIGHT) == 1
    Message.objects.filter(day=WEDNESDAY).update(state=MessageState.FAILED)
    later = WEDNESDAY + timedelta(days=queries.CARRIED_DAYS + 5)
    assert messages.compose(today=later, now=EIGHT) == 0
    assert Message.objects.get(day=WEDNESDAY).state == MessageState.FAILED


def test_who_is_reached_by_no_channel_is_told_by_the_inbox_alone(cast: Cast) -> None:
    User.objects.filter(pk=cast.lin.pk).update(email="")
    remind(cast, cast.lin, cast.zhou)
    assert messages.compose(today=TUESDAY, now=EIGHT) == 1
    assert states() == ["sent", "planned"]
    assert not MessageLine.objects.filter(reminder__recipient=cast.lin).exists()


def test_a_channel_that_is_off_or_another_departments_reaches_nobody(cast: Cast) -> None:
    Channel.objects.filter(code="email").update(is_active=False)
    robot = make_channel("robot", kind=ChannelKind.WEBHOOK)
    Channel.objects.filter(pk=robot.pk).update(department=cast.health_bureau)
    remind(cast, cast.lin, cast.zhou)
    assert messages.compose(today=TUESDAY, now=EIGHT) == 1
    assert told() == {("zhou", "robot", TUESDAY, 1)}


def test_a_person_chooses_channels_and_the_hour_within_the_sites_hours(cast: Cast) -> None:
    hook = make_channel("hook", kind=ChannelKind.WEBHOOK, is_default=False)
    SiteSettings.objects.update_or_create(pk=1, defaults={"quiet_from": 18})
    for person, hour in ((cast.lin, 10), (cast.zhou, 22)):
        Preference.objects.create(user=person, chooses_channels=True, hour=hour).channels.set([hook])
    remind(cast, cast.lin, cast.zhou, cast.chen)
    messages.compose(today=TUESDAY, now=EIGHT)
    assert {(name, way) for name, way, _, _ in told()} == {("lin", "hook"), ("zhou", "hook"), ("chen", "email")}
    hours = {row.recipient.username: row.not_before.hour + 8 for row in Message.objects.select_related("recipient")}
    assert hours == {"lin": 10, "zhou": 17, "chen": 8}


def test_while_somebody_is_away_the_deputy_gets_it_in_the_one_message(cast: Cast) -> None:
    deputy = make_user("deputy", department=cast.science)
    Preference.objects.create(
        user=cast.lin, paused_from=TUESDAY, paused_until=TUESDAY, deputy=deputy, chooses_channels=True
    )
    remind(cast, cast.lin, deputy)
    assert messages.compose(today=TUESDAY, now=EIGHT) == 1
    assert told() == {("deputy", "email", TUESDAY, 2)}
    remind(cast, cast.zhou, day=WEDNESDAY)
    messages.compose(today=WEDNESDAY, now=EIGHT)
    assert ("zhou", "email", WEDNESDAY, 1) in told()


def test_a_deputy_who_has_left_gets_nothing(cast: Cast) -> None:
    deputy = make_user("deputy", department=cast.science)
    Preference.objects.create(user=cast.lin, paused_from=TUESDAY, paused_until=TUESDAY, deputy=deputy)
    User.objects.filter(pk=deputy.pk).update(is_active=False)
    remind(cast, cast.lin)
    messages.compose(today=TUESDAY, now=EIGHT)
    assert told() == {("lin", "email", TUESDAY, 1)}


def test_a_message_that_a_worker_has_taken_gets_no_more_lines(cast: Cast) -> None:
    remind(cast, cast.lin)
    messages.compose(today=TUESDAY, now=EIGHT)
    channel = Channel.objects.get(code="email")
    assert len(messages.claim(channel, 10, now=EIGHT)) == 1
    remind(cast, cast.lin)
    messages.compose(today=TUESDAY, now=EIGHT)
    assert told() == {("lin", "email", TUESDAY, 1)}


def test_composing_asks_as_much_for_30_people_as_for_3(cast: Cast, django_assert_max_num_queries) -> None:
    for number in range(30):
        remind(cast, make_user(f"u{number}", role=Role.OFFICER, department=make_department("kjj")))
    # savepoint and release, a look, moved days, settings, the channels' and the messages' locks, five statements
    with django_assert_max_num_queries(15):
        assert messages.compose(today=TUESDAY, now=EIGHT) == 30


def test_what_only_a_channel_that_is_off_by_now_would_carry_the_inbox_has_told(cast: Cast) -> None:
    remind(cast, cast.lin)
    messages.compose(today=TUESDAY, now=EIGHT)
    Channel.objects.update(is_active=False)
    remind(cast, cast.lin)
    messages.compose(today=TUESDAY, now=EIGHT)
    assert states() == ["sent", "sent"]
