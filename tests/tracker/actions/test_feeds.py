"""Calendar addresses: the secret is told once, only its digest is kept, ten at most, nobody revokes another's."""

import pytest
from django.utils import timezone

from projects.errors import DomainError
from tests.factories import TODAY, Cast, make_cast
from tracker import policies
from tracker.actions import feeds as actions
from tracker.event_kinds import EventKind
from tracker.models import CalendarFeed, Event, User

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def refused(code: str, **options: object) -> None:
    with pytest.raises(DomainError) as refusal:
        actions.open_feed(**options)  # type: ignore[arg-type]
    assert refusal.value.code == code
    assert str(refusal.value)


def test_the_secret_stands_nowhere(cast: Cast) -> None:
    feed, token = actions.open_feed(by=cast.actor("lin"))
    assert len(token) >= 43
    assert feed.digest == actions.digest(token)
    assert token not in str(CalendarFeed.objects.values()) + str(Event.objects.values())
    assert actions.use(token, today=TODAY) == feed
    feed.refresh_from_db()
    assert feed.last_used_on == TODAY
    assert actions.use(token[:-1], today=TODAY) is None


def test_a_department_has_its_own_and_the_city_any(cast: Cast) -> None:
    assert actions.open_feed("kjj", by=cast.actor("lin")).feed.department == cast.science
    refused("feed_department_foreign", department="wjw", by=cast.actor("lin"))
    refused("feed_department_foreign", department="none", by=cast.actor("chen"))
    refused("not_allowed", by=policies.SYSTEM)
    for name in ("chen", "wu", "gu"):
        assert actions.open_feed("wjw", by=cast.actor(name)).feed.department == cast.health_bureau


def test_ten_are_enough_and_a_revoked_one_makes_room(cast: Cast) -> None:
    made = [actions.open_feed(by=cast.actor("lin")) for _ in range(10)]
    refused("feed_too_many", by=cast.actor("lin"))
    actions.revoke(made[0].feed.pk, by=cast.actor("lin"), now=NOW)
    actions.open_feed(by=cast.actor("lin"))


def test_a_revoked_address_is_unknown_and_nobody_revokes_anothers(cast: Cast) -> None:
    feed, token = actions.open_feed(by=cast.actor("lin"))
    for name in ("zhou", "chen", "gu"):
        with pytest.raises(DomainError, match=str(DomainError("feed_gone"))):
            actions.revoke(feed.pk, by=cast.actor(name), now=NOW)
    actions.revoke(feed.pk, by=cast.actor("lin"), now=NOW)
    assert actions.use(token, today=TODAY) is None
    with pytest.raises(DomainError):
        actions.revoke(feed.pk, by=cast.actor("lin"), now=NOW)
    assert [event.kind for event in Event.objects.order_by("seq")] == [EventKind.FEED_OPENED, EventKind.FEED_REVOKED]


def test_the_address_of_somebody_out_of_office_is_unknown(cast: Cast) -> None:
    token = actions.open_feed(by=cast.actor("lin")).token
    User.objects.filter(pk=cast.lin.pk).update(is_active=False)
    assert actions.use(token, today=TODAY) is None
