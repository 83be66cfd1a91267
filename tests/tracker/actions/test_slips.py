"""Slips: drafted by the site, issued by a person, answered by the lead, dropped and withdrawn with a reason."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.errors import DomainError
from tests.factories import TODAY, Cast, make_cast, make_commitment
from tests.slip_rows import make_slip
from tracker import policies
from tracker.actions import slips
from tracker.choices import SlipLevel, SlipState, Stage
from tracker.event_kinds import EventKind
from tracker.models import Commitment, Event, Slip, SlipCounter
from tracker.queries import chain, slip_facts

pytestmark = pytest.mark.django_db

LATE = TODAY - timedelta(days=40)
ANSWER_DUE = TODAY + timedelta(days=7)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def item(cast: Cast) -> Commitment:
    return make_commitment("L-1", department=cast.science, due_on=LATE)


def issue(slip: Slip, cast: Cast, *, today: date = TODAY, **said: object) -> Slip:
    words = {"text": "请书面答复。", "answer_due_on": today + timedelta(days=7)} | said
    return slips.issue(slip, by=cast.actor("chen"), today=today, **words)  # type: ignore[arg-type]


def refused(code: str) -> "pytest.RaisesContext[DomainError]":  # type: ignore[name-defined]
    return pytest.raises(DomainError, check=lambda error: error.code == code and bool(str(error)))


# --- Drafted by the site


def test_the_site_drafts_once_and_tells_it_once(cast: Cast, item: Commitment) -> None:
    make_commitment("IN-TIME", department=cast.science, due_on=TODAY)
    make_commitment("WEEK", department=cast.science, due_on=TODAY - timedelta(days=7))
    make_commitment("NOBODY", due_on=LATE)
    make_commitment("CONTINUOUS", department=cast.science, is_continuous=True)
    make_commitment("UNKNOWN", department=cast.science, due_on=None)
    for stage in Stage:
        make_commitment(f"S-{stage}", department=cast.science, due_on=LATE, stage=stage)
    wanted = {"L-1", "S-issued", "S-accepted", "S-in_progress"}
    assert slips.draft_due(today=TODAY) == len(wanted)
    assert slips.draft_due(today=TODAY) == 0
    assert slips.draft_due(today=TODAY + timedelta(days=1)) == 0
    rows = Slip.objects.select_related("commitment")
    assert {row.commitment.code for row in rows} == wanted
    assert {(row.level, row.state, row.drafted_on, row.number) for row in rows} == {("blue", "draft", TODAY, None)}
    assert all(row.revision for row in rows)
    told = Event.objects.filter(kind=EventKind.SLIP_DRAFTED)
    assert sorted(told.values_list("subject", flat=True)) == sorted(str(row.ref) for row in rows)
    assert not told.exclude(actor=None).exists()
    assert chain.verify().broken_seq is None


def test_the_grounds_say_what_the_site_knew(cast: Cast, item: Commitment) -> None:
    Commitment.objects.filter(pk=item.pk).update(last_period_end=date(2026, 9, 30))
    slips.draft_due(today=TODAY)
    found = {one["code"]: one["params"] for one in Slip.objects.get().grounds}
    assert found["overdue"] == {"due_on": LATE.isoformat()}
    assert found["last_report"] == {"period_end": "2026-09-30"}
    assert "reminded" not in found


def test_thirty_late_matters_are_drafted_with_as_many_queries_as_three(cast: Cast) -> None:
    counted = []
    for size in (3, 30):
        for number in range(size):
            make_commitment(f"N{size}-{number}", department=cast.science, due_on=LATE)
        with CaptureQueriesContext(connection) as queries:
            assert slips.draft_due(today=TODAY) == size
        counted.append(len(queries))
    assert counted[0] == counted[1]


@pytest.mark.parametrize(
    ("state", "days", "wanted"),
    [
        (SlipState.ISSUED, 6, None),
        (SlipState.ISSUED, 7, SlipLevel.YELLOW),
        (SlipState.ANSWERED, 7, None),
        (SlipState.ANSWERED, 14, SlipLevel.YELLOW),
        (SlipState.WITHDRAWN, 400, None),
    ],
)
def test_the_next_colour_cites_the_last(
    state: SlipState, days: int, wanted: SlipLevel | None, item: Commitment
) -> None:
    blue = make_slip(item, state=state)
    assert blue.answer_due_on is not None
    count = slips.draft_due(today=blue.answer_due_on + timedelta(days=days))
    found = Slip.objects.filter(state=SlipState.DRAFT).first()
    assert (count, found and (found.level, found.cites)) == ((1, (wanted, blue)) if wanted else (0, None))


def test_after_red_nothing_is_drafted(item: Commitment) -> None:
    blue = make_slip(item)
    yellow = make_slip(item, level=SlipLevel.YELLOW, cites=blue, number=2)
    make_slip(item, level=SlipLevel.RED, cites=yellow, number=3)
    assert slips.draft_due(today=TODAY + timedelta(days=300)) == 0


def test_a_later_date_begins_a_new_chain(item: Commitment) -> None:
    make_slip(item)
    moved = TODAY + timedelta(days=10)
    Commitment.objects.filter(pk=item.pk).update(due_on=moved)
    assert slips.draft_due(today=moved + timedelta(days=34)) == 0
    assert slips.draft_due(today=moved + timedelta(days=35)) == 1
    assert Slip.objects.filter(state=SlipState.DRAFT, level=SlipLevel.BLUE, cites=None).exists()


def test_what_a_person_dropped_the_site_does_not_draft_again(cast: Cast, item: Commitment) -> None:
    slips.draft_due(today=TODAY)
    slips.drop(Slip.objects.get(), reason="已当面沟通。", by=cast.actor("chen"), today=TODAY)
    assert slips.draft_due(today=TODAY + timedelta(days=1)) == 0
    again = slips.draft(item, by=cast.actor("chen"), today=TODAY + timedelta(days=1))
    assert (again.level, again.state) == (SlipLevel.BLUE, SlipState.DRAFT)


def test_a_dropped_yellow_is_taken_up_again_because_a_slip_is_cited_once(cast: Cast, item: Commitment) -> None:
    blue = make_slip(item)
    yellow = slips.draft(item, by=cast.actor("chen"), today=TODAY)
    slips.drop(yellow, reason="再等一周。", by=cast.actor("chen"), today=TODAY)
    assert slips.draft_due(today=TODAY + timedelta(days=30)) == 0
    again = slips.draft(item, by=cast.actor("chen"), today=TODAY)
    assert (again.pk, again.cites, again.end_reason) == (yellow.pk, blue, "")
    assert Slip.objects.count() == 2


# --- Moot


@pytest.mark.parametrize(
    "change",
    [
        {"stage": Stage.REPORTED_DONE},
        {"stage": Stage.CLOSED},
        {"stage": Stage.SUSPENDED},
        {"stage": Stage.EXEMPT},
        {"due_on": TODAY + timedelta(days=30)},
        {"lead": None},
    ],
)
def test_a_draft_whose_ground_is_gone_is_dropped_and_comes_back_with_it(
    change: dict[str, object], cast: Cast, item: Commitment
) -> None:
    slips.draft_due(today=TODAY)
    assert slips.drop_moot(today=TODAY) == 0
    draft = Slip.objects.get()
    Commitment.objects.filter(pk=item.pk).update(**change)
    with refused("slip_moot"):
        issue(draft, cast)
    assert slips.drop_moot(today=TODAY) == 1
    assert slips.drop_moot(today=TODAY) == 0
    assert Slip.objects.get().state == SlipState.DROPPED
    assert Event.objects.filter(kind=EventKind.SLIP_DROPPED, actor=None).count() == 1
    assert slips.draft_due(today=TODAY) == 0
    Commitment.objects.filter(pk=item.pk).update(stage=Stage.IN_PROGRESS, due_on=LATE, lead=cast.science)
    assert slips.draft_due(today=TODAY) == 1


def test_a_late_answer_makes_the_next_colours_draft_moot(cast: Cast, item: Commitment) -> None:
    blue = make_slip(item)
    assert slips.draft_due(today=TODAY) == 1
    promised = TODAY + timedelta(days=20)
    slips.answer(blue, text="已倒排工期。", promised_on=promised, by=cast.actor("lin"), today=TODAY)
    assert slips.drop_moot(today=TODAY) == 1
    assert slips.draft_due(today=promised + timedelta(days=6)) == 0
    assert slips.draft_due(today=promised + timedelta(days=7)) == 1
    assert Slip.objects.get(state=SlipState.DRAFT).cites == blue


# --- Issued


def test_a_slip_is_issued_under_the_next_number_of_the_year(cast: Cast, item: Commitment) -> None:
    other = make_commitment(department=cast.science, due_on=LATE)
    slips.draft_due(today=TODAY)
    first, second = Slip.objects.order_by("pk")
    first = issue(first, cast)
    assert (first.year, first.number, first.issued_on, first.issued_by) == (2026, 1, TODAY, cast.chen)
    assert (first.state, first.text, first.answer_due_on) == (SlipState.ISSUED, "请书面答复。", ANSWER_DUE)
    assert issue(second, cast).number == 2
    third = make_commitment(department=cast.science, due_on=LATE)
    assert issue(slips.draft(third, by=cast.actor("chen"), today=TODAY), cast, today=date(2027, 1, 4)).number == 1
    assert dict(SlipCounter.objects.values_list("year", "last")) == {2026: 2, 2027: 1}
    event = Event.objects.filter(kind=EventKind.SLIP_ISSUED).earliest("seq")
    assert (event.actor, event.commitment, event.subject) == (cast.chen, item, str(first.ref))
    assert other.pk != item.pk


def test_a_refused_issue_uses_no_number(cast: Cast, item: Commitment) -> None:
    draft = slips.draft(item, by=cast.actor("chen"), today=TODAY)
    with refused("slip_empty"):
        issue(draft, cast, text=" ")
    with refused("slip_day_passed"):
        issue(draft, cast, answer_due_on=TODAY - timedelta(days=1))
    with refused("stale"):
        issue(draft, cast, expected_revision=draft.revision + 1)
    assert issue(draft, cast).number == 1
    with refused("slip_not_draft"):
        issue(draft, cast)
    assert SlipCounter.objects.get().last == 1


def test_the_answer_is_due_so_many_working_days_ahead() -> None:
    # 2026-11-22 is a Sunday; five working days are the week from Monday to Friday.
    assert slip_facts.answer_due_on(today=TODAY) == date(2026, 11, 27)
    # The holidays of October: the fifth working day after 30 September lies behind them.
    assert slip_facts.answer_due_on(today=date(2026, 9, 30)) > date(2026, 10, 8)


@pytest.mark.parametrize("name", ["lin", "zhou", "wu", "gu"])
def test_only_the_office_drafts_issues_drops_and_withdraws(name: str, cast: Cast, item: Commitment) -> None:
    by = cast.actor(name)
    with refused("not_allowed"):
        slips.draft(item, by=by, today=TODAY)
    draft = slips.draft(item, by=cast.actor("chen"), today=TODAY)
    with refused("not_allowed"):
        slips.issue(draft, text="x", answer_due_on=ANSWER_DUE, by=by, today=TODAY)
    with refused("not_allowed"):
        slips.drop(draft, reason="x", by=by, today=TODAY)
    slip = issue(draft, cast)
    with refused("not_allowed"):
        slips.withdraw(slip, reason="x", by=by, today=TODAY)


def test_dropping_and_withdrawing_need_a_reason_and_the_number_stays_used(cast: Cast, item: Commitment) -> None:
    chen = cast.actor("chen")
    slip = slips.draft(item, by=chen, today=TODAY)
    with refused("slip_reason_missing"):
        slips.drop(slip, reason=" ", by=chen, today=TODAY)
    with refused("slip_closed"):
        slips.withdraw(slip, reason="x", by=chen, today=TODAY)
    slip = issue(slip, cast)
    with refused("slip_not_draft"):
        slips.drop(slip, reason="x", by=chen, today=TODAY)
    with refused("slip_reason_missing"):
        slips.withdraw(slip, reason="", by=chen, today=TODAY)
    slip = slips.withdraw(slip, reason="送达单位有误。", by=chen, today=TODAY)
    assert (slip.state, slip.number, slip.end_reason) == (SlipState.WITHDRAWN, 1, "送达单位有误。")
    assert slips.draft_due(today=TODAY + timedelta(days=90)) == 0
    again = issue(slips.draft(item, by=chen, today=TODAY), cast)
    assert (again.level, again.number, again.cites) == (SlipLevel.BLUE, 2, None)


# --- Answered


def test_the_lead_answers_once_with_words_and_a_day(cast: Cast, item: Commitment) -> None:
    slip, lin = make_slip(item), cast.actor("lin")
    with refused("answer_empty"):
        slips.answer(slip, text=" ", promised_on=TODAY, by=lin, today=TODAY)
    with refused("slip_promise_passed"):
        slips.answer(slip, text="x", promised_on=TODAY - timedelta(days=1), by=lin, today=TODAY)
    slip = slips.answer(slip, text="月底前完成。", promised_on=TODAY, by=lin, today=TODAY)
    assert (slip.state, slip.answer, slip.promised_on) == (SlipState.ANSWERED, "月底前完成。", TODAY)
    assert (slip.answered_by, slip.answered_at is not None) == (cast.lin, True)
    with refused("slip_closed"):
        slips.answer(slip, text="x", promised_on=TODAY, by=lin, today=TODAY)
    with refused("slip_closed"):
        slips.withdraw(slip, reason="x", by=cast.actor("chen"), today=TODAY)
    event = Event.objects.get(kind=EventKind.SLIP_ANSWERED)
    assert (event.actor, event.reason) == (cast.lin, "月底前完成。")


@pytest.mark.parametrize("name", ["zhou", "chen", "wu", "gu"])
def test_nobody_else_answers(name: str, cast: Cast, item: Commitment) -> None:
    with refused("slip_not_yours"):
        slips.answer(make_slip(item), text="x", promised_on=TODAY, by=cast.actor(name), today=TODAY)


def test_a_draft_is_not_answered_and_not_told_to_the_department(cast: Cast, item: Commitment) -> None:
    draft = slips.draft(item, by=cast.actor("chen"), today=TODAY)
    with refused("slip_not_yours"):
        slips.answer(draft, text="x", promised_on=TODAY, by=cast.actor("lin"), today=TODAY)
    seen = {name: policies.slips_visible_to(cast.actor(name)).count() for name in ("lin", "zhou", "chen", "wu", "gu")}
    assert seen == {"lin": 0, "zhou": 0, "chen": 1, "wu": 1, "gu": 1}
    issue(draft, cast)
    assert policies.slips_visible_to(cast.actor("lin")).count() == 1
    assert policies.slips_visible_to(cast.actor("zhou")).count() == 0


def test_what_a_later_slip_followed_is_neither_answered_nor_withdrawn(cast: Cast, item: Commitment) -> None:
    blue = make_slip(item)
    issue(slips.draft(item, by=cast.actor("chen"), today=TODAY), cast)
    with refused("slip_followed"):
        slips.answer(blue, text="x", promised_on=TODAY, by=cast.actor("lin"), today=TODAY)
    with refused("slip_followed"):
        slips.withdraw(blue, reason="x", by=cast.actor("chen"), today=TODAY)
