"""Each page asks the database the same number of questions for 3 rows and for 30, and no more than its budget."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import (
    TODAY,
    Cast,
    make_blocker,
    make_cast,
    make_clause,
    make_commitment,
    make_department,
    make_extension,
    make_indicator,
    make_instruction,
    make_milestone,
    make_plan,
    make_post,
    make_reading,
    make_report,
    make_target,
)
from tests.tracker.web.pages import signed_in
from tracker.actions import events
from tracker.actions.events import Entry
from tracker.choices import EventKind, Health, Involvement, ReportState
from tracker.models import CommitmentDepartment, Contribution, Evidence, Verification

# Every page: 2 session and person; 1 revision (key of the kept status), 5 the site's status, kept until data changes.
BASE = 8
BUDGETS = {
    # plans in sight; plan's jurisdiction with it; lights; late, at risk, third list (a leader's may be two); work done;
    # targets, their readings, their path points; matrix cells; chapters; the revision once more for the body's key.
    "/": BASE + 13,
    # departments and chapters of the filters, plans in sight; matched, rows, total.
    "/commitments/": BASE + 6,
    # the row with its relations; events; milestones, targets, readings, path, plan and investment for what is expected;
    # owners; milestones; targets, readings, path; reports; may the reader review; holder of the post; extensions,
    # blockers, instructions, verifications, files, contributions.
    "/commitments/X-1/": BASE + 22,
    # lights by department; the departments.
    "/departments/": BASE + 2,
    # plans; reports by lead; contributions by department; the departments.
    "/burden/": BASE + 4,
    # the department; its head; lights; three groups of rows and two totals; its posts, their holders and deputies.
    "/departments/kjj/": BASE + 11,
}


def grow(cast: Cast, size: int) -> None:
    """A ledger of about this size: as many commitments, departments, reports, events, milestones, targets."""
    plan = make_plan()
    item = make_commitment("X-1", department=cast.science, clause=make_clause(plan, f"0-{size}"))
    for number in range(size):
        department = make_department(f"g{number}")
        row = make_commitment(
            f"G-{number:03d}",
            department=cast.science if number % 2 else department,
            clause=make_clause(plan, f"c{number}"),
            health=list(Health)[number % 7],
        )
        make_report(row, author=cast.lin)
        CommitmentDepartment.objects.create(
            commitment=item, department=department, involvement=Involvement.SUPPORTING, order=number
        )
        make_report(
            item, author=cast.lin, state=ReportState.ACCEPTED, reviewer=cast.chen, progress=Decimal(number),
            period_start=date(2020, 1, 1), period_end=date(2020, 1, number + 1),
        )  # fmt: skip
        make_extension(row, author=cast.lin)
        make_blocker(item, author=cast.lin, wanted_from=make_post(f"post-{number}", department=department))
        make_instruction(item, given_by=cast.wu)
        Verification.objects.create(
            commitment=item, verifier=cast.chen, method="documents", finding="confirmed", note="属实", verified_on=TODAY
        )
        Evidence.objects.create(
            commitment=item,
            author=cast.lin,
            name=f"{number}.pdf",
            size=9,
            media_type="application/pdf",
            sha256="0" * 64,
        )
        Contribution.objects.create(
            commitment=item, department=department, author=cast.zhou, text="已配合。",
            period_start=date(2026, 11, 1), period_end=date(2026, 11, 30),
        )  # fmt: skip
        make_milestone(item, f"节点 {number}", planned_on=date(2026, 1, 1))
        indicator = make_indicator(f"i-{number}")
        make_reading(indicator, 2023, Decimal(100))
        make_target(item, indicator)
        events.record(Entry(kind=EventKind.COMMITMENT_REVISED, commitment=item), by=cast.actor("chen"))


def count(path: str, size: int, name: str) -> list[str]:
    cast = make_cast()
    grow(cast, size)
    client = signed_in(getattr(cast, name))
    cache.clear()
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return [query["sql"] for query in queries]


@pytest.mark.django_db
@pytest.mark.parametrize("path", BUDGETS)
@pytest.mark.parametrize("name", ["wu", "chen", "lin"])
def test_a_page_asks_as_much_for_three_rows_as_for_thirty(path: str, name: str) -> None:
    from django.db import transaction

    counted = {}
    for size in (3, 30):
        with transaction.atomic():
            counted[size] = count(path, size, name)
            transaction.set_rollback(True)
    assert len(counted[3]) == len(counted[30])
    assert len(counted[30]) <= BUDGETS[path], "\n".join(counted[30])


@pytest.mark.django_db
def test_the_kept_overview_asks_only_who_looks_and_whether_anything_changed() -> None:
    cast = make_cast()
    grow(cast, 3)
    client = signed_in(cast.wu)
    client.get("/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/")
    assert len(queries) == 4  # session, person, revision for the body, revision for the masthead
