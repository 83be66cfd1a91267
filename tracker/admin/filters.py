"""Filters of the lists, and the honest answer to a filter that does not exist."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.admin import ModelAdmin, SimpleListFilter
from django.contrib.admin.views.main import ERROR_FLAG, ChangeList
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker import policies
from tracker.admin import access
from tracker.models import Commitment, LedgerImport
from tracker.queries import quality

# What only lists offer, beside the conditions of `queries.quality`.
OTHERS: dict[str, tuple[str | Promise, Q]] = {
    "no_post": (gettext_lazy("Without an owner post"), Q(post__isnull=True)),
    "suggested": (gettext_lazy("Lead only suggested"), Q(lead_is_suggested=True)),
}


class QualityFilter(SimpleListFilter):
    """What the ledger lacks. `tightened` has a filter of its own."""

    title = gettext_lazy("what is missing")
    parameter_name = "quality"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, str]]:
        missing = [(name, str(quality.LABELS[name])) for name in quality.CONDITIONS if name != "tightened"]
        return [*missing, *((name, str(label)) for name, (label, _condition) in OTHERS.items())]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Commitment]) -> QuerySet[Commitment]:
        value = str(self.value() or "")
        if value in OTHERS:
            return queryset.filter(OTHERS[value][1])
        return queryset.filter(quality.CONDITIONS[value]()) if value in quality.CONDITIONS else queryset


class ImportFilter(SimpleListFilter):
    """`?import=` and its number: the commitments that one ledger file named. Offered where an import leads here."""

    title = gettext_lazy("ledger file")
    parameter_name = "import"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, str]]:
        chosen = str(self.used_parameters.get(self.parameter_name) or "")
        found = LedgerImport.objects.filter(pk=chosen).first() if chosen.isdecimal() else None
        return [(chosen, str(found))] if found and policies.can_supervise(access.actor_of(request)) else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Commitment]) -> QuerySet[Commitment]:
        value = str(self.value() or "")
        return queryset.filter(ledger_lines__of=int(value)) if value in dict(self.lookup_choices) else queryset


def honest(page: ModelAdmin[Any], request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """The list as it is, or a way to the list without the filters whose value nobody knows, and a sentence about them.

    Django would show an empty list for a wrong value, and the whole list without a word for a wrong name.
    """
    if ERROR_FLAG in request.GET:
        said = _("The address named a filter that does not exist. All rows are shown.")
        page.message_user(request, said, messages.WARNING)
        return answer
    shown = answer.context_data if isinstance(answer, TemplateResponse) else None
    if request.method != "GET" or shown is None or not isinstance(listing := shown.get("cl"), ChangeList):
        return answer
    wrong = {name: spec for spec in listing.filter_specs for name in _wrong(spec, listing, request)}
    if not wrong:
        return answer
    for name, spec in wrong.items():
        said = _("“%(value)s” is no value of the filter “%(name)s”. The list is shown without this filter.")
        page.message_user(request, said % {"value": request.GET[name], "name": spec.title}, messages.WARNING)
    kept = [(name, value) for name, value in request.GET.items() if name not in wrong]
    return HttpResponseRedirect(f"{request.path}?{urlencode(kept)}" if kept else request.path)


def _wrong(spec: Any, listing: ChangeList, request: HttpRequest) -> set[str]:
    """The parameters of a filter that stand in the address while none of its choices is the one chosen."""
    used = {name for name in spec.expected_parameters() if name in request.GET}
    return used if used and not any(choice["selected"] for choice in spec.choices(listing)) else set()
