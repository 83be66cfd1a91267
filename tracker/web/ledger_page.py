"""The list of commitments: filters in the address, one page of rows, or all of them as a file."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tracker.choices import Health
from tracker.policies import Actor
from tracker.queries import choices_of, ledger_rows
from tracker.queries.ledger_rows import Filters, LedgerRow
from tracker.web import links, present, sheets
from tracker.web.forms import FilterForm
from tracker.web.sheets import Row, Sheet
from tracker.web.viewers import viewer_of

FURTHER = ("kind", "chapter", "stage", "due_after", "due_before")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What an address narrows the list to: the checked form, the filters, both in words."""

    form: FilterForm
    filters: Filters
    query: Mapping[str, str]
    chips: Sequence[Mapping[str, str]]

    @classmethod
    def by(cls, data: Mapping[str, str], viewer: Actor, today: date) -> "Chosen":
        """Check what stands in the address."""
        form = FilterForm(
            data,
            departments=choices_of.departments(viewer),
            chapters=choices_of.chapters(viewer),
            plans=choices_of.plans(viewer),
            posts=choices_of.posts(viewer, data.get("post", ""), today=today),
        )
        filters = form.filters()
        query = {name: str(value) for name, value in form.data.items() if value}
        in_use = [name for name in query if name in form.fields and name not in form.errors and name != "after"]
        chips = present.chips([(name, *_in_words(form, name)) for name in in_use], query)
        return cls(form=form, filters=filters, query=query, chips=chips)

    @property
    def words(self) -> list[str]:
        return [chip["label"] for chip in self.chips]


@login_required
def page(request: HttpRequest) -> HttpResponseBase:
    """The list with filters."""
    viewer, today = viewer_of(request), timezone.localdate()
    chosen = Chosen.by(request.GET, viewer, today)
    form, query = chosen.form, chosen.query
    if (kind := sheets.asked(request)) and not form.errors:
        rows = ledger_rows.every(viewer, chosen.filters)
        return sheets.response(sheet(rows, filters=chosen.words, today=today), kind)
    found = ledger_rows.page(viewer, chosen.filters, after=form.cleaned_data.get("after", ""))
    context = {
        "form": form,
        "filters_open": any(name in query or name in form.errors for name in FURTHER),
        "chips": chosen.chips,
        "clear_href": links.ledger(),
        "total": found.total,
        "matched": found.matched,
        "matched_is_capped": found.matched_is_capped,
        "is_filtered": bool(chosen.chips),
        "rows": [present.ledger_row(row, today=today) for row in found.rows],
        "first_href": links.ledger(**_without_after(query)) if query.get("after") else "",
        "next_href": links.ledger(**_without_after(query), after=found.next_after) if found.next_after else "",
        "sheets": sheets.links(request),
        "export_href": links.with_query(reverse("export"), _without_after(query)),
    }
    return render(request, "tracker/commitment_list.html", context, status=400 if form.errors else 200)


def sheet(rows: Iterator[LedgerRow], *, filters: list[str], today: date) -> Sheet:
    """What the list shows, as a file: one line for each commitment."""
    columns = [_("Code"), _("Commitment"), _("Light"), _("Why this light")]
    columns += [
        _("Lead"),
        _("Lead is only suggested"),
        _("Stage"),
        _("Due"),
        _("First due"),
        _("Due in the plan's words"),
    ]
    columns += [_("Progress, %"), _("Due by today, %"), _("Demonstration")]
    return Sheet(
        name=_("Commitments"), columns=columns, rows=(_cells(row, today=today) for row in rows), filters=filters
    )


def _cells(row: LedgerRow, *, today: date) -> Row:
    yes = pgettext("in a sheet", "yes")
    return [
        row.code,
        row.title,
        str(Health(row.health).label),
        present.sentence(row.reasons, today=today),
        row.lead_name or "",
        yes if row.lead_is_suggested else "",
        ledger_rows.stage_label(row.stage),
        row.due_on,
        row.original_due_on,
        row.due_text or (_("continuous") if row.is_continuous else ""),
        row.progress,
        _tenth(row.expected(today=today)),
        yes if row.is_demo else "",
    ]


def _tenth(percent: Decimal | None) -> Decimal | None:
    return None if percent is None else percent.quantize(Decimal("0.1"))


def _without_after(query: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in query.items() if value and name != "after"}


def _in_words(form: FilterForm, name: str) -> tuple[str, str]:
    """A filter's label and its value as a person reads them."""
    value = str(form.cleaned_data.get(name, ""))
    if name == "review":
        return _("Waiting for review"), ""
    if name == "word":
        return _("Waiting for your word"), ""
    if name == "portfolio":
        return _("My portfolio"), ""
    choices = dict(getattr(form.fields[name], "choices", ()))
    return str(form.fields[name].label or ""), str(choices.get(value) or value)
