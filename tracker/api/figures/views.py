"""The overview, and the lights that changed. A fixed number of queries."""

import zlib
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, DateFilter, FilterSet
from rest_framework.request import Request
from rest_framework.response import Response

from projects.errors import DomainError
from projects.queries import clock
from tracker.api import described, filters, paging
from tracker.api.endpoint import Endpoint
from tracker.api.figures import shapes
from tracker.api.figures.outputs import ChangePageOutput, OverviewOutput
from tracker.api.filters import DATE, OverviewFilter, WholeFilter
from tracker.api.lines import check_bare, lights
from tracker.api.rows import Json
from tracker.choices import Health
from tracker.models import LastLook, Plan
from tracker.queries import api, light_changes, overview, rollup
from tracker.queries.light_changes import CAME, LEFT

# What the query calls filters by.
NAMES = {"plan": "plan_code", "newer": "newer_than"}


class OverviewView(Endpoint):
    """How everything stands, of one plan or of all in the reader's sight: the figures of the page."""

    @described.operation(
        "overview",
        tag="directory",
        answers={200: OverviewOutput, 304: None},
        refusals=(400,),
        parameters=(*described.filtered(OverviewFilter)[:1], described.IF_NONE_MATCH),
    )
    def get(self, request: Request) -> Response:
        return self.listing(lambda: self._figures(request))

    def _figures(self, request: Request) -> Json:
        check_bare(request, by=OverviewFilter)
        plan = self._plan(request)
        new = light_changes.since_last_look(self.actor, plan=plan, look=self.look) if self.look else None
        return self._standing(plan) | {"since_last_look": shapes.since_last_look(new)}

    def _plan(self, request: Request) -> Plan | None:
        """The plan that is asked for; None: all of them. Raises DomainError `filter_code`."""
        code = request.query_params.get("plan", "").strip()
        if not code:
            return None
        found = api.plans_visible_to(self.actor).select_related("jurisdiction").filter(code=code).first()
        if found is None:
            raise DomainError("filter_code", field="plan", name="plan", value=code)
        return found

    def _standing(self, plan: Plan | None) -> Json:
        if plan is not None:
            return shapes.of_plan(overview.of_plan(plan, viewer=self.actor, today=self.today), today=self.today)
        work = rollup.work_in_sight(self.actor)
        return shapes.across(overview.across(self.actor, today=self.today), done=work, today=self.today)

    @cached_property
    def look(self) -> LastLook | None:
        return light_changes.last_look(self.actor)

    def list_tag(self) -> str:
        """A visit to the page changes what is new, and the clock does not tell."""
        before = self.look.before_at if self.look else None
        asked = zlib.crc32(f"{self.request.get_full_path()} {before}".encode())
        return self.tag(clock.revision(), self.actor.user_id or 0, asked)


class ChangeFilter(FilterSet):  # type: ignore[misc]  # django-filter has no types
    """Which changes: the filters of the page. The query narrows by itself."""

    plan = CharFilter(max_length=40, help_text="Code of the plan.")
    light = ChoiceFilter(choices=Health.choices, help_text="Changes to this light, and away from it.")
    direction = ChoiceFilter(
        choices=[(CAME, _("came to it")), (LEFT, _("left it"))], help_text="With `light`: to it, or away from it."
    )
    since = DateFilter(input_formats=[DATE], help_text="On this day or later.")
    until = DateFilter(input_formats=[DATE], help_text="On this day or earlier.")
    newer = WholeFilter(
        min_value=0, max_value=2**63 - 1, help_text="From `since_last_look` of the overview: only what is newer."
    )


class ChangeListView(Endpoint):
    """The lights that changed on commitments in sight, newest first; how many changes led to each light and away."""

    @described.operation(
        "listChanges",
        tag="directory",
        answers={200: ChangePageOutput, 304: None},
        refusals=(400,),
        parameters=(*described.filtered(ChangeFilter), described.IF_NONE_MATCH),
    )
    def get(self, request: Request) -> Response:
        return self.listing(lambda: self._page(request))

    def _page(self, request: Request) -> Json:
        at, said = paging.window(request), filters.said(request.query_params, by=ChangeFilter)
        _check_together(said)
        wanted = {NAMES.get(name, name): value for name, value in said.items()}
        found = light_changes.page(self.actor, **wanted, after=at.after or "", size=at.limit)
        if not found.rows and at.after is None:
            filters.check_codes(("plan",), request.query_params, viewer=self.actor)
        return {
            "results": [shapes.change(row) for row in found.rows],
            "next": paging.following(request, found.next_after),
            "total_count": found.total,
            "came": lights(found.came),
            "left": lights(found.left),
        }


def _check_together(said: dict[str, Any]) -> None:
    """What the page refuses too. Raises DomainError `filter_needs`, `filter_value`."""
    if "direction" in said and "light" not in said:
        raise DomainError("filter_needs", field="direction", name="direction", needs="light")
    first, last = said.get("since"), said.get("until")
    if first and last and first > last:
        raise DomainError("filter_value", field="until", name="until", value=last, allowed=f"≥ {first}")
