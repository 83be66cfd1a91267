"""What waits for somebody's word, as desks show it: extension requests, blockers, leaders' instructions.

Every list is one query whatever its length: at most `SHOWN` cards beside the full count. Cards are for reading; who may
answer is `tracker.policies`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from django.db.models import Count, Exists, Model, OuterRef, Q, QuerySet, Window
from django.utils import timezone

from tracker import policies
from tracker.choices import (
    DEPARTMENT_ROLES,
    FINAL_STAGES,
    REPORTABLE_STAGES,
    AnswerState,
    ExtensionState,
    ReportState,
    Role,
)
from tracker.models import Blocker, Commitment, ExtensionRequest, Instruction, Post, ProgressReport, User
from tracker.policies import Actor
from tracker.queries import slips
from tracker.rules import questions

SHOWN = 12
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One question. `id` is the row's primary key (admin page `tracker_<model>_change`), `code` its commitment's.

    `text`: what was asked, in the asker's words. `who`: who asks (department's short name, or the leader's name).
    `from_whom`: who is to answer (post's title with its department, lead department; "" for the supervision office).
    `due_on`: an extension's present due date, the day a blocker's help or an instruction's answer is wanted by.
    `days_left`: days from today to `due_on`, negative when over. `wanted_on`: an extension's new date (granted one when
    granted). `answer`: the words of the answer or decision; `answered_at` None: still open. `label`: a blocker's
    category in words, "" otherwise. `waited_days`: days since it was asked.
    """

    id: int
    ref: UUID
    code: str
    title: str
    health: str
    text: str
    who: str
    from_whom: str
    due_on: date
    days_left: int
    state: str
    is_demo: bool
    waited_days: int = 0
    label: str = ""
    wanted_on: date | None = None
    answer: str = ""
    answered_by: str = ""
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cards:
    """The first `SHOWN` cards and how many there are in all."""

    rows: Sequence[Card] = ()
    total: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenBlockers:
    """Open blockers, each in one list only: those asked of the viewer's posts or department, those of the viewer's
    department, and every other one in sight (the city's roles; matters that a department only joins).
    """

    asked_of_us: Cards
    raised_by_us: Cards
    elsewhere: Cards


def extensions_waiting(viewer: Actor, *, today: date) -> Cards:
    """Requests that wait for a decision, oldest first: all for the city's roles, those in sight for a department."""
    rows = policies.extensions_visible_to(viewer).filter(state=ExtensionState.PENDING)
    return _extensions(rows.order_by("created_at", "pk"), today=today)


def extensions_decided(viewer: Actor, *, since: date, today: date) -> Cards:
    """Decisions on what the viewer's department asked for, on or after `since`, newest first. Nothing for others."""
    if viewer.role not in DEPARTMENT_ROLES:
        return Cards()
    rows = policies.extensions_visible_to(viewer).filter(
        author__department=viewer.department_id, decided_at__date__gte=since
    )
    return _extensions(rows.order_by("-decided_at", "pk"), today=today)


def blockers_open(viewer: Actor, *, today: date) -> OpenBlockers:
    """Open blockers, the earliest wanted day first. Three queries."""
    rows = policies.blockers_visible_to(viewer, today=today).filter(state=AnswerState.OPEN).order_by("wanted_by", "pk")
    asked = Q(wanted_from__in=policies.posts_held_by(viewer, today=today).values("pk"))
    raised = Q(pk__in=[])
    if viewer.role in DEPARTMENT_ROLES and viewer.department_id is not None:
        asked |= Q(wanted_from__department=viewer.department_id)
        raised = Q(author__department=viewer.department_id)
    return OpenBlockers(
        asked_of_us=_blockers(rows.filter(asked), today=today),
        raised_by_us=_blockers(rows.filter(raised).exclude(asked), today=today),
        elsewhere=_blockers(rows.exclude(asked | raised), today=today),
    )


def blockers_overdue(viewer: Actor, *, today: date) -> Cards:
    """Open blockers in sight whose wanted day has passed without an answer, the longest first."""
    rows = policies.blockers_visible_to(viewer, today=today).filter(state=AnswerState.OPEN, wanted_by__lt=today)
    return _blockers(rows.order_by("wanted_by", "pk"), today=today)


