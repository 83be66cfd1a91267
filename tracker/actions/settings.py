"""What holds for the whole site: what is switched on, what the public sees, when messages and slips go out."""

from collections.abc import Mapping, Sequence

from django.db import transaction

from projects.actions import clock
from projects.errors import DomainError
from tracker import policies
from tracker.actions import commitments, events
from tracker.actions.events import Entry
from tracker.choices import PublicField
from tracker.event_kinds import EventKind
from tracker.models import SiteSettings
from tracker.policies import Actor

LONGEST_DELAY = 365
# Whole numbers of the settings of reminders and slips, each with its least and its greatest.
NUMBERS: Mapping[str, tuple[int, int]] = {
    "digest_hour": (0, 23),
    "quiet_from": (1, 24),
    "quiet_until": (0, 23),
    "digest_lines": (5, 200),
    "slip_after_days": (1, 365),
    "slip_next_days": (1, 365),
    "slip_answer_days": (1, 60),
}
EDITABLE = frozenset({"compares_departments", "shows_public_pages", "public_delay_days", "public_fields", *NUMBERS})
# What the log calls the one row.
SUBJECT = f"sitesettings {SiteSettings.SETTINGS_ID}"


@transaction.atomic
def revise(
    *, values: Mapping[str, object], reason: str, by: Actor, expected_revision: int | None = None
) -> SiteSettings:
    """Switch on or off; writes nothing when nothing differs.

    Raises:
        DomainError: neither the supervision office nor an administrator, no reason, a delay beyond a year, a field that
            the public pages do not have, a number out of its limits, quiet hours that leave no time to send or hold the
            hour of the daily message, or somebody else changed the settings meanwhile (`stale`).
    """
    if not policies.can_administer(by):
        raise DomainError("not_allowed")
    unknown = values.keys() - EDITABLE
    if unknown:
        raise ValueError(f"not editable: {sorted(unknown)}")
    SiteSettings.objects.get_or_create(pk=SiteSettings.SETTINGS_ID)
    row = SiteSettings.objects.select_for_update().get(pk=SiteSettings.SETTINGS_ID)
    commitments.check_revision(row, expected_revision)
    wanted = _checked(values)
    changes = {
        name: [_told(getattr(row, name)), _told(value)] for name, value in wanted.items() if getattr(row, name) != value
    }
    if not changes:
        return row
    if not reason.strip():
        raise DomainError("settings_reason_needed", field="reason")
    for name, value in wanted.items():
        setattr(row, name, value)
    if row.shows_public_pages and not row.public_fields:
        raise DomainError("settings_nothing_public", field="public_fields")
    _check_hours(row)
    row.save(update_fields=[*wanted, "updated_at"])
    entry = Entry(kind=EventKind.SETTINGS_REVISED, subject=SUBJECT, changes=changes, reason=reason.strip())
    events.record(entry, by=by)
    clock.stamp(row)
    return row


def _checked(values: Mapping[str, object]) -> dict[str, object]:
    """The values as they are stored: approved fields once each, in the order of the list."""
    wanted = dict(values)
    delay = wanted.get("public_delay_days", 0)
    if not isinstance(delay, int) or not 0 <= delay <= LONGEST_DELAY:
        raise DomainError("settings_delay_too_long", field="public_delay_days", most=LONGEST_DELAY)
    for name, (least, most) in NUMBERS.items():
        number = wanted.get(name, least)
        if not isinstance(number, int) or not least <= number <= most:
            raise DomainError("settings_number_out_of_limits", field=name, least=least, most=most)
    named = wanted.get("public_fields")
    if isinstance(named, Sequence):
        for name in named:
            if name not in PublicField.values:
                raise DomainError("settings_field_unknown", field="public_fields", name=name)
        wanted["public_fields"] = [name for name in PublicField.values if name in named]
    return wanted


def _check_hours(row: SiteSettings) -> None:
    """The night must end before it begins, and the daily message lies in the day."""
    if row.quiet_until >= row.quiet_from:
        raise DomainError("settings_no_time_to_send", field="quiet_until")
    if not row.quiet_until <= row.digest_hour < row.quiet_from:
        raise DomainError(
            "settings_digest_at_night", field="digest_hour", until=row.quiet_until, quiet_from=row.quiet_from
        )


def _told(value: object) -> events.LogValue:
    """A setting as the log tells it; a list of fields by its codes."""
    return ", ".join(value) if isinstance(value, list) else events.plain(value)
