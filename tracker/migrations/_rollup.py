"""The triggers of the roll-up (`LightCell`), for migration 0007 and every later one that has to set them again.

A migration that makes the table of commitments, clauses or cells anew on SQLite (any AlterField, AddConstraint …) has
to begin with `RunPython(unguard, guard_standing)` and end with `RunPython(guard_standing, unguard)`: the new table has
no triggers, and renaming it fails while another table's trigger names it. `tests/tracker/test_rollup.py` finds it out.

The words are those of `queries.rollup`: measurable is what is neither continuous nor a red line nor exempt; a test
compares the two.
"""

COLUMNS = "plan_id, chapter_id, lead_id, health, items, done, known, progress_sum, unknown"
INSERT = f"INSERT INTO tracker_lightcell ({COLUMNS})"
COUNTED = ("plan_id", "clause_id", "lead_id", "health", "progress", "stage", "is_continuous", "is_red_line")


def part(row: str, sign: str, standing: str = "") -> str:
    """What one commitment adds to its cell (`sign` "") or takes away from it ("-"), as an INSERT.

    `standing`: a column; a commitment in which it is set counts for nothing.
    """
    chapter = f"(SELECT chapter_id FROM tracker_clause WHERE id = {row}.clause_id)"  # noqa: S608 our own text
    values = f"{row}.plan_id, {chapter}, {row}.lead_id, {row}.health, {sums(row, sign)}"
    if not standing:
        return f"{INSERT} VALUES ({values});"
    return f"{INSERT} SELECT {values} WHERE {row}.{standing} IS NULL;"


def sums(row: str, sign: str) -> str:
    """The five figures of one commitment."""
    measured = f"NOT {row}.is_continuous AND NOT {row}.is_red_line AND {row}.health <> 'exempt'"
    done = f"{row}.stage IN ('verified', 'closed', 'archived')"
    return (
        f"{sign}1,"
        f" CASE WHEN {measured} AND {done} THEN {sign}1 ELSE 0 END,"
        f" CASE WHEN {measured} AND NOT {done} AND {row}.progress IS NOT NULL THEN {sign}1 ELSE 0 END,"
        f" CASE WHEN {measured} AND NOT {done} AND {row}.progress IS NOT NULL THEN {sign}{row}.progress ELSE 0 END,"
        f" CASE WHEN {measured} AND NOT {done} AND {row}.progress IS NULL THEN {sign}1 ELSE 0 END"
    )


def clause_part(row: str, sign: str, standing: str = "") -> str:
    """What the commitments of a clause add to the chapter of this row of it, or take away."""
    columns = sums("c", sign)
    found = f"SELECT c.plan_id, {row}.chapter_id, c.lead_id, c.health, {columns} FROM tracker_commitment c"  # noqa: S608
    also = f" AND c.{standing} IS NULL" if standing else ""
    return f"{INSERT} {found} WHERE c.clause_id = NEW.id{also};"


FOUND = f"SELECT c.plan_id, k.chapter_id, c.lead_id, c.health, {sums('c', '')} FROM tracker_commitment c"  # noqa: S608
BEGIN = f"{INSERT} {FOUND} LEFT JOIN tracker_clause k ON k.id = c.clause_id"


def changed(operator: str, standing: str = "") -> str:
    """Whether an UPDATE changes what is counted."""
    columns = (*COUNTED, standing) if standing else COUNTED
    return " OR ".join(f"OLD.{column} {operator} NEW.{column}" for column in columns)


def sqlite(standing: str = "") -> tuple[str, ...]:
    """The triggers on SQLite."""
    old, new = part("OLD", "-", standing), part("NEW", "", standing)
    return (
        f"CREATE TRIGGER tracker_rollup_insert AFTER INSERT ON tracker_commitment BEGIN {new} END",
        f"CREATE TRIGGER tracker_rollup_delete AFTER DELETE ON tracker_commitment BEGIN {old} END",
        f"""CREATE TRIGGER tracker_rollup_update AFTER UPDATE ON tracker_commitment
            WHEN {changed("IS NOT", standing)} BEGIN {old} {new} END""",
        f"""CREATE TRIGGER tracker_rollup_chapter AFTER UPDATE ON tracker_clause
            WHEN OLD.chapter_id IS NOT NEW.chapter_id
            BEGIN {clause_part("OLD", "-", standing)} {clause_part("NEW", "", standing)} END""",
    )


