"""What commitments stand under: plans and departments; and how all of them stand together."""

from rest_framework.request import Request
from rest_framework.response import Response

from projects.errors import DomainError
from tracker import policies
from tracker.api import described, filters, paging, shapes
from tracker.api.endpoint import Endpoint
from tracker.api.filters import NoFilter, OverviewFilter
from tracker.api.serializers import DepartmentPageOutput, OverviewOutput, PlanPageOutput
from tracker.queries import api, rollup


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


class DepartmentListView(Endpoint):
    """The departments whose page the reader may open, by code."""

    @described.operation(
        "listDepartments",
        tag="directory",
        answers={200: DepartmentPageOutput, 304: None},
        refusals=(400,),
        parameters=(*described.filtered(NoFilter), described.IF_NONE_MATCH),
    )
    def get(self, request: Request) -> Response:
        return self.listing(lambda: self._page(request))

    def _page(self, request: Request) -> dict[str, object]:
        at = paging.window(request)
        seen = filters.narrow(policies.departments_visible_to(self.actor), request.query_params, by=NoFilter)
        rows = list(seen.filter(code__gt=at.after or "").order_by("code")[: at.limit + 1])
        return paging.page(request, at, rows, shape=shapes.department, key=lambda row: row.code)


class OverviewView(Endpoint):
    """How many commitments show each light, and how far the work is; of one plan or of all in the reader's sight."""

    @described.operation(
        "overview",
        tag="directory",
        answers={200: OverviewOutput, 304: None},
        refusals=(400,),
        parameters=(*described.filtered(OverviewFilter)[:1], described.IF_NONE_MATCH),
    )
    def get(self, request: Request) -> Response:
        return self.listing(lambda: self._figures(request))

    def _figures(self, request: Request) -> dict[str, object]:
        actor = self.actor
        plan = request.query_params.get("plan")
        if paging.PARAMETERS & request.query_params.keys():
            raise DomainError("filter_unknown", field="", name=", ".join(sorted(paging.PARAMETERS)), allowed="plan")
        seen = filters.narrow(policies.visible_to(actor), request.query_params, by=OverviewFilter)
        lights = rollup.count_lights(seen)
        if not any(lights.values()):
            filters.check_codes(("plan",), request.query_params, viewer=actor)
        work = rollup.work_done(seen)
        return {
            "plan": plan,
            "total_count": sum(lights.values()),
            "lights": {light.value: count for light, count in lights.items()},
            "work": {
                "percent": None if work.percent is None else float(work.percent),
                "known_count": work.known,
                "unknown_count": work.unknown,
            },
        }
