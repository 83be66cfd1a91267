"""What moves a promise is told: a date that stands needs a reason, and a child that asks more than its parent too."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.errors import DomainError
from tests.factories import TODAY, Cast, make_cast, make_commitment, make_indicator, make_plan, make_target
from tracker.actions import commitments
from tracker.actions import ledger as ledger_actions
from tracker.choices import Comparator, Stage
from tracker.event_kinds import EventKind
from tracker.models import Commitment, Event, Target
from tracker.queries import ledger, tightening
from tracker.rules.tightening import EarlierDate, HigherNumber

pytestmark = pytest.mark.django_db
JUNE, DECEMBER = date(2026, 6, 30), date(2026, 12, 31)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def refused(attempt) -> DomainError:
    models = (Commitment, Target, Event)
    before = [list(model.objects.order_by("pk").values()) for model in models]
    with pytest.raises(DomainError) as refusal:
        attempt()
    assert str(refusal.value)
    assert [list(model.objects.order_by("pk").values()) for model in models] == before
    return refusal.value


def revise(cast: Cast, item: Commitment, *, reason: str = "", **values: object) -> Commitment:
    return commitments.revise(item, values=values, reason=reason, by=cast.actor("chen"), today=TODAY)


# --- A date that stands


def test_a_date_that_stands_is_moved_with_a_reason_only(cast: Cast) -> None:
    item = make_commitment(department=cast.science, due_on=DECEMBER)
    for day in (JUNE, None):
        error = refused(lambda: revise(cast, item, due_on=day, reason=" "))  # noqa: B023
        assert (error.code, error.field) == ("reason_needed", "reason")
    assert revise(cast, item, due_on=JUNE, reason="市委专题会议定").due_on == JUNE
    assert Event.objects.filter(kind=EventKind.COMMITMENT_REVISED).get().reason == "市委专题会议定"


def test_a_first_date_and_other_facts_need_no_reason(cast: Cast) -> None:
    item = make_commitment(department=cast.science, due_on=None)
    assert revise(cast, item, due_on=JUNE).due_on == JUNE
    assert revise(cast, item, due_on=JUNE, title="新名称").title == "新名称"


def test_an_import_moves_dates_with_its_own_name_as_the_reason(cast: Cast) -> None:
    item = make_commitment("C-1", department=cast.science, due_on=JUNE)
    row = replace(next(iter(ledger.rows(Commitment.objects.all()))), due_on=DECEMBER, number=2)
    ledger_actions.apply([row], by=cast.actor("chen"), today=TODAY, file_name="台账.xlsx")
    item.refresh_from_db()
    assert item.due_on == DECEMBER
    assert "台账.xlsx" in Event.objects.filter(kind=EventKind.COMMITMENT_REVISED).get().reason


# --- Initials


def test_the_initials_follow_the_title_wherever_it_is_written(cast: Cast) -> None:
    chen, plan = cast.actor("chen"), make_plan()
    facts = {"title": "高新技术企业倍增", "kind": "action"}
    item = commitments.register("N-1", plan=plan, values=facts, by=chen, today=TODAY)
    assert item.initials == "gxjsqybz"
    assert revise(cast, item, title="建成 5G 基站").initials == "jc5gjz"
    row = replace(next(iter(ledger.rows(Commitment.objects.all()))), title="低空经济", number=2)
    ledger_actions.apply([row], by=chen, today=TODAY)
    item.refresh_from_db()
    assert item.initials == "dkjj"


# --- More than the parent


def test_a_child_due_before_its_parent_says_why(cast: Cast) -> None:
    parent = make_commitment("P", due_on=DECEMBER)
    facts: dict[str, object] = {"title": "子项", "kind": "action", "parent": parent, "due_on": JUNE}
    new: dict[str, Any] = {"plan": make_plan(), "by": cast.actor("chen"), "today": TODAY}
    error = refused(lambda: commitments.register("N-1", values=facts, **new))
    assert (error.code, error.field) == ("tightening_needs_reason", "tightening_reason")
    item = commitments.register("N-1", values=facts | {"tightening_reason": "汛期前必须完工"}, **new)
    assert item.tightening_reason == "汛期前必须完工"
    assert revise(cast, item, title="改名").title == "改名"
    assert refused(lambda: revise(cast, item, tightening_reason=" ")).code == "tightening_needs_reason"


@pytest.mark.parametrize("values", [{"due_on": JUNE}, {"parent": True}])
def test_a_revision_that_makes_it_tighter_says_why(cast: Cast, values: dict[str, object]) -> None:
    parent = make_commitment("P", due_on=DECEMBER)
    by_date = "due_on" in values
    child = make_commitment("C", parent=parent if by_date else None, due_on=DECEMBER if by_date else JUNE)
    said = values if by_date else {"parent": parent}
    assert refused(lambda: revise(cast, child, reason="改", **said)).code == "tightening_needs_reason"
    assert revise(cast, child, reason="改", tightening_reason="上级要求", **said).parent == parent


def test_what_is_tight_already_does_not_stand_in_the_way_of_other_corrections(cast: Cast) -> None:
    """Its parent was given more time: nobody asked more of the child."""
    child = make_commitment("C", parent=make_commitment("P", due_on=DECEMBER), due_on=JUNE)
    assert revise(cast, child, title="改名").title == "改名"
    assert [row.child for row in tightening.listed(cast.actor("chen"))] == [child]


def test_a_target_above_the_parents_says_why(cast: Cast) -> None:
    indicator = make_indicator()
    parent, chen = make_commitment("P"), cast.actor("chen")
    make_target(parent, indicator, comparator=Comparator.AT_LEAST, value=Decimal(262), growth_percent=None)
    child = make_commitment("C", parent=parent)
    more: dict[str, Any] = {"indicator": indicator, "comparator": Comparator.AT_LEAST, "by": chen, "today": TODAY}
    assert commitments.set_target(child, **more, value=Decimal(262)).value == 262
    error = refused(lambda: commitments.set_target(child, **more, value=Decimal(300)))
    assert (error.code, error.field) == ("tightening_needs_reason", "tightening_reason")
    revise(cast, child, tightening_reason="自愿提高")
    assert commitments.set_target(child, **more, value=Decimal(300)).value == 300


def test_an_import_cannot_tighten_because_a_sheet_has_no_place_for_the_reason(cast: Cast) -> None:
    make_commitment("A", due_on=DECEMBER)
    make_commitment("B", parent=Commitment.objects.get(code="A"), due_on=DECEMBER)
    parent, child = (
        replace(row, number=n) for n, row in enumerate(ledger.rows(Commitment.objects.order_by("code")), 2)
    )
    chen = cast.actor("chen")
    early = replace(child, due_on=JUNE)
    error = refused(lambda: ledger_actions.apply([early], by=chen, today=TODAY))
    assert (error.code, error.params["code"]) == ("tightening_needs_reason", "B")
    assert ledger_actions.apply([replace(parent, due_on=JUNE), early], by=chen, today=TODAY).revised == 2


# --- The list


def test_children_that_ask_more_are_listed_with_both_values(cast: Cast) -> None:
    indicator = make_indicator()
    parent = make_commitment("P", department=cast.science, due_on=DECEMBER)
    early = make_commitment("A", parent=parent, department=cast.science, due_on=JUNE)
    more = make_commitment("B", parent=parent, due_on=DECEMBER)
    make_commitment("LIKE", parent=parent, due_on=DECEMBER)
    make_commitment("GONE", parent=parent, due_on=JUNE, stage=Stage.CANCELLED)
    make_target(parent, indicator, growth_percent=Decimal(30))
    make_target(more, indicator, growth_percent=Decimal(35))
    Commitment.objects.filter(pk=more.pk).update(tightening_reason="自愿")
    rows = tightening.listed(cast.actor("chen"))
    assert [row.child for row in rows] == [early, more]
    assert rows[0].found == (EarlierDate(child=JUNE, parent=DECEMBER),)
    [found] = rows[1].found
    assert isinstance(found, HigherNumber)
    assert (found.child.growth_percent, found.parent.growth_percent) == (Decimal(35), Decimal(30))
    assert tightening.ids(cast.actor("chen"), without_reason=True) == [early.pk]
    assert [row.child for row in tightening.listed(cast.actor("lin"))] == [early]
    assert tightening.listed(cast.actor("zhou")) == []


def test_a_child_whose_parent_is_out_of_sight_is_not_listed(cast: Cast) -> None:
    parent = make_commitment("P", department=cast.health_bureau, due_on=DECEMBER)
    make_commitment("A", parent=parent, department=cast.science, due_on=JUNE)
    assert tightening.listed(cast.actor("lin")) == []


def test_the_list_takes_as_many_queries_for_many_as_for_few(cast: Cast) -> None:
    parent, indicator = make_commitment("P", due_on=DECEMBER), make_indicator()
    make_target(parent, indicator)
    counts = []
    for number in (2, 20):
        for _ in range(number):
            make_target(make_commitment(parent=parent, due_on=JUNE), indicator, growth_percent=Decimal(40))
        with CaptureQueriesContext(connection) as queries:
            tightening.listed(cast.actor("chen"))
        counts.append(len(queries))
    assert counts[0] == counts[1] == 3
