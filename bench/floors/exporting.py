"""P5's floor: the same cells through rustpy-xlsxwriter, the fastest writer on PyPI that we found (ADR 0025).

The limit, because it writes nothing but the cells: dictionaries in, one frozen row, no borders, no light's colour, no
print set-up, no guard. From the database: two SQL statements and tuples, no models.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from bench.floors.database import Database
from config.supervisor import Failure
from tracker.rules import ledger, ledger_cells
from tracker.rules.ledger import BY_FIELD, LedgerRow

FIELDS = (
    "code", "title", "kind", "clause", "summary", "lead", "lead_is_suggested", "responsible", "supporting", "starts_on",
    "original_due_on", "due_on", "stage", "health", "progress",
)  # fmt: skip
HEADINGS = [BY_FIELD[name].heading for name in FIELDS]
SELECT = """
SELECT c.id, c.code, c.title, c.kind, k.code, c.summary, d.name, c.lead_is_suggested, c.starts_on, c.original_due_on,
       c.due_on, c.stage, c.health, c.progress
FROM tracker_commitment c
LEFT JOIN tracker_department d ON d.id = c.lead_id
LEFT JOIN tracker_clause k ON k.id = c.clause_id
ORDER BY c.code
"""
OWNERS = """
SELECT i.commitment_id, i.involvement, d.name FROM tracker_commitmentdepartment i
JOIN tracker_department d ON d.id = i.department_id ORDER BY i.commitment_id, i.involvement, i."order", i.id
"""


def write(rows: Iterable[LedgerRow | dict[str, Any]], path: Path) -> None:
    """Write the file."""
    try:
        import rustpy_xlsxwriter
    except ModuleNotFoundError:
        raise Failure("rustpy-xlsxwriter is not installed. Run make setup.") from None
    records = [row if isinstance(row, dict) else _record(row) for row in rows]
    rustpy_xlsxwriter.write_worksheet(
        records, str(path), sheet_name="台账", freeze_row=1, datetime_format="yyyy-mm-dd", bold_headers=True
    )


def rows(found: Database) -> Iterator[dict[str, Any]]:
    """The rows from the database."""
    owners: dict[tuple[int, str], list[str]] = defaultdict(list)
    for item, part, name in found.rows(OWNERS):
        owners[item, part].append(name)
    for row in found.rows(SELECT):
        pk, code, title, kind, clause, summary, lead, suggested, starts, original, due, stage, health, progress = row
        cells = [
            code, title, ledger.KIND_WORDS[kind], clause, summary, lead, "是" if suggested else "否",
            "、".join(owners[pk, "responsible"]), "、".join(owners[pk, "supporting"]), _day(starts), _day(original),
            _day(due), ledger.STAGE_WORDS[stage], ledger.HEALTH_WORDS[health],
            None if progress is None else float(progress),
        ]  # fmt: skip
        yield dict(zip(HEADINGS, cells, strict=True))


def made_up(number: int) -> LedgerRow:
    """A row as long as those of real ledgers."""
    return LedgerRow(
        code=f"B{number:07d}", title=f"推进第{number}项重点任务落地见效", kind="action", clause="1.2",
        summary="到年底完成全部建设内容并通过验收，形成可复制的经验做法。", lead="市科学技术局",
        responsible=("市经济和信息化局", "市财政局"), supporting=("各县（市、区）",), starts_on=date(2026, 1, 5),
        original_due_on=date(2026, 6, 30), due_on=date(2026, 12, 1), stage="in_progress", health="off_track",
        progress="45.5", plan="bench-1", revision=str(number),
    )  # fmt: skip


def _record(row: LedgerRow) -> dict[str, Any]:
    columns = [BY_FIELD[name] for name in FIELDS]
    cells = ledger_cells.cells_of(row, columns)
    return {
        column.heading: float(cell) if column.field == "progress" and cell is not None else cell  # type: ignore[arg-type]
        for column, cell in zip(columns, cells, strict=True)
    }


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value
