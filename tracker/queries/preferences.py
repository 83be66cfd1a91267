"""How one person is told: what is chosen, what may be chosen, and when the next message goes out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from tracker import policies
from tracker.choices import CITYWIDE_ROLES, DEPARTMENT_ROLES, INFORMATION_OCCASIONS, ChannelKind, VersionState
from tracker.models import Channel, Preference, ReminderRuleVersion, SiteSettings, User
from tracker.policies import Actor
from tracker.queries import settings_of, workdays
from tracker.rules import ladder
from tracker.rules.ladder import Rung

LAST_HOUR = 23


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """A rule in force that nobody can switch off: what it reminds of, and when it tells whom. `plan` "": all plans."""

    occasion: str
    plan: str
    rungs: Sequence[Rung]
    in_working_days: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """The next moment at which a message may go out. `channels` in use; `deputy`: who gets it, None: the person."""

    on: date
    hour: int
    channels: Sequence[Channel]
    deputy: User | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsView:
    """`stands_in_for`: whose pauses name this person, running or to come."""

    preference: Preference
    chosen: Sequence[str]
    channels: Sequence[Channel]
    site: SiteSettings
    deputies: Sequence[User]
    stands_in_for: Sequence[Preference]
    duties: Sequence[Duty]
    next: Next


def preference_of(user: User) -> Preference:
    """The person's settings; an unsaved row with the site's defaults where there are none."""
    found = Preference.objects.select_related("deputy").filter(user=user).first()
    return found or Preference(user=user)


def channels_for(user: User) -> QuerySet[Channel]:
    """The channels that the person may choose: switched on, for everybody or for the person's department."""
    mine = Q(department__isnull=True)
    if user.department_id is not None:
        mine |= Q(department=user.department_id)
    return Channel.objects.filter(mine, is_active=True).order_by("code")


def deputies_for(viewer: Actor) -> QuerySet[User]:
    """Who may stand in for the person: in office, and able to see the same matters."""
    if viewer.user is None:
        return User.objects.none()
    others = User.objects.filter(is_active=True).exclude(pk=viewer.user.pk).order_by("full_name", "username")
    if policies.is_citywide(viewer):
        return others.filter(role__in=sorted(CITYWIDE_ROLES))
    if viewer.department_id is None:
        return others.none()
    return others.filter(role__in=sorted(DEPARTMENT_ROLES), department=viewer.department_id)


def hours(site: SiteSettings) -> range:
    """The hours at which a daily message may go out."""
    return range(site.quiet_until, min(site.quiet_from, LAST_HOUR + 1))


def of(viewer: Actor, *, now: datetime) -> SettingsView:
    """Everything that the page of personal settings shows; `now` in local time. Eight queries."""
    user = viewer.user
    if user is None:
        raise PermissionError("not signed in")
    row, site, channels = preference_of(user), settings_of.site_settings(), list(channels_for(user))
    chosen = list(row.channels.values_list("code", flat=True)) if row.chooses_channels else []
    standing_in = Preference.objects.filter(deputy=user, paused_until__gte=now.date()).select_related("user")
    return SettingsView(
        preference=row,
        chosen=chosen or [one.code for one in channels if one.is_default],
        channels=channels,
        site=site,
        deputies=list(deputies_for(viewer)),
        stands_in_for=list(standing_in.order_by("paused_from", "pk")),
        duties=_duties(),
        next=_next(row, site, channels, chosen, now=now),
    )


def _next(
    row: Preference, site: SiteSettings, channels: Sequence[Channel], chosen: Sequence[str], *, now: datetime
) -> Next:
    """Today if the hour has not come, else the next working day; a pause on that day sends it to the deputy."""
    days = workdays.calendar()
    hour = max(site.digest_hour if row.hour is None else row.hour, site.quiet_until)
    day = now.date() if now.hour < hour else now.date() + timedelta(days=1)
    day = days.same_or_next_working_day(day)
    used = [one for one in channels if (one.code in chosen if row.chooses_channels else one.is_default)]
    first, last = row.paused_from, row.paused_until
    is_away = first is not None and last is not None and first <= day <= last
    return Next(on=day, hour=hour, channels=used, deputy=row.deputy if is_away else None)


def _duties() -> list[Duty]:
    """The rules in force, but for those that only inform. One query."""
    live = ReminderRuleVersion.objects.filter(state=VersionState.LIVE, rule__is_active=True).select_related(
        "rule__plan"
    )
    return [
        Duty(
            occasion=one.rule.occasion,
            plan=one.rule.plan.short_title if one.rule.plan else "",
            rungs=ladder.read(one.ladder),
            in_working_days=one.counts_working_days,
        )
        for one in live.exclude(rule__occasion__in=sorted(INFORMATION_OCCASIONS)).order_by("rule__code")
    ]


def addressed_by(channel: Channel) -> bool:
    """Whether the channel needs an address of the person's own."""
    return channel.kind == ChannelKind.EMAIL
