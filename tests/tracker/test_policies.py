"""Who sees what: for each role and each tie to a commitment; and that nothing others do widens it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from projects.errors import DomainError
from tests.factories import (
    TODAY,
    Cast,
    make_blocker,
    make_cast,
    make_commitment,
    make_department,
    make_plan,
    make_post,
    make_report,
    make_user,
)
from tracker import policies
from tracker.actions import commitments, health, reports, reviews, steps
from tracker.actions.commitments import Owners
from tracker.choices import Health, Involvement, ReportState, Role, Stage
from tracker.models import Commitment, CommitmentDepartment, Deputy, PostHolding, ProgressReport
from tracker.policies import SYSTEM, Actor, actor_of
from tracker.queries import detail, ledger_rows, rollup
from tracker.queries.ledger_rows import Filters
from tracker.rules.reporting import ReportValues

TIES = ("lead", "responsible", "supporting", "foreign", "nobody")


def actor(cast: Cast, name: str) -> Actor:
    return SYSTEM if name == "SYSTEM" else cast.actor(name)


def tied(cast: Cast, tie: str) -> Commitment:
    """A commitment with this tie to science, Lin's department."""
    lead = {"lead": cast.science, "nobody": None}.get(tie, cast.health_bureau)
    item = make_commitment(tie.upper(), department=lead)
    if tie in Involvement.values:
        CommitmentDepartment.objects.create(commitment=item, department=cast.science, involvement=tie)
    return item


@pytest.mark.django_db
@pytest.mark.parametrize("role", [None, *Role])
@pytest.mark.parametrize("tie", TIES)
def test_a_commitment_is_seen_by_the_city_and_by_those_who_have_a_part_in_it(role: Role | None, tie: str) -> None:
    cast = make_cast()
    item = tied(cast, tie)
    department = cast.science.pk if role in {Role.OFFICER, Role.HEAD} else None
    viewer = Actor(user=None, role=role, department_id=department)
    expected = department is None or tie in {"lead", "responsible", "supporting"}
    assert policies.visible_to(viewer).filter(pk=item.pk).exists() == expected
    assert policies.can_see(viewer, item) == expected
    assert policies.can_report(viewer, item) == (role is None or (department is not None and tie == "lead"))


@pytest.mark.django_db
def test_somebody_of_a_department_role_without_a_department_sees_nothing() -> None:
    cast = make_cast()
    item = tied(cast, "nobody")
    viewer = Actor(user=cast.gu, role=Role.OFFICER)
    make_report(item, author=cast.lin, state=ReportState.ACCEPTED)
    assert not policies.visible_to(viewer).exists()
    assert not policies.reports_visible_to(viewer).exists()
    assert not policies.departments_visible_to(viewer).exists()
    assert not policies.can_report(viewer, item)
    assert policies.scope_key(viewer) == "none"


@pytest.mark.django_db
@pytest.mark.parametrize("state", list(ReportState))
def test_a_draft_is_its_departments_own_affair_and_the_rest_is_read_by_who_sees_the_matter(state: ReportState) -> None:
    cast = make_cast()
    shared, secret = tied(cast, "lead"), make_commitment("SECRET", department=cast.science)
    CommitmentDepartment.objects.create(commitment=shared, department=cast.health_bureau, involvement="supporting")
    for item in (shared, secret):
        make_report(item, author=cast.lin, state=state)
    colleague = make_user("colleague", role=Role.HEAD, department=cast.science)
    seen = {
        name: set(policies.reports_visible_to(viewer).values_list("commitment__code", flat=True))
        for name, viewer in {
            "lin": cast.actor("lin"), "colleague": actor_of(colleague), "zhou": cast.actor("zhou"),
            "chen": cast.actor("chen"), "wu": cast.actor("wu"), "gu": cast.actor("gu"), "SYSTEM": SYSTEM,
        }.items()
    }  # fmt: skip
    both, handed_in = {"LEAD", "SECRET"}, state != ReportState.DRAFT
    assert seen == {
        "lin": both,
        "colleague": both,
        "zhou": {"LEAD"} if handed_in else set(),
        "chen": both if handed_in else set(),
        "wu": both if handed_in else set(),
        "gu": both if handed_in else set(),
        "SYSTEM": both,
    }


@pytest.mark.django_db
def test_who_reviews_who_keeps_people_and_who_opens_departments() -> None:
    cast = make_cast()
    report = make_report(tied(cast, "lead"), author=cast.lin)
    names = ("lin", "zhou", "chen", "wu", "gu", "SYSTEM")
    assert [name for name in names if policies.can_review(actor(cast, name), report)] == ["chen", "SYSTEM"]
    assert [name for name in names if policies.can_supervise(actor(cast, name))] == ["chen", "SYSTEM"]
    assert [name for name in names if policies.can_administer(actor(cast, name))] == ["chen", "gu", "SYSTEM"]
    opened = {name: policies.departments_visible_to(actor(cast, name)).count() for name in names}
    assert opened == {"lin": 1, "zhou": 1, "chen": 3, "wu": 3, "gu": 3, "SYSTEM": 3}


