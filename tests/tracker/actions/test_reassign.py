"""A commitment passes to another department: what passes with it, what does not, and who may not do it."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest

from projects.errors import DomainError
from tests.factories import TODAY, Cast, make_cast, make_commitment, make_department, make_report
from tests.reminder_rows import make_reminder
from tracker import policies
from tracker.actions import reassign, reports
from tracker.choices import Health, Involvement, ReminderState, ReportState, Stage
from tracker.event_kinds import EventKind
from tracker.models import (
    Commitment,
    CommitmentDepartment,
    Event,
    Evidence,
    Post,
    ProgressReport,
    Reminder,
)
from tracker.queries import history
from tracker.rules.reporting import ReportValues

pytestmark = pytest.mark.django_db


@contextmanager
def refused(code: str) -> Iterator[None]:
    """What runs within is refused with this code."""
    with pytest.raises(DomainError) as refusal:
        yield
    assert refusal.value.code == code


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def pass_on(item: Commitment, cast: Cast, **said: object) -> Commitment:
    values = {"lead": cast.health_bureau, "reason": "职责在卫健委。", "by": cast.actor("chen"), "today": TODAY} | said
    return reassign.reassign(item, **values)  # type: ignore[arg-type]  # a bag of the same arguments


@pytest.mark.parametrize("stage", [Stage.ISSUED, Stage.ACCEPTED, Stage.IN_PROGRESS])
def test_what_was_at_work_is_handed_out_anew_to_the_new_lead(stage: Stage, cast: Cast) -> None:
    item = pass_on(make_commitment(department=cast.science, stage=stage), cast)
    item.refresh_from_db()
    assert (item.lead, item.stage, item.issued_on) == (cast.health_bureau, Stage.ISSUED, TODAY)
    assert item.health == Health.NO_DATA or item.health_reasons
    event = Event.objects.get(kind=EventKind.COMMITMENT_REVISED)
    assert event.changes["lead"] == ["kjj", "wjw"]
    assert event.reason == "职责在卫健委。"


@pytest.mark.parametrize("stage", [Stage.REGISTERED, Stage.SUSPENDED, Stage.EXEMPT])
def test_what_nobody_works_on_keeps_its_stage(stage: Stage, cast: Cast) -> None:
    item = pass_on(make_commitment(department=cast.science, stage=stage, issued_on=None), cast)
    assert (item.lead, item.stage, item.issued_on) == (cast.health_bureau, stage, None)


@pytest.mark.parametrize(
    ("stage", "code"),
    [
        (Stage.VERIFIED, "reassign_finished"),
        (Stage.CLOSED, "reassign_finished"),
        (Stage.ARCHIVED, "reassign_finished"),
        (Stage.CANCELLED, "reassign_finished"),
        (Stage.REPORTED_DONE, "reassign_reported_done"),
    ],
)
def test_what_is_over_stays_where_it_is(stage: Stage, code: str, cast: Cast) -> None:
    with pytest.raises(DomainError) as refusal:
        pass_on(make_commitment(department=cast.science, stage=stage), cast)
    assert refusal.value.code == code
    assert str(refusal.value)


def test_it_needs_a_reason_another_active_department_and_the_office(cast: Cast) -> None:
    item = make_commitment(department=cast.science)
    dissolved = make_department("old")
    dissolved.is_active = False
    dissolved.save()
    for said, code in (
        ({"reason": " "}, "reason_needed"),
        ({"lead": cast.science}, "reassign_same_lead"),
        ({"lead": dissolved}, "reassign_dissolved"),
        ({"by": cast.actor("lin")}, "not_allowed"),
        ({"by": cast.actor("wu")}, "not_allowed"),
        ({"expected_revision": 99}, "stale"),
    ):
        with pytest.raises(DomainError) as refusal:
            pass_on(item, cast, **said)
        assert refusal.value.code == code
    assert not Event.objects.exists()


def test_a_report_that_waits_is_reviewed_first(cast: Cast) -> None:
    item = make_commitment(department=cast.science)
    make_report(item, author=cast.lin)
    with refused("reassign_report_waits"):
        pass_on(item, cast)


def test_a_foreign_draft_is_neither_lost_nor_reached_by_the_new_lead(cast: Cast) -> None:
    item = make_commitment(department=cast.science)
    draft = reports.save_draft(item, values=ReportValues(done="内部数字 42"), by=cast.actor("lin"), today=TODAY)
    file = Evidence.objects.create(
        commitment=item,
        report=draft,
        author=cast.lin,
        name="a.pdf",
        size=1,
        media_type="application/pdf",
        sha256="a" * 64,
    )
    group = uuid4()
    item = pass_on(item, cast, group=group)
    assert not ProgressReport.objects.exists()
    told = Event.objects.get(kind=EventKind.REPORT_SAVED)
    assert told.changes["done"] == ["", "内部数字 42"]  # every word stays in the log of its own department
    file.refresh_from_db()
    assert file.withdrawn_at is not None
    assert {event.group for event in Event.objects.exclude(kind=EventKind.REPORT_SAVED)} == {group}
    own = reports.save_draft(item, values=ReportValues(done="新牵头单位"), by=cast.actor("zhou"), today=TODAY)
    assert own.author == cast.zhou
    newest = Event.objects.filter(kind=EventKind.REPORT_SAVED).latest("seq")
    assert newest.changes["done"] == ["", "新牵头单位"]


def test_a_returned_report_is_still_owed_and_passes_on(cast: Cast) -> None:
    item = make_commitment(department=cast.science)
    report = make_report(item, author=cast.lin, state=ReportState.RETURNED)
    pass_on(item, cast)
    assert policies.reports_visible_to(cast.actor("zhou")).get() == report
    assert not policies.reports_visible_to(cast.actor("lin")).exists()


def test_the_owner_post_and_the_part_beside_the_lead_follow(cast: Cast) -> None:
    item = make_commitment(department=cast.science)
    item.post = Post.objects.create(code="kjj-head", title="局长", department=cast.science)
    item.save()
    CommitmentDepartment.objects.create(
        commitment=item, department=cast.health_bureau, involvement=Involvement.SUPPORTING
    )
    item = pass_on(item, cast)
    assert item.post is None
    assert not item.involvements.exists()
    assert Event.objects.get(kind=EventKind.COMMITMENT_REVISED).changes["departments"] == ["supporting:wjw", ""]


def test_what_stands_for_the_old_lead_is_settled_and_what_waits_there_is_cancelled(cast: Cast) -> None:
    item = make_commitment(department=cast.science)
    told = make_reminder(item, cast.lin, planned_on=TODAY, offset=-14)
    Reminder.objects.filter(pk=told.pk).update(state=ReminderState.SENT)
    for person in (cast.lin, cast.zhou):
        make_reminder(item, person, planned_on=TODAY)
    pass_on(item, cast)
    rows = [
        (row.recipient.username, row.state, row.settled_at is None)
        for row in Reminder.objects.select_related("recipient").order_by("pk")
    ]
    assert rows == [("lin", "sent", False), ("lin", "cancelled", False), ("zhou", "planned", True)]


def test_a_suggestion_becomes_a_fact_when_it_is_named_again(cast: Cast) -> None:
    item = make_commitment(department=cast.science, stage=Stage.REGISTERED)
    Commitment.objects.update(lead_is_suggested=True)
    item = pass_on(item, cast, lead=cast.science)
    assert (item.lead, item.lead_is_suggested) == (cast.science, False)


def test_the_status_page_of_the_new_lead_does_not_tell_the_old_leads_draft(cast: Cast) -> None:
    item = make_commitment("C-1", department=cast.science)
    reports.save_draft(item, values=ReportValues(done="内部数字 42"), by=cast.actor("lin"), today=TODAY)
    pass_on(item, cast)
    item.refresh_from_db()
    for name in ("zhou", "chen"):
        told = history.page(item, viewer=cast.actor(name)).entries
        assert told
        assert str(EventKind.REPORT_SAVED.label) not in {entry.what for entry in told}
