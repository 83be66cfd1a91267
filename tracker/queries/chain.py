"""Walks the event chain and names its first broken link."""

from dataclasses import dataclass

from tracker.models import Event, EventChain
from tracker.models.history import GENESIS


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainResult:
    """`broken_seq` is the first event that does not fit, None when the chain holds. `problem` is a code."""

    event_count: int
    broken_seq: int | None = None
    problem: str = ""


def verify() -> ChainResult:
    """Walk all events from the first: numbers without gaps, each sealed over the one before, the head at the end."""
    previous, count = GENESIS, 0
    for event in Event.objects.order_by("seq").iterator(chunk_size=2000):
        count += 1
        if event.seq != count:
            return ChainResult(event_count=count - 1, broken_seq=count, problem="missing")
        if event.previous_hash != previous:
            return ChainResult(event_count=count, broken_seq=count, problem="not_linked")
        if event.seal() != event.hash:
            return ChainResult(event_count=count, broken_seq=count, problem="altered")
        previous = event.hash
    head = EventChain.objects.get(pk=EventChain.CHAIN_ID)
    if head.length > count:
        return ChainResult(event_count=count, broken_seq=count + 1, problem="cut_off")
    if head.length < count:
        return ChainResult(event_count=count, broken_seq=head.length + 1, problem="added")
    if count and head.head_hash != previous:
        return ChainResult(event_count=count, broken_seq=count, problem="sealed_anew")
    return ChainResult(event_count=count)
