"""Records who looked whether it is done, how, and what was found. What was found decides the next step."""

from datetime import date
from uuid import UUID, uuid4

from django.db import transaction

from projects.actions import clock
from projects.errors import DomainError
from tracker import policies
from tracker.actions import commitments, events, health, steps
from tracker.actions.events import Entry
from tracker.choices import Stage, VerificationFinding, VerificationMethod
from tracker.event_kinds import EventKind
from tracker.models import Commitment, Lookback, LookbackPick, User, Verification
from tracker.policies import Actor
from tracker.queries import verifications
from tracker.rules import lifecycle


@transaction.atomic
def record(
    commitment: Commitment,
    *,
    method: VerificationMethod,
    finding: VerificationFinding,
    note: str,
    by: Actor,
    today: date,
    lookback: Lookback | None = None,
    expected_revision: int | None = None,
    is_demo: bool = False,
) -> Verification:
    """Write a verification and take the step that follows from it.

    What was reported done becomes verified when it is confirmed, and goes back to work otherwise, with the note as the
    reason. In a look-back a confirmed commitment stays closed; anything else opens it again.

    Args:
        lookback: the sample that the commitment was drawn in; None: verified before closing.

    Raises:
        DomainError: out of sight; not the supervision office, or nobody (the system looks at nothing); the verifier
            reported it; no note; not reported done, or not closed and drawn; somebody changed it meanwhile (`stale`).
    """
    item = health.lock(commitment)
    if not policies.can_see(by, item):
        raise DomainError("not_found")
    verifier = _verifier(item, by)
    commitments.check_revision(item, expected_revision)
    if not note.strip():
        raise DomainError("verification_note_missing", field="note")
    pick = None if lookback is None else _pick(item, lookback)
    if pick is None:
        lifecycle.check_move(Stage(item.stage), Stage.VERIFIED, role=by.role, reason="", today=today, is_verified=True)
    row = Verification(
        commitment=item,
        verifier=verifier,
        lookback=lookback,
        method=method,
        finding=finding,
        note=note.strip(),
        verified_on=today,
        is_demo=is_demo or by.is_demo or (lookback is not None and lookback.is_demo),
    )
    group = uuid4()
    _write(row, pick, by=by, group=group)
    if finding != VerificationFinding.CONFIRMED:
        steps.take(item, to=Stage.IN_PROGRESS, reason=row.note, by=by, today=today, is_demo=row.is_demo, group=group)
    elif pick is None:
        steps.take(item, to=Stage.VERIFIED, by=by, today=today, is_verified=True, is_demo=row.is_demo, group=group)
    clock.stamp(item, row)
    return row


def _write(row: Verification, pick: LookbackPick | None, *, by: Actor, group: UUID) -> None:
    """Store and record it, and fill its place in the sample."""
    row.save()
    if pick is not None:
        pick.verification = row
        pick.save(update_fields=["verification"])
    changes: events.Changes = {"method": [None, row.method], "finding": [None, row.finding]}
    entry = Entry(
        kind=EventKind.VERIFICATION_RECORDED, commitment=row.commitment, subject=str(row.ref), changes=changes,
        reason=row.note, is_demo=row.is_demo,
    )  # fmt: skip
    events.record(entry, by=by, group=group)


def _verifier(item: Commitment, by: Actor) -> User:
    """The person of the supervision office who verifies; never one who reported it (PRODUCT.md §2, 核查)."""
    if by.user is None or not policies.can_supervise(by):
        raise DomainError("not_allowed")
    if verifications.has_reported(by.user, item):
        raise DomainError("own_commitment")
    return by.user


def _pick(item: Commitment, lookback: Lookback) -> LookbackPick:
    """The commitment's place in the sample, locked: nobody has looked yet, and it is still closed."""
    picks = LookbackPick.objects.select_for_update(of=("self",), no_key=True)
    pick = picks.filter(lookback=lookback, commitment=item).first()
    if pick is None:
        raise DomainError("not_in_sample")
    if pick.verification_id is not None:
        raise DomainError("sample_looked_at")
    if item.stage not in lifecycle.CLOSED_STAGES:
        raise DomainError("sample_reopened")
    return pick
