"""Indicators with their readings, and targets with their forecast. A fixed number of queries, whatever the rows."""

from rest_framework.request import Request
from rest_framework.response import Response

from projects.errors import DomainError
from tracker.api import described, filters, lines, paging
from tracker.api.endpoint import Endpoint
from tracker.api.indicators import shapes
from tracker.api.indicators.filters import IndicatorFilter
from tracker.api.indicators.outputs import AimListOutput, IndicatorDetailOutput, IndicatorPageOutput
from tracker.api.rows import Json
from tracker.models import Target
from tracker.queries import api_words, indicators, overview

WANTED = {"true": "yes", "false": "no"}


class IndicatorListView(Endpoint):
    """All indicators by code, each with its latest reading and the targets in sight."""

    @described.operation(
        "listIndicators",
        tag="indicators",
        answers={200: IndicatorPageOutput, 304: None},
        refusals=(400,),
        parameters=(*described.filtered(IndicatorFilter), described.IF_NONE_MATCH),
    )
    def get(self, request: Request) -> Response:
        return self.listing(lambda: self._page(request))

    def _page(self, request: Request) -> Json:
        at, said = paging.window(request), filters.said(request.query_params, by=IndicatorFilter)
        narrowed = indicators.Filters(
            q=said.get("q", ""), wanted=WANTED.get(said.get("has_target", ""), ""), health=said.get("health", "")
        )
        found = indicators.page(self.actor, narrowed, after=at.after or "", size=at.limit)
        return {
            "results": [shapes.indicator(row, today=self.today) for row in found.rows],
            "next": paging.following(request, found.next_after),
        }


class IndicatorEndpoint(Endpoint):
    """What all endpoints of one indicator share."""

    def whole(self, code: str) -> Json:
        """One indicator with all its readings. Raises DomainError `not_found`."""
        view = indicators.indicator(code, viewer=self.actor)
        if view is None:
            raise DomainError("not_found")
        return shapes.whole(view, today=self.today)


class IndicatorView(IndicatorEndpoint):
    """One indicator with all its readings; of its targets those in sight."""

    @described.operation(
        "getIndicator",
        tag="indicators",
        answers={200: IndicatorDetailOutput, 304: None},
        refusals=(404,),
        parameters=(described.IF_NONE_MATCH,),
    )
    def get(self, request: Request, indicator: str) -> Response:
        return self.listing(lambda: self.whole(indicator))


class CommitmentTargetListView(Endpoint):
    """The targets of one commitment with what their readings make of them: pace, progress, forecast."""

    @described.operation(
        "listCommitmentTargets",
        tag="indicators",
        answers={200: AimListOutput, 304: None},
        refusals=(400, 404),
        parameters=(described.IF_NONE_MATCH,),
    )
    def get(self, request: Request, code: str) -> Response:
        return self.listing(lambda: self._targets(request, code))

    def _targets(self, request: Request, code: str) -> Json:
        lines.check_bare(request)
        item = api_words.matter(code, viewer=self.actor)
        if item is None:
            raise DomainError("not_found")
        views = overview.target_views(Target.objects.filter(commitment=item))
        return {"results": [shapes.target(view, today=self.today) for view in views]}
