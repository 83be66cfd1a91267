"""One plan with its figures: lights, work done, coverage, late commitments by chapter. Six queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tracker.choices import Health
from tracker.models import Clause, Plan
from tracker.policies import Actor
from tracker.queries import decision, rollup
from tracker.queries.decision import Coverage
from tracker.queries.rollup import PlanSummary


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFigures:
    """`late`: the late commitments of each chapter, by its key. `is_whole`: the viewer sees every commitment."""

    plan: Plan
    chapters: Sequence[Clause]
    summary: PlanSummary
    coverage: Coverage
    late: Mapping[int, int]
    is_whole: bool


def of(plan: Plan, *, viewer: Actor) -> PlanFigures:
    """The figures of a plan in the viewer's sight."""
    return PlanFigures(
        plan=plan,
        chapters=decision.chapters(plan),
        summary=rollup.of_plan(plan, viewer=viewer),
        coverage=decision.coverage(viewer, [plan])[plan.pk],
        late=rollup.by_chapter(plan, viewer, Health.OFF_TRACK),
        is_whole=decision.sees_all(viewer),
    )
