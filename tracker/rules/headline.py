"""The overview's headline: which figures, in which order (LOOK.md). Pure; `tracker.wording` makes the sentence.

"196 commitments, 61 done; 19 late, 27 will be late, 3 wait for your word." Each figure leads to exactly its rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from tracker.choices import Health

ALL = "all"
OPEN = "open"
WAITING = "waiting"
PLANS = "plans"


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadlineFacts:
    """The figures of an overview. Lights that are not in ``counts`` count none.

    Args:
        plans: over how many plans the figures go; one is not mentioned.
        waiting: matters that wait for the reader's word.
        starts_on, ends_on: the plan's first day and its horizon; None is unknown and never mentioned.
    """

    counts: Mapping[Health, int]
    plans: int = 1
    waiting: int = 0
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One figure: what it says, how many, which rows it leads to (None: no rows). Parts of a clause stand together."""

    code: str
    count: int = 0
    filter: str | None = None
    clause: int = 0


Headline = tuple[Part, ...]


def build(facts: HeadlineFacts, *, today: date) -> Headline:
    """The headline of the day. An empty plan says only that it is empty."""
    total = sum(facts.counts.values())
    if total == 0:
        return (Part(code="empty"),)
    opening = _opening(facts, today)
    parts = [Part(code="plans", count=facts.plans, filter=PLANS, clause=1)] if facts.plans > 1 else []
    parts.append(Part(code="total", count=total, filter=ALL, clause=1))
    parts += _only_one(facts) if total == 1 else _many(facts, total)
    if facts.waiting:
        parts.append(Part(code="waiting", count=facts.waiting, filter=WAITING, clause=2))
    return (*opening, *parts)


def _opening(facts: HeadlineFacts, today: date) -> Headline:
    """Where the plan stands in time, on the days when that is the news."""
    if facts.ends_on is not None and today > facts.ends_on:
        unfinished = _unfinished(facts)
        if unfinished:
            return (Part(code="horizon_passed_open", count=unfinished, filter=OPEN),)
        return (Part(code="horizon_passed"),)
    if facts.ends_on is not None and today == facts.ends_on:
        return (Part(code="last_day"),)
    if facts.starts_on is not None and today == facts.starts_on:
        return (Part(code="first_day"),)
    return ()


def _only_one(facts: HeadlineFacts) -> list[Part]:
    """One item: its light in words, without a second figure."""
    light = next(health for health, count in facts.counts.items() if count)
    return [Part(code=f"one_{Health(light).value}", count=1, filter=Health(light).value, clause=1)]


def _many(facts: HeadlineFacts, total: int) -> list[Part]:
    done, late = _count(facts, Health.DONE), _count(facts, Health.OFF_TRACK)
    unknown = _count(facts, Health.NO_DATA)
    if done == total:
        return [Part(code="all_done", count=done, filter=Health.DONE.value, clause=1)]
    if _count(facts, Health.NOT_STARTED) == total:
        return [Part(code="none_started", count=total, filter=Health.NOT_STARTED.value, clause=1)]
    if unknown and unknown + _count(facts, Health.NOT_STARTED) + _count(facts, Health.EXEMPT) == total:
        return [_part("none_reported", Health.NO_DATA, unknown, clause=1)]
    if late == total:
        return [_part("all_late", Health.OFF_TRACK, late, clause=1)]
    parts = [_part("done", Health.DONE, done, clause=1)] if done else []
    parts.append(_part("late", Health.OFF_TRACK, late) if late else Part(code="none_late", clause=2))
    risky = _count(facts, Health.AT_RISK)
    if risky:
        parts.append(_part("at_risk", Health.AT_RISK, risky))
    # Nothing late is no comfort while nobody knows: then the unknown is named.
    if unknown and (not late or unknown * 2 > total):
        parts.append(_part("no_data", Health.NO_DATA, unknown))
    return parts


def _part(code: str, health: Health, count: int, *, clause: int = 2) -> Part:
    return Part(code=code, count=count, filter=health.value, clause=clause)


def _count(facts: HeadlineFacts, health: Health) -> int:
    return facts.counts.get(health, 0)


def _unfinished(facts: HeadlineFacts) -> int:
    """What is neither done nor exempt."""
    settled = _count(facts, Health.DONE) + _count(facts, Health.EXEMPT)
    return sum(facts.counts.values()) - settled
