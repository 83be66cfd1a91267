"""What a viewer may choose from in filters."""

from datetime import date

from django.db.models import Q

from tracker import policies
from tracker.models import Clause, Department, Plan, Post
from tracker.policies import Actor


def departments(viewer: Actor) -> list[Department]:
    """Departments that lead something in the viewer's sight, and those one may act for; in their order, one query."""
    own = Q(is_active=True) if policies.is_citywide(viewer) else Q(pk=viewer.department_id)
    leads = policies.visible_to(viewer).filter(lead__isnull=False).values("lead")
    return list(Department.objects.filter(own | Q(pk__in=leads)))


def plans(viewer: Actor) -> list[Plan]:
    """Plans with something in the viewer's sight, by code; one query."""
    return list(Plan.objects.filter(pk__in=policies.visible_to(viewer).values("plan")).order_by("code"))


def chapters(viewer: Actor) -> list[Clause]:
    """Chapters of the plans in the viewer's sight; one query."""
    found = Clause.objects.filter(parent__isnull=True).select_related("plan").order_by("plan__code", "order")
    if policies.is_citywide(viewer):
        return list(found)
    return list(found.filter(plan__in=policies.visible_to(viewer).values("plan")))


def posts(viewer: Actor, code: str, *, today: date) -> list[Post]:
    """The post that is asked for by its code, as a list of one; empty when it is none that the viewer may look at.

    The list offers no posts to choose from: their own pages lead to it. One query, none without a code.
    """
    if not code or "\x00" in code:
        return []
    return list(policies.posts_visible_to(viewer, today=today).filter(code=code))
