"""Codes for commitments that a file brings without one: the next of their plan, in the plan's own look."""

import re
from collections import Counter
from collections.abc import Collection

from tracker.models import Commitment

NUMBERED = re.compile(r"(.*?)(\d{1,9})")
WIDTH = 3  # digits of the first code of a plan


class Codes:
    """Gives out codes. What stands is asked once for each plan, codes that were taken back included."""

    def __init__(self, taken: Collection[str]) -> None:
        """`taken`: codes that the file gives itself."""
        self.taken = taken
        self.last: dict[str, tuple[str, int, int]] = {}

    def __call__(self, plan: str) -> str:
        """The next code of the plan of this code."""
        prefix, width, number = self.last.get(plan) or _last(plan)
        while (code := f"{prefix}{number + 1:0{width}d}") in self.taken:
            number += 1
        self.last[plan] = prefix, width, number + 1
        return code


def free(wanted: Collection[str]) -> set[str]:
    """Those of these codes that no commitment has or had, not even one out of sight."""
    codes = sorted(set(wanted))
    used: set[str] = set()
    for start in range(0, len(codes), 2000):
        found = Commitment.everything.filter(code__in=codes[start : start + 2000])
        used.update(found.values_list("code", flat=True))
    return set(codes) - used


def _last(plan: str) -> tuple[str, int, int]:
    """What most codes of the plan begin with, their digits, and the highest number in use behind that beginning."""
    parts = [
        found.groups()
        for code in Commitment.objects.filter(plan__code=plan).order_by("code").values_list("code", flat=True)
        if (found := NUMBERED.fullmatch(code))
    ]
    prefix = Counter(before for before, _digits in parts).most_common(1)[0][0] if parts else f"{plan}-"
    width = min((len(digits) for before, digits in parts if before == prefix), default=WIDTH)
    standing = Commitment.everything.filter(code__startswith=prefix).values_list("code", flat=True)
    numbers = (int(rest) for code in standing if (rest := code.removeprefix(prefix)).isdecimal() and len(rest) < 10)
    return prefix, width, max(numbers, default=0)
