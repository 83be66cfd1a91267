"""Supervision slips 督办单: when which colour is due, and when a draft is moot. Pure.

A chain is blue, then yellow, then red; each cites the one before, and after red nothing is drafted: the chain lies
before the leaders. A chain belongs to one due date: where a later date was granted, it is over, and the next one begins
with blue.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from projects.errors import DomainError
from tracker.choices import REPORTABLE_STAGES, SlipLevel, SlipState, Stage
from tracker.rules import days
from tracker.rules.reasons import Reason

NEXT = {SlipLevel.BLUE: SlipLevel.YELLOW, SlipLevel.YELLOW: SlipLevel.RED, SlipLevel.RED: None}
# A slip in these states stands with its number and may be cited.
STANDING = frozenset({SlipState.ISSUED, SlipState.ANSWERED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How patient the site is, in calendar days: after the due date, and after an answer or a promise was due."""

    after_days: int
    next_days: int


# By hand nobody has to be patient: the day after is enough.
BY_HAND = Pace(after_days=1, next_days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """The last slip of a chain. `promised_on` None: not answered."""

    level: SlipLevel
    state: SlipState
    answer_due_on: date
    promised_on: date | None = None
    year: int = 0
    number: int = 0

    @property
    def waits_until(self) -> date:
        """The last day on which nothing can be held against the department: its answer's, or the one it promised."""
        return self.promised_on or self.answer_due_on


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipFacts:
    """What decides over one commitment.

    Args:
        due_on: None: no date, or not known; then no slip is ever due. Continuous work has none.
        has_lead: whether there is a department that could answer.
        has_draft: whether a draft waits for the office already.
        last: the end of the chain of this due date; None: no chain is open.
        is_settled: a person dropped a draft or withdrew a slip of this due date; then only a person drafts again.
    """

    stage: Stage
    due_on: date | None
    has_lead: bool = True
    has_draft: bool = False
    last: Cited | None = None
    is_settled: bool = False


def due_level(facts: SlipFacts, *, pace: Pace, today: date) -> SlipLevel | None:
    """The colour that is to be drafted today; None: none is."""
    if facts.has_draft or facts.is_settled or not _is_open(facts):
        return None
    return _next_level(facts, pace=pace, today=today)


def level_by_hand(facts: SlipFacts, *, today: date) -> SlipLevel:
    """The colour that the office drafts by hand: the next of the chain, without waiting longer than fairness asks.

    Codes: ``slip_not_at_work``, ``slip_without_lead``, ``slip_without_date``, ``slip_not_late``, ``slip_drafted``,
    ``slip_waits``, ``slip_after_red``.
    """
    if facts.stage not in REPORTABLE_STAGES:
        raise DomainError("slip_not_at_work", stage=Stage(facts.stage).label)
    if not facts.has_lead:
        raise DomainError("slip_without_lead")
    if facts.due_on is None:
        raise DomainError("slip_without_date")
    if facts.due_on >= today:
        raise DomainError("slip_not_late", due_on=facts.due_on.isoformat())
    if facts.has_draft:
        raise DomainError("slip_drafted")
    level = _next_level(facts, pace=BY_HAND, today=today)
    if level is None and facts.last is not None and NEXT[facts.last.level] is not None:
        raise DomainError("slip_waits", day=facts.last.waits_until.isoformat())
    if level is None:
        raise DomainError("slip_after_red")
    return level


def is_moot(facts: SlipFacts, *, today: date) -> bool:
    """Whether a draft has lost its ground: the work is reported done or rests, the date moved, or the slip that it
    cites was withdrawn, or answered with a day that has not passed. `facts.last` is what the draft cites.
    """
    if not _is_open(facts) or facts.due_on is None or facts.due_on >= today:
        return True
    cited = facts.last
    if cited is None:
        return False
    return cited.state not in STANDING or cited.waits_until >= today


def check_words(text: str, *, answer_due_on: date | None, today: date) -> None:
    """Raise unless the paper asks something and leaves a day to answer. Codes: ``slip_empty``, ``slip_day_passed``."""
    if not text.strip():
        raise DomainError("slip_empty", field="text")
    if answer_due_on is not None and answer_due_on < today:
        raise DomainError("slip_day_passed", field="answer_due_on")


def check_answer(state: SlipState, *, is_followed: bool, text: str, promised_on: date, today: date) -> None:
    """Raise unless the slip may be answered so. `is_followed`: a later slip of the chain was issued.

    Codes: ``slip_closed``, ``slip_followed``, ``answer_empty``, ``slip_promise_passed``.
    """
    if state != SlipState.ISSUED:
        raise DomainError("slip_closed", state=SlipState(state).label)
    if is_followed:
        raise DomainError("slip_followed")
    if not text.strip():
        raise DomainError("answer_empty", field="text")
    if promised_on < today:
        raise DomainError("slip_promise_passed", field="promised_on")


def grounds(
    *,
    due_on: date,
    original_due_on: date | None,
    reminded_count: int,
    last_period_end: date | None,
    cited: Cited | None,
) -> Sequence[Reason]:
    """Why there is a slip, in the order in which a reader wants to know it: late, moved, last heard, told, cited."""
    found = [Reason.of("overdue", due_on=due_on)]
    if original_due_on is not None and original_due_on != due_on:
        found.append(Reason.of("date_moved", original_due_on=original_due_on, due_on=due_on))
    told = Reason.of("last_report", period_end=last_period_end) if last_period_end else Reason.of("no_report")
    found.append(told)
    if reminded_count:
        found.append(Reason.of("reminded", count=reminded_count))
    if cited is not None and cited.promised_on is not None:
        found.append(Reason.of("slip_promised", year=cited.year, number=cited.number, promised_on=cited.promised_on))
    elif cited is not None:
        found.append(
            Reason.of("slip_unanswered", year=cited.year, number=cited.number, answer_due_on=cited.answer_due_on)
        )
    return found


def _is_open(facts: SlipFacts) -> bool:
    return facts.stage in REPORTABLE_STAGES and facts.has_lead


def _next_level(facts: SlipFacts, *, pace: Pace, today: date) -> SlipLevel | None:
    if facts.due_on is None or facts.due_on >= today:
        return None
    if facts.last is None:
        return SlipLevel.BLUE if _has_passed(facts.due_on, pace.after_days, today=today) else None
    return NEXT[facts.last.level] if _has_passed(facts.last.waits_until, pace.next_days, today=today) else None


def _has_passed(day: date, by: int, *, today: date) -> bool:
    """Whether the day lies so many days back. A day at the end of the calendar never does."""
    last = days.after(day, by)
    return last is not None and last <= today
