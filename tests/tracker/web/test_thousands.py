"""No page asks the database more for 3 000 commitments than for 30."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.factories import TODAY, make_plan
from tests.tracker.web.pages import make_world, signed_in
from tests.tracker.web.test_html_valid import PAGES
from tracker.choices import Health, Stage
from tracker.models import Clause, Commitment, Department, LightChange

pytestmark = pytest.mark.once
LIGHTS = list(Health)


def enter(size: int) -> None:
    """So many more commitments of the world's plan: over its clauses, departments and lights, with a change each."""
    plan = make_plan("P1")
    clauses, departments = list(Clause.objects.filter(plan=plan)), list(Department.objects.order_by("pk"))
    rows = [
        Commitment(
            code=f"T-{number:05d}",
            title=f"事项 {number}",
            plan=plan,
            clause=clauses[number % len(clauses)],
            lead=departments[number % len(departments)],
            kind="action",
            stage=Stage.IN_PROGRESS,
            due_on=TODAY + timedelta(days=number % 400),
            original_due_on=TODAY + timedelta(days=number % 400),
            health=LIGHTS[number % 7],
            health_reasons=[{"code": "no_report", "params": {}}],
            progress=number % 100,
            progress_basis="reported",
            assessed_on=TODAY,
            issued_on=TODAY,
        )
        for number in range(size)
    ]
    Commitment.objects.bulk_create(rows, batch_size=1000)
    LightChange.objects.bulk_create(
        LightChange(commitment=row, plan=plan, on=TODAY, before="", after=row.health) for row in rows
    )


def asked(name: str, size: int) -> dict[str, int]:
    """How many queries each page makes for this person."""
    with transaction.atomic():
        cast = make_world()
        enter(size)
        client = signed_in(getattr(cast, name))
        found = {}
        for path in PAGES:
            cache.clear()
            with CaptureQueriesContext(connection) as queries:
                assert client.get(path).status_code < 500
            found[path] = len(queries)
        assert (
            client.get("/commitments/").context["total"] > size // 20
        )  # the person sees them, or those of one department
        transaction.set_rollback(True)
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["wu", "chen", "lin"])
def test_a_page_asks_as_much_for_thirty_as_for_three_thousand(name: str) -> None:
    few, many = asked(name, 30), asked(name, 3000)
    assert {path: (few[path], many[path]) for path in PAGES if many[path] > few[path]} == {}
    assert max(many.values()) <= 60
