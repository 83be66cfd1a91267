"""Judging that a clause needs no commitment: by the office, with a reason, on record, and never against the facts."""

import pytest

from projects.errors import DomainError
from tests.factories import Cast, make_cast, make_clause, make_commitment, make_plan
from tracker.actions import plans
from tracker.event_kinds import EventKind
from tracker.models import Clause, Event
from tracker.queries import chain

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def clause(cast: Cast) -> Clause:
    return make_clause(make_plan(), "0.1", heading="决策依据")


def judge(
    clause: Clause, cast: Cast, *, needs_none: bool = True, reason: str = "只说明依据。", name: str = "chen"
) -> None:
    plans.judge_clause(clause, needs_none=needs_none, reason=reason, by=cast.actor(name))


def stored(clause: Clause) -> tuple[bool, str]:
    row = Clause.objects.get(pk=clause.pk)
    return row.needs_no_commitment, row.no_commitment_reason


def test_a_judgement_stands_with_its_reason_and_is_on_record(cast: Cast, clause: Clause) -> None:
    before = clause.revision
    judge(clause, cast, reason="  只说明依据。 ")
    assert stored(clause) == (True, "只说明依据。")
    assert Clause.objects.get(pk=clause.pk).revision > before
    event = Event.objects.latest("seq")
    assert (event.kind, event.subject, event.actor, event.reason) == (
        EventKind.CLAUSE_REVISED, "clause P1/0.1", cast.chen, "只说明依据。",
    )  # fmt: skip
    assert event.changes == {"needs_no_commitment": [False, True], "no_commitment_reason": ["", "只说明依据。"]}
    assert chain.verify().broken_seq is None


def test_the_same_judgement_twice_changes_nothing(cast: Cast, clause: Clause) -> None:
    judge(clause, cast)
    count = Event.objects.count()
    judge(clause, cast)
    judge(make_clause(make_plan(), "0.2"), cast, needs_none=False, reason="")
    assert Event.objects.count() == count


def test_a_judgement_is_taken_back_with_a_reason_of_its_own(cast: Cast, clause: Clause) -> None:
    judge(clause, cast)
    for reason in ("", " ", "只说明依据。"):
        with pytest.raises(DomainError) as refusal:
            judge(clause, cast, needs_none=False, reason=reason)
        assert (refusal.value.code, refusal.value.field) == ("judgement_needs_reason", "no_commitment_reason")
    judge(clause, cast, needs_none=False, reason="其中有一项任务。")
    assert stored(clause) == (False, "")
    assert Event.objects.latest("seq").reason == "其中有一项任务。"


@pytest.mark.parametrize("name", ["lin", "zhou", "wu", "gu"])
def test_only_the_office_judges(cast: Cast, clause: Clause, name: str) -> None:
    with pytest.raises(DomainError) as refusal:
        judge(clause, cast, name=name)
    assert refusal.value.code == "not_allowed"
    assert stored(clause) == (False, "")


@pytest.mark.parametrize(
    ("reason", "code"), [("", "judgement_needs_reason"), ("字" * 201, "judgement_reason_too_long")]
)
def test_a_judgement_needs_a_reason_that_fits(cast: Cast, clause: Clause, reason: str, code: str) -> None:
    with pytest.raises(DomainError) as refusal:
        judge(clause, cast, reason=reason)
    assert refusal.value.code == code
    assert str(refusal.value)
    assert (stored(clause), Event.objects.count()) == ((False, ""), 0)


def test_a_clause_that_holds_commitments_cannot_need_none(cast: Cast, clause: Clause) -> None:
    make_commitment("C-1", clause=clause)
    with pytest.raises(DomainError) as refusal:
        judge(clause, cast)
    assert (refusal.value.code, refusal.value.field) == ("clause_has_commitments", "needs_no_commitment")
