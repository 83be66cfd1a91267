"""Verifying the whole event chain, and keeping that it was done: pages say when, and never walk it themselves.

A check is a measurement, not a change of anything that the log tells of: it writes no event.
"""

from projects.errors import DomainError
from tracker import policies
from tracker.models import ChainCheck
from tracker.policies import Actor
from tracker.queries import chain


def verify(*, by: Actor) -> ChainCheck:
    """Walk the chain and keep what was found. As long as the log is long: for commands and the nightly task.

    Raises:
        DomainError: not allowed.
    """
    if not policies.can_administer(by):
        raise DomainError("not_allowed")
    found = chain.verify()
    return ChainCheck.objects.create(
        by=by.user, event_count=found.event_count, broken_seq=found.broken_seq, problem=found.problem
    )
