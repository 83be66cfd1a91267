"""People, posts and plans: who may keep them, that twice is once, and when a post changes hands."""

from datetime import date

import pytest

from projects.errors import DomainError
from tests.factories import TODAY, Cast, make_cast, make_commitment, make_jurisdiction, make_plan, make_user
from tracker.actions import people, plans
from tracker.choices import DepartmentKind, Role, Stage
from tracker.event_kinds import EventKind
from tracker.models import Clause, Commitment, Department, Event, Plan, Post, PostHolding, User
from tracker.policies import Actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def department(by: Actor, *, name: str = "市数据局") -> Department:
    return people.set_department(
        "sjj", name=name, short_name="数据", kind=DepartmentKind.CITY, jurisdiction=make_jurisdiction(), by=by
    )


def set_plan(by: Actor, **changed: object) -> Plan:
    values: dict[str, object] = {
        "title": "决定",
        "short_title": "决定",
        "issuer": "市委",
        "jurisdiction": make_jurisdiction(),
        "horizon_starts_on": date(2024, 1, 1),
        "horizon_ends_on": date(2026, 12, 31),
    }
    return plans.set_plan("NEW", values=values | changed, by=by)


def counts() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Event, User, Department, Post, PostHolding, Plan, Clause))


@pytest.mark.parametrize("name", ["lin", "zhou", "wu"])
def test_departments_and_leaders_keep_neither_people_nor_plans(cast: Cast, name: str) -> None:
    by, before = cast.actor(name), counts()
    post = Post.objects.create(code="p", title="局长", department=cast.science)
    for attempt in (
        lambda: department(by),
        lambda: people.set_user("new", role=Role.LEADER, by=by),
        lambda: people.deactivate_user(cast.chen, by=by),
        lambda: people.set_post("q", title="x", department=cast.science, by=by),
        lambda: people.hand_over(post, to=cast.lin, on=TODAY, by=by),
        lambda: people.set_deputy(post, deputy=cast.lin, starts_on=TODAY, ends_on=TODAY, by=by),
        lambda: set_plan(by),
        lambda: plans.set_clause(make_plan(), "1", values={}, by=by),
        lambda: plans.start_tracking(make_plan(), since=TODAY, by=by),
    ):
        with pytest.raises(DomainError) as refusal:
            attempt()
        assert refusal.value.code == "not_allowed"
    assert Event.objects.count() == before[0]


def test_the_same_call_twice_writes_once(cast: Cast) -> None:
    by = cast.actor("chen")

    def all_of_it() -> None:
        office = department(by)
        people.set_user("new", role=Role.HEAD, department=office, password="long enough 1", by=by)
        post = people.set_post("p", title="局长", department=office, is_head=True, by=by)
        people.hand_over(post, to=User.objects.get(username="new"), on=date(2026, 3, 1), by=by)
        plan = set_plan(by)
        chapter = plans.set_clause(plan, "1", values={"heading": "产业", "order": 1}, by=by)
        plans.set_clause(plan, "1.1", values={"heading": "条", "parent": chapter, "order": 2}, by=by)
        plans.start_tracking(plan, since=date(2026, 1, 1), by=by)

    all_of_it()
    before = counts()
    stamps = list(Plan.objects.values_list("code", "revision")) + list(Clause.objects.values_list("code", "revision"))
    all_of_it()
    assert counts() == before
    assert stamps == list(Plan.objects.values_list("code", "revision")) + list(
        Clause.objects.values_list("code", "revision")
    )


def test_an_officer_needs_a_department_and_a_leader_none(cast: Cast) -> None:
    for role in (Role.OFFICER, Role.HEAD):
        with pytest.raises(DomainError) as refusal:
            people.set_user("new", role=role, by=cast.actor("chen"))
        assert (refusal.value.code, refusal.value.field) == ("department_needed", "department")
    leader = people.set_user("new", role=Role.LEADER, by=cast.actor("chen"))
    assert not leader.has_usable_password()


