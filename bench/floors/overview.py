"""P1's floors: every figure of the leader's page as JSON, for the holder of a session, from prepared statements.

`live` computes them from the raw tables: the limit for the first page after a change. One pass over the plan's
commitments gives lights, work done and matrix together; one statement gives the three short lists.
`rollup` reads sums that a writer keeps (bench.fill.ROLLUP): the limit while nothing changes. It needs no template, no
translation, no chart, and its size does not grow with the commitments.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from http.cookies import SimpleCookie
from time import time
from typing import Any

from bench.floors.database import Database, Row

LIGHTS = ("done", "on_track", "at_risk", "off_track", "not_started", "no_data", "exempt")
GRAVITY = ("off_track", "at_risk", "no_data", "not_started", "on_track", "exempt", "done")
LISTED = ("off_track", "at_risk", "no_data")
WIDTH = 8

CALLER = """
SELECT u.id, u.role FROM bench_session s JOIN tracker_user u ON u.id = s.user_id
WHERE s.key = %(key)s AND s.ends_at > %(now)s AND u.is_active
"""
PLANS = """
SELECT p.id, p.code, p.short_title, p.horizon_starts_on, p.horizon_ends_on, j.name
FROM tracker_plan p JOIN projects_jurisdiction j ON j.id = p.jurisdiction_id
WHERE EXISTS (SELECT 1 FROM tracker_commitment c WHERE c.plan_id = p.id) ORDER BY p.code
"""
CHAPTERS = """
SELECT id, code, heading FROM tracker_clause WHERE plan_id = %(plan)s AND parent_id IS NULL ORDER BY "order"
"""
TARGETS = """
SELECT c.code, c.health, i.name, i.unit, t.growth_percent, t.base_year, r.period_end, r.verified, r.reported
FROM tracker_target t
JOIN tracker_commitment c ON c.id = t.commitment_id
JOIN projects_indicator i ON i.id = t.indicator_id
LEFT JOIN projects_reading r ON r.indicator_id = i.id
WHERE c.plan_id = %(plan)s ORDER BY c.code, t.id, r.period_end
"""
COLUMNS = """c.code, c.title, c.health, c.health_reasons, d.short_name, d.code, c.lead_is_suggested, c.due_on,
             c.is_demo"""
LIVE_LIST = f"""SELECT * FROM (
SELECT {COLUMNS} FROM tracker_commitment c LEFT JOIN tracker_department d ON d.id = c.lead_id
WHERE c.plan_id = %(plan)s AND c.health = '{{light}}'
ORDER BY c.due_on ASC NULLS LAST, c.health_since ASC NULLS LAST, c.code LIMIT 5) AS {{light}}"""
LIVE_LISTS = " UNION ALL ".join(LIVE_LIST.format(light=light) for light in LISTED)
LIVE_SUMS = """
SELECT k.chapter_id, c.lead_id, c.health, count(*),
       sum(CASE WHEN c.measured AND c.is_done THEN 1 ELSE 0 END),
       sum(CASE WHEN c.measured AND NOT c.is_done AND c.progress IS NOT NULL THEN 1 ELSE 0 END),
       sum(CASE WHEN c.measured AND NOT c.is_done THEN c.progress END)
FROM (SELECT clause_id, lead_id, health, progress, stage IN ('verified', 'closed', 'archived') AS is_done,
             NOT is_continuous AND NOT is_red_line AND health <> 'exempt' AS measured
      FROM tracker_commitment WHERE plan_id = %(plan)s) AS c
