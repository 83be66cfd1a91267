"""A commitment's life: one table of steps: who may take them, what each of them owes (PRODUCT.md §3). Pure.

`docs/lifecycle.md` is drawn from this table (`python -m scripts.lifecycle_table`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from projects.errors import DomainError
from tracker.choices import DEPARTMENT_ROLES, Role, Stage

SUPERVISION_ROLES = frozenset({Role.SUPERVISOR})


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One allowed step. Roles not named may not take it; leaders and administrators take none.

    Args:
        needs_reason: somebody must be able to read later why.
        needs_until: it ends, on a day that has not come yet.
        needs_verification: a record of who looked takes this step (`actions.verifications`); nobody takes it alone.
        names_owner: a refusal, which may propose who should lead instead.
    """

    roles: frozenset[Role]
    needs_reason: bool = False
    needs_until: bool = False
    needs_verification: bool = False
    names_owner: bool = False


BY_DEPARTMENT = Step(roles=DEPARTMENT_ROLES)
BY_SUPERVISION = Step(roles=SUPERVISION_ROLES)
BY_SUPERVISION_WITH_REASON = Step(roles=SUPERVISION_ROLES, needs_reason=True)
REFUSED = Step(roles=DEPARTMENT_ROLES, needs_reason=True, names_owner=True)
VERIFIED = Step(roles=SUPERVISION_ROLES, needs_verification=True)
EXEMPTED = Step(roles=SUPERVISION_ROLES, needs_reason=True, needs_until=True)

# Out of any open stage, always with a reason; an exemption ends.
ASIDE = {
    Stage.SUSPENDED: BY_SUPERVISION_WITH_REASON,
    Stage.CANCELLED: BY_SUPERVISION_WITH_REASON,
    Stage.EXEMPT: EXEMPTED,
}
# And back: to work, or to the register where what was never handed out came from.
RESUMED = {Stage.REGISTERED: BY_SUPERVISION_WITH_REASON, Stage.IN_PROGRESS: BY_SUPERVISION_WITH_REASON}
# Something was found, before closing or in a look-back 回头看: the work goes on.
REOPENED = {Stage.IN_PROGRESS: BY_SUPERVISION_WITH_REASON}

STEPS: Mapping[Stage, Mapping[Stage, Step]] = MappingProxyType(
    {
        Stage.REGISTERED: {Stage.ISSUED: BY_SUPERVISION, **ASIDE},
        Stage.ISSUED: {Stage.ACCEPTED: BY_DEPARTMENT, Stage.REGISTERED: REFUSED, **ASIDE},
        Stage.ACCEPTED: {Stage.IN_PROGRESS: BY_DEPARTMENT, **ASIDE},
        Stage.IN_PROGRESS: {Stage.REPORTED_DONE: BY_DEPARTMENT, **ASIDE},
        Stage.REPORTED_DONE: {Stage.VERIFIED: VERIFIED, **REOPENED, **ASIDE},
        Stage.VERIFIED: {Stage.CLOSED: BY_SUPERVISION, **REOPENED},
        Stage.CLOSED: {Stage.ARCHIVED: BY_SUPERVISION, **REOPENED},
        Stage.ARCHIVED: REOPENED,
        Stage.SUSPENDED: {**RESUMED, Stage.CANCELLED: BY_SUPERVISION_WITH_REASON},
        Stage.CANCELLED: RESUMED,
        Stage.EXEMPT: {**RESUMED, Stage.CANCELLED: BY_SUPERVISION_WITH_REASON},
    }
)
# Where an accepted report starts the work without a step of its own: nobody reports on what they did not take on.
STARTED_BY_REPORT = frozenset({Stage.ISSUED, Stage.ACCEPTED})
# What a look-back may look at again.
CLOSED_STAGES = frozenset({Stage.CLOSED, Stage.ARCHIVED})


def check_move(
    current: Stage,
    to: Stage,
    *,
    role: Role | None,
    reason: str,
    today: date,
    until: date | None = None,
    is_verified: bool = False,
) -> Step:
    """Raise unless somebody of this role may take the step now; returns what the table says of it.

    Args:
        role: None is the system, which any step is open to.
        reason: one of blanks is none.
        until: the last day of an exemption, later than today.
        is_verified: whether a verification that confirms the work is being recorded with the step.

    Codes: ``step_not_allowed``, ``step_not_yours``, ``verification_needed``, ``reason_needed``,
    ``exemption_needs_end``, ``exemption_end_passed``.
    """
    step = STEPS[current].get(to)
    if step is None:
        raise DomainError("step_not_allowed", current=Stage(current).label, to=Stage(to).label)
    if role is not None and role not in step.roles:
        raise DomainError("step_not_yours", to=Stage(to).label)
    if step.needs_verification and not is_verified:
        raise DomainError("verification_needed")
    if step.needs_reason and not reason.strip():
        raise DomainError("reason_needed", field="reason")
    if step.needs_until and until is None:
        raise DomainError("exemption_needs_end", field="exempt_until")
    if step.needs_until and until is not None and until <= today:
        raise DomainError("exemption_end_passed", field="exempt_until")
    return step


def is_below_hundred(progress: Decimal | None) -> bool:
    """Whether the last accepted progress is known and is not all of it."""
    return progress is not None and progress < 100


def check_done(progress: Decimal | None, *, reason: str) -> None:
    """Raise ``done_below_hundred`` when work is reported done at less than 100 % and nobody says why.

    An unknown progress asks nothing: it is not zero (PRODUCT.md §4, rule 1).
    """
    if is_below_hundred(progress) and not reason.strip():
        raise DomainError("done_below_hundred", field="reason", progress=f"{progress or 0:f}".rstrip("0").rstrip("."))


def moves(current: Stage, *, role: Role | None) -> tuple[Stage, ...]:
    """The stages somebody of this role may move to now, in the order of a life; every allowed one for the system."""
    return tuple(to for to in Stage if to in STEPS[current] and (role is None or role in STEPS[current][to].roles))
