"""The working days as the office has entered them. One query."""

from tracker.models import DayOverride
from tracker.rules.workdays import Calendar


def calendar() -> Calendar:
    """The calendar that holds today: what the office entered comes before what the package knows."""
    return Calendar(moved=dict(DayOverride.objects.values_list("day", "is_working")))