LEFT JOIN tracker_clause k ON k.id = c.clause_id
GROUP BY k.chapter_id, c.lead_id, c.health
"""
LIVE_CHANGES = """
SELECT before, after, sum(CASE WHEN "on" >= %(week)s THEN 1 ELSE 0 END), count(*)
FROM tracker_lightchange WHERE plan_id = %(plan)s AND "on" >= %(month)s GROUP BY before, after
"""
KEPT_CHANGES = """
SELECT before, after, sum(CASE WHEN "on" >= %(week)s THEN total ELSE 0 END), sum(total)
FROM bench_change WHERE plan_id = %(plan)s AND "on" >= %(month)s GROUP BY before, after
"""
KEPT_LATE = """
SELECT chapter_id, sum(total) FROM bench_cell WHERE plan_id = %(plan)s AND health = 'off_track' GROUP BY chapter_id
"""
DEPARTMENTS = "SELECT id, code, short_name FROM tracker_department"
KEPT_LISTS = f"""
SELECT {COLUMNS} FROM bench_listed l JOIN tracker_commitment c ON c.id = l.commitment_id
LEFT JOIN tracker_department d ON d.id = c.lead_id WHERE l.plan_id = %(plan)s ORDER BY l.health, l.place
"""
KEPT_LIGHTS = "SELECT health, total, done, known, points FROM bench_light WHERE plan_id = %(plan)s"
KEPT_LEADS = """
SELECT l.lead_id, l.total, d.code, d.short_name FROM bench_lead l JOIN tracker_department d ON d.id = l.lead_id
WHERE l.plan_id = %(plan)s ORDER BY l.total DESC, d.code
"""
KEPT_CELLS = """
SELECT chapter_id, lead_id, health, total FROM bench_cell WHERE plan_id = %(plan)s AND lead_id IN (
    SELECT l.lead_id FROM bench_lead l JOIN tracker_department d ON d.id = l.lead_id
    WHERE l.plan_id = %(plan)s ORDER BY l.total DESC, d.code LIMIT 8)
