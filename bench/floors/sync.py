"""P2's floor for sync: 500 whole commitments after a place in the order of changes, in six prepared statements.

The limit, because the page needs the token's digest, the clock, one index walk with its joins, and one statement for
each table that hangs on the rows; tuples become dictionaries by hand and bytes by orjson. Nothing is signed or counted.
"""

from collections import defaultdict
from datetime import date
from typing import Any

from bench.floors.database import Database, Row
from bench.floors.listing import COLUMNS, check_token, shape

LIMIT = 500
WIDTH = 20
CLOCK = "SELECT rev FROM projects_syncclock WHERE id = 1"
ROWS = COLUMNS.replace(
    "FROM tracker_commitment c",
    """, c.id, c.summary, c.starts_on, c.issued_on, c.closed_on, c.exempt_until, c.due_basis, c.is_red_line,
       c.red_line_broken_on, c.progress_basis, c.last_period_end, c.last_accepted_on, c.health_since, i.code, i.name,
       i.kind, o.code, o.title
FROM tracker_commitment c
LEFT JOIN projects_initiative i ON i.id = c.initiative_id
LEFT JOIN tracker_post o ON o.id = c.post_id""",
) + (
    "WHERE (c.revision, c.id) > (%(revision)s, %(key)s) AND c.revision <= %(high)s ORDER BY c.revision, c.id LIMIT 500"
)
PARTS = """
SELECT x.commitment_id, d.code, d.name, x.involvement, x.is_suggested
FROM tracker_commitmentdepartment x JOIN tracker_department d ON d.id = x.department_id
WHERE x.commitment_id {ids} ORDER BY x.involvement, x."order"
"""
MILESTONES = """
SELECT commitment_id, name, planned_on, forecast_on, actual_on, weight, is_demo FROM tracker_milestone
WHERE commitment_id {ids} ORDER BY "order", id
"""
TARGETS = "SELECT id FROM tracker_target WHERE commitment_id {ids}"


def page(found: Database, environ: dict[str, Any], query: dict[str, str]) -> object:
    """The commitments of the page; the page that is timed has no targets, which is looked up all the same."""
    check_token(found, environ.get("HTTP_AUTHORIZATION", ""))
    high = found.rows(CLOCK)[0][0]
    rows = found.rows(ROWS, revision=int(query["revision"]), key=int(query["key"]), high=high)
    ids = [row[WIDTH] for row in rows]
    if _of(found, TARGETS, ids):
        raise ValueError("this floor is of pages without targets: the bench asks for another")
    parts, milestones = defaultdict[int, list[object]](list), defaultdict[int, list[object]](list)
    for pk, code, name, involvement, is_suggested in _of(found, PARTS, ids):
        one = {"code": code, "name": name, "involvement": involvement, "is_suggested": bool(is_suggested)}
        parts[pk].append(one)
    for pk, name, planned_on, forecast_on, actual_on, weight, is_demo in _of(found, MILESTONES, ids):
        milestones[pk].append(
            {
                "name": name,
                "planned_on": planned_on,
                "forecast_on": forecast_on,
                "actual_on": actual_on,
                "weight": None if weight is None else float(weight),
                "is_demo": bool(is_demo),
            }
        )
    today = date.today()
    return {"commitments": [_whole(found, row, today, parts[row[WIDTH]], milestones[row[WIDTH]]) for row in rows]}


def _of(found: Database, statement: str, ids: list[int]) -> list[Row]:
    if found.is_postgres:
        return found.rows(statement.format(ids="= ANY(%(ids)s)"), ids=ids)
    return found.rows(statement.format(ids="IN (SELECT value FROM json_each(%(ids)s))"), ids=str(ids))


def _whole(found: Database, row: Row, today: date, parts: list[object], milestones: list[object]) -> dict[str, object]:
    (_id, summary, starts_on, issued_on, closed_on, exempt_until, due_basis, is_red_line, broken_on, progress_basis,
     last_period_end, last_accepted_on, health_since, initiative, its_name, kind, post, title) = (
        row[WIDTH:]
    )  # fmt: skip
    return shape(found, row[:WIDTH], today) | {
        "summary": summary,
        "starts_on": starts_on,
        "issued_on": issued_on,
        "closed_on": closed_on,
        "exempt_until": exempt_until,
        "due_basis": due_basis,
        "is_red_line": bool(is_red_line),
        "red_line_broken_on": broken_on,
        "progress_basis": progress_basis,
        "last_period_end": last_period_end,
        "last_accepted_on": last_accepted_on,
        "health_since": health_since,
        "override": None,
        "parent": None,
        "initiative": {"code": initiative, "name": its_name, "kind": kind} if initiative else None,
        "post": {"code": post, "title": title} if post else None,
        "departments": parts,
        "milestones": milestones,
        "targets": [],
    }
