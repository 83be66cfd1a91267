"""A report's way, its refusals, and what an accepted one does to the commitments it serves."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.apps import apps

from projects.errors import DomainError
from projects.models import Reading
from tests.factories import (
    TODAY,
    Cast,
    make_cast,
    make_commitment,
    make_indicator,
    make_initiative,
    make_plan,
    make_reading,
    make_report,
    make_target,
    make_user,
)
from tracker.actions import reports, reviews
from tracker.choices import Health, ReportState, Role, Stage
from tracker.event_kinds import EventKind
from tracker.models import Commitment, Event, ProgressReport
from tracker.policies import SYSTEM, actor_of
from tracker.queries import chain
from tracker.rules.reporting import ReportValues

pytestmark = pytest.mark.django_db
SAID = ReportValues(done="完成设备调试。")
NOVEMBER = (date(2026, 11, 1), date(2026, 11, 30))


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def item(cast: Cast) -> Commitment:
    return make_commitment("R-1", department=cast.science)


def everything() -> dict[str, object]:
    """The number of rows of every table, and every column of what reports may touch."""
    models = [model for name in ("projects", "tracker") for model in apps.get_app_config(name).get_models()]
    return {model.__name__: model.objects.count() for model in models} | {  # type: ignore[attr-defined]
        "columns": [list(model.objects.order_by("pk").values()) for model in (Commitment, ProgressReport, Reading)]
    }


def draft(cast: Cast, item: Commitment, *, values: ReportValues = SAID, by: str = "lin") -> ProgressReport:
    return reports.save_draft(item, values=values, by=cast.actor(by), today=TODAY)


def sent(cast: Cast, item: Commitment, *, values: ReportValues = SAID) -> ProgressReport:
    return reports.submit(draft(cast, item, values=values), by=cast.actor("lin"), today=TODAY)


def save(cast: Cast, item: Commitment, **changed: object) -> object:
    asked: dict[str, object] = {"values": SAID, "by": cast.actor("lin"), "today": TODAY} | changed
    return reports.save_draft(item, **asked)  # type: ignore[arg-type]


Attempt = Callable[[Cast, Commitment], object]
DRAFT_REFUSALS: dict[str, tuple[str, Attempt]] = {
    "a foreign department": ("not_found", lambda c, i: draft(c, i, by="zhou")),
    "the supervision office": ("not_yours_to_report", lambda c, i: draft(c, i, by="chen")),
    "a leader": ("not_yours_to_report", lambda c, i: draft(c, i, by="wu")),
    "an administrator": ("not_yours_to_report", lambda c, i: draft(c, i, by="gu")),
    "the site itself": ("not_allowed", lambda c, i: save(c, i, by=SYSTEM)),
    "a closed period": ("period_closed", lambda c, i: save(c, i, period_start=date(2026, 9, 1))),
    "a period to come": ("period_not_open", lambda c, i: save(c, i, period_start=date(2026, 12, 1))),
    "progress of 140": (
        "progress_out_of_range",
        lambda c, i: draft(c, i, values=ReportValues(progress=Decimal(140))),
    ),
    "progress below 0": (
        "progress_out_of_range",
        lambda c, i: draft(c, i, values=ReportValues(progress=Decimal("-0.01"))),
    ),
    "nothing said": ("report_empty", lambda c, i: draft(c, i, values=ReportValues(done=" \n"))),
    "a forecast that passed": (
        "forecast_passed",
        lambda c, i: draft(c, i, values=ReportValues(forecast_on=date(2026, 11, 21))),
    ),
}


@pytest.mark.parametrize("case", DRAFT_REFUSALS)
def test_a_refused_draft_leaves_everything_as_it_was(cast: Cast, item: Commitment, case: str) -> None:
    code, attempt = DRAFT_REFUSALS[case]
    before = everything()
    with pytest.raises(DomainError) as refusal:
        attempt(cast, item)
    assert refusal.value.code == code
    assert str(refusal.value)
    assert everything() == before


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage not in {"issued", "accepted", "in_progress"}])
def test_a_matter_that_is_not_worked_on_takes_no_report(cast: Cast, stage: Stage) -> None:
    item = make_commitment(department=cast.science, stage=stage)
    before = everything()
    with pytest.raises(DomainError) as refusal:
        draft(cast, item)
    assert refusal.value.code == "not_yours_to_report"
    assert everything() == before


def test_a_red_line_takes_no_percentage(cast: Cast) -> None:
    item = make_commitment(department=cast.science, is_red_line=True)
    with pytest.raises(DomainError) as refusal:
        draft(cast, item, values=ReportValues(progress=Decimal(10)))
    assert (refusal.value.code, refusal.value.field) == ("progress_not_asked", "progress")


def test_a_department_that_only_supports_sees_the_matter_but_does_not_report(cast: Cast, item: Commitment) -> None:
    item.involvements.create(department=cast.health_bureau, involvement="supporting", order=1)
    with pytest.raises(DomainError) as refusal:
        draft(cast, item, by="zhou")
    assert refusal.value.code == "not_yours_to_report"


def test_a_report_that_waits_for_review_is_not_written_over(cast: Cast, item: Commitment) -> None:
    report = sent(cast, item)
    before = everything()
    for attempt in (
        lambda: draft(cast, item, values=ReportValues(done="再写")),
        lambda: reports.revise(report, values=SAID, by=cast.actor("lin"), today=TODAY),
        lambda: reports.submit(report, by=cast.actor("lin"), today=TODAY),
    ):
        with pytest.raises(DomainError) as refusal:
            attempt()
        assert refusal.value.code in {"report_waits_for_review", "report_not_open"}
    assert everything() == before


@pytest.mark.parametrize("name", ["lin", "zhou", "wu", "gu"])
def test_only_the_supervision_office_reviews(cast: Cast, item: Commitment, name: str) -> None:
    report = sent(cast, item)
    before = everything()
    for attempt in (
        lambda: reviews.accept(report, by=cast.actor(name), today=TODAY),
        lambda: reviews.send_back(report, reason="不清楚", by=cast.actor(name), today=TODAY),
    ):
        with pytest.raises(DomainError) as refusal:
            attempt()
        assert refusal.value.code == "not_allowed"
    assert everything() == before


def test_nobody_reviews_their_own_report_after_changing_sides(cast: Cast, item: Commitment) -> None:
    report = sent(cast, item)
    cast.lin.role = Role.SUPERVISOR
    cast.lin.save(update_fields=["role"])
    before = everything()
    for attempt in (
        lambda: reviews.accept(report, by=actor_of(cast.lin), today=TODAY),
        lambda: reviews.send_back(report, reason="x", by=actor_of(cast.lin), today=TODAY),
    ):
        with pytest.raises(DomainError) as refusal:
            attempt()
        assert refusal.value.code == "own_report"
    assert everything() == before


def test_what_does_not_wait_for_review_is_not_reviewed(cast: Cast, item: Commitment) -> None:
    report = draft(cast, item)
    with pytest.raises(DomainError) as refusal:
        reviews.accept(report, by=cast.actor("chen"), today=TODAY)
    assert refusal.value.code == "report_not_submitted"
    accepted = reviews.accept(
        reports.submit(report, by=cast.actor("lin"), today=TODAY), by=cast.actor("chen"), today=TODAY
    )
    before = everything()
    with pytest.raises(DomainError):
        reviews.accept(accepted, by=cast.actor("chen"), today=TODAY)
    assert everything() == before


def test_a_return_says_why(cast: Cast, item: Commitment) -> None:
    report = sent(cast, item)
    with pytest.raises(DomainError) as refusal:
        reviews.send_back(report, reason="  ", by=cast.actor("chen"), today=TODAY)
    assert (refusal.value.code, refusal.value.field) == ("reason_needed", "reason")


def test_a_stale_revision_is_refused_by_every_step(cast: Cast, item: Commitment) -> None:
    report = draft(cast, item)
    old = report.revision - 1
    steps: list[Callable[[], object]] = [
        lambda: save(cast, item, expected_revision=old),
        lambda: reports.revise(report, values=SAID, by=cast.actor("lin"), today=TODAY, expected_revision=old),
        lambda: reports.submit(report, by=cast.actor("lin"), today=TODAY, expected_revision=old),
    ]
    for step in steps:
        with pytest.raises(DomainError) as refusal:
            step()
        assert refusal.value.code == "stale"
    report = reports.submit(report, by=cast.actor("lin"), today=TODAY, expected_revision=report.revision)
    for review in (
        lambda: reviews.accept(report, by=cast.actor("chen"), today=TODAY, expected_revision=old),
        lambda: reviews.send_back(report, reason="x", by=cast.actor("chen"), today=TODAY, expected_revision=old),
    ):
        with pytest.raises(DomainError) as refusal:
            review()
        assert refusal.value.code == "stale"


def test_a_draft_whose_period_has_closed_meanwhile_is_not_handed_in(cast: Cast, item: Commitment) -> None:
    report = draft(cast, item)
    with pytest.raises(DomainError) as refusal:
        reports.submit(report, by=cast.actor("lin"), today=date(2026, 12, 6))
    assert refusal.value.code == "period_closed"
    assert "2026-12-05" in str(refusal.value)


def test_a_returned_report_may_come_back_after_its_period_closed(cast: Cast, item: Commitment) -> None:
    report = reviews.send_back(sent(cast, item), reason="补数据", by=cast.actor("chen"), today=TODAY)
    late = date(2026, 12, 20)
    again = reports.save_draft(item, values=ReportValues(done="补好了"), by=cast.actor("lin"), today=late)
    assert (again.pk, again.period_start, again.period_end) == (report.pk, *NOVEMBER)
    assert reports.submit(again, by=cast.actor("lin"), today=late).state == ReportState.SUBMITTED


def test_a_retry_with_the_same_reference_returns_the_first_result(cast: Cast, item: Commitment) -> None:
    ref, lin = uuid4(), cast.actor("lin")
    first = reports.receive(item, values=SAID, by=lin, today=TODAY, client_ref=ref, is_handed_in=True)
    before = everything()
    again = reports.receive(
        item, values=ReportValues(done="别的"), by=lin, today=TODAY, client_ref=ref, is_handed_in=True
    )
    assert (first.is_new, again.is_new, again.report.pk) == (True, False, first.report.pk)
    assert save(cast, item, client_ref=ref, values=ReportValues()) == first.report
    assert everything() == before


def test_another_author_may_use_the_same_reference(cast: Cast, item: Commitment) -> None:
    ref = uuid4()
    mine = save(cast, item, client_ref=ref)
    other = make_commitment(department=cast.health_bureau)
    theirs = save(cast, other, client_ref=ref, by=cast.actor("zhou"))
    assert mine != theirs


def test_receiving_is_both_or_neither(cast: Cast, item: Commitment) -> None:
    draft(cast, item)
    before = everything()
    with pytest.raises(DomainError):
        reports.receive(
            item, values=ReportValues(done="x", progress=Decimal(101)), by=cast.actor("lin"), today=TODAY,
            is_handed_in=True,
        )  # fmt: skip
    assert everything() == before


def test_the_whole_way_draft_submit_return_resubmit_accept(cast: Cast) -> None:
    item = make_commitment(department=cast.science, stage=Stage.ISSUED)
    lin, chen = cast.actor("lin"), cast.actor("chen")
    report = draft(cast, item, values=ReportValues(done="初稿", progress=Decimal(30)))
    assert (report.state, report.period_start, report.period_end) == (ReportState.DRAFT, *NOVEMBER)
    item.refresh_from_db()
    assert (item.stage, item.last_period_end, item.progress) == (Stage.ISSUED, None, None)

    report = reports.submit(report, by=lin, today=TODAY)
    item.refresh_from_db()
    assert (item.stage, item.last_period_end, item.progress) == (Stage.IN_PROGRESS, NOVEMBER[1], None)
    report = reviews.send_back(report, reason=" 数据来源？ ", by=chen, today=TODAY)
    assert (report.state, report.return_reason, report.reviewer) == (ReportState.RETURNED, "数据来源？", cast.chen)

    report = draft(cast, item, values=ReportValues(done="已补", progress=Decimal(99), forecast_on=date(2026, 12, 20)))
    report = reports.submit(report, by=lin, today=TODAY)
    assert (report.return_reason, report.reviewer) == ("", None)
    report = reviews.accept(report, by=chen, today=TODAY)
    item.refresh_from_db()
    assert (item.progress, item.progress_basis, item.forecast_on) == (Decimal(99), "reported", date(2026, 12, 20))
    assert (item.last_accepted_on, item.health) == (TODAY, Health.ON_TRACK)
    assert ProgressReport.objects.count() == 1
    kinds = list(Event.objects.filter(commitment=item).order_by("seq").values_list("kind", flat=True))
    assert [kind for kind in kinds if kind.startswith("report")] == [
        EventKind.REPORT_SAVED,
        EventKind.REPORT_SUBMITTED,
        EventKind.REPORT_RETURNED,
        EventKind.REPORT_SAVED,
        EventKind.REPORT_SUBMITTED,
        EventKind.REPORT_ACCEPTED,
    ]
    assert chain.verify().broken_seq is None


def test_each_step_gives_a_later_revision_and_the_same_draft_twice_gives_none(cast: Cast, item: Commitment) -> None:
    report = draft(cast, item)
    revisions = [report.revision]
    count = Event.objects.count()
    assert draft(cast, item).revision == revisions[0]
    assert Event.objects.count() == count
    report = reports.submit(report, by=cast.actor("lin"), today=TODAY)
    item.refresh_from_db()
    assert item.revision == report.revision
    revisions.append(report.revision)
    revisions.append(reviews.accept(report, by=cast.actor("chen"), today=TODAY).revision)
    assert revisions == sorted(set(revisions))


def test_an_accepted_report_serves_every_open_matter_on_the_same_initiative(cast: Cast) -> None:
    thing = make_initiative()
    other_plan = make_plan("P2")
    item = make_commitment("S-1", department=cast.science, initiative=thing)
    sibling = make_commitment("S-2", department=cast.health_bureau, initiative=thing, plan=other_plan)
    red = make_commitment("S-3", department=cast.science, initiative=thing, is_red_line=True)
    closed = make_commitment("S-4", department=cast.science, initiative=thing, stage=Stage.CLOSED)
    stranger = make_commitment("S-5", department=cast.science, initiative=make_initiative())
    reviews.accept(
        sent(cast, item, values=ReportValues(done="x", progress=Decimal(70), forecast_on=date(2027, 1, 5))),
        by=cast.actor("chen"),
        today=TODAY,
    )
    found = {one.code: one for one in Commitment.objects.all()}
    assert {code: one.progress for code, one in found.items()} == {
        "S-1": Decimal(70), "S-2": Decimal(70), "S-3": None, "S-4": None, "S-5": None,
    }  # fmt: skip
    assert [found[one.code].last_period_end for one in (sibling, red, closed, stranger)] == [
        NOVEMBER[1], NOVEMBER[1], None, None,
    ]  # fmt: skip
    assert found["S-2"].revision == found["S-1"].revision > found["S-4"].revision
    told = Event.objects.get(kind=EventKind.REPORT_ACCEPTED, commitment=sibling)
    assert told.subject.startswith("S-1 ")
    assert told.changes["progress"] == [None, "70"]


def test_an_accepted_value_becomes_the_reported_reading_and_leaves_the_verified_one(cast: Cast) -> None:
    item = make_commitment(department=cast.science)
    indicator = make_indicator()
    make_reading(indicator, 2023, Decimal(201))
    make_target(item, indicator)
    Reading.objects.create(
        indicator=indicator, period_start=NOVEMBER[0], period_end=NOVEMBER[1], verified=Decimal(240), source="年报"
    )
    report = reviews.accept(
        sent(cast, item, values=ReportValues(value=Decimal("250.5"))), by=cast.actor("chen"), today=TODAY
    )
    reading = Reading.objects.get(period_end=NOVEMBER[1])
    assert (reading.reported, reading.verified, reading.source) == (Decimal("250.5"), Decimal(240), "年报")
    assert report.reading == reading
    assert not reading.is_demo


def test_an_older_report_never_takes_the_last_period_back(cast: Cast) -> None:
    item = make_commitment(department=cast.science)
    Commitment.objects.filter(pk=item.pk).update(last_period_end=NOVEMBER[1])
    early = date(2026, 11, 3)
    report = save(cast, item, period_start=date(2026, 10, 1), today=early)
    assert isinstance(report, ProgressReport)
    reviews.accept(reports.submit(report, by=cast.actor("lin"), today=early), by=cast.actor("chen"), today=early)
    item.refresh_from_db()
    assert item.last_period_end == NOVEMBER[1]


def test_a_demonstration_sign_in_marks_all_that_it_writes(cast: Cast) -> None:
    thing = make_initiative()
    item = make_commitment(department=cast.science, initiative=thing, stage=Stage.ISSUED)
    sibling = make_commitment(department=cast.science, initiative=thing)
    make_target(item, make_indicator())
    shown = make_user("shown", department=cast.science)
    shown.is_demo = True
    shown.save(update_fields=["is_demo"])
    report = reports.save_draft(
        item, values=ReportValues(value=Decimal(5), progress=Decimal(9)), by=actor_of(shown), today=TODAY
    )
    reviews.accept(reports.submit(report, by=actor_of(shown), today=TODAY), by=cast.actor("chen"), today=TODAY)
    assert Reading.objects.get().is_demo
    assert ProgressReport.objects.get().is_demo
    assert {one.is_demo for one in Commitment.objects.filter(pk__in=[item.pk, sibling.pk])} == {True}
    assert not Event.objects.filter(is_demo=False).exists()


def test_a_review_by_a_demonstration_sign_in_is_no_fact_either(cast: Cast, item: Commitment) -> None:
    report = sent(cast, item, values=ReportValues(progress=Decimal(50)))
    cast.chen.is_demo = True
    cast.chen.save(update_fields=["is_demo"])
    reviews.accept(report, by=cast.actor("chen"), today=TODAY)
    item.refresh_from_db()
    assert item.is_demo
    assert Event.objects.get(kind=EventKind.REPORT_ACCEPTED).is_demo


def test_a_new_report_may_follow_an_accepted_one(cast: Cast, item: Commitment) -> None:
    make_report(item, author=cast.lin, state=ReportState.ACCEPTED, reviewer=cast.chen)
    assert draft(cast, item).state == ReportState.DRAFT
    assert ProgressReport.objects.count() == 2
