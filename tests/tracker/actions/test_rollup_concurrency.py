"""The roll-up while several people write, on PostgreSQL: folded, moved and changed at once, it stays right."""

import random
from collections.abc import Callable

import pytest
from django.db import transaction

from tests.factories import make_cast, make_clause, make_commitment, make_plan
from tests.tracker.actions.test_concurrency import at_once
from tracker.actions import rollup
from tracker.choices import Health
from tracker.models import Clause, Commitment, LightCell
from tracker.queries import rollup_check

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROUNDS = 25


def test_writers_folders_and_a_clause_that_moves_leave_a_right_roll_up() -> None:
    cast, plan = make_cast(), make_plan()
    first, second, clause = (make_clause(plan, code) for code in ("1", "2", "1.1"))
    items = [make_commitment(plan=plan, clause=clause, department=cast.science) for _ in range(6)]

    def writer(seed: int) -> Callable[[], object]:
        pick = random.Random(seed)

        def write() -> None:
            for _ in range(ROUNDS):
                with transaction.atomic():
                    rows = Commitment.objects.filter(pk=pick.choice(items).pk)
                    rows.update(
                        health=pick.choice(list(Health)), progress=pick.randrange(100), progress_basis="reported"
                    )

        return write

    def move() -> None:
        for number in range(ROUNDS):
            Clause.objects.filter(pk=clause.pk).update(chapter=(first, second)[number % 2])

    def fold() -> None:
        for _ in range(ROUNDS):
            rollup.fold()

    results = at_once(writer(1), writer(2), writer(3), move, fold, fold)
    assert results == [None] * 6
    assert rollup_check.differences() == []
    rollup.fold()
    assert rollup_check.differences() == []
    assert sum(LightCell.objects.values_list("items", flat=True)) == len(items)
    assert LightCell.objects.count() <= len(items)


def test_two_repairs_at_once_mend_a_fault_once() -> None:
    cast = make_cast()
    make_commitment(department=cast.science)
    LightCell.objects.all().delete()
    assert sorted(at_once(rollup.repair, rollup.repair)) == [0, 1]  # type: ignore[type-var]
    assert rollup_check.differences() == []
