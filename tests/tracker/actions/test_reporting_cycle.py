"""Late reports, questions about figures, one report per initiative, three quantities, “nothing changed” for many."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest

from projects.choices import InitiativeKind
from projects.errors import DomainError
from projects.models import Initiative, ProjectDetails
from tests.factories import TODAY, Cast, make_cast, make_commitment, make_initiative, make_plan, make_report, make_told
from tracker.actions import reports, reviews, volumes
from tracker.choices import Health, ReportState, Stage
from tracker.event_kinds import EventKind
from tracker.models import Commitment, Event, Plan, ProgressReport
from tracker.queries import chain
from tracker.rules.reporting import ReportValues, VolumeValues

pytestmark = pytest.mark.django_db
SAID = ReportValues(done="完成设备调试。")
OCTOBER = date(2026, 10, 1)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def tracked() -> Plan:
    """A plan whose reports are owed since August; the last closed period may still be reported."""
    return make_plan("T", tracked_since=date(2026, 8, 1))


@pytest.fixture
def project() -> Initiative:
    thing = make_initiative("NC-PRJ")
    ProjectDetails.objects.create(initiative=thing, plan_year=2026, year_investment_wan=Decimal(12000))
    return thing


def send(cast: Cast, item: Commitment, values: ReportValues = SAID, *, today: date = TODAY, start: date | None = None):
    draft = reports.save_draft(item, values=values, by=cast.actor("lin"), today=today, period_start=start)
    return reports.submit(draft, by=cast.actor("lin"), today=today)


def refusal(cast: Cast, item: Commitment, values: ReportValues = SAID, **when: date) -> DomainError:
    with pytest.raises(DomainError) as refused:
        send(cast, item, values, **when)
    return refused.value


# --- Late


def test_the_last_closed_period_is_taken_late_and_says_so(cast: Cast, tracked: Plan) -> None:
    item = make_commitment(plan=tracked, department=cast.science)
    report = send(cast, item, start=OCTOBER)
    assert (report.is_late, report.period_end) == (True, date(2026, 10, 31))
    item.refresh_from_db()
    assert item.last_period_end == date(2026, 10, 31)
    assert not any(reason["code"] == "reports_missed" for reason in item.health_reasons)
    assert not send(cast, make_commitment(plan=tracked, department=cast.science)).is_late


def test_an_older_period_is_refused(cast: Cast, tracked: Plan) -> None:
    item = make_commitment(plan=tracked, department=cast.science)
    found = refusal(cast, item, start=date(2026, 9, 1))
    assert (found.code, found.field) == ("period_closed", "period_start")
    assert "2026-10-05" in str(found)


def test_without_a_day_since_when_reports_are_owed_nothing_is_late(cast: Cast) -> None:
    item = make_commitment(department=cast.science)
    assert refusal(cast, item, start=OCTOBER).code == "period_closed"


def test_a_returned_report_keeps_its_first_mark(cast: Cast, tracked: Plan) -> None:
    item = make_commitment(plan=tracked, department=cast.science)
    report = send(cast, item)
    back = reviews.send_back(report, reason="补", by=cast.actor("chen"), today=TODAY)
    again = reports.submit(back, by=cast.actor("lin"), today=date(2026, 12, 20))
    assert not again.is_late
    late = send(cast, make_commitment(plan=tracked, department=cast.science), start=OCTOBER)
    back = reviews.send_back(late, reason="补", by=cast.actor("chen"), today=TODAY)
    assert reports.submit(back, by=cast.actor("lin"), today=TODAY).is_late


def test_a_draft_whose_period_closes_is_handed_in_late(cast: Cast, tracked: Plan) -> None:
    item = make_commitment(plan=tracked, department=cast.science)
    draft = reports.save_draft(item, values=SAID, by=cast.actor("lin"), today=TODAY)
    assert reports.submit(draft, by=cast.actor("lin"), today=date(2026, 12, 6)).is_late


def test_between_two_windows_the_refusal_names_the_opening_day(cast: Cast) -> None:
    plan = make_plan("W")
    plan.report_opens_days = 5
    plan.save()
    item = make_commitment(plan=plan, department=cast.science)
    found = refusal(cast, item)
    assert (found.code, found.params) == ("period_not_open", {"opens_on": "2026-11-25"})
    assert send(cast, item, today=date(2026, 11, 25)).period_start == date(2026, 11, 1)


# --- Figures in doubt


def test_a_doubtful_figure_asks_why_and_the_answer_stands_with_the_question(cast: Cast) -> None:
    item = make_commitment(department=cast.science)
    reviews.accept(send(cast, item, ReportValues(progress=Decimal(60)), start=OCTOBER, today=date(2026, 11, 3)),
                   by=cast.actor("chen"), today=TODAY)  # fmt: skip
    found = refusal(cast, item, ReportValues(progress=Decimal(40)))
    assert (found.code, found.field) == ("doubts_unanswered", "doubts_answer")
    assert "60" in str(found)
    assert "40" in str(found)
    assert ProgressReport.objects.get(state=ReportState.DRAFT).progress == Decimal(40)
    told = send(cast, item, ReportValues(progress=Decimal(40), doubts_answer="口径调整，剔除重复。"))
    assert told.doubts == [{"code": "progress_falls", "field": "progress", "params": {"before": "60", "now": "40"}}]
    assert told.doubts_answer == "口径调整，剔除重复。"


def test_what_is_plain_is_asked_nothing(cast: Cast) -> None:
    assert send(cast, make_commitment(department=cast.science), ReportValues(progress=Decimal(5))).doubts == []


# --- One report per initiative


def test_one_report_counts_for_all_of_the_lead_on_the_initiative(cast: Cast) -> None:
    thing = make_initiative()
    item = make_commitment("S-1", department=cast.science, initiative=thing)
    taken = make_commitment("S-2", department=cast.science, initiative=thing, stage=Stage.ACCEPTED)
    issued = make_commitment("S-3", department=cast.science, initiative=thing, stage=Stage.ISSUED)
    foreign = make_commitment("S-4", department=cast.health_bureau, initiative=thing)
    report = send(cast, item, ReportValues(done="x", progress=Decimal(70)))
    ends = dict(Commitment.objects.values_list("code", "last_period_end"))
    november = date(2026, 11, 30)
    assert ends == {"S-1": november, "S-2": november, "S-3": november, "S-4": None}
    issued.refresh_from_db()
    assert issued.stage == Stage.ISSUED
    told = Event.objects.get(kind=EventKind.REPORT_SUBMITTED, commitment=taken)
    assert told.subject == f"S-1 {report.ref}"

    again = refusal(cast, taken)
    assert (again.code, again.params["code"]) == ("initiative_reported", "S-1")
    assert thing.name in str(again)

    reviews.accept(report, by=cast.actor("chen"), today=TODAY)
    found = {one.code: one for one in Commitment.objects.all()}
    assert [found[code].progress for code in ("S-1", "S-2", "S-3", "S-4")] == [70, 70, None, 70]
    assert found["S-4"].last_period_end == november
    with pytest.raises(DomainError) as refused:
        reports.save_draft(foreign, values=SAID, by=cast.actor("zhou"), today=TODAY)
    assert refused.value.code == "initiative_reported"
    assert chain.verify().broken_seq is None


def test_another_period_of_the_same_initiative_is_another_report(cast: Cast) -> None:
    thing = make_initiative()
    item = make_commitment("S-1", department=cast.science, initiative=thing)
    other = make_commitment("S-2", department=cast.science, initiative=thing)
    send(cast, item, start=OCTOBER, today=date(2026, 11, 3))
    assert send(cast, other).period_start == date(2026, 11, 1)


# --- Three quantities


SPENT = VolumeValues(
    invested_month_wan=Decimal(800),
    invested_year_wan=Decimal(3000),
    physical_percent=Decimal(40),
    work_percent=Decimal(35),
    stage="construction",
    in_statistics=True,
    in_statistics_on=date(2026, 3, 1),
)


def test_the_three_quantities_go_to_the_project_when_accepted_and_its_light_follows(
    cast: Cast, project: Initiative
) -> None:
    item = make_commitment("P-1", department=cast.science, initiative=project, due_on=None)
    report = send(cast, item, ReportValues(done="x", volumes=SPENT))
    assert ProjectDetails.objects.get().year_invested_wan is None
    reviews.accept(report, by=cast.actor("chen"), today=TODAY)
    details = ProjectDetails.objects.get()
    assert (details.year_invested_wan, details.physical_percent, details.work_percent) == (
        Decimal(3000),
        Decimal(40),
        Decimal(35),
    )
    assert (details.stage, details.in_statistics, details.in_statistics_on) == ("construction", True, date(2026, 3, 1))
    item.refresh_from_db()
    # 25 % of the year's plan in November, 10 of 12 months are over: far behind.
    assert item.health == Health.OFF_TRACK
    assert item.health_reasons[0]["code"] == "investment_behind"
    told = Event.objects.get(kind=EventKind.CATALOGUE_REVISED)
    assert (told.subject, told.changes["year_invested_wan"]) == ("initiative NC-PRJ", [None, "3000"])
    project.refresh_from_db()
    assert project.revision > 0


def test_an_older_report_does_not_take_the_projects_figures_back(cast: Cast, project: Initiative) -> None:
    item = make_commitment("P-1", department=cast.science, initiative=project)
    day = date(2026, 11, 3)
    newer = send(cast, item, ReportValues(volumes=VolumeValues(invested_year_wan=Decimal(900))), today=day)
    reviews.accept(newer, by=cast.actor("chen"), today=day)
    older = send(
        cast, item, ReportValues(volumes=VolumeValues(invested_year_wan=Decimal(500))), today=day, start=OCTOBER
    )
    reviews.accept(older, by=cast.actor("chen"), today=day)
    assert ProjectDetails.objects.get().year_invested_wan == 900


def test_a_new_year_begins_its_own_money_and_the_old_plan_is_no_plan_for_it(cast: Cast, project: Initiative) -> None:
    item = make_commitment("P-1", department=cast.science, initiative=project)
    day = date(2027, 1, 20)
    report = send(cast, item, ReportValues(volumes=VolumeValues(invested_year_wan=Decimal(50))), today=day)
    reviews.accept(report, by=cast.actor("chen"), today=day)
    details = ProjectDetails.objects.get()
    assert (details.plan_year, details.year_investment_wan, details.year_invested_wan) == (2027, None, Decimal(50))


def test_what_is_no_project_takes_no_quantities(cast: Cast) -> None:
    park = make_initiative("I-PARK", kind=InitiativeKind.PARK)
    item = make_commitment("P-1", department=cast.science, initiative=park)
    assert refusal(cast, item, ReportValues(done="x", volumes=SPENT)).code == "volumes_not_asked"
    assert refusal(cast, make_commitment(department=cast.science), ReportValues(volumes=SPENT)).field == "volumes"


def test_quantities_stand_in_the_log_and_saving_them_twice_changes_nothing(cast: Cast, project: Initiative) -> None:
    item = make_commitment("P-1", department=cast.science, initiative=project)
    values = ReportValues(done="x", volumes=SPENT)
    draft = reports.save_draft(item, values=values, by=cast.actor("lin"), today=TODAY)
    told = Event.objects.get(kind=EventKind.REPORT_SAVED)
    assert told.changes["invested_year_wan"] == [None, "3000"]
    again = reports.save_draft(item, values=values, by=cast.actor("lin"), today=TODAY)
    assert again.revision == draft.revision
    assert Event.objects.filter(kind=EventKind.REPORT_SAVED).count() == 1
    reports.revise(draft, values=SAID, by=cast.actor("lin"), today=TODAY)
    draft = ProgressReport.objects.get(pk=draft.pk)
    assert reports.values_of(draft).volumes == VolumeValues()


def test_a_demonstration_leaves_the_project_as_it_found_it(cast: Cast, project: Initiative) -> None:
    ProjectDetails.objects.update(physical_percent=Decimal(30), stage="preparation")
    before = ProjectDetails.objects.values().get()
    item = make_commitment("P-1", department=cast.science, initiative=project)
    draft = reports.save_draft(
        item, values=ReportValues(volumes=SPENT), by=cast.actor("lin"), today=TODAY, is_demo=True
    )
    reviews.accept(reports.submit(draft, by=cast.actor("lin"), today=TODAY), by=cast.actor("chen"), today=TODAY)
    assert ProjectDetails.objects.values().get() != before
    ProjectDetails.objects.update(work_percent=Decimal(36))
    assert volumes.take_back_demo() == 1
    assert ProjectDetails.objects.values().get() == before | {"work_percent": Decimal(36)}


# --- Many at once


def test_many_are_reported_unchanged_in_one_group_and_each_refused_one_is_named(cast: Cast, tracked: Plan) -> None:
    thing = make_initiative()
    first = make_commitment("U-1", plan=tracked, department=cast.science)
    written = make_commitment("U-2", plan=tracked, department=cast.science)
    reports.save_draft(written, values=SAID, by=cast.actor("lin"), today=TODAY)
    served = make_commitment("U-3", plan=tracked, department=cast.science, initiative=thing)
    twin = make_commitment("U-4", plan=tracked, department=cast.science, initiative=thing)
    foreign = make_commitment("U-5", plan=tracked, department=cast.health_bureau)
    for item in (first, served):
        make_told(item, author=cast.lin, month=9)
    group = uuid4()
    done, refusals = reports.submit_unchanged(
        [first, written, served, twin, foreign], by=cast.actor("lin"), today=TODAY, group=group
    )
    assert [report.commitment.code for report in done] == ["U-1", "U-3"]
    assert {report.period_start for report in done} == {OCTOBER}
    assert all(report.is_late for report in done)
    assert {item.code: error.code for item, error in refusals} == {
        "U-2": "report_open_already",
        "U-4": "initiative_reported",
        "U-5": "not_found",
    }
    assert ProgressReport.objects.get(commitment=written).done == SAID.done
    told = Event.objects.filter(group=group)
    assert set(told.values_list("kind", flat=True)) >= {EventKind.REPORT_SAVED, EventKind.REPORT_SUBMITTED}


def test_nothing_changed_needs_something_that_it_repeats_and_no_words_of_what_was_done(cast: Cast) -> None:
    new = make_commitment("N-1", department=cast.science)
    unchanged = ReportValues(is_no_change=True)
    assert refusal(cast, new, unchanged).code == "nothing_to_compare"
    told = make_told(make_commitment("N-2", department=cast.science), author=cast.lin)
    assert refusal(cast, told, ReportValues(is_no_change=True, done="完成验收")).code == "no_change_with_words"
    assert send(cast, told, unchanged).state == ReportState.SUBMITTED
    new.refresh_from_db()
    assert new.last_period_end is None


def test_one_report_on_an_initiative_lets_the_next_say_unchanged_for_its_twin(cast: Cast) -> None:
    thing = make_initiative()
    make_told(make_commitment("I-1", department=cast.science, initiative=thing), author=cast.lin)
    twin = make_commitment("I-2", department=cast.science, initiative=thing)
    assert send(cast, twin, ReportValues(is_no_change=True)).is_no_change


def test_only_what_says_nothing_but_unchanged_is_accepted_at_once(cast: Cast) -> None:
    told = [make_told(make_commitment(f"A-{n}", department=cast.science), author=cast.lin) for n in (1, 2)]
    plain = send(cast, told[0], ReportValues(is_no_change=True))
    wordy = send(cast, told[1], ReportValues(is_no_change=True, problems="用地"))
    own = make_report(make_commitment("A-3", department=cast.science), author=cast.chen)
    group = uuid4()
    found = reviews.accept_unchanged(
        [wordy, plain, own], reason="集中审核", by=cast.actor("chen"), today=TODAY, group=group
    )
    assert found.done == [plain]
    assert [error.code for _report, error in found.refusals] == ["report_has_changes", "own_report"]
    wordy.refresh_from_db()
    assert wordy.state == ReportState.SUBMITTED
    event = Event.objects.get(group=group, kind=EventKind.REPORT_ACCEPTED)
    assert event.reason == "集中审核"
    nothing = reviews.accept_unchanged([wordy], reason=" ", by=cast.actor("chen"), today=TODAY, group=group)
    assert [error.code for _report, error in nothing.refusals] == ["reason_needed"]
