"""Commitments on one axis of time: their dates then and now, and their milestones. A fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Max, Min

from tracker import policies
from tracker.models import Milestone
from tracker.policies import Actor
from tracker.queries import ledger_rows
from tracker.queries.ledger_rows import COUNT_CAP, Filters

PAGE = 40
# A file is read in pieces of so many rows.
PIECE = 1000
COLUMNS = (
    "code",
    "title",
    "health",
    "lead__short_name",
    "lead_is_suggested",
    "starts_on",
    "due_on",
    "original_due_on",
    "forecast_on",
    "closed_on",
    "is_continuous",
    "due_text",
    "progress",
    "is_red_line",
    "is_demo",
    "plan__horizon_starts_on",
    "plan__horizon_ends_on",
    "pk",
)


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """One commitment, in the order of COLUMNS, and its milestones in theirs. None: not known."""

    code: str
    title: str
    health: str
    lead_name: str | None
    lead_is_suggested: bool
    starts_on: date | None
    due_on: date | None
    original_due_on: date | None
    forecast_on: date | None
    closed_on: date | None
    is_continuous: bool
    due_text: str
    progress: Decimal | None
    is_red_line: bool
    is_demo: bool
    horizon_starts_on: date
    horizon_ends_on: date
    pk: int
    milestones: Sequence[Milestone]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelinePage:
    """A page by code. `first_on` and `last_on` bound all rows that match, not only those of the page; None: no row."""

    rows: Sequence[TimelineRow]
    total: int
    matched: int
    matched_is_capped: bool
    next_after: str
    first_on: date | None
    last_on: date | None


def page(viewer: Actor, filters: Filters, *, after: str = "", size: int = PAGE) -> TimelinePage:
    """One page of the visible commitments that pass the filters, after a code: five queries at any depth."""
    found = ledger_rows.filtered(viewer, filters)
    rows = found.filter(code__gt=after) if after else found
    shown = list(rows.order_by("code").values_list(*COLUMNS)[: size + 1])
    milestones: dict[int, list[Milestone]] = defaultdict(list)
    for step in Milestone.objects.filter(commitment__in=[row[-1] for row in shown[:size]]).order_by("order", "pk"):
        milestones[step.commitment_id].append(step)
    bounds = found.order_by().aggregate(
        start=Min("starts_on"),
        first=Min("plan__horizon_starts_on"),
        due=Max("due_on"),
        last=Max("plan__horizon_ends_on"),
    )
    matched = found.order_by()[: COUNT_CAP + 1].count()
    return TimelinePage(
        rows=[_shape(row, milestones[row[-1]]) for row in shown[:size]],
        total=policies.visible_to(viewer).count(),
        matched=min(matched, COUNT_CAP),
        matched_is_capped=matched > COUNT_CAP,
        next_after=shown[size - 1][0] if len(shown) > size else "",
        first_on=min((day for day in (bounds["start"], bounds["first"]) if day), default=None),
        last_on=max((day for day in (bounds["due"], bounds["last"]) if day), default=None),
    )


def everything(viewer: Actor, filters: Filters) -> Iterator[TimelineRow]:
    """All rows that pass, by code, read in pieces: for files, which hold more than a page."""
    after: str | None = ""
    while after is not None:
        piece = page(viewer, filters, after=after, size=PIECE)
        yield from piece.rows
        after = piece.next_after or None


def _shape(row: tuple[Any, ...], milestones: Sequence[Milestone]) -> TimelineRow:
    """A `values_list(*COLUMNS)` tuple and its milestones as a row."""
    return TimelineRow(*[*row, milestones])
