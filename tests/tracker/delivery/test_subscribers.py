"""Other platforms on loopback are told what happened: signed, in order, at least once, never of what is not theirs."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings as django_settings
from django.test import override_settings
from knox.models import AuthToken

from config.celery import app
from tests import relays
from tests.factories import TODAY, Cast, make_cast, make_commitment, make_plan, make_report
from tests.relays import Endpoint, Mood
from tests.subscription_rows import NOW, SECRET, make_subscription
from tests.tracker.api.conftest import Caller
from tracker.actions import commitments, events, health, reviews, subscriptions, telling
from tracker.actions.events import Entry
from tracker.choices import ChannelKind, DeliveryState, Health, ReportState
from tracker.delivery import subscribers
from tracker.delivery.subscribers import Told
from tracker.event_kinds import EventKind
from tracker.models import Commitment, Delivery, Subscription, User
from tracker.policies import SYSTEM
from tracker.queries import subscriptions as queries
from tracker.rules import subscriptions as rules
from tracker.tasks import jobs

pytestmark = pytest.mark.django_db
DOCS = Path(django_settings.BASE_DIR) / "docs" / "webhooks.md"
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def platform() -> Iterator[Endpoint]:
    with relays.endpoint(ChannelKind.WEBHOOK) as made:
        yield made


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def move(item: Commitment, day: int, cast: Cast) -> None:
    commitments.revise(
        item, values={"due_on": date(2027, 1, day)}, reason="天气", by=cast.actor("chen"), today=TODAY
    )  # fmt: skip


def note(item: Commitment, *, times: int = 1, kind: EventKind = EventKind.COMMITMENT_REVISED) -> None:
    """Events without the change they tell of."""
    entry = Entry(kind=kind, commitment=item, changes={"due_on": ["2026-12-31", "2027-01-31"]})
    events.append([entry] * times, by=SYSTEM)


def states() -> list[str]:
    return list(Delivery.objects.order_by("subscription", "seq").values_list("state", flat=True))


def test_the_three_kinds_of_news_arrive_with_the_commitment_as_the_api_shows_it(cast: Cast, platform: Endpoint) -> None:
    item = make_commitment("C-1", department=cast.science)
    row = make_subscription(cast, platform.url + "/in?tenant=1")
    report = make_report(item, author=cast.lin, state=ReportState.SUBMITTED)
    reviews.accept(report, by=cast.actor("chen"), today=TODAY)
    health.override(item, to=Health.OFF_TRACK, reason="张三说不行", until=TODAY, by=cast.actor("chen"), today=TODAY)
    names = Entry(kind=EventKind.LEAD_CONFIRMED, commitment=item, changes={"holder": ["", "李四"], "lead": ["", "kjj"]})
    events.record(names, by=SYSTEM)
    note(item, kind=EventKind.REPORT_SAVED)  # a draft is its department's own
    done = subscribers.tell(row, now=NOW)
    told = [received.json for received in platform.received]
    assert (done.failed, done.sent) == (0, len(told))
    assert {one["type"] for one in told} == {"commitment.changed", "report.accepted", "light.changed"}
    by_kind = {one["change"]["event"]: one for one in told}
    assert EventKind.REPORT_SAVED not in by_kind
    assert by_kind["report_accepted"]["change"]["report"] == f"/api/v1/reports/{report.ref}/"
    light = by_kind["health_changed"]
    assert light["change"]["fields"]["health"]["after"] == "off_track"
    [shown] = Caller(AuthToken.objects.create(user=cast.gu)[1], "zh-hans").get("commitments/").json()["results"]
    assert light["commitment"] == shown
    assert (light["version"], light["revision"], light["is_demo"]) == (1, shown["revision"], False)
    assert platform.received[0].query == {"tenant": ["1"]}
    assert by_kind["lead_confirmed"]["change"]["fields"] == {"lead": {"before": "", "after": "kjj"}}
    sent = "".join(received.body.decode() for received in platform.received)
    assert "张三" not in sent
    assert "李四" not in sent
    delivery = Delivery.objects.latest("pk")
    assert (delivery.state, delivery.status, delivery.attempts, delivery.error) == ("sent", 202, 1, "")
    assert delivery.took_ms is not None


def test_the_sample_of_the_docs_verifies_what_arrives_and_nothing_else(cast: Cast, platform: Endpoint) -> None:
    code = re.search(r"```python\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert code is not None
    sample: dict[str, Any] = {}
    exec(code[1], sample)
    item = make_commitment("C-1", department=cast.science)
    row = make_subscription(cast, platform.url)
    note(item)
    subscribers.tell(row, now=NOW)
    [received] = platform.received
    headers, body = received.headers, received.body
    receiver = sample["Receiver"](SECRET)
    message = receiver.accept(headers, body)
    assert message["commitment"]["code"] == "C-1"
    assert receiver.accept(headers, body) == message  # it was not stored, so it counts as not taken
    receiver.stored(message)
    assert receiver.accept(headers, body) is None  # taken before
    fresh = sample["Receiver"](SECRET).accept
    older = {**headers, "x-luoshi-timestamp": str(int(headers["x-luoshi-timestamp"]) - 1)}
    bare = {"x-luoshi-timestamp": headers["x-luoshi-timestamp"]}
    odd = {**headers, "x-luoshi-timestamp": "soon"}
    strange = {**headers, "x-luoshi-signature": "sha256=签名"}
    for forged in ((headers, body + b" "), (older, body), ({}, body), (bare, body), (odd, body), (strange, body)):
        with pytest.raises(PermissionError):
            fresh(*forged)
    with pytest.raises(PermissionError):
        sample["Receiver"]("another secret entirely").accept(headers, body)
    with time_machine.travel(NOW + 6 * MINUTE), pytest.raises(PermissionError):
        fresh(headers, body)


def test_a_second_run_plans_nothing_and_sends_nothing(
    cast: Cast, platform: Endpoint, django_assert_num_queries: Any
) -> None:
    items = [make_commitment(department=cast.science) for _ in range(3)]
    note(items[0])  # before it was switched on
    row = make_subscription(cast, platform.url)
    for item in items:
        note(item, times=2)
    assert subscribers.tell(row, now=NOW) == Told(sent=6)
    assert subscribers.tell(row, now=NOW) == Told()
    Subscription.objects.update(mark=0)  # as if the first run had not noted how far it came
    assert subscribers.tell(row, now=NOW).sent == 1
    keys = [received.headers["luoshi-delivery"] for received in platform.received]
    assert (len(keys), len(set(keys)), Delivery.objects.count()) == (7, 7, 7)
    note(items[0], times=40)
    # the savepoint and its end; the row with its owner, the head, the news, the insertion, the mark.
    with django_assert_num_queries(7):
        telling.plan(row, now=NOW)


def test_a_department_s_subscription_is_told_of_its_own_only_and_a_plan_s_of_its_plan(
    cast: Cast, platform: Endpoint
) -> None:
    own, foreign = (
        make_commitment("OWN", department=cast.science),
        make_commitment("FOREIGN", department=cast.health_bureau),
    )
    other = make_commitment("OTHER", plan=make_plan("P2"), department=cast.science)
    narrow = make_subscription(cast, platform.url, code="kjj", department=cast.science, plan=own.plan)
    for item in (own, foreign, other):
        note(item)
    assert subscribers.tell(narrow, now=NOW) == Told(sent=1)
    note(own)
    telling.plan(narrow, now=NOW)
    Commitment.objects.filter(pk=own.pk).update(lead=cast.health_bureau)  # out of sight after it was planned
    assert subscribers.tell(narrow, now=NOW) == Told()
    assert [received.json["commitment"]["code"] for received in platform.received] == ["OWN"]
    assert states() == [DeliveryState.SENT, DeliveryState.UNSEEN]
    assert "FOREIGN" not in str([received.body for received in platform.received])


@pytest.mark.parametrize("change", [{"is_active": False}, {"role": "officer"}, {"role": "supervisor"}])
def test_while_nobody_answers_for_it_nothing_is_told_and_nothing_is_lost(
    cast: Cast, platform: Endpoint, change: dict[str, object]
) -> None:
    item, row = make_commitment(department=cast.science), make_subscription(cast, platform.url)
    note(item)
    User.objects.filter(pk=cast.gu.pk).update(**change)
    assert subscribers.tell(fresh(row), now=NOW) == Told()
    assert (platform.received, states(), fresh(row).mark) == ([], [], row.mark)
    User.objects.filter(pk=cast.gu.pk).update(is_active=True, role="admin")
    assert subscribers.tell(fresh(row), now=NOW) == Told(sent=1)


def fresh(row: Subscription) -> Subscription:
    return Subscription.objects.select_related("owner").get(pk=row.pk)


def test_500_keeps_the_order_of_one_commitment_and_lets_others_pass(cast: Cast, platform: Endpoint) -> None:
    first, second = (make_commitment(code, department=cast.science) for code in ("C-1", "C-2"))
    row = make_subscription(cast, platform.url, wants_lights=False)
    move(first, 10, cast)
    move(first, 11, cast)
    platform.mood = Mood.BREAK
    assert subscribers.tell(row, now=NOW) == Told(failed=1)  # the second change of the commitment waits for the first
    failed = Delivery.objects.order_by("seq")[0]
    assert (failed.state, failed.status, failed.attempts) == (DeliveryState.WAITING, 500, 1)
    platform.mood = Mood.ACCEPT
    note(second)
    assert subscribers.tell(row, now=NOW) == Told(sent=1)
    assert subscribers.tell(row, now=NOW + 2 * MINUTE) == Told(sent=2)
    _refused, other, *told = (received.json for received in platform.received)
    assert other["commitment"]["code"] == "C-2"
    assert [one["change"]["fields"]["due_on"]["after"] for one in told] == ["2027-01-10", "2027-01-11"]
    assert told[0]["id"] == str(failed.ref)


def test_pauses_grow_and_after_five_days_it_is_given_up_and_can_be_tried_again(cast: Cast, platform: Endpoint) -> None:
    item, row, now = make_commitment(department=cast.science), make_subscription(cast, platform.url), NOW
    note(item, times=2)
    platform.mood = Mood.BREAK
    waits = []
    while now < NOW + rules.GIVES_UP_AFTER:
        subscribers.tell(row, now=now)
        due = Delivery.objects.order_by("seq")[0].not_before
        waits.append(round((due - now) / MINUTE))
        now = due
    assert waits[:4] == [1, 5, 30, 120]
    assert set(waits[4:]) == {360}
    subscribers.tell(row, now=now + DAY)
    assert states() == [DeliveryState.FAILED, DeliveryState.FAILED]
    platform.mood = Mood.ACCEPT
    assert subscribers.tell(row, now=now + DAY) == Told()
    assert telling.retry(Delivery.objects.all(), by=cast.actor("chen"), now=now + DAY) == 2
    assert subscribers.tell(row, now=now + DAY) == Told(sent=2)


def test_what_is_refused_is_given_up_at_once_and_the_next_one_goes_out(cast: Cast, platform: Endpoint) -> None:
    item, row = make_commitment(department=cast.science), make_subscription(cast, platform.url)
    note(item, times=2)
    platform.mood = Mood.REFUSE
    subscribers.tell(row, now=NOW)
    assert states() == [DeliveryState.FAILED, DeliveryState.FAILED]
    assert "nobody of that name" in Delivery.objects.all()[0].error


@pytest.mark.parametrize(
    ("mood", "status", "kept"),
    [(Mood.SLOW, None, None), (Mood.DROP, None, None), (Mood.ACCEPT, 404, 404), (Mood.CLOSED, None, 401)],
)
def test_a_platform_that_is_down_is_left_alone_and_nothing_is_lost(
    cast: Cast, platform: Endpoint, mood: Mood, status: int | None, kept: int | None
) -> None:
    items = [make_commitment(department=cast.science) for _ in range(3)]
    row = make_subscription(cast, platform.url)
    for item in items:
        note(item)
    platform.mood, platform.status = mood, status
    with override_settings(CHANNEL_TIMEOUTS={"connect": 1, "read": 0.3, "total": 1}):
        assert subscribers.tell(row, now=NOW) == Told(failed=1)
    paused = fresh(row)
    assert (len(platform.received), states()) == (1, [DeliveryState.WAITING] * 3)
    assert paused.retry_at is not None
    assert paused.retry_at >= NOW + MINUTE
    assert paused.failures == 1
    assert paused.last_error
    assert Delivery.objects.order_by("seq")[0].status == kept
    assert queries.open_subscriptions(now=NOW) == []
    platform.mood, platform.status = Mood.ACCEPT, None
    platform.released.set()
    assert subscribers.tell(paused, now=paused.retry_at) == Told(sent=3)
    assert (fresh(row).failures, fresh(row).retry_at) == (0, None)


def test_many_failures_in_a_row_are_a_platform_that_is_down(cast: Cast, platform: Endpoint) -> None:
    row = make_subscription(cast, platform.url)
    for _ in range(8):
        note(make_commitment(department=cast.science))
    platform.mood = Mood.BREAK
    subscribers.tell(row, now=NOW)
    assert len(platform.received) == subscribers.MOST_IN_A_ROW
    assert fresh(row).failures == 1


def test_a_slow_platform_keeps_no_other_waiting(cast: Cast, platform: Endpoint) -> None:
    item = make_commitment(department=cast.science)
    with relays.endpoint(ChannelKind.WEBHOOK) as slow:
        slow.mood = Mood.SLOW
        make_subscription(cast, slow.url, code="a-slow")
        make_subscription(cast, platform.url, code="b-quick")
        note(item)
        app.conf.task_always_eager = True
        try:
            with override_settings(CHANNEL_TIMEOUTS={"connect": 1, "read": 0.3, "total": 1}):
                jobs.tell()
                jobs.tell()  # the ring comes twice
        finally:
            app.conf.task_always_eager = False
        assert (len(slow.received), len(platform.received)) == (1, 1)
    assert states() == [DeliveryState.WAITING, DeliveryState.SENT]


@override_settings(REMINDER_CLAIM_SECONDS=300)
def test_a_worker_that_died_holding_a_claim_is_taken_over_with_the_same_key(cast: Cast, platform: Endpoint) -> None:
    item, row = make_commitment(department=cast.science), make_subscription(cast, platform.url)
    platform.remembers = True
    note(item, times=2)
    telling.plan(row, now=NOW)
    _token, [dead] = telling.claim(row, 20, now=NOW)
    assert telling.begin(dead, now=NOW)
    webhook_key = str(dead.ref)
    platform.keys.add(webhook_key)  # it had gone out; the worker died before it was recorded
    assert subscribers.tell(row, now=NOW + MINUTE) == Told()  # nor does the later one of the same commitment go out
    assert subscribers.tell(row, now=NOW + 6 * MINUTE) == Told(sent=2)
    assert platform.received[0].headers["idempotency-key"] == webhook_key
    assert list(Delivery.objects.order_by("seq").values_list("status", flat=True)) == [409, 202]
    # The dead one wakes up: it may not begin, and what it records late undoes nothing.
    assert not telling.begin(dead, now=NOW + 7 * MINUTE)
    telling.record_failed(dead, error="too late", status=500, took_ms=1, now=NOW + 7 * MINUTE)
    assert states() == [DeliveryState.SENT, DeliveryState.SENT]


@override_settings(REMINDER_CLAIM_SECONDS=300)
def test_whoever_lost_its_claim_may_neither_begin_nor_record(cast: Cast) -> None:
    item, row = make_commitment(department=cast.science), make_subscription(cast)
    note(item)
    telling.plan(row, now=NOW)
    later = NOW + 6 * MINUTE
    _token, [slow] = telling.claim(row, 20, now=NOW)
    _token, [quick] = telling.claim(row, 20, now=later)
    assert not telling.begin(slow, now=later)
    telling.record_failed(slow, error="too late", status=500, took_ms=1, now=later)
    telling.give_back(slow.claim)
    assert states() == [DeliveryState.SENDING]
    assert telling.begin(quick, now=later)
    telling.record_sent(quick, status=200, took_ms=1, now=later)
    assert states() == [DeliveryState.SENT]


def test_two_workers_never_hold_the_same_one(cast: Cast) -> None:
    row = make_subscription(cast)
    for _ in range(3):
        note(make_commitment(department=cast.science))
    telling.plan(row, now=NOW)
    (_one, first), (_two, second) = (telling.claim(row, 2, now=NOW) for _ in range(2))
    assert [len(first), len(second)] == [2, 1]
    assert telling.claim(row, 2, now=NOW)[1] == []


def test_while_both_secrets_hold_each_verifies_and_then_only_the_new_one(cast: Cast, platform: Endpoint) -> None:
    item, row = make_commitment(department=cast.science), make_subscription(cast, platform.url)
    subscriptions.rotate(row, secret="another secret entirely", overlap=24, by=cast.actor("gu"), now=NOW)
    for now, count in ((NOW + timedelta(hours=23), 2), (NOW + timedelta(hours=25), 1)):
        note(item)
        subscribers.tell(fresh(row), now=now)
        assert len(platform.received[-1].headers["x-luoshi-signature"].split(", ")) == count


def test_what_waits_stays_while_it_is_off_and_what_happened_meanwhile_is_told_afterwards(
    cast: Cast, platform: Endpoint
) -> None:
    item, row, gu = make_commitment(department=cast.science), make_subscription(cast, platform.url), cast.actor("gu")
    note(item)
    telling.plan(row, now=NOW)
    subscriptions.switch(row, on=False, reason="维护", by=gu, now=NOW)
    note(item)
    assert subscribers.tell(fresh(row), now=NOW) == Told()
    subscriptions.switch(row, on=True, by=gu, now=NOW)
    assert subscribers.tell(fresh(row), now=NOW) == Told(sent=2)
    subscriptions.switch(row, on=False, reason="停用", by=gu, now=NOW)
    note(item)
    subscriptions.switch(row, on=True, by=gu, now=NOW + 6 * DAY)
    assert subscribers.tell(fresh(row), now=NOW + 6 * DAY) == Told()  # too long ago: the platform catches up by the API


def test_what_cannot_be_opened_any_more_is_an_error_of_its_subscription(cast: Cast, platform: Endpoint) -> None:
    item, row = make_commitment(department=cast.science), make_subscription(cast, platform.url)
    note(item)
    Subscription.objects.update(secret="gAAAAABnonsense")
    assert subscribers.tell(fresh(row), now=NOW) == Told(failed=1)
    assert (states(), platform.received) == ([DeliveryState.WAITING], [])
    assert fresh(row).failures == 1
