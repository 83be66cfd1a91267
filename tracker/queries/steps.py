"""Which steps of a commitment's life lie open to somebody now."""

from tracker.choices import DEPARTMENT_ROLES, Stage
from tracker.models import Commitment
from tracker.policies import Actor
from tracker.rules import lifecycle


def open_to(actor: Actor, item: Commitment) -> tuple[Stage, ...]:
    """The stages to which this person may move a commitment in sight, in the order of a life. No query."""
    if actor.role in DEPARTMENT_ROLES and item.lead_id != actor.department_id:
        return ()
    return lifecycle.moves(Stage(item.stage), role=actor.role)
