"""A department's report: draft → submitted, “nothing changed” in one call. Its review is in `reviews`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from projects.actions import clock
from projects.errors import DomainError
from tracker import wording
from tracker.actions import api_writes, commitments, events, health, matters, settling, sight, volumes
from tracker.actions.events import Entry
from tracker.choices import OPEN_REPORT_STATES, ReportState, Stage
from tracker.event_kinds import EventKind
from tracker.models import ApiWrite, Commitment, ProgressReport
from tracker.policies import Actor
from tracker.queries import figures
from tracker.queries import reporting as queries
from tracker.rules import lifecycle, reporting, sanity
from tracker.rules.periods import Period
from tracker.rules.reporting import ReportValues
from tracker.rules.sanity import Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A report that came in; `is_new` is false where an open draft took the values, and for a retry."""

    report: ProgressReport
    is_new: bool


class Unchanged(NamedTuple):
    """What became of many: the reports handed in, and each refused commitment with its reason."""

    done: Sequence[ProgressReport]
    refusals: Sequence[tuple[Commitment, DomainError]]


FIELDS = ("done", "problems", "next_steps", "is_no_change", "progress", "value", "forecast_on", "doubts_answer")


SUBMITTED = (
    "state", "submitted_at", "return_reason", "reviewer", "reviewed_at", "is_late", "doubts", "is_demo", "updated_at",
)  # fmt: skip


def periods_open(commitment: Commitment, *, today: date) -> tuple[Period, ...]:
    """The periods that may be reported today, late ones too, newest first; without a cycle the calendar month."""
    return matters.takeable(commitment, today=today)


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
    group: UUID | None = None,
) -> ProgressReport:
    """Write the commitment's open report: a new draft, or the draft or returned report that stands there.

    Args:
        period_start: first day of the period reported on; None means the newest open one, else the newest late one.
        client_ref: a mobile client's own reference; the same author's second call with it returns the first result.

    Raises:
        DomainError: not this department's, not being worked on, the period is closed, a report waits for review,
            another one speaks for the initiative, the values are out of range, or somebody changed the draft meanwhile.
    """
    item = health.lock(commitment)
    sent = _sent(client_ref, by)
    if sent is not None:
        return sent
    matters.require_reporter(item, by)
    report = _open_report(item)
    if report and report.state == ReportState.RETURNED and period_start in {None, report.period_start}:
        # It was handed in before, so it may come back after its period closed (rules.reporting.check_submit).
        period = matters.period_holding(item, report.period_start)
    else:
        period = matters.period_asked(item, period_start, today=today)
    _check_values(values, item, today=today)
    matters.check_alone(item, report, period)
    if report is None:
        if by.user is None:
            raise DomainError("not_allowed")
        report = ProgressReport(commitment=item, author=by.user)
    elif report.state not in OPEN_REPORT_STATES:
        raise DomainError("report_waits_for_review")
    else:
        commitments.check_revision(report, expected_revision)
    return _write(
        report, item, values=values, period=period, by=by, client_ref=client_ref, is_demo=is_demo, group=group
    )


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
    """`save_draft` and, when asked, `submit`: both or neither.

    A retry with the same `client_ref` changes nothing, whatever it says and whatever was written since.
    """
    write, sent = _begin(client_ref, by)
    if sent is not None:
        return Received(report=sent, is_new=False)
    matters.lock_together(commitment.pk)
    item = health.lock(commitment)
    is_new = _open_report(item) is None
    if is_new and expected_revision is not None:  # what was read is no longer open
        raise DomainError("stale", revision=0)
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
    if write is not None:
        api_writes.finish(write, location=str(report.ref))
    return Received(report=report, is_new=is_new)


def _begin(client_ref: UUID | None, by: Actor) -> tuple[ApiWrite | None, ProgressReport | None]:
    """What this reference takes (None without one), and the report that it made before, if it did."""
    if client_ref is None:
        return None, None
    write, is_new = api_writes.begin(client_ref, operation="report", fingerprint="", by=by)
    sent = _sent(client_ref, by) if is_new else ProgressReport.objects.get(ref=write.location)
    return write, sent


