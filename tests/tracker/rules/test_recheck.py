"""The invariant that lets pages trust a stored light: until `recheck_on` the answer is the same, on it it is not."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projects.choices import Direction
from tracker.choices import Comparator, Kind, Stage
from tracker.rules import health
from tracker.rules.health import (
    CommitmentFacts,
    Cycle,
    InvestmentFacts,
    MilestoneFacts,
    ReportingFacts,
    RuleSet,
    TargetFacts,
)

TODAY = date(2026, 6, 15)
FAR = 800

days = st.integers(-500, 700).map(lambda offset: TODAY + timedelta(days=offset))
maybe_day = st.none() | days
numbers = st.decimals(-50, 400, places=1)
percents = st.decimals(0, 100, places=1)

milestones = st.builds(
    MilestoneFacts,
    name=st.sampled_from(["开工", "投产"]),
    planned_on=maybe_day,
    forecast_on=maybe_day,
    actual_on=st.none() | maybe_day,
    weight=st.none() | st.sampled_from([Decimal(0), Decimal(30), Decimal("33.3"), Decimal(70)]),
)
targets = st.builds(
    TargetFacts,
    comparator=st.sampled_from(Comparator),
    direction=st.sampled_from(Direction),
    value=st.none() | numbers,
    value_max=st.none() | numbers,
    growth_percent=st.none() | percents,
    base_year=st.none() | st.integers(2020, 2027),
    base_value=st.none() | numbers,
    due_on=maybe_day,
    latest_value=st.none() | numbers,
    latest_on=maybe_day,
    path=st.lists(st.tuples(days, numbers), max_size=3).map(tuple),
    unit=st.sampled_from(["", "户", "%"]),
)
reporting = st.builds(
    ReportingFacts,
    cycle=st.sampled_from(Cycle),
    grace_days=st.integers(0, 40),
    tracked_since=maybe_day,
    last_period_end=maybe_day,
)
investments = st.builds(
    InvestmentFacts,
    year=st.integers(2025, 2028),
    planned_wan=st.none() | st.decimals(0, 1000, places=1),
    done_wan=st.none() | st.decimals(0, 1200, places=1),
)
# Stages in which time does something come up more often than those in which it cannot.
stages = st.sampled_from([*Stage, *[Stage.ACCEPTED, Stage.IN_PROGRESS, Stage.ISSUED, Stage.EXEMPT] * 3])
commitments = st.builds(
    CommitmentFacts,
    kind=st.sampled_from([Kind.TARGET, Kind.PROJECT, Kind.ACTION]),
    stage=stages,
    is_continuous=st.sampled_from([False, False, False, True]),
    is_red_line=st.sampled_from([False, False, False, True]),
    red_line_broken_on=maybe_day,
    starts_on=maybe_day,
    due_on=maybe_day,
    forecast_on=maybe_day,
    issued_on=maybe_day,
    exempt_until=maybe_day,
    progress=st.none() | percents,
    milestones=st.lists(milestones, max_size=3).map(tuple),
    targets=st.lists(targets, max_size=2).map(tuple),
    reporting=reporting,
    investment=st.none() | investments,
)
rule_sets = st.sampled_from(
    [
        health.DEFAULT,
        RuleSet(version="ratio", mode="ratio"),
        RuleSet(version="calm", behind_at_risk=Decimal("7.5"), missed_at_risk=2, milestone_off_track_days=0),
    ]
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(facts=commitments, rule_set=rule_sets)
def test_until_the_recheck_day_light_and_reasons_stay_and_on_it_they_change(
    facts: CommitmentFacts, rule_set: RuleSet
) -> None:
    now = health.assess(facts, rule_set=rule_set, today=TODAY)
    end = TODAY + timedelta(days=FAR) if now.recheck_on is None else now.recheck_on
    assert end > TODAY
    # Only the day's own judgement is asked; looking further ahead every day would ask the same days again.
    for offset in range((min(end, TODAY + timedelta(days=FAR)) - TODAY).days):
        then = health.judge(facts, rule_set, TODAY + timedelta(days=offset))
        assert (then.health, then.reasons) == (now.health, now.reasons), offset
    if now.recheck_on is not None:
        changed = health.judge(facts, rule_set, now.recheck_on)
        assert (changed.health, changed.reasons) != (now.health, now.reasons)


@settings(max_examples=100, deadline=None)
@given(facts=commitments)
def test_every_answer_has_a_reason_and_survives_json(facts: CommitmentFacts) -> None:
    answer = health.assess(facts, rule_set=health.DEFAULT, today=TODAY)
    assert answer.reasons
    assert all(health.Reason.from_json(reason.to_json()) == reason for reason in answer.reasons)
