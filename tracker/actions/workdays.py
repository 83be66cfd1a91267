"""Working days that the State Council moved: enter, change and remove them, and look at the lights they decide."""

import hashlib
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from projects.actions import clock
from projects.errors import DomainError
from tracker import policies
from tracker.actions import events, health
from tracker.actions.events import Entry
from tracker.choices import Stage
from tracker.event_kinds import EventKind
from tracker.models import Commitment, DayOverride
from tracker.policies import Actor
from tracker.queries import workdays
from tracker.rules.workday_rows import Difference, Judgement, MovedDay, check, judge

logger = logging.getLogger(__name__)

FIELDS = ("is_working", "name", "notice")
LONGEST_REASON = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """What was written under which event group (None: nothing was), and how many lights changed with it."""

    group: UUID | None
    judgement: Judgement
    light_count: int = 0


@transaction.atomic
def enter(rows: Sequence[MovedDay], *, reason: str, by: Actor, today: date, fingerprint: str = "") -> Entered:
    """Write all of the days or none; a day that stands as it is said writes nothing.

    `fingerprint` is the seal of the preview that was confirmed, "" without one.

    Raises:
        DomainError: neither the supervision office nor an administrator, a day that may not be entered or stands
            twice, no reason for changing a day that was entered before, or the list changed since the preview.
    """
    _require_keeper(by)
    for row in rows:
        check(row)
    named = [row.day for row in rows]
    if twice := next((day for day in named if named.count(day) > 1), None):
        raise DomainError("workday_twice", day=twice.isoformat(), first=named.index(twice) + 1)
    waiting = _waiting(named)
    standing = {row.day: row for row in DayOverride.objects.select_for_update().filter(day__in=named).order_by("pk")}
    judgement = judge(rows, {day: _moved(row) for day, row in standing.items()})
    if fingerprint and seal(judgement) != fingerprint:
        raise DomainError("workdays_moved")
    if not judgement.written:
        return Entered(group=None, judgement=judgement)
    if judgement.changed:
        _require_reason(reason)
    _write(judgement, standing)
    group = uuid4()
    events.append([_entry(one, reason=reason) for one in judgement.written], by=by, group=group)
    return Entered(group=group, judgement=judgement, light_count=_look_again(waiting, by=by, today=today, group=group))


@transaction.atomic
def remove(row: DayOverride, *, reason: str, by: Actor, today: date) -> int:
    """Take one day out of the list: the package's calendar holds for it again. The log keeps what it was.

    Returns how many lights changed.

    Raises:
        DomainError: neither the supervision office nor an administrator, no reason, or it is gone already.
    """
    _require_keeper(by)
    _require_reason(reason)
    waiting = _waiting([row.day])
    stored = DayOverride.objects.select_for_update().filter(pk=row.pk).first()
    if stored is None:
        raise DomainError("not_found")
    changes = {name: [events.plain(getattr(stored, name)), None] for name in FIELDS}
    entry = Entry(
        kind=EventKind.WORKDAYS_REVISED, subject=subject_of(stored.day), changes=changes, reason=reason.strip()
    )
    stored.delete()
    group = uuid4()
    events.append([entry], by=by, group=group)
    return _look_again(waiting, by=by, today=today, group=group)


def announce(*, today: date) -> tuple[int, ...]:
    """Say in the log which years of today and of the next 60 days rest on no notice; returns them. Once a sweep."""
    years = workdays.standing(today).soon
    for year in years:
        logger.warning("working days are provisional", extra={"year": year})
    return years


def subject_of(day: date) -> str:
    """What the log calls the entry of a day; the same when it is removed and entered again."""
    return f"dayoverride {day.isoformat()}"


def seal(judgement: Judgement) -> str:
    """A short name of what a preview showed: another one means that something else would be written."""
    told = repr([(one.row.day, _values(one.row), one.before and _values(one.before)) for one in judgement.written])
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def _require_keeper(by: Actor) -> None:
    if not policies.can_administer(by):
        raise DomainError("not_allowed")


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise DomainError("workday_reason_needed", field="reason")


def _values(row: MovedDay) -> tuple[bool, str, str]:
    return row.is_working, row.name, row.notice


def _moved(row: DayOverride) -> MovedDay:
    return MovedDay(day=row.day, is_working=row.is_working, name=row.name, notice=row.notice)


def _write(judgement: Judgement, standing: dict[date, DayOverride]) -> None:
    new = [
        DayOverride(day=one.row.day, is_working=one.row.is_working, name=one.row.name, notice=one.row.notice)
        for one in judgement.new
    ]
    changed = []
    for one in judgement.changed:
        row = standing[one.row.day]
        row.is_working, row.name, row.notice = _values(one.row)
        changed.append(row)
    try:
        with transaction.atomic():
            DayOverride.objects.bulk_create(new)
    except IntegrityError:  # somebody entered one of the days at this moment
        raise DomainError("workdays_moved") from None
    DayOverride.objects.bulk_update(changed, FIELDS)


def _entry(one: Difference, *, reason: str) -> Entry:
    changes = {
        name: [None if one.before is None else getattr(one.before, name), getattr(one.row, name)]
        for name in FIELDS
        if one.before is None or getattr(one.before, name) != getattr(one.row, name)
    }
    return Entry(
        kind=EventKind.WORKDAYS_REVISED, subject=subject_of(one.row.day), changes=changes, reason=reason.strip()
    )


def _waiting(days: Iterable[date]) -> list[Commitment]:
    """What was handed out before the last of these days and is not taken on, locked: its light counts working days."""
    last = max(days, default=date.min)
    found = Commitment.objects.filter(stage=Stage.ISSUED, issued_on__lt=last)
    return health.lock_all(found)


def _look_again(waiting: Sequence[Commitment], *, by: Actor, today: date, group: UUID) -> int:
    """Reassess at once; whatever else counts working days does so when it is read."""
    changed = health.reassess(waiting, by=by, today=today, group=group) if waiting else []
    clock.stamp_all(changed)
    return len(changed)
