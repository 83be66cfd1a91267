"""Supervision slips: drafts first, then by number, the newest first; one as a paper."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, FilterSet
from rest_framework.request import Request
from rest_framework.response import Response

from projects.errors import DomainError
from projects.queries import clock
from tracker.api import described, filters, paging
from tracker.api.endpoint import Endpoint
from tracker.api.filters import WholeFilter
from tracker.api.rows import Json
from tracker.api.slip_papers import shapes
from tracker.api.slip_papers.outputs import SlipOutput, SlipPageOutput
from tracker.choices import SlipLevel, SlipState
from tracker.queries import slips
from tracker.queries.slips import LATE

STATES = [*SlipState.choices, (LATE, _("No answer in time"))]
LARGEST = 2**31 - 1


class SlipFilter(FilterSet):  # type: ignore[misc]  # django-filter has no types
    """Which slips: the filters of the page. The query narrows by itself."""

    state = ChoiceFilter(
        choices=STATES, help_text="late: no answer in time. Drafts that were dropped: only where they are asked for."
    )
    level = ChoiceFilter(choices=SlipLevel.choices)
    year = WholeFilter(min_value=2000, max_value=9998, help_text="Of the number.")
    number = WholeFilter(min_value=1, max_value=LARGEST, help_text="With `year` exactly one slip.")
    department = CharFilter(max_length=40, help_text="Code of the department that answers.")
    commitment = CharFilter(max_length=40, help_text="Code of the commitment.")


class SlipEndpoint(Endpoint):
    """What all endpoints of slips share."""

    def answer(self, ref: UUID, *, status: int = 200) -> Response:
        """One slip as a paper as it stands now, with its tag. Raises DomainError `not_found`."""
        seen_at = clock.revision()
        view = slips.of_ref(ref, viewer=self.actor)
        if view is None:
            raise DomainError("not_found")
        body = shapes.paper(viewer=self.actor, today=self.today)(view)
        return self.tagged(body, revision=view.slip.revision, seen_at=seen_at, status=status)


class SlipListView(SlipEndpoint):
    """The slips of the commitments in sight. What has no number is for the city’s roles."""

    @described.operation(
        "listSlips",
        tag="slips",
        answers={200: SlipPageOutput, 304: None},
        refusals=(400,),
        parameters=(*described.filtered(SlipFilter), described.IF_NONE_MATCH),
    )
    def get(self, request: Request) -> Response:
        return self.listing(lambda: self._page(request))

    def _page(self, request: Request) -> Json:
        at, said = paging.window(request), filters.said(request.query_params, by=SlipFilter)
        found = slips.page(self.actor, **said, after=at.after or "", size=at.limit, today=self.today)
        if not found.rows and at.after is None:
            filters.check_codes(("department", "commitment"), request.query_params, viewer=self.actor)
        return {
            "results": [shapes.row(row) for row in found.rows],
            "next": paging.following(request, found.next_after),
        }


class SlipView(SlipEndpoint):
    """One slip as a paper: what it says, what it cites, what cites it."""

    @described.operation(
        "getSlip",
        tag="slips",
        answers={200: SlipOutput, 304: None},
        refusals=(404,),
        parameters=(described.IF_NONE_MATCH,),
    )
    def get(self, request: Request, ref: UUID) -> Response:
        return self.answer(ref)
