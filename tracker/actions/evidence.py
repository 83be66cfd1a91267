"""Files that prove something 佐证材料: added, withdrawn, never deleted. The bytes are kept before the transaction."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils import timezone

from projects.actions import clock
from projects.errors import DomainError
from tracker import policies
from tracker.actions import commitments, events, evidence_store, health
from tracker.actions.events import Entry
from tracker.actions.evidence_store import Kept
from tracker.choices import DEPARTMENT_ROLES, OPEN_REPORT_STATES, ReportState
from tracker.event_kinds import EventKind
from tracker.models import Commitment, Evidence, ProgressReport, Verification
from tracker.policies import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """A file that now proves something. `is_new` is false where the very same file hung there already.

    `also_proves`: codes of other commitments in the actor's sight whose standing evidence is the same file;
    `also_unseen`: how many more there are out of sight.
    """

    evidence: Evidence
    also_proves: tuple[str, ...] = ()
    also_unseen: int = 0
    is_new: bool = True


def may_add(by: Actor, commitment: Commitment, *, report: ProgressReport | None = None) -> bool:
    """Whether the actor may add files here: its departments, lead or joined, and the supervision office.

    To a report only its own department does, while it is open.
    """
    if report is not None and (report.state not in OPEN_REPORT_STATES or not _is_own(by, commitment, report)):
        return False
    return policies.can_supervise(by) or (by.role in DEPARTMENT_ROLES and policies.can_see(by, commitment))


def _is_own(by: Actor, commitment: Commitment, report: ProgressReport) -> bool:
    is_here = report.commitment_id == commitment.pk and policies.leads(by, commitment)
    return is_here and policies.reports_visible_to(by).filter(pk=report.pk).exists()


def may_withdraw(by: Actor, evidence: Evidence) -> bool:
    """Whether the actor may take the file back: the office, or the department that added it until it was handed in."""
    if evidence.withdrawn_at is not None:
        return False
    if policies.can_supervise(by):
        return True
    is_ours = by.department_id is not None and evidence.author.department_id == by.department_id
    is_open = evidence.report is None or evidence.report.state in OPEN_REPORT_STATES
    return by.role in DEPARTMENT_ROLES and is_ours and is_open and evidence.verification_id is None


def elsewhere(evidence: Evidence, *, viewer: Actor) -> tuple[tuple[str, ...], int]:
    """The other commitments that the same file proves: the codes in the viewer's sight, and how many are not."""
    same = Evidence.objects.filter(sha256=evidence.sha256, withdrawn_at__isnull=True)
    same = same.exclude(commitment=evidence.commitment_id)
    seen = policies.evidence_visible_to(viewer).filter(pk__in=same.values("pk"))
    codes = tuple(seen.order_by("commitment__code").values_list("commitment__code", flat=True).distinct())
    hidden = same.exclude(commitment__code__in=codes).values("commitment").distinct().count()
    return codes, hidden


def add(
    commitment: Commitment,
    *,
    upload: "File[Any] | Kept",
    note: str = "",
    report: ProgressReport | None = None,
    verification: Verification | None = None,
    by: Actor,
    today: date,
    is_demo: bool = False,
) -> Added:
    """Keep a file and hang it on the commitment, or on one of its reports or verifications.

    Args:
        upload: the file, or what `evidence_store.keep` made of it earlier. Inside a transaction only the latter.

    Raises:
        DomainError: not a department of this commitment's nor the supervision office, a file that is not taken, or
            a report that is not this department's open one.
    """
    check_may_add(by, commitment, report=report, verification=verification)
    kept = upload if isinstance(upload, Kept) else evidence_store.keep(upload)
    return _record(
        commitment, kept=kept, note=note.strip(), report=report, verification=verification, by=by, is_demo=is_demo
    )