@transaction.atomic
def revise(
    report: ProgressReport, *, values: ReportValues, by: Actor, today: date, expected_revision: int | None = None
) -> ProgressReport:
    """Correct this draft or returned report, in its own period; unlike `save_draft` it never starts another one.

    Raises:
        DomainError: not this department's, not open, the values are out of range, or somebody changed it meanwhile.
    """
    item, report = matters.lock(report)
    matters.require_reporter(item, by)
    commitments.check_revision(report, expected_revision)
    reporting.check_edit(ReportState(report.state))
    _check_values(values, item, today=today)
    return _write(report, item, values=values, period=matters.period_holding(item, report.period_start), by=by)


def _write(
    report: ProgressReport,
    item: Commitment,
    *,
    values: ReportValues,
    period: Period,
    by: Actor,
    client_ref: UUID | None = None,
    is_demo: bool = False,
    group: UUID | None = None,
) -> ProgressReport:
    """Put the values into a new or open report. The newest `client_ref` stays, so that its retry finds this report."""
    after: dict[str, object] = {name: getattr(values, name) for name in FIELDS} | {
        "period_start": period.start,
        "period_end": period.end,
    }
    project = volumes.row_of(report)
    changes = events.differences(report, after) | volumes.changes(project, values.volumes)
    if report.pk and not changes and client_ref in {None, report.client_ref}:
        return report
    report.client_ref = client_ref or report.client_ref
    for name, value in after.items():
        setattr(report, name, value)
    was = report.author_id
    if by.user:
        report.author = by.user
    report.is_demo = report.is_demo or is_demo or by.is_demo
    report.save()
    volumes.write(project, report, values.volumes)
    matters.tell(EventKind.REPORT_SAVED, report, item, by=by, changes=changes, group=group)
    rev = clock.stamp(report)
    if was != report.author_id and report.state == ReportState.DRAFT:
        sight.tell_taken_up(report, was=was, rev=rev)
    return report


@transaction.atomic
def submit(
    report: ProgressReport,
    *,
    by: Actor,
    today: date,
    expected_revision: int | None = None,
    group: UUID | None = None,
) -> ProgressReport:
    """Hand a draft or returned report in for review. It counts for every matter of the lead on the same initiative.

    The first report of a matter that was handed out also takes it on: its stage becomes "in progress". A first
    submission after the period closed is marked late; the mark stays when the report comes back and goes again.

    Raises:
        DomainError: not this department's, not open, says nothing, its period is closed, another report speaks for
            the initiative, it repeats a report that never was, or a figure is unusual and nobody said why
            (`doubts_unanswered`).
    """
    matters.lock_together(report.commitment_id)
    item, report = matters.lock(report)
    matters.require_reporter(item, by)
    commitments.check_revision(report, expected_revision)
    period = matters.period_holding(item, report.period_start)
    takes_late = period in matters.takeable(item, today=today)
    reporting.check_submit(
        ReportState(report.state), period=period, today=today, stage=Stage(item.stage), takes_late=takes_late
    )
    matters.check_alone(item, report, period)
    _check_values(values_of(report), item, today=today)
    _check_repeated(report, item)
    before, report.doubts = report.state, _doubts(report, item)
    if report.submitted_at is None:
        report.is_late = period.is_late(today)
    report.state, report.submitted_at, report.return_reason = ReportState.SUBMITTED, timezone.now(), ""
    report.reviewer, report.reviewed_at = None, None
    report.is_demo = report.is_demo or by.is_demo
    report.save(update_fields=SUBMITTED)
    changes: dict[str, list[events.LogValue]] = {"state": [before, report.state]}
    matters.tell(EventKind.REPORT_SUBMITTED, report, item, by=by, changes=changes, group=group)
    _take_on(item, by=by, is_demo=report.is_demo, group=group)
    served = _count_for_all(report, item, by=by, group=group)
    health.reassess(served, by=by, today=today, group=group)
    settling.settle_of(served)
    clock.stamp(*served, report)
    return report


def submit_unchanged(
    chosen: Iterable[Commitment], *, by: Actor, today: date, group: UUID, period_start: date | None = None
) -> Unchanged:
    """Report “nothing changed” for each of these by itself, in one event group.

    Each is reported for the period it owes when the tap is made (late before open), or for `period_start`; two on one
    initiative are one report, the second is refused. So is a commitment with a report of its own open, even a draft:
    nobody's words are written over.
    """
    rows = sorted(chosen, key=lambda one: one.pk)
    asked = {item.pk: period_start or _start_asked(item, today=today) for item in rows}
    done: list[ProgressReport] = []
    refusals: list[tuple[Commitment, DomainError]] = []
    for item in rows:
        try:
            done.append(_submit_unchanged(item, by=by, today=today, group=group, period_start=asked[item.pk]))
        except DomainError as refusal:
            refusals.append((item, refusal))
    return Unchanged(done=done, refusals=refusals)


