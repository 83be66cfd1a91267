"""A progress report's way: draft → submitted → returned or accepted. The only door for change."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from projects.actions import catalogue, clock
from projects.errors import DomainError
from tracker import policies
from tracker.actions import commitments, events, health
from tracker.actions.events import Entry
from tracker.choices import OPEN_REPORT_STATES, EventKind, ProgressBasis, ReportState, Stage
from tracker.models import Commitment, ProgressReport
from tracker.policies import Actor
from tracker.rules import periods, reporting
from tracker.rules.periods import Cycle, Period
from tracker.rules.reporting import ReportValues


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A report that came in; `is_new` is false where an open draft took the values, and for a retry."""

    report: ProgressReport
    is_new: bool


FIELDS = ("done", "problems", "next_steps", "is_no_change", "progress", "value", "forecast_on")


def periods_open(commitment: Commitment, *, today: date) -> tuple[Period, ...]:
    """The periods that may be reported today, newest first; a plan without a cycle takes the calendar month."""
    return periods.open_periods(today, cycle=_cycle(commitment), grace_days=commitment.plan.report_grace_days)


@transaction.atomic
def save_draft(
    commitment: Commitment,
    *,
    values: ReportValues,
    by: Actor,
    today: date,
    period_start: date | None = None,
    client_ref: UUID | None = None,
    expected_revision: int | None = None,
    is_demo: bool = False,
) -> ProgressReport:
    """Write the commitment's open report: a new draft, or the draft or returned report that stands there.

    Args:
        period_start: first day of the period reported on; None means the newest open one.
        client_ref: a mobile client's own reference; the same author's second call with it returns the first result.

    Raises:
        DomainError: not this department's, not being worked on, the period is closed, a report waits for review,
            the values are out of range, or somebody changed the draft meanwhile.
    """
    item = health.lock(commitment)
    sent = _sent(client_ref, by)
    if sent is not None:
        return sent
    _require_reporter(item, by)
    report = _open_report(item)
    if report and report.state == ReportState.RETURNED and period_start in {None, report.period_start}:
        # It was handed in before, so it may come back after its period closed (rules.reporting.check_submit).
        period = _period(item, report)
    else:
        period = _open_period(item, period_start, today=today)
    reporting.check_values(values, today=today, takes_progress=not item.is_red_line)
    if report is None:
        if by.user is None:
            raise DomainError("not_allowed")
        report = ProgressReport(commitment=item, author=by.user)
    elif report.state not in OPEN_REPORT_STATES:
        raise DomainError("report_waits_for_review")
    else:
        commitments.check_revision(report, expected_revision)
    return _write(report, item, values=values, period=period, by=by, client_ref=client_ref, is_demo=is_demo)


@transaction.atomic
def receive(
    commitment: Commitment,
    *,
    values: ReportValues,
    by: Actor,
    today: date,
    period_start: date | None = None,
    client_ref: UUID | None = None,
    is_handed_in: bool = False,
    expected_revision: int | None = None,
) -> Received:
    """`save_draft` and, when asked, `submit`: both or neither. A retry with the same `client_ref` changes nothing."""
    item = health.lock(commitment)
    sent = _sent(client_ref, by)
    if sent is not None:
        return Received(report=sent, is_new=False)
    is_new = _open_report(item) is None
    report = save_draft(
        item,
        values=values,
        by=by,
        today=today,
        period_start=period_start,
        client_ref=client_ref,
        expected_revision=expected_revision,
    )
    if is_handed_in:
        report = submit(report, by=by, today=today)
    return Received(report=report, is_new=is_new)


@transaction.atomic
def revise(
    report: ProgressReport, *, values: ReportValues, by: Actor, today: date, expected_revision: int | None = None
) -> ProgressReport:
    """Correct this draft or returned report, in its own period; unlike `save_draft` it never starts another one.

    Raises:
        DomainError: not this department's, not open, the values are out of range, or somebody changed it meanwhile.
    """
    item, report = _lock(report)
    _require_reporter(item, by)
    commitments.check_revision(report, expected_revision)
    reporting.check_edit(ReportState(report.state))
    reporting.check_values(values, today=today, takes_progress=not item.is_red_line)
    return _write(report, item, values=values, period=_period(item, report), by=by)


