"""Tends the roll-up: folds its differences together, and mends it where it does not tell the truth.

The roll-up itself is written by the database's triggers (migration 0007); nothing here is needed for it to be right.
"""

from django.db import connection, transaction

from projects.actions import clock
from tracker.actions import events
from tracker.models import LightCell
from tracker.queries import rollup_check
from tracker.queries.rollup import Sums

BATCH = 500
MEND = """
INSERT INTO tracker_lightcell (plan_id, chapter_id, lead_id, health, items, done, known, progress_sum, unknown)
SELECT plan_id, chapter_id, lead_id, health, -items, -done, -known, -progress_sum, -unknown
FROM ({differences}) AS found
"""
Key = tuple[int, int | None, int | None, str]


@transaction.atomic
def fold() -> int:
    """Make one row of all differences of a cell; a cell that counts nothing goes. Returns how many rows went.

    Writers append meanwhile and are not waited for: what is not committed yet stays for the next time.
    """
    sums: dict[Key, Sums] = {}
    old: list[int] = []
    rows = LightCell.objects.select_for_update().order_by("pk")
    for pk, plan, chapter, lead, light, *figures in rows.values_list(
        "pk", "plan_id", "chapter_id", "lead_id", "health", *Sums._fields
    ).iterator(chunk_size=BATCH):
        key = (plan, chapter, lead, light)
        sums[key] = sums.get(key, Sums()).plus(Sums(*figures))
        old.append(pk)
    kept = [
        LightCell(plan_id=plan, chapter_id=chapter, lead_id=lead, health=light, **found._asdict())
        for (plan, chapter, lead, light), found in sums.items()
        if any(found)
    ]
    if len(kept) == len(old):
        return 0
    for first in range(0, len(old), BATCH):
        LightCell.objects.filter(pk__in=old[first : first + BATCH]).delete()
    LightCell.objects.bulk_create(kept, batch_size=BATCH)
    return len(old) - len(kept)


@transaction.atomic
def repair() -> int:
    """Append what makes the roll-up right, and let kept pages go. Returns how many cells were wrong.

    Read and written in one statement under the log's lock, so that two repairs never mend the same fault twice.
    """
    events.hold()
    sql, params = rollup_check.statement()
    with connection.cursor() as cursor:
        cursor.execute(MEND.format(differences=sql), params)
        mended = int(cursor.rowcount)
    if mended:
        clock.tick()
    return mended
