"""Walks the event chain and names its first broken link; proves single pages of it without walking it all."""

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.models import ChainCheck, Event, EventChain
from tracker.models.history import GENESIS


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainResult:
    """`broken_seq` is the first event that does not fit, None when the chain holds. `problem` is a code."""

    event_count: int
    broken_seq: int | None = None
    problem: str = ""


def verify() -> ChainResult:
    """Walk all events from the first: numbers without gaps, each sealed over the one before, the head at the end.

    What is written while it walks is walked too, so that a busy site is not called broken.
    """
    previous, count = GENESIS, 0
    while True:
        started_at = count
        for event in Event.objects.filter(seq__gt=count).order_by("seq").iterator(chunk_size=2000):
            count += 1
            if event.seq != count:
                return ChainResult(event_count=count - 1, broken_seq=count, problem="missing")
            if event.previous_hash != previous:
                return ChainResult(event_count=count, broken_seq=count, problem="not_linked")
            if event.seal() != event.hash:
                return ChainResult(event_count=count, broken_seq=count, problem="altered")
            previous = event.hash
        head = EventChain.objects.get(pk=EventChain.CHAIN_ID)
        if head.length <= count or count == started_at:
            break
    if head.length > count:
        return ChainResult(event_count=count, broken_seq=count + 1, problem="cut_off")
    if head.length < count:
        return ChainResult(event_count=count, broken_seq=head.length + 1, problem="added")
    if count and head.head_hash != previous:
        return ChainResult(event_count=count, broken_seq=count, problem="sealed_anew")
    return ChainResult(event_count=count)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageProof:
    """What recomputing the seals of some events told. `broken_seq`: the first that does not fit, None when all do."""

    event_count: int
    broken_seq: int | None = None


def prove(events: Sequence[Event]) -> PageProof:
    """Recompute each event's seal, and compare what it names as its predecessor with that event's own seal. One query.

    It proves these events and their links; that none of the others was rewritten is `verify`'s word.
    """
    known = {0: GENESIS}
    known.update(Event.objects.filter(seq__in={event.seq - 1 for event in events}).values_list("seq", "hash"))
    for event in sorted(events, key=lambda one: one.seq):
        if event.seal() != event.hash or known.get(event.seq - 1) != event.previous_hash:
            return PageProof(event_count=len(events), broken_seq=event.seq)
    return PageProof(event_count=len(events))


def last_check() -> ChainCheck | None:
    """The newest walk over the whole chain; None: there has been none."""
    return ChainCheck.objects.select_related("by").order_by("-pk").first()
