"""The calendar: due dates and milestones by day, with the working days of China."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from tracker.choices import Health
from tracker.models import Department
from tracker.policies import Actor
from tracker.queries import calendar, choices_of
from tracker.queries import workdays as workday_queries
from tracker.queries.calendar import Day, DueEntry, MilestoneEntry
from tracker.rules import workdays
from tracker.rules.workdays import Calendar
from tracker.web import links, provisional, sheets
from tracker.web.address_form import AddressForm
from tracker.web.forms import ALL
from tracker.web.sheets import Cell, Row, Sheet
from tracker.web.viewers import viewer_of

Shown = dict[str, Any]
# A cell of the month shows so many of each sort, the page of a day so many.
IN_CELL, ON_DAY = 4, 100
# A file holds what falls on a day up to this many of each sort.
IN_FILE = 10_000
FIRST, LAST = date(2000, 1, 1), date(2099, 12, 31)
WEEK = 7


class CalendarForm(AddressForm):
    """A month (2026-11) or a day (2026-11-22); without either the month of today."""

    named_at = "month"

    month = forms.DateField(
        label=gettext_lazy("Month"),
        required=False,
        input_formats=["%Y-%m"],
        widget=forms.DateInput(attrs={"type": "month"}, format="%Y-%m"),
    )
    day = forms.DateField(
        label=gettext_lazy("Day"), required=False, input_formats=["%Y-%m-%d"], widget=forms.HiddenInput
    )
    department = forms.ChoiceField(label=gettext_lazy("Department"), required=False)

    def __init__(self, data: Mapping[str, str], *, departments: Iterable[Department]) -> None:
        super().__init__(data)
        self.offer("department", [ALL, *((one.code, one.name) for one in departments)])
        self.fields["month"].error_messages["invalid"] = gettext_lazy("This is no month. Write it like 2026-06.")

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        for name in ("month", "day"):
            value = cleaned.get(name)
            if isinstance(value, date) and not FIRST <= value <= LAST:
                self.add_error(name, _("The calendar runs from 2000 to 2099. Choose a month in it."))
        return cleaned


@login_required
def page(request: HttpRequest) -> HttpResponseBase:
    """One month, and under it one day in full where the address names one."""
    viewer, today = viewer_of(request), timezone.localdate()
    form = CalendarForm(request.GET, departments=choices_of.departments(viewer))
    form.is_valid()
    chosen: date | None = form.cleaned_data.get("day")
    first = (chosen or form.cleaned_data.get("month") or today).replace(day=1)
    department = form.value("department")
    if "month" not in form.errors:  # the box shows the month that the page shows
        form.data = {**form.data, "month": f"{first:%Y-%m}"}
    if (wanted := sheets.asked(request)) and form.is_valid():
        return sheets.response(_sheet(viewer, first, chosen, form=form), wanted)
    days, shown = workday_queries.calendar(), month_days(first)
    found = calendar.days(viewer, first=shown[0], last=shown[-1], department=department, limit=IN_CELL)
    full = {}
    if chosen:
        full = calendar.days(viewer, first=chosen, last=chosen, department=department, limit=ON_DAY)
    context = {
        "form": form,
        "clear_href": links.calendar(),
        "title": _month_name(first),
        "summary": _summary(first, days, today=today),
        # Of the month itself only: its sheet may begin or end in another year, whose days are none of its own.
        "provisional": provisional.shown(days, years=[first.year], viewer=viewer, today=today),
        "weekdays": [_weekday(day) for day in shown[:WEEK]],
        "weeks": [
            [_cell(day, found.get(day, Day()), days, first=first, today=today, department=department) for day in week]
            for week in _weeks(shown)
        ],
        "is_empty": not any(day.month == first.month for day in found),
        "before_href": _month_href(first - timedelta(days=1), department),
        "after_href": _month_href(_following(first), department),
        "today_href": "" if first == today.replace(day=1) else _month_href(today, department),
        "sheets": sheets.links(request),
        "day": _day(chosen, full.get(chosen, Day()), days, department=department) if chosen else None,
    }
    return render(request, "tracker/calendar.html", context, status=400 if form.errors else 200)


def _sheet(viewer: Actor, first: date, chosen: date | None, *, form: CalendarForm) -> Sheet:
    """The month, or the day that is asked for, as a file: one row a due date or a milestone."""
    start, end = (chosen, chosen) if chosen else (first, _following(first) - timedelta(days=1))
    found = calendar.days(viewer, first=start, last=end, department=form.value("department"), limit=IN_FILE)
    words = [chip["label"] for chip in form.chips("")]
    columns = [
        _("Day"),
        _("What"),
        _("Code"),
        _("Commitment"),
        _("Lead department"),
        _("Light"),
        _("Milestone"),
        _("Forecast"),
        _("Reached on"),
        _("demonstration"),
    ]
    name = _("Calendar %(month)s") % {"month": f"{first:%Y-%m}"}
    return Sheet(name=name, columns=columns, rows=_sheet_rows(found), filters=words)


def _sheet_rows(found: Mapping[date, Day]) -> Iterator[Row]:
    for day, entries in found.items():
        for due in entries.due:
            head: list[Cell] = [
                day,
                pgettext("calendar", "Due"),
                due.code,
                due.title,
                due.lead_name,
                str(Health(due.health).label),
            ]
            yield [*head, "", None, None, _("yes") if due.is_demo else _("no")]
        for step in entries.milestones:
            head = [day, _("Milestone"), step.code, step.title, step.lead_name, "", step.name]
            yield [*head, step.forecast_on, step.actual_on, _("yes") if step.is_demo else _("no")]


def month_days(first: date) -> list[date]:
    """The days of a month's sheet: whole weeks from Monday, the neighbours' days at both ends."""
    following = _following(first)
    start = first - timedelta(days=first.weekday())
    end = following + timedelta(days=-following.weekday() % WEEK)
    return [start + timedelta(days=offset) for offset in range((end - start).days)]


def _following(first: date) -> date:
    """The first day of the next month."""
    return (first + timedelta(days=31)).replace(day=1)


def _weeks(shown: Sequence[date]) -> list[Sequence[date]]:
    return [shown[place : place + WEEK] for place in range(0, len(shown), WEEK)]


def _cell(day: date, found: Day, days: Calendar, *, first: date, today: date, department: str) -> Shown:
    is_working = days.is_working_day(day)
    href = links.calendar(day=day.isoformat(), department=department)
    return {
        "number": day.day,
        "iso": day.isoformat(),
        "weekday": _weekday(day),
        "is_other": day.month != first.month,
        "is_today": day == today,
        "mark": day_mark(day, is_working=is_working),
        "is_off": not is_working,
        "href": href if found.due_count or found.milestone_count else "",
        "due": [_due(entry) for entry in found.due],
        "due_more": found.due_count - len(found.due),
        "milestones": [_milestone(entry, today=today) for entry in found.milestones],
        "milestones_more": found.milestone_count - len(found.milestones),
    }


def day_mark(day: date, *, is_working: bool) -> str:
    """What is unusual about the day: off on a weekday, at work on a weekend; "" otherwise."""
    is_weekend = day.weekday() >= workdays.SATURDAY
    if is_working == is_weekend:
        return pgettext("calendar", "at work") if is_working else pgettext("calendar", "off")
    return ""


def _day(day: date, found: Day, days: Calendar, *, department: str) -> Shown:
    """Everything of one day, at most ON_DAY of each sort."""
    return {
        "on": day,
        "weekday": _weekday(day),
        "is_off": not days.is_working_day(day),
        "due": [_due(entry) for entry in found.due],
        "due_count": found.due_count,
        "due_href": links.ledger(due_after=day, due_before=day, department=department),
        "milestones": [_milestone(entry, today=day) for entry in found.milestones],
        "milestone_count": found.milestone_count,
        "milestones_hidden": found.milestone_count - len(found.milestones),
    }


def _due(entry: DueEntry) -> Shown:
    return {
        "href": links.commitment(entry.code),
        "code": entry.code,
        "title": entry.title,
        "health": entry.health,
        "owner": entry.lead_name,
        "owner_is_suggested": False,
        "note": "",
        "is_demo": entry.is_demo,
    }


def _milestone(entry: MilestoneEntry, *, today: date) -> Shown:
    return {
        "href": links.commitment(entry.code),
        "name": entry.name,
        "code": entry.code,
        "title": entry.title,
        "owner": entry.lead_name,
        "actual_on": entry.actual_on,
        "forecast_on": entry.forecast_on,
        "is_late": entry.actual_on is None and entry.on < today,
        "is_demo": entry.is_demo,
    }


def _summary(first: date, days: Calendar, *, today: date) -> str:
    """How many days offices work this month, and how many of them are left."""
    last = _following(first) - timedelta(days=1)
    count = days.working_days_between(first - timedelta(days=1), last)
    said = ngettext("%(count)d working day", "%(count)d working days", count) % {"count": count}
    if not days.is_official(first.year):
        said = _("%(working_days)s, provisional") % {"working_days": said}
    if first <= today <= last:
        left = days.working_days_between(today, last)
        said = _("%(working_days)s; %(left)d after today") % {"working_days": said, "left": left}
    return said


def _month_href(day: date, department: str) -> str:
    """The month's sheet; "" beyond the calendar's ends."""
    return links.calendar(month=f"{day:%Y-%m}", department=department) if FIRST <= day <= LAST else ""


def _month_name(first: date) -> str:
    return date_format(first, pgettext("month of a calendar", "F Y"))


def _weekday(day: date) -> str:
    return date_format(day, "D")
