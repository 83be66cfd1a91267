"""What joined departments hand to the lead: who may, when, and until when."""

from datetime import date

import pytest

from projects.errors import DomainError
from tests.factories import TODAY, Cast, make_cast, make_commitment, make_plan, make_report
from tracker.actions import contributions
from tracker.choices import Involvement, ReportState, Stage
from tracker.event_kinds import EventKind
from tracker.models import Commitment, CommitmentDepartment, Contribution, Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def item(cast: Cast) -> Commitment:
    found = make_commitment("K-1", department=cast.science, plan=make_plan("T", tracked_since=date(2026, 11, 1)))
    join(found, cast)
    return found


def join(item: Commitment, cast: Cast, *, is_suggested: bool = False) -> None:
    CommitmentDepartment.objects.create(
        commitment=item, department=cast.health_bureau, involvement=Involvement.SUPPORTING, is_suggested=is_suggested
    )


def refusal(cast: Cast, item: Commitment, *, by: str = "zhou", text: str = "x", **more: object) -> DomainError:
    with pytest.raises(DomainError) as refused:
        contributions.save(item, text=text, by=cast.actor(by), today=TODAY, **more)  # type: ignore[arg-type]
    return refused.value


def test_a_supporting_department_contributes_and_may_change_it(cast: Cast, item: Commitment) -> None:
    first = contributions.save(item, text=" 提供床位数据。 ", by=cast.actor("zhou"), today=TODAY)
    assert (first.text, first.period_start, first.is_late) == ("提供床位数据。", date(2026, 11, 1), False)
    again = contributions.save(item, is_no_change=True, by=cast.actor("zhou"), today=TODAY)
    assert (again.pk, again.text, again.is_no_change) == (first.pk, "", True)
    assert again.revision > first.revision
    events = Event.objects.filter(kind=EventKind.CONTRIBUTION_SAVED)
    assert events.count() == 2
    assert contributions.save(item, is_no_change=True, by=cast.actor("zhou"), today=TODAY).revision == again.revision
    assert events.count() == 2


def test_after_its_day_a_contribution_is_late_and_stays_so(cast: Cast, item: Commitment) -> None:
    due_day, after = date(2026, 12, 2), date(2026, 12, 3)
    assert contributions.save(item, text="x", by=cast.actor("zhou"), today=after).is_late
    assert contributions.save(item, text="y", by=cast.actor("zhou"), today=due_day).is_late
    Contribution.objects.all().delete()
    assert not contributions.save(item, text="x", by=cast.actor("zhou"), today=due_day).is_late


@pytest.mark.parametrize("state", [ReportState.SUBMITTED, ReportState.RETURNED, ReportState.ACCEPTED])
def test_when_the_lead_has_reported_it_is_too_late(state: ReportState, cast: Cast, item: Commitment) -> None:
    make_report(item, author=cast.lin, state=state, reviewer=cast.chen if state == ReportState.ACCEPTED else None)
    assert refusal(cast, item, period_start=date(2026, 11, 1)).code == "contribution_closed"


def test_a_draft_of_the_lead_closes_nothing(cast: Cast, item: Commitment) -> None:
    make_report(item, author=cast.lin, state=ReportState.DRAFT)
    assert contributions.save(item, text="x", by=cast.actor("zhou"), today=TODAY).pk


def test_only_confirmed_parts_contribute(cast: Cast, item: Commitment) -> None:
    assert refusal(cast, item, by="lin").code == "contribution_not_yours"
    assert refusal(cast, item, by="chen").code == "contribution_not_yours"
    suggested = make_commitment(department=cast.science)
    join(suggested, cast, is_suggested=True)
    assert refusal(cast, suggested).code == "contribution_not_yours"
    assert refusal(cast, make_commitment(department=cast.science)).code == "not_found"
    assert not Contribution.objects.exists()


def test_nothing_said_nothing_asked_and_no_work_are_refused(cast: Cast, item: Commitment) -> None:
    assert refusal(cast, item, text=" ").code == "contribution_empty"
    assert refusal(cast, item, period_start=date(2026, 9, 1)).code == "period_closed"
    Commitment.objects.filter(pk=item.pk).update(last_period_end=date(2026, 11, 30))
    assert refusal(cast, item).code == "contribution_not_asked"
    Commitment.objects.filter(pk=item.pk).update(stage=Stage.SUSPENDED)
    assert refusal(cast, item).code == "stage_not_reportable"


def test_the_second_of_two_people_is_told(cast: Cast, item: Commitment) -> None:
    first = contributions.save(item, text="一", by=cast.actor("zhou"), today=TODAY)
    contributions.save(item, text="二", by=cast.actor("zhou"), today=TODAY)
    assert refusal(cast, item, text="三", expected_revision=first.revision).code == "stale"


def test_a_demonstration_is_marked(cast: Cast, item: Commitment) -> None:
    assert contributions.save(item, text="x", by=cast.actor("zhou"), today=TODAY, is_demo=True).is_demo
    assert Event.objects.get(kind=EventKind.CONTRIBUTION_SAVED).is_demo
