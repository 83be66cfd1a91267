"""The ladder of a reminder rule: who is told on which days. Pure; what a rule stores as JSON is read here.

Days count from the anchor of the occasion (the due date, the day of a return …): negative before it, 0 on it. A rung
names its days, and may go on after the last of them: every so many days, at most so many times more, each gap growing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.choices import Audience

LONGEST_OFFSET = 730
MOST_REPEATS = 60
MOST_DAYS = 60
UNCHANGED = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One step of the ladder.

    Args:
        days: signed days from the anchor.
        every: days between repetitions after the last of `days`; 0: none.
        most: how many repetitions at most (the cap).
        growth: percent of the gap before that the next gap has; 100: equal gaps, 200: each twice as long (back-off).
    """

    audience: Audience
    days: tuple[int, ...] = ()
    every: int = 0
    most: int = 0
    growth: int = UNCHANGED

    @property
    def offsets(self) -> tuple[int, ...]:
        """Every day on which this rung is told, in order, each once."""
        found = set(self.days)
        day, gap = max(self.days, default=0), float(self.every)
        for _ in range(self.most if self.every and self.days else 0):
            day += max(1, round(gap))
            found.add(day)
            gap *= self.growth / UNCHANGED
        return tuple(sorted(offset for offset in found if offset <= LONGEST_OFFSET))


def read(stored: object) -> tuple[Rung, ...]:
    """The ladder as a rule stores it. Raises ValueError with what does not make sense."""
    if not isinstance(stored, list):
        raise ValueError(f"a ladder is a list of rungs, not {stored!r}")
    rungs = tuple(_rung(one) for one in stored)
    audiences = [rung.audience for rung in rungs]
    if len(set(audiences)) != len(audiences):
        raise ValueError("an audience stands on two rungs")
    return rungs


def stored(rungs: Sequence[Rung]) -> list[dict[str, object]]:
    """The ladder as a rule stores it."""
    return [
        {
            "audience": rung.audience.value,
            "days": list(rung.days),
            "every": rung.every,
            "most": rung.most,
            "growth": rung.growth,
        }
        for rung in rungs
    ]


def _rung(one: object) -> Rung:
    if not isinstance(one, dict) or one.get("audience") not in Audience.values:
        raise ValueError(f"not a rung: {one!r}")
    days = one.get("days")
    if not isinstance(days, list) or len(days) > MOST_DAYS or not all(_fits(day) for day in days):
        raise ValueError(f"days of a rung are whole numbers: {days!r}")
    numbers = {name: one.get(name, default) for name, default in (("every", 0), ("most", 0), ("growth", UNCHANGED))}
    if not all(type(number) is int and number >= 0 for number in numbers.values()):
        raise ValueError(f"repetition of a rung: {numbers!r}")
    if numbers["most"] > MOST_REPEATS or numbers["every"] > LONGEST_OFFSET or not 100 <= numbers["growth"] <= 1000:
        raise ValueError(f"repetition of a rung: {numbers!r}")
    return Rung(audience=Audience(one["audience"]), days=tuple(sorted(set(days))), **numbers)


def _fits(day: object) -> bool:
    return type(day) is int and -LONGEST_OFFSET <= day <= LONGEST_OFFSET
