"""The catalogue: projects, parks, platforms and talent programmes, and the commitments that stand on them.

Facts of things are open to everyone who is signed in. Lights, reports and what they brought are read only through the
viewer's sight. A fixed number of queries, whatever the rows; nothing that is returned triggers SQL.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from projects.choices import InitiativeKind
from projects.models import Designation, Initiative, Jurisdiction, ParkShare, ProjectDetails, TalentYear
from tracker import policies
from tracker.choices import Health, ReportState
from tracker.models import ProgressReport
from tracker.policies import Actor
from tracker.queries.ledger_rows import LedgerRow, first_rows
from tracker.queries.rollup import GRAVITY

PAGE, COMMITMENTS, REPORTS, HISTORY, PARTS = 50, 50, 12, 60, 50
# A file is read in pieces of so many things.
PIECE = 500
# What a filter calls a fact that nobody has entered.
UNKNOWN = "unknown"
TOLD = (ReportState.SUBMITTED, ReportState.ACCEPTED, ReportState.RETURNED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What narrows a list of things. Empty: not narrowed; "unknown": the fact is not entered."""

    q: str = ""
    place: str = ""
    stage: str = ""
    grade: str = ""
    statistics: str = ""
    park: str = ""
    health: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """The sum of an amount (10 000 yuan) over the things of which it is known; None: of none."""

    wan: Decimal | None = None
    known: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Residents:
    """The projects that stand in a park: how many, and what is known of their money."""

    count: int = 0
    total: Total = Total()
    planned: Total = Total()
    invested: Total = Total()


@dataclass(frozen=True, slots=True, kw_only=True)
class ThingRow:
    """One thing with what is known of it, and the lights of its commitments in the viewer's sight.

    Its `jurisdiction` and its details (`thing.project` with its park …, where there is such a row) were read along.
    """

    thing: Initiative
    lights: Mapping[Health, int]
    designations: Sequence[Designation] = ()
    shares: Sequence[ParkShare] = ()
    years: Sequence[TalentYear] = ()
    residents: Residents = Residents()


@dataclass(frozen=True, slots=True, kw_only=True)
class CataloguePage:
    """A page of things of one kind by code; `next_after` is "" on the last page."""

    rows: Sequence[ThingRow]
    total: int
    matched: int
    next_after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ThingView:
    """Everything the page of one thing shows.

    Args:
        commitments: the first of those in the viewer's sight; `row.lights` counts them all.
        reports: newest first; drafts are nobody's report yet. Commitment, author and reviewer were read along.
        volumes: reports with the three quantities 三量, oldest first.
        parts: projects that commitments under this thing's commitments stand on.
        residents: the first projects that stand in this park; `row.residents` counts them all.
    """

    row: ThingRow
    commitments: Sequence[LedgerRow]
    reports: Sequence[ProgressReport]
    volumes: Sequence[ProgressReport]
    parts: Sequence[Initiative]
    residents: Sequence[ThingRow] = ()


def page(
    viewer: Actor, kind: InitiativeKind | None, filters: Filters, *, after: str = "", size: int = PAGE
) -> CataloguePage:
    """One page of the things of a kind (None: of all), after a code. Five to eight queries at any depth."""
    things = Initiative.objects.filter(kind=kind) if kind else Initiative.objects.all()
    found = _filtered(things, viewer, filters)
    rows = found.filter(code__gt=after) if after else found
    shown = list(_with_details(rows).order_by("code")[: size + 1])
    return CataloguePage(
        rows=_rows(shown[:size], viewer, kind=kind),
        total=things.count(),
        matched=found.count(),
        next_after=shown[size - 1].code if len(shown) > size else "",
    )


def everything(viewer: Actor, kind: InitiativeKind, filters: Filters) -> Iterator[ThingRow]:
    """All things of a kind that pass, by code, read in pieces: for files, which hold more than a page."""
    after: str | None = ""
    while after is not None:
        piece = page(viewer, kind, filters, after=after, size=PIECE)
        yield from piece.rows
        after = piece.next_after or None


def parks() -> list[Initiative]:
    """The parks that a filter offers, by code."""
    return list(Initiative.objects.filter(kind=InitiativeKind.PARK).order_by("code"))


def places() -> list[Jurisdiction]:
    """The jurisdictions that a filter offers, in their order."""
    return list(Jurisdiction.objects.order_by("order", "code"))


def thing(code: str, *, kind: InitiativeKind | None = None, viewer: Actor) -> ThingView | None:
    """The thing of this kind (None: of any) with this code; None when there is none."""
    if "\x00" in code:  # which PostgreSQL refuses to be asked for
        return None
    things = Initiative.objects.filter(kind=kind) if kind else Initiative.objects.all()
    found = _with_details(things.filter(code=code)).first()
    if found is None:
        return None
    kind = InitiativeKind(found.kind)
    seen = policies.visible_to(viewer)
    standing = seen.filter(initiative=found)
    reports = (
        policies.reports_visible_to(viewer)
        .filter(commitment__initiative=found, state__in=TOLD)
        .select_related("commitment", "author", "reviewer")
    )
    volumes = reports.filter(volumes__isnull=False, state=ReportState.ACCEPTED).select_related("volumes")
    residing = Initiative.objects.filter(project__park=found.pk)
    is_park = kind == InitiativeKind.PARK
    return ThingView(
        row=_rows([found], viewer, kind=kind)[0],
        residents=_lit(list(_with_details(residing).order_by("code")[:PARTS]), viewer) if is_park else (),
        commitments=first_rows(standing, size=COMMITMENTS),
        reports=list(reports.order_by("-period_end", "-pk")[:REPORTS]),
        volumes=list(volumes.order_by("-period_end", "-pk")[:HISTORY])[::-1],
        parts=list(
            Initiative.objects.filter(
                kind=InitiativeKind.PROJECT, commitments__in=seen.filter(parent__in=standing.values("pk"))
            )
            .exclude(pk=found.pk)
            .distinct()
            .order_by("code")[:PARTS]
        ),
    )


