"""What a department cannot solve alone 堵点: raised, answered by the post that can help, or taken back."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from projects.actions import clock
from projects.errors import DomainError
from tracker import policies
from tracker.actions import commitments, events, health, settling
from tracker.choices import DEPARTMENT_ROLES, AnswerState, BlockerCategory, Stage
from tracker.event_kinds import EventKind
from tracker.models import Blocker, Commitment, Post
from tracker.policies import Actor
from tracker.rules import questions


@transaction.atomic
def ask(
    commitment: Commitment,
    *,
    category: BlockerCategory,
    text: str,
    wanted_from: Post,
    wanted_by: date,
    by: Actor,
    today: date,
    is_demo: bool = False,
) -> Blocker:
    """Name what is lacking, and ask a post for it by a day. Any department of the commitment may.

    Raises:
        DomainError: out of sight, not a department's, not handed out yet or over, no words, or a day that has passed.
    """
    item = health.lock(commitment)
    if not policies.can_see(by, item):
        raise DomainError("not_found")
    if by.user is None or by.role not in DEPARTMENT_ROLES:
        raise DomainError("blocker_not_yours")
    questions.check_blocker(Stage(item.stage), text=text, wanted_by=wanted_by, today=today)
    blocker = Blocker.objects.create(
        commitment=item,
        author=by.user,
        category=category,
        text=text.strip(),
        wanted_from=wanted_from,
        wanted_by=wanted_by,
        is_demo=is_demo or by.is_demo,
    )
    changes: events.Changes = {
        "category": [None, blocker.category],
        "wanted_from": [None, wanted_from.code],
        "wanted_by": [None, wanted_by.isoformat()],
    }
    events.tell(EventKind.BLOCKER_RAISED, blocker, item, by=by, changes=changes, reason=blocker.text)
    clock.stamp(blocker)
    return blocker


@transaction.atomic
def answer(blocker: Blocker, *, answer: str, by: Actor, today: date, expected_revision: int | None = None) -> Blocker:
    """Answer a blocker, which closes it.

    Raises:
        DomainError: not the post's, its department's or the office's; answered or withdrawn already; no words; or
            somebody changed it meanwhile (`stale`).
    """
    item, open_one = _lock(blocker)
    if not policies.can_answer_blocker(by, open_one, today=today):
        raise DomainError("blocker_not_yours_to_answer")
    questions.check_answer(AnswerState(open_one.state), answer=answer)
    commitments.check_revision(open_one, expected_revision)
    before, open_one.state = open_one.state, AnswerState.ANSWERED
    open_one.answer, open_one.answered_by, open_one.answered_at = answer.strip(), by.user, timezone.now()
    open_one.save(update_fields=["state", "answer", "answered_by", "answered_at", "updated_at"])
    changes: events.Changes = {"state": [before, open_one.state]}
    events.tell(EventKind.BLOCKER_ANSWERED, open_one, item, by=by, changes=changes, reason=open_one.answer)
    settling.settle_of([item])
    clock.stamp(open_one)
    return open_one


@transaction.atomic
def withdraw(
    blocker: Blocker, *, reason: str = "", by: Actor, today: date, expected_revision: int | None = None
) -> Blocker:
    """Take a blocker back: solved otherwise, or raised by mistake. The department that raised it, or the office.

    Raises:
        DomainError: another department's, answered or withdrawn already, or somebody changed it meanwhile (`stale`).
    """
    item, open_one = _lock(blocker)
    if not may_withdraw(by, open_one):
        raise DomainError("withdrawal_not_yours")
    questions.check_open(AnswerState(open_one.state))
    commitments.check_revision(open_one, expected_revision)
    before, open_one.state = open_one.state, AnswerState.WITHDRAWN
    open_one.save(update_fields=["state", "updated_at"])
    changes: events.Changes = {"state": [before, open_one.state]}
    events.tell(EventKind.BLOCKER_WITHDRAWN, open_one, item, by=by, changes=changes, reason=reason.strip())
    settling.settle_of([item])
    clock.stamp(open_one)
    return open_one


def may_withdraw(actor: Actor, blocker: Blocker) -> bool:
    """Whether the actor belongs to the department that raised it, or to the supervision office."""
    is_ours = actor.department_id is not None and blocker.author.department_id == actor.department_id
    return policies.can_supervise(actor) or (actor.role in DEPARTMENT_ROLES and is_ours)


def _lock(blocker: Blocker) -> tuple[Commitment, Blocker]:
    """The commitment first, then its blocker: the one order in which all actions lock."""
    item = health.lock(Commitment(pk=blocker.commitment_id))
    locked = Blocker.objects.select_for_update(of=("self",), no_key=True).select_related("author", "wanted_from")
    fresh = locked.get(pk=blocker.pk)
    fresh.commitment = item
    return item, fresh
