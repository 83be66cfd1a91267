"""The outbox's only pen: plans reminders, cancels what need not be sent, claims for sending, records the result.

Delivery is at least once. A worker that dies between claim and record leaves a claim; after REMINDER_CLAIM_SECONDS
another worker takes it over. If the first died before sending, the message goes out once; if after, twice, with the
same Message-ID. A crash repeats one message at most, because a claim covers one message.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Case, F, Model, Q, QuerySet, Value, When

from projects.errors import DomainError
from tracker.choices import ReminderState
from tracker.models import Reminder, ReminderRule
from tracker.queries import reminders as queries

ERROR_LENGTH = 500
Plain = str | int | date | None
# A new reminder's fields, and where `_insert` takes them from.
OWED = {
    "rule": "due.rule_id",
    "offset": "due.days",
    "commitment": "matter.owed_commitment",
    "milestone": "matter.owed_milestone",
    "due_on": "matter.owed_due_on",
    "is_demo": "matter.owed_is_demo",
    "recipient": "person.owed_recipient",
}


@transaction.atomic
def plan(*, today: date) -> int:
    """Write the reminders of all active rules for this day and the missed days before it; returns how many are new.

    One statement for all. Nothing on a day off, which does not count as a run either; nothing the second time. A rule
    that makes no sense (`queries.is_sound`) is left out until somebody corrects it, and then catches up.
    """
    in_use = ReminderRule.objects.filter(is_active=True).select_for_update(no_key=True).order_by("pk")
    rules = [rule for rule in in_use if queries.is_sound(rule)]
    dues = queries.dues(rules, today=today)
    if not dues:
        return 0
    count = _insert(dues, today=today)
    served = ReminderRule.objects.filter(pk__in={due.rule for due in dues})
    served.filter(Q(last_run_on__isnull=True) | Q(last_run_on__lt=today)).update(last_run_on=today)
    return count


def _insert(dues: Sequence[queries.Due], *, today: date) -> int:
    """INSERT … SELECT, the same on both databases. A row that stands already, in whatever state, stays as it is."""
    same: dict[str, Plain] = {
        "planned_on": _plain(today),
        "state": ReminderState.PLANNED.value,
        "attempts": 0,
        "error": "",
    }
    quote = connection.ops.quote_name
    columns = {field.name: quote(field.column or field.attname) for field in Reminder._meta.concrete_fields}
    names = [*OWED, *same]
    what = ", ".join([*OWED.values(), *["%s"] * len(same)])
    values: list[Plain] = [value for due in dues for value in (due.rule, due.offset, _plain(due.due_on))]
    arms = []
    people = [(place, *_compiled(rows)) for place, rows in queries.people(today=today)]
    for matter, its_values in map(_compiled, queries.matters()):
        for place, person, their_values in people:
            # Names are our own, everything else is a parameter.
            arms.append(
                f"SELECT {what} FROM due JOIN ({matter}) AS matter ON matter.owed_due_on = due.due_on "  # noqa: S608
                f"JOIN ({person}) AS person ON person.owed_place = matter.{place}"
            )
            values += [*same.values(), *its_values, *their_values]
    # INSERT comes first, or SQLite's driver counts no rows. WHERE ends the last arm, or SQLite takes the ON of
    # ON CONFLICT for a join's.
    statement = (
        f"INSERT INTO {quote(Reminder._meta.db_table)} ({', '.join(columns[name] for name in names)}) "
        f"WITH due (rule_id, days, due_on) AS (VALUES {', '.join(['(%s, %s, %s)'] * len(dues))}) "
        f"{' UNION ALL '.join(arms)} WHERE 1 = 1 ON CONFLICT DO NOTHING"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def _compiled(rows: QuerySet[Model, object]) -> tuple[str, Sequence[Plain]]:
    sql, values = rows.query.get_compiler(connection=connection).as_sql()
    return sql, list(values)


def _plain(day: date) -> str | date | None:
    """A date as the database's driver takes it."""
    return connection.ops.adapt_datefield_value(day)


