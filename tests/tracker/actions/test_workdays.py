"""Moved working days: who enters them, what the log keeps, which lights follow, what the sweep announces."""

import logging
from datetime import date, timedelta

import pytest
from django.utils import translation

from projects.models import SyncClock
from tests.factories import Cast, make_cast, make_commitment, make_moved_day
from tests.tracker.rules.make import refused
from tracker.actions import health, workdays
from tracker.choices import Health, Stage
from tracker.event_kinds import EventKind
from tracker.models import Commitment, DayOverride, Event
from tracker.policies import SYSTEM
from tracker.queries import desk_department, desk_office, history
from tracker.queries import workdays as queries
from tracker.rules.workday_rows import MovedDay
from tracker.rules.workdays import STANDARD

pytestmark = pytest.mark.django_db

FRIDAY = date(2026, 11, 20)
MONDAY_OFF, SATURDAY_ON = date(2026, 11, 23), date(2026, 11, 28)
NOTICE = "市政府办通知〔2026〕1号"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def moved(day: date, *, works: bool, name: str = "调休", notice: str = NOTICE) -> MovedDay:
    return MovedDay(day=day, is_working=works, name=name, notice=notice)


BOTH = [moved(MONDAY_OFF, works=False), moved(SATURDAY_ON, works=True)]


def issued(cast: Cast, *, on: date = FRIDAY, today: date) -> Commitment:
    item = make_commitment(department=cast.science, stage=Stage.ISSUED, due_on=date(2027, 6, 30))
    Commitment.objects.filter(pk=item.pk).update(issued_on=on)
    item.refresh_from_db()
    health.reassess([item], today=today)
    return item


@pytest.mark.parametrize(
    ("name", "may"), [("lin", False), ("zhou", False), ("wu", False), ("chen", True), ("gu", True)]
)
def test_the_office_and_the_administrators_keep_the_days(cast: Cast, name: str, may: bool) -> None:
    actor = cast.actor(name)
    if may:
        assert workdays.enter(BOTH, reason="", by=actor, today=FRIDAY).group
        workdays.remove(DayOverride.objects.get(day=MONDAY_OFF), reason="录错", by=actor, today=FRIDAY)
        assert list(DayOverride.objects.values_list("day", flat=True)) == [SATURDAY_ON]
        return
    row = make_moved_day()
    with refused("not_allowed"):
        workdays.enter(BOTH, reason="", by=actor, today=FRIDAY)
    with refused("not_allowed"):
        workdays.remove(row, reason="录错", by=actor, today=FRIDAY)
    assert DayOverride.objects.get() == row
    assert not Event.objects.exists()


def test_each_day_is_an_event_of_one_group_and_the_second_time_writes_nothing(cast: Cast) -> None:
    first = workdays.enter(BOTH, reason="", by=cast.actor("chen"), today=FRIDAY)
    told = list(Event.objects.filter(kind=EventKind.WORKDAYS_REVISED).order_by("seq"))
    assert [(event.subject, event.group) for event in told] == [
        ("dayoverride 2026-11-23", first.group),
        ("dayoverride 2026-11-28", first.group),
    ]
    assert told[0].changes == {"is_working": [None, False], "name": [None, "调休"], "notice": [None, NOTICE]}
    revision = SyncClock.objects.get().rev
    again = workdays.enter(BOTH, reason="", by=cast.actor("chen"), today=FRIDAY)
    assert (again.group, again.judgement.unchanged_count, Event.objects.count()) == (None, 2, 2)
    assert SyncClock.objects.get().rev == revision


def test_a_day_that_was_entered_before_changes_with_a_reason_only(cast: Cast) -> None:
    workdays.enter(BOTH, reason="", by=cast.actor("chen"), today=FRIDAY)
    other = [moved(MONDAY_OFF, works=True), moved(date(2026, 11, 24), works=False)]
    with refused("workday_reason_needed", field="reason"):
        workdays.enter(other, reason=" ", by=cast.actor("chen"), today=FRIDAY)
    assert DayOverride.objects.count() == 2
    done = workdays.enter(other, reason="更正", by=cast.actor("chen"), today=FRIDAY)
    assert (len(done.judgement.new), len(done.judgement.changed)) == (1, 1)
    event = Event.objects.get(subject="dayoverride 2026-11-23", reason="更正")
    assert event.changes == {"is_working": [False, True]}


def test_all_of_it_or_nothing(cast: Cast) -> None:
    for wrong, code in (
        (moved(date(2027, 1, 1), works=True), "workday_never_worked"),
        (moved(date(2027, 2, 14), works=True, name=""), "workday_name_missing"),
        (moved(MONDAY_OFF, works=False), "workday_twice"),
    ):
        with refused(code):
            workdays.enter([*BOTH, wrong], reason="", by=cast.actor("chen"), today=FRIDAY)
    assert not DayOverride.objects.exists()


def test_a_preview_that_does_not_hold_any_more_is_refused(cast: Cast) -> None:
    seen = workdays.seal(queries.preview(BOTH))
    make_moved_day(MONDAY_OFF, works=True)
    with refused("workdays_moved"):
        workdays.enter(BOTH, reason="", by=cast.actor("chen"), today=FRIDAY, fingerprint=seen)
    seen = workdays.seal(queries.preview(BOTH))
    assert workdays.enter(BOTH, reason="更正", by=cast.actor("chen"), today=FRIDAY, fingerprint=seen).group


