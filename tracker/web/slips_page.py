"""Supervision slips: the list with its filters, one slip as a paper, and the same as a Word file."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from projects.errors import DomainError
from tracker import policies, wording
from tracker.choices import SlipLevel, SlipState
from tracker.models import Department
from tracker.policies import Actor
from tracker.queries import choices_of, slips
from tracker.queries.slips import SlipRow, SlipView
from tracker.web import links, present_slip, sheets, slip_word
from tracker.web.address_form import AddressForm
from tracker.web.forms import ALL
from tracker.web.sheets import Row, Sheet
from tracker.web.viewers import viewer_of

Shown = dict[str, Any]
# A draft and a dropped one are the office's business.
CITY_ONLY = frozenset({SlipState.DRAFT, SlipState.DROPPED})


class SlipsForm(AddressForm):
    """The filters: state, colour, year of the number, the department that answers."""

    named_at = "state"

    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)
    level = forms.ChoiceField(
        label=pgettext_lazy("of a slip", "Colour"), required=False, choices=[ALL, *SlipLevel.choices]
    )
    year = forms.ChoiceField(label=gettext_lazy("Year"), required=False)
    department = forms.ChoiceField(label=gettext_lazy("Department"), required=False)

    def __init__(self, data: Mapping[str, str], *, viewer: Actor, departments: Iterable[Department]) -> None:
        super().__init__(data)
        states = [one for one in SlipState if policies.is_citywide(viewer) or one not in CITY_ONLY]
        late = (slips.LATE, _("No answer in time"))
        self.offer("state", [ALL, *((one.value, one.label) for one in states), late])
        self.offer("year", [ALL, *((str(year), str(year)) for year in slips.years(viewer))])
        self.offer("department", [ALL, *((one.code, one.name) for one in departments)])

    def narrowed(self) -> Shown:
        """What to narrow by, as `slips.page` takes it; a field with an error does not narrow."""
        year = self.value("year")
        return {
            "state": self.value("state"),
            "level": self.value("level"),
            "year": int(year) if year else None,
            "department": self.value("department"),
        }


@login_required
def page(request: HttpRequest) -> HttpResponseBase:
    """The slips in sight, or why a filter is wrong."""
    viewer, today = viewer_of(request), timezone.localdate()
    form = SlipsForm(request.GET, viewer=viewer, departments=choices_of.departments(viewer))
    address, query = links.slips(), form.query()
    chips = form.chips(address)
    if (kind := sheets.asked(request)) and not form.errors:
        rows = slips.all_rows(viewer, **form.narrowed(), today=today)
        return sheets.response(_sheet(rows, [chip["label"] for chip in chips]), kind)
    found = slips.page(viewer, **form.narrowed(), after=form.value("after"), today=today)
    context = {
        "form": form,
        "chips": chips,
        "clear_href": address,
        "total": found.total,
        "is_filtered": bool(form.in_use()),
        "rows": [_shown(row) for row in found.rows],
        "first_href": links.with_query(address, query) if form.value("after") else "",
        "next_href": links.with_query(address, query | {"after": found.next_after}) if found.next_after else "",
        "sheets": sheets.links(request) if found.rows else [],
        "draft_href": links.admin("tracker_slip_add") if policies.can_issue_slips(viewer) else "",
    }
    return render(request, "tracker/slip_list.html", context, status=400 if form.errors else 200)


@login_required
def slip(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One slip as a paper; 404 where it is not in sight."""
    viewer, today = viewer_of(request), timezone.localdate()
    view = _in_sight(ref, viewer)
    shown = present_slip.paper(view, today=today)
    context = {
        "crumbs": [{"text": _("Supervision slips"), "href": links.slips()}],
        "paper": shown,
        "word_href": links.slip_word(ref),
        "act_href": _act_href(view, viewer, is_waiting=shown["is_waiting"]),
        "can_issue": policies.can_issue_slips(viewer),
    }
    return render(request, "tracker/slip_detail.html", context)


@login_required
def word(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The slip as a Word file. A template that cannot be used is told on the slip's page."""
    today = timezone.localdate()
    view = _in_sight(ref, viewer_of(request))
    try:
        data = slip_word.document(view, today=today)
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(links.slip(ref))
    name = f"{_name(view, today=today)}.docx"
    answer = HttpResponse(data, content_type=slip_word.KIND)
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    answer["Cache-Control"] = "private, no-store"
    return answer


def _in_sight(ref: UUID, viewer: Actor) -> SlipView:
    view = slips.of_ref(ref, viewer=viewer)
    if view is None:
        raise Http404
    return view


def _act_href(view: SlipView, viewer: Actor, *, is_waiting: bool) -> str:
    """Where the reader issues the draft, answers or withdraws the slip; "" where none of it is theirs to do."""
    state, is_ours = view.slip.state, policies.can_issue_slips(viewer)
    may_act = (state == SlipState.DRAFT and is_ours) or (
        is_waiting and (is_ours or policies.can_answer_slip(viewer, view.slip))
    )
    return links.admin("tracker_slip_change", view.slip.pk) if may_act else ""


def _name(view: SlipView, *, today: date) -> str:
    """The file's name: the number, or whose draft it is."""
    found = slip_word.values(view, today=today)
    return f"{found['number']} {found['code']}"


def _shown(row: SlipRow) -> Shown:
    return {
        "href": links.slip(row.ref),
        "number": wording.slip_number(row.year, row.number),
        "is_numbered": row.number is not None,
        "level": row.level,
        "state": row.state,
        "state_label": wording.slip_state(row.state, is_followed=row.is_followed),
        "code": row.code,
        "title": row.title,
        "owner": row.owner,
        "issued_on": row.issued_on,
        "answer_due_on": row.answer_due_on,
        "promised_on": row.promised_on,
        "is_late": row.is_late,
        "is_demo": row.is_demo,
    }


def _sheet(rows: Iterable[SlipRow], filters: list[str]) -> Sheet:
    """What the list shows, as a file."""
    columns = [
        _("Number"), pgettext("of a slip", "Colour"), _("State"), _("Code"), _("Commitment"), _("Lead"),
        _("Drafted on"), _("Issued on"), _("Answer due on"), _("Promised for"), _("Demonstration"),
    ]  # fmt: skip
    return Sheet(name=_("Supervision slips"), columns=columns, rows=(_cells(row) for row in rows), filters=filters)


def _cells(row: SlipRow) -> Row:
    yes = pgettext("in a sheet", "yes") if row.is_demo else ""
    state = wording.slip_state(row.state, is_followed=row.is_followed)
    return [
        wording.slip_number(row.year, row.number), str(SlipLevel(row.level).label), state, row.code, row.title,
        row.owner, row.drafted_on, row.issued_on, row.answer_due_on, row.promised_on, yes,
    ]  # fmt: skip
