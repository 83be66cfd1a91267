"""A commitment passes to another lead department. What lies open passes with it; a foreign draft does not."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Case, QuerySet, Value, When
from django.db.models.functions import Now

from projects.actions import clock
from projects.errors import DomainError
from tracker import policies
from tracker.actions import drafts, events, health, sight
from tracker.actions.events import Entry
from tracker.choices import FINAL_STAGES, REPORTABLE_STAGES, ReminderOccasion, ReminderState, ReportState, Stage
from tracker.event_kinds import EventKind
from tracker.models import Commitment, Department, ProgressReport, Reminder
from tracker.policies import Actor


def check(item: Commitment) -> None:
    """Raise DomainError unless this commitment may change hands as it stands now; asked before a lead is chosen."""
    if item.stage in FINAL_STAGES:
        raise DomainError("reassign_finished", stage=Stage(item.stage).label)
    if item.stage == Stage.REPORTED_DONE:
        raise DomainError("reassign_reported_done")
    if ProgressReport.objects.filter(commitment=item, state=ReportState.SUBMITTED).exists():
        raise DomainError("reassign_report_waits")


@transaction.atomic
def reassign(
    commitment: Commitment,
    *,
    lead: Department,
    reason: str,
    by: Actor,
    today: date,
    group: UUID | None = None,
    expected_revision: int | None = None,
) -> Commitment:
    """Give the commitment to another lead department, which has to take it on.

    What a department was working on is handed out anew, today, so that the days to take it on count from today. In the
    register, suspended or exempt it keeps its stage. Blockers, instructions, extension requests and a returned report
    pass on with it; a draft is set aside (`drafts.set_aside`). The owner post goes when it belongs to another
    department, the new lead's own part beside the lead ends, and reminders that wait for the old lead are cancelled.

    Raises:
        DomainError: not the supervision office, no reason, the same or a dissolved department, a finished commitment,
            one that is reported done, a report that waits for review, or somebody changed it meanwhile (`stale`).
    """
    if not policies.can_supervise(by):
        raise DomainError("not_allowed")
    if not reason.strip():
        raise DomainError("reason_needed", field="reason")
    item = health.lock(commitment)
    if expected_revision is not None and item.revision != expected_revision:
        raise DomainError("stale", revision=item.revision)
    check(item)
    if lead.pk == item.lead_id and not item.lead_is_suggested:
        raise DomainError("reassign_same_lead", field="lead", name=lead.name)
    if not lead.is_active:
        raise DomainError("reassign_dissolved", field="lead", name=lead.name)
    before = sight.of([item])
    changes = _pass_on(item, lead=lead, today=today)
    changes |= _aside(item, lead=lead)
    aside = drafts.set_aside(item, reason=reason.strip(), by=by, group=group)
    changes |= aside.changes
    unsent = When(state=ReminderState.PLANNED, then=Value(ReminderState.CANCELLED))
    _not_asked(item, lead=lead).update(state=Case(unsent, default="state"), settled_at=Now())
    entry = Entry(
        kind=EventKind.COMMITMENT_REVISED, commitment=item, changes=changes, reason=reason.strip(), is_demo=item.is_demo
    )
    events.record(entry, by=by, group=group)
    health.reassess([item], by=by, today=today, group=group)
    rev = clock.stamp(item, *aside.files)
    sight.write(aside.notes, rev=rev)
    sight.tell_changes(before, [item], rev=rev)
    return item


def _pass_on(item: Commitment, *, lead: Department, today: date) -> dict[str, list[events.LogValue]]:
    """Write the new lead and what follows from it; returns the change for the log."""
    after: dict[str, object] = {"lead": lead, "lead_is_suggested": False, "proposed_lead": None}
    if item.stage in REPORTABLE_STAGES:
        after |= {"stage": Stage.ISSUED.value, "issued_on": today}
    if item.post is not None and item.post.department_id != lead.pk:
        after["post"] = None
    changes = events.differences(item, after)
    for name, value in after.items():
        setattr(item, name, value)
    item.save(update_fields=[*after, "updated_at"])
    return changes


def _aside(item: Commitment, *, lead: Department) -> dict[str, list[events.LogValue]]:
    """Who leads has no part beside the lead."""
    own = item.involvements.filter(department=lead).first()
    if own is None:
        return {}
    told = f"{own.involvement}:{lead.code}"
    own.delete()
    return {"departments": [told, ""]}


def _not_asked(item: Commitment, *, lead: Department) -> QuerySet[Reminder]:
    """What stands for people who are not asked any more. What asks a post for something stays with that post."""
    standing = Reminder.objects.filter(commitment=item, settled_at__isnull=True)
    return standing.exclude(recipient__department=lead).exclude(occasion=ReminderOccasion.BLOCKER_OPEN)
