"""What a viewer may choose from in filters."""

from tracker import policies
from tracker.models import Clause, Department
from tracker.policies import Actor


def departments(viewer: Actor) -> list[Department]:
    """Departments that own something in the viewer's sight, in their order; one query."""
    if policies.is_citywide(viewer):
        return list(Department.objects.filter(is_active=True))
    seen = policies.visible_to(viewer)
    return list(Department.objects.filter(pk__in=seen.values("lead")))


def chapters(viewer: Actor) -> list[Clause]:
    """Chapters of the plans in the viewer's sight; one query."""
    found = Clause.objects.filter(parent__isnull=True).select_related("plan").order_by("plan__code", "order")
    if policies.is_citywide(viewer):
        return list(found)
    return list(found.filter(plan__in=policies.visible_to(viewer).values("plan")))
