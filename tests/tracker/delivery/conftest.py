"""What a message is made of: the cast, a rule, reminders of every occasion, and the message that carries them."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import override_settings

from tests.factories import Cast, make_cast, make_commitment
from tests.tracker.delivery.letterbox import BACKEND, Moody
from tracker.choices import Audience, ChannelKind, ReminderOccasion
from tracker.delivery import digest
from tracker.delivery.digest import Digest
from tracker.models import Channel, Commitment, Message, Reminder, ReminderRule, User

DAY = date(2026, 6, 9)
MORNING = datetime(2026, 6, 9, 0, 0, tzinfo=UTC)
LOADED = (
    "commitment", "milestone", "report", "extension", "blocker", "instruction", "slip", "recipient", "version",
)  # fmt: skip


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def make_rule(occasion: ReminderOccasion = ReminderOccasion.BEFORE_DUE) -> ReminderRule:
    code = occasion.value.replace("_", "-")
    return ReminderRule.objects.get_or_create(code=code, defaults={"occasion": occasion})[0]


def remind(
    item: Commitment,
    person: User,
    occasion: ReminderOccasion = ReminderOccasion.AFTER_DUE,
    *,
    due_on: date = date(2026, 5, 28),
    offset: int = 12,
    audience: Audience = Audience.OFFICER,
    **about: Any,
) -> Reminder:
    return Reminder.objects.create(
        commitment=item, rule=make_rule(occasion), occasion=occasion, audience=audience, recipient=person,
        due_on=due_on, offset=offset, planned_on=DAY, **about,
    )  # fmt: skip


def make_channel(kind: ChannelKind = ChannelKind.WEBHOOK, **values: Any) -> Channel:
    if kind == ChannelKind.EMAIL:
        return Channel.objects.get_or_create(kind=kind, defaults={"code": "email", "name": "电子邮件"})[0]
    return Channel.objects.create(code=kind.value, name=str(kind.label), kind=kind, is_active=True, **values)


def make_message(person: User, channel: Channel | None = None) -> Message:
    channel = channel or make_channel(ChannelKind.EMAIL)
    return Message.objects.create(recipient=person, channel=channel, day=DAY, not_before=MORNING)


def built(
    person: User, reminders: Sequence[Reminder], *, left_out: int = 0, today: date = DAY, channel: Channel | None = None
) -> Digest:
    """The digest of these rows, loaded as delivery loads them."""
    rows = Reminder.objects.filter(pk__in=[row.pk for row in reminders]).select_related(*LOADED)
    return digest.build(make_message(person, channel), list(rows), left_out=left_out, today=today)


@pytest.fixture
def letter(cast: Cast) -> Callable[..., Digest]:
    """`letter()`: a digest for Lin about two late matters."""

    def make(person: User | None = None, channel: Channel | None = None) -> Digest:
        reader = person or cast.lin
        items = [
            make_commitment(title=title, department=cast.science, due_on=date(2026, 5, 28))
            for title in ("新建 3 个省级创新平台", "《科技创新券》兑付 [首批]")
        ]
        return built(reader, [remind(item, reader) for item in items], channel=channel)

    return make


@pytest.fixture
def moody() -> Iterator[type[Moody]]:
    """A mail server with moods."""
    Moody.away, Moody.broken, Moody.refused, Moody.sent, Moody.in_transaction = False, set(), set(), [], []
    with override_settings(EMAIL_BACKEND=BACKEND):
        yield Moody
