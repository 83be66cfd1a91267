"""Test databases as copies: the migrations run once for a state of the code, not once for every process of a run.

SQLite: a file under `.test-databases/`, read into memory. PostgreSQL: a database `luoshi_template_…` beside it.
The name carries a digest of all that the schema and the rows of migrations come from; another digest, another template.
"""

import contextlib
import fcntl
import hashlib
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".test-databases"
# Models count because permissions and content types are rows; requirements because some apps are not ours.
SOURCES = (
    "projects",
    "tracker/models",
    "tracker/migrations",
    "tracker/choices.py",
    "config/settings",
    "requirements.txt",
)
PREFIX = "luoshi_template_"
LOCK = 7_041_126  # any number that nobody else on the server locks


def digest() -> str:
    """Sixteen hexadecimal digits over the names and bytes of SOURCES."""
    sealed = hashlib.sha256(sys.version.encode())
    for source in SOURCES:
        place = ROOT / source
        for file in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            sealed.update(f"{file.relative_to(ROOT)}\0".encode())
            sealed.update(file.read_bytes())
    return sealed.hexdigest()[:16]


@contextlib.contextmanager
def copy_for_this_run(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Point the connection at a fresh copy of the template; afterwards remove the copy and point it back."""
    name = connection.settings_dict["NAME"]
    test_name = connection.creation._get_test_db_name()  # type: ignore[attr-defined]  # Django's own name for it
    connection.close()
    try:
        if connection.vendor == "sqlite":
            _into_memory(connection, test_name)
        else:
            _beside(connection, test_name)
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = name
        if connection.vendor != "sqlite":
            with _maintenance(connection) as server:
                server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(test_name)))


def sqlite_template() -> Path:
    """The migrated file, made when it is not there; other processes wait meanwhile, older templates go."""
    FOLDER.mkdir(exist_ok=True)
    file = FOLDER / f"{digest()}.sqlite3"
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not file.exists():
            for old in FOLDER.glob("*.sqlite3*"):
                old.unlink()
            made = file.with_suffix(".sqlite3-new")
            _migrate(f"sqlite:///{made}")
            with contextlib.closing(sqlite3.connect(made)) as database:
                database.execute("PRAGMA journal_mode=DELETE")
            made.replace(file)
    return file


def postgres_template(server: "psycopg.Connection[Any]", url: str) -> str:
    """The name of the migrated database on this server, made when it is not there. The caller holds LOCK."""
    name = PREFIX + digest()
    known = [row[0] for row in server.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{PREFIX}%"])]
    if name not in known:
        for old in known:
            server.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(old)))
        made = f"new_{name}"
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(made)))
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(made)))
        _migrate(f"{url.rpartition('/')[0]}/{made}")
        server.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(made), sql.Identifier(name)))
    return name


def _into_memory(connection: BaseDatabaseWrapper, test_name: str) -> None:
    file = sqlite_template()
    connection.settings_dict["NAME"] = test_name
    connection.ensure_connection()
    with contextlib.closing(sqlite3.connect(file)) as source:
        source.backup(connection.connection)


def _beside(connection: BaseDatabaseWrapper, test_name: str) -> None:
    with _maintenance(connection) as server:
        server.execute("SELECT pg_advisory_lock(%s)", [LOCK])  # ends with the session
        template = postgres_template(server, os.environ["DATABASE_URL"])
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(test_name)))
        server.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(test_name), sql.Identifier(template))
        )
    connection.settings_dict["NAME"] = test_name


def _maintenance(connection: BaseDatabaseWrapper) -> "psycopg.Connection[Any]":
    """A connection beside Django's to the database that DATABASE_URL names."""
    return psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)


def _migrate(url: str) -> None:
    environment = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings.test"}
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=ROOT, env=environment, check=True)