def postgresql(standing: str = "") -> tuple[str, ...]:
    """The functions and triggers on PostgreSQL."""
    return (
        f"""CREATE FUNCTION tracker_rollup_of_commitment() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF TG_OP <> 'INSERT' THEN {part("OLD", "-", standing)} END IF;
            IF TG_OP <> 'DELETE' THEN {part("NEW", "", standing)} END IF;
            RETURN NULL; END $$""",
        # Whoever changes a commitment of this clause at the same moment is waited for: each sees the other's chapter.
        """CREATE FUNCTION tracker_rollup_before_clause() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
           PERFORM 1 FROM tracker_commitment WHERE clause_id = NEW.id ORDER BY id FOR NO KEY UPDATE;
           RETURN NEW; END $$""",
        f"""CREATE FUNCTION tracker_rollup_of_clause() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            {clause_part("OLD", "-", standing)} {clause_part("NEW", "", standing)}
            RETURN NULL; END $$""",
        """CREATE TRIGGER tracker_rollup_rows AFTER INSERT OR DELETE ON tracker_commitment
           FOR EACH ROW EXECUTE FUNCTION tracker_rollup_of_commitment()""",
        f"""CREATE TRIGGER tracker_rollup_update AFTER UPDATE ON tracker_commitment
            FOR EACH ROW WHEN ({changed("IS DISTINCT FROM", standing)})
            EXECUTE FUNCTION tracker_rollup_of_commitment()""",
        """CREATE TRIGGER tracker_rollup_lock BEFORE UPDATE ON tracker_clause
           FOR EACH ROW WHEN (OLD.chapter_id IS DISTINCT FROM NEW.chapter_id)
           EXECUTE FUNCTION tracker_rollup_before_clause()""",
        """CREATE TRIGGER tracker_rollup_chapter AFTER UPDATE ON tracker_clause
           FOR EACH ROW WHEN (OLD.chapter_id IS DISTINCT FROM NEW.chapter_id)
           EXECUTE FUNCTION tracker_rollup_of_clause()""",
    )


STANDING = "withdrawn_at"  # since migration 0017
SQLITE_OFF = tuple(
    f"DROP TRIGGER IF EXISTS tracker_rollup_{name}" for name in ("insert", "delete", "update", "chapter")
)
POSTGRESQL_OFF = (
    "DROP TRIGGER IF EXISTS tracker_rollup_rows ON tracker_commitment",
    "DROP TRIGGER IF EXISTS tracker_rollup_update ON tracker_commitment",
    "DROP TRIGGER IF EXISTS tracker_rollup_lock ON tracker_clause",
    "DROP TRIGGER IF EXISTS tracker_rollup_chapter ON tracker_clause",
    "DROP FUNCTION IF EXISTS tracker_rollup_of_commitment()",
    "DROP FUNCTION IF EXISTS tracker_rollup_before_clause()",
    "DROP FUNCTION IF EXISTS tracker_rollup_of_clause()",
)


def guard(apps, schema_editor):
    """Set the triggers of this database as they were before 0017."""
    _set(schema_editor, "")


def guard_standing(apps, schema_editor):
    """Set the triggers that leave out what was taken out again (from 0017 on)."""
    _set(schema_editor, STANDING)


def _set(schema_editor, standing):
    for statement in sqlite(standing) if schema_editor.connection.vendor == "sqlite" else postgresql(standing):
        schema_editor.execute(statement)


def unguard(apps, schema_editor):
    """Take them off."""
    for statement in SQLITE_OFF if schema_editor.connection.vendor == "sqlite" else POSTGRESQL_OFF:
        schema_editor.execute(statement)


def begin(apps, schema_editor):
    """Count what stands already: one row for each commitment, which the first sweep folds together."""
    schema_editor.execute("DELETE FROM tracker_lightcell")
    schema_editor.execute(BEGIN)
