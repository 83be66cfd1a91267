"""P4's floor: a tidy ledger file into the tables of the product, with nothing between file and database.

The limit, because each cell has to be unpacked, carried over and written once: calamine reads the sheet, COPY
(executemany on SQLite) brings the rows into two temporary tables, three statements write them into the real ones, with
their indexes, checks and triggers. It judges nothing, records no event, no light and no stamp, and believes that
every name stands in the database.
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from python_calamine import CalamineWorkbook

from bench.floors.database import Database

KINDS = {"项目": "project", "行动": "action", "改革": "reform", "平台": "platform", "园区": "park"}
STAGED = (
    "code", "title", "kind", "clause", "summary", "lead", "suggested", "starts_on", "due_on", "due_text", "red_line",
    "public", "plan",
)  # fmt: skip
WRITTEN = (
    "title", "kind", "clause_id", "summary", "lead_id", "lead_is_suggested", "starts_on", "due_on", "due_text",
    "is_red_line", "is_public",
)  # fmt: skip
TABLES = (
    f"CREATE TEMP TABLE bench_staged ({', '.join(f'{name} text' for name in STAGED)})",
    'CREATE TEMP TABLE bench_owners (code text, name text, involvement text, "order" int)',
)
UPSERT = """
INSERT INTO tracker_commitment (code, plan_id, original_due_on, {written}, {others})
SELECT s.code, p.id, {due}, s.title, s.kind, k.id, s.summary, d.id, s.suggested = '是', {start}, {due}, s.due_text,
       s.red_line = '是', s.public = '是', {values}
FROM bench_staged s JOIN tracker_plan p ON p.code = s.plan
JOIN tracker_clause k ON k.plan_id = p.id AND k.code = s.clause JOIN tracker_department d ON d.name = s.lead
WHERE 1 = 1
ON CONFLICT (code) DO UPDATE SET {assignments} WHERE {differs}
"""
WANTED = """
CREATE TEMP TABLE bench_wanted AS SELECT c.id AS commitment_id, d.id AS department_id, o.involvement, o."order"
FROM bench_owners o JOIN tracker_commitment c ON c.code = o.code JOIN tracker_department d ON d.name = o.name
"""
LEAVING = """
DELETE FROM tracker_commitmentdepartment WHERE commitment_id IN (SELECT commitment_id FROM bench_wanted)
AND (commitment_id, department_id) NOT IN (SELECT commitment_id, department_id FROM bench_wanted)
"""
OWNERS = """
INSERT INTO tracker_commitmentdepartment (commitment_id, department_id, involvement, "order", is_suggested)
SELECT commitment_id, department_id, involvement, "order", {false} FROM bench_wanted WHERE 1 = 1
ON CONFLICT (commitment_id, department_id) DO NOTHING
"""


def enter(database: Database, content: bytes, others: Mapping[str, object]) -> int:
    """Write the file's rows; `others` are the values of the columns that it does not say. Returns how many."""
    table = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()[1:]
    rows = [_staged(row) for row in table]
    connection = database.connection()
    connection.execute("BEGIN")
    for statement in TABLES:
        connection.execute(statement)
    _load(database, "bench_staged", STAGED, rows)
    _load(database, "bench_owners", ("code", "name", "involvement", '"order"'), _owners(table))
    connection.execute(_upsert(database, others), dict(others))
    connection.execute(WANTED)
    connection.execute(LEAVING)
    connection.execute(OWNERS.format(false="false" if database.is_postgres else "0"))
    for name in ("bench_staged", "bench_owners", "bench_wanted"):
        connection.execute(f"DROP TABLE {name}")
    connection.execute("COMMIT")
    return len(rows)


def _upsert(database: Database, others: Mapping[str, object]) -> str:
    mark = "%({})s" if database.is_postgres else ":{}"
    cast = "CAST(s.{} AS date)" if database.is_postgres else "s.{}"
    return UPSERT.format(
        written=", ".join(WRITTEN),
        others=", ".join(others),
        values=", ".join(mark.format(name) for name in others),
        start=cast.format("starts_on"),
        due=cast.format("due_on"),
        assignments=", ".join(f"{name} = excluded.{name}" for name in WRITTEN),
        differs=" OR ".join(f"tracker_commitment.{name} IS DISTINCT FROM excluded.{name}" for name in WRITTEN),
    )


def _staged(row: Sequence[Any]) -> tuple[object, ...]:
    code, title, kind, clause, summary, lead, suggested, _first, _others, start, due, words, red, public, plan = row
    return (
        code,
        title,
        KINDS[kind],
        clause,
        summary,
        lead,
        suggested,
        start.isoformat(),
        due.isoformat(),
        words,
        red,
        public,
        plan,
    )


def _owners(table: Sequence[Sequence[Any]]) -> Iterator[tuple[object, ...]]:
    for row in table:
        for involvement, names in (("responsible", row[7]), ("supporting", row[8])):
            for order, name in enumerate(names.split("、") if names else (), start=1):
                yield row[0], name, involvement, order


def _load(database: Database, table: str, columns: Sequence[str], rows: Any) -> None:
    if database.is_postgres:
        with database.connection().cursor().copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return
    marks = ", ".join("?" * len(columns))
    database.connection().executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)