@pytest.mark.django_db
def test_equal_scope_keys_see_equal_rows_and_different_departments_have_different_ones() -> None:
    cast = make_cast()
    keys = [policies.scope_key(actor(cast, name)) for name in ("lin", "zhou", "chen", "wu", "SYSTEM")]
    assert keys[2] == keys[3] == keys[4]
    assert len({*keys}) == 3


@pytest.mark.django_db
def test_nobody_acts_without_being_signed_in_and_active() -> None:
    cast = make_cast()
    cast.lin.is_active = False
    for user in (AnonymousUser(), cast.lin):
        with pytest.raises(PermissionError):
            actor_of(user)  # type: ignore[arg-type]


STEPS = ("save", "submit", "accept", "return", "move", "revise", "milestone", "override", "recheck", "owners")
step = st.tuples(
    st.sampled_from(STEPS),
    st.integers(0, 2),
    st.sampled_from(["lin", "zhou", "chen", "wu", "SYSTEM"]),
    st.sampled_from(list(Stage)),
)


class NothingWidensWhatZhouSees(TestCase):
    """Only the supervision office gives a department a part; no other work, in whatever order, shows it more."""

    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    @given(steps=st.lists(step, min_size=4, max_size=14))
    def test_no_sequence_of_actions_shows_zhou_the_matters_of_science(self, steps) -> None:
        cast = make_cast()
        items = [
            make_commitment(f"SCIENCE-{n}", department=cast.science, plan=make_plan("SECRET"), stage=Stage.ISSUED)
            for n in range(3)
        ]
        own = make_commitment("OWN", department=cast.health_bureau)
        for what, index, name, stage in steps:
            try:
                with transaction.atomic():
                    take(what, items[index], actor(cast, name), stage, cast)
            except DomainError:
                pass
        viewer = cast.actor("zhou")
        assert set(policies.visible_to(viewer)) == {own}
        assert not policies.reports_visible_to(viewer).exists()
        assert [row.code for row in ledger_rows.page(viewer, Filters()).rows] == ["OWN"]
        assert [plan.code for plan in rollup.plans(viewer)] == ["P1"]
        for item in items:
            assert detail.commitment(item.code, viewer=viewer, today=TODAY) is None


def take(what: str, item: Commitment, by: Actor, stage: Stage, cast: Cast) -> None:
    """One step of the work, as far as its rules let it happen."""
    values = ReportValues(done="进展", progress=Decimal(40))
    report = ProgressReport.objects.filter(commitment=item).order_by("-pk").first()
    if what == "save":
        reports.save_draft(item, values=values, by=by, today=TODAY)
    elif what == "submit" and report:
        reports.submit(report, by=by, today=TODAY)
    elif what == "accept" and report:
        reviews.accept(report, by=by, today=TODAY)
    elif what == "return" and report:
        reviews.send_back(report, reason="补", by=by, today=TODAY)
    elif what == "move":
        steps.move(item, to=stage, reason="理由", by=by, today=TODAY)
    elif what == "revise":
        commitments.revise(item, values={"title": f"改 {stage}", "is_public": True}, by=by, today=TODAY)
    elif what == "milestone":
        commitments.set_milestone(item, name="节点", planned_on=date(2026, 5, 1), by=by, today=TODAY)
    elif what == "override":
        health.override(item, to=Health.DONE, reason="核实", until=TODAY, by=by, today=TODAY)
    elif what == "recheck":
        health.recheck([item.pk], today=TODAY)
    elif what == "owners":
        commitments.revise(item, values={}, owners=Owners(supporting=[cast.office]), by=by, today=TODAY)


@pytest.mark.django_db
def test_a_blocker_is_seen_by_who_stands_in_for_the_post_asked_of_whichever_department() -> None:
    cast = make_cast()
    third = make_department("fgw")
    post = make_post("fgw-head", department=third)
    row = make_blocker(make_commitment("C-1", department=cast.science), author=cast.lin, wanted_from=post)

    def seen(on: date) -> bool:
        return policies.blockers_visible_to(cast.actor("zhou"), today=on).filter(pk=row.pk).exists()

    assert not seen(TODAY)
    Deputy.objects.create(post=post, deputy=cast.zhou, starts_on=TODAY, ends_on=TODAY)
    assert seen(TODAY)
    assert policies.can_answer_blocker(cast.actor("zhou"), row, today=TODAY)
    assert policies.posts_visible_to(cast.actor("zhou"), today=TODAY).filter(pk=post.pk).exists()
    assert not seen(TODAY + timedelta(days=1)), "the absence is over"
    assert not policies.visible_to(cast.actor("zhou")).exists(), "the matter itself stays out of sight"
    PostHolding.objects.create(post=post, holder=cast.zhou, starts_on=TODAY + timedelta(days=1))
    assert seen(TODAY + timedelta(days=1)), "who holds it reads it too"
