"""Every occasion: from which day it counts, whom it tells on each rung, and what a plan's own rule changes."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.factories import (
    Cast,
    make_blocker,
    make_cast,
    make_commitment,
    make_extension,
    make_initiative,
    make_instruction,
    make_plan,
    make_report,
    make_user,
)
from tests.reminder_rows import make_rule
from tracker.actions import reminders
from tracker.choices import Audience, ReminderOccasion, ReportState, Role, Stage
from tracker.models import (
    Blocker,
    Commitment,
    Deputy,
    ExtensionRequest,
    Plan,
    Post,
    PostHolding,
    Preference,
    ProgressReport,
    Reminder,
    Slip,
)

pytestmark = pytest.mark.django_db

TUESDAY = date(2026, 6, 9)
AT_NOON = datetime(2026, 6, 9, 4, tzinfo=UTC)
AFTER_MIDNIGHT = datetime(2026, 6, 8, 17, tzinfo=UTC)  # already Tuesday in Shanghai
DAY = timedelta(days=1)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def told() -> list[tuple[str, str, date, int]]:
    """Who is told of which commitment, counted from which day, how many days from it."""
    rows = Reminder.objects.order_by("planned_on", "recipient__username", "commitment__code", "offset")
    return list(rows.values_list("recipient__username", "commitment__code", "due_on", "offset"))


def window(cast: Cast) -> None:
    plan = make_plan(tracked_since=date(2026, 5, 1))
    Plan.objects.filter(pk=plan.pk).update(report_cycle="month", report_grace_days=9)
    make_commitment("C", department=cast.science, plan=plan)


def returned(cast: Cast) -> None:
    row = make_report(make_commitment("C", department=cast.science), author=cast.lin, state=ReportState.RETURNED)
    ProgressReport.objects.filter(pk=row.pk).update(reviewed_at=AFTER_MIDNIGHT, reviewer=cast.chen)


def decided(cast: Cast) -> None:
    row = make_extension(make_commitment("C", department=cast.science), author=cast.lin)
    ExtensionRequest.objects.filter(pk=row.pk).update(
        state="refused", decided_at=AT_NOON, decided_by=cast.chen, decision="不同意。"
    )


def post_of(cast: Cast) -> Post:
    return Post.objects.create(code="wjw-post", title="主任", department=cast.health_bureau)


def asked(cast: Cast) -> None:
    make_blocker(
        make_commitment("C", department=cast.science), author=cast.lin, wanted_from=post_of(cast), wanted_by=TUESDAY
    )


def answered(cast: Cast) -> None:
    asked(cast)
    Blocker.objects.update(state="answered", answer="已解决。", answered_at=AT_NOON, answered_by=cast.zhou)


def instructed(cast: Cast) -> None:
    item = make_commitment("C", department=cast.science)
    row = make_instruction(item, given_by=cast.wu)
    type(row).objects.update(given_on=TUESDAY - 3 * DAY, answer_due_on=TUESDAY)


def given(cast: Cast) -> None:
    row = make_instruction(make_commitment("C", department=cast.science), given_by=cast.wu)
    type(row).objects.update(given_on=TUESDAY, answer_due_on=TUESDAY + 20 * DAY)


def handed_out(cast: Cast) -> None:
    make_commitment("C", department=cast.science, stage=Stage.ISSUED, issued_on=TUESDAY)


def slip(cast: Cast) -> None:
    Slip.objects.create(
        commitment=make_commitment("C", department=cast.science), level="blue", drafted_on=TUESDAY, state="issued",
        year=2026, number=1, issued_on=TUESDAY - 5 * DAY, answer_due_on=TUESDAY,
    )  # fmt: skip


def issued(cast: Cast) -> None:
    slip(cast)
    Slip.objects.update(issued_on=TUESDAY, answer_due_on=TUESDAY + 20 * DAY)


@pytest.mark.parametrize(
    ("occasion", "scene", "person"),
    [
        (ReminderOccasion.PERIOD_CLOSING, window, "lin"),
        (ReminderOccasion.REPORT_RETURNED, returned, "lin"),
        (ReminderOccasion.EXTENSION_DECIDED, decided, "lin"),
        (ReminderOccasion.BLOCKER_OPEN, asked, "zhou"),
        (ReminderOccasion.BLOCKER_ANSWERED, answered, "lin"),
        (ReminderOccasion.INSTRUCTION_GIVEN, given, "lin"),
        (ReminderOccasion.INSTRUCTION_DUE, instructed, "lin"),
        (ReminderOccasion.HANDOUT_OPEN, handed_out, "lin"),
        (ReminderOccasion.SLIP_ISSUED, issued, "lin"),
        (ReminderOccasion.SLIP_DUE, slip, "lin"),
    ],
)
def test_each_occasion_counts_from_its_own_day(
    cast: Cast, occasion: ReminderOccasion, scene: Callable[[Cast], None], person: str
) -> None:
    make_rule("rule", occasion=occasion, ladder=[1], counts_working_days=True)
    scene(cast)
    assert reminders.plan(today=TUESDAY) == 0
    assert reminders.plan(today=TUESDAY + DAY) == 1
    assert told() == [(person, "C", TUESDAY, 1)]
    assert reminders.plan(today=TUESDAY + DAY) == 0
    assert reminders.plan(today=TUESDAY + 2 * DAY) == 0
    assert reminders.settle(now=AT_NOON + DAY) == 0, "what has just been planned still stands"


def test_one_report_for_an_initiative_is_one_reminder_and_who_has_reported_gets_none(cast: Cast) -> None:
    make_rule("period-closing", ladder=[0])
    window(cast)
    plan, road = Plan.objects.get(), make_initiative()
    for code in ("A", "B"):
        make_commitment(code, department=cast.science, plan=plan, initiative=road)
    done = make_commitment("D", department=cast.science, plan=plan)
    Commitment.objects.filter(pk=done.pk).update(last_period_end=date(2026, 5, 31))
    make_commitment("E", department=cast.science, plan=plan, issued_on=date(2026, 6, 3))
    assert reminders.plan(today=TUESDAY) == 2
    assert told() == [("lin", "A", TUESDAY, 0), ("lin", "C", TUESDAY, 0)]


def test_heads_are_told_by_sign_in_by_post_and_by_deputy_and_those_above_by_the_post_that_oversees(cast: Cast) -> None:
    make_rule("after-due", ladder={"officer": [7], "head": [14], "overseer": [21]})
    make_user("hai", role=Role.HEAD, department=cast.science)
    above = Post.objects.create(code="vice-mayor", title="副市长", department=cast.office)
    head = Post.objects.create(code="kjj-head", title="局长", department=cast.science, is_head=True, overseen_by=above)
    chief, stand_in = make_user("chief", role=Role.LEADER), make_user("stand-in", role=Role.LEADER)
    for post, person in ((above, cast.wu), (head, chief)):
        PostHolding.objects.create(post=post, holder=person, starts_on=date(2026, 1, 1))
    Deputy.objects.create(post=above, deputy=stand_in, starts_on=TUESDAY, ends_on=TUESDAY + 30 * DAY)
    make_commitment("C", department=cast.science, due_on=TUESDAY)
    for week in range(1, 5):
        reminders.plan(today=TUESDAY + 7 * week * DAY)
    assert told() == [
        ("lin", "C", TUESDAY, 7), ("chief", "C", TUESDAY, 14), ("hai", "C", TUESDAY, 14),
        ("stand-in", "C", TUESDAY, 21), ("wu", "C", TUESDAY, 21),
    ]  # fmt: skip
    assert set(Reminder.objects.filter(recipient=cast.wu).values_list("audience", flat=True)) == {Audience.OVERSEER}


def test_the_owner_posts_overseer_is_told_too(cast: Cast) -> None:
    make_rule("after-due", ladder={"overseer": [7]})
    above = Post.objects.create(code="vice-mayor", title="副市长", department=cast.office)
    own = Post.objects.create(code="section", title="科长", department=cast.science, overseen_by=above)
    PostHolding.objects.create(post=above, holder=cast.wu, starts_on=date(2026, 1, 1))
    item = make_commitment("C", department=cast.science, due_on=TUESDAY)
    Commitment.objects.filter(pk=item.pk).update(post=own)
    reminders.plan(today=TUESDAY + 7 * DAY)
    assert told() == [("wu", "C", TUESDAY, 7)]


def test_a_plan_with_a_rule_of_its_own_is_not_served_by_the_general_one(cast: Cast) -> None:
    special = make_plan("P2")
    make_rule("before-due", ladder=[-7])
    make_rule("p2-before", occasion=ReminderOccasion.BEFORE_DUE, plan=special, ladder=[-14])
    make_rule("on-due", ladder=[0])
    for code, plan in (("A", make_plan()), ("B", special)):
        for days in (0, 7, 14):
            make_commitment(f"{code}-{days}", plan=plan, department=cast.science, due_on=TUESDAY + days * DAY)
    reminders.plan(today=TUESDAY)
    assert {(code, offset) for _, code, _, offset in told()} == {("A-7", -7), ("B-14", -14), ("A-0", 0), ("B-0", 0)}


def test_information_can_be_switched_off_and_a_duty_cannot(cast: Cast) -> None:
    make_rule("extension-decided", ladder=[1], counts_working_days=True)
    make_rule("on-due", ladder=[0])
    decided(cast)
    make_commitment("D", department=cast.science, due_on=TUESDAY + DAY)
    Preference.objects.create(user=cast.lin, muted=["extension_decided", "on_due"])
    reminders.plan(today=TUESDAY + DAY)
    assert told() == [("lin", "D", TUESDAY + DAY, 0)]


def test_two_blockers_of_one_commitment_on_one_day_are_two_reminders(cast: Cast) -> None:
    make_rule("blocker-open", ladder=[0])
    item, post = make_commitment("C", department=cast.science), post_of(cast)
    for _ in range(2):
        make_blocker(item, author=cast.lin, wanted_from=post, wanted_by=TUESDAY)
    assert reminders.plan(today=TUESDAY) == 2


def test_a_rehearsal_of_a_version_shows_the_next_days_and_writes_nothing(cast: Cast) -> None:
    rule = make_rule("before-due", ladder=[-3, -1])
    version = rule.versions.get()
    make_commitment("C", department=cast.science, due_on=date(2026, 6, 12))
    make_commitment("D", department=cast.science, due_on=date(2026, 6, 15))
    found = reminders.rehearse_version(version, today=TUESDAY, days=5)
    # The weekend before the 15th is served on Friday.
    assert [(one.day, sorted((row.commitment.code, row.offset) for row in one.reminders)) for one in found] == [
        (date(2026, 6, 9), [("C", -3)]),
        (date(2026, 6, 11), [("C", -1)]),
        (date(2026, 6, 12), [("D", -3), ("D", -1)]),
    ]
    assert not Reminder.objects.exists()
    rule.refresh_from_db()
    assert rule.last_run_on is None
