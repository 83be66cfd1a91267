"""Corrections as a person makes them: some facts of a commitment, of a milestone, of a target; the others stay."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import uuid4

from django.db import transaction

from projects.errors import DomainError
from projects.models import Indicator
from tracker import policies
from tracker.actions import commitments, health, reassign
from tracker.actions.commitments import Owners, Values
from tracker.choices import REPORTABLE_STAGES, Comparator
from tracker.models import Commitment, Department, Milestone, Target
from tracker.policies import Actor

MILESTONE_FIELDS = ("planned_on", "forecast_on", "actual_on", "weight", "order")
TARGET_FIELDS = ("comparator", "value", "value_max", "growth_percent", "base_year", "note")


@transaction.atomic
def correct(
    commitment: Commitment,
    *,
    values: Values,
    owners: Owners | None = None,
    reason: str = "",
    by: Actor,
    today: date,
    expected_revision: int | None = None,
) -> Commitment:
    """`commitments.revise`, but that a commitment at work which gets another lead is handed out anew (`reassign`).

    A lead that a person names is no suggestion any more.

    Raises:
        DomainError: what `reassign` and `revise` refuse; both are done, or neither.
    """
    if not policies.can_supervise(by):
        raise DomainError("not_allowed")
    stored, lead, group = health.lock(commitment), values.get("lead"), None
    if "lead" in values and lead != stored.lead:
        values = {**values, "lead_is_suggested": False}
    if isinstance(lead, Department) and stored.lead and lead != stored.lead and stored.stage in REPORTABLE_STAGES:
        group = uuid4()
        # The post goes with the old lead, unless the person names another one.
        values = {name: value for name, value in values.items() if name != "post" or value != stored.post}
        moved = reassign.reassign(
            stored, lead=lead, reason=reason, by=by, today=today, group=group, expected_revision=expected_revision
        )
        expected_revision, owners = moved.revision, _without(owners, lead)
    return commitments.revise(
        commitment,
        values=values,
        owners=owners,
        reason=reason,
        expected_revision=expected_revision,
        by=by,
        today=today,
        group=group,
    )


@transaction.atomic
def amend_milestone(
    commitment: Commitment,
    *,
    name: str,
    values: Mapping[str, Any],
    by: Actor,
    today: date,
    expected_revision: int | None = None,
) -> Milestone:
    """`commitments.set_milestone` with some of MILESTONE_FIELDS; the others keep what stands. Raises as it does."""
    if not policies.can_supervise(by):
        raise DomainError("not_allowed")
    item = health.lock(commitment)
    commitments.check_revision(item, expected_revision)
    standing: Mapping[str, Any] = (
        Milestone.objects.filter(commitment=item, name=name).values(*MILESTONE_FIELDS).first() or {}
    )
    return commitments.set_milestone(item, name=name, **{**standing, **values}, by=by, today=today)


@transaction.atomic
def amend_target(
    commitment: Commitment,
    *,
    indicator: Indicator,
    values: Mapping[str, Any],
    by: Actor,
    today: date,
    expected_revision: int | None = None,
) -> Target:
    """`commitments.set_target` with some of TARGET_FIELDS; the others keep what stands.

    Raises as it does, and DomainError `target_comparator_missing` for a new target that does not say how it compares.
    """
    if not policies.can_supervise(by):
        raise DomainError("not_allowed")
    item = health.lock(commitment)
    commitments.check_revision(item, expected_revision)
    rows = Target.objects.filter(commitment=item, indicator=indicator)
    said = {**(rows.values(*TARGET_FIELDS).first() or {}), **values}
    if "comparator" not in said:
        raise DomainError("target_comparator_missing", field="comparator")
    said["comparator"] = Comparator(said["comparator"])
    return commitments.set_target(item, indicator=indicator, **said, by=by, today=today)


def _without(owners: Owners | None, lead: Department) -> Owners | None:
    """Who leads has no part beside the lead."""
    if owners is None:
        return None
    return Owners(
        responsible=[one for one in owners.responsible if one != lead],
        supporting=[one for one in owners.supporting if one != lead],
    )
