"""Where a client stands: signed, its owner's alone, good for one scope and one language."""

from enum import IntEnum
from typing import NamedTuple

from django.core import signing
from django.utils import translation

from projects.errors import DomainError
from tracker import policies
from tracker.policies import Actor
from tracker.queries.sync import BEGINNING, LAST_KEY, Place, Window

_SIGNER = signing.Signer(salt="luoshi.api.sync")
LONGEST = 400  # characters; ours have about half of it


class Phase(IntEnum):
    """What a window is read for, one after the other: what others refer to comes before them. REST: all is read."""

    NOTES = 0
    DEPARTMENTS = 1
    PLANS = 2
    INITIATIVES = 3
    COMMITMENTS = 4
    REPORTS = 5
    REST = 6


class Cursor(NamedTuple):
    """In a window, the phase and the place where the next page begins; at rest (phase REST) `low` equals `high`."""

    low: int
    high: int
    phase: Phase
    place: Place

    @property
    def window(self) -> Window:
        return Window(self.low, self.high, self.place)

    def next_phase(self) -> "Cursor":
        """The beginning of the next phase; at rest after the last one."""
        phase = Phase(self.phase + 1)
        low = self.high if phase is Phase.REST else self.low
        return Cursor(low, self.high, phase, _before_all(low))


def first(*, high: int) -> Cursor:
    """The beginning of a snapshot: everything that stands. There is nothing yet of which a note could tell."""
    return Cursor(BEGINNING, high, Phase.DEPARTMENTS, Place(BEGINNING, 0))


def onward(at: Cursor, *, high: int) -> Cursor:
    """The beginning of a window of changes after a cursor at rest."""
    return Cursor(at.low, high, Phase.NOTES, _before_all(at.low))


def write(at: Cursor, *, viewer: Actor) -> str:
    """The cursor as its owner keeps it."""
    language = translation.get_language()
    return _SIGNER.sign_object([viewer.user_id, policies.scope_key(viewer), language, *at[:3], *at.place])


def read(text: str, *, viewer: Actor) -> Cursor:
    """The cursor that was written for this viewer.

    Raises:
        DomainError: not one of ours or another person's (`cursor_unknown`); the viewer sees other things or reads
            another language now (`scope_changed`).
    """
    try:
        owner, scope, language, low, high, phase, revision, key = _SIGNER.unsign_object(text[: LONGEST + 1])
    except (signing.BadSignature, ValueError):
        raise DomainError("cursor_unknown", field="cursor") from None
    if owner != viewer.user_id:
        raise DomainError("cursor_unknown", field="cursor")
    if (scope, language) != (policies.scope_key(viewer), translation.get_language()):
        raise DomainError("scope_changed", field="cursor")
    return Cursor(low, high, Phase(phase), Place(revision, key))


def _before_all(low: int) -> Place:
    """The place after everything of revision `low` and before all that follows."""
    return Place(low, 0 if low == BEGINNING else LAST_KEY)
