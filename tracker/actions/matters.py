"""What reports, reviews and contributions share: the order of locks, the periods they take, the event they leave."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from projects.errors import DomainError
from tracker import policies
from tracker.actions import events, health
from tracker.actions.events import Entry
from tracker.event_kinds import EventKind
from tracker.models import Commitment, ProgressReport
from tracker.policies import Actor
from tracker.queries import reporting as queries
from tracker.rules import periods
from tracker.rules.periods import Cycle, Period, ReportingFacts


def lock_together(commitment_id: int) -> list[Commitment]:
    """Lock all matters on the commitment's initiative, in one order, before the log: no two wait in a circle."""
    initiative = Commitment.objects.values_list("initiative", flat=True).get(pk=commitment_id)
    if initiative is None:
        return []
    return health.lock_all(Commitment.objects.filter(initiative=initiative))


def lock(report: ProgressReport) -> tuple[Commitment, ProgressReport]:
    """The commitment first, then its report: the one order in which all actions lock."""
    item = health.lock(Commitment(pk=report.commitment_id))
    locked = ProgressReport.objects.select_for_update(of=("self",), no_key=True).select_related("author")
    fresh = locked.get(pk=report.pk)
    fresh.commitment = item
    return item, fresh


def require_reporter(item: Commitment, by: Actor) -> None:
    """Raise unless the actor may write this commitment's report."""
    if not policies.can_see(by, item):
        raise DomainError("not_found")
    if not policies.can_report(by, item):
        raise DomainError("not_yours_to_report")


def reporting_of(item: Commitment) -> ReportingFacts:
    """What is owed. A plan that asks for no regular reports takes them by calendar month, none of them late."""
    facts = queries.facts_of(item, item.plan)
    return facts if facts.cycle != Cycle.NONE else replace(facts, cycle=Cycle.MONTH, late_periods=0)


def takeable(item: Commitment, *, today: date) -> tuple[Period, ...]:
    """The periods that may be reported today, late ones too, newest first."""
    return periods.takeable(reporting_of(item), today=today)


def period_holding(item: Commitment, day: date) -> Period:
    """The period of the commitment's cycle that holds the day."""
    facts = reporting_of(item)
    period = periods.period_of(day, facts.cycle, facts.grace_days, opens_days=facts.opens_days)
    assert period is not None  # `reporting_of` always names a cycle
    return period


def period_asked(item: Commitment, period_start: date | None, *, today: date) -> Period:
    """The period that a report or contribution is for; None means the newest open one, else the newest late one.

    Raises:
        DomainError: `period_not_open`, `period_closed`, `initiative_reported`.
    """
    found = takeable(item, today=today)
    if period_start is None and found:
        return found[0]
    asked = period_holding(item, period_start or today)
    if asked in found:
        return asked
    if today < asked.opens_on:
        raise DomainError("period_not_open", field="period_start", opens_on=asked.opens_on.isoformat())
    check_alone(item, None, asked)  # what another report has settled is told as that
    raise DomainError("period_closed", field="period_start", closed_on=asked.closes_on.isoformat())


def check_alone(item: Commitment, report: ProgressReport | None, period: Period) -> None:
    """Raise `initiative_reported` when another commitment's report speaks for the initiative in this period."""
    standing = queries.standing_report(item, period_start=period.start, period_end=period.end, but=report)
    if standing is not None:
        raise DomainError(
            "initiative_reported",
            field="period_start",
            initiative=item.initiative.name if item.initiative else "",
            code=standing.commitment.code,
            period=f"{period.start:%Y-%m-%d}–{period.end:%m-%d}",
        )


def tell(
    kind: EventKind,
    report: ProgressReport,
    item: Commitment,
    *,
    by: Actor,
    changes: events.Changes,
    reason: str = "",
    group: UUID | None = None,
) -> None:
    """Write the event of one step of a report."""
    subject, is_demo = str(report.ref), report.is_demo
    entry = Entry(kind=kind, commitment=item, subject=subject, changes=changes, reason=reason, is_demo=is_demo)
    events.record(entry, by=by, group=group)


def tell_served(
    kind: EventKind,
    report: ProgressReport,
    item: Commitment,
    served: Sequence[tuple[Commitment, events.Changes]],
    *,
    by: Actor,
    group: UUID | None = None,
) -> None:
    """Write the events of the other commitments that the report served; the subject names whose report it is."""
    entries = [
        Entry(kind=kind, commitment=one, subject=f"{item.code} {report.ref}", changes=changes, is_demo=report.is_demo)
        for one, changes in served
    ]
    events.append(entries, by=by, group=group)