"""
Figures = dict[str, Any]


def live(found: Database, environ: dict[str, Any], query: dict[str, str]) -> Figures:
    """All figures from the raw tables."""
    plan = _plan(found, environ)
    sums = found.rows(LIVE_SUMS, plan=plan[0])
    names = {pk: (code, name) for pk, code, name in found.rows(DEPARTMENTS)}
    by_light: dict[str, list[Any]] = {light: [0, 0, 0, 0] for light in LIGHTS}
    leads: Counter[int] = Counter()
    for chapter, lead, light, total, done, known, points in sums:
        kept = by_light[light]
        kept[0] += total
        kept[1] += done
        kept[2] += known
        kept[3] += points or 0
        if chapter is not None and lead is not None:
            leads[lead] += total
    ranked = sorted((-total, *names[lead], lead) for lead, total in leads.items())
    columns = [(lead, code, name) for _total, code, name, lead in ranked]
    cells = [(row[0], row[1], row[2], row[3]) for row in sums if row[0] is not None]
    lists = found.rows(LIVE_LISTS, plan=plan[0])
    late: Counter[int] = Counter()
    for chapter, _lead, light, total in cells:
        late[chapter] += total if light == "off_track" else 0
    figures = _figures(found, plan, [(light, *kept) for light, kept in by_light.items()], lists, columns, cells)
    return figures | {"late": list(late.values()), "changes": _changes(found, LIVE_CHANGES, plan)}


def rollup(found: Database, environ: dict[str, Any], query: dict[str, str]) -> Figures:
    """All figures from kept sums."""
    plan = _plan(found, environ)
    columns = [(lead, code, name) for lead, _total, code, name in found.rows(KEPT_LEADS, plan=plan[0])]
    lights = found.rows(KEPT_LIGHTS, plan=plan[0])
    lists = found.rows(KEPT_LISTS, plan=plan[0])
    figures = _figures(found, plan, lights, lists, columns, found.rows(KEPT_CELLS, plan=plan[0]))
    late = [int(total) for _chapter, total in found.rows(KEPT_LATE, plan=plan[0])]
    return figures | {"late": late, "changes": _changes(found, KEPT_CHANGES, plan)}


def _changes(found: Database, statement: str, plan: Row) -> dict[str, dict[str, int]]:
    """The net change of each light in the last seven and the last thirty days."""
    week, month = date.today() - timedelta(days=6), date.today() - timedelta(days=29)
    balance = {"week": dict.fromkeys(LIGHTS, 0), "month": dict.fromkeys(LIGHTS, 0)}
    for before, after, in_week, in_month in found.rows(
        statement, plan=plan[0], week=week.isoformat(), month=month.isoformat()
    ):
        for name, count in (("week", int(in_week)), ("month", int(in_month))):
            balance[name][after] += count
            if before:
                balance[name][before] -= count
    return balance


def _plan(found: Database, environ: dict[str, Any]) -> Row:
    """The first plan. Raises PermissionError unless the session belongs to an active leader."""
    key = SimpleCookie(environ.get("HTTP_COOKIE", ""))["sessionid"].value
    caller = found.rows(CALLER, key=key, now=int(time()))
    if not caller or caller[0][1] != "leader":
        raise PermissionError
    return found.rows(PLANS)[0]


def _figures(
    found: Database,
    plan: Row,
    lights: Iterable[Row],
    lists: Iterable[Row],
    columns: list[tuple[int, str, str]],
    cells: Iterable[Row],
) -> Figures:
    pk, code, title, starts_on, ends_on, place = plan
    counts = dict.fromkeys(LIGHTS, 0) | {row[0]: row[1] for row in lights}
    rows = defaultdict(list)
    for row in lists:
        rows[row[2]].append(_listed(found, row))
    return {
        "plan": [code, title, place, ends_on],
        "lights": counts,
        "lists": {light: {"rows": rows[light], "total": counts[light]} for light in LISTED},
        "elapsed": _elapsed(starts_on, ends_on),
        "done": _done(lights),
        "targets": _targets(found.rows(TARGETS, plan=pk)),
        "matrix": _matrix(found.rows(CHAPTERS, plan=pk), columns[:WIDTH], cells),
        "hidden": max(0, len(columns) - WIDTH),
    }


def _listed(found: Database, row: Row) -> dict[str, object]:
    code, title, health, reasons, lead, lead_code, is_suggested, due_on, is_demo = row
    return {
        "code": code,
        "title": title,
        "health": health,
        "reasons": found.json(reasons),
        "lead": [lead_code, lead, bool(is_suggested)],
        "due_on": due_on,
        "is_demo": bool(is_demo),
    }


def _elapsed(starts_on: date | str, ends_on: date | str) -> int:
    first, last = (date.fromisoformat(str(day)) for day in (starts_on, ends_on))
    planned = (last - first).days + 1
    return min(max((date.today() - first).days, 0), planned) * 100 // planned


def _done(lights: Iterable[Row]) -> int | None:
    done, known, points = (sum(row[place] for row in lights) for place in (2, 3, 4))
    if not done + known:
        return None
    return int(((100 * done + Decimal(points)) / (done + known)).quantize(Decimal("0.1")))


def _targets(rows: Iterable[Row]) -> list[dict[str, object]]:
    """One entry per target with its readings, oldest first."""
    shown: dict[tuple[str, str], dict[str, Any]] = {}
    for code, health, name, unit, growth, base_year, on, verified, reported in rows:
        entry = {"code": code, "health": health, "name": name, "unit": unit, "base_year": base_year, "readings": []}
        target = shown.setdefault((code, name), entry | {"growth": None if growth is None else float(growth)})
        if on is not None:
            target["readings"].append([on, float(reported if verified is None else verified)])
    return list(shown.values())


def _matrix(chapters: Iterable[Row], columns: list[tuple[int, str, str]], cells: Iterable[Row]) -> Figures:
    """The gravest light and the count of each chapter under each department, where there is one."""
    shown = {lead: code for lead, code, _name in columns}
    lights: dict[tuple[int, int], dict[str, int]] = defaultdict(dict)
    for chapter, lead, light, total in cells:
        if lead in shown:
            lights[(chapter, lead)][light] = total
    found = {}
    for pk, code, _heading in chapters:
        for lead, department in shown.items():
            if here := lights.get((pk, lead)):
                worst = next(light for light in GRAVITY if light in here)
                found[f"{code}|{department}"] = [worst, sum(here.values())]
    return found
