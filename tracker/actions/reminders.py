"""The outbox's only pen: plans reminders, cancels what need not be sent, claims for sending, records the result.

Delivery is at least once. A worker that dies between claim and record leaves a claim; after REMINDER_CLAIM_SECONDS
another worker takes it over. If the first died before sending, the message goes out once; if after, twice, with the
same Message-ID. A crash repeats one message at most, because a claim covers one message.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Case, F, Q, Value, When

from projects.errors import DomainError
from tracker.choices import ReminderState
from tracker.models import Reminder, ReminderRule
from tracker.queries import reminders as queries
from tracker.rules import reminders as rules

ERROR_LENGTH = 500


def plan(*, today: date) -> int:
    """Write the reminders of all active rules for this day and the missed days before it; returns how many are new.

    Nothing on a day off; nothing the second time.
    """
    return sum(plan_rule(code, today=today) for code in active_rules())


def active_rules() -> list[str]:
    """The codes of the rules in use, in order."""
    return list(ReminderRule.objects.filter(is_active=True).order_by("code").values_list("code", flat=True))


@transaction.atomic
def plan_rule(code: str, *, today: date) -> int:
    """As `plan`, for one rule: one INSERT … SELECT. Raises ValueError when the rule's offsets make no sense."""
    rule = ReminderRule.objects.select_for_update(no_key=True).get(code=code)
    days = rules.fire_days(today, last_run=rule.last_run_on)
    if not days:  # a day off serves nothing, so it must not count as a run
        return 0
    owed = queries.owed(queries.facts_of(rule), today=today, fire_days=days)
    count = _insert(owed, rule=rule, today=today) if owed is not None else 0
    if rule.last_run_on is None or rule.last_run_on < today:
        rule.last_run_on = today
        rule.save(update_fields=["last_run_on"])
    return count


def _insert(owed: queries.Owed, *, rule: ReminderRule, today: date) -> int:
    """One statement, the same on both databases. A row that stands already, in whatever state, stays as it is."""
    same = {
        "rule": rule.pk,
        "planned_on": connection.ops.adapt_datefield_value(today),
        "state": ReminderState.PLANNED.value,
        "attempts": 0,
        "error": "",
    }
    quote = connection.ops.quote_name
    columns = {field.name: field.column or field.attname for field in Reminder._meta.concrete_fields}
    owed_names = list(queries.OwedRow.__annotations__)
    into = ", ".join(quote(columns[name]) for name in (*(name.removeprefix("owed_") for name in owed_names), *same))
    what = ", ".join([*map(quote, owed_names), *["%s"] * len(same)])
    select, values = owed.query.get_compiler(connection=connection).as_sql()
    # Names come from the models, values are parameters. WHERE: without it SQLite reads ON CONFLICT as a join.
    statement = (
        f"INSERT INTO {quote(Reminder._meta.db_table)} ({into}) "  # noqa: S608
        f"SELECT {what} FROM ({select}) AS owed WHERE 1 = 1 ON CONFLICT DO NOTHING"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*same.values(), *values])
        return int(cursor.rowcount)


@transaction.atomic
def cancel_obsolete(*, now: datetime) -> int:
    """Cancel what was planned for a commitment that is no longer worked on, a date that moved, a milestone that was
    reached, a person who left: one UPDATE per cause. What a living worker is sending stays. Returns how many.
    """
    lapsed = queries.abandoned(now=now, claim_holds=claim_holds())
    unsent = queries.unsent().filter(Q(state=ReminderState.PLANNED) | lapsed)
    return sum(unsent.filter(cause).update(state=ReminderState.CANCELLED) for cause in queries.obsolete().values())


def rehearse(*, today: date, now: datetime) -> list[Reminder]:
    """What a sweep on this day would leave in the outbox, by person; nothing is written. Raises as `plan_rule`."""
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
