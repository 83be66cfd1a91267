"""The things of the catalogue. Facts are open to everyone; lights, reports and quantities are read in one's sight."""

from collections.abc import Callable, Iterable

from rest_framework.request import Request
from rest_framework.response import Response

from projects.choices import InitiativeKind
from projects.errors import DomainError
from projects.models import Initiative, Jurisdiction
from projects.queries import clock
from tracker.api import described, filters, paging
from tracker.api.endpoint import Endpoint
from tracker.api.initiatives import shapes
from tracker.api.initiatives.filters import InitiativeFilter
from tracker.api.initiatives.outputs import InitiativeDetailOutput, InitiativePageOutput
from tracker.api.rows import Json
from tracker.queries import catalogue
from tracker.queries.catalogue import UNKNOWN, Filters


class InitiativeEndpoint(Endpoint):
    """What all endpoints of initiatives share."""

    def answer(self, code: str, *, status: int = 200) -> Response:
        """One thing as it stands now, with its tag. Raises DomainError `not_found`."""
        seen_at = clock.revision()
        view = catalogue.thing(code, viewer=self.actor)
        if view is None:
            raise DomainError("not_found")
        body = shapes.whole(view, today=self.today)
        return self.tagged(body, revision=view.row.thing.revision, seen_at=seen_at, status=status)


class InitiativeListView(InitiativeEndpoint):
    """Projects, parks, platforms and talent programmes, by code."""

    @described.operation(
        "listInitiatives",
        tag="initiatives",
        answers={200: InitiativePageOutput, 304: None},
        refusals=(400,),
        parameters=(*described.filtered(InitiativeFilter), described.IF_NONE_MATCH),
    )
    def get(self, request: Request) -> Response:
        return self.listing(lambda: self._page(request))

    def _page(self, request: Request) -> Json:
        at, said = paging.window(request), filters.said(request.query_params, by=InitiativeFilter)
        kind = InitiativeKind(said.pop("kind")) if "kind" in said else None
        found = catalogue.page(self.actor, kind, Filters(**said), after=at.after or "", size=at.limit)
        if not found.rows:
            _check_codes(said)
        return {
            "results": [shapes.row(row) for row in found.rows],
            "next": paging.following(request, found.next_after),
        }


class InitiativeView(InitiativeEndpoint):
    """One thing with the details of its kind, what stands on it, what was reported."""

    @described.operation(
        "getInitiative",
        tag="initiatives",
        answers={200: InitiativeDetailOutput, 304: None},
        refusals=(404,),
        parameters=(described.IF_NONE_MATCH,),
    )
    def get(self, request: Request, code: str) -> Response:
        return self.answer(code)


def _check_codes(said: dict[str, str]) -> None:
    """Refuse a place or a park that there is not. Asked for empty pages only. Raises DomainError `filter_code`."""
    known: dict[str, Callable[[], Iterable[Jurisdiction | Initiative]]]
    known = {"place": catalogue.places, "park": catalogue.parks}
    for name, rows in known.items():
        code = said.get(name)
        if code is None or (name == "park" and code == UNKNOWN):
            continue
        if code not in {row.code for row in rows()}:
            raise DomainError("filter_code", field=name, name=name, value=code)
