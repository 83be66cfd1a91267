"""What a month asks of each department: reports, contributions, fields. From the ledger as it stands; four queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from projects.choices import InitiativeKind
from tracker import policies
from tracker.choices import REPORTABLE_STAGES
from tracker.models import Commitment, CommitmentDepartment, Department, Plan, Target
from tracker.policies import Actor
from tracker.rules import periods
from tracker.rules.burden import Asked
from tracker.rules.periods import Cycle


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One department's month."""

    department: Department
    asked: Asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """The departments of which something is asked for this month, most fields first, and the sum of all."""

    starts_on: date
    lines: Sequence[Line]
    sum: Asked


def of_month(viewer: Actor, *, month: date) -> Month:
    """The month's burden: of all departments for the city's roles, of one's own department otherwise."""
    start = month.replace(day=1)
    owed = _owed(viewer, month=start)
    reports = _reports(owed)
    contributions = _contributions(owed)
    departments = policies.departments_visible_to(viewer).filter(pk__in={*reports, *contributions})
    lines = [
        Line(department=one, asked=reports.get(one.pk, Asked()) + contributions.get(one.pk, Asked()))
        for one in departments.order_by("order", "code")
    ]
    lines.sort(key=lambda line: -line.asked.total)
    return Month(starts_on=start, lines=lines, sum=sum((line.asked for line in lines), Asked()))


def _owed(viewer: Actor, *, month: date) -> QuerySet[Commitment]:
    """The commitments in sight that a report is owed of for a period which ends in this month. One query."""
    asked = Q(pk__in=[])
    for plan in Plan.objects.exclude(report_cycle=Cycle.NONE).exclude(tracked_since=None):
        period = periods.period_of(month, Cycle(plan.report_cycle), plan.report_grace_days)
        is_due = period is not None and (period.end.year, period.end.month) == (month.year, month.month)
        if period is not None and is_due and plan.tracked_since and plan.tracked_since <= period.end:
            asked |= Q(plan=plan.pk, issued_on__lte=period.end)
    return policies.visible_to(viewer).filter(asked, stage__in=REPORTABLE_STAGES, lead__isnull=False)


def _reports(owed: QuerySet[Commitment]) -> dict[int, Asked]:
    """By lead. Several commitments of a lead on one initiative are one report: the first by code stands for it."""
    before = owed.filter(
        lead=OuterRef("lead"), initiative=OuterRef("initiative"), plan__report_cycle=OuterRef("plan__report_cycle"),
        code__lt=OuterRef("code"),
    )  # fmt: skip
    is_project = Q(initiative__kind=InitiativeKind.PROJECT, initiative__project__isnull=False)
    rows = (
        owed.filter(Q(initiative__isnull=True) | ~Exists(before))
        .order_by()
        .values_list("lead")
        .annotate(
            all_reports=Count("pk"),
            with_progress=Count("pk", filter=Q(is_red_line=False)),
            with_value=Count("pk", filter=Exists(Target.objects.filter(commitment=OuterRef("pk")))),
            of_projects=Count("pk", filter=is_project),
        )
    )
    return {
        lead: Asked(reports=reports, with_progress=progress, with_value=value, of_projects=projects)
        for lead, reports, progress, value, projects in rows
    }


def _contributions(owed: QuerySet[Commitment]) -> dict[int, Asked]:
    """By the department that contributes: confirmed as responsible or supporting, and not the lead itself."""
    joined = CommitmentDepartment.objects.filter(commitment__in=owed, is_suggested=False)
    rows = (
        joined.exclude(department=F("commitment__lead"))
        .order_by()
        .values_list("department")
        .annotate(count=Count("pk"))
    )  # fmt: skip
    return {department: Asked(contributions=count) for department, count in rows}
