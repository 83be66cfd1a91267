"""The context of templates/tracker/commitment_detail.html."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from tracker import policies
from tracker.choices import DueBasis, Health, Involvement, Kind, ProgressBasis, ReportState, Stage
from tracker.models import Commitment, Milestone
from tracker.policies import Actor
from tracker.queries.detail import CommitmentView
from tracker.web import charts, links, present, present_dossier, present_history

Shown = dict[str, Any]


def context(view: CommitmentView, *, viewer: Actor, today: date) -> Shown:
    """Everything the page prints."""
    item = view.commitment
    unit = view.targets[0].unit if view.targets else ""
    return {
        "crumbs": _crumbs(item),
        "commitment": _facts(item),
        "light": _light(view, today=today),
        "dates": _dates(item),
        "owners": _owners(view, viewer),
        "post": _post(view),
        "progress": {
            "value": item.progress,
            "basis_label": ProgressBasis(item.progress_basis).label,
            "reported": None,
            "verified": None,
            "gap": None,
            "expected": view.expected,
        },
        "targets": [present.target(one, today=today) for one in view.targets],
        "initiative": {"name": item.initiative.name, "href": ""} if item.initiative else None,
        "milestone_chart": _milestone_chart(item, view.milestones, today=today),
        "milestones": [_milestone(one, today=today) for one in view.milestones],
        "progress_chart": _progress_chart(view, today=today),
        "reports": [present_history.report(one, unit=unit) for one in view.reports],
        "report_href": links.admin("tracker_progressreport_add", commitment=item.code)
        if policies.can_report(viewer, item)
        else "",
        "review_href": _review_href(view, viewer),
        "source": _source(item),
        "dossier": present_dossier.shown(view.dossier, item, viewer=viewer, today=today),
        "history": [present_history.event(one) for one in view.events],
        "history_more_href": links.admin("tracker_commitment_history", item.pk) if view.has_more_events else "",
    }


def _crumbs(item: Commitment) -> list[Shown]:
    crumbs = [{"text": item.plan.short_title, "href": links.ledger(plan=item.plan.code)}]
    if item.clause and item.clause.chapter:
        chapter = item.clause.chapter
        address = f"{item.plan.code}-{chapter.code}"
        crumbs.append({"text": chapter.heading, "href": links.ledger(chapter=address)})
        if item.clause != chapter:
            crumbs.append({"text": f"{item.clause.code} {item.clause.heading}", "href": ""})
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


def _dates(item: Commitment) -> Shown:
    return {
        "starts_on": item.starts_on,
        "due_on": item.due_on,
        "original_due_on": item.original_due_on,
        "forecast_on": item.forecast_on,
        "closed_on": item.closed_on,
        "is_moved": item.due_on is not None and item.due_on != item.original_due_on,
        "is_assessed_by_current": item.is_assessed_by_current_date,
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
        "rule_version": item.rule_version,
        "since": item.health_since,
        "assessed_on": item.assessed_on,
        "recheck_on": item.recheck_on,
        "override": override,
    }


def _owners(view: CommitmentView, viewer: Actor) -> list[Shown]:
    item = view.commitment
    sees_all = policies.is_citywide(viewer)

    def href(pk: int, code: str) -> str:
        return links.department(code) if sees_all or pk == viewer.department_id else ""

    owners = []
    if item.lead:
        owners.append(
            {
                "part": _("Lead"),
                "name": item.lead.name,
                "href": href(item.lead.pk, item.lead.code),
                "is_suggested": item.lead_is_suggested,
            }
        )
    owners.extend(
        {
            "part": Involvement(row.involvement).label,
            "name": row.department.name,
            "href": href(row.department.pk, row.department.code),
            "is_suggested": row.is_suggested,
        }
        for row in view.involvements
    )
    return owners


def _post(view: CommitmentView) -> Shown | None:
    if view.commitment.post is None:
        return None
    return {
        "title": view.commitment.post.title,
        "holder": str(view.holding.holder) if view.holding else "",
        "since": view.holding.starts_on if view.holding else None,
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


def _progress_chart(view: CommitmentView, *, today: date) -> str:
    """Accepted progress over time; shown from the second value on, one point being no story."""
    points = [
        charts.Point(on=report.period_end, value=report.progress)
        for report in reversed(view.reports)
        if report.state == ReportState.ACCEPTED and report.progress is not None
    ]
    return charts.progress_history(points, today=today) if len(points) > 1 else ""


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
    }
