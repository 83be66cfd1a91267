"""What the preview of a ledger file shows, as JSON: built by the worker, shown page by page, in any language.

Sentences stay codes with their parameters until they are shown. Long lists are cut at `MOST`, their counts are not.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson

from projects.errors import DomainError
from tracker.ledger.reading_json import refusal
from tracker.queries import ledger_said
from tracker.queries.imports import Guess, Look, Unknown
from tracker.rules.ledger import BY_FIELD
from tracker.rules.ledger_beside import NOTHING, differences
from tracker.rules.ledger_check import Change, shown
from tracker.rules.ledger_merge import Held
from tracker.rules.reading.ledger import Reading, SheetRead

MOST = 2000  # of each list; who has more to correct begins with these
COUNTIES = re.compile("(?:全市)?(?:各|所有)(?:县|区).{0,4}[市县区](?:人民政府|政府|党委政府)?.{0,3}|各县区|各区县|各地")
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
    titles = {one.row.code: one.before.title for one in judgement.changes if one.before}
    new, changed, noted = _with_beside(look)
    refused = _in_order([*_rejects(reading), *_by_row([*faults, *judgement.faults], is_asked=reading is not None)])
    warnings = [*map(_remark, remarks), *_warnings(reading), *({"fault": one.to_json()} for one in judgement.remarks)]
    data = {
        "seal": seal,
        "is_own": reading is None,
        "sheets": [_sheet(sheet, row_counts) for sheet in reading.sheets] if reading else [],
        "unknown_columns": [list(one) for one in reading.unknown_columns] if reading else [],
        "departments": [_unknown(one) for one in look.unknown],
        "guesses": [_guess(one) for one in look.guesses[:MOST]],
        "held": [_held(one, titles.get(one.code, "")) for one in look.held[:MOST]],
        "gaps": [[row.code, row.title, said, stands] for row, said, stands in look.gaps[:MOST]],
        "refused": refused[:MOST],
        "warnings": warnings[:MOST],
        "new": new,
        "changed": changed,
        "noted": noted,
        "counts": {
            "new": len(judgement.new), "changed": len(judgement.changed), "unchanged": judgement.unchanged_count,
            "refused": len(refused), "warnings": len(warnings), "held": len(look.held), "gaps": len(look.gaps),
            "guesses": len(look.guesses), "skipped": look.skipped_count, "noted": len(look.noted),
            "beside": len(noted),
        },
    }  # fmt: skip
    return orjson.dumps(data)


def _in_order(refused: Sequence[Json]) -> list[Json]:
    """By row, the sheets as they come."""
    sheets = {name: place for place, name in enumerate(dict.fromkeys(one["sheet"] for one in refused))}
    return sorted(refused, key=lambda one: (sheets[one["sheet"]], one["row"]))


def refused_rows(faults: Iterable[DomainError]) -> list[tuple[str, int]]:
    """The rows that these faults stand in, each once: sheet and number."""
    return list(dict.fromkeys(_place(fault) for fault in faults))


def _place(fault: DomainError) -> tuple[str, int]:
    number = fault.params.get("row", 0)
    return str(fault.params.get("sheet", "")), number if isinstance(number, int) else 0


def _by_row(faults: Sequence[DomainError], *, is_asked: bool) -> Iterable[Json]:
    """`is_asked`: departments that nobody knows are asked about on the same page."""
    found: dict[tuple[str, int], list[Json]] = {place: [] for place in sorted(refused_rows(faults))}
    for fault in faults:
        found[_place(fault)].append((_asked(fault) if is_asked else fault).to_json())
    for (sheet, row), findings in found.items():
        yield {"sheet": sheet, "row": row, "title": "", "findings": findings}


def _asked(fault: DomainError) -> DomainError:
    """The fault as the page has it: a department that nobody knows is a question there."""
    if fault.code != "ledger_department_unknown":
        return fault
    return DomainError("import_department_open", row=fault.params["row"], name=fault.params["name"])


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


def _unknown(one: Unknown) -> Json:
    is_counties = bool(COUNTIES.fullmatch(one.name))
    return {"name": one.name, "count": one.count, "guess": one.guess, "is_counties": is_counties}


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


def _held(one: Held, title: str) -> Json:
    column = BY_FIELD.get(one.field)
    values = {"standing": shown(column, one.standing), "said": shown(column, one.said)} if column else {}
    return {"code": one.code, "title": title, "field": one.field, "why": one.why.value, "words": one.words, **values}


def _with_beside(look: Look) -> tuple[list[Json], list[Json], list[Json]]:
    """The new, the changed and the otherwise noted rows, each with what the file says anew beside its facts."""
    judgement = look.judgement
    codes = {line.row.code for line in look.noted[:MOST]}
    noted = [change for change in judgement.changes if change.row.code in codes]
    parts = [judgement.new[:MOST], judgement.changed[:MOST], noted]
    last = ledger_said.last_lines([change.row.code for part in parts for change in part if not change.is_new])

    def told(change: Change) -> Json:
        line = look.lines.get(change.row.code)
        words = differences(last.get(change.row.code, NOTHING), line.told) if line and line.is_news else []
        return {**_change(change), "beside": words}

    new, changed, rest = ([told(change) for change in part] for part in parts)
    return new, changed, [one for one in rest if one["beside"]]


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
