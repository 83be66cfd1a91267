"""What is switched on for the whole site: the comparison of departments, the public pages and what they show."""

from collections.abc import Mapping, Sequence

from django.db import transaction

from projects.actions import clock
from projects.errors import DomainError
from tracker import policies
from tracker.actions import commitments, events
from tracker.actions.events import Entry
from tracker.choices import EventKind, PublicField
from tracker.models import SiteSettings
from tracker.policies import Actor

LONGEST_DELAY = 365
EDITABLE = frozenset({"compares_departments", "shows_public_pages", "public_delay_days", "public_fields"})
# What the log calls the one row.
SUBJECT = f"sitesettings {SiteSettings.SETTINGS_ID}"


@transaction.atomic
def revise(
    *, values: Mapping[str, object], reason: str, by: Actor, expected_revision: int | None = None
) -> SiteSettings:
    """Switch on or off; writes nothing when nothing differs.

    Raises:
        DomainError: neither the supervision office nor an administrator, no reason, a delay beyond a year, a field that
            the public pages do not have, or somebody else changed the settings meanwhile (`stale`).
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
    named = wanted.get("public_fields")
    if isinstance(named, Sequence):
        for name in named:
            if name not in PublicField.values:
                raise DomainError("settings_field_unknown", field="public_fields", name=name)
        wanted["public_fields"] = [name for name in PublicField.values if name in named]
    return wanted


def _told(value: object) -> events.LogValue:
    """A setting as the log tells it; a list of fields by its codes."""
    return ", ".join(value) if isinstance(value, list) else events.plain(value)
