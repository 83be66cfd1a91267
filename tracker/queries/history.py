"""Events as a person reads them: labels for fields, names for codes, what happened together. Reads only."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Count, Model, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from projects.models import Indicator, Initiative, ParkDetails, Reading, TalentProgrammeDetails
from tracker import policies
from tracker.choices import DEPARTMENT_ROLES
from tracker.event_kinds import EventKind
from tracker.models import (
    Blocker,
    Channel,
    Clause,
    Commitment,
    Contribution,
    DayOverride,
    Department,
    Deputy,
    Event,
    Evidence,
    ExtensionRequest,
    HandoverItem,
    Instruction,
    ListLayout,
    Lookback,
    LookbackPick,
    Milestone,
    Plan,
    Post,
    PostHolding,
    ProgressReport,
    Reminder,
    ReminderRule,
    SiteSettings,
    Slip,
    Subscription,
    Target,
    User,
    Verification,
)
from tracker.policies import Actor
from tracker.queries import chain
from tracker.queries.chain import PageProof
from tracker.queries.names import Names

LIMIT, PAGE = 200, 50
# Whose fields an event of this kind speaks of; a commitment's, where none is named.
SPOKEN_OF: dict[str, type[Model]] = {
    EventKind.MILESTONE_SET: Milestone,
    EventKind.TARGET_SET: Target,
    EventKind.REPORT_SAVED: ProgressReport,
    EventKind.REPORT_SUBMITTED: ProgressReport,
    EventKind.REPORT_RETURNED: ProgressReport,
    EventKind.REPORT_ACCEPTED: ProgressReport,
    EventKind.CONTRIBUTION_SAVED: Contribution,
    EventKind.EXTENSION_REQUESTED: ExtensionRequest,
    EventKind.EXTENSION_DECIDED: ExtensionRequest,
    EventKind.EXTENSION_WITHDRAWN: ExtensionRequest,
    EventKind.BLOCKER_RAISED: Blocker,
    EventKind.BLOCKER_ANSWERED: Blocker,
    EventKind.BLOCKER_WITHDRAWN: Blocker,
    EventKind.INSTRUCTION_GIVEN: Instruction,
    EventKind.INSTRUCTION_ANSWERED: Instruction,
    EventKind.INSTRUCTION_WITHDRAWN: Instruction,
    EventKind.EVIDENCE_ADDED: Evidence,
    EventKind.EVIDENCE_WITHDRAWN: Evidence,
    EventKind.VERIFICATION_RECORDED: Verification,
    EventKind.LOOKBACK_DRAWN: Lookback,
    EventKind.POST_HANDED_OVER: PostHolding,
    EventKind.HANDOVER_RECEIVED: PostHolding,
    EventKind.DEPUTY_SET: Deputy,
    EventKind.SLIP_DRAFTED: Slip,
    EventKind.SLIP_DROPPED: Slip,
    EventKind.SLIP_ISSUED: Slip,
    EventKind.SLIP_ANSWERED: Slip,
    EventKind.SLIP_WITHDRAWN: Slip,
}
# Kinds of events about things with a `ref`, and who sees those things.
NARROWER: tuple[tuple[frozenset[str], Callable[[Actor], QuerySet[Any]]], ...] = (
    (frozenset({EventKind.CONTRIBUTION_SAVED}), policies.contributions_visible_to),
    (frozenset({EventKind.EVIDENCE_ADDED, EventKind.EVIDENCE_WITHDRAWN}), policies.evidence_visible_to),
    (frozenset({EventKind.SLIP_DRAFTED, EventKind.SLIP_DROPPED}), policies.slips_visible_to),
)
NARROW_KINDS = sorted({kind for kinds, _seen in NARROWER for kind in kinds})
# The first word of a subject and the table it names.
SUBJECTS: dict[str, type[Model]] = {
    "department": Department,
    "post": Post,
    "user": User,
    "plan": Plan,
    "clause": Clause,
    "initiative": Initiative,
    "indicator": Indicator,
    "reading": Reading,
    "lookback": Lookback,
    "deputy": Deputy,
    "sitesettings": SiteSettings,
    "dayoverride": DayOverride,
    "channel": Channel,
    "subscription": Subscription,
    "listlayout": ListLayout,
    "reminderrule": ReminderRule,
}
# What the log tells without a field of that name.
LABELS: dict[str, str | Promise] = {
    "password": gettext_lazy("password"),
    "draft": gettext_lazy("draft of the former lead, set aside"),
    "departments": gettext_lazy("departments beside the lead"),
    "recipients": gettext_lazy("reminded"),
    "deputy": gettext_lazy("deputy"),
    "overlap": gettext_lazy("hours for which the former secret signs too"),
    "holder": gettext_lazy("holder"),
}
# The same, where another table has the name too.
LABELS_OF: dict[tuple[type[Model], str], str | Promise] = {
    (ReminderRule, "draft"): gettext_lazy("draft version"),
    (ReminderRule, "version"): gettext_lazy("version in force"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """One event: number, day and hour, who (empty: the site itself), what, about what, its changes and its reason.

    `others` counts what was changed together with it, under one `group` (None: it happened alone). `seal`: its SHA-256.
    `kind`: the code of what.
    """

    seq: int
    at: datetime
    who: str
    what: str
    about: str
    changes: Sequence[Change]
    reason: str
    group: UUID | None
    others: int
    is_demo: bool
    seal: str = ""
    kind: str = ""


def of(row: Model, *, viewer: Actor) -> list[HistoryEntry]:
    """The latest events about a row, newest first. What stands in a draft is told to its own department only.

    A fixed number of queries, and one for each kind of thing that is named.
    """
    found = _in_sight(_told(row, viewer)[:LIMIT], viewer)
    names = Names(viewer, plan_id=_plan_of(row))
    for event in found:
        names.expect(_model(event), event.changes)
    together = _together(found)
    return [_entry(event, names, others=together.get(event.group, 1) - 1) for event in found]


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryPage:
    """A page of a commitment's history, newest first, and the proof of what stands on it.

    `next_before`: the number below which the next page begins, None on the last one. `total`: all that is told.
    """

    entries: Sequence[HistoryEntry]
    total: int
    next_before: int | None
    proof: PageProof


def page(item: Commitment, *, viewer: Actor, before: int | None = None, size: int = PAGE) -> HistoryPage:
    """One page of everything that the viewer may be told. Keyset by number: a fixed number of queries at any depth,
    and one for each kind of thing that is named.
    """
    told = _told(item, viewer).exclude(Q(kind__in=NARROW_KINDS) & ~Q(subject__in=_told_of(item, viewer)))
    rows = list((told.filter(seq__lt=before) if before is not None else told)[: size + 1])
    found = rows[:size]
    names = Names(viewer, plan_id=item.plan_id)
    for event in found:
        names.expect(_model(event), event.changes)
    together = _together(found)
    return HistoryPage(
        entries=[_entry(event, names, others=together.get(event.group, 1) - 1) for event in found],
        total=told.order_by().count(),
        next_before=found[-1].seq if len(rows) > size else None,
        proof=chain.prove(found),
    )


def _told_of(item: Commitment, viewer: Actor) -> list[str]:
    """What the log calls the contributions and files that the viewer sees. A query for each kind."""
    seen = [visible_to(viewer).filter(commitment=item).values_list("ref", flat=True) for _kinds, visible_to in NARROWER]
    return [str(ref) for refs in seen for ref in refs]


def latest(row: Model, *, viewer: Actor) -> HistoryEntry | None:
    """The newest of them."""
    for event in _in_sight(_told(row, viewer)[:10], viewer)[:1]:
        return _entry(event, Names(viewer), others=0)
    return None


def _in_sight(events: Iterable[Event], viewer: Actor) -> list[Event]:
    """Without what is told of things that fewer people see than their commitment: contributions, files of a draft."""
    found = list(events)
    for kinds, visible_to in NARROWER:
        refs = {ref for event in found if event.kind in kinds and (ref := _uuid(event.subject))}
        if refs:
            seen = set(visible_to(viewer).filter(ref__in=refs).values_list("ref", flat=True))
            found = [event for event in found if event.kind not in kinds or _uuid(event.subject) in seen]
    return found


def _uuid(subject: str) -> UUID | None:
    try:
        return UUID(subject.split(" ")[-1])
    except ValueError:
        return None


def _told(row: Model, viewer: Actor) -> QuerySet[Event]:
    events = _events(row).select_related("actor").order_by("-seq")
    drafts = Q(kind=EventKind.REPORT_SAVED)
    if viewer.role in DEPARTMENT_ROLES and viewer.department_id is not None:
        return events.exclude(drafts & ~Q(actor__department=viewer.department_id))
    return events.exclude(drafts)


def _together(found: Sequence[Event]) -> dict[UUID | None, int]:
    """How many things each group of these events is about."""
    groups = {event.group for event in found if event.group}
    if not groups:
        return {}
    counted = Event.objects.filter(group__in=groups).order_by().values("group")
    things = counted.annotate(items=Count("commitment", distinct=True), subjects=Count("subject", distinct=True))
    return {row["group"]: row["items"] or row["subjects"] for row in things}


def _events(row: Model) -> QuerySet[Event]:
    if isinstance(row, Commitment):
        return Event.objects.filter(commitment=row)
    if isinstance(row, Reminder | LookbackPick):
        return Event.objects.filter(commitment=row.commitment_id)
    if isinstance(row, PostHolding | Deputy):
        return Event.objects.filter(subject__in=[f"post {row.post.code}", f"deputy {row.pk}"])
    if isinstance(row, HandoverItem):
        return Event.objects.filter(subject=f"post {row.holding.post.code}")
    if isinstance(row, Event):
        return Event.objects.filter(pk=row.pk)
    return Event.objects.filter(subject__in=_subjects(row))


def _subjects(row: Model) -> list[str]:
    """What the log may call the row."""
    name = row._meta.model_name
    if hasattr(row, "ref"):
        return [str(row.ref), f"{name} {row.ref}"]
    if isinstance(row, User):
        return [f"user {row.username}"]
    if isinstance(row, Clause):
        return [f"clause {row.plan.code}/{row.code}"]
    if isinstance(row, DayOverride):
        return [f"dayoverride {row.day.isoformat()}"]
    if isinstance(row, Reading):
        return [f"reading {row.pk}"]
    if isinstance(row, ParkDetails | TalentProgrammeDetails):
        return [f"initiative {row.initiative.code}"]
    return [f"{name} {getattr(row, 'code', '') or row.pk}"]


def _plan_of(row: Model) -> int | None:
    """The plan in which a clause's code has its meaning; None: not known."""
    plan: int | None = getattr(row, "plan_id", None) or getattr(getattr(row, "commitment", None), "plan_id", None)
    return plan


