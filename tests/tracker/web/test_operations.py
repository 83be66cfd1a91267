"""How the site does, and when whom is reminded: problems first, calm when there are none, nothing told to the wrong."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.utils import timezone

from config import health
from tests.factories import TODAY, Cast, make_cast, make_commitment
from tests.reminder_rows import make_channel, make_reminder, make_rule
from tests.subscription_rows import make_delivery, make_subscription
from tests.tracker.web.pages import parse, signed_in, text, with_class
from tracker.actions import events
from tracker.actions.events import Entry
from tracker.choices import MessageState
from tracker.event_kinds import EventKind
from tracker.models import Channel, Event, Message, ReminderRule, ReminderRuleVersion, Subscription, SweepRun, User
from tracker.policies import SYSTEM
from tracker.queries import heartbeat, reminder_overview

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 11, 23)
PAGE = "/operations/"


@pytest.fixture
def cast() -> Iterator[Cast]:
    """Monday, ten in the morning; the sweep has run, beat and worker live, e-mail is on."""
    with time_machine.travel("2026-11-23T02:00Z", tick=False):
        cache.clear()
        made = make_cast()
        make_channel()
        health.mark("worker")
        health.mark("beat")
        swept()
        yield made


def swept(**facts: object) -> SweepRun:
    started = timezone.now() - timedelta(hours=2)
    return SweepRun.objects.create(day=MONDAY, started_at=started, finished_at=started + timedelta(seconds=12), **facts)


def failed(person: User) -> Message:
    return Message.objects.create(
        recipient=person, channel=Channel.objects.get(), day=MONDAY, not_before=timezone.now() - timedelta(hours=1),
        state=MessageState.FAILED, error="550 no such user", attempts=5,
    )  # fmt: skip


def problems(cast: Cast, language: str = "en") -> list[str]:
    tree = parse(signed_in(cast.chen, language=language).get(PAGE))
    return [text(line) for node in with_class(tree, "problems") for line in node]


def test_it_is_calm_when_all_is_well(cast: Cast) -> None:
    assert problems(cast) == []
    assert "一切正常" in signed_in(cast.wu, language="zh-hans").get(PAGE).content.decode()


def test_letters_that_only_become_files_are_no_letters(cast: Cast, settings: Any, tmp_path: Path) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    [said] = problems(cast)
    assert said.endswith("writes letters into a folder of the server and sends none: no mail server is set.")
    cast.gu.email = "gu@example.cn"
    cast.gu.save()
    answer = signed_in(cast.gu).post(f"/admin/tracker/channel/{Channel.objects.get().pk}/test/", follow=True)
    assert f"测试邮件已写入服务器目录 {tmp_path}" in answer.content.decode()
    assert len(list(tmp_path.iterdir())) == 1


def test_what_is_wrong_comes_first_in_plain_sentences(cast: Cast) -> None:
    cache.clear()
    SweepRun.objects.update(finished_at=None)
    failed(cast.lin)
    Channel.objects.update(failures=3, retry_at=timezone.now() + timedelta(minutes=5), last_error="timed out")
    ReminderRuleVersion.objects.filter(rule=make_rule(ladder=[-7])).update(ladder=[7])
    Message.objects.create(
        recipient=cast.zhou, channel=Channel.objects.get(), day=MONDAY, not_before=timezone.now() - timedelta(hours=1)
    )
    Message.objects.update(created_at=timezone.now() - timedelta(hours=1))
    said = problems(cast)
    for words in (
        "Beat does not tick", "Today’s sweep has not ended", "“before-due” cannot be understood",
        "has waited 60 minutes", "cannot be reached, 3 failures in a row",
        "1 message of the last days could not be sent",
    ):  # fmt: skip
        assert any(words in line for line in said), words
    assert len(problems(cast, "zh-hans")) == len(said)


def test_a_beat_whose_clock_is_off_and_rows_that_failed_are_named(cast: Cast) -> None:
    cache.set(heartbeat.FRESH, timezone.now().timestamp() + 40, timeout=60)
    SweepRun.objects.update(failed_count=2)
    said = problems(cast)
    assert any("40 seconds ahead" in line for line in said)
    assert any("2 rows" in line for line in said)


def test_a_year_without_a_calendar_is_told_in_time() -> None:
    cast = make_cast()
    with time_machine.travel("2026-12-01T02:00Z", tick=False):
        assert any("2027" in line for line in problems(cast))
    with time_machine.travel("2026-11-23T02:00Z", tick=False):
        assert not any("2027" in line for line in problems(cast))


def test_the_failed_ones_are_sent_again_by_those_who_keep_the_site(cast: Cast) -> None:
    message = failed(cast.lin)
    address = "/operations/channels/email/retry/"
    assert signed_in(cast.wu).post(address).status_code == 403
    assert address not in signed_in(cast.wu).get(PAGE).content.decode()
    client = signed_in(cast.chen)
    assert address in client.get(PAGE).content.decode()
    assert client.post(address)["Location"] == PAGE
    message.refresh_from_db()
    assert (message.state, message.attempts) == (MessageState.WAITING, 0)
    assert Event.objects.latest("seq").kind == EventKind.MESSAGES_RETRIED
    assert client.get(address).status_code == 405
    assert client.post("/operations/channels/none/retry/").status_code == 404


def test_without_a_channel_everybody_is_told_in_the_inbox_only(cast: Cast) -> None:
    Channel.objects.update(is_active=False)
    client = signed_in(cast.chen, language="en")
    assert "No channel is switched on: everybody is told in the inbox only." in client.get(PAGE).content.decode()
    listed = client.get("/operations/inbox-only/").content.decode()
    assert cast.lin.full_name in listed


def test_a_fresh_installation_is_calm() -> None:
    with time_machine.travel("2026-11-23T02:00Z", tick=False):
        cast = make_cast()
        cache.clear()
        health.mark("worker")
        health.mark("beat")
        assert problems(cast) == []


def test_everybody_reads_the_rules_and_the_numbers_of_their_own(cast: Cast) -> None:
    make_rule(ladder={"officer": [-7], "head": [0]})
    rule = ReminderRule.objects.get(code="before-due")
    item = make_commitment("C-1", department=cast.science)
    make_reminder(item, cast.lin, planned_on=MONDAY)
    make_reminder(item, cast.zhou, planned_on=MONDAY)
    make_reminder(item, cast.zhou, planned_on=TODAY - timedelta(days=90), offset=-1)
    counts = {
        name: signed_in(getattr(cast, name)).get("/reminders/").context["in_force"][0]["counts"]
        for name in ("lin", "chen")
    }
    assert (counts["lin"].today, counts["chen"].today) == (1, 2)
    assert (counts["lin"].waiting, counts["chen"].waiting) == (1, 3)
    html = signed_in(cast.lin, language="en").get("/reminders/").content.decode()
    assert "7 days before the due date" in html
    assert f"/admin/tracker/reminderrule/{rule.pk}/" not in html
    assert cast.zhou.full_name not in html
    assert f"/admin/tracker/reminderrule/{rule.pk}/" in signed_in(cast.chen).get("/reminders/").content.decode()


def test_the_next_run_is_the_next_working_day_after_todays_sweep(cast: Cast) -> None:
    assert signed_in(cast.lin).get("/reminders/").context["next_on"] == date(2026, 11, 24)
    SweepRun.objects.all().delete()
    assert signed_in(cast.lin).get("/reminders/").context["next_on"] == MONDAY


def test_rules_that_rest_stand_below_and_a_broken_one_says_so(cast: Cast) -> None:
    make_rule(ladder=[-7])
    make_rule("on-due", ladder=[0])
    ReminderRule.objects.filter(code="on-due").update(is_active=False)
    ReminderRuleVersion.objects.filter(rule__code="before-due").update(ladder=[1])
    answer = signed_in(cast.lin, language="en").get("/reminders/")
    assert [line["is_sound"] for line in answer.context["in_force"]] == [False]
    assert len(answer.context["resting"]) == 1
    assert "cannot be understood; it tells nobody" in answer.content.decode()


def test_a_subscription_that_fails_waits_or_belongs_to_nobody_is_a_problem(cast: Cast) -> None:
    down, orphaned, slow = (make_subscription(cast, code=code, name=code) for code in ("down", "orphaned", "slow"))
    item = make_commitment("C-1", department=cast.science)
    event = events.record(Entry(kind=EventKind.COMMITMENT_REVISED, commitment=item), by=SYSTEM)
    now = timezone.now()
    Subscription.objects.filter(pk=down.pk).update(failures=2, last_error="no answer")
    Subscription.objects.filter(pk=orphaned.pk).update(owner=cast.chen)
    make_delivery(slow, event, planned_at=now - timedelta(hours=3))
    make_delivery(down, event, state="failed", planned_at=now - timedelta(days=1))
    make_delivery(orphaned, event, state="failed", planned_at=now - timedelta(days=8))
    said = problems(cast)
    assert [line for line in said if "“" in line] == [
        "“down” cannot be reached, 2 failures in a row.",
        "“down”: 1 delivery of the last days was given up.",
        "“orphaned” is told nothing: Chen may no longer answer for it. Switch it off and on.",
        "“slow”: what it is to be told waits for 3 hours.",
    ]
    assert len(problems(cast, "zh-hans")) == len(said)
    log = f"/admin/tracker/delivery/?subscription__id__exact={down.pk}&amp;state__exact=failed"
    assert log in signed_in(cast.chen).get(PAGE).content.decode()
    assert "/admin/tracker/delivery/" not in signed_in(cast.wu).get(PAGE).content.decode()


def test_what_only_the_inbox_tells_does_not_wait_for_a_working_day(cast: Cast) -> None:
    rule = make_rule(ladder=[0])
    item = make_commitment(department=cast.science)
    make_channel()
    User.objects.filter(pk=cast.zhou.pk).update(email="")
    for person in (cast.lin, cast.zhou):
        make_reminder(item, person, planned_on=TODAY)
    found = reminder_overview.overview(cast.actor("chen"), today=TODAY)
    (counts,) = [line.counts for line in found.lines if line.rule == rule]
    assert (counts.waiting, counts.sent) == (1, 1)
