"""What became of the lights: net change since a day, the changes themselves, what is new since somebody last looked.

A day's changes belong to the business day on which they were judged (`LightChange.on`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from tracker import policies
from tracker.choices import Health
from tracker.models import LastLook, LightChange, Plan
from tracker.policies import Actor

PAGE = 50
WEEK_DAYS, MONTH_DAYS = 7, 30
CAME, LEFT = "came", "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """One change of one light. `before` "": the first light the commitment ever had; `owner` "": nobody leads it."""

    id: int
    code: str
    title: str
    owner: str
    on: date
    before: str
    after: str
    is_demo: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesPage:
    """A page of changes, newest first. `total` counts what the filters choose; `came` and `left` count, whatever the
    light and the direction asked for, how many changes led to each light and how many away from it: for every light
    the two differ by what `net` says. `next_after` is "" on the last page.
    """

    rows: Sequence[ChangeRow]
    total: int
    came: dict[Health, int]
    left: dict[Health, int]
    next_after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SinceLastLook:
    """What changed after the visit before this one. `counts` by (before, after); `rows` newest first, at most `limit`;
    `mark`: give it to `page(newer_than=…)` for exactly these `total` rows.
    """

    before_at: datetime
    mark: int
    counts: Mapping[tuple[str, str], int]
    rows: Sequence[ChangeRow]
    total: int


def week_start(today: date) -> date:
    """The first of the last seven days, today included."""
    return today - timedelta(days=WEEK_DAYS - 1)


def month_start(today: date) -> date:
    """The first of the last thirty days, today included."""
    return today - timedelta(days=MONTH_DAYS - 1)


def net(viewer: Actor, plan: Plan | None, *, since: date) -> dict[Health, int] | None:
    """How many more (or, negative, fewer) commitments show each light now than at the close of the day before `since`.

    Every light is a key. A commitment that was entered since then counts where it stands. None: the record does not
    reach that far back, for it begins, for some commitment that stood on the books before `since`, only later.
    """
    return nets(viewer, plan, since=[since])[0]


def nets(viewer: Actor, plan: Plan | None, *, since: Sequence[date]) -> list[dict[Health, int] | None]:
    """`net` since each of these days. Two queries for all of them."""
    seen = _seen(viewer).filter(on__gte=min(since))
    # Plan by plan also for all of them: so the index is used.
    seen = seen.filter(plan__in=Plan.objects.values("pk")) if plan is None else seen.filter(plan=plan)
    changes = _by_window(seen, since)
    return [
        None if is_late else _balance(window) for is_late, window in zip(_begin_late(seen, since), changes, strict=True)
    ]


def week_and_month(
    viewer: Actor, plan: Plan | None, *, today: date
) -> tuple[dict[Health, int] | None, dict[Health, int] | None]:
    """The net change of the last seven and of the last thirty days. Two queries."""
    week, month = nets(viewer, plan, since=[week_start(today), month_start(today)])
    return week, month


def page(
    viewer: Actor,
    *,
    plan_code: str = "",
    since: date | None = None,
    until: date | None = None,
    light: str = "",
    direction: str = "",
    newer_than: int | None = None,
    after: str = "",
    size: int = PAGE,
) -> ChangesPage:
    """One page of changes: keyset by day and the record's own order, at most four queries at any depth.

    Args:
        since, until: first and last day, both included.
        light, direction: changes to this light ("came"), away from it ("left"), or either ("").
        newer_than: only changes after this mark (`SinceLastLook.mark`).
        after: the `next_after` of the page before; a wrong one begins anew.
    """
    window = _window(viewer, plan_code=plan_code, since=since, until=until, newer_than=newer_than)
    found = window.filter(_direction(light, direction))
    came, left = _came_and_left(window)
    shaped = _rows(found.filter(_older(after)), limit=size + 1)
    return ChangesPage(
        rows=shaped[:size],
        total=found.order_by().count(),
        came=came,
        left=left,
        next_after=_place(shaped[size - 1]) if len(shaped) > size else "",
    )


def all_rows(
    viewer: Actor,
    *,
    plan_code: str = "",
    since: date | None = None,
    until: date | None = None,
    light: str = "",
    direction: str = "",
    newer_than: int | None = None,
    limit: int | None = None,
) -> list[ChangeRow]:
    """All the rows that these filters choose, newest first, as a sheet needs them. One query."""
    window = _window(viewer, plan_code=plan_code, since=since, until=until, newer_than=newer_than)
    return _rows(window.filter(_direction(light, direction)), limit=limit)


def since_last_look(
    viewer: Actor, *, plan: Plan | None, limit: int = 8, look: LastLook | None = None
) -> SinceLastLook | None:
    """What changed after the visit before this one (`actions.looks.look` moves the mark, call it first).

    `look`: the viewer's mark where the caller has it already. None: the viewer never looked before.
    """
    look = look or last_look(viewer)
    if look is None or look.before_at is None:
        return None
    window = _seen(viewer).filter(pk__gt=look.before_mark)
    if plan is not None:
        window = window.filter(plan=plan)
    counted = window.order_by().values_list("before", "after").annotate(count=Count("pk"))
    counts = {(before, after): count for before, after, count in counted}
    total = sum(counts.values())
    return SinceLastLook(
        before_at=look.before_at,
        mark=look.before_mark,
        counts=counts,
        rows=_rows(window, limit=limit) if total else [],
        total=total,
    )


def last_look(viewer: Actor) -> LastLook | None:
    """The viewer's mark; None: they never looked. One query."""
    return LastLook.objects.filter(user=viewer.user_id).first()


