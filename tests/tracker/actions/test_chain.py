"""Walks over the whole chain are kept: who walked, how far, and whether it held."""

import pytest
from django.core.management import CommandError, call_command

from projects.errors import DomainError
from tests.conftest import drop_event_triggers
from tests.factories import make_cast, make_commitment
from tracker.actions import chain, events
from tracker.actions.events import Entry
from tracker.event_kinds import EventKind
from tracker.models import ChainCheck, Event
from tracker.policies import SYSTEM
from tracker.queries import chain as reads
from tracker.tasks import jobs

pytestmark = pytest.mark.django_db


def tell(count: int) -> list[Event]:
    cast = make_cast()
    item = make_commitment("C-1", department=cast.science)
    return [
        events.record(Entry(kind=EventKind.COMMITMENT_REVISED, commitment=item), by=cast.actor("chen"))
        for _number in range(count)
    ]


def rewrite(event: Event, **values: object) -> None:
    """What somebody does who can switch the triggers off."""
    drop_event_triggers()
    Event.objects.filter(pk=event.pk).update(**values)


def test_a_walk_is_kept_and_the_newest_is_told() -> None:
    assert reads.last_check() is None
    tell(3)
    assert chain.verify(by=SYSTEM).event_count == 3
    call_command("verify_events")
    jobs.verify_chain()
    last = reads.last_check()
    assert last is not None
    assert (last.event_count, last.broken_seq, last.by) == (3, None, None)
    assert ChainCheck.objects.count() == 3


def test_a_broken_chain_is_kept_too_and_the_command_fails() -> None:
    told = tell(3)
    rewrite(told[1], reason="nie gesagt")
    with pytest.raises(CommandError):
        call_command("verify_events")
    last = reads.last_check()
    assert last is not None
    assert (last.broken_seq, last.problem) == (told[1].seq, "altered")


def test_only_who_keeps_the_site_lets_it_walk() -> None:
    cast = make_cast()
    for name in ("lin", "zhou", "wu"):
        with pytest.raises(DomainError):
            chain.verify(by=cast.actor(name))
    assert chain.verify(by=cast.actor("chen")).by == cast.chen


def test_a_page_of_events_proves_itself_and_its_links() -> None:
    told = tell(4)
    assert reads.prove(told[1:3]).broken_seq is None
    assert reads.prove([]).event_count == 0
    rewrite(told[2], reason="x")
    changed = list(Event.objects.order_by("seq"))
    assert reads.prove(changed).broken_seq == told[2].seq
    # The event before is sealed anew: what follows it no longer fits.
    changed[2].hash = changed[2].seal()
    rewrite(changed[2], hash=changed[2].hash)
    assert reads.prove(list(Event.objects.filter(seq=told[3].seq))).broken_seq == told[3].seq