def test_a_monday_off_keeps_a_light_from_turning_and_the_saturday_brings_it_back(cast: Cast) -> None:
    """Handed out on a Friday: three working days are Monday to Wednesday, so it is yellow on Thursday."""
    thursday = date(2026, 11, 26)
    item = issued(cast, today=thursday)
    assert (item.health, item.recheck_on) == (Health.AT_RISK, date(2026, 12, 2))
    done = workdays.enter(BOTH[:1], reason="", by=cast.actor("chen"), today=thursday)
    item.refresh_from_db()
    assert (done.light_count, item.health, item.recheck_on) == (1, Health.NOT_STARTED, date(2026, 11, 27))
    assert Event.objects.filter(kind=EventKind.HEALTH_CHANGED, commitment=item, group=done.group).exists()
    sweep_day = date(2026, 11, 27)
    health.recheck([item.pk], today=sweep_day)
    item.refresh_from_db()
    assert (item.health, item.recheck_on) == (Health.AT_RISK, date(2026, 12, 3))
    workdays.enter(BOTH[1:], reason="", by=cast.actor("chen"), today=sweep_day)
    item.refresh_from_db()
    assert item.recheck_on == date(2026, 12, 2)  # the Saturday counts, so the seventh day comes sooner
    workdays.remove(DayOverride.objects.get(day=MONDAY_OFF), reason="录错", by=cast.actor("chen"), today=sweep_day)
    item.refresh_from_db()
    assert item.recheck_on == date(2026, 12, 1)


def test_days_that_lie_before_the_hand_out_move_no_light(cast: Cast) -> None:
    issued(cast, on=date(2026, 11, 25), today=date(2026, 11, 26))
    assert workdays.enter(BOTH[:1], reason="", by=SYSTEM, today=date(2026, 11, 26)).light_count == 0


def test_the_desks_count_what_was_entered(cast: Cast) -> None:
    tuesday = date(2026, 11, 24)
    issued(cast, today=tuesday)
    before = desk_office.of_office(cast.actor("chen"), today=tuesday).unaccepted[0]
    workdays.enter(BOTH, reason="", by=cast.actor("chen"), today=tuesday)
    after = desk_office.of_office(cast.actor("chen"), today=tuesday).unaccepted[0]
    assert (before.working_days, after.working_days, after.is_provisional) == (2, 1, False)
    assert desk_department.of_department(cast.actor("lin"), today=tuesday).closes_on is None


def test_a_removed_day_stays_in_the_history_of_that_day(cast: Cast) -> None:
    workdays.enter(BOTH, reason="", by=cast.actor("chen"), today=FRIDAY)
    row = DayOverride.objects.get(day=MONDAY_OFF)
    with refused("workday_reason_needed", field="reason"):
        workdays.remove(row, reason="", by=cast.actor("chen"), today=FRIDAY)
    workdays.remove(row, reason="录错", by=cast.actor("chen"), today=FRIDAY)
    with refused("not_found"):
        workdays.remove(row, reason="录错", by=cast.actor("chen"), today=FRIDAY)
    workdays.enter(BOTH[:1], reason="", by=cast.actor("chen"), today=FRIDAY)
    again = DayOverride.objects.get(day=MONDAY_OFF)
    with translation.override("zh-hans"):
        told = history.of(again, viewer=cast.actor("chen"))
    assert [entry.reason for entry in told] == ["", "录错", ""]
    assert all("_" not in change.label for entry in told for change in entry.changes)


@pytest.mark.parametrize(
    ("today", "years"),
    [
        (date(2026, 10, 1), ()),
        (date(2026, 11, 28), (2027,)),
        (date(2027, 3, 1), (2027,)),
        (date(2027, 12, 1), (2027, 2028)),
    ],
)
def test_a_year_without_a_notice_is_announced_in_the_log(
    caplog: pytest.LogCaptureFixture, today: date, years: tuple[int, ...]
) -> None:
    with caplog.at_level(logging.WARNING, logger="tracker.actions.workdays"):
        assert workdays.announce(today=today) == years
    assert [getattr(record, "year", None) for record in caplog.records] == list(years)


def test_a_year_is_no_longer_announced_once_its_notice_is_entered(cast: Cast) -> None:
    today = date(2026, 11, 28)
    found = queries.standing(today)
    assert [(one.year, one.is_official, one.is_in_package, one.moved_count) for one in found.years] == [
        (2026, True, True, 0),
        (2027, False, False, 0),
    ]
    workdays.enter([moved(date(2027, 2, 8), works=False)], reason="", by=SYSTEM, today=today)
    assert queries.standing(today).soon == (2027,)  # a day off alone is no notice
    workdays.enter([moved(date(2027, 2, 14), works=True)], reason="", by=SYSTEM, today=today)
    assert queries.standing(today).soon == (2027,)  # nor is one that is entered half
    year = [date(2027, 1, 1) + timedelta(days=number) for number in range(365)]
    off = [day for day in year if not STANDARD.is_working_day(day) and day.weekday() < 5]
    rest = [moved(day, works=False) for day in off if day != date(2027, 2, 8)]
    workdays.enter(rest, reason="", by=SYSTEM, today=today)
    found = queries.standing(today)
    assert (found.soon, found.years[1].moved_count, found.years[1].notices) == ((), len(rest) + 2, (NOTICE,))
    assert workdays.announce(today=today) == ()
    assert queries.calendar().moved[date(2027, 2, 14)] is True
