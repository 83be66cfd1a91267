"""One plan with its figures; its clauses in the order of the text, each with what was promised in it."""

from rest_framework.request import Request
from rest_framework.response import Response

from projects.errors import DomainError
from tracker.api import described, filters, paging
from tracker.api.decisions import shapes
from tracker.api.decisions.filters import ClauseFilter
from tracker.api.decisions.outputs import ClauseOutput, ClausePageOutput, PlanDetailOutput
from tracker.api.endpoint import Endpoint
from tracker.api.rows import Json
from tracker.models import Plan
from tracker.queries import decision, plan_figures
from tracker.queries.decision import OF_CLAUSES, Choice, Show


class DecisionEndpoint(Endpoint):
    """What these endpoints share."""

    def plan(self, code: str) -> Plan:
        """The plan that an address names. Raises DomainError `not_found`."""
        found = decision.plans(self.actor).filter(code=code).first()
        if found is None:
            raise DomainError("not_found")
        return found


class PlanView(DecisionEndpoint):
    """One plan: how long reports are taken, what its commitments show, how far its clauses are taken up."""

    @described.operation(
        "getPlan",
        tag="plans",
        answers={200: PlanDetailOutput, 304: None},
        refusals=(404,),
        parameters=(described.IF_NONE_MATCH,),
    )
    def get(self, request: Request, plan: str) -> Response:
        return self.listing(lambda: self._plan(plan))

    def _plan(self, code: str) -> Json:
        return shapes.plan(plan_figures.of(self.plan(code), viewer=self.actor), today=self.today)


class ClauseListView(DecisionEndpoint):
    """The clauses in the order of the text, headings before what stands under them."""

    @described.operation(
        "listClauses",
        tag="plans",
        answers={200: ClausePageOutput, 304: None},
        refusals=(400, 404),
        parameters=(*described.filtered(ClauseFilter), described.IF_NONE_MATCH),
    )
    def get(self, request: Request, plan: str) -> Response:
        return self.listing(lambda: self._page(request, self.plan(plan)))

    def _page(self, request: Request, plan: Plan) -> Json:
        at, said = paging.window(request), filters.said(request.query_params, by=ClauseFilter)
        show = Show(said["show"]) if "show" in said else None
        if show in OF_CLAUSES and not decision.sees_all(self.actor):
            allowed = ", ".join(one.value for one in Show if one not in OF_CLAUSES | {Show.UNPLACED})
            raise DomainError("filter_value", field="show", name="show", value=said["show"], allowed=allowed)
        choice = Choice(health=said.get("health", ""), chapter=said.get("chapter", ""), show=show)
        found = decision.page(plan, viewer=self.actor, choice=choice, after=at.after, limit=at.limit + 1)
        if found is None:
            raise DomainError("cursor_unknown", field="cursor")
        if not found.clauses and choice.chapter and choice.chapter not in {row.code for row in decision.chapters(plan)}:
            raise DomainError("filter_code", field="chapter", name="chapter", value=choice.chapter)
        return paging.page(
            request,
            at,
            found.clauses,
            shape=lambda view: shapes.clause(
                view,
                plan=plan,
                parent=found.codes.get(view.row.parent_id or 0),
                is_whole=decision.sees_all(self.actor),
                today=self.today,
            ),
            key=lambda view: view.row.code,
        )


class ClauseView(DecisionEndpoint):
    """One clause: its words, and the commitments that were made in it."""

    @described.operation(
        "getClause",
        tag="plans",
        answers={200: ClauseOutput, 304: None},
        refusals=(404,),
        parameters=(described.IF_NONE_MATCH,),
    )
    def get(self, request: Request, plan: str, clause: str) -> Response:
        return self.listing(lambda: self._clause(self.plan(plan), clause))

    def _clause(self, plan: Plan, code: str) -> Json:
        view = decision.clause(plan, code, viewer=self.actor)
        if view is None:
            raise DomainError("not_found")
        above = view.row.parent
        is_whole = decision.sees_all(self.actor)
        return shapes.clause(view, plan=plan, parent=above.code if above else None, is_whole=is_whole, today=self.today)
