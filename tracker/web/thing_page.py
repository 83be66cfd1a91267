"""The page of one project, park, platform or talent programme: its facts, what stands on it, what was reported."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects.choices import DesignationStep, Grade, InitiativeKind, ProjectStage
from projects.models import Designation, ProjectDetails
from tracker import policies
from tracker.choices import ReportState
from tracker.models import ProgressReport
from tracker.queries import catalogue
from tracker.queries.catalogue import Residents, ThingRow, ThingView
from tracker.rules import progress
from tracker.rules.reasons import number
from tracker.web import catalogue_page, charts, links, present, thing_charts
from tracker.web.catalogue_page import cell, money, percent_text
from tracker.web.viewers import viewer_of

Shown = dict[str, Any]
FULL = Decimal(100)


@login_required
def thing(request: HttpRequest, kind: InitiativeKind, code: str) -> HttpResponse:
    """One thing of a kind, or 404 when there is none."""
    viewer, today = viewer_of(request), timezone.localdate()
    view = catalogue.thing(code, kind=kind, viewer=viewer)
    if view is None:
        raise Http404
    return render(request, "tracker/thing_detail.html", context(view, viewer=viewer, today=today))


def context(view: ThingView, *, viewer: policies.Actor, today: date) -> Shown:
    """What templates/tracker/thing_detail.html prints."""
    one = view.row.thing
    kind = InitiativeKind(one.kind)
    total = sum(view.row.lights.values())
    return {
        "crumbs": [{"text": catalogue_page.TITLES[kind], "href": links.things(kind)}, {"text": one.code, "href": ""}],
        "thing": {
            "name": one.name,
            "code": one.code,
            "kind_label": kind.label,
            "place": catalogue_page.place_of(one),
            "note": one.note,
            "is_demo": one.is_demo,
        },
        "sentence": _SENTENCES[kind](view.row, today),
        "facts": _facts(view.row),
        "is_project": kind == InitiativeKind.PROJECT,
        "year": _year(view.row, today=today),
        "ladders": [_ladder(rung) for rung in view.row.designations],
        "is_designated": kind in {InitiativeKind.PARK, InitiativeKind.PLATFORM} or bool(view.row.designations),
        "shares": [catalogue_page.county(share) for share in view.row.shares],
        "talent": thing_charts.people(view.row.years),
        "investment": thing_charts.investment(getattr(one, "project", None), view.volumes, today=today),
        "quantities": thing_charts.quantities(view.volumes, today=today),
        "is_park": kind == InitiativeKind.PARK,
        "residents": [_resident(row) for row in view.residents],
        "residents_line": _residents_line(view.row.residents),
        "residents_href": links.things(InitiativeKind.PROJECT, park=one.code),
        "residents_total": view.row.residents.count,
        "stages": _stages(getattr(one, "project", None)),
        "volumes": [_volume(report) for report in reversed(view.volumes)],
        "parts": [{"href": links.thing(part), "code": part.code, "name": part.name} for part in view.parts],
        "commitments": [present.ledger_row(row, today=today) for row in view.commitments],
        "commitments_total": total,
        "is_narrowed": not policies.is_citywide(viewer),
        "reports": [report_row(report) for report in view.reports],
    }


def _facts(row: ThingRow) -> list[Shown]:
    """Term and value of every single fact, place and host first; lists have their own section."""
    one = row.thing
    return [
        cell(_("Place"), catalogue_page.place_of(one)),
        cell(_("Carrying organisation"), one.host),
        *_park_of(getattr(one, "project", None)),
        *(fact for fact in catalogue_page.row_of(row)["cells"] if not fact["is_list"]),
    ]


def _park_of(known: ProjectDetails | None) -> list[Shown]:
    """The park a project stands in, as a fact that leads there; nothing for what is no project."""
    if known is None:
        return []
    if known.park is None:
        return [cell(_("Park"), missing=_("none, or not known"))]
    return [cell(_("Park"), known.park.initiative.name, href=links.thing(known.park.initiative))]


# --- The first sentence


def _project_sentence(row: ThingRow, today: date) -> str:
    known: ProjectDetails | None = getattr(row.thing, "project", None)
    if known is None or known.year_investment_wan is None:
        if known is not None and known.year_invested_wan is not None and known.plan_year:
            told = {"year": known.plan_year, "done": money(known.year_invested_wan)}
            return _("Invested in %(year)s: %(done)s (10 000 yuan); what was planned is not known.") % told
        return _("What shall be invested this year is not known, so there is nothing to compare with.")
    planned = {"year": known.plan_year or "?", "planned": money(known.year_investment_wan)}
    if known.year_invested_wan is None:
        return _("Planned for %(year)s: %(planned)s (10 000 yuan). Nobody has said what was invested.") % planned
    done = planned | {"done": money(known.year_invested_wan)}
    percent = catalogue_page.share(known)
    if percent is None or not known.plan_year:
        return _("Planned for %(year)s: %(planned)s (10 000 yuan); invested: %(done)s.") % done
    words = _(
        "Planned for %(year)s: %(planned)s (10 000 yuan); invested: %(done)s, %(percent)s %%; "
        "%(time)s %% of the year is gone."
    )
    return words % (done | {"percent": number(percent), "time": number(_elapsed(known.plan_year, today))})


def _elapsed(year: int, today: date) -> Decimal:
    return progress.share_elapsed(date(year, 1, 1), date(year, 12, 31), today=today).quantize(Decimal(1))


def _designated_sentence(row: ThingRow, today: date) -> str:
    if not row.designations:
        return ""
    reached = [one for one in row.designations if one.step != DesignationStep.AIMED]
    if not reached:
        return _("No designation has been applied for yet; %(count)d aimed at.") % {"count": len(row.designations)}
    order = list(DesignationStep)
    best = max(reached, key=lambda one: order.index(DesignationStep(one.step)))
    return _("Farthest: %(rung)s.") % {"rung": catalogue_page.rung(best)}


def _talent_sentence(row: ThingRow, today: date) -> str:
    if not row.years:
        return _("Neither quota nor headcount is known for any year.")
    last = row.years[-1]
    facts = {
        "year": last.year,
        "quota": _("unknown") if last.quota is None else last.quota,
        "headcount": _("unknown") if last.headcount is None else last.headcount,
    }
    return _("%(year)s: quota %(quota)s, headcount %(headcount)s.") % facts


_SENTENCES = {
    InitiativeKind.PROJECT: _project_sentence,
    InitiativeKind.PARK: _designated_sentence,
    InitiativeKind.PLATFORM: _designated_sentence,
    InitiativeKind.TALENT_PROGRAMME: _talent_sentence,
}


# --- What hangs on a kind


def _year(row: ThingRow, *, today: date) -> Shown | None:
    """Investment of the year against its plan and against time; None where it cannot be compared."""
    known: ProjectDetails | None = getattr(row.thing, "project", None)
    if known is None or not known.plan_year or known.year_investment_wan is None:
        return None
    elapsed, done = _elapsed(known.plan_year, today), catalogue_page.share(known)
    return {
        "time_bar": charts.pace_bar(elapsed, name=_("Time elapsed"), is_time=True),
        "time_percent": number(elapsed),
        "done_bar": charts.pace_bar(done, name=_("Invested, of the year’s plan")),
        "done_percent": "" if done is None else number(done),
    }


def _stages(known: ProjectDetails | None) -> list[Shown]:
    """The stages of a project in their order; none where its stage is not known."""
    if known is None or not known.stage:
        return []
    order = list(ProjectStage)
    reached = order.index(ProjectStage(known.stage))
    return [
        {"label": stage.label, "is_reached": place <= reached, "is_current": place == reached}
        for place, stage in enumerate(order)
    ]


def _ladder(one: Designation) -> Shown:
    """The rungs in climbing order, the reached ones marked."""
    order = list(DesignationStep)
    reached = order.index(DesignationStep(one.step))
    return {
        "title": one.title,
        "grade": Grade(one.grade).label,
        "on": one.step_on,
        "rungs": [
            {"label": step.label, "is_reached": place <= reached, "is_current": place == reached}
            for place, step in enumerate(order)
        ],
    }


def _resident(row: ThingRow) -> Shown:
    """A project that stands in the park."""
    one = row.thing
    known: ProjectDetails = getattr(one, "project", None) or ProjectDetails()
    return {
        "href": links.thing(one),
        "code": one.code,
        "name": one.name,
        "health": catalogue.gravest(row.lights) or "",
        "stage": catalogue_page.stage_of(known),
        "total": money(known.total_investment_wan),
        "year": catalogue_page.year_of(known),
        "percent": percent_text(catalogue_page.share(known)),
        "is_demo": one.is_demo,
    }


def _residents_line(found: Residents) -> str:
    """How many, and their money as far as it is known."""
    if not found.count:
        return ""
    said = ngettext("%(count)d project.", "%(count)d projects.", found.count) % {"count": found.count}
    if found.total.wan is None:
        return said + " " + _("What they invest is not known of any.")
    words = _("Total investment %(sum)s (10 000 yuan), known of %(known)d of %(count)d.")
    return (
        said
        + " "
        + words % {"sum": money(found.total.wan), "known": found.total.known, "count": found.count}
        + _residents_year(found)
    )


def _residents_year(found: Residents) -> str:
    """This year's money, where both sums speak of something."""
    if found.planned.wan is None and found.invested.wan is None:
        return ""
    words = _("This year planned %(planned)s (of %(planned_known)d), invested %(invested)s (of %(invested_known)d).")
    return " " + words % {
        "planned": money(found.planned.wan) or _("unknown"),
        "planned_known": found.planned.known,
        "invested": money(found.invested.wan) or _("unknown"),
        "invested_known": found.invested.known,
    }


def _volume(report: ProgressReport) -> Shown:
    said = report.volumes
    return {
        "period": f"{report.period_start:%Y-%m-%d} – {report.period_end:%Y-%m-%d}",
        "code": report.commitment.code,
        "href": links.commitment(report.commitment.code),
        "month": money(said.invested_month_wan),
        "year": money(said.invested_year_wan),
        "physical": percent_text(said.physical_percent),
        "work": percent_text(said.work_percent),
        "is_demo": report.is_demo,
    }


def report_row(report: ProgressReport) -> Shown:
    """A report on the thing: which commitment it speaks of, for when, and what it says."""
    return {
        "code": report.commitment.code,
        "href": links.commitment(report.commitment.code),
        "period": f"{report.period_start:%Y-%m-%d} – {report.period_end:%Y-%m-%d}",
        "state": report.state,
        "state_label": ReportState(report.state).label,
        "author": str(report.author),
        "submitted_at": report.submitted_at,
        "progress": percent_text(report.progress),
        "is_no_change": report.is_no_change,
        "done": report.done,
        "problems": report.problems,
        "is_demo": report.is_demo,
    }
