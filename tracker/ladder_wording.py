"""A ladder in words, in the reader's language: "Officers: 30, 14, 7 days before the due date; …". No rules here."""

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from tracker.choices import Audience, ReminderOccasion
from tracker.rules.ladder import UNCHANGED, Rung

# The day from which an occasion's days count, as it stands behind "before" and "after".
ANCHORS: Mapping[str, str | Promise] = {
    ReminderOccasion.BEFORE_DUE: pgettext_lazy("anchor", "the due date"),
    ReminderOccasion.ON_DUE: pgettext_lazy("anchor", "the due date"),
    ReminderOccasion.AFTER_DUE: pgettext_lazy("anchor", "the due date"),
    ReminderOccasion.PERIOD_CLOSING: pgettext_lazy("anchor", "the last day of the reporting window"),
    ReminderOccasion.REPORT_RETURNED: pgettext_lazy("anchor", "the return of the report"),
    ReminderOccasion.EXTENSION_DECIDED: pgettext_lazy("anchor", "the decision on the extension"),
    ReminderOccasion.BLOCKER_OPEN: pgettext_lazy("anchor", "the day on which the blocker’s answer is wanted"),
    ReminderOccasion.BLOCKER_ANSWERED: pgettext_lazy("anchor", "the answer to the blocker"),
    ReminderOccasion.INSTRUCTION_GIVEN: pgettext_lazy("anchor", "the day on which the instruction was given"),
    ReminderOccasion.INSTRUCTION_DUE: pgettext_lazy("anchor", "the day on which the instruction’s answer is due"),
    ReminderOccasion.HANDOUT_OPEN: pgettext_lazy("anchor", "the hand-out"),
    ReminderOccasion.SLIP_ISSUED: pgettext_lazy("anchor", "the day on which the slip was issued"),
    ReminderOccasion.SLIP_DUE: pgettext_lazy("anchor", "the day on which the slip’s answer is due"),
}
SHORT: Mapping[str, str | Promise] = {
    Audience.OFFICER: pgettext_lazy("audience", "Officers and owner post"),
    Audience.HEAD: pgettext_lazy("audience", "Head of the department"),
    Audience.OVERSEER: pgettext_lazy("audience", "Overseeing post"),
}
BY_HAND = gettext_lazy("Sent by the supervision office when it decides to; no fixed days")
BETWEEN_RUNGS = pgettext_lazy("between two rungs of a ladder", "; ")
NOBODY = gettext_lazy("Nobody is told")


def ladder(rungs: Sequence[Rung], *, occasion: str, counts_working_days: bool) -> str:
    """The whole ladder in one sentence, without a full stop."""
    return str(BETWEEN_RUNGS).join(lines(rungs, occasion=occasion, counts_working_days=counts_working_days))


def lines(rungs: Sequence[Rung], *, occasion: str, counts_working_days: bool) -> list[str]:
    """One line for each rung: who is told, and when."""
    if occasion == ReminderOccasion.BY_HAND:
        return [str(BY_HAND)]
    told = [
        _("%(who)s: %(when)s")
        % {
            "who": SHORT[rung.audience],
            "when": days(rung, occasion=occasion, counts_working_days=counts_working_days),
        }
        for rung in rungs
        if rung.days
    ]
    return told or [str(NOBODY)]


def days(rung: Rung, *, occasion: str, counts_working_days: bool) -> str:
    """When one rung is told: before, on and after what, and what repeats."""
    anchor = str(ANCHORS[occasion])
    before = [-day for day in sorted(rung.days) if day < 0]
    after = [day for day in sorted(rung.days) if day > 0]
    said = [_before(before, anchor, counts_working_days)] if before else []
    said += [pgettext("ladder", "on %(anchor)s") % {"anchor": anchor}] if 0 in rung.days else []
    said += [_after(after, anchor, counts_working_days)] if after else []
    if rung.every and rung.most:
        said.append(_again(rung, counts_working_days))
    return pgettext("between two parts of a rung", ", ").join(said)


def offset(day: int, *, occasion: str, counts_working_days: bool) -> str:
    """One day of a ladder: "7 days before the due date"; "" for what is sent by hand, which has none."""
    if occasion not in ANCHORS:
        return ""
    rung = Rung(audience=Audience.OFFICER, days=(day,))
    return days(rung, occasion=occasion, counts_working_days=counts_working_days)


def _before(numbers: Sequence[int], anchor: str, counts_working_days: bool) -> str:
    count = numbers[-1] if len(numbers) == 1 else len(numbers)
    said = (
        ngettext("%(days)s working day before %(anchor)s", "%(days)s working days before %(anchor)s", count)
        if counts_working_days
        else ngettext("%(days)s day before %(anchor)s", "%(days)s days before %(anchor)s", count)
    )
    return said % {"days": _list(numbers), "anchor": anchor}


def _after(numbers: Sequence[int], anchor: str, counts_working_days: bool) -> str:
    count = numbers[-1] if len(numbers) == 1 else len(numbers)
    said = (
        ngettext("%(days)s working day after %(anchor)s", "%(days)s working days after %(anchor)s", count)
        if counts_working_days
        else ngettext("%(days)s day after %(anchor)s", "%(days)s days after %(anchor)s", count)
    )
    return said % {"days": _list(numbers), "anchor": anchor}


def _again(rung: Rung, counts_working_days: bool) -> str:
    every = (
        ngettext("then every working day", "then every %(every)d working days", rung.every)
        if counts_working_days
        else ngettext("then every day", "then every %(every)d days", rung.every)
    )
    said = [every % {"every": rung.every}]
    said.append(ngettext("at most %(most)d time", "at most %(most)d times", rung.most) % {"most": rung.most})
    if rung.growth > UNCHANGED:
        said.append(_("each gap %(growth)d %% of the one before") % {"growth": rung.growth})
    return pgettext("between two parts of a rung", ", ").join(said)


def _list(numbers: Sequence[int]) -> str:
    return pgettext("list", ", ").join(str(number) for number in numbers)
