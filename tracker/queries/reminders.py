"""Which rules are in force, what a day asks of them, and what need not be told any more. Reads only; the pen is
`tracker.actions.reminders`. The days come from `tracker.rules.reminders`.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from tracker.choices import (
    DUE_OCCASIONS,
    REPORTABLE_STAGES,
    AnswerState,
    Audience,
    ReminderOccasion,
    ReminderState,
    ReportState,
    SlipState,
    Stage,
    VersionState,
)
from tracker.models import (
    Blocker,
    Commitment,
    Instruction,
    Milestone,
    Plan,
    ProgressReport,
    Reminder,
    ReminderRule,
    ReminderRuleVersion,
    Slip,
    User,
)
from tracker.models.reminders import SUBJECTS
from tracker.queries.reminder_matters import Scope
from tracker.rules import ladder, reminders
from tracker.rules.reminders import RuleFacts
from tracker.rules.workdays import Calendar

STAGES = sorted(REPORTABLE_STAGES)
INFORMATION_DAYS = 30  # how long something that asks nothing stands in the inbox


class Due(NamedTuple):
    """One day asked of one rule and audience: matters with this anchor."""

    rule: int
    version: int
    offset: int
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What a day asks of one occasion in one scope: by audience, the anchors with rule, version and offset."""

    occasion: ReminderOccasion
    scope: Scope
    dues: dict[Audience, list[Due]]

    @property
    def anchors(self) -> set[date]:
        return {due.due_on for dues in self.dues.values() for due in dues}


def facts_of(version: ReminderRuleVersion) -> RuleFacts:
    """The rule as the pure rules know it. Raises ValueError when its ladder makes no sense."""
    return RuleFacts(
        code=version.rule.code,
        occasion=ReminderOccasion(version.rule.occasion),
        ladder=ladder.read(version.ladder),
        counts_working_days=version.counts_working_days,
    )


def in_force() -> QuerySet[ReminderRuleVersion]:
    """The versions that remind today: in force, of an active rule."""
    found = ReminderRuleVersion.objects.filter(state=VersionState.LIVE, rule__is_active=True)
    return found.select_related("rule").order_by("rule_id")


def is_sound(version: ReminderRuleVersion) -> bool:
    """Whether the version can be understood."""
    try:
        facts_of(version)
    except ValueError:
        return False
    return True


def broken_rules() -> list[str]:
    """The codes of the active rules that remind nobody, because they cannot be understood."""
    return sorted(version.rule.code for version in in_force() if not is_sound(version))


def batches(
    versions: Iterable[ReminderRuleVersion], *, today: date, calendar: Calendar, since: date | None = None
) -> list[Batch]:
    """What these versions ask for today, missed days included; nothing on a day off. Raises as `facts_of`.

    A plan with a rule of its own for an occasion is not served by the general one. `since`: the day served last,
    instead of each rule's last run.
    """
    own = _own_plans()
    found: dict[tuple[ReminderOccasion, Scope], dict[Audience, list[Due]]] = {}
    for version in versions:
        rule, facts = version.rule, facts_of(version)
        scope = Scope(plan=rule.plan_id, without=() if rule.plan_id else tuple(sorted(own[rule.occasion])))
        dues = found.setdefault((facts.occasion, scope), defaultdict(list))
        for ask in reminders.asks(facts, today=today, last_run=since or rule.last_run_on, calendar=calendar):
            dues[ask.audience] += [Due(rule.pk, version.pk, ask.offset, anchor) for anchor in ask.anchors]
    return [
        Batch(occasion=occasion, scope=scope, dues=dues)
        for (occasion, scope), dues in found.items()
        if any(dues.values())
    ]


def _own_plans() -> dict[str, set[int]]:
    """By occasion, the plans that an active rule of their own speaks for. One query."""
    own: dict[str, set[int]] = defaultdict(set)
    for occasion, plan in in_force().filter(rule__plan__isnull=False).values_list("rule__occasion", "rule__plan"):
        own[occasion].add(plan)
    return own


def unsettled() -> QuerySet[Reminder]:
    """What still stands, told or not."""
    return Reminder.objects.filter(settled_at__isnull=True)