def answers_to_me(viewer: Actor, *, since: date, today: date) -> Cards:
    """Answers, on or after `since`, to blockers that the viewer's department raised, newest first."""
    if viewer.role not in DEPARTMENT_ROLES:
        return Cards()
    rows = policies.blockers_visible_to(viewer, today=today).filter(
        author__department=viewer.department_id, state=AnswerState.ANSWERED, answered_at__date__gte=since
    )
    return _blockers(rows.order_by("-answered_at", "pk"), today=today)


def instructions_open(viewer: Actor, *, today: date) -> Cards:
    """Instructions without an answer, the earliest due first.

    A department: those it has to answer. A leader: those they gave. The other city's roles: all.
    """
    return _instructions(_mine(viewer).filter(state=AnswerState.OPEN).order_by("answer_due_on", "pk"), today=today)


def instructions_answered(viewer: Actor, *, today: date, since: date | None = None) -> Cards:
    """Answered instructions, newest answer first; whose as in `instructions_open`, `since` as in `answers_to_me`."""
    rows = _mine(viewer).filter(state=AnswerState.ANSWERED)
    if since is not None:
        rows = rows.filter(answered_at__date__gte=since)
    return _instructions(rows.order_by("-answered_at", "pk"), today=today)


def words_wanted(viewer: Actor, *, today: date) -> QuerySet[Commitment]:
    """The commitments in sight that wait for the viewer's own word: nobody else is asked in their place.

    - An open blocker asked of a post that the viewer holds or stands in for, or of any post of their department.
    - For a department: an instruction that it has to answer.
    - For the supervision office: an extension request that nobody has decided. Leaders decide none; they wait for no
      word of a leader's.
    """
    asked = Q(wanted_from__in=policies.posts_held_by(viewer, today=today).values("pk"))
    is_department = viewer.role in DEPARTMENT_ROLES and viewer.department_id is not None
    if is_department:
        asked |= Q(wanted_from__department=viewer.department_id)
    wanted = Q(pk__in=Blocker.objects.filter(asked, state=AnswerState.OPEN).values("commitment"))
    if is_department:
        given = Instruction.objects.filter(state=AnswerState.OPEN, commitment__lead=viewer.department_id)
        wanted |= Q(pk__in=given.values("commitment"))
    if policies.can_supervise(viewer):
        pending = ExtensionRequest.objects.filter(state=ExtensionState.PENDING)
        wanted |= Q(pk__in=pending.values("commitment"))
    return policies.visible_to(viewer).filter(wanted)


def to_decide() -> Q:
    """The condition on commitments that the supervision office owes a word: a report to review, a request to decide."""
    reports = ProgressReport.objects.filter(commitment=OuterRef("pk"), state=ReportState.SUBMITTED)
    requests = ExtensionRequest.objects.filter(commitment=OuterRef("pk"), state=ExtensionState.PENDING)
    return Q(Exists(reports)) | Q(Exists(requests))


def extendable_by(viewer: Actor, *, today: date) -> QuerySet[Commitment]:
    """The commitments for which the viewer's department may ask a later date today (`rules.questions`)."""
    if viewer.role not in DEPARTMENT_ROLES or viewer.department_id is None:
        return Commitment.objects.none()
    pending = ExtensionRequest.objects.filter(commitment=OuterRef("pk"), state=ExtensionState.PENDING)
    return policies.visible_to(viewer).filter(
        ~Exists(pending), lead=viewer.department_id, stage__in=REPORTABLE_STAGES, due_on__gte=today
    )


def blockable_by(viewer: Actor) -> QuerySet[Commitment]:
    """The commitments on which the viewer's department may name a blocker."""
    if viewer.role not in DEPARTMENT_ROLES:
        return Commitment.objects.none()
    return policies.visible_to(viewer).filter(stage__in=questions.BLOCKABLE_STAGES)


def posts_to_ask(words: str = "") -> QuerySet[Post]:
    """The posts that a blocker may ask, by department. Each word is part of a title, a department or its initials."""
    found = Post.objects.filter(department__is_active=True).select_related("department").order_by("department", "code")
    for word in words.replace("\x00", "").split():
        hit = Q(initials__icontains=word) | Q(department__initials__icontains=word)
        for name in ("title", "department__name", "department__short_name"):
            hit |= Q(**{f"{name}__icontains": word})
        found = found.filter(hit)
    return found


def leaders() -> QuerySet[User]:
    """Whose word an instruction may be, by name."""
    return User.objects.filter(role=Role.LEADER, is_active=True).order_by("full_name", "username")


