"""P3's floor: all reminders of a day in one hand-written INSERT … SELECT … ON CONFLICT.

The limit, because the rows have to be found and written once, and here the database does it in one pass over each
table: the (rule, offset, due date) triples of the day are a small table, joined by equality to due dates and milestone
dates, then to the lead's active officers and to whoever holds the post. No rule is locked, no run is noted.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from bench.floors.database import Database

STATEMENT = """
INSERT INTO tracker_reminder
    (commitment_id, milestone_id, rule_id, recipient_id, due_on, "offset", planned_on, state, attempts, error, is_demo)
WITH fire(rule_id, off, due_on) AS (VALUES {fire}),
matter AS (
    SELECT c.id AS commitment_id, CAST(NULL AS bigint) AS milestone_id, c.due_on, c.lead_id, c.post_id, c.is_demo,
           f.rule_id, f.off
    FROM fire f JOIN tracker_commitment c ON c.due_on = f.due_on
    WHERE c.stage IN ('issued', 'accepted', 'in_progress')
    UNION ALL
    SELECT c.id, m.id, m.planned_on, c.lead_id, c.post_id, c.is_demo, f.rule_id, f.off
    FROM fire f JOIN tracker_milestone m ON m.planned_on = f.due_on AND m.actual_on IS NULL
    JOIN tracker_commitment c ON c.id = m.commitment_id
    WHERE c.stage IN ('issued', 'accepted', 'in_progress')
)
SELECT m.commitment_id, m.milestone_id, m.rule_id, u.id, m.due_on, m.off, {today}, 'planned', 0, '', m.is_demo
FROM matter m JOIN tracker_user u ON u.department_id = m.lead_id AND u.role = 'officer' AND u.is_active
UNION ALL
SELECT m.commitment_id, m.milestone_id, m.rule_id, u.id, m.due_on, m.off, {today}, 'planned', 0, '', m.is_demo
FROM matter m
JOIN tracker_postholding h ON h.post_id = m.post_id AND h.starts_on <= {today}
    AND (h.ends_on IS NULL OR h.ends_on >= {today})
JOIN tracker_user u ON u.id = h.holder_id AND u.is_active
WHERE 1 = 1
ON CONFLICT DO NOTHING
"""


def plan(found: Database, rules: Sequence[tuple[int, Sequence[int]]], *, today: date, days: int) -> int:
    """Write what today's sweep owes when it serves today and so many days in all; returns how many rows are new.

    `rules` are ids with signed offsets.
    """
    fire = ", ".join(
        f"({rule}, {offset}, {found.day((today + timedelta(days=ahead - offset)).isoformat())})"
        for rule, offsets in rules
        for offset in offsets
        for ahead in range(days)
    )
    return found.run(STATEMENT.format(fire=fire, today=found.day(today.isoformat())))
