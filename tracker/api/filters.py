"""Which filters a list takes. An unknown name, a value it cannot read, a filter given twice: refused, never ignored."""

from collections.abc import Iterable
from typing import Any, TypeVar

from django import forms
from django.db.models import Model, Q, QuerySet, Subquery
from django.http import QueryDict
from django_filters import CharFilter, ChoiceFilter, DateFilter, FilterSet, NumberFilter

from projects.errors import DomainError
from tracker.api.paging import PARAMETERS
from tracker.choices import Health, Kind, ReportState, Stage
from tracker.models import Commitment, Department, Plan, ProgressReport, Reminder
from tracker.policies import Actor
from tracker.queries import api
from tracker.queries.inbox import Show

Rows = TypeVar("Rows", bound=Model)
DATE = "%Y-%m-%d"
YES_NO = (("true", "true"), ("false", "false"))
# A value that is repeated in a sentence is cut to this many characters.
SHOWN = 40


class WholeFilter(NumberFilter):  # type: ignore[misc]  # django-filter has no types
    """A whole number from `min_value` to `max_value`."""

    field_class = forms.IntegerField


class CommitmentFilter(FilterSet):  # type: ignore[misc]  # django-filter has no types
    """Filters of the commitments. They narrow each other."""

    health = ChoiceFilter(choices=Health.choices)
    kind = ChoiceFilter(choices=Kind.choices)
    stage = ChoiceFilter(choices=Stage.choices)
    department = CharFilter(method="of_department", max_length=40, help_text="Code of the lead department.")
    plan = CharFilter(method="of_plan", max_length=40, help_text="Code of the plan.")
    chapter = CharFilter(field_name="clause__chapter__code", max_length=20, help_text="Code of a chapter of the plan.")
    q = CharFilter(method="holding", max_length=100, help_text="Part of a code or a title.")
    due_before = DateFilter(
        field_name="due_on", lookup_expr="lte", input_formats=[DATE], help_text="Due on this day or earlier."
    )
    due_after = DateFilter(
        field_name="due_on", lookup_expr="gte", input_formats=[DATE], help_text="Due on this day or later."
    )
    is_continuous = ChoiceFilter(choices=YES_NO, method="continuous")

    # The scalar subqueries let the indexes (lead, code) and the like give rows in order; a join does not.
    def of_department(self, rows: QuerySet[Commitment], name: str, value: str) -> QuerySet[Commitment]:
        return rows.filter(lead_id=Subquery(Department.objects.filter(code=value).values("pk")))

    def of_plan(self, rows: QuerySet[Commitment], name: str, value: str) -> QuerySet[Commitment]:
        return rows.filter(plan_id=Subquery(Plan.objects.filter(code=value).values("pk")))

    def holding(self, rows: QuerySet[Commitment], name: str, value: str) -> QuerySet[Commitment]:
        return rows.filter(Q(code__icontains=value) | Q(title__icontains=value))

    def continuous(self, rows: QuerySet[Commitment], name: str, value: str) -> QuerySet[Commitment]:
        return rows.filter(is_continuous=value == "true")


class ReportFilter(FilterSet):  # type: ignore[misc]  # django-filter has no types
    """Filters of the reports."""

    commitment = CharFilter(method="of_commitment", max_length=40, help_text="Code of the commitment.")
    state = ChoiceFilter(choices=ReportState.choices)

    def of_commitment(self, rows: QuerySet[ProgressReport], name: str, value: str) -> QuerySet[ProgressReport]:
        return rows.filter(commitment_id=Subquery(Commitment.objects.filter(code=value).values("pk")))


class InboxFilter(FilterSet):  # type: ignore[misc]  # django-filter has no types
    """Which lines of the inbox."""

    show = ChoiceFilter(choices=Show.choices, method="shown")

    def shown(self, rows: QuerySet[Reminder], name: str, value: str) -> QuerySet[Reminder]:
        """The query of the inbox narrows by itself."""
        return rows


class OverviewFilter(FilterSet):  # type: ignore[misc]  # django-filter has no types
    """The overview's only question: of which plan."""

    plan = CharFilter(field_name="plan__code", max_length=40, help_text="Code of the plan.")


class NoFilter(FilterSet):  # type: ignore[misc]  # django-filter has no types
    """For lists that take none: a name is refused all the same."""


def narrow(rows: QuerySet[Rows], params: QueryDict, *, by: type[FilterSet]) -> QuerySet[Rows]:
    """The rows that pass the filters given in the address.

    Raises:
        DomainError: an unknown filter, one given twice, or a value it does not take; the sentence says what it takes.
    """
    filters = _checked(rows, params, by=by)
    if filters is None:
        return rows
    narrowed: QuerySet[Rows] = filters.qs
    return narrowed


def said(params: QueryDict, *, by: type[FilterSet]) -> dict[str, Any]:
    """The filters given in the address with their values, for queries that narrow by themselves. Raises as `narrow`."""
    filters = _checked(Commitment.objects.none(), params, by=by)
    if filters is None:
        return {}
    return {name: value for name, value in filters.form.cleaned_data.items() if value not in {None, ""}}


def _checked(rows: QuerySet[Rows], params: QueryDict, *, by: type[FilterSet]) -> FilterSet | None:
    """The filters with their values checked; None where none is given."""
    for name, values in params.lists():
        if name not in PARAMETERS and name not in by.base_filters:
            allowed = ", ".join([*by.base_filters, *sorted(PARAMETERS)])
            raise DomainError("filter_unknown", field=name[:SHOWN], name=name[:SHOWN], allowed=allowed)
        if len(values) > 1:
            raise DomainError("filter_twice", field=name, name=name)
        if not values[0].strip():
            raise DomainError("filter_empty", field=name, name=name)
    if not params.keys() - PARAMETERS:
        return None
    filters = by(params, queryset=rows)
    if filters.is_valid():
        return filters
    name = next(iter(filters.errors))
    raise DomainError("filter_value", field=name, name=name, value=params[name][:SHOWN], allowed=_takes(filters, name))


def check_codes(names: Iterable[str], params: QueryDict, *, viewer: Actor) -> None:
    """Refuse a code that is out of the viewer's sight. Asked for empty pages only, so that a full one costs nothing."""
    for name in names:
        code = params.get(name)
        if code is not None and not api.is_known(name, code.strip(), viewer=viewer):
            raise DomainError("filter_code", field=name, name=name, value=code[:SHOWN])


def _takes(filters: FilterSet, name: str) -> str:
    chosen = filters.filters[name]
    if isinstance(chosen, ChoiceFilter):
        return ", ".join(str(value) for value, _label in chosen.extra["choices"])
    if isinstance(chosen, WholeFilter):
        return f"{chosen.extra['min_value']}–{chosen.extra['max_value']}"
    return "2026-12-31" if isinstance(chosen, DateFilter) else f"1–{chosen.extra['max_length']}"
