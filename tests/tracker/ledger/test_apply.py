"""Entering a ledger: the whole Nanchong plan there and back, all or nothing, one group of events, few queries."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.errors import DomainError
from projects.models import SyncClock
from tests.factories import TODAY, make_cast, make_clause, make_commitment, make_department, make_plan
from tests.tracker.ledger.books import read_csv, read_xlsx
from tracker.actions import commitments
from tracker.actions import ledger as actions
from tracker.choices import DueBasis
from tracker.event_kinds import EventKind
from tracker.ledger import writer
from tracker.management import plan_files
from tracker.models import Commitment, CommitmentDepartment, Event
from tracker.policies import SYSTEM
from tracker.queries import chain, ledger
from tracker.rules.ledger import LedgerRow

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


def exported():
    return list(ledger.rows(Commitment.objects.order_by("code")))


def new_row(code="N-1", **said):
    return LedgerRow(**{"number": 2, "code": code, "title": f"新事项 {code}", "kind": "action", "plan": "P1", **said})


def test_the_whole_nanchong_plan_goes_out_and_comes_back_without_a_change():
    plan_files.load("nanchong", today=TODAY)
    rows = exported()
    assert len(rows) >= 180
    events = Event.objects.count()
    for sheet in (read_xlsx(writer.workbook(rows)), read_csv(writer.text(rows))):
        judgement = ledger.judge(sheet.rows, viewer=SYSTEM)
        assert (sheet.faults, sheet.remarks, judgement.faults, judgement.remarks) == ((), (), (), ())
        assert (judgement.new, judgement.changed, judgement.unchanged_count) == ([], [], len(rows))
        assert actions.apply(sheet.rows, by=SYSTEM, today=TODAY).group is None
    assert Event.objects.count() == events


def test_new_and_changed_rows_are_entered_as_one_group_with_one_stamp(cast):
    plan = make_plan()
    make_clause(plan, "1.1")
    standing = make_commitment("C-1", department=cast.science, due_on=date(2026, 6, 30))
    make_commitment("C-2")
    changed = replace(exported()[0], title="改名", due_on=date(2026, 12, 31), supporting=("市卫生健康委",), number=3)
    fresh = new_row(
        lead="市科技局", lead_is_suggested=True, responsible=("市卫生健康委",), due_on=date(2026, 12, 1), clause="1.1"
    )
    before = SyncClock.objects.get().rev
    done = actions.apply([fresh, changed, exported()[1]], by=cast.actor("chen"), today=TODAY, file_name="台账.xlsx")
    assert (done.registered, done.revised, done.unchanged) == (1, 1, 1)
    standing.refresh_from_db()
    made = Commitment.objects.get(code="N-1")
    assert (standing.title, standing.due_on) == ("改名", date(2026, 12, 31))
    assert standing.original_due_on == date(2026, 6, 30)
    assert (made.original_due_on, made.due_basis, made.assessed_on) == (date(2026, 12, 1), DueBasis.ASSIGNED, TODAY)
    assert standing.revision == made.revision == SyncClock.objects.get().rev == before + 1
    assert list(CommitmentDepartment.objects.values_list("commitment__code", "department__code", "involvement")) == [
        ("C-1", "wjw", "supporting"),
        ("N-1", "wjw", "responsible"),
    ]
    written = Event.objects.filter(group=done.group).order_by("seq")
    kinds = [event.kind for event in written]
    assert kinds[:3] == [EventKind.COMMITMENT_REGISTERED, EventKind.COMMITMENT_REVISED, EventKind.LEDGER_IMPORTED]
    assert written[1].changes == {
        "title": ["事项 C-1", "改名"],
        "due_on": ["2026-06-30", "2026-12-31"],
        "due_basis": ["", "assigned"],
        "departments": ["", "supporting:wjw"],
    }
    assert set(Event.objects.values_list("group", flat=True)) == {done.group}
    assert chain.verify().broken_seq is None


def test_a_new_row_becomes_what_register_would_make_of_it(cast):
    make_plan()
    row = new_row(lead="市科技局", responsible=("市卫生健康委",), due_on=date(2026, 12, 1), due_text="年底前")
    actions.apply([row], by=SYSTEM, today=TODAY)
    commitments.register(
        "N-2",
        plan=make_plan(),
        values={
            "title": row.title, "kind": "action", "lead": cast.science, "due_on": row.due_on, "due_text": "年底前",
            "due_basis": DueBasis.ASSIGNED,
        },
        owners=commitments.Owners(responsible=[cast.health_bureau]),
        by=SYSTEM,
        today=TODAY,
    )  # fmt: skip
    apart = {"id", "code", "revision", "created_at", "updated_at"}
    one, other = Commitment.objects.filter(code__startswith="N-").order_by("code").values()
    assert {k: v for k, v in one.items() if k not in apart} == {k: v for k, v in other.items() if k not in apart}
    first, second = Event.objects.filter(kind=EventKind.COMMITMENT_REGISTERED).order_by("seq")
    assert first.changes == second.changes


def test_the_same_rows_twice_change_nothing_the_second_time(cast):
    make_plan()
    rows = [new_row("N-1"), new_row("N-2", number=3)]
    assert actions.apply(rows, by=cast.actor("chen"), today=TODAY).registered == 2
    assert actions.apply(rows, by=cast.actor("chen"), today=TODAY).group is None


def test_one_bad_row_keeps_every_row_out(cast):
    make_plan()
    with pytest.raises(DomainError) as refused:
        actions.apply([new_row(), new_row("N-2", number=3, lead="无名局")], by=cast.actor("chen"), today=TODAY)
    assert refused.value.code == "ledger_refused"
    assert "无名局" in str(refused.value)
    assert not Commitment.objects.exists()
    assert not Event.objects.exists()


def test_a_stale_row_is_refused(cast):
    item = make_commitment("C-1")
    old = replace(exported()[0], number=2, summary="新标准")
    commitments.revise(item, values={"title": "别人改的"}, by=SYSTEM, today=TODAY)
    [fault] = ledger.judge([old], viewer=SYSTEM).faults
    assert fault.code == "ledger_stale"


@pytest.mark.parametrize("name", ["lin", "zhou", "wu", "gu"])
def test_only_the_supervision_office_enters_a_ledger(cast, name):
    make_plan()
    with pytest.raises(DomainError) as refused:
        actions.apply([new_row()], by=cast.actor(name), today=TODAY)
    assert refused.value.code == "not_allowed"
    assert not Commitment.objects.exists()


def test_a_short_name_that_two_departments_share_leads_nowhere(cast):
    make_department("a", name="甲局", short_name="综合")
    make_department("b", name="乙局", short_name="综合")
    known = ledger.references_of(["P1"]).departments
    assert "综合" not in known
    assert known["甲局"] == "甲局"


def test_judging_takes_the_same_queries_for_3_rows_and_for_200(cast, django_assert_num_queries):
    make_plan()
    for number in range(200):
        make_commitment(f"C-{number:03d}", department=cast.science)
    rows = [replace(row, title="改名") for row in exported()]
    for size in (3, 200):
        with django_assert_num_queries(
            8
        ):  # commitments, their departments, milestones; departments, aliases, plans, clauses, initiatives
            assert len(ledger.judge(rows[:size], viewer=SYSTEM).changed) == size


def test_entering_takes_the_same_queries_for_3_rows_and_for_200(cast):
    make_plan()
    for number in range(203):
        make_commitment(f"C-{number:03d}", department=cast.science)
    rows = [replace(row, title="改名", supporting=("市卫生健康委",)) for row in exported()]
    counts = []
    for part in (rows[:3], rows[3:]):
        with CaptureQueriesContext(connection) as queries:
            assert actions.apply(part, by=SYSTEM, today=TODAY).revised == len(part)
        counts.append(len(queries))
    assert counts[1] <= counts[0] + 10  # bulk_update and bulk_create split at the database's limit of variables


def test_a_sheet_keeps_the_day_on_which_a_matter_was_marked_public(cast):
    make_plan()
    standing = make_commitment("C-1", department=cast.science)
    rows = [replace(exported()[0], is_public=True), new_row(is_public=True), replace(new_row("N-2"), number=3)]
    actions.apply(rows, by=SYSTEM, today=TODAY)
    days = dict(Commitment.objects.values_list("code", "published_on"))
    assert days == {"C-1": TODAY, "N-1": TODAY, "N-2": None}
    actions.apply([replace(exported()[0], is_public=False)], by=SYSTEM, today=TODAY)
    standing.refresh_from_db()
    assert standing.published_on is None
