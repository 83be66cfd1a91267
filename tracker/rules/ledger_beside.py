"""What a file says of a commitment beside its facts, in words, and what of it differs from the file before. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from tracker.import_choices import LedgerField
from tracker.rules.ledger_entry import SIGNS

WAN = "万元"  # 10 000 yuan, the unit in which money is kept
FIELDS = {
    "section": LedgerField.SECTION,
    "parent": LedgerField.PARENT,
    "leader": LedgerField.LEADER,
    "contact": LedgerField.CONTACT,
    "kind_text": LedgerField.KIND,
    "lead_text": LedgerField.LEAD,
    "support_text": LedgerField.SUPPORT,
    "quantities": LedgerField.TARGET,
    "progress": LedgerField.PROGRESS,
    "status": LedgerField.STATUS,
    "remarks": LedgerField.REMARKS,
}
Words = Mapping[str, str]  # names of `LedgerField`, or of sums that it does not have, to texts
Line = tuple[Mapping[str, Any], Mapping[str, Any]]  # the facts of a row as JSON, and what `ledger_entry.beside` kept
NOTHING: Line = ({}, {})
Difference = tuple[str, str, str]  # name, before, after


def words(line: Line) -> Words:
    """Everything that `ledger_entry.beside` kept and no fact says, in the order in which it is shown."""
    facts, beside = line
    told = {
        str(field): text
        for name, field in FIELDS.items()
        if not _is_fact(name, beside.get(name), facts) and (text := _text(name, beside.get(name)))
    }
    return told | {f"amount:{name}": _money(*amount) for name, amount in beside.get("amounts", {}).items()}


def differences(before: Line, after: Line) -> list[Difference]:
    """What the later line says otherwise, each with its text before and after. What it does not say stays."""
    old = words(before)
    return [(name, old.get(name, ""), text) for name, text in words(after).items() if old.get(name) != text]


def merged(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """What is known beside the facts after a line: an empty cell, or a column that is not there, says nothing."""
    amounts = {**before.get("amounts", {}), **after.get("amounts", {})}
    return {**before, **after, **({"amounts": amounts} if amounts else {})}


def label(name: str) -> str:
    """The field's name in the active language."""
    return str(LedgerField(name).label) if name in LedgerField.values else name.removeprefix("amount:")


def _is_fact(name: str, said: Any, facts: Mapping[str, Any]) -> bool:
    """Whether a fact says the same already: departments as they are written, numbers out of the sentence."""
    if name == "quantities":
        return all(value in str(facts.get("summary", "")) for value, *_rest in said or ())
    return {"lead_text": "lead", "support_text": "supporting"}.get(name) in facts


def _text(name: str, said: Any) -> str:
    if not said:
        return ""
    if name == "progress":
        return f"{said} %"
    if name == "quantities":
        return "；".join(map(_quantity, said))
    return "、".join(said) if isinstance(said, Sequence) and not isinstance(said, str) else str(said)


def _quantity(said: Sequence[Any]) -> str:
    value, unit, sign, year = said
    return f"{f'{year}：' if year else ''}{SIGNS.get(sign, '')}{value}{unit or ''}"


def _money(value: str, unit: str, wan: str) -> str:
    """Money as the file writes it, and in 10 000 yuan where it is written otherwise."""
    return f"{value} {unit}" + (f" = {wan} {WAN}" if wan and unit != WAN else "")
