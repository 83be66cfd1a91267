"""Facts for tests: a boring commitment, in progress, about which nothing is known. A test states what matters."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from projects.errors import DomainError
from tracker.choices import Comparator, Health, Kind
from tracker.rules import health
from tracker.rules.health import CommitmentFacts, MilestoneFacts, ReportingFacts, TargetFacts

TODAY = date(2026, 6, 15)

# Starts and ends so that a day is a percent: 100 days, both ends counted.
HUNDRED_DAYS: dict[str, Any] = {"starts_on": date(2026, 3, 1), "due_on": date(2026, 6, 8)}
# The plan's own target: 201 enterprises in 2023, 30 % more by the end of 2026, at least 262.
ENTERPRISES = TargetFacts(
    comparator=Comparator.GROWTH_AT_LEAST,
    growth_percent=Decimal(30),
    base_year=2023,
    base_value=Decimal(201),
    due_on=date(2026, 12, 31),
    unit="户",
)


def look(facts: CommitmentFacts, *, today: date = TODAY, **rules: Any) -> tuple[str, list[str]]:
    """Light and reason codes, under the default rule set or with some thresholds changed."""
    rule_set = replace(health.DEFAULT, **rules)
    assessment = health.assess(facts, rule_set=rule_set, today=today)
    return Health(assessment.health).value, [reason.code for reason in assessment.reasons]


def light(facts: CommitmentFacts, *, today: date = TODAY, **rules: Any) -> str:
    """The light alone."""
    return look(facts, today=today, **rules)[0]


def recheck(facts: CommitmentFacts, *, today: date = TODAY) -> date | None:
    """The first day on which time alone changes the answer."""
    return health.assess(facts, rule_set=health.DEFAULT, today=today).recheck_on


def milestone(
    planned_on: date | None = None, *, weight: int | None = 50, actual_on: date | None = None
) -> MilestoneFacts:
    """A milestone that counts half, unless said otherwise."""
    whole = None if weight is None else Decimal(weight)
    return MilestoneFacts(name="投产", planned_on=planned_on, actual_on=actual_on, weight=whole)


def reading(value: str, on: date, *, target: TargetFacts = ENTERPRISES) -> TargetFacts:
    """The target with a latest reading."""
    return replace(target, latest_value=Decimal(value), latest_on=on)


def target_commitment(*targets: TargetFacts, **facts: Any) -> CommitmentFacts:
    """A commitment that is a target."""
    return CommitmentFacts(kind=Kind.TARGET, targets=targets, **facts)


def monthly(since: date, *, last: date | None = None) -> ReportingFacts:
    """Reports owed every month, five days after its end at the latest."""
    return ReportingFacts(tracked_since=since, last_period_end=last)


@contextmanager
def refused(code: str, *, field: str = "") -> Iterator[None]:
    """Expect a refusal with this code, and at this field when one is named."""
    with pytest.raises(DomainError) as refusal:
        yield
    assert refusal.value.code == code
    assert field in {"", refusal.value.field}
