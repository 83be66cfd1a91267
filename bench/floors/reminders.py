"""P3's floor: all reminders of a day in one hand-written INSERT … SELECT … ON CONFLICT.

The limit, because the rows have to be found and written once, and here the database does it in one pass over each
table: the (rule, occasion, audience, offset, due date) rows of the day are a small table, joined by equality to due
dates and milestone dates; whom a department and a post mean for each audience is another, made once of the few people
there are; the two are joined once. Who is told twice for one matter is told once by ON CONFLICT. No rule is locked, no
run is noted.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from bench.floors.database import Database

STATEMENT = """
INSERT INTO tracker_reminder
    (commitment_id, milestone_id, rule_id, version_id, occasion, audience, recipient_id, due_on, "offset", planned_on,
     state, is_demo)
WITH fire(rule_id, version_id, occasion, audience, off, due_on) AS (VALUES {fire}),
matter AS MATERIALIZED (
    SELECT c.id AS commitment_id, CAST(NULL AS bigint) AS milestone_id, c.due_on, c.lead_id, c.post_id, c.is_demo,
           f.rule_id, f.version_id, f.occasion, f.audience, f.off
    FROM fire f JOIN tracker_commitment c ON c.due_on = f.due_on
    WHERE c.stage IN ('issued', 'accepted', 'in_progress')
    UNION ALL
    SELECT c.id, m.id, m.planned_on, c.lead_id, c.post_id, c.is_demo,
           f.rule_id, f.version_id, f.occasion, f.audience, f.off
    FROM fire f JOIN tracker_milestone m ON m.planned_on = f.due_on AND m.actual_on IS NULL
    JOIN tracker_commitment c ON c.id = m.commitment_id
    WHERE c.stage IN ('issued', 'accepted', 'in_progress')
), held AS MATERIALIZED (
    SELECT h.post_id, h.holder_id AS person_id
    FROM tracker_postholding h JOIN tracker_user u ON u.id = h.holder_id AND u.is_active
    WHERE h.starts_on <= {today} AND (h.ends_on IS NULL OR h.ends_on >= {today})
    UNION ALL
    SELECT d.post_id, d.deputy_id FROM tracker_deputy d JOIN tracker_user u ON u.id = d.deputy_id AND u.is_active
    WHERE d.starts_on <= {today} AND d.ends_on >= {today}
), of_lead(audience, lead_id, person_id) AS MATERIALIZED (
    SELECT role, department_id, id FROM tracker_user WHERE role IN ('officer', 'head') AND is_active
    UNION
    SELECT 'head', p.department_id, held.person_id FROM held JOIN tracker_post p ON p.id = held.post_id AND p.is_head
    UNION
    SELECT 'overseer', p.department_id, held.person_id
    FROM tracker_post p JOIN held ON held.post_id = p.overseen_by_id WHERE p.is_head
), of_post(audience, post_id, person_id) AS MATERIALIZED (
    SELECT 'officer', post_id, person_id FROM held
    UNION
    SELECT 'overseer', p.id, held.person_id FROM tracker_post p JOIN held ON held.post_id = p.overseen_by_id
)
SELECT m.commitment_id, m.milestone_id, m.rule_id, m.version_id, m.occasion, m.audience, p.person_id, m.due_on, m.off,
       {today}, 'planned', m.is_demo
FROM matter m JOIN of_lead p ON p.lead_id = m.lead_id AND p.audience = m.audience
UNION ALL
SELECT m.commitment_id, m.milestone_id, m.rule_id, m.version_id, m.occasion, m.audience, p.person_id, m.due_on, m.off,
       {today}, 'planned', m.is_demo
FROM matter m JOIN of_post p ON p.post_id = m.post_id AND p.audience = m.audience
WHERE 1 = 1
ON CONFLICT DO NOTHING
"""


def plan(found: Database, rungs: Sequence[tuple[int, str, str, Sequence[int]]], *, today: date, days: int) -> int:
    """Write what today's sweep owes when it serves today and so many days in all; returns how many rows are new.

    `rungs`: id (of the rule and of its version, which are the same here), occasion, audience, signed offsets.
    """
    fire = ", ".join(
        f"({rule}, {rule}, '{occasion}', '{audience}', {offset}, "
        f"{found.day((today + timedelta(days=ahead - offset)).isoformat())})"
        for rule, occasion, audience, offsets in rungs
        for offset in offsets
        for ahead in range(days)
    )
    return found.run(STATEMENT.format(fire=fire, today=found.day(today.isoformat())))
