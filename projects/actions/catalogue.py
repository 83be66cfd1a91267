"""Changes to the catalogue: jurisdictions, initiatives, indicators, readings. The only door for change."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.db import transaction

from projects.actions import clock, initials
from projects.choices import Direction, Frequency, Grade, InitiativeKind, JurisdictionLevel, ProjectStage
from projects.errors import DomainError
from projects.models import (
    Designation,
    Indicator,
    Initiative,
    Jurisdiction,
    ParkDetails,
    ParkShare,
    PlatformDetails,
    ProjectDetails,
    Reading,
    TalentProgrammeDetails,
)

DETAILS: dict[str, type[ProjectDetails] | type[ParkDetails] | type[PlatformDetails] | type[TalentProgrammeDetails]] = {
    InitiativeKind.PROJECT: ProjectDetails,
    InitiativeKind.PARK: ParkDetails,
    InitiativeKind.PLATFORM: PlatformDetails,
    InitiativeKind.TALENT_PROGRAMME: TalentProgrammeDetails,
}


@transaction.atomic
def set_jurisdiction(
    code: str, *, name: str, level: JurisdictionLevel, parent: Jurisdiction | None, order: int
) -> Jurisdiction:
    """Create or correct a jurisdiction by its code; the same call twice changes nothing."""
    facts = {"name": name, "level": level, "parent": parent, "order": order}
    place, created = Jurisdiction.objects.get_or_create(code=code, defaults=facts)
    if not created and all(getattr(place, field) == value for field, value in facts.items()):
        return place
    for field, value in facts.items():
        setattr(place, field, value)
    place.save()
    clock.tick()  # its name stands on kept pages
    return place


@transaction.atomic
def set_initiative(
    code: str,
    *,
    name: str,
    kind: InitiativeKind,
    jurisdiction: Jurisdiction | None = None,
    host: str = "",
    note: str = "",
    grade: Grade | str = "",
    counties: tuple[Jurisdiction, ...] = (),
    is_demo: bool = False,
) -> Initiative:
    """Create or correct an initiative and the details row of its kind; the same call twice changes nothing."""
    facts = {"name": name, "kind": kind, "jurisdiction": jurisdiction, "host": host, "note": note}
    facts["initials"] = initials.of(name)
    initiative = Initiative.objects.select_for_update().filter(code=code).first()
    is_changed = initiative is None
    if initiative is None:
        initiative = Initiative.objects.create(code=code, is_demo=is_demo, **facts)
    elif any(getattr(initiative, field) != value for field, value in facts.items()):
        is_changed = True
        for field, value in facts.items():
            setattr(initiative, field, value)
        initiative.save(update_fields=[*facts, "updated_at"])
    DETAILS[kind].objects.get_or_create(initiative=initiative)
    if kind == InitiativeKind.PARK:
        is_changed |= bool(ParkDetails.objects.filter(pk=initiative.pk).exclude(grade=grade).update(grade=grade))
        for county in counties:
            is_changed |= ParkShare.objects.get_or_create(park_id=initiative.pk, county=county)[1]
    if kind == InitiativeKind.PLATFORM:
        is_changed |= bool(PlatformDetails.objects.filter(pk=initiative.pk).exclude(grade=grade).update(grade=grade))
    if is_changed:
        clock.stamp(initiative)
    return initiative


@transaction.atomic
def aim_at(initiative: Initiative, *, title: str, grade: Grade) -> Designation:
    """Record a designation that the initiative aims at; a rung already climbed stays."""
    designation, created = Designation.objects.get_or_create(
        initiative=initiative, title=title, defaults={"grade": grade}
    )
    if created:
        clock.stamp(initiative)
    return designation


@transaction.atomic
def set_indicator(
    code: str, *, name: str, definition: str, unit: str, direction: Direction, frequency: Frequency, source: str
) -> Indicator:
    """Create or correct an indicator by its code; the same call twice changes nothing."""
    facts = {
        "name": name,
        "initials": initials.of(name),
        "definition": definition,
        "unit": unit,
        "direction": direction,
        "frequency": frequency,
        "source": source,
    }
    indicator = Indicator.objects.select_for_update().filter(code=code).first()
    if indicator is None:
        indicator = Indicator.objects.create(code=code, **facts)
    elif all(getattr(indicator, field) == value for field, value in facts.items()):
        return indicator
    else:
        for field, value in facts.items():
            setattr(indicator, field, value)
        indicator.save(update_fields=[*facts, "updated_at"])
    clock.stamp(indicator)
    return indicator


# What `record_volumes` may change, and what a demonstration may take back.
VOLUMES = (
    "plan_year",
    "year_investment_wan",
    "year_invested_wan",
    "physical_percent",
    "work_percent",
    "stage",
    "in_statistics",
    "in_statistics_on",
)


@transaction.atomic
def record_volumes(
    initiative: Initiative,
    *,
    year: int,
    invested_year_wan: Decimal | None = None,
    physical_percent: Decimal | None = None,
    work_percent: Decimal | None = None,
    stage: ProjectStage | str = "",
    in_statistics: bool | None = None,
    in_statistics_on: date | None = None,
) -> dict[str, tuple[object, object]]:
    """Record a project's three quantities 三量 as of a year; a value left out keeps what stands there.

    The first figure of a new year begins that year: its plan is unknown until somebody enters it. A figure of a year
    before the one that stands leaves the year's money alone. Returns what changed, {field: (before, after)}.
    """
    details = ProjectDetails.objects.select_for_update().get(pk=initiative.pk)
    given: dict[str, object] = {
        "physical_percent": physical_percent,
        "work_percent": work_percent,
        "stage": stage,
        "in_statistics": in_statistics,
        "in_statistics_on": in_statistics_on,
    }
    after = {name: value for name, value in given.items() if value is not None and value != ""}
    if in_statistics is False:
        after["in_statistics_on"] = None
    if invested_year_wan is not None and (details.plan_year is None or details.plan_year <= year):
        after |= {"plan_year": year, "year_invested_wan": invested_year_wan}
        if details.plan_year not in {None, year}:
            after["year_investment_wan"] = None
    changed = {
        name: (getattr(details, name), value) for name, value in after.items() if getattr(details, name) != value
    }
    if not changed:
        return {}
    for name, (_before, value) in changed.items():
        setattr(details, name, value)
    details.save(update_fields=list(changed))
    clock.stamp(initiative)
    return changed


@transaction.atomic
def place_in_park(initiative: Initiative, *, park: Initiative | None) -> bool:
    """Say in which park a project stands; None: in none, or it is not known. Returns whether that is new.

    Raises:
        DomainError: the initiative is no project, or the park is none.
    """
    details = ProjectDetails.objects.select_for_update().filter(pk=initiative.pk).first()
    if details is None:
        raise DomainError("park_of_no_project", field="stands_in")
    if park is not None and not ParkDetails.objects.filter(pk=park.pk).exists():
        raise DomainError("park_unknown", field="stands_in", name=park.name)
    after = None if park is None else park.pk
    if details.park_id == after:
        return False
    details.park_id = after
    details.save(update_fields=["park"])
    clock.stamp(initiative)
    return True


@transaction.atomic
def record_reading(
    indicator: Indicator,
    *,
    period_start: date,
    period_end: date,
    reported: Decimal | None = None,
    verified: Decimal | None = None,
    source: str = "",
    is_demo: bool = False,
) -> Reading:
    """Record a value for a period; a value left out keeps what stands there.

    A demonstration value never takes the place of a real one, and a real one takes the place of all of it.

    Raises:
        DomainError: the period runs backwards, no value is given, or a verified value has no source.
    """
    if period_end < period_start:
        raise DomainError("reading_period_order", field="period_end")
    if reported is None and verified is None:
        raise DomainError("reading_without_value", field="reported")
    if verified is not None and not source:
        raise DomainError("reading_without_source", field="source")
    given = {"reported": reported, "verified": verified, "source": source}
    locked = Reading.objects.select_for_update()
    reading = locked.filter(indicator=indicator, period_start=period_start, period_end=period_end).first()
    if reading is None:
        reading = Reading(indicator=indicator, period_start=period_start, period_end=period_end, is_demo=is_demo)
        changed: dict[str, object] = dict(given)
    else:
        changed = _correction(reading, given, is_demo=is_demo)
    if not changed:
        return reading
    for field, value in changed.items():
        setattr(reading, field, value)
    reading.save()
    clock.stamp(reading)
    return reading


def _correction(reading: Reading, given: Mapping[str, object], *, is_demo: bool) -> dict[str, object]:
    """What these values change in a reading that stands; empty when nothing."""
    if is_demo and not reading.is_demo:
        return {}
    if reading.is_demo and not is_demo:
        return {**given, "is_demo": False}
    told = {field: value for field, value in given.items() if value not in {None, ""}}
    return {field: value for field, value in told.items() if getattr(reading, field) != value}
