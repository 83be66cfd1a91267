"""The codes of a ledger file's rows: their own, or the next of their plan, in the plan's own look."""

import re
from collections import Counter
from collections.abc import Collection, Sequence

from tracker.models import Commitment
from tracker.policies import Actor
from tracker.queries import ledger
from tracker.rules import ledger_check
from tracker.rules.ledger import LedgerRow
from tracker.rules.ledger_check import Judgement, References
from tracker.rules.ledger_match import Match

NUMBERED = re.compile(r"(.*?)(\d{1,9})")
WIDTH = 3  # digits of the first code of a plan


class Codes:
    """Gives out the next codes. What stands is asked once for each plan, codes that were taken back included."""

    def __init__(self, taken: Collection[str]) -> None:
        """`taken`: codes that the file gives itself."""
        self.taken = taken
        self.last: dict[str, tuple[str, int, int]] = {}

    def __call__(self, plan: str) -> str:
        """The next code of the plan of this code."""
        stem, width, number = self.last.get(plan) or _last(plan)
        while (code := f"{stem}{number + 1:0{width}d}") in self.taken:
            number += 1
        self.last[plan] = stem, width, number + 1
        return code


def known(rows: Sequence[LedgerRow], matches: Sequence[Match]) -> list[str]:
    """The code of each row: its commitment's, else its own where that is free, else "" for the plan's next."""
    free = _free({row.code for row, match in zip(rows, matches, strict=True) if not match.code})
    codes = []
    for row, match in zip(rows, matches, strict=True):
        codes.append(match.code or (row.code if row.code in free else ""))
        free.discard(codes[-1])
    return codes


def judged(
    rows: Sequence[LedgerRow], *, viewer: Actor, references: References | None = None
) -> tuple[Judgement, list[LedgerRow]]:
    """The rows judged, and with codes for those that have none: what is refused uses up no number."""
    code_for = Codes({row.code for row in rows})
    judgement = ledger.judge(rows, viewer=viewer, references=references, code_for=code_for)
    return judgement, ledger_check.numbered(rows, judgement)


def _free(wanted: Collection[str]) -> set[str]:
    """Those of these codes that no commitment has or had, not even one out of sight."""
    codes = sorted(wanted)
    used: set[str] = set()
    for start in range(0, len(codes), ledger.BATCH):
        found = Commitment.everything.filter(code__in=codes[start : start + ledger.BATCH])
        used.update(found.values_list("code", flat=True))
    return set(codes) - used


def _last(plan: str) -> tuple[str, int, int]:
    """What most codes of the plan begin with, their digits, and the highest number in use behind that beginning."""
    parts = [
        found.groups()
        for code in Commitment.everything.filter(plan__code=plan).order_by("code").values_list("code", flat=True)
        if (found := NUMBERED.fullmatch(code))
    ]
    stem = Counter(before for before, _digits in parts).most_common(1)[0][0] if parts else f"{plan}-"
    width = min((len(digits) for before, digits in parts if before == stem), default=WIDTH)
    standing = Commitment.everything.filter(code__startswith=stem).values_list("code", flat=True)
    numbers = (int(rest) for code in standing if (rest := code.removeprefix(stem)).isdecimal() and len(rest) < 10)
    return stem, width, max(numbers, default=0)
