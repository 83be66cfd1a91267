"""What is owed: one card per initiative, late ones first, contributions, silent departments; at a fixed price."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import TODAY, Cast, make_cast, make_commitment, make_initiative, make_plan, make_report, make_told
from tracker.actions import contributions, reports
from tracker.choices import Involvement, ReportState, Stage
from tracker.models import Commitment, CommitmentDepartment, Plan
from tracker.queries import reporting
from tracker.rules.reporting import ReportValues

pytestmark = pytest.mark.django_db
UNCHANGED = ReportValues(is_no_change=True)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def plan() -> Plan:
    return make_plan("T", tracked_since=date(2026, 9, 1))


def join(item: Commitment, cast: Cast) -> None:
    CommitmentDepartment.objects.create(
        commitment=item, department=cast.health_bureau, involvement=Involvement.RESPONSIBLE
    )


def told(item: Commitment, end: date) -> Commitment:
    Commitment.objects.filter(pk=item.pk).update(last_period_end=end)
    return item


def test_an_initiative_is_one_card_that_says_how_many_it_serves(cast: Cast, plan: Plan) -> None:
    thing = make_initiative()
    for number in range(3):
        told(make_commitment(f"I-{number}", plan=plan, department=cast.science, initiative=thing), date(2026, 10, 31))
    make_commitment("FOREIGN", plan=plan, department=cast.health_bureau, initiative=thing)
    alone = told(make_commitment("ONE", plan=plan, department=cast.science), date(2026, 10, 31))
    draft = make_report(Commitment.objects.get(code="I-2"), author=cast.lin, state=ReportState.DRAFT)
    cards = reporting.owed(cast.actor("lin"), today=TODAY)
    assert [(card.code, card.served_count, card.draft_id) for card in cards] == [
        ("I-2", 3, draft.pk), (alone.code, 1, None),
    ]  # fmt: skip
    assert cards[0].initiative == thing.name


def test_a_report_handed_in_for_the_initiative_leaves_nothing_owed(cast: Cast, plan: Plan) -> None:
    thing = make_initiative()
    items = [make_commitment(f"I-{n}", plan=plan, department=cast.science, initiative=thing) for n in range(2)]
    for item in items:
        told(item, date(2026, 10, 31))
    make_told(items[0], author=cast.lin)
    reports.submit(
        reports.save_draft(items[0], values=UNCHANGED, by=cast.actor("lin"), today=TODAY),
        by=cast.actor("lin"),
        today=TODAY,
    )
    late = make_commitment("I-9", plan=plan, department=cast.science, initiative=thing, issued_on=date(2026, 11, 20))
    assert reporting.standing_report(late, period_start=date(2026, 11, 1), period_end=date(2026, 11, 30))
    assert reporting.owed(cast.actor("lin"), today=TODAY) == []


def test_a_late_period_is_asked_before_the_open_one(cast: Cast, plan: Plan) -> None:
    make_commitment("LATE", plan=plan, department=cast.science)
    told(make_commitment("OPEN", plan=plan, department=cast.science), date(2026, 10, 31))
    make_commitment("NEW", plan=plan, department=cast.science, issued_on=date(2026, 11, 10), stage=Stage.ISSUED)
    cards = reporting.owed(cast.actor("lin"), today=TODAY)
    assert [(card.code, card.is_late, card.is_new, card.period.start.month) for card in cards] == [
        ("LATE", True, False, 10), ("NEW", False, True, 11), ("OPEN", False, False, 11),
    ]  # fmt: skip


def test_a_card_tells_how_many_departments_have_contributed(cast: Cast, plan: Plan) -> None:
    item = told(make_commitment("K", plan=plan, department=cast.science), date(2026, 10, 31))
    join(item, cast)
    card = reporting.owed(cast.actor("lin"), today=TODAY)[0]
    assert (card.contributors_count, card.contributed_count, card.contributions_due_on) == (1, 0, date(2026, 12, 2))
    asked = reporting.contributions_owed(cast.actor("zhou"), today=date(2026, 12, 3))
    assert [(one.code, one.owner, one.due_on, one.is_late) for one in asked] == [
        ("K", cast.science.short_name, date(2026, 12, 2), True)
    ]
    contributions.save(item, text="x", by=cast.actor("zhou"), today=TODAY)
    assert reporting.contributions_owed(cast.actor("zhou"), today=TODAY) == []
    assert reporting.owed(cast.actor("lin"), today=TODAY)[0].contributed_count == 1
    seen = reporting.contributions_to(item, period_start=date(2026, 11, 1), viewer=cast.actor("lin"))
    assert [one.text for one in seen] == ["x"]


def test_nothing_is_asked_of_who_has_no_confirmed_part_or_no_department(cast: Cast, plan: Plan) -> None:
    item = make_commitment("K", plan=plan, department=cast.science)
    CommitmentDepartment.objects.create(
        commitment=item, department=cast.health_bureau, involvement=Involvement.SUPPORTING, is_suggested=True
    )
    assert reporting.contributions_owed(cast.actor("zhou"), today=TODAY) == []
    for name in ("chen", "wu", "gu"):
        assert reporting.owed(cast.actor(name), today=TODAY) == []
        assert reporting.contributions_owed(cast.actor(name), today=TODAY) == []


def test_the_office_sees_which_departments_are_silent(cast: Cast, plan: Plan) -> None:
    make_commitment("A", plan=plan, department=cast.science)
    told(make_commitment("B", plan=plan, department=cast.science), date(2026, 10, 31))
    told(make_commitment("C", plan=plan, department=cast.health_bureau), date(2026, 11, 30))
    make_commitment("D", plan=plan, department=cast.health_bureau, issued_on=date(2026, 11, 5))
    make_commitment("E", plan=plan, department=cast.health_bureau, stage=Stage.CLOSED)
    found = reporting.not_reported(cast.actor("chen"), today=TODAY)
    assert [(one.name, one.missed_count, one.open_count) for one in found] == [
        (cast.science.short_name, 1, 2), (cast.health_bureau.short_name, 0, 1),
    ]  # fmt: skip
    assert reporting.not_reported(cast.actor("lin"), today=TODAY) == []


def test_last_time_on_the_initiative_is_remembered_whoever_of_it_reported(cast: Cast) -> None:
    thing = make_initiative()
    item = make_commitment(department=cast.science, initiative=thing)
    other = make_commitment(department=cast.science, initiative=thing)
    report = make_report(item, author=cast.lin, period_start=date(2026, 10, 1), period_end=date(2026, 10, 31))
    assert reporting.previous_report(other) == report
    assert reporting.previous_report(make_commitment(department=cast.science)) is None


def test_the_price_does_not_grow(cast: Cast, plan: Plan) -> None:
    def fill(count: int) -> None:
        for _number in range(count):
            thing = make_initiative()
            for _twin in range(2):
                join(make_commitment(plan=plan, department=cast.science, initiative=thing), cast)

    def price() -> list[int]:
        asks = [
            (reporting.owed, "lin", 4),
            (reporting.contributions_owed, "zhou", 4),
            (reporting.not_reported, "chen", 2),
        ]
        counts = []
        for ask, name, most in asks:
            with CaptureQueriesContext(connection) as caught:
                assert ask(cast.actor(name), today=TODAY)
            assert len(caught) <= most, [query["sql"] for query in caught]
            counts.append(len(caught))
        return counts

    fill(1)
    few = price()
    fill(8)
    assert price() == few
