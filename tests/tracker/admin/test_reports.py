"""A report's way through the admin: written, submitted, accepted or returned; and every refusal in words."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from projects.models import Reading
from tests.factories import make_commitment, make_indicator, make_report, make_target, make_told
from tracker.choices import Comparator, Health, Kind, ReportState, Stage
from tracker.models import Event, ProgressReport

DESK = "/admin/"


def form(**said: object) -> dict[str, object]:
    empty = {
        "period": "2026-11-01",
        "done": "",
        "problems": "",
        "next_steps": "",
        "progress": "",
        "forecast_on": "",
        "seen": "",
    }
    return empty | said


def add_url(code: str) -> str:
    return f"{reverse('admin:tracker_progressreport_add')}?commitment={code}"


def change_url(report: ProgressReport) -> str:
    return reverse("admin:tracker_progressreport_change", args=[report.pk])


def errors(page) -> dict[str, list[str]]:
    return dict(page.context["adminform"].form.errors)


def test_an_officer_saves_a_draft_and_then_submits_it(cast, browser):
    make_commitment("C-1", department=cast.science)
    lin = browser("lin")
    lin.post(add_url("C-1"), form(done="打了地基。", _save="1"))
    report = ProgressReport.objects.get()
    assert (report.state, report.done, report.author) == (ReportState.DRAFT, "打了地基。", cast.lin)
    answer = lin.post(change_url(report), form(done="封顶。", progress="40", seen=report.revision, _submit="1"))
    assert answer["Location"] == DESK
    report.refresh_from_db()
    assert (report.state, report.done, report.progress) == (ReportState.SUBMITTED, "封顶。", Decimal(40))
    assert not report.client_ref


def test_a_first_report_takes_on_what_was_handed_out_and_acceptance_moves_the_light(cast, browser):
    item = make_commitment("C-1", department=cast.science, stage=Stage.ISSUED)
    browser("lin").post(add_url("C-1"), form(done="开工。", progress="40", _submit="1"))
    report = ProgressReport.objects.get()
    answer = browser("chen").post(change_url(report), {"_accept": "1", "seen": report.revision})
    assert answer["Location"] == DESK
    item.refresh_from_db()
    assert (item.stage, item.progress, item.health) == (Stage.IN_PROGRESS, Decimal(40), Health.OFF_TRACK)


def test_a_returned_report_shows_its_reason_and_comes_back(cast, browser):
    make_commitment("C-1", department=cast.science)
    lin, chen = browser("lin"), browser("chen")
    lin.post(add_url("C-1"), form(done="开工。", _submit="1"))
    report = ProgressReport.objects.get()
    refused = chen.post(change_url(report), {"_return": "1", "reason": " ", "seen": report.revision})
    assert refused.status_code == 200
    assert "reason" in refused.context["form"].errors
    chen.post(change_url(report), {"_return": "1", "reason": "请附照片。", "seen": report.revision})
    report.refresh_from_db()
    assert report.state == ReportState.RETURNED
    assert "请附照片。" in lin.get(DESK).content.decode()
    assert "请附照片。" in lin.get(change_url(report)).content.decode()
    lin.post(change_url(report), form(done="开工,附照片。", seen=report.revision, _submit="1"))
    report.refresh_from_db()
    assert (report.state, report.done) == (ReportState.SUBMITTED, "开工,附照片。")


def test_a_report_returned_after_its_period_closed_can_still_be_corrected(cast, browser):
    item = make_commitment("C-1", department=cast.science)
    report = make_report(
        item, author=cast.lin, state=ReportState.RETURNED, period_start=date(2026, 9, 1), period_end=date(2026, 9, 30)
    )
    browser("lin").post(change_url(report), form(period="2026-09-01", done="已补充。", seen=0, _submit="1"))
    report.refresh_from_db()
    assert (report.state, report.done, report.period_start) == (ReportState.SUBMITTED, "已补充。", date(2026, 9, 1))


def test_nobody_accepts_their_own_report(cast, browser):
    item = make_commitment(department=cast.science)
    report = make_report(item, author=cast.chen)
    chen = browser("chen")
    page = chen.get(change_url(report)).content.decode()
    assert "_accept" not in page
    answer = chen.post(change_url(report), {"_accept": "1", "seen": report.revision})
    assert answer.status_code == 200
    assert answer.context["form"].non_field_errors()
    report.refresh_from_db()
    assert report.state == ReportState.SUBMITTED


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"progress": "140"}, "progress"),
        ({"progress": "-1"}, "progress"),
        ({"progress": "很多"}, "progress"),
        ({"period": "2026-09-01", "done": "x"}, "period"),
        ({"period": "2027-01-01", "done": "x"}, "period"),
        ({"done": "x", "forecast_on": "2026-11-01"}, "forecast_on"),
        ({}, "__all__"),
    ],
)
def test_a_wrong_value_is_one_sentence_at_its_field_and_writes_nothing(said, field, cast, browser):
    make_commitment("C-1", department=cast.science)
    page = browser("lin").post(add_url("C-1"), form(**said, _submit="1"))
    assert page.status_code == 200
    assert list(errors(page)) == [field]
    assert not ProgressReport.objects.exists()
    assert not Event.objects.exists()


def test_what_the_submission_refuses_leaves_no_draft_behind(cast, browser, monkeypatch):
    """The period closes between the draft and its submission: both are undone, the sentence is at the period."""
    from projects.errors import DomainError
    from tracker.actions import reports

    def closed(*_args: object, **_kwargs: object) -> None:
        raise DomainError("period_closed", field="period", closed_on="2026-11-05")

    make_commitment("C-1", department=cast.science)
    monkeypatch.setattr(reports, "submit", closed)
    page = browser("lin").post(add_url("C-1"), form(done="x", _submit="1"))
    assert list(errors(page)) == ["period"]
    assert "2026-11-05" in errors(page)["period"][0]
    assert not ProgressReport.objects.exists()


def test_two_people_on_one_draft_the_second_is_told(cast, browser):
    make_commitment("C-1", department=cast.science)
    lin = browser("lin")
    lin.post(add_url("C-1"), form(done="一", _save="1"))
    report = ProgressReport.objects.get()
    seen = report.revision
    lin.post(change_url(report), form(done="二", seen=seen, _save="1"))
    page = lin.post(change_url(report), form(done="三", seen=seen, _save="1"))
    assert page.status_code == 200
    assert errors(page)["__all__"]
    report.refresh_from_db()
    assert report.done == "二"


def test_what_was_handed_in_meanwhile_is_not_overwritten(cast, browser):
    item = make_commitment("C-1", department=cast.science)
    report = make_report(item, author=cast.lin)
    answer = browser("lin").post(change_url(report), form(done="晚了", seen=0, _save="1"))
    assert answer.status_code == 302
    report.refresh_from_db()
    assert report.done == "完成设备调试。"


def test_nothing_changed_is_one_tap(cast, browser):
    item = make_commitment("C-1", department=cast.science)
    lin = browser("lin")
    url = reverse("admin:tracker_progressreport_unchanged", args=[item.pk])
    assert url not in lin.get(DESK).content.decode()  # nothing was reported yet that could be unchanged
    make_told(item, author=cast.lin)
    assert url in lin.get(DESK).content.decode()
    assert lin.get(url).status_code == 404
    lin.post(url, {"period": "2026-11-01"})
    report = ProgressReport.objects.get(state=ReportState.SUBMITTED)
    assert report.is_no_change
    lin.post(url, {"period": "2026-11-01"})
    assert ProgressReport.objects.filter(is_no_change=True).count() == 1


def test_an_open_report_is_opened_instead_of_a_second_one(cast, browser):
    item = make_commitment("C-1", department=cast.science)
    report = make_report(item, author=cast.lin, state=ReportState.DRAFT)
    assert browser("lin").get(add_url("C-1"))["Location"] == change_url(report)


def test_a_supporting_department_reads_but_does_not_report(cast, browser):
    item = make_commitment("C-1", department=cast.science)
    item.involvements.create(department=cast.health_bureau, involvement="supporting")
    answer = browser("zhou").get(add_url("C-1"))
    assert answer["Location"] == reverse("admin:tracker_commitment_change", args=[item.pk])


def test_a_target_asks_for_its_value_with_the_unit_and_acceptance_makes_a_reading(cast, browser):
    item = make_commitment("C-1", department=cast.science, kind=Kind.TARGET)
    indicator = make_indicator(unit="家")
    make_target(
        item, indicator, comparator=Comparator.AT_LEAST, value=Decimal(262), growth_percent=None, base_year=None
    )
    lin = browser("lin")
    assert "(家)" in lin.get(add_url("C-1")).content.decode()
    lin.post(add_url("C-1"), form(value="238", _submit="1"))
    report = ProgressReport.objects.get()
    browser("chen").post(change_url(report), {"_accept": "1", "seen": report.revision})
    assert Reading.objects.get(indicator=indicator).reported == Decimal(238)


def test_a_red_line_is_asked_for_no_percentage(cast, browser):
    make_commitment("C-1", department=cast.science, is_red_line=True)
    page = browser("lin").get(add_url("C-1"))
    assert "progress" not in page.context["adminform"].form.fields


def test_choosing_the_commitment_leads_to_its_form(cast, browser):
    mine = make_commitment("C-1", department=cast.science)
    other = make_commitment("C-2", department=cast.health_bureau)
    lin, url = browser("lin"), reverse("admin:tracker_progressreport_add")
    assert lin.post(url, {"commitment": mine.pk})["Location"] == add_url("C-1")
    assert lin.post(url, {"commitment": other.pk}).context["form"].errors


def test_last_times_words_stand_beside_the_form(cast, browser):
    item = make_commitment("C-1", department=cast.science)
    make_report(
        item,
        author=cast.lin,
        state=ReportState.ACCEPTED,
        reviewer=cast.chen,
        done="上月通过评审。",
        period_start=date(2026, 10, 1),
        period_end=date(2026, 10, 31),
    )
    assert "上月通过评审。" in browser("lin").get(add_url("C-1")).content.decode()


def test_unchanged_reports_are_accepted_at_once_with_one_reason_and_what_says_more_is_named(cast, browser):
    def unchanged(code, author):
        report = make_report(make_commitment(code, department=cast.science), author=author, done="")
        ProgressReport.objects.filter(pk=report.pk).update(is_no_change=True)
        return report

    good, own = unchanged("C-1", cast.lin), unchanged("C-2", cast.chen)
    wordy = make_report(make_commitment("C-3", department=cast.science), author=cast.lin)
    chen, url = browser("chen"), reverse("admin:tracker_progressreport_changelist")
    asked = {"action": "accept_unchanged", "_selected_action": [good.pk, own.pk, wordy.pk]}
    page = chen.post(url, asked)
    assert [line.pk for line in page.context["possible"]] == [good.pk]
    assert [line.name[:3] for line in page.context["impossible"]] == ["C-2", "C-3"]
    assert chen.post(url, asked | {"chosen": str(good.pk), "reason": " "}).context["form"].errors["reason"]
    chen.post(url, asked | {"chosen": f"{good.pk},{wordy.pk}", "reason": "本月无变化，批量审核。"})
    states = set(ProgressReport.objects.values_list("commitment__code", "state"))
    assert states == {("C-1", "accepted"), ("C-2", "submitted"), ("C-3", "submitted")}
    told = Event.objects.get(kind="report_accepted")
    assert told.reason == "本月无变化，批量审核。"
    assert told.group


def test_an_officer_has_no_bulk_acceptance(cast, browser):
    report = make_report(make_commitment(department=cast.science), author=cast.lin)
    browser("lin").post(
        reverse("admin:tracker_progressreport_changelist"),
        {"action": "accept_unchanged", "_selected_action": [report.pk]},
    )
    report.refresh_from_db()
    assert report.state == ReportState.SUBMITTED


def test_the_history_tells_the_reports_way(cast, browser):
    make_commitment("C-1", department=cast.science)
    lin = browser("lin")
    lin.post(add_url("C-1"), form(done="打了地基。", _submit="1"))
    url = reverse("admin:tracker_progressreport_history", args=[ProgressReport.objects.get().pk])
    entries = lin.get(url).context["entries"]
    assert [entry.who for entry in entries] == ["Lin", "Lin"]
    assert any("打了地基。" in change.after for entry in entries for change in entry.changes)
