"""Planning, cancelling and claiming reminders, with the real calendar of 2026."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import override_settings

from tests.factories import make_cast, make_commitment, make_department, make_milestone, make_user
from tracker.actions import reminders
from tracker.choices import ReminderOccasion, ReminderState, Role, Stage
from tracker.models import Commitment, Post, PostHolding, Reminder, ReminderRule, User
from tracker.queries import reminders as queries
from tracker.rules import reminders as rules

pytestmark = pytest.mark.django_db

TUESDAY = date(2026, 6, 9)
NOW = datetime(2026, 6, 9, 1, tzinfo=UTC)
DAY = timedelta(days=1)
BEFORE, ON, AFTER = ("before-due", [30, 14, 7, 3, 1]), ("on-due", [0]), ("after-due", [7, 14, 21, 28])


def make_rules(*chosen: tuple[str, list[int]]) -> list[ReminderRule]:
    return [
        ReminderRule.objects.create(code=code, occasion=code.replace("-", "_"), offsets=offsets)
        for code, offsets in chosen or (BEFORE, ON, AFTER)
    ]


def make_reminder(item: Commitment, recipient: User, *, planned_on: date = TUESDAY, offset: int = -7) -> Reminder:
    rule, _created = ReminderRule.objects.get_or_create(code="before-due", defaults={"occasion": "before_due"})
    assert item.due_on is not None
    return Reminder.objects.create(
        commitment=item, rule=rule, recipient=recipient, due_on=item.due_on, offset=offset, planned_on=planned_on
    )


def sent_on(days: Iterable[date]) -> list[tuple[date, int]]:
    """Sweep on these days; the (day, offset) of what was planned, in order."""
    for today in days:
        reminders.plan(today=today)
    return list(Reminder.objects.order_by("planned_on", "offset").values_list("planned_on", "offset"))


def states() -> list[str]:
    return list(Reminder.objects.order_by("pk").values_list("state", flat=True))


# --- When


@pytest.mark.parametrize(
    ("due_on", "expected"),
    [
        # A Thursday in an ordinary month; what falls on a day off goes out on the working day before it (19 June is
        # the Dragon Boat Festival, 20 and 21 June its weekend).
        (
            date(2026, 7, 16),
            [
                (date(2026, 6, 16), -30), (date(2026, 7, 2), -14), (date(2026, 7, 9), -7), (date(2026, 7, 13), -3),
                (date(2026, 7, 15), -1), (date(2026, 7, 16), 0), (date(2026, 7, 23), 7), (date(2026, 7, 30), 14),
                (date(2026, 8, 6), 21), (date(2026, 8, 13), 28),
            ],
        ),
        # A Sunday: the day itself, the day before and every week after it shift to Friday.
        (
            date(2026, 7, 19),
            [
                (date(2026, 6, 18), -30), (date(2026, 7, 3), -14), (date(2026, 7, 10), -7), (date(2026, 7, 16), -3),
                (date(2026, 7, 17), -1), (date(2026, 7, 17), 0), (date(2026, 7, 24), 7), (date(2026, 7, 31), 14),
                (date(2026, 8, 7), 21), (date(2026, 8, 14), 28),
            ],
        ),
        # In the National Day week (1 to 7 October; Sunday 20 September and Saturday 10 October are working days).
        (
            date(2026, 10, 4),
            [
                (date(2026, 9, 4), -30), (date(2026, 9, 20), -14), (date(2026, 9, 24), -7), (date(2026, 9, 30), -3),
                (date(2026, 9, 30), -1), (date(2026, 9, 30), 0), (date(2026, 10, 10), 7), (date(2026, 10, 16), 14),
                (date(2026, 10, 23), 21), (date(2026, 10, 30), 28),
            ],
        ),
    ],
)  # fmt: skip
def test_an_officer_is_reminded_five_times_before_once_on_and_four_times_after_the_date(
    due_on: date, expected: list[tuple[date, int]]
) -> None:
    cast = make_cast()
    make_rules()
    make_commitment(department=cast.science, due_on=due_on)
    assert sent_on(sorted({day + shift * DAY for day, _ in expected for shift in (-1, 0, 1)})) == expected
    assert set(Reminder.objects.values_list("recipient", flat=True)) == {cast.lin.pk}


def expected_rows(run_days: Sequence[date], items: Sequence[Commitment]) -> set[tuple[int, int, date]]:
    """What the pure rules say, one commitment and one day at a time."""
    found: dict[tuple[int, int], date] = {}
    for rule in ReminderRule.objects.all():
        last: date | None = None
        for today in run_days:
            days = rules.fire_days(today, last_run=last)
            for item in items:
                for offset, dates in rules.due_dates(queries.facts_of(rule), days).items():
                    if item.due_on in dates:
                        found.setdefault((item.pk, offset), today)
            last = today if days else last
    return {(pk, offset, day) for (pk, offset), day in found.items()}


@pytest.mark.parametrize("left_out", [frozenset(), frozenset({3, 4, 5, 6, 7, 8, 9}), frozenset(range(1, 30, 2))])
def test_the_set_operation_says_what_the_pure_rules_say(left_out: frozenset[int]) -> None:
    """Every due date around National Day, with different gaps between the sweeps."""
    cast = make_cast()
    make_rules()
    first = date(2026, 9, 14)
    items = [make_commitment(department=cast.science, due_on=first + number * DAY) for number in range(-35, 65)]
    run_days = [first + number * DAY for number in range(30) if number not in left_out]
    for today in run_days:
        reminders.plan(today=today)
    assert set(Reminder.objects.values_list("commitment", "offset", "planned_on")) == expected_rows(run_days, items)


def test_a_week_without_sweeps_is_caught_up_once() -> None:
    cast = make_cast()
    make_rules(BEFORE)
    make_commitment(department=cast.science, due_on=date(2026, 6, 18))
    assert reminders.plan(today=date(2026, 6, 3)) == 0
    assert reminders.plan(today=date(2026, 6, 16)) == 3
    assert [row.offset for row in Reminder.objects.order_by("offset")] == [-14, -7, -3]
    assert reminders.plan(today=date(2026, 6, 16)) == 0
    assert reminders.plan(today=date(2026, 6, 17)) == 1


@pytest.mark.parametrize("day_off", [date(2026, 6, 13), date(2026, 6, 19), date(2026, 10, 1)])
def test_nothing_is_planned_on_a_day_off_and_it_does_not_count_as_a_run(day_off: date) -> None:
    cast = make_cast()
    (rule,) = make_rules(ON)
    make_commitment(department=cast.science, due_on=day_off)
    assert reminders.plan(today=day_off) == 0
    rule.refresh_from_db()
    assert rule.last_run_on is None


def test_days_missed_before_a_run_on_a_day_off_are_not_lost() -> None:
    cast = make_cast()
    make_rules(ON)
    make_commitment(department=cast.science, due_on=date(2026, 6, 11))
    reminders.plan(today=date(2026, 6, 10))
    reminders.plan(today=date(2026, 6, 13))
    assert reminders.plan(today=date(2026, 6, 15)) == 1


# --- What and whom


@pytest.mark.parametrize("stage", list(Stage))
def test_only_work_that_can_be_reported_on_is_reminded_of(stage: Stage) -> None:
    cast = make_cast()
    make_rules(ON)
    make_commitment(department=cast.science, due_on=TUESDAY, stage=stage)
    reportable = stage in {Stage.ISSUED, Stage.ACCEPTED, Stage.IN_PROGRESS}
    assert reminders.plan(today=TUESDAY) == int(reportable)


def test_without_a_date_nobody_is_ever_reminded() -> None:
    cast = make_cast()
    make_rules()
    make_commitment(department=cast.science, due_on=None)
    item = make_commitment(department=cast.science, is_continuous=True)
    make_milestone(item, planned_on=None)
    assert sent_on(date(2026, 6, number) for number in range(1, 31)) == []


def test_officers_of_the_lead_department_and_the_holder_of_the_post_are_reminded_each_once() -> None:
    cast = make_cast()
    make_rules(ON)
    left = make_user("left", department=cast.science)
    left.is_active = False
    left.save()
    make_user("head", role=Role.HEAD, department=cast.science)
    deputy, before = make_user("deputy", role=Role.LEADER), make_user("before", role=Role.LEADER)
    post = Post.objects.create(code="vice-mayor", title="副市长", department=cast.office)
    PostHolding.objects.create(post=post, holder=before, starts_on=date(2025, 1, 1), ends_on=TUESDAY - DAY)
    PostHolding.objects.create(post=post, holder=deputy, starts_on=TUESDAY)
    own = Post.objects.create(code="section", title="科长", department=cast.science)
    PostHolding.objects.create(post=own, holder=cast.lin, starts_on=date(2025, 1, 1))
    first = make_commitment("A", department=cast.science, due_on=TUESDAY)
    second = make_commitment("B", department=cast.science, due_on=TUESDAY)
    Commitment.objects.filter(pk=first.pk).update(post=post)
    Commitment.objects.filter(pk=second.pk).update(post=own)
    make_commitment("C", due_on=TUESDAY)  # nobody leads it
    assert reminders.plan(today=TUESDAY) == 3
    assert set(Reminder.objects.values_list("commitment__code", "recipient__username")) == {
        ("A", "lin"),
        ("A", "deputy"),
        ("B", "lin"),
    }


def test_a_milestone_is_reminded_of_until_it_is_reached() -> None:
    cast = make_cast()
    make_rules(ON)
    item = make_commitment(department=cast.science, due_on=None)
    make_milestone(item, "开工", planned_on=TUESDAY, actual_on=TUESDAY)
    make_milestone(item, "封顶")
    open_step = make_milestone(item, "竣工", planned_on=TUESDAY)
    assert reminders.plan(today=TUESDAY) == 1
    assert reminders.plan(today=TUESDAY) == 0
    assert Reminder.objects.get().milestone == open_step


def test_a_reminder_of_a_demonstration_is_marked() -> None:
    cast = make_cast()
    make_rules(ON)
    item = make_commitment(department=cast.science, due_on=TUESDAY)
    Commitment.objects.filter(pk=item.pk).update(is_demo=True)
    make_commitment(department=cast.science, due_on=TUESDAY)
    reminders.plan(today=TUESDAY)
    assert set(Reminder.objects.values_list("commitment", "is_demo")) >= {(item.pk, True)}
    assert Reminder.objects.filter(is_demo=True).count() == 1


def test_a_rule_that_is_switched_off_or_empty_reminds_nobody() -> None:
    cast = make_cast()
    make_rules(("before-due", []), ON)
    ReminderRule.objects.filter(code="on-due").update(is_active=False)
    make_commitment(department=cast.science, due_on=TUESDAY)
    assert reminders.plan(today=TUESDAY) == 0


@pytest.mark.parametrize("offsets", ["7", [7, "x"], [None], {"days": 7}, [True]])
def test_offsets_that_make_no_sense_are_refused(offsets: object) -> None:
    rule = ReminderRule(code="x", occasion=ReminderOccasion.BEFORE_DUE, offsets=offsets)
    with pytest.raises(ValueError, match="whole numbers"):
        queries.facts_of(rule)


def test_a_second_run_writes_nothing_and_takes_the_same_queries(django_assert_num_queries) -> None:
    cast = make_cast()
    make_rules(ON)
    for _ in range(30):
        make_commitment(department=cast.science, due_on=TUESDAY)
    assert reminders.plan(today=TUESDAY) == 30
    before = list(Reminder.objects.order_by("pk").values())
    with django_assert_num_queries(5):  # rules; savepoint and release; the rule, locked; INSERT … SELECT
        assert reminders.plan(today=TUESDAY) == 0
    assert list(Reminder.objects.order_by("pk").values()) == before


def test_a_rehearsal_lists_what_a_sweep_would_send_and_writes_nothing() -> None:
    cast = make_cast()
    (rule,) = make_rules(ON)
    item = make_commitment(department=cast.science, due_on=TUESDAY)
    found = reminders.rehearse(today=TUESDAY, now=NOW)
    assert [(row.recipient, row.commitment, row.rule.code) for row in found] == [(cast.lin, item, "on-due")]
    assert not Reminder.objects.exists()
    rule.refresh_from_db()
    assert rule.last_run_on is None


# --- What need not be sent any more


@pytest.mark.parametrize("stage", [Stage.REPORTED_DONE, Stage.VERIFIED, Stage.SUSPENDED, Stage.CANCELLED, Stage.EXEMPT])
def test_reporting_stops_the_reminder(stage: Stage) -> None:
    cast = make_cast()
    item, other = make_commitment(department=cast.science), make_commitment(department=cast.science)
    make_reminder(item, cast.lin)
    make_reminder(other, cast.lin)
    Commitment.objects.filter(pk=item.pk).update(stage=stage)
    assert reminders.cancel_obsolete(now=NOW) == 1
    assert states() == [ReminderState.CANCELLED, ReminderState.PLANNED]
    assert reminders.cancel_obsolete(now=NOW) == 0


def test_a_date_that_moved_or_went_cancels_the_old_reminder_and_the_new_date_gets_its_own() -> None:
    cast = make_cast()
    make_rules(BEFORE)
    items = [make_commitment(department=cast.science, due_on=TUESDAY + 7 * DAY) for _ in range(3)]
    assert reminders.plan(today=TUESDAY) == 3
    Commitment.objects.filter(pk=items[0].pk).update(due_on=TUESDAY + 14 * DAY)
    Commitment.objects.filter(pk=items[1].pk).update(due_on=None)
    assert reminders.cancel_obsolete(now=NOW) == 2
    assert reminders.plan(today=TUESDAY) == 1
    rows = Reminder.objects.order_by("pk").values_list("commitment", "offset", "state")
    assert list(rows) == [
        (items[0].pk, -7, "cancelled"),
        (items[1].pk, -7, "cancelled"),
        (items[2].pk, -7, "planned"),
        (items[0].pk, -14, "planned"),
    ]


def test_a_milestone_that_was_reached_or_moved_cancels_its_reminder() -> None:
    cast = make_cast()
    make_rules(ON)
    item = make_commitment(department=cast.science)
    steps = [make_milestone(item, name, planned_on=TUESDAY) for name in ("甲", "乙", "丙")]
    assert reminders.plan(today=TUESDAY) == 3
    type(steps[0]).objects.filter(pk=steps[0].pk).update(actual_on=TUESDAY)
    type(steps[1]).objects.filter(pk=steps[1].pk).update(planned_on=TUESDAY + DAY)
    assert reminders.cancel_obsolete(now=NOW) == 2
    assert Reminder.objects.get(state="planned").milestone == steps[2]


def test_who_has_left_gets_nothing_more_and_what_was_sent_stays_sent() -> None:
    cast = make_cast()
    first, second = make_commitment(department=cast.science), make_commitment(department=cast.science)
    make_reminder(first, cast.lin)
    ids = reminders.claim(10, now=NOW)
    reminders.record_sent(ids, now=NOW)
    make_reminder(second, cast.lin)
    User.objects.filter(pk=cast.lin.pk).update(is_active=False)
    assert reminders.cancel_obsolete(now=NOW) == 1
    assert states() == ["sent", "cancelled"]


# --- Claiming and recording


def test_a_claim_covers_one_person_oldest_first_up_to_the_limit() -> None:
    cast = make_cast()
    items = [make_commitment(department=cast.science) for _ in range(3)]
    late = make_reminder(items[0], cast.lin)
    early = make_reminder(items[1], cast.lin, planned_on=TUESDAY - DAY)
    third = make_reminder(items[2], cast.lin)
    other = make_reminder(items[0], cast.zhou)
    make_reminder(items[1], cast.zhou, planned_on=TUESDAY + DAY)
    assert reminders.claim(2, now=NOW) == [early.pk, late.pk]
    assert reminders.claim(2, now=NOW) == [third.pk]
    assert reminders.claim(2, now=NOW) == [other.pk]
    assert reminders.claim(2, now=NOW) == []
    early.refresh_from_db()
    assert (early.state, early.attempts, early.claimed_at) == ("claimed", 1, NOW)


@override_settings(REMINDER_CLAIM_SECONDS=300)
def test_a_claim_whose_worker_died_is_taken_over_and_the_dead_worker_cannot_spoil_it() -> None:
    cast = make_cast()
    row = make_reminder(make_commitment(department=cast.science), cast.lin)
    assert reminders.claim(10, now=NOW) == [row.pk]
    assert reminders.claim(10, now=NOW + timedelta(seconds=299)) == []
    later = NOW + timedelta(seconds=300)
    assert reminders.claim(10, now=later) == [row.pk]
    assert reminders.record_sent([row.pk], now=later) == 1
    assert reminders.record_sent([row.pk], now=later) == 0
    assert reminders.record_failed([row.pk], error="late") == 0
    row.refresh_from_db()
    assert (row.state, row.attempts, row.error) == ("sent", 2, "")


@override_settings(REMINDER_CLAIM_SECONDS=300)
def test_the_claim_of_a_dead_worker_is_cancelled_when_the_work_was_reported_meanwhile() -> None:
    cast = make_cast()
    item = make_commitment(department=cast.science)
    make_reminder(item, cast.lin)
    reminders.claim(10, now=NOW)
    Commitment.objects.filter(pk=item.pk).update(stage=Stage.REPORTED_DONE)
    assert reminders.cancel_obsolete(now=NOW) == 0
    assert reminders.cancel_obsolete(now=NOW + timedelta(seconds=300)) == 1


def test_a_failure_is_tried_again_after_growing_pauses_and_then_given_up() -> None:
    cast = make_cast()
    row = make_reminder(make_commitment(department=cast.science), cast.lin)
    moment = NOW
    for pause in (*queries.RETRY_AFTER, None):
        assert reminders.claim(10, now=moment) == [row.pk]
        assert reminders.record_failed([row.pk], error="SMTPServerDisconnected: gone") == 1
        if pause:
            assert reminders.claim(10, now=moment + pause - timedelta(seconds=1)) == []
            moment += pause
    row.refresh_from_db()
    assert (row.state, row.attempts, row.error) == ("failed", 5, "SMTPServerDisconnected: gone")
    assert reminders.claim(10, now=moment + 30 * DAY) == []
    assert list(queries.RETRY_AFTER) == sorted(queries.RETRY_AFTER)


def test_what_kills_the_worker_each_time_ends_as_failed_with_a_reason() -> None:
    cast = make_cast()
    row = make_reminder(make_commitment(department=cast.science), cast.lin)
    for hour in range(5):
        assert reminders.claim(10, now=NOW + timedelta(hours=hour)) == [row.pk]
    assert reminders.claim(10, now=NOW + timedelta(hours=6)) == []
    row.refresh_from_db()
    assert row.state == "failed"
    assert "5" in row.error


def test_another_department_is_not_reminded() -> None:
    make_rules(ON)
    cast = make_cast()
    make_commitment(department=make_department("jjj"), due_on=TUESDAY)
    assert reminders.plan(today=TUESDAY) == 0
    assert not Reminder.objects.filter(recipient=cast.zhou).exists()
