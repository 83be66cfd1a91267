"""The pages of reminder rules: versions drafted beside the one in force, tried without effect, put into force."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories import TODAY, Cast, make_commitment, make_department, make_plan
from tests.reminder_rows import make_channel, make_reminder, make_rule
from tracker.choices import Audience, MessageState, ReminderOccasion, VersionState
from tracker.event_kinds import EventKind
from tracker.models import Event, Message, MessageLine, Plan, Reminder, ReminderRule, ReminderRuleVersion
from tracker.queries import reminder_reach

LIST = "/admin/tracker/reminderrule/"
Browser = Callable[[str], Client]


@pytest.fixture
def rule(cast: Cast) -> ReminderRule:
    return make_rule(ladder=[-7, -1])


def page(rule: ReminderRule, name: str = "change") -> str:
    return f"{LIST}{rule.pk}/{name}/"


def said(**fields: object) -> dict[str, object]:
    return {"officer_days": "-30, -7", "note": "提前半月"} | fields


def draft(client: Client, rule: ReminderRule, **fields: object) -> ReminderRuleVersion:
    answer = client.post(page(rule, "draft"), said(**fields))
    assert answer.status_code == 302, answer.context["form"].errors
    return rule.versions.get(state=VersionState.DRAFT)


def test_a_version_is_drafted_tried_and_put_into_force(cast: Cast, browser: Browser, rule: ReminderRule) -> None:
    client = browser("chen")
    version = draft(client, rule, head_days="-20，-13", head_every="4", head_most="2", head_growth="150")
    assert version.ladder == [
        {"audience": "officer", "days": [-30, -7], "every": 0, "most": 0, "growth": 100},
        {"audience": "head", "days": [-20, -13], "every": 4, "most": 2, "growth": 150},
    ]
    answer = client.post(page(rule, "versions/2"), {"reason": "办公会议定"})
    assert (answer.status_code, answer["Location"]) == (302, page(rule))
    states = dict(rule.versions.values_list("number", "state"))
    assert states == {1: VersionState.RETIRED, 2: VersionState.LIVE}
    assert Event.objects.latest("seq").reason == "办公会议定"


def test_the_dry_run_names_whom_and_what_and_writes_nothing(cast: Cast, browser: Browser, rule: ReminderRule) -> None:
    make_commitment("C-1", department=cast.science, due_on=date(2026, 12, 4))
    make_commitment("C-2", department=cast.science, due_on=date(2027, 9, 1))
    client = browser("chen")
    draft(client, rule, officer_days="-7", head_days="-1")
    events = Event.objects.count()
    answer = client.get(page(rule, "versions/2"))
    run = answer.context["dry_run"]
    assert [(line.day, line.reminder.recipient, line.reminder.commitment.code) for line in run.lines] == [
        (date(2026, 11, 27), cast.lin, "C-1")
    ]
    assert (run.total, run.people, run.by_day) == (1, 1, [(date(2026, 11, 27), 1, 1)])
    # The science bureau has no head.
    assert [(gap.audience, gap.total, gap.departments) for gap in run.gaps] == [
        (Audience.HEAD, 2, [(str(cast.science), 2)])
    ]
    html = answer.content.decode()
    assert "C-1" in html
    assert Event.objects.count() == events
    assert not Reminder.objects.exists()


def test_a_version_in_force_has_no_dry_run_and_cannot_be_put_into_force_again(
    cast: Cast, browser: Browser, rule: ReminderRule
) -> None:
    client = browser("chen")
    assert client.get(page(rule, "versions/1")).context["dry_run"] is None
    answer = client.post(page(rule, "versions/1"), {"reason": "再来"})
    assert answer.status_code == 200
    assert answer.context["form"].non_field_errors()
    assert client.get(page(rule, "versions/9")).status_code == 404


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"officer_days": "-7, bald"}, "officer_days"),
        ({"officer_days": "800"}, "officer_days"),
        ({"officer_days": ""}, "__all__"),
        ({"note": " "}, "note"),
        ({"head_every": "7"}, "head_days"),
        ({"officer_every": "7"}, "officer_most"),
        ({"officer_most": "3"}, "officer_every"),
        ({"officer_every": "7", "officer_most": "61"}, "officer_most"),
        ({"officer_growth": "50"}, "officer_growth"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_lost(
    cast: Cast, browser: Browser, rule: ReminderRule, fields: dict[str, str], field: str
) -> None:
    sent = said(overseer_days="35", **fields) if field != "__all__" else said(**fields)
    answer = browser("chen").post(page(rule, "draft"), sent)
    assert answer.status_code == 200
    form = answer.context["form"]
    assert field in form.errors
    assert form["officer_days"].value() == sent["officer_days"]
    assert not rule.versions.filter(state=VersionState.DRAFT).exists()


def test_nobody_is_told_before_something_happens(cast: Cast, browser: Browser) -> None:
    rule = make_rule("report-returned", ladder=[1], counts_working_days=True)
    form = browser("chen").get(page(rule, "draft")).context["form"]
    assert form["counts_working_days"].value() is True
    answer = browser("chen").post(page(rule, "draft"), said(officer_days="-1", counts_working_days="on"))
    assert answer.context["form"].non_field_errors()


def test_a_rule_of_one_plan_is_made_and_then_drafted(cast: Cast, browser: Browser) -> None:
    plan = make_plan()
    client = browser("gu")
    wanted = {"code": "due-p1", "occasion": "before_due", "plan": plan.pk}
    answer = client.post(f"{LIST}add/", wanted)
    made = ReminderRule.objects.get(code="due-p1")
    assert (answer["Location"], made.plan) == (page(made, "draft"), plan)
    assert client.get(answer["Location"]).context["live"] is None
    again = client.post(f"{LIST}add/", wanted)
    assert "code" in again.context["form"].errors


def test_a_rule_is_switched_off_and_on_with_a_reason(cast: Cast, browser: Browser, rule: ReminderRule) -> None:
    client = browser("chen")
    assert client.post(page(rule), {"switch_to": "off", "reason": ""}).context["form"].errors
    assert client.post(page(rule), {"switch_to": "off", "reason": "春节"}).status_code == 302
    assert not ReminderRule.objects.get(pk=rule.pk).is_active
    # Somebody else was faster: what the page offered is what is done, not its opposite.
    client.post(page(rule), {"switch_to": "off", "reason": "春节"})
    assert not ReminderRule.objects.get(pk=rule.pk).is_active
    client.post(page(rule), {"switch_to": "on", "reason": "节后"})
    assert ReminderRule.objects.get(pk=rule.pk).is_active
    assert Event.objects.filter(kind=EventKind.RULES_REVISED).count() == 2


def test_a_ladder_that_cannot_be_understood_is_shown_as_such(cast: Cast, browser: Browser, rule: ReminderRule) -> None:
    ReminderRuleVersion.objects.filter(rule=rule).update(ladder=["rubbish"])
    ReminderRuleVersion.objects.create(rule=rule, number=2, ladder=[7])
    client = browser("chen")
    for address in (LIST, page(rule), page(rule, "draft"), page(rule, "versions/2")):
        assert client.get(address).status_code == 200, address


def test_the_list_says_what_is_in_force_and_asks_as_much_for_many_rules(
    cast: Cast, browser: Browser, rule: ReminderRule
) -> None:
    client = browser("chen")
    counted = []
    for size in (2, 12):
        for number in range(size):
            make_rule(f"r-{size}-{number}", occasion=ReminderOccasion.ON_DUE, plan=make_plan(), ladder=[0])
        client.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        counted.append(len(queries))
    assert counted[0] == counted[1]
    assert "到期前 7、1 天" in client.get(LIST).content.decode()


def test_matters_of_an_occasion_that_reach_nobody_are_counted_by_department(cast: Cast) -> None:
    rule = make_rule(ladder={"officer": [-7], "overseer": [0]})
    empty = make_department("empty")
    for number in range(3):
        make_commitment(f"E-{number}", department=empty)
    make_commitment("NOBODY")
    make_commitment("OURS", department=cast.science)
    found = reminder_reach.gaps(rule, [Audience.OFFICER], today=TODAY)
    assert [(gap.department, gap.count) for gap in found] == [(empty, 3), (None, 1)]
    own = make_plan("OWN")
    make_commitment("OWN-1", department=empty, plan=own)
    make_rule("own", occasion=ReminderOccasion.BEFORE_DUE, plan=own, ladder=[-7])
    found = reminder_reach.gaps(rule, [Audience.OFFICER], today=TODAY)
    assert [(gap.department, gap.count) for gap in found] == [(empty, 3), (None, 1)], "that plan has a rule of its own"


def test_windows_are_counted_once_however_many_lie_ahead(cast: Cast) -> None:
    empty = make_department("empty")
    make_commitment("W-1", department=empty)
    make_commitment("W-2", department=empty)
    Plan.objects.update(report_cycle="month", tracked_since=date(2026, 1, 1))
    rule = make_rule("period-closing", ladder=[-3])
    found = reminder_reach.gaps(rule, [Audience.OFFICER], today=TODAY)
    assert [(gap.department, gap.count) for gap in found] == [(empty, 2)]


def test_the_office_proves_what_was_sent(cast: Cast, browser: Browser) -> None:
    item = make_commitment("C-1", department=cast.science)
    reminder, channel = make_reminder(item, cast.lin), make_channel()
    message = Message.objects.create(
        recipient=cast.lin, channel=channel, day=TODAY, not_before="2026-11-22T00:00Z", state=MessageState.SENT,
        sent_at="2026-11-22T00:01Z", line_count=1,
    )  # fmt: skip
    MessageLine.objects.create(message=message, reminder=reminder, channel=channel)
    client = browser("wu")
    sent = client.get(f"/admin/tracker/message/{message.pk}/change/").content.decode()
    assert f"/admin/tracker/reminder/{reminder.pk}/change/" in sent
    assert message.key in sent
    told = client.get(f"/admin/tracker/reminder/{reminder.pk}/change/").content.decode()
    assert f"/admin/tracker/message/{message.pk}/change/" in told
    assert client.get("/admin/tracker/message/?state__exact=sent").status_code == 200
    assert client.get("/admin/tracker/message/?state__exact=failed&channel__id__exact=1").status_code in {200, 302}


def test_a_draft_is_dropped_with_a_reason_and_stays_on_record(cast: Cast, browser: Browser, rule: ReminderRule) -> None:
    client = browser("chen")
    version = draft(client, rule)
    bare = client.post(page(rule, "versions/2"), {"drop-reason": "", "_drop": "1"})
    assert bare.context["drop_form"].errors
    assert not bare.context["form"].errors
    answer = client.post(page(rule, "versions/2"), {"drop-reason": "写错了", "_drop": "1"})
    assert (answer.status_code, answer["Location"]) == (302, page(rule))
    version.refresh_from_db()
    assert version.state == VersionState.DROPPED
    event = Event.objects.latest("seq")
    assert (event.kind, event.reason, event.changes) == (EventKind.RULES_REVISED, "写错了", {"draft": [2, None]})
    assert "未生效即作废" in client.get(page(rule)).content.decode()
    history = client.get(page(rule, "history")).content.decode()
    assert "草稿版本" in history
    assert "写错了" in history
    for said in ({"reason": "生效"}, {"drop-reason": "再来", "_drop": "1"}):
        assert client.post(page(rule, "versions/2"), said).status_code == 200
    assert draft(client, rule).number == 3, "a number is not used again"
    live = client.post(page(rule, "versions/1"), {"drop-reason": "不要了", "_drop": "1"})
    assert live.status_code == 200
    assert rule.versions.get(number=1).state == VersionState.LIVE
