"""The export of a list: its filters, the form in which it leaves, the kind of file. The file is the answer."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from tracker.ledger import exports
from tracker.ledger.export_form import ExportForm
from tracker.ledger.exports import Choice
from tracker.policies import Actor
from tracker.queries import ledger_rows
from tracker.web import ledger_page, links, sheets
from tracker.web.viewers import viewer_of

AS_SEEN = "list"
ASKS = ("layout", "format")


@login_required
def page(request: HttpRequest) -> HttpResponseBase:
    """Asks how the list is to leave; with `layout` and `format` in the address, the file."""
    viewer, today = viewer_of(request), timezone.localdate()
    asked = {name: request.GET[name] for name in request.GET if name not in ASKS}
    found = ledger_page.Chosen.by(asked, viewer, today)
    form = ExportForm(request.GET if "format" in request.GET else None, offered=[_as_seen(), *exports.choices(viewer)])
    if not found.form.errors and form.is_valid():
        if form.chosen.value == AS_SEEN:
            rows = ledger_rows.every(viewer, found.filters)
            return sheets.response(ledger_page.sheet(rows, filters=found.words, today=today), form.kind)
        chosen = ledger_rows.filtered(viewer, found.filters).order_by("code")
        return exports.answer(form.chosen, form.kind, chosen, viewer=viewer, today=today)
    matched = ledger_rows.matched(viewer, found.filters)
    context = {
        "form": form,
        "filter_errors": [error for errors in found.form.errors.values() for error in errors],
        "words": found.words,
        "kept": [{"name": name, "value": value} for name, value in found.query.items()],
        "matched": min(matched, ledger_rows.COUNT_CAP),
        "matched_is_capped": matched > ledger_rows.COUNT_CAP,
        "list_href": links.ledger(**found.query),
        "layouts_href": _for_staff(viewer, "tracker_listlayout_changelist"),
        "template_href": _for_staff(viewer, "tracker_commitment_template"),
    }
    return render(request, "tracker/export.html", context, status=400 if found.form.errors or form.errors else 200)


def _as_seen() -> Choice:
    note = _("The columns of the page, with the reasons of each light.")
    return Choice(value=AS_SEEN, label=_("The list as it is shown"), note=note)


def _for_staff(viewer: Actor, name: str) -> str:
    return links.admin(name) if viewer.user and viewer.user.is_staff else ""
