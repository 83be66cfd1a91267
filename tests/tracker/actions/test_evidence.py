"""Evidence: who adds and withdraws it, what is warned of, what the log tells."""

from typing import Any

import pytest

from projects.errors import DomainError
from tests import evidence_files as files
from tests.factories import TODAY, Cast, make_cast, make_commitment, make_report
from tracker import policies
from tracker.actions import evidence
from tracker.actions.evidence import Added
from tracker.choices import Involvement, ReportState
from tracker.event_kinds import EventKind
from tracker.models import Commitment, CommitmentDepartment, Event, Evidence, ProgressReport, Verification
from tracker.policies import Actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def item(cast: Cast) -> Commitment:
    return make_commitment("C-1", department=cast.science)


def add(item: Commitment, by: Actor, *, text: str = "", **more: Any) -> Added:
    return evidence.add(item, upload=files.upload("回执.pdf", files.pdf(text)), by=by, today=TODAY, **more)


def refused(code: str, attempt: Any) -> None:
    with pytest.raises(DomainError) as refusal:
        attempt()
    assert refusal.value.code == code


def verification(cast: Cast, item: Commitment) -> Verification:
    return Verification.objects.create(
        commitment=item, verifier=cast.chen, method="documents", finding="confirmed", note="属实。", verified_on=TODAY
    )


def test_the_lead_a_joined_department_and_the_office_add_files(cast: Cast, item: Commitment) -> None:
    CommitmentDepartment.objects.create(
        commitment=item, department=cast.health_bureau, involvement=Involvement.SUPPORTING, order=1
    )
    for place, name in enumerate(("lin", "zhou", "chen")):
        added = add(item, cast.actor(name), text=name, note=" 验收单 ")
        assert (added.evidence.author.username, added.evidence.note, added.is_new) == (name, "验收单", True)
        assert Event.objects.filter(kind=EventKind.EVIDENCE_ADDED).count() == place + 1
    told = Event.objects.filter(kind=EventKind.EVIDENCE_ADDED).order_by("seq").first()
    assert told is not None
    first = Evidence.objects.order_by("pk")[0]
    assert (told.commitment, told.subject) == (item, str(first.ref))
    assert told.changes == {"sha256": [None, first.sha256], "name": [None, "回执.pdf"]}
    assert first.revision > 0


@pytest.mark.parametrize("name", ["zhou", "wu", "gu"])
def test_nobody_else_adds_or_withdraws(cast: Cast, item: Commitment, name: str) -> None:
    refused("evidence_not_yours", lambda: add(item, cast.actor(name)))
    added = add(item, cast.actor("lin"))
    with pytest.raises(DomainError) as refusal:
        evidence.withdraw(added.evidence, reason="x", by=cast.actor(name), today=TODAY)
    assert refusal.value.code in {"not_allowed", "evidence_not_yours"}
    assert Evidence.objects.filter(withdrawn_at__isnull=True).count() == 1


@pytest.mark.parametrize(
    ("state", "name", "code"),
    [
        (ReportState.DRAFT, "lin", ""),
        (ReportState.RETURNED, "lin", ""),
        (ReportState.SUBMITTED, "lin", "report_not_open"),
        (ReportState.ACCEPTED, "lin", "report_not_open"),
        (ReportState.RETURNED, "chen", "evidence_not_yours"),
        (ReportState.RETURNED, "zhou", "evidence_not_yours"),
    ],
)
def test_a_report_takes_files_from_its_department_while_it_is_open(
    cast: Cast, item: Commitment, state: ReportState, name: str, code: str
) -> None:
    CommitmentDepartment.objects.create(
        commitment=item, department=cast.health_bureau, involvement=Involvement.SUPPORTING, order=1
    )
    report = make_report(item, author=cast.lin, state=state)
    assert evidence.may_add(cast.actor(name), item, report=report) is not bool(code)
    if code:
        refused(code, lambda: add(item, cast.actor(name), report=report))
    else:
        assert add(item, cast.actor(name), report=report).evidence.report == report


def test_a_report_of_another_commitment_takes_none(cast: Cast, item: Commitment) -> None:
    other = make_report(make_commitment(department=cast.science), author=cast.lin, state=ReportState.DRAFT)
    refused("evidence_not_yours", lambda: add(item, cast.actor("lin"), report=other))


def test_a_verification_takes_files_from_the_office_only(cast: Cast, item: Commitment) -> None:
    seen = verification(cast, item)
    refused("evidence_not_yours", lambda: add(item, cast.actor("lin"), verification=seen))
    refused("evidence_not_yours", lambda: add(make_commitment(), cast.actor("chen"), verification=seen))
    added = add(item, cast.actor("chen"), verification=seen)
    assert added.evidence.verification == seen
    assert not evidence.may_withdraw(cast.actor("lin"), added.evidence)


