"""What stands in an inbox: whose reminders, one line a matter, in which order, and nothing that is out of sight."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories import (
    TODAY,
    Cast,
    make_blocker,
    make_cast,
    make_commitment,
    make_extension,
    make_milestone,
    make_post,
    make_user,
)
from tests.reminder_rows import make_reminder
from tracker import policies
from tracker.choices import Ask, ChannelKind, MessageState, ReminderOccasion, ReminderState
from tracker.models import Channel, Commitment, Message, MessageLine, PostHolding, Preference, User
from tracker.queries import inbox
from tracker.queries.inbox import Show

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def item(cast: Cast) -> Commitment:
    return make_commitment("C-1", title="建成科创中心", department=cast.science)


def away(person: User, deputy: User) -> Preference:
    return Preference.objects.create(
        user=person, paused_from=TODAY - DAY, paused_until=TODAY + DAY, deputy=deputy
    )  # fmt: skip


def titles(person: User, **options: object) -> list[str]:
    found = inbox.page(policies.actor_of(person), today=TODAY, **options)  # type: ignore[arg-type]
    return [line.matter.title if line.matter else "" for line in found.lines]


def test_a_reminder_stands_in_the_inbox_as_soon_as_it_is_written_and_only_in_its_own(
    cast: Cast, item: Commitment
) -> None:
    make_reminder(item, recipient=cast.lin, planned_on=TODAY + DAY)
    assert titles(cast.lin) == ["建成科创中心"]
    assert titles(cast.zhou) == titles(cast.chen) == []


def test_what_is_cancelled_goes_to_what_was_dealt_with(cast: Cast, item: Commitment) -> None:
    make_reminder(item, recipient=cast.lin, state=ReminderState.CANCELLED)
    long_ago = make_commitment("C-2", department=cast.science)
    make_reminder(long_ago, recipient=cast.lin, state=ReminderState.CANCELLED, planned_on=TODAY - 31 * DAY)
    assert titles(cast.lin) == []
    assert titles(cast.lin, show=Show.SETTLED) == ["建成科创中心"]


def test_a_matter_is_one_line_with_its_newest_reminder(cast: Cast, item: Commitment) -> None:
    for offset in (-30, -7):
        make_reminder(item, recipient=cast.lin, offset=offset)
    newest = make_reminder(item, recipient=cast.lin, offset=-1)
    step = make_milestone(item, "开工", planned_on=TODAY)
    make_reminder(item, recipient=cast.lin, milestone=step)
    found = inbox.page(cast.actor("lin"), today=TODAY).lines
    assert [line.row.milestone_id for line in found] == [step.pk, None]
    assert found[1].row.pk == newest.pk
    assert inbox.unread_count(cast.actor("lin"), today=TODAY) == 2


def test_the_due_date_does_not_hide_the_report_that_is_asked_for(cast: Cast, item: Commitment) -> None:
    make_reminder(item, recipient=cast.lin)
    make_reminder(item, recipient=cast.lin, occasion=ReminderOccasion.PERIOD_CLOSING)
    assert [line.ask for line in inbox.page(cast.actor("lin"), today=TODAY).lines] == [Ask.REPORT, Ask.SOON]


def test_lines_stand_by_what_is_asked_and_a_date_that_has_passed_is_late(cast: Cast, item: Commitment) -> None:
    for occasion in ReminderOccasion:
        make_reminder(item, recipient=cast.lin, occasion=occasion, due_on=TODAY + DAY)
    late = make_commitment("C-2", department=cast.science)
    make_reminder(late, recipient=cast.lin, due_on=TODAY - DAY)
    found = [line.ask for line in inbox.page(cast.actor("lin"), today=TODAY).lines]
    assert found == sorted(found, key=list(Ask).index)
    assert set(found) == set(Ask)
    assert found.count(Ask.LATE) == 1


def test_who_stands_in_finds_the_others_reminders_while_they_are_away_and_no_longer(
    cast: Cast, item: Commitment
) -> None:
    deputy = make_user("hao", department=cast.science)
    make_reminder(item, recipient=cast.lin)
    pause = away(cast.lin, deputy)
    found = inbox.page(policies.actor_of(deputy), today=TODAY).lines
    assert [line.on_behalf for line in found] == [cast.lin]
    assert inbox.unread_count(policies.actor_of(deputy), today=TODAY) == 1
    assert titles(cast.lin) == ["建成科创中心"]
    Preference.objects.filter(pk=pause.pk).update(paused_until=TODAY - DAY, paused_from=TODAY - DAY)
    assert titles(deputy) == []
    assert inbox.unread_count(policies.actor_of(deputy), today=TODAY) == 0


def test_a_matter_that_is_no_longer_in_sight_is_a_line_without_a_title(cast: Cast, item: Commitment) -> None:
    make_reminder(item, recipient=cast.lin)
    Commitment.objects.filter(pk=item.pk).update(lead=cast.health_bureau)
    (line,) = inbox.page(cast.actor("lin"), today=TODAY).lines
    assert line.matter is None


def test_whose_post_a_blocker_asks_sees_the_title_and_not_the_whole_matter(cast: Cast, item: Commitment) -> None:
    post = make_post("wjw-head", department=cast.office)
    PostHolding.objects.create(post=post, holder=cast.zhou, starts_on=TODAY - DAY)
    blocker = make_blocker(item, author=cast.lin, wanted_from=post)
    make_reminder(item, recipient=cast.zhou, occasion=ReminderOccasion.BLOCKER_OPEN, blocker=blocker)
    make_reminder(item, recipient=cast.zhou)
    asked, hidden = inbox.page(cast.actor("zhou"), today=TODAY).lines
    assert asked.matter == item
    assert not asked.is_whole
    assert hidden.matter is None


def test_a_line_says_which_messages_carried_it(cast: Cast, item: Commitment) -> None:
    row = make_reminder(item, recipient=cast.lin)
    other = make_reminder(make_commitment("C-2", department=cast.science), recipient=cast.lin)
    for code, state in (("mail", MessageState.SENT), ("hook", MessageState.FAILED), ("gone", MessageState.MERGED)):
        channel = Channel.objects.create(code=code, name=code, kind=ChannelKind.WEBHOOK)
        sent = timezone.now() if state == MessageState.SENT else None
        message = Message.objects.create(
            recipient=cast.lin, channel=channel, day=TODAY, not_before=timezone.now(), state=state, sent_at=sent
        )
        MessageLine.objects.create(message=message, reminder=row, channel=channel)
    found = {line.row.pk: line.carried for line in inbox.page(cast.actor("lin"), today=TODAY).lines}
    assert {(one.channel, one.state) for one in found[row.pk]} == {
        ("mail", MessageState.SENT), ("hook", MessageState.FAILED),
    }  # fmt: skip
    assert list(found[other.pk]) == []


def test_pages_follow_each_other_without_a_gap_and_a_wrong_mark_begins_anew(cast: Cast) -> None:
    for number in range(25):
        late = make_commitment(f"C-{number}", department=cast.science)
        make_reminder(late, recipient=cast.lin, due_on=TODAY - DAY if number % 2 else TODAY + DAY)
    found, after = [], ""
    while True:
        page = inbox.page(cast.actor("lin"), today=TODAY, after=after, size=4)
        found += [line.row.pk for line in page.lines]
        after = page.next_after
        if not after:
            break
    assert found == [line.row.pk for line in inbox.page(cast.actor("lin"), today=TODAY).lines]
    assert len(set(found)) == 25
    for wrong in ("x", "1-", "-1", "9" * 30, "1-" + "9" * 30, "①-1"):
        assert len(inbox.page(cast.actor("lin"), today=TODAY, after=wrong).lines) == 25


def test_the_unread_are_counted_to_a_hundred_in_one_query(cast: Cast, django_assert_num_queries) -> None:
    for number in range(103):
        make_reminder(make_commitment(f"C-{number}", department=cast.science), recipient=cast.lin)
    with django_assert_num_queries(1):
        assert inbox.unread_count(cast.actor("lin"), today=TODAY) == inbox.MOST_COUNTED + 1
    assert inbox.unread_count(policies.SYSTEM, today=TODAY) == 0


def test_a_page_asks_as_much_for_three_lines_as_for_thirty(cast: Cast, item: Commitment) -> None:
    counted = []
    post = make_post()
    for size in (3, 30):
        for _number in range(size):
            extension = make_extension(make_commitment(department=cast.science), author=cast.lin)
            make_reminder(
                extension.commitment,
                recipient=cast.lin,
                occasion=ReminderOccasion.EXTENSION_DECIDED,
                extension=extension,
            )
            blocker = make_blocker(item, author=cast.lin, wanted_from=post)
            make_reminder(item, recipient=cast.lin, occasion=ReminderOccasion.BLOCKER_ANSWERED, blocker=blocker)
        with CaptureQueriesContext(connection) as queries:
            inbox.page(cast.actor("lin"), today=TODAY, size=100)
        counted.append(len(queries))
    # the lines' keys; the newest; the rows with their subjects; the messages that carried them.
    assert counted == [4, 4]
