"""Empties the outbox: claim, send, record, one message after the other. Nothing is sent inside a transaction."""

import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone, translation

from projects.errors import DomainError
from tracker.actions import reminders
from tracker.delivery import digest, email
from tracker.queries import reminders as queries

logger = logging.getLogger(__name__)

# Messages a call; the next minute brings the next.
MOST_MESSAGES = 500
# A message longer than this is read by nobody; the rest follows in the next.
MOST_LINES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """How many messages went out, and how many could not be sent."""

    sent: int = 0
    failed: int = 0


def deliver(limit: int, *, now: datetime) -> Delivered:
    """Send up to `limit` messages, one per person, in the site's language.

    When the mail server cannot be reached, nothing is claimed and no try is used up: the reminders wait for the next
    call. A message that fails is recorded and the next one is tried.
    """
    started, counts = time.monotonic(), {True: 0, False: 0}
    reminders.cancel_obsolete(now=now)
    connection: BaseEmailBackend = mail.get_connection()
    with translation.override(settings.LANGUAGE_CODE):
        for _ in range(limit):
            # Claims need the hour at which they are made, not that of the first.
            moment = now + timedelta(seconds=time.monotonic() - started)
            if not _is_waiting(moment) or not _reachable(connection):
                break
            ids = reminders.claim(MOST_LINES, now=moment)
            if not ids:
                break
            counts[_send(ids, connection=connection, now=moment)] += 1
    _close(connection)
    return Delivered(sent=counts[True], failed=counts[False])


def _is_waiting(now: datetime) -> bool:
    return queries.waiting(now=now, claim_holds=reminders.claim_holds()).exists()


def _send(ids: list[int], *, connection: BaseEmailBackend, now: datetime) -> bool:
    """Send one claimed message and record the result; True when it went out."""
    try:
        message = digest.build(queries.of(ids), today=timezone.localdate(now))
        email.send(message, connection=connection)
    except DomainError as error:
        reminders.record_failed(ids, error=str(error), for_good=True)
        return False
    except Exception as error:
        logger.exception("message failed", extra={"reminders": len(ids), "first": ids[0]})
        reminders.record_failed(ids, error=f"{type(error).__name__}: {error}")
        _close(connection)  # its state is unknown; the next message opens it anew
        return False
    reminders.record_sent(ids, now=now)
    return True


def _reachable(connection: BaseEmailBackend) -> bool:
    """Open the connection unless it is open; False, and a line in the log, when that fails."""
    try:
        connection.open()
    except OSError:
        logger.exception("mail server not reachable")
        return False
    return True


def _close(connection: BaseEmailBackend) -> None:
    """Close the connection; one that is broken already is as good as closed."""
    try:
        connection.close()
    except OSError:
        logger.warning("mail connection did not close")