def lights_by_initiative(viewer: Actor, ids: Iterable[int]) -> dict[int, dict[Health, int]]:
    """The lights of the commitments in the viewer's sight, by the thing they stand on; one query."""
    found: dict[int, dict[Health, int]] = defaultdict(dict)
    rows = policies.visible_to(viewer).filter(initiative__in=list(ids)).order_by().values_list("initiative", "health")
    for initiative, light, count in rows.annotate(count=Count("pk")):
        found[initiative][Health(light)] = count
    return found


def _with_details(rows: QuerySet[Initiative]) -> QuerySet[Initiative]:
    return rows.select_related("jurisdiction", "project__park__initiative", "park", "platform", "talent_programme")


def _lit(things: Sequence[Initiative], viewer: Actor) -> list[ThingRow]:
    """Things with their lights only: one query."""
    lights = lights_by_initiative(viewer, [one.pk for one in things])
    return [ThingRow(thing=one, lights=lights.get(one.pk, {})) for one in things]


def _residents(parks: Iterable[int]) -> dict[int, Residents]:
    """What stands in each park; one query."""
    sums = (
        ProjectDetails.objects.filter(park__in=list(parks))
        .order_by()
        .values_list("park")
        .annotate(
            count=Count("pk"),
            total=Sum("total_investment_wan"),
            total_known=Count("total_investment_wan"),
            planned=Sum("year_investment_wan"),
            planned_known=Count("year_investment_wan"),
            invested=Sum("year_invested_wan"),
            invested_known=Count("year_invested_wan"),
        )
    )
    return {
        park: Residents(
            count=count,
            total=Total(wan=total, known=total_known),
            planned=Total(wan=planned, known=planned_known),
            invested=Total(wan=invested, known=invested_known),
        )
        for park, count, total, total_known, planned, planned_known, invested, invested_known in sums
    }


def _rows(things: Sequence[Initiative], viewer: Actor, *, kind: InitiativeKind | None) -> list[ThingRow]:
    """Things with their lights and the tables that hang on their kind: one query for each."""
    ids = [one.pk for one in things]
    lights = lights_by_initiative(viewer, ids)
    designations: dict[int, list[Designation]] = defaultdict(list)
    for rung in Designation.objects.filter(initiative__in=ids).order_by("title"):
        designations[rung.initiative_id].append(rung)
    shares: dict[int, list[ParkShare]] = defaultdict(list)
    residents = _residents(ids) if kind in {None, InitiativeKind.PARK} else {}
    if kind in {None, InitiativeKind.PARK}:
        for share in ParkShare.objects.filter(park__in=ids).select_related("county").order_by("county__order", "pk"):
            shares[share.park_id].append(share)
    years: dict[int, list[TalentYear]] = defaultdict(list)
    if kind in {None, InitiativeKind.TALENT_PROGRAMME}:
        for year in TalentYear.objects.filter(programme__in=ids).order_by("year"):
            years[year.programme_id].append(year)
    return [
        ThingRow(
            thing=one,
            lights=lights.get(one.pk, {}),
            designations=designations[one.pk],
            shares=shares[one.pk],
            years=years[one.pk],
            residents=residents.get(one.pk, Residents()),
        )
        for one in things
    ]


def _filtered(things: QuerySet[Initiative], viewer: Actor, filters: Filters) -> QuerySet[Initiative]:
    """The things that pass; a light is looked for among the commitments in the viewer's sight only."""
    if filters.q:
        words = Q(name__icontains=filters.q) | Q(code__icontains=filters.q) | Q(host__icontains=filters.q)
        if filters.q.isascii() and filters.q.isalnum():
            words |= Q(initials__contains=filters.q.lower())
        things = things.filter(words)
    if filters.place:
        inside = Exists(ParkShare.objects.filter(park=OuterRef("pk"), county__code=filters.place))
        things = things.filter(Q(jurisdiction__code=filters.place) | Q(inside))
    if filters.stage:
        no_stage = Q(project__isnull=True) | Q(project__stage="")
        things = things.filter(no_stage if filters.stage == UNKNOWN else Q(project__stage=filters.stage))
    if filters.grade:
        things = things.filter(_graded(filters.grade))
    if filters.statistics:
        said: dict[str, bool | None] = {"yes": True, "no": False, UNKNOWN: None}
        value = said[filters.statistics]
        # A project without details joins as NULL: nobody has said anything about it either.
        known = Q(project__in_statistics__isnull=True) if value is None else Q(project__in_statistics=value)
        things = things.filter(known)
    if filters.park:
        in_none = Q(project__isnull=True) | Q(project__park__isnull=True)
        things = things.filter(in_none if filters.park == UNKNOWN else Q(project__park__initiative__code=filters.park))
    if filters.health:
        standing = policies.visible_to(viewer).filter(initiative=OuterRef("pk"), health=filters.health)
        things = things.filter(Exists(standing))
    return things


def _graded(grade: str) -> Q:
    """Parks and platforms of a grade; a thing has one of the two tables at most."""
    if grade == UNKNOWN:
        return (Q(park__isnull=True) | Q(park__grade="")) & (Q(platform__isnull=True) | Q(platform__grade=""))
    return Q(park__grade=grade) | Q(platform__grade=grade)


def gravest(lights: Mapping[Health, int]) -> Health | None:
    """The gravest light that is lit; None: nothing stands on it in the viewer's sight."""
    return next((light for light in GRAVITY if lights.get(light)), None)
