"""Supervision slips 督办单: drafted by the site, issued by a person under the next number of the year, answered by the
lead department, or dropped and withdrawn with a reason. `rules.slips` says what is due.

Locks in this order: the commitment, its slip, the counter of the year; then the log, and the clock last.
"""

from datetime import date

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from projects.actions import clock
from projects.errors import DomainError
from tracker import policies
from tracker.actions import commitments, events, health, reminders, settling
from tracker.actions.events import Entry
from tracker.choices import ReminderOccasion, SlipLevel, SlipState
from tracker.event_kinds import EventKind
from tracker.models import Commitment, Slip, SlipCounter
from tracker.policies import SYSTEM, Actor
from tracker.queries import slip_facts
from tracker.queries.slip_facts import Known
from tracker.rules import slips as rules

DRAFT_FIELDS = ["state", "grounds", "text", "drafted_on", "answer_due_on", "end_reason", "is_demo", "updated_at"]
ISSUE_FIELDS = [
    "state", "grounds", "text", "year", "number", "issued_on", "issued_by", "answer_due_on", "is_demo", "updated_at",
]  # fmt: skip
ANSWER_FIELDS = ["state", "answer", "promised_on", "answered_by", "answered_at", "is_demo", "updated_at"]
BATCH = 500


@transaction.atomic
def draft_due(*, today: date) -> int:
    """Draft every slip that is due today, as the site itself; returns how many. A second run drafts none."""
    pace = slip_facts.pace()
    items = health.lock_all(slip_facts.candidates(pace=pace, today=today))
    known = slip_facts.of_commitments(items)
    wanted = [
        (item, level)
        for item in items
        if (level := rules.due_level(known[item.pk].facts, pace=pace, today=today)) is not None
    ]
    if not wanted:
        return 0
    grounds = slip_facts.grounds([(item, known[item.pk].last) for item, _level in wanted])
    rows = []
    for item, level in wanted:
        row = _draft(item, known[item.pk], level=level, by=SYSTEM, today=today)
        row.grounds = grounds[item.pk]
        rows.append(row)
    taken_up = [row for row in rows if not row._state.adding]
    Slip.objects.bulk_create([row for row in rows if row._state.adding], batch_size=BATCH)
    Slip.objects.bulk_update(taken_up, DRAFT_FIELDS, batch_size=BATCH)
    events.append([_drafted(row) for row in rows], by=SYSTEM)
    clock.stamp_all(rows)
    return len(rows)


@transaction.atomic
def draft(commitment: Commitment, *, text: str = "", by: Actor, today: date) -> Slip:
    """Draft the next slip of the chain by hand: blue, or the colour after the last one, which it cites.

    Raises:
        DomainError: not the supervision office, out of sight, or the chain gives no slip now (`rules.slips`).
    """
    item = health.lock(commitment)
    if not policies.can_issue_slips(by):
        raise DomainError("not_allowed")
    if not policies.can_see(by, item):
        raise DomainError("not_found")
    known = slip_facts.of_commitments([item])[item.pk]
    level = rules.level_by_hand(known.facts, today=today)
    row = _draft(item, known, level=level, by=by, today=today)
    row.text, row.grounds = text.strip(), slip_facts.grounds([(item, known.last)])[item.pk]
    row.save(update_fields=None if row._state.adding else DRAFT_FIELDS)
    events.record(_drafted(row), by=by)
    clock.stamp(row)
    return row


@transaction.atomic
def drop_moot(*, today: date) -> int:
    """Drop the drafts whose ground is gone, as the site itself: reported done, at rest, moved, answered. How many."""
    waiting = Slip.objects.filter(slip_facts.DRAFTED).values("commitment")
    health.lock_all(Commitment.objects.filter(pk__in=waiting))
    drafts = Slip.objects.select_for_update(of=("self",), no_key=True).filter(slip_facts.DRAFTED).order_by("pk")
    moot = [
        row
        for row in drafts.select_related("commitment", "cites")
        if rules.is_moot(slip_facts.of_draft(row), today=today)
    ]
    if not moot:
        return 0
    Slip.objects.filter(pk__in=[row.pk for row in moot]).update(state=SlipState.DROPPED, updated_at=timezone.now())
    changes: events.Changes = {"state": [SlipState.DRAFT, SlipState.DROPPED]}
    events.append([_entry(EventKind.SLIP_DROPPED, row, changes=changes) for row in moot], by=SYSTEM)
    clock.stamp_all(moot)
    return len(moot)


