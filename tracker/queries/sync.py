"""What a syncing client is sent: rows of a window of revisions, in pages by (revision, key), and what left its sight.

A window ends at a number that the clock had shown before its rows were read: whatever was stamped up to it is
committed, because the clock's row is locked from a stamp to its commit. A row that changes while a window is read takes
a later revision and comes with the next window. So no statement here needs a transaction of its own.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, TypeVar

from django.db.models import BooleanField, F, Func, IntegerField, Model, QuerySet, Value

from projects.models import Designation, Initiative, ParkShare, TalentYear
from tracker import policies
from tracker.models import Commitment, Department, Plan, SyncNote
from tracker.models.sync import NoteSubject
from tracker.policies import Actor
from tracker.queries import api
from tracker.queries.api import COMMITMENT_COLUMNS, DETAIL_COLUMNS, REPORT_COLUMNS, CommitmentParts, Row

Found = TypeVar("Found", bound=Model)

BEGINNING = -1  # the revision before all; a row that was never stamped has 0
LAST_KEY = 2**63 - 1
PROJECT_COLUMNS = (
    "stage", "total_investment_wan", "plan_year", "year_investment_wan", "year_invested_wan", "physical_percent",
    "work_percent", "in_statistics", "in_statistics_on",
)  # fmt: skip
INITIATIVE_COLUMNS = (
    "id", "code", "name", "kind", "jurisdiction__code", "host", "note", "is_demo", "revision", "project__initiative",
    *(f"project__{name}" for name in PROJECT_COLUMNS), "project__park__initiative__code", "park__initiative",
    "park__grade", "platform__initiative", "platform__grade", "platform__field", "talent_programme__initiative",
    "talent_programme__audience",
)  # fmt: skip
_REVISION = COMMITMENT_COLUMNS.index("revision")
_ID = len(COMMITMENT_COLUMNS) + DETAIL_COLUMNS.index("id")
_PARENT = len(COMMITMENT_COLUMNS) + DETAIL_COLUMNS.index("parent_id")


class Place(NamedTuple):
    """A row's place in the order of changes."""

    revision: int
    key: int


class Window(NamedTuple):
    """Revisions after `low`, up to `high`; a page begins after a place in it."""

    low: int
    high: int
    after: Place

    @property
    def is_snapshot(self) -> bool:
        return self.low == BEGINNING


class SyncedCommitment(NamedTuple):
    """A commitment with its parts: a row of COMMITMENT_COLUMNS, DETAIL_COLUMNS by name."""

    row: Row
    details: dict[str, Any]
    parts: CommitmentParts


class SyncedInitiative(NamedTuple):
    """A row of INITIATIVE_COLUMNS and what hangs on it."""

    row: Row
    designations: Sequence[Row]
    shares: Sequence[Row]
    years: Sequence[Row]


class Noted(NamedTuple):
    """A page of notes read: how many, where it ends, whether older ones were forgotten; what they lead to.

    `again` holds primary keys by subject, `removed` the keys of what the viewer sees no longer.
    """

    size: int
    end: Place
    is_cut: bool
    again: dict[NoteSubject, list[int]]
    removed: list[tuple[NoteSubject, str]]


def changed(rows: QuerySet[Found], window: Window) -> QuerySet[Found]:
    """The rows of a window after its place, in order."""
    here = Func(F("revision"), F("pk"), function="", output_field=IntegerField())
    place = Func(*(Value(number) for number in window.after), function="", output_field=IntegerField())
    # A comparison of rows, so that one index by (revision, id) finds the place, also among thousands of one revision.
    after = Func(here, place, template="%(expressions)s", arg_joiner=" > ", output_field=BooleanField())
    return rows.filter(after, revision__lte=window.high).order_by("revision", "pk")


def notes(viewer: Actor, window: Window, *, limit: int) -> Noted:
    """A page of the notes for the viewer's scope. One query, two more for each subject that there are notes on.

    What was stamped in the window too is not sent again here; what left and came back is not removed.
    """
    mine = SyncNote.objects.filter(scope__in=["", policies.scope_key(viewer)])
    rows = list(changed(mine, window).values_list("revision", "id", "subject", "key", "is_leaving")[:limit])
    keys: dict[NoteSubject, dict[str, bool]] = defaultdict(dict)
    is_cut = False
    for _revision, _pk, subject, key, is_leaving in rows:
        if subject == NoteSubject.FLOOR:
            is_cut = True
        else:
            of_subject = keys[NoteSubject(subject)]
            of_subject[key] = is_leaving or of_subject.get(key, False)
    again: dict[NoteSubject, list[int]] = {}
    removed: list[tuple[NoteSubject, str]] = []
    for subject, wanted in keys.items():
        seen = _seen(subject, viewer, list(wanted))
        again[subject] = sorted(pk for pk, stamped in seen.values() if stamped <= window.low)
        removed += [(subject, key) for key, is_leaving in wanted.items() if is_leaving and key not in seen]
    end = Place(*rows[-1][:2]) if rows else window.after
    return Noted(size=len(rows), end=end, is_cut=is_cut, again=again, removed=removed)


