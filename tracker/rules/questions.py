"""Whether something may be asked, decided, answered, taken back: extension requests, blockers, instructions.

Pure checks; each raises a DomainError. Who may do it is `tracker.policies`.
"""

from datetime import date

from projects.errors import DomainError
from tracker.choices import FINAL_STAGES, REPORTABLE_STAGES, AnswerState, ExtensionState, Stage

# Where a department may be stuck: handed out and not over.
BLOCKABLE_STAGES = frozenset(Stage) - FINAL_STAGES - {Stage.REGISTERED}


def check_request(
    stage: Stage, *, due_on: date | None, wanted_on: date, reason: str, has_pending: bool, today: date
) -> None:
    """Raise unless a later date may be asked for today. The due date itself is the last day to ask.

    Codes: ``extension_not_at_work``, ``extension_without_date``, ``extension_too_late``, ``extension_pending``,
    ``extension_not_later``, ``extension_reason_missing``.
    """
    if stage not in REPORTABLE_STAGES:
        raise DomainError("extension_not_at_work", stage=Stage(stage).label)
    if due_on is None:
        raise DomainError("extension_without_date")
    if today > due_on:
        raise DomainError("extension_too_late", due_on=due_on.isoformat())
    if has_pending:
        raise DomainError("extension_pending")
    if wanted_on <= due_on:
        raise DomainError("extension_not_later", field="wanted_on", due_on=due_on.isoformat())
    if not reason.strip():
        raise DomainError("extension_reason_missing", field="reason")


def check_decision(state: ExtensionState, *, author_id: int, decider_id: int | None) -> None:
    """Raise unless the request waits and the decider is not who asked. Decider None is the system.

    Codes: ``extension_closed``, ``own_extension``.
    """
    check_pending(state)
    if decider_id == author_id:
        raise DomainError("own_extension")


def check_grant(stage: Stage, *, due_on: date | None, asked_at: date, granted_on: date) -> None:
    """Raise unless the date may be granted: the commitment still runs, and the day is later than the due date.

    ``asked_at`` is the due date on the day of asking; ``due_on`` the present one, which the office may have moved.
    Codes: ``question_is_over``, ``extension_without_date``, ``extension_not_later``.
    """
    if stage in FINAL_STAGES:
        raise DomainError("question_is_over", stage=Stage(stage).label)
    if due_on is None:
        raise DomainError("extension_without_date")
    present = max(due_on, asked_at)
    if granted_on <= present:
        raise DomainError("extension_not_later", field="granted_on", due_on=present.isoformat())


def check_refusal(decision: str) -> None:
    """Raise ``extension_refusal_bare`` unless the refusal says why."""
    if not decision.strip():
        raise DomainError("extension_refusal_bare", field="decision")


def check_pending(state: ExtensionState) -> None:
    """Raise ``extension_closed`` unless the request waits for a decision."""
    if state != ExtensionState.PENDING:
        raise DomainError("extension_closed", state=ExtensionState(state).label)


def check_blocker(stage: Stage, *, text: str, wanted_by: date, today: date) -> None:
    """Raise unless a blocker may be raised today.

    Codes: ``question_too_early``, ``question_is_over``, ``question_empty``, ``question_day_passed``.
    """
    if stage == Stage.REGISTERED:
        raise DomainError("question_too_early")
    _check_words(stage, text=text, day=wanted_by, field="wanted_by", today=today)


def check_instruction(
    stage: Stage, *, has_lead: bool, giver_is_leader: bool, text: str, answer_due_on: date, today: date
) -> None:
    """Raise unless an instruction may be given today: by a leader, on a matter that somebody leads and can answer.

    Codes: ``giver_not_a_leader``, ``instruction_without_lead``, ``question_is_over``, ``question_empty``,
    ``question_day_passed``.
    """
    if not giver_is_leader:
        raise DomainError("giver_not_a_leader", field="given_by")
    if not has_lead:
        raise DomainError("instruction_without_lead")
    _check_words(stage, text=text, day=answer_due_on, field="answer_due_on", today=today)


def check_answer(state: AnswerState, *, answer: str) -> None:
    """Raise unless the question is open and the answer says something. Codes: ``question_closed``, ``answer_empty``."""
    check_open(state)
    if not answer.strip():
        raise DomainError("answer_empty", field="answer")


def check_open(state: AnswerState) -> None:
    """Raise ``question_closed`` unless the question waits for an answer."""
    if state != AnswerState.OPEN:
        raise DomainError("question_closed", state=AnswerState(state).label)


def _check_words(stage: Stage, *, text: str, day: date, field: str, today: date) -> None:
    if stage in FINAL_STAGES:
        raise DomainError("question_is_over", stage=Stage(stage).label)
    if not text.strip():
        raise DomainError("question_empty", field="text")
    if day < today:
        raise DomainError("question_day_passed", field=field)
