"""The review of a report that was handed in: returned, or accepted for every matter it serves."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from projects.actions import catalogue, clock
from projects.errors import DomainError
from tracker import policies
from tracker.actions import commitments, events, health, matters, settling, sight, volumes
from tracker.choices import ProgressBasis, ReportState, Stage
from tracker.event_kinds import EventKind
from tracker.models import Commitment, ProgressReport
from tracker.policies import Actor
from tracker.queries import figures
from tracker.rules import reporting

# What an accepted report's values reach: commitments that their lead has taken on.
SERVED_STAGES = frozenset({Stage.ACCEPTED, Stage.IN_PROGRESS})


class Reviewed(NamedTuple):
    """What became of many reports: the accepted ones, and each refused one with its reason."""

    done: Sequence[ProgressReport]
    refusals: Sequence[tuple[ProgressReport, DomainError]]


@transaction.atomic
def send_back(
    report: ProgressReport, *, reason: str, by: Actor, today: date, expected_revision: int | None = None
) -> ProgressReport:
    """Return a submitted report to its department with a reason (退回).

    Raises:
        DomainError: not the supervision office, one's own report, not waiting for review, or no reason.
    """
    item, report = matters.lock(report)
    _require_reviewer(report, by)
    commitments.check_revision(report, expected_revision)
    reporting.check_return(ReportState(report.state), author_id=report.author_id, reviewer_id=by.user_id, reason=reason)
    report.state, report.return_reason = ReportState.RETURNED, reason.strip()
    report.reviewer, report.reviewed_at = by.user, timezone.now()
    report.save(update_fields=["state", "return_reason", "reviewer", "reviewed_at", "updated_at"])
    matters.tell(
        EventKind.REPORT_RETURNED,
        report,
        item,
        by=by,
        changes={"state": [ReportState.SUBMITTED, ReportState.RETURNED]},
        reason=reason.strip(),
    )
    health.reassess([item], by=by, today=today)
    clock.stamp(item, report)
    return report


@transaction.atomic
def accept(
    report: ProgressReport,
    *,
    by: Actor,
    today: date,
    expected_revision: int | None = None,
    reason: str = "",
    group: UUID | None = None,
) -> ProgressReport:
    """Accept a submitted report: its values become the commitment's, and those of every matter on the same initiative.

    A project's three quantities go to the catalogue. `reason` and `group` tell of many accepted at once.

    Raises:
        DomainError: not the supervision office, one's own report, or not waiting for review.
    """
    matters.lock_together(report.commitment_id)
    item, report = matters.lock(report)
    _require_reviewer(report, by)
    commitments.check_revision(report, expected_revision)
    events.hold()  # the reading and the catalogue take the clock
    report.state, report.reviewer, report.reviewed_at = ReportState.ACCEPTED, by.user, timezone.now()
    _record_reading(report, item, by=by)
    report.save(update_fields=["state", "reviewer", "reviewed_at", "reading", "updated_at"])
    matters.tell(
        EventKind.REPORT_ACCEPTED,
        report,
        item,
        by=by,
        changes={"state": [ReportState.SUBMITTED, ReportState.ACCEPTED]},
        reason=reason.strip(),
        group=group,
    )
    volumes.record(report, item, by=by, group=group)
    served = _serve(report, item, by=by, today=today, group=group)
    health.reassess(served, by=by, today=today, group=group)
    settling.settle_of(served)
    clock.stamp(*served, report)
    if report.reading is not None:
        sight.tell_names(indicator=report.reading.indicator)
    return report


def accept_unchanged(
    reports: Sequence[ProgressReport], *, reason: str, by: Actor, today: date, group: UUID
) -> Reviewed:
    """Accept many reports that only say “nothing changed”, with one reason, each by itself.

    A report that says more is refused: it has to be read. Without a reason all are refused.
    """
    done: list[ProgressReport] = []
    refusals: list[tuple[ProgressReport, DomainError]] = []
    for report in sorted(reports, key=lambda one: one.pk):
        try:
            done.append(accept_if_unchanged(report, reason=reason, by=by, today=today, group=group))
        except DomainError as refusal:
            refusals.append((report, refusal))
    return Reviewed(done=done, refusals=refusals)


@transaction.atomic
def accept_if_unchanged(report: ProgressReport, *, reason: str, by: Actor, today: date, group: UUID) -> ProgressReport:
    """Accept one report of many; refused with `report_has_changes` when it says more than “nothing changed”."""
    if not reason.strip():
        raise DomainError("reason_needed", field="reason")
    fresh = accept(report, by=by, today=today, reason=reason, group=group)
    if not says_only_no_change(fresh):
        raise DomainError("report_has_changes")
    return fresh


def says_only_no_change(report: ProgressReport) -> bool:
    """Whether the report says “nothing changed” and not a word or figure more."""
    words = (report.done, report.problems, report.next_steps)
    numbers = (report.progress, report.value, report.forecast_on)
    project = figures.volumes_said(report)
    has_more = any(words) or any(number is not None for number in numbers)
    return report.is_no_change and not has_more and not (project and project.says_something)


def _serve(report: ProgressReport, item: Commitment, *, by: Actor, today: date, group: UUID | None) -> list[Commitment]:
    """Copy an accepted report's values to its commitment and to those at work on the same initiative."""
    siblings = (
        Commitment.objects.filter(initiative=item.initiative_id, stage__in=SERVED_STAGES).exclude(pk=item.pk)
        if item.initiative_id
        else Commitment.objects.none()
    )
    served = health.lock_all([item, *siblings])
    told: list[tuple[Commitment, events.Changes]] = []
    for one in served:
        after: dict[str, object] = {"last_accepted_on": today}
        after["last_period_end"] = max(filter(None, (one.last_period_end, report.period_end)))
        if report.progress is not None and not one.is_red_line:
            after |= {"progress": report.progress, "progress_basis": ProgressBasis.REPORTED}
        if report.forecast_on is not None:
            after["forecast_on"] = report.forecast_on
        changes = events.differences(one, after)
        for name, value in after.items():
            setattr(one, name, value)
        one.is_demo = one.is_demo or report.is_demo or by.is_demo
        one.save(update_fields=[*after, "is_demo", "updated_at"])
        if one.pk != item.pk:
            told.append((one, changes))
    matters.tell_served(EventKind.REPORT_ACCEPTED, report, item, told, by=by, group=group)
    return served


def _record_reading(report: ProgressReport, item: Commitment, *, by: Actor) -> None:
    """An accepted value becomes the reported value of the commitment's indicator for the period."""
    if report.value is None:
        return
    target = item.targets.select_related("indicator").order_by("pk").first()
    if target is None:
        return
    report.reading = catalogue.record_reading(
        target.indicator,
        period_start=report.period_start,
        period_end=report.period_end,
        reported=report.value,
        is_demo=report.is_demo or by.is_demo,
    )


def _require_reviewer(report: ProgressReport, by: Actor) -> None:
    if not policies.can_supervise(by):
        raise DomainError("not_allowed")
    reporting.check_review(ReportState(report.state), author_id=report.author_id, reviewer_id=by.user_id)
