"""Which channels there are for whom. Reads only."""

from django.conf import settings
from django.db.models import Q

from tracker.choices import OPEN_MESSAGE_STATES, ChannelKind
from tracker.models import Channel, Message, Preference, User

# Back ends that show letters to a developer and send nothing.
NO_MAIL = frozenset({"console", "dummy"})


def for_person(user: User, *, preference: Preference | None = None) -> list[Channel]:
    """The active channels that this person may choose: the site-wide ones and those of the own department.

    With the person's settings: those of them that are used, which are the chosen ones, or the site's own choice for
    somebody who has not chosen. One query, two with a choice.
    """
    here = Q(department__isnull=True)
    if user.department_id is not None:
        here |= Q(department=user.department_id)
    found = Channel.objects.filter(here, is_active=True).select_related("department").order_by("code")
    if preference is None:
        return list(found)
    if not preference.chooses_channels:
        return list(found.filter(is_default=True))
    return list(found.filter(pk__in=preference.channels.values("pk")))


def has_mail() -> bool:
    """Whether the site can send letters: a back end is set that hands them to somebody."""
    return settings.EMAIL_BACKEND.split(".")[-2] not in NO_MAIL


def only_writes_letters() -> bool:
    """Whether letters end as files in a folder of the server, as on a developer's machine and in the demonstration."""
    return settings.EMAIL_BACKEND.split(".")[-2] == "filebased"


def missing_for(channel: Channel) -> str:
    """The code of what the channel still lacks before it can be switched on; "" when it is complete. No query."""
    if channel.kind == ChannelKind.EMAIL:
        return "" if has_mail() else "channel_without_mail"
    if not channel.address:
        return "channel_without_address"
    if channel.kind == ChannelKind.WEBHOOK and not channel.secret:
        return "channel_without_secret"
    return ""


def waiting(channel: Channel) -> int:
    """How many messages wait for this channel. One query."""
    return Message.objects.filter(channel=channel, state__in=sorted(OPEN_MESSAGE_STATES)).count()
