"""Initiatives as a person enters and corrects them: facts, the details of their kind, designations; each an event."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Model

from projects.actions import catalogue, clock
from projects.choices import InitiativeKind
from projects.errors import DomainError
from projects.models import Designation, Initiative, Jurisdiction, ParkShare, TalentYear
from tracker import policies
from tracker.actions import commitments, events, sight
from tracker.actions.events import Entry, LogValue
from tracker.event_kinds import EventKind
from tracker.policies import Actor

FACTS = ("name", "jurisdiction", "host", "note")
Values = Mapping[str, Any]
Changes = dict[str, list[LogValue]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a person says of an initiative. What is not named keeps what stands; no row of a list is taken away.

    Args:
        facts: some of FACTS.
        details: some fields of the details of its kind; of a project also `stands_in`, a park's initiative or None.
        shares: of a park, what a county's share is.
        years: of a talent programme, `quota` and `headcount` of a year.
        designations: `grade`, `step`, `step_on` of a title.
    """

    facts: Values = field(default_factory=dict)
    details: Values = field(default_factory=dict)
    shares: Mapping[Jurisdiction, Values] = field(default_factory=dict)
    years: Mapping[int, Values] = field(default_factory=dict)
    designations: Mapping[str, Values] = field(default_factory=dict)


@transaction.atomic
def enter(code: str, *, kind: InitiativeKind, said: Said, by: Actor) -> Initiative:
    """Enter a new initiative.

    Raises DomainError for anyone but the supervision office and the administrators, for a code that is taken, and for
    what `correct` refuses.
    """
    _require_keeper(by)
    if Initiative.objects.filter(code=code).exists():
        raise DomainError("code_taken", field="code", code=code)
    events.hold()  # before the clock, as everywhere
    facts = {"jurisdiction": None, "host": "", "note": "", **said.facts}
    try:
        with transaction.atomic():
            row = catalogue.set_initiative(code, kind=kind, **facts, grade="", is_demo=by.is_demo)
    except IntegrityError:  # somebody took the code at this moment
        raise DomainError("code_taken", field="code", code=code) from None
    told = {"kind": kind, **{name: facts[name] for name in FACTS}}
    changes: Changes = {name: [None, _plain(value)] for name, value in told.items() if value not in {None, ""}}
    _tell(row, changes | _write_parts(row, said), by=by)
    return row


@transaction.atomic
def correct(initiative: Initiative, *, said: Said, by: Actor, expected_revision: int | None = None) -> Initiative:
    """Correct what is said of an initiative; writes nothing when nothing differs. Its code and its kind stay.

    Raises:
        DomainError: neither the supervision office nor an administrator, somebody changed it meanwhile (`stale`),
            details of another kind, a designation without its grade, a park that is none.
    """
    _require_keeper(by)
    events.hold()
    row = Initiative.objects.select_for_update(of=("self",)).select_related("jurisdiction").get(pk=initiative.pk)
    commitments.check_revision(row, expected_revision)
    before = {name: getattr(row, name) for name in FACTS}
    after = {**before, **said.facts}
    changes: Changes = {
        name: [_plain(before[name]), _plain(after[name])] for name in FACTS if before[name] != after[name]
    }
    row = catalogue.set_initiative(row.code, kind=InitiativeKind(row.kind), **after, grade=_grade(row))
    _tell(row, changes | _write_parts(row, said), by=by)
    if "name" in changes:
        sight.tell_names(initiative=row)
    return row


def _write_parts(row: Initiative, said: Said) -> Changes:
    """The details, and the rows of the lists; returns what changed."""
    details: Any = catalogue.DETAILS[row.kind].objects.select_for_update().get(pk=row.pk)
    is_park, is_programme = row.kind == InitiativeKind.PARK, row.kind == InitiativeKind.TALENT_PROGRAMME
    own = {one.name for one in details._meta.fields} - {"initiative", "park"}
    if row.kind == InitiativeKind.PROJECT:
        own.add("stands_in")
    if not said.details.keys() <= own or (said.shares and not is_park) or (said.years and not is_programme):
        raise DomainError("initiative_other_kind", kind=InitiativeKind(row.kind).label)
    changes = _set(details, {name: value for name, value in said.details.items() if name != "stands_in"})
    if "stands_in" in said.details:
        changes |= _stand_in(row, details, said.details["stands_in"])
    for county, values in said.shares.items():
        changes |= _keyed(ParkShare(park=details, county=county), {"park": details, "county": county}, values)
    for year, values in said.years.items():
        changes |= _keyed(TalentYear(programme=details, year=year), {"programme": details, "year": year}, values)
    for title, values in said.designations.items():
        rung = Designation(initiative=row, title=title)
        if "grade" not in values and not row.designations.filter(title=title).exists():
            raise DomainError("designation_grade_missing", field="designations", title=title)
        changes |= _keyed(rung, {"initiative": row, "title": title}, values)
    return changes


def _stand_in(row: Initiative, details: Any, park: Initiative | None) -> Changes:
    before = details.park.initiative.code if details.park else None
    if not catalogue.place_in_park(row, park=park):
        return {}
    return {"projectdetails: stands_in": [before, park.code if park else None]}


def _keyed(new: Model, key: Values, values: Values) -> Changes:
    """Set these values of the row that has this key; add it when there is none."""
    standing = type(new)._default_manager.select_for_update().filter(**key).first()
    return _set(standing or new, values, name=" ".join(_name(one) for one in list(key.values())[1:]))


def _set(row: Any, values: Values, *, name: str = "") -> Changes:
    """Store these values of the row; returns what changed, by the names that the log has for it."""
    changes = events.differences(row, values)
    is_new = row._state.adding
    if changes or is_new:
        for field_name, value in values.items():
            setattr(row, field_name, value)
        row.save()
    head = " ".join(part for part in (row._meta.model_name, name) if part)
    if is_new and not changes:
        return {head: [None, name]}
    return {f"{head}: {field_name}": pair for field_name, pair in changes.items()}


def _tell(row: Initiative, changes: Changes, *, by: Actor) -> None:
    """Record what changed and stamp the initiative, when anything did."""
    if not changes:
        return
    subject = f"initiative {row.code}"
    entry = Entry(kind=EventKind.CATALOGUE_REVISED, subject=subject, changes=changes, is_demo=by.is_demo)
    events.record(entry, by=by)
    clock.stamp(row)


def _grade(row: Initiative) -> str:
    """The grade as it stands: `set_initiative` writes one."""
    for name in ("park", "platform"):
        details = getattr(row, name, None)
        if details is not None:
            return str(details.grade)
    return ""


def _name(value: object) -> str:
    return str(getattr(value, "code", value))


def _plain(value: object) -> LogValue:
    return events.plain(getattr(value, "code", value))


def _require_keeper(by: Actor) -> None:
    if not policies.can_administer(by):
        raise DomainError("not_allowed")
