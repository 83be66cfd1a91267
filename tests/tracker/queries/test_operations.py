"""The day's work: when a sweep counts as missed, when delivery counts as stuck, whom only the inbox reaches."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from tests.factories import make_cast, make_department, make_user
from tests.reminder_rows import make_channel
from tracker.choices import ChannelKind, MessageState
from tracker.models import Channel, DayOverride, Message, Preference, SweepRun, User
from tracker.queries import operations

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 11, 23)


def at(hour: int, minute: int = 0, *, day: date = MONDAY) -> datetime:
    """Shanghai's wall clock."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


def swept(started_at: datetime, *, ended: bool = True) -> SweepRun:
    day = (started_at + timedelta(hours=8)).date()
    return SweepRun.objects.create(day=day, started_at=started_at, finished_at=started_at if ended else None)


def message(person: User, *, due: datetime, made: datetime | None = None, **facts: object) -> Message:
    with time_machine.travel(made or due, tick=False):
        return Message.objects.create(
            recipient=person, channel=Channel.objects.get(code="email"), day=MONDAY, not_before=due, **facts
        )


@pytest.mark.parametrize(
    ("runs", "now", "told"),
    [
        ([], at(10), "due"),  # a fresh installation: nobody has missed anything
        ([], at(3), "due"),
        ([(at(9, 58), False)], at(10), "due"),  # its first sweep is at work
        ([(at(9), False)], at(10), "missed"),  # … or broke off an hour ago
        ([(at(7, 30, day=date(2026, 11, 22)), True)], at(3), "due"),
        ([(at(7, 30, day=date(2026, 11, 22)), True)], at(8, 29), "due"),
        ([(at(7, 30, day=date(2026, 11, 22)), True)], at(8, 30), "missed"),
        ([(at(7, 30, day=date(2026, 11, 22)), True), (at(9, 58), False)], at(10), "missed"),
        ([(at(7, 30), True)], at(10), "done"),
        ([(at(2), True)], at(10), "done"),  # `make demo` at night
        ([(at(7, 30), True), (at(9), False)], at(10), "done"),
    ],
)
def test_a_sweep_is_missed_when_none_has_ended_by_half_past_eight(runs, now, told) -> None:
    for started_at, ended in runs:
        swept(started_at, ended=ended)
    assert operations.work(now=now).sweep == told


def test_messages_are_stuck_when_one_could_have_gone_out_half_an_hour_ago() -> None:
    person = make_cast().lin
    make_channel()
    message(person, due=at(8), made=at(7, 30))
    assert operations.work(now=at(8, 30)).delivery == "ok"
    found = operations.work(now=at(8, 31))
    assert (found.delivery, found.queue.waiting, found.queue.due) == ("stuck", 1, 1)
    assert found.waited(now=at(8, 31)) == timedelta(minutes=31)


def test_what_a_worker_holds_for_ever_is_stuck_too() -> None:
    message(make_cast().lin, due=at(8), state=MessageState.SENDING, claimed_at=at(9))
    make_channel()
    found = operations.work(now=at(9, 1))
    assert (found.delivery, found.queue.under_way, found.queue.due) == ("stuck", 1, 0)


@pytest.mark.parametrize(
    ("due", "made", "now"),
    [
        (at(8), at(14), at(14, 20)),  # made in the afternoon, due since the morning on paper only
        (at(15, day=date(2026, 11, 20)), at(15, day=date(2026, 11, 20)), at(8, 20)),  # it waited over a weekend
        (at(8), at(8), at(21)),  # nothing is sent at night
        (at(16), at(8), at(15)),  # somebody wants it at 16:00
    ],
)
def test_nothing_is_stuck_that_could_not_have_gone_out(due, made, now) -> None:
    message(make_cast().lin, due=due, made=made)
    make_channel()
    assert operations.work(now=now).delivery == "ok"


def test_nothing_is_stuck_on_a_day_off() -> None:
    message(make_cast().lin, due=at(8))
    make_channel()
    DayOverride.objects.create(day=MONDAY, is_working=False, name="放假", notice="国办发明电")
    assert operations.work(now=at(12)).delivery == "ok"


def test_what_a_channel_holds_that_is_switched_off_is_not_waited_for() -> None:
    message(make_cast().lin, due=at(8))
    assert operations.work(now=at(12)).queue == operations.Queue()


def test_failures_of_the_last_days_stand_with_their_channel() -> None:
    cast = make_cast()
    channel = make_channel()
    for person, error in ((cast.lin, "550"), (cast.zhou, "551 no such user")):
        message(person, due=at(8), state=MessageState.FAILED, error=error)
    Message.objects.create(
        recipient=cast.wu, channel=channel, day=date(2026, 11, 16), not_before=at(8), state=MessageState.FAILED
    )
    (found,) = operations.everything(now=at(12)).channels
    assert (found.failed, found.error) == (2, "551 no such user")


def test_who_is_reached_by_no_channel_is_told_by_the_inbox_alone() -> None:
    cast = make_cast()
    everybody = set(User.objects.filter(is_active=True))
    assert set(operations.inbox_only()) == everybody, "no channel is on"

    make_channel()
    User.objects.filter(pk=cast.lin.pk).update(email="")
    assert set(operations.inbox_only()) == {cast.lin}, "no address"

    robot = Channel.objects.create(
        code="robot", name="机器人", kind=ChannelKind.FEISHU, department=cast.science, is_active=True, is_default=True
    )
    assert set(operations.inbox_only()) == set(), "the robot of his own department"

    Preference.objects.create(user=cast.lin, chooses_channels=True)
    stranger = make_user("tang", department=make_department("tj"))
    Preference.objects.create(user=stranger, chooses_channels=True).channels.add(robot)
    assert set(operations.inbox_only()) == {cast.lin, stranger}, "none chosen; one of another department"

    stranger.is_active = False
    stranger.save()
    assert set(operations.inbox_only()) == {cast.lin}
