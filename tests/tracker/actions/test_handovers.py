"""A post changes hands: what is on the list, who confirms it, and who stands in."""

from datetime import date
from typing import Any

import pytest

from projects.errors import DomainError
from tests.factories import (
    TODAY,
    Cast,
    make_blocker,
    make_cast,
    make_commitment,
    make_extension,
    make_instruction,
    make_report,
    make_user,
)
from tracker import policies
from tracker.actions import people
from tracker.choices import HandoverKind, ReportState, Stage
from tracker.event_kinds import EventKind
from tracker.models import Deputy, Event, HandoverItem, Post, PostHolding, User
from tracker.queries import posts

pytestmark = pytest.mark.django_db
START = date(2026, 12, 1)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def head(cast: Cast) -> Post:
    return Post.objects.create(code="kjj-head", title="局长", department=cast.science, is_head=True)


@pytest.fixture
def successor(cast: Cast) -> User:
    return make_user("next", department=cast.science)


def refused(code: str, attempt: Any) -> DomainError:
    with pytest.raises(DomainError) as refusal:
        attempt()
    assert refusal.value.code == code
    assert str(refusal.value)
    return refusal.value


def lines(holding: PostHolding) -> list[tuple[str, str]]:
    return list(HandoverItem.objects.filter(holding=holding).values_list("kind", "commitment__code"))


def open_matters(cast: Cast, head: Post) -> None:
    """Of each kind one that is the head's, and of each one that is not."""
    item = make_commitment("C-1", department=cast.science)
    make_commitment("DONE", department=cast.science, stage=Stage.CLOSED)
    make_commitment("NEW", department=cast.science, stage=Stage.REGISTERED)
    foreign = make_commitment("F-1", department=cast.health_bureau)
    owned = make_commitment("F-2", department=cast.health_bureau)
    owned.post = head
    owned.save()
    make_report(item, author=cast.lin, state=ReportState.RETURNED)
    make_report(owned, author=cast.zhou, state=ReportState.ACCEPTED)
    make_report(foreign, author=cast.zhou, state=ReportState.DRAFT)
    make_extension(item, author=cast.lin)
    make_extension(foreign, author=cast.zhou)
    make_instruction(owned, given_by=cast.wu)
    make_instruction(foreign, given_by=cast.wu)
    other = Post.objects.create(code="wjw-head", title="主任", department=cast.health_bureau, is_head=True)
    make_blocker(item, author=cast.lin, wanted_from=other)
    make_blocker(foreign, author=cast.zhou, wanted_from=head)
    make_blocker(foreign, author=cast.zhou, wanted_from=other)


def test_the_list_holds_what_lies_open_with_the_post_and_nothing_else(cast: Cast, head: Post, successor: User) -> None:
    people.hand_over(head, to=cast.lin, on=date(2026, 1, 1), by=cast.actor("chen"))
    open_matters(cast, head)
    holding = people.hand_over(head, to=successor, on=START, by=cast.actor("chen"))
    assert lines(holding) == [
        (HandoverKind.COMMITMENT, "C-1"),
        (HandoverKind.COMMITMENT, "F-2"),
        (HandoverKind.REPORT, "C-1"),
        (HandoverKind.EXTENSION, "C-1"),
        (HandoverKind.BLOCKER, "C-1"),
        (HandoverKind.BLOCKER, "F-1"),
        (HandoverKind.INSTRUCTION, "F-2"),
    ]
    first = HandoverItem.objects.filter(holding=holding).order_by("order")[0]
    assert (first.title, first.note, first.due_on) == ("事项 C-1", Stage.IN_PROGRESS, date(2026, 12, 31))


def test_a_post_that_heads_nothing_hands_over_what_it_owns(cast: Cast, successor: User) -> None:
    post = Post.objects.create(code="kjj-2", title="副局长", department=cast.science)
    make_commitment("C-1", department=cast.science)
    owned = make_commitment("C-2", department=cast.science)
    owned.post = post
    owned.save()
    holding = people.hand_over(post, to=successor, on=START, by=cast.actor("gu"))
    assert lines(holding) == [(HandoverKind.COMMITMENT, "C-2")]


def test_the_list_stays_as_it_was_on_the_day(cast: Cast, head: Post, successor: User) -> None:
    item = make_commitment("C-1", department=cast.science)
    holding = people.hand_over(head, to=successor, on=START, by=cast.actor("chen"))
    item.title, item.stage = "改名", Stage.CLOSED
    item.save()
    assert HandoverItem.objects.get(holding=holding).title == "事项 C-1"


def test_the_successor_confirms_once_and_nobody_else(cast: Cast, head: Post, successor: User) -> None:
    people.hand_over(head, to=cast.lin, on=date(2026, 1, 1), by=cast.actor("chen"))
    make_commitment("C-1", department=cast.science)
    holding = people.hand_over(head, to=successor, on=START, by=cast.actor("chen"))
    for name in ("lin", "zhou", "chen", "wu", "gu"):
        refused("handover_not_yours", lambda by=name: people.receive_handover(holding, by=cast.actor(by), today=TODAY))
    refused("handover_not_yours", lambda: people.receive_handover(holding, by=policies.SYSTEM, today=TODAY))
    actor = policies.actor_of(successor)
    assert list(posts.to_receive(actor, today=TODAY)) == [holding]
    assert people.receive_handover(holding, by=actor, today=TODAY).received_on == TODAY
    count = Event.objects.count()
    assert people.receive_handover(holding, by=actor, today=START).received_on == TODAY
    assert Event.objects.count() == count
    assert not posts.to_receive(actor, today=TODAY).exists()
    told = Event.objects.get(kind=EventKind.HANDOVER_RECEIVED)
    assert (told.subject, told.changes) == ("post kjj-head", {"received_on": [None, "2026-11-22"]})


