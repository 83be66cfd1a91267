"""The roll-up tells the truth after every change of a commitment, on both databases, and its triggers stand."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories import (
    TODAY,
    make_cast,
    make_clause,
    make_commitment,
    make_department,
    make_plan,
)
from tracker.actions import health, plans, rollup, sweep
from tracker.choices import Health, Stage
from tracker.migrations import _rollup
from tracker.models import Clause, Commitment, LightCell, Plan
from tracker.policies import SYSTEM, Actor
from tracker.queries import rollup as counted
from tracker.queries import rollup_check
from tracker.queries.rollup_check import Difference

pytestmark = pytest.mark.django_db

TRIGGERS = {
    "sqlite": {
        "tracker_event_no_update",
        "tracker_event_no_delete",
        "tracker_extension_no_update",
        "tracker_extension_no_delete",
        "tracker_rollup_insert",
        "tracker_rollup_delete",
        "tracker_rollup_update",
        "tracker_rollup_chapter",
    },
    "postgresql": {
        "tracker_event_no_change",
        "tracker_extension_no_update",
        "tracker_extension_no_delete",
        "tracker_rollup_rows",
        "tracker_rollup_update",
        "tracker_rollup_lock",
        "tracker_rollup_chapter",
    },
}
LEADER = SYSTEM  # sees what a leader sees


def standing_triggers() -> set[str]:
    catalogue = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }
    with connection.cursor() as cursor:
        cursor.execute(catalogue[connection.vendor])
        return {name for (name,) in cursor.fetchall()}


def test_after_all_migrations_every_trigger_stands() -> None:
    """A migration that makes a table anew on SQLite drops its triggers: it has to set them again (_rollup.guard)."""
    assert TRIGGERS[connection.vendor] <= standing_triggers()


def test_the_triggers_and_the_queries_mean_the_same_columns() -> None:
    assert _rollup.COLUMNS.split(", ")[4:] == list(counted.Sums._fields)


@pytest.fixture
def house() -> dict[str, Any]:
    cast, plan, other = make_cast(), make_plan(), make_plan("P2")
    chapters = [make_clause(plan, f"{number}") for number in range(3)]
    for chapter in chapters:
        Clause.objects.filter(pk=chapter.pk).update(chapter=chapter)
    clause = make_clause(plan, "1.1")
    Clause.objects.filter(pk=clause.pk).update(chapter=chapters[0])
    return {"cast": cast, "plans": [plan, other], "chapters": chapters, "clauses": [None, *chapters, clause]}


def cells() -> list[tuple[Any, ...]]:
    return list(LightCell.objects.order_by("pk").values_list("plan", "chapter", "lead", "health", "items", "known"))


def test_one_commitment_adds_one_and_a_change_moves_it(house: dict[str, Any]) -> None:
    plan, chapter = house["plans"][0], house["chapters"][0]
    lead = house["cast"].science
    item = make_commitment(plan=plan, clause=chapter, department=lead, progress=Decimal("12.50"))
    key = (plan.pk, chapter.pk, lead.pk)
    assert cells() == [(*key, "no_data", 1, 1)]
    item.title = "另一个名称"
    item.save()
    assert len(cells()) == 1, "what is not counted appends nothing"
    item.health = Health.AT_RISK
    item.save()
    assert cells()[1:] == [(*key, "no_data", -1, -1), (*key, "at_risk", 1, 1)]
    assert rollup.fold() == 2
    assert cells() == [(*key, "at_risk", 1, 1)]
    Commitment.objects.filter(pk=item.pk).delete()
    assert rollup.fold() == 2
    assert cells() == []


def test_a_clause_that_moves_to_another_chapter_takes_its_commitments_along(house: dict[str, Any]) -> None:
    plan, (first, second, _third) = house["plans"][0], house["chapters"]
    clause = house["clauses"][-1]
    for _ in range(3):
        make_commitment(plan=plan, clause=clause, department=house["cast"].science)
    plans.set_clause(plan, clause.code, values={"parent": second}, by=SYSTEM)
    rollup.fold()
    assert [(row[1], row[4]) for row in cells()] == [(second.pk, 3)]
    assert first.pk not in {row[1] for row in cells()}
    assert rollup_check.differences() == []


CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["create", "delete", "light", "progress", "stage", "lead", "clause", "plan", "kind", "chapter",
                         "bulk", "reassess", "fold"]),
        st.integers(0, 5),
        st.integers(0, 6),
    ),
    max_size=25,
)  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=CHANGES)
def test_the_roll_up_equals_the_commitments_after_any_sequence_of_changes(
    house: dict[str, Any], changes: list[tuple[str, int, int]]
) -> None:
    """Counted from the roll-up and counted from the rows: the same summaries and the same matrix."""
    with transaction.atomic():
        for number in range(3):
            make_commitment(plan=house["plans"][0], department=house["cast"].science, clause=house["clauses"][number])
        for what, which, how in changes:
            change(house, what, which, how)
        assert rollup_check.differences() == []
        for plan in house["plans"]:
            told = counted.of_plan(plan, viewer=LEADER)
            rows = Commitment.objects.filter(plan=plan)
            assert (told.counts, told.work) == (counted.count_lights(rows), counted.work_done(rows))
            assert shown(plan, LEADER) == from_rows(plan)
        transaction.set_rollback(True)


def change(house: dict[str, Any], what: str, which: int, how: int) -> None:
    items = list(Commitment.objects.order_by("pk"))
    leads = [None, house["cast"].science, house["cast"].health_bureau]
    if what == "create" or not items:
        make_commitment(
            plan=house["plans"][how % 2], department=leads[which % 3], is_continuous=how == 3, is_red_line=how == 4,
            progress=Decimal(how * 10) if how % 2 and how != 4 else None, health=list(Health)[how],
        )  # fmt: skip
        return
    item = items[which % len(items)]
    one = Commitment.objects.filter(pk=item.pk)
    if what == "delete":
        one.filter(events__isnull=True).delete()  # what the log tells of stays
    elif what == "light":
        one.update(health=list(Health)[how])
    elif what == "progress":
        one.filter(is_red_line=False).update(progress=Decimal("33.33") * how / 3, progress_basis="reported")
    elif what == "stage":
        one.update(stage=list(Stage)[how + 3])
    elif what == "lead":
        one.update(lead=leads[how % 3])
    elif what == "clause":
        one.update(clause=house["clauses"][how % 5])
    elif what == "plan":
        one.update(plan=house["plans"][how % 2])
    elif what == "kind":
        one.update(is_red_line=how % 2 == 1, is_continuous=how % 3 == 1, due_on=None, progress=None)
    elif what == "chapter":
        Clause.objects.filter(pk=house["clauses"][-1].pk).update(chapter=(*house["chapters"], None)[how % 4])
    elif what == "bulk":
        Commitment.objects.filter(pk__gte=item.pk).update(health=list(Health)[how], stage=Stage.CLOSED)
    elif what == "reassess":
        health.reassess(items, today=TODAY)
    else:
        rollup.fold()


def shown(plan: Plan, viewer: Actor) -> dict[tuple[int, int], dict[str, int]]:
    found = counted.matrix(plan, viewer)
    return {key: {str(light): count for light, count in cell.lights.items()} for key, cell in found.cells.items()}


def from_rows(plan: Plan) -> dict[tuple[int, int], dict[str, int]]:
    found: dict[tuple[int, int], dict[str, int]] = {}
    rows = Commitment.objects.filter(plan=plan, clause__chapter__isnull=False, lead__isnull=False)
    for chapter, lead, light in rows.values_list("clause__chapter", "lead", "health"):
        assert chapter is not None  # the rows say so
        cell = found.setdefault((chapter, lead), {})
        cell[light] = cell.get(light, 0) + 1
    return found


def test_a_department_counts_its_own_and_what_it_joins(house: dict[str, Any]) -> None:
    cast, (plan, _other) = house["cast"], house["plans"]
    make_commitment(plan=plan, department=cast.science, clause=house["chapters"][0], health=Health.DONE)
    make_commitment(plan=plan, department=cast.health_bureau, clause=house["chapters"][0])
    told = counted.of_plan(plan, viewer=cast.actor("lin"))
    assert {light: count for light, count in told.counts.items() if count} == {Health.DONE: 1}
    assert [found.plan for found in counted.summaries(cast.actor("lin"))] == [plan]
    matrix = counted.matrix(plan, cast.actor("lin"))
    assert [(name, code) for _pk, name, code in matrix.departments] == [(cast.science.short_name, cast.science.code)]


def test_the_matrix_shows_the_gravest_light_and_counts_the_departments_left_out(house: dict[str, Any]) -> None:
    plan, chapter = house["plans"][0], house["chapters"][0]
    for number in range(4):
        for light in list(Health)[: number + 1]:
            make_commitment(plan=plan, department=make_department(f"m{number}"), clause=chapter, health=light)
    make_commitment(plan=plan, department=None, clause=chapter)
    found = counted.matrix(plan, LEADER, width=2)
    assert [code for _pk, _name, code in found.departments] == ["m3", "m2"]
    assert found.hidden == 2
    cell = found.cells[(chapter.pk, found.departments[0][0])]
    assert (cell.health, cell.count) == (Health.OFF_TRACK, 4)


@pytest.fixture
def spoiled(house: dict[str, Any]) -> Commitment:
    """A roll-up that was written past the triggers: one commitment too many in one cell, one missing in another."""
    item = make_commitment(plan=house["plans"][0], department=house["cast"].science, progress=Decimal("40.25"))
    LightCell.objects.update(health=Health.DONE)
    return item


def test_a_wrong_roll_up_is_found_named_and_mended(spoiled: Commitment) -> None:
    def difference(light: str, sign: int) -> Difference:
        return Difference(
            plan_id=spoiled.plan_id, chapter_id=None, lead_id=spoiled.lead_id, health=light, items=sign, done=0,
            known=sign, progress_sum=sign * Decimal("40.25"), unknown=0,
        )  # fmt: skip

    assert rollup_check.differences() == [difference("done", 1), difference("no_data", -1)]
    with pytest.raises(CommandError, match="2 cells of the roll-up are wrong"):
        call_command("check_rollup")
    call_command("check_rollup", "--repair")
    assert rollup_check.differences() == []
    call_command("check_rollup")


def test_the_sweep_mends_it_says_so_and_folds(spoiled: Commitment, caplog: pytest.LogCaptureFixture) -> None:
    from django.utils import timezone

    with caplog.at_level("ERROR", logger="tracker.actions.sweep"):
        first = sweep.run(today=date(2026, 1, 10), now=timezone.now())
    assert "the roll-up was wrong" in caplog.text
    assert (first.failed_count, rollup_check.differences()) == (1, [])
    assert sweep.run(today=date(2026, 1, 10), now=timezone.now()).failed_count == 0
    assert LightCell.objects.count() == 1


def test_the_migration_counts_what_stood_before_it(house: dict[str, Any]) -> None:
    for number, light in enumerate(Health):
        make_commitment(
            plan=house["plans"][number % 2], department=house["cast"].science, clause=house["clauses"][number % 5],
            health=light, stage=list(Stage)[number + 3], progress=None if number % 2 else Decimal(number),
        )  # fmt: skip
    LightCell.objects.all().delete()
    assert len(rollup_check.differences()) == len(Health)
    with connection.cursor() as cursor:
        cursor.execute(_rollup.BEGIN)
    assert rollup_check.differences() == []


@pytest.mark.parametrize("size", [30, 3000])
def test_the_folded_roll_up_has_as_many_rows_as_there_are_kinds_of_commitments(
    house: dict[str, Any], size: int, django_assert_num_queries: Any
) -> None:
    """Thirty commitments or three thousand: the leader's figures are read from as many rows by as many questions."""
    plan = house["plans"][0]
    Commitment.objects.bulk_create(
        Commitment(
            code=f"K-{number}", title="事", kind="action", plan=plan, clause=house["chapters"][number % 3],
            lead=house["cast"].science, health=list(Health)[number % 5],
        )
        for number in range(size)
    )  # fmt: skip
    rollup.fold()
    assert LightCell.objects.count() == 15
    with django_assert_num_queries(2):
        (summary,) = counted.summaries(LEADER)
    with django_assert_num_queries(3):
        matrix = counted.matrix(plan, LEADER)
    assert summary.total == sum(cell.count for cell in matrix.cells.values()) == size
