"""The desk: what is asked of each person today, and that its price does not grow with the ledger."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import TODAY, make_commitment, make_plan, make_report, make_told
from tests.tracker.admin.desk_rows import blocker, fill, instruction, post_of
from tracker.choices import Health, ReportState, Stage
from tracker.models import Commitment, HandoverItem, Post, PostHolding, ProgressReport
from tracker.queries import desk_department, desk_leader, desk_office

DESK = "/admin/"


def queries(client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("lin", DESK),
        ("chen", DESK),
        ("wu", DESK),
        ("gu", DESK),
        ("chen", "/admin/tracker/commitment/"),
        ("lin", "/admin/tracker/commitment/"),
        ("chen", "/admin/tracker/progressreport/"),
        ("lin", "/admin/tracker/progressreport/"),
        ("chen", "/admin/tracker/event/"),
    ],
)
def test_the_number_of_queries_does_not_grow(name, url, cast, browser):
    client = browser(name)
    fill(cast, 3)
    few = queries(client, url)
    fill(cast, 27)
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
    found = desk_department.of_department(cast.actor("lin"), today=TODAY)
    assert {(card.code, card.draft_id, card.is_new) for card in found.to_report} == {
        (owed.code, None, False),
        (drafted.code, draft.pk, True),
    }
    assert [card.report_id for card in found.returned.rows] == [returned.pk]
    assert found.returned.rows[0].reason == "请补充数据来源。"
    assert [card.report_id for card in found.waiting.rows] == [waiting.pk]
    assert found.task_count == 3
    assert found.closes_on == date(2026, 12, 5)


def test_in_the_days_of_grace_the_month_before_is_asked_first(cast):
    make_commitment("C-1", department=cast.science)
    make_commitment("C-2", department=cast.science, issued_on=date(2026, 12, 2))
    found = desk_department.of_department(cast.actor("lin"), today=date(2026, 12, 3))
    assert {card.code: card.period.end for card in found.to_report} == {
        "C-1": date(2026, 11, 30),
        "C-2": date(2026, 12, 31),
    }


def test_a_plan_without_a_cycle_asks_for_nothing(cast):
    plan = make_plan("P2")
    type(plan).objects.filter(pk=plan.pk).update(report_cycle="none")
    make_commitment("C-1", plan=plan, department=cast.science)
    make_commitment("C-2", plan=plan, department=cast.science, stage=Stage.ISSUED)
    found = desk_department.of_department(cast.actor("lin"), today=TODAY)
    assert found.to_report == []
    assert [card.code for card in found.to_accept.rows] == ["C-2"]


def test_the_days_left_are_working_days(cast):
    make_commitment("C-1", department=cast.science)
    # Saturday 5 December closes the window; Monday 23 November to Friday 4 December lie between.
    assert desk_department.of_department(cast.actor("lin"), today=TODAY).working_days_left == 10


def test_what_was_handed_out_is_taken_on_or_given_back_before_it_is_reported(cast):
    make_commitment("C-1", department=cast.science, stage=Stage.ISSUED)
    found = desk_department.of_department(cast.actor("lin"), today=TODAY)
    assert [card.code for card in found.to_accept.rows] == ["C-1"]
    assert found.to_report == []


def test_a_late_report_stands_first_and_is_called_late(cast, browser):
    plan = make_plan("P2", tracked_since=date(2026, 10, 1))
    make_commitment("C-1", plan=plan, department=cast.science)
    Commitment.objects.filter(code="C-1").update(last_period_end=date(2026, 10, 31))
    make_commitment("C-2", plan=plan, department=cast.science)
    found = desk_department.of_department(cast.actor("lin"), today=TODAY)
    assert [(card.code, card.is_late) for card in found.to_report] == [("C-2", True), ("C-1", False)]
    assert found.late_count == 1
    assert found.closes_on == date(2026, 12, 5)


def test_the_rest_is_reported_unchanged_in_one_go_after_a_look(cast, browser):
    for code in ("C-1", "C-2", "C-3"):
        make_told(make_commitment(code, department=cast.science), author=cast.lin)
    make_commitment("C-4", department=cast.science)  # never reported: not among those that can be unchanged
    make_report(Commitment.objects.get(code="C-3"), author=cast.lin, state=ReportState.DRAFT)
    client = browser("lin")
    page = client.get(DESK).content.decode()
    ids = list(Commitment.objects.filter(code__in=["C-1", "C-2"]).values_list("pk", flat=True))
    assert page.count('type="checkbox"') == 2
    assert all(f'name="ids" value="{pk}" checked' in page for pk in ids)
    assert client.post("/admin/tracker/progressreport/unchanged/", {"ids": ids}).status_code == 302
    reports = ProgressReport.objects.filter(state=ReportState.SUBMITTED, is_no_change=True)
    assert sorted(reports.values_list("commitment", flat=True)) == sorted(ids)


def test_dates_are_near_or_past_only_where_there_is_work_and_a_date(cast):
    for code, days in (("near", 0), ("edge", 6), ("far", 7), ("past", -1)):
        make_commitment(code, department=cast.science, due_on=TODAY + timedelta(days=days))
    make_commitment("open", department=cast.science, due_on=None)
    make_commitment("closed", department=cast.science, due_on=TODAY - timedelta(days=9), stage=Stage.CLOSED)
    found = desk_department.of_department(cast.actor("lin"), today=TODAY)
    assert [(card.code, card.days_left) for card in found.due_soon.rows] == [("near", 0), ("edge", 6)]
    assert [(card.code, card.days_left) for card in found.overdue.rows] == [("past", -1)]


def test_a_successor_sees_the_list_that_is_not_confirmed(cast, browser):
    post = Post.objects.create(code="kjj-head", title="局长", department=cast.science)
    item = make_commitment("C-1", department=cast.science)
    holding = PostHolding.objects.create(post=post, holder=cast.lin, starts_on=TODAY)
    PostHolding.objects.create(
        post=Post.objects.create(code="empty", title="处长", department=cast.science), holder=cast.lin, starts_on=TODAY
    )
    HandoverItem.objects.create(holding=holding, kind="commitment", commitment=item, title=item.title)
    found = desk_department.of_department(cast.actor("lin"), today=TODAY)
    assert [(card.post, card.count) for card in found.handovers] == [("局长", 1)]
    assert f"/admin/tracker/postholding/{holding.pk}/handover/" in browser("lin").get(DESK).content.decode()
    PostHolding.objects.filter(pk=holding.pk).update(received_on=TODAY)
    assert desk_department.of_department(cast.actor("lin"), today=TODAY).handovers == []


def test_a_department_counts_its_lights_and_its_tasks(cast):
    item = make_commitment("C-1", department=cast.science, health=Health.OFF_TRACK)
    make_commitment("C-2", department=cast.health_bureau, health=Health.DONE)
    post = post_of(cast, "kjj-head", department=cast.science)
    blocker(Commitment.objects.get(code="C-2"), author=cast.zhou, post=post)
    instruction(item, leader=cast.wu)
    found = desk_department.of_department(cast.actor("lin"), today=TODAY)
    assert (found.led_count, found.lights[Health.OFF_TRACK], found.lights[Health.DONE]) == (1, 1, 0)
    assert found.task_count == 3  # a report, an answer to the leader, an answer to the health bureau


def test_every_way_to_all_rows_leads_to_exactly_these(cast, browser):
    """More of everything than a section shows; each list behind a section holds as many rows as the section says."""
    fill(cast, 14)
    for name in ("lin", "chen", "wu"):
        client = browser(name)
        page = client.get(DESK)
        where = page.context["where"]
        for section, url in SECTIONS[name].items():
            shown = client.get(f"{url}{where[section]}")
            assert shown.status_code == 200, (name, section)
            assert shown.context["cl"].result_count == total(page.context["desk"], section), (name, section)


MATTERS, REPORTS = "/admin/tracker/commitment/", "/admin/tracker/progressreport/"
EXTENSIONS, BLOCKERS = "/admin/tracker/extensionrequest/", "/admin/tracker/blocker/"
SECTIONS = {
    "lin": {
        "returned": REPORTS, "to_accept": MATTERS, "to_report": MATTERS, "to_contribute": MATTERS, "overdue": MATTERS,
        "due_soon": MATTERS, "waiting": REPORTS,
    },
    "chen": {
        "queue": REPORTS, "extensions": EXTENSIONS, "refused": MATTERS, "unaccepted": MATTERS, "to_verify": MATTERS,
        "to_close": MATTERS, "blockers": BLOCKERS,
    },
    "wu": {"open": "/admin/tracker/instruction/", "extensions": EXTENSIONS},
}  # fmt: skip


def total(work: Any, section: str) -> int:
    if section == "unaccepted":
        return int(work.unaccepted_count)
    part = getattr(work, section)
    return len(part) if isinstance(part, list) else int(part.total)


def test_nobody_elses_desk_opens(cast):
    make_commitment("C-1", department=cast.science)
    for name in ("chen", "wu", "gu"):
        assert desk_department.of_department(cast.actor(name), today=TODAY).task_count == 0
    for name in ("lin", "wu", "gu"):
        assert desk_office.of_office(cast.actor(name), today=TODAY).stages == {}
    for name in ("lin", "chen", "gu"):
        assert desk_leader.of_leader(cast.actor(name), today=TODAY).lights == {}


@pytest.mark.parametrize("name", ["lin", "zhou", "chen", "wu", "gu"])
def test_an_empty_desk_says_so_in_words(name, browser):
    page = browser(name).get(DESK)
    assert page.status_code == 200
    text = page.content.decode()
    assert 'id="lists"' in text
    assert ('class="calm"' in text) == (name != "gu")


@pytest.mark.parametrize("name", ["lin", "chen", "wu", "gu"])
def test_the_desk_stands_in_the_masthead_of_every_page(name, browser):
    page = browser(name).get("/commitments/").content.decode()
    nav = page.split("<nav", 1)[1].split("</nav>", 1)[0]
    assert 'href="/admin/"' in nav
