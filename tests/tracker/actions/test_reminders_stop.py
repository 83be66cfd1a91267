"""What becomes of a planned reminder when something happens: one table, every event through the real actions.

A reminder of every occasion is planned on 9 June; later that day something happens; the next sweeps run. Then it
  ·      stays as it was,
  stops  is cancelled and nothing follows,
  moves  is cancelled, and the new date gets one of its own,
  passes is cancelled, and somebody else is told.
"""

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine

from tests.factories import (
    make_cast,
    make_commitment,
    make_plan,
)
from tests.reminder_rows import make_rule
from tests.tracker.actions.reminder_events import (
    DUE,
    EVENTS,
    LATER,
    MAY,
    MONDAY,
    ONE_DAY,
    TODAY,
    Scene,
    at,
    open_everything,
)
from tracker.actions import (
    reminders,
    reminders_by_hand,
)
from tracker.choices import (
    ReminderState,
    Stage,
)
from tracker.models import Commitment, Milestone, Reminder, User
from tracker.models.reminders import SUBJECTS
from tracker.rules.workdays import STANDARD

pytestmark = pytest.mark.django_db

TABLE = """
event                      due    step   window return exten. block. answer instr. hand.  slip   by-handgiven  issued
report handed in           ·      ·      stops  stops  ·      ·      ·      ·      stops  ·      stops  ·      ·
report accepted            ·      ·      stops  stops  ·      ·      ·      ·      stops  ·      stops  ·      ·
returned, handed in again  ·      ·      stops  stops  ·      ·      ·      ·      stops  ·      stops  ·      ·
reported done              stops  stops  stops  stops  stops  stops  stops  stops  stops  stops  stops  stops  stops
closed                     stops  stops  stops  stops  stops  stops  stops  stops  stops  stops  stops  stops  stops
suspended                  stops  stops  stops  stops  stops  stops  stops  stops  stops  stops  stops  stops  stops
exempt                     stops  stops  stops  stops  stops  stops  stops  stops  stops  stops  stops  stops  stops
cancelled                  stops  stops  stops  stops  stops  stops  stops  stops  stops  stops  stops  stops  stops
extension asked for        ·      ·      ·      ·      ·      ·      ·      ·      ·      ·      ·      ·      ·
extension granted          moves  ·      ·      ·      ·      ·      ·      ·      ·      ·      ·      ·      ·
extension refused          ·      ·      ·      ·      ·      ·      ·      ·      ·      ·      ·      ·      ·
milestone reached          ·      stops  ·      ·      ·      ·      ·      ·      ·      ·      ·      ·      ·
milestone moved            ·      moves  ·      ·      ·      ·      ·      ·      ·      ·      ·      ·      ·
blocker answered           ·      ·      ·      ·      ·      stops  ·      ·      ·      ·      ·      ·      ·
blocker withdrawn          ·      ·      ·      ·      ·      stops  ·      ·      ·      ·      ·      ·      ·
instruction answered       ·      ·      ·      ·      ·      ·      ·      stops  ·      ·      ·      stops  ·
instruction withdrawn      ·      ·      ·      ·      ·      ·      ·      stops  ·      ·      ·      stops  ·
taken on                   ·      ·      ·      ·      ·      ·      ·      ·      stops  ·      ·      ·      ·
refused by the department  ·      ·      ·      ·      ·      ·      ·      ·      stops  ·      ·      ·      ·
given to another           passes stops  stops  stops  stops  ·      stops  stops  moves  stops  stops  stops  stops
slip answered              ·      ·      ·      ·      ·      ·      ·      ·      ·      stops  ·      ·      stops
slip withdrawn             ·      ·      ·      ·      ·      ·      ·      ·      ·      stops  ·      ·      stops
person left                stops  stops  stops  stops  stops  ·      stops  stops  stops  stops  stops  stops  stops
rules switched off         stops  stops  stops  stops  stops  stops  stops  stops  stops  stops  ·      stops  stops
another version in force   ·      ·      ·      ·      ·      ·      ·      ·      ·      ·      ·      ·      ·
"""
LINES = [line for line in TABLE.strip().splitlines()[1:] if line]
EVENT_WIDTH = 27
LEFT_TO_THE_CLOCK = {"person left", "rules switched off"}
# Columns: what they are called above, the occasion.
COLUMNS = {
    "due": "before_due",
    "step": "on_due",
    "window": "period_closing",
    "return": "report_returned",
    "exten.": "extension_decided",
    "block.": "blocker_open",
    "answer": "blocker_answered",
    "instr.": "instruction_due",
    "hand.": "handout_open",
    "slip": "slip_due",
    "by-hand": "by_hand",
    "given": "instruction_given",
    "issued": "slip_issued",
}
LADDERS: dict[str, tuple[list[int], bool]] = {
    "before-due": ([-7, -1], False),
    "on-due": ([0], False),
    "period-closing": ([-3], False),
    "report-returned": ([1], True),
    "extension-decided": ([1], True),
    "blocker-open": ([-3], False),
    "blocker-answered": ([1], True),
    "instruction-given": ([1], True),
    "instruction-due": ([-3], False),
    "handout-open": ([2], True),
    "slip-issued": ([1], True),
    "slip-due": ([-3], False),
}


