"""Personal settings: what may be chosen, what is refused, and a log that keeps private what is private."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from projects.errors import DomainError
from tests.factories import TODAY, Cast, make_cast, make_user
from tracker import policies
from tracker.actions import preferences as actions
from tracker.actions.preferences import Wishes
from tracker.choices import ChannelKind, ReminderOccasion, Role
from tracker.event_kinds import EventKind
from tracker.models import Channel, Event, Preference, SiteSettings, User
from tracker.queries import preferences

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def cast() -> Cast:
    Channel.objects.filter(kind=ChannelKind.EMAIL).update(is_active=True, is_default=True)
    return make_cast()


@pytest.fixture
def mate(cast: Cast) -> User:
    return make_user("hao", department=cast.science)


def email() -> Channel:
    return Channel.objects.get(kind=ChannelKind.EMAIL)


def refused(cast: Cast, name: str = "lin", **wishes: Any) -> str:
    with pytest.raises(DomainError) as refusal:
        actions.revise(Wishes(**wishes), by=cast.actor(name), today=TODAY)
    assert str(refusal.value), "every refusal has a sentence"
    assert not Preference.objects.filter(user__username=name).exists()
    return refusal.value.code


def away(deputy: str = "hao", first: date = TODAY, last: date = TODAY + DAY) -> dict[str, Any]:
    return {"paused_from": first, "paused_until": last, "deputy": deputy}


def test_the_choices_are_kept_and_the_log_says_only_which_changed(cast: Cast, mate: User) -> None:
    wishes = Wishes(
        chooses_channels=True,
        channels=[email().code],
        hour=10,
        muted=[ReminderOccasion.BLOCKER_ANSWERED],
        **away(),
    )
    row = actions.revise(wishes, by=cast.actor("lin"), today=TODAY)
    assert (row.hour, row.muted, row.deputy, list(row.channels.all())) == (10, ["blocker_answered"], mate, [email()])
    event = Event.objects.get(kind=EventKind.PREFERENCES_REVISED)
    told = "channels, chooses_channels, deputy, hour, muted, paused_from, paused_until"
    assert event.changes == {"fields": ["", told]}
    assert "hao" not in str(event.changes) + event.reason
    actions.revise(wishes, by=cast.actor("lin"), today=TODAY)
    assert Event.objects.count() == 1, "nothing differs, nothing is written"


def test_back_to_the_site_leaves_no_choice_behind(cast: Cast) -> None:
    actions.revise(Wishes(chooses_channels=True, channels=[email().code]), by=cast.actor("lin"), today=TODAY)
    row = actions.revise(Wishes(), by=cast.actor("lin"), today=TODAY)
    assert not row.chooses_channels
    assert not row.channels.exists()


def test_a_duty_cannot_be_switched_off_and_some_way_has_to_remain(cast: Cast) -> None:
    for occasion in set(ReminderOccasion) - {ReminderOccasion.EXTENSION_DECIDED, ReminderOccasion.BLOCKER_ANSWERED}:
        assert refused(cast, muted=[occasion]) == "preference_is_duty"
    assert refused(cast, muted=["<b>"]) == "preference_is_duty"
    assert refused(cast, chooses_channels=True) == "preference_channel_needed"


def test_only_ways_that_are_switched_on_and_ones_own_robots_are_offered(cast: Cast) -> None:
    def robot(code: str, **more: Any) -> None:
        Channel.objects.create(code=code, name=code, kind=ChannelKind.WECOM, **({"is_active": True} | more))

    robot("ours", department=cast.science)
    robot("theirs", department=cast.health_bureau)
    robot("off", department=cast.science, is_active=False)
    offered = {one.code for one in preferences.channels_for(cast.lin)}
    assert offered == {email().code, "ours"}
    for code in ("theirs", "off", "none"):
        assert refused(cast, chooses_channels=True, channels=[code]) == "preference_channel_unknown"
    assert {one.code for one in preferences.channels_for(cast.wu)} == {email().code}


@pytest.mark.parametrize(("hour", "is_right"), [(8, True), (19, True), (7, False), (20, False), (25, False)])
def test_the_hour_lies_outside_the_quiet_ones(hour: int, is_right: bool, cast: Cast) -> None:
    SiteSettings.objects.update_or_create(pk=1, defaults={"quiet_until": 8, "quiet_from": 20})
    if is_right:
        assert actions.revise(Wishes(hour=hour), by=cast.actor("lin"), today=TODAY).hour == hour
    else:
        assert refused(cast, hour=hour) == "preference_hour_quiet"


def test_a_pause_is_whole_in_order_and_not_over(cast: Cast, mate: User) -> None:
    assert refused(cast, paused_from=TODAY) == "preference_pause_dates"
    assert refused(cast, paused_until=TODAY) == "preference_pause_dates"
    assert refused(cast, deputy="hao") == "preference_pause_dates"
    assert refused(cast, **away(first=TODAY + DAY, last=TODAY)) == "preference_pause_order"
    assert refused(cast, **away(first=TODAY - 9 * DAY, last=TODAY - DAY)) == "preference_pause_over"
    assert refused(cast, **away("")) == "preference_deputy_needed"


def test_who_stands_in_is_in_office_present_and_sees_the_same_matters(cast: Cast, mate: User) -> None:
    assert refused(cast, **away("nobody")) == "preference_deputy_unknown"
    assert refused(cast, **away("lin")) == "preference_deputy_is_self"
    for name in ("zhou", "chen", "wu"):
        assert refused(cast, **away(name)) == "preference_deputy_blind"
    assert refused(cast, "wu", **away("lin")) == "preference_deputy_blind"
    actions.revise(Wishes(**away("chen")), by=cast.actor("wu"), today=TODAY)
    actions.revise(Wishes(**away("lin", TODAY + DAY)), by=policies.actor_of(mate), today=TODAY)
    assert refused(cast, **away()) == "preference_deputy_away"
    User.objects.filter(pk=mate.pk).update(is_active=False)
    assert refused(cast, **away()) == "preference_deputy_unknown"


def test_a_head_and_an_officer_of_one_department_stand_in_for_each_other(cast: Cast) -> None:
    head = make_user("hai", role=Role.HEAD, department=cast.science)
    actions.revise(Wishes(**away("hai")), by=cast.actor("lin"), today=TODAY)
    later = away("lin", TODAY + 9 * DAY, TODAY + 10 * DAY)
    assert actions.revise(Wishes(**later), by=policies.actor_of(head), today=TODAY).deputy == cast.lin


def test_nobody_chooses_for_the_site_itself() -> None:
    with pytest.raises(DomainError):
        actions.revise(Wishes(), by=policies.SYSTEM, today=TODAY)


@pytest.mark.parametrize(
    ("now", "on", "hour"),
    [
        (datetime(2026, 11, 23, 7, 59), date(2026, 11, 23), 8),
        (datetime(2026, 11, 23, 8, 0), date(2026, 11, 24), 8),
        (datetime(2026, 11, 27, 12, 0), date(2026, 11, 30), 8),  # Friday at noon: Monday
    ],
)
def test_the_next_message_goes_out_on_the_next_working_day(now: datetime, on: date, hour: int, cast: Cast) -> None:
    found = preferences.of(cast.actor("lin"), now=now).next
    assert (found.on, found.hour, [one.code for one in found.channels]) == (on, hour, [email().code])
