"""Taking steps: every cell for every role, who may not, what is kept with a step."""

from datetime import date, timedelta
from typing import Any

import pytest

from projects.errors import DomainError
from tests.factories import TODAY, Cast, make_cast, make_commitment, make_report
from tracker.actions import steps, verifications
from tracker.choices import Health, ReportState, Role, Stage, VerificationFinding, VerificationMethod
from tracker.event_kinds import EventKind
from tracker.models import Commitment, Event
from tracker.policies import SYSTEM, Actor
from tracker.queries import chain
from tracker.rules import lifecycle

pytestmark = pytest.mark.django_db
UNTIL = date(2027, 2, 1)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def refused(attempt) -> DomainError:
    """The refusal; nothing was written."""
    before = (list(Commitment.objects.order_by("pk").values()), Event.objects.count())
    with pytest.raises(DomainError) as refusal:
        attempt()
    assert str(refusal.value)
    assert (list(Commitment.objects.order_by("pk").values()), Event.objects.count()) == before
    return refusal.value


def by_role(cast: Cast, role: Role | None) -> Actor:
    names = {Role.OFFICER: "lin", Role.HEAD: "lin", Role.SUPERVISOR: "chen", Role.LEADER: "wu", Role.ADMIN: "gu"}
    if role is None:
        return SYSTEM
    cast.lin.role = role if role in {Role.OFFICER, Role.HEAD} else cast.lin.role
    return cast.actor(names[role])


def wanted(step: lifecycle.Step | None, role: Role | None) -> str | None:
    """The code that a step with all it owes is refused with; None: it is taken."""
    if step is None:
        return "step_not_allowed"
    if role is not None and role not in step.roles:
        return "step_not_yours"
    return "verification_needed" if step.needs_verification else None


@pytest.mark.parametrize("role", [None, *Role])
def test_every_step_by_every_role_agrees_with_the_table_of_steps(cast: Cast, role: Role | None) -> None:
    actor = by_role(cast, role)
    for current in Stage:
        for to in Stage:
            item = make_commitment(department=cast.science, stage=current)
            step = lifecycle.STEPS[current].get(to)
            end = UNTIL if to == Stage.EXEMPT else None
            said: dict[str, Any] = {"to": to, "reason": " 有理由 ", "exempt_until": end, "by": actor, "today": TODAY}
            code = wanted(step, role)
            if code is not None:
                with pytest.raises(DomainError) as refusal:
                    steps.move(item, **said)
                assert refusal.value.code == code
                assert str(refusal.value)
                item.refresh_from_db()
                assert item.stage == current
                continue
            assert step is not None
            for lacking, owed, answer in (
                ({"reason": " "}, step.needs_reason, "reason_needed"),
                ({"exempt_until": None}, step.needs_until, "exemption_needs_end"),
                ({"exempt_until": TODAY}, step.needs_until, "exemption_end_passed"),
            ):
                if owed:
                    with pytest.raises(DomainError) as refusal:
                        steps.move(item, **(said | lacking))
                    assert refusal.value.code == answer
            moved = steps.move(item, **said)
            event = Event.objects.filter(commitment=item, kind=EventKind.COMMITMENT_MOVED).get()
            assert (moved.stage, event.changes["stage"], event.reason) == (to, [current, to], "有理由")
            assert moved.closed_on == (TODAY if to == Stage.CLOSED else None)
            assert moved.exempt_until == end
            assert moved.reported_done_by == (actor.user if to == Stage.REPORTED_DONE else None)
            assert moved.revision > 0
    assert chain.verify().broken_seq is None


def test_a_foreign_department_takes_no_step_and_a_supporting_one_is_told_whose_it_is(cast: Cast) -> None:
    item = make_commitment(department=cast.science)
    step: dict[str, Any] = {"to": Stage.REPORTED_DONE, "by": cast.actor("zhou"), "today": TODAY}
    assert refused(lambda: steps.move(item, **step)).code == "not_found"
    item.involvements.create(department=cast.health_bureau, involvement="supporting", order=1)
    assert refused(lambda: steps.move(item, **step)).code == "step_not_yours"


def test_a_step_on_what_somebody_changed_meanwhile_is_refused(cast: Cast) -> None:
    item = make_commitment(department=cast.science)
    step: dict[str, Any] = {"to": Stage.REPORTED_DONE, "by": cast.actor("lin"), "today": TODAY}
    assert refused(lambda: steps.move(item, **step, expected_revision=item.revision + 1)).code == "stale"
    assert steps.move(item, **step, expected_revision=item.revision).stage == Stage.REPORTED_DONE


