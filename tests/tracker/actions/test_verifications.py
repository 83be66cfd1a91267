"""Verifying: who may not, what a finding leads to, before closing and in a look-back; and drawing the sample."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from projects.errors import DomainError
from tests.factories import TODAY, Cast, make_cast, make_commitment, make_initiative, make_report, make_user
from tracker.actions import lookbacks, reports, reviews, steps, verifications
from tracker.choices import Health, ReportState, Role, Stage, VerificationFinding, VerificationMethod
from tracker.event_kinds import EventKind
from tracker.models import Commitment, Event, Lookback, LookbackPick, Verification
from tracker.policies import SYSTEM, Actor, actor_of
from tracker.queries import chain
from tracker.queries import verifications as queries
from tracker.rules import lookback
from tracker.rules.reporting import ReportValues

pytestmark = pytest.mark.django_db
CONFIRMED, PARTLY, NOT_CONFIRMED = VerificationFinding
CLOSED_ON = TODAY - timedelta(days=20)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def done(cast: Cast, code: str = "", **said: Any) -> Commitment:
    """Reported done by Lin, on a report of hers that was accepted."""
    item = make_commitment(code, department=cast.science, stage=Stage.REPORTED_DONE, **said)
    Commitment.objects.filter(pk=item.pk).update(reported_done_by=cast.lin)
    make_report(item, author=cast.lin, state=ReportState.ACCEPTED, reviewer=cast.chen)
    return item


def closed(cast: Cast, code: str, *, on: date = CLOSED_ON, stage: Stage = Stage.CLOSED) -> Commitment:
    item = make_commitment(code, department=cast.science, stage=stage)
    Commitment.objects.filter(pk=item.pk).update(closed_on=on, reported_done_by=cast.lin)
    return item


def record(item: Commitment, by: Actor, finding: VerificationFinding = CONFIRMED, **said: Any) -> Verification:
    facts: dict[str, Any] = {"method": VerificationMethod.DOCUMENTS, "note": " 与台账一致。 ", "today": TODAY} | said
    return verifications.record(item, finding=finding, by=by, **facts)


def refused(attempt) -> DomainError:
    def standing() -> tuple[object, ...]:
        rows = (list(model.objects.order_by("pk").values()) for model in (Commitment, LookbackPick))
        return (*rows, Event.objects.count(), Verification.objects.count(), Lookback.objects.count())

    before = standing()
    with pytest.raises(DomainError) as refusal:
        attempt()
    assert str(refusal.value)
    assert standing() == before
    return refusal.value


def test_what_is_confirmed_becomes_verified_and_the_record_says_who_how_and_what(cast: Cast) -> None:
    item = done(cast)
    row = record(item, cast.actor("chen"))
    item.refresh_from_db()
    assert (item.stage, item.health) == (Stage.VERIFIED, Health.DONE)
    assert (row.verifier, row.note, row.verified_on, row.lookback) == (cast.chen, "与台账一致。", TODAY, None)
    assert row.revision == item.revision > 0
    told = Event.objects.order_by("seq")
    assert [event.kind for event in told][:2] == [EventKind.VERIFICATION_RECORDED, EventKind.COMMITMENT_MOVED]
    assert told[0].changes == {"method": [None, "documents"], "finding": [None, "confirmed"]}
    assert (told[0].subject, told[0].reason) == (str(row.ref), "与台账一致。")
    assert len(set(told.values_list("group", flat=True))) == 1
    assert chain.verify().broken_seq is None


@pytest.mark.parametrize("finding", [PARTLY, NOT_CONFIRMED])
def test_what_is_not_confirmed_goes_back_to_work_with_the_note_as_the_reason(
    cast: Cast, finding: VerificationFinding
) -> None:
    item = done(cast)
    record(item, cast.actor("chen"), finding, note="缺验收报告。")
    item.refresh_from_db()
    assert (item.stage, item.reported_done_by) == (Stage.IN_PROGRESS, None)
    assert Event.objects.filter(kind=EventKind.COMMITMENT_MOVED).get().reason == "缺验收报告。"


@pytest.mark.parametrize("finding", [PARTLY, NOT_CONFIRMED])
def test_the_light_doubts_what_was_not_confirmed_until_a_later_report_is_accepted(
    cast: Cast, finding: VerificationFinding
) -> None:
    item = done(cast)
    record(item, cast.actor("chen"), finding)
    item.refresh_from_db()
    assert (item.health, item.health_reasons[0]["params"]) == (Health.AT_RISK, {"verified_on": TODAY.isoformat()})
    by_lin, next_day = cast.actor("lin"), TODAY + timedelta(days=1)
    for day, light in ((TODAY, Health.AT_RISK), (next_day, Health.ON_TRACK)):
        values = ReportValues(done="补齐验收材料。", progress=Decimal(100))
        draft = reports.save_draft(item, values=values, by=by_lin, today=day)
        reviews.accept(reports.submit(draft, by=by_lin, today=day), by=cast.actor("chen"), today=day)
        item.refresh_from_db()
        assert item.health == light


def test_a_later_confirmation_lifts_the_doubt(cast: Cast) -> None:
    item = done(cast)
    record(item, cast.actor("chen"), NOT_CONFIRMED)
    steps.move(item, to=Stage.REPORTED_DONE, by=cast.actor("lin"), today=TODAY, reason="已补齐")
    record(item, cast.actor("chen"), CONFIRMED)
    steps.move(item, to=Stage.IN_PROGRESS, by=cast.actor("chen"), today=TODAY, reason="另有新要求")
    item.refresh_from_db()
    assert "not_confirmed" not in [reason["code"] for reason in item.health_reasons]


def test_the_verifier_is_never_one_who_reported(cast: Cast) -> None:
    """Not the author of an accepted report, not who reported it done, not who reported on its initiative."""
    initiative = make_initiative()
    item, sister = done(cast, initiative=initiative), make_commitment(initiative=initiative)
    ye, xu = (make_user(name, role=Role.SUPERVISOR, department=cast.office) for name in ("ye", "xu"))
    cast.lin.role = Role.SUPERVISOR
    make_report(sister, author=ye, state=ReportState.ACCEPTED, reviewer=cast.chen)
    Commitment.objects.filter(pk=item.pk).update(reported_done_by=xu)
    for person in (cast.lin, ye, xu):
        assert refused(lambda: record(item, actor_of(person))).code == "own_commitment"  # noqa: B023
    assert record(item, cast.actor("chen")).verifier == cast.chen


def test_a_report_that_was_returned_makes_nobody_partial(cast: Cast) -> None:
    item = make_commitment(department=cast.science, stage=Stage.REPORTED_DONE)
    make_report(item, author=cast.chen, state=ReportState.RETURNED)
    assert record(item, cast.actor("chen")).finding == CONFIRMED


@pytest.mark.parametrize(("name", "code"), [("lin", "not_allowed"), ("zhou", "not_found"), ("wu", "not_allowed")])
def test_only_the_supervision_office_verifies(cast: Cast, name: str, code: str) -> None:
    item = done(cast)
    assert refused(lambda: record(item, cast.actor(name))).code == code
    assert refused(lambda: record(item, SYSTEM)).code == "not_allowed"


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage != Stage.REPORTED_DONE])
@pytest.mark.parametrize("finding", VerificationFinding)
def test_only_what_is_reported_done_is_verified(cast: Cast, stage: Stage, finding: VerificationFinding) -> None:
    item = make_commitment(department=cast.science, stage=stage)
    assert refused(lambda: record(item, cast.actor("chen"), finding)).code == "step_not_allowed"


def test_a_verification_says_what_was_found_and_about_the_page_that_was_read(cast: Cast) -> None:
    item, chen = done(cast), cast.actor("chen")
    error = refused(lambda: record(item, chen, note=" \n"))
    assert (error.code, error.field) == ("verification_note_missing", "note")
    assert refused(lambda: record(item, chen, expected_revision=item.revision + 1)).code == "stale"


# --- The sample


def draw(by: Actor, **said: Any) -> Lookback:
    start = TODAY - timedelta(days=90)
    facts: dict[str, Any] = {"closed_from": start, "closed_until": TODAY, "size": 2, "seed": "42", "today": TODAY}
    return lookbacks.draw(**(facts | said), by=by)


def test_a_sample_is_drawn_from_what_was_closed_in_the_period_and_recorded(cast: Cast) -> None:
    wanted = [closed(cast, code).code for code in ("A", "B", "C")]
    wanted.append(closed(cast, "D", stage=Stage.ARCHIVED).code)
    closed(cast, "BEFORE", on=TODAY - timedelta(days=91))
    make_commitment("OPEN", department=cast.science)
    row = draw(cast.actor("chen"))
    assert (row.population, row.size, row.seed, row.drawn_by) == (wanted, 2, "42", cast.chen)
    picks = list(row.picks.order_by("order").values_list("order", "commitment__code"))
    assert picks == list(enumerate(lookback.draw(wanted, seed="42", size=2), start=1))
    event = Event.objects.get()
    assert (event.kind, event.commitment, event.changes["population"]) == (EventKind.LOOKBACK_DRAWN, None, [None, 4])
    assert queries.sample(row).is_as_drawn


def test_a_sample_that_somebody_changed_is_seen(cast: Cast) -> None:
    for code in ("A", "B", "C"):
        closed(cast, code)
    row = draw(cast.actor("chen"))
    other = Commitment.objects.exclude(picks__lookback=row).get()
    row.picks.filter(order=1).update(commitment=other)
    assert not queries.sample(row).is_as_drawn


def test_without_a_seed_each_draw_takes_its_own(cast: Cast) -> None:
    closed(cast, "A")
    rows = [draw(cast.actor("chen"), seed=" ", size=1) for _time in range(2)]
    assert len({row.seed for row in rows}) == 2
    assert all(len(row.seed) == 16 for row in rows)


def test_a_draw_that_makes_no_sense_is_refused(cast: Cast) -> None:
    chen = cast.actor("chen")
    assert refused(lambda: draw(chen)).code == "lookback_empty"
    closed(cast, "A")
    for said, code, field in (
        ({"size": 2}, "lookback_size", "size"),
        ({"size": 0}, "lookback_size", "size"),
        ({"closed_until": TODAY - timedelta(days=91)}, "lookback_period_order", "closed_until"),
        ({"closed_until": TODAY + timedelta(days=1)}, "lookback_period_running", "closed_until"),
        ({"seed": "x" * 65}, "lookback_seed_too_long", "seed"),
    ):
        error = refused(lambda: draw(chen, **said))  # noqa: B023
        assert (error.code, error.field) == (code, field)
    for name in ("lin", "wu", "gu"):
        assert refused(lambda: draw(cast.actor(name), size=1)).code == "not_allowed"  # noqa: B023


@pytest.mark.parametrize("stage", [Stage.CLOSED, Stage.ARCHIVED])
def test_a_look_back_that_confirms_leaves_it_closed_and_anything_else_opens_it(cast: Cast, stage: Stage) -> None:
    chen = cast.actor("chen")
    items = {finding: closed(cast, finding, stage=stage) for finding in VerificationFinding}
    row = draw(chen, size=3)
    for finding, item in items.items():
        looked = record(item, chen, finding, lookback=row)
        item.refresh_from_db()
        assert item.picks.get().verification == looked
        if finding == CONFIRMED:
            assert (item.stage, item.closed_on) == (stage, CLOSED_ON)
        else:
            assert (item.stage, item.closed_on, item.reported_done_by) == (Stage.IN_PROGRESS, None, None)
    assert queries.sample(row).is_as_drawn


def test_a_look_back_looks_once_at_what_it_drew_and_what_is_still_closed(cast: Cast) -> None:
    chen = cast.actor("chen")
    item, reopened = closed(cast, "A"), closed(cast, "B")
    row = draw(chen)
    outside = closed(cast, "C")
    assert refused(lambda: record(outside, chen, lookback=row)).code == "not_in_sample"
    record(item, chen, lookback=row)
    assert refused(lambda: record(item, chen, lookback=row)).code == "sample_looked_at"
    steps.move(reopened, to=Stage.IN_PROGRESS, reason="来信反映问题", by=chen, today=TODAY)
    assert refused(lambda: record(reopened, chen, lookback=row)).code == "sample_reopened"
    cast.lin.role = Role.SUPERVISOR
    second = draw(chen)
    assert refused(lambda: record(outside, actor_of(cast.lin), lookback=second)).code == "own_commitment"


def test_what_a_demonstration_sign_in_records_is_demonstration(cast: Cast) -> None:
    item = done(cast)
    cast.chen.is_demo = True
    row = record(item, actor_of(cast.chen))
    item.refresh_from_db()
    assert row.is_demo
    assert item.is_demo
