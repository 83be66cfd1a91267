"""What the leader's page shows: counts, exceptions, targets, themes. A fixed number of queries, whatever the rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Window
from django.db.models.functions import Coalesce

from projects.models import Reading
from tracker import policies
from tracker.choices import AnswerState, ExtensionState, Health, ReportState, Role
from tracker.models import Blocker, Commitment, ExtensionRequest, PathPoint, Plan, ProgressReport, Target
from tracker.policies import Actor
from tracker.queries import asked, facts, light_changes, questions, rollup
from tracker.queries.asked import Asked
from tracker.queries.ledger_rows import COLUMNS, LedgerRow, shape
from tracker.queries.rollup import Matrix, PlanSummary, WorkDone
from tracker.rules.targets import TargetFacts

LIST_LENGTH = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Exceptions:
    """The first few rows of an exception list, and how many there are in all. `asked`, by code: the question that waits
    for the reader, in the lists "word" and "review"; it says more than the light's reason.
    """

    rows: Sequence[LedgerRow]
    total: int
    asked: Mapping[str, Asked] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetView:
    """A target with its readings, oldest first, as a small multiple needs them."""

    commitment_code: str
    title: str
    health: Health
    reasons: list[dict[str, object]]
    unit: str
    definition: str
    note: str
    facts: TargetFacts
    readings: Sequence[Reading]
    indicator_code: str = ""
    commitment_title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """One plan. `week`, `month`: how many more commitments show each light than at the close of the day before
    `light_changes.week_start` and `month_start`; None where the record does not reach that far back.
    """

    plan: Plan
    counts: dict[Health, int]
    week: dict[Health, int] | None
    month: dict[Health, int] | None
    late: Exceptions
    at_risk: Exceptions
    third: Exceptions
    third_kind: str
    work: WorkDone
    targets: Sequence[TargetView]
    matrix: Matrix
    late_by_chapter: Mapping[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Across:
    """All plans in sight together; `week`, `month` and the lists as in `Overview`, over all of them."""

    plans: Sequence[PlanSummary]
    week: dict[Health, int] | None
    month: dict[Health, int] | None
    late: Exceptions
    at_risk: Exceptions
    third: Exceptions
    third_kind: str

    @property
    def counts(self) -> dict[Health, int]:
        return {light: sum(one.counts[light] for one in self.plans) for light in Health}


def of_plan(plan: Plan, *, viewer: Actor, today: date) -> Overview:
    """Everything the overview of one plan shows to this viewer."""
    seen = policies.visible_to(viewer).filter(plan=plan)
    summary = rollup.of_plan(plan, viewer=viewer)
    third_kind, third = _third(seen, viewer, summary.counts, today=today)
    week, month = light_changes.week_and_month(viewer, plan, today=today)
    return Overview(
        plan=plan,
        counts=summary.counts,
        week=week,
        month=month,
        late=_exceptions(seen, Health.OFF_TRACK, summary.counts),
        at_risk=_exceptions(seen, Health.AT_RISK, summary.counts),
        third=third,
        third_kind=third_kind,
        work=summary.work,
        targets=target_views(_targets(plan, viewer)),
        matrix=rollup.matrix(plan, viewer),
        late_by_chapter=rollup.by_chapter(plan, viewer, Health.OFF_TRACK),
    )


def _targets(plan: Plan, viewer: Actor) -> QuerySet[Target]:
    """The plan's targets in sight; without going through all commitments where all are."""
    found = Target.objects.filter(commitment__plan=plan)
    return found if policies.is_citywide(viewer) else found.filter(commitment__in=policies.visible_to(viewer))


def across(viewer: Actor, *, today: date) -> Across:
    """Everything the overview of several plans shows to this viewer."""
    seen = policies.visible_to(viewer)
    summaries = rollup.summaries(viewer)
    counts = {light: sum(one.counts[light] for one in summaries) for light in Health}
    third_kind, third = _third(seen, viewer, counts, today=today)
    week, month = light_changes.week_and_month(viewer, None, today=today)
    return Across(
        plans=summaries,
        week=week,
        month=month,
        late=_exceptions(seen, Health.OFF_TRACK, counts),
        at_risk=_exceptions(seen, Health.AT_RISK, counts),
        third=third,
        third_kind=third_kind,
    )