def test_a_refusal_proposes_the_right_owner_until_it_is_handed_out_again(cast: Cast) -> None:
    item = make_commitment(department=cast.science, stage=Stage.ISSUED)
    lin, chen = cast.actor("lin"), cast.actor("chen")
    step: dict[str, Any] = {"to": Stage.REGISTERED, "by": lin, "today": TODAY}
    for said, code, field in (
        ({"proposed_lead": cast.health_bureau}, "reason_needed", "reason"),
        ({"proposed_lead": cast.science, "reason": "不归我们"}, "proposed_lead_wrong", "proposed_lead"),
    ):
        error = refused(lambda: steps.move(item, **step, **said))  # noqa: B023
        assert (error.code, error.field) == (code, field)
    item = steps.move(item, **step, proposed_lead=cast.health_bureau, reason="应由卫健委牵头")
    assert item.proposed_lead == cast.health_bureau
    event = Event.objects.filter(kind=EventKind.COMMITMENT_MOVED).latest("seq")
    assert event.changes == {"stage": ["issued", "registered"], "proposed_lead": [None, "wjw"]}
    item = steps.move(item, to=Stage.ISSUED, by=chen, today=TODAY)
    assert item.proposed_lead is None
    item = steps.move(item, **step, reason="仍不归我们")
    assert item.proposed_lead is None


def test_only_a_refusal_proposes_an_owner(cast: Cast) -> None:
    item = make_commitment(department=cast.science, stage=Stage.ISSUED)
    step: dict[str, Any] = {"to": Stage.ACCEPTED, "by": cast.actor("lin"), "today": TODAY}
    assert refused(lambda: steps.move(item, **step, proposed_lead=cast.health_bureau)).code == "proposed_lead_wrong"


def test_who_reported_it_done_is_kept_until_the_work_goes_on(cast: Cast) -> None:
    item = make_commitment(department=cast.science)
    item = steps.move(item, to=Stage.REPORTED_DONE, by=cast.actor("lin"), today=TODAY)
    assert item.reported_done_by == cast.lin
    held = steps.move(item, to=Stage.SUSPENDED, reason="等", by=cast.actor("chen"), today=TODAY)
    assert held.reported_done_by == cast.lin
    back = steps.move(held, to=Stage.IN_PROGRESS, reason="继续", by=cast.actor("chen"), today=TODAY)
    assert back.reported_done_by is None


def test_handing_out_dates_the_matter_once_and_exemptions_end(cast: Cast) -> None:
    chen = cast.actor("chen")
    item = make_commitment(department=cast.science, stage=Stage.REGISTERED, issued_on=None)
    item = steps.move(item, to=Stage.ISSUED, by=chen, today=TODAY)
    assert item.issued_on == TODAY
    item = steps.move(item, to=Stage.EXEMPT, reason="不可抗力", exempt_until=UNTIL, by=chen, today=TODAY)
    assert (item.exempt_until, item.health) == (UNTIL, Health.EXEMPT)
    event = Event.objects.filter(kind=EventKind.COMMITMENT_MOVED).latest("seq")
    assert event.changes["exempt_until"] == [None, "2027-02-01"]
    item = steps.move(item, to=Stage.IN_PROGRESS, reason="恢复", by=chen, today=TODAY + timedelta(days=3))
    assert (item.exempt_until, item.issued_on) == (None, TODAY)


def test_what_was_refused_counts_from_its_second_hand_out(cast: Cast) -> None:
    item = make_commitment(department=cast.science, stage=Stage.REGISTERED, issued_on=None)
    item = steps.move(item, to=Stage.ISSUED, by=cast.actor("chen"), today=TODAY)
    item = steps.move(
        item,
        to=Stage.REGISTERED,
        reason="非本单位职责",
        proposed_lead=cast.health_bureau,
        by=cast.actor("lin"),
        today=TODAY,
    )
    later = TODAY + timedelta(days=9)
    assert steps.move(item, to=Stage.ISSUED, by=cast.actor("chen"), today=later).issued_on == later


def test_a_whole_life_leaves_who_when_and_why(cast: Cast) -> None:
    lin, chen = cast.actor("lin"), cast.actor("chen")
    item = make_commitment(department=cast.science, stage=Stage.REGISTERED, issued_on=None)
    for to, by in ((Stage.ISSUED, chen), (Stage.ACCEPTED, lin), (Stage.IN_PROGRESS, lin), (Stage.REPORTED_DONE, lin)):
        item = steps.move(item, to=to, by=by, today=TODAY)
    make_report(item, author=cast.lin, state=ReportState.ACCEPTED, reviewer=cast.chen)
    verifications.record(
        item,
        method=VerificationMethod.SITE_VISIT,
        finding=VerificationFinding.CONFIRMED,
        note="现场看过",
        by=chen,
        today=TODAY,
    )
    item = steps.move(item, to=Stage.CLOSED, by=chen, today=TODAY)
    assert (item.closed_on, item.health) == (TODAY, Health.DONE)
    item = steps.move(item, to=Stage.ARCHIVED, by=chen, today=TODAY + timedelta(days=9))
    assert item.closed_on == TODAY
    item = steps.move(item, to=Stage.IN_PROGRESS, reason="回头看发现问题", by=chen, today=TODAY + timedelta(days=10))
    assert (item.closed_on, item.reported_done_by) == (None, None)
    told = Event.objects.filter(commitment=item, kind=EventKind.COMMITMENT_MOVED).order_by("seq")
    assert [(event.actor, event.changes["stage"][1]) for event in told] == [
        (cast.chen, "issued"), (cast.lin, "accepted"), (cast.lin, "in_progress"), (cast.lin, "reported_done"),
        (cast.chen, "verified"), (cast.chen, "closed"), (cast.chen, "archived"), (cast.chen, "in_progress"),
    ]  # fmt: skip
