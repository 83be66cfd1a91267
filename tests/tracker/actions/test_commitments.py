"""Registering, revising, moving, confirming, measuring: what is refused, and what it does."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from projects.errors import DomainError
from tests.factories import (
    TODAY,
    Cast,
    make_cast,
    make_clause,
    make_commitment,
    make_indicator,
    make_milestone,
    make_plan,
)
from tracker.actions import commitments, steps
from tracker.actions.commitments import Owners
from tracker.choices import Comparator, Health, Stage
from tracker.event_kinds import EventKind
from tracker.models import Commitment, Event, Milestone, Target

pytestmark = pytest.mark.django_db
DUE = date(2026, 12, 31)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def register(cast: Cast, code: str = "N-1", *, by: str = "chen", owners: Owners | None = None, **values: object):
    facts: Mapping[str, object] = {"title": "一件事", "kind": "action", "lead": cast.science} | values
    return commitments.register(code, plan=make_plan(), values=facts, owners=owners, by=cast.actor(by), today=TODAY)


def refused(attempt) -> DomainError:
    """The refusal; nothing was written."""
    before = (list(Commitment.objects.order_by("pk").values()), Event.objects.count(), Milestone.objects.count())
    with pytest.raises(DomainError) as refusal:
        attempt()
    assert str(refusal.value)
    after = (list(Commitment.objects.order_by("pk").values()), Event.objects.count(), Milestone.objects.count())
    assert after == before
    return refusal.value


CONTRADICTIONS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "no title": ("title_missing", "title", {"title": " "}),
    "due before the start": ("ends_before_start", "due_on", {"starts_on": date(2027, 1, 1), "due_on": DUE}),
    "continuous with a date": ("continuous_has_no_date", "due_on", {"is_continuous": True, "due_on": DUE}),
    "broken, no red line": ("not_a_red_line", "red_line_broken_on", {"red_line_broken_on": TODAY}),
    "suggested, nobody": ("suggestion_without_lead", "lead", {"lead": None, "lead_is_suggested": True}),
    "span backwards": ("span_out_of_order", "span_end", {"span_start": 9, "span_end": 9}),
    "half a span": ("span_out_of_order", "span_end", {"span_start": 9}),
}


@pytest.mark.parametrize("case", CONTRADICTIONS)
def test_facts_that_contradict_each_other_are_refused_when_registered_and_when_revised(cast: Cast, case: str) -> None:
    code, field, values = CONTRADICTIONS[case]
    error = refused(lambda: register(cast, **values))
    assert (error.code, error.field) == (code, field)
    item = make_commitment(department=cast.science, due_on=None)
    error = refused(lambda: commitments.revise(item, values=values, by=cast.actor("chen"), today=TODAY))
    assert (error.code, error.field) == (code, field)


def test_further_contradictions_are_refused(cast: Cast) -> None:
    chen = cast.actor("chen")
    item = make_commitment(department=cast.science, progress=Decimal(20))
    foreign = make_clause(make_plan("P2"))
    for code, values in (
        ("clause_of_another_plan", {"clause": foreign}),
        ("own_parent", {"parent": item}),
        ("red_line_has_progress", {"is_red_line": True}),
        ("continuous_has_no_date", {"is_continuous": True}),
    ):
        assert refused(lambda: commitments.revise(item, values=values, by=chen, today=TODAY)).code == code  # noqa: B023
    register(cast, "TAKEN")
    assert refused(lambda: register(cast, "TAKEN")).code == "code_taken"
    twice = Owners(responsible=[cast.office], supporting=[cast.office])
    assert refused(lambda: register(cast, owners=twice)).code == "department_twice"
    leads = Owners(supporting=[cast.science])
    assert refused(lambda: register(cast, owners=leads)).code == "department_twice"
    with pytest.raises(ValueError, match="not editable"):
        register(cast, health="done")


@pytest.mark.parametrize("name", ["lin", "zhou", "wu", "gu"])
def test_only_the_supervision_office_keeps_the_ledger(cast: Cast, name: str) -> None:
    item, by = make_commitment(department=cast.science), cast.actor(name)
    indicator = make_indicator()
    for attempt in (
        lambda: register(cast, by=name),
        lambda: commitments.revise(item, values={"title": "x"}, by=by, today=TODAY),
        lambda: commitments.confirm_lead(item, by=by, today=TODAY),
        lambda: commitments.set_milestone(item, name="x", by=by, today=TODAY),
        lambda: commitments.set_target(
            item, indicator=indicator, comparator=Comparator.EQUAL, value=Decimal(1), by=by, today=TODAY
        ),
    ):
        assert refused(attempt).code == "not_allowed"


def test_a_new_commitment_is_white_stamped_and_on_record(cast: Cast) -> None:
    owners = Owners(responsible=[cast.health_bureau], supporting=[cast.office], are_suggested=True)
    item = register(cast, due_on=DUE, owners=owners)
    assert (item.health, item.stage, item.original_due_on) == (Health.NOT_STARTED, Stage.REGISTERED, DUE)
    assert item.revision > 0
    assert item.health_reasons == [{"code": "not_issued", "params": {}}]
    event = Event.objects.get(commitment=item)
    assert event.changes["lead"] == [None, "kjj"]
    assert event.changes["due_on"] == [None, "2026-12-31"]
    parts = [(row.department.code, row.involvement) for row in item.involvements.order_by("pk")]
    assert parts == [("wjw", "responsible"), ("dcs", "supporting")]


def test_the_original_date_never_changes_once_it_is_set(cast: Cast) -> None:
    item = register(cast)
    assert item.original_due_on is None
    chen = cast.actor("chen")
    for day in (DUE, date(2027, 6, 30), None, date(2028, 1, 1)):
        item = commitments.revise(item, values={"due_on": day}, reason="改期", by=chen, today=TODAY)
        assert (item.due_on, item.original_due_on) == (day, DUE)
    item = commitments.revise(item, values={"due_on": None, "is_continuous": True}, reason="改", by=chen, today=TODAY)
    assert (item.is_continuous, item.original_due_on) == (True, DUE)


def test_a_later_date_does_not_make_a_late_matter_green(cast: Cast) -> None:
    item = make_commitment(department=cast.science, due_on=date(2026, 10, 1))
    item = commitments.revise(
        item, values={"due_on": date(2027, 10, 1)}, reason="改期", by=cast.actor("chen"), today=TODAY
    )
    assert item.health == Health.OFF_TRACK
    assert item.health_reasons[0]["code"] == "overdue"


def test_a_revision_that_changes_nothing_writes_nothing(cast: Cast) -> None:
    owners = Owners(responsible=[cast.health_bureau])
    item = register(cast, owners=owners)
    before = Event.objects.count()
    same = {"title": "一件事", "lead": cast.science, "due_on": None}
    again = commitments.revise(item, values=same, owners=owners, by=cast.actor("chen"), today=TODAY)
    assert (again.revision, Event.objects.count()) == (item.revision, before)


def test_each_change_gives_a_later_revision_and_an_old_one_is_refused(cast: Cast) -> None:
    chen = cast.actor("chen")
    item = register(cast)
    read = item.revision
    changed = commitments.revise(item, values={"title": "改"}, by=chen, today=TODAY, expected_revision=read)
    assert changed.revision > read
    for attempt in (
        lambda: commitments.revise(item, values={"title": "又改"}, by=chen, today=TODAY, expected_revision=read),
        lambda: steps.move(item, to=Stage.ISSUED, by=chen, today=TODAY, expected_revision=read),
    ):
        assert refused(attempt).code == "stale"


def test_replaced_owners_are_told_with_their_order(cast: Cast) -> None:
    item = register(cast, owners=Owners(supporting=[cast.health_bureau, cast.office]))
    swapped = Owners(supporting=[cast.office, cast.health_bureau])
    commitments.revise(item, values={}, owners=swapped, by=cast.actor("chen"), today=TODAY)
    event = Event.objects.filter(kind=EventKind.COMMITMENT_REVISED).get()
    assert event.changes == {"departments": ["supporting:wjw; supporting:dcs", "supporting:dcs; supporting:wjw"]}


def test_a_changed_light_is_an_event_and_an_unchanged_one_is_none(cast: Cast) -> None:
    item = register(cast, due_on=DUE)
    lights = Event.objects.filter(commitment=item, kind=EventKind.HEALTH_CHANGED)
    assert not lights.exists()
    item = steps.move(item, to=Stage.SUSPENDED, reason="等政策", by=cast.actor("chen"), today=TODAY)
    assert [event.changes for event in lights] == [{"health": ["not_started", "exempt"]}]
    assert item.health_since == TODAY
    commitments.revise(item, values={"summary": "口径"}, by=cast.actor("chen"), today=TODAY)
    assert lights.count() == 1


def test_a_suggested_lead_is_confirmed_once(cast: Cast) -> None:
    chen = cast.actor("chen")
    item = register(cast, lead_is_suggested=True)
    confirmed = commitments.confirm_lead(item, by=chen, today=TODAY)
    assert not confirmed.lead_is_suggested
    assert confirmed.revision > item.revision
    count = Event.objects.count()
    commitments.confirm_lead(item, by=chen, today=TODAY)
    assert Event.objects.count() == count
    nobody = make_commitment()
    assert refused(lambda: commitments.confirm_lead(nobody, by=chen, today=TODAY)).code == "lead_missing"


def test_a_milestone_is_set_corrected_and_left_alone(cast: Cast) -> None:
    chen = cast.actor("chen")
    item = make_commitment(department=cast.science)
    for weight, planned, code in ((0, DUE, "weight_not_positive"), (5, None, "weight_without_date")):
        wrong: dict[str, Any] = {"weight": Decimal(weight), "planned_on": planned, "by": chen, "today": TODAY}
        error = refused(partial(commitments.set_milestone, item, name="开工", **wrong))
        assert error.code == code
    facts: dict[str, Any] = {
        "name": "开工",
        "planned_on": date(2026, 3, 1),
        "weight": Decimal(20),
        "by": chen,
        "today": TODAY,
    }
    first = commitments.set_milestone(item, **facts)
    item.refresh_from_db()
    assert item.health == Health.OFF_TRACK
    count = Event.objects.count()
    assert commitments.set_milestone(item, **facts).revision == first.revision
    assert Event.objects.count() == count
    commitments.set_milestone(item, **facts, actual_on=date(2026, 3, 9))
    assert Milestone.objects.get().actual_on == date(2026, 3, 9)
    event = Event.objects.filter(kind=EventKind.MILESTONE_SET).first()
    assert event is not None
    assert event.changes == {"actual_on": [None, "2026-03-09"]}
    item.refresh_from_db()
    assert item.health != Health.OFF_TRACK


def test_a_target_is_set_once_and_the_same_again_changes_nothing(cast: Cast) -> None:
    item, indicator = make_commitment(department=cast.science), make_indicator()
    facts: dict[str, Any] = {
        "indicator": indicator, "comparator": Comparator.AT_LEAST, "value": Decimal(262), "by": cast.actor("chen"),
        "today": TODAY,
    }  # fmt: skip
    target = commitments.set_target(item, **facts)
    count = Event.objects.count()
    assert commitments.set_target(item, **facts) == target
    assert (Target.objects.count(), Event.objects.count()) == (1, count)
    corrected = commitments.set_target(item, **(facts | {"value": Decimal(270)}))
    assert (corrected.pk, corrected.value) == (target.pk, Decimal(270))
    assert corrected.revision > target.revision


def test_a_milestone_entered_by_a_demonstration_sign_in_is_marked(cast: Cast) -> None:
    cast.chen.is_demo = True
    item = make_commitment(department=cast.science)
    assert commitments.set_milestone(item, name="x", by=cast.actor("chen"), today=TODAY).is_demo
    make_milestone(item, "真")
    assert Event.objects.get(kind=EventKind.MILESTONE_SET).is_demo
