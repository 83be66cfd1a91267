"""The floors' database: one persistent connection per thread, statements prepared once, rows as tuples. No ORM.

Statements are written once, with %(name)s; for SQLite they are rewritten to :name.
"""

import os
import re
import sqlite3
import threading
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import orjson
import psycopg
from psycopg.types.json import set_json_loads

Row = tuple[Any, ...]
_PARAMETER = re.compile(r"%\((\w+)\)s")
set_json_loads(orjson.loads)


class Database:
    """The database of a URL, as dj-database-url and Django's settings spell it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_postgres = url.startswith("postgres")
        self._own = threading.local()

    def rows(self, statement: str, **values: object) -> list[Row]:
        """All rows of a prepared statement."""
        if self.is_postgres:
            return list(self.connection().execute(statement, values, prepare=True, binary=True))
        return list(self.connection().execute(_with_colons(statement), values))

    def run(self, statement: str) -> int:
        """Execute a statement without parameters in its own transaction; returns how many rows it wrote."""
        return int(self.connection().execute(statement).rowcount)

    def connection(self) -> Any:
        """This thread's connection, opened on first use; the same pragmas as the product's on SQLite."""
        if not hasattr(self._own, "connection"):
            self._own.connection = self._connect()
        return self._own.connection

    def close(self) -> None:
        """Close this thread's connection."""
        if hasattr(self._own, "connection"):
            self._own.connection.close()
            del self._own.connection

    def _connect(self) -> Any:
        if self.is_postgres:
            return psycopg.connect(self.url, autocommit=True, prepare_threshold=0)
        connection = sqlite3.connect(self.url.removeprefix("sqlite:///"), isolation_level=None, timeout=20)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA foreign_keys=ON")
        return connection

    def instant(self, at: datetime) -> object:
        """An instant as this database compares it with what Django stored."""
        return at if self.is_postgres else str(at.astimezone(UTC).replace(tzinfo=None))

    def json(self, value: Any) -> Any:
        """A JSON column's value: psycopg has read it already, SQLite hands out text."""
        return value if self.is_postgres else orjson.loads(value)

    def day(self, day: str) -> str:
        """An ISO day as a literal."""
        return f"DATE '{day}'" if self.is_postgres else f"'{day}'"


@lru_cache(maxsize=64)
def _with_colons(statement: str) -> str:
    return _PARAMETER.sub(r":\1", statement)


def from_environment() -> Database:
    """The database that the product's processes are pointed at."""
    return Database(os.environ["DATABASE_URL"])
