"""What somebody has just said goes out at once, beside the message of the day: once a day, and never in quiet hours."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core import mail

from projects.errors import DomainError
from tests.factories import Cast, make_cast, make_commitment, make_user
from tests.reminder_rows import make_channel, make_reminder, make_rule
from tracker.actions import instructions, messages, reminder_rules, reminders, reminders_by_hand, slips, steps
from tracker.choices import Audience, MessageKind, MessageState, ReminderOccasion, ReminderState, Stage
from tracker.delivery import outbox
from tracker.delivery.outbox import Delivered
from tracker.models import Commitment, Message, MessageLine, Preference, Reminder, User
from tracker.policies import actor_of
from tracker.queries import inbox
from tracker.queries.by_hand import Later, Why
from tracker.rules.ladder import Rung

pytestmark = pytest.mark.django_db

TUESDAY, DAY = date(2026, 6, 9), timedelta(days=1)
SATURDAY, MONDAY = date(2026, 6, 13), date(2026, 6, 15)


def at(hour: int, day: date = TUESDAY, minute: int = 0) -> datetime:
    """This time of the day in Shanghai."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


@pytest.fixture
def cast() -> Cast:
    make_channel()
    return make_cast()


@pytest.fixture
def item(cast: Cast) -> Commitment:
    return make_commitment("C-1", department=cast.science, due_on=date(2026, 9, 1))


def by_hand(item: Commitment, cast: Cast, *, day: date = TUESDAY, said: str = "市长明早要听汇报。") -> list[Reminder]:
    return list(reminders_by_hand.written(item, reason=said, by=cast.actor("chen"), today=day))


def told() -> list[tuple[str, str, str]]:
    rows = Message.objects.order_by("recipient__username", "day", "kind")
    return list(rows.values_list("recipient__username", "kind", "state"))


# --- Beside the message of the day


def test_what_is_said_after_the_message_of_the_day_goes_out_at_once_in_its_words(cast: Cast, item: Commitment) -> None:
    make_reminder(make_commitment(department=cast.science), cast.lin, planned_on=TUESDAY)
    assert outbox.deliver(10, now=at(8)) == Delivered(sent=1)
    by_hand(item, cast)
    assert outbox.deliver(10, now=at(10)) == Delivered(sent=1)
    assert told() == [("lin", "digest", "sent"), ("lin", "prompt", "sent")]
    body = str(mail.outbox[1].body)
    assert "市长明早要听汇报。" in body
    assert body.count("http") == 2, "the matter and the inbox, nothing else"
    keys = {row.key for row in Message.objects.all()}
    assert len(keys) == 2, "another key, or a relay takes it for a repetition"
    assert len({letter.extra_headers["Message-ID"] for letter in mail.outbox}) == 2


def test_before_the_message_of_the_day_it_goes_with_it(cast: Cast, item: Commitment) -> None:
    make_reminder(make_commitment(department=cast.science), cast.lin, planned_on=TUESDAY)
    by_hand(item, cast)
    assert outbox.deliver(10, now=at(8)) == Delivered(sent=1)
    assert told() == [("lin", "digest", "sent")]
    assert MessageLine.objects.count() == 2


def test_whose_hour_is_later_is_told_at_once_all_the_same(cast: Cast, item: Commitment) -> None:
    Preference.objects.create(user=cast.lin, hour=16)
    make_reminder(make_commitment(department=cast.science), cast.lin, planned_on=TUESDAY)
    messages.compose(today=TUESDAY, now=at(9))
    by_hand(item, cast)
    assert outbox.deliver(10, now=at(10)) == Delivered(sent=1)
    assert told() == [("lin", "digest", "waiting"), ("lin", "prompt", "sent")]
    assert outbox.deliver(10, now=at(16)) == Delivered(sent=1)
    by_hand(make_commitment("C-2", department=cast.science), cast)
    assert outbox.deliver(10, now=at(17)) == Delivered()
    assert outbox.deliver(10, now=at(9, TUESDAY + DAY)) == Delivered(), "of yesterday: with the message of the day"
    assert outbox.deliver(10, now=at(16, TUESDAY + DAY)) == Delivered(sent=1)


def test_whose_hour_is_later_and_who_has_no_message_today_is_told_at_once_too(cast: Cast, item: Commitment) -> None:
    Preference.objects.create(user=cast.lin, hour=16)
    by_hand(item, cast)
    assert outbox.deliver(10, now=at(10)) == Delivered(sent=1)
    assert told() == [("lin", "prompt", "sent")]
    assert outbox.deliver(10, now=at(16)) == Delivered()


