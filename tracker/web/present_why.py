"""The figures behind a light in words: which rule compared what with what, and where yellow and red begin."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from tracker.rules import compare
from tracker.rules.compare import Comparison, Side
from tracker.rules.reasons import Reason, number
from tracker.rules.ruleset import RuleSet
from tracker.wording import quantity

Shown = dict[str, Any]
NAMES: dict[str, Promise] = {
    "overdue": gettext_lazy("Past the date: late at once"),
    "milestones": gettext_lazy("A weighted milestone past its date"),
    "schedule": gettext_lazy("Behind time-proportional progress"),
    "readings": gettext_lazy("A reading below its path"),
    "investment": gettext_lazy("The year’s investment against the months elapsed"),
    "forecast": gettext_lazy("Forecast later than the date"),
    "reports": gettext_lazy("Reports missing after the window closed"),
    "unaccepted": gettext_lazy("Handed out and not taken on"),
}


def rows(reasons: Sequence[dict[str, object]], *, rules: RuleSet, today: date) -> list[Shown]:
    """One row for each reason that rests on figures, gravest first."""
    found = (compare.compared(Reason.from_json(reason), rules=rules, today=today) for reason in reasons)
    return [_row(one, today=today) for one in found if one is not None]


def _row(one: Comparison, *, today: date) -> Shown:
    return {
        "rule": str(NAMES[one.rule]),
        "subject": one.subject,
        "actual": _("today, %(day)s") % {"day": today.isoformat()} if one.actual == today else _side(one.actual, one),
        "required": _side(one.required, one),
        "gap": "" if one.gap is None else _gap(one),
        "at_risk": "" if one.at_risk is None else _from(one.at_risk, one, last=_last_yellow(one)),
        "off_track": "" if one.off_track is None else _from(one.off_track, one),
        "light": _light(one),
    }


def _side(side: Side, one: Comparison) -> str:
    if side is None:
        return ""
    return side.isoformat() if isinstance(side, date) else quantity(number(side), one.unit)


def _gap(one: Comparison) -> str:
    """How far apart, in words."""
    assert one.gap is not None
    if one.measure == "share":
        return _("%(percent)s %% of it") % {"percent": number(one.gap)}
    if one.gap > 0 or one.measure in {"periods", "working_days"}:
        return _amount(one.gap, one)
    if one.gap == 0:
        return pgettext("gap between two figures", "none")
    return _("%(amount)s ahead") % {"amount": _amount(-one.gap, one)}


def _amount(value: Decimal, one: Comparison) -> str:
    shown = number(value)
    if one.measure == "points":
        return ngettext("%(points)s point", "%(points)s points", 1 if value == 1 else 2) % {"points": shown}
    if one.measure in {"ratio", "share"}:
        return f"{shown} %"
    if one.measure == "periods":
        return ngettext("%(count)d period", "%(count)d periods", int(value)) % {"count": int(value)}
    if one.measure == "working_days":
        return ngettext("%(days)d working day", "%(days)d working days", int(value)) % {"days": int(value)}
    return ngettext("%(days)d day", "%(days)d days", int(value)) % {"days": int(value)}


def _last_yellow(one: Comparison) -> Decimal | None:
    """The last gap that is still yellow; None where yellow is not a range of more than one."""
    if one.measure == "share" or one.at_risk is None or one.off_track is None:
        return None
    last = one.off_track if one.is_above else one.off_track - 1
    return last if last > one.at_risk else None


def _from(value: Decimal, one: Comparison, *, last: Decimal | None = None) -> str:
    """Where a light begins."""
    if one.measure == "share":
        return _("below %(amount)s") % {"amount": _amount(value, one)}
    if last is not None:
        return _("%(first)s to %(amount)s") % {"first": number(value), "amount": _amount(last, one)}
    if one.is_above and value == one.off_track:
        return _("above %(amount)s") % {"amount": _amount(value, one)}
    return _("from %(amount)s") % {"amount": _amount(value, one)}


def _light(one: Comparison) -> str:
    """The light that this comparison alone would give: "off_track", "at_risk" or "" for neither."""
    if one.gap is None:
        return ""
    if one.measure == "share":
        beyond = [(one.off_track, "off_track"), (one.at_risk, "at_risk")]
        return next((light for limit, light in beyond if limit is not None and one.gap < limit), "")
    if one.off_track is not None and (one.gap > one.off_track if one.is_above else one.gap >= one.off_track):
        return "off_track"
    return "at_risk" if one.at_risk is not None and one.gap >= one.at_risk else ""
