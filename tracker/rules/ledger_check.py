"""Judges ledger rows against what stands: new, changed, unchanged or refused, field by field. Pure."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

from projects.errors import DomainError
from tracker.rules import ledger_cut
from tracker.rules.ledger import BY_FIELD, COLUMNS, Column, LedgerRow, Shape, Value, at, tidy
from tracker.rules.ledger_forms import due_said
from tracker.rules.ledger_names import spoken
from tracker.rules.ledger_stages import joined

CODE = re.compile(r"[\w.()（）—-]+")
WRITABLE = tuple(column for column in COLUMNS if column.is_writable)
SHOWN = tuple(column for column in COLUMNS if not column.is_writable and column.field != "revision")
written = attrgetter(*(column.field for column in WRITABLE))
BLANK = LedgerRow()
NEEDED = {name: BY_FIELD[name].heading for name in ("kind", "plan")}  # without which nothing is new


@dataclass(frozen=True, slots=True, kw_only=True)
class References:
    """What a row may point at.

    `departments` leads from any of their names and their code to the full name; a name that two share is left out.
    `groups` leads from the words for several departments, or for none, to their full names.
    """

    departments: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    spoken: Mapping[str, str] = field(default_factory=dict)  # forms of `ledger_names.spoken` to full names
    city: str = ""
    clauses: frozenset[tuple[str, str]] = frozenset()  # (plan, clause)
    initiatives: frozenset[str] = frozenset()
    plans: frozenset[str] = frozenset()


class Difference(NamedTuple):
    """One field that the file would change."""

    column: Column
    before: Value
    after: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a row would do. `before` is None for a new commitment; `fields` are those that differ, none: no change."""

    row: LedgerRow
    before: LedgerRow | None
    fields: frozenset[str]

    @property
    def differences(self) -> tuple[Difference, ...]:
        """Of each field its two values, made when asked for: sixty thousand rows would hold a million of them."""
        start = self.before or BLANK
        return tuple(
            Difference(column, getattr(start, column.field), getattr(self.row, column.field))
            for column in WRITABLE
            if column.field in self.fields
        )

    @property
    def is_new(self) -> bool:
        return self.before is None

    @property
    def is_change(self) -> bool:
        return self.before is not None and bool(self.fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The whole file judged. Nothing may be written while there is a fault."""

    changes: tuple[Change, ...]
    faults: tuple[DomainError, ...]
    remarks: tuple[DomainError, ...]

    @property
    def new(self) -> list[Change]:
        return [change for change in self.changes if change.is_new]

    @property
    def changed(self) -> list[Change]:
        return [change for change in self.changes if change.is_change]

    @property
    def unchanged_count(self) -> int:
        return len(self.changes) - len(self.new) - len(self.changed)


def judge(
    rows: Sequence[LedgerRow],
    *,
    standing: Mapping[str, LedgerRow],
    references: References,
    code_for: Callable[[str], str] | None = None,
) -> Judgement:
    """Judge every row; `standing` holds the ledger's own rows by code. A row with a fault is in no change.

    `code_for` gives the next code of a plan to a row that has none and no fault; None: such a row is refused.
    """
    return judge_batches([(rows, standing)], references=references, code_for=code_for)


def judge_batches(
    batches: Iterable[tuple[Sequence[LedgerRow], Mapping[str, LedgerRow]]],
    *,
    references: References,
    code_for: Callable[[str], str] | None,
) -> Judgement:
    """As `judge`, for rows that come with what stands so many at a time: what is unchanged is held once."""
    changes: list[Change] = []
    faults: list[DomainError] = []
    remarks: list[DomainError] = []
    first_seen: dict[str, int] = {}
    kept: dict[frozenset[str], frozenset[str]] = {}
    for read, before in ((row, standing.get(row.code)) for rows, standing in batches for row in rows):
        row, wrong = resolve(_merged(read, before), references)
        if read.code and read.code in first_seen:
            wrong.append(_fault("ledger_code_twice", row, "code", code=read.code, first=first_seen[read.code]))
        first_seen.setdefault(read.code, read.number)
        wrong += _faults(row, before, references, needs_code=code_for is None)
        if code_for and not row.code and not wrong:
            row = replace(row, code=code_for(row.plan), given=with_code(row.given))
        fields = _differing(row, before)
        if before and _was_cut(row, before, fields):
            wrong.append(_fault("ledger_text_was_cut", row, "summary"))
        if before and fields and _is_stale(row, before):
            wrong.append(_fault("ledger_stale", row, "revision", code=row.code))
        if wrong:
            faults += wrong
        else:
            stands = before if fields or before is None else row
            changes.append(Change(row=row, before=stands, fields=kept.setdefault(fields, fields)))
        remarks += _not_imported(read, before)
    return Judgement(changes=tuple(changes), faults=tuple(faults), remarks=tuple(remarks))


@lru_cache(maxsize=4096)
def with_code(given: frozenset[str]) -> frozenset[str]:
    """One object for each set of columns: a file has few."""
    return given | {"code"}


def numbered(rows: Sequence[LedgerRow], judgement: Judgement) -> list[LedgerRow]:
    """The rows with the codes that the judgement gave; what it refused without one stays without."""
    given = {(change.row.sheet, change.row.number): change.row for change in judgement.new}
    return [row if row.code else given.get((row.sheet, row.number), row) for row in rows]


def _merged(row: LedgerRow, before: LedgerRow | None) -> LedgerRow:
    """The row with what its file does not say: as it stands, or as a new commitment begins."""
    start = before or BLANK
    missing: dict[str, Any] = {name: getattr(start, name) for name in BY_FIELD if name not in row.given}
    if "milestones" in row.given and start.milestones:
        stand = dict(start.milestones)
        missing["milestones"] = tuple((stand | {name: day or stand.get(name) for name, day in row.milestones}).items())
    missing["is_broken"] = start.is_broken
    if row.when is not None:
        missing |= due_said(row, start)
    if all(getattr(row, name) == value for name, value in missing.items()):
        return row  # a new one mostly: very long files hold each row once
    return replace(row, **missing)


def resolve(row: LedgerRow, references: References) -> tuple[LedgerRow, list[DomainError]]:
    """Departments by their full names; those that nobody knows are faults, and stay as they are written.

    Words for a group become its departments, without those that the row names besides.
    """
    faults: list[DomainError] = []

    def full(name: str, column: str) -> list[str]:
        if name in references.groups and (column != "lead" or len(references.groups[name]) < 2):
            return list(references.groups[name])
        known = references.departments.get(name) or references.spoken.get(spoken(name, city=references.city))
        if known is None:
            faults.append(_fault("ledger_department_unknown", row, column, name=name))
        return [known or name]

    def all_of(names: Sequence[str], column: str, taken: frozenset[str]) -> tuple[str, ...]:
        named: list[str] = []
        for name in names:
            is_group = name in references.groups
            named += [one for one in full(name, column) if not is_group or (one not in taken and one not in named)]
        return tuple(named)

    lead = next(iter(full(row.lead, "lead")), "") if row.lead else ""
    responsible = all_of(row.responsible, "responsible", frozenset({lead}))
    supporting = all_of(row.supporting, "supporting", frozenset({lead, *responsible}))
    if (lead, responsible, supporting) != (row.lead, row.responsible, row.supporting):
        row = replace(row, lead=lead, responsible=responsible, supporting=supporting)
    return row, faults


def _faults(row: LedgerRow, before: LedgerRow | None, references: References, *, needs_code: bool) -> list[DomainError]:
    if before is None and row.code and not row.given & NEEDED.keys():
        return [_fault("ledger_code_unknown", row, "code", code=row.code, columns="、".join(NEEDED.values()))]
    faults = [*_identity(row, before, references, needs_code=needs_code), *_relations(row, references), *_dates(row)]
    if not row.title:
        faults.append(_fault("ledger_title_missing", row, "title"))
    if row.kind == "":
        faults.append(_fault("ledger_kind_missing", row, "kind"))
    if row.lead_is_suggested and not row.lead:
        faults.append(_fault("ledger_suggestion_without_lead", row, "lead"))
    if row.is_red_line and before and before.progress:
        faults.append(_fault("ledger_red_line_has_progress", row, "is_red_line"))
    if row.is_broken and not row.is_red_line:
        faults.append(_fault("ledger_red_line_is_broken", row, "is_red_line"))
    return faults


def _identity(
    row: LedgerRow, before: LedgerRow | None, references: References, *, needs_code: bool
) -> list[DomainError]:
    if needs_code and not row.code:
        return [_fault("ledger_code_missing", row, "code")]
    if before is None and row.code and not CODE.fullmatch(row.code):
        return [_fault("ledger_code_format", row, "code", code=row.code)]
    if not row.plan:
        return [_fault("ledger_plan_missing", row, "plan")]
    if row.plan not in references.plans:
        return [_fault("ledger_plan_unknown", row, "plan", code=row.plan)]
    if before and row.plan != before.plan:
        return [_fault("ledger_plan_fixed", row, "plan", code=before.plan)]
    return []


def _relations(row: LedgerRow, references: References) -> list[DomainError]:
    faults = []
    if row.clause and (row.plan, row.clause) not in references.clauses:
        faults.append(_fault("ledger_clause_unknown", row, "clause", code=row.clause, plan=row.plan))
    if row.initiative and row.initiative not in references.initiatives:
        faults.append(_fault("ledger_initiative_unknown", row, "initiative", code=row.initiative))
    seen: set[str] = {row.lead}
    for column in ("responsible", "supporting"):
        for name in getattr(row, column):
            if name in seen:
                faults.append(_fault("ledger_department_twice", row, column, name=name))
            seen.add(name)
    return faults


def _dates(row: LedgerRow) -> list[DomainError]:
    if row.is_continuous and row.due_on:
        return [_fault("ledger_continuous_has_date", row, "due_on", due_on=row.due_on)]
    if row.due_on and row.starts_on and row.due_on < row.starts_on:
        return [_fault("ledger_ends_before_start", row, "due_on", due_on=row.due_on, starts_on=row.starts_on)]
    return []


def _differing(row: LedgerRow, before: LedgerRow | None) -> frozenset[str]:
    """The writable fields that the row would change."""
    return frozenset(
        column.field
        for column, old, new in zip(WRITABLE, written(before or BLANK), written(row), strict=True)
        if old != new and _comparable(old) != new
    )


def _comparable(value: Value) -> Value:
    return tidy(value) if isinstance(value, str) else value


def _was_cut(row: LedgerRow, before: LedgerRow, fields: frozenset[str]) -> bool:
    """Whether the file corrects the beginning of a text of which a cell did not hold the end."""
    is_long = "summary" in fields and ledger_cut.length(before.summary) > ledger_cut.LONGEST_CELL
    return is_long and row.summary.endswith(ledger_cut.CUT)


def _is_stale(row: LedgerRow, before: LedgerRow) -> bool:
    """Whether somebody changed the commitment after the file was written. A revision that is no number is too old."""
    if "revision" not in row.given or not row.revision:
        return False
    return not row.revision.isdecimal() or int(row.revision) < int(before.revision)


def _not_imported(row: LedgerRow, before: LedgerRow | None) -> list[DomainError]:
    """One remark for each read-only cell that says something else than the ledger."""
    given = [column for column in SHOWN if column.field in row.given]
    if not given:
        return []
    start = before or replace(BLANK, original_due_on=row.due_on)
    return [
        _fault("ledger_not_imported", row, column.field, value=shown(column, said), standing=shown(column, stands))
        for column in given
        if (said := getattr(row, column.field)) != (stands := getattr(start, column.field)) and (said or before)
    ]


def shown(column: Column, value: Value) -> str:
    """A value as the preview and the remarks show it; "" for nothing."""
    if column.shape is Shape.YES_NO:
        return "是" if value else "否"
    if isinstance(value, tuple):
        return joined(value)
    if isinstance(value, date):
        return value.isoformat()
    return column.words.get(str(value), str(value)) if value else ""


def _fault(code: str, row: LedgerRow, column: str, /, **params: object) -> DomainError:
    fault = DomainError(code)
    fault.params |= params
    fault.params |= {"sheet": row.sheet} if row.sheet else {}
    return at(fault, row.number, BY_FIELD[column])
