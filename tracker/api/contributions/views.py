"""Contributions: read by the lead, the city's roles and the contributor; written by the contributor alone."""

from uuid import UUID

from django.db.models import QuerySet
from django_filters import ChoiceFilter
from rest_framework.request import Request
from rest_framework.response import Response

from projects.errors import DomainError
from tracker import policies
from tracker.actions import contributions
from tracker.api import described
from tracker.api.contributions import shapes
from tracker.api.contributions.inputs import ContributionInput, NewContributionInput
from tracker.api.contributions.outputs import ContributionOutput, ContributionPageOutput
from tracker.api.filters import YES_NO
from tracker.api.once import REFERENCE, once
from tracker.api.rows import Json, MatterFilter, RowEndpoint
from tracker.models import Contribution
from tracker.queries import api_words

WRITE = (403, 404, 409, *described.BODY)


class ContributionFilter(MatterFilter):
    """The filters of the page."""

    is_late = ChoiceFilter(choices=YES_NO, method="yes")
    is_no_change = ChoiceFilter(choices=YES_NO, method="yes")


class ContributionEndpoint(RowEndpoint[Contribution]):
    """What all endpoints of contributions share."""

    columns = api_words.CONTRIBUTION_COLUMNS
    place = "contributions"

    def seen(self) -> QuerySet[Contribution]:
        return policies.contributions_visible_to(self.actor)

    def shape(self, row: api_words.Row) -> Json:
        return shapes.contribution(row)


class ContributionListView(ContributionEndpoint):
    """The contributions in the caller's sight, newest first; and the door for one's own."""

    @described.operation(
        "listContributions",
        tag="contributions",
        answers={200: ContributionPageOutput, 304: None},
        refusals=(400,),
        parameters=(*described.filtered(ContributionFilter), described.IF_NONE_MATCH),
    )
    def get(self, request: Request) -> Response:
        return self.listed(request, by=ContributionFilter)

    @once
    @described.operation(
        "contribute",
        tag="contributions",
        takes=NewContributionInput,
        answers={201: ContributionOutput, 200: ContributionOutput},
        refusals=WRITE,
    )
    def post(self, request: Request) -> Response:
        """201 for a new one; 200 where the department's earlier one for the period took the words."""
        given = NewContributionInput.read(request.data)
        said = {name: value for name, value in given.validated_data.items() if name != REFERENCE}
        item, actor = self.matter(said.pop("commitment"), field="commitment"), self.actor
        earlier = Contribution.objects.filter(commitment=item, department=actor.department_id)
        standing = set(earlier.values_list("pk", flat=True))
        row = contributions.save(item, **said, by=actor, today=self.today)
        return self.answer(row, status=200 if row.pk in standing else 201, is_located=True)


class ContributionView(ContributionEndpoint):
    """One contribution."""

    @described.operation(
        "getContribution",
        tag="contributions",
        answers={200: ContributionOutput, 304: None},
        refusals=(404,),
        parameters=(described.IF_NONE_MATCH,),
    )
    def get(self, request: Request, ref: UUID) -> Response:
        return self.answer(self.find(ref))

    @described.operation(
        "reviseContribution",
        tag="contributions",
        takes=ContributionInput,
        answers={200: ContributionOutput},
        refusals=(*WRITE, 412),
        parameters=(described.IF_MATCH,),
    )
    def put(self, request: Request, ref: UUID) -> Response:
        """Replace what one's own department said, until the lead hands its report in."""
        row, actor = self.find(ref), self.actor
        given = ContributionInput.read(request.data)
        if row.department_id != actor.department_id:
            raise DomainError("contribution_not_yours")
        contributions.save(
            row.commitment,
            **given.validated_data,
            period_start=row.period_start,
            by=actor,
            today=self.today,
            expected_revision=self.expected_revision(row.revision),
        )
        return self.answer(row)
