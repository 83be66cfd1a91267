"""Takes the demonstration layer away again. What it added is marked row by row; events stay, marked."""

from collections import Counter
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from projects.actions import clock, initials
from projects.models import Reading
from tracker.actions import events, health, ledger_revert, light_record, people, sight, slips, volumes
from tracker.actions.events import Entry
from tracker.actions.sight import Note
from tracker.choices import ProgressBasis, ReportState, Stage
from tracker.event_kinds import EventKind
from tracker.models import (
    Blocker,
    Clause,
    Commitment,
    CommitmentDepartment,
    Contribution,
    Department,
    Deputy,
    Event,
    Evidence,
    ExtensionRequest,
    Instruction,
    Lookback,
    LookbackPick,
    Milestone,
    Plan,
    Post,
    PostHolding,
    ProgressReport,
    Reminder,
    User,
    Verification,
)
from tracker.models.sync import NoteSubject
from tracker.policies import Actor

# Events that tell of changed facts, which go back with the demonstration that made them.
DEMO_POSTS = "demo-"  # how the codes of posts begin that only the demonstration has
REVISIONS = (EventKind.COMMITMENT_REVISED, EventKind.LEAD_CONFIRMED)


@transaction.atomic
def remove(*, by: Actor, today: date) -> dict[str, int]:
    """Remove demonstration reports, milestones, readings and reminders; reset what rested on them, and take back
    what demonstration sign-ins changed in the facts of commitments.

    Demonstration sign-ins are switched off, not deleted: events name them. Returns how many rows of each kind went.
    """
    # A real report may stand beside a demonstration reading of its period; it stays, the reading goes.
    ProgressReport.objects.filter(is_demo=False, reading__is_demo=True).update(reading=None)
    imported = ledger_revert.take_back_demo(by=by)
    revised = _revisions()
    with_milestones = Milestone.objects.filter(is_demo=True).values("commitment")
    locked = health.lock_all(Commitment.objects.filter(Q(is_demo=True) | Q(pk__in=revised) | Q(pk__in=with_milestones)))
    before, notes = sight.of(locked), sight.gone(ProgressReport.objects.filter(is_demo=True))
    shown = [item for item in locked if item.is_demo]
    counts = {
        "reminders": Reminder.objects.filter(is_demo=True).delete()[0],
        "slips": slips.take_back_demo(),
        "projects": volumes.take_back_demo(),
        **_remove_the_desk(),
        "reports": ProgressReport.objects.filter(is_demo=True).delete()[0],
        "milestones": Milestone.objects.filter(is_demo=True).delete()[0],
        "readings": Reading.objects.filter(is_demo=True).delete()[0],
        "commitments": len(shown),
        "imported": imported,
    }
    for item in locked:
        _take_back(item, revised.get(item.pk, []))
        if item.is_demo:
            _reset(item)
        item.save()
    touched = list({item.pk: item for item in [*locked, *_with_targets()]}.values())
    for user in User.objects.filter(is_demo=True, is_active=True):
        people.deactivate_user(user, by=by)
    for plan in Plan.objects.filter(pk__in={item.plan_id for item in shown}):
        if not Commitment.objects.filter(plan=plan).exclude(stage=Stage.REGISTERED).exists():
            Plan.objects.filter(pk=plan.pk).update(tracked_since=None)
            notes.append(Note(NoteSubject.PLAN, plan.code))
    events.record(Entry(kind=EventKind.DEMO_REMOVED, changes={name: [n, 0] for name, n in counts.items()}), by=by)
    health.reassess(touched, by=by, today=today)
    light_record.forget_demo(touched)
    rev = clock.stamp_all(touched)
    sight.write(notes, rev=rev)
    sight.tell_changes(before, locked, rev=rev)
    return counts


