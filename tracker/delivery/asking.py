"""The sentence of each occasion: what is wanted of the reader, and until when. No query, nothing is sent."""

from collections.abc import Callable
from datetime import date

from django.utils import formats
from django.utils.text import Truncator
from django.utils.translation import gettext, ngettext, pgettext

from tracker.choices import ExtensionState, ReminderOccasion, SlipLevel
from tracker.models import Reminder

# Of words that came with a matter; the page has them whole. What the office said by hand is what the message is for.
LONGEST_DETAIL, LONGEST_NOTE = 120, 200


def sentence(row: Reminder, *, today: date) -> str:
    """What is wanted and until when, as it reads today, without a full stop; in the active language."""
    return SENTENCES[ReminderOccasion(row.occasion)](row, today)


def detail(row: Reminder) -> str:
    """The words that came with it, on one line and shortened; "" for none."""
    text = ""
    if row.report is not None:
        text = row.report.return_reason
    elif row.instruction is not None:
        text = row.instruction.text
    elif row.blocker is not None:
        text = row.blocker.answer or row.blocker.text
    elif row.extension is not None:
        text = row.extension.decision
    elif row.slip is not None:
        text = row.slip.text
    elif row.note:
        return Truncator(" ".join(row.note.split())).chars(LONGEST_NOTE)
    return Truncator(" ".join(text.split())).chars(LONGEST_DETAIL)


def due(row: Reminder) -> date:
    """The day by which something is wanted of the reader: the anchor, or the answer's day where the anchor is that of
    the question.
    """
    asked = row.slip or row.instruction
    return asked.answer_due_on or row.due_on if asked is not None else row.due_on


def when(day: date, *, today: date) -> str:
    """How a date stands to today: 12 days late, due today, 3 days left."""
    days = (day - today).days
    if days == 0:
        return gettext("due today")
    if days < 0:
        return ngettext("%(days)d day late", "%(days)d days late", -days) % {"days": -days}
    return ngettext("%(days)d day left", "%(days)d days left", days) % {"days": days}


def in_words(day: date) -> str:
    """A date as it stands in a sentence."""
    return formats.date_format(day, pgettext("date in a sentence", "j F Y"))


def _due(row: Reminder, today: date) -> str:
    return gettext("%(when)s, due on %(day)s") % {"when": when(row.due_on, today=today), "day": in_words(row.due_on)}


def _by_hand(row: Reminder, today: date) -> str:
    day = row.milestone.planned_on if row.milestone else row.commitment.due_on
    if day is None:
        return gettext("The supervision office asks you to attend to this")
    values = {"when": when(day, today=today), "day": in_words(day)}
    return gettext("The supervision office asks you to attend to this: %(when)s, due on %(day)s") % values


def _closing(row: Reminder, today: date) -> str:
    day = in_words(row.due_on)
    if row.due_on < today:
        return gettext("The reporting window closed on %(day)s; hand in what is missing") % {"day": day}
    if row.due_on == today:
        return gettext("The reporting window closes today")
    return gettext("The reporting window closes on %(day)s") % {"day": day}


def _returned(row: Reminder, today: date) -> str:
    if row.report is None:
        return gettext("Your report was returned: correct it and hand it in again")
    said = gettext("The report for the period to %(day)s was returned: correct it and hand it in again")
    return said % {"day": in_words(row.report.period_end)}


def _extension(row: Reminder, today: date) -> str:
    asked = row.extension
    if asked is not None and asked.state == ExtensionState.GRANTED and asked.granted_on is not None:
        return gettext("The extension was granted: now due on %(day)s") % {"day": in_words(asked.granted_on)}
    if asked is not None and asked.state == ExtensionState.REFUSED:
        return gettext("The extension was refused: the due date of %(day)s stands") % {"day": in_words(asked.due_on)}
    return gettext("The extension request was decided")


def _blocker(row: Reminder, today: date) -> str:
    day = row.blocker.wanted_by if row.blocker else row.due_on
    values = {"when": when(day, today=today), "day": in_words(day)}
    return gettext("A blocker waits for your answer: %(when)s, wanted by %(day)s") % values


def _unblocked(row: Reminder, today: date) -> str:
    return gettext("The blocker was answered")


def _instruction(row: Reminder, today: date) -> str:
    day = row.instruction.answer_due_on if row.instruction else row.due_on
    values = {"when": when(day, today=today), "day": in_words(day)}
    return gettext("An instruction waits for an answer: %(when)s, answer due on %(day)s") % values


def _handout(row: Reminder, today: date) -> str:
    # By its day, not by how long ago: two reminders of it are one sentence, and it is true on whatever day it is read.
    if row.due_on >= today:
        return gettext("Handed out on %(day)s, to be taken on") % {"day": in_words(row.due_on)}
    return gettext("Handed out on %(day)s and not taken on yet") % {"day": in_words(row.due_on)}


def _slip(row: Reminder, today: date) -> str:
    if row.slip is None or row.slip.answer_due_on is None:
        return gettext("A supervision slip waits for an answer")
    day = row.slip.answer_due_on
    values = {
        "level": SlipLevel(row.slip.level).label,
        "year": row.slip.year,
        "number": row.slip.number,
        "when": when(day, today=today),
        "day": in_words(day),
    }
    said = gettext("%(level)s slip %(year)s No. %(number)s waits for an answer: %(when)s, answer due on %(day)s")
    return said % values


SENTENCES: dict[ReminderOccasion, Callable[[Reminder, date], str]] = {
    ReminderOccasion.BEFORE_DUE: _due,
    ReminderOccasion.ON_DUE: _due,
    ReminderOccasion.AFTER_DUE: _due,
    ReminderOccasion.PERIOD_CLOSING: _closing,
    ReminderOccasion.REPORT_RETURNED: _returned,
    ReminderOccasion.EXTENSION_DECIDED: _extension,
    ReminderOccasion.BLOCKER_OPEN: _blocker,
    ReminderOccasion.BLOCKER_ANSWERED: _unblocked,
    ReminderOccasion.INSTRUCTION_GIVEN: _instruction,
    ReminderOccasion.INSTRUCTION_DUE: _instruction,
    ReminderOccasion.HANDOUT_OPEN: _handout,
    ReminderOccasion.SLIP_ISSUED: _slip,
    ReminderOccasion.SLIP_DUE: _slip,
    ReminderOccasion.BY_HAND: _by_hand,
}
