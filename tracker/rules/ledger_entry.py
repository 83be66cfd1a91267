"""A row as the reader understood it becomes a row of the ledger, and what the ledger has no column for. Pure."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from projects.errors import DomainError
from tracker.choices import Kind
from tracker.rules import ledger, ledger_stages
from tracker.rules.ledger import BY_FIELD, LedgerRow
from tracker.rules.ledger_check import CODE
from tracker.rules.reading.deadlines import Stage
from tracker.rules.reading.entries import Amount, Entry
from tracker.rules.reading.quantities import Quantity

Beside = dict[str, object]
GIVEN: dict[frozenset[str], frozenset[str]] = {}  # one object for each set of columns: a file has few

WAN = {"元": Decimal("0.0001"), "万": Decimal(1), "万元": Decimal(1), "亿": Decimal(10000), "亿元": Decimal(10000)}
SIGNS = {
    ">=": "≥", "<=": "≤", ">": ">", "<": "<", "growth>=": "增长≥", "growth<=": "增长≤", "decline>=": "下降≥",
    "decline<=": "下降≤", "growth": "增长", "decline": "下降",
}  # fmt: skip
OPEN_END = re.compile(r"长期|持续|常态|经常|不间断|全程|动态|实时|即时|随时")
A_DAY = re.compile(
    r"^(?:20\d\d年)?(?:\d{1,2}月(?:\d{1,2}日|[底末初份]|[上中下]旬)?|[一二三四]季度[底末]?|[上下]半年|年[底末内])"
    r"(?:之?以?前|内)?[,，:：、]?"
)
A_LETTER = re.compile(r"[A-Za-z]")
SHORTEST_CODE = 4
LONGEST_DUE_TEXT = BY_FIELD["due_text"].longest


def row_of(entry: Entry, *, plan: str, kind: str) -> LedgerRow:
    """The ledger's row: `given` is what the file says of it; an empty cell of a file of others says nothing.

    Args:
        plan: the code of the plan that the file belongs to.
        kind: for rows that name none; "": by what the row holds.
    """
    said: dict[str, object] = {"title": entry.title, "plan": plan}
    if entry.goal:
        said["summary"] = ledger.tidy(entry.goal)
    elif entry.quantities:
        said["summary"] = "；".join(map(in_words, entry.quantities))
    if entry.lead:
        said["lead"] = entry.lead[0]
    others = [name for name in dict.fromkeys((*entry.lead[1:], *entry.support)) if name not in entry.lead[:1]]
    if others:
        said["supporting"] = tuple(others)
    said |= _times(entry)
    if entry.kind:
        said["kind"] = entry.kind
    given = GIVEN.setdefault(found := frozenset(said), found)
    if not entry.kind:
        said["kind"] = kind or str(_kind(entry))
    return LedgerRow(number=entry.row, sheet=entry.sheet, given=given, code=own_code(entry), **said)  # type: ignore[arg-type]


def in_words(one: Quantity) -> str:
    """A number from columns of its own, as the sentence that the file leaves out: 2026年：≥80户."""
    year = f"{one.target_year}年：" if one.target_year else ""
    base = f"（比{one.baseline_year}年）" if one.baseline_year else ""
    upper = f"—{one.value_max.normalize():f}" if one.value_max is not None else ""
    return f"{year}{SIGNS.get(one.comparator or '', '')}{one.value.normalize():f}{upper}{one.unit or ''}{base}"


def own_code(entry: Entry) -> str:
    """The code that a file gives a task, "" where it only counts its rows."""
    said = entry.code or ""
    is_code = SHORTEST_CODE <= len(said) <= BY_FIELD["code"].longest and A_LETTER.search(said) and CODE.fullmatch(said)
    return said if is_code else ""


def _times(entry: Entry) -> Mapping[str, object]:
    said: dict[str, object] = {}
    if entry.start:
        said["starts_on"] = entry.start
    due = entry.due
    if due.text:
        said["due_text"] = due.text[:LONGEST_DUE_TEXT]
    if due.day:
        said["due_on"] = due.day
        said["is_continuous"] = False
    elif due.recurring or (due.is_vague and OPEN_END.search(due.text or "")):
        said |= {"is_continuous": True, "due_on": None}
    if due.day and due.text == due.day.isoformat():
        said["due_text"] = ""  # the date says it
    stages = dict(zip(_names(entry.milestones), (stage.day for stage in entry.milestones), strict=True))
    stages.pop("", None)
    if len(stages) > 1 or (stages and not due.day):
        said["milestones"] = tuple(stages.items())
    return said


def _names(stages: Sequence[Stage]) -> list[str]:
    """The stages without their days, so that one that moves keeps its name: 12月底前投用 is 投用."""
    texts = [stage.text[: ledger_stages.LONGEST] for stage in stages]
    short = [A_DAY.sub("", text) or text for text in texts]
    return short if len(set(short)) == len(set(texts)) else texts


def _kind(entry: Entry) -> Kind:
    """What a row without a kind is: money makes a project, a number with a unit and no words a target."""
    if entry.amounts:
        return Kind.PROJECT
    return Kind.TARGET if entry.quantities and not entry.goal else Kind.ACTION


def beside(entry: Entry) -> Beside:
    """What the file says besides: kept with its row, shown, compared with the next file, never taken for a fact."""
    said: Beside = {
        "number": entry.code,
        "section": entry.section,
        "parent": entry.parent,
        "leader": entry.leader,
        "contact": entry.contact,
        "status": entry.status,
        "remarks": entry.remarks,
        "kind_text": entry.kind_text if not entry.kind else None,
        "progress": None if entry.progress is None else f"{entry.progress.normalize():f}",
        "lead_text": list(entry.lead),
        "support_text": list(entry.support),
        "amounts": {name: _amount(amount) for name, amount in entry.amounts.items()},
        "quantities": [
            [f"{one.value.normalize():f}", one.unit, one.comparator or "", one.target_year] for one in entry.quantities
        ],
    }
    return {name: value for name, value in said.items() if value not in (None, "", [], {})}


def _amount(amount: Amount) -> list[str]:
    """The value and unit as written, and in 10 000 yuan; "" where no unit says what it is."""
    factor = WAN.get(amount.unit)
    wan = f"{(amount.value * factor).normalize():f}" if factor else ""
    return [f"{amount.value.normalize():f}", amount.unit, wan]


def too_long(row: LedgerRow) -> list[DomainError]:
    """A refusal for each text that does not fit its column."""
    return [
        ledger.at(
            DomainError("ledger_text_too_long", sheet=row.sheet, longest=column.longest, length=len(text)),
            row.number,
            column,
        )
        for column in BY_FIELD.values()
        if isinstance(text := getattr(row, column.field), str) and len(text) > column.longest
    ]
