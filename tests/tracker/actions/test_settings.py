"""What is switched on for the whole site: by whom, with which reason, and what the log keeps of it."""

from datetime import date
from typing import Any

import pytest

from projects.errors import DomainError
from projects.models import SyncClock
from tests.factories import TODAY, Cast, make_cast, make_plan
from tracker.actions import commitments, settings
from tracker.event_kinds import EventKind
from tracker.models import Commitment, Event, SiteSettings
from tracker.policies import SYSTEM, Actor
from tracker.queries import settings_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def on(**values: object) -> dict[str, object]:
    return {"shows_public_pages": True, "public_fields": ["light"], **values}


def test_everything_is_off_until_somebody_switches_it_on(db: None) -> None:
    found = settings_of.site_settings()
    assert not found.compares_departments
    assert not found.shows_public_pages
    assert found.public_fields == []


def test_everything_is_off_where_the_row_was_lost(db: None) -> None:
    SiteSettings.objects.all().delete()
    assert not settings_of.site_settings().shows_public_pages
    settings.revise(values={"compares_departments": True}, reason="恢复", by=SYSTEM)
    assert settings_of.site_settings().compares_departments


@pytest.mark.parametrize(
    ("name", "may"), [("lin", False), ("zhou", False), ("wu", False), ("chen", True), ("gu", True)]
)
def test_the_office_and_the_administrators_switch(cast: Cast, name: str, may: bool) -> None:
    def revise() -> SiteSettings:
        return settings.revise(values={"compares_departments": True}, reason="市政府常务会议定", by=cast.actor(name))

    if may:
        assert revise().compares_departments
        return
    with pytest.raises(DomainError) as refused:
        revise()
    assert refused.value.code == "not_allowed"
    assert not settings_of.site_settings().compares_departments


def test_nobody_with_no_role_at_all_switches(db: None) -> None:
    with pytest.raises(DomainError):
        settings.revise(values=on(), reason="理由", by=Actor(user=None, role="guest"))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("values", "reason", "code", "field"),
    [
        (on(), "  ", "settings_reason_needed", "reason"),
        (on(public_fields=[]), "理由", "settings_nothing_public", "public_fields"),
        (on(public_fields=["light", "officer"]), "理由", "settings_field_unknown", "public_fields"),
        (on(public_delay_days=366), "理由", "settings_delay_too_long", "public_delay_days"),
        (on(public_delay_days=-1), "理由", "settings_delay_too_long", "public_delay_days"),
    ],
)
def test_what_is_wrong_changes_nothing_and_is_named(
    values: dict[str, object], reason: str, code: str, field: str
) -> None:
    events = Event.objects.count()
    with pytest.raises(DomainError) as refused:
        settings.revise(values=values, reason=reason, by=SYSTEM)
    assert (refused.value.code, refused.value.field) == (code, field)
    assert str(refused.value)
    assert not settings_of.site_settings().shows_public_pages
    assert Event.objects.count() == events


def test_a_change_leaves_who_when_what_and_why(cast: Cast) -> None:
    clock = SyncClock.objects.get_or_create(pk=1)[0].rev
    settings.revise(values=on(public_fields=["owner", "light"]), reason="政务公开要求", by=cast.actor("gu"))
    event = Event.objects.latest("seq")
    assert (event.kind, event.actor, event.reason) == (EventKind.SETTINGS_REVISED, cast.gu, "政务公开要求")
    # In the order of the list, whatever the order of the ticks.
    assert event.changes == {"shows_public_pages": [False, True], "public_fields": ["", "light, owner"]}
    assert settings_of.site_settings().revision == SyncClock.objects.get(pk=1).rev > clock


def test_the_same_again_writes_nothing_and_needs_no_reason(db: None) -> None:
    settings.revise(values=on(), reason="理由", by=SYSTEM)
    events = Event.objects.count()
    settings.revise(values=on(), reason="", by=SYSTEM)
    assert Event.objects.count() == events


def test_two_people_at_the_page_do_not_write_over_each_other(db: None) -> None:
    seen = settings.revise(values=on(), reason="理由", by=SYSTEM).revision
    settings.revise(values={"public_delay_days": 30}, reason="理由", by=SYSTEM, expected_revision=seen)
    with pytest.raises(DomainError) as refused:
        settings.revise(values={"public_delay_days": 3}, reason="理由", by=SYSTEM, expected_revision=seen)
    assert refused.value.code == "stale"


def registered(*, is_public: bool, today: date = TODAY) -> Commitment:
    values: dict[str, Any] = {"title": "一件事", "kind": "action", "is_public": is_public}
    return commitments.register("P-1", plan=make_plan(), values=values, by=SYSTEM, today=today)


def test_the_day_of_publication_is_kept_with_the_mark_and_goes_with_it() -> None:
    later = date(2026, 12, 24)
    item = registered(is_public=False)
    assert item.published_on is None
    item = commitments.revise(item, values={"is_public": True}, by=SYSTEM, today=TODAY)
    item = commitments.revise(item, values={"title": "另一件事", "is_public": True}, by=SYSTEM, today=later)
    assert item.published_on == TODAY, "what stays public keeps its day"
    item = commitments.revise(item, values={"is_public": False}, by=SYSTEM, today=later)
    assert item.published_on is None
    item = commitments.revise(item, values={"is_public": True}, by=SYSTEM, today=later)
    item.refresh_from_db()
    assert item.published_on == later, "the public waits anew"


def test_a_matter_may_be_public_from_its_first_day() -> None:
    item = registered(is_public=True)
    item.refresh_from_db()
    assert item.published_on == TODAY


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"quiet_from": 8, "quiet_until": 8}, "settings_no_time_to_send"),
        ({"quiet_until": 21}, "settings_no_time_to_send"),
        ({"digest_hour": 7}, "settings_digest_at_night"),
        ({"quiet_until": 9}, "settings_digest_at_night"),
        ({"quiet_from": 25}, "settings_number_out_of_limits"),
        ({"digest_lines": 201}, "settings_number_out_of_limits"),
        ({"slip_next_days": 0}, "settings_number_out_of_limits"),
    ],
)
def test_hours_and_days_that_make_no_sense_are_refused(cast: Cast, values: dict[str, int], code: str) -> None:
    with pytest.raises(DomainError) as refusal:
        settings.revise(values=values, reason="夏季作息", by=cast.actor("chen"))
    assert refusal.value.code == code


def test_the_whole_day_may_be_open(cast: Cast) -> None:
    row = settings.revise(
        values={"quiet_until": 0, "quiet_from": 24, "digest_hour": 0}, reason="防汛值守", by=cast.actor("chen")
    )
    assert (row.quiet_until, row.quiet_from, row.digest_hour) == (0, 24, 0)
