"""Extension requests, blockers, instructions: who asks, who answers, what moves and what the log keeps."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from projects.errors import DomainError
from tests.factories import (
    TODAY,
    Cast,
    make_blocker,
    make_cast,
    make_commitment,
    make_department,
    make_extension,
    make_instruction,
    make_post,
    make_user,
)
from tests.reminder_rows import make_reminder
from tracker.actions import blockers, extensions, instructions, reminders
from tracker.choices import (
    AnswerState,
    BlockerCategory,
    ExtensionState,
    Health,
    Involvement,
    ReminderState,
    Role,
    Stage,
)
from tracker.event_kinds import EventKind
from tracker.models import (
    CommitmentDepartment,
    Deputy,
    Event,
    ExtensionRequest,
    PostHolding,
)
from tracker.policies import SYSTEM, actor_of
from tracker.queries import chain

pytestmark = pytest.mark.django_db
DUE, LATER = date(2026, 12, 31), date(2027, 3, 31)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def refusal(call: Callable[[], object]) -> str:
    """The code with which a call is refused."""
    with pytest.raises(DomainError) as raised, transaction.atomic():
        call()
    assert str(raised.value)
    return raised.value.code


def last(kind: EventKind) -> Event:
    return Event.objects.filter(kind=kind).latest("seq")


# --- Extension requests


def test_the_lead_department_asks_and_the_dates_of_the_day_are_kept(cast: Cast) -> None:
    item = make_commitment(department=cast.science, due_on=DUE)
    asked = extensions.request(item, wanted_on=LATER, reason=" 设备到货延期。 ", by=cast.actor("lin"), today=TODAY)
    assert (asked.original_due_on, asked.due_on, asked.wanted_on) == (DUE, DUE, LATER)
    assert asked.state == ExtensionState.PENDING
    assert asked.reason == "设备到货延期。"
    assert asked.revision > 0
    item.refresh_from_db()
    assert item.due_on == DUE
    event = last(EventKind.EXTENSION_REQUESTED)
    assert event.subject == str(asked.ref)
    assert event.changes == {"wanted_on": ["2026-12-31", "2027-03-31"]}
    assert event.reason == "设备到货延期。"


def test_only_the_lead_department_asks(cast: Cast) -> None:
    item = make_commitment(department=cast.science, due_on=DUE)
    CommitmentDepartment.objects.create(
        commitment=item, department=cast.health_bureau, involvement=Involvement.SUPPORTING, order=1
    )
    foreign = make_commitment(department=cast.science, due_on=DUE)

    def ask(name: str, commitment: object = item) -> Callable[[], object]:
        return lambda: extensions.request(
            commitment,  # type: ignore[arg-type]
            wanted_on=LATER, reason="设备到货延期。", by=cast.actor(name), today=TODAY,
        )  # fmt: skip

    assert refusal(ask("zhou")) == "extension_not_yours"
    assert refusal(ask("zhou", foreign)) == "not_found"
    for name in ("chen", "wu", "gu"):
        assert refusal(ask(name)) == "extension_not_yours"


def test_after_the_date_it_is_too_late_and_one_request_waits_at_a_time(cast: Cast) -> None:
    item = make_commitment(department=cast.science, due_on=DUE)
    said: dict[str, Any] = {"wanted_on": LATER, "reason": "设备到货延期。", "by": cast.actor("lin")}
    late = DUE + timedelta(days=1)
    assert refusal(lambda: extensions.request(item, **said, today=late)) == "extension_too_late"
    extensions.request(item, **said, today=DUE)
    assert refusal(lambda: extensions.request(item, **said, today=DUE)) == "extension_pending"


def test_a_commitment_that_changed_meanwhile_is_not_extended_unseen(cast: Cast) -> None:
    item = make_commitment(department=cast.science, due_on=DUE)
    assert (
        refusal(
            lambda: extensions.request(
                item, wanted_on=LATER, reason="x", by=cast.actor("lin"), today=TODAY, expected_revision=99
            )
        )
        == "stale"
    )


def test_granting_moves_the_date_and_never_the_original_one(cast: Cast) -> None:
    item = make_commitment(department=cast.science, due_on=DUE)
    asked = make_extension(item, author=cast.lin)
    decided = extensions.decide(asked, is_granted=True, decision="同意。", by=cast.actor("chen"), today=TODAY)
    item.refresh_from_db()
    assert (item.due_on, item.original_due_on, item.is_assessed_by_current_date) == (LATER, DUE, False)
    assert (decided.state, decided.granted_on, decided.decided_by) == (ExtensionState.GRANTED, LATER, cast.chen)
    assert decided.decided_at is not None
    assert item.revision == decided.revision > 0
    assert last(EventKind.EXTENSION_DECIDED).changes == {
        "state": ["pending", "granted"],
        "granted_on": [None, "2027-03-31"],
    }
    assert last(EventKind.COMMITMENT_REVISED).changes == {"due_on": ["2026-12-31", "2027-03-31"]}
    assert chain.verify().broken_seq is None


def test_another_date_may_be_granted_and_must_be_later(cast: Cast) -> None:
    item = make_commitment(department=cast.science, due_on=DUE)
    asked, chen = make_extension(item, author=cast.lin), cast.actor("chen")
    decide = extensions.decide
    assert refusal(lambda: decide(asked, is_granted=True, granted_on=DUE, by=chen, today=TODAY)) == (
        "extension_not_later"
    )
    decide(asked, is_granted=True, granted_on=date(2027, 1, 31), by=chen, today=TODAY)
    item.refresh_from_db()
    assert item.due_on == date(2027, 1, 31)


@pytest.mark.parametrize(("is_exemption", "light"), [(False, Health.OFF_TRACK), (True, Health.NO_DATA)])
def test_assessment_follows_the_new_date_only_with_an_exemption(cast: Cast, is_exemption: bool, light: Health) -> None:
    item = make_commitment(department=cast.science, due_on=TODAY)
    asked = make_extension(item, author=cast.lin)
    tomorrow = TODAY + timedelta(days=1)
    extensions.decide(asked, is_granted=True, is_exemption=is_exemption, by=cast.actor("chen"), today=tomorrow)
    item.refresh_from_db()
    assert item.is_assessed_by_current_date is is_exemption
    assert item.health == light


def test_a_refusal_says_why_and_moves_nothing(cast: Cast) -> None:
    item = make_commitment(department=cast.science, due_on=DUE)
    asked, chen = make_extension(item, author=cast.lin), cast.actor("chen")
    decide = extensions.decide
    assert refusal(lambda: decide(asked, is_granted=False, by=chen, today=TODAY)) == "extension_refusal_bare"
    assert (
        refusal(lambda: decide(asked, is_granted=False, decision="否", is_exemption=True, by=chen, today=TODAY))
        == "extension_exempts_when_granted"
    )
    decided = decide(asked, is_granted=False, decision=" 工期充足。 ", by=chen, today=TODAY)
    item.refresh_from_db()
    assert item.due_on == DUE
    assert (decided.state, decided.decision, decided.granted_on) == (ExtensionState.REFUSED, "工期充足。", None)
    assert last(EventKind.EXTENSION_DECIDED).reason == "工期充足。"
    assert refusal(lambda: decide(asked, is_granted=True, by=chen, today=TODAY)) == "extension_closed"


def test_only_the_office_decides_and_never_the_author(cast: Cast) -> None:
    item = make_commitment(department=cast.science, due_on=DUE)
    asked = make_extension(item, author=cast.lin)
    for name in ("lin", "zhou", "wu", "gu"):
        actor = cast.actor(name)
        assert (
            refusal(lambda actor=actor: extensions.decide(asked, is_granted=True, by=actor, today=TODAY))  # type: ignore[misc]
            == "not_allowed"
        )
    cast.lin.role = Role.SUPERVISOR
    cast.lin.save(update_fields=["role"])
    moved = actor_of(cast.lin)
    assert refusal(lambda: extensions.decide(asked, is_granted=True, by=moved, today=TODAY)) == "own_extension"


def test_a_second_decision_meets_the_first(cast: Cast) -> None:
    item = make_commitment(department=cast.science, due_on=DUE)
    asked, chen = make_extension(item, author=cast.lin), cast.actor("chen")
    assert (
        refusal(lambda: extensions.decide(asked, is_granted=True, by=chen, today=TODAY, expected_revision=7)) == "stale"
    )
    extensions.decide(asked, is_granted=True, by=chen, today=TODAY, expected_revision=asked.revision)


def test_the_department_takes_its_request_back_while_it_waits(cast: Cast) -> None:
    item = make_commitment(department=cast.science, due_on=DUE)
    asked = make_extension(item, author=cast.lin)
    for name in ("zhou", "chen", "wu"):
        actor = cast.actor(name)
        assert refusal(lambda actor=actor: extensions.withdraw(asked, by=actor, today=TODAY)) == "withdrawal_not_yours"  # type: ignore[misc]
    colleague = make_user("lan", department=cast.science)
    extensions.withdraw(asked, reason="设备提前到货。", by=actor_of(colleague), today=TODAY)
    assert last(EventKind.EXTENSION_WITHDRAWN).changes == {"state": ["pending", "withdrawn"]}
    assert refusal(lambda: extensions.withdraw(asked, by=cast.actor("lin"), today=TODAY)) == "extension_closed"
    extensions.request(item, wanted_on=LATER, reason="再次申请。", by=cast.actor("lin"), today=TODAY)


def test_what_was_asked_never_changes(cast: Cast) -> None:
    asked = make_extension(make_commitment(department=cast.science, due_on=DUE), author=cast.lin)
    with pytest.raises(DatabaseError), transaction.atomic():
        ExtensionRequest.objects.filter(pk=asked.pk).update(wanted_on=date(2028, 1, 1))


def test_a_reminder_of_the_old_date_is_not_needed_any_more(cast: Cast) -> None:
    item = make_commitment(department=cast.science, due_on=DUE)
    row = make_reminder(item, cast.lin, planned_on=DUE - timedelta(days=7))
    assert reminders.settle(now=datetime(2026, 11, 22, tzinfo=UTC)) == 0
    extensions.decide(make_extension(item, author=cast.lin), is_granted=True, by=cast.actor("chen"), today=TODAY)
    row.refresh_from_db()
    assert row.state == ReminderState.CANCELLED


# --- Blockers


def test_any_department_of_the_commitment_names_a_blocker(cast: Cast) -> None:
    item = make_commitment(department=cast.science)
    post = make_post()
    said: dict[str, Any] = {
        "category": BlockerCategory.LAND,
        "text": "缺 30 亩指标。",
        "wanted_from": post,
        "wanted_by": DUE,
    }
    assert refusal(lambda: blockers.ask(item, **said, by=cast.actor("zhou"), today=TODAY)) == "not_found"
    CommitmentDepartment.objects.create(
        commitment=item, department=cast.health_bureau, involvement=Involvement.SUPPORTING, order=1
    )
    for name in ("lin", "zhou"):
        raised = blockers.ask(item, **said, by=cast.actor(name), today=TODAY)
        assert raised.state == AnswerState.OPEN
        assert raised.revision > 0
    for name in ("chen", "wu", "gu"):
        actor = cast.actor(name)
        assert refusal(lambda actor=actor: blockers.ask(item, **said, by=actor, today=TODAY)) == "blocker_not_yours"  # type: ignore[misc]
    assert last(EventKind.BLOCKER_RAISED).changes == {
        "category": [None, "land"],
        "wanted_from": [None, "fgw-head"],
        "wanted_by": [None, "2026-12-31"],
    }


def test_the_post_its_deputy_its_department_or_the_office_answers(cast: Cast) -> None:
    item = make_commitment(department=cast.science)
    planning = make_department("fgw", name="市发展改革委")
    post = make_post(department=planning)
    head = make_user("tang", role=Role.HEAD, department=planning)
    PostHolding.objects.create(post=post, holder=cast.wu, starts_on=date(2026, 1, 1))
    Deputy.objects.create(post=post, deputy=cast.gu, starts_on=TODAY, ends_on=TODAY)
    for actor in (actor_of(head), cast.actor("wu"), cast.actor("gu"), cast.actor("chen"), SYSTEM):
        blocker = make_blocker(item, author=cast.lin, wanted_from=post)
        closed = blockers.answer(blocker, answer=" 已协调解决。 ", by=actor, today=TODAY)
        assert (closed.state, closed.answer, closed.answered_by) == (AnswerState.ANSWERED, "已协调解决。", actor.user)
        assert last(EventKind.BLOCKER_ANSWERED).reason == "已协调解决。"
    blocker = make_blocker(item, author=cast.lin, wanted_from=post)
    for name in ("lin", "zhou"):
        actor = cast.actor(name)
        assert (
            refusal(lambda actor=actor: blockers.answer(blocker, answer="好", by=actor, today=TODAY))  # type: ignore[misc]
            == "blocker_not_yours_to_answer"
        )
    after = TODAY + timedelta(days=1)
    assert refusal(lambda: blockers.answer(blocker, answer="好", by=cast.actor("gu"), today=after)) == (
        "blocker_not_yours_to_answer"
    )


def test_an_answer_closes_a_blocker_once(cast: Cast) -> None:
    blocker = make_blocker(make_commitment(department=cast.science), author=cast.lin, wanted_from=make_post())
    chen = cast.actor("chen")
    assert refusal(lambda: blockers.answer(blocker, answer=" ", by=chen, today=TODAY)) == "answer_empty"
    assert refusal(lambda: blockers.answer(blocker, answer="好", by=chen, today=TODAY, expected_revision=5)) == "stale"
    blockers.answer(blocker, answer="好", by=chen, today=TODAY, expected_revision=blocker.revision)
    assert refusal(lambda: blockers.answer(blocker, answer="再", by=chen, today=TODAY)) == "question_closed"
    assert refusal(lambda: blockers.withdraw(blocker, by=cast.actor("lin"), today=TODAY)) == "question_closed"


def test_a_blocker_is_taken_back_by_who_raised_it_or_the_office(cast: Cast) -> None:
    item, post = make_commitment(department=cast.science), make_post()
    for name, may in (("lin", True), ("chen", True), ("zhou", False), ("wu", False), ("gu", False)):
        blocker, actor = make_blocker(item, author=cast.lin, wanted_from=post), cast.actor(name)
        if may:
            assert blockers.withdraw(blocker, by=actor, today=TODAY).state == AnswerState.WITHDRAWN
            continue
        assert (
            refusal(lambda blocker=blocker, actor=actor: blockers.withdraw(blocker, by=actor, today=TODAY))  # type: ignore[misc]
            == "withdrawal_not_yours"
        )


# --- Instructions


def test_a_leader_gives_in_their_own_name_and_the_office_in_a_leaders(cast: Cast) -> None:
    item = make_commitment(department=cast.science)
    said: dict[str, Any] = {"text": "请抓紧推进。", "answer_due_on": DUE, "today": TODAY}
    given = instructions.give(item, **said, given_by=cast.wu, by=cast.actor("wu"))
    assert (given.given_by, given.author, given.given_on) == (cast.wu, cast.wu, TODAY)
    written = instructions.give(item, **said, given_by=cast.wu, by=cast.actor("chen"))
    assert (written.given_by, written.author) == (cast.wu, cast.chen)
    assert last(EventKind.INSTRUCTION_GIVEN).changes == {
        "given_by": [None, "Wu"],
        "answer_due_on": [None, "2026-12-31"],
    }
    other = make_user("sun", role=Role.LEADER)
    give = instructions.give
    assert refusal(lambda: give(item, **said, given_by=other, by=cast.actor("wu"))) == "instruction_not_in_your_name"
    assert refusal(lambda: give(item, **said, given_by=cast.lin, by=cast.actor("chen"))) == "giver_not_a_leader"
    for name in ("lin", "gu"):
        actor = cast.actor(name)
        assert refusal(lambda actor=actor: give(item, **said, given_by=cast.wu, by=actor)) == "not_allowed"  # type: ignore[misc]


def test_only_the_lead_department_answers_an_instruction(cast: Cast) -> None:
    item = make_commitment(department=cast.science)
    given = make_instruction(item, given_by=cast.wu)
    for name in ("zhou", "chen", "wu", "gu"):
        actor = cast.actor(name)
        assert (
            refusal(lambda actor=actor: instructions.answer(given, answer="已办", by=actor, today=TODAY))  # type: ignore[misc]
            == "instruction_not_yours_to_answer"
        )
    closed = instructions.answer(given, answer="已办。", by=cast.actor("lin"), today=TODAY)
    assert (closed.state, closed.answered_by) == (AnswerState.ANSWERED, cast.lin)
    assert refusal(lambda: instructions.answer(given, answer="再", by=cast.actor("lin"), today=TODAY)) == (
        "question_closed"
    )


def test_an_instruction_is_taken_back_with_a_reason_by_its_giver_or_the_office(cast: Cast) -> None:
    item = make_commitment(department=cast.science, stage=Stage.IN_PROGRESS)
    given = make_instruction(item, given_by=cast.wu)
    other = actor_of(make_user("sun", role=Role.LEADER))
    for actor in (cast.actor("lin"), other, cast.actor("gu")):
        assert (
            refusal(lambda actor=actor: instructions.withdraw(given, reason="误批", by=actor, today=TODAY))  # type: ignore[misc]
            == "withdrawal_not_yours"
        )
    assert refusal(lambda: instructions.withdraw(given, reason=" ", by=cast.actor("wu"), today=TODAY)) == (
        "withdrawal_bare"
    )
    assert instructions.withdraw(given, reason="误批", by=cast.actor("wu"), today=TODAY).state == AnswerState.WITHDRAWN
    second = make_instruction(item, given_by=cast.wu)
    instructions.withdraw(second, reason="重复", by=cast.actor("chen"), today=TODAY)
    assert last(EventKind.INSTRUCTION_WITHDRAWN).reason == "重复"


def test_what_a_demonstration_sign_in_asks_is_marked(cast: Cast) -> None:
    cast.lin.is_demo = cast.wu.is_demo = True
    for user in (cast.lin, cast.wu):
        user.save(update_fields=["is_demo"])
    item = make_commitment(department=cast.science, due_on=DUE)
    lin, wu = cast.actor("lin"), cast.actor("wu")
    rows: list[Any] = [
        extensions.request(item, wanted_on=LATER, reason="延期", by=lin, today=TODAY),
        blockers.ask(
            item,
            category=BlockerCategory.MONEY,
            text="缺资金",
            wanted_from=make_post(),
            wanted_by=DUE,
            by=lin,
            today=TODAY,
        ),
        instructions.give(item, text="抓紧", answer_due_on=DUE, given_by=cast.wu, by=wu, today=TODAY),
    ]
    assert all(row.is_demo for row in rows)
    assert all(Event.objects.values_list("is_demo", flat=True))
    item.refresh_from_db()
    assert not item.is_demo, "asking makes no commitment a demonstration"
    extensions.decide(rows[0], is_granted=True, by=cast.actor("chen"), today=TODAY)
    item.refresh_from_db()
    assert item.is_demo