def test_a_password_is_kept_set_and_never_told_by_the_log(cast: Cast) -> None:
    by = cast.actor("gu")
    person = people.set_user("new", role=Role.LEADER, password="the first one 1", by=by)
    people.set_user("new", role=Role.LEADER, full_name="新", by=by)
    person.refresh_from_db()
    assert person.check_password("the first one 1")
    people.set_user("new", role=Role.LEADER, full_name="新", password="the second one 2", by=by)
    person.refresh_from_db()
    assert person.check_password("the second one 2")
    told = "".join(str(event.changes) for event in Event.objects.all())
    assert "one" not in told
    assert "'password': ['', 'set']" in told


def test_a_sign_in_is_switched_off_once_and_what_was_written_stays(cast: Cast) -> None:
    people.deactivate_user(cast.lin, by=cast.actor("gu"))
    count = Event.objects.count()
    cast.lin.refresh_from_db()
    people.deactivate_user(cast.lin, by=cast.actor("gu"))
    assert (cast.lin.is_active, Event.objects.count()) == (False, count)


def test_a_post_changes_hands_without_a_gap_or_an_overlap(cast: Cast) -> None:
    by = cast.actor("chen")
    post = people.set_post("p", title="局长", department=cast.science, by=by)
    successor = make_user("next", department=cast.science)
    people.hand_over(post, to=cast.lin, on=date(2026, 3, 1), by=by)
    people.hand_over(post, to=successor, on=date(2026, 9, 1), by=by)
    held = list(PostHolding.objects.order_by("starts_on").values_list("holder__username", "starts_on", "ends_on"))
    assert held == [("lin", date(2026, 3, 1), date(2026, 8, 31)), ("next", date(2026, 9, 1), None)]
    told = Event.objects.filter(kind=EventKind.POST_HANDED_OVER).order_by("-seq").first()
    assert told is not None
    assert told.changes == {"holder": ["lin", "next"], "starts_on": [None, "2026-09-01"]}


@pytest.mark.parametrize("on", [date(2026, 3, 1), date(2026, 2, 28)])
def test_a_handover_on_the_first_day_of_the_present_holder_or_before_is_refused(cast: Cast, on: date) -> None:
    by = cast.actor("chen")
    post = people.set_post("p", title="局长", department=cast.science, by=by)
    people.hand_over(post, to=cast.lin, on=date(2026, 3, 1), by=by)
    before = counts()
    with pytest.raises(DomainError) as refusal:
        people.hand_over(post, to=cast.zhou, on=on, by=by)
    assert refusal.value.code == "handover_too_early"
    assert "2026-03-01" in str(refusal.value)
    assert counts() == before
    assert PostHolding.objects.get().ends_on is None


def test_a_plan_that_ends_before_it_starts_is_refused(cast: Cast) -> None:
    with pytest.raises(DomainError) as refusal:
        set_plan(cast.actor("chen"), horizon_ends_on=date(2023, 12, 31))
    assert (refusal.value.code, refusal.value.field) == ("plan_ends_before_start", "horizon_ends_on")
    assert not Plan.objects.exists()


def test_a_clause_knows_its_chapter_however_deep_it_stands(cast: Cast) -> None:
    by, plan = cast.actor("chen"), set_plan(cast.actor("chen"))
    chapter = plans.set_clause(plan, "1", values={"heading": "一"}, by=by)
    section = plans.set_clause(plan, "1.1", values={"parent": chapter}, by=by)
    deep = plans.set_clause(plan, "1.1.1", values={"parent": section}, by=by)
    assert [clause.chapter for clause in (chapter, section, deep)] == [chapter] * 3
    kinds = [event.kind for event in Event.objects.filter(subject__startswith="clause").order_by("seq")]
    assert kinds == [EventKind.CLAUSE_REGISTERED] * 3
    plans.set_clause(plan, "1", values={"heading": "一、产业"}, by=by)
    revised = Event.objects.get(kind=EventKind.CLAUSE_REVISED)
    assert revised.changes == {"heading": ["一", "一、产业"]}


