"""The timeline: every commitment in sight on one axis of months, filtered, page by page."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tracker.choices import Health
from tracker.models import Clause, Department, Milestone
from tracker.queries import choices_of, timeline
from tracker.queries.ledger_rows import Filters
from tracker.queries.timeline import TimelinePage, TimelineRow
from tracker.web import gantt, links, sheets
from tracker.web.address_form import AddressForm
from tracker.web.forms import ALL
from tracker.web.gantt import Bar, Mark, Span
from tracker.web.sheets import Cell, Sheet
from tracker.web.viewers import viewer_of

Shown = dict[str, Any]
YEARS = (2000, 2099)


class TimelineForm(AddressForm):
    """The filters of the timeline. `year` narrows the axis, not the rows."""

    named_at = "department"

    department = forms.ChoiceField(label=_("Department"), required=False)
    chapter = forms.ChoiceField(label=_("Chapter"), required=False)
    health = forms.ChoiceField(
        label=_("Light"), required=False, choices=[ALL, ("open", _("Not finished")), *Health.choices]
    )
    year = forms.IntegerField(label=_("Only the year"), required=False, min_value=YEARS[0], max_value=YEARS[1])

    def __init__(
        self, data: Mapping[str, str], *, departments: Iterable[Department], chapters: Iterable[Clause]
    ) -> None:
        super().__init__(data)
        self.chapters = {f"{clause.plan.code}-{clause.code}": clause for clause in chapters}
        self.offer("department", [ALL, *((one.code, one.name) for one in departments)])
        self.offer("chapter", [ALL, *((key, clause.heading) for key, clause in self.chapters.items())])
        self.fields["year"].error_messages["invalid"] = _("This is no year. Write it like 2026.")

    def filters(self) -> Filters:
        """What to narrow by; a field with an error does not narrow."""
        chapter = self.chapters.get(self.value("chapter"))
        return Filters(
            department=self.value("department"),
            health=self.value("health"),
            chapter_id=chapter.pk if chapter else None,
        )


@login_required
def page(request: HttpRequest) -> HttpResponseBase:
    """The timeline, or why a filter is wrong."""
    viewer, today = viewer_of(request), timezone.localdate()
    form = TimelineForm(request.GET, departments=choices_of.departments(viewer), chapters=choices_of.chapters(viewer))
    if (wanted := sheets.asked(request)) and form.is_valid():
        rows, words = timeline.everything(viewer, form.filters()), [chip["label"] for chip in form.chips("")]
        return sheets.response(_sheet(rows, filters=words), wanted)
    found = timeline.page(viewer, form.filters(), after=form.value("after"))
    address, query = links.timeline(), form.query()
    context = _drawn(found, year=form.value("year"), today=today) | {
        "form": form,
        "chips": form.chips(address),
        "clear_href": address,
        "total": found.total,
        "matched": found.matched,
        "matched_is_capped": found.matched_is_capped,
        "is_filtered": bool(form.in_use()),
        "first_href": links.with_query(address, query) if form.value("after") else "",
        "next_href": links.with_query(address, query | {"after": found.next_after}) if found.next_after else "",
        "sheets": sheets.links(request),
        "ledger_href": links.ledger(**{name: value for name, value in query.items() if name != "year"}),
    }
    return render(request, "tracker/timeline.html", context, status=400 if form.errors else 200)


def _sheet(rows: Iterable[TimelineRow], *, filters: Sequence[str]) -> Sheet:
    """The timeline as a file: one row a commitment, its milestones in one cell, a line each."""
    columns = [
        _("Code"),
        _("Commitment"),
        _("Light"),
        _("Lead department"),
        _("From"),
        _("First due"),
        _("Due"),
        _("Forecast"),
        _("Progress (%)"),
        _("Milestones"),
        _("demonstration"),
    ]
    return Sheet(
        name=str(_("Timeline")),
        columns=[str(column) for column in columns],
        rows=(_cells(row) for row in rows),
        filters=filters,
    )


def _cells(row: TimelineRow) -> list[Cell]:
    steps = [f"{step.name} {_dates(step)}".strip() for step in row.milestones]
    return [
        row.code,
        row.title,
        str(Health(row.health).label),
        row.lead_name or "",
        row.starts_on or row.horizon_starts_on,
        row.original_due_on,
        row.due_on,
        row.forecast_on,
        None if row.is_red_line else row.progress,
        "\n".join(steps),
        str(_("yes") if row.is_demo else _("no")),
    ]


def _dates(step: Milestone) -> str:
    """When it was planned, and when it was reached or is expected: 2026-06-30 → 2026-08-01."""
    later = step.actual_on or step.forecast_on
    days = [day.isoformat() for day in (step.planned_on, later if later != step.planned_on else None) if day]
    return " → ".join(days)


def _drawn(found: TimelinePage, *, year: str, today: date) -> Shown:
    if found.first_on is None or found.last_on is None or not found.rows:
        return {"axis": "", "rows": []}
    shown = gantt.months(found.first_on, max(found.last_on, _after(found)))
    if year:
        shown = gantt.months(date(int(year), 1, 1), date(int(year), 12, 31))
    return {"axis": gantt.axis(shown, today=today), "rows": [_row(row, shown, today=today) for row in found.rows]}


def _after(found: TimelinePage) -> date:
    """The last day that a row of the page names beside its due date."""
    later = [day for row in found.rows for day in (row.forecast_on, row.original_due_on) if day]
    return max(later, default=date.min)


def _row(row: TimelineRow, shown: Span, *, today: date) -> Shown:
    bar = bar_of(row, today=today)
    return {
        "href": links.commitment(row.code),
        "code": row.code,
        "title": row.title,
        "health": row.health,
        "owner": row.lead_name or "",
        "owner_is_suggested": row.lead_is_suggested,
        "is_demo": row.is_demo,
        "drawing": gantt.bar(bar, shown, today=today),
        "starts_on": bar.starts_on,
        "due_on": row.due_on,
        "original_due_on": row.original_due_on,
        "forecast_on": row.forecast_on,
        "is_continuous": row.is_continuous,
        "due_text": row.due_text,
        "is_red_line": row.is_red_line,
        "progress": row.progress,
        "milestones": [
            {
                "name": step.name,
                "planned_on": step.planned_on,
                "forecast_on": step.forecast_on,
                "actual_on": step.actual_on,
            }
            for step in row.milestones
        ],
    }


def bar_of(row: TimelineRow, *, today: date) -> Bar:
    """The row as the drawing needs it. Late is what its light calls late, from its due date to today."""
    is_overdue = row.health == Health.OFF_TRACK and row.due_on is not None and row.due_on < today
    return Bar(
        name=f"{row.code} {row.title}",
        starts_on=row.starts_on or row.horizon_starts_on,
        ends_on=row.due_on,
        original_ends_on=row.original_due_on,
        forecast_on=row.forecast_on,
        progress=None if row.is_red_line else row.progress,
        is_continuous=row.is_continuous,
        late_until=today if is_overdue else None,
        marks=[mark for step in row.milestones if (mark := _mark(step, today=today))],
    )


def _mark(step: Milestone, *, today: date) -> Mark | None:
    """None: the milestone has no date."""
    on = step.actual_on or step.forecast_on or step.planned_on
    if on is None:
        return None
    is_late = step.actual_on is None and step.planned_on is not None and step.planned_on < today
    return Mark(
        name=step.name, on=on, planned_on=step.planned_on, is_reached=step.actual_on is not None, is_late=is_late
    )
