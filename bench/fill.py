"""Writes the data into a fresh database, past the ORM: COPY on PostgreSQL, executemany on SQLite. Needs Django."""

import json
import logging
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, models
from knox.models import AuthToken

from bench.data import LEADER_ID, Dataset, Row, Table
from tracker.actions import rollup
from tracker.models import User

BATCH = 10_000
SESSION_DAYS = 1
logger = logging.getLogger(__name__)

# What the overview's floor reads instead of the raw tables: sums and short lists, as a transaction that changes a
# commitment would keep them. The product does not know them; its own roll-up (`LightCell`) is written by its triggers.
ROLLUP = (
    """CREATE TABLE bench_light AS
       SELECT plan_id, health, count(*) AS total,
              sum(CASE WHEN measured AND stage IN ('verified', 'closed', 'archived') THEN 1 ELSE 0 END) AS done,
              sum(CASE WHEN measured AND stage NOT IN ('verified', 'closed', 'archived') AND progress IS NOT NULL
                       THEN 1 ELSE 0 END) AS known,
              coalesce(sum(CASE WHEN measured AND stage NOT IN ('verified', 'closed', 'archived')
                                THEN progress END), 0) AS points
       FROM (SELECT *, NOT is_continuous AND NOT is_red_line AND health <> 'exempt' AS measured
             FROM tracker_commitment) AS c
       GROUP BY plan_id, health""",
    """CREATE TABLE bench_cell AS
       SELECT c.plan_id, k.chapter_id, c.lead_id, c.health, count(*) AS total
       FROM tracker_commitment c JOIN tracker_clause k ON k.id = c.clause_id
       WHERE c.lead_id IS NOT NULL GROUP BY c.plan_id, k.chapter_id, c.lead_id, c.health""",
    "CREATE INDEX bench_cell_of ON bench_cell (plan_id, lead_id)",
    """CREATE TABLE bench_lead AS
       SELECT plan_id, lead_id, sum(total) AS total FROM bench_cell GROUP BY plan_id, lead_id""",
    """CREATE TABLE bench_listed AS
       SELECT plan_id, health, place, commitment_id FROM (
           SELECT plan_id, health, id AS commitment_id, row_number() OVER (
               PARTITION BY plan_id, health
               ORDER BY due_on ASC NULLS LAST, health_since ASC NULLS LAST, code) AS place
           FROM tracker_commitment WHERE health IN ('off_track', 'at_risk', 'no_data')) AS ranked
       WHERE place <= 5""",
    """CREATE TABLE bench_change AS
       SELECT plan_id, "on", before, after, count(*) AS total FROM tracker_lightchange
       GROUP BY plan_id, "on", before, after""",
    'CREATE INDEX bench_change_of ON bench_change (plan_id, "on")',
    "CREATE TABLE bench_session (key varchar(64) PRIMARY KEY, user_id bigint NOT NULL, ends_at bigint NOT NULL)",
)


def fill(count: int) -> None:
    """Migrate, write the whole data set, make the floor's roll-up, let the planner look at the tables."""
    call_command("migrate", verbosity=0)
    start = time.monotonic()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA foreign_keys=OFF")  # checked below, once
        for table in Dataset(count).tables():
            _write(table, cursor)
        cursor.execute("UPDATE projects_syncclock SET rev = %s", [count])
        for statement in ROLLUP:
            cursor.execute(statement)
        for statement in connection.ops.sequence_reset_sql(no_style(), list(apps.get_models())):
            cursor.execute(statement)
    rollup.fold()  # as the product does after many changes at once, and every night
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    connection.check_constraints()
    connection.close()  # the settings' PRAGMAs hold again
    logger.info("data written", extra={"commitments": count, "seconds": round(time.monotonic() - start, 1)})


def sign_in() -> tuple[str, str]:
    """The leader's session key (known to product and floor) and API token."""
    leader = User.objects.get(pk=LEADER_ID)
    session = SessionStore()
    session[SESSION_KEY] = str(leader.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = leader.get_session_auth_hash()
    session.create()
    ends_at = int((datetime.now(UTC) + timedelta(days=SESSION_DAYS)).timestamp())
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO bench_session VALUES (%s, %s, %s)", [session.session_key, leader.pk, ends_at])
    return str(session.session_key), str(AuthToken.objects.create(leader)[1])


def _write(table: Table, cursor: Any) -> None:
    model = apps.get_model(table.model)
    given = [model._meta.get_field(name.removesuffix("_id")) for name in table.columns]
    others = [field for field in model._meta.concrete_fields if field not in given]
    constants = tuple(plain(default(field)) for field in others)
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in (*given, *others))
    rows = ((*map(plain, row), *constants) for row in table.rows)
    name = connection.ops.quote_name(model._meta.db_table)
    if connection.vendor == "postgresql":
        with cursor.copy(f"COPY {name} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return
    marks = ", ".join(["%s"] * (len(given) + len(others)))
    for batch in _batches(rows):
        cursor.executemany(f"INSERT INTO {name} ({columns}) VALUES ({marks})", batch)


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while batch := list(islice(rows, BATCH)):
        yield batch


def default(field: "models.Field[Any, Any]") -> object:
    """What a row holds that does not say: the field's default, now for the time stamps, NULL or "" else."""
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        return "2026-11-20 01:00:00+00" if connection.vendor == "postgresql" else "2026-11-20 01:00:00"
    if isinstance(field, models.DateTimeField) and not field.null:
        return "2026-01-01 00:00:00+00" if connection.vendor == "postgresql" else "2026-01-01 00:00:00"
    return field.get_default()


def plain(value: object) -> object:
    """What both databases take: dates as ISO text, JSON as text."""
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return value.isoformat() if isinstance(value, date) else value