def _model(event: Event) -> type[Model]:
    return SPOKEN_OF.get(event.kind) or SUBJECTS.get(event.subject.split(" ")[0], Commitment)


def _entry(event: Event, names: Names, *, others: int) -> HistoryEntry:
    is_about_a_part = event.kind in {EventKind.MILESTONE_SET, EventKind.TARGET_SET}
    return HistoryEntry(
        seq=event.seq,
        at=event.at,
        who=str(event.actor) if event.actor else "",
        what=str(EventKind(event.kind).label),
        about=names.of(Indicator, event.subject) if is_about_a_part else "",
        changes=tuple(changes(event, _model(event), names)),
        reason=event.reason,
        group=event.group,
        others=max(others, 0),
        is_demo=event.is_demo,
        seal=event.hash,
        kind=event.kind,
    )


def changes(event: Event, model: type[Model], names: Names) -> Iterator[Change]:
    """The changed fields with their labels; choices in words, names for codes, an empty value as a dash."""
    for name, pair in event.changes.items():
        table, field = names.place(model, name)
        before, after = (names.shown(table, field, value) for value in pair)
        yield Change(label=_label(table, field), before=before, after=after)


def _label(model: type[Model], name: str) -> str:
    try:
        return str(getattr(model._meta.get_field(name), "verbose_name", name))
    except FieldDoesNotExist:
        return str(LABELS_OF.get((model, name)) or LABELS.get(name, name))


def alone(event: Event, *, viewer: Actor) -> list[Change]:
    """The changes of one event."""
    names = Names(viewer)
    names.expect(_model(event), event.changes)
    return list(changes(event, _model(event), names))
