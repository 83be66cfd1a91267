"""The log is append-only: triggers refuse UPDATE and DELETE of events on SQLite and on PostgreSQL."""

from django.db import migrations

SQLITE = [
    """CREATE TRIGGER tracker_event_no_update BEFORE UPDATE ON tracker_event
       BEGIN SELECT RAISE(ABORT, 'events are append-only'); END""",
    """CREATE TRIGGER tracker_event_no_delete BEFORE DELETE ON tracker_event
       BEGIN SELECT RAISE(ABORT, 'events are append-only'); END""",
]
POSTGRESQL = [
    """CREATE FUNCTION tracker_event_guard() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'events are append-only'; END $$""",
    """CREATE TRIGGER tracker_event_no_change BEFORE UPDATE OR DELETE ON tracker_event
       FOR EACH ROW EXECUTE FUNCTION tracker_event_guard()""",
]
SQLITE_OFF = ["DROP TRIGGER IF EXISTS tracker_event_no_update", "DROP TRIGGER IF EXISTS tracker_event_no_delete"]
POSTGRESQL_OFF = [
    "DROP TRIGGER IF EXISTS tracker_event_no_change ON tracker_event",
    "DROP FUNCTION IF EXISTS tracker_event_guard()",
]


def guard(apps, schema_editor):
    """Create the triggers of this database."""
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


def unguard(apps, schema_editor):
    """Remove them again."""
    for statement in SQLITE_OFF if schema_editor.connection.vendor == "sqlite" else POSTGRESQL_OFF:
        schema_editor.execute(statement)


def single_rows(apps, schema_editor):
    """Create the clock and the chain's head, so that writers only ever lock an existing row."""
    apps.get_model("projects", "SyncClock").objects.get_or_create(pk=1)
    apps.get_model("tracker", "EventChain").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("projects", "0001_initial"), ("tracker", "0001_initial")]

    operations = [
        migrations.RunPython(guard, unguard),
        migrations.RunPython(single_rows, migrations.RunPython.noop),
    ]
