"""The reminders' only pen: plans them, settles what need not stand any more, rehearses. Sending is `actions.messages`.

Planning is one statement over stored dates, whatever the number of rows. A row that stands already stays as it is, so a
second run writes nothing.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.db.models import Model, Q, QuerySet

from tracker.actions import settling
from tracker.choices import DUE_OCCASIONS, INFORMATION_OCCASIONS, Audience, ReminderOccasion, ReminderState
from tracker.models import Commitment, Reminder, ReminderRule, ReminderRuleVersion
from tracker.models.reminders import SUBJECTS
from tracker.queries import reminder_matters, reminder_people, workdays
from tracker.queries import reminders as queries
from tracker.queries.reminder_matters import Scope
from tracker.queries.reminders import Batch
from tracker.rules.workdays import Calendar

Plain = str | int | date | None
# A new reminder's fields, and where `_insert` takes them from.
OWED = {
    "rule": "due.rule_id",
    "version": "due.version_id",
    "offset": "due.days",
    "commitment": "matter.owed_commitment",
    **{name: f"matter.owed_{name}" for name in SUBJECTS},
    "due_on": "matter.owed_due_on",
    "is_demo": "matter.owed_is_demo",
    "recipient": "person.owed_recipient",
    "occasion": "due.occasion",
    "audience": "due.audience",
}
DUE = "due (part, rule_id, version_id, occasion, audience, days, due_on)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Batches that rest on the same matters: all that count from dates of one scope, or one other occasion."""

    batches: tuple[Batch, ...]
    commitment: int | None = None  # only what belongs to this one

    @property
    def occasion(self) -> ReminderOccasion:
        return self.batches[0].occasion

    def matters(self) -> list[QuerySet[Model, object]]:
        """What the batches speak of, on their days only."""
        anchors = set().union(*(batch.anchors for batch in self.batches))
        found = reminder_matters.of(self.occasion, self.batches[0].scope, anchors=anchors)
        found = [rows.filter(owed_due_on__in=sorted(anchors)) for rows in found]
        return [rows.filter(owed_commitment=self.commitment) for rows in found] if self.commitment else found


class Text:
    """SQL with its parameters, put together in order."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.values: list[Plain] = []

    def add(self, piece: str, *values: Plain) -> None:
        self.pieces.append(piece)
        self.values += values

    def add_rows(self, before: str, rows: QuerySet[Model, object], after: str = "") -> None:
        """A query of Django's between two pieces of ours."""
        sql, values = rows.query.get_compiler(connection=connection).as_sql()
        self.add(f"{before}{sql}{after}", *values)


@transaction.atomic
def plan(*, today: date) -> int:
    """Write the reminders of all rules in force for this day and the missed days before it; returns how many are new.

    One statement for all. Nothing on a day off, which does not count as a run either; nothing the second time. A rule
    that makes no sense (`queries.is_sound`) is left out until somebody corrects it, and then catches up.
    """
    active = ReminderRule.objects.filter(is_active=True).select_for_update(no_key=True).order_by("pk")
    locked = {rule.pk for rule in active}
    versions = [one for one in queries.in_force() if one.rule_id in locked and queries.is_sound(one)]
    calendar = workdays.calendar()
    if not versions or not calendar.is_working_day(today):
        return 0
    count = write(versions, today=today, calendar=calendar)
    served = ReminderRule.objects.filter(pk__in={one.rule_id for one in versions})
    served.filter(Q(last_run_on__isnull=True) | Q(last_run_on__lt=today)).update(last_run_on=today)
    return count


def write(
    versions: Iterable[ReminderRuleVersion],
    *,
    today: date,
    calendar: Calendar,
    commitment: int | None = None,
    since: date | None = None,
) -> int:
    """Write what these versions ask for today; returns how many reminders are new. Raises as `queries.facts_of`.

    Args:
        commitment: write for this one only; None: for all.
        since: catch up from the day after this one; None: from each rule's last run.
    """
    batches = queries.batches(versions, today=today, calendar=calendar, since=since)
    return _insert(batches, today=today, commitment=commitment) if batches else 0


