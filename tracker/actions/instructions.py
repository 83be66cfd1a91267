"""A leader's word on a commitment 批示: given, answered by the lead department, or taken back with a reason."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from projects.actions import clock
from projects.errors import DomainError
from tracker import policies
from tracker.actions import commitments, events, health, reminders, settling
from tracker.choices import AnswerState, ReminderOccasion, Role, Stage
from tracker.event_kinds import EventKind
from tracker.models import Commitment, Instruction, User
from tracker.policies import Actor
from tracker.rules import questions


@transaction.atomic
def give(
    commitment: Commitment,
    *,
    text: str,
    answer_due_on: date,
    given_by: User,
    by: Actor,
    today: date,
    is_demo: bool = False,
) -> Instruction:
    """Give an instruction: a leader in their own name, or the supervision office in a leader's. The lead department is
    told at once.

    Raises:
        DomainError: neither of the two, another's name, the giver is no leader, nobody leads the commitment, it is
            over, no words, or a day that has passed.
    """
    item = health.lock(commitment)
    if not policies.can_instruct(by):
        raise DomainError("not_allowed")
    if by.role == Role.LEADER and given_by.pk != by.user_id:
        raise DomainError("instruction_not_in_your_name", field="given_by")
    questions.check_instruction(
        Stage(item.stage),
        has_lead=item.lead_id is not None,
        giver_is_leader=given_by.role == Role.LEADER and given_by.is_active,
        text=text,
        answer_due_on=answer_due_on,
        today=today,
    )
    instruction = Instruction.objects.create(
        commitment=item,
        given_by=given_by,
        author=by.user or given_by,
        given_on=today,
        answer_due_on=answer_due_on,
        text=text.strip(),
        is_demo=is_demo or by.is_demo,
    )
    reminders.tell(item, ReminderOccasion.INSTRUCTION_GIVEN, today=today)
    changes: events.Changes = {
        "given_by": [None, str(given_by)],
        "answer_due_on": [None, answer_due_on.isoformat()],
    }
    events.tell(EventKind.INSTRUCTION_GIVEN, instruction, item, by=by, changes=changes, reason=instruction.text)
    clock.stamp(instruction)
    return instruction


@transaction.atomic
def answer(
    instruction: Instruction, *, answer: str, by: Actor, today: date, expected_revision: int | None = None
) -> Instruction:
    """Answer an instruction, which closes it. Only the department that leads the commitment now.

    Raises:
        DomainError: not the lead department, answered or withdrawn already, no words, or somebody changed it
            meanwhile (`stale`).
    """
    item, open_one = _lock(instruction)
    if not policies.leads(by, item):
        raise DomainError("instruction_not_yours_to_answer")
    questions.check_answer(AnswerState(open_one.state), answer=answer)
    commitments.check_revision(open_one, expected_revision)
    before, open_one.state = open_one.state, AnswerState.ANSWERED
    open_one.answer, open_one.answered_by, open_one.answered_at = answer.strip(), by.user, timezone.now()
    open_one.save(update_fields=["state", "answer", "answered_by", "answered_at", "updated_at"])
    changes: events.Changes = {"state": [before, open_one.state]}
    events.tell(EventKind.INSTRUCTION_ANSWERED, open_one, item, by=by, changes=changes, reason=open_one.answer)
    settling.settle_of([item])
    clock.stamp(open_one)
    return open_one


@transaction.atomic
def withdraw(
    instruction: Instruction, *, reason: str, by: Actor, today: date, expected_revision: int | None = None
) -> Instruction:
    """Take an instruction back with a reason: its giver, or the supervision office.

    Raises:
        DomainError: neither of the two, answered or withdrawn already, no reason, or somebody changed it meanwhile
            (`stale`).
    """
    item, open_one = _lock(instruction)
    if not may_withdraw(by, open_one):
        raise DomainError("withdrawal_not_yours")
    questions.check_open(AnswerState(open_one.state))
    commitments.check_revision(open_one, expected_revision)
    if not reason.strip():
        raise DomainError("withdrawal_bare", field="reason")
    before, open_one.state = open_one.state, AnswerState.WITHDRAWN
    open_one.save(update_fields=["state", "updated_at"])
    changes: events.Changes = {"state": [before, open_one.state]}
    events.tell(EventKind.INSTRUCTION_WITHDRAWN, open_one, item, by=by, changes=changes, reason=reason.strip())
    settling.settle_of([item])
    clock.stamp(open_one)
    return open_one


def may_withdraw(actor: Actor, instruction: Instruction) -> bool:
    """Whether the actor gave it or works for the supervision office."""
    return policies.can_supervise(actor) or (actor.role == Role.LEADER and instruction.given_by_id == actor.user_id)


def _lock(instruction: Instruction) -> tuple[Commitment, Instruction]:
    """The commitment first, then its instruction: the one order in which all actions lock."""
    item = health.lock(Commitment(pk=instruction.commitment_id))
    locked = Instruction.objects.select_for_update(of=("self",), no_key=True)
    fresh = locked.get(pk=instruction.pk)
    fresh.commitment = item
    return item, fresh
