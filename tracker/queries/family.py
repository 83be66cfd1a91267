"""The relatives of a commitment, within sight: its parent, its children, what else stands on the same initiative."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from tracker import policies
from tracker.models import Commitment
from tracker.policies import Actor
from tracker.queries.ledger_rows import COLUMNS, LedgerRow, shape

LISTED = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Relative:
    """A row of a list, and the short title of the plan that it belongs to."""

    row: LedgerRow
    plan: str
    is_of_this_plan: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """`kin` stand on the same initiative, of whichever plan; nobody stands in two of the three. `is_cut`: there are
    more than the first `LISTED` by code.
    """

    parent: Relative | None
    children: Sequence[Relative]
    kin: Sequence[Relative]
    is_cut: bool


def of(item: Commitment, *, viewer: Actor) -> Family:
    """Its relatives in the viewer's sight, by code. One query."""
    related = Q(parent=item.pk)
    if item.parent_id is not None:
        related |= Q(pk=item.parent_id)
    if item.initiative_id is not None:
        related |= Q(initiative=item.initiative_id)
    found = policies.visible_to(viewer).filter(related).exclude(pk=item.pk).order_by("code")
    rows = list(found.values_list(*COLUMNS, "pk", "parent_id", "plan_id", "plan__short_title")[: LISTED + 1])
    parent, children, kin = None, [], []
    for *columns, pk, parent_id, plan_id, plan in rows[:LISTED]:
        one = Relative(row=shape(tuple(columns)), plan=plan, is_of_this_plan=plan_id == item.plan_id)
        if pk == item.parent_id:
            parent = one
        elif parent_id == item.pk:
            children.append(one)
        else:
            kin.append(one)
    return Family(parent=parent, children=children, kin=kin, is_cut=len(rows) > LISTED)