def test_tracking_looks_at_lights_no_later_than_before(cast: Cast) -> None:
    plan = make_plan()
    make_commitment("SOON", plan=plan, recheck_on=date(2026, 11, 23))
    make_commitment("LATER", plan=plan, recheck_on=date(2027, 11, 23))
    make_commitment("NEVER", plan=plan, recheck_on=None)
    make_commitment("OTHER", plan=make_plan("P2"), recheck_on=None)
    plans.start_tracking(plan, since=date(2027, 1, 1), by=cast.actor("chen"))
    found = dict(Commitment.objects.values_list("code", "recheck_on"))
    assert found == {
        "SOON": date(2026, 11, 23), "LATER": date(2027, 1, 1), "NEVER": date(2027, 1, 1), "OTHER": None,
    }  # fmt: skip
    plan.refresh_from_db()
    assert plan.tracked_since == date(2027, 1, 1)


def test_tracking_moved_to_a_later_day_looks_again_from_the_earlier_one(cast: Cast) -> None:
    plan = make_plan(tracked_since=date(2026, 1, 1))
    make_commitment("X", plan=plan, recheck_on=date(2026, 12, 6))
    plans.start_tracking(plan, since=date(2027, 1, 1), by=cast.actor("chen"))
    assert Commitment.objects.get().recheck_on == date(2026, 1, 1)


def test_a_supervisor_neither_makes_nor_changes_administrators_even_behind_the_pages(cast: Cast) -> None:
    chen, before = cast.actor("chen"), counts()
    root = make_user("root", role=Role.LEADER, is_superuser=True)
    for attempt in (
        lambda: people.set_user("new", role=Role.ADMIN, by=chen),
        lambda: people.set_user("new", role=Role.LEADER, is_superuser=True, by=chen),
        lambda: people.set_user("lin", role=Role.ADMIN, by=chen),
        lambda: people.set_user("gu", role=Role.LEADER, password="taken over 1234", by=chen),
        lambda: people.set_user("root", role=Role.LEADER, email="x@example.invalid", by=chen),
        lambda: people.deactivate_user(cast.gu, by=chen),
        lambda: people.deactivate_user(root, by=chen),
    ):
        with pytest.raises(DomainError) as refusal:
            attempt()
        assert refusal.value.code == "not_allowed"
    assert counts()[0] == before[0]
    assert people.set_user("lin", role=Role.ADMIN, by=cast.actor("gu")).role == Role.ADMIN


def test_a_department_with_open_commitments_is_not_switched_off(cast: Cast) -> None:
    by, office = cast.actor("chen"), department(cast.actor("chen"))

    def switch(*, is_active: bool) -> Department:
        return people.set_department(
            "sjj", name="市数据局", short_name="数据", kind=DepartmentKind.CITY, jurisdiction=make_jurisdiction(),
            is_active=is_active, by=by,
        )  # fmt: skip

    item = make_commitment(department=office, stage=Stage.IN_PROGRESS)
    with pytest.raises(DomainError) as refusal:
        switch(is_active=False)
    assert (refusal.value.code, refusal.value.field) == ("department_has_open_matters", "is_active")
    assert "1" in str(refusal.value)
    Commitment.objects.filter(pk=item.pk).update(stage=Stage.CLOSED)
    assert not switch(is_active=False).is_active
    assert not department(by).is_active  # who does not speak of it keeps what stands
    assert switch(is_active=True).is_active


def test_names_carry_their_pinyin_initials(cast: Cast) -> None:
    by = cast.actor("gu")
    office = department(by, name="市财政局")
    person = people.set_user("sun", role=Role.OFFICER, full_name="孙丽", department=office, by=by)
    post = people.set_post("p", title="局长", department=office, by=by)
    assert (office.initials, person.initials, post.initials) == ("sczj", "sl", "jz")
    assert department(by, name="市数据局").initials == "ssjj"
