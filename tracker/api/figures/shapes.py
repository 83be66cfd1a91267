"""How figures become JSON."""

from collections.abc import Iterable, Mapping
from datetime import date

from tracker import wording
from tracker.api.indicators.shapes import target
from tracker.api.lines import lights, lights_or_none, line, lines, named, percent, work
from tracker.api.rows import Json, matter, moment
from tracker.choices import Health
from tracker.queries.asked import Asked
from tracker.queries.light_changes import ChangeRow, SinceLastLook
from tracker.queries.overview import Across, Exceptions, Overview, TargetView
from tracker.queries.rollup import GRAVITY, Matrix, PlanSummary, WorkDone
from tracker.rules import headline, progress
from tracker.rules.headline import HeadlineFacts


def of_plan(found: Overview, *, today: date) -> Json:
    """One plan."""
    plan, late = found.plan, found.late_by_chapter
    facts = HeadlineFacts(
        counts=found.counts,
        waiting=_words_wanted(found),
        starts_on=plan.horizon_starts_on,
        ends_on=plan.horizon_ends_on,
    )
    summary = PlanSummary(plan=plan, counts=found.counts, work=found.work)
    return _shared(found, facts, today=today) | {
        "plan": plan.code,
        "work": work(found.work),
        "plans": [_plan(summary, today=today)],
        "days_left": (plan.horizon_ends_on - today).days,
        "targets": _targets(found.targets, today=today),
        "chapters": [
            {"code": one.code, "heading": one.heading, "late_count": late.get(one.pk, 0)}
            for one in found.matrix.chapters
        ],
        "matrix": _matrix(found.matrix),
    }


def across(found: Across, *, done: WorkDone, today: date) -> Json:
    """All plans in sight."""
    facts = HeadlineFacts(counts=found.counts, plans=len(found.plans), waiting=_words_wanted(found))
    return _shared(found, facts, today=today) | {
        "plan": None,
        "work": work(done),
        "plans": [_plan(one, today=today) for one in found.plans],
        "days_left": None,
        "targets": [],
        "chapters": [],
        "matrix": None,
    }


def since_last_look(found: SinceLastLook | None) -> Json | None:
    """What is new to one reader; None where they never looked before."""
    if found is None:
        return None
    came = dict.fromkeys(Health, 0)
    for (_before, after), count in found.counts.items():
        came[Health(after)] += count
    return {
        "since": moment(found.before_at),
        "newer": found.mark,
        "total_count": found.total,
        "came": lights(came),
    }


def change(row: ChangeRow) -> Json:
    """One light that changed."""
    return {
        "commitment": matter(row.code, row.title),
        "lead_name": row.owner,
        "on": row.on,
        "before": row.before or None,
        "after": row.after,
        "is_demo": row.is_demo,
    }


def _words_wanted(found: Overview | Across) -> int:
    return found.third.total if found.third_kind == "word" else 0


def _shared(found: Overview | Across, facts: HeadlineFacts, *, today: date) -> Json:
    pieces = wording.headline_parts(headline.build(facts, today=today))
    return {
        "total_count": sum(found.counts.values()),
        "lights": lights(found.counts),
        "headline": "".join(piece.text for piece in pieces),
        "week": lights_or_none(found.week),
        "month": lights_or_none(found.month),
        "late": _exceptions(found.late, today=today),
        "at_risk": _exceptions(found.at_risk, today=today),
        "waiting": _waiting(found.third, kind=found.third_kind, today=today),
    }


def _exceptions(found: Exceptions, *, today: date) -> Json:
    return {"total_count": found.total, "commitments": lines(found.rows, today=today)}


def _waiting(found: Exceptions, *, kind: str, today: date) -> Json:
    rows = [line(row, today=today) | {"asked": _asked(found.asked, row.code)} for row in found.rows]
    return {"kind": kind, "total_count": found.total, "commitments": rows}


def _asked(asked: Mapping[str, Asked], code: str) -> Json | None:
    one = asked.get(code)
    if one is None:
        return None
    return {
        "kind": one.kind.value,
        "text": one.text,
        "label": one.label,
        "on": one.on,
        "waited_days": one.waited_days,
        "other_count": one.others,
    }


def _plan(one: PlanSummary, *, today: date) -> Json:
    plan = one.plan
    elapsed = progress.share_elapsed(plan.horizon_starts_on, plan.horizon_ends_on, today=today)
    return {
        "code": plan.code,
        "short_title": plan.short_title,
        "jurisdiction": named(plan.jurisdiction.code, plan.jurisdiction.name),
        "horizon_starts_on": plan.horizon_starts_on,
        "horizon_ends_on": plan.horizon_ends_on,
        "elapsed_percent": percent(elapsed),
        "total_count": one.total,
        "lights": lights(one.counts),
        "work": work(one.work),
    }


def _targets(views: Iterable[TargetView], *, today: date) -> list[Json]:
    """The gravest first, those of which nothing is known last, as on the page."""
    ranks = {light: rank for rank, light in enumerate(GRAVITY)} | {Health.NO_DATA: len(GRAVITY)}
    return [target(view, today=today) for view in sorted(views, key=lambda view: ranks[view.health])]


def _matrix(found: Matrix) -> Json:
    chapters = {one.pk: one.code for one in found.chapters}
    departments = {pk: code for pk, _name, code in found.departments}
    return {
        "departments": [named(code, name) for _pk, name, code in found.departments],
        "hidden_count": found.hidden,
        "cells": [
            {
                "chapter": chapters[chapter],
                "department": departments[department],
                "health": cell.health,
                "count": cell.count,
                "lights": lights(cell.lights),
            }
            for (chapter, department), cell in sorted(found.cells.items())
        ],
    }
