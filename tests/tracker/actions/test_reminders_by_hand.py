"""The office reminds by hand: whom it reaches, once a day, and what the sweep leaves alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.core import mail

from projects.errors import DomainError
from tests.factories import Cast, make_cast, make_commitment, make_user
from tests.reminder_rows import make_channel, make_rule
from tracker.actions import reminders
from tracker.actions.reminders_by_hand import check, remind, remind_by_hand
from tracker.choices import ReminderState, Role, Stage
from tracker.delivery import outbox
from tracker.delivery.outbox import Delivered
from tracker.event_kinds import EventKind
from tracker.models import Commitment, Deputy, Event, Post, PostHolding, Reminder

pytestmark = pytest.mark.django_db

TUESDAY, SUNDAY = date(2026, 6, 9), date(2026, 6, 14)
NOW = datetime(2026, 6, 9, 1, tzinfo=UTC)
DAY = timedelta(days=1)


@contextmanager
def refused(code: str) -> Iterator[None]:
    """What runs within is refused with this code."""
    with pytest.raises(DomainError) as refusal:
        yield
    assert refusal.value.code == code


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def owned(cast: Cast, **said: object) -> Commitment:
    """A commitment with a lead, an owner post, its holder, and a deputy from Monday to Wednesday."""
    item = make_commitment(department=cast.science, **said)  # type: ignore[arg-type]  # a bag of the same arguments
    post = Post.objects.create(code="kjj-head", title="局长", department=cast.science)
    holder, deputy = make_user("hai", role=Role.HEAD, department=cast.science), make_user("mei", department=cast.office)
    PostHolding.objects.create(post=post, holder=holder, starts_on=date(2026, 1, 1))
    Deputy.objects.create(post=post, deputy=deputy, starts_on=TUESDAY - DAY, ends_on=TUESDAY + DAY)
    item.post = post
    item.save()
    return item


def people() -> set[str]:
    return set(Reminder.objects.values_list("recipient__username", flat=True))


def test_it_reaches_officers_the_holder_and_the_deputy_while_there_is_one(cast: Cast) -> None:
    item = owned(cast)
    assert remind(item, reason="请抓紧。", by=cast.actor("chen"), today=TUESDAY) == 3
    assert people() == {"lin", "hai", "mei"}
    event = Event.objects.get()
    assert (event.kind, event.reason) == (EventKind.REMINDED_BY_HAND, "请抓紧。")
    assert event.changes == {"recipients": ["", "hai, lin, mei"]}
    assert remind(item, reason="", by=cast.actor("chen"), today=TUESDAY + 2 * DAY) == 2


def test_the_rules_reminders_reach_the_deputy_too(cast: Cast) -> None:
    owned(cast, due_on=TUESDAY)
    make_rule("on-due", ladder=[0])
    reminders.plan(today=TUESDAY)
    assert people() == {"lin", "hai", "mei"}


def test_nobody_is_reminded_twice_on_one_day(cast: Cast) -> None:
    item = owned(cast)
    remind(item, reason="", by=cast.actor("chen"), today=TUESDAY)
    with refused("reminder_sent_today"):
        remind(item, reason="", by=cast.actor("chen"), today=TUESDAY)
    assert Reminder.objects.count() == 3


@pytest.mark.parametrize(("today", "sent_on"), [(TUESDAY, TUESDAY), (SUNDAY, SUNDAY + DAY)])
def test_it_goes_out_today_and_never_on_a_day_off(today: date, sent_on: date, cast: Cast) -> None:
    remind(make_commitment(department=cast.science), reason="", by=cast.actor("chen"), today=today)
    assert Reminder.objects.get().planned_on == sent_on


def test_what_has_no_date_is_reminded_of_and_said_to_have_none(cast: Cast) -> None:
    item = make_commitment(department=cast.science, is_continuous=True)
    remind(item, reason="", by=cast.actor("chen"), today=TUESDAY)
    assert reminders.settle(now=NOW) == 0
    make_channel()
    assert outbox.deliver(1, now=NOW) == Delivered(sent=1)
    assert "今日到期" not in str(mail.outbox[0].body)


def test_a_moved_date_keeps_it_and_a_finished_matter_cancels_it(cast: Cast) -> None:
    item = make_commitment(department=cast.science)
    remind(item, reason="", by=cast.actor("chen"), today=TUESDAY)
    Commitment.objects.update(due_on=date(2026, 12, 30))
    assert reminders.settle(now=NOW) == 0
    Commitment.objects.update(stage=Stage.VERIFIED)
    assert reminders.settle(now=NOW) == 1
    assert Reminder.objects.get().state == ReminderState.CANCELLED


def test_the_sweep_plans_nothing_for_the_rule_by_hand_even_with_days(cast: Cast) -> None:
    make_commitment(department=cast.science, due_on=TUESDAY - 7 * DAY)
    make_rule("by-hand", ladder=[7, 0])
    assert reminders.plan(today=TUESDAY) == 0


@pytest.mark.parametrize("stage", [Stage.REGISTERED, Stage.REPORTED_DONE, Stage.CLOSED, Stage.SUSPENDED])
def test_what_nobody_works_on_is_refused(stage: Stage, cast: Cast) -> None:
    with refused("reminder_not_under_way"):
        check(make_commitment(department=cast.science, stage=stage), today=TUESDAY)


def test_what_would_reach_nobody_is_refused_and_so_is_another_role(cast: Cast) -> None:
    with refused("reminder_reaches_nobody"):
        remind(make_commitment(), reason="", by=cast.actor("chen"), today=TUESDAY)
    with refused("not_allowed"):
        remind(make_commitment(department=cast.science), reason="", by=cast.actor("lin"), today=TUESDAY)


def test_many_share_a_group_and_one_refusal_undoes_the_rest(cast: Cast) -> None:
    good, group = [make_commitment(department=cast.science) for _ in range(3)], uuid4()
    assert remind_by_hand(good, reason="", by=cast.actor("chen"), today=TUESDAY, group=group) == 3
    assert set(Event.objects.values_list("group", flat=True)) == {group}
    mixed = [make_commitment(department=cast.science), make_commitment()]
    with pytest.raises(DomainError):
        remind_by_hand(mixed, reason="", by=cast.actor("chen"), today=TUESDAY, group=group)
    assert Reminder.objects.count() == 3
