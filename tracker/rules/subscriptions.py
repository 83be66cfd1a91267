"""What becomes news for those outside, which of its fields they read, and how long it is tried."""

from datetime import timedelta

from tracker.choices import NewsKind
from tracker.event_kinds import EventKind

# The kinds of events that are told, by what they are told as. What is not named here is told to nobody.
NEWS: dict[str, NewsKind] = {
    EventKind.COMMITMENT_REGISTERED: NewsKind.COMMITMENT,
    EventKind.COMMITMENT_REVISED: NewsKind.COMMITMENT,
    EventKind.COMMITMENT_MOVED: NewsKind.COMMITMENT,
    EventKind.LEAD_CONFIRMED: NewsKind.COMMITMENT,
    EventKind.MILESTONE_SET: NewsKind.COMMITMENT,
    EventKind.TARGET_SET: NewsKind.COMMITMENT,
    EventKind.HEALTH_OVERRIDDEN: NewsKind.COMMITMENT,
    EventKind.REPORT_ACCEPTED: NewsKind.REPORT,
    EventKind.HEALTH_CHANGED: NewsKind.LIGHT,
}
# Changed fields that are told: what the API shows of a commitment, its milestones and its targets. No words about
# people, no reasons, nothing of matters beside it.
TOLD = frozenset({
    "title", "summary", "kind", "stage", "health", "progress", "progress_basis", "due_on", "original_due_on",
    "due_text", "due_basis", "starts_on", "issued_on", "closed_on", "exempt_until", "forecast_on", "is_continuous",
    "is_red_line", "red_line_broken_on", "lead", "lead_is_suggested", "last_period_end", "last_accepted_on",
    "override_health", "override_until", "planned_on", "actual_on", "weight", "comparator", "value", "value_max",
    "growth_percent", "base_year", "state",
})  # fmt: skip
# How long one that was not taken waits, by the number of tries; the last pause holds from then on.
RETRY_AFTER = (
    timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=6),
)  # fmt: skip
# How long a platform that cannot be reached is left alone, by the failures in a row.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30, 60))
GIVES_UP_AFTER = timedelta(days=5)
# Hours for which the former secret may go on signing.
LONGEST_OVERLAP = 7 * 24


def kinds(*, changes: bool, reports: bool, lights: bool) -> list[str]:
    """The kinds of events that a subscription wants."""
    wanted = {NewsKind.COMMITMENT: changes, NewsKind.REPORT: reports, NewsKind.LIGHT: lights}
    return sorted(kind for kind, news in NEWS.items() if wanted[news])


def pause(failures: int) -> timedelta:
    """How long a platform is left alone that has failed so often in a row before."""
    return PAUSES[min(failures, len(PAUSES) - 1)]


def retry_after(attempts: int) -> timedelta:
    """How long a delivery waits after so many tries, at least one."""
    return RETRY_AFTER[min(attempts, len(RETRY_AFTER)) - 1]