def test_at_once_is_once_a_day_and_the_rest_goes_with_the_next_message(cast: Cast, item: Commitment) -> None:
    other = make_commitment("C-2", department=cast.science)
    Preference.objects.create(user=cast.lin, hour=9)
    make_reminder(make_commitment(department=cast.science), cast.lin, planned_on=TUESDAY)
    outbox.deliver(10, now=at(9))
    by_hand(item, cast)
    outbox.deliver(10, now=at(10))
    late = by_hand(other, cast)
    found = reminders_by_hand.ways(late, today=TUESDAY, now=at(11))
    assert found.later == [Later(count=1, at=at(9, TUESDAY + DAY), why=Why.TOLD)]
    assert outbox.deliver(10, now=at(11, minute=5)) == Delivered()
    assert outbox.deliver(10, now=at(9, TUESDAY + DAY)) == Delivered(sent=1)
    assert told() == [("lin", "digest", "sent"), ("lin", "prompt", "sent"), ("lin", "digest", "sent")]


@pytest.mark.parametrize("hour", [7, 20, 23])
def test_nothing_goes_out_at_once_in_the_quiet_hours(hour: int, cast: Cast, item: Commitment) -> None:
    Message.objects.create(
        recipient=cast.lin, channel=make_channel(), day=TUESDAY, not_before=at(6), state=MessageState.SENT
    )
    by_hand(item, cast)
    messages.compose(today=TUESDAY, now=at(hour))
    assert not Message.objects.filter(kind=MessageKind.PROMPT).exists()
    assert outbox.deliver(10, now=at(8, TUESDAY + DAY)) == Delivered(sent=1)
    assert told()[-1] == ("lin", "digest", "sent")


def test_what_waits_at_once_when_the_day_ends_goes_with_the_next_message(cast: Cast, item: Commitment) -> None:
    Message.objects.create(
        recipient=cast.lin, channel=make_channel(), day=TUESDAY, not_before=at(8), state=MessageState.SENT
    )
    by_hand(item, cast)
    messages.compose(today=TUESDAY, now=at(19, minute=59))
    assert told()[-1] == ("lin", "prompt", "waiting")
    assert outbox.deliver(10, now=at(8, TUESDAY + DAY)) == Delivered(sent=1)
    assert told() == [("lin", "digest", "sent"), ("lin", "prompt", "merged"), ("lin", "digest", "sent")]


# --- What the page says afterwards

TUESDAY_NIGHT, TEN = at(21), at(10)


@pytest.mark.parametrize(
    ("now", "day", "at_once", "later"),
    [
        (TEN, TUESDAY, 1, []),
        (at(7), TUESDAY, 0, [Later(count=1, at=at(8), why=Why.QUIET)]),
        (TUESDAY_NIGHT, TUESDAY, 0, [Later(count=1, at=at(8, TUESDAY + DAY), why=Why.QUIET)]),
        (at(10, SATURDAY), SATURDAY, 0, [Later(count=1, at=at(8, MONDAY), why=Why.DAY_OFF)]),
    ],
)
def test_the_page_says_when_it_goes_out_and_so_it_does(
    now: datetime, day: date, at_once: int, later: list[Later], cast: Cast, item: Commitment
) -> None:
    found = reminders_by_hand.ways(by_hand(item, cast, day=day), today=day, now=now)
    assert (found.at_once, list(found.later), found.inbox_only) == (at_once, later, 0)
    moment = later[0].at if later else now
    minute = timedelta(minutes=1)
    if later:
        assert outbox.deliver(10, now=moment - minute) == Delivered()
    assert outbox.deliver(10, now=moment) == Delivered(sent=1)


@pytest.mark.parametrize("day", [TUESDAY, SATURDAY])
def test_whom_no_channel_reaches_is_said_to_read_it_in_the_inbox(day: date, cast: Cast, item: Commitment) -> None:
    User.objects.update(email="")
    found = reminders_by_hand.ways(by_hand(item, cast, day=day), today=day, now=at(10, day))
    assert (found.at_once, found.later, found.inbox_only) == (0, [], 1)


# --- Slips and instructions, on the day


def instruct(item: Commitment, cast: Cast, day: date) -> None:
    instructions.give(
        item, text="请抓紧推进。", answer_due_on=day + 20 * DAY, given_by=cast.wu, by=cast.actor("wu"), today=day
    )


