"""Changes to plans and their clauses."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.db.models import Q

from projects.actions import clock
from projects.errors import DomainError
from tracker import policies
from tracker.actions import events, sight
from tracker.actions.events import Entry
from tracker.actions.sight import Note
from tracker.event_kinds import EventKind
from tracker.models import Clause, Commitment, Plan
from tracker.models.sync import NoteSubject
from tracker.policies import Actor

LONGEST_REASON = 200  # characters on Clause.no_commitment_reason


@transaction.atomic
def set_plan(code: str, *, values: Mapping[str, object], by: Actor) -> Plan:
    """Enter a plan or correct its facts; the same call twice changes nothing.

    Raises:
        DomainError: not the supervision office, or a horizon that ends before it starts.
    """
    if not policies.can_supervise(by):
        raise DomainError("not_allowed")
    plan = Plan.objects.select_for_update(of=("self",)).filter(code=code).first()
    kind = EventKind.PLAN_REVISED if plan else EventKind.PLAN_REGISTERED
    plan = plan or Plan(code=code)
    changes = events.differences(plan, values)
    if plan.pk and not changes:
        return plan
    for name, value in values.items():
        setattr(plan, name, value)
    if plan.horizon_ends_on < plan.horizon_starts_on:
        raise DomainError("plan_ends_before_start", field="horizon_ends_on")
    plan.save()
    events.record(Entry(kind=kind, subject=f"plan {code}", changes=changes), by=by)
    clock.stamp(plan)
    return plan


@transaction.atomic
def set_clause(plan: Plan, code: str, *, values: Mapping[str, object], by: Actor) -> Clause:
    """Enter a clause or correct it; keeps `chapter` true. The parent must stand before its children are entered."""
    if not policies.can_supervise(by):
        raise DomainError("not_allowed")
    clause = Clause.objects.select_for_update(of=("self",)).filter(plan=plan, code=code).first()
    kind = EventKind.CLAUSE_REVISED if clause else EventKind.CLAUSE_REGISTERED
    clause = clause or Clause(plan=plan, code=code)
    changes = events.differences(clause, values)
    if clause.pk and not changes:
        return clause
    for name, value in values.items():
        setattr(clause, name, value)
    parent, chapter = clause.parent, clause.chapter_id
    clause.chapter = (parent.chapter or parent) if parent else None
    clause.save()
    if parent is None:
        Clause.objects.filter(pk=clause.pk).update(chapter=clause)
        clause.chapter = clause
    events.record(Entry(kind=kind, subject=f"clause {plan.code}/{code}", changes=changes), by=by)
    clock.stamp(clause)
    sight.write([Note(NoteSubject.PLAN, plan.code)])  # it lists its chapters
    if clause.chapter_id != chapter:
        sight.tell_names(clause=clause.pk)
    return clause


@transaction.atomic
def judge_clause(clause: Clause, *, needs_none: bool, reason: str, by: Actor) -> Clause:
    """Judge that nothing in a clause is to be delivered, or take that judgement back; twice the same changes nothing.

    The reason stands on the decision's page while the judgement does, and with the event in any case. Who takes a
    judgement back gives a reason of their own.

    Raises:
        DomainError: not the supervision office; no reason, or one that is too long; commitments stand in the clause,
            which then needs them.
    """
    if not policies.can_supervise(by):
        raise DomainError("not_allowed")
    clause = Clause.objects.select_for_update(of=("self",)).select_related("plan").get(pk=clause.pk)
    reason = reason.strip()
    if needs_none == clause.needs_no_commitment and (not needs_none or reason == clause.no_commitment_reason):
        return clause
    if not reason or (not needs_none and reason == clause.no_commitment_reason):
        raise DomainError("judgement_needs_reason", field="no_commitment_reason")
    if len(reason) > LONGEST_REASON:
        raise DomainError("judgement_reason_too_long", field="no_commitment_reason", longest=LONGEST_REASON)
    if needs_none and policies.visible_to(by).filter(clause=clause).exists():
        raise DomainError("clause_has_commitments", field="needs_no_commitment")
    values = {"needs_no_commitment": needs_none, "no_commitment_reason": reason if needs_none else ""}
    changes = events.differences(clause, values)
    for name, value in values.items():
        setattr(clause, name, value)
    clause.save(update_fields=[*values])
    subject = f"clause {clause.plan.code}/{clause.code}"
    events.record(Entry(kind=EventKind.CLAUSE_REVISED, subject=subject, changes=changes, reason=reason), by=by)
    clock.stamp(clause)
    return clause


@transaction.atomic
def start_tracking(plan: Plan, *, since: date, by: Actor) -> Plan:
    """Owe reports from a day on. Lights are looked at again, because missed reports may now count."""
    before = Plan.objects.values_list("tracked_since", flat=True).get(pk=plan.pk)
    plan = set_plan(plan.code, values={"tracked_since": since}, by=by)
    # Never later than they would be looked at anyhow: time changes lights for other reasons too.
    soonest = min(filter(None, (before, since)))
    later = Q(recheck_on__isnull=True) | Q(recheck_on__gt=soonest)
    Commitment.objects.filter(later, plan=plan).update(recheck_on=soonest)
    return plan
