"""What syncing clients cannot learn from a revision: who gained and lost sight of what, and whose answer shows a name
that stands elsewhere.

Actions call this last, after their stamps: notes carry a revision. No other row is locked or stamped for it, so that
nobody waits and nobody's `If-Match` fails because a department was renamed. docs/decisions/0022 has the table.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q

from projects.actions import bulk, clock
from projects.models import Indicator, Initiative
from tracker import policies
from tracker.choices import ReportState
from tracker.models import Commitment, CommitmentDepartment, Department, Plan, ProgressReport, SyncNote, User
from tracker.models.sync import NoteSubject

BATCH = 500
KEPT = timedelta(days=90)
LEAP = 1_000_000_000  # revisions: more than are taken between a copy of the database and its restoring


class Standing(NamedTuple):
    """What of a commitment others show or rest on: the departments that see it, its title."""

    departments: frozenset[int]
    title: str


NOWHERE = Standing(frozenset(), "")
Sight = Mapping[int, Standing]


class Note(NamedTuple):
    """One note before it has its revision."""

    subject: NoteSubject
    key: str
    scope: str = ""
    is_leaving: bool = False


def of(items: Iterable[Commitment]) -> dict[int, Standing]:
    """How these commitments stand now, by primary key: take it under their lock, before they change. One query."""
    listed = list(items)
    parts: dict[int, set[int]] = {item.pk: {item.lead_id} if item.lead_id else set() for item in listed}
    ids = list(parts)
    for first in range(0, len(ids), BATCH):
        rows = CommitmentDepartment.objects.filter(commitment__in=ids[first : first + BATCH])
        for commitment, department in rows.values_list("commitment", "department"):
            parts[commitment].add(department)
    return {item.pk: Standing(frozenset(parts[item.pk]), item.title) for item in listed}


def tell_changes(before: Sight, items: Sequence[Commitment], *, rev: int) -> None:
    """Note what follows from how these commitments stand now; those missing in `before` are new. `rev`: their stamp.

    A department that loses sight is told so, of the commitment and of its plan; one that gains it is sent the plan and
    the reports again; both the children, which name their parent where it is seen. Reports show the title.
    """
    after = of(items)
    changed = [item for item in items if before.get(item.pk, NOWHERE) != after[item.pk]]
    if not changed:
        return
    children, reports = _children(changed), _reports(item for item in changed if item.pk in before)
    plans = dict(Plan.objects.filter(pk__in={item.plan_id for item in changed}).values_list("pk", "code"))
    notes: dict[Note, None] = {}
    for item in changed:
        was, now = before.get(item.pk, NOWHERE), after[item.pk]
        gained, lost = _scopes(now.departments - was.departments), _scopes(was.departments - now.departments)
        plan, own = plans[item.plan_id], reports.get(item.pk, ())
        told = [Note(NoteSubject.COMMITMENT, item.code, scope, is_leaving=True) for scope in lost]
        told += [Note(NoteSubject.PLAN, plan, scope, is_leaving=True) for scope in lost]
        told += [Note(NoteSubject.PLAN, plan, scope) for scope in gained]
        told += [Note(NoteSubject.REPORT, ref, scope) for scope in gained for ref in own]
        told += [Note(NoteSubject.COMMITMENT, code, scope) for scope in gained + lost for code in children[item.pk]]
        if item.pk in before and was.title != now.title:
            told += [Note(NoteSubject.REPORT, ref) for ref in own]
        notes |= dict.fromkeys(told)
    write(notes, rev=rev)


def gone(reports: Iterable[ProgressReport]) -> list[Note]:
    """Notes that these reports are gone, for all who see them; take them before the rows go. Two queries."""
    rows = list(reports)
    items = Commitment.objects.filter(pk__in={row.commitment_id for row in rows})
    seen = of(items)
    authors = dict(User.objects.filter(pk__in={row.author_id for row in rows}).values_list("pk", "department"))
    notes: list[Note] = []
    for row in rows:
        scopes = [*_scopes(seen[row.commitment_id].departments), policies.CITYWIDE]
        if row.state == ReportState.DRAFT:
            scopes = [scope for scope in scopes if scope in _scopes([authors[row.author_id]])]
        notes += [Note(NoteSubject.REPORT, str(row.ref), scope, is_leaving=True) for scope in scopes]
    return notes


def tell_names(
    *, department: Department | None = None, post: int | None = None, clause: int | None = None,
    initiative: Initiative | None = None, indicator: Indicator | None = None,
) -> None:  # fmt: skip
    """Have the commitments sent again that show the name, the place or the values of this one."""
    shown = Q(pk__in=[])
    if department is not None:
        joined = CommitmentDepartment.objects.filter(department=department).values("commitment")
        shown |= Q(lead=department) | Q(pk__in=joined)
    if post is not None:
        shown |= Q(post=post)
    if clause is not None:
        shown |= Q(clause=clause)
    if initiative is not None:
        shown |= Q(initiative=initiative)
    if indicator is not None:
        shown |= Q(targets__indicator=indicator)
    codes = Commitment.objects.filter(shown).order_by("pk").values_list("code", flat=True).distinct()
    write([Note(NoteSubject.COMMITMENT, code) for code in codes])


def tell_person(user: User, *, moved_from: int | None, is_renamed: bool) -> None:
    """Have the reports sent again that name this person; the drafts of one who moved change hands between departments.

    Call with the person's row locked: who writes a report then waits.
    """
    notes: list[Note] = []
    rev = clock.tick() if is_renamed else None  # the name stands in answers that no note is about
    if is_renamed:
        rows = ProgressReport.objects.filter(Q(author=user) | Q(reviewer=user))
        notes += [Note(NoteSubject.REPORT, str(ref)) for ref in rows.order_by("pk").values_list("ref", flat=True)]
    if moved_from != user.department_id:
        drafts = list(ProgressReport.objects.filter(author=user, state=ReportState.DRAFT).order_by("pk"))
        if drafts and rev is None:
            rev = clock.tick()  # so that nobody gains sight of them while it is asked who has it
        notes += _left(drafts, department=moved_from)
        notes += [Note(NoteSubject.REPORT, str(one.ref), to) for one in drafts for to in _scopes([user.department_id])]
    write(notes, rev=rev)


def tell_taken_up(draft: ProgressReport, *, was: int, rev: int) -> None:
    """Note that a draft has another author: the department of the one before, `was`, sees it no longer.

    `rev`: the draft's stamp. Departments are asked for under it, so that somebody who is moved now is seen where they
    will be.
    """
    people = User.objects.filter(pk__in=[was, draft.author_id])
    departments = dict(people.values_list("pk", "department"))
    if departments[was] != departments[draft.author_id]:
        write(_left([draft], department=departments[was]), rev=rev)


def _left(drafts: Iterable[ProgressReport], *, department: int | None) -> list[Note]:
    """Notes that these drafts left the sight of a department, as far as it sees their commitments."""
    rows = list(drafts)
    seen = of(Commitment.objects.filter(pk__in={row.commitment_id for row in rows})) if rows else {}
    return [
        Note(NoteSubject.REPORT, str(row.ref), scope, is_leaving=True)
        for row in rows
        for scope in _scopes(seen[row.commitment_id].departments & {department})
    ]


@transaction.atomic
def write(notes: Iterable[Note], *, rev: int | None = None) -> None:
    """Store these notes under the revision that this transaction has taken (None: it takes one, if there is a note)."""
    told = list(notes)
    if not told:
        return
    rev = clock.tick() if rev is None else rev
    bulk.insert_values(SyncNote, ("revision", *Note._fields), [(rev, *note) for note in told])


@transaction.atomic
def forget(*, now: datetime) -> int:
    """Drop notes older than KEPT; returns how many. A cursor from before the floor that stays has to begin anew."""
    old = SyncNote.objects.filter(made_at__lt=now - KEPT).exclude(subject=NoteSubject.FLOOR)
    newest = old.order_by("revision", "pk").last()
    if newest is None:
        return 0
    rest = SyncNote.objects.exclude(pk=newest.pk)
    rest.filter(subject=NoteSubject.FLOOR).delete()
    count: int = rest.filter(revision__lte=newest.revision).delete()[0]
    # The last one becomes the floor, in its place: who had read just to there goes on, who stopped before it finds it.
    SyncNote.objects.filter(pk=newest.pk).update(subject=NoteSubject.FLOOR, key="", scope="", is_leaving=False)
    return count + 1


@transaction.atomic
def begin_anew() -> int:
    """Have every device begin anew, after the database was restored from a copy; returns the revision from which.

    What was stamped after the copy was made is gone, but its numbers are with the clients. The clock leaves them all
    behind, so that none is given a second time: no cursor and no `If-Match` of the time that is lost fits any more.
    """
    rev = clock.tick(by=LEAP)
    SyncNote.objects.all().delete()
    SyncNote.objects.create(subject=NoteSubject.FLOOR, revision=rev)
    return rev


def _scopes(departments: Iterable[int | None]) -> list[str]:
    return [policies.department_scope(pk) for pk in departments if pk is not None]


def _children(items: Iterable[Commitment]) -> dict[int, list[str]]:
    """The codes of their children by parent. One query."""
    found: dict[int, list[str]] = {item.pk: [] for item in items}
    for parent, code in Commitment.objects.filter(parent__in=list(found)).values_list("parent", "code"):
        found[parent or 0].append(code)
    return found


def _reports(items: Iterable[Commitment]) -> dict[int, list[str]]:
    """The references of their reports by commitment. One query."""
    found: dict[int, list[str]] = {item.pk: [] for item in items}
    if found:
        rows = ProgressReport.objects.filter(commitment__in=list(found)).order_by("pk")
        for commitment, ref in rows.values_list("commitment", "ref"):
            found[commitment].append(str(ref))
    return found
