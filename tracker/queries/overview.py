"""What the leader's page shows: counts, exceptions, targets, themes. A fixed number of queries, whatever the rows."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Avg, Count, F, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import Coalesce

from projects.models import Reading, SyncClock
from tracker import policies
from tracker.choices import DONE_STAGES, ExtensionState, Health, ReportState, Role
from tracker.models import Clause, Commitment, ExtensionRequest, PathPoint, Plan, ProgressReport, Target
from tracker.policies import Actor
from tracker.queries import facts, questions
from tracker.queries.ledger_rows import COLUMNS, LedgerRow, shape
from tracker.rules.targets import TargetFacts

LIST_LENGTH = 5
# From grave to calm: the light a cell of the matrix shows when its commitments differ.
GRAVITY = (
    Health.OFF_TRACK,
    Health.AT_RISK,
    Health.NO_DATA,
    Health.NOT_STARTED,
    Health.ON_TRACK,
    Health.EXEMPT,
    Health.DONE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exceptions:
    """The first few rows of an exception list, and how many there are in all."""

    rows: Sequence[LedgerRow]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetView:
    """A target with its readings, oldest first, as a small multiple needs them."""

    commitment_code: str
    title: str
    health: Health
    reasons: list[dict[str, object]]
    unit: str
    definition: str
    note: str
    facts: TargetFacts
    readings: Sequence[Reading]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Commitments of one theme under one department."""

    health: Health
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """`cells` by (chapter id, department id). Columns: the departments with most; `hidden` counts the rest."""

    chapters: Sequence[Clause]
    departments: Sequence[tuple[int, str, str]]
    cells: dict[tuple[int, int], Cell]
    hidden: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkDone:
    """Mean progress, in percent, of the `known` commitments that have one; `unknown` ones count neither way."""

    percent: Decimal | None
    known: int
    unknown: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    plan: Plan
    counts: dict[Health, int]
    late: Exceptions
    at_risk: Exceptions
    third: Exceptions
    third_kind: str
    work: WorkDone
    targets: Sequence[TargetView]
    matrix: Matrix


def revision() -> int:
    """The site's data version: equal numbers mean equal data."""
    return SyncClock.objects.values_list("rev", flat=True).get(pk=SyncClock.CLOCK_ID)


def plans(viewer: Actor) -> list[Plan]:
    """The plans with something in the viewer's sight, by code."""
    seen = policies.visible_to(viewer)
    return list(Plan.objects.filter(pk__in=seen.values("plan")).select_related("jurisdiction").order_by("code"))


def of_plan(plan: Plan, *, viewer: Actor, today: date) -> Overview:
    """Everything the overview of one plan shows to this viewer."""
    seen = policies.visible_to(viewer).filter(plan=plan)
    counts = count_lights(seen)
    third_kind, third = _third(seen, viewer, counts, today=today)
    return Overview(
        plan=plan,
        counts=counts,
        late=_exceptions(seen, Health.OFF_TRACK, counts),
        at_risk=_exceptions(seen, Health.AT_RISK, counts),
        third=third,
        third_kind=third_kind,
        work=work_done(seen),
        targets=target_views(Target.objects.filter(commitment__in=seen)),
        matrix=_matrix(seen, plan),
    )


def count_lights(seen: QuerySet[Commitment]) -> dict[Health, int]:
    """How many commitments show each light; every light is a key."""
    found = dict(seen.order_by().values_list("health").annotate(count=Count("pk")))
    return {light: found.get(light, 0) for light in Health}


def work_done(seen: QuerySet[Commitment]) -> WorkDone:
    """The mean progress of what can have one: not continuous, not a red line, not set aside; done counts 100."""
    measurable = seen.filter(is_continuous=False, is_red_line=False).exclude(health=Health.EXEMPT)
    done = Q(stage__in=DONE_STAGES)
    found = measurable.aggregate(
        done=Count("pk", filter=done),
        known=Count("pk", filter=~done & Q(progress__isnull=False)),
        mean=Avg("progress", filter=~done),
        total=Count("pk"),
    )
    known = found["done"] + found["known"]
    if not known:
        return WorkDone(percent=None, known=0, unknown=found["total"])
    total = Decimal(100 * found["done"]) + Decimal(found["mean"] or 0) * found["known"]
    return WorkDone(percent=(total / known).quantize(Decimal("0.1")), known=known, unknown=found["total"] - known)


