"""How a person wants to be told. Only for oneself; duties cannot be switched off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q

from projects.errors import DomainError
from tracker.actions import events
from tracker.actions.events import Entry
from tracker.choices import INFORMATION_OCCASIONS, ReminderOccasion
from tracker.event_kinds import EventKind
from tracker.models import Channel, Preference, SiteSettings, User
from tracker.policies import Actor
from tracker.queries import preferences, settings_of

PLAIN = ("chooses_channels", "hour", "muted", "paused_from", "paused_until", "deputy")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What a person chooses, whole. `hour` None: the site's; `channels` by code; `deputy` by sign-in name, "": none."""

    chooses_channels: bool = False
    channels: Sequence[str] = ()
    hour: int | None = None
    muted: Sequence[str] = ()
    paused_from: date | None = None
    paused_until: date | None = None
    deputy: str = ""


@transaction.atomic
def revise(wishes: Wishes, *, by: Actor, today: date) -> Preference:
    """Take the choices as they are; writes nothing when nothing differs.

    The log says which settings changed, not to what: when somebody is away is their own affair.

    Raises:
        DomainError: a channel that is not offered, or none; an hour within the quiet ones; a duty switched off; a pause
            that is not whole, ends before it begins or is over; a deputy who is away then, unknown, not in office or
            unable to see the matters.
    """
    if by.user is None:
        raise DomainError("not_allowed")
    # Both, in one order: a person with two windows, and two who name each other at the same time.
    both = Q(pk=by.user_id) | Q(username=wishes.deputy)
    list(User.objects.select_for_update(of=("self",)).filter(both).order_by("pk"))
    channels = _channels(wishes, by.user)
    _check_hour(wishes.hour, settings_of.site_settings())
    deputy = _deputy(wishes, by=by, today=today)
    values = {
        "chooses_channels": wishes.chooses_channels,
        "hour": wishes.hour,
        "muted": _muted(wishes.muted),
        "paused_from": wishes.paused_from,
        "paused_until": wishes.paused_until,
        "deputy": deputy,
    }
    row = Preference.objects.filter(user=by.user).first() or Preference(user=by.user)
    changed = [name for name in PLAIN if getattr(row, name) != values[name]]
    standing = set(row.channels.values_list("pk", flat=True)) if not row._state.adding else set()
    if standing != {one.pk for one in channels}:
        changed.append("channels")
    if not changed:
        return row
    for name in PLAIN:
        setattr(row, name, values[name])
    row.save()
    row.channels.set(channels)
    told = ", ".join(sorted(changed))
    subject, is_demo = f"user {by.user.username}", by.user.is_demo
    entry = Entry(kind=EventKind.PREFERENCES_REVISED, subject=subject, changes={"fields": ["", told]}, is_demo=is_demo)
    events.record(entry, by=by)
    return row


def _channels(wishes: Wishes, user: User) -> list[Channel]:
    """The chosen channels; none where the site's choice holds."""
    if not wishes.chooses_channels:
        return []
    offered = {one.code: one for one in preferences.channels_for(user)}
    for code in wishes.channels:
        if code not in offered:
            raise DomainError("preference_channel_unknown", field="channels")
    if offered and not wishes.channels:
        raise DomainError("preference_channel_needed", field="channels")
    return [one for code, one in offered.items() if code in wishes.channels]


def _check_hour(hour: int | None, site: SiteSettings) -> None:
    allowed = preferences.hours(site)
    if hour is not None and hour not in allowed:
        raise DomainError("preference_hour_quiet", field="hour", first=allowed.start, last=allowed.stop - 1)


def _muted(wanted: Sequence[str]) -> list[str]:
    """The information not wanted, once each, in the order of the list."""
    for name in wanted:
        if name not in INFORMATION_OCCASIONS:
            known = name in ReminderOccasion.values
            raise DomainError("preference_is_duty", field="muted", name=ReminderOccasion(name).label if known else name)
    return [name for name in ReminderOccasion.values if name in wanted]


def _deputy(wishes: Wishes, *, by: Actor, today: date) -> User | None:
    """Who stands in during the pause; None without a pause."""
    first, last = wishes.paused_from, wishes.paused_until
    if first is None and last is None and not wishes.deputy:
        return None
    if first is None or last is None:
        raise DomainError("preference_pause_dates", field="paused_until" if last is None else "paused_from")
    if last < first:
        raise DomainError("preference_pause_order", field="paused_until")
    if last < today:
        raise DomainError("preference_pause_over", field="paused_until")
    if not wishes.deputy:
        raise DomainError("preference_deputy_needed", field="deputy")
    found = User.objects.filter(username=wishes.deputy).first()
    if found is None or not found.is_active:
        raise DomainError("preference_deputy_unknown", field="deputy")
    if found.pk == by.user_id:
        raise DomainError("preference_deputy_is_self", field="deputy")
    if not preferences.deputies_for(by).filter(pk=found.pk).exists():
        raise DomainError("preference_deputy_blind", field="deputy", name=str(found))
    away = Preference.objects.filter(user=found, paused_from__lte=last, paused_until__gte=first).first()
    if away is not None:
        raise DomainError(
            "preference_deputy_away", field="deputy", name=str(found),
            first=away.paused_from, last=away.paused_until,
        )  # fmt: skip
    return found