def _seen(subject: NoteSubject, viewer: Actor, keys: list[str]) -> dict[str, tuple[int, int]]:
    """Which of these the viewer sees now: key → (primary key, revision). One query."""
    if subject == NoteSubject.DEPARTMENT:
        departments = policies.departments_visible_to(viewer).filter(code__in=keys)
        return {code: (pk, BEGINNING) for code, pk in departments.values_list("code", "pk")}
    if subject == NoteSubject.REPORT:
        reports = policies.reports_visible_to(viewer).filter(ref__in=keys)
        return {str(ref): (pk, stamped) for ref, pk, stamped in reports.values_list("ref", "pk", "revision")}
    is_plan = subject == NoteSubject.PLAN
    rows: QuerySet[Any] = api.plans_visible_to(viewer) if is_plan else policies.visible_to(viewer)
    return {
        code: (pk, stamped) for code, pk, stamped in rows.filter(code__in=keys).values_list("code", "pk", "revision")
    }


def departments(viewer: Actor, window: Window, *, limit: int) -> list[Department]:
    """The departments in sight, in a snapshot; later ones come by notes. One query."""
    rows = policies.departments_visible_to(viewer)
    return list(rows.filter(pk__gt=window.after.key).order_by("pk")[:limit]) if window.is_snapshot else []


def plans(viewer: Actor, window: Window, *, limit: int) -> list[Plan]:
    """The plans in sight that changed. One query."""
    return list(changed(api.plans_visible_to(viewer), window)[:limit])


def initiatives(window: Window, *, limit: int) -> list[SyncedInitiative]:
    """The initiatives that changed; whoever is signed in sees the whole catalogue. Four queries, one when none did."""
    rows: list[Row] = list(changed(Initiative.objects.all(), window).values_list(*INITIATIVE_COLUMNS)[:limit])
    if not rows:
        return []
    ids = [row[0] for row in rows]
    rungs = Designation.objects.filter(initiative__in=ids).order_by("title", "pk")
    shares = ParkShare.objects.filter(park__in=ids).order_by("county__order", "pk")
    years = TalentYear.objects.filter(programme__in=ids).order_by("year")
    of_rungs = _by_first(rungs.values_list("initiative", "title", "grade", "step", "step_on"))
    of_shares = _by_first(shares.values_list("park", "county__code", "share_percent"))
    of_years = _by_first(years.values_list("programme", "year", "quota", "headcount"))
    return [SyncedInitiative(row, of_rungs[row[0]], of_shares[row[0]], of_years[row[0]]) for row in rows]


def _by_first(rows: Iterable[Row]) -> dict[int, list[Row]]:
    """Rows by their first column, which they lose."""
    found: dict[int, list[Row]] = defaultdict(list)
    for key, *rest in rows:
        found[key].append(tuple(rest))
    return found


def commitments(viewer: Actor, window: Window, *, limit: int) -> list[SyncedCommitment]:
    """The commitments in sight that changed, whole. At most seven queries, one when none did."""
    return _whole(changed(policies.visible_to(viewer), window), viewer, limit=limit)


def commitments_again(viewer: Actor, ids: Iterable[int]) -> list[SyncedCommitment]:
    """The same for those that notes name."""
    listed = list(ids)
    return _whole(policies.visible_to(viewer).filter(pk__in=listed), viewer, limit=len(listed)) if listed else []


def _whole(rows: QuerySet[Commitment], viewer: Actor, *, limit: int) -> list[SyncedCommitment]:
    found: list[Row] = list(rows.values_list(*COMMITMENT_COLUMNS, *DETAIL_COLUMNS)[:limit])
    if not found:
        return []
    ids, parents = [row[_ID] for row in found], {row[_PARENT] for row in found if row[_PARENT]}
    seen = policies.visible_to(viewer).filter(pk__in=parents).values_list("pk", "code") if parents else ()
    codes, parts = dict(seen), api.departments_of(ids)
    milestones, targets = api.milestones_of(ids), api.targets_of(ids)
    width = len(COMMITMENT_COLUMNS)
    return [
        SyncedCommitment(
            row=row[:width],
            details=dict(zip(DETAIL_COLUMNS, row[width:], strict=True)),
            parts=CommitmentParts(
                parent=codes.get(row[_PARENT]),
                departments=parts.get(row[_ID], ()),
                milestones=milestones.get(row[_ID], ()),
                targets=targets.get(row[_ID], ()),
                reports=(),
            ),
        )
        for row in found
    ]


def reports(viewer: Actor, window: Window, *, limit: int) -> list[Row]:
    """The reports in sight that changed: rows of REPORT_COLUMNS, then the primary key. One query."""
    return list(changed(policies.reports_visible_to(viewer), window).values_list(*REPORT_COLUMNS, "pk")[:limit])


def reports_again(viewer: Actor, ids: Iterable[int]) -> list[Row]:
    """The same for those that notes name."""
    rows = policies.reports_visible_to(viewer).filter(pk__in=list(ids)).order_by("pk")
    return list(rows.values_list(*REPORT_COLUMNS, "pk"))


def place_of_commitment(one: SyncedCommitment) -> Place:
    return Place(one.row[_REVISION], one.details["id"])


def place_of_initiative(one: SyncedInitiative) -> Place:
    return Place(one.row[INITIATIVE_COLUMNS.index("revision")], one.row[0])
