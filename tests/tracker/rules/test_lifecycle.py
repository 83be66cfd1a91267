"""The life of a commitment: every cell of the table, allowed and refused."""

import itertools

import pytest

from projects.errors import DomainError
from tracker.choices import Role, Stage
from tracker.rules import lifecycle

S = Stage
DEPARTMENT, SUPERVISION = frozenset({Role.OFFICER, Role.HEAD}), frozenset({Role.SUPERVISOR})
# What PRODUCT.md §3 allows: who, and whether a reason is needed.
ALLOWED = {
    (S.REGISTERED, S.ISSUED): (SUPERVISION, False),
    (S.ISSUED, S.ACCEPTED): (DEPARTMENT, False),
    (S.ISSUED, S.REGISTERED): (DEPARTMENT, True),
    (S.ACCEPTED, S.IN_PROGRESS): (DEPARTMENT, False),
    (S.IN_PROGRESS, S.REPORTED_DONE): (DEPARTMENT, False),
    (S.REPORTED_DONE, S.VERIFIED): (SUPERVISION, False),
    (S.REPORTED_DONE, S.IN_PROGRESS): (SUPERVISION, True),
    (S.VERIFIED, S.CLOSED): (SUPERVISION, False),
    (S.CLOSED, S.ARCHIVED): (SUPERVISION, False),
    (S.CLOSED, S.IN_PROGRESS): (SUPERVISION, True),
    **{
        (stage, aside): (SUPERVISION, True)
        for stage in (S.REGISTERED, S.ISSUED, S.ACCEPTED, S.IN_PROGRESS, S.REPORTED_DONE)
        for aside in (S.SUSPENDED, S.CANCELLED, S.EXEMPT)
    },
    **{
        (aside, back): (SUPERVISION, True)
        for aside in (S.SUSPENDED, S.CANCELLED, S.EXEMPT)
        for back in (S.REGISTERED, S.IN_PROGRESS)
    },
    (S.SUSPENDED, S.CANCELLED): (SUPERVISION, True),
    (S.EXEMPT, S.CANCELLED): (SUPERVISION, True),
}
CELLS = list(itertools.product(Stage, Stage))


def refusal(current: Stage, to: Stage, *, role: Role | None, reason: str = "") -> str | None:
    try:
        lifecycle.check_move(current, to, role=role, reason=reason)
    except DomainError as error:
        return error.code
    return None


@pytest.mark.parametrize(("current", "to"), CELLS)
def test_every_step_is_open_to_its_roles_and_to_nobody_else(current: Stage, to: Stage) -> None:
    for role in Role:
        answer = refusal(current, to, role=role, reason="因政策调整")
        if (current, to) not in ALLOWED:
            assert answer == "step_not_allowed"
        else:
            assert answer == (None if role in ALLOWED[current, to][0] else "step_not_yours")


@pytest.mark.parametrize(("current", "to"), sorted(ALLOWED))
def test_a_step_against_the_order_needs_a_reason_and_blanks_are_none(current: Stage, to: Stage) -> None:
    needs_reason = ALLOWED[current, to][1]
    assert refusal(current, to, role=None, reason=" \n") == ("reason_needed" if needs_reason else None)
    assert refusal(current, to, role=None, reason="复查发现问题") is None


@pytest.mark.parametrize(("current", "to"), sorted(set(CELLS) - set(ALLOWED)))
def test_the_system_cannot_take_a_step_that_does_not_exist(current: Stage, to: Stage) -> None:
    assert refusal(current, to, role=None, reason="x") == "step_not_allowed"


@pytest.mark.parametrize("role", [Role.LEADER, Role.ADMIN])
def test_leaders_and_administrators_take_no_step(role: Role) -> None:
    assert [lifecycle.moves(stage, role=role) for stage in Stage] == [()] * len(Stage)


def test_moves_are_offered_in_the_order_of_a_life() -> None:
    assert lifecycle.moves(S.ISSUED, role=Role.HEAD) == (S.REGISTERED, S.ACCEPTED)
    assert lifecycle.moves(S.CLOSED, role=Role.SUPERVISOR) == (S.IN_PROGRESS, S.ARCHIVED)
    assert lifecycle.moves(S.IN_PROGRESS, role=None) == (S.REPORTED_DONE, S.SUSPENDED, S.CANCELLED, S.EXEMPT)


def test_every_stage_can_be_reached_and_only_the_archive_is_final() -> None:
    assert {to for steps in lifecycle.STEPS.values() for to in steps} == set(Stage)
    assert [stage for stage in Stage if not lifecycle.STEPS[stage]] == [S.ARCHIVED]