def _start_asked(item: Commitment, *, today: date) -> date | None:
    owed = queries.period_asked(item, item.plan, today=today)
    return owed.start if owed else None


@transaction.atomic
def _submit_unchanged(
    item: Commitment, *, by: Actor, today: date, group: UUID, period_start: date | None
) -> ProgressReport:
    matters.lock_together(item.pk)
    item = health.lock(item)
    matters.require_reporter(item, by)
    if _open_report(item) is not None:
        raise DomainError("report_open_already")
    values = ReportValues(is_no_change=True)
    draft = save_draft(item, values=values, by=by, today=today, period_start=period_start, group=group)
    return submit(draft, by=by, today=today, group=group)


def values_of(report: ProgressReport) -> ReportValues:
    """What a stored report says."""
    return ReportValues(
        done=report.done,
        problems=report.problems,
        next_steps=report.next_steps,
        is_no_change=report.is_no_change,
        progress=report.progress,
        value=report.value,
        forecast_on=report.forecast_on,
        volumes=figures.volumes_said(report),
        doubts_answer=report.doubts_answer,
    )


def _check_values(values: ReportValues, item: Commitment, *, today: date) -> None:
    is_asked = values.volumes is not None and figures.project_of(item) is not None
    reporting.check_values(values, today=today, takes_progress=not item.is_red_line, takes_volumes=is_asked)


def _check_repeated(report: ProgressReport, item: Commitment) -> None:
    """Raise where nothing changed since a report that was never handed in. One query, where nothing changed."""
    if report.is_no_change:
        has_earlier = figures.told_before(item, period_start=report.period_start, but=report)
        reporting.check_no_change(values_of(report), has_earlier=has_earlier)


def questions_about(report: ProgressReport, item: Commitment) -> tuple[Question, ...]:
    """The questions that its figures raise now, as they are stored. Six queries at most."""
    known = figures.known_before(item, period_start=report.period_start, period_end=report.period_end, but=report)
    return sanity.questions(values_of(report), known)


def _doubts(report: ProgressReport, item: Commitment) -> list[dict[str, object]]:
    """The questions about this report's figures, as they are stored. Raises unless somebody answered them."""
    questions = questions_about(report, item)
    if questions and not report.doubts_answer.strip():
        told = " ".join(wording.question_sentence(question) for question in questions)
        raise DomainError("doubts_unanswered", field="doubts_answer", questions=told)
    return [question.to_json() for question in questions]


def _count_for_all(report: ProgressReport, item: Commitment, *, by: Actor, group: UUID | None) -> list[Commitment]:
    """The period is reported for the commitment and the lead's other ones on the initiative; returns all of them."""
    item.last_period_end = max(filter(None, (item.last_period_end, report.period_end)))
    item.is_demo = item.is_demo or report.is_demo
    item.save(update_fields=["stage", "last_period_end", "is_demo", "updated_at"])
    told: list[tuple[Commitment, events.Changes]] = []
    for one in health.lock_all(queries.served_by(item)):
        after = {"last_period_end": max(filter(None, (one.last_period_end, report.period_end)))}
        changes = events.differences(one, after)
        if not changes:
            continue
        one.last_period_end, one.is_demo = after["last_period_end"], one.is_demo or report.is_demo
        one.save(update_fields=["last_period_end", "is_demo", "updated_at"])
        told.append((one, changes))
    matters.tell_served(EventKind.REPORT_SUBMITTED, report, item, told, by=by, group=group)
    return [item, *(one for one, _changes in told)]


def _take_on(item: Commitment, *, by: Actor, is_demo: bool, group: UUID | None) -> None:
    if item.stage not in lifecycle.STARTED_BY_REPORT:
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
        group=group,
    )


def _open_report(item: Commitment) -> ProgressReport | None:
    open_states = [*OPEN_REPORT_STATES, ReportState.SUBMITTED]
    return ProgressReport.objects.select_for_update(no_key=True).filter(commitment=item, state__in=open_states).first()


def _sent(client_ref: UUID | None, by: Actor) -> ProgressReport | None:
    """What this author's earlier call with the reference led to. Ask behind the lock: two calls may run at once."""
    if client_ref is None or by.user is None:
        return None
    return ProgressReport.objects.filter(author=by.user, client_ref=client_ref).first()