def _exceptions(seen: QuerySet[Commitment], light: Health, counts: dict[Health, int]) -> Exceptions:
    """The earliest due date first, then the longest time in this light."""
    rows = (
        seen.filter(health=light)
        .order_by(F("due_on").asc(nulls_last=True), F("health_since").asc(nulls_last=True), "code")
        .values_list(*COLUMNS)[:LIST_LENGTH]
    )
    return Exceptions(rows=[shape(row) for row in rows], total=counts[light])


def _third(
    seen: QuerySet[Commitment], viewer: Actor, counts: dict[Health, int], *, today: date
) -> tuple[str, Exceptions]:
    """What waits for the reader, the oldest question first: "review", what the supervision office has to review or
    decide; "word", what waits for a leader's word. For everyone else, and where nothing waits for a leader, "silent":
    what nobody has reported.
    """
    if policies.can_supervise(viewer):
        reports = ProgressReport.objects.filter(commitment=OuterRef("pk"), state=ReportState.SUBMITTED)
        requests = ExtensionRequest.objects.filter(commitment=OuterRef("pk"), state=ExtensionState.PENDING)
        since = Coalesce(Subquery(reports.values("submitted_at")[:1]), Subquery(requests.values("created_at")[:1]))
        waiting = _cut(seen.filter(questions.to_decide()).order_by(since, "code"))
        return "review", replace(waiting, asked=asked.to_decide(_codes(waiting), today=today))
    if viewer.role == Role.LEADER:
        waiting = _words(seen, viewer, today=today)
        if waiting.total:
            return "word", waiting
    return "silent", _exceptions(seen, Health.NO_DATA, counts)


def _words(seen: QuerySet[Commitment], viewer: Actor, *, today: date) -> Exceptions:
    """What waits for a leader's word; nothing, by the first of three questions, for one who holds no post."""
    posts = list(policies.posts_held_by(viewer, today=today).values_list("pk", flat=True))
    if not posts:
        return Exceptions(rows=[], total=0)
    mine = Blocker.objects.filter(commitment=OuterRef("pk"), state=AnswerState.OPEN, wanted_from__in=posts)
    asked_at = Subquery(mine.order_by("created_at").values("created_at")[:1])
    wanted = questions.words_wanted(viewer, today=today).values("pk")
    waiting = _cut(seen.filter(pk__in=wanted).order_by(asked_at, "code"))
    return replace(waiting, asked=asked.wanted_words(viewer, _codes(waiting), today=today) if waiting.total else {})


def _codes(found: Exceptions) -> list[str]:
    return [row.code for row in found.rows]


def _cut(found: QuerySet[Commitment]) -> Exceptions:
    """The first rows, and the number of all of them, in one query."""
    rows = list(found.annotate(all_rows=Window(Count("pk"))).values_list(*COLUMNS, "all_rows")[:LIST_LENGTH])
    return Exceptions(rows=[shape(row[:-1]) for row in rows], total=rows[0][-1] if rows else 0)


def target_views(targets: QuerySet[Target]) -> list[TargetView]:
    """Targets with their readings and their paths, in three queries."""
    rows = list(targets.select_related("indicator", "commitment").order_by("commitment__code", "pk"))
    readings: dict[int, list[Reading]] = {row.indicator_id: [] for row in rows}
    for reading in Reading.objects.filter(indicator__in=readings).order_by("period_end"):
        readings[reading.indicator_id].append(reading)
    paths: dict[int, list[tuple[date, Decimal]]] = {row.pk: [] for row in rows}
    for point in PathPoint.objects.filter(target__in=paths).order_by("day"):
        paths[point.target_id].append((point.day, point.value))
    return [
        TargetView(
            commitment_code=row.commitment.code,
            title=row.indicator.name,
            health=Health(row.commitment.health),
            reasons=row.commitment.health_reasons,
            unit=row.indicator.unit,
            definition=row.indicator.definition,
            note=row.note,
            facts=facts.target_facts(row, readings[row.indicator_id], paths[row.pk]),
            readings=readings[row.indicator_id],
            indicator_code=row.indicator.code,
            commitment_title=row.commitment.title,
        )
        for row in rows
    ]
