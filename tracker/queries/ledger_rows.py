"""Commitments as rows of a list: columns only, shaped once, no model instances."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from tracker import policies
from tracker.choices import Health, Stage
from tracker.models import Commitment, Post
from tracker.policies import Actor
from tracker.queries import posts, questions, rollup
from tracker.rules.progress import Schedule

PAGE = 50
COUNT_CAP = 1000
COLUMNS = (
    "code",
    "title",
    "health",
    "health_reasons",
    "lead__short_name",
    "lead__code",
    "lead_is_suggested",
    "due_on",
    "original_due_on",
    "due_text",
    "is_continuous",
    "is_red_line",
    "progress",
    "stage",
    "is_demo",
)
SCHEDULED = frozenset({"progress_behind", "progress_on_time"})


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One line of a list, in the order of COLUMNS."""

    code: str
    title: str
    health: str
    reasons: list[dict[str, Any]]
    lead_name: str | None
    lead_code: str | None
    lead_is_suggested: bool
    due_on: date | None
    original_due_on: date | None
    due_text: str
    is_continuous: bool
    is_red_line: bool
    progress: Decimal | None
    stage: str
    is_demo: bool

    def expected(self, *, today: date) -> Decimal | None:
        """The progress due by today, in percent; None where the light does not rest on a schedule."""
        for reason in self.reasons:
            if reason["code"] in SCHEDULED:
                return Schedule.from_params(reason["params"]).expected(today)
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What narrows a list. Empty or None: not narrowed. `health` may be "open": neither done nor exempt.

    `review`: a report to review or an extension request to decide. `word_on`: what waits for the viewer on it.
    `post`: what the post of this code answers for. `portfolio_on`: what the posts of the viewer on that day, and all
    posts under them, answer for. `progress_unknown`: what could have a progress, is not done, and nobody has said how
    far it is.
    """

    q: str = ""
    health: str = ""
    department: str = ""
    part: str = ""
    kind: str = ""
    plan: str = ""
    chapter_id: int | None = None
    stage: str = ""
    due_after: date | None = None
    due_before: date | None = None
    review: bool = False
    word_on: date | None = None
    progress_unknown: bool = False
    post: str = ""
    portfolio_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerPage:
    """A page of rows. `matched` stops counting at COUNT_CAP; `next_after` is "" on the last page."""

    rows: Sequence[LedgerRow]
    total: int
    matched: int
    matched_is_capped: bool
    next_after: str


def shape(row: tuple[Any, ...]) -> LedgerRow:
    """A `values_list(*COLUMNS)` tuple as a row."""
    return LedgerRow(*row)


def filtered(viewer: Actor, filters: Filters) -> QuerySet[Commitment]:
    """The visible commitments that pass the filters."""
    found = policies.visible_to(viewer)
    if filters.q:
        found = found.filter(Q(title__icontains=filters.q) | Q(code__icontains=filters.q))
    if filters.health == "open":
        found = found.exclude(health__in=[Health.DONE, Health.EXEMPT])
    elif filters.health:
        found = found.filter(health=filters.health)
    if filters.department:
        found = found.filter(_owned_by(filters.department, filters.part))
    if filters.chapter_id is not None:
        found = found.filter(clause__chapter=filters.chapter_id)
    if filters.due_after:
        found = found.filter(due_on__gte=filters.due_after)
    if filters.due_before:
        found = found.filter(due_on__lte=filters.due_before)
    if filters.review:
        found = found.filter(questions.to_decide())
    if filters.word_on:
        found = found.filter(pk__in=questions.words_wanted(viewer, today=filters.word_on).values("pk"))
    if filters.post:
        found = found.filter(posts.answered_for(Post.objects.filter(code=filters.post)))
    if filters.portfolio_on:
        mine = posts.depths(viewer, today=filters.portfolio_on)
        found = found.filter(posts.answered_for(Post.objects.filter(pk__in=mine)))
    if filters.progress_unknown:
        found = found.filter(rollup.MEASURABLE & ~rollup.IS_DONE, progress__isnull=True)
    exact = {"kind": filters.kind, "stage": filters.stage, "plan__code": filters.plan}
    return found.filter(**{name: value for name, value in exact.items() if value})


def _owned_by(department: str, part: str) -> Q:
    """Led by the department; with `part` responsible or supporting, joined in that way."""
    if not part or part == "lead":
        return Q(lead__code=department)
    return Q(involvements__department__code=department, involvements__involvement=part)


def page(viewer: Actor, filters: Filters, *, after: str = "", size: int = PAGE) -> LedgerPage:
    """One page by code, after a code: keyset, three queries at any depth."""
    found = filtered(viewer, filters)
    count = matched(viewer, filters)
    rows = found.filter(code__gt=after) if after else found
    shaped = [shape(row) for row in rows.order_by("code").values_list(*COLUMNS)[: size + 1]]
    return LedgerPage(
        rows=shaped[:size],
        total=policies.visible_to(viewer).count(),
        matched=min(count, COUNT_CAP),
        matched_is_capped=count > COUNT_CAP,
        next_after=shaped[size - 1].code if len(shaped) > size else "",
    )


def matched(viewer: Actor, filters: Filters) -> int:
    """How many rows pass the filters, counted to one more than COUNT_CAP. One query."""
    return filtered(viewer, filters).order_by()[: COUNT_CAP + 1].count()


def every(viewer: Actor, filters: Filters) -> Iterator[LedgerRow]:
    """All rows that pass the filters, by code, read in pieces: for files. One query."""
    rows = filtered(viewer, filters).order_by("code").values_list(*COLUMNS)
    return (shape(row) for row in rows.iterator(chunk_size=2000))


def first_rows(found: QuerySet[Commitment], *, size: int) -> list[LedgerRow]:
    """The first rows of a queryset by code."""
    return [shape(row) for row in found.order_by("code").values_list(*COLUMNS)[:size]]


def stage_label(stage: str) -> str:
    """The stage in words."""
    return str(Stage(stage).label)
