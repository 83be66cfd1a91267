"""The rules as everybody may read them: when they run, how often they told somebody lately. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from tracker import policies
from tracker.choices import MessageState, ReminderOccasion, ReminderState, VersionState
from tracker.models import MessageLine, Reminder, ReminderRule, ReminderRuleVersion, SweepRun
from tracker.policies import Actor
from tracker.queries import operations, reminders, workdays

COUNTED_DAYS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Reminders of one rule in the reader's sight: of today, waiting, and of the last days sent and cancelled.

    Whom no channel reaches is told by the inbox as soon as it is written: it waits for nothing.
    `failed`: their message could not be sent, and no other has carried them.
    """

    today: int = 0
    waiting: int = 0
    sent: int = 0
    cancelled: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleLine:
    """A rule with its version in force (None: it has none) and what it did."""

    rule: ReminderRule
    version: ReminderRuleVersion | None
    is_sound: bool
    counts: Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """All rules, those in force first; the day of the next sweep that reminds; whose reminders were counted."""

    lines: Sequence[RuleLine]
    next_on: date
    is_of_all: bool


def overview(viewer: Actor, *, today: date) -> Overview:
    """Every rule with its counts: of everybody's reminders for the city's roles, of one's own otherwise.

    Rules are no secret: who is reminded knows why. Whom else they reach is not told to departments.
    """
    rules = ReminderRule.objects.select_related("plan").order_by("-is_active", "code")
    live = {one.rule_id: one for one in ReminderRuleVersion.objects.filter(state=VersionState.LIVE)}
    counts = _counts(_in_sight(viewer), today=today)
    lines = [_line(rule, live.get(rule.pk), counts.get(rule.pk, Counts())) for rule in rules]
    order = list(ReminderOccasion)
    lines.sort(key=lambda line: (not _remind(line), order.index(ReminderOccasion(line.rule.occasion)), line.rule.code))
    return Overview(lines=lines, next_on=next_sweep_on(today=today), is_of_all=policies.is_citywide(viewer))


def next_sweep_on(*, today: date) -> date:
    """The next working day whose sweep is still to come: today, or the one after it once today's has ended. 2 queries.

    Sweeps run on days off too, for the lights; they remind nobody then.
    """
    calendar = workdays.calendar()
    has_run = SweepRun.objects.filter(day=today, finished_at__isnull=False).exists()
    return calendar.same_or_next_working_day(today + timedelta(days=1) if has_run else today)


def _line(rule: ReminderRule, version: ReminderRuleVersion | None, counts: Counts) -> RuleLine:
    if version is not None:
        version.rule = rule
    return RuleLine(rule=rule, version=version, counts=counts, is_sound=version is None or reminders.is_sound(version))


def _remind(line: RuleLine) -> bool:
    """Whether the rule is in force, or is what the office sends by hand."""
    return line.rule.is_active and (line.version is not None or line.rule.occasion == ReminderOccasion.BY_HAND)


def _in_sight(viewer: Actor) -> QuerySet[Reminder]:
    if policies.is_citywide(viewer):
        return Reminder.objects.all()
    return Reminder.objects.filter(recipient=viewer.user_id) if viewer.user_id else Reminder.objects.none()


def _counts(rows: QuerySet[Reminder], *, today: date) -> dict[int, Counts]:
    """By rule. One query over the last days, and what waits."""
    since = today - timedelta(days=COUNTED_DAYS)
    told_here = Q(state=ReminderState.PLANNED, recipient__in=operations.inbox_only().order_by().values("pk"))
    waits = Q(state=ReminderState.PLANNED) & ~told_here
    recent = Q(planned_on__gte=since)
    failed = MessageLine.objects.filter(reminder=OuterRef("pk"), message__state=MessageState.FAILED)
    counted = (
        rows.filter(Q(state=ReminderState.PLANNED) | recent)
        .order_by()
        .values_list("rule")
        .annotate(
            today=Count("pk", filter=Q(planned_on=today)),
            waiting=Count("pk", filter=waits),
            sent=Count("pk", filter=recent & (Q(state=ReminderState.SENT) | told_here)),
            cancelled=Count("pk", filter=recent & Q(state=ReminderState.CANCELLED)),
            failed=Count("pk", filter=waits & Q(Exists(failed))),
        )
    )
    return {
        rule: Counts(today=today_count, waiting=waiting, sent=sent, cancelled=cancelled, failed=failed_count)
        for rule, today_count, waiting, sent, cancelled, failed_count in counted
    }