def issue(item: Commitment, cast: Cast, day: date) -> None:
    Commitment.objects.filter(pk=item.pk).update(due_on=day - 40 * DAY, original_due_on=day - 40 * DAY)
    row = slips.draft(item, by=cast.actor("chen"), today=day)
    slips.issue(row, text="请说明原因。", answer_due_on=day + 20 * DAY, by=cast.actor("chen"), today=day)


SAYINGS = [(instruct, ReminderOccasion.INSTRUCTION_GIVEN), (issue, ReminderOccasion.SLIP_ISSUED)]
Say = Callable[[Commitment, Cast, date], None]


@pytest.mark.parametrize(("say", "occasion"), SAYINGS)
def test_a_slip_and_an_instruction_are_told_when_they_are_given(
    say: Say, occasion: ReminderOccasion, cast: Cast, item: Commitment
) -> None:
    make_rule("rule", occasion=occasion, ladder=[0], counts_working_days=True)
    reminders.plan(today=TUESDAY)
    elsewhere = make_commitment("C-9", department=cast.science)
    say(item, cast, TUESDAY)
    row = Reminder.objects.get()
    assert (row.recipient, row.occasion, row.offset, row.planned_on) == (cast.lin, occasion, 0, TUESDAY)
    assert outbox.deliver(10, now=TEN) == Delivered(sent=1)
    assert "2026 年 6 月 29 日" in str(mail.outbox[0].body), "the day of the answer, not that of the question"
    assert reminders.plan(today=TUESDAY) == 0
    assert reminders.settle(now=TEN) == 0
    assert not Reminder.objects.filter(commitment=elsewhere).exists()


@pytest.mark.parametrize(("say", "occasion"), SAYINGS)
def test_what_is_given_on_a_day_off_is_told_on_the_next_working_day(
    say: Say, occasion: ReminderOccasion, cast: Cast, item: Commitment
) -> None:
    make_rule("rule", occasion=occasion, ladder=[0], counts_working_days=True)
    reminders.plan(today=SATURDAY - DAY)
    say(item, cast, SATURDAY)
    assert not Reminder.objects.exists()
    assert reminders.plan(today=MONDAY) == 1


def test_a_rule_that_is_switched_off_tells_nobody_on_the_day(cast: Cast, item: Commitment) -> None:
    rule = make_rule("rule", occasion=ReminderOccasion.SLIP_ISSUED, ladder=[0], counts_working_days=True)
    reminder_rules.switch(rule, on=False, reason="试行。", by=cast.actor("gu"))
    issue(item, cast, TUESDAY)
    assert not Reminder.objects.exists()


@pytest.mark.parametrize(
    ("occasion", "days", "is_refused"),
    [(ReminderOccasion.SLIP_ISSUED, 0, False), (ReminderOccasion.SLIP_ISSUED, -1, True),
     (ReminderOccasion.REPORT_RETURNED, 0, True)],
)  # fmt: skip
def test_only_what_is_told_on_its_day_may_count_from_that_day(
    occasion: ReminderOccasion, days: int, is_refused: bool, cast: Cast
) -> None:
    rule = make_rule("rule", occasion=occasion, ladder=[1], counts_working_days=True)
    rungs = [Rung(audience=Audience.OFFICER, days=(days,))]
    code = ""
    try:
        reminder_rules.draft(rule, rungs=rungs, counts_working_days=True, note="试行。", by=cast.actor("gu"))
    except DomainError as refusal:
        code = refusal.code
    assert code == ("ladder_before_event" if is_refused else "")


# --- Work that was put aside and taken up again


def test_what_a_suspension_cancelled_is_told_when_work_goes_on(cast: Cast) -> None:
    make_rule("before-due", ladder=[-7, -3])
    item = make_commitment("C-1", department=cast.science, due_on=TUESDAY + 7 * DAY)
    reminders.plan(today=TUESDAY)
    chen = cast.actor("chen")
    with time_machine.travel(TEN, tick=False):
        steps.move(item, to=Stage.SUSPENDED, reason="等待批复。", by=chen, today=TUESDAY)
    reminders.settle(now=TEN)
    assert Reminder.objects.get().state == ReminderState.CANCELLED
    make_commitment("C-2", department=cast.science, due_on=TUESDAY + 7 * DAY)
    thursday = TUESDAY + 2 * DAY
    steps.move(item, to=Stage.IN_PROGRESS, reason="批复已到。", by=chen, today=thursday)
    row = Reminder.objects.get()
    assert (row.state, row.offset, row.planned_on, row.settled_at) == (ReminderState.PLANNED, -7, thursday, None)
    assert outbox.deliver(10, now=at(9, thursday)) == Delivered(sent=1)
    assert "还剩 5 天" in str(mail.outbox[0].body), "as it reads on that day"


