"""Values of indicators, reported and verified: written to the catalogue, and every light that rests on them follows."""

from datetime import date
from decimal import Decimal

from django.db import transaction

from projects.actions import catalogue, clock
from projects.errors import DomainError
from projects.models import Indicator, Reading
from tracker import policies
from tracker.actions import events, health, sight
from tracker.actions.events import Entry
from tracker.event_kinds import EventKind
from tracker.models import Commitment
from tracker.policies import Actor

TOLD = ("reported", "verified", "source")


@transaction.atomic
def record(
    indicator: Indicator,
    *,
    period_start: date,
    period_end: date,
    reported: Decimal | None = None,
    verified: Decimal | None = None,
    source: str = "",
    by: Actor,
    today: date,
) -> Reading:
    """Record what an indicator was in a period; a value left out keeps what stands there. Twice is once.

    The commitments that aim at the indicator are judged anew: a verified value wins over the reported one.

    Raises:
        DomainError: not the supervision office or the administrators, or what `catalogue.record_reading` refuses.
    """
    if not policies.can_administer(by):
        raise DomainError("not_allowed")
    served = health.lock_all(Commitment.objects.filter(targets__indicator=indicator).distinct())
    events.hold()  # `record_reading` takes the clock, and the event needs the reading's key
    standing = Reading.objects.filter(indicator=indicator, period_start=period_start, period_end=period_end).first()
    before = {name: getattr(standing, name, None) for name in TOLD}
    reading = catalogue.record_reading(
        indicator,
        period_start=period_start,
        period_end=period_end,
        reported=reported,
        verified=verified,
        source=source,
        is_demo=by.is_demo,
    )
    after = {name: getattr(reading, name) for name in TOLD}
    changes = {name: [events.plain(before[name]), events.plain(after[name])] for name in TOLD}
    changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1] and pair != [None, ""]}
    if not changes:
        return reading
    subject = f"reading {reading.pk}"
    events.record(Entry(kind=EventKind.READING_RECORDED, subject=subject, changes=changes, is_demo=by.is_demo), by=by)
    changed = health.reassess(served, by=by, today=today)
    clock.stamp(*changed, reading)
    sight.tell_names(indicator=indicator)
    return reading
