"""A commitment's life: one table of steps, who may take them, which need a reason (PRODUCT.md §3). Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from projects.errors import DomainError
from tracker.choices import DEPARTMENT_ROLES, Role, Stage

SUPERVISION_ROLES = frozenset({Role.SUPERVISOR})


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One allowed step. Roles not named may not take it; leaders and administrators take none."""

    roles: frozenset[Role]
    needs_reason: bool = False


BY_DEPARTMENT = Step(roles=DEPARTMENT_ROLES)
BY_DEPARTMENT_WITH_REASON = Step(roles=DEPARTMENT_ROLES, needs_reason=True)
BY_SUPERVISION = Step(roles=SUPERVISION_ROLES)
BY_SUPERVISION_WITH_REASON = Step(roles=SUPERVISION_ROLES, needs_reason=True)

# Out of any open stage, always with a reason.
ASIDE = {
    Stage.SUSPENDED: BY_SUPERVISION_WITH_REASON,
    Stage.CANCELLED: BY_SUPERVISION_WITH_REASON,
    Stage.EXEMPT: BY_SUPERVISION_WITH_REASON,
}
# And back: to work, or to the register where what was never handed out came from.
RESUMED = {Stage.REGISTERED: BY_SUPERVISION_WITH_REASON, Stage.IN_PROGRESS: BY_SUPERVISION_WITH_REASON}

STEPS: Mapping[Stage, Mapping[Stage, Step]] = MappingProxyType(
    {
        Stage.REGISTERED: {Stage.ISSUED: BY_SUPERVISION, **ASIDE},
        # Back to registered is a refusal: the reason names the right owner.
        Stage.ISSUED: {Stage.ACCEPTED: BY_DEPARTMENT, Stage.REGISTERED: BY_DEPARTMENT_WITH_REASON, **ASIDE},
        Stage.ACCEPTED: {Stage.IN_PROGRESS: BY_DEPARTMENT, **ASIDE},
        Stage.IN_PROGRESS: {Stage.REPORTED_DONE: BY_DEPARTMENT, **ASIDE},
        Stage.REPORTED_DONE: {Stage.VERIFIED: BY_SUPERVISION, Stage.IN_PROGRESS: BY_SUPERVISION_WITH_REASON, **ASIDE},
        Stage.VERIFIED: {Stage.CLOSED: BY_SUPERVISION},
        # Look-back 回头看 re-opens what was closed.
        Stage.CLOSED: {Stage.ARCHIVED: BY_SUPERVISION, Stage.IN_PROGRESS: BY_SUPERVISION_WITH_REASON},
        Stage.ARCHIVED: {},
        Stage.SUSPENDED: {**RESUMED, Stage.CANCELLED: BY_SUPERVISION_WITH_REASON},
        Stage.CANCELLED: RESUMED,
        Stage.EXEMPT: {**RESUMED, Stage.CANCELLED: BY_SUPERVISION_WITH_REASON},
    }
)


def check_move(current: Stage, to: Stage, *, role: Role | None, reason: str) -> None:
    """Raise unless somebody of this role may take the step now. ``role`` None is the system, which any step is open to.

    Codes: ``step_not_allowed``, ``step_not_yours``, ``reason_needed``. A reason of blanks is none.
    """
    step = STEPS[current].get(to)
    if step is None:
        raise DomainError("step_not_allowed", current=Stage(current).label, to=Stage(to).label)
    if role is not None and role not in step.roles:
        raise DomainError("step_not_yours", to=Stage(to).label)
    if step.needs_reason and not reason.strip():
        raise DomainError("reason_needed", field="reason")


def moves(current: Stage, *, role: Role | None) -> tuple[Stage, ...]:
    """The stages somebody of this role may move to now, in the order of a life; every allowed one for the system."""
    return tuple(to for to in Stage if to in STEPS[current] and (role is None or role in STEPS[current][to].roles))
