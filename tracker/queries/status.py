"""The site's own state: how fresh the lights are, how long the log is, whether demonstration data is loaded."""

from dataclasses import dataclass
from datetime import datetime

from tracker.models import Commitment, Event, HealthRuleSet, SweepRun, User


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteStatus:
    """`as_of`: the last sweep or the last change, whichever is later; None: neither has happened yet."""

    is_demo: bool
    as_of: datetime | None
    rule_version: str
    event_count: int


def of_site() -> SiteStatus:
    """Five queries; callers keep the answer until the data changes."""
    sweep = SweepRun.objects.filter(finished_at__isnull=False).order_by("-started_at").first()
    # The newest event's number is the length of the log: numbers have no gaps.
    newest = Event.objects.order_by("-seq").first()
    rule_set = HealthRuleSet.objects.order_by("-in_force_from").first()
    return SiteStatus(
        is_demo=Commitment.objects.filter(is_demo=True).exists()
        or User.objects.filter(is_demo=True, is_active=True).exists(),
        as_of=max((at for at in (sweep and sweep.finished_at, newest and newest.at) if at), default=None),
        rule_version=rule_set.version if rule_set else "",
        event_count=newest.seq if newest else 0,
    )
