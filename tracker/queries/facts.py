"""Gathers what the rules need to know about commitments: a fixed number of queries, whatever their number."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from projects.choices import Direction
from projects.models import ProjectDetails, Reading
from tracker.choices import Comparator, Kind, Stage, VerificationFinding
from tracker.models import Commitment, HealthRuleSet, Milestone, PathPoint, Plan, Target, Verification
from tracker.queries import reporting, workdays
from tracker.rules.facts import CommitmentFacts
from tracker.rules.progress import InvestmentFacts, MilestoneFacts
from tracker.rules.ruleset import RuleSet
from tracker.rules.targets import TargetFacts

DEFAULT_VERSION = "v1"


class Doubt(NamedTuple):
    """A verification that did not confirm, or nothing."""

    finding: VerificationFinding | None = None
    on: date | None = None


NO_DOUBT = Doubt()


def rule_set_in_force(*, today: date) -> RuleSet:
    """The newest rule set in force on `today`; the built-in defaults where none is stored."""
    stored = HealthRuleSet.objects.filter(in_force_from__lte=today).order_by("-in_force_from").first()
    return RuleSet.from_json(stored.version, stored.parameters) if stored else RuleSet(version=DEFAULT_VERSION)


def of_commitments(commitments: Sequence[Commitment]) -> dict[int, CommitmentFacts]:
    """Facts by primary key, in eight queries."""
    ids = [item.pk for item in commitments]
    calendar = workdays.calendar()
    milestones = _milestones(ids)
    targets = _targets(ids)
    plans = _plans(commitments)
    doubts = _unconfirmed(commitments)
    investments = _investments({item.initiative_id for item in commitments if item.initiative_id})
    return {
        item.pk: CommitmentFacts(
            kind=Kind(item.kind),
            stage=Stage(item.stage),
            is_continuous=item.is_continuous,
            is_red_line=item.is_red_line,
            red_line_broken_on=item.red_line_broken_on,
            starts_on=item.starts_on or plans[item.plan_id].horizon_starts_on,
            due_on=assessed_due_on(item) if item.due_on else None,
            forecast_on=item.forecast_on,
            issued_on=item.issued_on,
            exempt_until=item.exempt_until,
            progress=item.progress,
            milestones=tuple(milestones[item.pk]),
            targets=tuple(targets[item.pk]),
            reporting=reporting.facts_of(item, plans[item.plan_id]),
            investment=investments.get(item.initiative_id) if item.initiative_id else None,
            unconfirmed=doubts.get(item.pk, NO_DOUBT).finding,
            unconfirmed_on=doubts.get(item.pk, NO_DOUBT).on,
            calendar=calendar,
        )
        for item in commitments
    }


def assessed_due_on(item: Commitment) -> date | None:
    """The date by which it is assessed: the original one, unless an approved exemption says otherwise (§4.6)."""
    return item.due_on if item.is_assessed_by_current_date else item.original_due_on


def _plans(commitments: Sequence[Commitment]) -> dict[int, Plan]:
    """Their plans by primary key; no query when they were read along."""
    if all(Commitment.plan.is_cached(item) for item in commitments):
        return {item.plan_id: item.plan for item in commitments}
    return Plan.objects.in_bulk({item.plan_id for item in commitments})


def _milestones(ids: Iterable[int]) -> dict[int, list[MilestoneFacts]]:
    found: dict[int, list[MilestoneFacts]] = defaultdict(list)
    rows = Milestone.objects.filter(commitment__in=ids).order_by("order", "pk")
    for commitment, name, planned_on, forecast_on, actual_on, weight in rows.values_list(
        "commitment_id", "name", "planned_on", "forecast_on", "actual_on", "weight"
    ):
        found[commitment].append(
            MilestoneFacts(
                name=name, planned_on=planned_on, forecast_on=forecast_on, actual_on=actual_on, weight=weight
            )
        )
    return found


def _unconfirmed(commitments: Sequence[Commitment]) -> dict[int, Doubt]:
    """The latest verifications that did not confirm, where no report was accepted on a later day."""
    rows = Verification.objects.filter(commitment__in=[item.pk for item in commitments])
    latest: dict[int, Verification] = {}
    for row in rows.order_by("verified_on", "pk"):
        latest[row.commitment_id] = row
    found: dict[int, Doubt] = {}
    for item in commitments:
        row_or_none = latest.get(item.pk)
        if row_or_none is None or row_or_none.finding == VerificationFinding.CONFIRMED:
            continue
        if item.last_accepted_on is None or item.last_accepted_on <= row_or_none.verified_on:
            found[item.pk] = Doubt(VerificationFinding(row_or_none.finding), row_or_none.verified_on)
    return found


def _investments(initiative_ids: Iterable[int]) -> dict[int, InvestmentFacts]:
    rows = ProjectDetails.objects.filter(pk__in=initiative_ids, plan_year__isnull=False)
    return {
        row.pk: InvestmentFacts(
            year=row.plan_year or 0, planned_wan=row.year_investment_wan, done_wan=row.year_invested_wan
        )
        for row in rows
    }


def _targets(ids: Iterable[int]) -> dict[int, list[TargetFacts]]:
    rows = list(Target.objects.filter(commitment__in=ids).select_related("indicator", "commitment").order_by("pk"))
    readings: dict[int, list[Reading]] = defaultdict(list)
    for reading in Reading.objects.filter(indicator__in={row.indicator_id for row in rows}).order_by("period_end"):
        readings[reading.indicator_id].append(reading)
    paths: dict[int, list[tuple[date, Decimal]]] = defaultdict(list)
    for point in PathPoint.objects.filter(target__in=[row.pk for row in rows]).order_by("day"):
        paths[point.target_id].append((point.day, point.value))
    found: dict[int, list[TargetFacts]] = defaultdict(list)
    for row in rows:
        found[row.commitment_id].append(target_facts(row, readings[row.indicator_id], paths[row.pk]))
    return found


def target_facts(row: Target, readings: Sequence[Reading], path: Sequence[tuple[date, Decimal]] = ()) -> TargetFacts:
    """Facts of one target; `readings` are its indicator's, oldest first. Verified wins over reported."""
    base = next((_value(r) for r in readings if row.base_year and _is_year(r, row.base_year)), None)
    later = [r for r in readings if not row.base_year or r.period_end.year > row.base_year]
    latest = later[-1] if later else None
    return TargetFacts(
        comparator=Comparator(row.comparator),
        direction=Direction(row.indicator.direction),
        value=row.value,
        value_max=row.value_max,
        growth_percent=row.growth_percent,
        base_year=row.base_year,
        base_value=base,
        due_on=assessed_due_on(row.commitment),
        latest_value=_value(latest) if latest else None,
        latest_on=latest.period_end if latest else None,
        path=tuple(path),
        unit=row.indicator.unit,
        readings=tuple((reading.period_end, value) for reading in readings if (value := _value(reading)) is not None),
    )


def _value(reading: Reading) -> Decimal | None:
    return reading.verified if reading.verified is not None else reading.reported


def _is_year(reading: Reading, year: int) -> bool:
    return reading.period_start == date(year, 1, 1) and reading.period_end == date(year, 12, 31)
