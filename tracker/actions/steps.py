"""Steps of a commitment's life: the one door through which a stage changes (`rules.lifecycle` says which may)."""

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from projects.actions import clock
from projects.errors import DomainError
from tracker import policies
from tracker.actions import commitments, events, health, reminders, settling
from tracker.actions.events import Entry
from tracker.choices import REPORTABLE_STAGES, Stage
from tracker.event_kinds import EventKind
from tracker.models import Commitment, Department, Event
from tracker.policies import Actor
from tracker.rules import lifecycle

# Stages of work that is not reported done: who reported it done is told anew.
UNDONE_STAGES = frozenset({Stage.REGISTERED, Stage.ISSUED, Stage.ACCEPTED, Stage.IN_PROGRESS})
# What the log tells of a step beside who, when and why; its days follow from the day of the event.
TOLD = frozenset({"stage", "exempt_until", "proposed_lead"})
WRITTEN = (
    "stage", "issued_on", "reported_done_by", "closed_on", "exempt_until", "proposed_lead", "is_demo", "updated_at"
)  # fmt: skip


def check_hand_out(item: Commitment, *, by: Actor, today: date) -> None:
    """Raise DomainError unless this commitment can be handed out as it stands, and somebody would get it."""
    lifecycle.check_move(Stage(item.stage), Stage.ISSUED, role=by.role, reason="-", today=today)
    if item.lead_id is None:
        raise DomainError("lead_missing", field="lead")


@transaction.atomic
def move(
    commitment: Commitment,
    *,
    to: Stage,
    reason: str = "",
    by: Actor,
    today: date,
    exempt_until: date | None = None,
    proposed_lead: Department | None = None,
    starts_from: Collection[Stage] | None = None,
    expected_revision: int | None = None,
    is_demo: bool = False,
    group: UUID | None = None,
) -> Commitment:
    """Take one step of the life cycle.

    Args:
        starts_from: the stages at which the caller's word for the step is meant; None: wherever the table has it.
        exempt_until: the last day of an exemption; other steps have none.
        proposed_lead: whom a refusal names as the right owner; it stands until the commitment is handed out again.

    Raises:
        DomainError: the step does not exist from here, is not this actor's to take, lacks its reason or its end, or
            needs a verification (`verifications.record` takes that one); the commitment is out of sight; or somebody
            changed it meanwhile (`stale`).
    """
    item = health.lock(commitment)
    if not policies.can_see(by, item):
        raise DomainError("not_found")
    commitments.check_revision(item, expected_revision)
    if starts_from is not None and item.stage not in starts_from:
        raise DomainError("step_not_allowed", current=Stage(item.stage).label, to=Stage(to).label)
    take(
        item, to=to, reason=reason, by=by, today=today, exempt_until=exempt_until, proposed_lead=proposed_lead,
        is_demo=is_demo, group=group,
    )  # fmt: skip
    clock.stamp(item)
    return item


def take(
    item: Commitment,
    *,
    to: Stage,
    reason: str = "",
    by: Actor,
    today: date,
    exempt_until: date | None = None,
    proposed_lead: Department | None = None,
    is_verified: bool = False,
    is_demo: bool = False,
    group: UUID | None = None,
) -> None:
    """`move` for actions that hold the lock, and that stamp: check, write, record, judge the light anew.

    Args:
        is_verified: the caller records, in this transaction, a verification that confirms the work.
    """
    step = lifecycle.check_move(
        Stage(item.stage), to, role=by.role, reason=reason, today=today, until=exempt_until, is_verified=is_verified
    )
    if to == Stage.REPORTED_DONE:
        lifecycle.check_done(item.progress, reason=reason)
    if by.department_id and not policies.is_citywide(by) and item.lead_id != by.department_id:
        raise DomainError("step_not_yours", to=Stage(to).label)
    if proposed_lead is not None and (not step.names_owner or proposed_lead.pk == item.lead_id):
        raise DomainError("proposed_lead_wrong", field="proposed_lead")
    after: dict[str, object] = {
        "stage": to,
        "issued_on": _issued_on(item, to, today=today),
        "closed_on": today if to == Stage.CLOSED else item.closed_on if to == Stage.ARCHIVED else None,
        "exempt_until": exempt_until if step.needs_until else None,
    }
    if step.names_owner or to == Stage.ISSUED:
        after["proposed_lead"] = proposed_lead
    changes = {name: pair for name, pair in events.differences(item, after).items() if name in TOLD}
    is_taken_up = to == Stage.IN_PROGRESS and item.stage not in REPORTABLE_STAGES
    _write(item, after, to=to, by=by, is_demo=is_demo)
    _record(item, changes, reason=reason, is_taken_up=is_taken_up, by=by, today=today, group=group)
    health.reassess([item], by=by, today=today, group=group)
    settling.settle_of([item])


def _write(item: Commitment, after: Mapping[str, object], *, to: Stage, by: Actor, is_demo: bool) -> None:
    """Store the step, and who reported the work done while it is."""
    for name, value in after.items():
        setattr(item, name, value)
    if to == Stage.REPORTED_DONE or to in UNDONE_STAGES:
        item.reported_done_by = by.user if to == Stage.REPORTED_DONE else None
    item.is_demo = item.is_demo or is_demo or by.is_demo
    item.save(update_fields=WRITTEN)


def _record(
    item: Commitment,
    changes: events.Changes,
    *,
    reason: str,
    is_taken_up: bool,
    by: Actor,
    today: date,
    group: UUID | None,
) -> None:
    """Tell the log. What was taken up again is reminded of again, with what was due since it was left."""
    if is_taken_up:
        reminders.resume(item, since=_left_on(item, today=today), today=today)
    entry = Entry(
        kind=EventKind.COMMITMENT_MOVED, commitment=item, changes=changes, reason=reason.strip(), is_demo=item.is_demo
    )
    events.record(entry, by=by, group=group)


def _left_on(item: Commitment, *, today: date) -> date:
    """On which day the commitment came to the stage in which it is; today where the log does not say."""
    moved = Event.objects.filter(commitment=item, kind=EventKind.COMMITMENT_MOVED).order_by("-seq").first()
    return min(timezone.localdate(moved.at), today) if moved else today


def _issued_on(item: Commitment, to: Stage, *, today: date) -> date | None:
    """Since when it is handed out; what was refused and is handed out again counts from the second time."""
    is_handed_out = to == Stage.ISSUED and (item.issued_on is None or item.stage == Stage.REGISTERED)
    return today if is_handed_out else item.issued_on
