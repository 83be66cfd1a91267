"""The figures of a report beside what stood before: for the questions of `rules.sanity` and for the review page."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet

from projects.choices import InitiativeKind
from projects.models import ProjectDetails, Reading
from tracker.choices import ProgressBasis, ReportState
from tracker.models import Commitment, ProgressReport, ReportVolumes
from tracker.rules import health
from tracker.rules.progress import Schedule
from tracker.rules.reporting import VolumeValues
from tracker.rules.sanity import Known

VOLUMES = tuple(field.name for field in fields(VolumeValues))
TOLD = [ReportState.SUBMITTED, ReportState.ACCEPTED]


@dataclass(frozen=True, slots=True, kw_only=True)
class Volumes:
    """One row of the three quantities: what the report says, what the last one said, and the year's plan beside it."""

    name: str
    now: Decimal | None
    before: Decimal | None
    planned: Decimal | None = None


def project_of(item: Commitment) -> ProjectDetails | None:
    """The project that the commitment stands on; None: its initiative is none, or there is none."""
    if item.initiative_id is None:
        return None
    found = ProjectDetails.objects.filter(pk=item.initiative_id, initiative__kind=InitiativeKind.PROJECT)
    return found.select_related("initiative").first()


def volumes_of(row: ReportVolumes | None) -> VolumeValues | None:
    """A stored row as values of the rules; None: nothing stored."""
    return None if row is None else VolumeValues(**{name: getattr(row, name) for name in VOLUMES})


def volumes_said(report: ProgressReport) -> VolumeValues | None:
    """What the report says of the three quantities; None: nothing. One query unless read along."""
    return volumes_of(getattr(report, "volumes", None)) if report.pk else None


def known_before(item: Commitment, *, period_start: date, period_end: date, but: ProgressReport | None = None) -> Known:
    """What stood before a report on this period. Five queries at most."""
    told = _told(item, but=but)
    earlier = told.filter(period_start__lt=period_start).order_by("-period_end", "-pk")
    last = earlier.filter(volumes__isnull=False).select_related("volumes").first()
    project = project_of(item)
    planned = project.year_investment_wan if project and project.plan_year == period_end.year else None
    return Known(
        progress=_progress_before(item, told.filter(period_start__lte=period_start)),
        value=_value_before(item, earlier, period_start=period_start),
        volumes=volumes_said(last) if last else None,
        volumes_are_of_this_year=last is not None and last.period_end.year == period_end.year,
        planned_wan=planned,
    )


def told_before(item: Commitment, *, period_start: date, but: ProgressReport) -> bool:
    """Whether a report on an earlier period was handed in, for the commitment or for its initiative by its lead."""
    return _told(item, but=but).filter(period_start__lt=period_start).exists()


def volume_rows(said: VolumeValues | None, known: Known) -> Sequence[Volumes]:
    """The four quantities in the form's order, for the table of the review page; empty when none is said."""
    if said is None or not said.says_something:
        return ()
    before = known.volumes or VolumeValues()
    year_before = before.invested_year_wan if known.volumes_are_of_this_year else None
    return (
        Volumes(name="invested_month_wan", now=said.invested_month_wan, before=before.invested_month_wan),
        Volumes(name="invested_year_wan", now=said.invested_year_wan, before=year_before, planned=known.planned_wan),
        Volumes(name="physical_percent", now=said.physical_percent, before=before.physical_percent),
        Volumes(name="work_percent", now=said.work_percent, before=before.work_percent),
    )


def expected_progress(item: Commitment, *, today: date) -> Decimal | None:
    """The percent that should be done by today 序时进度; None where nothing says so. Two queries at most."""
    if item.is_continuous or item.is_red_line:
        return None
    steps = tuple(
        health.MilestoneFacts(name=row.name, planned_on=row.planned_on, actual_on=row.actual_on, weight=row.weight)
        for row in item.milestones.all()
    )
    starts_on = item.starts_on or item.plan.horizon_starts_on
    due_on = item.original_due_on if item.due_on else None
    return Schedule.of(steps, starts_on=starts_on, due_on=due_on).expected(today)


def _told(item: Commitment, *, but: ProgressReport | None) -> QuerySet[ProgressReport]:
    matter = Q(commitment=item)
    if item.initiative_id is not None:
        matter |= Q(commitment__initiative=item.initiative_id, state=ReportState.ACCEPTED)
        matter |= Q(commitment__initiative=item.initiative_id, commitment__lead=item.lead_id)
    told = ProgressReport.objects.filter(matter, state__in=TOLD)
    return told.exclude(pk=but.pk) if but is not None and but.pk else told


def _progress_before(item: Commitment, told: QuerySet[ProgressReport]) -> Decimal | None:
    accepted = told.filter(state=ReportState.ACCEPTED, progress__isnull=False)
    last = accepted.order_by("-period_end", "-pk").values_list("progress", flat=True).first()
    if last is None and item.progress_basis == ProgressBasis.REPORTED and item.last_accepted_on is None:
        return item.progress
    return last


def _value_before(item: Commitment, earlier: QuerySet[ProgressReport], *, period_start: date) -> Decimal | None:
    said = earlier.filter(value__isnull=False, commitment=item).values_list("value", flat=True).first()
    if said is not None:
        return said
    readings = Reading.objects.filter(indicator__targets__commitment=item, period_end__lt=period_start)
    row = readings.order_by("-period_end").first()
    if row is None:
        return None
    return row.verified if row.verified is not None else row.reported
