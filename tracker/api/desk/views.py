"""The desk: one address, whose sections depend on the caller's role. A fixed number of queries."""

from collections.abc import Mapping, Sequence

from rest_framework.request import Request
from rest_framework.response import Response

from projects.errors import DomainError
from tracker import policies
from tracker.api import described
from tracker.api.desk import sections
from tracker.api.desk.outputs import DeskOutput
from tracker.api.desk.shapes import Section
from tracker.api.endpoint import Endpoint
from tracker.api.filters import SHOWN
from tracker.api.rows import Json
from tracker.choices import DEPARTMENT_ROLES, Health, Role
from tracker.queries import desk_department, desk_leader, desk_office
from tracker.queries.desk_department import DepartmentDesk

FIGURES: Json = {
    "lights": {}, "stages": {}, "lacking": {}, "closes_on": None, "working_days_left": None, "is_provisional": False,
}  # fmt: skip


class DeskView(Endpoint):
    """What is asked of the caller today, what waits, where their commitments stand; nothing for who keeps the site."""

    @described.operation("desk", tag="desk", answers={200: DeskOutput}, refusals=(400,))
    def get(self, request: Request) -> Response:
        for name in request.query_params:
            raise DomainError("filter_unknown", field=name[:SHOWN], name=name[:SHOWN], allowed="—")
        role = self.actor.role
        if role in DEPARTMENT_ROLES:
            return self.department()
        if role == Role.SUPERVISOR:
            return self.office()
        return self.leader() if role == Role.LEADER else _answer("keeper", [])

    def department(self) -> Response:
        desk = desk_department.of_department(self.actor, today=self.today)
        parts = sections.of_department(desk, seen=self.seen_among(desk))
        return _answer(
            "department",
            parts,
            lights=_named(desk.lights),
            closes_on=desk.closes_on,
            working_days_left=desk.working_days_left if desk.closes_on else None,
            is_provisional=desk.is_provisional,
        )

    def office(self) -> Response:
        desk = desk_office.of_office(self.actor, today=self.today)
        owners = {"without_lead": desk.without_lead_count, "suggested_lead": desk.suggested_count}
        lacking = {**desk.lacking, **owners, "asks_more_than_parent": desk.tightened_count}
        return _answer("office", sections.of_office(desk), stages=desk.stages, lacking=lacking)

    def leader(self) -> Response:
        desk = desk_leader.of_leader(self.actor, today=self.today)
        return _answer("leader", sections.of_leader(desk), lights=_named(desk.lights))

    def seen_among(self, desk: DepartmentDesk) -> set[str]:
        """The codes of the desk's blocked matters that are in the caller's sight. One query."""
        open_ones = desk.blockers
        lists = (open_ones.asked_of_us, open_ones.raised_by_us, open_ones.elsewhere, desk.answers)
        codes = [card.code for cards in lists for card in cards.rows]
        return set(policies.visible_to(self.actor).filter(code__in=codes).values_list("code", flat=True))


def _answer(audience: str, parts: Sequence[Section], **figures: object) -> Response:
    return Response(
        {
            "audience": audience,
            "task_count": sum(part.count for part in parts if part.is_task),
            "sections": [part.shaped() for part in parts],
            **FIGURES,
            **figures,
        }
    )


def _named(lights: Mapping[Health, int]) -> Json:
    return {light.value: count for light, count in lights.items()}
