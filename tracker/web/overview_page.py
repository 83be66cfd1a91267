"""The overview's context and its cached body."""

import hashlib
from datetime import date
from typing import Any

from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tracker.choices import Health, Role
from tracker.models import Plan
from tracker.policies import Actor, can_supervise, scope_key
from tracker.queries import overview
from tracker.queries.overview import Exceptions, Matrix, Overview
from tracker.rules import headline, progress
from tracker.web import charts, links, present
from tracker.wording import headline_parts

Shown = dict[str, Any]
DAY = 24 * 60 * 60


def body(viewer: Actor, *, plan_code: str, today: date) -> str:
    """The page's body as HTML, kept until any data changes: the key holds the site's revision, scope, day and language.

    Raises LookupError for a plan that is not in the viewer's sight.
    """
    parts = (overview.revision(), scope_key(viewer), _side(viewer), today, get_language(), plan_code)
    key = "overview:" + hashlib.sha256(repr(parts).encode()).hexdigest()
    html = cache.get(key)
    if html is None:
        html = render_to_string("tracker/_overview.html", context(viewer, plan_code=plan_code, today=today))
        cache.set(key, html, DAY)
    return str(html)


def _side(viewer: Actor) -> str:
    """Whose third list the page shows: the office's, everyone's, or one leader's own."""
    if viewer.role == Role.LEADER:
        return f"leader{viewer.user_id}"
    return "office" if can_supervise(viewer) else "reader"


def context(viewer: Actor, *, plan_code: str, today: date) -> Shown:
    """What templates/tracker/_overview.html prints."""
    plans = overview.plans(viewer)
    if not plans and not plan_code:
        return {"plan": None, "plan_href": links.admin("index") if can_supervise(viewer) else ""}
    plan = next((one for one in plans if one.code == plan_code), None) if plan_code else plans[0]
    if plan is None:
        raise LookupError(plan_code)
    found = overview.of_plan(plan, viewer=viewer, today=today)
    return (
        _header(found, today=today)
        | _lights(found, today=today)
        | {
            "late": _exceptions(found.late, today=today, health=Health.OFF_TRACK, plan=plan.code),
            "at_risk": _exceptions(found.at_risk, today=today, health=Health.AT_RISK, plan=plan.code),
            "third": _third(found, today=today),
            "targets": [present.target(view, today=today) for view in found.targets],
            "matrix": _matrix(found.matrix, plan),
            "other_plans": [{"title": one.short_title, "href": f"?plan={one.code}"} for one in plans if one != plan],
        }
    )


def _header(found: Overview, *, today: date) -> Shown:
    plan = found.plan
    facts = headline.HeadlineFacts(
        counts=found.counts,
        waiting=found.third.total if found.third_kind == "word" else 0,
        starts_on=plan.horizon_starts_on,
        ends_on=plan.horizon_ends_on,
    )
    return {
        "plan": {
            "jurisdiction": plan.jurisdiction.name,
            "title": plan.short_title,
            "first_year": plan.horizon_starts_on.year,
            "last_year": plan.horizon_ends_on.year,
        },
        "headline": headline_links(headline.build(facts, today=today), plan=plan.code),
        "horizon_on": plan.horizon_ends_on,
        "days_left": (plan.horizon_ends_on - today).days,
        "change_line": "",
    }


def headline_links(parts: headline.Headline, **filters: object) -> list[Shown]:
    """The headline's pieces with addresses and tones for components/_headline.html."""
    hrefs = {
        headline.ALL: links.ledger(**filters),
        headline.OPEN: links.ledger(health="open", **filters),
        headline.WAITING: links.ledger(word=1, **filters),
    }
    return [
        {
            "text": piece.text,
            "href": ""
            if piece.filter_key is None
            else hrefs.get(piece.filter_key) or links.ledger(health=piece.filter_key, **filters),
            "tone": piece.tone,
        }
        for piece in headline_parts(parts)
    ]


def _lights(found: Overview, *, today: date) -> Shown:
    plan, done = found.plan, found.work.percent
    elapsed = progress.share_elapsed(plan.horizon_starts_on, plan.horizon_ends_on, today=today)
    return {
        "lights": present.lights(found.counts, plan=plan.code),
        "proportions": charts.proportions(present.shares(found.counts, plan=plan.code)),
        "elapsed_percent": int(elapsed),
        "elapsed_bar": charts.pace_bar(elapsed, name=_("Time elapsed"), is_time=True),
        "done_percent": None if done is None else int(done),
        "done_bar": charts.pace_bar(done, name=_("Work done")),
        "pace_line": present.pace_line(elapsed=elapsed, done=done, unknown=found.work.unknown),
    }


def _exceptions(found: Exceptions, *, today: date, **filters: object) -> Shown:
    return {
        "rows": [present.exception_row(row, today=today) for row in found.rows],
        "total": found.total,
        "href": links.ledger(**filters),
    }


def _third(found: Overview, *, today: date) -> Shown:
    filters: dict[str, dict[str, object]] = {
        "review": {"review": 1},
        "word": {"word": 1},
        "silent": {"health": Health.NO_DATA},
    }
    narrowed = filters[found.third_kind]
    return _exceptions(found.third, today=today, plan=found.plan.code, **narrowed) | {"kind": found.third_kind}


def _matrix(found: Matrix, plan: Plan) -> Shown:
    rows = []
    for chapter in found.chapters:
        address = f"{plan.code}-{chapter.code}"
        cells = []
        for pk, name, code in found.departments:
            cell = found.cells.get((chapter.pk, pk))
            cells.append(
                cell
                and {
                    "health": cell.health,
                    "count": cell.count,
                    "href": links.ledger(chapter=address, department=code),
                    "label": f"{chapter.heading} · {name}",
                }
            )
        if any(cells):
            rows.append({"name": chapter.heading, "href": links.ledger(chapter=address), "cells": cells})
    return {
        "columns": [{"name": name} for _pk, name, _code in found.departments],
        "rows": rows,
        "more_href": links.departments() if found.hidden else "",
        "more_count": found.hidden,
    }
