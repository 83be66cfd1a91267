"""`GET /sync/`: everything in the reader's sight, then what changed of it and what left it, by one cursor."""

from typing import Any, NamedTuple

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from projects.errors import DomainError
from projects.queries import clock
from tracker.api import described, filters, paging, shapes
from tracker.api.endpoint import Endpoint
from tracker.api.filters import NoFilter
from tracker.api.shapes import Json
from tracker.api.sync import cursors
from tracker.api.sync import shapes as own
from tracker.api.sync.cursors import Cursor, Phase
from tracker.api.sync.outputs import SyncOutput
from tracker.models import Department, Plan, SyncNote
from tracker.models.sync import NoteSubject
from tracker.policies import Actor
from tracker.queries import api
from tracker.queries import sync as queries
from tracker.queries.sync import Place

LARGEST = 500
LISTS = ("removed", "departments", "plans", "initiatives", "commitments", "reports")


class SyncView(Endpoint):
    """What a client that works offline keeps. Without a cursor a snapshot; with one, what it has not seen yet."""

    @described.operation(
        "sync",
        tag="sync",
        answers={200: SyncOutput, 304: None},
        refusals=(400, 410),
        parameters=(
            OpenApiParameter("cursor", OpenApiTypes.STR, description="From the answer before."),
            OpenApiParameter("limit", {"type": "integer", "minimum": 1, "maximum": LARGEST, "default": LARGEST}),
            described.IF_NONE_MATCH,
        ),
    )
    def get(self, request: Request) -> Response:
        filters.narrow(SyncNote.objects.none(), request.query_params, by=NoFilter)
        actor, limit = self.actor, paging.limit_of(request, default=LARGEST, largest=LARGEST)
        high = clock.revision()
        given = request.query_params.get("cursor")
        at = cursors.first(high=high) if given is None else cursors.read(given, viewer=actor)
        if at.high > high:  # the site was restored from a copy older than the cursor
            raise DomainError("cursor_expired", field="cursor")
        if _is_told(at, high) and self.holds(self.tag(high)):
            return self.unchanged(self.tag(high))
        page = _Page(actor, today=self.today, limit=limit)
        while page.left and not _is_told(at, high):
            at = page.read(cursors.onward(at, high=high) if at.phase is Phase.REST else at)
        more = not _is_told(at, high)
        body = page.lists | {"today": self.today, "cursor": cursors.write(at, viewer=actor), "more": more}
        return Response(body, headers={} if more else {"ETag": self.tag(at.high)})


class _Read(NamedTuple):
    """What was read of a phase: how many rows, and where the last one stands."""

    size: int
    end: Place


class _Page:
    """One page as it fills, phase by phase."""

    def __init__(self, viewer: Actor, *, today: Any, limit: int) -> None:
        self.viewer, self.today, self.left = viewer, today, limit
        self.lists: dict[str, list[Json]] = {name: [] for name in LISTS}
        self.commitment = own.commitments(today=today)

    def read(self, at: Cursor) -> Cursor:
        """Read on from here; returns where to go on. Raises DomainError `cursor_expired`."""
        read = {
            Phase.NOTES: self._notes,
            Phase.DEPARTMENTS: self._departments,
            Phase.PLANS: self._plans,
            Phase.INITIATIVES: self._initiatives,
            Phase.COMMITMENTS: self._commitments,
            Phase.REPORTS: self._reports,
        }[at.phase](at)
        if read.size < self.left:
            self.left -= read.size
            return at.next_phase()
        self.left = 0
        return at._replace(place=read.end)

    def _notes(self, at: Cursor) -> _Read:
        found = queries.notes(self.viewer, at.window, limit=self.left)
        if found.is_cut:
            raise DomainError("cursor_expired", field="cursor")
        self.lists["removed"] += [{"kind": subject.value, "key": key} for subject, key in found.removed]
        again = found.again
        self._put_departments(Department.objects.filter(pk__in=again.get(NoteSubject.DEPARTMENT, ())).order_by("pk"))
        self._put_plans(list(Plan.objects.filter(pk__in=again.get(NoteSubject.PLAN, ())).order_by("pk")))
        rows = queries.commitments_again(self.viewer, again.get(NoteSubject.COMMITMENT, ()))
        self.lists["commitments"] += map(self.commitment, rows)
        self.lists["reports"] += map(own.report, queries.reports_again(self.viewer, again.get(NoteSubject.REPORT, ())))
        return _Read(found.size, found.end)

    def _departments(self, at: Cursor) -> _Read:
        rows = queries.departments(self.viewer, at.window, limit=self.left)
        self._put_departments(rows)
        return _Read(len(rows), Place(at.place.revision, rows[-1].pk) if rows else at.place)

    def _put_departments(self, rows: Any) -> None:
        self.lists["departments"] += map(shapes.department, rows)

    def _plans(self, at: Cursor) -> _Read:
        rows = queries.plans(self.viewer, at.window, limit=self.left)
        self._put_plans(rows)
        return _Read(len(rows), Place(rows[-1].revision, rows[-1].pk) if rows else at.place)

    def _put_plans(self, rows: list[Plan]) -> None:
        chapters = api.chapters_of(rows) if rows else {}
        self.lists["plans"] += [shapes.plan(row, chapters.get(row.pk, [])) for row in rows]

    def _initiatives(self, at: Cursor) -> _Read:
        rows = queries.initiatives(at.window, limit=self.left)
        self.lists["initiatives"] += map(own.initiative, rows)
        return _Read(len(rows), queries.place_of_initiative(rows[-1]) if rows else at.place)

    def _commitments(self, at: Cursor) -> _Read:
        rows = queries.commitments(self.viewer, at.window, limit=self.left)
        self.lists["commitments"] += map(self.commitment, rows)
        return _Read(len(rows), queries.place_of_commitment(rows[-1]) if rows else at.place)

    def _reports(self, at: Cursor) -> _Read:
        rows = queries.reports(self.viewer, at.window, limit=self.left)
        self.lists["reports"] += map(own.report, rows)
        return _Read(len(rows), Place(*rows[-1][-2:]) if rows else at.place)


def _is_told(at: Cursor, high: int) -> bool:
    """Whether a client that stands here knows all that the clock has counted."""
    return at.phase is Phase.REST and at.low == high
