"""What the desks of all audiences share: cards of reports and of matters, cut to what a section shows.

The desks themselves: `desk_department`, `desk_office`, `desk_leader`. Each asks a fixed number of queries.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from django.db.models import Count, Model, QuerySet, Window
from django.utils import timezone

from tracker.choices import ReportState
from tracker.models import Commitment, ProgressReport
from tracker.queries.questions import Cards

SHOWN = 12  # cards of one section; the rest is counted and linked
NEWS_DAYS = 30  # how long an answer stays on the desk
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportCard:
    """A report on the desk: returned, or waiting for review. `at`: when that happened; None: not known."""

    report_id: int
    ref: UUID
    code: str
    title: str
    health: str
    owner: str
    period_start: date
    period_end: date
    reason: str
    reviewer: str
    at: datetime | None
    waited_days: int
    is_late: bool
    is_demo: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reports:
    """The first cards, and how many there are in all. `ids`: the keys of all, where no filter of a list gives these."""

    rows: Sequence[ReportCard] = ()
    total: int = 0
    ids: Sequence[int] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterCard:
    """A commitment on the desk.

    `proposed`: whom a refusal named as the right owner; "": nobody. `reason`: its words, where the list asks for them.
    """

    commitment_id: int
    code: str
    title: str
    health: str
    owner: str
    owner_is_suggested: bool
    proposed: str
    reason: str
    due_on: date | None
    days_left: int | None
    issued_on: date | None
    is_demo: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Matters:
    """The first cards, and how many there are in all; `ids` as in `Reports`."""

    rows: Sequence[MatterCard] = ()
    total: int = 0
    ids: Sequence[int] = ()


# Nothing to show: empty sections of all desks.
NO_REPORTS, NO_MATTERS, NO_CARDS = Reports(), Matters(), Cards()


def cut(rows: QuerySet[Row], *, size: int = SHOWN) -> tuple[list[Row], int]:
    """The first rows and the number of all of them, in one query."""
    shown = list(rows.annotate(all_rows=Window(Count("pk")))[:size])
    return shown, getattr(shown[0], "all_rows", 0) if shown else 0


def reports(rows: QuerySet[ProgressReport], *, today: date) -> Reports:
    """Cards of these reports in their order. One query."""
    found, total = cut(rows.select_related("commitment__lead", "reviewer"))
    return Reports(rows=[_report(row, today=today) for row in found], total=total)


def named_reports(rows: QuerySet[ProgressReport], *, today: date) -> Reports:
    """As `reports`, with the keys of all of them. Two queries."""
    ids = list(rows.values_list("pk", flat=True))
    found = rows.select_related("commitment__lead", "reviewer")[:SHOWN]
    return Reports(rows=[_report(row, today=today) for row in found], total=len(ids), ids=ids)


def matters(rows: QuerySet[Commitment], *, today: date, size: int = SHOWN) -> Matters:
    """Cards of these commitments in their order. One query."""
    found, total = cut(rows.select_related("lead", "proposed_lead"), size=size)
    return Matters(rows=[_matter(row, today=today) for row in found], total=total)


def named_matters(rows: QuerySet[Commitment], *, today: date) -> Matters:
    """As `matters`, with the keys of all of them. Two queries."""
    ids = list(rows.values_list("pk", flat=True))
    found = rows.select_related("lead", "proposed_lead")[:SHOWN]
    return Matters(rows=[_matter(row, today=today) for row in found], total=len(ids), ids=ids)


def days_since(moment: datetime | None, *, today: date) -> int:
    """Whole days from a moment's local date to today; 0 for an unknown one."""
    return (today - timezone.localdate(moment)).days if moment else 0


def _report(row: ProgressReport, *, today: date) -> ReportCard:
    item = row.commitment
    at = row.reviewed_at if row.state == ReportState.RETURNED else row.submitted_at
    return ReportCard(
        report_id=row.pk,
        ref=row.ref,
        code=item.code,
        title=item.title,
        health=item.health,
        owner=item.lead.short_name if item.lead else "",
        period_start=row.period_start,
        period_end=row.period_end,
        reason=row.return_reason,
        reviewer=str(row.reviewer) if row.reviewer else "",
        at=at,
        waited_days=days_since(at, today=today),
        is_late=row.is_late,
        is_demo=row.is_demo,
    )


def _matter(row: Commitment, *, today: date) -> MatterCard:
    return MatterCard(
        commitment_id=row.pk,
        code=row.code,
        title=row.title,
        health=row.health,
        owner=row.lead.short_name if row.lead else "",
        owner_is_suggested=row.lead_is_suggested,
        reason=getattr(row, "why", None) or "",
        proposed=row.proposed_lead.short_name if row.proposed_lead else "",
        due_on=row.due_on,
        days_left=(row.due_on - today).days if row.due_on else None,
        issued_on=row.issued_on,
        is_demo=row.is_demo,
    )
