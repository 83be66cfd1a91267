"""The catalogue as files: one row a thing with its figures as numbers; an unknown one is an empty cell."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from projects.choices import DesignationStep, Grade, InitiativeKind, ProjectStage
from projects.models import ParkDetails, PlatformDetails, ProjectDetails, TalentProgrammeDetails
from tracker.choices import Health
from tracker.queries import catalogue
from tracker.queries.catalogue import ThingRow
from tracker.queries.indicators import IndicatorRow
from tracker.rules import forecast as forecasts
from tracker.rules import targets as target_rules
from tracker.rules.reasons import number
from tracker.web.sheets import Cell, Row, Sheet


def things(kind: InitiativeKind, rows: Iterable[ThingRow], *, name: str, filters: Sequence[str]) -> Sheet:
    """The things of one kind; the light is the gravest of the commitments in sight."""
    own, cells = _OWN[kind]
    columns = [
        _("Code"),
        pgettext("thing", "Name"),
        _("Place"),
        _("Carrying organisation"),
        _("Light"),
        _("Number of commitments"),
        *own(),
    ]
    return Sheet(
        name=name,
        columns=[*columns, _("demonstration")],
        rows=(_plain([*_thing(row), *cells(row), _yes(row.thing.is_demo)]) for row in rows),
        filters=filters,
    )


def _plain(cells: Row) -> Row:
    """The cells with their numbers as people write them: 1000 for 1000.00."""
    return [Decimal(number(cell)) if isinstance(cell, Decimal) else cell for cell in cells]


def _thing(row: ThingRow) -> list[Cell]:
    one, light = row.thing, catalogue.gravest(row.lights)
    place = one.jurisdiction.name if one.jurisdiction else ""
    shown = str(Health(light).label) if light else ""
    return [one.code, one.name, place, one.host, shown, sum(row.lights.values())]


def _yes(is_so: bool | None) -> str:
    return "" if is_so is None else _("yes") if is_so else _("no")


def _of_project() -> list[str]:
    return [
        _("Stage"),
        _("Total investment (10 000 yuan)"),
        _("Plan year"),
        _("Planned this year (10 000 yuan)"),
        _("Invested this year (10 000 yuan)"),
        _("Physical progress (%)"),
        _("Work volume (%)"),
        _("In the statistics"),
        _("In the statistics since"),
        _("Park"),
    ]


def _project(row: ThingRow) -> list[Cell]:
    known: ProjectDetails = getattr(row.thing, "project", None) or ProjectDetails()
    return [
        str(ProjectStage(known.stage).label) if known.stage else "",
        known.total_investment_wan,
        known.plan_year,
        known.year_investment_wan,
        known.year_invested_wan,
        known.physical_percent,
        known.work_percent,
        _yes(known.in_statistics),
        known.in_statistics_on,
        known.park.initiative.name if known.park else "",
    ]


def _of_park() -> list[str]:
    return [
        _("Level"),
        _("Designations"),
        _("Sharing counties"),
        _("Resident projects"),
        _("Their total investment (10 000 yuan)"),
        _("of so many known"),
    ]


def _park(row: ThingRow) -> list[Cell]:
    known: ParkDetails | None = getattr(row.thing, "park", None)
    standing = row.residents
    shares = [
        one.county.name + (f" {one.share_percent.normalize():f} %" if one.share_percent else "") for one in row.shares
    ]
    return [
        _grade(known.grade if known else ""),
        _rungs(row),
        "\n".join(shares),
        standing.count,
        standing.total.wan,
        standing.total.known,
    ]


def _of_platform() -> list[str]:
    return [_("Level"), _("Field of work"), _("Designations")]


def _platform(row: ThingRow) -> list[Cell]:
    known: PlatformDetails | None = getattr(row.thing, "platform", None)
    return [_grade(known.grade if known else ""), known.field if known else "", _rungs(row)]


def _of_talent() -> list[str]:
    return [_("Whom it is for"), _("Latest year"), _("Quota"), _("Headcount"), _("All years")]


def _talent(row: ThingRow) -> list[Cell]:
    known: TalentProgrammeDetails | None = getattr(row.thing, "talent_programme", None)
    last = row.years[-1] if row.years else None
    years = [f"{one.year}: {_or_unknown(one.headcount)} / {_or_unknown(one.quota)}" for one in row.years]
    return [
        known.audience if known else "",
        last.year if last else None,
        last.quota if last else None,
        last.headcount if last else None,
        "\n".join(years),
    ]


def _or_unknown(value: int | None) -> str:
    return _("unknown") if value is None else str(value)


def _grade(grade: str) -> str:
    return str(Grade(grade).label) if grade else ""


def _rungs(row: ThingRow) -> str:
    return "\n".join(f"{one.title} ({DesignationStep(one.step).label})" for one in row.designations)


_OWN: dict[InitiativeKind, tuple[Callable[[], list[str]], Callable[[ThingRow], list[Cell]]]] = {
    InitiativeKind.PROJECT: (_of_project, _project),
    InitiativeKind.PARK: (_of_park, _park),
    InitiativeKind.PLATFORM: (_of_platform, _platform),
    InitiativeKind.TALENT_PROGRAMME: (_of_talent, _talent),
}


# --- Indicators: one row a target in sight, or one for an indicator without


def indicators(rows: Iterable[IndicatorRow], *, name: str, filters: Sequence[str], today: date) -> Sheet:
    """The indicators with their latest reading, and what each target asks of them."""
    columns = [
        _("Code"),
        _("Indicator"),
        _("Unit"),
        _("Latest period ends on"),
        _("Reported value"),
        _("Verified value"),
        _("Commitment"),
        _("Light"),
        _("Base year"),
        _("Base"),
        _("Goal"),
        _("Due"),
        _("Required by then"),
        _("Needed a year (%)"),
        _("So far a year (%)"),
        _("Forecast, low"),
        _("Forecast"),
        _("Forecast, high"),
        _("demonstration"),
    ]
    return Sheet(name=name, columns=columns, rows=map(_plain, _indicator_rows(rows, today=today)), filters=filters)


def _indicator_rows(rows: Iterable[IndicatorRow], *, today: date) -> Iterable[Row]:
    for row in rows:
        last = row.readings[-1] if row.readings else None
        read: list[Cell] = [None, None, None] if last is None else [last.period_end, last.reported, last.verified]
        head: list[Cell] = [row.indicator.code, row.indicator.name, row.indicator.unit, *read]
        is_demo = _yes(bool(last and last.is_demo))
        if not row.targets:
            yield [*head, *[None] * 12, is_demo]
        for line in row.targets:
            known, pace = line.facts, target_rules.pace(line.facts)
            found = forecasts.forecast(known, today=today)
            aim: list[Cell] = [line.commitment_code, str(Health(line.health).label), known.base_year, known.base_value]
            aim += [_exact(target_rules.required_value(known)), known.due_on]
            aim.append(_exact(target_rules.asked_of_reading(known)))
            aim += [pace.needed_percent, pace.so_far_percent] if pace else [None, None]
            aim += [found.low, found.middle, found.high] if found else [None, None, None]
            yield [*head, *aim, is_demo]


def _exact(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(forecasts.FINEST)