@transaction.atomic
def issue(
    slip: Slip, *, text: str, answer_due_on: date, by: Actor, today: date, expected_revision: int | None = None
) -> Slip:
    """Issue a draft, in these words, under the next number of the year of `today`. Its grounds are those of today. The
    department is told at once.

    Raises:
        DomainError: not the supervision office, no draft any more, moot (`slip_moot`), no words, a day that has
            passed, or somebody changed it meanwhile (`stale`).
    """
    item, row = _lock(slip)
    if not policies.can_issue_slips(by):
        raise DomainError("not_allowed")
    _require_draft(row)
    commitments.check_revision(row, expected_revision)
    if rules.is_moot(slip_facts.of_draft(row), today=today):
        raise DomainError("slip_moot")
    rules.check_words(text, answer_due_on=answer_due_on, today=today)
    row.year, row.number = today.year, _next_number(today.year)
    row.state, row.text, row.answer_due_on = SlipState.ISSUED, text.strip(), answer_due_on
    row.issued_on, row.issued_by = today, by.user
    row.grounds = slip_facts.grounds([(item, row.cites)])[item.pk]
    row.is_demo = row.is_demo or item.is_demo or by.is_demo
    row.save(update_fields=ISSUE_FIELDS)
    changes: events.Changes = {
        "state": [SlipState.DRAFT, row.state],
        "year": [None, row.year],
        "number": [None, row.number],
        "answer_due_on": [None, answer_due_on.isoformat()],
    }
    reminders.tell(item, ReminderOccasion.SLIP_ISSUED, today=today)
    events.record(_entry(EventKind.SLIP_ISSUED, row, changes=changes, reason=row.text), by=by)
    clock.stamp(row)
    return row


@transaction.atomic
def drop(slip: Slip, *, reason: str, by: Actor, today: date, expected_revision: int | None = None) -> Slip:
    """Drop a draft with a reason. The site drafts nothing more for this due date by itself.

    Raises:
        DomainError: not the supervision office, no draft any more, no reason, or somebody changed it (`stale`).
    """
    _item, row = _lock(slip)
    if not policies.can_issue_slips(by):
        raise DomainError("not_allowed")
    _require_draft(row)
    commitments.check_revision(row, expected_revision)
    return _end(row, EventKind.SLIP_DROPPED, state=SlipState.DROPPED, reason=reason, by=by)


@transaction.atomic
def withdraw(slip: Slip, *, reason: str, by: Actor, today: date, expected_revision: int | None = None) -> Slip:
    """Withdraw an issued slip with a reason: nothing has to be answered, its number stays used, its chain is over.

    Raises:
        DomainError: not the supervision office, not waiting for an answer, followed by a later slip, no reason, or
            somebody changed it meanwhile (`stale`).
    """
    _item, row = _lock(slip)
    if not policies.can_issue_slips(by):
        raise DomainError("not_allowed")
    if row.state != SlipState.ISSUED:
        raise DomainError("slip_closed", state=SlipState(row.state).label)
    if is_followed(row):
        raise DomainError("slip_followed")
    commitments.check_revision(row, expected_revision)
    return _end(row, EventKind.SLIP_WITHDRAWN, state=SlipState.WITHDRAWN, reason=reason, by=by)


@transaction.atomic
def answer(
    slip: Slip, *, text: str, promised_on: date, by: Actor, today: date, expected_revision: int | None = None
) -> Slip:
    """Answer a slip, once, with words and the day by which the matter will be done. Only the lead department.

    Raises:
        DomainError: another department, not waiting for an answer, followed by a later slip, no words, a day that has
            passed, or somebody changed it meanwhile (`stale`).
    """
    item, row = _lock(slip)
    if row.number is None or not policies.can_answer_slip(by, row):
        raise DomainError("slip_not_yours")
    state = SlipState(row.state)
    rules.check_answer(state, is_followed=is_followed(row), text=text, promised_on=promised_on, today=today)
    commitments.check_revision(row, expected_revision)
    row.state, row.answer, row.promised_on = SlipState.ANSWERED, text.strip(), promised_on
    row.answered_by, row.answered_at = by.user, timezone.now()
    row.is_demo = row.is_demo or by.is_demo
    row.save(update_fields=ANSWER_FIELDS)
    changes: events.Changes = {"state": [state, row.state], "promised_on": [None, promised_on.isoformat()]}
    events.record(_entry(EventKind.SLIP_ANSWERED, row, changes=changes, reason=row.answer), by=by)
    settling.settle_of([item])
    clock.stamp(row)
    return row