@transaction.atomic
def tell(item: Commitment, occasion: ReminderOccasion, *, today: date) -> int:
    """Write at once what the rules of an occasion ask for one commitment: word of what was just said to its people.

    Returns how many are new. On a day off nothing: the next working day's sweep tells it.
    """
    versions = [one for one in queries.in_force().filter(rule__occasion=occasion) if queries.is_sound(one)]
    return write(versions, today=today, calendar=workdays.calendar(), commitment=item.pk)


@transaction.atomic
def resume(item: Commitment, *, since: date, today: date) -> int:
    """Plan again what was due while nobody worked on the commitment; returns how many reminders are new.

    What was cancelled before anybody was told makes room for it. What was told stays on record, and is not told again.

    Args:
        since: the day on which work stopped.
    """
    untold = Reminder.objects.filter(commitment=item, state=ReminderState.CANCELLED, settled_at__date__gte=since)
    untold = untold.filter(sent_at__isnull=True).exclude(occasion=ReminderOccasion.BY_HAND)
    first = min([since, *untold.values_list("planned_on", flat=True)])
    untold.delete()
    versions = [one for one in queries.in_force() if queries.is_sound(one)]
    before = first - timedelta(days=1)
    return write(versions, today=today, calendar=workdays.calendar(), commitment=item.pk, since=before)


def _insert(batches: Sequence[Batch], *, today: date, commitment: int | None = None) -> int:
    """INSERT … SELECT, the same on both databases. A row that stands already, in whatever state, stays as it is.

    Days, matters and people are tables of their own (CTEs), each made once; every part joins them twice: by the lead
    department and by the owner post.
    """
    quote = connection.ops.quote_name
    columns = {field.name: quote(field.column or field.attname) for field in Reminder._meta.concrete_fields}
    same: dict[str, Plain] = {"planned_on": _plain(today), "state": ReminderState.PLANNED.value}
    names = ", ".join(columns[name] for name in (*OWED, *same))
    text, selects = Text(), Text()
    # INSERT comes first, or SQLite's driver counts no rows.
    text.add(f"INSERT INTO {quote(Reminder._meta.db_table)} ({names}) WITH ")
    parts = _parts(batches, commitment)
    _add_days(text, parts)
    places = _add_people(text, {audience for batch in batches for audience, dues in batch.dues.items() if dues}, today)
    for number, part in enumerate(parts):
        if not _add_matters(text, number, part):
            continue
        for place in places:
            _add_select(selects, number, part, place=place, same=same)
    if not selects.pieces:
        return 0
    # WHERE ends the last SELECT, or SQLite takes the ON of ON CONFLICT for a join's.
    statement = f"{''.join(text.pieces)} {' UNION ALL '.join(selects.pieces)} ON CONFLICT DO NOTHING"
    with connection.cursor() as cursor:
        cursor.execute(statement, [*text.values, *selects.values])
        return int(cursor.rowcount)


def _parts(batches: Sequence[Batch], commitment: int | None) -> list[Part]:
    found: dict[tuple[ReminderOccasion | None, Scope], list[Batch]] = {}
    for batch in batches:
        occasion = None if batch.occasion in DUE_OCCASIONS else batch.occasion
        found.setdefault((occasion, batch.scope), []).append(batch)
    return [Part(batches=tuple(same), commitment=commitment) for same in found.values()]


