"""The lists of the catalogue: projects, parks, platforms, talent programmes. What is not known is called unknown."""

from decimal import Decimal
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.choices import DesignationStep, Grade, InitiativeKind, ProjectStage
from projects.models import Designation, Initiative, ParkDetails, ParkShare, PlatformDetails, ProjectDetails, TalentYear
from projects.models import TalentProgrammeDetails as TalentDetails
from tracker.queries import catalogue
from tracker.queries.catalogue import ThingRow
from tracker.rules.reasons import number
from tracker.web import catalogue_sheets, links, sheets
from tracker.web.address_form import AddressForm
from tracker.web.catalogue_forms import ThingForm
from tracker.web.viewers import viewer_of

Shown = dict[str, Any]
TITLES = {
    InitiativeKind.PROJECT: gettext_lazy("Projects"),
    InitiativeKind.PARK: gettext_lazy("Parks"),
    InitiativeKind.PLATFORM: gettext_lazy("Platforms"),
    InitiativeKind.TALENT_PROGRAMME: gettext_lazy("Talent programmes"),
}
# A list shows the first of these; the page of one thing shows all.
LISTED = 3


@login_required
def things(request: HttpRequest, kind: InitiativeKind) -> HttpResponseBase:
    """The things of one kind, with filters."""
    viewer = viewer_of(request)
    parks = catalogue.parks() if kind == InitiativeKind.PROJECT else []
    form = ThingForm(request.GET, kind=kind, places=catalogue.places(), parks=parks)
    if (wanted := sheets.asked(request)) and form.is_valid():
        found, words = catalogue.everything(viewer, kind, form.filters()), filter_words(form)
        return sheets.response(catalogue_sheets.things(kind, found, name=str(TITLES[kind]), filters=words), wanted)
    page = catalogue.page(viewer, kind, form.filters(), after=form.value("after"))
    rows = [row_of(row) for row in page.rows]
    address = links.things(kind)
    context = {
        "title": TITLES[kind],
        "tabs": tabs(address),
        "columns": [cell["label"] for cell in rows[0]["cells"]] if rows else [],
        "rows": rows,
        "sheets": sheets.links(request),
    }
    return render(request, "tracker/thing_list.html", context | listing(form, page, address), status=_status(form))


def filter_words(form: AddressForm) -> list[str]:
    """The filters in use in words, as a file names them."""
    return [chip["label"] for chip in form.chips("")]


def listing(form: Any, page: Any, address: str) -> Shown:
    """What every list of the catalogue tells about its filters and its pages."""
    query = form.query()
    return {
        "form": form,
        "chips": form.chips(address),
        "clear_href": address,
        "total": page.total,
        "matched": page.matched,
        "is_filtered": bool(form.in_use()),
        "first_href": links.with_query(address, query) if form.value("after") else "",
        "next_href": links.with_query(address, query | {"after": page.next_after}) if page.next_after else "",
    }


def _status(form: ThingForm) -> int:
    return 400 if form.errors else 200


def tabs(current: str) -> list[Shown]:
    """The lists of the catalogue side by side."""
    entries = [(links.things(kind), title) for kind, title in TITLES.items()]
    entries.append((links.indicators(), gettext_lazy("Targets and indicators")))
    return [{"href": href, "label": label, "is_current": href == current} for href, label in entries]


def row_of(row: ThingRow) -> Shown:
    """One line: the thing, the light of what stands on it, and the facts of its kind."""
    one = row.thing
    light = catalogue.gravest(row.lights)
    return {
        "href": links.thing(one),
        "code": one.code,
        "name": one.name,
        "note": " · ".join(part for part in (one.jurisdiction.name if one.jurisdiction else "", one.host) if part),
        "is_demo": one.is_demo,
        "health": light or "",
        "count": sum(row.lights.values()),
        "cells": _CELLS[InitiativeKind(one.kind)](row),
    }


def cell(
    label: str,
    text: str = "",
    *,
    percent: Decimal | None = None,
    lines: list[str] | None = None,
    missing: str = "",
    href: str = "",
) -> Shown:
    """One fact: a text, a share as a meter, or several lines; with none of them `missing` says so, else "unknown"."""
    return {
        "label": label,
        "text": text,
        "percent": None if percent is None else min(percent, Decimal(100)),
        "lines": lines or [],
        "is_list": lines is not None,
        "missing": missing,
        "href": href,
    }


def _project_cells(row: ThingRow) -> list[Shown]:
    known: ProjectDetails | None = getattr(row.thing, "project", None)
    if known is None:
        known = ProjectDetails()
    return [
        cell(_("Stage"), stage_of(known)),
        cell(_("Total investment (10 000 yuan)"), money(known.total_investment_wan)),
        cell(_("This year: done / planned"), year_of(known), percent=share(known)),
        cell(_("Physical progress"), percent_text(known.physical_percent), percent=known.physical_percent),
        cell(_("Work volume"), percent_text(known.work_percent), percent=known.work_percent),
        cell(_("In the statistics"), statistics_of(known)),
    ]


