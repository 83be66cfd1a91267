"""Rows written by sets are the rows that the ORM would have written, on both databases."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DataError, IntegrityError, transaction

from projects.actions import bulk
from tests.factories import make_commitment, make_department, make_plan
from tracker.choices import Health, Kind, Stage
from tracker.models import Commitment, CommitmentDepartment, LightCell, Milestone

pytestmark = pytest.mark.django_db
COUNT = 5


@pytest.fixture(autouse=True)
def _few_are_many(monkeypatch):
    monkeypatch.setattr(bulk, "FEW", 0)
    monkeypatch.setattr(bulk, "ROWS_A_STATEMENT", 2)


def made(code, *, plan, **more):
    said = {
        "title": "建\t“设”\\n",
        "kind": Kind.ACTION,
        "due_on": date(2026, 6, 30),
        "original_due_on": date(2026, 6, 30),
    }
    return Commitment(code=code, plan=plan, health_reasons=[{"code": "x", "params": {"a": "“\\"}}], **said | more)


def stored(item):
    """Every column but the key, the code and the times."""
    left = {"id", "code", "created_at", "updated_at"}
    names = [field.attname for field in Commitment._meta.concrete_fields if field.attname not in left]
    return Commitment.objects.values(*names).get(pk=item.pk)


def test_a_row_has_what_save_would_have_given_it():
    plan, lead = make_plan(), make_department("a", name="甲局")
    one = made("S-1", plan=plan, lead=lead, progress=Decimal("12.50"), progress_basis="reported", stage=Stage.ISSUED)
    one.save()
    rows = [
        made(f"B-{n}", plan=plan, lead=lead, progress=Decimal("12.50"), progress_basis="reported", stage=Stage.ISSUED)
        for n in range(COUNT)
    ]
    bulk.insert(rows)
    assert len({row.pk for row in rows} | {one.pk}) == COUNT + 1
    for row in rows:
        assert stored(row) == stored(one)
        fresh = Commitment.objects.get(code=row.code)
        assert (fresh.pk, fresh.created_at, fresh._state.adding) == (row.pk, row.created_at, row._state.adding)
    make_commitment("S-2", plan=plan)  # the next key is free
    assert LightCell.objects.filter(plan=plan).count() >= COUNT, "the roll-up's triggers ran"


def test_a_maker_gives_each_object_defaults_of_its_own():
    make = bulk.maker(Commitment, is_demo=True)
    one, other = make(), make()
    plain = Commitment(is_demo=True)
    for field in Commitment._meta.concrete_fields:
        assert getattr(one, field.attname) == getattr(plain, field.attname), field.name
    assert one.health_reasons is not other.health_reasons


def test_values_are_stored_with_the_defaults_of_what_they_do_not_say():
    item, department = make_commitment("C-1"), make_department("b", name="乙局")
    bulk.insert_values(
        CommitmentDepartment,
        ("commitment_id", "department_id", "involvement"),
        [(item.pk, department.pk, "supporting")],
    )
    row = CommitmentDepartment.objects.get()
    assert (row.order, row.is_suggested, row.department) == (0, False, department)
    bulk.insert_values(CommitmentDepartment, ("commitment_id",), [])


def test_an_update_changes_these_fields_of_these_rows_and_nothing_else():
    plan = make_plan()
    items = [make_commitment(f"C-{n}", plan=plan) for n in range(COUNT)]
    for n, item in enumerate(items[1:]):
        item.title, item.health, item.due_on, item.summary = f"题{n}", Health.OFF_TRACK, None, "不写"
        item.health_reasons = [{"code": str(n)}]
    bulk.update(items[1:], ["title", "health", "due_on", "health_reasons"])
    untouched, *fresh = Commitment.objects.order_by("code")
    assert untouched.title == "事项 C-0"
    assert [(row.title, row.health, row.due_on, row.health_reasons, row.summary) for row in fresh] == [
        (item.title, Health.OFF_TRACK, None, item.health_reasons, untouched.summary) for item in items[1:]
    ]
    bulk.update([], ["title"])


def test_what_the_database_refuses_is_refused_as_ever():
    plan = make_plan()
    make_commitment("C-1", plan=plan)
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk.insert([made("C-1", plan=plan)])
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk.insert([made("C-2", plan=plan, kind="no kind")])
    assert Commitment.objects.count() == 1


@pytest.mark.postgres
def test_a_text_that_is_too_long_is_refused_and_not_cut():
    item = make_commitment("C-1")
    item.title = "长" * 201
    with pytest.raises(DataError), transaction.atomic():
        bulk.update([item], ["title"])
    with pytest.raises(DataError), transaction.atomic():
        bulk.insert([Milestone(commitment=item, name="长" * 500)])
