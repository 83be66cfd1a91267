"""Whether a database fault only says that somebody else is writing: then nothing is broken, and trying again helps."""

import sqlite3

from django.db import OperationalError

RETRY_SECONDS = 5
LOCKED = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
# Of PostgreSQL: two waited for each other, a lock was not to be had in time, a statement took too long.
GAVE_UP = frozenset({"40P01", "55P03", "57014"})


def is_busy(fault: BaseException | None) -> bool:
    """Whether this is a wait for other writers that took too long, on either database."""
    cause = fault.__cause__ if isinstance(fault, OperationalError) else None
    if isinstance(cause, sqlite3.OperationalError):
        return cause.sqlite_errorcode & 0xFF in LOCKED  # the upper bits say why
    return getattr(cause, "sqlstate", None) in GAVE_UP