def instructable_by(viewer: Actor) -> QuerySet[Commitment]:
    """The commitments on which the viewer may give an instruction, or enter a leader's."""
    if not policies.can_instruct(viewer):
        return Commitment.objects.none()
    return policies.visible_to(viewer).exclude(stage__in=FINAL_STAGES).filter(lead__isnull=False)


def askable(model_name: str, viewer: Actor, *, today: date) -> QuerySet[Commitment] | None:
    """What the search box of a new question offers, by the question's model; None: it is no question's box."""
    if model_name == "extensionrequest":
        return extendable_by(viewer, today=today)
    if model_name == "blocker":
        return blockable_by(viewer)
    if model_name == "slip":
        return slips.draftable_by(viewer, today=today)
    return instructable_by(viewer) if model_name == "instruction" else None


def _mine(viewer: Actor) -> QuerySet[Instruction]:
    rows = policies.instructions_visible_to(viewer)
    if viewer.role == Role.LEADER:
        return rows.filter(given_by=viewer.user_id)
    if viewer.role in DEPARTMENT_ROLES:
        return rows.filter(commitment__lead=viewer.department_id)
    return rows


def _cut(rows: QuerySet[Row]) -> tuple[list[Row], int]:
    """The first rows, and the number of all of them, in one query."""
    shown = list(rows.annotate(all_rows=Window(Count("pk")))[:SHOWN])
    return shown, getattr(shown[0], "all_rows", 0) if shown else 0


def _extensions(rows: QuerySet[ExtensionRequest], *, today: date) -> Cards:
    found, total = _cut(rows.select_related("commitment__lead", "author__department", "decided_by"))
    return Cards(rows=[_extension(row, today=today) for row in found], total=total)


def _blockers(rows: QuerySet[Blocker], *, today: date) -> Cards:
    related = rows.select_related("commitment", "author__department", "wanted_from__department", "answered_by")
    found, total = _cut(related)
    return Cards(rows=[_blocker(row, today=today) for row in found], total=total)


def _instructions(rows: QuerySet[Instruction], *, today: date) -> Cards:
    found, total = _cut(rows.select_related("commitment__lead", "given_by", "answered_by"))
    return Cards(rows=[_instruction(row, today=today) for row in found], total=total)


def _extension(row: ExtensionRequest, *, today: date) -> Card:
    department = row.author.department or row.commitment.lead
    return Card(
        id=row.pk,
        ref=row.ref,
        code=row.commitment.code,
        title=row.commitment.title,
        health=row.commitment.health,
        text=row.reason,
        who=department.short_name if department else str(row.author),
        from_whom="",
        due_on=row.due_on,
        days_left=(row.due_on - today).days,
        state=row.state,
        is_demo=row.is_demo,
        waited_days=_days_since(row.created_at, today=today),
        wanted_on=row.granted_on or row.wanted_on,
        answer=row.decision,
        answered_by=str(row.decided_by) if row.decided_by else "",
        answered_at=row.decided_at,
    )


def _blocker(row: Blocker, *, today: date) -> Card:
    return Card(
        id=row.pk,
        ref=row.ref,
        code=row.commitment.code,
        title=row.commitment.title,
        health=row.commitment.health,
        text=row.text,
        who=row.author.department.short_name if row.author.department else str(row.author),
        from_whom=f"{row.wanted_from.department.short_name} · {row.wanted_from.title}",
        due_on=row.wanted_by,
        days_left=(row.wanted_by - today).days,
        state=row.state,
        is_demo=row.is_demo,
        waited_days=_days_since(row.created_at, today=today),
        label=str(row.get_category_display()),
        answer=row.answer,
        answered_by=str(row.answered_by) if row.answered_by else "",
        answered_at=row.answered_at,
    )


def _instruction(row: Instruction, *, today: date) -> Card:
    lead = row.commitment.lead
    return Card(
        id=row.pk,
        ref=row.ref,
        code=row.commitment.code,
        title=row.commitment.title,
        health=row.commitment.health,
        text=row.text,
        who=str(row.given_by),
        from_whom=lead.short_name if lead else "",
        due_on=row.answer_due_on,
        days_left=(row.answer_due_on - today).days,
        state=row.state,
        is_demo=row.is_demo,
        waited_days=(today - row.given_on).days,
        answer=row.answer,
        answered_by=str(row.answered_by) if row.answered_by else "",
        answered_at=row.answered_at,
    )


def _days_since(moment: datetime, *, today: date) -> int:
    return (today - timezone.localdate(moment)).days
