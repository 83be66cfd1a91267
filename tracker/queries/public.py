"""What the public reads: approved fields of matters marked public, as they stood so many days ago. Nothing else.

No name of a person, nothing that people wrote in reports, reasons or blockers is ever read here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from projects.models import Reading
from tracker import policies
from tracker.choices import Health, PublicField, ReportState
from tracker.models import Clause, Commitment, Event, LightChange, Plan, ProgressReport, SiteSettings, Target
from tracker.queries import facts
from tracker.rules.targets import TargetFacts

PAGE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On which terms the public reads: the fields that are approved, and the day whose state is shown."""

    fields: frozenset[PublicField]
    as_of: date
    delay_days: int

    def shows(self, field: PublicField) -> bool:
        return field in self.fields

    @property
    def until(self) -> datetime:
        """The end of the day: what happened after it is not told yet."""
        return timezone.make_aware(datetime.combine(self.as_of + timedelta(days=1), time.min))


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicPlan:
    plan: Plan
    matter_count: int
    has_demo: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Percent from an accepted report, and the last day of the period that it speaks of."""

    percent: Decimal
    period_end: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicTarget:
    """`facts` and `readings` know verified values only."""

    indicator: str
    unit: str
    facts: TargetFacts
    readings: Sequence[Reading]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """One matter. Whatever was not approved is empty here, so that no page can show it. `light` None: not known."""

    code: str
    title: str
    kind: str
    is_demo: bool
    light: Health | None = None
    owner: str = ""
    due_on: date | None = None
    original_due_on: date | None = None
    is_continuous: bool = False
    summary: str = ""
    clause: Clause | None = None
    progress: Progress | None = None
    targets: Sequence[PublicTarget] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPage:
    """`lights` counts all public matters of the plan, {} where lights are not approved; `next_after` "": the last."""

    plan: PublicPlan
    lights: dict[Health | None, int]
    matters: Sequence[Matter]
    next_after: str


def terms(settings: SiteSettings, *, today: date) -> Terms | None:
    """The terms in force; None: there are no public pages."""
    if not settings.shows_public_pages:
        return None
    return Terms(
        fields=frozenset(PublicField(name) for name in settings.public_fields if name in PublicField.values),
        as_of=today - timedelta(days=settings.public_delay_days),
        delay_days=settings.public_delay_days,
    )


def plans(on: Terms) -> list[PublicPlan]:
    """The plans with something public, by code. One query."""
    open_to_all = policies.published_by(on.as_of).filter(plan=OuterRef("pk")).order_by().values("plan")
    rows = Plan.objects.filter(Exists(open_to_all)).select_related("jurisdiction").order_by("code")
    counted = rows.annotate(
        matter_count=Subquery(open_to_all.annotate(count=Count("pk")).values("count")),
        has_demo=Exists(open_to_all.filter(is_demo=True)),
    )
    return [
        PublicPlan(plan=row, matter_count=getattr(row, "matter_count", 0), has_demo=getattr(row, "has_demo", False))
        for row in counted
    ]


def plan_page(code: str, on: Terms, *, after: str = "") -> PlanPage | None:
    """A plan's public matters by code, PAGE of them from `after` on; None: it has none, or there is no such plan."""
    found = next((one for one in plans(on) if one.plan.code == code), None)
    if found is None:
        return None
    seen = policies.published_by(on.as_of).filter(plan=found.plan)
    rows = list(_read(seen.filter(code__gt=after).order_by("code"), on)[: PAGE + 1])
    page = rows[:PAGE]
    return PlanPage(
        plan=found,
        lights=_count(seen, on) if on.shows(PublicField.LIGHT) else {},
        matters=_shape(page, on),
        next_after=page[-1].code if len(rows) > PAGE else "",
    )


def matter(plan_code: str, code: str, on: Terms) -> tuple[Plan, Matter] | None:
    """One public matter with its plan; None: there is none of this code."""
    seen = policies.published_by(on.as_of).filter(plan__code=plan_code, code=code)
    row = _read(seen, on).select_related("plan__jurisdiction", "lead", "clause").first()
    return (row.plan, _shape([row], on)[0]) if row else None


def _light(on: Terms) -> Subquery:
    """The light at the end of the day: what the last change until then made it."""
    changes = LightChange.objects.filter(commitment=OuterRef("pk"), on__lte=on.as_of).order_by("-pk")
    return Subquery(changes.values("after")[:1])


def _read(seen: QuerySet[Commitment], on: Terms) -> QuerySet[Commitment]:
    rows = seen.select_related("lead", "clause")
    return rows.annotate(light_then=_light(on)) if on.shows(PublicField.LIGHT) else rows


