"""P2's floor: 50 commitments as JSON for the holder of a token, in two prepared statements.

The limit, because the list needs one lookup of the token's digest, one index walk with its joins, and bytes: tuples
become dictionaries by hand and bytes by orjson. No queryset, no serializer, no throttle, no signed cursor.
"""

import hashlib
from datetime import UTC, date, datetime
from typing import Any

from bench.floors.database import Database, Row

LIMIT = 50
CALLER = """
SELECT u.id, u.role FROM knox_authtoken t JOIN tracker_user u ON u.id = t.user_id
WHERE t.digest = %(digest)s AND t.expiry > %(now)s AND u.is_active
"""
COLUMNS = """
SELECT c.code, c.title, c.kind, c.stage, c.health, c.health_reasons, c.progress, c.due_on, c.original_due_on,
       c.due_text, c.is_continuous, d.code, d.name, c.lead_is_suggested, p.code, k.code, h.code, c.forecast_on,
       c.revision, c.is_demo
FROM tracker_commitment c
JOIN tracker_plan p ON p.id = c.plan_id
LEFT JOIN tracker_department d ON d.id = c.lead_id
LEFT JOIN tracker_clause k ON k.id = c.clause_id
LEFT JOIN tracker_clause h ON h.id = k.chapter_id
"""
FIRST = COLUMNS + "ORDER BY c.code LIMIT 51"
AFTER = COLUMNS + "WHERE c.code > %(after)s ORDER BY c.code LIMIT 51"
FILTERED = COLUMNS + (
    "WHERE c.health = %(health)s AND c.lead_id = (SELECT id FROM tracker_department WHERE code = %(department)s) "
    "ORDER BY c.code LIMIT 51"
)


def page(found: Database, environ: dict[str, Any], query: dict[str, str]) -> object:
    """The first page, the page after a code, or the first one of a light and a department."""
    check_token(found, environ.get("HTTP_AUTHORIZATION", ""))
    statement = AFTER if "after" in query else FILTERED if "health" in query else FIRST
    rows = found.rows(statement, **query)
    today = date.today()
    return {
        "results": [shape(found, row, today) for row in rows[:LIMIT]],
        "next": rows[LIMIT - 1][0] if len(rows) > LIMIT else None,
    }


def check_token(found: Database, header: str) -> None:
    """Raise PermissionError unless the header carries the token of an active person that has not expired."""
    digest = hashlib.sha512(header.removeprefix("Token ").encode()).hexdigest()
    if not found.rows(CALLER, digest=digest, now=found.instant(datetime.now(UTC))):
        raise PermissionError


def shape(found: Database, row: Row, today: date) -> dict[str, object]:
    (code, title, kind, stage, health, reasons, progress, due_on, original_due_on, due_text, is_continuous,
     lead, lead_name, lead_is_suggested, plan, clause, chapter, forecast_on, revision, is_demo) = row  # fmt: skip
    reasons = found.json(reasons)
    return {
        "code": code,
        "title": title,
        "kind": kind,
        "stage": stage,
        "health": health,
        "reasons": reasons,
        "sentence": "; ".join(_sentence(reason["code"], reason["params"], today) for reason in reasons),
        "progress": None if progress is None else float(progress),
        "due_on": due_on,
        "original_due_on": original_due_on,
        "due_text": due_text,
        "is_continuous": bool(is_continuous),
        "lead": None if lead is None else {"code": lead, "name": lead_name, "is_suggested": bool(lead_is_suggested)},
        "plan": plan,
        "clause": clause,
        "chapter": chapter,
        "forecast_on": forecast_on,
        "revision": revision,
        "is_demo": bool(is_demo),
        "url": f"/api/v1/commitments/{code}/",
    }


def _sentence(code: str, params: dict[str, Any], today: date) -> str:
    """A reason in English words: only the codes that the benchmark's data holds."""
    if code == "overdue":
        return f"{_days(params['due_on'], today)} late"
    if code == "milestone_overdue":
        return f"Milestone “{params['name']}” is {_days(params['planned_on'], today)} late"
    if code == "reports_missed":
        return f"{params['count']} period{'s' if params['count'] != 1 else ''} without a report"
    return FIXED[code] % params


def _days(since: str, today: date) -> str:
    days = (today - date.fromisoformat(since)).days
    return f"{days} day{'s' if days != 1 else ''}"


FIXED = {
    "done": "Done and verified",
    "last_report": "Last report for the period to %(period_end)s",
    "no_report": "No report yet",
    "not_issued": "Not handed out yet",
    "reported_on_time": "Reported on time, last for the period to %(period_end)s",
    "suspended": "Suspended",
}
