"""How log records look: the event, then its facts as key=value, and no secret that stands in an address."""

import logging
import re

STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}

# The address of a calendar is its key: whoever reads a log shall not read the calendar.
SECRET = re.compile(r"(/feeds/)[^/?#\s\"'>]+", re.IGNORECASE)


def without_secrets(line: str) -> str:
    """The line with the secret parts of addresses left out."""
    return SECRET.sub(r"\1…", line)


class EventFormatter(logging.Formatter):
    """One line an event: time, level, logger, message, then the `extra` values in order."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        facts = {
            key: value
            for key, value in record.__dict__.items()
            if key not in STANDARD and key not in {"request", "server_time", "status_code"}
        }
        line = super().format(record)
        return without_secrets(" ".join([line, *(f"{key}={value}" for key, value in facts.items())]))
