"""What became of the lights: net change equals a replay, pages equal their counts, news begin at the last look."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories import TODAY, Cast, make_cast, make_commitment, make_plan
from tracker.actions import health, light_record, looks
from tracker.choices import Health, Stage
from tracker.models import Commitment, LightChange
from tracker.policies import SYSTEM
from tracker.queries import light_changes

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 1, tzinfo=UTC)
LONG_AGO = date(2026, 1, 5)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def enter(cast: Cast, code: str = "", *, on: date = LONG_AGO, **values: Any) -> Commitment:
    """A commitment that was entered, and first looked at, on a day."""
    item = make_commitment(code, department=cast.science, **({"stage": Stage.REGISTERED} | values))
    created = datetime.combine(on, datetime.min.time(), UTC) + timedelta(hours=4)
    Commitment.objects.filter(pk=item.pk).update(created_at=created, assessed_on=None, health=Health.NOT_STARTED)
    return turn(item, Health.NOT_STARTED, on=on)


def turn(item: Commitment, light: Health, *, on: date) -> Commitment:
    """Set a light by hand for the day, through the one function that writes lights."""
    found = Commitment.objects.select_related("plan").get(pk=item.pk)
    found.override_health, found.override_reason, found.override_until = light, "核定", date(2027, 12, 31)
    found.save()
    health.reassess([found], today=on)
    return found


def net(viewer: Any = SYSTEM, *, since: date) -> dict[Health, int] | None:
    found = light_changes.net(viewer, None, since=since)
    return None if found is None else {light: change for light, change in found.items() if change}


def test_a_first_light_and_each_change_leave_a_row(cast: Cast) -> None:
    item = enter(cast)
    turn(item, Health.AT_RISK, on=TODAY)
    turn(item, Health.AT_RISK, on=TODAY)
    rows = LightChange.objects.order_by("pk").values_list("commitment", "on", "before", "after")
    assert list(rows) == [(item.pk, LONG_AGO, "", "not_started"), (item.pk, TODAY, "not_started", "at_risk")]


def test_the_net_change_counts_from_the_close_of_the_day_before(cast: Cast) -> None:
    item = enter(cast)
    turn(item, Health.AT_RISK, on=TODAY - timedelta(days=7))
    turn(item, Health.OFF_TRACK, on=TODAY)
    enter(cast, on=TODAY)
    assert net(since=light_changes.week_start(TODAY)) == {
        Health.AT_RISK: -1, Health.OFF_TRACK: 1, Health.NOT_STARTED: 1,
    }  # fmt: skip
    assert net(since=TODAY - timedelta(days=7)) == {Health.OFF_TRACK: 1}
    assert net(since=TODAY + timedelta(days=1)) == {}
    assert light_changes.week_start(TODAY) == date(2026, 11, 16)
    assert light_changes.month_start(TODAY) == date(2026, 10, 24)


def test_a_light_that_comes_and_goes_again_nets_to_nothing_but_stands_on_the_page(cast: Cast) -> None:
    item = enter(cast)
    turn(item, Health.OFF_TRACK, on=TODAY)
    turn(item, Health.NOT_STARTED, on=TODAY)
    assert net(since=TODAY) == {}
    assert light_changes.page(SYSTEM, since=TODAY).total == 2


def test_before_the_record_began_there_is_no_comparison(cast: Cast) -> None:
    """A light that was stored before changes were kept: what it was earlier nobody knows."""
    item = enter(cast, on=TODAY - timedelta(days=60))
    LightChange.objects.update(on=TODAY - timedelta(days=10))
    assert net(since=light_changes.month_start(TODAY)) is None
    turn(item, Health.DONE, on=TODAY)
    assert net(since=light_changes.week_start(TODAY)) == {Health.NOT_STARTED: -1, Health.DONE: 1}


MOVES = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 20), st.integers(0, 6)), max_size=20)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=MOVES, demo=st.sets(st.integers(0, 4)), window=st.integers(0, 22))
def test_the_net_change_is_what_a_replay_says_also_after_the_demonstration_went(
    cast: Cast, moves: list[tuple[int, int, int]], demo: set[int], window: int
) -> None:
    items = [enter(cast) for _ in range(5)]
    first = TODAY - timedelta(days=20)
    then: dict[int, str] = {}
    since = first + timedelta(days=window)
    for which, day, light in sorted(moves, key=lambda move: move[1]):
        on = first + timedelta(days=day)
        if on >= since and not then:
            then = lights(items)
        turn(items[which], list(Health)[light], on=on)
    assert net(since=since) == differences(then or lights(items), lights(items))
    LightChange.objects.filter(commitment__in=[items[which].pk for which in demo]).exclude(before="").update(
        is_demo=True
    )
    light_record.forget_demo(Commitment.objects.filter(pk__in=[item.pk for item in items]))
    for item in items:
        told = list(item.light_changes.order_by("pk").values_list("before", "after"))
        assert [before for before, _after in told] == ["", *(after for _before, after in told[:-1])]
        assert told[-1][1] == Commitment.objects.get(pk=item.pk).health
    LightChange.objects.all().delete()
    Commitment.objects.filter(pk__in=[item.pk for item in items]).update(created_at=NOW)


def lights(items: list[Commitment]) -> dict[int, str]:
    return dict(Commitment.objects.filter(pk__in=[item.pk for item in items]).values_list("pk", "health"))


def differences(before: dict[int, str], after: dict[int, str]) -> dict[Health, int]:
    counted = {light: list(after.values()).count(light) - list(before.values()).count(light) for light in Health}
    return {light: change for light, change in counted.items() if change}


def test_a_page_counts_what_came_and_what_left_and_lists_what_is_asked_for(cast: Cast) -> None:
    items = [enter(cast, f"L-{number}") for number in range(5)]
    for number, item in enumerate(items[:4]):
        turn(item, Health.AT_RISK, on=TODAY - timedelta(days=number))
    turn(items[0], Health.OFF_TRACK, on=TODAY)
    found = light_changes.page(SYSTEM, since=TODAY - timedelta(days=2))
    assert (found.came[Health.AT_RISK], found.left[Health.AT_RISK], found.came[Health.OFF_TRACK]) == (3, 1, 1)
    for light in Health:
        for direction, told in ((light_changes.CAME, found.came), (light_changes.LEFT, found.left)):
            page = light_changes.page(SYSTEM, since=TODAY - timedelta(days=2), light=light, direction=direction)
            assert page.total == len(page.rows) == told[light], (light, direction)
    either = light_changes.page(SYSTEM, since=TODAY - timedelta(days=2), light=Health.AT_RISK)
    assert [(row.code, row.before, row.after) for row in either.rows] == [
        ("L-0", "at_risk", "off_track"), ("L-0", "not_started", "at_risk"), ("L-1", "not_started", "at_risk"),
        ("L-2", "not_started", "at_risk"),
    ]  # fmt: skip
    assert light_changes.page(SYSTEM, plan_code="ELSE").total == 0


def test_pages_follow_each_other_without_a_gap(cast: Cast, django_assert_max_num_queries: Any) -> None:
    for number in range(7):
        enter(cast, f"P-{number}")
    newest = LightChange.objects.filter(commitment__code__in=["P-0", "P-3"])
    newest.update(on=TODAY + timedelta(days=1))
    seen, after = [], ""
    while True:
        with django_assert_max_num_queries(4):
            found = light_changes.page(SYSTEM, after=after, size=3)
        seen += [row.code for row in found.rows]
        if not (after := found.next_after):
            break
    assert seen == ["P-3", "P-0", "P-6", "P-5", "P-4", "P-2", "P-1"]
    for wrong in ("x'", "7", "2026-02-30.1", "2026-11-20.", "."):
        assert light_changes.page(SYSTEM, after=wrong, size=3).rows[0].code == "P-3"


def test_a_department_reads_the_changes_of_what_it_sees(cast: Cast) -> None:
    mine, other = enter(cast, "M-1"), enter(cast, "M-2")
    Commitment.objects.filter(pk=other.pk).update(lead=cast.health_bureau)
    turn(mine, Health.DONE, on=TODAY)
    assert [row.code for row in light_changes.page(cast.actor("lin")).rows] == ["M-1", "M-1"]
    assert net(cast.actor("zhou"), since=TODAY) == {}
    assert net(cast.actor("lin"), since=TODAY) == {Health.DONE: 1, Health.NOT_STARTED: -1}


def test_news_begin_where_somebody_looked_at_the_visit_before(cast: Cast) -> None:
    viewer, item = cast.actor("wu"), enter(cast, plan=make_plan("P1"))
    other = enter(cast, plan=make_plan("P2"))
    looks.look(viewer, now=NOW)
    assert light_changes.since_last_look(viewer, plan=None) is None, "the first visit has nothing to compare with"
    turn(item, Health.AT_RISK, on=TODAY)
    looks.look(viewer, now=NOW + timedelta(minutes=29))
    assert light_changes.since_last_look(viewer, plan=None) is None, "the same visit"
    looks.look(viewer, now=NOW + timedelta(hours=2))
    turn(other, Health.DONE, on=TODAY)
    looks.look(viewer, now=NOW + timedelta(hours=2, minutes=5))
    news = light_changes.since_last_look(viewer, plan=None)
    assert news is not None
    assert news.before_at == NOW
    assert news.counts == {("not_started", "at_risk"): 1, ("not_started", "done"): 1}
    assert [row.code for row in news.rows] == [other.code, item.code]
    assert light_changes.page(viewer, newer_than=news.mark).total == news.total == 2
    of_plan = light_changes.since_last_look(viewer, plan=item.plan, limit=1)
    assert of_plan is not None
    assert (of_plan.total, [row.code for row in of_plan.rows]) == (1, [item.code])
    looks.look(viewer, now=NOW + timedelta(days=1))
    news = light_changes.since_last_look(viewer, plan=None)
    assert news is not None
    assert (news.total, news.rows[0].code, news.before_at) == (1, other.code, NOW + timedelta(hours=2))
    assert looks.look(SYSTEM, now=NOW) is None
    assert light_changes.since_last_look(cast.actor("chen"), plan=None) is None