def _add_days(text: Text, parts: Sequence[Part]) -> None:
    """The small table of days: which part, rule and audience asks for matters with which anchor."""
    rows: list[Plain] = []
    for number, part in enumerate(parts):
        for batch in part.batches:
            for audience, dues in batch.dues.items():
                for due in dues:
                    told = (batch.occasion.value, audience.value, due.offset, _plain(due.due_on))
                    rows += [number, due.rule, due.version, *told]
    marks = ", ".join(["(%s, %s, %s, %s, %s, %s, %s)"] * (len(rows) // 7))
    text.add(f"{DUE} AS (VALUES {marks})", *rows)


def _add_people(text: Text, audiences: Collection[Audience], today: date) -> list[str]:
    """A table of people for each of the two places where a matter says to whom it belongs; returns these places."""
    found: dict[str, list[tuple[Audience, QuerySet[Model, object]]]] = {}
    for audience in sorted(audiences):
        for place, people in reminder_people.of(audience, today=today):
            found.setdefault(place, []).append((audience, people))
    for place, tables in found.items():
        text.add(f", people_{place} AS MATERIALIZED (")
        for number, (audience, people) in enumerate(tables):
            text.add(f"{' UNION ' if number else ''}SELECT %s AS audience, one.* FROM (", audience.value)  # noqa: S608
            text.add_rows("", people, ") AS one")
        text.add(")")
    return list(found)


def _add_matters(text: Text, number: int, part: Part) -> bool:
    """The table of a part's matters; False: there can be none."""
    matters = part.matters()
    for place, rows in enumerate(matters):
        text.add_rows(" UNION ALL " if place else f", matter_{number} AS MATERIALIZED (", rows)
    if matters:
        text.add(")")
    return bool(matters)


def _add_select(text: Text, number: int, part: Part, *, place: str, same: dict[str, Plain]) -> None:
    """One SELECT: the matters of a part, by one of the two places. Names are our own, everything else a parameter."""
    one = Text()
    one.add(
        f"SELECT {', '.join(OWED.values())}, %s, %s FROM due "  # noqa: S608
        f"JOIN matter_{number} AS matter ON matter.owed_due_on = due.due_on "
        f"JOIN people_{place} AS person ON person.owed_place = matter.{place} AND person.audience = due.audience "
        f"WHERE due.part = {number}",
        *same.values(),
    )
    if part.occasion in INFORMATION_OCCASIONS:
        one.add_rows(" AND person.owed_recipient NOT IN (", reminder_people.muting(part.occasion), ")")
    text.add("".join(one.pieces), *one.values)


def _plain(day: date) -> str | date | None:
    """A date as the database's driver takes it."""
    return connection.ops.adapt_datefield_value(day)


@transaction.atomic
def settle(*, now: datetime, waiting_only: bool = False) -> int:
    """Settle what need not stand any more: work that is done or was suspended, a date that moved, a report that came
    in, an answer that was given, a person who left. One UPDATE per cause. Returns how many.

    What had not gone out yet is cancelled; what had stays sent. Information settles itself after some weeks.

    Args:
        waiting_only: look only at what no message has carried yet, which is little: what delivery asks every minute.
    """
    old = Q(occasion__in=sorted(INFORMATION_OCCASIONS), created_at__lt=now - timedelta(days=queries.INFORMATION_DAYS))
    rows = queries.unsettled() & queries.waiting() if waiting_only else queries.unsettled()
    causes = [*queries.settled().values(), *queries.reported_windows(queries.unsettled()), old]
    return sum(rows.filter(cause).update(**settling.ended(now)) for cause in causes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """What would be told on a day, by person."""

    day: date
    reminders: Sequence[Reminder]


def rehearse(*, today: date, now: datetime) -> list[Reminder]:
    """What a sweep on this day would leave waiting, by person; nothing is written."""
    with transaction.atomic():
        settle(now=now)
        plan(today=today)
        rows = queries.waiting().filter(planned_on__lte=today).select_related("rule")
        found = _with_rules(rows)
        transaction.set_rollback(True)
    return found


def rehearse_version(version: ReminderRuleVersion, *, today: date, days: int) -> list[Rehearsal]:
    """What this version alone would tell on the next working days, today included, were it in force; nothing is
    written. Days on which nobody would be told are left out.

    Args:
        days: how many working days to look ahead.

    Raises:
        ValueError: the version's ladder makes no sense.
    """
    calendar = workdays.calendar()
    found = []
    day = calendar.same_or_next_working_day(today)
    with transaction.atomic():
        # As if neither this rule nor a more general one had told anybody yet: the version is looked at by itself.
        Reminder.objects.filter(occasion=version.rule.occasion, planned_on__gte=today).delete()
        version.rule.last_run_on = None
        for _ in range(days):
            if write([version], today=day, calendar=calendar):
                rows = Reminder.objects.filter(version=version, planned_on=day).select_related("rule")
                found.append(Rehearsal(day=day, reminders=_with_rules(rows)))
            version.rule.last_run_on = day
            day = calendar.add_working_days(day, 1)
        transaction.set_rollback(True)
    version.rule.refresh_from_db(fields=["last_run_on"])
    return found


def _with_rules(rows: QuerySet[Reminder]) -> list[Reminder]:
    """These reminders as a message needs them, each with its rule."""
    rules_of = {row.pk: row.rule for row in rows}
    found = queries.of(rules_of)
    for row in found:
        row.rule = rules_of[row.pk]
    return found
