"""What one can be reminded of, by occasion: each with its anchor, and to whom it belongs. Reads only.

Every query has the same columns (`COLUMNS`), so that planning joins them all alike: the commitment, the subject, the
anchor, the mark of a demonstration, the department and the post that the matter belongs to.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from django.db.models import BigIntegerField, DateField, Exists, F, Model, OuterRef, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, TruncDate

from tracker.choices import (
    DUE_OCCASIONS,
    REPORTABLE_STAGES,
    AnswerState,
    ExtensionState,
    ReminderOccasion,
    ReportState,
    SlipState,
    Stage,
)
from tracker.models import Blocker, Commitment, ExtensionRequest, Instruction, Milestone, Plan, ProgressReport, Slip
from tracker.models.reminders import SUBJECTS
from tracker.rules import periods
from tracker.rules.periods import Cycle

STAGES = sorted(REPORTABLE_STAGES)
Matters = QuerySet[Model, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which plans a rule speaks for: one plan (`plan`), or all but those that have a rule of their own (`without`)."""

    plan: int | None = None
    without: tuple[int, ...] = ()

    def within(self, path: str) -> Q:
        """The condition on rows whose plan lies at `path`."""
        if self.plan is not None:
            return Q(**{path: self.plan})
        return ~Q(**{f"{path}__in": self.without}) if self.without else Q()


def of(occasion: ReminderOccasion, scope: Scope, *, anchors: Iterable[date]) -> list[Matters]:
    """The matters of an occasion. `anchors`: only these days count; a window that closes is looked for on them."""
    if occasion in DUE_OCCASIONS:
        return _dates(scope)
    if occasion == ReminderOccasion.PERIOD_CLOSING:
        return _windows(scope, anchors)
    return [_SINGLE[occasion](scope)]


def _columns(
    path: str, *, anchor: str | Combinable, subject: str = "", lead: str = "", post: str = ""
) -> dict[str, Combinable]:
    """The columns of rows whose commitment lies at `path` ("": the row itself)."""
    to = f"{path}__" if path else ""
    subjects: dict[str, Combinable] = {
        f"owed_{name}": F("pk") if name == subject else Cast(Value(None), BigIntegerField()) for name in SUBJECTS
    }
    return {
        "owed_commitment": F(f"{path}_id" if path else "pk"),
        **subjects,
        "owed_due_on": F(anchor) if isinstance(anchor, str) else anchor,
        "owed_is_demo": F(f"{to}is_demo"),
        "owed_lead": F(lead or f"{to}lead_id"),
        "owed_post": F(post or f"{to}post_id"),
    }


def _dates(scope: Scope) -> list[Matters]:
    """Open commitments with a due date, and their open milestones."""
    own = Commitment.objects.filter(scope.within("plan"), stage__in=STAGES, due_on__isnull=False)
    steps = Milestone.objects.filter(
        scope.within("commitment__plan"),
        commitment__stage__in=STAGES,
        planned_on__isnull=False,
        actual_on__isnull=True,
    )
    return [
        own.order_by().values(**_columns("", anchor="due_on")),
        steps.order_by().values(**_columns("commitment", anchor="planned_on", subject="milestone")),
    ]


def _windows(scope: Scope, anchors: Iterable[date]) -> list[Matters]:
    """What a report is owed of in a window that closes on one of these days. Several commitments of a lead on one
    initiative are one report: the first by code stands for it.
    """
    found: list[Matters] = []
    days = sorted(set(anchors))
    plans = Plan.objects.exclude(report_cycle=Cycle.NONE).exclude(tracked_since=None).filter(scope.within("pk"))
    for plan in plans.order_by("pk"):
        for closes_on in days:
            end = closes_on - timedelta(days=plan.report_grace_days)
            period = periods.period_of(end, Cycle(plan.report_cycle), plan.report_grace_days)
            if period is None or period.end != end or (plan.tracked_since and plan.tracked_since > end):
                continue
            owed = Commitment.objects.filter(
                Q(last_period_end__isnull=True) | Q(last_period_end__lt=end),
                plan=plan.pk, stage__in=STAGES, lead__isnull=False, issued_on__lte=end,
            )  # fmt: skip
            before = owed.filter(lead=OuterRef("lead"), initiative=OuterRef("initiative"), code__lt=OuterRef("code"))
            first = owed.filter(Q(initiative__isnull=True) | ~Exists(before)).order_by()
            found.append(first.values(**_columns("", anchor=Cast(Value(closes_on), DateField()))))
    return found


def _returned(scope: Scope) -> Matters:
    rows = ProgressReport.objects.filter(
        scope.within("commitment__plan"), state=ReportState.RETURNED, commitment__stage__in=STAGES
    )
    return rows.order_by().values(**_columns("commitment", anchor=TruncDate("reviewed_at"), subject="report"))


def _decided(scope: Scope) -> Matters:
    decided: Sequence[ExtensionState] = [ExtensionState.GRANTED, ExtensionState.REFUSED]
    rows = ExtensionRequest.objects.filter(
        scope.within("commitment__plan"), state__in=decided, commitment__stage__in=STAGES
    )
    return rows.order_by().values(**_columns("commitment", anchor=TruncDate("decided_at"), subject="extension"))


def _asked(scope: Scope) -> Matters:
    """Open blockers belong to the post they ask and its department."""
    rows = Blocker.objects.filter(
        scope.within("commitment__plan"), state=AnswerState.OPEN, commitment__stage__in=STAGES
    )
    columns = _columns(
        "commitment", anchor="wanted_by", subject="blocker", lead="wanted_from__department_id", post="wanted_from_id"
    )
    return rows.order_by().values(**columns)


def _answered(scope: Scope) -> Matters:
    rows = Blocker.objects.filter(
        scope.within("commitment__plan"), state=AnswerState.ANSWERED, commitment__stage__in=STAGES
    )
    return rows.order_by().values(**_columns("commitment", anchor=TruncDate("answered_at"), subject="blocker"))


def _instructed(scope: Scope, anchor: str = "answer_due_on") -> Matters:
    rows = Instruction.objects.filter(
        scope.within("commitment__plan"), state=AnswerState.OPEN, commitment__stage__in=STAGES
    )
    return rows.order_by().values(**_columns("commitment", anchor=anchor, subject="instruction"))


def _handed_out(scope: Scope) -> Matters:
    rows = Commitment.objects.filter(scope.within("plan"), stage=Stage.ISSUED, issued_on__isnull=False)
    return rows.order_by().values(**_columns("", anchor="issued_on"))


def _slips(scope: Scope, anchor: str = "answer_due_on") -> Matters:
    rows = Slip.objects.filter(scope.within("commitment__plan"), state=SlipState.ISSUED, commitment__stage__in=STAGES)
    return rows.order_by().values(**_columns("commitment", anchor=anchor, subject="slip"))


_SINGLE: dict[ReminderOccasion, Callable[[Scope], Matters]] = {
    ReminderOccasion.REPORT_RETURNED: _returned,
    ReminderOccasion.EXTENSION_DECIDED: _decided,
    ReminderOccasion.BLOCKER_OPEN: _asked,
    ReminderOccasion.BLOCKER_ANSWERED: _answered,
    ReminderOccasion.INSTRUCTION_GIVEN: partial(_instructed, anchor="given_on"),
    ReminderOccasion.INSTRUCTION_DUE: _instructed,
    ReminderOccasion.HANDOUT_OPEN: _handed_out,
    ReminderOccasion.SLIP_ISSUED: partial(_slips, anchor="issued_on"),
    ReminderOccasion.SLIP_DUE: _slips,
}
