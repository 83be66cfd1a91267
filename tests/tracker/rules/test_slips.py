"""Which colour is due, as tables. No database."""

from datetime import date, timedelta

import pytest

from projects.errors import DomainError
from tracker.choices import REPORTABLE_STAGES, SlipLevel, SlipState, Stage
from tracker.rules import slips
from tracker.rules.slips import Cited, Pace, SlipFacts

DUE = date(2026, 6, 30)
PACE = Pace(after_days=35, next_days=7)
BLUE, YELLOW, RED = SlipLevel.BLUE, SlipLevel.YELLOW, SlipLevel.RED
ANSWER_DUE, PROMISED = date(2026, 8, 12), date(2026, 9, 1)


def late(days: int) -> date:
    return DUE + timedelta(days=days)


def facts(**known: object) -> SlipFacts:
    return SlipFacts(**({"stage": Stage.IN_PROGRESS, "due_on": DUE} | known))  # type: ignore[arg-type]


def cited(level: SlipLevel = BLUE, *, promised_on: date | None = None) -> Cited:
    state = SlipState.ANSWERED if promised_on else SlipState.ISSUED
    return Cited(level=level, state=state, answer_due_on=ANSWER_DUE, promised_on=promised_on, year=2026, number=3)


@pytest.mark.parametrize(
    ("known", "today", "wanted"),
    [
        # The first colour: so many days after the due date, and never before.
        (facts(), late(34), None),
        (facts(), late(35), BLUE),
        (facts(), late(400), BLUE),
        (facts(), DUE, None),
        # Nobody knows the date, or there is none: continuous work, a red line without one.
        (facts(due_on=None), late(400), None),
        (facts(due_on=date.max), late(400), None),
        # Nobody could answer.
        (facts(has_lead=False), late(400), None),
        # A draft waits, or a person has decided.
        (facts(has_draft=True), late(400), None),
        (facts(is_settled=True), late(400), None),
        # No answer: the next colour a week after the answer was due.
        (facts(last=cited()), ANSWER_DUE + timedelta(days=6), None),
        (facts(last=cited()), ANSWER_DUE + timedelta(days=7), YELLOW),
        (facts(last=cited(YELLOW)), ANSWER_DUE + timedelta(days=7), RED),
        # An answer: a week after the promised day, if the work is still open.
        (facts(last=cited(promised_on=PROMISED)), ANSWER_DUE + timedelta(days=7), None),
        (facts(last=cited(promised_on=PROMISED)), PROMISED + timedelta(days=6), None),
        (facts(last=cited(promised_on=PROMISED)), PROMISED + timedelta(days=7), YELLOW),
        (facts(last=cited(YELLOW, promised_on=PROMISED)), PROMISED + timedelta(days=7), RED),
        # After red the chain lies before the leaders.
        (facts(last=cited(RED)), late(400), None),
        (facts(last=cited(RED, promised_on=PROMISED)), late(400), None),
    ],
)
def test_the_colour_that_is_due(known: SlipFacts, today: date, wanted: SlipLevel | None) -> None:
    assert slips.due_level(known, pace=PACE, today=today) == wanted


@pytest.mark.parametrize("stage", Stage)
def test_only_work_under_way_is_ever_due(stage: Stage) -> None:
    wanted = {BLUE} if stage in REPORTABLE_STAGES else {None}
    assert {slips.due_level(facts(stage=stage), pace=PACE, today=late(400))} == wanted


@pytest.mark.parametrize(
    ("known", "today", "code"),
    [
        (facts(stage=Stage.REPORTED_DONE), late(9), "slip_not_at_work"),
        (facts(has_lead=False), late(9), "slip_without_lead"),
        (facts(due_on=None), late(9), "slip_without_date"),
        (facts(), DUE, "slip_not_late"),
        (facts(has_draft=True), late(9), "slip_drafted"),
        (facts(last=cited()), ANSWER_DUE, "slip_waits"),
        (facts(last=cited(promised_on=PROMISED)), PROMISED, "slip_waits"),
        (facts(last=cited(RED)), late(400), "slip_after_red"),
    ],
)
def test_by_hand_the_chain_is_kept_too(known: SlipFacts, today: date, code: str) -> None:
    with pytest.raises(DomainError) as refusal:
        slips.level_by_hand(known, today=today)
    assert refusal.value.code == code
    assert str(refusal.value)


