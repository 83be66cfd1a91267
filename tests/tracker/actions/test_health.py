"""The stored light: its reasons, the day to look again, lights set by hand, and the recheck that no bad row stops."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from projects.errors import DomainError
from tests.factories import (
    TODAY,
    Cast,
    make_cast,
    make_commitment,
    make_indicator,
    make_milestone,
    make_reading,
    make_target,
)
from tracker.actions import commitments, health
from tracker.choices import Health, Stage
from tracker.event_kinds import EventKind
from tracker.models import Commitment, Event, Target
from tracker.queries import chain

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def reassess(item: Commitment, *, today: date = TODAY) -> Commitment:
    health.recheck([item.pk], today=today)
    return Commitment.objects.get(pk=item.pk)


def override(cast: Cast, item: Commitment, *, to: Health = Health.ON_TRACK, days: int = 5, by: str = "chen"):
    return health.override(
        item, to=to, reason=" 现场核实 ", until=TODAY + timedelta(days=days), by=cast.actor(by), today=TODAY
    )


def test_a_light_is_stored_with_its_reasons_its_rules_and_the_day_to_look_again(cast: Cast) -> None:
    item = reassess(make_commitment(department=cast.science, due_on=date(2026, 11, 10), progress=Decimal(40)))
    assert item.health == Health.OFF_TRACK
    assert item.health_reasons[0] == {"code": "overdue", "params": {"due_on": "2026-11-10"}}
    assert (item.assessed_on, item.health_since, item.rule_version) == (TODAY, TODAY, "v1")
    event = Event.objects.get(kind=EventKind.HEALTH_CHANGED)
    assert (event.changes, event.actor) == ({"health": ["no_data", "off_track"]}, None)
    assert item.revision > 0


def test_time_alone_changes_a_light_on_the_day_that_was_foretold(cast: Cast) -> None:
    item = reassess(make_commitment(department=cast.science, due_on=date(2026, 12, 1), progress=Decimal(99)))
    assert item.health == Health.ON_TRACK
    assert item.recheck_on is not None
    assert item.recheck_on <= date(2026, 12, 2)
    seen = item.revision
    day_before = reassess(item, today=item.recheck_on - timedelta(days=1))
    assert (day_before.health, day_before.revision) == (Health.ON_TRACK, seen)
    late = reassess(item, today=date(2026, 12, 2))
    assert (late.health, late.health_since) == (Health.OFF_TRACK, date(2026, 12, 2))
    assert late.revision > seen


def test_an_override_shows_both_and_ends_by_itself(cast: Cast) -> None:
    item = make_commitment(department=cast.science, due_on=date(2026, 11, 10), progress=Decimal(40))
    item = override(cast, item)
    assert (item.health, item.override_health, item.override_reason) == (Health.ON_TRACK, Health.ON_TRACK, "现场核实")
    assert item.health_reasons[0]["code"] == "overdue"
    assert item.recheck_on == TODAY + timedelta(days=6)
    told = Event.objects.get(kind=EventKind.HEALTH_OVERRIDDEN)
    assert told.changes == {"override_health": ["", "on_track"], "override_until": [None, "2026-11-27"]}
    assert told.reason == "现场核实"
    assert reassess(item, today=TODAY + timedelta(days=5)).health == Health.ON_TRACK
    after = reassess(item, today=TODAY + timedelta(days=6))
    assert after.health == Health.OFF_TRACK


def test_a_second_override_tells_what_it_replaced(cast: Cast) -> None:
    item = override(cast, make_commitment(department=cast.science))
    override(cast, item, to=Health.AT_RISK, days=9)
    told = Event.objects.filter(kind=EventKind.HEALTH_OVERRIDDEN).order_by("-seq").first()
    assert told is not None
    assert told.changes == {
        "override_health": ["on_track", "at_risk"],
        "override_until": ["2026-11-27", "2026-12-01"],
    }


def test_an_override_by_a_demonstration_sign_in_marks_the_commitment(cast: Cast) -> None:
    cast.chen.is_demo = True
    item = override(cast, make_commitment(department=cast.science))
    assert item.is_demo
    assert not Event.objects.filter(is_demo=False).exists()


@pytest.mark.parametrize(
    ("code", "changed"),
    [
        ("not_allowed", {"by": "lin"}),
        ("not_allowed", {"by": "wu"}),
        ("not_allowed", {"by": "gu"}),
        ("override_in_the_past", {"days": -1}),
    ],
)
def test_an_override_is_refused(cast: Cast, code: str, changed: dict[str, Any]) -> None:
    item = make_commitment(department=cast.science)
    with pytest.raises(DomainError) as refusal:
        override(cast, item, **changed)
    assert refusal.value.code == code
    item.refresh_from_db()
    assert (item.override_health, Event.objects.count()) == ("", 0)


def test_an_override_needs_its_reason(cast: Cast) -> None:
    item = make_commitment(department=cast.science)
    with pytest.raises(DomainError) as refusal:
        health.override(item, to=Health.DONE, reason="  ", until=TODAY, by=cast.actor("chen"), today=TODAY)
    assert (refusal.value.code, refusal.value.field) == ("reason_needed", "reason")


def test_an_event_of_the_work_during_an_override_keeps_the_light_set_by_hand(cast: Cast) -> None:
    item = override(cast, make_commitment(department=cast.science, due_on=date(2026, 12, 31)))
    moved = {"due_on": date(2026, 11, 1)}
    item = commitments.revise(item, values=moved, reason="提前", by=cast.actor("chen"), today=TODAY)
    assert item.health == Health.ON_TRACK


def spoil(item: Commitment) -> None:
    """A base year that no calendar has: the row is valid for the database and cannot be assessed."""
    indicator = make_indicator(f"bad-{item.pk}")
    make_reading(indicator, 2024, Decimal(100))
    make_target(item, indicator)
    Target.objects.filter(commitment=item).update(base_year=12000)


def test_a_bad_row_is_logged_pushed_one_day_and_never_stops_the_rest(
    cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    items = [
        make_commitment(f"B-{n}", department=cast.science, due_on=date(2026, 11, 1), recheck_on=TODAY) for n in range(5)
    ]
    spoil(items[2])
    changed, failed = health.recheck([item.pk for item in items], today=TODAY)
    assert (changed, failed) == (4, 1)
    found = {item.code: item for item in Commitment.objects.all()}
    assert {code: item.health for code, item in found.items()} == {
        "B-0": "off_track", "B-1": "off_track", "B-2": "no_data", "B-3": "off_track", "B-4": "off_track",
    }  # fmt: skip
    assert found["B-2"].recheck_on == TODAY + timedelta(days=1)
    assert [record.message for record in caplog.records] == ["recheck batch failed", "recheck failed"]
    assert caplog.records[1].__dict__["commitment"] == items[2].pk
    assert Event.objects.filter(kind=EventKind.HEALTH_CHANGED).count() == 4
    assert chain.verify().broken_seq is None


def due(today: date = TODAY) -> set[str]:
    ids = [pk for batch in health.due_for_recheck(today=today) for pk in batch]
    assert len(ids) == len(set(ids))
    return set(Commitment.objects.filter(pk__in=ids).values_list("code", flat=True))


def test_only_what_is_due_or_was_never_assessed_is_looked_at(cast: Cast) -> None:
    make_commitment("PAST", recheck_on=TODAY - timedelta(days=3))
    make_commitment("TODAY", recheck_on=TODAY)
    make_commitment("TOMORROW", recheck_on=TODAY + timedelta(days=1))
    make_commitment("NEVER", recheck_on=None)
    make_commitment("NEW", recheck_on=None, assessed_on=None)
    make_commitment("NEW-LATER", recheck_on=TODAY + timedelta(days=9), assessed_on=None)
    assert due() == {"PAST", "TODAY", "NEW", "NEW-LATER"}


def test_the_batches_hold_every_row_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "BATCH", 3)
    expected = {make_commitment(recheck_on=TODAY).code for _ in range(8)}
    assert [len(batch) for batch in health.due_for_recheck(today=TODAY)] == [3, 3, 2]
    assert due() == expected


def test_a_second_recheck_on_the_same_day_changes_nothing(cast: Cast) -> None:
    item = reassess(make_commitment(department=cast.science, due_on=date(2026, 11, 1)))
    count = Event.objects.count()
    assert health.recheck([item.pk], today=TODAY) == (0, 0)
    again = Commitment.objects.get(pk=item.pk)
    assert (again.revision, Event.objects.count()) == (item.revision, count)


def test_a_batch_asks_the_database_as_often_for_ten_rows_as_for_one(
    cast: Cast, django_assert_num_queries, django_assert_max_num_queries
) -> None:
    def ids(number: int) -> list[int]:
        rows = [make_commitment(due_on=date(2026, 11, 1), stage=Stage.IN_PROGRESS) for _ in range(number)]
        for row in rows:
            make_milestone(row, planned_on=date(2026, 1, 1), weight=Decimal(1))
        return [row.pk for row in rows]

    one, ten = ids(2), ids(10)
    with django_assert_max_num_queries(25) as first:
        health.recheck(one, today=TODAY)
    with django_assert_num_queries(len(first)):
        health.recheck(ten, today=TODAY)