def take_back_demo() -> int:
    """Remove the slips of the demonstration and what cites them, the last of each chain first; returns how many.

    The counters go back to the last number that is left. Where real slips were issued beside a demonstration, its
    numbers stay unused: clear the demonstration before the first real one.
    """
    shown = Slip.objects.filter(Q(is_demo=True) | Q(cites__is_demo=True) | Q(cites__cites__is_demo=True))
    ids = list(shown.values_list("pk", flat=True))
    for level in (SlipLevel.RED, SlipLevel.YELLOW, SlipLevel.BLUE):
        Slip.objects.filter(pk__in=ids, level=level).delete()
    for counter in SlipCounter.objects.select_for_update().order_by("year"):
        left = Slip.objects.filter(year=counter.year).aggregate(last=Max("number"))["last"]
        SlipCounter.objects.filter(pk=counter.pk).update(last=left or 0)
    return len(ids)


def is_followed(slip: Slip) -> bool:
    """Whether a later slip of its chain was issued. One query."""
    return Slip.objects.filter(cites=slip, number__isnull=False).exists()


def _draft(item: Commitment, known: Known, *, level: SlipLevel, by: Actor, today: date) -> Slip:
    """The draft, not saved. Where a draft that cites the same slip was dropped, its row is taken up again: a slip is
    cited once.
    """
    last = known.last
    row = getattr(last, "cited_by", None) if last is not None else None
    if row is None:
        row = Slip(commitment=item, level=level, cites=last)
    else:
        row.commitment, row.cites, row.state, row.end_reason = item, last, SlipState.DRAFT, ""
    row.text, row.answer_due_on, row.drafted_on, row.updated_at = "", None, today, timezone.now()
    row.is_demo = item.is_demo or by.is_demo or bool(last and last.is_demo)
    return row


def _next_number(year: int) -> int:
    """The number after the last one of the year. The counter stays locked until the commit, so there is no gap."""
    SlipCounter.objects.get_or_create(year=year)
    counter = SlipCounter.objects.select_for_update().get(year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return counter.last


def _end(row: Slip, kind: EventKind, *, state: SlipState, reason: str, by: Actor) -> Slip:
    if not reason.strip():
        raise DomainError("slip_reason_missing", field="reason")
    before, row.state, row.end_reason = row.state, state, reason.strip()
    row.save(update_fields=["state", "end_reason", "updated_at"])
    events.record(_entry(kind, row, changes={"state": [before, state]}, reason=row.end_reason), by=by)
    settling.settle_of([row.commitment])
    clock.stamp(row)
    return row


def _require_draft(row: Slip) -> None:
    if row.state != SlipState.DRAFT:
        raise DomainError("slip_not_draft", state=SlipState(row.state).label)


def _lock(slip: Slip) -> tuple[Commitment, Slip]:
    """The commitment first, then its slip: the one order in which all actions lock."""
    item = health.lock(Commitment(pk=slip.commitment_id))
    locked = Slip.objects.select_for_update(of=("self",), no_key=True).select_related("cites")
    row = locked.get(pk=slip.pk)
    row.commitment = item
    return item, row


def _drafted(row: Slip) -> Entry:
    changes: events.Changes = {"level": [None, row.level], "drafted_on": [None, row.drafted_on.isoformat()]}
    return _entry(EventKind.SLIP_DRAFTED, row, changes=changes, reason=row.text)


def _entry(kind: EventKind, row: Slip, *, changes: events.Changes, reason: str = "") -> Entry:
    return Entry(
        kind=kind, commitment=row.commitment, subject=str(row.ref), changes=changes, reason=reason, is_demo=row.is_demo
    )