def test_who_stands_in_may_confirm_on_those_days(cast: Cast, head: Post, successor: User) -> None:
    make_commitment("C-1", department=cast.science)
    holding = people.hand_over(head, to=successor, on=date(2026, 11, 1), by=cast.actor("chen"))
    people.set_deputy(head, deputy=cast.lin, starts_on=TODAY, ends_on=TODAY, by=cast.actor("chen"))
    late = date(2026, 11, 23)
    refused("handover_not_yours", lambda: people.receive_handover(holding, by=cast.actor("lin"), today=late))
    assert people.receive_handover(holding, by=cast.actor("lin"), today=TODAY).received_on == TODAY


def test_an_empty_list_and_an_ended_holding_wait_for_nobody(cast: Cast, head: Post, successor: User) -> None:
    first = people.hand_over(head, to=cast.lin, on=date(2026, 1, 1), by=cast.actor("chen"))
    refused("handover_not_yours", lambda: people.receive_handover(first, by=cast.actor("lin"), today=TODAY))
    make_commitment("C-1", department=cast.science)
    second = people.hand_over(head, to=cast.zhou, on=date(2026, 5, 1), by=cast.actor("chen"))
    people.hand_over(head, to=successor, on=START, by=cast.actor("chen"))
    refused("handover_not_yours", lambda: people.receive_handover(second, by=cast.actor("zhou"), today=TODAY))


def test_somebody_who_cannot_sign_in_takes_nothing_over(cast: Cast, head: Post) -> None:
    people.deactivate_user(cast.lin, by=cast.actor("gu"))
    cast.lin.refresh_from_db()
    refused("holder_inactive", lambda: people.hand_over(head, to=cast.lin, on=START, by=cast.actor("chen")))
    assert not PostHolding.objects.exists()
    refused(
        "holder_inactive",
        lambda: people.set_deputy(head, deputy=cast.lin, starts_on=TODAY, ends_on=TODAY, by=cast.actor("chen")),
    )


def day(number: int) -> date:
    return date(2026, 12, number)


@pytest.mark.parametrize(
    ("name", "first", "last", "code"),
    [
        ("zhou", 10, 9, "absence_ends_before_start"),
        ("lin", 1, 5, "deputy_is_holder"),
        ("next", 5, 8, "deputy_is_holder"),
        ("next", 1, 3, ""),
        ("zhou", 3, 20, "deputy_named_already"),
        ("zhou", 15, 15, "deputy_named_already"),
        ("zhou", 16, 20, ""),
        ("wu", 12, 14, ""),
    ],
)
def test_deputies_are_named_for_days_on_which_they_do_not_hold_the_post(
    cast: Cast, head: Post, successor: User, name: str, first: int, last: int, code: str
) -> None:
    """Lin holds it until the 4th, the successor from the 5th; Zhou stands in from the 10th to the 15th."""
    by = cast.actor("chen")
    people.hand_over(head, to=cast.lin, on=date(2026, 1, 1), by=by)
    people.hand_over(head, to=successor, on=day(5), by=by)
    people.set_deputy(head, deputy=cast.zhou, starts_on=day(10), ends_on=day(15), reason=" 学习 ", by=by)
    deputy = User.objects.get(username=name)

    def attempt() -> Deputy:
        return people.set_deputy(head, deputy=deputy, starts_on=day(first), ends_on=day(last), by=by)

    if code:
        refused(code, attempt)
    else:
        assert attempt().ends_on == day(last)
    told = Event.objects.filter(kind=EventKind.DEPUTY_SET).order_by("seq").first()
    assert told is not None
    assert (told.reason, told.changes["deputy"]) == ("学习", [None, "zhou"])


def test_a_deputy_counts_from_the_first_to_the_last_day_and_may_end_early(cast: Cast, head: Post) -> None:
    by = cast.actor("gu")
    named = people.set_deputy(head, deputy=cast.zhou, starts_on=day(10), ends_on=day(15), by=by)
    held = [policies.posts_held_by(cast.actor("zhou"), today=day(n)).exists() for n in (9, 10, 15, 16)]
    assert held == [False, True, True, False]
    for wrong in (day(9), day(16)):
        refused("deputy_end_outside", lambda on=wrong: people.end_deputy(named, on=on, by=by))
    refused("not_allowed", lambda: people.end_deputy(named, on=day(12), by=cast.actor("zhou")))
    assert people.end_deputy(named, on=day(12), by=by).ends_on == day(12)
    count = Event.objects.count()
    people.end_deputy(named, on=day(12), by=by)
    assert Event.objects.count() == count
    assert not policies.posts_held_by(cast.actor("zhou"), today=day(13)).exists()


def test_a_post_knows_its_people_now_and_before(cast: Cast, head: Post, successor: User) -> None:
    by = cast.actor("chen")
    people.hand_over(head, to=cast.lin, on=date(2026, 1, 1), by=by)
    people.hand_over(head, to=cast.zhou, on=date(2026, 6, 1), by=by)
    people.hand_over(head, to=successor, on=START, by=by)
    people.set_deputy(head, deputy=cast.lin, starts_on=TODAY, ends_on=day(2), by=by)
    view = posts.of_department(cast.science, today=TODAY)[0]
    assert view.holding is not None
    assert (view.holding.holder, [one.holder for one in view.earlier]) == (cast.zhou, [cast.lin])
    assert [one.deputy for one in view.deputies] == [cast.lin]
    assert posts.of_post(head, today=day(3)).deputies == ()
