"""Rules of reminding: what a ladder may say for its occasion, and that an old draft replaces nothing newer."""

from datetime import date, timedelta

import pytest

from projects.errors import DomainError
from tests.factories import TODAY, Cast, make_cast, make_commitment
from tests.reminder_rows import make_rule
from tracker.actions import reminder_rules, reminders
from tracker.choices import Audience, ReminderOccasion, VersionState
from tracker.models import Reminder, ReminderRule, ReminderRuleVersion
from tracker.rules import ladder
from tracker.rules.ladder import Rung

pytestmark = pytest.mark.django_db
TUESDAY = date(2026, 11, 24)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def draft(rule: ReminderRule, *days: int, cast: Cast, working: bool = False) -> ReminderRuleVersion:
    rungs = [Rung(audience=Audience.OFFICER, days=days)]
    return reminder_rules.draft(
        rule, rungs=rungs, counts_working_days=working, note="调整提醒天数", by=cast.actor("chen")
    )


@pytest.mark.parametrize(
    ("occasion", "days", "working", "code"),
    [
        ("before_due", (-7, 3), False, "ladder_wrong_side"),
        ("before_due", (0,), False, "ladder_wrong_side"),
        ("on_due", (1,), False, "ladder_wrong_side"),
        ("after_due", (-1,), False, "ladder_wrong_side"),
        ("report_returned", (1,), False, "ladder_before_event"),
        ("handout_open", (0,), True, "ladder_before_event"),
        ("slip_due", (), False, "ladder_is_empty"),
        ("slip_due", (9999,), False, "ladder_not_understood"),
    ],
)
def test_days_that_make_no_sense_for_the_occasion_are_refused(
    cast: Cast, occasion: str, days: tuple[int, ...], working: bool, code: str
) -> None:
    rule = make_rule("rule", occasion=ReminderOccasion(occasion), ladder=[0])
    with pytest.raises(DomainError) as refusal:
        draft(rule, *days, cast=cast, working=working)
    assert refusal.value.code == code
    assert rule.versions.count() == 1


def test_a_draft_that_a_later_version_has_overtaken_is_not_put_into_force(cast: Cast) -> None:
    rule = make_rule("before-due", ladder=[-7])
    older, newer = draft(rule, -14, cast=cast), draft(rule, -3, cast=cast)
    reminder_rules.put_into_force(newer, reason="定稿", by=cast.actor("chen"), today=TODAY)
    with pytest.raises(DomainError) as refusal:
        reminder_rules.put_into_force(older, reason="误点", by=cast.actor("chen"), today=TODAY)
    assert refusal.value.code == "version_overtaken"
    assert rule.versions.get(state=VersionState.LIVE) == newer


@pytest.mark.parametrize("person", ["lin", "wu"])
def test_only_the_office_and_administrators_change_rules(cast: Cast, person: str) -> None:
    rule = make_rule("before-due", ladder=[-7])
    with pytest.raises(DomainError) as refusal:
        reminder_rules.switch(rule, on=False, reason="不想要", by=cast.actor(person))
    assert refusal.value.code == "not_allowed"


def test_the_rules_that_come_with_the_software_make_sense_and_are_entered_once() -> None:
    assert reminder_rules.begin(today=TODAY) == len(reminder_rules.DEFAULTS)
    assert reminder_rules.begin(today=TODAY) == 0
    for version in ReminderRuleVersion.objects.select_related("rule"):
        rungs = ladder.read(version.ladder)
        reminder_rules._check_ladder(version.rule, rungs, counts_working_days=version.counts_working_days)


def test_a_version_put_into_force_after_todays_sweep_tells_today_what_its_dry_run_said(cast: Cast) -> None:
    rule = make_rule("before-due", ladder=[-30])
    make_commitment("A", department=cast.science, due_on=TUESDAY + timedelta(days=7))
    reminders.plan(today=TUESDAY)  # the sweep of the day
    assert not Reminder.objects.exists()
    version = draft(rule, -7, cast=cast)
    said = reminders.rehearse_version(version, today=TUESDAY, days=1)
    promised = [row.recipient_id for day in said for row in day.reminders]
    assert promised == [cast.lin.pk]
    reminder_rules.put_into_force(version, reason="提前一周提醒", by=cast.actor("chen"), today=TUESDAY)
    assert list(Reminder.objects.values_list("recipient", "planned_on")) == [(cast.lin.pk, TUESDAY)]
    reminders.plan(today=TUESDAY)
    assert Reminder.objects.count() == 1
