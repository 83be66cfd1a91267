"""What responsible and supporting departments hand to the lead for one period, before the lead reports."""

from datetime import date

from django.db import transaction

from projects.actions import clock
from projects.errors import DomainError
from tracker import policies
from tracker.actions import commitments, events, health, matters
from tracker.actions.events import Entry
from tracker.choices import DEPARTMENT_ROLES, REPORTABLE_STAGES, Stage
from tracker.event_kinds import EventKind
from tracker.models import Commitment, CommitmentDepartment, Contribution
from tracker.policies import Actor
from tracker.queries import reporting as queries
from tracker.rules import periods, reporting
from tracker.rules.periods import Period


@transaction.atomic
def save(
    commitment: Commitment,
    *,
    text: str = "",
    is_no_change: bool = False,
    by: Actor,
    today: date,
    period_start: date | None = None,
    expected_revision: int | None = None,
    is_demo: bool = False,
) -> Contribution:
    """Write the actor's department's contribution for one period, new or in the place of its own earlier one.

    It may be changed until the lead hands its report in. Late is what first came after its due day; the mark stays.

    Args:
        period_start: first day of the period; None means the one the lead is asked for now.

    Raises:
        DomainError: out of sight, not a confirmed part of this department, not being worked on, the lead has handed
            its report in, nothing is asked for, it says nothing, or somebody changed it meanwhile.
    """
    item = health.lock(commitment)
    department_id = _department(item, by)
    if Stage(item.stage) not in REPORTABLE_STAGES:
        raise DomainError("stage_not_reportable", stage=Stage(item.stage).label)
    period = _period(item, period_start, today=today)
    row = (
        Contribution.objects.select_for_update(of=("self",), no_key=True)
        .filter(commitment=item, department=department_id, period_start=period.start)
        .first()
    )
    if row is not None:
        commitments.check_revision(row, expected_revision)
    is_handed_in = queries.is_handed_in(item, period_start=period.start, period_end=period.end)
    reporting.check_contribution(text=text, is_no_change=is_no_change, is_handed_in=is_handed_in)
    return _write(
        row, item, period, department_id, text=text, is_no_change=is_no_change, by=by, today=today, is_demo=is_demo
    )


def _write(
    row: Contribution | None,
    item: Commitment,
    period: Period,
    department_id: int,
    *,
    text: str,
    is_no_change: bool,
    by: Actor,
    today: date,
    is_demo: bool,
) -> Contribution:
    if by.user is None:
        raise DomainError("not_allowed")
    if row is None:
        due_on = periods.contributions_due_on(period, support_days=item.plan.support_days)
        row = Contribution(commitment=item, department_id=department_id, is_late=today > due_on)
        row.period_start, row.period_end = period.start, period.end
    changes = events.differences(row, {"text": text.strip(), "is_no_change": is_no_change})
    if row.pk and not changes:
        return row
    row.text, row.is_no_change, row.author = text.strip(), is_no_change, by.user
    row.is_demo = row.is_demo or is_demo or by.is_demo
    row.save()
    entry = Entry(
        kind=EventKind.CONTRIBUTION_SAVED,
        commitment=item,
        subject=str(row.ref),
        changes={**changes, "period_end": [None, period.end.isoformat()]},
        is_demo=row.is_demo,
    )
    events.record(entry, by=by)
    clock.stamp(row)
    return row


def _department(item: Commitment, by: Actor) -> int:
    """The actor's department, when it has a confirmed part in the commitment and does not lead it."""
    if not policies.can_see(by, item):
        raise DomainError("not_found")
    if by.role not in DEPARTMENT_ROLES or by.department_id is None or by.department_id == item.lead_id:
        raise DomainError("contribution_not_yours")
    joined = CommitmentDepartment.objects.filter(commitment=item, department=by.department_id, is_suggested=False)
    if not joined.exists():
        raise DomainError("contribution_not_yours")
    return by.department_id


def _period(item: Commitment, period_start: date | None, *, today: date) -> Period:
    if period_start is not None:
        return matters.period_asked(item, period_start, today=today)
    asked = queries.period_asked(item, item.plan, today=today)
    if asked is None:
        raise DomainError("contribution_not_asked")
    return asked
