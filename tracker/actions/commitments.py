"""Changes to a commitment: register, revise, move along its life, confirm its lead, set milestones and targets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from projects.actions import clock
from projects.errors import DomainError
from projects.models import Indicator
from tracker import policies
from tracker.actions import events, health
from tracker.actions.events import Entry
from tracker.choices import Comparator, EventKind, Involvement, ReportState, Stage
from tracker.models import Commitment, CommitmentDepartment, Department, Milestone, Plan, ProgressReport, Target
from tracker.policies import Actor
from tracker.rules import lifecycle

# What `register` and `revise` may set; everything else is state or derived.
EDITABLE = frozenset(
    {
        "title", "summary", "kind", "clause", "span_start", "span_end", "initiative", "parent", "lead",
        "lead_is_suggested", "post", "starts_on", "due_on", "due_text", "due_basis", "is_continuous", "is_red_line",
        "red_line_broken_on", "is_public",
    }
)  # fmt: skip
Values = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Owners:
    """The departments beside the lead, each group in the order of the document."""

    responsible: Sequence[Department] = field(default_factory=tuple)
    supporting: Sequence[Department] = field(default_factory=tuple)
    are_suggested: bool = False


@transaction.atomic
def register(
    code: str,
    *,
    plan: Plan,
    values: Values,
    owners: Owners | None = None,
    by: Actor,
    today: date,
    is_demo: bool = False,
    group: UUID | None = None,
) -> Commitment:
    """Enter a new commitment into a plan's ledger; its light is white until it is handed out.

    Raises:
        DomainError: not the supervision office, a code that is taken, or facts that contradict each other.
    """
    _require_supervision(by)
    if Commitment.objects.filter(code=code).exists():
        raise DomainError("code_taken", field="code", code=code)
    item = Commitment(code=code, plan=plan, is_demo=is_demo)
    changes = assign(item, values)
    item.save()
    changes |= _set_owners(item, owners)
    entry = Entry(kind=EventKind.COMMITMENT_REGISTERED, commitment=item, changes=changes, is_demo=is_demo)
    events.record(entry, by=by, group=group)
    health.reassess([item], by=by, today=today)
    clock.stamp(item)
    return item


@transaction.atomic
def revise(
    commitment: Commitment,
    *,
    values: Values,
    owners: Owners | None = None,
    reason: str = "",
    by: Actor,
    today: date,
    expected_revision: int | None = None,
    group: UUID | None = None,
) -> Commitment:
    """Correct a commitment's facts; writes nothing when nothing differs. `original_due_on` never changes once set.

    Raises:
        DomainError: not the supervision office, somebody else changed it meanwhile (`stale`), or facts that
            contradict each other.
    """
    _require_supervision(by)
    item = health.lock(commitment)
    check_revision(item, expected_revision)
    changes = assign(item, values)
    changes |= _set_owners(item, owners)
    if not changes:
        return item
    item.save()
    entry = Entry(kind=EventKind.COMMITMENT_REVISED, commitment=item, changes=changes, reason=reason)
    events.record(entry, by=by, group=group)
    health.reassess([item], by=by, today=today)
    clock.stamp(item)
    return item


@transaction.atomic
def move(
    commitment: Commitment,
    *,
    to: Stage,
    reason: str = "",
    by: Actor,
    today: date,
    exempt_until: date | None = None,
    expected_revision: int | None = None,
    is_demo: bool = False,
    group: UUID | None = None,
) -> Commitment:
    """Take one step of the life cycle (`rules.lifecycle`).

    Raises:
        DomainError: the step does not exist from here, is not this actor's to take, or lacks its reason; the
            commitment is out of sight; or the verifier is the one who reported.
    """
    item = health.lock(commitment)
    check_revision(item, expected_revision)
    if not policies.can_see(by, item):
        raise DomainError("not_found")
    lifecycle.check_move(Stage(item.stage), to, role=by.role, reason=reason)
    if by.department_id and not policies.is_citywide(by) and item.lead_id != by.department_id:
        raise DomainError("step_not_yours", to=Stage(to).label)
    if to == Stage.VERIFIED:
        _check_verifier(item, by)
    before = item.stage
    item.stage = to
    if to == Stage.ISSUED and item.issued_on is None:
        item.issued_on = today
    item.closed_on = today if to == Stage.CLOSED else item.closed_on if to == Stage.ARCHIVED else None
    item.exempt_until = exempt_until if to == Stage.EXEMPT else None
    item.is_demo = item.is_demo or is_demo or by.is_demo
    item.save(update_fields=["stage", "issued_on", "closed_on", "exempt_until", "is_demo", "updated_at"])
    entry = Entry(
        kind=EventKind.COMMITMENT_MOVED,
        commitment=item,
        changes={"stage": [before, to]},
        reason=reason.strip(),
        is_demo=item.is_demo,
    )
    events.record(entry, by=by, group=group)
    health.reassess([item], by=by, today=today)
    clock.stamp(item)
    return item


@transaction.atomic
def confirm_lead(commitment: Commitment, *, by: Actor, today: date) -> Commitment:
    """Turn a suggested lead department into a confirmed one."""
    _require_supervision(by)
    item = health.lock(commitment)
    if item.lead_id is None:
        raise DomainError("lead_missing", field="lead")
    if not item.lead_is_suggested:
        return item
    item.lead_is_suggested = False
    item.save(update_fields=["lead_is_suggested", "updated_at"])
    entry = Entry(
        kind=EventKind.LEAD_CONFIRMED,
        commitment=item,
        changes={"lead_is_suggested": [True, False]},
        is_demo=item.is_demo,
    )
    events.record(entry, by=by)
    clock.stamp(item)
    return item


@transaction.atomic
def set_milestone(
    commitment: Commitment,
    *,
    name: str,
    planned_on: date | None = None,
    forecast_on: date | None = None,
    actual_on: date | None = None,
    weight: Decimal | None = None,
    order: int = 0,
    by: Actor,
    today: date,
    is_demo: bool = False,
) -> Milestone:
    """Create or correct a milestone by its name. Raises DomainError for anyone but the supervision office."""
    _require_supervision(by)
    item = health.lock(commitment)
    if weight is not None and weight <= 0:
        raise DomainError("weight_not_positive", field="weight")
    if weight is not None and planned_on is None:
        raise DomainError("weight_without_date", field="planned_on")
    after: dict[str, object] = {
        "planned_on": planned_on,
        "forecast_on": forecast_on,
        "actual_on": actual_on,
        "weight": weight,
        "order": order,
    }
    milestone = Milestone.objects.filter(commitment=item, name=name).first() or Milestone(
        commitment=item, name=name, is_demo=is_demo or by.is_demo
    )
    changes = events.differences(milestone, after)
    if milestone.pk and not changes:
        return milestone
    for field_name, value in after.items():
        setattr(milestone, field_name, value)
    milestone.save()
    entry = Entry(kind=EventKind.MILESTONE_SET, commitment=item, subject=name, changes=changes, is_demo=is_demo)
    events.record(entry, by=by)
    health.reassess([item], by=by, today=today)
    clock.stamp(item, milestone)
    return milestone


@transaction.atomic
def set_target(
    commitment: Commitment,
    *,
    indicator: Indicator,
    comparator: Comparator,
    value: Decimal | None = None,
    value_max: Decimal | None = None,
    growth_percent: Decimal | None = None,
    base_year: int | None = None,
    note: str = "",
    by: Actor,
    today: date,
) -> Target:
    """Create or correct what a commitment wants an indicator to become; the same call twice changes nothing."""
    _require_supervision(by)
    item = health.lock(commitment)
    after: dict[str, object] = {
        "comparator": comparator,
        "value": value,
        "value_max": value_max,
        "growth_percent": growth_percent,
        "base_year": base_year,
        "note": note,
    }
    target = Target.objects.filter(commitment=item, indicator=indicator).first() or Target(
        commitment=item, indicator=indicator
    )
    changes = events.differences(target, after)
    if target.pk and not changes:
        return target
    for field_name, new in after.items():
        setattr(target, field_name, new)
    target.save()
    events.record(Entry(kind=EventKind.TARGET_SET, commitment=item, subject=indicator.code, changes=changes), by=by)
    health.reassess([item], by=by, today=today)
    clock.stamp(item, target)
    return target


def check_revision(item: Commitment | ProgressReport, expected: int | None) -> None:
    """Raise DomainError `stale` when somebody changed the object since the caller read it. None: not asked."""
    if expected is not None and item.revision != expected:
        raise DomainError("stale", revision=item.revision)


def _require_supervision(by: Actor) -> None:
    if not policies.can_supervise(by):
        raise DomainError("not_allowed")


def _check_verifier(item: Commitment, by: Actor) -> None:
    """The verifier is never the one who reported (PRODUCT.md §2, 核查)."""
    if by.user and ProgressReport.objects.filter(commitment=item, author=by.user, state=ReportState.ACCEPTED).exists():
        raise DomainError("own_report")


def assign(item: Commitment, values: Values) -> dict[str, list[events.LogValue]]:
    """Set these facts on the object and check them together; returns the change for the log and writes nothing.

    Raises DomainError for facts that contradict each other. For actions only: the caller has asked the policy.
    """
    unknown = values.keys() - EDITABLE
    if unknown:
        raise ValueError(f"not editable: {sorted(unknown)}")
    changes = events.differences(item, values)
    for name, value in values.items():
        setattr(item, name, value)
    if item.due_on and item.original_due_on is None:
        item.original_due_on = item.due_on
    _check(item)
    return changes


def _check(item: Commitment) -> None:
    if not item.title.strip():
        raise DomainError("title_missing", field="title")
    starts_on = item.starts_on
    if item.due_on and starts_on and item.due_on < starts_on:
        raise DomainError("ends_before_start", field="due_on", starts_on=starts_on, due_on=item.due_on)
    if item.is_continuous and item.due_on:
        raise DomainError("continuous_has_no_date", field="due_on")
    if item.red_line_broken_on and not item.is_red_line:
        raise DomainError("not_a_red_line", field="red_line_broken_on")
    if item.is_red_line and item.progress is not None:
        raise DomainError("red_line_has_progress", field="is_red_line")
    if item.lead_is_suggested and item.lead is None:
        raise DomainError("suggestion_without_lead", field="lead")
    if not _is_span(item.span_start, item.span_end):
        raise DomainError("span_out_of_order", field="span_end")
    if item.clause is not None and item.clause.plan_id != item.plan_id:
        raise DomainError("clause_of_another_plan", field="clause")
    if item.parent_id and item.parent_id == item.pk:
        raise DomainError("own_parent", field="parent")


def _is_span(start: int | None, end: int | None) -> bool:
    """Whether these are the two ends of a piece of text, or none of them is known."""
    return start is None and end is None if start is None or end is None else end > start


def _set_owners(item: Commitment, owners: Owners | None) -> dict[str, list[events.LogValue]]:
    """Replace the departments beside the lead; returns the change for the log, empty when nothing differs."""
    if owners is None:
        return {}
    wanted = parts(owners)
    listed = [department.pk for department, *_rest in wanted]
    if len(set(listed)) < len(listed) or item.lead_id in listed:
        raise DomainError("department_twice", field="responsible")
    standing = [
        (row.involvement, row.order, row.department.code, row.is_suggested)
        for row in item.involvements.select_related("department").order_by("involvement", "order")
    ]
    after = sorted((part, order, department.code, owners.are_suggested) for department, part, order in wanted)
    if standing == after:
        return {}
    item.involvements.all().delete()
    CommitmentDepartment.objects.bulk_create(
        CommitmentDepartment(
            commitment=item,
            department=department,
            involvement=part,
            order=order,
            is_suggested=owners.are_suggested,
        )
        for department, part, order in wanted
    )
    return {"departments": [listing(standing), listing(after)]}


def parts(owners: Owners) -> list[tuple[Department, Involvement, int]]:
    """Every department beside the lead with its part and its place in it, from 1."""
    return [
        (department, part, order)
        for part, group in ((Involvement.RESPONSIBLE, owners.responsible), (Involvement.SUPPORTING, owners.supporting))
        for order, department in enumerate(group, start=1)
    ]


def listing(rows: Sequence[tuple[str, int, str, bool]]) -> str:
    """Departments beside the lead as the log tells them: part, order, code, whether suggested."""
    return "; ".join(f"{part}:{code}" for part, _order, code, _suggested in rows)
