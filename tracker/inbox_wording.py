"""What a reminder asks for, in one sentence of the reader's language. No rules here."""

from datetime import date

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from tracker.wording import Sentence, Values

# What a reminder asks for, by `Ask` or, where nothing is asked, by occasion; "_today" and "_over" where the day makes
# another sentence.
ASKED: dict[str, Sentence] = {
    "late": ngettext_lazy(
        "Was due on %(day)s, %(days)d day ago. Report what was done, or ask for another date.",
        "Was due on %(day)s, %(days)d days ago. Report what was done, or ask for another date.",
        "days",
    ),
    "soon": ngettext_lazy(
        "Due on %(day)s, in %(days)d day. Finish it and report, or ask for another date in time.",
        "Due on %(day)s, in %(days)d days. Finish it and report, or ask for another date in time.",
        "days",
    ),
    "soon_today": _("Due today. Finish it and report, or ask for another date."),
    "report": ngettext_lazy(
        "The report is taken until %(day)s, %(days)d day more. Hand it in.",
        "The report is taken until %(day)s, %(days)d days more. Hand it in.",
        "days",
    ),
    "report_today": _("Today is the last day for the report. Hand it in."),
    "report_over": _("The report was due by %(day)s. Hand it in now; it is marked late."),
    "returned": _("The report was returned on %(day)s. Correct it and hand it in again."),
    "slip": _("The slip has to be answered by %(day)s, with words and a date."),
    "slip_over": _("The slip had to be answered by %(day)s. Answer it now."),
    "instruction": _("The instruction has to be answered by %(day)s."),
    "instruction_over": _("The instruction had to be answered by %(day)s. Answer it now."),
    "blocker": _("An answer to the blocker is wanted by %(day)s."),
    "blocker_over": _("An answer to the blocker was wanted by %(day)s. Answer it now."),
    "handout": _("Handed out on %(day)s. Take it on, or say whose it is."),
    "by_hand": _("The supervision office wants to know how it stands. Report it."),
    "extension_decided": _("The request for another date was decided: %(outcome)s."),
    "blocker_answered": _("The blocker was answered. Read the answer."),
}


def asked(key: str, *, day: date, today: date, outcome: str = "") -> str:
    """What a reminder asks for, in one sentence as it reads today; `key` and `day` as in ASKED."""
    days = (day - today).days
    variant = f"{key}_over" if days < 0 else f"{key}_today" if days == 0 else key
    values: Values = {"day": day.isoformat(), "days": abs(days), "outcome": outcome}
    return str(ASKED.get(variant, ASKED[key]) % values)
