"""What the tests of the outbox share: a mail server with moods, and reminders that wait."""

import smtplib
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import ClassVar

from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage
from django.db import transaction

from tests.factories import make_commitment
from tests.reminder_rows import make_reminder
from tracker.actions import messages
from tracker.models import Reminder, User

TUESDAY, WEDNESDAY = date(2026, 6, 9), date(2026, 6, 10)
NOW = datetime(2026, 6, 9, 1, tzinfo=UTC)  # 09:00 in Shanghai
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
BACKEND = f"{__name__}.Moody"


class Moody(BaseEmailBackend):
    """A mail server that can be away, break on a person, or look whether a transaction is open."""

    away: ClassVar[bool] = False
    broken: ClassVar[set[str]] = set()
    refused: ClassVar[set[str]] = set()
    sent: ClassVar[list[str]] = []
    in_transaction: ClassVar[list[bool]] = []

    def open(self) -> bool:
        if self.away:
            raise ConnectionRefusedError("nobody listens")
        return True

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            if self.broken & set(message.to):
                raise TimeoutError("timed out")
            if self.refused & set(message.to):
                raise smtplib.SMTPRecipientsRefused({message.to[0]: (450, b"mailbox busy")})
            self.sent.append(message.to[0])
            self.in_transaction.append(transaction.get_connection().in_atomic_block)
        return len(email_messages)


def owe(person: User, *, count: int = 1, planned_on: date = TUESDAY) -> list[Reminder]:
    """So many reminders of different matters."""
    assert person.department is not None
    return [
        make_reminder(make_commitment(department=person.department), person, planned_on=planned_on)
        for _ in range(count)
    ]


def compose(day: date = TUESDAY) -> int:
    return messages.compose(today=day, now=datetime(day.year, day.month, day.day, 1, tzinfo=UTC))