@pytest.mark.parametrize(
    ("known", "today", "wanted"),
    [
        (facts(), late(1), BLUE),
        (facts(is_settled=True), late(1), BLUE),
        (facts(last=cited()), ANSWER_DUE + timedelta(days=1), YELLOW),
        (facts(last=cited(YELLOW, promised_on=PROMISED)), PROMISED + timedelta(days=1), RED),
    ],
)
def test_by_hand_the_next_colour_comes_a_day_after(known: SlipFacts, today: date, wanted: SlipLevel) -> None:
    assert slips.level_by_hand(known, today=today) == wanted


@pytest.mark.parametrize(
    ("known", "today", "wanted"),
    [
        (facts(), late(40), False),
        (facts(stage=Stage.REPORTED_DONE), late(40), True),
        (facts(stage=Stage.SUSPENDED), late(40), True),
        (facts(stage=Stage.EXEMPT), late(40), True),
        (facts(has_lead=False), late(40), True),
        (facts(due_on=None), late(40), True),
        (facts(due_on=late(40)), late(40), True),
        (facts(last=cited()), ANSWER_DUE + timedelta(days=9), False),
        (facts(last=cited(promised_on=PROMISED)), PROMISED, True),
        (facts(last=cited(promised_on=PROMISED)), PROMISED + timedelta(days=1), False),
        (facts(last=Cited(level=BLUE, state=SlipState.WITHDRAWN, answer_due_on=ANSWER_DUE)), late(90), True),
    ],
)
def test_a_draft_is_moot_when_its_ground_is_gone(known: SlipFacts, today: date, wanted: bool) -> None:
    assert slips.is_moot(known, today=today) is wanted


@pytest.mark.parametrize(
    ("state", "is_followed", "text", "promised_on", "code"),
    [
        (SlipState.DRAFT, False, "x", late(9), "slip_closed"),
        (SlipState.ANSWERED, False, "x", late(9), "slip_closed"),
        (SlipState.WITHDRAWN, False, "x", late(9), "slip_closed"),
        (SlipState.ISSUED, True, "x", late(9), "slip_followed"),
        (SlipState.ISSUED, False, " ", late(9), "answer_empty"),
        (SlipState.ISSUED, False, "x", late(7), "slip_promise_passed"),
    ],
)
def test_an_answer_has_words_and_a_day_ahead(
    state: SlipState, is_followed: bool, text: str, promised_on: date, code: str
) -> None:
    with pytest.raises(DomainError) as refusal:
        slips.check_answer(state, is_followed=is_followed, text=text, promised_on=promised_on, today=late(8))
    assert refusal.value.code == code
    assert str(refusal.value)


def test_the_grounds_name_what_is_known_and_nothing_else() -> None:
    bare = slips.grounds(due_on=DUE, original_due_on=DUE, reminded_count=0, last_period_end=None, cited=None)
    assert [one.code for one in bare] == ["overdue", "no_report"]
    full = slips.grounds(
        due_on=DUE, original_due_on=late(-90), reminded_count=4, last_period_end=late(31), cited=cited()
    )
    assert [one.code for one in full] == ["overdue", "date_moved", "last_report", "reminded", "slip_unanswered"]
    promised = slips.grounds(
        due_on=DUE, original_due_on=DUE, reminded_count=1, last_period_end=None, cited=cited(promised_on=PROMISED)
    )
    assert promised[-1].values() == {"year": 2026, "number": 3, "promised_on": PROMISED.isoformat()}