def newest_mark() -> int:
    """The mark of the newest change there is; 0 where there is none."""
    return LightChange.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def _seen(viewer: Actor) -> QuerySet[LightChange]:
    if policies.is_citywide(viewer):
        return LightChange.objects.all()
    return LightChange.objects.filter(commitment__in=policies.visible_to(viewer))


def _window(
    viewer: Actor, *, plan_code: str, since: date | None, until: date | None, newer_than: int | None
) -> QuerySet[LightChange]:
    found = _seen(viewer)
    if plan_code:
        found = found.filter(plan__code=plan_code)
    if since is not None:
        found = found.filter(on__gte=since)
    if until is not None:
        found = found.filter(on__lte=until)
    return found if newer_than is None else found.filter(pk__gt=newer_than)


def _direction(light: str, direction: str) -> Q:
    """The condition on a change that it led to the light, away from it, or either."""
    came, left = Q(after=light), Q(before=light)
    if not light:
        return Q()
    return {CAME: came, LEFT: left}.get(direction, came | left)


def _place(row: ChangeRow) -> str:
    return f"{row.on.isoformat()}.{row.id}"


def _older(after: str) -> Q:
    """The condition on a change that it stands behind this place in the list; none for what is no place."""
    day, _dot, number = after.partition(".")
    try:
        on, pk = date.fromisoformat(day), int(number)
    except ValueError:
        return Q()
    return Q(on__lt=on) | Q(on=on, pk__lt=pk)


def _by_window(seen: QuerySet[LightChange], since: Sequence[date]) -> list[dict[tuple[str, str], int]]:
    """How often each light became which other one, in the window that begins on each of these days."""
    windows = {f"window_{number}": Count("pk", filter=Q(on__gte=day)) for number, day in enumerate(since)}
    found: list[dict[tuple[str, str], int]] = [{} for _day in since]
    for before, after, *counts in seen.order_by().values_list("before", "after").annotate(**windows):
        for window, count in zip(found, counts, strict=True):
            window[(before, after)] = count
    return found


def _begin_late(seen: QuerySet[LightChange], since: Sequence[date]) -> list[bool]:
    """For each window: whether some first light in it belongs to a commitment that was entered before it began."""
    windows = {
        f"window_{number}": Count("pk", filter=Q(on__gte=day, commitment__created_at__lt=_start_of(day)))
        for number, day in enumerate(since)
    }
    return [bool(count) for count in seen.order_by().filter(before="").aggregate(**windows).values()]


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _balance(changes: Mapping[tuple[str, str], int]) -> dict[Health, int]:
    balance = dict.fromkeys(Health, 0)
    for (before, after), count in changes.items():
        balance[Health(after)] += count
        if before:
            balance[Health(before)] -= count
    return balance


def _came_and_left(window: QuerySet[LightChange]) -> tuple[dict[Health, int], dict[Health, int]]:
    came, left = dict.fromkeys(Health, 0), dict.fromkeys(Health, 0)
    for before, after, count in window.order_by().values_list("before", "after").annotate(count=Count("pk")):
        came[Health(after)] += count
        if before:
            left[Health(before)] += count
    return came, left


def _rows(found: QuerySet[LightChange], *, limit: int | None) -> list[ChangeRow]:
    columns = ("commitment__code", "commitment__title", "commitment__lead__short_name", "on", "before", "after")
    values = found.order_by("-on", "-pk").values_list("pk", *columns, "is_demo")
    return [
        ChangeRow(id=pk, code=code, title=title, owner=owner or "", on=on, before=before, after=after, is_demo=is_demo)
        for pk, code, title, owner, on, before, after, is_demo in (values if limit is None else values[:limit])
    ]
