"""What the preview of a ledger file shows, as JSON: built by the worker, shown page by page, in any language.

Sentences stay codes with their parameters until they are shown. Long lists are cut at `MOST`, their counts are not.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson

from projects.errors import DomainError
from tracker.ledger.reading_json import refusal
from tracker.queries.imports import Guess, Look
from tracker.rules.ledger import BY_FIELD
from tracker.rules.ledger_check import Change, shown
from tracker.rules.reading.ledger import Reading, SheetRead

MOST = 2000  # of each list; who has more to correct begins with these
Json = dict[str, Any]


def build(
    look: Look,
    *,
    seal: str,
    reading: Reading | None,
    row_counts: Mapping[str, int],
    faults: Sequence[DomainError],
    remarks: Sequence[str | DomainError],
) -> bytes:
    """All of it. `faults` are those of the file's own reading, `remarks` what is told of the whole file."""
    judgement = look.judgement
    refused = [*_rejects(reading), *_by_row([*faults, *judgement.faults])]
    warnings = [*map(_remark, remarks), *_warnings(reading), *({"fault": one.to_json()} for one in judgement.remarks)]
    data = {
        "seal": seal,
        "is_own": reading is None,
        "sheets": [_sheet(sheet, row_counts) for sheet in reading.sheets] if reading else [],
        "unknown_columns": [list(one) for one in reading.unknown_columns] if reading else [],
        "departments": [{"name": one.name, "count": one.count, "guess": one.guess} for one in look.unknown],
        "guesses": [_guess(one) for one in look.guesses[:MOST]],
        "held": [
            {
                "code": one.code, "field": one.field, "why": one.why.value,
                "standing": shown(BY_FIELD[one.field], one.standing), "said": shown(BY_FIELD[one.field], one.said),
            }
            for one in look.held[:MOST]
        ],
        "gaps": [[row.code, row.title, said, stands] for row, said, stands in look.gaps[:MOST]],
        "refused": refused[:MOST],
        "warnings": warnings[:MOST],
        "new": [_change(change) for change in judgement.new[:MOST]],
        "changed": [_change(change) for change in judgement.changed[:MOST]],
        "counts": {
            "new": len(judgement.new), "changed": len(judgement.changed), "unchanged": judgement.unchanged_count,
            "refused": len(refused), "warnings": len(warnings), "held": len(look.held), "gaps": len(look.gaps),
            "guesses": len(look.guesses), "skipped": look.skipped_count, "noted": len(look.noted),
        },
    }  # fmt: skip
    return orjson.dumps(data)


def refused_rows(faults: Iterable[DomainError]) -> list[tuple[str, int]]:
    """The rows that these faults stand in, each once: sheet and number."""
    return list(dict.fromkeys(_place(fault) for fault in faults))


def _place(fault: DomainError) -> tuple[str, int]:
    number = fault.params.get("row", 0)
    return str(fault.params.get("sheet", "")), number if isinstance(number, int) else 0


def _by_row(faults: Sequence[DomainError]) -> Iterable[Json]:
    found: dict[tuple[str, int], list[Json]] = {place: [] for place in sorted(refused_rows(faults))}
    for fault in faults:
        found[_place(fault)].append(fault.to_json())
    for (sheet, row), findings in found.items():
        yield {"sheet": sheet, "row": row, "title": "", "findings": findings}


def _sheet(sheet: SheetRead, row_counts: Mapping[str, int]) -> Json:
    return {
        "name": sheet.name,
        "why": sheet.why,
        "year": sheet.year,
        "header_rows": list(sheet.header_rows),
        "columns": [
            {"index": one.index, "letter": letter(one.index), "text": one.text, "field": one.field, "unit": one.unit}
            for one in sheet.columns
        ],
        "rows": row_counts.get(sheet.name, 0),
        "skipped": Counter(sheet.skipped.values()),
    }


def letter(index: int) -> str:
    """A column's name in Excel: 0 is A."""
    name, rest = "", index + 1
    while rest:
        rest, place = divmod(rest - 1, 26)
        name = chr(65 + place) + name
    return name


def _rejects(reading: Reading | None) -> Iterable[Json]:
    for reject in reading.rejects if reading else ():
        yield {
            "sheet": reject.sheet,
            "row": reject.row,
            "title": reject.title,
            "findings": [refusal(finding, row=reject.row).to_json() for finding in reject.findings],
        }


def _warnings(reading: Reading | None) -> Iterable[Json]:
    if reading is None:
        return
    for sheet in reading.sheets:
        if sheet.why:
            yield {"fault": DomainError(f"sheet_{sheet.why}", sheet=sheet.name).to_json()}
    for remark in reading.remarks:
        yield {
            "sheet": remark.sheet,
            "row": remark.row,
            "findings": [refusal(remark.finding, row=remark.row).to_json()],
        }


def _remark(remark: str | DomainError) -> Json:
    return {"fault": (DomainError(remark) if isinstance(remark, str) else remark).to_json()}


def _guess(one: Guess) -> Json:
    return {
        "sheet": one.row.sheet,
        "row": one.row.number,
        "title": one.row.title,
        "lead": one.row.lead,
        "code": one.other.code,
        "other_title": one.other.title,
        "other_lead": one.other.lead,
        "how": one.match.how.value,
        "percent": one.match.percent,
        "is_same": bool(one.match.code),
    }


def _change(change: Change) -> Json:
    return {
        "sheet": change.row.sheet,
        "row": change.row.number,
        "code": change.row.code,
        "title": change.before.title if change.before else change.row.title,
        "differences": [
            [one.column.field, shown(one.column, one.before), shown(one.column, one.after)]
            for one in change.differences
        ],
    }
