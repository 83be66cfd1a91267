"""What pages say of years whose working days nobody has announced. The words; the years come from the calendar."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from tracker import policies
from tracker.policies import Actor
from tracker.queries import workdays
from tracker.rules.workdays import Calendar
from tracker.web import links

Shown = dict[str, Any]
ANNOUNCED_FROM = 11  # the month in which next year's notice comes out; from then on it may only be missing here


def shown(days: Calendar, *, years: Iterable[int], viewer: Actor, today: date) -> Shown:
    """For `components/_provisional.html`: a sentence for each of the years that rests on no notice, and the way to
    enter it for those who may. Nothing is shown where every year is official.
    """
    notes = [_sentence(year, today=today) for year in workdays.provisional(days, years=years)]
    may_enter = bool(notes) and viewer.role is not None and policies.can_administer(viewer)
    return {"notes": notes, "href": links.admin("tracker_dayoverride_import") if may_enter else ""}


def _sentence(year: int, *, today: date) -> str:
    if year > today.year + (today.month >= ANNOUNCED_FROM):
        text = _("The holidays of %(year)d are not announced yet: its working days are provisional.")
    else:
        text = _("The holiday notice for %(year)d is not in the calendar: working days are provisional.")
    return text % {"year": year}
