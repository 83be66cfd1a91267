"""What the REST answers are made of: tuples for the lists, one gathered object for a commitment's page."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import F, OuterRef, QuerySet, Subquery

from projects.models import Reading
from tracker import policies
from tracker.models import (
    Clause,
    Commitment,
    CommitmentDepartment,
    Department,
    Milestone,
    PathPoint,
    Plan,
    ProgressReport,
    Target,
)
from tracker.policies import Actor
from tracker.queries import facts
from tracker.queries.figures import VOLUMES
from tracker.rules import targets

LATEST_REPORTS = 12
LATEST_READINGS = 12

COMMITMENT_COLUMNS = (
    "code", "title", "kind", "stage", "health", "health_reasons", "progress", "due_on", "original_due_on", "due_text",
    "is_continuous", "lead__code", "lead__name", "lead_is_suggested", "plan__code", "clause__code",
    "clause__chapter__code", "forecast_on", "revision", "is_demo",
)  # fmt: skip
# What only the page of one commitment shows.
DETAIL_COLUMNS = (
    "id", "summary", "starts_on", "issued_on", "closed_on", "due_basis", "is_red_line", "red_line_broken_on",
    "progress_basis", "last_period_end", "last_accepted_on", "health_since", "rule_version", "override_health",
    "override_reason", "override_until", "exempt_until", "parent_id", "initiative__code", "initiative__name",
    "initiative__kind", "initiative__revision", "post__code", "post__title",
)  # fmt: skip
REPORT_COLUMNS = (
    "ref", "commitment__code", "commitment__title", "period_start", "period_end", "done", "problems", "next_steps",
    "is_no_change", "progress", "value", "forecast_on", "state", "author__username", "author__full_name",
    "submitted_at", "reviewer__username", "reviewer__full_name", "reviewed_at", "return_reason", "client_ref",
    "is_late", "doubts", "doubts_answer", *(f"volumes__{name}" for name in VOLUMES), "volumes__report", "is_demo",
    "revision",
)  # fmt: skip
PART_COLUMNS = ("department__code", "department__name", "involvement", "is_suggested")
MILESTONE_COLUMNS = ("name", "planned_on", "forecast_on", "actual_on", "weight", "is_demo")
Row = tuple[Any, ...]


class MeasuredTarget(NamedTuple):
    """A target with the value it requires in the end (None: unknown) and its latest readings, newest first."""

    target: Target
    required: Decimal | None
    readings: Sequence[Reading]


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentHead:
    """One commitment's own columns and the newest revision among what its page shows."""

    row: Row
    details: dict[str, Any]
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentParts:
    """What hangs on a commitment, in reading order. `parent` is None where the viewer may not see it.

    Departments beside the lead are rows of PART_COLUMNS, milestones of MILESTONE_COLUMNS, reports of REPORT_COLUMNS.
    """

    parent: str | None
    departments: Sequence[Row]
    milestones: Sequence[Row]
    targets: Sequence[MeasuredTarget]
    reports: Sequence[Row]


def commitment_rows(rows: QuerySet[Commitment], *, after: str | None, limit: int) -> list[Row]:
    """Up to `limit` rows of COMMITMENT_COLUMNS by code, beginning after one. One query."""
    if after is not None:
        rows = rows.filter(code__gt=after)
    return list(rows.order_by("code").values_list(*COMMITMENT_COLUMNS)[:limit])


def report_rows(rows: QuerySet[ProgressReport], *, after: str | None, limit: int) -> list[Row]:
    """Up to `limit` rows of REPORT_COLUMNS, newest first, beginning after the report with this reference. One query."""
    if after is not None:
        rows = rows.filter(pk__lt=Subquery(ProgressReport.objects.filter(ref=after).values("pk")))
    return list(rows.order_by("-pk").values_list(*REPORT_COLUMNS)[:limit])


def report_row(report: ProgressReport) -> Row:
    """The same columns for one report that the caller may see. One query."""
    row: Row = ProgressReport.objects.values_list(*REPORT_COLUMNS).get(pk=report.pk)
    return row


def commitment_head(code: str, *, viewer: Actor) -> CommitmentHead | None:
    """The commitment, None when there is none in the viewer's sight. One query."""
    newest_report = policies.reports_visible_to(viewer).filter(commitment=OuterRef("pk")).order_by("-revision")
    newest_reading = Reading.objects.filter(indicator__targets__commitment=OuterRef("pk")).order_by("-revision")
    found = (
        policies.visible_to(viewer)
        .filter(code=code)
        .annotate(
            report_revision=Subquery(newest_report.values("revision")[:1]),
            reading_revision=Subquery(newest_reading.values("revision")[:1]),
        )
        .values_list(*COMMITMENT_COLUMNS, *DETAIL_COLUMNS, "report_revision", "reading_revision")
        .first()
    )
    if found is None:
        return None
    width = len(COMMITMENT_COLUMNS)
    details = dict(zip((*DETAIL_COLUMNS, "report_revision", "reading_revision"), found[width:], strict=True))
    stamps = (found[COMMITMENT_COLUMNS.index("revision")], details["initiative__revision"])
    newest = max(stamp or 0 for stamp in (*stamps, details["report_revision"], details["reading_revision"]))
    return CommitmentHead(row=found[:width], details=details, revision=newest)


