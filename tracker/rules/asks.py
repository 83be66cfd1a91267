"""What a reminder asks of its reader, so that inbox and message sort it alike. Pure."""

from datetime import date

from tracker.choices import DUE_OCCASIONS, INFORMATION_OCCASIONS, Ask, ReminderOccasion

OF_OCCASION = {
    ReminderOccasion.PERIOD_CLOSING: Ask.REPORT,
    ReminderOccasion.REPORT_RETURNED: Ask.RETURNED,
    ReminderOccasion.BLOCKER_OPEN: Ask.BLOCKER,
    ReminderOccasion.INSTRUCTION_GIVEN: Ask.INSTRUCTION,
    ReminderOccasion.INSTRUCTION_DUE: Ask.INSTRUCTION,
    ReminderOccasion.HANDOUT_OPEN: Ask.HANDOUT,
    ReminderOccasion.SLIP_ISSUED: Ask.SLIP,
    ReminderOccasion.SLIP_DUE: Ask.SLIP,
    ReminderOccasion.BY_HAND: Ask.BY_HAND,
    **dict.fromkeys(INFORMATION_OCCASIONS, Ask.INFORMATION),
}
# The order in which a person should look at them.
PLACES = {ask: place for place, ask in enumerate(Ask)}


def of(occasion: ReminderOccasion, *, due_on: date, today: date) -> Ask:
    """What is asked today of a reminder that counts from `due_on`."""
    if occasion in DUE_OCCASIONS:
        return Ask.LATE if due_on < today else Ask.SOON
    return OF_OCCASION[occasion]