@pytest.fixture
def scene() -> Iterator[Scene]:
    with time_machine.travel(at(MONDAY), tick=False) as clock:
        cast = make_cast()
        plan = make_plan(starts_on=date(2026, 1, 1), tracked_since=MAY)
        plan.report_grace_days = 12  # the window of May closes on 12 June
        plan.save()
        for code, (days, counts_working_days) in LADDERS.items():
            make_rule(code, ladder=days, counts_working_days=counts_working_days)
        item, returned, handed = (make_commitment(code, department=cast.science, due_on=DUE) for code in "ABC")
        Commitment.objects.filter(pk=handed.pk).update(stage=Stage.ISSUED, issued_on=date(2026, 6, 5))
        found = Scene(cast=cast, item=item, returned=returned, handed=handed)
        open_everything(found)
        clock.move_to(at(TODAY))
        reminders.plan(today=TODAY)
        reminders_by_hand.remind(item, reason="", by=cast.actor("chen"), today=TODAY)
        yield found


# --- Reading the outcome


def planned(scene: Scene) -> dict[str, Reminder]:
    """The one reminder of each column, as planned before anything happened."""
    owner = {"report_returned": scene.returned, "handout_open": scene.handed}
    found = {}
    for name, occasion in COLUMNS.items():
        rows = Reminder.objects.filter(occasion=occasion, commitment=owner.get(occasion, scene.item))
        found[name] = rows.get(state=ReminderState.PLANNED)
    return found


def fate(row: Reminder) -> str:
    """What the table calls it, after the sweeps of the weeks that follow."""
    if row.state == ReminderState.PLANNED:
        return "·"
    assert (row.state, row.settled_at is None) == (ReminderState.CANCELLED, False)
    same = {f"{name}_id": getattr(row, f"{name}_id") for name in SUBJECTS}
    later = Reminder.objects.filter(commitment=row.commitment_id, occasion=row.occasion, pk__gt=row.pk, **same)
    if later.exclude(due_on=row.due_on).exists():
        return "moves"
    return "passes" if later.exclude(recipient=row.recipient_id).exists() else "stops"


def test_every_occasion_has_a_planned_reminder(scene: Scene) -> None:
    rows = planned(scene)
    assert {name: row.occasion for name, row in rows.items()} == COLUMNS
    assert rows["block."].recipient == User.objects.get(username="hai")
    assert {row.recipient for name, row in rows.items() if name != "block."} == {scene.cast.lin}
    assert Milestone.objects.get() == rows["step"].milestone


@pytest.mark.parametrize("line", LINES, ids=[line[:EVENT_WIDTH].strip() for line in LINES])
def test_what_happens_to_planned_reminders(scene: Scene, line: str) -> None:
    event, expected = line[:EVENT_WIDTH].strip(), line[EVENT_WIDTH:].split()
    rows = planned(scene)
    EVENTS[event](scene)
    # The act has settled what it ends; only what is no act on a commitment is left to the sweep and to delivery.
    assert reminders.settle(now=at(TODAY)) == 0 or event in LEFT_TO_THE_CLOCK
    for row in rows.values():  # what stood after the event, not what later days bring
        row.refresh_from_db()
    day = TODAY + ONE_DAY
    while day <= LATER:
        if STANDARD.is_working_day(day):
            reminders.plan(today=day)
        day += ONE_DAY
    found = [fate(row) for row in rows.values()]
    assert dict(zip(rows, found, strict=True)) == dict(zip(COLUMNS, expected, strict=True))


def test_the_table_speaks_of_every_event() -> None:
    assert [line[:EVENT_WIDTH].strip() for line in LINES] == list(EVENTS)
