"""A later date, asked for before the date: request, decide, withdraw. `original_due_on` never changes here."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from projects.actions import clock
from projects.errors import DomainError
from tracker import policies
from tracker.actions import commitments, events, health, settling
from tracker.actions.events import Entry
from tracker.choices import DEPARTMENT_ROLES, ExtensionState, Stage
from tracker.event_kinds import EventKind
from tracker.models import Commitment, ExtensionRequest
from tracker.policies import Actor
from tracker.rules import questions

DECISION = ["state", "decided_by", "decided_at", "decision", "granted_on", "is_exemption", "updated_at"]


@transaction.atomic
def request(
    commitment: Commitment,
    *,
    wanted_on: date,
    reason: str,
    by: Actor,
    today: date,
    expected_revision: int | None = None,
    is_demo: bool = False,
) -> ExtensionRequest:
    """Ask for a later due date, on or before the present one. What is asked never changes afterwards.

    Raises:
        DomainError: out of sight, not the lead department's, not being worked on, no due date or a passed one, a
            request waits already, the day is not later, no reason, or the commitment changed meanwhile (`stale`).
    """
    item = health.lock(commitment)
    if not policies.can_see(by, item):
        raise DomainError("not_found")
    if by.user is None or not policies.leads(by, item):
        raise DomainError("extension_not_yours")
    commitments.check_revision(item, expected_revision)
    questions.check_request(
        Stage(item.stage),
        due_on=item.due_on,
        wanted_on=wanted_on,
        reason=reason,
        has_pending=item.extensions.filter(state=ExtensionState.PENDING).exists(),
        today=today,
    )
    if item.due_on is None:  # which the rule has refused; for the type checker
        raise DomainError("extension_without_date")
    asked = ExtensionRequest.objects.create(
        commitment=item,
        author=by.user,
        original_due_on=item.original_due_on or item.due_on,
        due_on=item.due_on,
        wanted_on=wanted_on,
        reason=reason.strip(),
        is_demo=is_demo or by.is_demo,
    )
    changes: events.Changes = {"wanted_on": [events.plain(asked.due_on), events.plain(wanted_on)]}
    _record(EventKind.EXTENSION_REQUESTED, asked, item, by=by, changes=changes, reason=asked.reason)
    clock.stamp(asked)
    return asked


@transaction.atomic
def decide(
    extension: ExtensionRequest,
    *,
    is_granted: bool,
    granted_on: date | None = None,
    is_exemption: bool = False,
    decision: str = "",
    by: Actor,
    today: date,
    expected_revision: int | None = None,
) -> ExtensionRequest:
    """Grant or refuse. A granted date becomes the commitment's due date; the original date stays as it is.

    Args:
        granted_on: the new due date; None means the one asked for.
        is_exemption: assessment follows the new date from now on (force majeure or changed policy).
        decision: words to the department; a refusal needs them.

    Raises:
        DomainError: not the supervision office, one's own request, decided or withdrawn already, a day that is not
            later, a refusal without words or with an exemption, or somebody changed it meanwhile (`stale`).
    """
    item, asked = _lock(extension)
    if not policies.can_supervise(by):
        raise DomainError("not_allowed")
    questions.check_decision(ExtensionState(asked.state), author_id=asked.author_id, decider_id=by.user_id)
    commitments.check_revision(asked, expected_revision)
    after = (
        _granted(item, asked, granted_on=granted_on, is_exemption=is_exemption)
        if is_granted
        else _refused(decision, is_exemption=is_exemption)
    )
    changes = events.differences(asked, after)
    for name, value in after.items():
        setattr(asked, name, value)
    asked.decided_by, asked.decided_at, asked.decision = by.user, timezone.now(), decision.strip()
    asked.save(update_fields=DECISION)
    moved = _move_date(item, asked, by=by) if is_granted else {}
    _record(EventKind.EXTENSION_DECIDED, asked, item, by=by, changes=changes, reason=asked.decision)
    if not moved:
        clock.stamp(asked)
        return asked
    entry = Entry(
        kind=EventKind.COMMITMENT_REVISED, commitment=item, changes=moved, reason=asked.reason, is_demo=item.is_demo
    )
    events.record(entry, by=by)
    health.reassess([item], by=by, today=today)
    settling.settle_of([item])
    clock.stamp(item, asked)
    return asked


@transaction.atomic
def withdraw(
    extension: ExtensionRequest,
    *,
    reason: str = "",
    by: Actor,
    today: date,
    expected_revision: int | None = None,
) -> ExtensionRequest:
    """Take a request back while nobody has decided it. The department that asked does so.

    Raises:
        DomainError: another department's, decided or withdrawn already, or somebody changed it meanwhile (`stale`).
    """
    item, asked = _lock(extension)
    if not may_withdraw(by, asked):
        raise DomainError("withdrawal_not_yours")
    questions.check_pending(ExtensionState(asked.state))
    commitments.check_revision(asked, expected_revision)
    before, asked.state = asked.state, ExtensionState.WITHDRAWN
    asked.save(update_fields=["state", "updated_at"])
    changes: events.Changes = {"state": [before, asked.state]}
    _record(EventKind.EXTENSION_WITHDRAWN, asked, item, by=by, changes=changes, reason=reason.strip())
    clock.stamp(asked)
    return asked


def _granted(
    item: Commitment, asked: ExtensionRequest, *, granted_on: date | None, is_exemption: bool
) -> dict[str, object]:
    day = granted_on or asked.wanted_on
    questions.check_grant(Stage(item.stage), due_on=item.due_on, asked_at=asked.due_on, granted_on=day)
    return {"state": ExtensionState.GRANTED, "granted_on": day, "is_exemption": is_exemption}


def _refused(decision: str, *, is_exemption: bool) -> dict[str, object]:
    questions.check_refusal(decision)
    if is_exemption:
        raise DomainError("extension_exempts_when_granted", field="is_exemption")
    return {"state": ExtensionState.REFUSED, "granted_on": None, "is_exemption": False}


def may_withdraw(actor: Actor, extension: ExtensionRequest) -> bool:
    """Whether the actor belongs to the department that asked (or is the site itself)."""
    is_ours = actor.department_id is not None and extension.author.department_id == actor.department_id
    return actor.role is None or (actor.role in DEPARTMENT_ROLES and is_ours)


def _move_date(item: Commitment, asked: ExtensionRequest, *, by: Actor) -> dict[str, list[events.LogValue]]:
    """The granted date on the commitment; returns the change for the log. An exemption, once given, stays."""
    after: dict[str, object] = {
        "due_on": asked.granted_on,
        "is_assessed_by_current_date": item.is_assessed_by_current_date or asked.is_exemption,
    }
    changes = events.differences(item, after)
    for name, value in after.items():
        setattr(item, name, value)
    item.is_demo = item.is_demo or asked.is_demo or by.is_demo
    item.save(update_fields=[*after, "is_demo", "updated_at"])
    return changes


def _lock(extension: ExtensionRequest) -> tuple[Commitment, ExtensionRequest]:
    """The commitment first, then its request: the one order in which all actions lock."""
    item = health.lock(Commitment(pk=extension.commitment_id))
    locked = ExtensionRequest.objects.select_for_update(of=("self",), no_key=True).select_related("author")
    fresh = locked.get(pk=extension.pk)
    fresh.commitment = item
    return item, fresh


def _record(
    kind: EventKind, asked: ExtensionRequest, item: Commitment, *, by: Actor, changes: events.Changes, reason: str
) -> None:
    entry = Entry(
        kind=kind,
        commitment=item,
        subject=str(asked.ref),
        changes=changes,
        reason=reason,
        is_demo=asked.is_demo,
    )
    events.record(entry, by=by)
