"""Departments side by side: how many of each light they lead. Two queries, whatever the rows."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count

from tracker import policies
from tracker.choices import DepartmentKind, Health
from tracker.models import Department
from tracker.policies import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One department and the lights of what it leads; every light is a key."""

    department: Department
    counts: dict[Health, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Departments of one kind in the order of the ledger, never by their figures, and the sum of them."""

    kind: DepartmentKind
    lines: Sequence[Line]
    sum: dict[Health, int]


def by_kind(viewer: Actor, *, plan: str = "") -> list[Group]:
    """The departments that lead something, of one plan or ("") of all in sight; kinds without any are left out."""
    seen = policies.visible_to(viewer).filter(lead__isnull=False)
    if plan:
        seen = seen.filter(plan__code=plan)
    counts: dict[int, dict[Health, int]] = {}
    for lead, light, count in seen.order_by().values_list("lead", "health").annotate(count=Count("pk")):
        counts.setdefault(lead, dict.fromkeys(Health, 0))[Health(light)] = count
    departments = policies.departments_visible_to(viewer).filter(pk__in=counts).order_by("order", "code")
    lines = [Line(department=one, counts=counts[one.pk]) for one in departments]
    return [
        Group(kind=kind, lines=found, sum={light: sum(line.counts[light] for line in found) for light in Health})
        for kind in DepartmentKind
        if (found := [line for line in lines if line.department.kind == kind])
    ]
