"""Commitments that ask more than their parent: a filter of the ledger's list, and a page with both values."""

from decimal import Decimal
from typing import Any

from django.contrib.admin import ModelAdmin, SimpleListFilter
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.admin import access
from tracker.admin.access import Guarded
from tracker.choices import RELATIVE_COMPARATORS, Comparator
from tracker.models import Commitment
from tracker.queries import tightening
from tracker.rules.tightening import EarlierDate, Quantity, Tightening


class TightenedFilter(SimpleListFilter):
    """`?tightened=yes`: asks more than its parent; `?tightened=unexplained`: and nobody said why."""

    title = gettext_lazy("compared with its parent")
    parameter_name = "tightened"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, Any]]:
        return [
            ("yes", gettext_lazy("asks more than its parent")),
            ("unexplained", gettext_lazy("asks more, without a reason")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Commitment]) -> QuerySet[Commitment]:
        value = self.value()
        if value not in {"yes", "unexplained"}:
            return queryset
        viewer = access.actor_of(request)
        return queryset.filter(pk__in=tightening.ids(viewer, without_reason=value == "unexplained"))


class TightenedPage(Guarded[Commitment]):
    """Adds `tightened/` to the commitments' admin: every child that asks more than its parent, with both values."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.tightened_view)
        return [path("tightened/", view, name="tracker_commitment_tightened"), *super().get_urls()]

    def tightened_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise Http404
        rows = [
            {"child": row.child, "parent": row.child.parent, "found": [shown(one) for one in row.found]}
            for row in tightening.listed(access.actor_of(request))
        ]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Commitments that ask more than their parent"),
            "opts": self.opts,
            "rows": rows,
        }
        return TemplateResponse(request, "admin/tracker/commitment/tightened.html", context)


def shown(one: Tightening) -> dict[str, str]:
    """What is tighter, the child's value and the parent's, in words."""
    if isinstance(one, EarlierDate):
        return {"what": _("due date"), "child": one.child.isoformat(), "parent": one.parent.isoformat()}
    return {"what": one.child.name or one.child.indicator, "child": _worded(one.child), "parent": _worded(one.parent)}


def _worded(quantity: Quantity) -> str:
    """A quantity as people write it: ≥ 262, 10–20, growth of at least 30 % over 2023."""
    label = Comparator(quantity.comparator).label
    if quantity.comparator in RELATIVE_COMPARATORS:
        said = {"how": label, "percent": _figure(quantity.growth_percent), "year": quantity.base_year}
        return _("%(how)s %(percent)s %% over %(year)s") % said
    value = _figure(quantity.value)
    if quantity.comparator == Comparator.RANGE:
        return f"{value}–{_figure(quantity.value_max)} {quantity.unit}".strip()
    return f"{label} {value} {quantity.unit}".strip()


def _figure(value: Decimal | None) -> str:
    return "—" if value is None else f"{value.normalize():f}"