@transaction.atomic
def _record(
    commitment: Commitment,
    *,
    kept: Kept,
    note: str,
    report: ProgressReport | None,
    verification: Verification | None,
    by: Actor,
    is_demo: bool,
) -> Added:
    item = health.lock(commitment)
    if report is not None:
        locked = ProgressReport.objects.select_for_update(of=("self",), no_key=True).select_related("author")
        report = locked.get(pk=report.pk)
    check_may_add(by, item, report=report, verification=verification)
    same = Evidence.objects.filter(commitment=item, report=report, verification=verification, sha256=kept.sha256)
    standing = same.filter(withdrawn_at__isnull=True).first()
    if standing is not None:
        codes, hidden = elsewhere(standing, viewer=by)
        return Added(evidence=standing, also_proves=codes, also_unseen=hidden, is_new=False)
    if by.user is None:
        raise DomainError("not_allowed")
    evidence = Evidence.objects.create(
        commitment=item,
        report=report,
        verification=verification,
        author=by.user,
        name=kept.name,
        note=note,
        size=kept.size,
        media_type=kept.media_type,
        sha256=kept.sha256,
        is_demo=is_demo or by.is_demo,
    )
    _tell(EventKind.EVIDENCE_ADDED, evidence, changes=_told(evidence), by=by)
    codes, hidden = elsewhere(evidence, viewer=by)
    clock.stamp(evidence)
    return Added(evidence=evidence, also_proves=codes, also_unseen=hidden)


@transaction.atomic
def withdraw(
    evidence: Evidence, *, reason: str, by: Actor, today: date, expected_revision: int | None = None
) -> Evidence:
    """Take a file back: it is not served any more, its line and its digest stay.

    Raises:
        DomainError: not whose it is to take back, withdrawn already, no reason, or somebody changed it meanwhile
            (`stale`).
    """
    item = health.lock(Commitment(pk=evidence.commitment_id))
    locked = Evidence.objects.select_for_update(of=("self",), no_key=True).select_related("author", "report")
    fresh = locked.get(pk=evidence.pk)
    fresh.commitment = item
    if not policies.evidence_visible_to(by).filter(pk=fresh.pk).exists():
        raise DomainError("not_allowed")
    if fresh.withdrawn_at is not None:
        raise DomainError("evidence_withdrawn")
    if not may_withdraw(by, fresh):
        raise DomainError("evidence_not_yours")
    commitments.check_revision(fresh, expected_revision)
    if not reason.strip():
        raise DomainError("evidence_reason_needed", field="reason")
    fresh.withdrawn_at = timezone.now()
    fresh.save(update_fields=["withdrawn_at", "updated_at"])
    changes = {"sha256": [fresh.sha256, None]}
    _tell(EventKind.EVIDENCE_WITHDRAWN, fresh, changes=changes, reason=reason.strip(), by=by)
    clock.stamp(fresh)
    return fresh


def check_may_add(
    by: Actor, item: Commitment, *, report: ProgressReport | None = None, verification: Verification | None = None
) -> None:
    """Raise DomainError unless the actor may add a file in this place: `evidence_not_yours`, `report_not_open`."""
    if not may_add(by, item):
        raise DomainError("evidence_not_yours")
    if report is not None:
        if not _is_own(by, item, report):
            raise DomainError("evidence_not_yours")
        if report.state not in OPEN_REPORT_STATES:
            raise DomainError("report_not_open")
    if verification is not None and (verification.commitment_id != item.pk or not policies.can_supervise(by)):
        raise DomainError("evidence_not_yours")


def _told(evidence: Evidence) -> dict[str, list[events.LogValue]]:
    """What the log says of a new file. A draft is its department's own, so its file's name is not told."""
    changes: dict[str, list[events.LogValue]] = {"sha256": [None, evidence.sha256]}
    if evidence.report is None or evidence.report.state != ReportState.DRAFT:
        changes["name"] = [None, evidence.name]
    return changes


def _tell(kind: EventKind, evidence: Evidence, *, changes: events.Changes, by: Actor, reason: str = "") -> None:
    entry = Entry(
        kind=kind,
        commitment=evidence.commitment,
        subject=str(evidence.ref),
        changes=changes,
        reason=reason,
        is_demo=evidence.is_demo,
    )
    events.record(entry, by=by)
