"""The context of templates/tracker/commitment_detail.html."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from tracker import policies
from tracker.choices import DueBasis, Health, Kind, ReportState, Stage
from tracker.models import Commitment, Milestone
from tracker.policies import Actor
from tracker.queries.detail import CommitmentView
from tracker.queries.family import Relative
from tracker.web import (
    charts,
    links,
    present,
    present_dossier,
    present_history,
    present_owner,
    present_progress,
    present_why,
)

Shown = dict[str, Any]


def context(view: CommitmentView, *, viewer: Actor, today: date) -> Shown:
    """Everything the page prints."""
    item, beside = view.commitment, view.dossier
    unit = view.targets[0].unit if view.targets else ""
    return {
        "crumbs": _crumbs(item),
        "commitment": _facts(item),
        "light": _light(view, today=today),
        "dates": present_owner.dates(item, beside.extensions),
        "owners": present_owner.departments(view, viewer),
        "post": present_owner.post(view, viewer, today=today),
        "progress": present_progress.progress(view),
        "readings": present_progress.readings(view),
        "targets": [present.target(one, today=today) for one in view.targets],
        "initiative": {"name": item.initiative.name, "href": links.thing(item.initiative)} if item.initiative else None,
        "milestone_chart": _milestone_chart(item, view.milestones, today=today),
        "milestones": [_milestone(one, today=today) for one in view.milestones],
        "pace": present_progress.over_time(view, today=today),
        "reports": present_history.thread(view.reports, beside.blockers, beside.evidence, unit=unit),
        "report_href": links.admin("tracker_progressreport_add", commitment=item.code)
        if policies.can_report(viewer, item)
        else "",
        "review_href": _review_href(view, viewer),
        "source": _source(item),
        "dossier": present_dossier.shown(beside, item, viewer=viewer, today=today),
        "family": _family(view, today=today),
        "history": [present_history.event(one) for one in view.history.entries],
        "history_total": view.history.total,
        "history_href": links.history(item.code),
        "proof": view.history.proof,
    }


def _crumbs(item: Commitment) -> list[Shown]:
    plan = item.plan.code
    crumbs = [{"text": item.plan.short_title, "href": links.decision(plan)}]
    if item.clause and item.clause.chapter:
        chapter = item.clause.chapter
        crumbs.append({"text": chapter.heading, "href": links.decision(plan, chapter.code)})
        if item.clause != chapter:
            name = f"{item.clause.code} {item.clause.heading}"
            crumbs.append({"text": name, "href": links.decision(plan, item.clause.code)})
    return crumbs


def _facts(item: Commitment) -> Shown:
    return {
        "code": item.code,
        "title": item.title,
        "summary": item.summary,
        "kind_label": Kind(item.kind).label,
        "stage_label": Stage(item.stage).label,
        "is_red_line": item.is_red_line,
        "is_continuous": item.is_continuous,
        "is_public": item.is_public,
        "is_demo": item.is_demo,
        "due_text": item.due_text,
        "due_basis_label": DueBasis(item.due_basis).label if item.due_basis else "",
    }


def _light(view: CommitmentView, *, today: date) -> Shown:
    item = view.commitment
    words = present.sentences(item.health_reasons, today=today)
    override = None
    if item.override_health and item.override_until and item.override_until >= today:
        override = {
            "health": item.override_health,
            "reason": item.override_reason,
            "until": item.override_until,
            "by": _("the supervision office"),
        }
    return {
        "health": view.rules_health if override else item.health,
        "sentence": words[0] if words else Health(item.health).label,
        "details": words[1:],
        "figures": present_why.rows(item.health_reasons, rules=view.rules, today=today),
        "rule_version": item.rule_version,
        "since": item.health_since,
        "assessed_on": item.assessed_on,
        "recheck_on": item.recheck_on,
        "override": override,
    }


def _milestone(one: Milestone, *, today: date) -> Shown:
    return {
        "name": one.name,
        "planned_on": one.planned_on,
        "forecast_on": one.forecast_on,
        "actual_on": one.actual_on,
        "weight": one.weight,
        "is_late": one.actual_on is None and one.planned_on is not None and one.planned_on < today,
        "is_demo": one.is_demo,
    }


def _milestone_chart(item: Commitment, milestones: Sequence[Milestone], *, today: date) -> str:
    steps = [
        charts.Step(
            name=one.name,
            planned_on=one.planned_on,
            forecast_on=one.forecast_on,
            actual_on=one.actual_on,
            is_late=one.actual_on is None and one.planned_on is not None and one.planned_on < today,
        )
        for one in milestones
    ]
    return charts.milestone_line(
        steps,
        starts_on=item.starts_on or item.plan.horizon_starts_on,
        ends_on=item.due_on or item.plan.horizon_ends_on,
        today=today,
    )


def _review_href(view: CommitmentView, viewer: Actor) -> str:
    for report in view.reports:
        if report.state == ReportState.SUBMITTED and policies.can_review(viewer, report):
            return links.admin("tracker_progressreport_change", report.pk)
    return ""


def _source(item: Commitment) -> Shown | None:
    if item.clause is None:
        return None
    chapter = item.clause.chapter.heading if item.clause.chapter and item.clause.chapter != item.clause else ""
    return {
        "place": " ".join(part for part in (chapter, item.clause.code, item.clause.heading) if part),
        "quote": item.clause.verbatim,
        "href": links.decision(item.plan.code, item.clause.code),
    }


def _family(view: CommitmentView, *, today: date) -> Shown:
    """Parent, children, and what else stands on the same initiative: rows of a list under the name of each tie."""
    found = view.family
    groups = [
        (_("Belongs to"), [found.parent] if found.parent else []),
        (_("Its parts"), found.children),
        (_("On the same initiative"), found.kin),
    ]
    return {
        "is_cut": found.is_cut,
        "groups": [
            {"title": title, "rows": [_relative(one, today=today) for one in rows]} for title, rows in groups if rows
        ],
    }


def _relative(one: Relative, *, today: date) -> Shown:
    return present.exception_row(one.row, today=today) | {"plan": "" if one.is_of_this_plan else one.plan}
