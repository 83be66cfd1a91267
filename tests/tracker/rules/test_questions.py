"""What may be asked, decided, answered and taken back, and when."""

from datetime import date, timedelta

import pytest

from tests.tracker.rules.make import refused
from tracker.choices import AnswerState, ExtensionState, Stage
from tracker.rules import questions

TODAY = date(2026, 11, 22)
DUE = date(2026, 12, 31)
LATER = date(2027, 3, 31)


def request(**changed: object) -> None:
    facts: dict[str, object] = {
        "due_on": DUE, "wanted_on": LATER, "reason": "设备到货延期。", "has_pending": False, "today": TODAY,
    }  # fmt: skip
    stage = changed.pop("stage", Stage.IN_PROGRESS)
    questions.check_request(stage, **(facts | changed))  # type: ignore[arg-type]  # a table of facts


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"due_on": None}, "extension_without_date", ""),
        ({"today": DUE + timedelta(days=1)}, "extension_too_late", ""),
        ({"has_pending": True}, "extension_pending", ""),
        ({"wanted_on": DUE}, "extension_not_later", "wanted_on"),
        ({"wanted_on": DUE - timedelta(days=1)}, "extension_not_later", "wanted_on"),
        ({"reason": " \n"}, "extension_reason_missing", "reason"),
        *[
            ({"stage": stage}, "extension_not_at_work", "")
            for stage in Stage
            if stage not in {Stage.ISSUED, Stage.ACCEPTED, Stage.IN_PROGRESS}
        ],
    ],
)
def test_an_extension_that_cannot_be_asked_for_is_refused(changed: dict[str, object], code: str, field: str) -> None:
    with refused(code, field=field):
        request(**changed)


@pytest.mark.parametrize("stage", [Stage.ISSUED, Stage.ACCEPTED, Stage.IN_PROGRESS])
@pytest.mark.parametrize("today", [TODAY, DUE])
def test_an_extension_is_asked_for_at_work_until_the_due_date(stage: Stage, today: date) -> None:
    request(stage=stage, today=today)


@pytest.mark.parametrize("state", list(ExtensionState))
def test_only_a_request_that_waits_is_decided_and_never_by_its_author(state: ExtensionState) -> None:
    if state != ExtensionState.PENDING:
        with refused("extension_closed"):
            questions.check_decision(state, author_id=1, decider_id=2)
        return
    questions.check_decision(state, author_id=1, decider_id=2)
    questions.check_decision(state, author_id=1, decider_id=None)
    with refused("own_extension"):
        questions.check_decision(state, author_id=1, decider_id=1)


@pytest.mark.parametrize(
    ("stage", "due_on", "granted_on", "code"),
    [
        (Stage.IN_PROGRESS, DUE, LATER, None),
        (Stage.REPORTED_DONE, DUE, LATER, None),
        (Stage.SUSPENDED, DUE, DUE + timedelta(days=1), None),
        (Stage.IN_PROGRESS, DUE, DUE, "extension_not_later"),
        # The office moved the date meanwhile: later than both counts.
        (Stage.IN_PROGRESS, LATER, LATER, "extension_not_later"),
        (Stage.IN_PROGRESS, date(2026, 11, 30), date(2026, 12, 15), "extension_not_later"),
        (Stage.IN_PROGRESS, None, LATER, "extension_without_date"),
        (Stage.VERIFIED, DUE, LATER, "question_is_over"),
        (Stage.CLOSED, DUE, LATER, "question_is_over"),
        (Stage.CANCELLED, DUE, LATER, "question_is_over"),
    ],
)
def test_a_granted_date_is_later_than_the_present_one(
    stage: Stage, due_on: date | None, granted_on: date, code: str | None
) -> None:
    if code is None:
        questions.check_grant(stage, due_on=due_on, asked_at=DUE, granted_on=granted_on)
        return
    with refused(code):
        questions.check_grant(stage, due_on=due_on, asked_at=DUE, granted_on=granted_on)


def test_a_refusal_says_why() -> None:
    questions.check_refusal("工期充足。")
    with refused("extension_refusal_bare", field="decision"):
        questions.check_refusal(" ")


@pytest.mark.parametrize(
    ("stage", "text", "wanted_by", "code"),
    [
        (Stage.ISSUED, "缺用地指标。", TODAY, None),
        (Stage.SUSPENDED, "缺用地指标。", DUE, None),
        (Stage.REGISTERED, "缺用地指标。", DUE, "question_too_early"),
        (Stage.VERIFIED, "缺用地指标。", DUE, "question_is_over"),
        (Stage.ARCHIVED, "缺用地指标。", DUE, "question_is_over"),
        (Stage.IN_PROGRESS, " ", DUE, "question_empty"),
        (Stage.IN_PROGRESS, "缺用地指标。", TODAY - timedelta(days=1), "question_day_passed"),
    ],
)
def test_a_blocker_is_raised_on_running_work_for_a_day_to_come(
    stage: Stage, text: str, wanted_by: date, code: str | None
) -> None:
    if code is None:
        questions.check_blocker(stage, text=text, wanted_by=wanted_by, today=TODAY)
        return
    with refused(code):
        questions.check_blocker(stage, text=text, wanted_by=wanted_by, today=TODAY)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({}, None),
        ({"stage": Stage.REGISTERED, "answer_due_on": TODAY}, None),
        ({"giver_is_leader": False}, "giver_not_a_leader"),
        ({"has_lead": False}, "instruction_without_lead"),
        ({"stage": Stage.CLOSED}, "question_is_over"),
        ({"text": ""}, "question_empty"),
        ({"answer_due_on": TODAY - timedelta(days=1)}, "question_day_passed"),
    ],
)
def test_an_instruction_is_a_leaders_and_somebody_can_answer_it(changed: dict[str, object], code: str | None) -> None:
    facts: dict[str, object] = {
        "has_lead": True, "giver_is_leader": True, "text": "请抓紧。", "answer_due_on": DUE, "today": TODAY,
    }  # fmt: skip
    given = facts | changed
    stage = given.pop("stage", Stage.IN_PROGRESS)
    if code is None:
        questions.check_instruction(stage, **given)  # type: ignore[arg-type]  # a table of facts
        return
    with refused(code):
        questions.check_instruction(stage, **given)  # type: ignore[arg-type]  # a table of facts


@pytest.mark.parametrize(
    ("state", "answer", "code"),
    [
        (AnswerState.OPEN, "已协调。", None),
        (AnswerState.OPEN, " ", "answer_empty"),
        (AnswerState.ANSWERED, "已协调。", "question_closed"),
        (AnswerState.WITHDRAWN, "已协调。", "question_closed"),
    ],
)
def test_an_open_question_is_answered_once_and_in_words(state: AnswerState, answer: str, code: str | None) -> None:
    if code is None:
        questions.check_answer(state, answer=answer)
        return
    with refused(code):
        questions.check_answer(state, answer=answer)