def commitment_parts(head: CommitmentHead, *, viewer: Actor) -> CommitmentParts:
    """What hangs on the commitment: six queries, one more where it has a parent."""
    pk, parent_id = head.details["id"], head.details["parent_id"]
    seen = policies.visible_to(viewer).filter(pk=parent_id).values_list("code", flat=True) if parent_id else None
    reports = policies.reports_visible_to(viewer).filter(commitment=pk).order_by("-period_end", "-pk")
    return CommitmentParts(
        parent=seen.first() if seen is not None else None,
        departments=departments_of([pk])[pk],
        milestones=milestones_of([pk])[pk],
        targets=targets_of([pk])[pk],
        reports=list(reports.values_list(*REPORT_COLUMNS)[:LATEST_REPORTS]),
    )


def departments_of(commitments: Iterable[int]) -> dict[int, list[Row]]:
    """Rows of PART_COLUMNS by commitment, in the order of the document. One query."""
    found: dict[int, list[Row]] = defaultdict(list)
    rows = CommitmentDepartment.objects.filter(commitment__in=commitments).order_by("involvement", "order")
    for commitment, *row in rows.values_list("commitment", *PART_COLUMNS):
        found[commitment].append(tuple(row))
    return found


def milestones_of(commitments: Iterable[int]) -> dict[int, list[Row]]:
    """Rows of MILESTONE_COLUMNS by commitment, in their order. One query."""
    found: dict[int, list[Row]] = defaultdict(list)
    rows = Milestone.objects.filter(commitment__in=commitments).order_by("order", "pk")
    for commitment, *row in rows.values_list("commitment", *MILESTONE_COLUMNS):
        found[commitment].append(tuple(row))
    return found


def targets_of(commitments: Iterable[int]) -> dict[int, list[MeasuredTarget]]:
    """The targets by commitment, with what they require and their latest readings. Three queries, one without any."""
    found: dict[int, list[MeasuredTarget]] = defaultdict(list)
    rows = list(
        Target.objects.filter(commitment__in=commitments).select_related("indicator", "commitment").order_by("pk")
    )
    if not rows:
        return found
    readings: dict[int, list[Reading]] = defaultdict(list)
    for reading in Reading.objects.filter(indicator__in=[row.indicator_id for row in rows]).order_by("period_end"):
        readings[reading.indicator_id].append(reading)
    paths: dict[int, list[tuple[date, Decimal]]] = defaultdict(list)
    for point in PathPoint.objects.filter(target__in=[row.pk for row in rows]).order_by("day"):
        paths[point.target_id].append((point.day, point.value))
    for row in rows:
        known = readings[row.indicator_id]
        measured = MeasuredTarget(
            target=row,
            required=targets.required_value(facts.target_facts(row, known, paths[row.pk])),
            readings=known[: -LATEST_READINGS - 1 : -1],
        )
        found[row.commitment_id].append(measured)
    return found


def plans_visible_to(viewer: Actor) -> QuerySet[Plan]:
    """The plans of which the viewer sees at least one commitment; all for the city's roles."""
    if policies.is_citywide(viewer):
        return Plan.objects.all()
    return Plan.objects.filter(pk__in=policies.visible_to(viewer).values("plan"))


def chapters_of(plans: Sequence[Plan]) -> dict[int, list[Clause]]:
    """The chapters of these plans by plan, in their order. One query."""
    found: dict[int, list[Clause]] = defaultdict(list)
    for clause in Clause.objects.filter(plan__in=plans, chapter=F("pk")).order_by("plan", "order"):
        found[clause.plan_id].append(clause)
    return found


def leads_visible_to(viewer: Actor) -> QuerySet[Department]:
    """The departments the viewer may name in a filter: their own sight, and the leads of what they see."""
    if policies.is_citywide(viewer):
        return Department.objects.all()
    led = policies.visible_to(viewer).values("lead")
    return policies.departments_visible_to(viewer) | Department.objects.filter(pk__in=led)


def is_known(name: str, code: str, *, viewer: Actor) -> bool:
    """Whether a department, plan, chapter or commitment of this code is in sight. What is foreign is unknown."""
    if name == "department":
        takes_part = Department.objects.filter(involvements__commitment__in=policies.visible_to(viewer))
        return any(found.filter(code=code).exists() for found in (leads_visible_to(viewer), takes_part))
    if name == "plan":
        return plans_visible_to(viewer).filter(code=code).exists()
    if name == "chapter":
        return Clause.objects.filter(plan__in=plans_visible_to(viewer), chapter=F("pk"), code=code).exists()
    return policies.visible_to(viewer).filter(code=code).exists()
