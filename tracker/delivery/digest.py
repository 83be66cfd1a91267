"""What a message says: one person's reminders, each matter once. No channel here, and nothing is sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from django.conf import settings
from django.utils.translation import gettext, ngettext

from tracker import wording
from tracker.choices import Health
from tracker.models import Commitment, Message, Reminder, User


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One matter: what, until when, how it stands, where it is read. `milestone` is "" for the commitment’s date."""

    title: str
    milestone: str
    due_on: date
    when: str
    light: str
    reason: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """One message to one person. `key` is the same for the same reminders, so that a repetition can be recognised."""

    recipient: User
    lines: tuple[Line, ...]
    is_demo: bool
    key: str


def build(message: Message, reminders: Sequence[Reminder], *, left_out: int, today: date) -> Digest:
    """The message of these reminders of one person, in the active language; the most urgent date first."""
    matters = {(row.commitment_id, row.milestone_id, row.due_on): row for row in reminders}
    return Digest(
        recipient=message.recipient,
        lines=tuple(_line(row, today=today) for row in sorted(matters.values(), key=lambda row: row.due_on)),
        is_demo=any(row.is_demo for row in reminders),
        key=message.key,
    )


def _line(row: Reminder, *, today: date) -> Line:
    item = row.commitment
    reasons = item.health_reasons
    return Line(
        title=item.title,
        milestone=row.milestone.name if row.milestone else "",
        due_on=row.due_on,
        when=_when((row.due_on - today).days) if item.due_on or row.milestone else gettext("without a date"),
        light=str(Health(item.health).label),
        reason=wording.reason_sentence(reasons[0], today=today) if reasons else "",
        url=_address(item),
    )


def _when(days: int) -> str:
    if days == 0:
        return gettext("due today")
    if days < 0:
        return ngettext("%(days)d day late", "%(days)d days late", -days) % {"days": -days}
    return ngettext("%(days)d day left", "%(days)d days left", days) % {"days": days}


def _address(item: Commitment) -> str:
    return f"{settings.SITE_URL.rstrip('/')}/commitments/{quote(item.code)}/"