def _park_cells(row: ThingRow) -> list[Shown]:
    known: ParkDetails | None = getattr(row.thing, "park", None)
    return [
        cell(_("Level"), grade_of(known.grade if known else "")),
        cell(_("Designations"), lines=_first([rung(one) for one in row.designations]), missing=_("none recorded")),
        cell(_("Sharing counties"), lines=_first([county(one) for one in row.shares]), missing=_("none recorded")),
        residents_of(row),
    ]


def residents_of(row: ThingRow) -> Shown:
    """How many projects stand in the park, with a way to exactly these."""
    count = row.residents.count
    href = links.things(InitiativeKind.PROJECT, park=row.thing.code) if count else ""
    return cell(_("Resident projects"), str(count) if count else "", href=href, missing=_("none recorded"))


def _platform_cells(row: ThingRow) -> list[Shown]:
    known: PlatformDetails | None = getattr(row.thing, "platform", None)
    return [
        cell(_("Level"), grade_of(known.grade if known else "")),
        cell(_("Field of work"), known.field if known else ""),
        cell(_("Designations"), lines=_first([rung(one) for one in row.designations]), missing=_("none recorded")),
    ]


def _talent_cells(row: ThingRow) -> list[Shown]:
    known: TalentDetails | None = getattr(row.thing, "talent_programme", None)
    last = row.years[-1] if row.years else None
    share_taken = taken(last) if last else None
    return [
        cell(_("Whom it is for"), known.audience if known else ""),
        cell(_("Latest year"), str(last.year) if last else ""),
        cell(_("Headcount / quota"), headcount(last) if last else "", percent=share_taken),
    ]


_CELLS = {
    InitiativeKind.PROJECT: _project_cells,
    InitiativeKind.PARK: _park_cells,
    InitiativeKind.PLATFORM: _platform_cells,
    InitiativeKind.TALENT_PROGRAMME: _talent_cells,
}


# --- Facts in words; "" where they are not known


def _first(lines: list[str]) -> list[str]:
    rest = len(lines) - LISTED
    return lines if rest <= 0 else [*lines[:LISTED], _("and %(count)d more") % {"count": rest}]


def stage_of(known: ProjectDetails) -> str:
    return str(ProjectStage(known.stage).label) if known.stage else ""


def grade_of(grade: str) -> str:
    return str(Grade(grade).label) if grade else ""


def money(value: Decimal | None) -> str:
    """An amount in 10 000 yuan with its thousands apart, e.g. 12,500."""
    if value is None:
        return ""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent_text(value: Decimal | None) -> str:
    return "" if value is None else f"{number(value)} %"


def share(known: ProjectDetails) -> Decimal | None:
    """Invested this year in percent of the year's plan; None where one is not known or nothing is planned."""
    if known.year_invested_wan is None or not known.year_investment_wan:
        return None
    return (known.year_invested_wan * 100 / known.year_investment_wan).quantize(Decimal("0.1"))


def year_of(known: ProjectDetails) -> str:
    """Invested and planned, of which one may be unknown; "" when both are."""
    if known.year_invested_wan is None and known.year_investment_wan is None:
        return ""
    parts = [money(value) or _("unknown") for value in (known.year_invested_wan, known.year_investment_wan)]
    year = f"{known.plan_year}: " if known.plan_year else ""
    return year + " / ".join(parts)


def statistics_of(known: ProjectDetails) -> str:
    """Yes with its day, no, or "" for not known."""
    if known.in_statistics is None:
        return ""
    if not known.in_statistics:
        return _("no")
    if known.in_statistics_on is None:
        return _("yes")
    return _("yes, since %(day)s") % {"day": known.in_statistics_on.isoformat()}


def rung(one: Designation) -> str:
    """A designation with the step it has reached."""
    return _("%(title)s (%(step)s)") % {"title": one.title, "step": DesignationStep(one.step).label}


def county(one: ParkShare) -> str:
    if one.share_percent is None:
        return one.county.name
    return f"{one.county.name} {number(one.share_percent)} %"


def headcount(year: TalentYear) -> str:
    """Headcount and quota, of which one may be unknown; "" when both are."""
    if year.headcount is None and year.quota is None:
        return ""
    return " / ".join(_("unknown") if value is None else str(value) for value in (year.headcount, year.quota))


def taken(year: TalentYear) -> Decimal | None:
    """Headcount in percent of the quota; None where one of the two is not known or there is no quota."""
    if year.headcount is None or not year.quota:
        return None
    return (Decimal(year.headcount) * 100 / year.quota).quantize(Decimal("0.1"))


def place_of(one: Initiative) -> str:
    return one.jurisdiction.name if one.jurisdiction else ""
