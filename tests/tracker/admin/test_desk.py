"""The desk: what is asked of each person today, and that its price does not grow with the ledger."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories import TODAY, make_commitment, make_plan, make_report
from tracker.choices import ReportState, Stage
from tracker.models import ProgressReport
from tracker.queries import desk

DESK = "/admin/"


def queries(client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


def fill(cast, count: int) -> None:
    """So many of everything that a desk or a list can show."""
    for number in range(count):
        states = (None, ReportState.SUBMITTED, ReportState.RETURNED, ReportState.DRAFT, ReportState.ACCEPTED)
        for state in states:
            item = make_commitment(department=cast.science)
            if state is not None:
                reviewer = cast.chen if state in {ReportState.RETURNED, ReportState.ACCEPTED} else None
                make_report(item, author=cast.lin, state=state, reviewer=reviewer, progress=Decimal(number))
        make_commitment(department=cast.science, stage=Stage.REGISTERED)


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("lin", DESK),
        ("chen", DESK),
        ("wu", DESK),
        ("chen", "/admin/tracker/commitment/"),
        ("lin", "/admin/tracker/commitment/"),
        ("chen", "/admin/tracker/progressreport/"),
        ("lin", "/admin/tracker/progressreport/"),
        ("chen", "/admin/tracker/event/"),
    ],
)
def test_the_number_of_queries_does_not_grow(name, url, cast, browser):
    client = browser(name)
    fill(cast, 1)
    few = queries(client, url)
    fill(cast, 6)
    assert queries(client, url) == few


def test_an_officer_sees_what_is_asked_and_nothing_of_others(cast):
    owed = make_commitment("C-1", department=cast.science)
    drafted = make_commitment("C-2", department=cast.science, stage=Stage.ISSUED)
    draft = make_report(drafted, author=cast.lin, state=ReportState.DRAFT)
    returned = make_report(
        make_commitment("C-3", department=cast.science), author=cast.lin, state=ReportState.RETURNED, reviewer=cast.chen
    )
    waiting = make_report(make_commitment("C-4", department=cast.science), author=cast.lin)
    reported = make_commitment("C-5", department=cast.science)
    type(reported).objects.filter(pk=reported.pk).update(last_period_end=date(2026, 11, 30))
    make_commitment("C-6", department=cast.science, stage=Stage.CLOSED)
    make_commitment("C-7", department=cast.health_bureau)
    found = desk.of_department(cast.actor("lin"), today=TODAY)
    assert {(card.code, card.draft_id, card.is_new) for card in found.to_report} == {
        (owed.code, None, False),
        (drafted.code, draft.pk, True),
    }
    assert [card.report_id for card in found.returned] == [returned.pk]
    assert found.returned[0].reason == "请补充数据来源。"
    assert [card.report_id for card in found.waiting] == [waiting.pk]
    assert found.task_count == 3
    assert found.closes_on == date(2026, 12, 5)


def test_in_the_days_of_grace_the_month_before_is_asked_first(cast):
    make_commitment("C-1", department=cast.science)
    make_commitment("C-2", department=cast.science, issued_on=date(2026, 12, 2))
    found = desk.of_department(cast.actor("lin"), today=date(2026, 12, 3))
    assert {card.code: card.period.end for card in found.to_report} == {
        "C-1": date(2026, 11, 30),
        "C-2": date(2026, 12, 31),
    }


def test_a_plan_without_a_cycle_asks_for_nothing(cast):
    plan = make_plan("P2")
    type(plan).objects.filter(pk=plan.pk).update(report_cycle="none")
    make_commitment("C-1", plan=plan, department=cast.science)
    make_commitment("C-2", plan=plan, department=cast.science, stage=Stage.ISSUED)
    found = desk.of_department(cast.actor("lin"), today=TODAY)
    assert found.to_report_count == 0
    assert [card.code for card in found.to_accept] == ["C-2"]


def test_the_office_reads_the_oldest_first_with_its_waiting_time(cast):
    for code, days in (("C-1", 2), ("C-2", 5)):
        report = make_report(make_commitment(code, department=cast.science), author=cast.lin)
        ProgressReport.objects.filter(pk=report.pk).update(submitted_at=timezone.now() - timedelta(days=days))
    make_commitment("C-3", department=cast.science, stage=Stage.REGISTERED)
    make_commitment("C-4", stage=Stage.REGISTERED)
    found = desk.of_office(cast.actor("chen"), today=TODAY)
    assert [(card.code, card.waited_days) for card in found.queue] == [("C-2", 5), ("C-1", 2)]
    assert (found.queue_count, found.oldest_days) == (2, 5)
    assert found.stages[Stage.REGISTERED] == 2
    assert (found.without_lead_count, [card.code for card in found.to_issue]) == (1, ["C-3"])


def test_nobody_elses_desk_opens(cast):
    make_commitment("C-1", department=cast.science)
    for name in ("chen", "wu", "gu"):
        assert desk.of_department(cast.actor(name), today=TODAY).task_count == 0
    for name in ("lin", "wu", "gu"):
        assert desk.of_office(cast.actor(name), today=TODAY).stages == {}
    assert not desk.reportable_by(cast.actor("chen")).exists()


@pytest.mark.parametrize("name", ["lin", "zhou", "chen", "wu", "gu"])
def test_an_empty_desk_is_calm(name, browser):
    assert browser(name).get(DESK).status_code == 200
