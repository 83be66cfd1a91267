"""The overview: one plan, or all plans in sight side by side. Its body is kept until any data changes."""

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils.translation import get_language

from projects.queries import clock
from tracker.choices import Health, Role
from tracker.models import LastLook, Plan
from tracker.policies import Actor, can_supervise, scope_key
from tracker.queries import light_changes, overview, rollup
from tracker.queries.overview import Across, Overview
from tracker.queries.rollup import PlanSummary
from tracker.rules import headline
from tracker.web import charts, links, present, present_overview

Shown = dict[str, Any]
DAY = 24 * 60 * 60
headline_links = present_overview.headline_links


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """The page's two kept parts: the sentence, and what stands under it. Between them stands what is new to one reader.

    `plan`: the plan shown; None: all of them, or none is loaded.
    """

    lead: str
    rest: str
    plan: Plan | None


def body(viewer: Actor, *, plan_code: str, today: date) -> Body:
    """The kept parts. Their key holds the site's revision, the viewer's scope, the day and the language.

    Raises LookupError for a plan that is not in the viewer's sight.
    """
    parts = (clock.revision(), scope_key(viewer), _side(viewer), today, get_language(), plan_code)
    key = "overview:" + hashlib.sha256(repr(parts).encode()).hexdigest()
    found = cache.get(key)
    if not isinstance(found, Body):
        shown = context(viewer, plan_code=plan_code, today=today)
        found = Body(
            lead=render_to_string("tracker/_overview_lead.html", shown),
            rest=render_to_string("tracker/_overview.html", shown),
            plan=shown["plan_row"],
        )
        cache.set(key, found, DAY)
    return found


def since(viewer: Actor, look: LastLook | None, *, plan: Plan | None) -> Shown | None:
    """What changed since the reader looked last, for components/_since.html; None: they look for the first time."""
    found = light_changes.since_last_look(viewer, plan=plan, look=look) if look else None
    return present_overview.since(found, plan=plan.code if plan else "") if found else None


def _side(viewer: Actor) -> str:
    """Whose third list the page shows: the office's, everyone's, or one leader's own."""
    if viewer.role == Role.LEADER:
        return f"leader{viewer.user_id}"
    return "office" if can_supervise(viewer) else "reader"


def context(viewer: Actor, *, plan_code: str, today: date) -> Shown:
    """What templates/tracker/_overview_lead.html and _overview.html print."""
    plans = rollup.plans(viewer)
    if not plan_code and len(plans) > 1:
        return _across(overview.across(viewer, today=today), today=today)
    if not plans and not plan_code:
        return {"kind": "none", "plan_row": None, "plan_href": links.admin("index") if can_supervise(viewer) else ""}
    plan = next((one for one in plans if one.code == plan_code), None) if plan_code else plans[0]
    if plan is None:
        raise LookupError(plan_code)
    shown = _plan(overview.of_plan(plan, viewer=viewer, today=today), today=today)
    others = [{"title": one.short_title, "href": f"?plan={one.code}"} for one in plans if one != plan]
    return shown | {"other_plans": others, "across_href": links.overview() if others else ""}


def _plan(found: Overview, *, today: date) -> Shown:
    plan, code = found.plan, found.plan.code
    facts = headline.HeadlineFacts(
        counts=found.counts,
        waiting=found.third.total if found.third_kind == "word" else 0,
        starts_on=plan.horizon_starts_on,
        ends_on=plan.horizon_ends_on,
    )
    summary = PlanSummary(plan=plan, counts=found.counts, work=found.work)
    horizon = {"starts_on": plan.horizon_starts_on, "ends_on": plan.horizon_ends_on}
    return (
        {
            "kind": "plan",
            "plan_row": plan,
            "jurisdiction": plan.jurisdiction.name,
            "title": plan.short_title,
            "decision_href": links.decision(code),
            "first_year": plan.horizon_starts_on.year,
            "last_year": plan.horizon_ends_on.year,
            "headline": headline_links(headline.build(facts, today=today), plan=code),
            "horizon_on": plan.horizon_ends_on,
            "days_left": (plan.horizon_ends_on - today).days,
            "pace": present_overview.pace(**horizon, summary=summary, today=today),
            "latest": present_overview.latest(found.late_by_chapter, found.matrix.chapters, plan),
            "targets": present_overview.targets(found.targets, today=today),
            "matrix": present_overview.matrix(found.matrix, plan),
        }
        | _lights(found, plan=code, today=today)
        | _lists(found, plan=code, today=today)
    )


def _across(found: Across, *, today: date) -> Shown:
    facts = headline.HeadlineFacts(
        counts=found.counts,
        plans=len(found.plans),
        waiting=found.third.total if found.third_kind == "word" else 0,
    )
    return (
        {
            "kind": "across",
            "plan_row": None,
            "headline": headline_links(headline.build(facts, today=today)),
            "plans": [present_overview.plan_line(one, today=today) for one in found.plans],
        }
        | _lights(found, plan="", today=today)
        | _lists(found, plan="", today=today)
    )


def _lights(found: Overview | Across, *, plan: str, today: date) -> Shown:
    return {
        "total": sum(found.counts.values()),
        "proportions": charts.proportions(present.shares(found.counts, plan=plan)),
        "tally": present_overview.tally(found.counts, week=found.week, month=found.month, today=today, plan=plan),
        "news": present_overview.news(found.week, today=today, plan=plan),
    }


def _lists(found: Overview | Across, *, plan: str, today: date) -> Shown:
    late, risky = Health.OFF_TRACK, Health.AT_RISK
    return {
        "late": present_overview.exceptions(found.late, today=today, health=late, plan=plan),
        "at_risk": present_overview.exceptions(found.at_risk, today=today, health=risky, plan=plan),
        "third": present_overview.third(found.third, found.third_kind, today=today, plan=plan),
    }
