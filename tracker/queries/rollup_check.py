"""Whether the roll-up tells the truth: one statement, so that both sides are read from one moment."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from tracker.choices import DONE_STAGES, Health

# What the roll-up says beyond the truth, by cell. The truth in the words of `queries.rollup`.
DIFFERENCES = """
SELECT plan_id, chapter_id, lead_id, health, SUM(items) AS items, SUM(done) AS done, SUM(known) AS known,
       ROUND(SUM(progress_sum), 2) AS progress_sum, SUM(unknown) AS unknown
FROM (
    SELECT plan_id, chapter_id, lead_id, health, items, done, known, progress_sum, unknown FROM tracker_lightcell
    UNION ALL
    SELECT plan_id, chapter_id, lead_id, health, -1,
           CASE WHEN measured AND is_done THEN -1 ELSE 0 END,
           CASE WHEN measured AND NOT is_done AND progress IS NOT NULL THEN -1 ELSE 0 END,
           CASE WHEN measured AND NOT is_done AND progress IS NOT NULL THEN -progress ELSE 0 END,
           CASE WHEN measured AND NOT is_done AND progress IS NULL THEN -1 ELSE 0 END
    FROM (
        SELECT c.plan_id, k.chapter_id, c.lead_id, c.health, c.progress,
               NOT c.is_continuous AND NOT c.is_red_line AND c.health <> %s AS measured,
               c.stage IN ({marks}) AS is_done
        FROM tracker_commitment c LEFT JOIN tracker_clause k ON k.id = c.clause_id
        WHERE c.withdrawn_at IS NULL
    ) AS facts
) AS both_sides
GROUP BY plan_id, chapter_id, lead_id, health
HAVING SUM(items) <> 0 OR SUM(done) <> 0 OR SUM(known) <> 0 OR ROUND(SUM(progress_sum), 2) <> 0 OR SUM(unknown) <> 0
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A cell that is wrong, and by how much its figures are too high (negative: too low)."""

    plan_id: int
    chapter_id: int | None
    lead_id: int | None
    health: str
    items: int
    done: int
    known: int
    progress_sum: Decimal
    unknown: int


def statement() -> tuple[str, list[Any]]:
    """The SELECT of all differences, and its parameters."""
    stages = sorted(DONE_STAGES)
    return DIFFERENCES.format(marks=", ".join(["%s"] * len(stages))), [Health.EXEMPT, *stages]


def differences() -> list[Difference]:
    """Every cell that is wrong; none when the roll-up is right."""
    sql, params = statement()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({sql}) AS found ORDER BY plan_id, chapter_id, lead_id, health", params)  # noqa: S608 our own text
        return [
            Difference(
                plan_id=row[0],
                chapter_id=row[1],
                lead_id=row[2],
                health=row[3],
                items=int(row[4]),
                done=int(row[5]),
                known=int(row[6]),
                progress_sum=Decimal(str(row[7])),
                unknown=int(row[8]),
            )
            for row in cursor.fetchall()
        ]
