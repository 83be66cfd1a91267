"""`load_plan nanchong`: the city's decision stands in the ledger, once, with nothing invented."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.management import CommandError

from projects.models import Designation, Indicator, Initiative, ProjectDetails, Reading, SyncClock
from tests.factories import TODAY
from tests.tracker.management.conftest import run
from tracker.choices import Health, Kind, Stage
from tracker.models import (
    Clause,
    Commitment,
    CommitmentDepartment,
    Department,
    Event,
    HealthRuleSet,
    Milestone,
    Plan,
    ProgressReport,
    ReminderRule,
    Target,
)
from tracker.queries import chain, facts
from tracker.rules import targets

pytestmark = [pytest.mark.usefixtures("nanchong"), pytest.mark.django_db]


def test_the_decision_stands_with_all_its_commitments(nanchong: str) -> None:
    assert Commitment.objects.count() == 204
    assert "204 commitments" in nanchong
    assert set(Commitment.objects.values_list("kind", flat=True)) == set(Kind.values)
    assert set(Commitment.objects.values_list("stage", flat=True)) == {Stage.REGISTERED}
    assert set(Commitment.objects.values_list("health", flat=True)) == {Health.NOT_STARTED}


def test_a_second_run_changes_nothing() -> None:
    tables: list[Any] = [Commitment, Clause, Plan, Department, Initiative, Indicator, Target, Designation]
    tables += [HealthRuleSet, ReminderRule, Reading, CommitmentDepartment]

    def state() -> list[object]:
        return [list(table.objects.order_by("pk").values()) for table in tables] + [
            Event.objects.count(),
            SyncClock.objects.get().rev,
        ]

    before = state()
    assert run("load_plan", "nanchong") == "Loaded nanchong: nothing new.\n"
    assert state() == before


def test_a_second_run_keeps_what_people_corrected() -> None:
    Commitment.objects.filter(code="NC-001").update(title="改过的题目", lead_is_suggested=False)
    Department.objects.filter(code="kjj").update(short_name="科技")
    run("load_plan", "nanchong")
    item = Commitment.objects.get(code="NC-001")
    assert (item.title, item.lead_is_suggested) == ("改过的题目", False)
    assert Department.objects.get(code="kjj").short_name == "科技"


def test_every_owner_is_only_suggested() -> None:
    assert not Commitment.objects.filter(lead__isnull=True).exists()
    assert not Commitment.objects.filter(lead_is_suggested=False).exists()
    assert not CommitmentDepartment.objects.filter(is_suggested=False).exists()
    assert CommitmentDepartment.objects.exists()


def test_no_milestone_no_money_no_report_and_no_progress_was_invented() -> None:
    assert not Milestone.objects.exists()
    assert not ProgressReport.objects.exists()
    assert not Commitment.objects.filter(progress__isnull=False).exists()
    for name in ("total_investment_wan", "year_investment_wan", "year_invested_wan", "physical_percent"):
        assert not ProjectDetails.objects.filter(**{f"{name}__isnull": False}).exists()
    assert not Commitment.objects.filter(is_demo=True).exists()
    assert not Clause.objects.exclude(verbatim="").exists()


def test_the_only_readings_are_the_two_with_a_public_source() -> None:
    found = list(Reading.objects.order_by("period_end").values_list("period_end__year", "verified", "reported"))
    assert found == [(2022, Decimal(143), None), (2023, Decimal(201), None)]
    assert all(Reading.objects.values_list("source", flat=True))


def test_the_target_of_high_tech_enterprises_is_computed_from_its_base() -> None:
    target = Target.objects.get(indicator__code="high-tech-enterprises")
    known = facts.of_commitments([target.commitment])[target.commitment_id].targets[0]
    assert (known.base_year, known.base_value) == (2023, Decimal(201))
    assert targets.required_value(known) == Decimal(262)


def test_a_target_without_its_base_computes_nothing() -> None:
    for target in Target.objects.exclude(indicator__code="high-tech-enterprises"):
        known = facts.of_commitments([target.commitment])[target.commitment_id].targets
        assert [targets.required_value(one) for one in known if one.growth_percent] == [None]


def test_dates_are_inside_the_horizon_and_say_what_they_rest_on() -> None:
    plan = Plan.objects.get()
    dated = Commitment.objects.filter(due_on__isnull=False)
    assert dated.exists()
    assert not dated.filter(due_on__gt=plan.horizon_ends_on).exists()
    assert not dated.filter(due_basis="").exists()
    assert Commitment.objects.filter(is_continuous=True, due_on__isnull=True).exists()
    assert Commitment.objects.filter(is_red_line=True).exists()


def test_every_clause_knows_its_chapter_and_every_commitment_its_place() -> None:
    assert not Clause.objects.filter(chapter__isnull=True).exists()
    assert not Commitment.objects.filter(clause__isnull=True).exists()
    assert not Commitment.objects.exclude(clause__plan=Plan.objects.get()).exists()


def test_it_went_through_actions_and_the_chain_holds() -> None:
    registered = Event.objects.filter(kind="commitment_registered")
    assert registered.count() == 204
    assert not Event.objects.exclude(actor=None).exists()
    assert not Commitment.objects.filter(revision=0).exists()
    assert chain.verify() == chain.ChainResult(event_count=Event.objects.count())


@pytest.mark.parametrize("name", ["atlantis", "../nanchong", "", "nanchong/plan.toml"])
def test_an_unknown_plan_is_refused_with_one_sentence(name: str) -> None:
    with pytest.raises(CommandError, match="no files of a plan called") as refusal:
        run("load_plan", name)
    assert str(refusal.value).endswith(".")
    assert "\n" not in str(refusal.value)


def test_what_the_plan_marks_public_waits_for_the_public_from_the_day_of_loading() -> None:
    public = Commitment.objects.filter(is_public=True)
    assert public.exists()
    assert set(public.values_list("published_on", flat=True)) == {TODAY}
    assert not Commitment.objects.filter(is_public=False, published_on__isnull=False).exists()