@transaction.atomic
def cancel_obsolete(*, now: datetime) -> int:
    """Cancel what was planned for a commitment that is no longer worked on, a date that moved, a milestone that was
    reached, a person who left: one UPDATE per cause. What a living worker is sending stays. Returns how many.
    """
    lapsed = queries.abandoned(now=now, claim_holds=claim_holds())
    unsent = queries.unsent().filter(Q(state=ReminderState.PLANNED) | lapsed)
    return sum(unsent.filter(cause).update(state=ReminderState.CANCELLED) for cause in queries.obsolete().values())


def rehearse(*, today: date, now: datetime) -> list[Reminder]:
    """What a sweep on this day would leave in the outbox, by person; nothing is written."""
    with transaction.atomic():
        cancel_obsolete(now=now)
        plan(today=today)
        rows = queries.unsent().filter(planned_on__lte=today).select_related("rule")
        rules_of = {row.pk: row.rule for row in rows}
        found = queries.of(rules_of)
        transaction.set_rollback(True)
    for row in found:
        row.rule = rules_of[row.pk]
    return found


@transaction.atomic
def claim(limit: int, *, now: datetime) -> list[int]:
    """Claim one message: up to `limit` waiting reminders of the person who has waited longest. Their ids, oldest first.

    Empty when nothing waits, or when another worker was faster. Nobody else gets these ids while the claim holds.
    """
    _give_up(now=now)
    waiting = queries.waiting(now=now, claim_holds=claim_holds())
    person = waiting.order_by("planned_on", "pk").values_list("recipient_id", flat=True).first()
    if person is None:
        return []
    locked = waiting.filter(recipient=person).select_for_update(skip_locked=True, of=("self",), no_key=True)
    ids = list(locked.order_by("planned_on", "pk").values_list("pk", flat=True)[:limit])
    taken = waiting.filter(pk__in=ids).update(state=ReminderState.CLAIMED, attempts=F("attempts") + 1, claimed_at=now)
    if taken != len(ids):
        transaction.set_rollback(True)
        return []
    return ids


def _give_up(*, now: datetime) -> None:
    """What broke off as often as may be tried has failed: a message that kills workers must not go round for ever."""
    lapsed = queries.abandoned(now=now, claim_holds=claim_holds()) & Q(attempts__gte=queries.MOST_ATTEMPTS)
    error = str(DomainError("sending_broke_off", attempts=queries.MOST_ATTEMPTS))
    Reminder.objects.filter(lapsed).update(state=ReminderState.FAILED, error=error)


def record_sent(ids: Collection[int], *, now: datetime) -> int:
    """Note that the message with these claimed reminders went out; returns how many were still claimed."""
    claimed = Reminder.objects.filter(pk__in=ids, state=ReminderState.CLAIMED)
    return claimed.update(state=ReminderState.SENT, sent_at=now, error="")


def record_failed(ids: Collection[int], *, error: str, for_good: bool = False) -> int:
    """Note why the message with these claimed reminders did not go out; returns how many were still claimed.

    They are tried again after a growing pause (`queries.RETRY_AFTER`, counted from the claim), unless that was the
    last try or another try cannot help (`for_good`).
    """
    claimed = Reminder.objects.filter(pk__in=ids, state=ReminderState.CLAIMED)
    least = 0 if for_good else queries.MOST_ATTEMPTS
    state = Case(When(attempts__gte=least, then=Value(ReminderState.FAILED)), default=Value(ReminderState.PLANNED))
    return claimed.update(state=state, error=error[:ERROR_LENGTH])


def claim_holds() -> timedelta:
    """How long a claim protects against a second worker; longer than the slowest sending of one message."""
    return timedelta(seconds=settings.REMINDER_CLAIM_SECONDS)
