"""What desks know about questions: whose they are, in which order, how many in all, in how many queries."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

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
    make_report,
    make_user,
)
from tracker.actions import blockers, extensions, instructions
from tracker.choices import BlockerCategory, Involvement, ReportState, Role
from tracker.models import Blocker, Commitment, CommitmentDepartment, Post, PostHolding
from tracker.policies import actor_of
from tracker.queries import asked, desk_leader, questions
from tracker.queries.asked import Asked, Question
from tracker.queries.questions import Card, Cards

pytestmark = pytest.mark.django_db
SINCE = TODAY - timedelta(days=14)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def item(cast: Cast) -> Commitment:
    return make_commitment("C-1", department=cast.science, due_on=date(2026, 12, 31))


@pytest.fixture
def post(cast: Cast) -> Post:
    return make_post(department=make_department("fgw", name="市发展改革委", short_name="发改"))


def codes(cards: Cards) -> list[str]:
    return [card.code for card in cards.rows]


def test_a_waiting_request_is_seen_by_its_department_and_the_city(cast: Cast, item: Commitment) -> None:
    make_extension(item, author=cast.lin)
    for name, seen in (("lin", 1), ("zhou", 0), ("chen", 1), ("wu", 1)):
        assert questions.extensions_waiting(cast.actor(name), today=TODAY).total == seen, name
    card = questions.extensions_waiting(cast.actor("chen"), today=TODAY).rows[0]
    assert (card.who, card.due_on, card.wanted_on, card.days_left) == (
        "科技", date(2026, 12, 31), date(2027, 3, 31), 39,
    )  # fmt: skip
    assert (card.title, card.text, card.state, card.is_demo) == (item.title, "设备到货延期。", "pending", False)


def test_a_decision_comes_back_to_the_department_that_asked(cast: Cast, item: Commitment) -> None:
    asked = make_extension(item, author=cast.lin)
    extensions.decide(asked, is_granted=False, decision="工期充足。", by=cast.actor("chen"), today=TODAY)
    since = timezone.localdate()
    assert questions.extensions_waiting(cast.actor("chen"), today=TODAY).total == 0
    (card,) = questions.extensions_decided(cast.actor("lin"), since=since, today=TODAY).rows
    assert (card.state, card.answer, card.answered_by) == ("refused", "工期充足。", "Chen")
    for name in ("zhou", "chen"):
        assert questions.extensions_decided(cast.actor(name), since=since, today=TODAY).total == 0
    later = since + timedelta(days=1)
    assert questions.extensions_decided(cast.actor("lin"), since=later, today=TODAY).total == 0


def test_a_blocker_stands_in_one_list_only(cast: Cast, item: Commitment, post: Post) -> None:
    make_blocker(item, author=cast.lin, wanted_from=post, wanted_by=TODAY - timedelta(days=2))
    planner = make_user("tang", department=post.department)
    PostHolding.objects.create(post=post, holder=cast.wu, starts_on=TODAY)
    CommitmentDepartment.objects.create(
        commitment=item, department=cast.health_bureau, involvement=Involvement.SUPPORTING, order=1
    )
    expected = {
        "lin": "raised_by_us",
        "tang": "asked_of_us",
        "wu": "asked_of_us",
        "zhou": "elsewhere",
        "chen": "elsewhere",
    }
    for name, place in expected.items():
        viewer = actor_of(planner) if name == "tang" else cast.actor(name)
        found = questions.blockers_open(viewer, today=TODAY)
        totals = {one: getattr(found, one).total for one in ("asked_of_us", "raised_by_us", "elsewhere")}
        assert totals == {one: int(one == place) for one in totals}, name
        card: Card = getattr(found, place).rows[0]
        assert (card.days_left, card.who, card.from_whom) == (-2, "科技", "发改 · 主任")
        assert card.label == str(BlockerCategory.LAND.label)


def test_an_answer_comes_back_to_who_asked(cast: Cast, item: Commitment, post: Post) -> None:
    blocker = make_blocker(item, author=cast.lin, wanted_from=post)
    blockers.answer(blocker, answer="已协调。", by=cast.actor("chen"), today=TODAY)
    since = timezone.localdate()
    (card,) = questions.answers_to_me(cast.actor("lin"), since=since, today=TODAY).rows
    assert (card.answer, card.answered_by, card.code) == ("已协调。", "Chen", "C-1")
    assert questions.answers_to_me(cast.actor("zhou"), since=since, today=TODAY).total == 0
    assert questions.answers_to_me(cast.actor("chen"), since=since, today=TODAY) == Cards()
    assert questions.blockers_open(cast.actor("lin"), today=TODAY).raised_by_us.total == 0


def test_an_instruction_is_the_leads_to_answer_and_the_givers_to_follow(cast: Cast, item: Commitment) -> None:
    make_instruction(item, given_by=cast.wu, answer_due_on=TODAY)
    CommitmentDepartment.objects.create(
        commitment=item, department=cast.health_bureau, involvement=Involvement.SUPPORTING, order=1
    )
    other = actor_of(make_user("sun", role=Role.LEADER))
    for name, seen in (("lin", 1), ("zhou", 0), ("chen", 1), ("wu", 1)):
        assert questions.instructions_open(cast.actor(name), today=TODAY).total == seen, name
    assert questions.instructions_open(other, today=TODAY).total == 0
    given = item.instructions.get()
    instructions.answer(given, answer="已办结。", by=cast.actor("lin"), today=TODAY)
    assert questions.instructions_open(cast.actor("wu"), today=TODAY).total == 0
    (card,) = questions.instructions_answered(cast.actor("wu"), today=TODAY).rows
    assert (card.answer, card.who, card.from_whom) == ("已办结。", "Wu", "科技")
    assert questions.instructions_answered(cast.actor("wu"), today=TODAY, since=date(2100, 1, 1)).total == 0


def test_a_word_is_wanted_of_whoever_is_asked_and_of_nobody_else(cast: Cast, item: Commitment, post: Post) -> None:
    """A blocker waits for the holder of the post or their department, a request for the office, an instruction for the
    department that leads; never for a leader who may only read it.
    """
    other = make_commitment("C-2", department=cast.science)
    elsewhere = make_commitment("C-3", department=cast.science)
    make_extension(item, author=cast.lin)
    make_blocker(item, author=cast.lin, wanted_from=post)
    make_blocker(other, author=cast.lin, wanted_from=post)
    make_blocker(elsewhere, author=cast.lin, wanted_from=make_post("other", department=cast.health_bureau))

    def wanted(name: str) -> list[str]:
        return sorted(questions.words_wanted(cast.actor(name), today=TODAY).values_list("code", flat=True))

    assert wanted("wu") == wanted("lin") == wanted("gu") == []
    assert wanted("chen") == ["C-1"]
    PostHolding.objects.create(post=post, holder=cast.wu, starts_on=TODAY)
    assert wanted("wu") == ["C-1", "C-2"]
    assert desk_leader.of_leader(cast.actor("wu"), today=TODAY).words == 2
    blockers.withdraw(other.blockers.get(), by=cast.actor("lin"), today=TODAY)
    assert wanted("wu") == ["C-1"]
    make_instruction(elsewhere, given_by=cast.wu)
    assert wanted("lin") == ["C-3"]
    assert wanted("zhou") == [], "the matter is not in sight; the desk shows the question alone"
    CommitmentDepartment.objects.create(
        commitment=elsewhere, department=cast.health_bureau, involvement=Involvement.SUPPORTING, order=1
    )
    assert wanted("zhou") == ["C-3"]


def test_a_row_tells_its_oldest_question_and_how_many_more_wait(cast: Cast, item: Commitment, post: Post) -> None:
    PostHolding.objects.create(post=post, holder=cast.wu, starts_on=TODAY)
    for days, text in ((2, "再问。"), (9, "缺地。")):
        row = make_blocker(item, author=cast.lin, wanted_from=post)
        asked_at = timezone.now() - timedelta(days=days)
        Blocker.objects.filter(pk=row.pk).update(text=text, category="land", created_at=asked_at)
    today = timezone.localdate()
    found = asked.wanted_words(cast.actor("wu"), [item.code], today=today)
    words = Asked(kind=Question.BLOCKER, text="缺地。", label=str(BlockerCategory.LAND.label), waited_days=9, others=1)
    assert found == {item.code: words}
    make_report(item, author=cast.lin, state=ReportState.SUBMITTED)
    make_extension(item, author=cast.lin)
    decided = asked.to_decide([item.code], today=today)[item.code]
    assert (decided.others, decided.kind in {Question.REPORT, Question.EXTENSION}) == (1, True)
    assert asked.wanted_words(cast.actor("gu"), [item.code], today=today) == {}


def test_a_long_list_is_cut_counted_and_asked_for_once(cast: Cast, post: Post, django_assert_num_queries: Any) -> None:
    for number in range(questions.SHOWN + 3):
        one = make_commitment(f"L-{number:02d}", department=cast.science)
        make_extension(one, author=cast.lin)
        make_blocker(one, author=cast.lin, wanted_from=post, wanted_by=TODAY + timedelta(days=number))
        make_instruction(one, given_by=cast.wu)
    chen, lin = cast.actor("chen"), cast.actor("lin")
    with django_assert_num_queries(1):
        waiting = questions.extensions_waiting(chen, today=TODAY)
    with django_assert_num_queries(3):
        open_ones = questions.blockers_open(lin, today=TODAY)
    with django_assert_num_queries(1):
        given = questions.instructions_open(lin, today=TODAY)
    for cards in (waiting, open_ones.raised_by_us, given):
        assert (len(cards.rows), cards.total) == (questions.SHOWN, questions.SHOWN + 3)
    assert [card.days_left for card in open_ones.raised_by_us.rows] == list(range(questions.SHOWN))