def _count(seen: QuerySet[Commitment], on: Terms) -> dict[Health | None, int]:
    """How many matters had each light, every light a key; under None those whose light is not known, if any."""
    rows = seen.annotate(light_then=_light(on)).order_by().values_list("light_then").annotate(count=Count("pk"))
    found: dict[str | None, int] = dict(rows)
    counts: dict[Health | None, int] = {light: found.get(light, 0) for light in Health}
    return counts | ({None: found[None]} if found.get(None) else {})


def _shape(rows: Sequence[Commitment], on: Terms) -> list[Matter]:
    """The approved fields of these rows; one query for each field that stands in a table of its own."""
    due = _due_then(rows, on) if on.shows(PublicField.DUE) else {}
    progress = _progress(rows, on) if on.shows(PublicField.PROGRESS) else {}
    targets = _targets(rows, on) if on.shows(PublicField.READINGS) else {}
    return [
        Matter(
            code=row.code,
            title=row.title,
            kind=row.kind,
            is_demo=row.is_demo,
            light=_as_light(row) if on.shows(PublicField.LIGHT) else None,
            owner=_owner(row) if on.shows(PublicField.OWNER) else "",
            due_on=due.get(row.pk),
            original_due_on=row.original_due_on if due.get(row.pk) else None,
            is_continuous=row.is_continuous if on.shows(PublicField.DUE) else False,
            summary=row.summary if on.shows(PublicField.SUMMARY) else "",
            clause=row.clause if on.shows(PublicField.CLAUSE) else None,
            progress=progress.get(row.pk),
            targets=targets.get(row.pk, ()),
        )
        for row in rows
    ]


def _as_light(row: Commitment) -> Health | None:
    then = getattr(row, "light_then", None)
    return Health(then) if then else None


def _owner(row: Commitment) -> str:
    """The department that leads, once the office has confirmed it."""
    return row.lead.name if row.lead and not row.lead_is_suggested else ""


def _due_then(rows: Sequence[Commitment], on: Terms) -> dict[int, date | None]:
    """The due dates as they stood: today's, but for what the log says was changed since."""
    known = {row.pk: row.due_on for row in rows}
    later = Event.objects.filter(commitment__in=known, at__gte=on.until, changes__has_key="due_on")
    for commitment, changes in later.order_by("-seq").values_list("commitment", "changes"):
        before = changes["due_on"][0]
        known[commitment] = date.fromisoformat(before) if before else None
    return known


def _progress(rows: Sequence[Commitment], on: Terms) -> dict[int, Progress]:
    """The last accepted percentage of each matter, its own or of its initiative: a report serves all that stand on it.

    Red lines have none.
    """
    asked = [row for row in rows if not row.is_red_line]
    initiatives = {row.initiative_id for row in asked if row.initiative_id}
    told = ProgressReport.objects.filter(
        Q(commitment__in=asked) | Q(commitment__initiative__in=initiatives),
        state=ReportState.ACCEPTED,
        progress__isnull=False,
        reviewed_at__lt=on.until,
    )
    own: dict[int, Progress] = {}
    shared: dict[int, Progress] = {}
    columns = ("commitment", "commitment__initiative", "progress", "period_end")
    for commitment, initiative, percent, period_end in told.order_by("period_end", "pk").values_list(*columns):
        own[commitment] = Progress(percent=percent, period_end=period_end)
        if initiative:
            shared[initiative] = own[commitment]
    found = {row.pk: shared.get(row.initiative_id or 0) or own.get(row.pk) for row in asked}
    return {pk: one for pk, one in found.items() if one}


def _targets(rows: Iterable[Commitment], on: Terms) -> dict[int, list[PublicTarget]]:
    """The targets with the values that were verified by then; a value that is only reported is nobody's yet."""
    targets = list(
        Target.objects.filter(commitment__in=rows, created_at__lt=on.until)
        .select_related("indicator", "commitment")
        .order_by("pk")
    )
    readings: dict[int, list[Reading]] = {one.indicator_id: [] for one in targets}
    verified = Reading.objects.filter(indicator__in=readings, verified__isnull=False, updated_at__lt=on.until)
    for reading in verified.order_by("period_end"):
        readings[reading.indicator_id].append(reading)
    found: dict[int, list[PublicTarget]] = {}
    for one in targets:
        known = readings[one.indicator_id]
        shown = PublicTarget(
            indicator=one.indicator.name,
            unit=one.indicator.unit,
            facts=facts.target_facts(one, known),
            readings=known,
        )
        found.setdefault(one.commitment_id, []).append(shown)
    return found
