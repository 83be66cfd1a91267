"""What was read from a ledger as JSON, in the form of docs/ledger-reading.md; written row by row. No reading here."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import BinaryIO

import orjson

from projects.errors import DomainError
from tracker.rules.reading.deadlines import Deadline
from tracker.rules.reading.entries import Entry, Finding
from tracker.rules.reading.ledger import Reading, Reject, Remark
from tracker.rules.reading.quantities import Quantity

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]


def write(stream: BinaryIO, reading: Reading, *, remarks: Iterable[str] = ()) -> None:
    """Write {"rows", "rejects", "warnings", "unknown_columns"}. `remarks` are codes about the whole file."""
    parts: Mapping[str, Iterator[Json]] = {
        "rows": (row(entry) for entry in reading.entries),
        "rejects": (_reject(reject) for reject in reading.rejects),
        "warnings": _warnings(reading, remarks),
        "unknown_columns": ({"sheet": sheet, "header": heading} for sheet, heading in reading.unknown_columns),
    }
    stream.write(b"{")
    for number, (name, items) in enumerate(parts.items()):
        stream.write((b"," if number else b"") + f'\n"{name}": ['.encode())
        for count, item in enumerate(items):
            stream.write((b",\n" if count else b"\n") + orjson.dumps(item))
        stream.write(b"]")
    stream.write(b"\n}\n")


def row(entry: Entry) -> Json:
    """One entry."""
    return {
        "sheet": entry.sheet,
        "excel_row": entry.row,
        "code": entry.code,
        "section": entry.section,
        "parent": entry.parent,
        "title": entry.title,
        "goal": entry.goal,
        "kind": entry.kind,
        "kind_text": entry.kind_text,
        "lead": list(entry.lead),
        "support": list(entry.support),
        "leader": entry.leader,
        "contact": entry.contact,
        "start": entry.start.isoformat() if entry.start else None,
        "due": _due(entry.due),
        "milestones": [
            {"text": stage.text, "date": stage.day.isoformat() if stage.day else None} for stage in entry.milestones
        ],
        "quantities": [_quantity(quantity) for quantity in entry.quantities],
        "amounts": {
            name: {"value": _number(amount.value), "unit": amount.unit} for name, amount in entry.amounts.items()
        },
        "progress": None if entry.progress is None else _number(entry.progress),
        "status": entry.status,
        "remarks": entry.remarks,
    }


def refusal(finding: Finding, *, row: int | None) -> DomainError:
    """A finding as what a person is told; its text is the sentence."""
    return DomainError(f"entry_{finding.code}", row=row or 0, field=finding.field, text=finding.text)


def _due(due: Deadline) -> Json:
    said: dict[str, Json] = {
        "text": due.text,
        "date": due.day.isoformat() if due.day else None,
        "vague": due.is_vague,
    }
    return said | ({"recurring": due.recurring} if due.recurring else {})


def _quantity(quantity: Quantity) -> Json:
    said: dict[str, Json] = {
        "value": _number(quantity.value),
        "unit": quantity.unit,
        "comparator": quantity.comparator,
        "baseline_year": quantity.baseline_year,
        "target_year": quantity.target_year,
    }
    said |= {"value_max": _number(quantity.value_max)} if quantity.value_max is not None else {}
    return said | ({"per": quantity.per} if quantity.per else {})


def _reject(reject: Reject) -> Json:
    first = reject.findings[0]
    return {
        "sheet": reject.sheet,
        "excel_row": reject.row,
        "reasons": list(dict.fromkeys(finding.code for finding in reject.findings)),
        "field": first.field,
        "message": " ".join(str(refusal(finding, row=reject.row)) for finding in reject.findings),
    }


def _warnings(reading: Reading, remarks: Iterable[str]) -> Iterator[Json]:
    for code in remarks:
        yield {
            "sheet": None,
            "excel_row": None,
            "code": code.removeprefix("ledger_"),
            "message": str(DomainError(code)),
        }
    for sheet in reading.sheets:
        if sheet.why:
            message = str(DomainError(f"sheet_{sheet.why}", sheet=sheet.name))
            yield {"sheet": sheet.name, "excel_row": None, "code": f"sheet_{sheet.why}", "message": message}
    for remark in reading.remarks:
        yield _warning(remark)


def _warning(remark: Remark) -> Json:
    finding = remark.finding
    message = str(refusal(finding, row=remark.row))
    return {
        "sheet": remark.sheet,
        "excel_row": remark.row,
        "code": finding.code,
        "field": finding.field,
        "message": message,
    }


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)
