"""What people asked, answered, proved and handed in about one commitment: the lower half of its page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.db.models import Case, Model, QuerySet, Value, When

from tracker import policies
from tracker.choices import AnswerState
from tracker.models import (
    Blocker,
    Commitment,
    Contribution,
    Evidence,
    ExtensionRequest,
    Instruction,
    Slip,
    Verification,
)
from tracker.policies import Actor
from tracker.queries import slips

Row = TypeVar("Row", bound=Model)
LISTED = 12
OPEN_FIRST = Case(When(state=AnswerState.OPEN, then=Value(0)), default=Value(1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """The newest `LISTED` of each, open questions first; withdrawn files are left out."""

    extensions: Sequence[ExtensionRequest]
    blockers: Sequence[Blocker]
    instructions: Sequence[Instruction]
    verifications: Sequence[Verification]
    evidence: Sequence[Evidence]
    contributions: Sequence[Contribution]
    slips: Sequence[Slip]


def of(commitment: Commitment, *, viewer: Actor, today: date) -> Dossier:
    """Everything of it in the viewer's sight. Seven queries."""
    return Dossier(
        extensions=_newest(
            policies.extensions_visible_to(viewer).select_related("author__department", "decided_by"),
            commitment,
            "-created_at",
        ),
        blockers=_newest(
            policies.blockers_visible_to(viewer, today=today).select_related(
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
        evidence=_newest(
            policies.evidence_visible_to(viewer).filter(withdrawn_at=None).select_related("author__department"),
            commitment,
            "-created_at",
        ),
        contributions=_newest(
            policies.contributions_visible_to(viewer).select_related("department", "author"),
            commitment,
            "-period_end",
            "department__order",
        ),
        slips=slips.of_commitment(commitment, viewer=viewer, size=LISTED),
    )


def _newest(rows: QuerySet[Row], commitment: Commitment, *order: str | Case) -> list[Row]:
    return list(rows.filter(commitment=commitment).order_by(*order, "-pk")[:LISTED])
