"""Children that ask more than their parents: gathered for the rule, and listed with both values."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet

from projects.choices import Direction
from tracker import policies
from tracker.choices import Comparator, Stage
from tracker.models import Commitment, Target
from tracker.policies import Actor
from tracker.rules import tightening
from tracker.rules.tightening import Demand, Quantity, Tightening

TARGETS = Target.objects.select_related("indicator").order_by("pk")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tightened:
    """A child with its parent and where it asks more; ``child.tightening_reason`` is "" where nobody said why."""

    child: Commitment
    found: tuple[Tightening, ...]


def listed(viewer: Actor) -> list[Tightened]:
    """Every child in sight that asks more than a parent in sight, by code. Three queries."""
    rows = _candidates(viewer).select_related("parent__lead", "lead").order_by("code")
    rows = rows.prefetch_related(Prefetch("targets", TARGETS), Prefetch("parent__targets", TARGETS))
    return [Tightened(child=row, found=tighter) for row in rows if (tighter := of(row))]


def ids(viewer: Actor, *, without_reason: bool = False) -> list[int]:
    """The primary keys of `listed`; only of those that nobody gave a reason for, when asked."""
    rows = listed(viewer)
    return [row.child.pk for row in rows if not without_reason or not row.child.tightening_reason.strip()]


def of(child: Commitment) -> tuple[Tightening, ...]:
    """Where this child asks more than its parent; nothing without a parent, or where one of the two is cancelled.

    Reads what was not read along.
    """
    if child.parent is None or Stage.CANCELLED in {child.stage, child.parent.stage}:
        return ()
    return tightening.found(demand(child), demand(child.parent))


def demand(item: Commitment) -> Demand:
    """What a commitment asks, for the rule."""
    targets = item.targets.all() if item.pk else ()
    if "targets" not in getattr(item, "_prefetched_objects_cache", {}) and item.pk:
        targets = item.targets.select_related("indicator").order_by("pk")
    return Demand(due_on=item.due_on, quantities=tuple(_quantities(targets)))


def _candidates(viewer: Actor) -> QuerySet[Commitment]:
    """Children that may ask more: due earlier, or with a target of the parent's kind on the parent's indicator."""
    seen = policies.visible_to(viewer)
    same = Target.objects.filter(
        commitment=OuterRef("pk"),
        commitment__parent__targets__indicator=F("indicator"),
        commitment__parent__targets__comparator=F("comparator"),
    )
    children = seen.filter(parent__in=policies.visible_to(viewer))
    return children.filter(Q(due_on__lt=F("parent__due_on")) | Exists(same))


def _quantities(targets: Iterable[Target]) -> Iterable[Quantity]:
    for target in targets:
        yield Quantity(
            indicator=target.indicator.code,
            comparator=Comparator(target.comparator),
            direction=Direction(target.indicator.direction),
            value=target.value,
            value_max=target.value_max,
            growth_percent=target.growth_percent,
            base_year=target.base_year,
            name=target.indicator.name,
            unit=target.indicator.unit,
        )
