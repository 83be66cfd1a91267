"""Planning, cancelling and claiming reminders, with the real calendar of 2026."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.factories import make_cast, make_commitment, make_department, make_milestone, make_user
from tests.reminder_rows import make_reminder as make_row
from tests.reminder_rows import make_rule
from tracker.actions import reminder_rules, reminders
from tracker.choices import ReminderState, Role, Stage
from tracker.models import Commitment, Post, PostHolding, Reminder, ReminderRule, ReminderRuleVersion, User
from tracker.queries import reminders as queries
from tracker.rules import reminders as rules
from tracker.rules.workdays import STANDARD

pytestmark = pytest.mark.django_db

TUESDAY = date(2026, 6, 9)
NOW = datetime(2026, 6, 9, 1, tzinfo=UTC)
DAY = timedelta(days=1)
BEFORE, ON, AFTER = ("before-due", [-30, -14, -7, -3, -1]), ("on-due", [0]), ("after-due", [7, 14, 21, 28])


def make_rules(*chosen: tuple[str, list[int]]) -> list[ReminderRule]:
    return [make_rule(code, ladder=days) for code, days in chosen or (BEFORE, ON, AFTER)]


def make_reminder(item: Commitment, recipient: User, *, planned_on: date = TUESDAY, offset: int = -7) -> Reminder:
    return make_row(item, recipient, planned_on=planned_on, offset=offset)


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
    for version in queries.in_force():
        last: date | None = None
        for today in run_days:
            asked = list(rules.asks(queries.facts_of(version), today=today, last_run=last, calendar=STANDARD))
            for item in items:
                for ask in asked:
                    if item.due_on in ask.anchors:
                        found.setdefault((item.pk, ask.offset), today)
            last = today if asked else last
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


@pytest.mark.parametrize(
    "ladder",
    [
        "7", {"officer": [7]}, [7], [{"audience": "mayor", "days": [7]}], [{"audience": "officer", "days": ["7"]}],
        [{"audience": "officer", "days": [True]}], [{"audience": "officer", "days": [7], "every": -1}],
        [{"audience": "officer", "days": [7]}, {"audience": "officer", "days": [8]}],
    ],
)  # fmt: skip
def test_a_ladder_that_makes_no_sense_is_refused_and_the_other_rules_go_on(ladder: object) -> None:
    cast = make_cast()
    make_rules(ON, AFTER)
    ReminderRuleVersion.objects.filter(rule__code="after-due").update(ladder=ladder)
    make_commitment(department=cast.science, due_on=TUESDAY)
    assert queries.broken_rules() == ["after-due"]
    with pytest.raises(ValueError, match=r"ladder|rung|audience"):
        queries.facts_of(queries.in_force().get(rule__code="after-due"))
    assert reminders.plan(today=TUESDAY) == 1
    assert ReminderRule.objects.get(code="after-due").last_run_on is None


def test_a_second_run_writes_nothing_and_takes_the_same_queries(django_assert_num_queries) -> None:
    cast = make_cast()
    make_rules(ON)
    for _ in range(30):
        make_commitment(department=cast.science, due_on=TUESDAY)
    assert reminders.plan(today=TUESDAY) == 30
    before = list(Reminder.objects.order_by("pk").values())
    with django_assert_num_queries(8):  # savepoint and release; rules, locked; versions; moved days; plans with a rule
        # of their own; INSERT … SELECT; last run
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
    assert reminders.settle(now=NOW) == 1
    assert states() == [ReminderState.CANCELLED, ReminderState.PLANNED]
    assert reminders.settle(now=NOW) == 0


def test_a_date_that_moved_or_went_cancels_the_old_reminder_and_the_new_date_gets_its_own() -> None:
    cast = make_cast()
    make_rules(BEFORE)
    items = [make_commitment(department=cast.science, due_on=TUESDAY + 7 * DAY) for _ in range(3)]
    assert reminders.plan(today=TUESDAY) == 3
    Commitment.objects.filter(pk=items[0].pk).update(due_on=TUESDAY + 14 * DAY)
    Commitment.objects.filter(pk=items[1].pk).update(due_on=None)
    assert reminders.settle(now=NOW) == 2
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
    assert reminders.settle(now=NOW) == 2
    assert Reminder.objects.get(state="planned").milestone == steps[2]


def test_who_has_left_gets_nothing_more_and_what_was_sent_stays_sent() -> None:
    cast = make_cast()
    first, second = make_commitment(department=cast.science), make_commitment(department=cast.science)
    sent = make_reminder(first, cast.lin)
    Reminder.objects.filter(pk=sent.pk).update(state=ReminderState.SENT, sent_at=NOW)
    make_reminder(second, cast.lin)
    User.objects.filter(pk=cast.lin.pk).update(is_active=False)
    assert reminders.settle(now=NOW) == 2
    assert states() == ["sent", "cancelled"]
    assert not Reminder.objects.filter(settled_at=None).exists()


def test_another_department_is_not_reminded() -> None:
    make_rules(ON)
    cast = make_cast()
    make_commitment(department=make_department("jjj"), due_on=TUESDAY)
    assert reminders.plan(today=TUESDAY) == 0
    assert not Reminder.objects.filter(recipient=cast.zhou).exists()


def test_a_rule_that_was_off_does_not_tell_of_the_days_between() -> None:
    cast = make_cast()
    (rule,) = make_rules(ON)
    reminders.plan(today=TUESDAY - DAY)
    make_commitment(department=cast.science, due_on=TUESDAY)
    make_commitment(department=cast.science, due_on=TUESDAY + 2 * DAY)
    gu = cast.actor("gu")
    reminder_rules.switch(rule, on=False, reason="调整。", by=gu)
    assert reminders.plan(today=TUESDAY) == 0
    reminder_rules.switch(rule, on=True, reason="恢复。", by=gu)
    assert reminders.plan(today=TUESDAY + 2 * DAY) == 1
    assert Reminder.objects.get().due_on == TUESDAY + 2 * DAY
