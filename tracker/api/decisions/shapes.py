"""How a decision becomes JSON."""

from datetime import date
from urllib.parse import quote

from tracker.api import shapes
from tracker.api.lines import lights, named, work
from tracker.api.rows import Json
from tracker.api.shapes import ROOT, commitment_url, sentence
from tracker.models import Plan
from tracker.queries.decision import ClauseView, Coverage, Promise
from tracker.queries.plan_figures import PlanFigures
from tracker.rules import progress


def plan(found: PlanFigures, *, today: date) -> Json:
    """One plan with its figures."""
    row, late = found.plan, found.late
    elapsed = progress.share_elapsed(row.horizon_starts_on, row.horizon_ends_on, today=today)
    return shapes.plan(row, []) | {
        "chapters": [
            {"code": one.code, "heading": one.heading, "late_count": late.get(one.pk, 0)} for one in found.chapters
        ],
        "jurisdiction": named(row.jurisdiction.code, row.jurisdiction.name),
        "source_note": row.source_note,
        "report_opens_days": row.report_opens_days,
        "late_periods": row.late_periods,
        "support_days": row.support_days,
        "elapsed_percent": round(float(elapsed), 1),
        "total_count": found.summary.total,
        "lights": lights(found.summary.counts),
        "work": work(found.summary.work),
        "coverage": _coverage(found.coverage, is_whole=found.is_whole),
        "url": plan_url(row),
    }


def plan_url(row: Plan) -> str:
    return f"{ROOT}/plans/{row.code}/"


def _coverage(one: Coverage, *, is_whole: bool) -> Json:
    return {
        "clause_count": one.clauses,
        "covered_count": one.covered,
        "judged_count": one.judged if is_whole else None,
        "uncommitted_count": one.uncommitted if is_whole else None,
        "commitment_count": one.commitments,
        "confirmed_count": one.confirmed,
        "suggested_count": one.suggested,
        "unowned_count": one.unowned,
        "unplaced_count": one.unplaced,
    }


def clause(view: ClauseView, *, plan: Plan, parent: str | None, is_whole: bool, today: date) -> Json:
    """One clause with its commitments in sight. `parent`: the code of the clause above."""
    row = view.row
    is_open = view.counts and not view.is_covered
    return {
        "plan": plan.code,
        "code": row.code,
        "parent": parent,
        "depth": view.depth,
        "heading": row.heading,
        "summary": row.summary,
        "verbatim": row.verbatim,
        "paragraph": row.paragraph,
        "has_parts": view.has_parts,
        "coverage": _covered(view, is_whole=is_whole),
        "no_commitment_reason": row.no_commitment_reason if is_open and row.needs_no_commitment else "",
        "commitments": [_promise(one, today=today) for one in view.promises],
        "revision": row.revision,
        "url": f"{plan_url(plan)}clauses/{quote(row.code, safe='')}/",
    }


def _covered(view: ClauseView, *, is_whole: bool) -> str | None:
    """What the page says of it: nothing of a heading, and gaps only to who can know of them."""
    if view.is_covered:
        return "covered"
    if not (is_whole and view.counts):
        return None
    return "judged" if view.row.needs_no_commitment else "uncommitted"


def _promise(one: Promise, *, today: date) -> Json:
    lead = {"code": one.lead_code, "name": one.lead_name, "is_suggested": one.lead_is_suggested}
    return {
        "code": one.code,
        "title": one.title,
        "health": one.health,
        "sentence": sentence(one.reasons, today=today),
        "lead": lead if one.lead_code else None,
        "span_start": one.span_start,
        "span_end": one.span_end,
        "is_demo": one.is_demo,
        "url": commitment_url(one.code),
    }
