"""What somebody who verifies must see, and the look-backs with their samples."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from tracker import policies
from tracker.choices import ReportState
from tracker.models import Commitment, Evidence, Lookback, LookbackPick, ProgressReport, User, Verification
from tracker.policies import Actor
from tracker.rules import lifecycle, lookback


def has_reported(user: User, commitment: Commitment) -> bool:
    """Whether this person wrote what the commitment's progress rests on, or reported it done: then others verify.

    A report on the commitment's initiative counts too: it served this one.
    """
    if commitment.reported_done_by_id == user.pk:
        return True
    ours = Q(commitment=commitment.pk)
    if commitment.initiative_id is not None:
        ours |= Q(commitment__initiative=commitment.initiative_id)
    return ProgressReport.objects.filter(ours, author=user, state=ReportState.ACCEPTED).exists()


def of_commitment(commitment: Commitment, *, viewer: Actor) -> QuerySet[Verification]:
    """The commitment's verifications in the viewer's sight, newest first, with their verifiers."""
    return policies.verifications_visible_to(viewer).filter(commitment=commitment.pk).select_related("verifier")


def evidence_of(commitment: Commitment, *, viewer: Actor) -> QuerySet[Evidence]:
    """The commitment's files that stand, in the viewer's sight, newest first, with their authors."""
    seen = policies.evidence_visible_to(viewer).filter(commitment=commitment.pk, withdrawn_at__isnull=True)
    return seen.select_related("author").order_by("-created_at", "-pk")


def open_pick(commitment: Commitment, *, lookback_id: int, viewer: Actor) -> LookbackPick | None:
    """The commitment's place in a sample that the viewer may see, while nobody has looked at it yet."""
    picks = LookbackPick.objects.select_related("lookback").filter(verification__isnull=True, commitment=commitment.pk)
    return picks.filter(lookback__in=policies.lookbacks_visible_to(viewer), lookback=lookback_id).first()


def population(*, closed_from: date, closed_until: date, viewer: Actor) -> list[str]:
    """The codes of the closed and archived commitments in sight that were closed in these days, sorted."""
    closed = policies.visible_to(viewer).filter(stage__in=lifecycle.CLOSED_STAGES)
    days = closed.filter(closed_on__gte=closed_from, closed_on__lte=closed_until)
    return sorted(days.values_list("code", flat=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A look-back's sample: its picks in the order of the draw, and whether drawing again gives the same."""

    picks: tuple[LookbackPick, ...]
    is_as_drawn: bool


def sample(row: Lookback) -> Sample:
    """The picks with commitment, lead, verification and verifier; one query. The caller asked who may see the row."""
    picks = tuple(row.picks.select_related("commitment__lead", "verification__verifier").order_by("order"))
    again = lookback.draw(row.population, seed=row.seed, size=row.size)
    return Sample(picks=picks, is_as_drawn=again == tuple(pick.commitment.code for pick in picks))
