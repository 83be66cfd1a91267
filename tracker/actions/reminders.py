"""The reminders' only pen: plans them, settles what need not stand any more, rehearses. Sending is `actions.messages`.

Planning is one statement over stored dates, whatever the number of rows. A row that stands already stays as it is, so a
second run writes nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.db.models import Case, Model, Q, QuerySet, Value, When

from tracker.choices import INFORMATION_OCCASIONS, Audience, ReminderOccasion, ReminderState
from tracker.models import Reminder, ReminderRule, ReminderRuleVersion
from tracker.models.reminders import SUBJECTS
from tracker.queries import reminder_matters, reminder_people, workdays
from tracker.queries import reminders as queries
from tracker.queries.reminders import Batch, Due
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
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """One SELECT of the statement: which days, which matters, which people, told as whom."""

    occasion: ReminderOccasion
    audience: Audience
    dues: str
    matter: QuerySet[Model, object]
    place: str
    people: QuerySet[Model, object]


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


def write(versions: Iterable[ReminderRuleVersion], *, today: date, calendar: Calendar) -> int:
    """Write what these versions ask for today; returns how many reminders are new. Raises as `queries.facts_of`."""
    batches = queries.batches(versions, today=today, calendar=calendar)
    return _insert(batches, today=today) if batches else 0


def _insert(batches: Sequence[Batch], *, today: date) -> int:
    """INSERT … SELECT, the same on both databases. A row that stands already, in whatever state, stays as it is."""
    quote = connection.ops.quote_name
    columns = {field.name: quote(field.column or field.attname) for field in Reminder._meta.concrete_fields}
    tables, arms = _days(batches), list(_arms(batches, today=today))
    if not arms:
        return 0
    same: dict[str, Plain] = {"planned_on": _plain(today), "state": ReminderState.PLANNED.value}
    names = [*OWED, "occasion", "audience", *same]
    values: list[Plain] = [value for _, dues in tables for due in dues for value in (*due[:3], _plain(due.due_on))]
    selects = []
    for arm in arms:
        what = ", ".join([*OWED.values(), *["%s"] * (2 + len(same))])
        (matter, its_values), (person, their_values) = _compiled(arm.matter), _compiled(arm.people)
        # Names are our own, everything else is a parameter.
        selects.append(
            f"SELECT {what} FROM {arm.dues} AS due JOIN ({matter}) AS matter ON matter.owed_due_on = due.due_on "  # noqa: S608
            f"JOIN ({person}) AS person ON person.owed_place = matter.{arm.place}"
        )
        values += [arm.occasion.value, arm.audience.value, *same.values(), *its_values, *their_values]
    days = ", ".join(
        f"{name} (rule_id, version_id, days, due_on) AS (VALUES {', '.join(['(%s, %s, %s, %s)'] * len(dues))})"
        for name, dues in tables
    )
    # INSERT comes first, or SQLite's driver counts no rows. WHERE ends the last arm, or SQLite takes the ON of
    # ON CONFLICT for a join's.
    statement = (
        f"INSERT INTO {quote(Reminder._meta.db_table)} ({', '.join(columns[name] for name in names)}) "
        f"WITH {days} {' UNION ALL '.join(selects)} WHERE 1 = 1 ON CONFLICT DO NOTHING"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def _days(batches: Sequence[Batch]) -> list[tuple[str, list[Due]]]:
    """The small tables of days, one for each batch and audience, with their names."""
    found = [(number, batch) for number, batch in enumerate(batches)]
    return [
        (f"due_{number}_{audience.value}", dues)
        for number, batch in found
        for audience, dues in batch.dues.items()
        if dues
    ]


def _arms(batches: Sequence[Batch], *, today: date) -> Iterator[Arm]:
    for number, batch in enumerate(batches):
        matters = reminder_matters.of(batch.occasion, batch.scope, anchors=batch.anchors)
        for audience, dues in batch.dues.items():
            for place, people in reminder_people.of(audience, today=today) if dues else []:
                if batch.occasion in INFORMATION_OCCASIONS:
                    people = people.exclude(owed_recipient__in=reminder_people.muting(batch.occasion))
                for matter in matters:
                    yield Arm(
                        occasion=batch.occasion,
                        audience=audience,
                        dues=f"due_{number}_{audience.value}",
                        matter=matter,
                        place=place,
                        people=people,
                    )


def _compiled(rows: QuerySet[Model, object]) -> tuple[str, Sequence[Plain]]:
    sql, values = rows.query.get_compiler(connection=connection).as_sql()
    return sql, list(values)


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
    cancelled = When(state=ReminderState.PLANNED, then=Value(ReminderState.CANCELLED))
    after = {"settled_at": now, "state": Case(cancelled, default="state")}
    causes = [*queries.settled().values(), *queries.reported_windows(), old]
    rows = queries.unsettled() & queries.waiting() if waiting_only else queries.unsettled()
    return sum(rows.filter(cause).update(**after) for cause in causes)


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
