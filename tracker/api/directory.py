"""What commitments stand under: plans."""

from rest_framework.request import Request
from rest_framework.response import Response

from tracker.api import described, filters, paging, shapes
from tracker.api.endpoint import Endpoint
from tracker.api.filters import NoFilter
from tracker.api.serializers import PlanPageOutput
from tracker.queries import api


class PlanListView(Endpoint):
    """The plans of which the reader sees something, with their chapters, by code."""

    @described.operation(
        "listPlans",
        tag="directory",
        answers={200: PlanPageOutput, 304: None},
        refusals=(400,),
        parameters=(*described.filtered(NoFilter), described.IF_NONE_MATCH),
    )
    def get(self, request: Request) -> Response:
        return self.listing(lambda: self._page(request))

    def _page(self, request: Request) -> dict[str, object]:
        at = paging.window(request)
        seen = filters.narrow(api.plans_visible_to(self.actor), request.query_params, by=NoFilter)
        rows = list(seen.filter(code__gt=at.after or "").order_by("code")[: at.limit + 1])
        chapters = api.chapters_of(rows)
        return paging.page(
            request,
            at,
            rows,
            shape=lambda row: shapes.plan(row, chapters.get(row.pk, [])),
            key=lambda row: row.code,
        )
