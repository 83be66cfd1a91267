"""The search page: what holds the words that were typed, in groups."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from projects.choices import InitiativeKind
from tracker.choices import DepartmentKind
from tracker.queries import search
from tracker.queries.search import Found, Group, Hit
from tracker.web import links
from tracker.web.address_form import AddressForm
from tracker.web.viewers import viewer_of

Shown = dict[str, Any]


class SearchForm(AddressForm):
    """One box."""

    q = forms.CharField(
        label=gettext_lazy("Words, codes or pinyin initials"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
        help_text=gettext_lazy("Several words narrow: each of them has to be there. “skjj” finds 市科技局."),
    )


@login_required
def page(request: HttpRequest) -> HttpResponse:
    """What was found, or what can be looked for."""
    viewer = viewer_of(request)
    form = SearchForm(request.GET)
    text = form.value("q")
    found = search.find(text, viewer=viewer, today=timezone.localdate()) if search.words_of(text) else None
    context = {
        "form": form,
        "text": text,
        "count": found.count if found else 0,
        "groups": groups(found, text=text) if found else [],
        "is_asked": found is not None,
    }
    return render(request, "tracker/search.html", context, status=400 if form.errors else 200)


def groups(found: Found, *, text: str) -> list[Shown]:
    """The groups that hold something, in the order of a reader's likely wish."""
    every = [
        _group(
            pgettext("search", "Commitments"), found.commitments, [_commitment(hit) for hit in found.commitments.hits]
        ),
        _group(_("Clauses"), found.clauses, [_clause(hit) for hit in found.clauses.hits]),
        _group(_("Projects, parks, platforms, programmes"), found.things, [_thing(hit) for hit in found.things.hits]),
        _group(_("Targets and indicators"), found.indicators, [_indicator(hit) for hit in found.indicators.hits]),
        _group(_("Departments"), found.departments, [_department(hit) for hit in found.departments.hits]),
        _group(_("Posts"), found.posts, [_post(hit) for hit in found.posts.hits]),
    ]
    return [group for group in every if group["count"]]


def _group(title: str, found: Group, rows: list[Shown]) -> Shown:
    return {"title": title, "count": found.count, "rows": rows, "hidden": found.count - len(rows)}


def _commitment(hit: Hit) -> Shown:
    return _row(hit, links.commitment(hit.code), note=hit.note or _("nobody yet"), health=hit.health)


def _clause(hit: Hit) -> Shown:
    """A clause leads to its place in the decision."""
    return _row(hit, links.decision(hit.kind, hit.code), note=hit.note)


def _thing(hit: Hit) -> Shown:
    kind = InitiativeKind(hit.kind)
    note = " · ".join(part for part in (str(kind.label), hit.note) if part)
    return _row(hit, links.thing_of(kind, hit.code), note=note)


def _indicator(hit: Hit) -> Shown:
    return _row(hit, links.indicator(hit.code), note=hit.note)


def _department(hit: Hit) -> Shown:
    return _row(hit, links.department(hit.code), note=str(DepartmentKind(hit.kind).label))


def _post(hit: Hit) -> Shown:
    return _row(hit, links.post(hit.code), note=hit.note)


def _row(hit: Hit, href: str, *, note: str, health: str = "") -> Shown:
    return {"href": href, "code": hit.code, "title": hit.title, "note": note, "health": health}