def _exceptions(seen: QuerySet[Commitment], light: Health, counts: dict[Health, int]) -> Exceptions:
    """Gravest first: the earliest due date, then the longest time in this light."""
    rows = (
        seen.filter(health=light)
        .order_by(F("due_on").asc(nulls_last=True), F("health_since").asc(nulls_last=True), "code")
        .values_list(*COLUMNS)[:LIST_LENGTH]
    )
    return Exceptions(rows=[shape(row) for row in rows], total=counts[light])


def _third(
    seen: QuerySet[Commitment], viewer: Actor, counts: dict[Health, int], *, today: date
) -> tuple[str, Exceptions]:
    """What waits for the reader: "review", what the supervision office has to review or decide, the oldest first;
    "word", what waits for a leader's word. For everyone else, and where nothing waits for a leader, "silent": what
    nobody has reported.
    """
    if policies.can_supervise(viewer):
        reports = ProgressReport.objects.filter(commitment=OuterRef("pk"), state=ReportState.SUBMITTED)
        requests = ExtensionRequest.objects.filter(commitment=OuterRef("pk"), state=ExtensionState.PENDING)
        since = Coalesce(Subquery(reports.values("submitted_at")[:1]), Subquery(requests.values("created_at")[:1]))
        return "review", _cut(seen.filter(questions.to_decide()).order_by(since, "code"))
    if viewer.role == Role.LEADER:
        wanted = seen.filter(pk__in=questions.words_wanted(viewer, today=today).values("pk"))
        waiting = _cut(wanted.order_by(F("due_on").asc(nulls_last=True), "code"))
        if waiting.total:
            return "word", waiting
    return "silent", _exceptions(seen, Health.NO_DATA, counts)


def _cut(found: QuerySet[Commitment]) -> Exceptions:
    """The first rows, and the number of all of them, in one query."""
    rows = list(found.annotate(all_rows=Window(Count("pk"))).values_list(*COLUMNS, "all_rows")[:LIST_LENGTH])
    return Exceptions(rows=[shape(row[:-1]) for row in rows], total=rows[0][-1] if rows else 0)


def target_views(targets: QuerySet[Target]) -> list[TargetView]:
    """Targets with their readings and their paths, in three queries."""
    rows = list(targets.select_related("indicator", "commitment").order_by("commitment__code", "pk"))
    readings: dict[int, list[Reading]] = {row.indicator_id: [] for row in rows}
    for reading in Reading.objects.filter(indicator__in=readings).order_by("period_end"):
        readings[reading.indicator_id].append(reading)
    paths: dict[int, list[tuple[date, Decimal]]] = {row.pk: [] for row in rows}
    for point in PathPoint.objects.filter(target__in=paths).order_by("day"):
        paths[point.target_id].append((point.day, point.value))
    return [
        TargetView(
            commitment_code=row.commitment.code,
            title=row.indicator.name,
            health=Health(row.commitment.health),
            reasons=row.commitment.health_reasons,
            unit=row.indicator.unit,
            definition=row.indicator.definition,
            note=row.note,
            facts=facts.target_facts(row, readings[row.indicator_id], paths[row.pk]),
            readings=readings[row.indicator_id],
        )
        for row in rows
    ]


def _matrix(seen: QuerySet[Commitment], plan: Plan, *, width: int = 8) -> Matrix:
    found = (
        seen.filter(clause__isnull=False, lead__isnull=False)
        .order_by()
        .values_list("clause__chapter", "lead", "lead__short_name", "lead__code", "health")
        .annotate(count=Count("pk"))
    )
    totals: Counter[tuple[int, str, str]] = Counter()
    lights: dict[tuple[int, int], Counter[str]] = {}
    for chapter, lead, name, code, light, count in found:
        totals[(lead, name, code)] += count
        lights.setdefault((chapter, lead), Counter())[light] += count
    ranked = [key for key, _count in sorted(totals.items(), key=lambda item: (-item[1], item[0][2]))]
    return Matrix(
        chapters=list(Clause.objects.filter(plan=plan, parent__isnull=True).order_by("order")),
        departments=ranked[:width],
        cells={key: Cell(health=_worst(counter), count=counter.total()) for key, counter in lights.items()},
        hidden=max(0, len(ranked) - width),
    )


def _worst(lights: Counter[str]) -> Health:
    return next(light for light in GRAVITY if lights[light])
