"""The steps by their names in addresses: where each leads, and from where it is meant. `rules.lifecycle` has the rest.

A step that needs a verification has no verb: `POST /verifications/` takes it.
"""

from dataclasses import dataclass

from tracker.choices import Stage
from tracker.rules import lifecycle


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """One word for one step, from any of some stages."""

    name: str
    to: Stage
    starts_from: frozenset[Stage]


RESTING = frozenset({Stage.SUSPENDED, Stage.CANCELLED, Stage.EXEMPT})
DONE = frozenset({Stage.REPORTED_DONE, Stage.VERIFIED, Stage.CLOSED, Stage.ARCHIVED})
EVERYWHERE = frozenset(Stage)

ISSUANCE = Verb(name="issuance", to=Stage.ISSUED, starts_from=frozenset({Stage.REGISTERED}))
ACCEPTANCE = Verb(name="acceptance", to=Stage.ACCEPTED, starts_from=frozenset({Stage.ISSUED}))
REFUSAL = Verb(name="refusal", to=Stage.REGISTERED, starts_from=frozenset({Stage.ISSUED}))
START = Verb(name="start", to=Stage.IN_PROGRESS, starts_from=frozenset({Stage.ACCEPTED}))
COMPLETION = Verb(name="completion", to=Stage.REPORTED_DONE, starts_from=frozenset({Stage.IN_PROGRESS}))
CLOSING = Verb(name="closing", to=Stage.CLOSED, starts_from=frozenset({Stage.VERIFIED}))
ARCHIVING = Verb(name="archiving", to=Stage.ARCHIVED, starts_from=frozenset({Stage.CLOSED}))
REOPENING = Verb(name="reopening", to=Stage.IN_PROGRESS, starts_from=DONE)
SUSPENSION = Verb(name="suspension", to=Stage.SUSPENDED, starts_from=EVERYWHERE)
EXEMPTION = Verb(name="exemption", to=Stage.EXEMPT, starts_from=EVERYWHERE)
CANCELLATION = Verb(name="cancellation", to=Stage.CANCELLED, starts_from=EVERYWHERE)
RESUMPTION = Verb(name="resumption", to=Stage.IN_PROGRESS, starts_from=RESTING)
DEFERRAL = Verb(name="deferral", to=Stage.REGISTERED, starts_from=RESTING)
VERBS = (
    ISSUANCE, ACCEPTANCE, REFUSAL, START, COMPLETION, CLOSING, ARCHIVING, REOPENING, SUSPENSION, EXEMPTION,
    CANCELLATION, RESUMPTION, DEFERRAL,
)  # fmt: skip


def verb_of(current: Stage, to: Stage) -> Verb | None:
    """The word for this step; None where a verification takes it."""
    if lifecycle.STEPS[current][to].needs_verification:
        return None
    return next(verb for verb in VERBS if verb.to == to and current in verb.starts_from)
