"""The lists of what lay open when posts changed hands: which the viewer may read, and what stands in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from tracker import policies
from tracker.choices import HandoverKind, ReportState, Stage
from tracker.models import HandoverItem, PostHolding
from tracker.policies import Actor

# "accepted" is a stage of a commitment and a state of a report: each kind has its own words.
WORDS = {HandoverKind.COMMITMENT: dict(Stage.choices), HandoverKind.REPORT: dict(ReportState.choices)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One matter as it stood on that day. `note`: in words; `is_seen`: the matter is in the viewer's sight today."""

    row: HandoverItem
    note: str
    is_seen: bool


def readable(viewer: Actor, *, today: date) -> QuerySet[PostHolding]:
    """The holdings whose lists the viewer may read: the city's roles all, others their own and where they stand in."""
    rows = PostHolding.objects.select_related("post__department", "holder")
    if policies.is_citywide(viewer):
        return rows
    standing_in = Q(
        post__deputies__deputy=viewer.user, post__deputies__starts_on__lte=today, post__deputies__ends_on__gte=today
    )
    return rows.filter(Q(holder=viewer.user) | standing_in).distinct()


def before(holding: PostHolding) -> PostHolding | None:
    """Who held the post before; None: nobody."""
    earlier = PostHolding.objects.filter(post=holding.post_id, starts_on__lt=holding.starts_on)
    return earlier.select_related("holder").order_by("-starts_on").first()


def lines(holding: PostHolding, *, viewer: Actor) -> Sequence[Line]:
    """The list in its order. Two queries."""
    rows = list(HandoverItem.objects.filter(holding=holding).select_related("commitment").order_by("order", "pk"))
    ids = {row.commitment_id for row in rows}
    seen = set(policies.visible_to(viewer).filter(pk__in=ids).values_list("pk", flat=True))
    return [
        Line(
            row=row,
            note=str(WORDS.get(HandoverKind(row.kind), {}).get(row.note, row.note)),
            is_seen=row.commitment_id in seen,
        )
        for row in rows
    ]
