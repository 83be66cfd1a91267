"""Changes to a commitment's facts: register, revise, confirm its lead, milestones, targets. Its life is in `steps`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction

from projects.actions import clock, initials
from projects.errors import DomainError
from projects.models import Indicator, Stamped
from tracker import policies
from tracker.actions import drafts, events, health, settling, sight
from tracker.actions.events import Entry
from tracker.choices import Comparator, Involvement
from tracker.event_kinds import EventKind
from tracker.models import Commitment, CommitmentDepartment, Department, Milestone, Plan, Target
from tracker.policies import Actor
from tracker.queries import tightening
from tracker.rules import targets

# What makes a commitment ask more than its parent, or says why it does.
TIGHTENS = frozenset({"due_on", "parent", "tightening_reason"})
# What `register` and `revise` may set; everything else is state or derived.
EDITABLE = frozenset(
    {
        "title", "summary", "kind", "clause", "span_start", "span_end", "initiative", "parent", "lead",
        "lead_is_suggested", "post", "starts_on", "due_on", "due_text", "due_basis", "is_continuous", "is_red_line",
        "red_line_broken_on", "is_public", "tightening_reason",
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
        DomainError: not the supervision office, a code that is taken, facts that contradict each other, or a date
            before the parent's without a reason (`tightening_needs_reason`).
    """
    _require_supervision(by)
    if Commitment.objects.filter(code=code).exists():
        raise DomainError("code_taken", field="code", code=code)
    item = Commitment(code=code, plan=plan, is_demo=is_demo)
    changes = assign(item, values, today=today)
    check_tightening(item)
    try:
        with transaction.atomic():
            item.save()
    except IntegrityError:  # somebody took the code at this moment
        raise DomainError("code_taken", field="code", code=code) from None
    changes |= _set_owners(item, owners)
    entry = Entry(kind=EventKind.COMMITMENT_REGISTERED, commitment=item, changes=changes, is_demo=is_demo)
    events.record(entry, by=by, group=group)
    health.reassess([item], by=by, today=today)
    sight.tell_changes({}, [item], rev=clock.stamp(item))
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
        DomainError: not the supervision office, somebody else changed it meanwhile (`stale`), facts that contradict
            each other, no reason for moving a date that stands, or for asking more than the parent.
    """
    _require_supervision(by)
    item = health.lock(commitment)
    check_revision(item, expected_revision)
    before = sight.of([item])
    changes = assign(item, values, today=today)
    if changes.get("due_on", [None])[0] is not None and not reason.strip():
        raise DomainError("reason_needed", field="reason")
    if TIGHTENS & changes.keys():
        check_tightening(item)
    changes |= _set_owners(item, owners)
    if not changes:
        return item
    item.save()
    # A draft is its department's own: the next lead does not write over it (`reassign` hands out anew besides).
    aside = drafts.set_aside(item, reason=reason, by=by, group=group) if "lead" in changes else drafts.Aside()
    changes |= aside.changes
    entry = Entry(kind=EventKind.COMMITMENT_REVISED, commitment=item, changes=changes, reason=reason)
    events.record(entry, by=by, group=group)
    health.reassess([item], by=by, today=today)
    settling.settle_of([item])
    rev = clock.stamp(item, *aside.files)
    sight.write(aside.notes, rev=rev)
    sight.tell_changes(before, [item], rev=rev)
    return item


def _check_weight(weight: Decimal | None, planned_on: date | None) -> None:
    if weight is not None and weight <= 0:
        raise DomainError("weight_not_positive", field="weight")
    if weight is not None and planned_on is None:
        raise DomainError("weight_without_date", field="planned_on")


def check_suggestion(item: Commitment) -> None:
    """Raise DomainError unless the lead department is a suggestion that waits to be confirmed."""
    if item.lead is None:
        raise DomainError("lead_missing", field="lead")
    if not item.lead_is_suggested:
        raise DomainError("lead_stands", name=item.lead.name)


@transaction.atomic
def confirm_lead(
    commitment: Commitment,
    *,
    reason: str = "",
    by: Actor,
    today: date,
    group: UUID | None = None,
    expected_revision: int | None = None,
) -> Commitment:
    """Turn a suggested lead department into a confirmed one.

    Raises:
        DomainError: not the supervision office, there is no lead, or somebody changed it meanwhile (`stale`).
    """
    _require_supervision(by)
    item = health.lock(commitment)
    check_revision(item, expected_revision)
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
        reason=reason.strip(),
        is_demo=item.is_demo,
    )
    events.record(entry, by=by, group=group)
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
    """Create or correct a milestone by its name.

    Raises DomainError for anyone but the supervision office, and for one that is reached on a day to come.
    """
    _require_supervision(by)
    item = health.lock(commitment)
    _check_weight(weight, planned_on)
    if actual_on is not None and actual_on > today:
        raise DomainError("milestone_in_the_future", field="actual_on", actual_on=actual_on)
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
    settling.settle_of([item])
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
    """Create or correct what a commitment wants an indicator to become; the same call twice changes nothing.

    Raises DomainError for anyone but the supervision office, for numbers that the comparator does not go with, and for
    one above the parent's while the commitment has no `tightening_reason`: `revise` it first.
    """
    _require_supervision(by)
    targets.check_quantity(
        comparator, value=value, value_max=value_max, growth_percent=growth_percent, base_year=base_year
    )
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
    check_tightening(item)
    events.record(Entry(kind=EventKind.TARGET_SET, commitment=item, subject=indicator.code, changes=changes), by=by)
    health.reassess([item], by=by, today=today)
    clock.stamp(item, target)
    return target


def check_revision(item: Stamped, expected: int | None) -> None:
    """Raise DomainError `stale` when somebody changed the object since the caller read it. None: not asked."""
    if expected is not None and item.revision != expected:
        raise DomainError("stale", revision=item.revision)


def _require_supervision(by: Actor) -> None:
    if not policies.can_supervise(by):
        raise DomainError("not_allowed")


def check_tightening(item: Commitment) -> None:
    """Raise DomainError `tightening_needs_reason` where a child asks more than its parent and nobody says why."""
    if item.parent is not None and not item.tightening_reason.strip() and tightening.of(item):
        raise DomainError("tightening_needs_reason", field="tightening_reason", code=item.code, parent=item.parent.code)


def assign(item: Commitment, values: Values, *, today: date) -> dict[str, list[events.LogValue]]:
    """Set these facts on the object and check them together; returns the change for the log and writes nothing.

    The day on which it was marked public is kept with the mark, and goes with it: the public’s delay begins then.

    Raises DomainError for facts that contradict each other. For actions only: the caller has asked the policy.
    """
    unknown = values.keys() - EDITABLE
    if unknown:
        raise ValueError(f"not editable: {sorted(unknown)}")
    changes = events.differences(item, values)
    for name, value in values.items():
        setattr(item, name, value)
    if "title" in values:
        item.initials = initials.of(item.title)
    if item.due_on and item.original_due_on is None:
        item.original_due_on = item.due_on
    if "is_public" in changes:
        item.published_on = today if item.is_public else None
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
    named: set[int | None] = {item.lead_id}
    for department, part, _order in wanted:
        if department.pk in named:
            raise DomainError("department_twice", field=Involvement(part).value)
        named.add(department.pk)
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
