"""What the REST answers about words and proofs are made of: questions, contributions, files, verifications, look-backs.

Tuples, the newest first. Every list starts from `policies`; one query, whatever the page.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, TypeVar

from django.db.models import BooleanField, Count, Exists, Model, OuterRef, QuerySet, Value

from tracker import policies
from tracker.models import Blocker, Commitment, Lookback
from tracker.policies import Actor

Row = tuple[Any, ...]
Found = TypeVar("Found", bound=Model)

MATTER = ("commitment__code", "commitment__title")
# The last three of all that follow: the matter's revision, whether it is a demonstration, the row's own revision.
END = ("commitment__revision", "is_demo", "revision")
EXTENSION_COLUMNS = (
    "ref", *MATTER, "author__username", "author__full_name", "created_at", "original_due_on", "due_on", "wanted_on",
    "reason", "state", "decided_by__username", "decided_by__full_name", "decided_at", "decision", "granted_on",
    "is_exemption", *END,
)  # fmt: skip
# `is_seen`: whether the viewer may open the matter; else its title alone is shown (`blockers_in_sight`).
BLOCKER_COLUMNS = (
    "ref", "is_seen", *MATTER, "author__username", "author__full_name", "author__department__short_name", "created_at",
    "category", "text", "wanted_from__code", "wanted_from__title", "wanted_from__department__code",
    "wanted_from__department__name", "wanted_by", "state", "answer", "answered_by__username", "answered_by__full_name",
    "answered_at", *END,
)  # fmt: skip
INSTRUCTION_COLUMNS = (
    "ref", *MATTER, "commitment__lead__code", "commitment__lead__name", "given_by__username", "given_by__full_name",
    "author__username", "author__full_name", "given_on", "answer_due_on", "text", "state", "answer",
    "answered_by__username", "answered_by__full_name", "answered_at", *END,
)  # fmt: skip
CONTRIBUTION_COLUMNS = (
    "ref", *MATTER, "department__code", "department__name", "author__username", "author__full_name", "period_start",
    "period_end", "text", "is_no_change", "is_late", *END,
)  # fmt: skip
EVIDENCE_COLUMNS = (
    "ref", *MATTER, "report__ref", "verification__ref", "author__username", "author__full_name", "created_at", "name",
    "note", "size", "media_type", "sha256", "withdrawn_at", *END,
)  # fmt: skip
VERIFICATION_COLUMNS = (
    "ref", *MATTER, "lookback__ref", "verifier__username", "verifier__full_name", "method", "finding", "note",
    "verified_on", *END,
)  # fmt: skip
LOOKBACK_COLUMNS = (
    "ref", "drawn_by__username", "drawn_by__full_name", "drawn_on", "closed_from", "closed_until", "seed", "size",
    "population", "looked_count", "is_demo",
)  # fmt: skip


def newest(rows: QuerySet[Found], columns: Sequence[str], *, after: str | None, limit: int) -> list[Row]:
    """Up to `limit` rows of these columns, newest first, beginning after the row with this reference. One query."""
    if after is not None:
        rows = rows.filter(pk__lt=rows.model._default_manager.filter(ref=after).values("pk"))
    return list(rows.order_by("-pk").values_list(*columns)[:limit])


def one(rows: QuerySet[Found], columns: Sequence[str], pk: int) -> Row:
    """The same columns of one row that the caller may see. One query."""
    row: Row = rows.values_list(*columns).get(pk=pk)
    return row


def blockers_in_sight(viewer: Actor, *, today: date) -> QuerySet[Blocker]:
    """The blockers in the viewer's sight, each with whether its matter is in sight too (`is_seen`)."""
    rows = policies.blockers_visible_to(viewer, today=today)
    if policies.is_citywide(viewer):
        return rows.annotate(is_seen=Value(True, output_field=BooleanField()))
    return rows.annotate(is_seen=Exists(policies.visible_to(viewer).filter(pk=OuterRef("commitment"))))


def of_matters_in_sight(rows: QuerySet[Found], *, viewer: Actor, code: str) -> QuerySet[Found]:
    """Those of one commitment, none where it is out of sight: a filter never tells what a row itself keeps back."""
    return rows.filter(commitment__in=policies.visible_to(viewer).filter(code=code).values("pk"))


def lookbacks_in_sight(viewer: Actor) -> QuerySet[Lookback]:
    """The samples in the viewer's sight, each with how many of its picks were looked at (`looked_count`)."""
    return policies.lookbacks_visible_to(viewer).annotate(looked_count=Count("picks__verification"))


def matter(code: str, *, viewer: Actor) -> Commitment | None:
    """The commitment of this code, None when there is none in the viewer's sight."""
    return policies.visible_to(viewer).select_related("plan", "lead").filter(code=code).first()
