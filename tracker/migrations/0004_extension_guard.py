"""What an extension request asked for never changes, and no request is deleted but a demonstration's.

The triggers refuse an UPDATE that alters what was asked, and a DELETE, on SQLite and on PostgreSQL.
"""

from django.db import migrations

ASKED = ("commitment_id", "author_id", "original_due_on", "due_on", "wanted_on", "reason", "is_demo")
CHANGED = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in ASKED)
CHANGED_SQLITE = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in ASKED)
SQLITE = [
    f"""CREATE TRIGGER tracker_extension_no_update BEFORE UPDATE ON tracker_extensionrequest WHEN {CHANGED_SQLITE}
        BEGIN SELECT RAISE(ABORT, 'extension requests are immutable'); END""",
    """CREATE TRIGGER tracker_extension_no_delete BEFORE DELETE ON tracker_extensionrequest WHEN NOT OLD.is_demo
       BEGIN SELECT RAISE(ABORT, 'extension requests are immutable'); END""",
]
POSTGRESQL = [
    """CREATE FUNCTION tracker_extension_guard() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'extension requests are immutable'; END $$""",
    f"""CREATE TRIGGER tracker_extension_no_update BEFORE UPDATE ON tracker_extensionrequest
        FOR EACH ROW WHEN ({CHANGED}) EXECUTE FUNCTION tracker_extension_guard()""",
    """CREATE TRIGGER tracker_extension_no_delete BEFORE DELETE ON tracker_extensionrequest
       FOR EACH ROW WHEN (NOT OLD.is_demo) EXECUTE FUNCTION tracker_extension_guard()""",
]
SQLITE_OFF = [
    "DROP TRIGGER IF EXISTS tracker_extension_no_update",
    "DROP TRIGGER IF EXISTS tracker_extension_no_delete",
]
POSTGRESQL_OFF = [
    "DROP TRIGGER IF EXISTS tracker_extension_no_update ON tracker_extensionrequest",
    "DROP TRIGGER IF EXISTS tracker_extension_no_delete ON tracker_extensionrequest",
    "DROP FUNCTION IF EXISTS tracker_extension_guard()",
]


def guard(apps, schema_editor):
    """Create the triggers of this database."""
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


def unguard(apps, schema_editor):
    """Remove them again."""
    for statement in SQLITE_OFF if schema_editor.connection.vendor == "sqlite" else POSTGRESQL_OFF:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("tracker", "0003_the_desk")]

    operations = [migrations.RunPython(guard, unguard)]
