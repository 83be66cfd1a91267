"""Takes the demonstration layer away again. What it added is marked row by row; events stay, marked."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from projects.actions import clock
from projects.models import Reading
from tracker.actions import events, health, people
from tracker.actions.events import Entry
from tracker.choices import EventKind, ProgressBasis, ReportState, Stage
from tracker.models import Commitment, Milestone, Plan, ProgressReport, Reminder, User
from tracker.policies import Actor


@transaction.atomic
def remove(*, by: Actor, today: date) -> dict[str, int]:
    """Remove demonstration reports, milestones, readings and reminders; reset what rested on them.

    Demonstration sign-ins are switched off, not deleted: events name them. Returns how many rows of each kind went.
    """
    # A real report may stand beside a demonstration reading of its period; it stays, the reading goes.
    ProgressReport.objects.filter(is_demo=False, reading__is_demo=True).update(reading=None)
    shown = health.lock_all(Commitment.objects.filter(is_demo=True))
    counts = {
        "reminders": Reminder.objects.filter(is_demo=True).delete()[0],
        "reports": ProgressReport.objects.filter(is_demo=True).delete()[0],
        "milestones": Milestone.objects.filter(is_demo=True).delete()[0],
        "readings": Reading.objects.filter(is_demo=True).delete()[0],
        "commitments": len(shown),
    }
    for item in shown:
        _reset(item)
    touched = list({item.pk: item for item in [*shown, *_with_targets()]}.values())
    for user in User.objects.filter(is_demo=True, is_active=True):
        people.deactivate_user(user, by=by)
    for plan in Plan.objects.filter(pk__in={item.plan_id for item in shown}):
        if not Commitment.objects.filter(plan=plan).exclude(stage=Stage.REGISTERED).exists():
            Plan.objects.filter(pk=plan.pk).update(tracked_since=None)
    events.record(Entry(kind=EventKind.DEMO_REMOVED, changes={name: [n, 0] for name, n in counts.items()}), by=by)
    health.reassess(touched, by=by, today=today)
    clock.stamp_all(touched)
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
    item.is_demo = False
    item.save()
