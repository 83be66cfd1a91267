"""The life of a commitment: every cell of the table, allowed and refused, for every role and every debt."""

import itertools
from datetime import date, timedelta
from decimal import Decimal

import pytest

from projects.errors import DomainError
from tracker.choices import Role, Stage
from tracker.rules import lifecycle

S = Stage
TODAY = date(2026, 11, 22)
LATER = date(2027, 1, 31)
DEPARTMENT, SUPERVISION = frozenset({Role.OFFICER, Role.HEAD}), frozenset({Role.SUPERVISOR})
REASON, UNTIL, VERIFICATION, OWNER = "reason", "until", "verification", "owner"
# What PRODUCT.md §3 allows: who, and what the step owes.
ALLOWED: dict[tuple[Stage, Stage], tuple[frozenset[Role], frozenset[str]]] = {
    (S.REGISTERED, S.ISSUED): (SUPERVISION, frozenset()),
    (S.ISSUED, S.ACCEPTED): (DEPARTMENT, frozenset()),
    (S.ISSUED, S.REGISTERED): (DEPARTMENT, frozenset({REASON, OWNER})),
    (S.ACCEPTED, S.IN_PROGRESS): (DEPARTMENT, frozenset()),
    (S.IN_PROGRESS, S.REPORTED_DONE): (DEPARTMENT, frozenset()),
    (S.REPORTED_DONE, S.VERIFIED): (SUPERVISION, frozenset({VERIFICATION})),
    (S.VERIFIED, S.CLOSED): (SUPERVISION, frozenset()),
    (S.CLOSED, S.ARCHIVED): (SUPERVISION, frozenset()),
    **{
        (stage, S.IN_PROGRESS): (SUPERVISION, frozenset({REASON}))
        for stage in (S.REPORTED_DONE, S.VERIFIED, S.CLOSED, S.ARCHIVED)
    },
    **{
        (stage, aside): (SUPERVISION, frozenset({REASON, UNTIL} if aside == S.EXEMPT else {REASON}))
        for stage in (S.REGISTERED, S.ISSUED, S.ACCEPTED, S.IN_PROGRESS, S.REPORTED_DONE)
        for aside in (S.SUSPENDED, S.CANCELLED, S.EXEMPT)
    },
    **{
        (aside, back): (SUPERVISION, frozenset({REASON}))
        for aside in (S.SUSPENDED, S.CANCELLED, S.EXEMPT)
        for back in (S.REGISTERED, S.IN_PROGRESS)
    },
    (S.SUSPENDED, S.CANCELLED): (SUPERVISION, frozenset({REASON})),
    (S.EXEMPT, S.CANCELLED): (SUPERVISION, frozenset({REASON})),
}
CELLS = list(itertools.product(Stage, Stage))


def refusal(
    current: Stage,
    to: Stage,
    *,
    role: Role | None,
    reason: str = "因政策调整",
    until: date | None = LATER,
    is_verified: bool = True,
) -> str | None:
    try:
        lifecycle.check_move(current, to, role=role, reason=reason, until=until, is_verified=is_verified, today=TODAY)
    except DomainError as error:
        return error.code
    return None


@pytest.mark.parametrize(("current", "to"), CELLS)
def test_every_step_is_open_to_its_roles_and_to_nobody_else(current: Stage, to: Stage) -> None:
    for role in Role:
        answer = refusal(current, to, role=role)
        if (current, to) not in ALLOWED:
            assert answer == "step_not_allowed"
        else:
            assert answer == (None if role in ALLOWED[current, to][0] else "step_not_yours")
    assert refusal(current, to, role=None) == (None if (current, to) in ALLOWED else "step_not_allowed")


@pytest.mark.parametrize(("current", "to"), sorted(ALLOWED))
def test_a_step_is_refused_without_what_it_owes_and_taken_with_it(current: Stage, to: Stage) -> None:
    owed = ALLOWED[current, to][1]
    for role in (None, *ALLOWED[current, to][0]):
        assert refusal(current, to, role=role, reason=" \n") == ("reason_needed" if REASON in owed else None)
        assert refusal(current, to, role=role, until=None) == ("exemption_needs_end" if UNTIL in owed else None)
        assert refusal(current, to, role=role, is_verified=False) == (
            "verification_needed" if VERIFICATION in owed else None
        )


@pytest.mark.parametrize(("days", "code"), [(-1, "exemption_end_passed"), (0, "exemption_end_passed"), (1, None)])
def test_an_exemption_ends_after_today(days: int, code: str | None) -> None:
    until = TODAY + timedelta(days=days)
    assert refusal(S.IN_PROGRESS, S.EXEMPT, role=Role.SUPERVISOR, until=until) == code


def test_the_field_at_fault_is_named() -> None:
    for said, field in (
        ({"reason": ""}, "reason"),
        ({"until": None}, "exempt_until"),
        ({"until": TODAY}, "exempt_until"),
    ):
        facts = {"reason": "政策调整", "until": LATER, **said}
        with pytest.raises(DomainError) as refused:
            lifecycle.check_move(S.ISSUED, S.EXEMPT, role=Role.SUPERVISOR, today=TODAY, **facts)  # type: ignore[arg-type]
        assert refused.value.field == field


@pytest.mark.parametrize(("current", "to"), CELLS)
def test_what_a_step_says_of_itself_is_what_it_owes(current: Stage, to: Stage) -> None:
    step = lifecycle.STEPS[current].get(to)
    if step is None:
        assert (current, to) not in ALLOWED
        return
    marks = {
        REASON: step.needs_reason,
        UNTIL: step.needs_until,
        VERIFICATION: step.needs_verification,
        OWNER: step.names_owner,
    }
    assert frozenset(name for name, is_owed in marks.items() if is_owed) == ALLOWED[current, to][1]


@pytest.mark.parametrize("role", [Role.LEADER, Role.ADMIN])
def test_leaders_and_administrators_take_no_step(role: Role) -> None:
    assert [lifecycle.moves(stage, role=role) for stage in Stage] == [()] * len(Stage)


def test_moves_are_offered_in_the_order_of_a_life() -> None:
    assert lifecycle.moves(S.ISSUED, role=Role.HEAD) == (S.REGISTERED, S.ACCEPTED)
    assert lifecycle.moves(S.CLOSED, role=Role.SUPERVISOR) == (S.IN_PROGRESS, S.ARCHIVED)
    assert lifecycle.moves(S.IN_PROGRESS, role=None) == (S.REPORTED_DONE, S.SUSPENDED, S.CANCELLED, S.EXEMPT)


def test_every_stage_can_be_reached_and_none_is_the_end_of_all() -> None:
    """Even the archive opens again when a look-back finds that it was not so."""
    assert {to for steps in lifecycle.STEPS.values() for to in steps} == set(Stage)
    assert all(lifecycle.STEPS[stage] for stage in Stage)


@pytest.mark.parametrize(
    ("progress", "reason", "is_refused"),
    [
        (Decimal(32), "", True),
        (Decimal(32), "  ", True),
        (Decimal(32), "余下部分并入另一事项。", False),
        (Decimal(100), "", False),
        (None, "", False),
    ],
)
def test_done_at_less_than_a_hundred_percent_asks_why(progress: Decimal | None, reason: str, is_refused: bool) -> None:
    if is_refused:
        with pytest.raises(DomainError, match="32 %"):
            lifecycle.check_done(progress, reason=reason)
    else:
        lifecycle.check_done(progress, reason=reason)
