"""Events as a person reads them: labels for fields and choices. Reads only."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from projects.models import Indicator, Initiative, Reading
from tracker.choices import EventKind
from tracker.models import (
    Clause,
    Commitment,
    Department,
    Event,
    Milestone,
    Plan,
    Post,
    PostHolding,
    ProgressReport,
    Target,
    User,
)
from tracker.policies import Actor

LIMIT = 200
# Whose fields an event of this kind speaks of; a commitment's, where none is named.
SPOKEN_OF: dict[str, type[Model]] = {
    EventKind.MILESTONE_SET: Milestone,
    EventKind.TARGET_SET: Target,
    EventKind.REPORT_SAVED: ProgressReport,
    EventKind.REPORT_SUBMITTED: ProgressReport,
    EventKind.REPORT_RETURNED: ProgressReport,
}
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
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """One event: number, day and hour, who (empty: the site itself), what, about what, its changes and its reason."""

    seq: int
    at: datetime
    who: str
    what: str
    changes: Sequence[Change]
    reason: str
    is_demo: bool


def of(row: Model, *, viewer: Actor) -> list[HistoryEntry]:
    """The latest events about a row, newest first. What stands in a draft is told to its own department only."""
    events = _events(row).select_related("actor").order_by("-seq")
    item = row.commitment if isinstance(row, ProgressReport) else row
    if not isinstance(item, Commitment) or viewer.department_id is None or viewer.department_id != item.lead_id:
        events = events.exclude(kind=EventKind.REPORT_SAVED)
    return [_entry(event) for event in events[:LIMIT]]


def _events(row: Model) -> QuerySet[Event]:
    if isinstance(row, Commitment):
        return Event.objects.filter(commitment=row)
    if isinstance(row, ProgressReport):
        return Event.objects.filter(commitment=row.commitment_id, subject=str(row.ref))
    if isinstance(row, User):
        return Event.objects.filter(subject=f"user {row.username}")
    if isinstance(row, PostHolding):
        return Event.objects.filter(subject=f"post {row.post.code}")
    if isinstance(row, Clause):
        return Event.objects.filter(subject=f"clause {row.plan.code}/{row.code}")
    if isinstance(row, Reading):
        return Event.objects.filter(subject=f"reading {row.pk}")
    code = getattr(row, "code", "")
    return Event.objects.filter(Q(subject=f"{row._meta.model_name} {code}"))


def _entry(event: Event) -> HistoryEntry:
    model = SPOKEN_OF.get(event.kind) or SUBJECTS.get(event.subject.split(" ")[0], Commitment)
    return HistoryEntry(
        seq=event.seq,
        at=event.at,
        who=str(event.actor) if event.actor else "",
        what=str(EventKind(event.kind).label),
        changes=tuple(changes(event, model)),
        reason=event.reason,
        is_demo=event.is_demo,
    )


def changes(event: Event, model: type[Model]) -> Iterator[Change]:
    """The changed fields with their labels; choices in words, an empty value as a dash."""
    for name, pair in event.changes.items():
        before, after = (_shown(model, name, value) for value in pair)
        yield Change(label=_label(model, name), before=before, after=after)


def _label(model: type[Model], name: str) -> str:
    if name == "password":
        return _("password")
    try:
        return str(getattr(model._meta.get_field(name), "verbose_name", name))
    except FieldDoesNotExist:
        return name


def _shown(model: type[Model], name: str, value: object) -> str:
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    try:
        choices = dict(getattr(model._meta.get_field(name), "flatchoices", ()))
    except FieldDoesNotExist:
        choices = {}
    return str(choices.get(value, value))
