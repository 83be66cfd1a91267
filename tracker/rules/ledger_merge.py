"""A new file against what the last one said and what stands: nothing newer is overwritten in silence. Pure."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum

from tracker.rules.ledger import BY_FIELD, LedgerRow, Shape, Value
from tracker.rules.ledger_beside import Difference
from tracker.rules.ledger_match import key

Facts = Mapping[str, object]  # field → JSON
ALWAYS = frozenset({"code", "plan"})
BESIDE = "beside"  # held back as if it were one field: what a row says beside its facts
WHEN = frozenset({"due_on", "due_text", "is_continuous"})
NOTHING_SAID = LedgerRow()


class Why(Enum):
    """Why a value of the file was held back."""

    CHANGED_HERE = "changed_here"  # the file says what it said last time; somebody changed the commitment since
    BOTH = "both"  # the file and somebody on the site changed it
    OLDER = "older"  # the row says what an older file said


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A value that the file would write over a newer one. Of `BESIDE` the values are `words`."""

    code: str
    field: str
    standing: Value = ""
    said: Value = ""
    why: Why
    words: Sequence[Difference] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What files said of one commitment: the last one's facts and digest, the digests of those before."""

    facts: Facts
    digest: str
    older: frozenset[str] = frozenset()

    def said_before(self, digest: str) -> bool:
        """Whether a row of this digest is what a file said before the last one."""
        return digest != self.digest and digest in self.older


def facts(row: LedgerRow) -> dict[str, object]:
    """What the row says, as JSON: fields to texts, booleans, lists."""
    return {name: plain(getattr(row, name)) for name in sorted(row.given - ALWAYS) if BY_FIELD[name].is_writable}


def plain(value: Value) -> object:
    """A value as JSON; `restored` is its inverse."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [plain(one) for one in value]  # type: ignore[arg-type]  # of names, or of pairs
    return value


def restored(name: str, value: object) -> Value:
    """The value that `facts` wrote."""
    shape = BY_FIELD[name].shape
    if shape is Shape.DAY:
        return date.fromisoformat(str(value)) if value else None
    if shape is Shape.NAMES and isinstance(value, list):
        return tuple(map(str, value))
    if shape is Shape.STAGES and isinstance(value, list):
        return tuple((str(one), date.fromisoformat(day) if day else None) for one, day in value)
    return value  # type: ignore[return-value]


def digest(said: Facts, beside: Mapping[str, object]) -> str:
    """Equal digests say the same. The row's place in its file is left out."""
    told = {name: value for name, value in beside.items() if name != "number"}
    return hashlib.sha256(json.dumps([said, told], ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def merge(
    row: LedgerRow, *, standing: LedgerRow, past: Past | None, digest: str, taken: Collection[str] = ()
) -> tuple[LedgerRow, tuple[Held, ...]]:
    """The row without what it must not overwrite, and what was held back.

    Args:
        row: with full names of departments and the commitment's code.
        past: None: no file said anything of this commitment before.
        digest: of this row.
        taken: fields for which a person chose the file's word.
    """
    if past is None:
        return row, ()
    is_older = past.said_before(digest)
    held = []
    for name in sorted(row.given - ALWAYS):
        said, stands = getattr(row, name), getattr(standing, name)
        if said == stands or not BY_FIELD[name].is_writable or (name == "milestones" and set(said) <= set(stands)):
            continue
        # What the last file left empty it said to be nothing: a value that stands by now was given on the site.
        base = restored(name, past.facts[name]) if name in past.facts else getattr(NOTHING_SAID, name)
        if said == base:
            why = Why.CHANGED_HERE
        elif is_older:
            why = Why.OLDER
        elif base == stands:
            continue
        else:
            why = Why.BOTH
        held.append(Held(code=row.code, field=name, standing=stands, said=said, why=why))
    held += _together(row, standing, held)
    chosen = {*taken, *(WHEN if WHEN.intersection(taken) else ())}
    kept = {one.field for one in held} - chosen
    return replace(row, given=row.given - kept), tuple(held)


def _together(row: LedgerRow, standing: LedgerRow, held: Collection[Held]) -> list[Held]:
    """The rest of a due date of which a part is held back: a day and its words stand or fall together."""
    whys = {one.field: one.why for one in held if one.field in WHEN}
    return [
        Held(code=row.code, field=name, standing=stands, said=said, why=next(iter(whys.values())))
        for name in sorted(WHEN & row.given - whys.keys() if whys else ())
        if (said := getattr(row, name)) != (stands := getattr(standing, name))
    ]


def same_words(row: LedgerRow, standing: LedgerRow) -> LedgerRow:
    """The row without what it only writes in another way: the title's marks and widths, the parts of departments.

    Files of others rarely tell the responsible from the supporting ones: those that stand keep their part. A
    department that leads now has no other part any more.
    """
    given = row.given - {"title"} if key(row.title) == key(standing.title) else row.given
    if not row.due_text and row.due_on == standing.due_on:
        given -= {"due_text"}  # the same day, written as one
    lead = row.lead if "lead" in given else standing.lead
    supporting = row.supporting if "supporting" in given else standing.supporting
    responsible = standing.responsible
    if "supporting" in given:
        responsible = tuple(name for name in responsible if name in supporting)
        supporting = tuple(name for name in supporting if name not in responsible)
    parts = {
        "responsible": tuple(name for name in responsible if name != lead),
        "supporting": tuple(name for name in supporting if name != lead),
    }
    if set(parts["supporting"]) == set(standing.supporting):
        parts["supporting"] = standing.supporting  # the order of a list is nobody's change
    changed = {name for name, value in parts.items() if value != getattr(standing, name)}
    return replace(
        row,
        given=(given - {"supporting", "responsible"}) | changed,
        responsible=parts["responsible"],
        supporting=parts["supporting"],
    )
