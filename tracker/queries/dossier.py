"""What people asked, answered, proved and handed in about one commitment: the lower half of its page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from django.db.models import Case, Model, Q, QuerySet, Value, When

from tracker import policies
from tracker.choices import AnswerState, EventKind
from tracker.models import (
    Blocker,
    Commitment,
    Contribution,
    Event,
    Evidence,
    ExtensionRequest,
    Instruction,
    Verification,
)
from tracker.policies import Actor

Row = TypeVar("Row", bound=Model)
LISTED = 12
# Events about what fewer people see than its commitment: told only with the thing itself.
NARROWER = (EventKind.EVIDENCE_ADDED, EventKind.EVIDENCE_WITHDRAWN, EventKind.CONTRIBUTION_SAVED)
OPEN_FIRST = Case(When(state=AnswerState.OPEN, then=Value(0)), default=Value(1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """The newest `LISTED` of each, open questions first; withdrawn files are left out. `told` names the things whose
    events the viewer may read.
    """

    extensions: Sequence[ExtensionRequest]
    blockers: Sequence[Blocker]
    instructions: Sequence[Instruction]
    verifications: Sequence[Verification]
    evidence: Sequence[Evidence]
    contributions: Sequence[Contribution]
    told: frozenset[str]


def of(commitment: Commitment, *, viewer: Actor) -> Dossier:
    """Everything of it in the viewer's sight. Six queries."""
    files = list(
        policies.evidence_visible_to(viewer).filter(commitment=commitment).select_related("author__department")
    )
    parts = list(
        policies.contributions_visible_to(viewer)
        .filter(commitment=commitment)
        .select_related("department", "author")
        .order_by("-period_end", "department__order", "pk")
    )
    return Dossier(
        extensions=_newest(
            policies.extensions_visible_to(viewer).select_related("author__department", "decided_by"),
            commitment,
            "-created_at",
        ),
        blockers=_newest(
            policies.blockers_visible_to(viewer).select_related(
                "author__department", "wanted_from__department", "answered_by"
            ),
            commitment,
            OPEN_FIRST,
            "-wanted_by",
        ),
        instructions=_newest(
            policies.instructions_visible_to(viewer).select_related("given_by", "answered_by"),
            commitment,
            OPEN_FIRST,
            "-given_on",
        ),
        verifications=_newest(
            policies.verifications_visible_to(viewer).select_related("verifier"), commitment, "-verified_on"
        ),
        evidence=[row for row in files if row.withdrawn_at is None][:LISTED],
        contributions=parts[:LISTED],
        told=_refs([row.ref for row in files], [row.ref for row in parts]),
    )


def events(found: QuerySet[Event], dossier: Dossier) -> QuerySet[Event]:
    """These events without those about files and contributions that the viewer does not see."""
    return found.exclude(Q(kind__in=NARROWER) & ~Q(subject__in=dossier.told))


def _newest(rows: QuerySet[Row], commitment: Commitment, *order: str | Case) -> list[Row]:
    return list(rows.filter(commitment=commitment).order_by(*order, "-pk")[:LISTED])


def _refs(*groups: Iterable[UUID]) -> frozenset[str]:
    return frozenset(str(ref) for group in groups for ref in group)
