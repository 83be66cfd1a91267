"""The inbox: what one person was reminded of, and what those were whom the person stands in for while they are away.

A line is a matter and what is asked of it, with the newest of its reminders. Rows of `Reminder` are the truth.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, TextChoices, Value, When, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tracker import policies
from tracker.choices import (
    DUE_OCCASIONS,
    OPEN_MESSAGE_STATES,
    Ask,
    Audience,
    MessageState,
)
from tracker.models import Commitment, MessageLine, Preference, Reminder, User
from tracker.models.reminders import SUBJECTS
from tracker.policies import Actor
from tracker.queries.messages import DEPUTY_STEPS
from tracker.rules.asks import OF_OCCASION, PLACES

PAGE = 50
# The unread are counted up to this number; one more means "more than that".
MOST_COUNTED = 99
SETTLED_DAYS = 30
_KEY = re.compile(r"(\d{1,2})-(\d{1,18})", re.ASCII)
# What makes two reminders of one person the same line.
MATTER = ("recipient", "commitment", *SUBJECTS, "place")


class Show(TextChoices):
    """Which lines: all that stand, only those not looked at, or what was dealt with in the last thirty days."""

    ALL = "all", _("All that stands")
    UNREAD = "unread", pgettext_lazy("lines of the inbox", "Unread")
    SETTLED = "settled", _("Dealt with")


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """A message that carried a reminder. `sent_at` None: it waits, or it failed."""

    channel: str
    state: MessageState
    sent_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One matter.

    Args:
        row: the newest reminder, with its subject.
        matter: None where the reader may no longer see it: then nothing of it is told.
        is_whole: the whole matter is in sight; False: only the blocker that asks the reader, and the title.
        on_behalf: whom the reader stands in for; None: the reader's own.
        carried: messages that took the newest reminder out of the site; empty: it stands in the inbox only.
    """

    row: Reminder
    ask: Ask
    matter: Commitment | None
    is_whole: bool
    on_behalf: User | None
    is_unread: bool
    carried: Sequence[Carried]
    key: str

    @property
    def audience(self) -> Audience:
        return Audience(self.row.audience)

    @property
    def worded_as(self) -> str:
        """The key of the sentence in `inbox_wording.ASKED`."""
        return self.row.occasion if self.ask == Ask.INFORMATION else self.ask


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxPage:
    """A page of lines, by what is asked, newest first. `next_after` is "" on the last page.

    `newest`: the highest key among the reader's reminders, so that "all read" means those that were shown; 0: none.
    """

    lines: Sequence[Line]
    next_after: str
    newest: int


def people(viewer: Actor, *, today: date) -> QuerySet[Any, Any]:
    """The person, and those for whom the person stands in today because they are away, also in the place of a deputy
    who is away too: primary keys only.
    """
    if viewer.user is None:
        return User.objects.none()
    own = User.objects.filter(pk=viewer.user.pk).order_by()
    return own.values("pk").union(*(_away(viewer.user, steps, today) for steps in range(1, DEPUTY_STEPS + 1)))


def _away(user: User, steps: int, today: date) -> QuerySet[Any, Any]:
    """Who is away today and has come to this deputy by so many deputies, each but the last one away as well."""
    paths = ["deputy__preference__" * step for step in range(steps)]
    said: dict[str, Any] = {f"{paths[-1]}deputy": user}
    for path in paths:
        said |= {f"{path}paused_from__lte": today, f"{path}paused_until__gte": today}
    return Preference.objects.filter(**said).values("user")


def rows_of(viewer: Actor, *, today: date) -> QuerySet[Reminder]:
    """All reminders that this person's inbox is made of, whatever their state, with the `place` of what is asked."""
    asks = [When(occasion=occasion, then=Value(PLACES[ask])) for occasion, ask in OF_OCCASION.items()]
    asks.append(When(occasion__in=sorted(DUE_OCCASIONS), due_on__lt=today, then=Value(PLACES[Ask.LATE])))
    place = Case(*asks, default=Value(PLACES[Ask.SOON]), output_field=IntegerField())
    return Reminder.objects.filter(recipient__in=people(viewer, today=today)).annotate(place=place).order_by()


def standing(viewer: Actor, *, today: date) -> QuerySet[Reminder]:
    """Those of them that still ask for something."""
    return rows_of(viewer, today=today).filter(settled_at__isnull=True)


def unread_count(viewer: Actor, *, today: date) -> int:
    """How many lines were not looked at, at most MOST_COUNTED + 1. One query."""
    if viewer.user is None:
        return 0
    unread = standing(viewer, today=today).filter(read_at__isnull=True)
    counted: int = unread.values(*MATTER).distinct()[: MOST_COUNTED + 1].count()
    return counted