def _write(
    report: ProgressReport,
    item: Commitment,
    *,
    values: ReportValues,
    period: Period,
    by: Actor,
    client_ref: UUID | None = None,
    is_demo: bool = False,
) -> ProgressReport:
    """Put the values into a new or open report. The newest `client_ref` stays, so that its retry finds this report."""
    after: dict[str, object] = {name: getattr(values, name) for name in FIELDS} | {
        "period_start": period.start,
        "period_end": period.end,
    }
    changes = events.differences(report, after)
    if report.pk and not changes and client_ref in {None, report.client_ref}:
        return report
    report.client_ref = client_ref or report.client_ref
    for name, value in after.items():
        setattr(report, name, value)
    if by.user:
        report.author = by.user
    report.is_demo = report.is_demo or is_demo or by.is_demo
    report.save()
    _record(EventKind.REPORT_SAVED, report, item, by=by, changes=changes)
    clock.stamp(report)
    return report


@transaction.atomic
def submit(report: ProgressReport, *, by: Actor, today: date, expected_revision: int | None = None) -> ProgressReport:
    """Hand a draft or returned report in for review.

    The first report of a matter that was handed out also takes it on: its stage becomes "in progress".

    Raises:
        DomainError: not this department's, not open, says nothing, or its period is closed.
    """
    item, report = _lock(report)
    _require_reporter(item, by)
    commitments.check_revision(report, expected_revision)
    reporting.check_submit(
        ReportState(report.state), period=_period(item, report), today=today, stage=Stage(item.stage)
    )
    values = ReportValues(**{name: getattr(report, name) for name in FIELDS})
    reporting.check_values(values, today=today, takes_progress=not item.is_red_line)
    before = report.state
    report.state, report.submitted_at, report.return_reason = ReportState.SUBMITTED, timezone.now(), ""
    report.reviewer, report.reviewed_at = None, None
    report.is_demo = report.is_demo or by.is_demo
    report.save(
        update_fields=["state", "submitted_at", "return_reason", "reviewer", "reviewed_at", "is_demo", "updated_at"]
    )
    _record(EventKind.REPORT_SUBMITTED, report, item, by=by, changes={"state": [before, report.state]})
    _take_on(item, by=by, is_demo=report.is_demo)
    item.last_period_end = max(filter(None, (item.last_period_end, report.period_end)))
    item.is_demo = item.is_demo or report.is_demo
    item.save(update_fields=["stage", "last_period_end", "is_demo", "updated_at"])
    health.reassess([item], by=by, today=today)
    clock.stamp(item, report)
    return report


