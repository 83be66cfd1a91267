"""A project's three quantities 三量: written with a report, taken into the catalogue when the report is accepted."""

from uuid import UUID

from django.db.models import Field

from projects.actions import catalogue, clock
from projects.models import Initiative, ProjectDetails
from tracker.actions import events
from tracker.actions.events import Entry
from tracker.choices import ReportState
from tracker.event_kinds import EventKind
from tracker.models import Commitment, Event, ProgressReport, ReportVolumes
from tracker.policies import Actor
from tracker.queries import figures
from tracker.rules.reporting import VolumeValues


def row_of(report: ProgressReport) -> ReportVolumes:
    """The report's row, or an empty one that is not stored yet."""
    stored = ReportVolumes.objects.filter(report=report).first() if report.pk else None
    return stored or ReportVolumes()


def changes(row: ReportVolumes, values: VolumeValues | None) -> dict[str, list[events.LogValue]]:
    """What these values would change in the row; values of None say nothing at all."""
    said = values or VolumeValues()
    return events.differences(row, {name: getattr(said, name) for name in figures.VOLUMES})


def write(row: ReportVolumes, report: ProgressReport, values: VolumeValues | None) -> None:
    """Store what the report says. A report that never said anything gets no row; one that did keeps its row, empty."""
    said = values or VolumeValues()
    if row.pk is None and not said.says_something:
        return
    row.report = report
    for name in figures.VOLUMES:
        setattr(row, name, getattr(said, name))
    row.save()


def record(report: ProgressReport, item: Commitment, *, by: Actor, group: UUID | None = None) -> None:
    """Take an accepted report's quantities into the catalogue, with an event. An older report takes nothing back."""
    said = figures.volumes_said(report)
    if said is None or not said.says_something or item.initiative_id is None:
        return
    later = ProgressReport.objects.filter(
        commitment__initiative=item.initiative_id, state=ReportState.ACCEPTED, volumes__isnull=False,
        period_end__gt=report.period_end,
    )  # fmt: skip
    if later.exists():
        return
    initiative = Initiative.objects.get(pk=item.initiative_id)
    changed = catalogue.record_volumes(
        initiative,
        year=report.period_end.year,
        invested_year_wan=said.invested_year_wan,
        physical_percent=said.physical_percent,
        work_percent=said.work_percent,
        stage=said.stage,
        in_statistics=said.in_statistics,
        in_statistics_on=said.in_statistics_on,
    )
    if changed:
        entry = Entry(
            kind=EventKind.CATALOGUE_REVISED,
            commitment=item,
            subject=f"initiative {initiative.code}",
            changes={name: [events.plain(one) for one in pair] for name, pair in changed.items()},
            is_demo=report.is_demo or by.is_demo,
        )
        events.record(entry, by=by, group=group)


def take_back_demo() -> int:
    """Undo what demonstration reports wrote into the catalogue, newest first; how many projects changed.

    A value that somebody real has given since stays.
    """
    told = Event.objects.filter(is_demo=True, kind=EventKind.CATALOGUE_REVISED, subject__startswith="initiative ")
    touched: dict[int, ProjectDetails] = {}
    for event in told.order_by("-seq"):
        code = event.subject.removeprefix("initiative ")
        found = ProjectDetails.objects.filter(initiative__code=code).select_related("initiative").first()
        if found is None:
            continue
        details = touched.setdefault(found.pk, found)
        for name, (before, after) in event.changes.items():
            if name in catalogue.VOLUMES and events.shown(details, name) == after:
                setattr(details, name, _value_of(name, before))
    for details in touched.values():
        details.save()
        clock.stamp(details.initiative)
    return len(touched)


def _value_of(name: str, logged: object) -> object:
    field = ProjectDetails._meta.get_field(name)
    assert isinstance(field, Field)  # a column of its own, never a relation from elsewhere
    return field.to_python(logged)