def _remove_the_desk() -> dict[str, int]:
    """Remove what demonstration sign-ins asked, answered, proved and looked at; how many of each kind.

    In this order: files hang on verifications and reports, picks on both their draw and their verification. The bytes
    of files stay in their store, under a name that tells nothing.
    """
    LookbackPick.objects.filter(Q(lookback__is_demo=True) | Q(verification__is_demo=True)).delete()
    counts = {
        model._meta.model_name or "": model._default_manager.filter(is_demo=True).delete()[0]
        for model in (Evidence, Verification, Lookback, Contribution, ExtensionRequest, Blocker, Instruction, Deputy)
    }
    PostHolding.objects.filter(holder__is_demo=True).delete()
    # To whom the demonstration let real posts answer: none of them says so otherwise.
    Post.objects.filter(overseen_by__code__startswith=DEMO_POSTS).update(overseen_by=None)
    Post.objects.filter(code__startswith=DEMO_POSTS).delete()
    return counts


def _with_targets() -> list[Commitment]:
    """Commitments whose light rests on readings, some of which may just have gone."""
    return health.lock_all(Commitment.objects.filter(targets__isnull=False))


def _reset(item: Commitment) -> None:
    """Back to what real reports say, or to "registered" where there are none."""
    real = ProgressReport.objects.filter(commitment=item, state=ReportState.ACCEPTED).order_by("-period_end").first()
    item.stage = Stage.IN_PROGRESS if real else Stage.REGISTERED
    item.issued_on = item.issued_on if real else None
    item.progress = real.progress if real else None
    item.progress_basis = ProgressBasis.REPORTED if item.progress is not None else ProgressBasis.NONE
    item.forecast_on = real.forecast_on if real else None
    item.last_period_end = real.period_end if real else None
    item.last_accepted_on = timezone.localdate(real.reviewed_at) if real and real.reviewed_at else None
    item.closed_on = item.exempt_until = item.override_until = None
    item.override_health = item.override_reason = ""
    item.proposed_lead = item.reported_done_by = None
    item.is_assessed_by_current_date = False
    item.is_demo = False


def _revisions() -> dict[int, list[Event]]:
    """What demonstration sign-ins changed in the facts of commitments, by commitment, newest first."""
    found: dict[int, list[Event]] = {}
    for event in Event.objects.filter(is_demo=True, kind__in=REVISIONS).order_by("-seq"):
        if event.commitment_id:
            found.setdefault(event.commitment_id, []).append(event)
    return found


def _take_back(item: Commitment, revised: list[Event]) -> None:
    """Undo these revisions, newest first; a field that somebody real has changed since stays as it is."""
    for event in revised:
        for name, (before, after) in event.changes.items():
            if name == "departments":
                _set_departments(item, str(before))
            elif events.shown(item, name) == after:
                setattr(item, name, _value_of(item, name, before))
    item.initials = initials.of(item.title)
    if item.due_on is None and any(event.changes.get("due_on", [""])[0] is None for event in revised):
        item.original_due_on = None  # the first date that it ever had was the demonstration's


def _value_of(item: Commitment, name: str, logged: object) -> object:
    """The value of a field from how the log tells it."""
    field = Commitment._meta.get_field(name)
    if field.related_model is None:
        return field.to_python(logged)
    rows = Clause.objects.filter(plan=item.plan_id) if name == "clause" else field.related_model._default_manager.all()
    return rows.filter(code=logged).first() if logged else None


def _set_departments(item: Commitment, logged: str) -> None:
    """The departments beside the lead from how the log tells them: `responsible:kjj; supporting:fgw`."""
    item.involvements.all().delete()
    order: Counter[str] = Counter()
    for part, _colon, code in (entry.partition(":") for entry in logged.split("; ") if entry):
        order[part] += 1
        department = Department.objects.get(code=code)
        suggested = item.lead_is_suggested
        CommitmentDepartment.objects.create(
            commitment=item, department=department, involvement=part, order=order[part], is_suggested=suggested
        )
