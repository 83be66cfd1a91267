"""Keeps the stored lights true. The only writer of a commitment's derived columns."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from projects.actions import bulk, clock
from projects.errors import DomainError
from tracker import policies
from tracker.actions import events, rollup
from tracker.actions.events import Entry
from tracker.choices import Health
from tracker.event_kinds import EventKind
from tracker.models import Commitment, LightChange
from tracker.policies import SYSTEM, Actor
from tracker.queries import facts
from tracker.rules import health
from tracker.rules.ruleset import RuleSet

logger = logging.getLogger(__name__)

DERIVED = ["health", "health_reasons", "health_since", "assessed_on", "rule_version", "recheck_on"]
MOVE = ("commitment_id", "plan_id", "on", "before", "after", "is_demo")
BATCH = 500


def reassess(
    commitments: Sequence[Commitment],
    *,
    by: Actor = SYSTEM,
    today: date,
    rule_set: RuleSet | None = None,
    group: UUID | None = None,
) -> list[Commitment]:
    """Compute and store the lights of these (already locked) commitments; returns those whose light or reasons changed.

    Writes one event and one LightChange for each changed light, the LightChange also for a first one. The caller
    stamps what changed.
    """
    changed = relight(commitments, by=by, today=today, rule_set=rule_set, group=group)
    store(commitments)
    return changed


def relight(
    commitments: Sequence[Commitment],
    *,
    by: Actor = SYSTEM,
    today: date,
    rule_set: RuleSet | None = None,
    group: UUID | None = None,
) -> list[Commitment]:
    """As `reassess`, but for the commitments' own rows: the caller has `store` write them, when it has the stamp."""
    rule_set = rule_set or facts.rule_set_in_force(today=today)
    known = facts.of_commitments(commitments)
    changed: list[Commitment] = []
    entries: list[Entry] = []
    moves: list[tuple[object, ...]] = []
    for item in commitments:
        before, reasons, is_first = item.health, item.health_reasons, item.assessed_on is None
        _assess(item, known[item.pk], rule_set=rule_set, today=today)
        if item.health != before:
            item.health_since = today
            entries.append(_entry(item, before=before))
        if item.health != before or is_first:
            moves.append(_move(item, before="" if is_first else before, today=today))
        if item.health != before or item.health_reasons != reasons:
            changed.append(item)
    if moves:
        events.hold()
    events.append(entries, by=by, group=group)
    bulk.insert_values(LightChange, MOVE, moves)
    if len(commitments) >= BATCH:  # many differences at once would slow the pages until the next sweep
        transaction.on_commit(rollup.fold, robust=True)
    return changed


def store(commitments: Sequence[Commitment], *, rev: int | None = None) -> None:
    """Write the lights that `relight` has found, and in the same statement their stamp, where `rev` is given."""
    if rev is None:
        bulk.update(commitments, DERIVED)
        return
    for item in commitments:
        item.revision = rev
    bulk.update(commitments, [*DERIVED, "revision"])


def _entry(item: Commitment, *, before: str) -> Entry:
    changes = {"health": [before, item.health]}
    return Entry(kind=EventKind.HEALTH_CHANGED, commitment=item, changes=changes, is_demo=item.is_demo)


def _move(item: Commitment, *, before: str, today: date) -> tuple[object, ...]:
    """The values of MOVE."""
    return item.pk, item.plan_id, today, before, item.health, item.is_demo


def _assess(item: Commitment, known: health.CommitmentFacts, *, rule_set: RuleSet, today: date) -> None:
    assessment = health.assess(known, rule_set=rule_set, today=today)
    item.health = assessment.health
    item.health_reasons = [reason.to_json() for reason in assessment.reasons]
    item.recheck_on = assessment.recheck_on
    item.assessed_on = today
    item.rule_version = rule_set.version
    if item.override_health and item.override_until and item.override_until >= today:
        item.health = item.override_health
        after = item.override_until + timedelta(days=1)
        item.recheck_on = min(item.recheck_on, after) if item.recheck_on else after


@transaction.atomic
def override(commitment: Commitment, *, to: Health, reason: str, until: date, by: Actor, today: date) -> Commitment:
    """Set a light by hand until a day; the computed reasons stay beside it (PRODUCT.md §4.7).

    Raises:
        DomainError: not the supervision office, no reason, or a last day that has passed.
    """
    if not policies.can_supervise(by):
        raise DomainError("not_allowed")
    if not reason.strip():
        raise DomainError("reason_needed", field="reason")
    if until < today:
        raise DomainError("override_in_the_past", field="until")
    item = lock(commitment)
    changes = events.differences(item, {"override_health": to, "override_until": until})
    item.override_health, item.override_reason, item.override_until = to, reason.strip(), until
    item.is_demo = item.is_demo or by.is_demo
    item.save(update_fields=["override_health", "override_reason", "override_until", "is_demo", "updated_at"])
    events.record(
        Entry(
            kind=EventKind.HEALTH_OVERRIDDEN,
            commitment=item,
            changes=changes,
            reason=reason.strip(),
            is_demo=item.is_demo,
        ),
        by=by,
    )
    reassess([item], by=by, today=today)
    clock.stamp(item)
    return item


def lock(commitment: Commitment) -> Commitment:
    """The commitment, fresh and locked until the commit. Every action on a commitment begins here."""
    locked = Commitment.objects.select_for_update(of=("self",), no_key=True).select_related("plan")
    return locked.get(pk=commitment.pk)


def lock_all(commitments: Iterable[Commitment]) -> list[Commitment]:
    """Many commitments, locked in one fixed order so that two writers never wait for each other in a circle.

    In batches: thousands of keys do not go into one statement.
    """
    ids = sorted({item.pk for item in commitments})
    rows = Commitment.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    return [item for start in range(0, len(ids), BATCH) for item in rows.filter(pk__in=ids[start : start + BATCH])]


def due_for_recheck(*, today: date) -> Iterator[list[int]]:
    """Batches of primary keys whose light time alone may have changed by `today`, and those never assessed."""
    due = Commitment.objects.filter(Q(recheck_on__lte=today) | Q(assessed_on__isnull=True)).order_by("pk")
    last = 0
    while batch := list(due.filter(pk__gt=last).values_list("pk", flat=True)[:BATCH]):
        yield batch
        last = batch[-1]


def recheck(ids: Sequence[int], *, today: date) -> tuple[int, int]:
    """Reassess one batch in one transaction; returns (changed, failed).

    A batch that fails is tried row by row: a row that cannot be assessed is logged and looked at again tomorrow,
    and never stops the rest.
    """
    try:
        return _recheck(ids, today=today), 0
    except Exception:
        logger.exception("recheck batch failed", extra={"first": ids[0], "rows": len(ids)})
    changed = failed = 0
    for pk in ids:
        try:
            changed += _recheck([pk], today=today)
        except Exception:
            logger.exception("recheck failed", extra={"commitment": pk})
            Commitment.objects.filter(pk=pk).update(recheck_on=today + timedelta(days=1))
            failed += 1
    return changed, failed


@transaction.atomic
def _recheck(ids: Sequence[int], *, today: date) -> int:
    rows = list(Commitment.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=ids).order_by("pk"))
    changed = reassess(rows, today=today)
    if changed:
        clock.stamp_all(changed)
    return len(changed)