def test_what_was_told_before_is_not_told_again_and_who_left_the_department_gets_nothing(cast: Cast) -> None:
    make_rule("before-due", ladder=[-7])
    items = [make_commitment(code, department=cast.science, due_on=TUESDAY + 7 * DAY) for code in ("C-1", "C-2")]
    reminders.plan(today=TUESDAY)
    Reminder.objects.filter(commitment=items[0]).update(state=ReminderState.SENT, sent_at=at(8))
    chen = cast.actor("chen")
    with time_machine.travel(TEN, tick=False):
        for item in items:
            steps.move(item, to=Stage.SUSPENDED, reason="等待批复。", by=chen, today=TUESDAY)
    reminders.settle(now=TEN)
    User.objects.filter(pk=cast.lin.pk).update(department=cast.health_bureau)
    for item in items:
        steps.move(item, to=Stage.IN_PROGRESS, reason="批复已到。", by=chen, today=TUESDAY + DAY)
    assert list(Reminder.objects.values_list("commitment__code", "state")) == [("C-1", ReminderState.SENT)]


# --- Deputies


def away(person: User, deputy: User, *, day: date = TUESDAY) -> None:
    Preference.objects.update_or_create(
        user=person, defaults={"paused_from": day, "paused_until": day + 9 * DAY, "deputy": deputy}
    )


def test_a_deputy_who_is_away_too_passes_it_on_and_a_circle_ends_with_the_person(cast: Cast) -> None:
    mei, hai = (make_user(name, department=cast.science) for name in ("mei", "hai"))
    away(cast.lin, mei)
    away(mei, hai)
    rows = [make_reminder(make_commitment(department=cast.science), cast.lin, planned_on=TUESDAY) for _ in range(2)]
    messages.compose(today=TUESDAY, now=at(8))
    assert [(row.recipient, row.lines.count()) for row in Message.objects.all()] == [(hai, 2)]
    assert [inbox.unread_count(actor_of(person), today=TUESDAY) for person in (cast.lin, mei, hai)] == [2, 2, 2]
    away(hai, cast.lin)
    Message.objects.all().delete()
    messages.compose(today=TUESDAY, now=at(8))
    assert [(row.recipient, row.lines.count()) for row in Message.objects.all()] == [(cast.lin, 2)]
    assert {row.state for row in rows} == {ReminderState.PLANNED}
    assert inbox.unread_count(actor_of(hai), today=TUESDAY) == 2


@pytest.mark.parametrize("day", [TUESDAY - DAY, TUESDAY])
def test_what_could_not_be_sent_to_somebody_who_left_meanwhile_goes_to_the_deputy(day: date, cast: Cast) -> None:
    mei = make_user("mei", department=cast.science)
    row = make_reminder(make_commitment(department=cast.science), cast.lin, planned_on=day)
    messages.compose(today=day, now=at(8, day))
    Message.objects.update(state=MessageState.FAILED, attempts=5)
    away(cast.lin, mei, day=day)
    assert messages.retry_failed(make_channel(), by=cast.actor("chen"), now=at(9), since=day) == 1
    assert outbox.deliver(10, now=at(9)) == Delivered(sent=1)
    assert [letter.to for letter in mail.outbox] == [[mei.email]]
    assert MessageLine.objects.get(reminder=row).message.recipient == mei
    assert set(Message.objects.values_list("recipient__username", "state")) == {("lin", "merged"), ("mei", "sent")}
    assert outbox.deliver(10, now=at(9, minute=1)) == Delivered()


def test_a_deputy_without_an_address_leaves_the_letter_where_it_was(cast: Cast) -> None:
    mei = make_user("mei", department=cast.science)
    User.objects.filter(pk=mei.pk).update(email="")
    make_reminder(make_commitment(department=cast.science), cast.lin, planned_on=TUESDAY)
    messages.compose(today=TUESDAY, now=at(8))
    away(cast.lin, mei)
    messages.compose(today=TUESDAY, now=at(8))
    assert told() == [("lin", "digest", "waiting")]
