"""Reading the inbox: whole lines, the first time stays, nobody reads for another unless they stand in."""

from datetime import timedelta

import pytest
from django.utils import timezone

from projects.errors import DomainError
from tests.factories import TODAY, Cast, make_cast, make_commitment, make_user
from tests.reminder_rows import make_reminder
from tracker import policies
from tracker.actions import inbox as actions
from tracker.choices import ReminderState
from tracker.models import Event, Preference, Reminder
from tracker.queries import inbox

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
NOW = timezone.now()


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def test_a_line_is_read_with_all_its_reminders_and_leaves_no_event(cast: Cast) -> None:
    item, other = (make_commitment(f"C-{number}", department=cast.science) for number in range(2))
    rows = [make_reminder(item, recipient=cast.lin) for _ in range(3)]
    make_reminder(other, recipient=cast.lin)
    assert actions.read([rows[-1].pk], by=cast.actor("lin"), today=TODAY, now=NOW) == 3
    assert inbox.unread_count(cast.actor("lin"), today=TODAY) == 1
    assert not Event.objects.exists()


def test_the_first_time_stays(cast: Cast) -> None:
    row = make_reminder(make_commitment(department=cast.science), recipient=cast.lin)
    actions.read([row.pk], by=cast.actor("lin"), today=TODAY, now=NOW)
    assert actions.read([row.pk], by=cast.actor("lin"), today=TODAY, now=NOW + DAY) == 0
    assert actions.read_all(by=cast.actor("lin"), today=TODAY, now=NOW + DAY) == 0
    row.refresh_from_db()
    assert row.read_at == NOW


def test_nobody_reads_for_another(cast: Cast) -> None:
    row = make_reminder(make_commitment(department=cast.science), recipient=cast.lin)
    for name in ("zhou", "chen", "wu", "gu"):
        assert actions.read([row.pk, 10**9], by=cast.actor(name), today=TODAY, now=NOW) == 0
        assert actions.read_all(by=cast.actor(name), today=TODAY, now=NOW) == 0
    assert Reminder.objects.get().read_at is None
    with pytest.raises(DomainError, match=str(DomainError("not_allowed"))):
        actions.read_all(by=policies.SYSTEM, today=TODAY, now=NOW)


def test_who_stands_in_reads_while_the_person_is_away(cast: Cast) -> None:
    deputy = make_user("hao", department=cast.science)
    row = make_reminder(make_commitment(department=cast.science), recipient=cast.lin)
    pause = Preference.objects.create(user=cast.lin, paused_from=TODAY + DAY, paused_until=TODAY + DAY, deputy=deputy)
    actor = policies.actor_of(deputy)
    assert actions.read([row.pk], by=actor, today=TODAY, now=NOW) == 0
    Preference.objects.filter(pk=pause.pk).update(paused_from=TODAY)
    assert actions.read([row.pk], by=actor, today=TODAY, now=NOW) == 1


def test_all_means_what_was_shown(cast: Cast) -> None:
    items = [make_commitment(f"C-{number}", department=cast.science) for number in range(3)]
    shown = [make_reminder(item, recipient=cast.lin) for item in items[:2]]
    late = make_reminder(items[2], recipient=cast.lin)
    gone = make_reminder(make_commitment(department=cast.science), recipient=cast.lin, state=ReminderState.CANCELLED)
    assert actions.read_all(by=cast.actor("lin"), today=TODAY, now=NOW, up_to=shown[-1].pk) == 2
    assert Reminder.objects.get(pk=late.pk).read_at is None
    assert Reminder.objects.get(pk=gone.pk).read_at is None
