"""The codes that new rows of a ledger file get."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from tracker.models import Commitment, Plan
from tracker.rules.ledger import LedgerRow
from tracker.rules.ledger_check import References
from tracker.rules.ledger_match import Match

BATCH = 2000
NUMBERED = re.compile(r"(.*[-—－])\d+")


def free(plan: Plan, rows: Sequence[LedgerRow], matches: Sequence[Match], references: References) -> dict[int, str]:
    """A code for each new row, by its place. Rows whose departments nobody knows come last: they use up no number."""
    known = frozenset(references.departments.values())

    def is_open(place: int) -> bool:
        row = rows[place]
        return not known.issuperset((*((row.lead,) if row.lead else ()), *row.responsible, *row.supporting))

    places = sorted((place for place, match in enumerate(matches) if not match.code), key=is_open)
    return dict(zip(places, _free_codes(plan, [rows[place].code for place in places]), strict=True))


def _free_codes(plan: Plan, wanted: Sequence[str]) -> Iterator[str]:
    """A code for each new row: its own where it is free, else the next number as the plan counts."""
    own = {code for code in wanted if code}
    used = _used(sorted(own))
    stem = _stem(plan)
    counted = re.compile(rf"{re.escape(stem)}(\d+)")
    standing = Commitment.everything.filter(code__startswith=stem).values_list("code", flat=True)
    number = max((int(found[1]) for code in standing if (found := counted.fullmatch(code))), default=0)
    for code in wanted:
        if code and code not in used:
            used.add(code)
            yield code
            continue
        number += 1
        while f"{stem}{number:03d}" in own:
            number += 1
        yield f"{stem}{number:03d}"


def _stem(plan: Plan) -> str:
    """What the numbered codes of a plan begin with: as most of them do, else with the plan's code."""
    codes = Commitment.everything.filter(plan=plan).values_list("code", flat=True)
    stems = Counter(found[1] for code in codes.iterator(chunk_size=BATCH) if (found := NUMBERED.fullmatch(code)))
    return stems.most_common(1)[0][0] if stems else f"{plan.code}-"


def _used(codes: Sequence[str]) -> set[str]:
    parts = (codes[start : start + BATCH] for start in range(0, len(codes), BATCH))
    rows = Commitment.everything
    return {code for part in parts for code in rows.filter(code__in=part).values_list("code", flat=True)}
