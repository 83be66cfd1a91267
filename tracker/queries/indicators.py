"""Indicators as pages show them: definition, readings reported and verified, and the targets that aim at them.

Definitions and readings are open to everyone who is signed in; a target belongs to its commitment and is read only
through the viewer's sight.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet

from projects.models import Indicator, Reading
from tracker import policies
from tracker.choices import Health
from tracker.models import PathPoint, Target
from tracker.policies import Actor
from tracker.queries import facts, overview
from tracker.queries.ledger_rows import LedgerRow, first_rows
from tracker.queries.overview import TargetView

PAGE, COMMITMENTS = 50, 50
# A file is read in pieces of so many indicators.
PIECE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What narrows the list of indicators. Empty: not narrowed. `wanted`: yes, a target in sight aims at it; no."""

    q: str = ""
    wanted: str = ""
    health: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorRow:
    """An indicator with its readings, oldest first, and the targets in the viewer's sight."""

    indicator: Indicator
    readings: Sequence[Reading]
    targets: Sequence[TargetView]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorPage:
    rows: Sequence[IndicatorRow]
    total: int
    matched: int
    next_after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorView:
    indicator: Indicator
    readings: Sequence[Reading]
    targets: Sequence[TargetView]
    commitments: Sequence[LedgerRow]


def page(viewer: Actor, filters: Filters, *, after: str = "", size: int = PAGE) -> IndicatorPage:
    """One page by code, after a code. Six queries at any depth."""
    found = _filtered(viewer, filters)
    rows = found.filter(code__gt=after) if after else found
    shown = list(rows.order_by("code")[: size + 1])
    return IndicatorPage(
        rows=_rows(shown[:size], viewer),
        total=Indicator.objects.count(),
        matched=found.count(),
        next_after=shown[size - 1].code if len(shown) > size else "",
    )


def everything(viewer: Actor, filters: Filters) -> Iterator[IndicatorRow]:
    """All indicators that pass, by code, read in pieces: for files, which hold more than a page."""
    after: str | None = ""
    while after is not None:
        piece = page(viewer, filters, after=after, size=PIECE)
        yield from piece.rows
        after = piece.next_after or None


def indicator(code: str, *, viewer: Actor) -> IndicatorView | None:
    """The indicator with this code; None when there is none."""
    found = Indicator.objects.filter(code=code).first()
    if found is None:
        return None
    seen = policies.visible_to(viewer)
    return IndicatorView(
        indicator=found,
        readings=list(found.readings.order_by("period_end", "period_start")),
        targets=overview.target_views(Target.objects.filter(indicator=found, commitment__in=seen)),
        commitments=first_rows(seen.filter(targets__indicator=found), size=COMMITMENTS),
    )


def _filtered(viewer: Actor, filters: Filters) -> QuerySet[Indicator]:
    found = Indicator.objects.all()
    if filters.q:
        words = Q(name__icontains=filters.q) | Q(code__icontains=filters.q)
        if filters.q.isascii() and filters.q.isalnum():
            words |= Q(initials__contains=filters.q.lower())
        found = found.filter(words)
    aiming = Target.objects.filter(indicator=OuterRef("pk"), commitment__in=policies.visible_to(viewer))
    if filters.wanted:
        found = found.filter(Exists(aiming) if filters.wanted == "yes" else ~Exists(aiming))
    if filters.health:
        found = found.filter(Exists(aiming.filter(commitment__health=filters.health)))
    return found


def _rows(shown: Sequence[Indicator], viewer: Actor) -> list[IndicatorRow]:
    """Indicators with their readings, targets and paths: three queries."""
    ids = [one.pk for one in shown]
    readings: dict[int, list[Reading]] = defaultdict(list)
    for reading in Reading.objects.filter(indicator__in=ids).order_by("period_end", "period_start"):
        readings[reading.indicator_id].append(reading)
    targets = list(
        Target.objects.filter(indicator__in=ids, commitment__in=policies.visible_to(viewer))
        .select_related("indicator", "commitment")
        .order_by("commitment__code", "pk")
    )
    paths: dict[int, list[tuple[date, Decimal]]] = defaultdict(list)
    for point in PathPoint.objects.filter(target__in=[row.pk for row in targets]).order_by("day"):
        paths[point.target_id].append((point.day, point.value))
    lines: dict[int, list[TargetView]] = defaultdict(list)
    for row in targets:
        lines[row.indicator_id].append(
            TargetView(
                commitment_code=row.commitment.code,
                title=row.indicator.name,
                health=Health(row.commitment.health),
                reasons=row.commitment.health_reasons,
                unit=row.indicator.unit,
                definition=row.indicator.definition,
                note=row.note,
                facts=facts.target_facts(row, readings[row.indicator_id], paths[row.pk]),
                readings=readings[row.indicator_id],
                indicator_code=row.indicator.code,
                commitment_title=row.commitment.title,
            )
        )
    return [IndicatorRow(indicator=one, readings=readings[one.pk], targets=lines[one.pk]) for one in shown]
