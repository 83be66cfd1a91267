"""Milestones by the day they are planned for. One query, whatever the page."""

from django.db.models import QuerySet
from django.utils import timezone
from django_filters import CharFilter, ChoiceFilter, DateFilter, FilterSet
from rest_framework.request import Request
from rest_framework.response import Response

from projects.errors import DomainError
from tracker import policies
from tracker.api import described, filters, paging
from tracker.api.endpoint import Endpoint
from tracker.api.filters import DATE
from tracker.api.milestones import shapes
from tracker.api.milestones.outputs import MilestonePageOutput
from tracker.api.rows import Json
from tracker.models import Milestone
from tracker.queries import api_words, milestones
from tracker.queries.milestones import State

Rows = QuerySet[Milestone]


class MilestoneFilter(FilterSet):  # type: ignore[misc]  # django-filter has no types
    """Which milestones of a commitment."""

    state = ChoiceFilter(
        choices=State.choices,
        method="in_state",
        help_text="open: not reached; overdue: not reached, and the planned day has passed.",
    )
    due_before = DateFilter(
        field_name="planned_on", lookup_expr="lte", input_formats=[DATE], help_text="Planned for this day or earlier."
    )
    due_after = DateFilter(
        field_name="planned_on", lookup_expr="gte", input_formats=[DATE], help_text="Planned for this day or later."
    )

    def in_state(self, rows: Rows, name: str, value: str) -> Rows:
        return rows.filter(milestones.in_state(State(value), today=timezone.localdate()))


class AnyMilestoneFilter(MilestoneFilter):
    """Which milestones of all in sight."""

    commitment = CharFilter(field_name="commitment__code", max_length=40, help_text="Code of the commitment.")
    plan = CharFilter(field_name="commitment__plan__code", max_length=40, help_text="Code of the plan.")
    department = CharFilter(
        field_name="commitment__lead__code", max_length=40, help_text="Code of the lead department."
    )


class MilestoneListView(Endpoint):
    """The milestones of the commitments in sight, the earliest planned day first, what has none at the end."""

    by: type[MilestoneFilter] = AnyMilestoneFilter

    @described.operation(
        "listMilestones",
        tag="milestones",
        answers={200: MilestonePageOutput, 304: None},
        refusals=(400,),
        parameters=(*described.filtered(AnyMilestoneFilter), described.IF_NONE_MATCH),
    )
    def get(self, request: Request) -> Response:
        return self.listing(lambda: self.page(request, policies.milestones_visible_to(self.actor)))

    def page(self, request: Request, seen: Rows) -> Json:
        at = paging.window(request)
        rows = milestones.rows(
            filters.narrow(seen, request.query_params, by=self.by), after=at.after, limit=at.limit + 1
        )
        if not rows and at.after is None:
            filters.check_codes(("commitment", "plan", "department"), request.query_params, viewer=self.actor)
        return paging.page(request, at, rows, shape=shapes.milestone(today=self.today), key=milestones.place)


class CommitmentMilestoneListView(MilestoneListView):
    """The milestones of one commitment."""

    by = MilestoneFilter

    @described.operation(
        "listCommitmentMilestones",
        tag="milestones",
        answers={200: MilestonePageOutput, 304: None},
        refusals=(400, 404),
        parameters=(*described.filtered(MilestoneFilter), described.IF_NONE_MATCH),
    )
    def get(self, request: Request, code: str) -> Response:  # type: ignore[override]  # the address names one
        return self.listing(lambda: self.page(request, self._steps(code)))

    def _steps(self, code: str) -> Rows:
        item = api_words.matter(code, viewer=self.actor)
        if item is None:
            raise DomainError("not_found")
        return policies.milestones_visible_to(self.actor).filter(commitment=item)
