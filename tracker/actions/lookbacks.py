"""Draws the random sample of a look-back: recorded with its seed and its population, so that anybody can repeat it."""

import secrets
from datetime import date

from django.db import transaction

from projects.actions import clock
from projects.errors import DomainError
from tracker import policies
from tracker.actions import events
from tracker.actions.events import Entry
from tracker.event_kinds import EventKind
from tracker.models import Commitment, Lookback, LookbackPick
from tracker.policies import Actor
from tracker.queries import verifications
from tracker.rules import lookback

LONGEST_SEED = 64


@transaction.atomic
def draw(
    *, closed_from: date, closed_until: date, size: int, seed: str = "", by: Actor, today: date, is_demo: bool = False
) -> Lookback:
    """Draw `size` of the commitments that were closed in these days, both included, and are closed or archived.

    Args:
        seed: what the draw starts from (`rules.lookback`), for example a number drawn in public; "" takes a random one.

    Raises:
        DomainError: not the supervision office, a period that is out of order or not over, nothing to draw from, or a
            size below one or above what there is.
    """
    if by.user is None or not policies.can_supervise(by):
        raise DomainError("not_allowed")
    if closed_until < closed_from:
        raise DomainError("lookback_period_order", field="closed_until")
    if closed_until > today:
        raise DomainError("lookback_period_running", field="closed_until")
    seed = seed.strip() or secrets.token_hex(8)
    if len(seed) > LONGEST_SEED:
        raise DomainError("lookback_seed_too_long", field="seed", longest=LONGEST_SEED)
    population = verifications.population(closed_from=closed_from, closed_until=closed_until, viewer=by)
    if not population:
        raise DomainError("lookback_empty", field="closed_from")
    if not 1 <= size <= len(population):
        raise DomainError("lookback_size", field="size", count=len(population))
    row = Lookback.objects.create(
        drawn_by=by.user,
        drawn_on=today,
        closed_from=closed_from,
        closed_until=closed_until,
        seed=seed,
        population=population,
        size=size,
        is_demo=is_demo or by.is_demo,
    )
    drawn = lookback.draw(population, seed=seed, size=size)
    ids = dict(Commitment.objects.filter(code__in=drawn).values_list("code", "pk"))
    LookbackPick.objects.bulk_create(
        LookbackPick(lookback=row, commitment_id=ids[code], order=order) for order, code in enumerate(drawn, start=1)
    )
    # No event on the commitments themselves: their departments learn of the visit when it happens.
    changes: events.Changes = {"seed": [None, seed], "size": [None, size], "population": [None, len(population)]}
    entry = Entry(kind=EventKind.LOOKBACK_DRAWN, subject=f"lookback {row.ref}", changes=changes, is_demo=row.is_demo)
    events.record(entry, by=by)
    clock.tick()
    return row
