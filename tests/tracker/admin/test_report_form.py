"""The report's form: how much it asks, what it remembers, what it does with figures, files and many at once."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from projects.models import ProjectDetails
from tests import evidence_files
from tests.factories import (
    make_commitment,
    make_indicator,
    make_initiative,
    make_plan,
    make_report,
    make_target,
    make_told,
    make_user,
)
from tests.tracker.admin.test_reports import DESK, add_url, change_url, errors, form
from tracker.actions import contributions
from tracker.choices import Involvement, Kind, ReportState
from tracker.event_kinds import EventKind
from tracker.models import CommitmentDepartment, Contribution, Event, Evidence, ProgressReport, ReportVolumes
from tracker.queries.figures import VOLUMES

EMPTY_VOLUMES = dict.fromkeys(VOLUMES, "")


def visible(page, *, but=frozenset()):
    """The names of the fields that a person sees in the form, without those named."""
    shown = page.context["adminform"].form
    return [field.name for field in shown.visible_fields() if field.name not in but]


def october(item, cast, **said):
    return make_report(
        item,
        author=cast.lin,
        state=ReportState.ACCEPTED,
        reviewer=cast.chen,
        period_start=date(2026, 10, 1),
        period_end=date(2026, 10, 31),
        **said,
    )


@pytest.fixture
def project(cast):
    thing = make_initiative("NC-PRJ")
    ProjectDetails.objects.create(initiative=thing, plan_year=2026, year_investment_wan=Decimal(12000))
    return make_commitment("P-1", department=cast.science, kind=Kind.PROJECT, initiative=thing)


def test_a_full_report_has_at_most_eight_fields_and_a_project_seven_more_in_a_fold(cast, browser, project):
    lin = browser("lin")
    plan = make_plan("T", tracked_since=date(2026, 8, 1))
    item = make_commitment("C-1", department=cast.science, plan=plan)
    asked = ["done", "problems", "next_steps", "is_no_change", "progress", "forecast_on", "files"]
    assert sorted(visible(lin.get(add_url("C-1")))) == sorted(asked)
    make_target(item, make_indicator())
    fields = visible(lin.get(add_url("C-1")))
    assert sorted(fields) == sorted([*asked, "value"])
    assert len(fields) <= 8
    page = lin.get(add_url("P-1"))
    assert len(visible(page, but=set(VOLUMES))) <= 8
    assert set(VOLUMES) <= set(visible(page))
    assert len(VOLUMES) == 7
    folded = [fieldset for fieldset in page.context["adminform"] if "collapse" in fieldset.classes]
    assert {field for fieldset in folded for field in fieldset.fields} == set(VOLUMES)
    assert "<details" in page.content.decode()


def test_last_month_stands_beside_the_form_and_fills_it_on_request(cast, browser):
    item = make_commitment("C-1", department=cast.science)
    october(item, cast, done="上月通过评审。", progress=Decimal(35))
    lin = browser("lin")
    page = lin.get(add_url("C-1"))
    said = page.content.decode()
    assert "上月通过评审。" in said
    assert "copy=last" in said
    assert "35" in page.context["adminform"].form["progress"].help_text
    assert not page.context["adminform"].form["done"].value()
    filled = lin.get(add_url("C-1") + "&copy=last")
    assert filled.context["adminform"].form["done"].value() == "上月通过评审。"
    assert not filled.context["adminform"].form["progress"].value()
    draft = make_report(item, author=cast.lin, state=ReportState.DRAFT, done="已写的字。")
    kept = lin.get(change_url(draft) + "?copy=last")
    assert kept.context["adminform"].form["done"].value() == "已写的字。"


def test_a_late_period_is_offered_first_and_the_open_one_by_a_link(cast, browser):
    plan = make_plan("T", tracked_since=date(2026, 8, 1))
    make_commitment("C-1", department=cast.science, plan=plan)
    lin = browser("lin")
    page = lin.get(add_url("C-1"))
    assert page.context["adminform"].form["period"].value() == "2026-10-01"
    assert "2026-11-05" in page.content.decode()
    assert "period=2026-11-01" in page.content.decode()
    other = lin.get(add_url("C-1") + "&period=2026-11-01")
    assert other.context["adminform"].form["period"].value() == "2026-11-01"
    lin.post(add_url("C-1"), form(period="2026-10-01", done="补报。", _submit="1"))
    report = ProgressReport.objects.get()
    assert (report.is_late, report.period_start) == (True, date(2026, 10, 1))
    listed = browser("chen").get(reverse("admin:tracker_progressreport_changelist") + "?is_late__exact=1")
    assert "2026-10" in listed.content.decode()


def test_a_doubtful_figure_is_asked_back_and_nothing_typed_is_lost(cast, browser):
    item = make_commitment("C-1", department=cast.science)
    october(item, cast, progress=Decimal(60))
    lin = browser("lin")
    answer = lin.post(add_url("C-1"), form(done="剔除重复。", progress="40", _submit="1"))
    draft = ProgressReport.objects.get(state=ReportState.DRAFT)
    assert answer["Location"] == change_url(draft)
    page = lin.get(change_url(draft))
    shown = page.context["adminform"].form
    assert (shown["done"].value(), shown["progress"].value()) == ("剔除重复。", "40")
    assert "doubts_answer" in shown.fields
    assert re.search(r"60.{1,20}40", page.content.decode())
    again = form(done="剔除重复。", progress="40", seen=draft.revision)
    lin.post(change_url(draft), again | {"doubts_answer": " ", "_submit": "1"})
    draft.refresh_from_db()
    assert draft.state == ReportState.DRAFT
    lin.post(change_url(draft), again | {"doubts_answer": "口径调整。", "_submit": "1", "seen": draft.revision})
    draft.refresh_from_db()
    assert (draft.state, draft.doubts[0]["code"], draft.doubts_answer) == ("submitted", "progress_falls", "口径调整。")
    review = browser("chen").get(change_url(draft))
    assert review.context["doubts"] == [sentence for sentence in review.context["doubts"] if "60" in sentence]
    assert len(review.context["doubts"]) == 1
    assert "口径调整。" in review.content.decode()
    row = review.context["figures"][0]
    assert (row.now, row.before, row.is_doubtful) == ("40", "60", True)
    assert row.expected not in {"", "—"}


def test_a_project_reports_its_three_quantities_beside_the_years_plan(cast, browser, project):
    lin = browser("lin")
    page = lin.get(add_url("P-1"))
    assert "12000" in page.context["adminform"].form["invested_year_wan"].help_text
    said = {
        "invested_month_wan": "800", "invested_year_wan": "9000.5", "physical_percent": "60", "work_percent": "55",
        "stage": "construction", "in_statistics": "yes", "in_statistics_on": "2026-03-01",
    }  # fmt: skip
    lin.post(add_url("P-1"), form(**said, done="主体封顶。", _save="1"))
    draft = ProgressReport.objects.get()
    assert ReportVolumes.objects.get().invested_year_wan == Decimal("9000.5")
    shown = lin.get(change_url(draft)).context["adminform"].form
    assert {name: str(shown[name].value()) for name in VOLUMES} == said
    bad = {"in_statistics": "no", "done": "x", "seen": draft.revision, "_save": "1"}
    assert list(errors(lin.post(change_url(draft), form(**(said | bad))))) == ["in_statistics_on"]
    assert list(errors(lin.post(change_url(draft), form(**(said | {"physical_percent": "-1"}), _save="1")))) == [
        "physical_percent"
    ]
    lin.post(change_url(draft), form(**said, done="主体封顶。", seen=draft.revision, _submit="1"))
    chen = browser("chen")
    review = chen.get(change_url(draft))
    rows = {row.label: (row.now, row.expected) for row in review.context["figures"]}
    assert ("9000.5", "12000") in rows.values()
    draft.refresh_from_db()
    chen.post(change_url(draft), {"_accept": "1", "seen": draft.revision})
    assert ProjectDetails.objects.get().year_invested_wan == Decimal("9000.5")


def test_files_go_with_the_report_and_the_reviewer_sees_them(cast, browser):
    make_commitment("C-1", department=cast.science)
    sent = evidence_files.upload()
    browser("lin").post(add_url("C-1"), form(done="附件见后。", files=[sent], _submit="1"))
    report = ProgressReport.objects.get()
    assert Evidence.objects.get().report == report
    assert "回执.pdf" in browser("chen").get(change_url(report)).content.decode()


def test_all_the_rest_is_unchanged_in_one_tap_and_what_is_refused_is_named(cast, browser):
    items = [make_told(make_commitment(f"C-{n}", department=cast.science), author=cast.lin) for n in range(3)]
    draft = make_report(items[2], author=cast.lin, state=ReportState.DRAFT)
    foreign = make_commitment("F-1", department=cast.health_bureau)
    lin, url = browser("lin"), reverse("admin:tracker_progressreport_unchanged_all")
    assert lin.get(url).status_code == 404
    assert lin.post(url, {})["Location"] == DESK
    assert not ProgressReport.objects.filter(state=ReportState.SUBMITTED).exists()
    assert lin.post(url, {"ids": [items[0].pk, foreign.pk]}).status_code == 404
    assert browser("chen").post(url, {"ids": [items[0].pk]}).status_code == 404
    answer = lin.post(url, {"ids": [item.pk for item in items]})
    assert answer["Location"] == DESK
    said = [str(message) for message in answer.wsgi_request._messages]
    assert len(said) == 2
    assert any("C-2" in one for one in said)
    draft.refresh_from_db()
    assert draft.state == ReportState.DRAFT
    groups = set(Event.objects.filter(kind=EventKind.REPORT_SUBMITTED).values_list("group", flat=True))
    assert len(groups) == 1
    assert None not in groups


def test_a_report_on_an_initiative_says_whom_it_serves_and_a_second_one_is_refused(cast, browser):
    thing = make_initiative()
    make_commitment("C-1", department=cast.science, initiative=thing)
    make_commitment("C-2", department=cast.science, initiative=thing)
    lin = browser("lin")
    assert lin.get(add_url("C-1")).context["served"] == ["C-2"]
    lin.post(add_url("C-1"), form(done="x", _submit="1"))
    page = lin.post(add_url("C-2"), form(done="y", _submit="1"))
    assert list(errors(page)) == ["period"]
    assert "C-1" in errors(page)["period"][0]


def test_a_contribution_has_two_fields_and_stands_beside_the_leads_form_and_the_review(cast, browser):
    item = make_commitment("C-1", department=cast.science)
    part = CommitmentDepartment(
        commitment=item, department=cast.health_bureau, involvement=Involvement.SUPPORTING, order=1
    )
    part.save()
    zhou, url = browser("zhou"), reverse("admin:tracker_contribution_add") + "?commitment=C-1"
    page = zhou.get(url)
    assert sorted(visible(page)) == ["is_no_change", "text"]
    assert list(errors(zhou.post(url, {"text": " "})))
    assert zhou.post(url, {"text": "已提供床位数据。"})["Location"] == DESK
    given = Contribution.objects.get()
    change = reverse("admin:tracker_contribution_change", args=[given.pk])
    assert zhou.get(url)["Location"] == change
    zhou.post(change, {"text": "已提供床位数据两次。", "seen": given.revision})
    lin = browser("lin")
    assert "已提供床位数据两次。" in lin.get(add_url("C-1")).content.decode()
    assert "已提供床位数据两次。" in lin.get(reverse("admin:tracker_contribution_changelist")).content.decode()
    lin.post(add_url("C-1"), form(done="x", _submit="1"))
    report = ProgressReport.objects.get()
    assert "已提供床位数据两次。" in browser("chen").get(change_url(report)).content.decode()
    closed = zhou.get(change)
    assert closed.status_code == 200
    assert not closed.context["has_change_permission"]


def test_another_supporting_department_does_not_read_a_contribution(cast, browser):
    item = make_commitment("C-1", department=cast.science)
    other = make_user("tang", department=make_commitment(department=cast.health_bureau).lead)
    bureau = cast.health_bureau
    CommitmentDepartment.objects.create(commitment=item, department=bureau, involvement=Involvement.SUPPORTING)
    given = contributions.save(item, text="x", by=cast.actor("zhou"), today=date(2026, 11, 22))
    Contribution.objects.filter(pk=given.pk).update(department=cast.science, author=other)
    change = reverse("admin:tracker_contribution_change", args=[given.pk])
    assert browser("zhou").get(change).status_code == 404
    assert browser("lin").get(change).status_code == 200