@transaction.atomic
def send_back(
    report: ProgressReport, *, reason: str, by: Actor, today: date, expected_revision: int | None = None
) -> ProgressReport:
    """Return a submitted report to its department with a reason (退回).

    Raises:
        DomainError: not the supervision office, one's own report, not waiting for review, or no reason.
    """
    item, report = _lock(report)
    _require_reviewer(report, by)
    commitments.check_revision(report, expected_revision)
    reporting.check_return(ReportState(report.state), author_id=report.author_id, reviewer_id=by.user_id, reason=reason)
    report.state, report.return_reason = ReportState.RETURNED, reason.strip()
    report.reviewer, report.reviewed_at = by.user, timezone.now()
    report.save(update_fields=["state", "return_reason", "reviewer", "reviewed_at", "updated_at"])
    _record(
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
def accept(report: ProgressReport, *, by: Actor, today: date, expected_revision: int | None = None) -> ProgressReport:
    """Accept a submitted report: its values become the commitment's, and those of every matter on the same initiative.

    Raises:
        DomainError: not the supervision office, one's own report, or not waiting for review.
    """
    _lock_together(report)
    item, report = _lock(report)
    _require_reviewer(report, by)
    commitments.check_revision(report, expected_revision)
    report.state, report.reviewer, report.reviewed_at = ReportState.ACCEPTED, by.user, timezone.now()
    _record_reading(report, item, by=by)
    report.save(update_fields=["state", "reviewer", "reviewed_at", "reading", "updated_at"])
    _record(
        EventKind.REPORT_ACCEPTED,
        report,
        item,
        by=by,
        changes={"state": [ReportState.SUBMITTED, ReportState.ACCEPTED]},
    )
    served = _serve(report, item, by=by, today=today)
    health.reassess(served, by=by, today=today)
    clock.stamp(*served, report)
    return report


def _serve(report: ProgressReport, item: Commitment, *, by: Actor, today: date) -> list[Commitment]:
    """Copy an accepted report's values to its commitment and to the open ones on the same initiative."""
    siblings = (
        Commitment.objects.filter(initiative=item.initiative_id, stage=Stage.IN_PROGRESS).exclude(pk=item.pk)
        if item.initiative_id
        else Commitment.objects.none()
    )
    served = health.lock_all([item, *siblings])
    entries = []
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
            entries.append(
                Entry(
                    kind=EventKind.REPORT_ACCEPTED,
                    commitment=one,
                    subject=f"{item.code} {report.ref}",
                    changes=changes,
                    is_demo=report.is_demo,
                )
            )
    events.append(entries, by=by)
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


def _take_on(item: Commitment, *, by: Actor, is_demo: bool) -> None:
    if item.stage not in {Stage.ISSUED, Stage.ACCEPTED}:
        return
    before, item.stage = item.stage, Stage.IN_PROGRESS
    events.record(
        Entry(
            kind=EventKind.COMMITMENT_MOVED,
            commitment=item,
            changes={"stage": [before, item.stage]},
            is_demo=is_demo,
        ),
        by=by,
    )


def _lock_together(report: ProgressReport) -> None:
    """Lock all matters on the report's initiative, in one order, before the log: no two wait in a circle."""
    initiative = Commitment.objects.values_list("initiative", flat=True).get(pk=report.commitment_id)
    if initiative is not None:
        health.lock_all(Commitment.objects.filter(initiative=initiative))


def _lock(report: ProgressReport) -> tuple[Commitment, ProgressReport]:
    """The commitment first, then its report: the one order in which all actions lock."""
    item = health.lock(Commitment(pk=report.commitment_id))
    locked = ProgressReport.objects.select_for_update(of=("self",), no_key=True).select_related("author")
    fresh = locked.get(pk=report.pk)
    fresh.commitment = item
    return item, fresh


def _open_report(item: Commitment) -> ProgressReport | None:
    open_states = [*OPEN_REPORT_STATES, ReportState.SUBMITTED]
    return ProgressReport.objects.select_for_update(no_key=True).filter(commitment=item, state__in=open_states).first()


def _open_period(item: Commitment, period_start: date | None, *, today: date) -> Period:
    found = periods_open(item, today=today)
    if period_start is None:
        return found[0]
    asked = periods.period_of(period_start, _cycle(item), item.plan.report_grace_days)
    if asked in found:
        return asked
    opens_on, closed_on = (asked.opens_on, asked.closes_on) if asked else (period_start, period_start)
    if period_start > today:
        raise DomainError("period_not_open", field="period_start", opens_on=opens_on.isoformat())
    raise DomainError("period_closed", field="period_start", closed_on=closed_on.isoformat())


def _cycle(item: Commitment) -> Cycle:
    """The plan's cycle; the calendar month where it asks for no regular reports."""
    cycle = Cycle(item.plan.report_cycle)
    return Cycle.MONTH if cycle == Cycle.NONE else cycle


def _sent(client_ref: UUID | None, by: Actor) -> ProgressReport | None:
    """What this author's earlier call with the reference led to. Ask behind the lock: two calls may run at once."""
    if client_ref is None or by.user is None:
        return None
    return ProgressReport.objects.filter(author=by.user, client_ref=client_ref).first()


def _period(item: Commitment, report: ProgressReport) -> Period:
    period = periods.period_of(report.period_start, _cycle(item), item.plan.report_grace_days)
    if period is None:
        raise DomainError("period_closed", field="period_start", closed_on=report.period_end.isoformat())
    return period


def _require_reporter(item: Commitment, by: Actor) -> None:
    if not policies.can_see(by, item):
        raise DomainError("not_found")
    if not policies.can_report(by, item):
        raise DomainError("not_yours_to_report")


def _require_reviewer(report: ProgressReport, by: Actor) -> None:
    if not policies.can_supervise(by):
        raise DomainError("not_allowed")
    reporting.check_review(ReportState(report.state), author_id=report.author_id, reviewer_id=by.user_id)


def _record(
    kind: EventKind,
    report: ProgressReport,
    item: Commitment,
    *,
    by: Actor,
    changes: events.Changes,
    reason: str = "",
) -> None:
    subject, is_demo = str(report.ref), report.is_demo
    entry = Entry(kind=kind, commitment=item, subject=subject, changes=changes, reason=reason, is_demo=is_demo)
    events.record(entry, by=by)
