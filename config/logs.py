"""How log records look: the event, then its facts as key=value."""

import logging

STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}


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
        return line if not facts else line + " " + " ".join(f"{key}={value}" for key, value in facts.items())
