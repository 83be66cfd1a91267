"""How things of the catalogue become JSON."""

from collections.abc import Callable
from datetime import date
from urllib.parse import quote

from projects.models import Initiative, ParkDetails, PlatformDetails, ProjectDetails, TalentProgrammeDetails
from tracker.api.lines import lights, lines, named, percent
from tracker.api.rows import Json, matter, person
from tracker.api.shapes import ROOT, quantity
from tracker.models import ProgressReport
from tracker.queries import catalogue
from tracker.queries.catalogue import Residents, ThingRow, ThingView, Total


def row(found: ThingRow) -> Json:
    """One thing with the details of its kind."""
    one = found.thing
    return {
        "code": one.code,
        "name": one.name,
        "kind": one.kind,
        "jurisdiction": named(one.jurisdiction.code, one.jurisdiction.name) if one.jurisdiction else None,
        "host": one.host,
        "note": one.note,
        **_details(found),
        "designations": [
            {"title": rung.title, "grade": rung.grade, "step": rung.step, "step_on": rung.step_on}
            for rung in found.designations
        ],
        "health": catalogue.gravest(found.lights),
        "lights": lights(found.lights),
        "is_demo": one.is_demo,
        "revision": one.revision,
        "url": _url(one),
    }


def whole(view: ThingView, *, today: date) -> Json:
    """One thing with what stands on it."""
    return row(view.row) | {
        "commitments": lines(view.commitments, today=today),
        "reports": [_report(one) for one in view.reports],
        "volumes": [_volumes(one) for one in view.volumes],
        "parts": [_related(one) for one in view.parts],
        "residents": [_resident(one) for one in view.residents],
    }


def _details(found: ThingRow) -> Json:
    shapes: dict[str, Callable[[ThingRow], Json | None]] = {
        "project": _project,
        "park": _park,
        "platform": _platform,
        "talent_programme": _programme,
    }
    return {kind: shape(found) if kind == found.thing.kind else None for kind, shape in shapes.items()}


def _project(found: ThingRow) -> Json | None:
    known: ProjectDetails | None = getattr(found.thing, "project", None)
    if known is None:
        return None
    park = known.park.initiative if known.park else None
    return {
        "stage": known.stage,
        "total_investment_wan": quantity(known.total_investment_wan),
        "plan_year": known.plan_year,
        "year_investment_wan": quantity(known.year_investment_wan),
        "year_invested_wan": quantity(known.year_invested_wan),
        "physical_percent": quantity(known.physical_percent),
        "work_percent": quantity(known.work_percent),
        "in_statistics": known.in_statistics,
        "in_statistics_on": known.in_statistics_on,
        "park": named(park.code, park.name) if park else None,
    }


def _park(found: ThingRow) -> Json | None:
    known: ParkDetails | None = getattr(found.thing, "park", None)
    if known is None:
        return None
    shares = [
        {"county": named(one.county.code, one.county.name), "share_percent": quantity(one.share_percent)}
        for one in found.shares
    ]
    return {"grade": known.grade, "shares": shares, "residents": _residents(found.residents)}


def _residents(found: Residents) -> Json:
    return {
        "count": found.count,
        "total_investment": _total(found.total),
        "year_investment": _total(found.planned),
        "year_invested": _total(found.invested),
    }


def _total(found: Total) -> Json:
    return {"wan": quantity(found.wan), "known_count": found.known}


def _platform(found: ThingRow) -> Json | None:
    known: PlatformDetails | None = getattr(found.thing, "platform", None)
    return None if known is None else {"grade": known.grade, "field": known.field}


def _programme(found: ThingRow) -> Json | None:
    known: TalentProgrammeDetails | None = getattr(found.thing, "talent_programme", None)
    if known is None:
        return None
    years = [{"year": one.year, "quota": one.quota, "headcount": one.headcount} for one in found.years]
    return {"audience": known.audience, "years": years}


def _report(one: ProgressReport) -> Json:
    return {
        "ref": one.ref,
        "commitment": matter(one.commitment.code, one.commitment.title),
        "period_start": one.period_start,
        "period_end": one.period_end,
        "state": one.state,
        "author": person(one.author.username, one.author.full_name),
        "done": one.done,
        "problems": one.problems,
        "is_no_change": one.is_no_change,
        "progress": percent(one.progress),
        "is_demo": one.is_demo,
        "url": f"{ROOT}/reports/{one.ref}/",
    }


def _volumes(one: ProgressReport) -> Json:
    said = one.volumes
    return {
        "commitment": matter(one.commitment.code, one.commitment.title),
        "period_start": one.period_start,
        "period_end": one.period_end,
        "volumes": {
            "invested_month_wan": quantity(said.invested_month_wan),
            "invested_year_wan": quantity(said.invested_year_wan),
            "physical_percent": quantity(said.physical_percent),
            "work_percent": quantity(said.work_percent),
            "stage": said.stage,
            "in_statistics": said.in_statistics,
            "in_statistics_on": said.in_statistics_on,
        },
        "is_demo": one.is_demo,
    }


def _resident(found: ThingRow) -> Json:
    return _related(found.thing) | {
        "health": catalogue.gravest(found.lights),
        "project": _project(found),
        "is_demo": found.thing.is_demo,
    }


def _related(one: Initiative) -> Json:
    return named(one.code, one.name) | {"url": _url(one)}


def _url(one: Initiative) -> str:
    return f"{ROOT}/initiatives/{quote(one.code, safe='')}/"