def page(viewer: Actor, *, today: date, show: Show = Show.ALL, after: str = "", size: int = PAGE) -> InboxPage:
    """One page of the inbox: keyset by what is asked and the reminder's key; four queries at any depth.

    Args:
        after: the `next_after` of the page before; a wrong one begins anew.
    """
    keys = _keys(viewer, today=today, show=show, after=after, limit=size + 1)
    newest = rows_of(viewer, today=today).order_by("-pk").values_list("pk", flat=True).first()
    return InboxPage(
        lines=_lines(viewer, keys[:size], today=today, show=show),
        next_after=_key(*keys[size - 1]) if len(keys) > size else "",
        newest=newest or 0,
    )


def unread_with(viewer: Actor, ids: Iterable[int], *, today: date) -> list[int]:
    """The unread reminders of the same lines as these ones. Foreign keys find nothing. Two queries."""
    rows = standing(viewer, today=today)
    columns: Any = MATTER  # `place` is no field
    wanted = set(rows.filter(pk__in=list(ids)).values_list(*columns))
    unread = rows.filter(read_at__isnull=True, commitment__in={matter[1] for matter in wanted})
    return [row[0] for row in unread.values_list("pk", *columns) if row[1:] in wanted]


def _keys(viewer: Actor, *, today: date, show: Show, after: str, limit: int) -> list[tuple[int, int]]:
    """Place and key of the newest reminder of each line. One query."""
    if show == Show.SETTLED:
        rows = rows_of(viewer, today=today).filter(settled_at__date__gte=today - timedelta(days=SETTLED_DAYS))
    else:
        rows = standing(viewer, today=today)
    newest = Window(RowNumber(), partition_by=[F(name) for name in MATTER], order_by=F("pk").desc())
    found: Any = rows.annotate(age=newest).filter(age=1)  # `place` and `age` are no fields
    if show == Show.UNREAD:
        found = found.filter(read_at__isnull=True)
    mark = _mark(after)
    if show == Show.SETTLED:  # nothing is asked any more: by time alone
        found = found.filter(pk__lt=mark[1]) if mark else found
        return list(found.order_by("-pk").values_list("place", "pk")[:limit])
    if mark:
        found = found.filter(Q(place__gt=mark[0]) | Q(place=mark[0], pk__lt=mark[1]))
    return list(found.order_by("place", "-pk").values_list("place", "pk")[:limit])


def _lines(viewer: Actor, keys: Sequence[tuple[int, int]], *, today: date, show: Show) -> list[Line]:
    """The lines of these keys, in their order. Two queries."""
    ids = [pk for _place, pk in keys]
    seen = policies.visible_to(viewer).filter(pk=OuterRef("commitment"))
    asked = policies.blockers_visible_to(viewer, today=today).filter(pk=OuterRef("blocker"))
    related = (
        "commitment__lead", "recipient", "milestone", "report", "extension", "blocker__wanted_from", "instruction",
        "slip",
    )  # fmt: skip
    found = Reminder.objects.filter(pk__in=ids).select_related(*related)
    rows = {row.pk: row for row in found.annotate(is_seen=Exists(seen), is_asked=Exists(asked))}
    carried = _carried(ids)
    asks = list(Ask)
    return [
        Line(
            row=row,
            ask=asks[place],
            matter=row.commitment if row.is_seen or row.is_asked else None,
            is_whole=row.is_seen,
            on_behalf=None if row.recipient_id == viewer.user_id else row.recipient,
            is_unread=show != Show.SETTLED and row.read_at is None,
            carried=carried[pk],
            key=_key(place, pk),
        )
        for place, pk in keys
        if (row := rows.get(pk)) is not None
    ]


def _carried(ids: Sequence[int]) -> dict[int, list[Carried]]:
    """The messages that carried these reminders, or will."""
    told = sorted({MessageState.SENT, MessageState.FAILED, *OPEN_MESSAGE_STATES})
    lines = MessageLine.objects.filter(reminder__in=ids, message__state__in=told).order_by("message__sent_at", "pk")
    found: dict[int, list[Carried]] = defaultdict(list)
    for reminder, channel, state, sent_at in lines.values_list(
        "reminder", "channel__name", "message__state", "message__sent_at"
    ):
        found[reminder].append(Carried(channel=channel, state=MessageState(state), sent_at=sent_at))
    return found


def _key(place: int, pk: int) -> str:
    return f"{place}-{pk}"


def _mark(after: str) -> tuple[int, int] | None:
    """The place in the list that a key names; None for none, and for a wrong one."""
    found = _KEY.fullmatch(after)
    return (int(found[1]), int(found[2])) if found else None