def waiting() -> QuerySet[Reminder]:
    """What no message has carried yet."""
    return Reminder.objects.filter(state=ReminderState.PLANNED)


def settled() -> dict[str, Q]:
    """Why a reminder need not stand any more, by cause. A moved date takes nothing back that was sent by hand."""
    item = Commitment.objects.filter(pk=OuterRef("commitment_id"))
    # Handed in after the office asked for it; the report of an initiative counts for all of the same lead on it.
    told = ProgressReport.objects.filter(
        state__in=[ReportState.SUBMITTED, ReportState.ACCEPTED], submitted_at__gte=OuterRef("created_at")
    )
    own = told.filter(commitment=OuterRef("commitment_id"))
    shared = told.filter(
        commitment__initiative=OuterRef("commitment__initiative"), commitment__lead=OuterRef("commitment__lead")
    )
    return {
        "stage": Q(~Exists(item.filter(stage__in=STAGES))),
        "date": Q(occasion__in=sorted(DUE_OCCASIONS), milestone__isnull=True)
        & Q(~Exists(item.filter(due_on=OuterRef("due_on")))),
        "milestone": _lacks(
            "milestone", Milestone.objects.filter(actual_on__isnull=True, planned_on=OuterRef("due_on"))
        ),
        "handout": Q(occasion=ReminderOccasion.HANDOUT_OPEN)
        & Q(~Exists(item.filter(stage=Stage.ISSUED, issued_on=OuterRef("due_on")))),
        "by_hand": Q(occasion=ReminderOccasion.BY_HAND) & (Q(Exists(own)) | Q(Exists(shared))),
        "report": _lacks("report", ProgressReport.objects.filter(state=ReportState.RETURNED)),
        "blocker": Q(occasion=ReminderOccasion.BLOCKER_OPEN)
        & _lacks("blocker", Blocker.objects.filter(state=AnswerState.OPEN, wanted_by=OuterRef("due_on"))),
        "instruction": _lacks("instruction", Instruction.objects.filter(state=AnswerState.OPEN)),
        "answer": Q(occasion=ReminderOccasion.INSTRUCTION_DUE)
        & _lacks("instruction", Instruction.objects.filter(answer_due_on=OuterRef("due_on"))),
        "slip": _lacks("slip", Slip.objects.filter(state=SlipState.ISSUED)),
        "recipient": Q(~Exists(User.objects.filter(pk=OuterRef("recipient_id"), is_active=True))),
        "rule": Q(state=ReminderState.PLANNED)
        & Q(Exists(ReminderRule.objects.filter(pk=OuterRef("rule_id"), is_active=False))),
    }


def reported_windows(among: QuerySet[Reminder]) -> list[Q]:
    """For each reporting window that these reminders stand for: those whose report has come in. Two queries."""
    standing = among.filter(occasion=ReminderOccasion.PERIOD_CLOSING)
    found = []
    days = list(standing.order_by().values_list("commitment__plan", "due_on").distinct())
    grace = dict(Plan.objects.filter(pk__in={plan for plan, _ in days}).values_list("pk", "report_grace_days"))
    for plan, closes_on in days:
        end = closes_on - timedelta(days=grace[plan])
        item = Commitment.objects.filter(pk=OuterRef("commitment_id"), plan=plan)
        has_come = Q(Exists(item.filter(last_period_end__gte=end)))
        found.append(Q(occasion=ReminderOccasion.PERIOD_CLOSING, due_on=closes_on) & has_come)
    return found


def _lacks(subject: str, open_rows: QuerySet[Model]) -> Q:
    """Reminders about such a subject where none of these rows is it any more."""
    return Q(**{f"{subject}__isnull": False}) & Q(~Exists(open_rows.filter(pk=OuterRef(f"{subject}_id"))))


def of(ids: Collection[int]) -> list[Reminder]:
    """These reminders with what a message says of them, by person and date. One query."""
    rows = Reminder.objects.filter(pk__in=ids).select_related("commitment", "recipient", "version", *SUBJECTS)
    return list(rows.order_by("recipient_id", "due_on", "commitment__code", "milestone__order", "pk"))