def test_what_hangs_on_a_draft_is_told_and_shown_to_its_department_only(cast: Cast, item: Commitment) -> None:
    draft = make_report(item, author=cast.lin, state=ReportState.DRAFT)
    added = add(item, cast.actor("lin"), report=draft)
    told = Event.objects.get(kind=EventKind.EVIDENCE_ADDED)
    assert told.changes == {"sha256": [None, added.evidence.sha256]}
    assert not policies.evidence_visible_to(cast.actor("chen")).exists()
    ProgressReport.objects.update(state=ReportState.SUBMITTED)
    assert policies.evidence_visible_to(cast.actor("chen")).get() == added.evidence


def test_the_same_file_in_another_matter_is_named_if_it_is_in_sight_and_counted_if_not(
    cast: Cast, item: Commitment
) -> None:
    ours = make_commitment("C-2", department=cast.science)
    theirs = make_commitment("C-3", department=cast.health_bureau)
    assert (add(ours, cast.actor("lin")).also_proves, add(ours, cast.actor("lin"), text="x").also_proves) == ((), ())
    add(theirs, cast.actor("zhou"))
    added = add(item, cast.actor("lin"))
    assert (added.also_proves, added.also_unseen) == (("C-2",), 1)
    assert evidence.elsewhere(added.evidence, viewer=cast.actor("chen")) == (("C-2", "C-3"), 0)


def test_a_withdrawn_file_warns_of_nothing(cast: Cast, item: Commitment) -> None:
    other = add(make_commitment("C-2", department=cast.science), cast.actor("lin"))
    evidence.withdraw(other.evidence, reason="传错了", by=cast.actor("lin"), today=TODAY)
    added = add(item, cast.actor("lin"))
    assert (added.also_proves, added.also_unseen) == ((), 0)


def test_the_same_file_hangs_in_one_place_once(cast: Cast, item: Commitment) -> None:
    first = add(item, cast.actor("lin"))
    again = add(item, cast.actor("lin"))
    assert (again.evidence, again.is_new, Event.objects.count()) == (first.evidence, False, 1)
    draft = make_report(item, author=cast.lin, state=ReportState.DRAFT)
    assert add(item, cast.actor("lin"), report=draft).is_new


def test_withdrawing_asks_why_and_deletes_nothing(cast: Cast, item: Commitment) -> None:
    added, lin = add(item, cast.actor("lin")), cast.actor("lin")
    refused("evidence_reason_needed", lambda: evidence.withdraw(added.evidence, reason=" ", by=lin, today=TODAY))
    gone = evidence.withdraw(added.evidence, reason=" 传错了 ", by=lin, today=TODAY)
    assert gone.withdrawn_at is not None
    told = Event.objects.get(kind=EventKind.EVIDENCE_WITHDRAWN)
    assert (told.reason, told.changes) == ("传错了", {"sha256": [added.evidence.sha256, None]})
    refused("evidence_withdrawn", lambda: evidence.withdraw(added.evidence, reason="x", by=lin, today=TODAY))
    assert add(item, lin).is_new


def test_a_department_takes_back_until_its_report_is_handed_in_the_office_always(cast: Cast, item: Commitment) -> None:
    draft = make_report(item, author=cast.lin, state=ReportState.DRAFT)
    added = add(item, cast.actor("lin"), report=draft)
    ProgressReport.objects.update(state=ReportState.SUBMITTED)
    for name, code in (("lin", "evidence_not_yours"), ("chen", "")):
        attempt = lambda by=name: evidence.withdraw(  # noqa: E731  one line in a table
            added.evidence, reason="不清晰", by=cast.actor(by), today=TODAY
        )
        if code:
            refused(code, attempt)
        else:
            attempt()
    assert Evidence.objects.get().withdrawn_at is not None


def test_a_demonstration_sign_in_adds_demonstration_evidence(cast: Cast, item: Commitment) -> None:
    cast.lin.is_demo = True
    assert add(item, policies.actor_of(cast.lin)).evidence.is_demo
    assert not add(item, cast.actor("chen"), text="x").evidence.is_demo
    assert add(item, cast.actor("chen"), text="y", is_demo=True).evidence.is_demo


def test_nothing_is_stored_for_somebody_who_may_not_add(
    cast: Cast, item: Commitment, tmp_path: Any, settings: Any
) -> None:
    settings.EVIDENCE_DIR = tmp_path / "store"
    refused("evidence_not_yours", lambda: add(item, cast.actor("zhou")))
    assert not (tmp_path / "store").exists()
